/** What a poll brings is mostly what is there already. */
import { isObject } from './cache.js';

const idOf = (item: unknown): unknown => (isObject(item) ? item.id : undefined);

/**
 * `next`, with every part that is equal to `before` being the same object as there. Items of lists meet by their id. A
 * poll brings thousands of equal entries: nothing is made anew before something differs.
 */
export function share<T>(before: unknown, next: T): T {
  if (!isObject(before) || !isObject(next) || before === next || Array.isArray(before) !== Array.isArray(next))
    return next;
  if (Array.isArray(before) && Array.isArray(next)) {
    let same = before.length === next.length;
    let place = 0;
    let known: Map<unknown, number> | undefined;
    const items = next.map((item: unknown, index) => {
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
      const shared = share(at === undefined ? at : before[at], item);
      same &&= shared === before[index];
      return shared;
    });
    return (same ? before : items) as T;
  }
  const keys = Object.keys(next);
  let same = keys.length === Object.keys(before).length;
  const parts: (readonly [string, unknown])[] = [];
  for (const key of keys) {
    const shared = share(before[key], next[key]);
    same &&= shared === before[key] && key in before;
    if (shared !== next[key]) parts.push([key, shared]);
  }
  return (same ? before : parts.length ? { ...next, ...Object.fromEntries(parts) } : next) as T;
}
