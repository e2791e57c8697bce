/**
 * Tolerant readers over JSON that nobody promised. Each takes anything and answers something of its type; none throws
 * but `parse`. All are linear in the length of what they read.
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
  // A byte-order mark is space, too.
  let json = answer.trim();
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
    return Object.fromEntries(
      value.filter((pair) => Array.isArray(pair) && typeof pair[0] === 'string') as [string, unknown][],
    );
  return value && typeof value === 'object' ? (value as Json) : {};
}

/** A list; empty for anything else. */
export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text, or a number as it is written, or the `name` of an object; else empty. Ids are read with this. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Number.isFinite(value)) return String(value);
  const name = (value as { readonly name?: unknown } | null | undefined)?.name;
  return typeof name === 'string' ? name : '';
}

/** The same, or undefined where there is nothing. */
export const maybe = (value: unknown): string | undefined => text(value) || undefined;

/** The value under this key, never one that every object inherits. */
export const own = <T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined =>
  table && Object.hasOwn(table, key) ? table[key] : undefined;

/** The same object without its undefined fields. */
export const known = <T>(fields: { [K in keyof T]: T[K] | undefined }): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
