/**
 * Tolerant readers over JSON that nobody promised. Each takes anything and answers something of its type; none throws
 * but `parse` and `times`. All are linear in the length of what they read.
 */
import { HelpDeskError } from '../errors.js';

/** An object of unknown content. Only known names are ever read from it, and it is never merged into another. */
export type Json = Readonly<Record<string, unknown>>;

/**
 * The JSON in an answer, whatever its type says it is. A byte-order mark and lines that PHP printed before it are
 * skipped; a bare number comes as text, so that it keeps its zeros; an empty answer is `undefined`. What is not JSON is
 * tried again as `mend` makes it.
 * @throws HelpDeskError `unexpected`; `unauthorized` where the answer is a page with a password field.
 */
export function parse(answer: string, mend?: (json: string) => string): unknown {
  let json = answer.replace(/^\ufeff/, '').trim();
  if (!json) return;
  if (!/^[[{"]/.test(json))
    json = json.slice(Math.max(json.search(/(?:^|br ?\/>)(?=[[{"\d])/m), 0)).replace(/^br ?\/>/, '');
  if (/^\d+$/.test(json)) return json;
  try {
    return JSON.parse(json) as unknown;
  } catch {
    if (mend) return parse(mend(json));
    throw new HelpDeskError(/type=["']?password/i.test(answer) ? 'unauthorized' : 'unexpected', { cause: answer });
  }
}

/** An object, also where it is written as a list of [name, value] pairs; empty for anything else. */
export function record(value: unknown): Json {
  if (Array.isArray(value))
    return Object.fromEntries(value.filter((pair) => Array.isArray(pair)) as [string, unknown][]);
  return value && typeof value === 'object' ? (value as Json) : {};
}

/** A list; empty for anything else. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text, or a number as it is written, or the `name` of an object; else empty. Ids are read with this. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Number.isFinite(value)) return String(value);
  return value && typeof value === 'object' && 'name' in value && typeof value.name === 'string' ? value.name : '';
}

/** The same, or undefined where there is nothing. */
export const maybe = (value: unknown): string | undefined => text(value) || undefined;

/** The value under this key, never one that every object inherits. */
export const own = <T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  table && Object.hasOwn(table, key) ? table[key] : undefined;

/** The same object without its undefined fields. */
export const known = <T>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

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
    if (record(value)['func'] === 'NOW') return new Date().toISOString();
    const [, day, clock, zone] = /^(\d{4}-\d\d-\d\d)[ T]([\d:.]+)(Z|[+-][\d:]+)?$/.exec(text(value)) ?? [];
    let time = Date.parse(`${day}T${clock}${zone ?? 'Z'}`);
    if (Number.isNaN(time)) return;
    if (!zone && wall) time -= offset(time - offset(time));
    return new Date(time).toISOString();
  };
}

/** Times in their order, for `sort`. As a language orders words it would cost a slow phone 30 ms, and more for each. */
export const byTime = (a = '', b = ''): number => (a < b ? -1 : a > b ? 1 : 0);

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** Text whose HTML entities are decoded once. Unknown ones stay as they are. */
export const unescape = (html: string): string =>
  html.replace(/&(?:#(x?)([\da-f]{1,7})|([a-z]{2,4}));/gi, (whole, hex: string, code: string, name: string) => {
    if (name) return own(entities, name) ?? whole;
    const point = parseInt(code, hex ? 16 : 10);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

/**
 * What was written, as HTML. A plain message shows the same words: lines break where they did and runs of spaces keep
 * their width; white space around it goes. Neither form can be taken for a `data:` address.
 */
export const markup = ({ message, format }: { message: string; format?: 'text' | 'html' }): string =>
  format === 'html'
    ? `<div>${message}</div>`
    : `<p>${message
        .trim()
        .replace(/&/g, '&amp;')
        .replace(/</g, '&lt;')
        .replace(/>/g, '&gt;')
        .replace(/\r?\n/g, '<br>')
        .replace(/ (?= )/g, '&nbsp;')}</p>`;

/** Our words for what a back end says is wrong with a field. */
export const problem = (words: string): string =>
  /required|blank|empty|null/i.test(words)
    ? 'This field is required.'
    : /char|long|size|large|exceed/i.test(words)
      ? 'This is too large.'
      : 'This is not valid.';
