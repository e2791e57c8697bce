/** One desk's data, for every element of that desk. */
import type { Backend, Capability } from '../backends/backend.js';
import { HelpDeskError } from '../errors.js';
import type { Identity, Tag, TicketQuery, Topic } from '../model.js';
import type * as Late from './activity.js';
import { createCache, createCell } from './cache.js';
import { createDrafts, personOf } from './drafts.js';
import { activity as acting, tickets as reading } from './late.js';
import { isList, listsOf, type Listing } from './lists.js';
import type { Sent } from './outbox.js';
import { objects, openSession, type Session } from './session.js';
import type { ticketsCode } from './tickets.js';
import type { Resource, Snapshot, Store } from './types.js';

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

const noSnapshot: Snapshot<readonly never[]> = Object.freeze({
  status: 'ready',
  data: [],
  fetching: false,
  updatedAt: 0,
});
const none: Resource<readonly never[]> = {
  key: '',
  peek: () => noSnapshot,
  watch: () => () => undefined,
  refresh: () => Promise.resolve(),
};

/** The store of one desk: what elements see of its back end. Drafts and unsent replies outlive the page. */
export function createStore(backend: Backend, options: StoreOptions = {}): Store {
  const { scope = '', storage, staleTime = 10_000, pollInterval = 20_000 } = options;
  const identity = createCell(options.identity);
  const selected = createCell<string | undefined>(undefined);
  const unread = createCell<ReadonlySet<string>>(new Set());
  const online = createCell(globalThis.navigator?.onLine !== false);
  const queue = createCell<readonly Sent[]>([]);
  const cache = createCache({
    share: (before, next) => acting.now?.share(before, next) ?? next,
    onData(key) {
      if (!isList(key)) return;
      const lists = listsOf(cache);
      quietly(({ count }) => count(lists));
    },
  });
  let agent = false;

  /** Everything that belongs to whoever is named now, and goes with them. */
  const meet = (): { readonly session: Session; activity: Late.Activity | undefined } => {
    const session = openSession({ backend, cache, identity, queue, desk: `${backend.name} ${scope}`, storage });
    return { session, activity: begin(session) };
  };
  const begin = (session: Session) =>
    acting.now?.createActivity(session, () => agent || backend.limits?.agent === true, unread.set);
  let person = meet();

  const enter = (next: Identity | undefined, wipe = false) => {
    const { session } = person;
    const nobody = personOf(identity.value) === personOf();
    session.end();
    cache.clear();
    if (wipe) session.shelf.wipe();
    identity.set(next);
    selected.set(undefined);
    unread.set(new Set());
    queue.set([]);
    person = meet();
    // What somebody has written before they said who they are is theirs.
    if (nobody) session.shelf.give(person.session.shelf);
    void cache.refresh();
  };

  /** At once where its code is there; else all who ask meanwhile take their turn when it is. */
  const act = async <T>(run: (activity: Late.Activity) => T): Promise<Awaited<T>> => {
    const mine = person;
    if (!acting.now) await acting.need();
    if (mine.session.ended.aborted) throw new HelpDeskError('aborted');
    return await run((mine.activity ??= begin(mine.session)!));
  };
  /** Also fetches the code beforehand; where that fails it is asked for again. */
  const quietly = (run: (activity: Late.Activity) => unknown = () => undefined) => void act(run).catch(() => undefined);
  /** What is to do with tickets: at once where its code is there, and for nobody who has gone meanwhile. */
  const of = async <T>(run: (code: typeof ticketsCode, session: Session) => T): Promise<Awaited<T>> => {
    const { session } = person;
    const code = reading.now ?? (await reading.need());
    if (session.ended.aborted) throw new HelpDeskError('aborted');
    return await run(code, session);
  };
  const keep = (run: Parameters<typeof of>[0]) => void of(run).catch(() => undefined);
  const deliver = (id: string) => act((activity) => activity.deliver(id));

  const can = (capability: Capability) => typeof backend[capability] === 'function';

  /** What changes so rarely that it is read once. */
  const named = <T extends Tag>(capability: 'listTopics' | 'listTags') =>
    can(capability)
      ? cache.resource<readonly T[]>(
          [capability],
          async (signal) => objects((await person.session.read((call) => backend[capability]?.(call), signal)) as T[]),
          { staleTime: 300_000 },
        )
      : none;

  const disposed = new AbortController();
  for (const event of ['online', 'offline'])
    globalThis.window?.addEventListener(event, () => online.set(navigator.onLine), disposed);

  return {
    backend,
    identity,
    selected,
    outbox: queue,
    unread,
    online,
    drafts: createDrafts(() => person.session.shelf, quietly),
    can,

    tickets({ cursor: _, scope, ...rest } = {}) {
      const others = scope !== 'mine' && scope;
      if (others) agent = true;
      const asked = Object.entries({ ...rest, scope: others }).filter(([, value]) => value);
      const query = Object.fromEntries(asked) as TicketQuery;
      return cache.resource<Listing>(
        ['tickets', query],
        (signal, before, further) =>
          of(({ readList }, session) => readList(session, query, { signal, before, further, act })),
        { staleTime, pollInterval: 3 * pollInterval },
      );
    },

    thread: (ticketId) =>
      cache.resource(
        ['thread', ticketId],
        async (signal) => {
          // What was not sent is shown by the activity: its code comes together with the thread.
          quietly();
          const thread = await of(({ readThread }, session) => readThread(session, ticketId, signal));
          quietly(({ confirm }) => confirm(ticketId, thread));
          return thread;
        },
        { staleTime, pollInterval },
      ),

    topics: () => named<Topic>('listTopics'),
    tags: () => named<Tag>('listTags'),

    select: selected.set,
    markSeen: (ticket) => quietly((activity) => activity.markSeen(ticket)),

    createTicket: (draft, sending = {}) => act((activity) => activity.createTicket(draft, sending)),

    async reply(ticketId, draft) {
      if (!can('reply')) throw new HelpDeskError('unsupported');
      return of(({ reply }, session) => reply(session, ticketId, draft, deliver));
    },
    retry: deliver,
    stop: (outgoingId) => quietly(({ stop }) => stop(outgoingId)),
    discard: (id) => keep(({ discard }, session) => discard(session, id)),
    restore: (outgoing) => keep(({ restore }, session) => restore(session, outgoing)),

    setStatus: (...change) => act(({ setStatus }) => setStatus(...change)),
    rate: (...rating) => act(({ rate }) => rate(...rating)),
    updateTicket: (...change) => act(({ updateTicket }) => updateTicket(...change)),
    createUser: (draft) => act(({ createUser }) => createUser(draft)),
    readAttachment: (...which) => act(({ readAttachment }) => readAttachment(...which)),

    identify(next) {
      if (personOf(next) === personOf(identity.value)) identity.set(next);
      else enter(next);
    },
    signOut: () => enter(undefined, true),
    refresh: cache.refresh,
    dispose() {
      person.session.end();
      cache.dispose();
      disposed.abort();
    },
  };
}
