/** Writing, so that nothing is lost and nothing is there twice. */
import type { Call, Capability } from '../backends/backend.js';
import { HelpDeskError, toHelpDeskError } from '../errors.js';
import type { Identity, Tag, Thread, ThreadEntry, Ticket, TicketDraft, TicketQuery } from '../model.js';
import type { Key } from './cache.js';
import { createAsk } from './asking.js';
import { update } from './changes.js';
import { mark } from './drafts.js';
import { isWhole, time, without } from './growing.js';
import { tickets } from './late.js';
import { isList, listsOf, type Listing } from './lists.js';
import { newId, type Sent } from './outbox.js';
import { unexpected, type Session } from './session.js';
import type { Outgoing, SendOptions, Store } from './types.js';
import { openOutbox, type Keep } from './unsent.js';

/** When a ticket was sent, and the ids known then, where a list had been read. */
interface Doubt {
  readonly at: number;
  /** When nobody could tell what had become of it. */
  readonly since?: number;
  readonly known?: readonly string[];
}

const minute = 60_000;
/** Milliseconds for which another tab is waited for that is sending: it may be asleep. */
const patience = 10 * minute;
const day = 1440 * minute;
/** Milliseconds for which a write without an outcome is given to show before it is sent again: its answer may be lost only. */
const settling = 3000;
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '', apos: '', nbsp: '' };

/**
 * The words without what back ends change on the way: entities (once or twice), tags, white space, emoji, quotation
 * marks. Recorded: osTicket 1.18.1 removes emoji, escapes text and closes words in angle brackets.
 */
const normalise = (text: string): string =>
  text
    .replace(/&(amp;)+/gi, '&')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return named[name.toLowerCase()] ?? whole;
      const code = decimal ? +decimal : parseInt(hex ?? '', 16);
      return code < 0x110000 ? String.fromCodePoint(code) : '';
    })
    .replace(/<\/?[a-z!][^>]*>/gi, '')
    .replace(/[\s\p{Cf}\p{Extended_Pictographic}\p{RI}\p{EMod}\u20e3\ufe0f"'`´‘’‚“”„«»]/gu, '')
    .normalize();

/** See `createWrites`. */
export interface Writes {
  /** Sends a new ticket, and puts it on top of the lists it surely belongs to. */
  createTicket(draft: TicketDraft, options: SendOptions): Promise<Ticket>;
  /** Sends a reply of the outbox, or finds that it has arrived. */
  deliver(id: string): Promise<ThreadEntry>;
  /** Stops what `deliver` is sending. The reply stays in the outbox. */
  stop(id: string): void;
  /** Takes what has arrived after all out of the outbox. */
  confirm(ticketId: string, thread: Thread): void;
  setStatus: Store['setStatus'];
  rate: Store['rate'];
  updateTicket: Store['updateTicket'];
  createUser: Store['createUser'];
  readAttachment: Store['readAttachment'];
}

/** How one session writes. `agent` says as what this person's words come back. */
export function createWrites(session: Session, agent: () => boolean): Writes {
  const { backend, cache, identity, queue, own, ended, shelf } = session;
  const ask = createAsk(session);
  /** Who only sends a new ticket goes without, unless it has to be looked for. */
  const reading = async () => tickets.now ?? (await tickets.need());
  const readPage = (query: TicketQuery, signal?: AbortSignal, who?: Identity) =>
    ask(async (call) => (await reading()).readPage(session, query, call.signal, who), signal && { signal });
  const readThread = (id: string, signal?: AbortSignal) =>
    ask(async (call) => (await reading()).readThread(session, id, call.signal), signal && { signal });
  const keep: Keep = (id, item) => tickets.now?.keep(session, id, item);
  const outbox = openOutbox(session, keep);
  /** Writes under way by what makes them one; a new ticket whose intent was named stays, once it is sent. */
  const writes = new Map<string, Promise<unknown>>();
  /** The last write of each ticket. */
  const lines = new Map<string, Promise<unknown>>();
  const stops = new Map<string, AbortController>();

  /** The same write twice at a time is one write. */
  const once = <T>(key: string, run: () => Promise<T>, keep = false): Promise<T> => {
    let write = writes.get(key) as Promise<T> | undefined;
    if (!write) {
      writes.set(key, (write = run()));
      const over = () => writes.delete(key);
      write.then(() => keep || over(), over);
    }
    return write;
  };
  /**
   * After everything else that is being written to this ticket: a close must not overtake a reply. What is stopped while it
   * waits ends at once; what has begun ends by itself.
   */
  const inLine = <T>(ticketId: string, run: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
    new Promise((resolve, reject) => {
      const stopped = () => reject(new HelpDeskError('aborted'));
      if (signal?.aborted) return stopped();
      signal?.addEventListener('abort', stopped);
      const turn = (lines.get(ticketId) ?? Promise.resolve()).then(() => {
        if (ended.aborted || signal?.aborted) throw new HelpDeskError('aborted');
        signal?.removeEventListener('abort', stopped);
        return run();
      });
      turn.then(resolve, reject);
      lines.set(
        ticketId,
        turn.catch(() => undefined),
      );
    });

  /** What a write of unknown outcome has left. Where nothing is there yet, it is looked for once more when it must be. */
  const seek = async <T>(
    since: number,
    signal: AbortSignal | undefined,
    look: () => Promise<T | undefined>,
  ): Promise<T | undefined> => {
    const found = await look();
    // A clock that was set back does not make it longer.
    const rest = Math.min(since + settling - Date.now(), settling);
    if (found || !(rest > 0)) return found;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, rest);
      for (const each of [ended, signal]) {
        const abort = () => {
          clearTimeout(timer);
          reject(new HelpDeskError('aborted'));
        };
        if (each?.aborted) abort();
        each?.addEventListener('abort', abort, { once: true });
      }
    });
    return look();
  };

  const { locks } = globalThis.navigator ?? {};
  const lockOf = (id: string) => `helpdesk-elements:outbox:${id}`;
  const ofThread = (id: string) => (key: Key) => key[0] === 'thread' && key[1] === id;
  const touching = (id: string) => (key: Key) => isList(key) || ofThread(id)(key);
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
    update(cache, match, change)(change);

  const matches = (thread: Thread, { draft }: Pick<Sent, 'draft'>) =>
    thread.entries.filter(
      ({ kind, body }) =>
        kind === (agent() ? 'reply' : 'message') && normalise(body?.value ?? '') === normalise(draft.message),
    );
  const arrived = (item: Sent, thread: Thread): ThreadEntry | undefined => {
    const same = matches(thread, item);
    return same.length > (item.before ?? 0) ? same.at(-1) : undefined;
  };
  /**
   * Runs while no other tab sends this reply, as far as tabs can tell each other: not in a page over plain HTTP or in a
   * sandbox. Whoever is waited for too long is overtaken.
   */
  const alone = async <T>(id: string, signal: AbortSignal, run: () => Promise<T>): Promise<T> => {
    let running: Promise<T> | undefined;
    const begin = () => {
      if (ended.aborted) throw new HelpDeskError('aborted');
      return (running = run());
    };
    const stop = new AbortController();
    const abort = () => stop.abort();
    const timer = setTimeout(abort, patience);
    signal.addEventListener('abort', abort);
    try {
      await locks?.request(lockOf(id), { signal: stop.signal }, begin);
    } catch {
      // What has run says so itself.
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
    if (!running && signal.aborted) throw new HelpDeskError('aborted');
    return running ?? begin();
  };
  /** True for a reply that another tab has sent, or has given up. */
  const gone = (id: string): boolean => !shelf.get(`outbox:${id}`);
  /** Replies that another tab is sending. */
  const elsewhere = new Set<string>();
  /** Shows a reply that an earlier page has left as being sent, where that page is another tab and still at it. */
  const follow = async ({ id, ticketId }: Sent): Promise<void> => {
    const taken = await locks?.request(lockOf(id), { mode: 'shared', ifAvailable: true }, (lock) => !lock);
    if (!taken || writes.has(id)) return;
    elsewhere.add(id);
    outbox.see(id, { state: 'sending' });
    await alone(id, ended, async () => {
      if (writes.has(id)) return;
      // With the words in the thread it goes.
      if (gone(id))
        await cache
          .matching(ofThread(ticketId))
          .find(({ listeners }) => listeners.size)
          ?.refresh();
      outbox.again(id);
    });
    elsewhere.delete(id);
  };
  for (const item of queue.value) if (item.state === 'unconfirmed') follow(item).catch(() => undefined);

  const outgoing = (id: string): Sent => {
    const item = outbox.find(id);
    if (!item) throw new HelpDeskError('not-found');
    return item;
  };

  /** The ticket that an uncertain write has made, if it can be seen. */
  const findCreated = async (
    draft: TicketDraft,
    { at, known }: Doubt,
    who: Identity | undefined,
    signal: AbortSignal | undefined,
  ) => {
    // Of an agent's lists none tells what the requester had before.
    const { requester } = backend.limits ?? {};
    const { items } = requester
      ? await readPage({ scope: 'all', search: draft.email ?? '' }, signal)
      : await readPage({}, signal, who);
    const slack = known && !requester ? day : 2 * minute + Date.now() - at;
    for (const ticket of items) {
      const { id, subject, createdAt } = ticket;
      if (!id || known?.includes(id) || normalise(subject) !== normalise(draft.subject)) continue;
      if (createdAt ? Math.abs(time(createdAt) - at) < slack : known) return ticket;
      // Neither a date nor a list from before: then what it says decides.
      if (!createdAt && matches(await readThread(id), { draft }).length) return ticket;
    }
    return undefined;
  };

  const create = async (draft: TicketDraft, intentId: string, options: SendOptions): Promise<Ticket> => {
    const who = identity.value ?? (draft.email ? { email: draft.email } : undefined);
    const { signal } = options;
    // By the words, not by the intent: with other files they are another intent, and may have arrived nevertheless. Kept
    // beyond the page, which may be left before an answer comes.
    const name = `doubt:${mark(JSON.stringify([draft.subject, draft.message]))}`;
    let doubt = shelf.get(name) as Doubt | undefined;
    if (!((doubt?.at ?? 0) > Date.now() - day)) doubt = undefined;
    const earlier = doubt;
    if (earlier)
      try {
        const { at, since = at } = earlier;
        const ticket = await seek(since, signal, () => findCreated(draft, earlier, who, signal));
        if (ticket) {
          shelf.set(name, undefined);
          return ticket;
        }
      } catch (error) {
        // Who may not list (a guest) may still send: the back end knows the intent.
        if ((error as HelpDeskError).uncertain) throw error;
      }
    if (!doubt) {
      const lists = listsOf(cache);
      const known = lists.flatMap(([, { items }]) => items.map(({ id }) => id)).slice(0, 500);
      doubt = { at: Date.now(), ...(lists.length && { known }) };
      shelf.set(name, doubt);
    }
    let uncertain = true;
    try {
      const ticket = await ask((call) => backend.createTicket(draft, call), { ...options, intentId });
      uncertain = false;
      return ticket;
    } catch (error) {
      uncertain = (error as HelpDeskError).uncertain;
      if (ended.aborted || !uncertain) throw error;
      shelf.set(name, { ...doubt, since: Date.now() });
      // Who has stopped it does not wait for an answer; the next try looks first.
      if (signal?.aborted) throw error;
      const ticket = await findCreated(draft, doubt, who, signal).catch(() => undefined);
      if (!ticket) throw error;
      uncertain = false;
      return ticket;
    } finally {
      if (!uncertain) shelf.set(name, undefined);
    }
  };

  /** At once on the screen, for good when the back end says so, taken back when it refuses. */
  const changeTicket = async (
    capability: Capability,
    id: string,
    change: (ticket: Ticket) => Ticket,
    run: (call: Call) => Promise<Ticket> | undefined,
  ): Promise<Ticket> => {
    if (!backend[capability]) throw new HelpDeskError('unsupported');
    const end = update(cache, touching(id), edit(id, change));
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

  return {
    createTicket: (draft, { intentId, ...options }) =>
      once(
        `new ${intentId ?? JSON.stringify(draft)}`,
        async () => {
          const made = await create(draft, intentId ?? newId(), options);
          own.set(made.id, Date.now());
          edited(isList, (data, key) => {
            const list: Listing = data;
            if (!made.id || !isWhole(key)) return list;
            const others = without(list.items, [made]);
            const isNew = others.length === list.items.length;
            return { ...list, items: [made, ...others], ...(list.total && isNew && { total: list.total + 1 }) };
          });
          return made;
        },
        !!intentId,
      ),

    deliver: (id) =>
      once(id, async () => {
        const { ticketId } = outgoing(id);
        const stop = new AbortController();
        const { signal } = stop;
        stops.set(id, stop);
        let state: Outgoing['state'] = 'failed';
        const look = async () => {
          state = 'unconfirmed';
          const entry = arrived(outgoing(id), await readThread(ticketId, signal));
          state = 'failed';
          return entry;
        };
        const send = async (): Promise<ThreadEntry> => {
          const { draft, lostFiles } = outgoing(id);
          try {
            const entry = await ask((call) => backend.reply?.(ticketId, draft, call), {
              signal,
              // Without its files it is not the same any more.
              intentId: lostFiles.length ? `${id}-text` : id,
              onProgress: (progress) => outbox.see(id, { progress }),
            });
            if (!entry.body) throw unexpected();
            return entry;
          } catch (error) {
            if (ended.aborted || !(error as HelpDeskError).uncertain) throw error;
            outbox.change(id, { uncertain: Date.now() });
            const entry = await look().catch(() => undefined);
            if (!entry) throw error;
            return entry;
          }
        };
        try {
          if (!tickets.now) await reading();
          // Kept as such in its turn: what waits is not on its way.
          outbox.see(id, { state: 'sending', progress: 0 });
          const turn = async () => {
            const known = outbox.begin(id);
            const item = outgoing(id);
            if (item.uncertain || !known) return (await seek(item.uncertain ?? 0, signal, look)) ?? send();
            // What can be told apart afterwards must be counted before: from the screen, if that is fresh.
            const fresh = cache.matching(ofThread(ticketId)).find(({ shot }) => Date.now() - shot.updatedAt < minute);
            const thread = fresh ? (fresh.shot.data as Thread) : await readThread(ticketId, signal);
            outbox.change(id, { before: matches(thread, item).length });
            return send();
          };
          const entry = await inLine(ticketId, () => alone(id, signal, turn), signal);
          own.set(ticketId, Date.now());
          const { createdAt = new Date().toISOString() } = entry;
          const status = outbox.find(id)?.draft.status;
          const touch = (before: Ticket): Ticket => {
            const ticket = time(createdAt) > time(before.updatedAt) ? { ...before, updatedAt: createdAt } : before;
            // The back end's own word for the former status would contradict the new one.
            const { statusLabel: _, ...rest } = ticket;
            return status ? { ...rest, status } : ticket;
          };
          edited(touching(ticketId), edit(ticketId, touch, entry));
          keep(id);
          return entry;
        } catch (thrown) {
          // Who has stopped it is not told of whatever that has led to.
          const error = signal.aborted ? new HelpDeskError('aborted', { cause: thrown }) : toHelpDeskError(thrown);
          if (signal.aborted && outbox.find(id)?.uncertain) state = 'unconfirmed';
          if (!ended.aborted) outbox.change(id, { state, error });
          throw error;
        }
      }),

    stop: (id) => stops.get(id)?.abort(),

    confirm(ticketId, thread) {
      for (const item of queue.value) {
        const { id, uncertain, state } = item;
        if (item.ticketId !== ticketId || !arrived(item, thread)) continue;
        if (state !== 'sending' || elsewhere.has(id)) {
          if (uncertain || gone(id)) keep(id);
          // Before it was counted the words are older ones.
        } else if (item.before !== undefined && !item.stored) outbox.see(id, { stored: true });
      }
    },

    setStatus: (id, status, reason) =>
      changeTicket(
        'setStatus',
        id,
        // The back end's own word for the former status would contradict the new one.
        ({ statusLabel: _, ...ticket }) => ({ ...ticket, status }),
        (call) => backend.setStatus?.(id, status, { ...call, ...(reason && { reason }) }),
      ),
    rate: (id, rating) =>
      changeTicket(
        'rate',
        id,
        (ticket) => ({ ...ticket, rating }),
        (call) => backend.rate?.(id, rating, call),
      ),
    updateTicket(id, change) {
      const { priority, tags, assignee } = change;
      const [list] = cache.matching(([name]) => name === 'listTags');
      const known = (list?.shot.data ?? []) as readonly Tag[];
      return changeTicket(
        'updateTicket',
        id,
        (ticket) => ({
          ...ticket,
          ...(priority && {
            priority: backend.limits.priorities?.find((each) => each.id === priority)?.name ?? priority,
          }),
          ...(tags && {
            tags: tags.map(
              (tag) => [...known, ...(ticket.tags ?? [])].find((each) => each.id === tag) ?? { id: tag, name: tag },
            ),
          }),
          ...(assignee && { assignee: { name: assignee, role: 'agent' } }),
        }),
        (call) => backend.updateTicket?.(id, change, call),
      );
    },
    async createUser(draft) {
      if (!backend.createUser) throw new HelpDeskError('unsupported');
      return ask((call) => backend.createUser?.(draft, call));
    },
    async readAttachment(ticketId, attachment, signal) {
      if (!backend.readAttachment) throw new HelpDeskError('unsupported');
      return ask((call) => backend.readAttachment?.(ticketId, attachment, call), signal && { signal });
    },
  };
}
