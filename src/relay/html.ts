/**
 * HTML that people send, before it reaches the back end: printed, mailed and shown there by who knows what, which has read
 * files and fetched addresses that such HTML named. Loaded with the first that comes; needs no DOM.
 */
import { Parser } from 'htmlparser2';
import { unescape } from '../backends/read.js';

/** What is left of it. */
export interface CleanHtml {
  /** Undefined where it goes deeper than anybody can mean. */
  readonly html: string | undefined;
  /** The same words without markup. Links keep their addresses. */
  readonly text: string;
}

/** As in the page, which draws nothing else, but for images: they are said, since some back ends fetch them. */
const tags = new Set(
  'a abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i ins kbd li mark ol p pre q s samp small span strong sub sup table tbody td tfoot th thead time tr u ul var wbr'.split(
    ' ',
  ),
);
const single = new Set(['br', 'col', 'hr', 'wbr']);
/** They go with what is in them. */
const hidden = new Set(
  'applet audio canvas embed frameset iframe math noembed noframes noscript object plaintext script select style svg template textarea title video xmp'.split(
    ' ',
  ),
);
/** Empty lines before and behind them, in text. */
const lines: Readonly<Record<string, number>> = Object.fromEntries([
  ...'blockquote p h1 h2 h3 h4 h5 h6 ol pre table ul'.split(' ').map((name) => [name, 2] as const),
  ...'caption dd div dl dt figcaption figure hr li tr'.split(' ').map((name) => [name, 1] as const),
]);
const attributes: readonly (readonly [name: string, value: RegExp])[] = [
  ['title', /^[^<>]{1,500}$/],
  ['dir', /^(?:ltr|rtl|auto)$/i],
  ['lang', /^[\w-]{1,35}$/],
  ['colspan', /^\d{1,3}$/],
  ['rowspan', /^\d{1,3}$/],
  ['start', /^-?\d{1,6}$/],
  ['datetime', /^[\w:.+ -]{1,40}$/],
];
const address = /^(?:https?:\/\/|mailto:|tel:)[^\s"'<>`\\\u0000-\u001f\u007f]{1,2000}$/i;
const maxDepth = 100;

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => signs[sign]!);

class TooDeep extends Error {}

/** What of a person's HTML may go on. It is written anew, sign by sign: what is not known here is not in it. */
export function cleanHtml(source: string): CleanHtml {
  const html: string[] = [];
  const text: string[] = [];
  const open: { readonly name: string; end: string; link?: string }[] = [];
  let [inHidden, inPre] = [0, 0];
  // What stands before the next words of the text.
  let [breaks, space] = [0, false];

  const say = (words: string): void => {
    if (text.length) text.push(breaks ? '\n'.repeat(breaks) : space ? ' ' : '');
    text.push(words);
    [breaks, space] = [0, false];
  };
  const write = (words: string): void => {
    html.push(escape(words));
    if (inPre) return say(words);
    const plain = words.replace(/[\t\n\f\r ]+/g, ' ');
    if (plain.startsWith(' ')) space = true;
    if (plain.trim() === '') return;
    say(plain.replace(/^ | $/g, ''));
    space = plain.endsWith(' ');
  };

  const parser = new Parser({
    // Also of a tag that never ends.
    onopentagname(name) {
      if (open.push({ name, end: '' }) > maxDepth) throw new TooDeep();
      if (hidden.has(name)) inHidden++;
      if (name === 'pre') inPre++;
    },
    onopentag(name, given) {
      if (inHidden) return;
      const value = (attribute: string): string => (Object.hasOwn(given, attribute) ? given[attribute]!.trim() : '');
      // A picture of one point is there to tell its sender that it was looked at.
      if (name === 'img' && !['width', 'height'].some((side) => /^0*[01](px)?$/.test(value(side))))
        write(`[${value('alt') || 'image'}]`);
      if (!tags.has(name)) return;
      breaks = name === 'br' ? Math.min(breaks + 1, 2) : Math.max(breaks, lines[name] ?? 0);
      if (name === 'td' || name === 'th') space = true;
      const kept = attributes.flatMap(([attribute, pattern]) =>
        pattern.test(value(attribute)) ? ` ${attribute}="${escape(value(attribute))}"` : '',
      );
      const link = name === 'a' ? value('href').replace(/ /g, '%20') : '';
      const safe = address.test(link) ? link : '';
      html.push(`<${name}${safe && ` href="${escape(safe)}"`}${kept.join('')}>`);
      const place = open.at(-1)!;
      if (!single.has(name)) place.end = `</${name}>`;
      if (safe) place.link = safe;
    },
    ontext(words) {
      if (!inHidden) write(words);
    },
    onclosetag() {
      const { name, end, link } = open.pop()!;
      if (hidden.has(name)) inHidden--;
      if (name === 'pre') inPre--;
      if (!end) return;
      html.push(end);
      breaks = Math.max(breaks, lines[name] ?? 0);
      if (link !== undefined && text.at(-1) !== link) {
        space = true;
        say(`(${link})`);
      }
    },
  });
  try {
    parser.end(source);
    return { html: html.join(''), text: text.join('') };
  } catch (error) {
    if (!(error instanceof TooDeep)) throw error;
    // A sign that opens nothing must not be followed to the end again and again.
    return { html: undefined, text: unescape(source.replace(/<[^<>]*>/g, ' ')).trim() };
  }
}
