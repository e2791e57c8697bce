/**
 * The relay: a back end behind a web-standard handler, for pages that may not have its key. It keeps the key, knows who
 * asks by the host site's signed tokens, and lets nobody see what is not theirs.
 */
import { Hono, type Context } from 'hono';
import { safeParse } from 'valibot';
import type { Backend, Call, FileLimits } from '../backends/backend.js';
import { HelpDeskError, toHelpDeskError } from '../errors.js';
import type { ReplyDraft, Thread, Ticket, TicketDraft, TicketQuery, TicketStatus } from '../model.js';
import { createGuests, type GuestOptions } from './guests.js';
import {
  checkDistinct,
  createIdentity,
  createVerifier,
  toEmail,
  toName,
  type IdentityOptions,
  type Subject,
} from './identity.js';
import {
  addressKey,
  createGate,
  createMemoryStore,
  createReads,
  readBody,
  takeFrom,
  type Bucket,
  type Rates,
  type RelayStore,
} from './limits.js';
import { digest, fingerprint, hashOf, once, sameWords } from './once.js';
import { openApi } from './openapi.js';
import {
  findAttachment,
  isId,
  isNobody,
  isReserved,
  isTopicId,
  owns,
  toCapabilities,
  toEntry,
  toFileName,
  toLimits,
  toTag,
  toThread,
  toTicket,
  toTopic,
} from './policy.js';
import { invalidField, Problem, problemBody, toProblem } from './problem.js';
import { input, listQuery, routes, type Capabilities, type Route, type RouteName } from './protocol.js';

export { createMemoryStore, createRedisStore, defaultRates } from './limits.js';
export type { Bucket, Rate, Rates, RelayStore } from './limits.js';
export type { Algorithm, IdentityOptions, Subject, TokenKey } from './identity.js';
export type { GuestOptions } from './guests.js';
export { openApi } from './openapi.js';

/**
 * A back end for everybody, or one for each person. `support-ticket` must have one for each: it knows people by a token
 * of its own and does not say in its lists whose a ticket is.
 */
export type BackendFor = Backend | ((who: Subject) => Backend | Promise<Backend>);

/** One answered request: nothing personal, nothing secret. */
export interface LogLine {
  /** ISO 8601. */
  readonly time: string;
  /** The `Request-Id` of the answer. */
  readonly id: string;
  readonly route: RouteName | 'preflight' | 'health' | 'none';
  readonly method: string;
  readonly status: number;
  /** Of our errors. */
  readonly code?: string;
  /** The back end's failure, where it had one. */
  readonly upstream?: string;
  /** Milliseconds. */
  readonly ms: number;
  /** Bytes of the bodies. */
  readonly received: number;
  readonly sent: number;
  /** Tells one person's requests from another's until tomorrow; a keyed hash. */
  readonly subject?: string;
}

/** Settings of a relay. The first three must be given: nothing is open by default. */
export interface RelayOptions {
  /** What customers' requests go to. */
  readonly backend: BackendFor;
  /** How customers' tokens are verified. */
  readonly identity: IdentityOptions;
  /** Pages that may ask, each as `https://host` or `https://host:port`. Their relay's own origin too, if it serves pages. */
  readonly origins: readonly string[];
  /** Agents: a key, an audience and a back end of their own. Without it there are none. */
  readonly agents?: { readonly identity: IdentityOptions; readonly backend: BackendFor };
  /** People without a token. Off by default. */
  readonly guests?: GuestOptions;
  /** Where the relay is mounted, e.g. `/helpdesk`. */
  readonly basePath?: string;
  /** Files: 5 of 2 MiB each by default. The back end's own limits hold as well. */
  readonly files?: Partial<FileLimits>;
  /** Bytes of a request with files; 10 MiB by default. */
  readonly maxRequestBytes?: number;
  /** How often. */
  readonly rates?: Partial<Rates>;
  /** What is remembered and shared. In memory by default. */
  readonly store?: RelayStore;
  /** Milliseconds for which a person's reads are kept; 2,000 by default, 0 for none. */
  readonly cacheMs?: number;
  /** Requests to the back end at the same time; 8 by default. */
  readonly concurrency?: number;
  /** Milliseconds: a read of the back end, a write, one with files, and a page's body when nothing more comes of it. */
  readonly times?: Partial<Record<'read' | 'write' | 'upload' | 'stall' | 'settle', number>>;
  /** Who is at the other end of the connection, as far as the server can tell. */
  readonly address?: (request: Request, env: unknown) => string | undefined;
  /** Called after each answer. */
  readonly log?: (line: LogLine) => void;
}

/** A relay: a handler for requests, and what its server needs to know. */
export interface Relay {
  (request: Request, env?: unknown): Promise<Response>;
  /** How many requests are being answered. */
  readonly running: () => number;
}

const sent: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  Vary: 'Origin',
};
const maxJson = 512 * 1024;
const guest: Subject = { sub: 'guest', role: 'guest', identity: {} };

/** What one request needs on its way. */
interface Way {
  readonly request: Request;
  readonly url: URL;
  readonly name: RouteName;
  readonly id: string;
  readonly attachmentId: string;
  readonly who: Subject;
  /** Names the person to caches and claims. */
  readonly person: string;
  readonly backend: Backend;
  readonly address: string | undefined;
  readonly body: { count: number };
}

interface Draft {
  readonly words: Record<string, unknown>;
  readonly files: File[];
}

function toOrigin(origin: string): string {
  let parsed: URL | undefined;
  try {
    parsed = new URL(origin);
  } catch {
    // Said below.
  }
  if (!parsed || parsed.origin !== origin || !/^https?:$/.test(parsed.protocol))
    throw new Error(`An allowed origin is written like https://www.example.com, not ${origin || 'empty'}.`);
  return origin;
}

/** Makes a relay. Throws plain words where the options cannot be meant. */
export function createRelay(options: RelayOptions): Relay {
  const { identity, agents, backend, basePath = '', log } = options;
  const origins = new Set(options.origins?.map(toOrigin));
  if (!origins.size) throw new Error('The relay needs the origins of the pages that may ask it.');
  if (!identity) throw new Error('The relay needs to know how tokens are verified.');
  if (!backend) throw new Error('The relay needs a back end.');
  checkDistinct([identity, agents?.identity]);
  const store = options.store ?? createMemoryStore(options.rates);
  const guests = createGuests(options.guests, identity.audience, store);
  const verify = createIdentity(
    new Map([
      [identity.audience, createVerifier(identity, 'requester')],
      ...(agents ? ([[agents.identity.audience, createVerifier(agents.identity, 'agent')]] as const) : []),
      ...(guests.verifier ? ([[guests.audience, guests.verifier]] as const) : []),
    ]),
  );
  const files: FileLimits = { maxCount: 5, maxBytes: 2 * 1024 * 1024, ...options.files };
  const maxRequest = options.maxRequestBytes ?? 10 * 1024 * 1024;
  const times = { read: 50_000, write: 35_000, upload: 125_000, stall: 10_000, settle: 3000, ...options.times };
  const reads = createReads(options.cacheMs ?? 2000, times.read);
  const topicReads = createReads((options.cacheMs ?? 2000) * 15, times.read);
  const gate = createGate(options.concurrency ?? 8, 100, 15_000);
  const onceTimes = { leaseMs: Math.max(times.write, times.upload) + 5000, settleMs: times.settle };

  /** The back end of this person, called with nobody but them. */
  const backendFor = async (who: Subject): Promise<Backend> => {
    const chosen = who.role === 'agent' ? agents?.backend : backend;
    if (!chosen) throw new Problem('forbidden');
    return typeof chosen === 'function' ? chosen(who) : chosen;
  };

  const ask = async <T>(about: 'read' | 'write' | 'ticket', work: () => Promise<T>): Promise<T> => {
    try {
      return await gate(work);
    } catch (error) {
      throw toProblem(toHelpDeskError(error), about);
    }
  };
  const read = <T>(
    { person, request, who }: Way,
    key: string,
    about: 'read' | 'ticket',
    run: (call: Call) => Promise<T>,
    from = reads,
  ): Promise<T> =>
    from.read(person, key, request.signal, (signal) => ask(about, () => run({ signal, identity: who.identity })));

  /** A write goes on when the page has left: its outcome is kept for the page's next try. */
  async function write<T>(
    { person, who }: Way,
    upload: boolean,
    about: 'write' | 'ticket',
    run: (call: Call) => Promise<T>,
  ) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), upload ? times.upload : times.write);
    try {
      return await ask(about, () => run({ signal: stop.signal, identity: who.identity }));
    } catch (error) {
      throw stop.signal.aborted ? new Problem('timeout', { cause: error }) : error;
    } finally {
      clearTimeout(timer);
      reads.forget(person);
    }
  }

  const missing = (): Problem => new Problem('not-found');

  /** This person's ticket. Another's, and one that is not there, are the same. */
  async function readOwn(way: Way): Promise<Thread> {
    const { id, who, backend: from } = way;
    if (!isId(from.name, id)) throw missing();
    const thread = await read(way, `thread ${id}`, 'ticket', (call) => from.readThread(id, call));
    if (thread.ticket.id !== id || !owns(who, thread.ticket, from.name)) throw missing();
    return thread;
  }

  /** What came back from a write is only shown if it is this person's. */
  const shown = (ticket: Ticket, { who, backend: from }: Way): { ticket: Ticket } => {
    if (!owns(who, ticket, from.name)) throw new Problem('unexpected');
    return { ticket: toTicket(ticket, who) };
  };

  const method = <K extends keyof Backend>(from: Backend, name: K): NonNullable<Backend[K]> => {
    const found = from[name];
    if (!found) throw new Problem('unsupported');
    return found;
  };

  // What comes in.

  async function readJson(way: Way): Promise<unknown> {
    if (!/^application\/json\s*(;\s*charset=utf-8\s*)?$/i.test(way.request.headers.get('content-type') ?? ''))
      throw new Problem('invalid', { status: 415 });
    const bytes = await readBody(way.request, maxJson, times.stall, times.upload);
    way.body.count = bytes.length;
    return toJson(bytes);
  }

  function toJson(bytes: Uint8Array): unknown {
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch {
      // Said below.
    }
    if (!value || typeof value !== 'object' || Array.isArray(value)) throw new Problem('invalid');
    return value;
  }

  const nameOf = (key: unknown): string => (typeof key === 'string' ? key.slice(0, 64) : 'body');

  function check<T extends Record<string, unknown>>(schema: Parameters<typeof safeParse>[0], value: unknown): T {
    const result = safeParse(schema, value);
    if (result.success) return result.output as T;
    const fields = result.issues.map(({ path, input: given }): [string, string] => [
      nameOf(path?.[0]?.key),
      given === undefined || given === '' || (typeof given === 'string' && !given.trim())
        ? 'This field is required.'
        : typeof given === 'string' && given.length > 400
          ? 'This is too large.'
          : 'This is not valid.',
    ]);
    throw new Problem('invalid', { fields: Object.fromEntries(fields) });
  }

  /** JSON, or a form with `draft` and `files`. */
  async function readDraft(way: Way, limits: FileLimits | undefined): Promise<Draft> {
    const type = way.request.headers.get('content-type') ?? '';
    if (!/^multipart\/form-data\s*;/i.test(type)) return { words: (await readJson(way)) as Draft['words'], files: [] };
    const bytes = await readBody(way.request, maxRequest, times.stall, times.upload);
    way.body.count = bytes.length;
    let form: FormData;
    try {
      form = await new Response(bytes as Uint8Array<ArrayBuffer>, { headers: { 'Content-Type': type } }).formData();
    } catch {
      throw new Problem('invalid');
    }
    const parts = [...form.entries()];
    if (parts.length > 20) throw new Problem('too-large', { fields: { files: 'This is too large.' } });
    const drafts = form.getAll('draft');
    const others = parts.find(([name]) => name !== 'draft' && name !== 'files');
    if (others) throw invalidField(others[0].slice(0, 64));
    const [draft] = drafts;
    if (drafts.length !== 1 || draft === undefined) throw invalidField('draft');
    const words = toJson(
      typeof draft === 'string' ? new TextEncoder().encode(draft) : new Uint8Array(await draft.arrayBuffer()),
    ) as Draft['words'];
    const given = form.getAll('files');
    const attached = given.filter((part) => typeof part !== 'string');
    if (attached.length < given.length) throw invalidField('files');
    if (attached.length && !limits) throw new Problem('unsupported', { fields: { files: 'This is not valid.' } });
    const { maxCount = 0, maxBytes = 0, accept } = limits ?? {};
    if (attached.length > maxCount || attached.some(({ size }) => size > maxBytes))
      throw new Problem('too-large', { fields: { files: 'This is too large.' } });
    const cleaned = attached.map(
      (file) => new File([file], toFileName(file.name), { type: /^[\w.+-]+\/[\w.+-]+/.exec(file.type)?.[0] ?? '' }),
    );
    if (!cleaned.every((file) => accepts(accept, file))) throw invalidField('files');
    return { words, files: cleaned };
  }

  const optional = <T extends object>(fields: T): T =>
    Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

  function toQuery(way: Way): TicketQuery & { limit: number; cursor?: string } {
    const query = check<Record<string, string>>(listQuery, Object.fromEntries(way.url.searchParams));
    const scope = query['scope'] as TicketQuery['scope'];
    if (scope && scope !== 'mine' && way.who.role !== 'agent') throw new Problem('forbidden');
    const { topic } = query;
    if (topic !== undefined && !isTopicId(way.backend.name, topic)) throw invalidField('topic');
    return optional({
      status: query['status'] as TicketStatus,
      topicId: topic!,
      search: query['search']!,
      scope: scope!,
      cursor: query['cursor']!,
      limit: Number(query['limit'] ?? 25),
    });
  }

  /** A guest's token may read and reply; who has none can only write a ticket, where that is let. */
  function checkScope({ name, who }: Way): void {
    const nobody = who.role === 'guest' && isNobody(who);
    if (nobody && !['capabilities', 'topics', 'create'].includes(name))
      throw new Problem('unauthorized', { reason: 'token-missing' });
    if (who.ticket !== undefined && (name === 'list' || name === 'create')) throw new Problem('forbidden');
    if (who.role !== 'agent' && name === 'update') throw new Problem('forbidden');
    // A token that names nobody would be everybody to some systems.
    if (who.role === 'requester' && isNobody(who)) throw new Problem('forbidden');
  }

  /** A write under the page's key, or at once where it gave none. */
  async function keyed<T>(
    way: Way,
    hash: string,
    before: number,
    run: () => Promise<T>,
    find: (first: number, before: number) => Promise<T | undefined>,
  ): Promise<T> {
    const header = way.request.headers.get('idempotency-key');
    if (header === null) return run();
    if (!/^[\x21-\x7e]{1,128}$/.test(header)) throw invalidField('Idempotency-Key');
    const key = `once:${await digest(JSON.stringify([identity.audience, way.person, way.name, way.id, header]))}`;
    return once(store, onceTimes, { key, hash, before, run, find });
  }

  // What each route does.

  type Handler = (way: Way) => Promise<Response | object>;
  const handlers: Record<RouteName, Handler> = {
    async capabilities({ backend: from, who }): Promise<Capabilities> {
      const nobody = who.role === 'guest' && isNobody(who);
      return {
        can: toCapabilities(from, who).filter((name) => !nobody || name === 'listTopics'),
        limits: toLimits(from, files, who) as Capabilities['limits'],
        role: who.role,
        dedupe: store.kind,
      };
    },

    async topics(way) {
      return { items: await offered(way) };
    },

    async tags(way) {
      const from = method(way.backend, 'listTags');
      return { items: (await read(way, 'tags', 'read', from, topicReads)).map(toTag) };
    },

    async list(way) {
      const { cursor, limit, ...query } = toQuery(way);
      const { who, backend: from } = way;
      const [upstream, skip] = toCursor(cursor);
      const page = await read(way, `list ${JSON.stringify([query, limit, upstream])}`, 'read', (call) =>
        from.listTickets({ ...query, limit, ...(upstream !== undefined && { cursor: upstream }) }, call),
      );
      const own = page.items.filter((ticket) => owns(who, ticket, from.name));
      const rest = own.slice(skip);
      const next = rest.length > limit ? fromCursor(upstream, skip + limit) : page.next && fromCursor(page.next, 0);
      return {
        items: rest.slice(0, limit).map((ticket) => toTicket(ticket, who)),
        ...(next !== undefined && { next }),
        // A count of what is not this person's is not theirs to know.
        ...(page.total !== undefined && own.length === page.items.length && { total: page.total }),
      };
    },

    async create(way) {
      const { backend: from, who, address } = way;
      const limits = toLimits(from, files, who);
      const { words, files: attached } = await readDraft(way, limits.createFiles);
      const draft = check<Omit<TicketDraft, 'files'>>(input.ticketDraft, words);
      const nobody = isNobody(who) && who.role === 'guest';
      const email = toEmail(draft.email?.trim());
      const named = (['email', 'displayName'] as const).filter((name) => draft[name] !== undefined);
      if (!nobody && named.length) throw invalidField(...named);
      if (nobody && !email)
        throw draft.email
          ? invalidField('email')
          : new Problem('invalid', { fields: { email: 'This field is required.' } });
      const taken = Object.keys(draft.fields ?? {}).filter(isReserved);
      if (taken.length) throw invalidField(...taken);
      if (draft.tags && who.role !== 'agent') throw invalidField('tags');
      if (/[\u0000-\u001f\u007f]/.test(draft.subject) || draft.subject.length > limits.subjectLength!)
        throw invalidField('subject');
      if (
        draft.priority !== undefined &&
        who.role !== 'agent' &&
        !limits.priorities?.some(({ id }) => id === draft.priority)
      )
        throw invalidField('priority');
      if (draft.topicId !== undefined && !isTopicId(from.name, draft.topicId)) throw invalidField('topicId');
      if (draft.topicId !== undefined && from.listTopics) {
        const topics = await offered(way);
        if (!topics.some(({ id }) => id === draft.topicId)) throw invalidField('topicId');
      }
      const displayName = toName(draft.displayName);
      const identityOf = nobody ? optional({ email: email!, ...(displayName && { displayName }) }) : who.identity;
      const asked: Way = nobody ? { ...way, who: { ...who, identity: identityOf }, person: `guest ${email}` } : way;
      if (nobody) {
        await store.ping().catch((cause: unknown) => Promise.reject(new Problem('unavailable', { cause })));
        await takeFrom(store, 'mails', `create ${email}`);
        if (address) await takeFrom(store, 'guests', address);
      }
      const clean = optional<TicketDraft>({
        subject: draft.subject.trim(),
        message: draft.message,
        format: draft.format!,
        topicId: draft.topicId!,
        priority: draft.priority!,
        tags: draft.tags!,
        fields: draft.fields!,
        ...(attached.length && { files: attached }),
      });
      const run = async (): Promise<{ ticket: Ticket }> => {
        await takeFrom(store, 'creates', await digest(asked.person));
        const ticket = await write(asked, attached.length > 0, 'write', (call) => from.createTicket(clean, call));
        if (!nobody) return shown(ticket, asked);
        // Nothing that the back end knows of the address, which anybody may have written.
        const { number, status } = toTicket(ticket, asked.who);
        const requester = { name: displayName, email: email!, role: 'requester' } as const;
        return { ticket: { id: '', number, subject: clean.subject, status, requester } };
      };
      const find = async (first: number): Promise<{ ticket: Ticket } | undefined> => {
        if (nobody) throw new Problem('unavailable');
        const { items } = await ask('read', () => from.listTickets({ limit: 25 }, { identity: who.identity }));
        const same = items.filter(
          (ticket) =>
            isId(from.name, ticket.id) &&
            owns(who, ticket, from.name) &&
            fingerprint({ value: ticket.subject }) === fingerprint({ value: clean.subject }) &&
            (!ticket.createdAt || Date.parse(ticket.createdAt) > first - 300_000),
        );
        for (const ticket of same.slice(0, 3)) {
          const thread = await ask('ticket', () => from.readThread(ticket.id, { identity: who.identity }));
          const { entries } = thread;
          if (owns(who, thread.ticket, from.name) && sameWords(entries.slice(0, 1), clean, 'message').length)
            return shown(ticket, way);
        }
        return undefined;
      };
      return keyed(asked, await hashOf(clean, email), 0, run, find);
    },

    async read(way) {
      return toThread(await readOwn(way), way.who);
    },

    async reply(way) {
      const { backend: from, who, id } = way;
      const send = method(from, 'reply');
      const thread = await readOwn(way);
      const { words, files: attached } = await readDraft(way, toLimits(from, files, who).replyFiles);
      const draft = check<Omit<ReplyDraft, 'files'>>(input.replyDraft, words);
      if (draft.status && who.role !== 'agent') throw invalidField('status');
      const clean = optional<ReplyDraft>({
        message: draft.message,
        format: draft.format!,
        status: draft.status!,
        ...(attached.length && { files: attached }),
      });
      const kind = who.role === 'agent' ? 'reply' : 'message';
      const readable = fingerprint({ value: clean.message }) !== '';
      const before = readable ? sameWords(thread.entries, clean, kind).length : 0;
      return keyed(
        way,
        await hashOf(clean),
        before,
        async () => {
          const entry = await write(way, attached.length > 0, 'ticket', (call) => send(id, clean, call));
          const [mine] = toEntry(entry, who);
          if (!mine) throw new Problem('unexpected');
          return { entry: mine };
        },
        async (_first, count) => {
          const now = await ask('ticket', () => from.readThread(id, { identity: who.identity }));
          const same = sameWords(now.entries, clean, kind);
          return same.length > count ? { entry: toEntry(same.at(-1)!, who)[0]! } : undefined;
        },
      );
    },

    async status(way) {
      const { backend: from, who, id } = way;
      const send = method(from, 'setStatus');
      const { status, reason } = check<{ status: TicketStatus; reason?: string }>(
        input.statusChange,
        await readJson(way),
      );
      await readOwn(way);
      if (who.role !== 'agent' && status !== 'open' && status !== 'closed') throw new Problem('unsupported');
      const ticket = await write(way, false, 'ticket', (call) =>
        send(id, status, { ...call, ...(reason && { reason }) }),
      );
      return shown(ticket, way);
    },

    async rating(way) {
      const { backend: from, id } = way;
      const send = method(from, 'rate');
      const { score } = check<{ score: number }>(input.rating, await readJson(way));
      await readOwn(way);
      return shown(await write(way, false, 'ticket', (call) => send(id, score, call)), way);
    },

    async update(way) {
      const { backend: from, id } = way;
      const send = method(from, 'updateTicket');
      const change = check<{ priority?: string; tags?: string[]; assignee?: string }>(
        input.ticketChange,
        await readJson(way),
      );
      await readOwn(way);
      return shown(await write(way, false, 'ticket', (call) => send(id, optional(change), call)), way);
    },

    async attachment(way) {
      const { backend: from, who, id, attachmentId, request } = way;
      const get = method(from, 'readAttachment');
      const file = findAttachment(await readOwn(way), attachmentId);
      if (!file) throw missing();
      const { blob, name } = await ask('ticket', () =>
        get(id, file, { signal: request.signal, identity: who.identity }),
      );
      const clean = toFileName(name ?? file.name ?? 'file');
      const coded = encodeURIComponent(clean).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
      return new Response(blob.slice(0, blob.size, 'application/octet-stream'), {
        headers: {
          'Content-Type': 'application/octet-stream',
          'Content-Length': `${blob.size}`,
          'Content-Disposition': `attachment; filename="${clean.replace(/[^\w. -]/g, '_')}"; filename*=UTF-8''${coded}`,
        },
      });
    },

    async guestAccess(way) {
      const { email, number } = check<{ email: string; number?: string }>(input.guestAccess, await readJson(way));
      await guests.mail(email, number, way.address);
      return {};
    },

    async guestConfirm(way) {
      const { email, code } = check<{ email: string; code: string }>(input.guestConfirm, await readJson(way));
      return { token: await guests.confirm(email, code, way.address) };
    },
  };

  async function offered(way: Way) {
    const from = method(way.backend, 'listTopics');
    return (await read(way, 'topics', 'read', from, topicReads)).map(toTopic);
  }

  const buckets: Partial<Record<RouteName, Bucket>> = {
    create: 'writes',
    reply: 'writes',
    status: 'writes',
    rating: 'writes',
    update: 'writes',
    attachment: 'downloads',
  };

  // The order of what is checked.

  interface Trace {
    code?: string;
    upstream?: string;
    subject?: string;
  }

  async function answer(name: RouteName, context: Context, trace: Trace, body: { count: number }): Promise<Response> {
    const request = context.req.raw;
    const route: Route = routes[name];
    const url = new URL(request.url);
    const given = options.address?.(request, context.env);
    const address = given === undefined ? undefined : addressKey(given);
    if (address) await takeFrom(store, 'address', address);
    if (route.method !== 'GET' && url.search) throw invalidField(...new Set(url.searchParams.keys()));
    const authorization = request.headers.get('authorization');
    const open = route.open ?? (guests.mode === 'create' && authorization === null);
    const who = open ? guest : await verify(authorization);
    const person = open ? 'guest' : JSON.stringify([who.role, who.sub, who.identity, who.ticket ?? '']);
    trace.subject = await pseudonym(person);
    if (!route.open && !(open && address)) await takeFrom(store, buckets[name] ?? 'reads', await digest(person));
    const from = route.open ? ({} as Backend) : await backendFor(who);
    const { id = '', attachmentId = '' } = context.req.param() as Record<string, string>;
    const way: Way = { request, url, name, id, attachmentId, who, person, backend: from, address, body };
    if (!route.open) checkScope(way);
    checkQuery(url, route);
    const result = await handlers[name](way);
    return result instanceof Response ? result : json(result, route, request, person);
  }

  /** Names beyond the known ones, and names that come twice, are refused: who asks is not said there. */
  function checkQuery({ searchParams }: URL, { query }: Route): void {
    const names = [...searchParams.keys()];
    const wrong = names.filter((name, at) => names.indexOf(name) < at || !Object.hasOwn(query?.entries ?? {}, name));
    if (wrong.length) throw invalidField(...wrong.map((name) => name.slice(0, 64)));
  }

  async function json(value: object, { method: verb, answer: [status] }: Route, request: Request, person: string) {
    const text = JSON.stringify(value);
    const headers: Record<string, string> = { 'Content-Type': 'application/json' };
    if (verb === 'GET') {
      const tag = `"${(await digest(person + text)).slice(0, 27)}"`;
      headers['ETag'] = tag;
      const seen = (request.headers.get('if-none-match') ?? '')
        .split(',')
        .map((each) => each.trim().replace(/^W\//, ''));
      if (seen.includes(tag)) return new Response(null, { status: 304, headers: { ETag: tag } });
    }
    return toResponse(text, status, headers);
  }

  function failed(error: unknown, trace: Trace): Response {
    const problem = error instanceof Problem ? error : toProblem(toHelpDeskError(error), 'read');
    trace.code = problem.code;
    if (problem.cause instanceof HelpDeskError) trace.upstream = problem.cause.code;
    return toResponse(JSON.stringify(problemBody(problem)), problem.status, {
      'Content-Type': 'application/problem+json',
      ...(problem.status === 401 && { 'WWW-Authenticate': 'Bearer' }),
      ...(problem.retryAfterMs !== undefined && { 'Retry-After': `${Math.ceil(problem.retryAfterMs / 1000)}` }),
    });
  }

  let day = '';
  let dayKey: Promise<CryptoKey> | undefined;
  /** The same for a day, and of no use to who has not this process' key. */
  async function pseudonym(person: string): Promise<string> {
    const today = new Date().toISOString().slice(0, 10);
    if (today !== day) {
      day = today;
      dayKey = crypto.subtle.generateKey({ name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
    }
    const sum = await crypto.subtle.sign('HMAC', await dayKey!, new TextEncoder().encode(person));
    return [...new Uint8Array(sum, 0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  }

  let running = 0;
  let probed = { at: 0, ok: false };

  /** Everything that happens around a route: the origin before, headers and the log after. */
  async function around(
    context: Context,
    name: LogLine['route'],
    work: (trace: Trace, body: { count: number }) => Promise<Response>,
  ) {
    const begun = performance.now();
    const request = context.req.raw;
    const id = crypto.randomUUID();
    const trace: Trace = {};
    const body = { count: 0 };
    const origin = request.headers.get('origin');
    running++;
    let response: Response;
    try {
      if (origin !== null && !origins.has(origin)) throw new Problem('forbidden');
      response = await work(trace, body);
    } catch (error) {
      response = failed(error, trace);
    } finally {
      running--;
    }
    for (const [header, value] of Object.entries(sent)) response.headers.set(header, value);
    response.headers.set('Request-Id', id);
    if (origin !== null && origins.has(origin)) {
      response.headers.set('Access-Control-Allow-Origin', origin);
      response.headers.set('Access-Control-Expose-Headers', 'Content-Disposition, ETag, Request-Id, Retry-After');
    }
    log?.({
      time: new Date().toISOString(),
      id,
      route: name,
      method: request.method,
      status: response.status,
      ...trace,
      ms: Math.round(performance.now() - begun),
      received: body.count,
      sent: Number(response.headers.get('content-length') ?? 0),
    });
    return response;
  }

  const preflight = (): Response =>
    new Response(null, {
      status: 204,
      headers: {
        'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH',
        'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key, If-None-Match',
        'Access-Control-Max-Age': '600',
      },
    });

  const app = new Hono({ strict: true }).basePath(basePath);
  app.options('*', (context) =>
    around(context, 'preflight', async () => {
      if (context.req.header('origin') === undefined) throw missing();
      return preflight();
    }),
  );
  for (const [name, { method: verb, path }] of Object.entries(routes))
    app.on(verb, path.replace(/\{(\w+)\}/g, ':$1'), (context) =>
      around(context, name as RouteName, (trace, body) => answer(name as RouteName, context, trace, body)),
    );
  app.get('/healthz', (context) => around(context, 'health', async () => Response.json({ ok: true })));
  app.get('/readyz', (context) =>
    around(context, 'health', async () => {
      if (Date.now() - probed.at > 5000)
        probed = {
          at: Date.now(),
          ok: await store.ping().then(
            () => true,
            () => false,
          ),
        };
      return Response.json({ ok: probed.ok }, { status: probed.ok ? 200 : 503 });
    }),
  );
  app.get('/v1/openapi.json', (context) => around(context, 'health', async () => Response.json(openApi(basePath))));
  app.notFound((context) => around(context, 'none', () => Promise.reject(missing())));
  app.onError((error, context) => around(context, 'none', () => Promise.reject(error)));

  return Object.assign(async (request: Request, env?: unknown) => app.fetch(request, env), { running: () => running });
}

function toResponse(text: string, status: number, headers: Record<string, string>): Response {
  const bytes = new TextEncoder().encode(text);
  return new Response(bytes, { status, headers: { ...headers, 'Content-Length': `${bytes.length}` } });
}

/** Whether a file is of a kind that `accept` names: by its ending, and by its type where the page gave one. */
function accepts(accept: string | undefined, { name, type }: File): boolean {
  if (!accept) return true;
  const ending = /\.[^.]+$/.exec(name.toLowerCase())?.[0] ?? '';
  return accept
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .some((each) =>
      each.startsWith('.') ? each === ending : each.endsWith('/*') ? type.startsWith(each.slice(0, -1)) : each === type,
    );
}

/** The back end's own cursor, and how many of its page were shown already. */
function toCursor(cursor?: string): [upstream: string | undefined, skip: number] {
  if (cursor === undefined) return [undefined, 0];
  try {
    const [upstream, skip] = JSON.parse(atob(cursor.replace(/-/g, '+').replace(/_/g, '/'))) as unknown[];
    if (
      (upstream === null || (typeof upstream === 'string' && /^[\w.:=-]{1,200}$/.test(upstream))) &&
      Number.isSafeInteger(skip)
    )
      return [upstream ?? undefined, Math.max(0, skip as number)];
  } catch {
    // Said below.
  }
  throw invalidField('cursor');
}

const fromCursor = (upstream: string | undefined, skip: number): string =>
  btoa(JSON.stringify([upstream ?? null, skip])).replace(/[+/=]/g, (sign) => ({ '+': '-', '/': '_' })[sign] ?? '');
