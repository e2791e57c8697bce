/** What each route does, once it is known who asks. */
import type { Backend, Call, FileLimits } from '../backends/backend.js';
import type { Page, ReplyDraft, Ticket, TicketDraft, TicketStatus, Topic } from '../model.js';
import { toDownload } from './answers.js';
import type { Guests } from './guests.js';
import { toEmail, toName } from './identity.js';
import { reach, takeFrom, type RelayStore } from './limits.js';
import { digest, fingerprint, hashOf, once, sameWords, type Before, type OnceTimes } from './once.js';
import {
  findAttachment,
  isId,
  isNobody,
  isReserved,
  isTopicId,
  owns,
  toCapabilities,
  toEntry,
  toLimits,
  toTag,
  toThread,
  toTicket,
  toTopic,
} from './policy.js';
import { invalidField, Problem } from './problem.js';
import { input, type Capabilities, type RouteName } from './protocol.js';
import {
  check,
  fromCursor,
  optional,
  readDraft,
  readJson,
  toCursor,
  toQuery,
  toWords,
  type BodyLimits,
  type Way,
} from './requests.js';
import type { Upstream } from './upstream.js';

/** What the routes work with. */
export interface RouteParts {
  readonly upstream: Upstream;
  readonly store: RelayStore;
  readonly guests: Guests;
  readonly files: FileLimits;
  readonly bodies: BodyLimits;
  /** Also how long a new ticket waits for the list of those before it. */
  readonly times: OnceTimes & { readonly lookMs: number };
  /** Keeps the claims of relays apart that share a store. */
  readonly tenant: string;
}

/** Answers with data, or with a response of its own. */
export type Handler = (way: Way) => Promise<Response | object>;

/** Clocks of two machines, in milliseconds. */
const apart = 300_000;

/** No two zones are farther apart, in milliseconds: so wrong may a time be whose zone is not set. */
const zones = 26 * 3_600_000;

/** Older tickets of one subject that are kept in mind. */
const mostAlike = 200;

const method = <K extends keyof Backend>(from: Backend, name: K): NonNullable<Backend[K]> => {
  const found = from[name];
  if (!found) throw new Problem('unsupported');
  return found;
};

/** What came back from a write is only shown if it is this person's. */
const shown = (ticket: Ticket, { who, backend }: Way): { ticket: Ticket } => {
  if (!owns(who, ticket, backend.name)) throw new Problem('unexpected');
  return { ticket: toTicket(ticket, who) };
};

/** Since when something was written, as far as it says. */
const since = (first: number, createdAt: string | undefined): boolean =>
  !createdAt || Date.parse(createdAt) > first - apart;

export function createHandlers(parts: RouteParts): Record<RouteName, Handler> {
  const { upstream, store, guests, files, bodies, times, tenant } = parts;

  /** A write under the page's key, or at once where it gave none. */
  async function keyed<T, B extends Before>(
    way: Way,
    hash: string,
    before: B | (() => Promise<B | undefined>),
    run: () => Promise<T>,
    find: (first: number, before: B | undefined) => Promise<T | undefined>,
  ): Promise<T> {
    const header = way.request.headers.get('idempotency-key');
    if (header === null) return run();
    if (!/^[\x21-\x7e]{1,128}$/.test(header)) throw invalidField('Idempotency-Key');
    const key = `once:${await digest(JSON.stringify([tenant, way.person, way.name, way.id, header]))}`;
    return once(store, times, { key, hash, before, run, find });
  }

  /**
   * Counts a write that is about to be done. Guests with an address are counted by it. While the store cannot be reached
   * guests write nothing: all that holds them back is what is counted there.
   */
  const spend = async ({ who, person, address }: Way): Promise<void> => {
    if (who.role === 'guest') await reach(store);
    if (who.role === 'guest' && isNobody(who) && address) await takeFrom(store, 'guests', address);
    else await takeFrom(store, 'writes', await digest(person));
  };

  const offered = async (way: Way): Promise<Topic[]> => {
    const list = method(way.backend, 'listTopics');
    return (await upstream.read(way, 'topics', 'read', list, 'longer')).map(toTopic);
  };

  /** A draft of a ticket that this person may send; a guest's address apart. Agents name whose it is where they must. */
  async function toDraft(way: Way): Promise<{ clean: TicketDraft; email?: string; displayName: string }> {
    const { backend, who } = way;
    const limits = toLimits(backend, files, who);
    const { words, files: attached } = await readDraft(way, bodies, limits.createFiles);
    const draft = check<Omit<TicketDraft, 'files'>>(input.ticketDraft, words);
    const nobody = isNobody(who) && who.role === 'guest';
    const email = toEmail(draft.email?.trim());
    const displayName = toName(draft.displayName);
    const named = (['email', 'displayName'] as const).filter((name) => draft[name] !== undefined);
    const forOther = limits.requester === true;
    if (!nobody && !forOther && named.length) throw invalidField(...named);
    if ((nobody || forOther) && !email)
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
    if (draft.topicId !== undefined && !isTopicId(backend.name, draft.topicId)) throw invalidField('topicId');
    if (draft.topicId !== undefined && backend.listTopics) {
      const topics = await offered(way);
      if (!topics.some(({ id }) => id === draft.topicId)) throw invalidField('topicId');
    }
    const clean = optional<TicketDraft>({
      subject: draft.subject.trim(),
      ...(await toWords(draft, backend)),
      topicId: draft.topicId!,
      priority: draft.priority!,
      tags: draft.tags!,
      fields: draft.fields!,
      ...(forOther && { email: email!, ...(displayName && { displayName }) }),
      ...(attached.length && { files: attached }),
    });
    return { clean, displayName, ...(nobody && { email: email! }) };
  }

  return {
    async capabilities({ backend, who }): Promise<Capabilities> {
      const nobody = who.role === 'guest' && isNobody(who);
      return {
        can: toCapabilities(backend, who).filter((name) => !nobody || name === 'listTopics'),
        limits: toLimits(backend, files, who) as Capabilities['limits'],
        role: who.role,
        dedupe: store.kind,
      };
    },

    async topics(way) {
      return { items: await offered(way) };
    },

    async tags(way) {
      const list = method(way.backend, 'listTags');
      return { items: (await upstream.read(way, 'tags', 'read', list, 'longer')).map(toTag) };
    },

    async list(way) {
      const { cursor, limit, ...query } = toQuery(way);
      const { who, backend } = way;
      const [from, skip] = toCursor(cursor);
      const page = await upstream.read(way, `list ${JSON.stringify([query, limit, from])}`, 'read', (call) =>
        backend.listTickets({ ...query, limit, ...(from !== undefined && { cursor: from }) }, call),
      );
      const own = page.items.filter((ticket) => owns(who, ticket, backend.name));
      const rest = own.slice(skip);
      const next = rest.length > limit ? fromCursor(from, skip + limit) : page.next && fromCursor(page.next, 0);
      return {
        items: rest.slice(0, limit).map((ticket) => toTicket(ticket, who)),
        ...(next !== undefined && { next }),
        // A count of what is not this person's is not theirs to know.
        ...(page.total !== undefined && own.length === page.items.length && { total: page.total }),
      };
    },

    async create(way) {
      const { backend, who } = way;
      const { clean, email, displayName } = await toDraft(way);
      const identity = optional({ email: email!, ...(displayName && { displayName }) });
      const asked: Way = email ? { ...way, who: { ...who, identity }, person: `guest ${email}` } : way;
      const run = async (): Promise<{ ticket: Ticket }> => {
        await spend(way);
        if (email) await takeFrom(store, 'mails', await digest(`create ${email}`));
        await takeFrom(store, 'creates', await digest(asked.person));
        const ticket = await upstream.write(asked, Boolean(clean.files), 'write', (call) =>
          backend.createTicket(clean, email ? { ...call, unproved: true } : call),
        );
        if (!email) return shown(ticket, asked);
        // Nothing that the back end knows of the address, which anybody may have written.
        const { number, status } = toTicket(ticket, asked.who);
        const requester = { name: displayName, email, role: 'requester' } as const;
        return { ticket: { id: '', number, subject: clean.subject, status, requester } };
      };
      /** Tickets of theirs with this subject. */
      const alike = async (signal?: AbortSignal): Promise<Ticket[]> => {
        const { email: whose } = clean;
        const list = (call: Call): Promise<Page<Ticket>> =>
          backend.listTickets({ limit: 25, ...(whose !== undefined && { scope: 'all', search: whose }) }, call);
        const { items } = await upstream.ask(way, 'read', list, signal);
        return items.filter(
          (ticket) =>
            isId(backend.name, ticket.id) &&
            owns(who, ticket, backend.name) &&
            (whose === undefined || toEmail(ticket.requester.email) === whose) &&
            fingerprint({ value: ticket.subject }) === fingerprint({ value: clean.subject }),
        );
      };
      /** Which of them are not this one. A list that fails, or takes long, keeps nobody from writing. */
      const before = async (): Promise<string[] | undefined> => {
        const ids = await alike(AbortSignal.timeout(times.lookMs)).then(
          (older) => older.map(({ id }) => id),
          () => undefined,
        );
        return ids && ids.length <= mostAlike ? ids : undefined;
      };
      const find = async (first: number, older?: readonly string[]): Promise<{ ticket: Ticket } | undefined> => {
        if (email) throw new Problem('unavailable');
        const found = (await alike()).filter(({ id, createdAt }) =>
          // What is days old is none, though the list did not have it: such a one may have come up in it.
          older ? !older.includes(id) && since(first - zones, createdAt) : since(first, createdAt),
        );
        for (const { id } of found.slice(0, 3)) {
          const { ticket, entries } = await upstream.ask(way, 'ticket', (call) => backend.readThread(id, call));
          if (!owns(who, ticket, backend.name) || !sameWords(entries.slice(0, 1), clean, 'message').length) continue;
          // Neither its date nor the list says whether it is an older one.
          if (!older && !ticket.createdAt) throw new Problem('unavailable');
          return shown(ticket, way);
        }
        return undefined;
      };
      return keyed(asked, await hashOf(clean, email), email ? [] : before, run, find);
    },

    async read(way) {
      return toThread(await upstream.thread(way), way.who);
    },

    async reply(way) {
      const { backend, who, id } = way;
      const send = method(backend, 'reply');
      // Also to count what is there: what was kept may be older than another relay's write.
      const thread = await upstream.thread(way, 'not');
      const { words, files: attached } = await readDraft(way, bodies, toLimits(backend, files, who).replyFiles);
      const draft = check<Omit<ReplyDraft, 'files'>>(input.replyDraft, words);
      if (draft.status && who.role !== 'agent') throw invalidField('status');
      const clean = optional<ReplyDraft>({
        ...(await toWords(draft, backend)),
        status: draft.status!,
        ...(attached.length && { files: attached }),
      });
      const kind = who.role === 'agent' ? 'reply' : 'message';
      const readable = fingerprint({ value: clean.message, ...(clean.format && { format: clean.format }) }) !== '';
      const before = readable ? sameWords(thread.entries, clean, kind).length : 0;
      return keyed(
        way,
        await hashOf(clean),
        before,
        async () => {
          await spend(way);
          const entry = await upstream.write(way, attached.length > 0, 'ticket', (call) => send(id, clean, call));
          const [mine] = toEntry(entry, who);
          if (!mine) throw new Problem('unexpected');
          return { entry: mine };
        },
        async (first, count) => {
          const now = await upstream.ask(way, 'ticket', (call) => backend.readThread(id, call));
          const same = sameWords(now.entries, clean, kind).filter(
            ({ createdAt }) => count !== undefined || since(first, createdAt),
          );
          return same.length > (count ?? 0) ? { entry: toEntry(same.at(-1)!, who)[0]! } : undefined;
        },
      );
    },

    async status(way) {
      const { backend, who, id } = way;
      const send = method(backend, 'setStatus');
      const { status, reason } = check<{ status: TicketStatus; reason?: string }>(
        input.statusChange,
        await readJson(way, bodies),
      );
      await upstream.thread(way);
      if (who.role !== 'agent' && status !== 'open' && status !== 'closed') throw new Problem('unsupported');
      await spend(way);
      const ticket = await upstream.write(way, false, 'ticket', (call) =>
        send(id, status, { ...call, ...(reason && { reason }) }),
      );
      return shown(ticket, way);
    },

    async rating(way) {
      const { backend, id } = way;
      const send = method(backend, 'rate');
      const { score } = check<{ score: number }>(input.rating, await readJson(way, bodies));
      await upstream.thread(way);
      await spend(way);
      return shown(await upstream.write(way, false, 'ticket', (call) => send(id, score, call)), way);
    },

    async update(way) {
      const { backend, id } = way;
      const send = method(backend, 'updateTicket');
      const change = check<{ priority?: string; tags?: string[]; assignee?: string }>(
        input.ticketChange,
        await readJson(way, bodies),
      );
      await upstream.thread(way);
      await spend(way);
      return shown(await upstream.write(way, false, 'ticket', (call) => send(id, optional(change), call)), way);
    },

    async attachment(way) {
      const { backend, id, attachmentId, request } = way;
      const get = method(backend, 'readAttachment');
      const file = findAttachment(await upstream.thread(way), attachmentId);
      if (!file) throw new Problem('not-found');
      const { blob, name } = await upstream.ask(way, 'ticket', (call) => get(id, file, call), request.signal);
      return toDownload(blob, file.name ?? name ?? 'file');
    },

    async guestAccess(way) {
      // Whoever asks is told the same: an answer tells nothing of people.
      if (guests.mode !== 'verify') return {};
      await guests.enter(way.address);
      const { email, number } = check<{ email: string; number?: string }>(
        input.guestAccess,
        await readJson(way, bodies),
      );
      await guests.mail(email, number);
      return {};
    },

    async guestConfirm(way) {
      await guests.enter(way.address);
      const { email, code } = check<{ email: string; code: string }>(input.guestConfirm, await readJson(way, bodies));
      return { token: await guests.confirm(email, code) };
    },
  };
}
