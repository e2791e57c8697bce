/** What is counted and remembered: rates, claims of writes, what runs at once. In memory, or in Redis or Valkey. */
import type { Redis } from 'iovalkey';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes, type RateLimiterAbstract } from 'rate-limiter-flexible';
import { HelpDeskError } from '../errors.js';
import { Problem } from './problem.js';
import { checkSettings, longest, wrongIn } from './settings.js';

/** So many in so many seconds. */
export interface Rate {
  readonly points: number;
  readonly seconds: number;
}

/** The buckets and their defaults. */
export const defaultRates = {
  /** For each person; what they send, again or not, beside what they read. */
  reads: { points: 60, seconds: 60 },
  /** What is done of it. */
  writes: { points: 10, seconds: 60 },
  creates: { points: 30, seconds: 86_400 },
  downloads: { points: 60, seconds: 60 },
  /** For each address that requests come from, where it is known. */
  address: { points: 600, seconds: 60 },
  /** For each address that a code is mailed to. */
  mails: { points: 3, seconds: 3600 },
  mailsPerDay: { points: 10, seconds: 86_400 },
  /** For each address that asks for codes or tries them, or for all guests where no address is known. */
  guests: { points: 20, seconds: 3600 },
} satisfies Record<string, Rate>;

export type Bucket = keyof typeof defaultRates;
export type Rates = Readonly<Record<Bucket, Rate>>;

/** What is wrong with rates, a sentence each; see `wrongIn`. */
export const wrongRates = (before: string, rates: Readonly<Record<string, Rate | undefined>>): string[] =>
  Object.entries(rates).flatMap(([bucket, rate]) =>
    Object.hasOwn(defaultRates, bucket)
      ? wrongIn(
          `${before}${bucket}.`,
          { points: undefined, seconds: undefined, ...rate },
          { points: [1, 1e9], seconds: [1, Math.floor(longest / 1000)] },
        )
      : `${before}${bucket} is not known. Is it misspelt?`,
  );

/** What a relay remembers. Several relays share one store, or each has its own. */
export interface RelayStore {
  /** `shared` where other relays see the same. */
  readonly kind: 'local' | 'shared';
  /** Takes one from a bucket: 0, or the milliseconds to wait. */
  take(bucket: Bucket, who: string): Promise<number>;
  /**
   * Keeps a value unless there is one; answers the one that was there. Null where it is kept for now, but nobody could say
   * whether there was one.
   */
  claim(key: string, value: string, ttlMs: number): Promise<string | undefined | null>;
  /** Replaces a value only if it is still this one. */
  swap(key: string, before: string, after: string | undefined, ttlMs: number): Promise<boolean>;
  get(key: string): Promise<string | undefined>;
  /** Adds one and answers the sum; it lives as long as it was given first. */
  count(key: string, ttlMs: number): Promise<number>;
  /** Rejects where the store cannot be reached. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

function limiters<T extends RateLimiterAbstract>(
  rates: Rates,
  make: (bucket: Bucket, rate: Rate) => T,
): Record<Bucket, T> {
  checkSettings(...wrongRates('rates.', rates));
  return Object.fromEntries((Object.keys(rates) as Bucket[]).map((name) => [name, make(name, rates[name])])) as Record<
    Bucket,
    T
  >;
}

async function consume(limiter: RateLimiterAbstract, who: string): Promise<number> {
  try {
    await limiter.consume(who);
    return 0;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.max(refusal.msBeforeNext, 1);
    throw refusal;
  }
}

/**
 * The store of one relay alone. What it remembers ends with the process.
 * @param most Values that are kept; the oldest make room.
 * @param mostSigns Characters of all of them together.
 */
export function createMemoryStore(
  rates: Partial<Rates> = {},
  most = 100_000,
  mostSigns = 64 * 1024 * 1024,
): RelayStore {
  const buckets = limiters(
    { ...defaultRates, ...rates },
    (keyPrefix, { points, seconds: duration }) => new RateLimiterMemory({ keyPrefix, points, duration }),
  );
  const values = new Map<string, { value: string; until: number }>();
  let signs = 0;
  const remove = (key: string): void => {
    const found = values.get(key);
    if (found) signs -= key.length + found.value.length;
    values.delete(key);
  };
  const get = (key: string): string | undefined => {
    const found = values.get(key);
    if (found && found.until > Date.now()) return found.value;
    remove(key);
    return undefined;
  };
  const set = (key: string, value: string, ttlMs: number): void => {
    remove(key);
    values.set(key, { value, until: Date.now() + ttlMs });
    signs += key.length + value.length;
    const full = (): boolean => values.size > most || signs > mostSigns;
    if (!full()) return;
    for (const [old, { until }] of values) if (until <= Date.now()) remove(old);
    for (const old of values.keys()) {
      if (!full()) break;
      remove(old);
    }
  };
  return {
    kind: 'local',
    take: (bucket, who) => consume(buckets[bucket], who),
    async claim(key, value, ttlMs) {
      const there = get(key);
      if (there === undefined) set(key, value, ttlMs);
      return there;
    },
    async swap(key, before, after, ttlMs) {
      if (get(key) !== before) return false;
      if (after === undefined) remove(key);
      else set(key, after, ttlMs);
      return true;
    },
    get: async (key) => get(key),
    async count(key, ttlMs) {
      const sum = Number(get(key) ?? 0) + 1;
      const until = values.get(key)?.until;
      set(key, `${sum}`, until === undefined ? ttlMs : until - Date.now());
      return sum;
    },
    ping: async () => undefined,
    close: async () => undefined,
  };
}

const claimScript = `local there = redis.call('get', KEYS[1])
if not there then redis.call('set', KEYS[1], ARGV[1], 'PX', ARGV[2]) end
return there`;
const swapScript = `if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then redis.call('del', KEYS[1]) else redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3]) end
return 1`;
const countScript = `local sum = redis.call('incr', KEYS[1])
if sum == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return sum`;

/**
 * The store of several relays, in Redis or Valkey. Where it cannot be reached, each relay counts and remembers alone
 * until it is back: nobody is refused for that, and the same write sent to two relays at once meanwhile is not recognised.
 * Whether a write was claimed in Redis before cannot be told then: the back end is looked at first, and where the same
 * words are there already since a day, or there are none to be recognised by, the page is told that it is unknown. What
 * was claimed alone is taken over once Redis is back.
 * @param client Give it `maxRetriesPerRequest` and `enableOfflineQueue: false`, or requests wait for it.
 */
export function createRedisStore(client: Redis, rates: Partial<Rates> = {}, prefix = 'helpdesk:'): RelayStore {
  const memory = createMemoryStore(rates);
  const buckets = limiters(
    { ...defaultRates, ...rates },
    (name, { points, seconds: duration }) =>
      new RateLimiterRedis({
        storeClient: client,
        keyPrefix: `${prefix}rate:${name}`,
        points,
        duration,
        insuranceLimiter: new RateLimiterMemory({ keyPrefix: name, points, duration }),
      }),
  );
  const either = async <T>(there: () => Promise<T>, here: () => Promise<T>): Promise<T> => {
    try {
      return await there();
    } catch {
      return here();
    }
  };
  return {
    kind: 'shared',
    take: (bucket, who) => consume(buckets[bucket], who),
    async claim(key, value, ttlMs) {
      // Claimed while Redis was away.
      const kept = await memory.get(key);
      return either(
        async () => {
          const there = (await client.eval(claimScript, 1, prefix + key, kept ?? value, ttlMs)) as string | null;
          if (kept !== undefined) await memory.swap(key, kept, undefined, 0);
          return there ?? kept;
        },
        async () => (await memory.claim(key, value, ttlMs)) ?? null,
      );
    },
    swap: (key, before, after, ttlMs) =>
      either(
        async () =>
          (await client.eval(swapScript, 1, prefix + key, before, after ?? '', ttlMs)) === 1 ||
          memory.swap(key, before, after, ttlMs),
        () => memory.swap(key, before, after, ttlMs),
      ),
    get: (key) =>
      either(
        async () => (await client.get(prefix + key)) ?? undefined,
        () => memory.get(key),
      ),
    count: (key, ttlMs) =>
      either(
        async () => Number(await client.eval(countScript, 1, prefix + key, ttlMs)),
        () => memory.count(key, ttlMs),
      ),
    async ping() {
      await client.ping();
    },
    async close() {
      client.disconnect();
    },
  };
}

/** Who must wait is told for how long. */
export async function takeFrom(store: RelayStore, bucket: Bucket, who: string): Promise<void> {
  const retryAfterMs = await store.take(bucket, who);
  if (retryAfterMs) throw new Problem('rate-limited', { retryAfterMs });
}

/** Rejects with `unavailable`, before anything is sent, where the store cannot be reached. */
export async function reach(store: RelayStore): Promise<void> {
  await store.ping().catch((cause: unknown) => Promise.reject(new Problem('unavailable', { cause, unsent: true })));
}

/** An address as it is counted: of IPv6 the network, since one line has many. */
export function addressKey(address: string): string {
  const plain = address.replace(/^::ffff:(?=[\d.]+$)/i, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.toLowerCase().split('%')[0]!.split('::');
  const groups = head ? head.split(':') : [];
  const after = tail ? tail.split(':') : [];
  const full =
    tail === undefined
      ? groups
      : [...groups, ...Array<string>(Math.max(8 - groups.length - after.length, 0)).fill('0'), ...after];
  return full
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':');
}

/** Lets so many run at once, so many wait in order for so long, and refuses the rest with `unavailable`. */
export function createGate(
  most: number,
  waiting: number,
  patienceMs: number,
): <T>(work: () => Promise<T>) => Promise<T> {
  let running = 0;
  const queue: { enter: () => void; leave: (error: Problem) => void }[] = [];
  const wait = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const place = {
        enter: () => {
          clearTimeout(timer);
          resolve();
        },
        leave: reject,
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(place), 1);
        reject(new Problem('unavailable', { retryAfterMs: patienceMs, unsent: true }));
      }, patienceMs);
      queue.push(place);
    });
  return async (work) => {
    if (running >= most) {
      if (queue.length >= waiting) throw new Problem('unavailable', { retryAfterMs: 1000, unsent: true });
      // The one that leaves hands its place on.
      await wait();
    } else running++;
    try {
      return await work();
    } finally {
      const next = queue.shift();
      if (next) next.enter();
      else running--;
    }
  };
}

/** Reads that are shared: equal ones run once, and what came is kept for a short time. */
export interface Reads {
  /**
   * @param person Whose read it is; the first part of the key, and never shared with another.
   * @param signal Of whoever waits here. The read itself is stopped when the last one has left.
   * @param fresh What was kept is not enough.
   */
  read<T>(
    person: string,
    key: string,
    signal: AbortSignal,
    run: (signal: AbortSignal) => Promise<T>,
    fresh?: boolean,
  ): Promise<T>;
  /** Forgets what this person has read: something was written. */
  forget(person: string): void;
  /** How many answers are held. */
  held(): number;
}

/** @param keepMs 0 keeps nothing: only what runs at the same time is shared. */
export function createReads(keepMs: number, timeoutMs: number, most = 1000): Reads {
  interface Read {
    readonly answer: Promise<unknown>;
    readonly stop: AbortController;
    watchers: number;
    until: number;
  }
  const reads = new Map<string, Map<string, Read>>();
  let size = 0;

  const drop = (person: string, key: string, read?: Read): void => {
    const own = reads.get(person);
    if (!own || (read && own.get(key) !== read)) return;
    if (own.delete(key)) size--;
    if (!own.size) reads.delete(person);
  };

  function start<T>(person: string, key: string, run: (signal: AbortSignal) => Promise<T>): Read {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(new HelpDeskError('timeout')), timeoutMs);
    const read: Read = {
      stop,
      watchers: 0,
      until: Infinity,
      answer: run(stop.signal).then(
        (value) => {
          clearTimeout(timer);
          read.until = Date.now() + keepMs;
          const over = (): void => drop(person, key, read);
          if (!keepMs) over();
          // Lists are large: none is held until somebody asks again.
          else (setTimeout(over, keepMs) as { unref?: () => void }).unref?.();
          return value;
        },
        (error: unknown) => {
          clearTimeout(timer);
          drop(person, key, read);
          throw stop.signal.reason instanceof HelpDeskError ? stop.signal.reason : error;
        },
      ),
    };
    // Everybody may have left.
    read.answer.catch(() => undefined);
    if (!reads.has(person)) reads.set(person, new Map());
    reads.get(person)!.set(key, read);
    size++;
    for (const [whose, own] of size > most ? reads : [])
      for (const [old, { until }] of own) if (size > most && until < Infinity) drop(whose, old);
    return read;
  }

  return {
    async read<T>(
      person: string,
      key: string,
      signal: AbortSignal,
      run: (signal: AbortSignal) => Promise<T>,
      fresh = false,
    ) {
      if (signal.aborted) throw new HelpDeskError('aborted');
      let read = reads.get(person)?.get(key);
      if (read && (read.until <= Date.now() || (fresh && read.until < Infinity))) {
        drop(person, key, read);
        read = undefined;
      }
      read ??= start(person, key, run);
      const mine = read;
      mine.watchers++;
      return new Promise<T>((resolve, reject) => {
        const leave = (): void => {
          reject(new HelpDeskError('aborted'));
          if (--mine.watchers || mine.until < Infinity) return;
          drop(person, key, mine);
          mine.stop.abort();
        };
        signal.addEventListener('abort', leave);
        const done = (): void => signal.removeEventListener('abort', leave);
        mine.answer.then(
          (value) => {
            done();
            resolve(value as T);
          },
          (error: Error) => {
            done();
            reject(error);
          },
        );
      });
    },
    forget(person) {
      size -= reads.get(person)?.size ?? 0;
      reads.delete(person);
    },
    held: () => size,
  };
}

/**
 * A body, counted as it comes: what the header says of its length is not believed. `too-large` at the first byte beyond
 * `most`, `timeout` where nothing comes for `stallMs` or the whole takes longer than `totalMs`.
 */
export async function readBody(request: Request, most: number, stallMs: number, totalMs: number): Promise<Uint8Array> {
  const tooLarge = (): Problem => new Problem('too-large');
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge();
  const reader = (request.body as ReadableStream<Uint8Array> | null)?.getReader();
  if (!reader) return new Uint8Array();
  const parts: Uint8Array[] = [];
  let size = 0;
  const end = Date.now() + totalMs;
  try {
    for (;;) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(
          () => reject(new Problem('timeout', { status: 408 })),
          Math.max(Math.min(stallMs, end - Date.now()), 0),
        );
      });
      const { done, value } = await Promise.race([reader.read(), late]).finally(() => clearTimeout(timer));
      if (done) break;
      size += value.length;
      if (size > most) throw tooLarge();
      parts.push(value);
    }
  } catch (error) {
    reader.cancel().catch(() => undefined);
    throw error instanceof Problem ? error : new Problem('aborted', { status: 400, cause: error });
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
