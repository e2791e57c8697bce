/** Replies on their way: nothing lost, nothing doubled. */
import type { HelpDeskError } from '../errors.js';
import type { ReplyDraft, Thread, ThreadEntry } from '../model.js';
import { createCell } from './cache.js';
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
  readonly lostFiles?: readonly string[];
}

/** A new id of one intent. `randomUUID` is missing in pages that came over plain HTTP. */
export const newId = (): string =>
  globalThis.crypto?.randomUUID?.() ??
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '', apos: '', nbsp: '' };

/**
 * The words without what back ends change on the way: entities (once or twice), tags, white space, emoji, quotation
 * marks. Recorded: osTicket 1.18.1 removes emoji, escapes text and closes words in angle brackets.
 */
export const normalise = (text: string): string =>
  text
    .replace(/&(amp;)+/gi, '&')
    .replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal?: string, hex?: string, name?: string) => {
      if (name) return entities[name.toLowerCase()] ?? whole;
      const code = decimal ? +decimal : parseInt(hex ?? '', 16);
      return code < 0x110000 ? String.fromCodePoint(code) : '';
    })
    .replace(/<\/?[a-z!][^>]*>/gi, '')
    .replace(/[\s\p{Cf}\p{Extended_Pictographic}\p{RI}\p{EMod}\u20e3\ufe0e\ufe0f"'`´‘’‚“”„«»]/gu, '')
    .normalize();

/** The entries with these words, oldest first. */
export const withWords = (thread: Thread, message: string, kind: ThreadEntry['kind']): readonly ThreadEntry[] => {
  const words = normalise(message);
  return thread.entries.filter((entry) => entry.kind === kind && normalise(entry.body.value) === words);
};

const isText = (value: unknown): value is string => typeof value === 'string';

/** The replies of one person, each kept on the shelf until it is sent or given up. Files are kept by name only. */
export class Outbox {
  readonly #shelf: Shelf;
  readonly #cell: Cell<readonly Outgoing[]> & { set(value: readonly Sent[]): void };

  constructor(shelf: Shelf, cell = createCell<readonly Outgoing[]>([])) {
    this.#shelf = shelf;
    this.#cell = cell;
    this.#set(shelf.list('outbox:').flatMap((kept) => this.#revive(kept as Partial<Sent> | undefined)));
  }

  get items(): readonly Sent[] {
    return this.#cell.value;
  }

  find(id: string): Sent | undefined {
    return this.items.find((item) => item.id === id);
  }

  /** Adds a reply, or takes the place of the one with its id. */
  put(item: Sent): Sent {
    const { draft, progress: _, error: __, ...kept } = item;
    const { files = [], ...text } = draft;
    const lostFiles = files.length ? files.map(({ name }) => name) : item.lostFiles;
    this.#shelf.set(`outbox:${item.id}`, { ...kept, draft: text, lostFiles });
    const others = this.items.filter(({ id }) => id !== item.id);
    this.#set(
      others.length < this.items.length
        ? this.items.map((old) => (old.id === item.id ? item : old))
        : [...others, item],
    );
    return item;
  }

  change(id: string, change: SentChange): void {
    const item = this.find(id);
    if (!item) return;
    const { error: _, ...rest } = item;
    this.put({ ...rest, ...change });
  }

  /** Only what is seen: nothing of it is kept. */
  progress(id: string, progress: number): void {
    this.#set(this.items.map((item) => (item.id === id ? { ...item, progress } : item)));
  }

  drop(id: string): void {
    this.#shelf.set(`outbox:${id}`, undefined);
    this.#set(this.items.filter((item) => item.id !== id));
  }

  #set(items: readonly Sent[]): void {
    this.#cell.set(items.map((item) => Object.freeze(item)).sort((a, b) => a.createdAt.localeCompare(b.createdAt)));
  }

  /** What an earlier page left. If its bytes may have been leaving, nobody knows what became of it. */
  #revive(kept: Partial<Sent> | undefined): Sent[] {
    const { id, ticketId, draft, createdAt, lostFiles, before, uncertain, state } = kept ?? {};
    if (!isText(id) || !isText(ticketId) || !isText(createdAt) || !isText(draft?.message)) return [];
    const open = before !== undefined && state !== 'failed';
    return [
      {
        id,
        ticketId,
        draft,
        createdAt,
        state: open ? 'unconfirmed' : 'failed',
        progress: 0,
        lostFiles: Array.isArray(lostFiles) ? lostFiles.filter(isText) : [],
        ...(before !== undefined && { before }),
        ...((uncertain || open) && { uncertain: true }),
      },
    ];
  }
}
