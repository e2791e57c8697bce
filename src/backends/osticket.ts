/**
 * osTicket with the API extension that its README describes, and osTicket's own call to create a ticket.
 *
 * Facts are marked *documented* (the extension's README, osTicket's API page) or *recorded* (a real osTicket 1.18.1 with
 * the extension). The API key is tied to one source address and opens every ticket: it belongs on a server.
 */
import { HelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import type { Identity, Person, Thread, ThreadEntry, Ticket, TicketStatus } from '../model.js';
import { defineBackend, type Backend, type BackendOptions, type Call } from './backend.js';
import { createHttp, fileLimits, type Answer } from './http.js';
import { known, list, markup, maybe, own, parse, problem, record, text, times, unescape, type Json } from './read.js';

/** Options of the `osticket` back end. `paths` knows `tickets` and `topics`. */
export interface OsticketOptions extends BackendOptions {
  /** Sent as `X-API-Key`. Left out where a proxy adds it. */
  apiKey?: string;
  /** Which of the extension's forms is spoken: the one of its README. */
  shape?: 'readme';
}

/** Where a fact is kept: in a whole ticket, and in the agents' list of pairs (both recorded). */
const names = {
  number: ['ticket_number', 'number'],
  created: ['create_timestamp', 'created'],
  // Right after a reply this is the expression NOW.
  message: ['last_message_timestamp', 'updated'],
  response: ['last_response_timestamp'],
  // Stays after a reopening: a time of activity, not a sign of being closed.
  closed: ['close_timestamp', 'closed'],
} as const;

const pick = (raw: Json, name: keyof typeof names): unknown =>
  names[name].map((key) => raw[key]).find((value) => value);

const numberOf = (raw: Json): string => text(pick(raw, 'number'));

/** Open, Resolved, Closed, Archived, Deleted of a default installation (documented). */
const statuses: Record<string, TicketStatus> = { 1: 'open', 2: 'resolved', 3: 'closed', 4: 'closed', 5: 'closed' };

/** Message and response; of the notes (N) only what the system says of a status is for the requester (recorded). */
const kinds: Record<string, ThreadEntry['kind']> = { M: 'message', R: 'reply' };

const labels: Record<string, string> = { 'Issue Summary': 'subject', 'Issue Details': 'message' };

/** A refusal's words → what they mean (recorded). Their statuses are 400, 401 or 500 and say less. */
const refusals: readonly (readonly [RegExp, HelpDeskErrorCode])[] = [
  [/URL not supported/, 'unsupported'],
  [/key not authorized/, 'forbidden'],
  [/Invalid user|invalid ticket|does not exist/, 'not-found'],
  [/open ticket/i, 'limit-reached'],
  [/email must be/, 'unauthorized'],
  [/malformed/, 'unexpected'],
];

function refusal({ text: words }: Answer): HelpDeskErrorCode | HelpDeskError | undefined {
  const fields: Record<string, string> = {};
  if (/Incomplete client/.test(words)) fields['email'] = problem('');
  // Form fields are named by their label: the API has no list of them.
  for (const [, label] of words.matchAll(/^(?:\w+: )?(.+) is a required field/gm)) {
    fields[own(labels, label!) ?? label!] = problem('required');
  }
  return Object.keys(fields).length
    ? new HelpDeskError('invalid', { fields, cause: words })
    : refusals.find(([pattern]) => pattern.test(words))?.[1];
}

/** What a draft's extra fields may not set. */
const reserved =
  /^(alert|autorespond|ip|source|user_?id|name|email|phone|priority.*|duedate|.*(staff|dept|team|sla).*)$/i;

/** Parameters of a type, as a charset, would corrupt the file (recorded). */
async function toDataUrl(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return `data:${file.type.split(';')[0] || 'application/octet-stream'};base64,${btoa(binary)}`;
}

/** True where the person is unknown to osTicket: who never wrote is no user yet (recorded). */
const stranger = (error: unknown): boolean => /Invalid user/.test(text(record(record(error)['cause'])['text']));

/** Numbers of tickets that osTicket can be asked for. */
const plain = /^[1-9]\d{0,19}$/;

/** What the extension takes for a person: an e-mail address or a user id (documented). */
type Who = { readonly email?: string; readonly user_id?: string };

function toWho({ email = '', userId = '' }: Identity = {}): Who {
  // An address is the same in any case. `1 OR 1=1` is taken as 1 (recorded), so ids are checked.
  if (/^[^\s@,;<>]+@[^\s@,;<>]+$/.test(email.trim())) return { email: email.trim().toLowerCase() };
  if (plain.test(userId)) return { user_id: userId };
  throw new HelpDeskError('unauthorized');
}

/** Reading a ticket needs no user (recorded): whether it is this person's is seen here. */
function owns({ email, user_id }: Who, raw: Json): boolean {
  if (email) return (maybe(record(raw['user'])['email']) ?? email).toLowerCase() === email;
  const ids = list(raw['threads']).flatMap((entry) => maybe(record(entry)['user_id']) ?? []);
  return !ids.length || ids.includes(user_id!);
}

function toEntry(value: unknown, poster: string, time: (value: unknown) => string | undefined): ThreadEntry[] {
  const raw = record(value);
  const from = text(raw['poster']);
  const type = text(raw['type']).toUpperCase();
  const told = type === 'N' && from === 'SYSTEM' && !raw['staff_id'] && /^status changed$/i.test(text(raw['title']));
  const kind = own(kinds, type) ?? (told && 'event');
  if (!kind) return [];
  const format = raw['format'] === 'text' ? 'text' : 'html';
  const body = text(raw['body']);
  const authors: Record<ThreadEntry['kind'], Person> = {
    // What was sent through the API has no poster.
    message: { role: 'requester', name: from || poster },
    reply: { role: 'agent', name: text(raw['staff_name']) || from },
    event: { role: 'system', name: '' },
  };
  return [
    known<ThreadEntry>({
      id: text(raw['id']),
      kind,
      author: authors[kind],
      createdAt: time(raw['created']),
      // Plain text is stored escaped (recorded).
      body: { format, value: format === 'text' ? unescape(body) : body },
      attachments: [],
    }),
  ];
}

/**
 * osTicket with its API extension.
 *
 * Every call needs `identity.email` or `identity.userId` (else `unauthorized`) and shows that person's tickets only. Files
 * go with a new ticket, not with a reply. osTicket takes emoji out of what is written (recorded). Plain messages are sent
 * as HTML, the one form that keeps their words. A refused close answers like a done one, so each change of status is
 * read back; one that had no effect is `forbidden`. The list comes whole: `limit` and `cursor` are not used.
 */
export const osticket = defineBackend('osticket', (options: OsticketOptions): Backend => {
  const { paths, statusMap, apiKey, topics } = options;
  const tickets = paths?.['tickets'] ?? 'api/tickets.json';
  const time = times(options.timeZone);
  const ask = createHttp(options, { headers: () => ({ 'X-API-Key': apiKey }), refusal });
  // The size is osTicket's default and cannot be asked for (recorded).
  const createFiles = fileLimits(options, 10, 8_388_608);

  function toTicket(raw: Json): Ticket {
    const number = numberOf(raw);
    if (!number) throw new HelpDeskError('unexpected', { cause: raw });
    const user = record(raw['user']);
    const status = text(raw['statusId']);
    const statusLabel = maybe(raw['ticket_status']);
    const topic = maybe(raw['topic']);
    const agent = list(raw['assigned_to']).map(text).find(Boolean);
    const [createdAt, ...later] = (['created', 'message', 'response', 'closed'] as const).map((name) =>
      time(pick(raw, name)),
    );
    return known<Ticket>({
      id: number,
      number,
      subject: text(raw['subject']),
      status: own(statusMap, status) ?? own(statusMap, statusLabel ?? '') ?? own(statuses, status) ?? 'open',
      statusLabel,
      priority: maybe(raw['priority']),
      topic: topic === undefined ? topic : known({ id: maybe(raw['topicId']), name: topic }),
      requester: known<Person>({ name: text(user['fullname']), email: maybe(user['email']), role: 'requester' }),
      assignee: agent === undefined ? agent : { name: agent, role: 'agent' },
      createdAt,
      updatedAt: [createdAt, ...later].sort().findLast(Boolean),
      dueAt: time(raw['due_timestamp']),
    });
  }

  function toThread(raw: Json): Thread {
    const ticket = toTicket(raw);
    return { ticket, entries: list(raw['threads']).flatMap((entry) => toEntry(entry, ticket.requester.name, time)) };
  }

  /** Agents' calls wrap the same tickets (recorded). */
  const unwrap = (answer: Answer): Json => {
    const raw = record(parse(answer.text));
    return record(raw['ticket'] ?? raw);
  };

  async function readAll(call: Call): Promise<Json[]> {
    const who = toWho(call.identity);
    try {
      const raw = parse((await ask('GET', tickets, call, { query: { ...who } })).text);
      const all = Array.isArray(raw) ? raw : record(raw)['tickets'];
      if (!Array.isArray(all)) throw new HelpDeskError('unexpected', { cause: raw });
      return all.map(record).filter((each) => owns(who, each));
    } catch (error) {
      if (stranger(error)) return [];
      throw error;
    }
  }

  /** One ticket of this person. `exactly` asks whether osTicket finds it by its number. */
  async function read(id: string, call: Call, exactly?: boolean): Promise<Json> {
    const who = toWho(call.identity);
    let raw: Json | undefined;
    try {
      if (/^\d{1,20}$/.test(id)) raw = unwrap(await ask('GET', `${tickets}/${id}`, call));
    } catch (error) {
      if (plain.test(id) || (error as HelpDeskError).code !== 'not-found') throw error;
    }
    // It looks for 309005 when asked for 0309005 and finds no number with letters (recorded): those are in the list.
    if (raw && numberOf(raw) !== id) raw = undefined;
    if (!raw && !exactly && !plain.test(id)) raw = (await readAll(call)).find((each) => numberOf(each) === id);
    if (!raw || !owns(who, raw)) throw new HelpDeskError('not-found');
    return raw;
  }

  async function write(method: string, id: string, call: Call, more?: object): Promise<Answer> {
    const who = toWho(call.identity);
    // Never to another ticket than the one that was meant.
    if (!plain.test(id)) await read(id, call, true);
    return ask(method, `${tickets}/${id}`, call, { json: { ...who, ...more } });
  }

  return {
    name: 'osticket',
    limits: { createFiles, identityRequired: true },

    async listTickets({ status, topicId, search = '', scope = 'mine' }, call) {
      if (scope !== 'mine') throw new HelpDeskError('unsupported');
      const words = search.trim().toLowerCase();
      const items = (await readAll(call))
        .map(toTicket)
        .filter(
          (ticket) =>
            (!status || ticket.status === status) &&
            (!topicId || ticket.topic?.id === topicId) &&
            `${ticket.number} ${ticket.subject}`.toLowerCase().includes(words),
        )
        .reverse()
        .sort((a, b) => (b.updatedAt ?? '').localeCompare(a.updatedAt ?? ''));
      return { items, total: items.length };
    },

    async readThread(id, call) {
      return toThread(await read(id, call));
    },

    async createTicket(draft, call) {
      const { subject, files = [], topicId, displayName } = draft;
      const { email, userId } = call.identity ?? {};
      const identity = (email || userId ? call.identity : draft) as Identity;
      const who = toWho(identity);
      createFiles.check(files);
      const fields = Object.entries(draft.fields ?? {}).filter(([name]) => !reserved.test(name));
      const json = {
        ...Object.fromEntries(fields),
        ...who,
        // A new user needs a name; a known one keeps theirs (recorded).
        name: identity.displayName || displayName || who.email,
        subject,
        // Without the charset it is read as Latin 1; as plain text it loses what looks like a tag (recorded).
        message: `data:text/html;charset=utf-8,${markup(draft)}`,
        topicId: topicId && Number(topicId),
        attachments: await Promise.all(files.map(async (file) => ({ [file.name]: await toDataUrl(file) }))),
      };
      let answer: Answer;
      try {
        answer = await ask('POST', tickets, call, { json, upload: files.length > 0 });
      } catch (error) {
        throw stranger(error) ? new HelpDeskError('unauthorized', { cause: error }) : error;
      }
      // osTicket itself answers the bare number.
      const number = parse(answer.text);
      if (typeof number !== 'string' || !/^\d/.test(number)) return toTicket(unwrap(answer));
      try {
        return toTicket(await read(number, { ...call, identity: who.email ? { email: who.email } : identity }));
      } catch {
        const requester = known<Person>({ name: json.name ?? '', email: who.email, role: 'requester' });
        return { id: number, number, subject, status: 'open', requester };
      }
    },

    async listTopics(call) {
      return (
        topics ??
        list(parse((await ask('GET', paths?.['topics'] ?? 'api/topics.json', call)).text)).map((value) => {
          const raw = record(value);
          return { id: text(raw['id']), name: text(raw['value']) };
        })
      );
    },

    async reply(id, draft, call) {
      if (!draft.message.trim()) throw new HelpDeskError('invalid', { fields: { message: problem('required') } });
      const answer = await write('PUT', id, call, { message: markup(draft) });
      const entry = toThread(unwrap(answer)).entries.findLast(({ kind }) => kind === 'message');
      if (!entry) throw new HelpDeskError('unexpected', { cause: answer });
      return entry;
    },

    async setStatus(id, status, call) {
      const close = status === 'closed';
      if (!close && status !== 'open') throw new HelpDeskError('unsupported');
      await write(close ? 'DELETE' : 'POST', id, call);
      const ticket = toTicket(await read(id, call));
      if (/^(closed|resolved)$/.test(ticket.status) !== close) throw new HelpDeskError('forbidden');
      return ticket;
    },
  };
});
