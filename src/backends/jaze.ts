/**
 * The ticket API of an ISP manager (`/api/v1/raise_ticket` …). Everything here is documented, not recorded; how it is
 * signed in to is not even that: say it by the option `headers`.
 */
import { HelpDeskError } from '../errors.js';
import type { Person, Thread, ThreadEntry, Ticket, TicketStatus } from '../model.js';
import { defineBackend, type Backend, type BackendOptions, type Call } from './backend.js';
import { createHttp } from './client.js';
import { known, list, maybe, own, parse, record, text, type Json } from './json.js';
import { codes, type Ask } from './request.js';
import { byTime, times } from './times.js';

/** Options of the `jaze` back end. `paths` knows the names of the table below. */
export interface JazeOptions extends BackendOptions {
  /** What a person's messages are signed with. Default: `identity.displayName`, else their user id. */
  senderName?: string;
  /** Only tickets of the last so many days are asked for. Default: all. */
  days?: number;
  /** True: shows also what agents have written without marking it as for the user. Where nothing is marked, it shows all. */
  showUnmarked?: boolean;
  /** True: tickets can be assigned, by `updateTicket`. For agents' pages. */
  assign?: boolean;
}

const required = 'This field is required.';

/** Did it work? Neither HTTP's status nor the answer's alone says so: there is 200 with an error, and success called one. */
const success = (raw: Json): boolean => raw['status'] === 'success';
/** Read back: what counts is what the ticket is then. */
const readBack = (): boolean => true;

/** Path, and what a good answer looks like. */
const calls = {
  create: ['raise_ticket', (raw: Json) => Boolean(maybe(raw['ticketId']))],
  list: ['get_tickets/', (raw: Json) => Array.isArray(raw['data'])],
  detail: ['get_ticket_details/', (raw: Json) => Array.isArray(record(raw['message'])['ticket_conversation'])],
  reply: ['send_message', success],
  close: ['close_ticket/', readBack],
  reopen: ['reopen_ticket', readBack],
  rate: ['ticket_rating', success],
  assign: ['assign_ticket_to_admin', readBack],
} as const;

const priorities = ['Low', 'Medium', 'High', 'Urgent'].map((name) => ({ id: name.toLowerCase(), name }));

/** Their word → ours, and the word to show. Some are stored, some only ways of looking at what is open. */
const statuses: Readonly<Record<string, readonly [TicketStatus, string]>> = {
  open: ['open', 'Open'],
  unassigned: ['open', 'New'],
  unresolved: ['open', 'Open'],
  overdue: ['pending', 'In progress'],
  duetoday: ['pending', 'In progress'],
  onhold: ['on-hold', 'On hold'],
  closed: ['closed', 'Closed'],
};

/** The documentation's samples have an equals sign for a colon and strings over several lines. */
const mend = (json: string): string =>
  json.replace(/"(?:[^"\\]|\\[\s\S])*(?:"|$)|=/g, (token) => (token === '=' ? ':' : token.replace(/\r?\n/g, '\\n')));

/** The part of an address before the @: an agent's address is not for customers. */
const short = (name: string): string => name.replace(/@.*/, '');

/** Midnight so many days from now, as `dd-mm-yyyy H:m`. In UTC: a day more or less does no harm. */
const midnight = (days: number): string =>
  `${new Date(Date.now() + days * 864e5).toISOString().slice(0, 10).split('-').reverse().join('-')} 00:00`;

/** The id that every call is about. Empty or 0 would mean everybody. Throws `unauthorized`. */
function userOf({ identity: { userId = '' } = {} }: Call): string {
  if (!/^[1-9]\d{0,19}$/.test(userId)) throw new HelpDeskError('unauthorized');
  return userId;
}

const form = (fields: Json): Ask => ({
  body: new URLSearchParams(
    Object.entries(fields).flatMap(([key, value]) => (maybe(value) ? [[key, text(value)]] : [])),
  ),
});

/**
 * The ticket API of an ISP manager.
 *
 * Every call needs `identity.userId`, a positive number (else `unauthorized`), and is about that person's tickets: the
 * system itself compares nothing, so the list is asked whether a ticket is theirs. A topic is a ticket's `type`; the list of
 * them has to be configured. A thread is its conversation joined with the list, which has subject and topic; entries have
 * no ids, so they are made of time and sender. Of what agents write only what is marked as for the user is shown. Nothing
 * can be attached. Close and reopen are read back; one that had no effect is `forbidden`.
 */
export const jaze = defineBackend('jaze', (options: JazeOptions): Backend => {
  const { paths, statusMap, topics, senderName, days, showUnmarked, assign } = options;
  const http = createHttp(options);
  const time = times(options.timeZone);

  /** What a good answer holds. `more` is a form, or nothing for a GET; `path` goes behind the call's own. */
  async function ask(name: keyof typeof calls, call: Call, more?: Ask, path = ''): Promise<Json> {
    const [own, good] = calls[name];
    const answer = await http(more?.body ? 'POST' : 'GET', (paths?.[name] ?? `api/v1/${own}`) + path, call, more);
    const raw = record(parse(answer.text, mend));
    if (good(raw)) return raw;
    const code = Number(text(raw['errorCode']));
    throw new HelpDeskError(
      raw['status'] === undefined ? 'unexpected' : (codes[code] ?? (code < 500 ? 'invalid' : 'unavailable')),
      { cause: answer },
    );
  }

  async function readAll(call: Call, view = '', more?: Ask): Promise<Json[]> {
    const user = userOf(call);
    const { data } = await ask('list', call, more, user + view);
    const rows = list(data)
      .map((row) => record(record(row)['Ticket']))
      .filter((raw) => maybe(raw['id']));
    const mine = ({ user: owner }: Json): boolean => typeof owner !== 'object' && text(owner) === user;
    // Asked for by the user's id, so rows that do not say whose they are are theirs, unless others show that it was not
    // heeded. An owner who is nobody, or no id, is not this person: the relay has nothing else to go by.
    return rows.every((raw) => raw['user'] === undefined || mine(raw)) ? rows : rows.filter(mine);
  }

  /** One ticket of this person. */
  async function read(id: string, call: Call): Promise<Json> {
    userOf(call);
    const is = (raw: Json): boolean => /^\d{1,20}$/.test(id) && text(raw['id']) === id;
    // It is not said whether a list without a status has the closed ones.
    const raw = (await readAll(call)).find(is) ?? (await readAll(call, '/closed')).find(is);
    if (!raw) throw new HelpDeskError('not-found');
    return raw;
  }

  const statusOf = (word: string): TicketStatus => own(statusMap, word) ?? own(statuses, word)?.[0] ?? 'open';

  const toRequester = (name: unknown, { identity }: Call): Person => ({
    role: 'requester',
    name: identity?.displayName ?? text(name),
  });

  function toTicket(raw: Json, call: Call): Ticket {
    const id = text(raw['id']);
    const word = text(raw['status']).toLowerCase();
    const type = maybe(raw['type']);
    const priority = text(raw['priority']);
    const agent = text(raw['assigned_to']);
    return known<Ticket>({
      id,
      number: id,
      subject: text(raw['subject']),
      status: statusOf(word),
      statusLabel: own(statuses, word)?.[1] ?? maybe(raw['status']),
      priority: priorities.find((each) => each.id === priority)?.name ?? (priority || undefined),
      topic: type === undefined ? type : { id: type, name: topics?.find((each) => each.id === type)?.name ?? type },
      requester: toRequester('', call),
      // The four letters, where there is nobody.
      assignee: agent && agent !== 'NULL' ? { name: short(agent), role: 'agent' } : undefined,
      createdAt: time(raw['created']),
      dueAt: time(raw['due']),
      overdue: word === 'overdue' || undefined,
    });
  }

  async function readThread(id: string, call: Call): Promise<Thread> {
    const ticket = toTicket(await read(id, call), call);
    const detail = record((await ask('detail', call, undefined, id))['message']);
    const seen = new Map<string, number>();
    const entries = list(detail['ticket_conversation']).flatMap((row): ThreadEntry[] => {
      const raw = record(row);
      const sender = text(raw['sender']).toLowerCase();
      const mine = sender === 'user';
      const key = `${text(raw['created'])} ${sender}`;
      const count = seen.get(key) ?? 0;
      seen.set(key, count + 1);
      // The person's own are not marked (documented by a sample).
      if (!mine && !showUnmarked && raw['show_to_user'] !== true && !/^(1|true)$/.test(text(raw['show_to_user'])))
        return [];
      return [
        known<ThreadEntry>({
          id: `${key} ${count}`,
          kind: mine ? 'message' : 'reply',
          author: mine
            ? toRequester(raw['sender_name'], call)
            : { role: 'agent', name: short(text(raw['sender_name'])) },
          createdAt: time(raw['created']),
          body: { format: 'text', value: text(raw['ticket_message']) },
          attachments: [],
        }),
      ];
    });
    return { ticket, entries: entries.sort((a, b) => byTime(a.createdAt, b.createdAt)) };
  }

  return {
    name: 'jaze',
    limits: { priorities, topicRequired: true, identityRequired: true, changes: ['assignee'] },

    async listTickets({ status, topicId, search = '', scope = 'mine' }, call) {
      if (scope !== 'mine') throw new HelpDeskError('unsupported');
      // Only these two of their views are one status of ours.
      const view = statusMap ? '' : status === 'closed' ? '/closed' : status === 'on-hold' ? '/onhold' : '';
      const range = days && form({ fromDate: midnight(-days), toDate: midnight(2) });
      const words = search.trim().toLowerCase();
      const items = (await readAll(call, view, range || undefined))
        .map((raw) => toTicket(raw, call))
        .filter(
          (ticket) =>
            (!status || ticket.status === status) &&
            (!topicId || ticket.topic?.id === topicId) &&
            `${ticket.number} ${ticket.subject}`.toLowerCase().includes(words),
        )
        .sort((a, b) => byTime(b.createdAt, a.createdAt) || Number(b.id) - Number(a.id));
      return { items, total: items.length };
    },

    readThread,

    async createTicket({ subject, message, topicId, priority, fields }, call) {
      const userId = userOf(call);
      // It is not said how it names what is missing.
      const missing = Object.entries({ subject, message, topicId }).filter(([, value]) => !value?.trim());
      if (missing.length)
        throw new HelpDeskError('invalid', {
          fields: Object.fromEntries(missing.map(([name]) => [name, required])),
        });
      const ours = { type: topicId, subject, priority, userId, comments: message };
      const { ticketId } = await ask('create', call, form({ closeTicketImmediately: 'false', ...fields, ...ours }));
      const id = text(ticketId);
      // It is stored: whatever fails from here on, the ticket exists.
      const raw = await read(id, call).catch(() => ({ id, subject, type: topicId, priority }));
      return toTicket(raw, call);
    },

    ...(topics && { listTopics: async () => topics }),

    async reply(id, { message }, call) {
      if (!message.trim()) throw new HelpDeskError('invalid', { fields: { message: required } });
      await read(id, call);
      await ask(
        'reply',
        call,
        form({
          ticketId: id,
          ticketMessage: message,
          // The caller chooses: never to speak as an agent.
          sender: 'user',
          sender_name: senderName ?? call.identity?.displayName ?? userOf(call),
          showToUser: 'true',
        }),
      );
      const thread = await readThread(id, call).catch(() => undefined);
      return (
        thread?.entries.findLast(({ kind }) => kind === 'message') ?? {
          id: '',
          kind: 'message',
          author: toRequester(senderName, call),
          body: { format: 'text', value: message },
          attachments: [],
        }
      );
    },

    async setStatus(id, status, call) {
      const close = status === 'closed';
      if (!close && status !== 'open') throw new HelpDeskError('unsupported');
      await read(id, call);
      // A GET that changes something: sent once, whatever becomes of it.
      if (close) await ask('close', call, { once: true }, id);
      else
        await ask(
          'reopen',
          call,
          form({ ticketId: id, userId: userOf(call), comments: call.reason?.trim() || 'Reopened' }),
        );
      const ticket = toTicket(await read(id, call), call);
      if ((ticket.status === 'closed') !== close) throw new HelpDeskError('forbidden');
      return ticket;
    },

    async rate(id, score, call) {
      if (![1, 2, 3, 4, 5].includes(score)) throw new HelpDeskError('invalid');
      const ticket = toTicket(await read(id, call), call);
      await ask('rate', call, form({ ticketId: id, userId: userOf(call), ratingValue: score }));
      return { ...ticket, rating: score };
    },

    ...(assign && {
      async updateTicket(id: string, { assignee }: { readonly assignee?: string }, call: Call): Promise<Ticket> {
        if (!assignee) throw new HelpDeskError('unsupported');
        const before = await read(id, call);
        await ask('assign', call, form({ ticketId: id, admin: assignee }));
        // Success is called an error here (documented by a sample): what counts is who has it now.
        const raw = await read(id, call);
        const now = text(raw['assigned_to']);
        if (now === text(before['assigned_to']) && short(now) !== short(assignee)) throw new HelpDeskError('forbidden');
        return toTicket(raw, call);
      },
    }),
  };
});
