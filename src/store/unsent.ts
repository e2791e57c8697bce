/** What becomes of replies on their way. */
import type { HelpDeskError } from '../errors.js';
import type { ReplyDraft } from '../model.js';
import { show, type Sent } from './outbox.js';
import type { Session } from './session.js';
import type { Outgoing } from './types.js';

/** What may change of a reply on its way. An error that is not named is gone. */
export interface SentChange {
  readonly draft?: Readonly<ReplyDraft>;
  readonly state?: Outgoing['state'];
  readonly progress?: number;
  readonly before?: number;
  readonly uncertain?: boolean;
  readonly error?: HelpDeskError;
}

const isText = (value: unknown): value is string => typeof value === 'string';

/** The replies of one person. */
export class Outbox {
  readonly #session: Session;

  /** Shows what earlier pages left, beside what was written before this code was there. */
  constructor(session: Session) {
    this.#session = session;
    const { shelf, queue } = session;
    const kept = shelf.names('outbox:').flatMap((name) => this.#revive((shelf.get(name) ?? {}) as Partial<Sent>));
    show(queue, [...kept.filter(({ id }) => !this.find(id)), ...this.items]);
  }

  get items(): readonly Sent[] {
    return this.#session.queue.value;
  }

  find(id: string): Sent | undefined {
    return this.items.find((item) => item.id === id);
  }

  change(id: string, change: SentChange): void {
    const item = this.find(id);
    if (!item) return;
    const { error: _, ...rest } = item;
    this.#session.keep(id, { ...rest, ...change });
  }

  /** Only what is seen: nothing of it is kept. */
  progress(id: string, progress: number): void {
    show(
      this.#session.queue,
      this.items.map((item) => (item.id === id ? { ...item, progress } : item)),
    );
  }

  drop(id: string): void {
    this.#session.keep(id);
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
