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

/** Empty for a time that is none. */
function write(iso: string, language: string, options: Intl.DateTimeFormatOptions): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return '';
  return once(
    `${language} ${Object.values(options).join(' ')}`,
    () => new Intl.DateTimeFormat(language, options),
  ).format(time);
}

/** The day and the time of day, e.g. for a tooltip. Empty for a time that is none. */
export const fullTime = (iso: string, language: string): string =>
  write(iso, language, { dateStyle: 'medium', timeStyle: 'short' });

/** The day in words, e.g. "Monday, 3 June 2026". */
export const dayName = (iso: string, language: string): string => write(iso, language, { dateStyle: 'full' });

/** When the day of a time begins here. */
const dayOf = (time: number): number => new Date(time).setHours(0, 0, 0, 0);

/** How long ago, from a day on in days of the calendar, up to a week; the date after that. A time in the future counts as now: clocks differ. */
export function timeAgo(iso: string, language: string, now = Date.now()): string {
  const time = Date.parse(iso);
  const minutes = (now - time) / 60_000;
  // Rounded: a day on which clocks change has an hour more or less.
  const days = Math.round((dayOf(now) - dayOf(time)) / 86_400_000);
  const [amount, unit]: [number, Intl.RelativeTimeFormatUnit] =
    minutes < 1
      ? [0, 'second']
      : minutes < 60
        ? [minutes, 'minute']
        : minutes < 1440
          ? [minutes / 60, 'hour']
          : [days, 'day'];
  // Also where it is none.
  if (!(minutes < 1440 || days < 7)) return write(iso, language, { dateStyle: 'medium' });
  return once(language, () => new Intl.RelativeTimeFormat(language, { numeric: 'auto' })).format(
    -Math.floor(amount),
    unit,
  );
}
