/**
 * Whose a ticket is, and what of it may be seen. Pure functions: every answer of a back end goes through them, whatever
 * was asked for, and is built anew field by field.
 */
import type { Backend, FileLimits, Limits } from '../backends/backend.js';
import { reserved as ofOsticket } from '../backends/osticket-fields.js';
import type { Attachment, Person, Tag, Thread, ThreadEntry, Ticket, TicketStatus, Topic } from '../model.js';
import { hidden, toEmail, type Subject } from './identity.js';
import { acceptedByBoth } from './kinds.js';
import { idPattern, type Capabilities } from './protocol.js';

/** Ids that a back end's addresses may be built from. Nothing else reaches it. */
export const idPatterns: Readonly<Record<string, RegExp>> = {
  // Numbers keep their zeros, and an installation may number with letters.
  osticket: /^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/,
  'osticket-http': /^[A-Za-z0-9][A-Za-z0-9-]{0,19}$/,
  'support-ticket': /^[1-9]\d{0,19}$/,
  jaze: /^[1-9]\d{0,19}$/,
};

/**
 * Extra fields that a draft may not have: in some system each of them says who asks, who answers, what becomes of the
 * ticket, or where mail goes.
 */
const reserved =
  /^(type|a|sender.*|(client|user|staff).*|.*mail.*|due.?date|.*(department|assign|admin|status|attach|close|resolution).*|subject|message|comments?|topic.*|category|tags|id|number|ticket.*)$/i;

/** True for a name that a draft's extra fields may not have. */
export const isReserved = (field: string): boolean => reserved.test(field) || ofOsticket.test(field);

/** The pattern of a back end's ids, never wider than the protocol's. */
export const isId = (backend: string, id: string): boolean =>
  idPattern.test(id) && (Object.hasOwn(idPatterns, backend) ? idPatterns[backend]! : idPattern).test(id);

/** A topic's id: words where the system knows topics by them, or is none of ours. */
export const isTopicId = (backend: string, id: string): boolean =>
  idPattern.test(id) || backend === 'jaze' || !Object.hasOwn(idPatterns, backend);

/** Systems that take every message for plain text, tags and all. */
const plainText = ['support-ticket', 'jaze'];

/** True where a message may be HTML. */
export const takesHtml = (backend: string): boolean => !plainText.includes(backend);

/** True where the token names nobody that this back end could know. */
export const isNobody = ({ identity: { email, userId } }: Subject): boolean => !email && !userId;

/**
 * Systems that do not say whose a ticket is where it could be compared. Their adapters name the person in every call and
 * look every ticket up among that person's own: what they answer without an owner was asked for as this person's.
 */
const vouching = ['jaze'];

/**
 * Whose ticket it is, by what the back end says of its requester: by id where both have one, else by address. A ticket
 * without a requester is nobody's. Agents see every ticket that their back end shows them.
 */
export function owns(
  { role, identity, ticket: only }: Subject,
  { id, number, requester }: Ticket,
  backend = '',
): boolean {
  if (role === 'agent') return true;
  if (only !== undefined && only !== id && only !== number) return false;
  const email = toEmail(requester?.email?.trim());
  if (identity.userId && vouching.includes(backend) && !requester?.id && !requester?.email) return true;
  // Both must agree where both are known.
  if (identity.userId && requester?.id) return requester.id === identity.userId && (!email || email === identity.email);
  return Boolean(email && email === identity.email);
}

const text = (value: unknown, most = 1000): string => (typeof value === 'string' ? value.slice(0, most) : '');
const maybe = (value: unknown, most?: number): string | undefined => text(value, most) || undefined;

/**
 * Lines that end, what joins, and all else that nobody sees. Letters of some scripts have another form where they are
 * joined or kept apart, and pictures are made of several; between others it only makes two names look like one.
 */
const unseen = new RegExp(
  [
    '([\\t-\\r\\u0085\\u2028\\u2029]+)',
    '((?<=[\\p{L}\\p{M}])(?<![\\p{sc=Latn}\\p{sc=Grek}\\p{sc=Cyrl}\\p{sc=Zinh}])[\\u200c\\u200d](?=[\\p{L}\\p{M}])|' +
      '(?<=[\\p{ExtPict}\\p{EMod}\\ufe0f])\\u200d(?=\\p{ExtPict}))',
    `[${hidden}]|\\p{Surrogate}`,
  ].join('|'),
  'gu',
);

/** What is shown in one line, as it reads: first cleaned, then cut. */
const label = (value: unknown, most = 1000): string =>
  text(value, most * 10)
    .replace(unseen, (_, line?: string, join?: string) => (line ? ' ' : (join ?? '')))
    .slice(0, most);
const maybeLabel = (value: unknown, most?: number): string | undefined => label(value, most) || undefined;
const time = (value: unknown): string | undefined =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? value : undefined;
const size = (value: unknown): number | undefined => (Number.isSafeInteger(value) ? (value as number) : undefined);
const oneOf = <T extends string>(value: unknown, list: readonly T[], other: T): T =>
  list.includes(value as T) ? (value as T) : other;

/** The same object without what is undefined. */
const known = <T>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const statuses: readonly TicketStatus[] = ['open', 'pending', 'on-hold', 'resolved', 'closed'];

/** Some systems know people by address only, or name it beside: what stands before the sign must do. */
const nameOf = (name: unknown): string => label(name, 200).replace(/(?<=\S)@[^\s@<>()[\]",;]+/g, '');

const toPerson = (person: Person | undefined, who: Subject): Person => {
  const role = oneOf(person?.role, ['requester', 'agent', 'system'], 'system');
  const name = label(person?.name, 200);
  const own = role === 'requester' && who.role !== 'agent' && toEmail(name) === who.identity.email;
  return { name: own ? name : nameOf(name), role };
};

/** A ticket as this person may see it: of the agent no more than a name, of others no address. */
export function toTicket(ticket: Ticket, who: Subject): Ticket {
  const { topic, tags, assignee, requester, rating } = ticket;
  const email = toEmail(requester?.email);
  return known<Ticket>({
    id: text(ticket.id, 64),
    number: label(ticket.number, 64),
    subject: label(ticket.subject),
    status: oneOf(ticket.status, statuses, 'open'),
    statusLabel: maybeLabel(ticket.statusLabel, 100),
    priority: maybeLabel(ticket.priority, 100),
    topic: topic && known<NonNullable<Ticket['topic']>>({ id: maybe(topic.id, 64), name: label(topic.name) }),
    tags: tags?.map(toTag),
    requester: known<Person>({
      id: maybe(requester?.id, 64),
      name: label(requester?.name, 200),
      email: who.role === 'agent' || email === who.identity.email ? email : undefined,
      role: 'requester',
    }),
    assignee: assignee && { name: nameOf(assignee.name), role: 'agent' },
    createdAt: time(ticket.createdAt),
    updatedAt: time(ticket.updatedAt),
    dueAt: time(ticket.dueAt),
    overdue: typeof ticket.overdue === 'boolean' ? ticket.overdue : undefined,
    rating: [1, 2, 3, 4, 5].find((score) => score === rating),
  });
}

/** A name as `cid:` addresses have it (RFC 2392), and no address of anything else. */
const contentName = /^<?[\w.!#$%&'*+=?^`{|}~@-]{1,200}>?$/;

const toAttachment = ({ id, name, size: bytes, type, contentId }: Attachment): Attachment =>
  known<Attachment>({
    id: text(id, 64),
    name: maybeLabel(name, 255),
    size: size(bytes),
    type: maybeLabel(type, 100),
    contentId: typeof contentId === 'string' && contentName.test(contentId) ? contentId : undefined,
  });

/** Signed links to files work for whoever has them, so none leaves; files are read through the relay. */
const withoutLinks = (html: string): string =>
  /file\.php/i.test(html) ? html.replace(/[^\s"'<>()]+/g, (word) => (/\bfile\.php\?/i.test(word) ? '#' : word)) : html;

/** Characters of one message that leave. */
const mostWords = 1_000_000;

/** What a message says. Pictures inside it go before words do. */
function words(value: unknown, format: 'text' | 'html'): string {
  if (format === 'text') return text(value, mostWords);
  const isLong = typeof value === 'string' && value.length > mostWords;
  const kept = isLong ? value.replace(/(\ssrc=["']?)data:image\/\w+;base64,[\w+/=]+/gi, '$1') : value;
  return withoutLinks(text(kept, mostWords));
}

/** An entry as this person may see it. Of a kind that is none of ours: nothing. */
export function toEntry(entry: ThreadEntry, who: Subject): ThreadEntry[] {
  if (!['message', 'reply', 'event'].includes(entry.kind)) return [];
  const format = oneOf(entry.body?.format, ['text', 'html'], 'text');
  return [
    known<ThreadEntry>({
      id: text(entry.id, 64),
      kind: entry.kind,
      author: toPerson(entry.author, who),
      createdAt: time(entry.createdAt),
      body: { format, value: words(entry.body?.value, format) },
      attachments: (entry.attachments ?? []).map(toAttachment),
    }),
  ];
}

/** A thread as this person may see it. */
export const toThread = ({ ticket, entries }: Thread, who: Subject): Thread => ({
  ticket: toTicket(ticket, who),
  entries: entries.flatMap((entry) => toEntry(entry, who)),
});

/** A topic as everybody may see it. */
export const toTopic = ({ id, name, parentId, description }: Topic): Topic =>
  known<Topic>({
    id: text(id, 64),
    name: label(name, 200),
    parentId: maybe(parentId, 64),
    description: maybeLabel(description),
  });

/** A tag as everybody may see it. */
export const toTag = ({ id, name }: Tag): Tag => ({ id: text(id, 64), name: label(name, 100) });

/** The attachment of this ticket that has this id. */
export const findAttachment = ({ entries }: Thread, id: string): Attachment | undefined =>
  entries
    .flatMap(({ kind, attachments }) => (/^(message|reply)$/.test(kind) ? attachments : []))
    .find((file) => file.id === id);

const hiddenSigns = new RegExp(`[${hidden}]|\\p{Surrogate}`, 'gu');

/** A file's name without a path, a hidden sign or a turn of direction; never empty. */
export function toFileName(name: string): string {
  // Of a very long one as much as is looked at below.
  const plain = (name.length > 1000 ? name.slice(0, 500) + name.slice(-500) : name)
    .normalize('NFC')
    .replace(hiddenSigns, '')
    .replace(/^.*[\\/]/s, '')
    .replace(/[<>:"|?*;]/g, '_')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  // The end of a name says what it is. Half a sign, which no header can hold, may stand where the parts meet.
  return (plain.length > 200 ? plain.slice(0, 150) + plain.slice(-50) : plain).replace(/\p{Surrogate}/gu, '') || 'file';
}

/** The less of two; where the first is no number, the other. */
const less = (own: number, ours: number): number => (own < ours ? own : ours);

/** A back end's limit for files, narrowed by the relay's own; none where no kind of file is taken by both. */
function narrow(own: FileLimits | undefined, ours: FileLimits): FileLimits | undefined {
  const accept = acceptedByBoth(own?.accept, ours.accept);
  if (!own || accept === undefined) return undefined;
  return {
    maxCount: less(own.maxCount, ours.maxCount),
    maxBytes: less(own.maxBytes, ours.maxBytes),
    ...(accept && { accept }),
  };
}

/** The limits that hold here. */
export function toLimits({ limits }: Backend, ours: FileLimits, who: Subject): Limits {
  const { subjectLength, priorities, topicRequired, createFiles, replyFiles, requester, changes } = limits;
  return known<Limits>({
    createFiles: narrow(createFiles, ours),
    replyFiles: narrow(replyFiles, ours),
    subjectLength: Math.min(subjectLength ?? 500, 500),
    priorities,
    topicRequired,
    identityRequired: who.role === 'guest' && isNobody(who) ? true : undefined,
    agent: who.role === 'agent' ? true : undefined,
    requester: who.role === 'agent' ? requester : undefined,
    changes: who.role === 'agent' ? changes : undefined,
  });
}

/** Nobody is made known through the relay. */
const capabilities: Capabilities['can'] = [
  'listTopics',
  'reply',
  'setStatus',
  'rate',
  'updateTicket',
  'listTags',
  'readAttachment',
];

/** The methods of a back end that this person may use. */
export const toCapabilities = (backend: Backend, { role }: Subject): Capabilities['can'] =>
  capabilities.filter((name) => backend[name] && (name !== 'updateTicket' || role === 'agent'));
