/** Replies on their way: shown, and kept on this device, until they are sent or given up. */
import type { Cell, Outgoing } from './types.js';

/** An outgoing reply with what is needed to find out later whether it arrived. */
export interface Sent extends Outgoing {
  /** How many messages with these words were in the thread before; absent until the first byte may leave. */
  readonly before?: number;
  /** When nobody could be sure of its outcome last; not 0 from the first time on: look before sending again. */
  readonly uncertain?: number;
}

/** Where the replies of whoever is there now are shown. */
export type Queue = Cell<readonly Sent[]> & { set(value: readonly Sent[]): void };

/** A new id of one intent. `randomUUID` is missing in pages that came over plain HTTP. */
export const newId = (): string =>
  globalThis.crypto?.randomUUID?.() ?? [0, 0, 0].map(() => Math.random().toString(36).slice(2)).join('');

/** Shows replies in the order in which they were written. */
export const show = (queue: Queue, items: readonly Sent[]): void =>
  queue.set(items.map((item) => Object.freeze(item)).sort((a, b) => a.createdAt.localeCompare(b.createdAt)));
