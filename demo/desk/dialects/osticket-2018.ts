/**
 * osTicket 1.18 with the API extension as its code was in November 2018: form fields in, what `Accept` asks for out.
 * Field names, their order, media types, statuses and texts are those of recorded answers of a real installation; what is
 * not recorded follows the extension's source, and the comment says so.
 */
import type { PersonRow, TicketRow } from '../store.js';
import { type Dialect, type DialectDesk, type DialectRequest, zoneless } from './dialect.js';
import {
  addPerson,
  answer,
  castNumber,
  close,
  createTicket,
  customer,
  dispatch,
  type Facts,
  fullAddress,
  htmlBody,
  htmlType,
  type Input,
  isEmail,
  manyTickets,
  mayWrite,
  missingOfPerson,
  oneTicket,
  pairs,
  personObject,
  priorityObject,
  publicTopics,
  Refusal,
  reopen,
  reply,
  type Route,
  staffCall,
  staffReply,
  type StaffRules,
  states,
  toEntry,
  userObject,
  word,
} from './osticket-core.js';
import { escapeText, jsonEncode } from './php.js';

// In

/** POST knows what PHP puts into `$_POST`; a PUT or DELETE is read as a form, whatever it is. JSON is never seen. */
async function readForm(request: DialectRequest): Promise<Input> {
  if (request.method !== 'POST') return Object.fromEntries(new URLSearchParams(await request.text()));
  try {
    return Object.fromEntries((await request.form()).entries());
  } catch {
    return {};
  }
}

// Out

/** The ticket of the store behind an answer, for the one form that does not print the answer. */
const rows = new WeakMap<object, { readonly desk: DialectDesk; readonly ticket: TicketRow }>();

function toTicket(desk: DialectDesk, facts: Facts): unknown {
  const printed = {
    ticketNumber: facts.ticket.number,
    subject: facts.ticket.subject,
    status: states[facts.ticket.state].name,
    statusId: states[facts.ticket.state].id,
    priority: priorityObject(facts.ticket.priority),
    department: 'Support',
    create_timestamp: facts.created,
    user: userObject(facts.user, fullAddress(facts.user)),
    source: facts.ticket.source,
    due_timestamp: facts.due,
    close_timestamp: facts.closed,
    topic: facts.topic?.path ?? null,
    topicId: facts.topic?.id ?? 0,
    last_message_timestamp: facts.lastMessage,
    last_response_timestamp: facts.lastResponse,
    assigned_to: facts.assignedTo,
    threads: facts.entries.map((entry) => toEntry(desk, entry)),
  };
  rows.set(printed, { desk, ticket: facts.ticket });
  return printed;
}

/** The columns of a ticket as the ORM holds them. Recorded as being these; their values here are only likely ones. */
function columns(desk: DialectDesk, ticket: TicketRow): object {
  const time = (at: number | null): string | null => (at === null ? null : zoneless(at, desk.timeZone));
  return {
    ticket_id: ticket.id,
    ticket_pid: null,
    number: ticket.number,
    user_id: ticket.requester_id,
    user_email_id: 0,
    status_id: states[ticket.state].id,
    dept_id: 1,
    sla_id: 1,
    topic_id: ticket.topic_id ?? 0,
    staff_id: ticket.assignee_id ?? 0,
    team_id: 0,
    email_id: 0,
    lock_id: 0,
    flags: 0,
    sort: 0,
    ip_address: '::1',
    source: ticket.source,
    source_extra: null,
    isoverdue: 0,
    isanswered: ticket.last_response_at === null ? 0 : 1,
    duedate: null,
    est_duedate: time(ticket.due_at),
    reopened: null,
    closed: time(ticket.closed_at),
    lastupdate: time(ticket.updated_at),
    created: time(ticket.created_at),
    updated: time(ticket.updated_at),
  };
}

/** As the extension's source writes it: numbers become `item0`, an object within a list only its name. */
function toXml(value: unknown): string {
  const children = (parent: object): string =>
    Object.entries(parent)
      .map(([key, child]: [string, unknown]) => {
        const name = /^\d+$/.test(key) ? `item${key}` : key;
        if (!child || typeof child !== 'object')
          return `<${name}>${escapeText(child === true ? '1' : child ? String(child) : child === 0 ? '0' : '')}</${name}>`;
        const row = rows.get(child);
        if (row) return `<${name}>${row.ticket.number}</${name}>`;
        const inner = children(child);
        return inner ? `<${name}>${inner}</${name}>` : `<${name}/>`;
      })
      .join('');
  // Of a single ticket it walks the object's own state; of a text (every refusal) there is nothing to walk.
  const row = value && typeof value === 'object' ? rows.get(value) : undefined;
  const inner = row
    ? children({ ht: columns(row.desk, row.ticket), dirty: [], __new__: false, __deleted__: false, __deferred__: [] })
    : typeof value === 'object' && value
      ? children(value)
      : '';
  return `<?xml version="1.0"?>\n${inner ? `<data>${inner}</data>` : '<data/>'}\n`;
}

/** JSON or XML, where `Accept` names one of them; neither otherwise. */
function wanted({ headers }: DialectRequest): 'application/json' | 'application/xml' | undefined {
  return (headers.get('accept') ?? '')
    .toLowerCase()
    .replaceAll(' ', '')
    .split(',')
    .map((part) => part.split(';q='))
    .map(([type = '', quality = '1']) => ({ type, quality: Number(quality) }))
    .sort((a, b) => b.quality - a.quality)
    .map(({ type, quality }) => (quality ? type : ''))
    .find((type) => type === 'application/json' || type === 'application/xml');
}

/** JSON also where nothing was asked for, but then without a media type. */
function respond(request: DialectRequest, value: unknown, status = 200): Response {
  const type = wanted(request);
  return answer(status, type === 'application/xml' ? toXml(value) : jsonEncode(value), type);
}

/** Exceptions come as `{"error"}` in HTML; everything else as one JSON string. */
const refuse = (request: DialectRequest, { status, message, type }: Refusal): Response =>
  type === 'thrown' ? answer(status, jsonEncode({ error: message }), htmlType) : respond(request, message, status);

// Who and what

const thrown = (text: string, status = 400): Refusal => new Refusal(status, text, 'thrown');

function findUser(desk: DialectDesk, input: Input): PersonRow {
  // An empty id counts as one (source).
  if (input.userId === undefined && input.email === undefined)
    throw thrown('Either userId or email must be provided in request.');
  const user =
    input.userId === undefined ? customer(desk, '', word(input.email)) : customer(desk, word(input.userId) || '0', '');
  if (!user) throw thrown('Invalid user.');
  return user;
}

function findTicket(desk: DialectDesk, number: string, user?: PersonRow): TicketRow {
  const ticket = desk.store.ticketByNumber(castNumber(desk, number));
  if (!ticket || (user && ticket.requester_id !== user.id)) throw thrown('Unknown or invalid ticket ID.');
  return ticket;
}

const staff: StaffRules = {
  toTicket,
  respond,
  read: readForm,
  // The source forgets the status in this one case.
  staffFailure: 200,
};

/** Whoever the caller names is compared with the ticket's owner. */
const onTicket =
  (
    work: (desk: DialectDesk, request: DialectRequest, ticket: TicketRow, user: PersonRow, input: Input) => Response,
  ): Route =>
  async (desk, request, found) => {
    mayWrite(desk, request, 'thrown', '.');
    const input = await readForm(request);
    const user = findUser(desk, input);
    return work(desk, request, findTicket(desk, found[1]!, user), user, input);
  };

const whole = (desk: DialectDesk, request: DialectRequest, ticket: TicketRow, justReplied = false): Response =>
  respond(request, oneTicket(desk, desk.store.ticket(ticket.id)!, toTicket, justReplied));

const routes: readonly (readonly [RegExp, Route])[] = [
  [/^GET topics\.(?:json|xml)/, (desk, request) => respond(request, publicTopics(desk))],
  [/^GET tickets\.(?:json|xml)\/(\d+)$/, (desk, request, found) => whole(desk, request, findTicket(desk, found[1]!))],
  [
    // The pattern has no end: what follows the format is not looked at (source).
    /^GET tickets\.(?:json|xml)/,
    (desk, request) => {
      const input = Object.fromEntries(request.query);
      const user = findUser(desk, input);
      const tickets = desk.store
        .tickets({ requesterId: user.id })
        .filter(({ state }) => input.statusId === undefined || String(states[state].id) === input.statusId);
      return respond(request, manyTickets(desk, tickets, toTicket));
    },
  ],
  [
    /^POST tickets\.(?:json|xml)$/,
    async (desk, request) => {
      mayWrite(desk, request, 'thrown', '.');
      const input = await readForm(request);
      const user = input.email === undefined ? findUser(desk, input) : undefined;
      const { attachments: _, ...rest } = input;
      const ticket = createTicket(desk, rest, { user, source: 'api', body: htmlBody, unknownTopic: 'none' });
      return respond(request, oneTicket(desk, ticket, toTicket), 201);
    },
  ],
  [
    /^POST tickets\.(?:json|xml)\/(\d+)$/,
    onTicket((desk, request, ticket) => whole(desk, request, reopen(desk, ticket))),
  ],
  [
    /^PUT tickets\.(?:json|xml)\/(\d+)$/,
    onTicket((desk, request, ticket, user, { message }) => {
      const said = Boolean(word(message));
      if (said) reply(desk, ticket, user, user.name, htmlBody(message));
      return whole(desk, request, ticket, said);
    }),
  ],
  [
    /^DELETE tickets\.(?:json|xml)\/(\d+)$/,
    onTicket((desk, request, ticket) => {
      // Done or refused: 204 all the same.
      close(desk, ticket);
      return answer(204, null, wanted(request));
    }),
  ],
  [
    /^GET scp\/tickets\/(ticketInfo|staffTickets|clientTickets)\.(?:json|xml)$/,
    (desk, request, found) => staffCall(desk, request, found[1]!, staff),
  ],
  [
    /^POST (?:scp\/)?tickets\/reply\.json$/,
    (desk, request) => {
      mayWrite(desk, request);
      return staffReply(desk, request, staff);
    },
  ],
  [/^GET scp\/tickets\.(?:json|xml)$/, (desk, request) => respond(request, pairs(desk))],
  [
    /^POST scp\/users\.(?:json|xml)$/,
    async (desk, request) => {
      mayWrite(desk, request, 'thrown', '.');
      const input = await readForm(request);
      const missing = missingOfPerson(input);
      if (missing.length) throw thrown(`Missing parameters ${missing.join(', ')}`);
      const email = word(input.email);
      if (!isEmail(email) || desk.store.personByEmail(email)) throw thrown(`email ${email} is already in use.`);
      return respond(request, personObject(addPerson(desk, input)), 201);
    },
  ],
];

/** The extension as its code was in 2018. */
export const osticket2018: Dialect = dispatch(routes, refuse);
