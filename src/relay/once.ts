/**
 * Writes that happen once, however often they are sent. A claim under the page's key is kept for a day: who comes while
 * it runs is told to wait, who comes later gets the first answer, and after an outcome nobody knows the back end is
 * looked at before anything is sent again.
 */
import { unescape } from '../backends/read.js';
import { HelpDeskError, toHelpDeskError } from '../errors.js';
import type { Body, ReplyDraft, ThreadEntry, TicketDraft } from '../model.js';
import type { RelayStore } from './limits.js';
import { Problem } from './problem.js';

const day = 86_400_000;

/** What was there before: how often the same words, or ids of tickets that are like it. */
export type Before = number | readonly string[];

interface Claim<B> {
  /** Of what was sent. */
  readonly hash: string;
  readonly state: 'running' | 'done' | 'unknown';
  /** When the state began, in milliseconds since 1970. */
  readonly at: number;
  /** When it was sent first. */
  readonly first: number;
  /** What was there before it was sent first; absent as long as that is not known, and where it cannot be. */
  readonly before?: B;
  /** Tells this run from another of the same millisecond. */
  readonly run: string;
  readonly answer?: unknown;
}

/** One write. */
export interface Write<T, B extends Before> {
  /** Names person, operation, ticket and the page's key. */
  readonly key: string;
  /** Of everything that is sent. */
  readonly hash: string;
  /** What was there before, or what looks for it: that waits until it is known that nothing was sent yet. Never rejects. */
  readonly before: B | (() => Promise<B | undefined>);
  run(): Promise<T>;
  /**
   * What an earlier try has left in the back end: what is there beyond `before`, or, where that is unknown, since `first`.
   * Rejects where that cannot be told.
   */
  find(first: number, before: B | undefined): Promise<T | undefined>;
}

/** How long a claim is believed to be running, and how long an unknown outcome is given to show. */
export interface OnceTimes {
  readonly leaseMs: number;
  readonly settleMs: number;
}

/**
 * Runs a write unless it was run before.
 * @throws Problem `conflict`: 409 with `retryAfterMs` while it runs, 422 where the key was used for something else.
 */
export async function once<T, B extends Before>(store: RelayStore, times: OnceTimes, write: Write<T, B>): Promise<T> {
  const now = Date.now();
  const look = typeof write.before === 'function' ? write.before : undefined;
  let first = now;
  let before = typeof write.before === 'function' ? undefined : write.before;
  const claim = (state: Claim<B>['state'], more: Partial<Claim<B>> = {}): Claim<B> => ({
    hash: write.hash,
    state,
    at: Date.now(),
    first,
    ...(before !== undefined && { before }),
    run: crypto.randomUUID(),
    ...more,
  });
  const busy = (): Problem => new Problem('conflict', { retryAfterMs: 1000 });
  let mine = JSON.stringify(claim('running'));
  const there = await store.claim(write.key, mine, day);
  const settle = async (state: 'done' | 'unknown', answer?: T): Promise<void> => {
    const next = claim(state, answer === undefined ? {} : { answer });
    await store.swap(write.key, mine, JSON.stringify(next), day);
  };

  if (there === null) {
    // Nobody can say whether it was sent. What looks like it is neither sent again nor taken for it.
    const found = await write
      .find(now - day, undefined)
      .catch((cause: unknown) => new Problem('unavailable', { cause }));
    if (found !== undefined) {
      await store.swap(write.key, mine, undefined, day);
      throw found instanceof Problem ? found : new Problem('unavailable');
    }
  } else if (there !== undefined) {
    const old = JSON.parse(there) as Claim<B>;
    if (old.hash !== write.hash) throw new Problem('conflict', { status: 422 });
    if (old.state === 'done') return old.answer as T;
    if (old.state === 'running' && old.at + times.leaseMs > now) throw busy();
    ({ first, before } = old);
    mine = JSON.stringify(claim('running'));
    if (!(await store.swap(write.key, there, mine, day))) throw busy();
    try {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, old.at + times.settleMs - now)));
      const found = await write.find(first, before);
      if (found !== undefined) {
        await settle('done', found);
        return found;
      }
    } catch (error) {
      await settle('unknown');
      throw toHelpDeskError(error).uncertain ? error : new Problem('unavailable', { cause: error });
    }
  }

  if (look && before === undefined) {
    before = await look();
    const known = JSON.stringify(claim('running'));
    // Another has taken it meanwhile, or it can no longer be said who has.
    if (!(await store.swap(write.key, mine, known, day))) throw busy();
    mine = known;
  }

  try {
    const answer = await write.run();
    await settle('done', answer);
    return answer;
  } catch (error) {
    if (toHelpDeskError(error).uncertain) await settle('unknown');
    else await store.swap(write.key, mine, undefined, day);
    throw error;
  }
}

/** The words of a body without what systems change in them: markup, space, signs and emoji. */
export const fingerprint = ({ format, value }: Pick<Body, 'value'> & { format?: Body['format'] }): string =>
  // A sign that opens nothing must not be followed to the end again and again.
  (format === 'html' ? unescape(value.replace(/<[^<>]*>/g, ' ')) : value)
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');

/** Entries that say the same as a draft. */
export function sameWords(
  entries: readonly ThreadEntry[],
  draft: ReplyDraft,
  kind: ThreadEntry['kind'],
): ThreadEntry[] {
  const wanted = fingerprint({ value: draft.message, ...(draft.format && { format: draft.format }) });
  // Signs only: there is nothing to recognise it by.
  if (!wanted) throw new HelpDeskError('unavailable');
  return entries.filter((entry) => entry.kind === kind && fingerprint(entry.body) === wanted);
}

/** A hash of a draft with its files: equal for equal content in any order of names. */
export async function hashOf(draft: TicketDraft | ReplyDraft, more: unknown = ''): Promise<string> {
  const { files = [], ...words } = draft;
  const sums = await Promise.all(
    files.map(async (file) => [file.name, file.type, await digest(new Uint8Array(await file.arrayBuffer()))]),
  );
  return digest(canonical([words, sums, more]));
}

const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    inner && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** Bytes as text for addresses and headers. */
export const base64url = (bytes: ArrayBuffer): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+/=]/g, (sign) => ({ '+': '-', '/': '_' })[sign] ?? '');

/** SHA-256, as such a text. */
export async function digest(data: string | Uint8Array): Promise<string> {
  const source = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return base64url(await crypto.subtle.digest('SHA-256', source as Uint8Array<ArrayBuffer>));
}
