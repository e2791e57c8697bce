/** One desk's data, for every element of that desk. */
import type { Backend, Capability } from '../backends/backend.js';
import { HelpDeskError, toHelpDeskError } from '../errors.js';
import type { Identity, Tag, TicketQuery, Topic } from '../model.js';
import type { Activity } from './activity.js';
import { createCache, createCell } from './cache.js';
import { createDrafts, personOf } from './drafts.js';
import { extend, isList, listsOf, renew, type Listing } from './lists.js';
import { newId } from './outbox.js';
import { objects, openSession, type Session } from './session.js';
import type { Outgoing, Resource, Snapshot, Store } from './types.js';

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
  const queue = createCell<readonly Outgoing[]>([]);
  const cache = createCache({
    onData(key) {
      if (!isList(key)) return;
      const lists = listsOf(cache);
      quietly(({ count }) => count(lists));
    },
  });
  let agent = false;

  /** Everything that belongs to whoever is named now, and goes with them. */
  const meet = (): { session: Session; activity?: Activity; loading?: Promise<Activity> } => ({
    session: openSession({ backend, cache, identity, queue, desk: `${backend.name} ${scope}`, storage }),
  });
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
    person = meet();
    // What somebody has written before they said who they are is theirs.
    if (nobody) session.shelf.give(person.session.shelf);
    void cache.refresh();
  };

  const load = async (mine = person): Promise<Activity> => {
    try {
      const { createActivity } = await import('./activity.js');
      return (mine.activity = createActivity(mine.session, () => agent || backend.limits?.agent === true, unread.set));
    } catch (cause) {
      delete mine.loading;
      throw new HelpDeskError('network', { cause });
    }
  };
  /** At once where its code is there; else all who ask meanwhile take their turn when it is. */
  const act = async <T>(run: (activity: Activity) => T): Promise<Awaited<T>> =>
    await run(person.activity ?? (await (person.loading ??= load())));
  /** Also fetches the code while the network is there. Where that fails it is asked for again. */
  const quietly = (run: (activity: Activity) => unknown = () => undefined) => void act(run).catch(() => undefined);

  const deliver = async (id: string) => {
    const { session } = person;
    try {
      return await act(({ deliver }) => deliver(id));
    } catch (error) {
      // Also where the code for it could not be had.
      if (!session.ended.aborted && session.outbox.find(id)?.state === 'sending')
        session.outbox.change(id, { state: 'failed', error: toHelpDeskError(error) });
      throw error;
    }
  };

  const can = (capability: Capability) => typeof backend[capability] === 'function';
  const need = (capability: Capability) => {
    if (!can(capability)) throw new HelpDeskError('unsupported');
  };

  /** What changes so rarely that it is read once. */
  const named = <T extends Tag>(capability: 'listTopics' | 'listTags') =>
    can(capability)
      ? cache.resource<readonly T[]>(
          [capability],
          async (signal) =>
            objects((await person.session.ask((call) => backend[capability]?.(call), { signal })) as T[]),
          { staleTime: 300_000 },
        )
      : none;

  const setOnline = () => online.set(navigator.onLine);
  const events = ['online', 'offline'];
  for (const event of events) globalThis.window?.addEventListener(event, setOnline);

  return {
    backend,
    identity,
    selected,
    outbox: queue,
    unread,
    online,
    drafts: createDrafts(() => person.session.shelf, quietly),
    can,

    tickets({ cursor: _, ...rest } = {}) {
      if (rest.scope === 'mine') delete rest.scope;
      else if (rest.scope) agent = true;
      const query = Object.fromEntries(Object.entries(rest).filter(([, value]) => value)) as TicketQuery;
      const read = (cursor: string | undefined, signal: AbortSignal) =>
        person.session.readPage({ ...query, ...(cursor && { cursor }) }, signal);
      return cache.resource<Listing>(
        ['tickets', query],
        async (signal, before) => renew(await read('', signal), before),
        { staleTime, pollInterval: 3 * pollInterval },
        async (signal, before) => {
          if (!before) return renew(await read('', signal), before);
          return before.next ? extend(await read(before.next, signal), before) : before;
        },
      );
    },

    thread: (ticketId) =>
      cache.resource(
        ['thread', ticketId],
        async (signal) => {
          const { session } = person;
          const thread = await session.readThread(ticketId, signal);
          quietly(({ confirm }) => session.ended.aborted || confirm(ticketId, thread));
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
      need('reply');
      const { outbox } = person.session;
      const same = outbox.items.find((item) => item.ticketId === ticketId && item.draft.message === draft.message);
      if (same?.state === 'sending') return deliver(same.id);
      if (same) outbox.drop(same.id);
      // Other files are another intent, though what was sent before is still looked for.
      const id = same && !draft.files?.length ? same.id : newId();
      const createdAt = new Date().toISOString();
      const fresh = { ticketId, draft: { ...draft }, state: 'sending', progress: 0, lostFiles: [] } as const;
      outbox.put({ createdAt, ...same, ...fresh, id });
      return deliver(id);
    },
    retry: deliver,
    stop: (outgoingId) => quietly(({ stop }) => stop(outgoingId)),
    discard(outgoingId) {
      const { outbox } = person.session;
      if (outbox.find(outgoingId)?.state !== 'sending') outbox.drop(outgoingId);
    },
    restore(outgoing) {
      const uncertain = outgoing.state === 'unconfirmed';
      person.session.outbox.put({ ...outgoing, state: 'failed', ...(uncertain && { uncertain }) });
    },

    setStatus: (...change) => act(({ setStatus }) => setStatus(...change)),
    rate: (...rating) => act(({ rate }) => rate(...rating)),
    updateTicket: (...change) => act(({ updateTicket }) => updateTicket(...change)),
    createUser: (draft) => act(({ createUser }) => createUser(draft)),
    async readAttachment(ticketId, attachment, signal) {
      need('readAttachment');
      return person.session.ask((call) => backend.readAttachment?.(ticketId, attachment, call), signal && { signal });
    },

    identify(next) {
      if (personOf(next) === personOf(identity.value)) identity.set(next);
      else enter(next);
    },
    signOut: () => enter(undefined, true),
    refresh: cache.refresh,
    dispose() {
      person.session.end();
      cache.dispose();
      for (const event of events) globalThis.window?.removeEventListener(event, setOnline);
    },
  };
}
