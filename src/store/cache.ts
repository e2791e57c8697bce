/** What is fetched, by key: shared by everybody who watches it, kept fresh while somebody does, never mixed up. */
import { toHelpDeskError, type HelpDeskError } from '../errors.js';
import type { Cell, Resource, Snapshot } from './types.js';

/** What names a resource. Plain JSON; the order of properties does not matter. */
export type Key = readonly unknown[];

/** Reads a resource, or `further` in it. `before` is what was known, without changes that are still under way. */
export type Load<T> = (signal: AbortSignal, before: T | undefined, further?: boolean) => Promise<T>;

/** How fresh a resource is kept. */
export interface Freshness {
  /** Milliseconds for which an answer is not asked for again. Default 10,000. */
  readonly staleTime?: number;
  /** Milliseconds between two reads while watched and visible. 0, the default, for none. */
  readonly pollInterval?: number;
}

/** `next`, with what is equal to `before` being the same object as there. */
export type Share = <T>(before: unknown, next: T) => T;

/** How a cache goes on. */
export interface CacheOptions {
  /** Milliseconds for which unwatched data is kept. Default 300,000. */
  readonly gcTime?: number;
  /** From 0 to 1: spreads polls by a tenth in both directions. */
  readonly random?: () => number;
  /** Makes the parts that have not changed the same objects as before. Default: only where all of it is equal. */
  readonly share?: Share;
  /** Hears of every change of data. */
  readonly onData?: (key: Key) => void;
}

/** A resource that can also grow. */
export interface Growing<T> extends Resource<T> {
  /** Reads further after the present load. A second call joins. Never rejects. */
  loadMore(): Promise<void>;
}

export type Match = (key: Key) => boolean;
export type Change = (data: never, key: Key) => unknown;

/** See `createCache`. */
export interface Cache {
  /** The one resource of this key; made at the first call. */
  resource<T>(key: Key, load: Load<T>, freshness?: Freshness): Growing<T>;
  /** Every entry of which the key matches. */
  matching(match: Match): Entry[];
  /** What is shown on top of what the back end said; see `update`. */
  readonly patches: Set<{ readonly match: Match; readonly change: Change }>;
  /** Shows an entry as it is now. */
  emit(entry: Entry): void;
  /** Reads an entry now, whatever is running. */
  start(entry: Entry): Promise<void>;
  /** Reads everything that is watched. */
  refresh(): Promise<void>;
  /** Stops and forgets everything. Who watches goes on watching. */
  clear(): void;
  /** Stops for good. */
  dispose(): void;
}

type Listeners = Set<() => void>;

/** A resource and all that is known of it. */
export interface Entry extends Growing<unknown> {
  readonly parts: Key;
  readonly freshness: Freshness;
  readonly load: Load<unknown>;
  readonly listeners: Listeners;
  /** The back end's last word; what is shown may have changes on top. */
  base?: unknown;
  shot: Snapshot<unknown>;
  error?: HelpDeskError | undefined;
  /** The running request, and its outcome. */
  running?: AbortController | undefined;
  done?: Promise<void>;
  growing?: Promise<void> | undefined;
  at: number;
  failures: number;
  /** Not before this time does a request go out by itself. */
  hold: number;
  /** When the next poll is due. */
  due: number;
  invalid?: boolean;
  timer?: ReturnType<typeof setTimeout>;
}

/** A page that is nobody's turn to look at costs nothing. */
const hidden = () => globalThis.document?.visibilityState === 'hidden';

/** Calls each of them, also those after a broken one. */
export function notify(listeners: Listeners): void {
  for (const listener of [...listeners]) {
    try {
      listener();
    } catch (error) {
      // One broken watcher is reported as any listener's error is, and the others still hear.
      queueMicrotask(() => {
        throw error;
      });
    }
  }
}

/** Adds a listener, also one that is there already; the answer takes it out. */
export function watch(listeners: Listeners, listener: () => void): () => boolean {
  const own = () => listener();
  listeners.add(own);
  return () => listeners.delete(own);
}

/** A cell that can be set. Setting what is there already tells nobody. */
export function createCell<T>(value: T): Cell<T> & { set(value: T): void } {
  const listeners: Listeners = new Set();
  return {
    get value() {
      return value;
    },
    watch: (listener) => watch(listeners, listener),
    set(next) {
      if (next === value) return;
      value = next;
      notify(listeners);
    },
  };
}

/** One text per key: equal in any order of properties, different for different keys. */
export const hash = (key: Key): string =>
  JSON.stringify(key, (_, value: unknown) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

/** True for an object or a list. */
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** True for values of equal content. */
export const same = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) ||
  (isObject(a) &&
    isObject(b) &&
    Array.isArray(a) === Array.isArray(b) &&
    Object.keys(a).length === Object.keys(b).length &&
    Object.keys(a).every((key) => Object.hasOwn(b, key) && same(a[key], b[key])));

/**
 * Keyed snapshots. Equal keys share one request; data outlives a failed refresh; the last one to leave stops the
 * request; an old answer never replaces a newer one; polls rest while the page is hidden and go slower after failures.
 */
export function createCache({
  gcTime = 300_000,
  random = Math.random,
  share = (_, next) => next,
  onData,
}: CacheOptions = {}): Cache {
  const entries = new Map<string, Entry>();
  const patches: Cache['patches'] = new Set();
  const disposed = new AbortController();
  const { signal } = disposed;

  const all = (test: (entry: Entry) => unknown) => [...entries.values()].filter(test);
  const watched = () => all(({ listeners }) => listeners.size);

  const emit = (entry: Entry) => {
    const { shot, parts, error, at } = entry;
    let data = entry.base;
    if (data !== undefined)
      for (const { match, change } of patches) if (match(parts)) data = change(data as never, parts);
    const fetching = !!entry.running;
    const next = {
      status: error ? 'error' : data !== undefined ? 'ready' : fetching ? 'pending' : 'idle',
      fetching,
      updatedAt: at,
      ...(data !== undefined && { data }),
      ...(error && { error }),
    } as const;
    if (same(shot, next)) return;
    entry.shot = Object.freeze(next);
    if (data !== shot.data) onData?.(parts);
    notify(entry.listeners);
  };

  /** The one timer of an entry: the next poll while it is watched, the end of its data while it is not. */
  const schedule = (entry: Entry) => {
    clearTimeout(entry.timer);
    const { pollInterval } = entry.freshness;
    if (signal.aborted) return;
    if (!entry.listeners.size) entry.timer = setTimeout(() => reset(entry), gcTime);
    else if (pollInterval && !entry.running && !hidden())
      entry.timer = setTimeout(() => start(entry), entry.due - Date.now());
  };

  const start = async (entry: Entry, further?: boolean): Promise<void> => {
    if (signal.aborted) return;
    entry.running?.abort();
    clearTimeout(entry.timer);
    const running = (entry.running = new AbortController());
    if (entry.base === undefined) entry.error = undefined;
    const run = async () => {
      let base: unknown;
      let error: HelpDeskError | undefined;
      try {
        base = await entry.load(running.signal, entry.base, further);
      } catch (thrown) {
        error = toHelpDeskError(thrown);
      }
      // Stopped or overtaken: whoever waits goes on waiting for the newer request.
      if (entry.running !== running) return entry.running && entry.done;
      const now = Date.now();
      entry.running = undefined;
      entry.error = error;
      entry.failures = error ? entry.failures + 1 : 0;
      entry.hold = now + Math.min(error?.retryAfterMs ?? 0, 3_600_000);
      const pause = (entry.freshness.pollInterval ?? 0) * (0.9 + random() / 5) * 2 ** Math.min(entry.failures, 4);
      entry.due = Math.max(now + pause, entry.hold);
      if (!error) {
        entry.base = share(entry.shot.data, base);
        entry.at = now;
        entry.invalid = false;
      }
      schedule(entry);
      emit(entry);
    };
    entry.done = run();
    emit(entry);
    return entry.done;
  };

  const stop = (entry: Entry) => {
    entry.running?.abort();
    entry.running = undefined;
  };

  const reset = (entry: Entry) => {
    stop(entry);
    clearTimeout(entry.timer);
    entry.base = entry.error = undefined;
    entry.at = entry.failures = entry.hold = 0;
    emit(entry);
  };

  /** Fetches what is stale; plans the next poll of what is not. */
  const wake = (entry: Entry) => {
    const now = Date.now();
    const { staleTime = 10_000 } = entry.freshness;
    if (now >= entry.hold && (entry.base === undefined || entry.invalid || entry.error || now - entry.at >= staleTime))
      void entry.refresh();
    else schedule(entry);
  };

  const wakeAll = () => {
    for (const entry of watched()) {
      if (hidden()) clearTimeout(entry.timer);
      else wake(entry);
    }
  };
  globalThis.document?.addEventListener('visibilitychange', wakeAll, { signal });
  globalThis.window?.addEventListener('online', wakeAll, { signal });

  const clear = () => {
    patches.clear();
    for (const entry of entries.values()) reset(entry);
  };

  return {
    resource<T>(parts: Key, load: Load<T>, freshness: Freshness = {}) {
      const name = hash(parts);
      let entry = entries.get(name);
      if (!entry) {
        const made: Entry = (entry = {
          key: name,
          parts,
          freshness,
          load: load as Load<unknown>,
          listeners: new Set(),
          shot: Object.freeze({ status: 'idle', fetching: false, updatedAt: 0 }),
          at: 0,
          failures: 0,
          hold: 0,
          due: 0,
          peek: () => made.shot,
          refresh: () => made.growing?.then(made.refresh) ?? (made.running && made.done) ?? start(made),
          loadMore: () =>
            (made.growing ??= (async () => {
              await (made.running && made.done);
              await start(made, true);
              made.growing = undefined;
            })()),
          watch(listener) {
            const leave = watch(made.listeners, listener);
            wake(made);
            return () => {
              // An element that is moved leaves and returns at once: that is no reason to ask again.
              if (leave())
                queueMicrotask(() => {
                  if (made.listeners.size) return;
                  stop(made);
                  schedule(made);
                  emit(made);
                });
            };
          },
        });
        entries.set(name, made);
      }
      return entry as Growing<unknown> as Growing<T>;
    },

    matching: (match) => all(({ parts }) => match(parts)),
    patches,
    emit,
    start,

    async refresh() {
      await Promise.all(watched().map((entry) => entry.refresh()));
    },

    clear,

    dispose() {
      clear();
      disposed.abort();
    },
  };
}
