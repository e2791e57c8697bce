/** Calls of the back end: so many at a time, each for so long, reads of one person shared and kept for a moment. */
import type { Call } from '../backends/backend.js';
import { toHelpDeskError } from '../errors.js';
import type { Thread } from '../model.js';
import { createGate, createReads } from './limits.js';
import { isId, owns } from './policy.js';
import { Problem, toProblem } from './problem.js';
import type { Way } from './requests.js';

/** Milliseconds for each kind of call. */
export interface Times {
  readonly read: number;
  readonly write: number;
  readonly upload: number;
}

/** What a failure is about; see `toProblem`. */
type About = Parameters<typeof toProblem>[1];
type Run<T> = (call: Call) => Promise<T>;

/** The way to the back end. Rejects with a `Problem`. */
export interface Upstream {
  /** Shared and kept under `key` for this person; topics and the like for longer. */
  read<T>(way: Way, key: string, about: About, run: Run<T>, kept?: 'shortly' | 'longer' | 'not'): Promise<T>;
  /** Once, for who waits or for nobody. */
  ask<T>(way: Way, about: About, run: Run<T>, signal?: AbortSignal): Promise<T>;
  /** A write goes on when the page has left: its outcome is kept for the page's next try. */
  write<T>(way: Way, upload: boolean, about: About, run: Run<T>): Promise<T>;
  /** This person's ticket. Another's, and one that is not there, are the same. */
  thread(way: Way, kept?: 'shortly' | 'not'): Promise<Thread>;
}

/** @param keepMs For which reads are kept. */
export function createUpstream(keepMs: number, concurrency: number, times: Times): Upstream {
  const reads = createReads(keepMs, times.read);
  const longReads = createReads(keepMs * 15, times.read);
  const gate = createGate(concurrency, 100, 15_000);

  const gated = async <T>(about: About, work: () => Promise<T>): Promise<T> => {
    try {
      return await gate(work);
    } catch (error) {
      throw toProblem(toHelpDeskError(error), about);
    }
  };

  /** Stopped after its time, or with who waits. */
  async function within<T>(ms: number, { who }: Way, about: About, run: Run<T>, signal?: AbortSignal): Promise<T> {
    const stop = new AbortController();
    const leave = (): void => stop.abort();
    let [late, begun] = [false, false];
    const timer = setTimeout(() => {
      late = true;
      leave();
    }, ms);
    signal?.addEventListener('abort', leave);
    if (signal?.aborted) leave();
    try {
      return await gated(about, () => {
        // Its time, or who waited, may have gone while it waited for its place.
        if (stop.signal.aborted) throw new Problem('aborted', { unsent: true });
        begun = true;
        return run({ signal: stop.signal, identity: who.identity });
      });
    } catch (error) {
      throw late ? new Problem('timeout', { cause: error, unsent: !begun }) : error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', leave);
    }
  }

  const upstream: Upstream = {
    read: ({ person, request, who }, key, about, run, kept = 'shortly') =>
      (kept === 'longer' ? longReads : reads).read(
        person,
        key,
        request.signal,
        (signal) => gated(about, () => run({ signal, identity: who.identity })),
        kept === 'not',
      ),

    ask: (way, about, run, signal) => within(signal ? times.upload : times.read, way, about, run, signal),

    async write(way, upload, about, run) {
      try {
        return await within(upload ? times.upload : times.write, way, about, run);
      } finally {
        reads.forget(way.person);
      }
    },

    async thread(way, kept) {
      const { id, who, backend } = way;
      const missing = (): Problem => new Problem('not-found');
      if (!isId(backend.name, id)) throw missing();
      const thread = await upstream.read(way, `thread ${id}`, 'ticket', (call) => backend.readThread(id, call), kept);
      if (thread.ticket.id !== id || !owns(who, thread.ticket, backend.name)) throw missing();
      return thread;
    },
  };
  return upstream;
}
