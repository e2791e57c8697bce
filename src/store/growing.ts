/** How lists of tickets grow, and what in them is news. */
import type { Page, Ticket, TicketQuery } from '../model.js';
import type { Key } from './cache.js';
import { listing, type Listing } from './lists.js';

/** True for a list that every new ticket of the person belongs to. */
export const isWhole = (key: Key): boolean => {
  const { status, topicId, search, scope } = key[1] as TicketQuery;
  return !(status || topicId || search || scope);
};

/** Milliseconds of an ISO time; 0 for none. */
export const time = (iso: string | undefined): number => Date.parse(iso ?? '') || 0;

/** The tickets that are not among the known ones. */
export const without = (items: readonly Ticket[], known: readonly Ticket[]): Ticket[] => {
  const ids = new Set(known.map(({ id }) => id));
  return items.filter(({ id }) => !ids.has(id));
};

/** A new first page over a list that may have grown: later tickets stay, none is there twice. */
function renew(page: Page<Ticket>, before: Listing): Listing {
  const { next, ...first } = page;
  let rest: Ticket[] = [];
  if (next) {
    // What stands behind the last ticket that has not moved is not covered by the new page.
    const moved = (ticket: Ticket) =>
      !page.items.some(({ id, updatedAt }) => id === ticket.id && updatedAt === ticket.updatedAt);
    rest = without(before.items.slice(before.items.findLastIndex((ticket) => !moved(ticket)) + 1), page.items);
  }
  if (!rest.length) return listing(page);
  return listing({ ...first, items: [...page.items, ...rest], ...(before.next && { next: before.next }) }, true);
}

/** A list that has grown, with its first page anew, or with the page at `cursor` under it. */
export const grow = (page: Page<Ticket>, before: Listing, cursor: string): Listing => {
  const { items, total } = before;
  return cursor
    ? listing(
        { ...(total !== undefined && { total }), ...page, items: [...items, ...without(page.items, items)] },
        true,
      )
    : renew(page, before);
};
