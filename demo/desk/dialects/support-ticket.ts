/**
 * The generic support-ticket API, under `/` or `/api/v1/` of its mount. Paths, parameters, field names and the refusals'
 * words are those of its documentation; both sets of paths (documentation and code samples) answer.
 *
 * Not shown by the documentation, and chosen here: field errors as `{"field": ["…"]}` in the words that Django REST
 * framework uses (the documented ones are clearly its), whole-request errors under `detail`, `status_code` equal to the
 * HTTP status, the newest ticket first in the history, 404 and the redirect for a missing slash as Django answers.
 */
import type { FileDraft, PersonRow, TicketFilter, TicketRow, TicketState } from '../store.js';
import type { Dialect, DialectDesk, DialectRequest } from './dialect.js';
import { escapeText, plainText } from './php.js';

type Errors = Readonly<Record<string, unknown>>;

class Refusal extends Error {
  readonly status: number;
  readonly errors: Errors;

  constructor(status: number, errors: Errors) {
    super(`refused with ${status}`);
    this.status = status;
    this.errors = errors;
  }
}

const invalid = (field: string, text: string): Refusal => new Refusal(400, { [field]: [text] });

const envelope = (status: number, errors: Errors, data: unknown): Response =>
  Response.json({ status_code: status, errors, data }, { status });

const done = (data: unknown = {}): Response => envelope(200, {}, data);

/** 2 MiB, documented. */
const maxFileBytes = 2_097_152;
const required = 'This field is required.';
const invalidInput = 'Invalid Input';

// 1 open, 2 processing, 3 closed
const statusIds: Readonly<Record<TicketState, string>> = {
  open: '1',
  processing: '2',
  resolved: '3',
  closed: '3',
  archived: '3',
};
const statesOf: Readonly<Record<string, readonly TicketState[]>> = {
  1: ['open'],
  2: ['processing'],
  3: ['resolved', 'closed', 'archived'],
};

// Input

type Input = ReadonlyMap<string, readonly unknown[]>;

/** The body as fields, whichever of the three ways it came in. */
async function readInput(request: DialectRequest): Promise<Input> {
  const type = request.headers.get('content-type') ?? '';
  try {
    if (/^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type)) {
      const form = await request.form();
      return new Map([...new Set(form.keys())].map((name) => [name, form.getAll(name)]));
    }
    const text = await request.text();
    const value: unknown = text ? JSON.parse(text) : {};
    return new Map(Object.entries(value as object).map(([name, each]) => [name, Array.isArray(each) ? each : [each]]));
  } catch {
    throw new Refusal(400, { detail: 'JSON parse error' });
  }
}

/** A number or text as text; undefined where it is absent. */
function word(input: Input, name: string): string | undefined {
  const value = input.get(name)?.[0];
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : undefined;
}

/** Collects what is wrong with each field, so that one refusal names all of them. */
class Fields {
  readonly #input: Input;
  readonly #errors: Record<string, string[]> = {};

  constructor(input: Input) {
    this.#input = input;
  }

  fail(name: string, text: string): void {
    (this.#errors[name] ??= []).push(text);
  }

  text(name: string, max = Number.POSITIVE_INFINITY): string {
    const value = word(this.#input, name)?.trim();
    if (value === undefined) this.fail(name, required);
    else if (!value) this.fail(name, 'This field may not be blank.');
    else if ([...value].length > max) this.fail(name, `Ensure this field has no more than ${max} characters.`);
    return value ?? '';
  }

  choice(name: string, choices: readonly string[], optional = false): number {
    const value = word(this.#input, name);
    if (value === undefined) {
      if (!optional) this.fail(name, required);
    } else if (!choices.includes(value)) this.fail(name, `"${value}" is not a valid choice.`);
    return Number(value);
  }

  /** One file at most counts, as documented. */
  async file(maxBytes: number): Promise<FileDraft[]> {
    const value = this.#input.get('attachment')?.[0];
    if (!(value instanceof File)) return [];
    if (value.size > maxBytes) this.fail('attachment', `File too large. Size should not exceed ${maxBytes >> 20} MiB.`);
    const type = value.type || 'application/octet-stream';
    return [{ name: value.name, type, bytes: new Uint8Array(await value.arrayBuffer()) }];
  }

  check(): void {
    if (Object.keys(this.#errors).length) throw new Refusal(400, this.#errors);
  }
}

/** The person's own ticket; one of somebody else is refused like one that does not exist. */
function ownTicket({ store }: DialectDesk, me: PersonRow, id: string | undefined, field: string): TicketRow {
  if (id === undefined || id === '') throw invalid(field, required);
  const ticket = /^\d+$/.test(id) ? store.ticket(Number(id)) : undefined;
  if (ticket?.requester_id !== me.id) throw invalid(field, invalidInput);
  return ticket;
}

// Output

const isSaid = ({ kind }: { readonly kind: string }): boolean => kind === 'message' || kind === 'reply';

/** `priority` and `status` are text, ids and `category` numbers. Nowhere a date, and no total. */
function listed(desk: DialectDesk, tickets: readonly TicketRow[]): unknown[] {
  const entries = desk.store.entriesOf(tickets.map(({ id }) => id));
  const topics = new Map(desk.store.topics().map((topic) => [topic.id, topic.path]));
  return tickets.map((ticket) => {
    const first = entries.get(ticket.id)!.find(isSaid);
    return {
      id: ticket.id,
      subject: ticket.subject,
      priority: String(Math.min(ticket.priority, 3)),
      category: ticket.topic_id,
      category_title: topics.get(ticket.topic_id ?? 0) ?? '',
      comment: first ? plainText(first.body, first.format) : '',
      status: statusIds[ticket.state],
    };
  });
}

function detail({ store }: DialectDesk, ticket: TicketRow): unknown {
  const [first, ...others] = store.entries(ticket.id).filter(isSaid);
  const requester = store.person(ticket.requester_id)!.email;
  const author = (id: number | null): string => (id === null ? requester : store.person(id)!.email);
  const shown = new Set([first, ...others].map((entry) => entry?.id));
  return {
    ticket: {
      id: ticket.id,
      subject: ticket.subject,
      priority: String(Math.min(ticket.priority, 3)),
      category: ticket.topic_id,
      comment: first ? plainText(first.body, first.format) : '',
      status: statusIds[ticket.state],
      tags: store.tagsOf(ticket.id),
    },
    author: requester,
    conversations: others.map((entry) => ({
      id: entry.id,
      ticket: ticket.id,
      comment: plainText(entry.body, entry.format),
      author: author(entry.person_id),
    })),
    attachments: store
      .attachments(ticket.id)
      .filter((file) => shown.has(file.entry_id))
      // Files of the ticket itself belong to no conversation.
      .map(({ id, entry_id }) => (entry_id === first?.id ? { id } : { id, conversation_id: entry_id })),
  };
}

// Calls

type Call = (
  desk: DialectDesk,
  me: PersonRow,
  request: DialectRequest,
  found: readonly string[],
) => Response | Promise<Response>;

const categories: Call = ({ store }) =>
  done({
    CategoryList: store
      .topics()
      .filter((topic) => topic.public)
      .map(({ id, path, description }) => ({ id, category: path, description })),
  });

const tags: Call = ({ store }) => done({ TicketTagList: store.tags() });

const create: Call = async (desk, me, request) => {
  const { store } = desk;
  const input = await readInput(request);
  const fields = new Fields(input);
  const subject = fields.text('subject', 500);
  const priority = fields.choice('priority', ['1', '2', '3']);
  const comment = fields.text('comment');
  const category = word(input, 'category');
  const topic = store.topics().find(({ id }) => String(id) === category);
  if (category === undefined) fields.fail('category', required);
  else if (!topic?.public) fields.fail('category', `Invalid pk "${category}" - object does not exist.`);
  const files = await fields.file(desk.maxFileBytes ?? maxFileBytes);
  fields.check();
  const open = store.tickets({ requesterId: me.id, states: ['open', 'processing'] }).length;
  // Documented with 401, spelling and all: this is not about the sign-in.
  if (open >= (desk.openTicketLimit ?? Number.POSITIVE_INFINITY))
    throw new Refusal(401, { detail: 'Currenly Open Ticket Limit Exceed.' });
  store.addTicket(
    { subject, requesterId: me.id, topicId: topic!.id, priority },
    {
      kind: 'message',
      personId: me.id,
      poster: me.name,
      title: subject,
      source: 'API',
      body: escapeText(comment),
      files,
    },
  );
  return done();
};

const history: Call = (desk, me, { query }) => {
  const number = (name: string, text: string): string | undefined => {
    const value = query.get(name) || undefined;
    if (value && !/^\d+$/.test(value)) throw invalid(name, text);
    return value;
  };
  const category = number('category', 'Catogory id is not valid numeric');
  const status = number('status', 'Status id is not valid numeric');
  const filter: TicketFilter = {
    requesterId: me.id,
    newest: true,
    limit: Number(number('limit', 'A valid integer is required.') ?? 50),
    offset: Number(number('offset', 'A valid integer is required.') ?? 0),
    subject: query.get('subject') ?? '',
    ...(category && { topicId: Number(category) }),
    ...(status && { states: statesOf[status] ?? [] }),
  };
  return done({ TicketList: listed(desk, desk.store.tickets(filter)) });
};

/** The id in the query, or in the body of the GET. */
const detailed: Call = async (desk, me, request) => {
  const id = request.query.get('ticket_id') ?? word(await readInput(request), 'ticket_id');
  return done(detail(desk, ownTicket(desk, me, id, 'ticket_id')));
};

const converse: Call = async (desk, me, request) => {
  const input = await readInput(request);
  const fields = new Fields(input);
  const comment = fields.text('comment');
  const files = await fields.file(desk.maxFileBytes ?? maxFileBytes);
  if (word(input, 'ticket') === undefined) fields.fail('ticket', required);
  fields.check();
  const ticket = ownTicket(desk, me, word(input, 'ticket'), 'ticket');
  desk.store.addEntry(ticket.id, {
    kind: 'message',
    personId: me.id,
    poster: me.name,
    body: escapeText(comment),
    files,
  });
  return done();
};

/** 2 opens (as processing) what is closed, 3 closes what is not; anything else is refused. */
const setStatus: Call = async (desk, me, request) => {
  const input = await readInput(request);
  const fields = new Fields(input);
  const status = word(input, 'status');
  if (status === undefined) fields.fail('status', required);
  if (word(input, 'ticket') === undefined) fields.fail('ticket', required);
  fields.check();
  const ticket = ownTicket(desk, me, word(input, 'ticket'), 'ticket');
  const current = statusIds[ticket.state];
  if (status !== '2' && status !== '3') throw invalid('status', "can't open or close");
  if (status === '3' && current === '3') throw invalid('status', 'already closed');
  if (status === '3' && ticket.locked) throw invalid('status', "can't open or close");
  if (status === '2' && current === '2') throw invalid('status', 'already processing');
  if (status === '2' && current === '1') throw invalid('status', 'already open');
  desk.store.setState(ticket.id, status === '3' ? 'closed' : 'processing');
  return done();
};

const update: Call = async (desk, me, request) => {
  const { store } = desk;
  const input = await readInput(request);
  const fields = new Fields(input);
  const known = store.tags().map(({ id }) => String(id));
  const priority = fields.choice('priority', ['1', '2', '3'], true);
  let given = input.get('tags') ?? [];
  // A list in one form field.
  const list = /^\[([\d,\s]*)\]$/.exec(String(given[0] ?? ''));
  if (list) given = list[1]!.split(',').flatMap((id) => id.trim() || []);
  if (!input.has('tags')) fields.fail('tags', required);
  else if (!given.length) fields.fail('tags', 'This list may not be empty.');
  for (const tag of given)
    if (!/^\d+$/.test(String(tag))) fields.fail('tags', 'Incorrect type. Expected pk value, received str.');
    else if (!known.includes(String(tag))) fields.fail('tags', `Invalid pk "${String(tag)}" - object does not exist.`);
  if (word(input, 'ticket_id') === undefined) fields.fail('ticket_id', required);
  fields.check();
  const ticket = ownTicket(desk, me, word(input, 'ticket_id'), 'ticket_id');
  store.transaction(() => {
    store.setTags(ticket.id, given.map(Number));
    if (priority) store.changeTicket(ticket.id, { priority });
  });
  return done();
};

const download: Call = ({ store }, me, _, found) => {
  const file = store.attachment(Number(found[1]));
  const ticket = file && store.ticket(file.ticket_id);
  const entry = file && store.entries(file.ticket_id).find(({ id }) => id === file.entry_id);
  if (ticket?.requester_id !== me.id || !entry || !isSaid(entry)) throw invalid('attachment_id', invalidInput);
  const ascii = file.name.replace(/[^\x20-\x7e]|["\\]/g, '_');
  return new Response(file.bytes, {
    headers: {
      'Content-Type': file.type,
      'Content-Disposition': `attachment; filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    },
  });
};

const calls: readonly [RegExp, Call][] = [
  [/^GET (?:support\/get\/category-list|get\/support-ticket\/catogory-list)\/$/, categories],
  [/^POST (?:support\/create\/ticket|creat\/support\/ticket)\/$/, create],
  [/^GET (?:support\/)?get\/ticket\/history\/$/, history],
  [/^GET (?:support\/)?get\/ticket\/tags\/$/, tags],
  [/^POST (?:support\/update\/ticket|update\/support\/ticket)\/$/, update],
  [/^GET support\/ticket\/detailed-view\/$/, detailed],
  [/^GET support\/ticket\/download\/(\d+)\/$/, download],
  [/^POST support\/ticket\/conversation\/$/, converse],
  [/^POST support\/ticket\/status\/$/, setStatus],
];

/** Both are wanted on every call, those included whose samples leave one out. */
function signIn({ store, key, tokens }: DialectDesk, headers: Headers): PersonRow {
  const token = /^Bearer (\S+)$/i.exec(headers.get('authorization') ?? '')?.[1];
  const apiKey = headers.get('apikey');
  if (!apiKey || !token) throw new Refusal(401, { detail: 'Authentication credentials were not provided.' });
  const email = tokens.get(token);
  const me = email === undefined ? undefined : store.personByEmail(email);
  if (apiKey !== key || !me) throw new Refusal(401, { detail: 'Invalid token.' });
  return me;
}

const notFound = '<h1>Not Found</h1><p>The requested resource was not found on this server.</p>';

export const supportTicket: Dialect = async (desk, request) => {
  const path = request.path.replace(/^\/(?:api\/v1\/)?/, '');
  const line = `${request.method} ${path}`;
  try {
    for (const [pattern, call] of calls) {
      const found = pattern.exec(line);
      if (found) return await call(desk, signIn(desk, request.headers), request, found);
      if (pattern.exec(`GET ${path}`) || pattern.exec(`POST ${path}`))
        throw new Refusal(405, { detail: `Method "${request.method}" not allowed.` });
      // A slash is missing: the redirect loses the body of a POST.
      if (pattern.exec(`${line}/`)) {
        const query = request.query.size ? `?${request.query.toString()}` : '';
        return new Response(null, { status: 301, headers: { Location: `${path.split('/').at(-1)!}/${query}` } });
      }
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return envelope(error.status, error.errors, {});
  }
  return new Response(notFound, { status: 404, headers: { 'Content-Type': 'text/html' } });
};
