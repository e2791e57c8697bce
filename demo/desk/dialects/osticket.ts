/**
 * osTicket 1.18 with the API extension in its documented ("readme") shape, and stock osTicket (`osticketCore`), whose
 * only call is create. Field names, their order, media types, statuses and texts are those of recorded answers of a real
 * installation; where none was recorded, the comment says so.
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

class Refusal extends Error {
  readonly status: number;
  readonly type: 'html' | 'plain';

  constructor(status: number, text: string, type: 'html' | 'plain' = 'html') {
    super(text);
    this.status = status;
    this.type = type;
  }
}

type Input = Readonly<Record<string, unknown>>;

function answer(status: number, body: string | null, type: string | undefined): Response {
  return new Response(body, {
    status,
    headers: {
      // Each call starts a session of its own; nobody uses it.
      'Set-Cookie': 'OSTSESSID=0123456789abcdefghijklmnop; path=/',
      'Cache-Control': 'no-store, no-cache, must-revalidate',
      Pragma: 'no-cache',
      Connection: 'close',
      ...(type && { 'Content-Type': `${type}; charset=UTF-8` }),
    },
  });
}

const json = (value: unknown, status = 200): Response => answer(status, jsonEncode(value), 'text/plain');
const staffJson = (value: unknown, status = 200): Response => answer(status, jsonEncode(value), 'application/json');

/** The body, whatever its Content-Type says: the extension reads JSON and nothing else. */
export async function readJson(request: DialectRequest): Promise<Input> {
  try {
    const value: unknown = JSON.parse(await request.text());
    return value && typeof value === 'object' ? (value as Input) : {};
  } catch {
    throw new Refusal(400, 'Syntax error, malformed JSON', 'plain');
  }
}

const word = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

// Reading

function nameParts(name: string): { first: string; middle: string; last: string } {
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
const kinds = { message: 'M', reply: 'R', note: 'N', event: 'N' };

export function toEntry(desk: DialectDesk, entry: EntryRow): unknown {
  // A reply through the API has no poster and no user, though it is the customer's.
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

/** Right after a reply the time of the last message is an SQL expression nobody has evaluated. */
const now = { alias: null, func: 'NOW', args: [] };

export function toTicket(
  desk: DialectDesk,
  ticket: TicketRow,
  entries: readonly EntryRow[],
  topics: readonly TopicRow[],
  justReplied = false,
): unknown {
  const time = (at: number | null): string | null => (at === null ? null : zoneless(at, desk.timeZone));
  const user = desk.store.person(ticket.requester_id)!;
  const agent = ticket.assignee_id === null ? undefined : desk.store.person(ticket.assignee_id);
  const topic = topics.find(({ id }) => id === ticket.topic_id);
  const { first, last } = nameParts(user.name);
  return {
    ticket_number: ticket.number,
    subject: ticket.subject,
    ticket_status: states[ticket.state].name,
    statusId: states[ticket.state].id,
    priority: priorities[ticket.priority],
    department: 'Support',
    create_timestamp: time(ticket.created_at),
    user: { fullname: user.name, firstname: first, lastname: last, email: user.email, phone: user.phone },
    source: ticket.source,
    due_timestamp: time(ticket.due_at),
    close_timestamp: time(ticket.closed_at),
    topic: topic?.path ?? null,
    topicId: topic?.id ?? null,
    last_message_timestamp: justReplied ? now : time(ticket.last_message_at),
    last_response_timestamp: time(ticket.last_response_at),
    assigned_to: agent ? [staffName(agent)] : [],
    threads: entries.map((entry) => toEntry(desk, entry)),
  };
}

const oneTicket = (desk: DialectDesk, ticket: TicketRow, justReplied = false): unknown =>
  toTicket(desk, ticket, desk.store.entries(ticket.id), desk.store.topics(), justReplied);

/** By status id, then by ticket id; whole, with every entry of every ticket. */
function manyTickets(desk: DialectDesk, tickets: TicketRow[]): unknown[] {
  const entries = desk.store.entriesOf(tickets.map(({ id }) => id));
  const topics = desk.store.topics();
  return tickets
    .sort((a, b) => states[a.state].id - states[b.state].id || a.id - b.id)
    .map((ticket) => toTicket(desk, ticket, entries.get(ticket.id)!, topics));
}

// Who and what

function findUser(desk: DialectDesk, input: Input): PersonRow {
  const id = word(input.user_id);
  const email = word(input.email);
  if (!id && !email) throw new Refusal(400, 'Either user_id or email must be provided in request.');
  // The id is cast, so that `1 OR 1=1` is 1.
  const user = id ? desk.store.person(intval(id)) : desk.store.personByEmail(email);
  if (user?.role !== 'customer') throw new Refusal(400, 'Invalid user.');
  return user;
}

function findTicket(desk: DialectDesk, number: string, user?: PersonRow): TicketRow {
  // Cast as well: a number with leading zeros cannot be found, and `0309005` is 309005.
  const ticket = desk.store.ticketByNumber(desk.castNumbers ? String(intval(number)) : number);
  if (!ticket || (user && ticket.requester_id !== user.id)) throw new Refusal(400, 'Unknown or invalid ticket ID.');
  return ticket;
}

/** Letters, digits and the usual marks; no other alphabet. `.invalid` stands for a domain that does not resolve. */
const isEmail = (text: string): boolean =>
  /^[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(text) && !/\.invalid$/i.test(text);

// Writing

function messageBody(value: unknown, always: 'html' | undefined): { body: string; format: 'text' | 'html' } {
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

function createTicket(desk: DialectDesk, input: Input, byId: boolean): TicketRow {
  const { store } = desk;
  const email = word(input.email).trim();
  const known = byId && input.user_id !== undefined ? findUser(desk, input) : store.personByEmail(email);
  const name = stripEmoji(word(input.name)).trim();
  const subject = stripEmoji(word(input.subject));
  const chosen = store.topics().find(({ id }) => id === intval(input.topicId));
  // A topic that is unknown or not public is taken without a word, as the default one.
  const topic = chosen?.public ? chosen : store.topics().find(({ id }) => id === generalInquiry);
  const errors: string[] = [];
  if (!known && (!name || !isEmail(email))) errors.push('user\nIncomplete client information');
  if (!subject.trim()) errors.push('20\nIssue Summary is a required field');
  if (!word(input.message)) errors.push('21\nIssue Details is a required field');
  const field = topic?.field_name ?? '';
  if (field && !word(input[field])) errors.push(`0\n${topic!.field_label} is a required field`);
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
        source: 'API',
        ...messageBody(input.message, undefined),
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

function reply(desk: DialectDesk, ticket: TicketRow, user: PersonRow, message: unknown): void {
  // Nothing to say: 200, and nothing is stored. Files are lost without a word.
  if (!word(message)) return;
  desk.store.transaction(() => {
    desk.store.addEntry(ticket.id, { kind: 'message', personId: user.id, ...messageBody(message, 'html') });
    if (ticket.state === 'closed' || ticket.state === 'resolved') desk.store.setState(ticket.id, 'open');
  });
}

function close(desk: DialectDesk, ticket: TicketRow): void {
  // Refused, closed or archived already: 204 all the same.
  if (ticket.locked || ticket.state === 'closed' || ticket.state === 'archived') return;
  desk.store.transaction(() => {
    desk.store.setState(ticket.id, 'closed');
    desk.store.addEntry(ticket.id, {
      kind: 'event',
      poster: 'SYSTEM',
      title: 'Status Changed',
      body: 'Closed by user',
      format: 'html',
    });
  });
}

// The agents' side: the envelope of PR 4361 around the same tickets

const failure = (): never => {
  throw new Refusal(500, '');
};

function staffCall(desk: DialectDesk, request: DialectRequest, call: string): Response {
  const { store } = desk;
  const param = (name: string): string => {
    const value = request.query.get(name);
    if (!value) throw new Refusal(422, `missing ${name} parameter `, 'plain');
    return value;
  };
  const list = (tickets: TicketRow[]): Response =>
    staffJson({ tickets: manyTickets(desk, tickets), status_code: '0', status_msg: 'success' });
  if (call === 'ticketInfo') {
    const number = param('ticketNumber');
    if (!/^\d+$/.test(number)) throw new Refusal(404, 'Invalid ticket number', 'plain');
    const ticket = store.ticketByNumber(number);
    if (!ticket) throw new Refusal(404, 'Ticket not found', 'plain');
    return staffJson({
      ticket: oneTicket(desk, ticket),
      status_code: '0',
      status_msg: 'ticket details retrieved successfully',
    });
  }
  // An unknown name is a PHP fault, not an empty list.
  if (call === 'staffTickets')
    return list(store.tickets({ assigneeId: (store.agent(param('staffUserName')) ?? failure()).id }));
  return list(store.tickets({ requesterId: (store.personByEmail(param('clientUserMail')) ?? failure()).id }));
}

async function staffReply(desk: DialectDesk, request: DialectRequest): Promise<Response> {
  const input = await readJson(request);
  for (const name of ['ticketNumber', 'staffUserName', 'reply_status_id'])
    if (!word(input[name])) throw new Refusal(422, `missing ${name} parameter `, 'plain');
  const ticket = desk.store.ticketByNumber(word(input.ticketNumber));
  if (!ticket) throw new Refusal(404, 'Ticket not found', 'plain');
  const agent = desk.store.agent(word(input.staffUserName)) ?? failure();
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
    const state = statesById[word(input.reply_status_id)];
    if (state && states[ticket.state].id !== states[state].id) desk.store.setState(ticket.id, state);
  });
  return staffJson({ status_code: '0', status_msg: 'reply posted successfully' });
}

const pairs = (desk: DialectDesk): unknown =>
  desk.store.tickets().map((ticket) => [
    ['number', ticket.number],
    ['created', zoneless(ticket.created_at, desk.timeZone)],
    ['updated', zoneless(ticket.updated_at, desk.timeZone)],
    ['closed', ticket.closed_at === null ? null : zoneless(ticket.closed_at, desk.timeZone)],
    ['href', `/api/tickets/${ticket.number}`],
  ]);

/** `4254441212X123` comes back as `(425) 444-1212 x123`. */
function formatPhone(phone: string): string {
  const [number = '', extension] = phone.split(/x/i);
  const digits = number.replace(/\D/g, '');
  const printed = digits.length === 10 ? digits.replace(/(...)(...)(....)/, '($1) $2-$3') : number;
  return extension ? `${printed} x${extension}` : printed;
}

async function createUser(desk: DialectDesk, request: DialectRequest): Promise<Response> {
  const input = await readJson(request);
  const missing = ['phone', 'notes', 'name', 'email', 'password', 'timezone'].filter((name) => !word(input[name]));
  // All six are documented as required; the words of the refusal are not recorded.
  if (missing.length) throw new Refusal(400, `Missing required parameters: ${missing.join(', ')}`);
  const email = word(input.email);
  // An address that is no address is said to be in use, too (documented).
  if (!isEmail(email) || desk.store.personByEmail(email)) throw new Refusal(400, `email ${email} is already in use.`);
  const person = desk.store.addPerson({
    name: word(input.name),
    email,
    phone: formatPhone(word(input.phone)),
    notes: word(input.notes),
    timezone: word(input.timezone),
  });
  return json({ id: person.id, name: person.name, email: person.email, phone: person.phone }, 201);
}

// Routes

type Route = (desk: DialectDesk, request: DialectRequest, found: readonly string[]) => Response | Promise<Response>;

/** Answers a write on one ticket after checking who asks: parsing first, then the person, then the ticket. */
const onTicket =
  (work: (desk: DialectDesk, ticket: TicketRow, user: PersonRow, input: Input) => Response): Route =>
  async (desk, request, found) => {
    const input = await readJson(request);
    const user = findUser(desk, input);
    return work(desk, findTicket(desk, found[1]!, user), user, input);
  };

const again = (desk: DialectDesk, ticket: TicketRow): TicketRow => desk.store.ticket(ticket.id)!;

const coreRoutes: [RegExp, Route][] = [
  [
    /^POST tickets\.json$/,
    async (desk, request) => {
      const input = await readJson(request);
      if (request.headers.get('x-api-key') === `${desk.key}-may-not-create`)
        throw new Refusal(401, 'API key not authorized');
      return answer(201, createTicket(desk, input, false).number, 'text/html');
    },
  ],
];

const readmeRoutes: [RegExp, Route][] = [
  [
    /^GET topics\.(?:json|xml)$/,
    (desk) =>
      json(
        desk.store
          .topics()
          .filter((topic) => topic.public)
          .map(({ id, path }) => ({ id, value: path })),
      ),
  ],
  [
    /^GET tickets\.(?:json|xml)$/,
    (desk, { query }) => {
      const user = findUser(desk, { user_id: query.get('user_id'), email: query.get('email') });
      return json(manyTickets(desk, desk.store.tickets({ requesterId: user.id })));
    },
  ],
  [/^GET tickets\.(?:json|xml)\/(\d+)$/, (desk, _, found) => json(oneTicket(desk, findTicket(desk, found[1]!)))],
  // Even with a key that may not create.
  [
    /^POST tickets\.json$/,
    async (desk, request) => json(oneTicket(desk, createTicket(desk, await readJson(request), true)), 201),
  ],
  [
    /^POST tickets\.json\/(\d+)$/,
    onTicket((desk, ticket) => {
      if (ticket.state === 'closed' || ticket.state === 'resolved') desk.store.setState(ticket.id, 'open');
      return json(oneTicket(desk, again(desk, ticket)));
    }),
  ],
  [
    /^PUT tickets\.json\/(\d+)$/,
    onTicket((desk, ticket, user, input) => {
      reply(desk, ticket, user, input.message);
      return json(oneTicket(desk, again(desk, ticket), Boolean(word(input.message))));
    }),
  ],
  [
    /^DELETE tickets\.json\/(\d+)$/,
    onTicket((desk, ticket) => {
      close(desk, ticket);
      return answer(204, null, undefined);
    }),
  ],
  [
    /^GET scp\/tickets\/(ticketInfo|staffTickets|clientTickets)(?:\.json)?$/,
    (desk, request, found) => staffCall(desk, request, found[1]!),
  ],
  [/^POST (?:scp\/)?tickets\/reply\.json$/, staffReply],
  [/^GET scp\/tickets\.json$/, (desk) => staffJson(pairs(desk))],
  [/^POST scp\/users\.json$/, createUser],
];

const dispatch =
  (routes: readonly [RegExp, Route][]): Dialect =>
  async (desk, request) => {
    // Hosts that block PUT and DELETE are spoken to with `?_method=`.
    const method = request.query.get('_method')?.toUpperCase() ?? request.method;
    if (method === 'GET' && request.path === '/api/')
      return new Response(null, {
        status: 302,
        headers: { Location: '../', 'Content-Type': 'text/html; charset=UTF-8' },
      });
    const line = `${method} ${request.path.replace(/^\/api\/(?:http\.php\/)?/, '')}`;
    try {
      for (const [pattern, route] of routes) {
        const found = request.path.startsWith('/api/') && pattern.exec(line);
        if (!found) continue;
        const key = request.headers.get('x-api-key');
        if (key === `${desk.key}-inactive`)
          throw new Refusal(401, 'API key not found/active or source IP not authorized');
        if (key !== desk.key && key !== `${desk.key}-may-not-create`) throw new Refusal(401, 'Valid API key required');
        return await route(desk, request, found);
      }
      // Never 404 or 405; and OPTIONS ends here, so no page of another site gets any further.
      throw new Refusal(400, 'URL not supported');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (error.status === 500 && !error.message)
        return staffJson({ status_code: 'FAILURE', status_msg: 'Call to a member function getId() on null' }, 500);
      return answer(error.status, error.message, `text/${error.type}`);
    }
  };

/** The extension as documented; its create answers the whole ticket. */
export const osticket: Dialect = dispatch(readmeRoutes);

/** Without any extension: create answers the bare number, and there is nothing else. */
export const osticketCore: Dialect = dispatch(coreRoutes);
