/** Words as ticket systems take and give them. */

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0' };

/** Text whose HTML entities are decoded once. Unknown ones stay as they are. */
export const unescape = (html: string): string =>
  html.replace(/&(?:#(x?)([\da-f]{1,7})|([a-z]{2,4}));/gi, (whole, hex: string, code: string, name: string) => {
    if (name) return Object.hasOwn(entities, name) ? entities[name]! : whole;
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

/** The words of a refusal; empty where there are none. */
export const wordsOf = (error: unknown): string => (error as { cause?: { readonly text?: string } }).cause?.text ?? '';
