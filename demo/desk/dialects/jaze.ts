/**
 * The ticket API of an ISP manager (Jaze), under `/` or `/api/v1/` of its mount. Paths, parameters, field names, their
 * order and the samples' oddities are those of its documentation: an equals sign after `errorCode`, a text broken over two
 * lines, an assignment that succeeds with `error`, a state changed by GET, everybody's tickets for user 0.
 *
 * Not described by the documentation, and chosen here: the key (in `Authorization`, with or without `Bearer`, or in
 * `X-API-Key`), every refusal's words and code with HTTP 200, the words of success where no sample shows them, form fields
 * for every POST, tickets oldest first, and that who asks is nowhere compared with the ticket's owner.
 */
import type { EntryRow, PersonRow, TicketRow } from '../store.js';
import { type Dialect, type DialectDesk, type DialectRequest, zoneless } from './dialect.js';
import { escapeText, plainText } from './php.js';

class Refusal extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** Where the sample of a raised ticket goes on in the next line. */
const brokenLine = /(?<=^ {2}"message": "Your ticket with the ID \d+ has been raised\. Please wait for the) response/m;

type Answer = Readonly<Record<string, unknown>>;

function print(desk: DialectDesk, value: Answer, status = 200): Response {
  const text = JSON.stringify(value, null, 2);
  const body = desk.validJson
    ? text
    : text.replace('"errorCode":', '"errorCode" =').replace(brokenLine, ' \n response');
  return new Response(body, { status, headers: { 'Content-Type': 'application/json' } });
}

const done = (more: Answer): Answer => ({ status: 'success', errorCode: 200, ...more });

// Input

type Input = Readonly<Record<string, string>>;

async function readForm(request: DialectRequest): Promise<Input> {
  try {
    const fields = [...(await request.form()).entries()];
    return Object.fromEntries(fields.map(([name, value]) => [name, typeof value === 'string' ? value.trim() : '']));
  } catch {
    return {};
  }
}

function required(input: Input, ...names: readonly string[]): void {
  const missing = names.filter((name) => !input[name]);
  if (missing.length) throw new Refusal(400, `${missing.join(', ')} should not be empty`);
}

function findTicket({ store }: DialectDesk, id = ''): TicketRow {
  const ticket = /^\d+$/.test(id) ? store.ticket(Number(id)) : undefined;
  if (!ticket) throw new Refusal(404, 'Invalid ticket ID');
  return ticket;
}

function findUser({ store }: DialectDesk, id = ''): PersonRow {
  const person = /^\d+$/.test(id) ? store.person(Number(id)) : undefined;
  if (person?.role !== 'customer') throw new Refusal(404, 'Invalid user ID');
  return person;
}

function findAdmin({ store }: DialectDesk, name = ''): PersonRow | undefined {
  const person = store.agent(name) ?? store.personByEmail(name);
  return person?.role === 'agent' ? person : undefined;
}

// Words

const priorityWords = ['', 'low', 'medium', 'high', 'urgent'];

const isClosed = ({ state }: TicketRow): boolean => state !== 'open' && state !== 'processing';

/** What is stored; the other words of `views` are ways of looking at it. */
const stateWord = (ticket: TicketRow): string =>
  isClosed(ticket) ? 'closed' : ticket.on_hold ? 'onhold' : ticket.assignee_id === null ? 'unassigned' : 'open';

type View = (ticket: TicketRow, now: number, day: (at: number) => string) => boolean;

const views: Readonly<Record<string, View>> = {
  unresolved: (ticket) => !isClosed(ticket),
  overdue: (ticket, now) => !isClosed(ticket) && ticket.due_at !== null && ticket.due_at < now,
  duetoday: (ticket, now, day) => !isClosed(ticket) && ticket.due_at !== null && day(ticket.due_at) === day(now),
  open: (ticket) => stateWord(ticket) === 'open',
  onhold: (ticket) => stateWord(ticket) === 'onhold',
  unassigned: (ticket) => stateWord(ticket) === 'unassigned',
  closed: isClosed,
};

/** The four letters, where there is nobody. */
const assignedTo = ({ store }: DialectDesk, { assignee_id }: TicketRow): string =>
  assignee_id === null ? 'NULL' : store.person(assignee_id)!.email;

const said = (words: string, personId: number, poster: string) =>
  ({ kind: 'message', personId, poster, body: escapeText(words) }) as const;

// Calls

type Call = (
  desk: DialectDesk,
  request: DialectRequest,
  found: readonly (string | undefined)[],
) => Answer | Promise<Answer>;

const raise: Call = async (desk, request) => {
  const { store } = desk;
  const input = await readForm(request);
  const atOnce = input.closeTicketImmediately === 'true';
  required(input, 'type', 'subject', 'userId', 'comments', ...(atOnce ? ['resolutionType', 'resolutionSubject'] : []));
  const user = findUser(desk, input.userId);
  const type = input.type!.toLowerCase();
  const topic = store.topics().find(({ name, path }) => name.toLowerCase() === type || path.toLowerCase() === type);
  if (!topic?.public) throw new Refusal(400, 'Invalid ticket type');
  const priority = priorityWords.indexOf(input.priority?.toLowerCase() || 'medium');
  if (priority < 1) throw new Refusal(400, 'Invalid priority');
  const ticket = store.transaction(() => {
    const { id } = store.addTicket(
      { subject: input.subject!, requesterId: user.id, topicId: topic.id, priority },
      { ...said(input.comments!, user.id, user.name), title: input.subject!, source: 'API' },
    );
    if (atOnce) {
      const body = escapeText(`${input.resolutionType}: ${input.resolutionSubject}`);
      store.addEntry(id, { kind: 'event', poster: 'SYSTEM', title: 'Status Changed', body });
      store.setState(id, 'closed');
    }
    return id;
  });
  return done({
    message: `Your ticket with the ID ${ticket} has been raised. Please wait for the response and note the ticket Id for future reference.`,
    ticketId: String(ticket),
  });
};

/** `dd-mm-yyyy H:m` as the beginning of a time without a zone. */
function sortable(value: string, name: string): string {
  const [, day, month, year, hour, minute] = /^(\d\d?)-(\d\d?)-(\d{4}) (\d\d?):(\d\d?)$/.exec(value) ?? [];
  if (!year) throw new Refusal(400, `${name} should be dd-mm-yyyy H:m`);
  const two = (part = ''): string => part.padStart(2, '0');
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}`;
}

/** A range counts in a POST only. Without a status every ticket is listed; for user 0, or none, that of everybody. */
const list: Call = async (desk, request, [, userId, status, admin]) => {
  const { store, timeZone } = desk;
  if (userId && !/^\d+$/.test(userId)) throw new Refusal(404, 'Invalid user ID');
  if (status && !Object.hasOwn(views, status)) throw new Refusal(400, 'Invalid status');
  const { fromDate, toDate } = request.method === 'POST' ? await readForm(request) : ({} as Input);
  const from = fromDate ? sortable(fromDate, 'fromDate') : '';
  const to = toDate ? sortable(toDate, 'toDate') : '~';
  const agent = admin ? (findAdmin(desk, admin)?.id ?? -1) : undefined;
  const topics = new Map(store.topics().map((topic) => [topic.id, topic]));
  const day = (at: number): string => zoneless(at, timeZone).slice(0, 10);
  const tickets = store
    .tickets({
      ...(Number(userId) && { requesterId: Number(userId) }),
      ...(agent !== undefined && { assigneeId: agent }),
    })
    .filter((ticket) => {
      const created = zoneless(ticket.created_at, timeZone).slice(0, 16);
      return created >= from && created <= to && (!status || views[status]!(ticket, store.now(), day));
    });
  return done({
    data: tickets.map((ticket) => {
      const topic = topics.get(ticket.topic_id ?? 0);
      return {
        Ticket: {
          id: String(ticket.id),
          account_id: 'helpdesk',
          user: String(ticket.requester_id),
          subject: ticket.subject,
          type: topic?.name ?? '',
          priority: priorityWords[ticket.priority],
          due: ticket.due_at === null ? '' : zoneless(ticket.due_at, timeZone),
          status: stateWord(ticket),
          assigned_to: assignedTo(desk, ticket),
          group_name: topic?.path.split(' / ')[0] ?? '',
          created: zoneless(ticket.created_at, timeZone),
        },
      };
    }),
  });
};

/** Also an admin's words, if the caller says so. */
const send: Call = async (desk, request) => {
  const { store } = desk;
  const input = await readForm(request);
  required(input, 'ticketId', 'ticketMessage', 'sender', 'sender_name', 'showToUser');
  const ticket = findTicket(desk, input.ticketId);
  const { sender, ticketMessage, showToUser } = input;
  if (sender !== 'admin' && sender !== 'user') throw new Refusal(400, 'Invalid sender');
  if (showToUser !== 'true' && showToUser !== 'false') throw new Refusal(400, 'Invalid showToUser');
  const admin = sender === 'admin' ? findAdmin(desk, input.sender_name) : undefined;
  if (sender === 'admin' && !admin) throw new Refusal(404, 'Invalid admin');
  const person = admin ?? store.person(Number(input.sender_name)) ?? store.person(ticket.requester_id)!;
  store.addEntry(ticket.id, {
    ...said(ticketMessage!, person.id, person.name),
    ...(admin && { kind: showToUser === 'true' ? 'reply' : 'note' }),
  });
  return done({ message: `Message has been sent by ${sender}` });
};

/** `show_to_user` of the customer's own words is "0" all the same (sample). What only happened is not told. */
const toMessage = (desk: DialectDesk, { kind, person_id, poster, body, format, created_at }: EntryRow): unknown => {
  const person = person_id === null ? undefined : desk.store.person(person_id);
  return {
    sender: kind === 'message' ? 'user' : 'admin',
    sender_name: kind === 'message' ? (person?.name ?? poster) : (person?.email ?? poster),
    ticket_message: plainText(body, format),
    created: zoneless(created_at, desk.timeZone),
    show_to_user: kind === 'reply' ? '1' : '0',
  };
};

const details: Call = (desk, _, [, id]) => {
  const ticket = findTicket(desk, id);
  return done({
    message: {
      ticket_conversation: desk.store
        .entries(ticket.id)
        .filter(({ kind }) => kind !== 'event')
        .map((entry) => toMessage(desk, entry)),
      ticket_details: {
        status: stateWord(ticket),
        assigned_to: assignedTo(desk, ticket),
        // Later than the messages, as in the sample: when the ticket was touched last.
        created: zoneless(ticket.updated_at, desk.timeZone),
      },
    },
  });
};

const close: Call = (desk, _, [, id]) => {
  const ticket = findTicket(desk, id);
  if (ticket.locked) throw new Refusal(400, `The ticket ID${ticket.id} cannot be closed`);
  if (!isClosed(ticket))
    desk.store.transaction(() => {
      const body = 'Closed by user';
      desk.store.addEntry(ticket.id, { kind: 'event', poster: 'SYSTEM', title: 'Status Changed', body });
      desk.store.setState(ticket.id, 'closed');
    });
  return done({ message: `The ticket ID${ticket.id} has been closed` });
};

const assign: Call = async (desk, request) => {
  const input = await readForm(request);
  required(input, 'ticketId', 'admin');
  const ticket = findTicket(desk, input.ticketId);
  const admin = findAdmin(desk, input.admin);
  if (!admin) throw new Refusal(404, 'Invalid admin');
  desk.store.changeTicket(ticket.id, { assignee_id: admin.id });
  // Done, with a status that says it is not (sample).
  return { ...done({ message: `The ticket ID${ticket.id} has been assigned to ${input.admin}` }), status: 'error' };
};

const reopen: Call = async (desk, request) => {
  const input = await readForm(request);
  required(input, 'ticketId', 'userId', 'comments');
  const ticket = findTicket(desk, input.ticketId);
  const user = findUser(desk, input.userId);
  if (!isClosed(ticket)) throw new Refusal(400, `The ticket ID${ticket.id} is not closed`);
  desk.store.transaction(() => {
    desk.store.addEntry(ticket.id, said(input.comments!, user.id, user.name));
    desk.store.setState(ticket.id, 'open');
  });
  return done({ message: `The ticket ID${ticket.id} has been reopened` });
};

const rate: Call = async (desk, request) => {
  const input = await readForm(request);
  required(input, 'ticketId', 'userId', 'ratingValue');
  const ticket = findTicket(desk, input.ticketId);
  findUser(desk, input.userId);
  if (!/^[1-5]$/.test(input.ratingValue!)) throw new Refusal(400, 'ratingValue should be from 1 to 5');
  desk.store.changeTicket(ticket.id, { rating: Number(input.ratingValue) });
  return done({ message: `The rating of the ticket ID${ticket.id} has been saved` });
};

const calls: readonly (readonly [RegExp, Call])[] = [
  [/^POST raise_ticket$/, raise],
  [/^(?:GET|POST) get_tickets(?:\/([^/]*)(?:\/([^/]*)(?:\/([^/]*))?)?)?$/, list],
  [/^POST send_message$/, send],
  [/^GET get_ticket_details(?:\/([^/]*))?$/, details],
  [/^GET close_ticket(?:\/([^/]*))?$/, close],
  [/^POST assign_ticket_to_admin$/, assign],
  [/^POST reopen_ticket$/, reopen],
  [/^POST ticket_rating$/, rate],
];

const decode = (segment: string | undefined): string | undefined => {
  try {
    return segment && decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

export const jaze: Dialect = async (desk, request) => {
  const { headers } = request;
  const line = `${request.method} ${request.path.replace(/^\/(?:api\/v1\/)?/, '').replace(/\/$/, '')}`;
  const refuse = ({ code, message }: Refusal, status?: number): Response =>
    print(desk, { status: 'error', errorCode: code, message }, status);
  const keys = [headers.get('authorization')?.replace(/^Bearer /i, ''), headers.get('x-api-key')];
  if (!keys.includes(desk.key)) return refuse(new Refusal(401, 'Unauthorized'), 401);
  try {
    for (const [pattern, call] of calls) {
      const found = pattern.exec(line);
      if (found) return print(desk, await call(desk, request, [...found].map(decode)));
    }
    return refuse(new Refusal(404, 'Not found'), 404);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return refuse(error);
  }
};
