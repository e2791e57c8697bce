/**
 * The generic support-ticket API (`support/…`, an `apikey` and a bearer token). Everything here is documented, not
 * recorded; what the documentation leaves open is read in every form it may have.
 */
import { HelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import type { Attachment, Identity, Person, Tag, Thread, ThreadEntry, Ticket, TicketStatus, Topic } from '../model.js';
import { defineBackend, narrow, type Backend, type BackendOptions, type Call } from './backend.js';
import { createHttp, type Answer } from './http.js';
import { later } from './later.js';
import { known, list, maybe, own, parse, record, text, type Json } from './read.js';
import type { Desk, Fields } from './support-ticket-write.js';
import { problem } from './words.js';

/** Options of the `support-ticket` back end. `paths` knows the names of the table below. */
export interface SupportTicketOptions extends BackendOptions {
  /** Sent as `apikey`. Left out where a proxy adds it. */
  apiKey?: string;
  /** The person's bearer token, or what gives one; asked before each request. */
  accessToken?: string | (() => string | Promise<string>);
  /**
   * The documentation has two sets of paths: its tables' (`documented`) and its code samples' (`samples`). `auto` tries
   * the first, on 404 the second, and remembers which was there. Default `auto`.
   */
  pathStyle?: 'documented' | 'samples' | 'auto';
}

/** Documented path, and the one of the samples where it differs (misspelt there). */
const calls = {
  topics: ['GET', 'support/get/category-list/', 'get/support-ticket/catogory-list/'],
  create: ['POST', 'support/create/ticket/', 'creat/support/ticket/'],
  list: ['GET', 'support/get/ticket/history/', 'get/ticket/history/'],
  tags: ['GET', 'support/get/ticket/tags/', 'get/ticket/tags/'],
  update: ['POST', 'support/update/ticket/', 'update/support/ticket/'],
  detail: ['GET', 'support/ticket/detailed-view/'],
  download: ['GET', 'support/ticket/download/{id}/'],
  reply: ['POST', 'support/ticket/conversation/'],
  status: ['POST', 'support/ticket/status/'],
} as const;

const priorities = ['Low', 'Medium', 'High'].map((name, index) => ({ id: `${index + 1}`, name }));

/** Statuses 1 to 3, as their word and ours. Reopening makes a ticket 2, not 1. */
const statuses: readonly (readonly [string, TicketStatus])[] = [
  ['Open', 'open'],
  ['Processing', 'pending'],
  ['Closed', 'closed'],
];

/** Their field → ours. */
const fieldNames: Record<string, string> = {
  subject: 'subject',
  comment: 'message',
  category: 'topicId',
  priority: 'priority',
  attachment: 'files',
  tags: 'tags',
};

/** Words of a refusal that decide. A 401 need not be about signing in. */
const refusals: readonly (readonly [RegExp, HelpDeskErrorCode])[] = [
  [/limit exceed/i, 'limit-reached'],
  [/open or close/i, 'forbidden'],
  [/already (open|close|proc)/i, 'conflict'],
];

/** Every text in a body whose form is not documented, with the field it stands under. */
const sentences = (value: unknown, field = '', depth = 9): (readonly [string, string])[] =>
  typeof value === 'string'
    ? [[field, value]]
    : depth && value && typeof value === 'object'
      ? Object.entries(value).flatMap(([key, inner]) => sentences(inner, own(fieldNames, key) ?? field, depth - 1))
      : [];

function refusal(answer: Answer): HelpDeskError | undefined {
  let found: ReturnType<typeof sentences> = [];
  try {
    found = sentences(parse(answer.text));
  } catch {
    // A page: its status says what there is to say.
  }
  const code = refusals.find(([pattern]) => found.some(([, words]) => pattern.test(words)))?.[1];
  const named = found.filter(([field]) => field && !code).map(([field, words]) => [field, problem(words)] as const);
  return code || named.length
    ? new HelpDeskError(code ?? 'invalid', { fields: Object.fromEntries(named), cause: answer })
    : undefined;
}

/** A form; a list becomes a field for each of its values, an undefined value none. */
function toForm(fields: Fields): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const each of [value ?? []].flat()) form.append(name, each as string);
  return form;
}

/** Not documented, but dropped where an installation has it: what agents write to each other. */
const inner = /^((type|kind|visibility) |\w*)(intern|priv|note)\w*( 1| true| yes|)$/i;
const isNote = (row: Json): boolean =>
  Object.entries(row).some(([key, value]) => inner.test(`${key} ${value === true || text(value)}`));

const byId = (a: Json, b: Json): number => Number(text(a['id'])) - Number(text(b['id']));

const lower = (email?: string): string => text(email).trim().toLowerCase();

/**
 * The generic support-ticket API.
 *
 * The token says who asks; `identity.email` tells that person's messages from agents' (else the ticket's author does).
 * Nothing has a date: tickets are ordered by id, newest first. A new ticket's id is not answered: it is looked for among
 * those that the list did not have before, and is empty where it is not found. One file of 2 MiB goes with a ticket or a
 * reply. A reopened ticket is `pending`, since the system calls it Processing.
 */
export const supportTicket = defineBackend('support-ticket', (options: SupportTicketOptions): Backend => {
  const { apiKey, accessToken, statusMap, pathStyle = 'auto' } = options;
  const http = createHttp(options, {
    headers: async () => {
      const token = typeof accessToken === 'function' ? await accessToken() : accessToken;
      return { apikey: apiKey, Authorization: token && `Bearer ${token}` };
    },
    refusal,
  });
  const files = narrow({ maxCount: 1, maxBytes: 2 ** 21 }, options);
  /** Names of topics and tags as far as they were seen: a ticket has their ids. */
  const topicNames = new Map<string, string>();
  const tagNames = new Map<string, string>();
  let style: 0 | 1 | undefined = pathStyle === 'auto' ? undefined : pathStyle === 'samples' ? 1 : 0;

  async function send(name: keyof typeof calls, call: Call, fields: Fields = {}): Promise<Answer> {
    const [method, ...forms] = calls[name];
    const at = async (which: 0 | 1): Promise<Answer> => {
      const path = options.paths?.[name] ?? forms[which] ?? forms[0];
      const answer = await http(
        method,
        path.replace('{id}', text(fields['id'])),
        call,
        method === 'POST'
          ? { body: toForm(fields), upload: !!fields['attachment']?.length }
          : name === 'download'
            ? { file: true }
            : { query: fields as Record<string, string> },
      );
      if (forms[1]) style = which;
      return answer;
    };
    if (style !== undefined || !forms[1]) return at(style ?? 0);
    return at(0).catch((error: HelpDeskError) => {
      if (error.code !== 'not-found') throw error;
      return at(1);
    });
  }

  /** What an answer holds. */
  async function read(name: keyof typeof calls, call: Call, fields?: Fields): Promise<Json> {
    const answer = await send(name, call, fields);
    const raw = record(parse(answer.text));
    // The envelope's own status may say more than HTTP's.
    if (Number(text(raw['status_code'])) >= 400)
      throw refusal(answer) ?? new HelpDeskError('invalid', { cause: answer });
    return record(raw['data']);
  }

  /** About one ticket or file: a refusal that names no field of ours means that this person has none such. */
  async function about<T>(id: string, work: () => Promise<T>): Promise<T> {
    if (!/^\d{1,20}$/.test(id)) throw new HelpDeskError('not-found');
    return work().catch((error: HelpDeskError) => {
      const { code, fields } = error;
      throw code === 'invalid' && !Object.keys(fields).length
        ? new HelpDeskError('not-found', { cause: error })
        : error;
    });
  }

  /** The one list in an answer, under whatever spelling. */
  async function readList(name: keyof typeof calls, call: Call, fields?: Fields): Promise<Json[]> {
    const rows = Object.values(await read(name, call, fields)).find(Array.isArray);
    if (!rows) throw new HelpDeskError('unexpected');
    return rows.map(record);
  }

  function toTicket(raw: Json, identity: Identity = {}, author?: string): Ticket {
    const id = text(raw['id']);
    const topic = text(raw['category']);
    const title = maybe(raw['category_title']);
    if (title && topic) topicNames.set(topic, title);
    const said = text(raw['status']);
    // Number or word.
    const status = statuses[Number(said) - 1] ?? statuses.find(([word]) => said === word);
    const priority = text(raw['priority']);
    const tags = list(raw['tags']).map((tag) => text(record(tag)['id']) || text(tag));
    return known<Ticket>({
      id,
      number: id,
      subject: text(raw['subject']),
      status: own(statusMap, said) ?? status?.[1] ?? 'open',
      statusLabel: status?.[0] ?? maybe(said),
      priority: priorities.find(({ id: each }) => each === priority)?.name ?? maybe(priority),
      topic: topicNames.has(topic) ? { id: topic, name: topicNames.get(topic)! } : undefined,
      tags: tags.length ? tags.map((tag): Tag => ({ id: tag, name: tagNames.get(tag) ?? tag })) : undefined,
      requester: toPerson('requester', author ?? identity.email, identity),
    });
  }

  /** An agent's address is not for customers: of it only the part before the @ is shown. */
  const toPerson = (role: Person['role'], email = '', identity?: Identity): Person =>
    known<Person>({
      role,
      name:
        (role === 'requester' && lower(email) === lower(identity?.email ?? email) && identity?.displayName) ||
        email.replace(/@.*/, ''),
      email: (role === 'requester' && email) || undefined,
    });

  /** A list of named things, remembered. */
  const readNames = async (name: 'topics' | 'tags', field: string, names: Map<string, string>, call: Call) =>
    (await readList(name, call)).flatMap((raw) => {
      const id = text(raw['id']);
      const word = text(raw[field]);
      if (!id || !word) return [];
      names.set(id, word);
      return known<Topic>({ id, name: word, description: maybe(raw['description']) });
    });

  const listTopics = async (call: Call): Promise<readonly Topic[]> =>
    options.topics ?? readNames('topics', 'category', topicNames, call);

  const listTags = (call: Call): Promise<readonly Tag[]> => readNames('tags', 'tag', tagNames, call);

  async function readThread(id: string, call: Call): Promise<Thread> {
    const data = await about(id, () => read('detail', call, { ticket_id: id }));
    const raw = record(data['ticket']);
    if (text(raw['id']) !== id) throw new HelpDeskError('unexpected', { cause: data });
    const author = maybe(data['author']) ?? maybe(raw['author']);
    // Names are a kindness: without them the ticket is shown all the same.
    if (raw['category'] && !topicNames.has(text(raw['category']))) await listTopics(call).catch(() => 0);
    if (list(raw['tags']).length && !tagNames.size) await listTags(call).catch(() => 0);
    const mine = [author, call.identity?.email].map(lower).filter(Boolean);
    const rows = list(data['conversations']).map(record).sort(byId);
    const ids = new Set(rows.map(({ id: entry }) => text(entry)));
    const attached = new Map<string, Attachment[]>();
    for (const file of list(data['attachments']).map(record)) {
      const of = text(file['conversation_id']);
      // What belongs to no conversation belongs to the ticket itself.
      const to = ids.has(of) ? of : '';
      if (!attached.has(to)) attached.set(to, []);
      attached.get(to)!.push({ id: text(file['id']) });
    }
    const toEntry = (entryId: string, body: unknown, email?: string): ThreadEntry => {
      const requester = !entryId || mine.includes(lower(email));
      return {
        id: entryId || 'first',
        kind: requester ? 'message' : 'reply',
        author: toPerson(requester ? 'requester' : 'agent', email, call.identity),
        // Forms are sent with CRLF.
        body: { format: 'text', value: text(body).replace(/\r\n?/g, '\n') },
        attachments: attached.get(entryId) ?? [],
      };
    };
    return {
      ticket: toTicket(raw, call.identity, author),
      entries: [
        toEntry('', raw['comment'], author),
        ...rows.flatMap((row) => (isNote(row) ? [] : toEntry(text(row['id']), row['comment'], maybe(row['author'])))),
      ],
    };
  }

  const desk: Desk = {
    HelpDeskError,
    known,
    text,
    files,
    about,
    read,
    readList,
    readThread,
    send,
    toPerson,
    toTicket,
  };
  const late = later(async () => (await import('./support-ticket-write.js')).serve(desk));

  return {
    name: 'support-ticket',
    limits: {
      createFiles: files,
      replyFiles: files,
      subjectLength: 500,
      priorities,
      topicRequired: true,
      changes: ['priority', 'tags'],
    },

    async listTickets({ status, topicId, search, scope = 'mine', cursor, limit = 25 }, call) {
      if (scope !== 'mine') throw new HelpDeskError('unsupported');
      const wanted = 1 + statuses.findIndex(([, ours], index) => (own(statusMap, `${index + 1}`) ?? ours) === status);
      if (status && !wanted) return { items: [] };
      const offset = Number(cursor ?? 0);
      const rows = await readList('list', call, {
        offset: `${offset}`,
        limit: `${limit}`,
        subject: search?.trim() || undefined,
        category: topicId,
        status: wanted ? `${wanted}` : undefined,
      });
      const items = rows
        .filter((raw) => maybe(raw['id']))
        .sort(byId)
        .reverse()
        .map((raw) => toTicket(raw, call.identity));
      // There is no total: a full page may not be the last.
      return rows.length < limit ? { items } : { items, next: `${offset + rows.length}` };
    },

    readThread,

    createTicket: late('createTicket'),
    listTopics,
    reply: late('reply'),
    setStatus: late('setStatus'),
    updateTicket: late('updateTicket'),
    listTags,
    readAttachment: late('readAttachment'),
  };
});
