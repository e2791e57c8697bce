/** Times as ticket systems write them. */
import { HelpDeskError } from '../errors.js';

/**
 * A reader of times that come without a zone (`YYYY-MM-DD HH:mm:ss`, as MySQL prints them), into ISO 8601 UTC.
 * The SQL expression NOW, which osTicket answers right after a reply, is now; zero dates and all else are `undefined`.
 * In the hour that a change of the clock doubles either reading may be meant; one of them is chosen, always the same.
 * @throws HelpDeskError `invalid` where the zone is unknown.
 */
export function times(timeZone = 'UTC'): (value: unknown) => string | undefined {
  let wall: Intl.DateTimeFormat | undefined;
  try {
    // Swedish is written as ISO 8601 is. A page's first formatter costs a slow phone 50 ms: none where none is needed.
    if (timeZone !== 'UTC') wall = new Intl.DateTimeFormat('sv', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  } catch (cause) {
    throw new HelpDeskError('invalid', { fields: { timeZone }, cause });
  }
  // Clocks change on a quarter of an hour; formatting is slow.
  const offsets = new Map<number, number>();
  const offset = (time: number): number => {
    const quarter = time - (time % 9e5);
    let found = offsets.get(quarter);
    if (found === undefined) {
      found = Date.parse(`${wall!.format(quarter).replace(' ', 'T')}Z`) - quarter;
      offsets.set(quarter, found);
    }
    return found;
  };
  return (value) => {
    if ((value as { readonly func?: unknown } | null | undefined)?.func === 'NOW') return new Date().toISOString();
    const [, day, clock, zone] =
      typeof value === 'string' ? (/^(\d{4}-\d\d-\d\d)[ T]([\d:.]+)(Z|[+-][\d:]+)?$/.exec(value) ?? []) : [];
    let time = Date.parse(`${day}T${clock}${zone ?? 'Z'}`);
    if (Number.isNaN(time)) return;
    if (!zone && wall) time -= offset(time - offset(time));
    return new Date(time).toISOString();
  };
}

/** Times in their order, for `sort`. As a language orders words it would cost a slow phone 30 ms, and more for each. */
export const byTime = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);
