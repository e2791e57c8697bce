/** Words as ticket systems give them. */

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** Text whose HTML entities are decoded once. Unknown ones stay as they are. */
export const unescape = (html: string): string =>
  html.replace(/&(?:#(x?)([\da-f]{1,7})|([a-z]{2,4}));/gi, (whole, hex: string, code: string, name: string) => {
    if (name) return Object.hasOwn(entities, name) ? entities[name]! : whole;
    const point = parseInt(code, hex ? 16 : 10);
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });

/** The words of a refusal; empty where there are none. */
export const wordsOf = (error: unknown): string => (error as { cause?: { readonly text?: string } }).cause?.text ?? '';
