/** Replies on their way: shown, and kept on this device, until they are sent or given up. */
import type { HelpDeskError } from '../errors.js';
import type { ReplyDraft } from '../model.js';
import type { Shelf } from './drafts.js';
import type { Cell, Outgoing } from './types.js';

/** An outgoing reply with what is needed to find out later whether it arrived. */
export interface Sent extends Outgoing {
  /** How many messages with these words were in the thread before; absent until the first byte may leave. */
  readonly before?: number;
  /** True from the first outcome nobody could be sure of: look before sending again. */
  readonly uncertain?: boolean;
}

/** What may change of a reply on its way. An error that is not named is gone. */
export interface SentChange {
  readonly draft?: Readonly<ReplyDraft>;
  readonly state?: Outgoing['state'];
  readonly progress?: number;
  readonly before?: number;
  readonly uncertain?: boolean;
  readonly error?: HelpDeskError;
}

/** Where the replies of whoever is there now are shown. */
export type Queue = Cell<readonly Outgoing[]> & { set(value: readonly Outgoing[]): void };

/** A new id of one intent. `randomUUID` is missing in pages that came over plain HTTP. */
export const newId = (): string =>
  globalThis.crypto?.randomUUID?.() ?? [0, 0, 0].map(() => Math.random().toString(36).slice(2)).join('');

const isText = (value: unknown): value is string => typeof value === 'string';

/** The replies of one person. Files are kept by name only. */
export class Outbox {
  readonly #shelf: Shelf;
  readonly #queue: Queue;

  constructor(shelf: Shelf, queue: Queue) {
    this.#shelf = shelf;
    this.#queue = queue;
    this.#show(shelf.list('outbox:').flatMap((kept) => this.#revive((kept ?? {}) as Partial<Sent>)));
  }

  get items(): readonly Sent[] {
    return this.#queue.value;
  }

  find(id: string): Sent | undefined {
    return this.items.find((item) => item.id === id);
  }

  /** Adds a reply, or takes the place of the one with its id. */
  put(item: Sent): void {
    const { files = [], ...draft } = item.draft;
    const lostFiles = [...item.lostFiles, ...files.map(({ name }) => name)];
    this.#shelf.set(`outbox:${item.id}`, { ...item, draft, lostFiles, error: undefined });
    this.#show([...this.items.filter(({ id }) => id !== item.id), item]);
  }

  change(id: string, change: SentChange): void {
    const item = this.find(id);
    if (!item) return;
    const { error: _, ...rest } = item;
    this.put({ ...rest, ...change });
  }

  /** Only what is seen: nothing of it is kept. */
  progress(id: string, progress: number): void {
    this.#show(this.items.map((item) => (item.id === id ? { ...item, progress } : item)));
  }

  drop(id: string): void {
    this.#shelf.set(`outbox:${id}`, undefined);
    this.#show(this.items.filter((item) => item.id !== id));
  }

  #show(items: readonly Sent[]): void {
    this.#queue.set(items.map((item) => Object.freeze(item)).sort((a, b) => a.createdAt.localeCompare(b.createdAt)));
  }

  /** What an earlier page left. If its bytes may have been leaving, nobody knows what became of it. */
  #revive(kept: Partial<Sent>): Sent[] {
    const { id, ticketId, draft, createdAt, lostFiles, before, state } = kept;
    if (![id, ticketId, draft?.message, createdAt].every(isText) || !Array.isArray(lostFiles)) return [];
    const open = before !== undefined && state !== 'failed';
    return [
      {
        ...(kept as Sent),
        state: open ? 'unconfirmed' : 'failed',
        progress: 0,
        lostFiles: lostFiles.filter(isText),
        uncertain: open || !!kept.uncertain,
      },
    ];
  }
}
