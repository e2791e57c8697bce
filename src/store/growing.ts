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
export function renew(page: Page<Ticket>, before: Listing | undefined): Listing {
  const { next, ...first } = page;
  let rest: Ticket[] = [];
  if (next && before?.grown) {
    // What stands behind the last ticket that has not moved is not covered by the new page.
    const moved = (ticket: Ticket) =>
      !page.items.some(({ id, updatedAt }) => id === ticket.id && updatedAt === ticket.updatedAt);
    rest = without(before.items.slice(before.items.findLastIndex((ticket) => !moved(ticket)) + 1), page.items);
  }
  if (!rest.length) return listing(page);
  return listing({ ...first, items: [...page.items, ...rest], ...(before?.next && { next: before.next }) }, true);
}

/** A further page under a list. */
export const extend = (page: Page<Ticket>, { items, total }: Listing): Listing =>
  listing({ ...(total !== undefined && { total }), ...page, items: [...items, ...without(page.items, items)] }, true);
