/** Lists of tickets. */
import type { Ticket } from '../model.js';
import type { Cache, Key } from './cache.js';
import type { TicketList } from './types.js';

/** A list with what is needed to make it grow. */
export interface Listing extends TicketList {
  readonly next?: string;
  /** True once a further page was added. */
  readonly grown?: boolean;
}

export const isList = (key: Key): boolean => key[0] === 'tickets';

/** A list with what it is a list of. */
export type KeyedList = readonly [key: Key, list: TicketList];

/** Every list that is known. */
export const listsOf = (cache: Cache): readonly KeyedList[] =>
  cache.matching(isList).flatMap(({ parts, shot }) => (shot.data ? [[parts, shot.data as TicketList]] : []));

/** What a list is made of. */
export interface Tickets {
  readonly items: readonly Ticket[];
  readonly next?: string | undefined;
  readonly total?: number | undefined;
}

/** A list as it is shown. */
export const listing = ({ items, next, total }: Tickets, grown = false): Listing => ({
  items,
  grown,
  more: !!next,
  ...(next && { next }),
  ...(total !== undefined && { total }),
});
