/** Replies on their way: shown, and kept on this device, until they are sent or given up. */
import type { Shelf } from './drafts.js';
import type { Cell, Outgoing } from './types.js';

/** An outgoing reply with what is needed to find out later whether it arrived. */
export interface Sent extends Outgoing {
  /** How many messages with these words were in the thread before; absent until the first byte may leave. */
  readonly before?: number;
  /** True from the first outcome nobody could be sure of: look before sending again. */
  readonly uncertain?: boolean;
}

/** Where the replies of whoever is there now are shown. */
export type Queue = Cell<readonly Outgoing[]> & { set(value: readonly Outgoing[]): void };

/** A new id of one intent. `randomUUID` is missing in pages that came over plain HTTP. */
export const newId = (): string =>
  globalThis.crypto?.randomUUID?.() ?? [0, 0, 0].map(() => Math.random().toString(36).slice(2)).join('');

/** Shows replies in the order in which they were written. */
export const show = (queue: Queue, items: readonly Sent[]): void =>
  queue.set(items.map((item) => Object.freeze(item)).sort((a, b) => a.createdAt.localeCompare(b.createdAt)));

/** Shows a reply and keeps it, its files by name only, in the place of the one with its id. Without one that is gone. */
export function keep(shelf: Shelf, queue: Queue, id: string, item?: Sent): void {
  const { files = [], ...draft } = item?.draft ?? {};
  shelf.set(
    `outbox:${id}`,
    item && { ...item, draft, lostFiles: [...item.lostFiles, ...files.map(({ name }) => name)], error: undefined },
  );
  show(queue, [...queue.value.filter((other) => other.id !== id), ...(item ? [item] : [])]);
}
