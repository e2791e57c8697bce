import type { Body } from '../../model.js';
import type { Later } from './later.js';
import type * as sanitising from './sanitise.js';
import type { SanitiseOptions } from './sanitise.js';

/** Characters of one entry that are made into more than plain text. */
const maxLength = 256 * 1024;
/** Links and folded quotes of one entry. */
const maxPieces = 2000;

/**
 * The words of an entry as an element of their own, made once for each body and kept in `drawn`. Text appears at once;
 * HTML as soon as the sanitiser is there, and as bare text where it cannot be had: `change` is then given what fills it.
 */
export function entryBody(
  body: Body,
  drawn: WeakMap<Body, HTMLElement>,
  sanitiser: Pick<Later<typeof sanitising>, 'part' | 'need'>,
  options: SanitiseOptions & Required<Pick<SanitiseOptions, 'change'>>,
): HTMLElement {
  const { value, format } = body;
  const known = drawn.get(body);
  if (known) return known;
  const element = document.createElement('div');
  element.className = `body ${format}`;
  element.setAttribute('part', 'body');
  element.dir = 'auto';
  drawn.set(body, element);
  const fill = (): void => {
    element.removeAttribute('aria-busy');
    try {
      element.replaceChildren(sanitiser.part!.sanitise(value, options));
    } catch {
      // It is not there, or takes nothing.
      element.classList.replace('html', 'text');
      element.replaceChildren(bareText(value));
    }
  };
  if (format !== 'html') element.append(...textNodes(value, options));
  else if (sanitiser.part) fill();
  else {
    element.setAttribute('aria-busy', 'true');
    const ready = (): void => options.change(fill);
    void sanitiser.need().then(ready, ready);
  }
  return element;
}

/** Text without its tags, in linear time, for when there is no sanitiser. It is only ever shown as text. */
export function bareText(html: string): string {
  return html
    .replace(/<(?:br|\/p|\/div|\/li|\/tr)[^<>]*>/gi, '\n')
    .replace(/<[^<>]*>/g, '')
    .replace(/&(lt|gt|quot|nbsp|#39|amp);/g, (entity, name: string) => entities[name] ?? entity)
    .trim();
}
const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  nbsp: ' ',
  '#39': "'",
  amp: '&',
};

/** What was quoted, to be opened. */
export function fold(content: readonly (Node | string)[], { text }: SanitiseOptions): HTMLDetailsElement {
  const details = document.createElement('details');
  const summary = document.createElement('summary');
  summary.textContent = text('Quoted text');
  details.append(summary, ...content);
  return details;
}

/** Lines with addresses made into links; lines that begin with ">" (and the "… wrote:" before them) folded. */
function textNodes(value: string, options: SanitiseOptions): readonly (Node | string)[] {
  if (value.length > maxLength) return [value];
  const nodes: (Node | string)[] = [];
  let plain: string[] = [];
  let quoted: string[] = [];
  const flush = (): void => {
    if (quoted.length) {
      const before = plain.at(-1)?.trim().endsWith(':') ? plain.splice(-1) : [];
      nodes.push(...links(plain.join('\n')), fold(links([...before, ...quoted].join('\n')), options));
      plain = [];
      quoted = [];
    }
  };
  for (const line of value.trim().split(/\r\n|\r|\n/)) {
    if (line.startsWith('>')) quoted.push(line);
    else {
      flush();
      plain.push(line);
    }
  }
  flush();
  nodes.push(...links(plain.join('\n')));
  return nodes.length > maxPieces ? [value] : nodes;
}

function links(text: string): readonly (Node | string)[] {
  const pieces = text.split(/(https?:\/\/[^\s<>"'\u0000-\u001f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+)/i);
  if (pieces.length > maxPieces) return [text];
  return pieces.map((piece, index) => {
    if (index % 2 === 0) return piece;
    const after = piece.includes('(') ? '.,;:!?]' : '.,;:!?])';
    let end = piece.length;
    // Punctuation after an address is the sentence's; a regular expression would take quadratic time here.
    while (after.includes(piece.charAt(end - 1))) end--;
    const address = piece.slice(0, end);
    if (!URL.canParse(address)) return piece;
    const { host, username } = new URL(address);
    const link = document.createElement('a');
    link.href = address;
    link.target = '_blank';
    link.rel = 'noopener noreferrer nofollow ugc';
    // Where the address does not read as what it opens: letters of other scripts, a name before an @.
    link.textContent = username || !address.toLowerCase().includes(host) ? `${address} (${host})` : address;
    const both = document.createDocumentFragment();
    both.append(link, piece.slice(end));
    return both;
  });
}
