/** What a person changes of what is known. */
import type { Cache, Change, Key, Match } from './cache.js';

/**
 * Shows a change in every matching resource, also in one that is fetched meanwhile. The answer ends it: with nothing
 * the change is taken back; with another change that one stays, and what is watched is read again.
 */
export function update(cache: Cache, match: Match, change: Change): (final?: Change) => void {
  const { patches, matching, emit, start } = cache;
  const patch = { match, change };
  patches.add(patch);
  matching(match).forEach(emit);
  return (final) => {
    if (!patches.delete(patch)) return;
    for (const entry of matching(match)) {
      const end = () => {
        if (final) {
          if (entry.base !== undefined) entry.base = final(entry.base as never, entry.parts);
          entry.invalid = true;
          // An answer asked for before the write must not land after it.
          if (entry.running || entry.listeners.size) void start(entry);
        }
        emit(entry);
      };
      // The next page is let in first: begun anew, the request would not ask for it. Until then the change lies on top.
      if (final && entry.growing) {
        const own = { match: (key: Key) => key === entry.parts, change: final };
        patches.add(own);
        emit(entry);
        void entry.growing.then(() => patches.delete(own) && end());
      } else end();
    }
  };
}
