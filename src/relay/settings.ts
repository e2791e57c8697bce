/** Settings that limit something: what is no number would be no limit, and says nothing of it. */

/** The least and the most that may be meant; or a text. */
export type Meant = readonly [least: number, most: number] | 'text';

/** Of a file; more could not be held. */
export const fileSettings = { maxCount: [0, 1000], maxBytes: [0, 2 ** 30], accept: 'text' } as const;

/** A timer of more milliseconds than this ends at once. */
export const longest = 2 ** 31 - 1;

/**
 * What is wrong with a group of settings, a sentence each.
 * @param before What their names are written with, e.g. `files.`.
 * @param given Absent ones are well; one that is there and undefined is not, it would stand in for the default.
 */
export function wrongIn(before: string, given: object | undefined, meant: Readonly<Record<string, Meant>>): string[] {
  return Object.entries(given ?? {}).flatMap(([name, value]: [string, unknown]) => {
    const kind = Object.hasOwn(meant, name) ? meant[name] : undefined;
    if (!kind) return `${before}${name} is not known. Is it misspelt?`;
    if (kind === 'text') return typeof value === 'string' ? [] : `${before}${name} is a text.`;
    const [least, most] = kind;
    return Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? []
      : `${before}${name} is a whole number from ${least} to ${most}.`;
  });
}

/** Throws the first of what is wrong. */
export function checkSettings(...wrong: readonly string[]): void {
  if (wrong[0] !== undefined) throw new Error(wrong[0]);
}
