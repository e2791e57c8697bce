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
  readonly stored?: boolean;
  readonly progress?: number;
  readonly before?: number;
  readonly uncertain?: number;
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
      stored: false,
      progress: 0,
      lostFiles: lostFiles.filter(isText),
      // Until now it may have been on its way.
      uncertain: open ? Date.now() : (kept.uncertain ?? 0),
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
  /** Changes only what is seen: nothing of it is kept. */
  see(id: string, change: SentChange): void;
  /** Takes over what another tab has found out of a reply, and begins to send it. False where it was sent or given up. */
  begin(id: string): boolean;
  /** Shows a reply as another tab has left it. */
  again(id: string): void;
} {
  const find = (id: string) => queue.value.find((item) => item.id === id);
  const kept = shelf
    .names('outbox:')
    .flatMap((name) => revive((shelf.get(name) ?? {}) as Partial<Sent>))
    .filter(({ id }) => !find(id));
  // Nobody draws anew where there are none.
  if (kept.length) show(queue, [...kept, ...queue.value]);
  const changed = ({ error: _, ...item }: Sent, change: SentChange): Sent => ({
    ...item,
    ...(change.state && { stored: false }),
    ...change,
  });
  const change = (id: string, what: SentChange) => {
    const item = find(id);
    if (item) keep(id, changed(item, what));
  };
  const see = (id: string, what: SentChange) =>
    show(
      queue,
      queue.value.map((item) => (item.id === id ? changed(item, what) : item)),
    );
  const stored = (id: string) => shelf.get(`outbox:${id}`) as Partial<Sent> | undefined;
  return {
    find,
    change,
    see,
    begin(id) {
      const item = find(id);
      const kept = stored(id);
      const [other] = revive(kept ?? {});
      // Counted by another tab: whether that has sent it, too, says what it has left.
      const moved = other && other.before !== item?.before ? other : kept;
      change(id, {
        state: 'sending',
        progress: 0,
        uncertain: Math.max(moved?.uncertain ?? 0, item?.uncertain ?? 0),
        ...(moved?.before !== undefined && { before: moved.before }),
      });
      return !!kept;
    },
    again(id) {
      const item = find(id);
      const [other] = item ? revive(stored(id) ?? item) : [];
      if (other) see(id, other);
    },
  };
}
