/**
 * What osTicket 1.18 and all its extensions share: statuses, keys, ways of refusing, creating and changing tickets, and
 * the agents' envelope. And `osticketCore`, osTicket without any extension, whose only call is create. Media types,
 * statuses and texts are those of recorded answers of a real installation; where none was recorded, the comment says so.
 */
import type { EntryRow, FileDraft, PersonRow, TicketRow, TicketState, TopicRow } from '../store.js';
import { type Dialect, type DialectDesk, type DialectRequest, zoneless } from './dialect.js';
import { intval, jsonEncode, readDataUrl, storeHtml, storeText, stripEmoji } from './php.js';

export const states: Readonly<Record<TicketState, { readonly id: number; readonly name: string }>> = {
  open: { id: 1, name: 'Open' },
  processing: { id: 1, name: 'Open' },
  resolved: { id: 2, name: 'Resolved' },
  closed: { id: 3, name: 'Closed' },
  archived: { id: 4, name: 'Archived' },
};
export const statesById: Readonly<Record<string, TicketState>> = {
  1: 'open',
  2: 'resolved',
  3: 'closed',
  4: 'archived',
};
export const priorities = ['', 'Low', 'Normal', 'High', 'Emergency'];

const generalInquiry = 1;
/** osTicket's own default for one file. */
const maxFileBytes = 8_388_608;

/** How PHP refuses: `html` and `plain` name the media type; `thrown` is an exception that only one extension words. */
export class Refusal extends Error {
  readonly status: number;
  readonly type: 'html' | 'plain' | 'thrown';

  constructor(status: number, text: string, type: 'html' | 'plain' | 'thrown' = 'html') {
    super(text);
    this.status = status;
    this.type = type;
  }
}

export type Input = Readonly<Record<string, unknown>>;

/** @param type with its charset, where it has one. */
export function answer(status: number, body: string | null, type: string | undefined): Response {
  // As bytes: text would bring a media type where there is to be none.
  return new Response(body === null ? null : Buffer.from(body), {
    status,
    headers: {
      // Each call starts a session of its own; nobody uses it.
      'Set-Cookie': 'OSTSESSID=0123456789abcdefghijklmnop; path=/',
      'Cache-Control': 'no-store, no-cache, must-revalidate',
      Pragma: 'no-cache',
      Connection: 'close',
      ...(type && { 'Content-Type': type }),
    },
  });
}

export const htmlType = 'text/html; charset=UTF-8';
export const textType = 'text/plain; charset=UTF-8';
export const jsonType = 'application/json; charset=UTF-8';

export const json = (value: unknown, status = 200, type = textType): Response =>
  answer(status, jsonEncode(value), type);

/** The body, whatever its Content-Type says. */
export async function readJson(request: DialectRequest): Promise<Input> {
  try {
    const value: unknown = JSON.parse(await request.text());
    return value && typeof value === 'object' ? (value as Input) : {};
  } catch {
    throw new Refusal(400, 'Syntax error, malformed JSON', 'plain');
  }
}

export const word = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

// Reading

export function nameParts(name: string): { first: string; middle: string; last: string } {
  const [first = '', ...rest] = name.split(' ').filter(Boolean);
  return { first, middle: rest.slice(0, -1).join(' '), last: rest.at(-1) ?? '' };
}

function userName({ name }: PersonRow): unknown {
  const { first, middle, last } = nameParts(name);
  return { format: 'original', parts: { salutation: '', first, suffix: '', last, middle }, name };
}

function staffName({ name }: PersonRow): unknown {
  const { first, last } = nameParts(name);
  return { format: 'full', parts: { first, last }, name };
}

/** Entries by the words of osTicket. Events are shown as the notes that the system writes. */
export const kinds = { message: 'M', reply: 'R', note: 'N', event: 'N' } as const;

/** An entry with its body twice: the form of all extensions but that of 2020. */
export function toEntry(desk: DialectDesk, entry: EntryRow): unknown {
  // A reply through the documented API has no poster and no user, though it is the customer's.
  const person = entry.person_id && entry.poster ? desk.store.person(entry.person_id) : undefined;
  const staff = person?.role === 'agent' ? person : undefined;
  const user = person?.role === 'customer' ? person : undefined;
  const options = entry.format === 'text' ? { 'strip-embedded': true } : { 'strip-embedded': false, balanced: true };
  return {
    id: entry.id,
    pid: entry.parent_id,
    thread_id: entry.ticket_id,
    staff_id: staff?.id ?? null,
    user_id: user?.id ?? null,
    type: kinds[entry.kind],
    poster: entry.poster,
    editor: null,
    source: entry.source,
    title: entry.title,
    body: entry.body,
    message: { body: entry.body, type: entry.format, stripped_images: [], embedded_images: [], options },
    format: entry.format,
    created: zoneless(entry.created_at, desk.timeZone),
    updated: '0000-00-00 00:00:00',
    staff_name: staff ? staffName(staff) : null,
    user_name: user ? userName(user) : null,
  };
}

/** A priority as the ORM holds it: what becomes of an object that nobody told how to be JSON. */
export const priorityObject = (priority: number): unknown => ({
  ht: {
    priority_id: priority,
    priority: priorities[priority]!.toLowerCase(),
    priority_desc: priorities[priority],
    priority_color: ['', '#DDFFDD', '#FFFFF0', '#FEE7E7', '#FEE7E7'][priority],
    priority_urgency: 5 - priority,
    ispublic: priority < 4 ? 1 : 0,
  },
  dirty: [],
  __new__: false,
  __deleted__: false,
  __deferred__: [],
});

/** Right after a reply the time of the last message is an SQL expression nobody has evaluated. */
const now = { alias: null, func: 'NOW', args: [] };

export const fullAddress = ({ name, email }: PersonRow): string => `"${name}" <${email}>`;

/** One ticket, taken apart and waiting for the names its extension gives to the parts. */
export interface Facts {
  readonly ticket: TicketRow;
  readonly entries: readonly EntryRow[];
  readonly topic: TopicRow | undefined;
  readonly user: PersonRow;
  readonly assignedTo: readonly unknown[];
  readonly created: string;
  readonly due: string | null;
  readonly closed: string | null;
  readonly lastMessage: unknown;
  readonly lastResponse: string | null;
}

export type ToTicket = (desk: DialectDesk, facts: Facts) => unknown;

function factsOf(
  desk: DialectDesk,
  ticket: TicketRow,
  entries: readonly EntryRow[],
  topics: readonly TopicRow[],
  justReplied = false,
): Facts {
  const time = (at: number | null): string | null => (at === null ? null : zoneless(at, desk.timeZone));
  const agent = ticket.assignee_id === null ? undefined : desk.store.person(ticket.assignee_id);
  return {
    ticket,
    entries,
    topic: topics.find(({ id }) => id === ticket.topic_id),
    user: desk.store.person(ticket.requester_id)!,
    assignedTo: agent ? [staffName(agent)] : [],
    created: zoneless(ticket.created_at, desk.timeZone),
    due: time(ticket.due_at),
    closed: time(ticket.closed_at),
    lastMessage: justReplied ? now : time(ticket.last_message_at),
    lastResponse: time(ticket.last_response_at),
  };
}

/** `fullname`, `firstname`, `lastname`, `email`, `phone`. */
export function userObject(user: PersonRow, email = user.email): unknown {
  const { first, last } = nameParts(user.name);
  return { fullname: user.name, firstname: first, lastname: last, email, phone: user.phone };
}

export const oneTicket = (desk: DialectDesk, ticket: TicketRow, toTicket: ToTicket, justReplied = false): unknown =>
  toTicket(desk, factsOf(desk, ticket, desk.store.entries(ticket.id), desk.store.topics(), justReplied));

/** By status id, then by ticket id; whole, with every entry of every ticket. */
export function manyTickets(desk: DialectDesk, tickets: TicketRow[], toTicket: ToTicket): unknown[] {
  const entries = desk.store.entriesOf(tickets.map(({ id }) => id));
  const topics = desk.store.topics();
  return tickets
    .sort((a, b) => states[a.state].id - states[b.state].id || a.id - b.id)
    .map((ticket) => toTicket(desk, factsOf(desk, ticket, entries.get(ticket.id)!, topics)));
}

export const publicTopics = ({ store }: DialectDesk): unknown =>
  store
    .topics()
    .filter((topic) => topic.public)
    .map(({ id, path }) => ({ id, value: path }));

/** A number is cast, so one with leading zeros cannot be found, and `0309005` is 309005. */
export const castNumber = (desk: DialectDesk, number: string): string =>
  desk.castNumbers ? String(intval(number)) : number;

/** A customer by id, which is cast (`1 OR 1=1` is 1), or else by e-mail. */
export function customer({ store }: DialectDesk, id: string, email: string): PersonRow | undefined {
  const user = id ? store.person(intval(id)) : store.personByEmail(email);
  return user?.role === 'customer' ? user : undefined;
}

// Writing

/** Letters, digits and the usual marks; no other alphabet. `.invalid` stands for a domain that does not resolve. */
export const isEmail = (text: string): boolean =>
  /^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text) && !/\.invalid$/i.test(text);

export interface Body {
  readonly body: string;
  readonly format: 'text' | 'html';
}

/** A message as HTML, exactly as it was sent: also one that looks like an address. */
export const htmlBody = (value: unknown): Body => ({ format: 'html', body: storeHtml(stripEmoji(word(value))) });

/** A message that may be an RFC 2397 address; plain unless that says HTML, or unless it always is. */
export function messageBody(value: unknown, always?: 'html'): Body {
  const { type, bytes } = readDataUrl(word(value), false);
  const text = stripEmoji(bytes.toString());
  const format = always ?? (type === 'text/html' ? 'html' : 'text');
  return { format, body: format === 'html' ? storeHtml(text) : storeText(text) };
}

/** `[{"name.ext": "data:…"}]`; of any other form the first key is the name. */
function readFiles(value: unknown): FileDraft[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown) => {
    const [name, data] = Object.entries(item ?? {})[0] ?? [];
    if (!name || typeof data !== 'string') return [];
    return [{ name, ...readDataUrl(data, true) }];
  });
}

/** In what the extensions' ways of creating differ. */
export interface CreateRules {
  /** The person where the call named one by id; else the input's e-mail and name count. */
  readonly user?: PersonRow | undefined;
  /** Printed with the first entry; the ticket's own source is always `API`. */
  readonly source?: 'API' | 'api';
  readonly body?: (message: unknown) => Body;
  /** A topic nobody knows: the default one, unless it is `none`. */
  readonly unknownTopic?: 'none';
  /** False: who is not known cannot become it this way. */
  readonly newPeople?: boolean;
}

export function createTicket(desk: DialectDesk, input: Input, rules: CreateRules = {}): TicketRow {
  const { store } = desk;
  const { source = 'API', body = messageBody, newPeople = true } = rules;
  const email = word(input.email).trim();
  const known = rules.user ?? store.personByEmail(email);
  const name = stripEmoji(word(input.name)).trim();
  const subject = stripEmoji(word(input.subject));
  const topics = store.topics();
  const chosen = topics.find(({ id }) => id === intval(input.topicId));
  const noTopic = rules.unknownTopic === 'none' && !chosen && intval(input.topicId);
  // A topic that is unknown or not public is taken without a word, as the default one.
  const topic = chosen?.public ? chosen : noTopic ? undefined : topics.find(({ id }) => id === generalInquiry);
  const errors: string[] = [];
  if (!known && (!newPeople || !name || !isEmail(email))) errors.push('user\nIncomplete client information');
  if (!subject.trim()) errors.push('20\nIssue Summary is a required field');
  if (!word(input.message)) errors.push('21\nIssue Details is a required field');
  const field = topic?.field_name ?? '';
  if (field && !word(input[field])) errors.push(`0\n${topic!.field_label} is a required field`);
  const open = known ? store.tickets({ requesterId: known.id, states: ['open', 'processing'] }).length : 0;
  // Recorded as a 500, too; these words are osTicket's own for the portal.
  if (open >= (desk.openTicketLimit ?? Number.POSITIVE_INFINITY))
    errors.push("err\nYou've reached the maximum open tickets allowed.");
  if (errors.length) throw new Refusal(500, `Unable to create new ticket :${errors.join('\n')}`);

  const files = readFiles(input.attachments);
  const fits = (file: FileDraft): boolean => file.bytes.length <= (desk.maxFileBytes ?? maxFileBytes);
  return store.transaction(() => {
    const user = known ?? store.addPerson({ name, email });
    const priority = intval(input.priorityId);
    const ticket = store.addTicket(
      {
        subject,
        requesterId: user.id,
        topicId: topic?.id ?? null,
        priority: priorities[priority] ? priority : (topic?.priority ?? 2),
        ...(field && { fields: { [field]: word(input[field]) } }),
      },
      {
        kind: 'message',
        personId: user.id,
        poster: user.name,
        title: subject,
        source,
        ...body(input.message),
        files: files.filter(fits),
      },
    );
    // Too large a file is dropped; only a note for agents says so (the note's title is not recorded).
    for (const file of files.filter((each) => !fits(each)))
      store.addEntry(ticket.id, {
        kind: 'note',
        poster: 'SYSTEM',
        title: 'Error Importing Attachment',
        body: `${storeText(file.name)}: File size is too large`,
        format: 'html',
      });
    return store.ticket(ticket.id)!;
  });
}

const isDone = ({ state }: TicketRow): boolean => state === 'closed' || state === 'resolved';

/** Stores a customer's reply, and opens what was closed or resolved. Files are lost without a word. */
export function reply({ store }: DialectDesk, ticket: TicketRow, user: PersonRow, poster: string, body: Body): void {
  store.transaction(() => {
    store.addEntry(ticket.id, { kind: 'message', personId: user.id, poster, ...body });
    if (isDone(ticket)) store.setState(ticket.id, 'open');
  });
}

/** Refused, closed or archived already: nothing happens, and nothing is said. */
export function close({ store }: DialectDesk, ticket: TicketRow, note = true): void {
  if (ticket.locked || ticket.state === 'closed' || ticket.state === 'archived') return;
  store.transaction(() => {
    store.setState(ticket.id, 'closed');
    if (note)
      store.addEntry(ticket.id, {
        kind: 'event',
        poster: 'SYSTEM',
        title: 'Status Changed',
        body: 'Closed by user',
        format: 'html',
      });
  });
}

/** What is archived stays it, without a word. */
export const reopen = ({ store }: DialectDesk, ticket: TicketRow): TicketRow =>
  isDone(ticket) ? store.setState(ticket.id, 'open') : ticket;

/** `4254441212X123` comes back as `(425) 444-1212 x123`. */
export function formatPhone(phone: string): string {
  const [number = '', extension] = phone.split(/x/i);
  const digits = number.replace(/\D/g, '');
  const printed = digits.length === 10 ? digits.replace(/(...)(...)(....)/, '($1) $2-$3') : number.trim();
  return extension ? `${printed} x${extension}` : printed;
}

export const personObject = ({ id, name, email, phone }: PersonRow): unknown => ({ id, name, email, phone });

const personFields = ['phone', 'notes', 'name', 'email', 'timezone', 'password'] as const;

/** The names of what is missing; all six are documented as required. */
export const missingOfPerson = (input: Input): string[] => personFields.filter((name) => !word(input[name]));

export const addPerson = ({ store }: DialectDesk, input: Input): PersonRow =>
  store.addPerson({
    name: word(input.name),
    email: word(input.email),
    phone: formatPhone(word(input.phone)),
    notes: word(input.notes),
    timezone: word(input.timezone),
  });

// The agents' side: the envelope of PR 4361, around the tickets of whichever extension took it over

/** In what those who took the calls over differ. */
export interface StaffRules {
  readonly toTicket: ToTicket;
  readonly respond: (request: DialectRequest, value: unknown, status?: number) => Response;
  /** `plain` for both where its words are recorded as such. */
  readonly read: (request: DialectRequest) => Promise<Input>;
  /** Names what a reply must have; else only the ticket and the agent are looked at. */
  readonly required?: readonly string[];
  /** HTTP status of a failed list of an agent's tickets. */
  readonly staffFailure?: number;
}

const phpFault = 'Call to a member function getId() on null';

export function staffCall(
  desk: DialectDesk,
  request: DialectRequest,
  call: string,
  { toTicket, respond, staffFailure = 500 }: StaffRules,
): Response {
  const { store } = desk;
  const param = (name: string): string => {
    const value = request.query.get(name);
    if (!value) throw new Refusal(422, `missing ${name} parameter `, 'plain');
    return value;
  };
  if (call === 'ticketInfo') {
    const number = param('ticketNumber');
    if (!/^\d+$/.test(number)) throw new Refusal(404, 'Invalid ticket number', 'plain');
    const ticket = store.ticketByNumber(number);
    if (!ticket) throw new Refusal(404, 'Ticket not found', 'plain');
    return respond(request, {
      ticket: oneTicket(desk, ticket, toTicket),
      status_code: '0',
      status_msg: 'ticket details retrieved successfully',
    });
  }
  const ofStaff = call === 'staffTickets';
  const person = ofStaff ? store.agent(param('staffUserName')) : store.personByEmail(param('clientUserMail'));
  // An unknown name is a PHP fault, not an empty list.
  if (!person)
    return respond(
      request,
      { tickets: [], status_code: 'FAILURE', status_msg: phpFault },
      ofStaff ? staffFailure : 500,
    );
  const tickets = store.tickets(ofStaff ? { assigneeId: person.id } : { requesterId: person.id });
  return respond(request, {
    tickets: manyTickets(desk, tickets, toTicket),
    status_code: '0',
    status_msg: 'success',
  });
}

export async function staffReply(
  desk: DialectDesk,
  request: DialectRequest,
  { read, respond, required = [] }: StaffRules,
): Promise<Response> {
  const input = await read(request);
  for (const name of required) if (!word(input[name])) throw new Refusal(422, `missing ${name} parameter `, 'plain');
  const ticket = desk.store.ticketByNumber(word(input.ticketNumber));
  if (!ticket) throw new Refusal(404, 'Ticket not found', 'plain');
  const agent = desk.store.agent(word(input.staffUserName));
  if (!agent) return respond(request, { tickets: [], status_code: 'FAILURE', status_msg: phpFault }, 500);
  if (!word(input.response)) throw new Refusal(500, 'Unable to reply to this ticket: unknown error', 'plain');
  desk.store.transaction(() => {
    const last = desk.store.entries(ticket.id).findLast(({ kind }) => kind === 'message');
    desk.store.addEntry(ticket.id, {
      kind: 'reply',
      personId: agent.id,
      poster: agent.name,
      parentId: last?.id ?? 0,
      body: storeHtml(stripEmoji(word(input.response))),
      format: 'html',
    });
    // The answer always carries a status, and the ticket takes it.
    const state = Object.hasOwn(statesById, word(input.reply_status_id))
      ? statesById[word(input.reply_status_id)]
      : undefined;
    if (state && states[ticket.state].id !== states[state].id) desk.store.setState(ticket.id, state);
  });
  return respond(request, { status_code: '0', status_msg: 'reply posted successfully' });
}

/** Every ticket of the desk, each as a list of pairs. */
export const pairs = (desk: DialectDesk): unknown =>
  desk.store.tickets().map((ticket) => [
    ['number', ticket.number],
    ['created', zoneless(ticket.created_at, desk.timeZone)],
    ['updated', zoneless(ticket.updated_at, desk.timeZone)],
    ['closed', ticket.closed_at === null ? null : zoneless(ticket.closed_at, desk.timeZone)],
    ['href', `/api/tickets/${ticket.number}`],
  ]);

// Routes

export type Route = (
  desk: DialectDesk,
  request: DialectRequest,
  found: readonly string[],
) => Response | Promise<Response>;

/** Refuses a key that may only read. */
export function mayWrite(desk: DialectDesk, { headers }: DialectRequest, type?: Refusal['type'], dot = ''): void {
  if (headers.get('x-api-key') === `${desk.key}-may-not-create`)
    throw new Refusal(401, `API key not authorized${dot}`, type);
}

/** In plain text, as osTicket itself. */
const refusePlainly = (_: DialectRequest, { status, message, type }: Refusal): Response =>
  answer(status, message, type === 'plain' ? textType : htmlType);

/** A dialect of routes. A key is asked for only where there is a route. */
export const dispatch =
  (
    routes: readonly (readonly [RegExp, Route])[],
    refuse: (request: DialectRequest, refusal: Refusal) => Response = refusePlainly,
  ): Dialect =>
  async (desk, request) => {
    // Hosts that block PUT and DELETE are spoken to with `?_method=`.
    const method = request.query.get('_method')?.toUpperCase() ?? request.method;
    if (method === 'GET' && request.path === '/api/')
      return new Response(null, { status: 302, headers: { Location: '../', 'Content-Type': htmlType } });
    const line = `${method} ${request.path.replace(/^\/api\/(?:http\.php\/)?/, '')}`;
    for (const [pattern, route] of routes) {
      const found = request.path.startsWith('/api/') && pattern.exec(line);
      if (!found) continue;
      try {
        const key = request.headers.get('x-api-key');
        if (key === `${desk.key}-inactive`)
          throw new Refusal(401, 'API key not found/active or source IP not authorized');
        if (key !== desk.key && key !== `${desk.key}-may-not-create`) throw new Refusal(401, 'Valid API key required');
        return await route(desk, request, found);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        return refuse(request, error);
      }
    }
    // Never 404 or 405; and OPTIONS ends here, so no page of another site gets any further.
    return answer(400, 'URL not supported', htmlType);
  };

/** osTicket's own call. @param type the media type of the number, which an extension may change. */
export const createRoute = (type: string): readonly [RegExp, Route] => [
  /^POST tickets\.json$/,
  async (desk, request) => {
    const input = await readJson(request);
    mayWrite(desk, request);
    return answer(201, createTicket(desk, input).number, type);
  },
];

/** Without any extension: create answers the bare number, and there is nothing else. */
export const osticketCore: Dialect = dispatch([createRoute(htmlType)]);
