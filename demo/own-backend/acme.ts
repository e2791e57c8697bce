/** Acme Desk, a ticket system of one's own, as a back end: our words on the left, its on the right. */
import { createHttp } from '../../src/backends/http.js';
import { list, maybe, own, parse, problem, record, text } from '../../src/backends/read.js';
import { defineBackend, HelpDeskError, type Backend, type BackendOptions, type Call } from '../../src/index.js';
import type { ThreadEntry, Ticket, TicketStatus, Topic } from '../../src/index.js';

const phases: Record<string, TicketStatus> = { new: 'open', solved: 'resolved', done: 'closed', frozen: 'closed' };
const toTopic = (raw: unknown): Topic => ({ id: text(record(raw)['key']), name: text(record(raw)['label']) });

function toTicket(value: unknown): Ticket {
  const { ref, title, phase, area, customer, opened, changed } = record(value);
  if (!maybe(ref)) throw new HelpDeskError('unexpected');
  const ticket = { id: text(ref), number: text(ref), subject: text(title), ...(area ? { topic: toTopic(area) } : {}) };
  const now = { status: own(phases, text(phase)) ?? 'open', createdAt: text(opened), updatedAt: text(changed) };
  return { ...ticket, ...now, requester: { name: text(customer), role: 'requester' } };
}

function toEntry(value: unknown): ThreadEntry {
  const { id, by, name, at, words } = record(value);
  const [kind, role] = by === 'staff' ? (['reply', 'agent'] as const) : (['message', 'requester'] as const);
  const said = { body: { format: 'text' as const, value: text(words) }, attachments: [] };
  return { id: text(id), kind, author: { name: text(name), role }, createdAt: text(at), ...said };
}

export const acme = defineBackend('acme', (options: BackendOptions & { apiKey: string }): Backend => {
  const http = createHttp(options, { headers: () => ({ Authorization: `Key ${options.apiKey}` }) });
  async function ask(method: string, path: string[], call: Call, more: Record<string, string | undefined> = {}) {
    // Always one person's tickets; and an id is never a way to another address.
    const fields = { ...more, customer: call.identity?.email };
    if (!fields.customer) throw new HelpDeskError('unauthorized');
    if (!path.every((part) => /^\w+$/.test(part))) throw new HelpDeskError('not-found');
    const sent = method === 'GET' ? { query: fields } : { json: fields };
    return parse((await http(method, path.join('/'), call, sent)).text);
  }
  return {
    name: 'acme',
    limits: { identityRequired: true },
    listTopics: async (call) => options.topics ?? list(await ask('GET', ['areas'], call)).map(toTopic),
    async listTickets({ status, topicId: area, search }, call) {
      const phase = status && String(Object.keys(phases).filter((one) => phases[one] === status));
      return { items: list(await ask('GET', ['cases'], call, { phase, area, words: search?.trim() })).map(toTicket) };
    },
    async readThread(id, call) {
      const { posts, ...ticket } = record(await ask('GET', ['cases', id], call));
      // What staff write for each other stays there.
      const shown = list(posts).filter((post) => record(post)['by'] !== 'team');
      return { ticket: toTicket(ticket), entries: shown.map(toEntry) };
    },
    async createTicket({ subject: title, message: words, topicId: area }, call) {
      if (!title.trim()) throw new HelpDeskError('invalid', { fields: { subject: problem('required') } });
      return toTicket(await ask('POST', ['cases'], call, { title, words, area }));
    },
    reply: async (id, { message: words }, call) => toEntry(await ask('POST', ['cases', id, 'posts'], call, { words })),
    async setStatus(id, status, call) {
      if (!/^(open|closed)$/.test(status)) throw new HelpDeskError('unsupported');
      return toTicket(await ask('PUT', ['cases', id, 'phase'], call, { phase: status === 'closed' ? 'done' : 'new' }));
    },
  };
});
