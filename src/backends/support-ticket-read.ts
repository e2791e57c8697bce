/** Reading tickets. Part of the back end `support-ticket`, loaded when somebody sees tickets or writes one. */
import { HelpDeskError } from '../errors.js';
import type { Attachment, Identity, Person, Tag, Thread, ThreadEntry, Ticket, TicketStatus, Topic } from '../model.js';
import type { Backend, BackendOptions, Call, FileLimits, Limits } from './backend.js';
import { known, list, maybe, own, record, text, type Json } from './json.js';
import type { Answer, Ask } from './request.js';

/** A call: its name in `paths`, its documented path, and the one of the samples where it differs (misspelt there). */
export type Route = readonly [name: string, method: string, documented: string, samples?: string];

const listCall: Route = ['list', 'GET', 'support/get/ticket/history/', 'get/ticket/history/'];
const tagsCall: Route = ['tags', 'GET', 'support/get/ticket/tags/', 'get/ticket/tags/'];
const detailCall: Route = ['detail', 'GET', 'support/ticket/detailed-view/'];

/** What a page has of the back end before it is asked for a ticket. */
export interface Front {
  readonly options: BackendOptions;
  readonly files: FileLimits;
  readonly priorities: NonNullable<Limits['priorities']>;
  /** Names of topics as far as they were seen: a ticket has their ids. */
  readonly topicNames: Map<string, string>;
  send(route: Route, call: Call, more: Ask, id: string): Promise<Answer>;
  /** What an answer holds. */
  ask(route: Route, call: Call, more?: Ask): Promise<Json>;
  /** The one list in an answer. */
  readList(route: Route, call: Call, more?: Ask): Promise<Json[]>;
  /** A list of named things, remembered. */
  readNames(route: Route, field: string, names: Map<string, string>, call: Call): Promise<Topic[]>;
  listTopics(call: Call): Promise<readonly Topic[]>;
}

/** What a customer sees. */
export type Reads = Required<Pick<Backend, 'listTickets' | 'readThread' | 'listTags'>>;

/** One back end, as its parts need it. */
export interface Desk extends Front, Reads {
  /** Every ticket, as it comes. */
  readRows(call: Call, more?: Ask): Promise<Json[]>;
  /** Work on one ticket or file that this person may not have. */
  about<T>(id: string, work: () => Promise<T>): Promise<T>;
  toPerson(role: Person['role'], email?: string, identity?: Identity): Person;
  toTicket(raw: Json, identity?: Identity): Ticket;
}

/** Statuses 1 to 3, as their word and ours. Reopening makes a ticket 2, not 1. */
const statuses: readonly (readonly [string, TicketStatus])[] = [
  ['Open', 'open'],
  ['Processing', 'pending'],
  ['Closed', 'closed'],
];

/** Not documented, but dropped where an installation has it: what agents write to each other. */
const inner = /^((type|kind|visibility) |\w*)(intern|priv|note)\w*( 1| true| yes|)$/i;
const isNote = (row: Json): boolean =>
  // A name is short: a long one would take seconds.
  Object.entries(row).some(([key, value]) => inner.test(`${key.slice(0, 50)} ${value === true || text(value)}`));

const byId = (a: Json, b: Json): number => Number(text(a['id'])) - Number(text(b['id']));

const lower = (email?: string): string => text(email).trim().toLowerCase();

/** About one ticket or file: a refusal that names no field of ours means that this person has none such. */
async function about<T>(id: string, work: () => Promise<T>): Promise<T> {
  if (!/^\d{1,20}$/.test(id)) throw new HelpDeskError('not-found');
  return work().catch((error: HelpDeskError) => {
    const { code, fields } = error;
    throw code === 'invalid' && !Object.keys(fields).length ? new HelpDeskError('not-found', { cause: error }) : error;
  });
}

/** What reads, for one back end. */
export function open(front: Front): Desk {
  const { options, priorities, topicNames, ask, readList, readNames, listTopics } = front;
  const { statusMap } = options;
  const tagNames = new Map<string, string>();

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

  const readRows: Desk['readRows'] = async (call, more) => readList(listCall, call, more);
  const listTags = (call: Call): Promise<readonly Tag[]> => readNames(tagsCall, 'tag', tagNames, call);

  async function readThread(id: string, call: Call): Promise<Thread> {
    const data = await about(id, () => ask(detailCall, call, { query: { ticket_id: id } }));
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

  return {
    ...front,
    readRows,
    about,
    toPerson,
    toTicket,
    readThread,
    listTags,

    async listTickets({ status, topicId, search, scope = 'mine', cursor, limit = 25 }, call) {
      if (scope !== 'mine') throw new HelpDeskError('unsupported');
      const wanted = 1 + statuses.findIndex(([, ours], index) => (own(statusMap, `${index + 1}`) ?? ours) === status);
      if (status && !wanted) return { items: [] };
      const offset = Number(cursor ?? 0);
      const rows = await readRows(call, {
        query: {
          offset: `${offset}`,
          limit: `${limit}`,
          subject: search?.trim() || undefined,
          category: topicId,
          status: wanted ? `${wanted}` : undefined,
        },
      });
      const items = rows
        .filter((raw) => maybe(raw['id']))
        .sort(byId)
        .reverse()
        .map((raw) => toTicket(raw, call.identity));
      // There is no total: a full page may not be the last.
      return rows.length < limit ? { items } : { items, next: `${offset + rows.length}` };
    },
  };
}
