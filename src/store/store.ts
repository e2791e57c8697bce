/** One desk's data, for every element of that desk. */
import type { Backend, Call, Capability } from '../backends/backend.js';
import { HelpDeskError, toHelpDeskError } from '../errors.js';
import type { Identity, Page, Thread, ThreadEntry, Ticket, TicketDraft, TicketQuery, Topic } from '../model.js';
import { createCache, createCell, type Key } from './cache.js';
import { createDrafts, personOf, Shelf } from './drafts.js';
import { newId, normalise, Outbox, withWords, type Sent } from './outbox.js';
import type { Outgoing, Resource, SendOptions, Snapshot, Store, TicketList } from './types.js';

/** How a store goes on. */
export interface StoreOptions {
  /** Who asks. */
  identity?: Identity;
  /** Tells desks of the same back end apart on this device, e.g. their address. */
  scope?: string;
  /** Where drafts and unsent replies are kept. Default the browser's `localStorage`; null for memory only. */
  storage?: Storage | null;
  /** Milliseconds for which an answer is not asked for again. Default 10,000. */
  staleTime?: number;
  /** Milliseconds between two reads of a watched thread; lists wait three times as long. Default 20,000; 0 for none. */
  pollInterval?: number;
}

/** A list with what is needed to make it grow. */
interface Listing extends TicketList {
  readonly next?: string;
  /** True once a further page was added. */
  readonly grown?: boolean;
}

/** Ticket id → when its news was last seen; '' is the moment from which on unknown tickets count as news. */
type Seen = Record<string, string>;

/** When a ticket was sent, and the ids known then, where a list had been read. */
interface Doubt {
  readonly at: number;
  readonly known: ReadonlySet<string> | undefined;
}

const minute = 60_000;
const isList = (key: Key) => key[0] === 'tickets';
/** True for a list that every new ticket of the person belongs to. */
const isWhole = (key: Key) => {
  const { status, topicId, search, scope } = key[1] as TicketQuery;
  return !(status || topicId || search || scope);
};
const unexpected = () => new HelpDeskError('unexpected');
const time = (iso: string | undefined) => Date.parse(iso ?? '') || 0;

/** The objects in what should be a list of them. */
function objects<T>(value: readonly T[]): T[] {
  if (!Array.isArray(value)) throw unexpected();
  return value.filter((item) => typeof item === 'object' && item);
}

const without = (items: readonly Ticket[], known: readonly Ticket[]) => {
  const ids = new Set(known.map(({ id }) => id));
  return items.filter(({ id }) => !ids.has(id));
};

function listing({ items, next, total }: Page<Ticket>, grown = false): Listing {
  return { items, grown, more: !!next, ...(next && { next }), ...(total !== undefined && { total }) };
}

/** A new first page over a list that has grown: later tickets stay, none is there twice. */
function merge(page: Page<Ticket>, before: Listing | undefined): Listing {
  if (!page.next || !before?.grown) return listing(page);
  // What stands behind the last ticket that has not moved is not covered by the new page.
  const places = new Map(before.items.map((ticket, index) => [ticket.id, index]));
  let from = 0;
  for (const { id, updatedAt } of page.items) {
    const place = places.get(id) ?? -1;
    if (before.items[place]?.updatedAt === updatedAt && place >= 0) from = place + 1;
  }
  const rest = without(before.items.slice(from), page.items);
  if (!rest.length) return listing(page);
  const { next, ...first } = page;
  return listing({ ...first, items: [...page.items, ...rest], ...(before.next && { next: before.next }) }, true);
}

/** A resource that has nothing to fetch. */
function settled<T>(key: string, data: T): Resource<T> {
  const snapshot: Snapshot<T> = Object.freeze({ status: 'ready', data, fetching: false, updatedAt: 0 });
  return { key, peek: () => snapshot, watch: () => () => undefined, refresh: () => Promise.resolve() };
}
const noTopics = settled<readonly Topic[]>('["topics"]', []);

/** The store of one desk: what elements see of its back end. Drafts and unsent replies outlive the page. */
export function createStore(backend: Backend, options: StoreOptions = {}): Store {
  const { scope = '', storage, staleTime = 10_000, pollInterval = 20_000 } = options;
  const identity = createCell(options.identity);
  const selected = createCell<string | undefined>(undefined);
  const unread = createCell<ReadonlySet<string>>(new Set());
  const online = createCell(globalThis.navigator?.onLine !== false);
  const queue = createCell<readonly Outgoing[]>([]);
  const cache = createCache({ onData: (key) => isList(key) && countUnread() });

  /** Ends with the person: what comes back after that is nobody's. */
  let session = new AbortController();
  let shelf: Shelf;
  let outbox: Outbox;
  let seen: Seen | undefined;
  /** True while what counts as seen was taken from a part of the tickets. */
  let provisional = false;
  /** Writes under way by what makes them one; those of an intent that was named stay, once they are done. */
  let writes: Map<string, Promise<unknown>>;
  /** The last write of each ticket: the next one waits for it. */
  let lines: Map<string, Promise<unknown>>;
  /** New tickets whose outcome is uncertain, by intent. */
  let doubts: Map<string, Doubt>;
  /** Tickets this person has just written to: what comes of that is no news. */
  let own: Map<string, number>;
  /** As what this person's words come back. */
  let kind: ThreadEntry['kind'] = 'message';

  const settle = () => {
    shelf = new Shelf(`${backend.name} ${scope}`, personOf(identity.value), storage);
    outbox = new Outbox(shelf, queue);
    const kept = shelf.get('seen');
    seen = typeof kept === 'object' && kept ? (kept as Seen) : undefined;
    [writes, lines, doubts, own] = [new Map(), new Map(), new Map(), new Map()];
  };
  settle();

  const enter = (next: Identity | undefined) => {
    session.abort();
    session = new AbortController();
    cache.clear();
    identity.set(next);
    settle();
    selected.set(undefined);
    unread.set(new Set());
    void cache.refresh();
  };

  /** One call of the back end, whatever it does: an object as the answer, or a `HelpDeskError`. */
  const ask = async <T extends object>(
    run: (call: Call) => Promise<T> | undefined,
    { signal, intentId, onProgress }: SendOptions = {},
    who = identity.value,
  ): Promise<T> => {
    const mine = session.signal;
    const stop = new AbortController();
    const abort = () => stop.abort();
    try {
      for (const other of [mine, signal]) {
        if (other?.aborted) throw new HelpDeskError('aborted');
        other?.addEventListener('abort', abort);
      }
      const answer = await run({
        signal: stop.signal,
        ...(who && { identity: who }),
        ...(intentId && { idempotencyKey: intentId }),
        ...(onProgress && { onProgress: (fraction) => mine.aborted || onProgress(fraction) }),
      });
      if (typeof answer !== 'object' || !answer) throw unexpected();
      if (mine.aborted) throw new HelpDeskError('aborted');
      return answer;
    } catch (thrown) {
      throw mine.aborted ? new HelpDeskError('aborted', { cause: thrown }) : toHelpDeskError(thrown);
    } finally {
      // Polls go on for hours: nothing of them may hang on the signal of the session.
      for (const other of [mine, signal]) other?.removeEventListener('abort', abort);
    }
  };

  const can = (capability: Capability) => typeof backend[capability] === 'function';
  const need = (capability: Capability) => {
    if (!can(capability)) throw new HelpDeskError('unsupported');
  };

  /** Reads that belong to a person are not even asked for where nobody is named. */
  const askAs = <T extends object>(run: (call: Call) => Promise<T>, signal?: AbortSignal, who = identity.value) => {
    if (backend.limits?.identityRequired && !who) return Promise.reject(new HelpDeskError('unauthorized'));
    return ask(run, signal && { signal }, who);
  };
  const readPage = async (query: TicketQuery, signal?: AbortSignal, who?: Identity): Promise<Page<Ticket>> => {
    const page = await askAs((call) => backend.listTickets(query, call), signal, who);
    return { ...page, items: objects(page.items) };
  };
  const readThread = async (id: string, signal?: AbortSignal): Promise<Thread> => {
    const { ticket, entries } = await askAs((call) => backend.readThread(id, call), signal);
    if (!ticket) throw unexpected();
    return { ticket, entries: objects(entries) };
  };

  const countUnread = () => {
    const news = new Set<string>();
    cache.each(isList, ({ items }: TicketList, key) => {
      if (!seen || (provisional && isWhole(key))) {
        const newest = items.reduce(
          (latest, { updatedAt = '' }) => (time(updatedAt) > time(latest) ? updatedAt : latest),
          '',
        );
        provisional = !isWhole(key);
        keepSeen({ ...seen, '': newest });
      }
      for (const ticket of items) {
        if ((own.get(ticket.id) ?? 0) > Date.now() - minute / 4) remember(ticket);
        if (isNews(ticket)) news.add(ticket.id);
      }
    });
    if (news.size !== unread.value.size || [...news].some((id) => !unread.value.has(id))) unread.set(news);
  };
  const isNews = ({ id, updatedAt }: Ticket) => time(updatedAt) > time(seen?.[id] ?? seen?.['']);
  const remember = (ticket: Ticket) => {
    if (seen && isNews(ticket)) keepSeen({ ...seen, [ticket.id]: ticket.updatedAt ?? '' });
  };
  /** At most 500 marks, the newest; older tickets are judged by the newest mark that went. */
  const keepSeen = ({ '': since = '', ...marks }: Seen) => {
    const sorted = Object.entries(marks).sort(([, a], [, b]) => time(b) - time(a));
    const gone = sorted[500]?.[1] ?? '';
    seen = { ...Object.fromEntries(sorted.slice(0, 500)), '': time(gone) > time(since) ? gone : since };
    shelf.set('seen', seen);
  };

  const touching = (id: string) => (key: Key) => isList(key) || (key[0] === 'thread' && key[1] === id);
  /** Changes one ticket wherever it is shown, and adds an entry to its thread unless it is there. */
  const edit = (id: string, change: (ticket: Ticket) => Ticket, entry?: ThreadEntry) => (data: never, key: Key) => {
    if (isList(key)) {
      const list: Listing = data;
      const { status } = key[1] as TicketQuery;
      const items = list.items.map((ticket) => (ticket.id === id ? change(ticket) : ticket));
      return { ...list, items: status ? items.filter((item) => item.id !== id || item.status === status) : items };
    }
    const { ticket, entries }: Thread = data;
    const isNew = entry && !(entry.id && entries.some((known) => known.id === entry.id));
    return { ticket: change(ticket), entries: isNew ? [...entries, entry] : entries };
  };
  /** A change that has happened. */
  const edited = (match: (key: Key) => boolean, change: (data: never, key: Key) => unknown) =>
    cache.update(match, change)(change);

  /** The same write twice at a time is one write. */
  const once = <T>(key: string, run: () => Promise<T>, keep = false): Promise<T> => {
    const all = writes;
    let write = all.get(key) as Promise<T> | undefined;
    if (!write) {
      all.set(key, (write = run()));
      write.then(
        () => keep || all.delete(key),
        () => all.delete(key),
      );
    }
    return write;
  };
  /** After everything else that is being written to this ticket: a close must not overtake a reply. */
  const inLine = <T>(ticketId: string, run: () => Promise<T>): Promise<T> => {
    const mine = session.signal;
    const turn = (lines.get(ticketId) ?? Promise.resolve()).then(() => {
      if (mine.aborted) throw new HelpDeskError('aborted');
      return run();
    });
    lines.set(
      ticketId,
      turn.catch(() => undefined),
    );
    return turn;
  };

  /** At once on the screen, for good when the back end says so, taken back when it refuses. */
  const changeTicket = async (
    capability: Capability,
    id: string,
    change: (ticket: Ticket) => Ticket,
    run: (call: Call) => Promise<Ticket> | undefined,
  ): Promise<Ticket> => {
    need(capability);
    const end = cache.update(touching(id), edit(id, change));
    try {
      const result = await inLine(id, () => ask(run));
      own.set(id, Date.now());
      end(edit(id, result.id === id ? () => result : change));
      return result;
    } catch (error) {
      // Where nobody knows what became of it, what is shown is read again.
      end((error as HelpDeskError).uncertain ? (data) => data : undefined);
      throw error;
    }
  };

  const outgoing = (id: string): Sent => {
    const item = outbox.find(id);
    if (!item) throw new HelpDeskError('not-found');
    return item;
  };
  const arrived = ({ draft, before = 0 }: Sent, thread: Thread): ThreadEntry | undefined => {
    const same = withWords(thread, draft.message, kind);
    return same.length > before ? same.at(-1) : undefined;
  };

  /** Sends one reply, or finds that it has arrived. */
  const deliver = (id: string): Promise<ThreadEntry> =>
    once(id, async () => {
      const mine = session.signal;
      const { ticketId } = outgoing(id);
      let state: Outgoing['state'] = 'failed';
      const look = async () => {
        state = 'unconfirmed';
        const entry = arrived(outgoing(id), await readThread(ticketId));
        state = 'failed';
        return entry;
      };
      const send = async (): Promise<ThreadEntry> => {
        const { draft, lostFiles } = outgoing(id);
        try {
          const entry = await ask((call) => backend.reply?.(ticketId, draft, call), {
            // Without its files it is not the same any more.
            intentId: lostFiles.length ? `${id}-text` : id,
            onProgress: (fraction) => outbox.progress(id, fraction),
          });
          if (!entry.body) throw unexpected();
          return entry;
        } catch (error) {
          if (mine.aborted || !toHelpDeskError(error).uncertain) throw error;
          outbox.change(id, { uncertain: true });
          const entry = await look().catch(() => undefined);
          if (!entry) throw error;
          return entry;
        }
      };
      try {
        outbox.change(id, { state: 'sending', progress: 0 });
        const entry = await inLine(ticketId, async () => {
          const item = outgoing(id);
          if (item.uncertain) return (await look()) ?? send();
          // What can be told apart afterwards must be counted before: from the screen, if that is fresh.
          const { data, updatedAt } = store.thread(ticketId).peek();
          const thread = data && Date.now() - updatedAt < minute ? data : await readThread(ticketId);
          outbox.change(id, { before: withWords(thread, item.draft.message, kind).length });
          return send();
        });
        own.set(ticketId, Date.now());
        const { createdAt = new Date().toISOString() } = entry;
        const touch = (ticket: Ticket) =>
          time(createdAt) > time(ticket.updatedAt) ? { ...ticket, updatedAt: createdAt } : ticket;
        edited(touching(ticketId), edit(ticketId, touch, entry));
        outbox.drop(id);
        return entry;
      } catch (thrown) {
        const error = toHelpDeskError(thrown);
        if (!mine.aborted) outbox.change(id, { state, error });
        throw error;
      }
    });

  /** The ticket that an uncertain write has made, if it can be seen. */
  const findCreated = async ({ subject }: TicketDraft, { at, known }: Doubt, who: Identity | undefined) => {
    const { items } = await readPage({}, undefined, who);
    const slack = known ? 1440 * minute : 2 * minute + Date.now() - at;
    const isNew = ({ id, createdAt }: Ticket) =>
      known && !createdAt ? !known.has(id) : !known?.has(id) && Math.abs(time(createdAt) - at) < slack;
    return items.find((ticket) => ticket.id && normalise(ticket.subject) === normalise(subject) && isNew(ticket));
  };

  const create = async (draft: TicketDraft, intentId: string, options: SendOptions): Promise<Ticket> => {
    const mine = session.signal;
    const who = identity.value ?? (draft.email ? { email: draft.email } : undefined);
    let doubt = doubts.get(intentId);
    let ticket: Ticket | undefined;
    if (doubt)
      ticket = await findCreated(draft, doubt, who).catch((error: HelpDeskError) => {
        // Who may not list (a guest) may still send: the back end knows the intent.
        if (error.uncertain) throw error;
        return undefined;
      });
    if (!ticket) {
      let known: Set<string> | undefined;
      cache.each(
        isList,
        ({ items }: TicketList) => (known = new Set([...(known ?? []), ...items.map(({ id }) => id)])),
      );
      doubt ??= { at: Date.now(), known };
      try {
        ticket = await ask((call) => backend.createTicket(draft, call), { ...options, intentId });
      } catch (error) {
        if (mine.aborted || !(error as HelpDeskError).uncertain) throw error;
        doubts.set(intentId, doubt);
        ticket = await findCreated(draft, doubt, who).catch(() => undefined);
        if (!ticket) throw error;
      }
    }
    const made = ticket;
    doubts.delete(intentId);
    own.set(made.id, Date.now());
    edited(isList, (data, key) => {
      const list: Listing = data;
      if (!made.id || !isWhole(key)) return list;
      const others = without(list.items, [made]);
      const more = others.length === list.items.length ? 1 : 0;
      return { ...list, items: [made, ...others], ...(list.total !== undefined && { total: list.total + more }) };
    });
    return made;
  };

  const setOnline = () => online.set(navigator.onLine);
  const events = ['online', 'offline'];
  for (const event of events) globalThis.window?.addEventListener(event, setOnline);

  const store: Store = {
    backend,
    identity,
    selected,
    outbox: queue,
    unread,
    online,
    drafts: createDrafts(() => shelf),
    can,

    tickets({ cursor: _, ...rest } = {}) {
      if (rest.scope === 'mine') delete rest.scope;
      else if (rest.scope) kind = 'reply';
      const query = Object.fromEntries(Object.entries(rest).filter(([, value]) => value)) as TicketQuery;
      const resource = cache.resource<Listing>(
        ['tickets', query],
        async (signal, before) => merge(await readPage(query, signal), before),
        { staleTime, pollInterval: 3 * pollInterval },
        async (signal, before) => {
          if (!before?.next) return before ?? listing(await readPage(query, signal));
          const page = await readPage({ ...query, cursor: before.next }, signal);
          const { total = before.total } = page;
          const items = [...before.items, ...without(page.items, before.items)];
          return listing({ items, ...(page.next && { next: page.next }), ...(total !== undefined && { total }) }, true);
        },
      );
      return resource;
    },

    thread: (ticketId) =>
      cache.resource(
        ['thread', ticketId],
        async (signal) => {
          const thread = await readThread(ticketId, signal);
          if (!signal.aborted)
            for (const item of outbox.items)
              if (item.ticketId === ticketId && item.uncertain && !writes.has(item.id) && arrived(item, thread))
                outbox.drop(item.id);
          return thread;
        },
        { staleTime, pollInterval },
      ),

    topics: () =>
      can('listTopics')
        ? cache.resource<readonly Topic[]>(
            ['topics'],
            async (signal) => objects(await ask((call) => backend.listTopics?.(call), { signal })),
            { staleTime: 5 * minute },
          )
        : noTopics,

    select: (ticketId) => selected.set(ticketId),
    markSeen(ticket) {
      remember(ticket);
      countUnread();
    },

    createTicket: (draft, { intentId, ...options } = {}) =>
      once(`new ${intentId ?? JSON.stringify(draft)}`, () => create(draft, intentId ?? newId(), options), !!intentId),

    async reply(ticketId, draft) {
      need('reply');
      const same = outbox.items.find((item) => item.ticketId === ticketId && item.draft.message === draft.message);
      if (same && writes.has(same.id)) return deliver(same.id);
      if (same) outbox.drop(same.id);
      const { id } = outbox.put({
        createdAt: new Date().toISOString(),
        ...same,
        // Other files are another intent, though what was sent before is still looked for.
        id: same && !draft.files?.length ? same.id : newId(),
        ticketId,
        draft: { ...draft },
        state: 'sending',
        progress: 0,
        lostFiles: [],
      });
      return deliver(id);
    },
    retry: (outgoingId) => deliver(outgoingId),
    discard(outgoingId) {
      if (!writes.has(outgoingId)) outbox.drop(outgoingId);
    },
    restore(item) {
      const { state, ...rest } = item;
      outbox.put({ ...rest, state: 'failed', ...(state === 'unconfirmed' && { uncertain: true }) });
    },

    setStatus: (id, status, reason) =>
      changeTicket(
        'setStatus',
        id,
        // The back end's own word for the former status would contradict the new one.
        ({ statusLabel: _, ...ticket }) => ({ ...ticket, status }),
        (call) => backend.setStatus?.(id, status, { ...call, ...(reason && { reason }) }),
      ),
    rate: (id, score) =>
      changeTicket(
        'rate',
        id,
        (ticket) => ({ ...ticket, rating: score }),
        (call) => backend.rate?.(id, score, call),
      ),
    async readAttachment(ticketId, attachment, signal) {
      need('readAttachment');
      return ask((call) => backend.readAttachment?.(ticketId, attachment, call), signal && { signal });
    },

    identify(next) {
      if (personOf(next) === personOf(identity.value)) identity.set(next);
      else enter(next);
    },
    signOut() {
      shelf.wipe();
      enter(undefined);
    },
    refresh: cache.refresh,
    dispose() {
      session.abort();
      cache.dispose();
      for (const event of events) globalThis.window?.removeEventListener(event, setOnline);
    },
  };
  return store;
}
