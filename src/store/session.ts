/** What one person asks of the back end. It ends with the person: what comes back after that is nobody's. */
import type { Backend, Call } from '../backends/backend.js';
import { HelpDeskError } from '../errors.js';
import type { Identity } from '../model.js';
import type { Cache } from './cache.js';
import { openShelf, personOf, type Shelf } from './drafts.js';
import type { Queue } from './outbox.js';
import type { Cell } from './types.js';

/** For an answer that is not what it should be. */
export const unexpected = (): HelpDeskError => new HelpDeskError('unexpected');

/** The objects in what should be a list of them. */
export function objects<T>(value: readonly T[]): T[] {
  if (!Array.isArray(value)) throw unexpected();
  return (value as T[]).filter((item) => typeof item === 'object' && item);
}

/** What a session is made from. */
export interface Surroundings {
  readonly backend: Backend;
  readonly cache: Cache;
  readonly identity: Cell<Identity | undefined>;
  readonly queue: Queue;
  /** Names the desk on this device. */
  readonly desk: string;
  readonly storage: Storage | null | undefined;
}

/** See `openSession`. */
export interface Session extends Pick<Surroundings, 'backend' | 'cache' | 'identity' | 'queue'> {
  readonly shelf: Shelf;
  /** When this person last wrote to a ticket, in milliseconds since 1970. */
  readonly own: Map<string, number>;
  /** Aborted once the person is gone. */
  readonly ended: AbortSignal;
  /** Stops what is running. */
  end(): void;
  /** A reading of the back end: an object as the answer, and nothing after it was stopped. */
  read<T extends object>(run: (call: Call) => Promise<T> | undefined, signal?: AbortSignal, who?: Identity): Promise<T>;
}

/** Opens the session of whoever is named now. */
export function openSession({ backend, cache, identity, queue, desk, storage }: Surroundings): Session {
  const ended = new AbortController();
  const shelf = openShelf(desk, personOf(identity.value), storage);

  const read: Session['read'] = async (run, signal, who = identity.value) => {
    const answer = await run({ ...(signal && { signal }), ...(who && { identity: who }) });
    if (signal?.aborted) throw new HelpDeskError('aborted');
    if (typeof answer !== 'object' || !answer) throw unexpected();
    return answer;
  };

  return {
    backend,
    cache,
    identity,
    queue,
    shelf,
    read,
    end: () => ended.abort(),
    ended: ended.signal,
    own: new Map(),
  };
}
