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

/** A list that has grown, with the page at `cursor` under it, or its first page anew: none is there twice. */
export function grow(page: Page<Ticket>, before: Listing, cursor: string): Listing {
  const { items } = page;
  if (cursor)
    return listing({ total: before.total, ...page, items: [...before.items, ...without(items, before.items)] }, true);
  // What stands behind the last ticket that has not moved is not covered by the new page: it stays.
  const last = before.items.findLastIndex((ticket) =>
    items.some(({ id, updatedAt }) => id === ticket.id && updatedAt === ticket.updatedAt),
  );
  const rest = page.next ? without(before.items.slice(last + 1), items) : [];
  return rest.length ? listing({ ...page, items: [...items, ...rest], next: before.next }, true) : listing(page);
}
