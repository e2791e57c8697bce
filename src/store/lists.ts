/** Lists of tickets. */
import type { Cache, Key } from './cache.js';
import type { TicketList } from './types.js';

/** A list with what is needed to make it grow. */
export interface Listing extends TicketList {
  readonly next?: string;
  /** The cursors of the pages so far, once a further one was added. */
  readonly pages?: readonly string[];
}

/** Reads the page at a cursor, or the first one. */
export type ReadPage = (cursor?: string) => Promise<Listing>;

export const isList = (key: Key): boolean => key[0] === 'tickets';

/** A list with what it is a list of. */
export type KeyedList = readonly [key: Key, list: TicketList];

/** Every list that is known. */
export const listsOf = (cache: Cache): readonly KeyedList[] =>
  cache.matching(isList).flatMap(({ parts, shot }) => (shot.data ? [[parts, shot.data as TicketList]] : []));
