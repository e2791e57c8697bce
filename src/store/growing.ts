/** How lists of tickets grow, and what in them is news. */
import type { Ticket, TicketQuery } from '../model.js';
import type { Key } from './cache.js';
import type { Listing, ReadPage } from './lists.js';

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

/** The first page anew, with what it does not cover under it. */
function renew(page: Listing, before: Listing): Listing {
  const { items, total } = page;
  // What stands behind the last ticket that has not moved is not covered by the new page: it stays.
  const last = before.items.findLastIndex((ticket) =>
    items.some(({ id, updatedAt }) => id === ticket.id && updatedAt === ticket.updatedAt),
  );
  const rest = page.more ? without(before.items.slice(last + 1), items) : [];
  if (!rest.length) return page;
  // Between a page of which nothing was known and the rest there may be more: the next page is the one after it.
  const from = last < 0 ? { ...page, pages: [''] } : { ...before, ...(total !== undefined && { total }) };
  return { ...from, items: [...items, ...rest] };
}

/**
 * A list with the next page under it, or with its first page anew: none is there twice. Where tickets have left the list,
 * what follows has moved up, and the next cursor may be but a number: so the page before it is read again, and the one
 * before that while none is known that it begins with.
 */
export async function grow(before: Listing, read: ReadPage, further?: boolean): Promise<Listing> {
  const { items: known, next = '', pages = [''], total } = before;
  if (!further) return renew(await read(), before);
  let at = pages.length - 1;
  const [again, page] = await Promise.all([read(pages[at]), read(next)]);
  const found = [again, page];
  while (at && !known.some(({ id }) => id === found[0]?.items[0]?.id)) found.unshift(await read(pages[--at]));
  const items = found.reduce((all, { items }) => [...all, ...without(items, all)], known);
  return { ...(total !== undefined && { total }), ...page, items, pages: [...pages, next] };
}
