/**
 * What goes over the wire between a page and the relay: the routes, and the shapes as schemas. Input is checked with them,
 * the OpenAPI text is made from them, and the page's back end takes their types. An absent value is unknown.
 */
import {
  array,
  boolean,
  integer,
  type InferOutput,
  maxEntries,
  maxLength,
  maxValue,
  minValue,
  number,
  object,
  optional,
  picklist,
  pipe,
  record,
  regex,
  strictObject,
  string,
} from 'valibot';

/** Ids as the relay takes them. Each back end's own form is narrower; see `idPatterns` in policy. */
export const idPattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

const words = (most: number) => pipe(string(), maxLength(most));
const some = (most: number) => pipe(string(), regex(/\S/), maxLength(most));
const id = pipe(string(), regex(idPattern));

/** Some systems know topics by their words. */
const topicId = pipe(string(), regex(/^[^\u0000-\u001f\u007f]{1,100}$/));

const status = picklist(['open', 'pending', 'on-hold', 'resolved', 'closed']);
const format = picklist(['text', 'html']);
const role = picklist(['requester', 'agent', 'system']);

/** Names of a record, at most. Nothing that a page sends has more of anything in it. */
export const mostEntries = 100;

/** What a page sends. Every name beyond these is refused. */
export const input = {
  ticketDraft: strictObject({
    subject: some(500),
    message: some(100_000),
    format: optional(format),
    topicId: optional(topicId),
    priority: optional(id),
    /** Agents only. */
    tags: optional(pipe(array(id), maxLength(20))),
    fields: optional(
      pipe(record(pipe(string(), regex(/^[A-Za-z][\w-]{0,63}$/)), words(4000)), maxEntries(mostEntries)),
    ),
    /** Guests', or of whom an agent writes it for, as the next. */
    email: optional(some(254)),
    displayName: optional(some(100)),
  }),
  replyDraft: strictObject({
    message: some(100_000),
    format: optional(format),
    /** Agents only. */
    status: optional(status),
  }),
  statusChange: strictObject({ status, reason: optional(words(1000)) }),
  rating: strictObject({ score: pipe(number(), integer(), minValue(1), maxValue(5)) }),
  ticketChange: strictObject({
    priority: optional(id),
    tags: optional(pipe(array(id), maxLength(20))),
    /** A name as the back end knows it: a user name, an address, or words. */
    assignee: optional(pipe(string(), regex(/^[\p{L}\p{N}][\p{L}\p{N}\p{M}'’ .@_-]{0,99}$/u))),
  }),
  guestAccess: strictObject({ email: some(254), number: optional(id) }),
  guestConfirm: strictObject({ email: some(254), code: pipe(string(), regex(/^\d{8}$/)) }),
} as const;

/** Query parameters of the list. */
export const listQuery = strictObject({
  status: optional(status),
  topic: optional(topicId),
  /** Of more words the first are looked for. */
  search: optional(words(2000)),
  scope: optional(picklist(['mine', 'assigned', 'all'])),
  cursor: optional(pipe(string(), regex(/^[\w-]{1,400}$/))),
  /** More than the relay gives at a time is no slip: it gives what it can, and the next cursor. */
  limit: optional(pipe(string(), regex(/^[1-9]\d{0,3}$/))),
});

const person = object({ id: optional(string()), name: string(), email: optional(string()), role });
const ticket = object({
  id: string(),
  number: string(),
  subject: string(),
  status,
  statusLabel: optional(string()),
  priority: optional(string()),
  topic: optional(object({ id: optional(string()), name: string() })),
  tags: optional(array(object({ id: string(), name: string() }))),
  requester: person,
  assignee: optional(object({ name: string(), role })),
  createdAt: optional(string()),
  updatedAt: optional(string()),
  dueAt: optional(string()),
  overdue: optional(boolean()),
  rating: optional(number()),
});
const attachment = object({
  id: string(),
  name: optional(string()),
  size: optional(number()),
  type: optional(string()),
  /** By which the entry's HTML names it (`cid:…`). It opens nothing: files are read by id, of the own ticket. */
  contentId: optional(string()),
});
const entry = object({
  id: string(),
  kind: picklist(['message', 'reply', 'event']),
  author: object({ name: string(), role }),
  createdAt: optional(string()),
  body: object({ format, value: string() }),
  attachments: array(attachment),
});
const fileLimits = object({ maxCount: number(), maxBytes: number(), accept: optional(string()) });

/** What the relay answers. */
export const output = {
  ticket,
  entry,
  capabilities: object({
    /** Methods of a `Backend` that this person may use, beyond list, read and create. */
    can: array(picklist(['listTopics', 'reply', 'setStatus', 'rate', 'updateTicket', 'listTags', 'readAttachment'])),
    limits: object({
      createFiles: optional(fileLimits),
      replyFiles: optional(fileLimits),
      subjectLength: optional(number()),
      priorities: optional(array(object({ id: string(), name: string() }))),
      topicRequired: optional(boolean()),
      identityRequired: optional(boolean()),
      agent: optional(boolean()),
      requester: optional(boolean()),
      changes: optional(array(picklist(['priority', 'tags', 'assignee']))),
    }),
    role: picklist(['requester', 'agent', 'guest']),
    /** How far a repeated write is recognised: by this relay alone, or by all that share its store. */
    dedupe: picklist(['local', 'shared']),
  }),
  topics: object({
    items: array(
      object({ id: string(), name: string(), parentId: optional(string()), description: optional(string()) }),
    ),
  }),
  tags: object({ items: array(object({ id: string(), name: string() })) }),
  list: object({ items: array(ticket), next: optional(string()), total: optional(number()) }),
  thread: object({ ticket, entries: array(entry) }),
  oneTicket: object({ ticket }),
  oneEntry: object({ entry }),
  token: object({ token: string() }),
  nothing: object({}),
  problem: object({
    type: string(),
    title: string(),
    status: number(),
    code: string(),
    /** With 401: what is wrong with the token. */
    reason: optional(picklist(['token-missing', 'token-expired', 'token-refused'])),
    fields: optional(record(string(), string())),
    retryAfterMs: optional(number()),
  }),
} as const;

/** The answer of `GET /v1/capabilities`. */
export type Capabilities = InferOutput<(typeof output)['capabilities']>;
/** An error as it is answered (RFC 9457). */
export type ProblemBody = InferOutput<(typeof output)['problem']>;

/** One way in. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  /** With `{id}` and `{attachmentId}`. */
  readonly path: string;
  readonly summary: string;
  readonly query?: typeof listQuery;
  /** The JSON that is sent. */
  readonly body?: keyof typeof input;
  /** Also as multipart, with `draft` and `files`. */
  readonly files?: true;
  readonly answer: readonly [status: 200 | 201 | 202, shape: keyof typeof output | 'bytes'];
  /** Open to everybody, without a token. */
  readonly open?: true;
}

/** Every route. Their names are those of the log, too. */
export const routes = {
  capabilities: {
    method: 'GET',
    path: '/v1/capabilities',
    summary: 'What the back end and this person may do',
    answer: [200, 'capabilities'],
  },
  topics: { method: 'GET', path: '/v1/topics', summary: 'What a ticket can be about', answer: [200, 'topics'] },
  tags: { method: 'GET', path: '/v1/tags', summary: 'Labels of tickets', answer: [200, 'tags'] },
  list: {
    method: 'GET',
    path: '/v1/tickets',
    summary: 'Tickets, last activity first',
    query: listQuery,
    answer: [200, 'list'],
  },
  create: {
    method: 'POST',
    path: '/v1/tickets',
    summary: 'Open a ticket',
    body: 'ticketDraft',
    files: true,
    answer: [201, 'oneTicket'],
  },
  read: { method: 'GET', path: '/v1/tickets/{id}', summary: 'One ticket with its thread', answer: [200, 'thread'] },
  reply: {
    method: 'POST',
    path: '/v1/tickets/{id}/replies',
    summary: 'Answer',
    body: 'replyDraft',
    files: true,
    answer: [201, 'oneEntry'],
  },
  status: {
    method: 'PUT',
    path: '/v1/tickets/{id}/status',
    summary: 'Close or reopen',
    body: 'statusChange',
    answer: [200, 'oneTicket'],
  },
  rating: {
    method: 'PUT',
    path: '/v1/tickets/{id}/rating',
    summary: 'Say how it went',
    body: 'rating',
    answer: [200, 'oneTicket'],
  },
  update: {
    method: 'PATCH',
    path: '/v1/tickets/{id}',
    summary: 'Change priority, tags or assignee; agents only',
    body: 'ticketChange',
    answer: [200, 'oneTicket'],
  },
  attachment: {
    method: 'GET',
    path: '/v1/tickets/{id}/attachments/{attachmentId}',
    summary: 'The bytes of a file, as a download',
    answer: [200, 'bytes'],
  },
  guestAccess: {
    method: 'POST',
    path: '/v1/guest-access',
    summary: 'Mail a code, where guests are let in; the answer is always the same',
    body: 'guestAccess',
    open: true,
    answer: [202, 'nothing'],
  },
  guestConfirm: {
    method: 'POST',
    path: '/v1/guest-access/confirm',
    summary: 'A narrow, short token for the code',
    body: 'guestConfirm',
    open: true,
    answer: [200, 'token'],
  },
} as const satisfies Record<string, Route>;

/** Name of a route. */
export type RouteName = keyof typeof routes;
