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

/** Shows a reply and keeps it; none: it is gone. */
export type Keep = (id: string, item?: Sent) => void;

const isText = (value: unknown): value is string => typeof value === 'string';

/** What an earlier page left. If its bytes may have been leaving, nobody knows what became of it. */
function revive(kept: Partial<Sent>): Sent[] {
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

/** The replies of one person: also what earlier pages left, beside what was written before this code was there. */
export function openOutbox(
  { shelf, queue }: Session,
  keep: Keep,
): {
  find(id: string): Sent | undefined;
  change(id: string, change: SentChange): void;
  progress(id: string, progress: number): void;
} {
  const find = (id: string) => queue.value.find((item) => item.id === id);
  const kept = shelf
    .names('outbox:')
    .flatMap((name) => revive((shelf.get(name) ?? {}) as Partial<Sent>))
    .filter(({ id }) => !find(id));
  // Nobody draws anew where there are none.
  if (kept.length) show(queue, [...kept, ...queue.value]);
  return {
    find,
    change(id, change) {
      const item = find(id);
      if (!item) return;
      const { error: _, ...rest } = item;
      keep(id, { ...rest, ...change });
    },
    // Only what is seen: nothing of it is kept.
    progress(id, progress) {
      show(
        queue,
        queue.value.map((item) => (item.id === id ? { ...item, progress } : item)),
      );
    },
  };
}
