/** What a poll brings is mostly what is there already. */
import { isObject, same } from './cache.js';

const idOf = (item: unknown): unknown => (isObject(item) ? item.id : undefined);

/** `next`, with every part that is equal to `before` being the same object as there. Items of lists meet by their id. */
export function share<T>(before: unknown, next: T): T {
  if (same(before, next)) return before as T;
  if (!isObject(before) || !isObject(next) || Array.isArray(before) !== Array.isArray(next)) return next;
  if (!Array.isArray(before) || !Array.isArray(next))
    return Object.fromEntries(Object.entries(next).map(([key, value]) => [key, share(before[key], value)])) as T;
  let place = 0;
  let known: Map<unknown, number> | undefined;
  return next.map((item: unknown, index) => {
    const id = idOf(item);
    // Mostly the one after that of the item before, or one that came between; only what moved is looked for.
    const due = idOf(before[place]);
    let at: number | undefined = id === undefined ? index : place;
    if (id !== undefined && id !== due)
      at =
        due !== undefined && due === idOf(next[index + 1])
          ? undefined
          : (known ??= new Map(before.map((one: unknown, of) => [idOf(one), of]))).get(id);
    if (at !== undefined) place = at + 1;
    return share(at === undefined ? at : before[at], item);
  }) as T;
}
