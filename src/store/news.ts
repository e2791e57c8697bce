/** Which tickets have news for the person: judged by their last activity and by what was seen of them on this device. */
import type { Ticket } from '../model.js';
import { isWhole, time } from './growing.js';
import { listsOf, type KeyedList } from './lists.js';
import type { Session } from './session.js';

/** Ticket id → the activity that was seen; '' is the moment from which on unknown tickets count as news. */
type Marks = Readonly<Record<string, string>>;

/** How many tickets are remembered one by one. */
const most = 500;
/** Milliseconds after a person's own write in which what changes in the ticket is taken for its effect. */
const echo = 15_000;

/** See `createNews`. */
export interface News {
  /** Counts again, soon. The lists are those of the moment that is judged: what came later may be news to it. */
  count(lists: readonly KeyedList[]): void;
  /** Remembers, soon, that the person has seen this ticket as it is now. */
  markSeen(ticket: Ticket): void;
}

/** After what has just changed is painted, as a list may have thousands, and before long where the page is never idle. */
const soon = (run: () => void): unknown =>
  // Older WebKit has no idle callbacks.
  globalThis.requestIdleCallback?.(run, { timeout: 1000 }) ?? setTimeout(run);

/** The news of one session. `show` gets the ids of the tickets that have some, whenever others have. */
export function createNews({ cache, shelf, own, ended }: Session, show: (ids: ReadonlySet<string>) => void): News {
  let seen: Marks | undefined;
  let provisional = false;
  let shown = new Set<string>();

  /** What was seen in another tab counts here, too: of each mark the later one. */
  const meet = () => {
    const kept = shelf.get('seen');
    if (typeof kept !== 'object' || !kept) return;
    const marks = { ...seen };
    for (const [id, at] of Object.entries(kept as Marks))
      if (at !== marks[id] && !(time(at) < time(marks[id]))) marks[id] = at;
    seen = marks;
  };
  const keep = ({ '': since = '', ...marks }: Marks) => {
    const sorted = Object.entries(marks).sort(([, a], [, b]) => time(b) - time(a));
    // Older tickets are judged by the newest mark that went.
    const gone = sorted[most]?.[1] ?? '';
    seen = { ...Object.fromEntries(sorted.slice(0, most)), '': time(gone) > time(since) ? gone : since };
    shelf.set('seen', seen);
  };
  /** `since` is known where many are asked about: a list may have thousands. */
  const isNews = ({ id, updatedAt }: Ticket, since = time(seen?.[''])) => {
    const mark = seen?.[id];
    return time(updatedAt) > (mark === undefined ? since : time(mark));
  };
  const remember = (ticket: Ticket) => {
    const isNew = !!seen && isNews(ticket);
    if (isNew) keep({ ...seen, [ticket.id]: ticket.updatedAt ?? '' });
    return isNew;
  };

  const count = (lists: readonly KeyedList[]) => {
    const ids = new Set<string>();
    for (const [key, { items }] of lists) {
      // A person who was never here has seen everything; a part of the tickets does not tell it for all.
      if (!seen || (provisional && isWhole(key))) {
        provisional = !isWhole(key);
        let newest = '';
        let at = 0;
        for (const { updatedAt = '' } of items) {
          const own = time(updatedAt);
          if (own > at) [newest, at] = [updatedAt, own];
        }
        keep({ ...seen, '': newest });
      }
      const since = time(seen?.['']);
      for (const ticket of items) {
        if ((own.get(ticket.id) ?? 0) > Date.now() - echo) remember(ticket);
        if (isNews(ticket, since)) ids.add(ticket.id);
      }
    }
    if (ids.size !== shown.size || [...ids].some((id) => !shown.has(id))) show((shown = ids));
  };

  /** One call for all that waits: two need not come in the order in which they were asked for. */
  const waiting: (() => unknown)[] = [];
  const turn = (run: () => unknown) => {
    if (waiting.push(run) !== 1) return;
    soon(() => {
      if (ended.aborted) return;
      meet();
      waiting.splice(0).forEach((each) => each());
    });
  };
  const recount = () => count(listsOf(cache));
  globalThis.window?.addEventListener('storage', ({ key }) => key?.endsWith(':seen') && turn(recount), {
    signal: ended,
  });
  return {
    count: (lists) => turn(() => count(lists)),
    markSeen: (ticket) => turn(() => remember(ticket) && recount()),
  };
}
