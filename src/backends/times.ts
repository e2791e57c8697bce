/** Times as ticket systems write them. */
import { clockIn } from './clock.js';

/** A time as it was answered → in ISO 8601 UTC. */
export type Times = (value: unknown) => string | undefined;

/**
 * A reader of times that come without a zone (`YYYY-MM-DD HH:mm:ss`, as MySQL prints them), into ISO 8601 UTC.
 * The SQL expression NOW, which osTicket answers right after a reply, is now; zero dates and all else are `undefined`.
 * In the hour that a change of the clock doubles either reading may be meant; one of them is chosen, always the same.
 * @throws HelpDeskError `invalid` where the zone is unknown.
 */
export const times = (timeZone?: string): Times => timesBy(clockIn(timeZone));

/** The same by a clock of that zone; none is UTC. */
export function timesBy(wall: Intl.DateTimeFormat | undefined): Times {
  // Clocks change on a quarter of an hour; formatting is slow.
  const offsets = new Map<number, number>();
  const offset = (time: number): number => {
    const quarter = time - (time % 9e5);
    let found = offsets.get(quarter);
    if (found === undefined) {
      found = Date.parse(`${wall!.format(quarter).replace(' ', 'T')}Z`) - quarter;
      // At either end of the calendar engines write years that are none, or others: no zone is a day away.
      if (!(Math.abs(found) < 864e5)) found = 0;
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
