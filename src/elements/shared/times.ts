/** Times as people read them, by Intl. Formatters are made at first use: two of them made at load cost a page 86 ms on a slow phone. */

const made = new Map<string, Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

function once<T extends Intl.DateTimeFormat | Intl.RelativeTimeFormat>(key: string, make: () => T): T {
  let formatter = made.get(key);
  if (!formatter) made.set(key, (formatter = make()));
  return formatter as T;
}

/** Calls back after what is to be painted, when the page has a moment, and before long where it never has. */
export const soon = (run: () => void): unknown =>
  // Older WebKit has no idle callbacks.
  globalThis.requestIdleCallback?.(run, { timeout: 1000 }) ?? setTimeout(run);

let warm = false;

/** While an answer is waited for: whichever formatter is a page's first takes a slow phone 50 ms. */
export function warmTimes(): void {
  if (warm) return;
  warm = true;
  soon(() => void new Intl.RelativeTimeFormat());
}

/** The day and the time of day, e.g. for a tooltip. Empty for a time that is none. */
export function fullTime(iso: string, language: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return '';
  return once(
    `f${language}`,
    () => new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }),
  ).format(time);
}

/** The day in words, e.g. "Monday, 3 June 2026". */
export function dayName(iso: string, language: string): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return '';
  return once(`d${language}`, () => new Intl.DateTimeFormat(language, { dateStyle: 'full' })).format(time);
}

/** When the day of a time begins here. */
const dayOf = (time: number): number => new Date(time).setHours(0, 0, 0, 0);

/** How long ago, from a day on in days of the calendar, up to a week; the date after that. A time in the future counts as now: clocks differ. */
export function timeAgo(iso: string, language: string, now = Date.now()): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return '';
  const relative = once(`r${language}`, () => new Intl.RelativeTimeFormat(language, { numeric: 'auto' }));
  const minutes = (now - time) / 60_000;
  if (minutes < 1) return relative.format(0, 'second');
  if (minutes < 60) return relative.format(-Math.floor(minutes), 'minute');
  if (minutes < 1440) return relative.format(-Math.floor(minutes / 60), 'hour');
  // Rounded: a day on which clocks change has an hour more or less.
  const days = Math.round((dayOf(now) - dayOf(time)) / 86_400_000);
  if (days < 7) return relative.format(-days, 'day');
  return once(`s${language}`, () => new Intl.DateTimeFormat(language, { dateStyle: 'medium' })).format(time);
}
