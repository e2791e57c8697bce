/**
 * HTML of a ticket as nodes. Loaded only when an entry has HTML. Nothing is turned back into a string, so there is no
 * second parse; nothing is fetched before the person asks for it.
 */
import createPurifier, { type Config, type DOMPurify } from 'dompurify';
import { bareText, fold } from './entry-body.js';
import { policy, refusal, tellRefusal } from './policy.js';

export { styles } from './sanitise.styles.js';

/** What surrounds the content: words in the element's language and a way to images that hang on the ticket. */
export interface SanitiseOptions {
  readonly text: (english: string, values?: Readonly<Record<string, string>>) => string;
  /** Address (`blob:`) of an image of this ticket by its `cid`, or undefined. */
  readonly image?: (cid: string) => Promise<string | undefined>;
  /** Does what changes the height of the content later. */
  readonly change?: (fill: () => void) => void;
}

const tags =
  'a abbr b bdi bdo blockquote br caption cite code col colgroup dd del dfn div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strong sub sup table tbody td tfoot th thead time tr u ul var wbr';
const addresses = ['href', 'src'];
const plain = 'title alt width height colspan rowspan dir lang start datetime'.split(' ');
const config: Config = {
  ALLOWED_TAGS: tags.split(' '),
  ALLOWED_ATTR: [...addresses, ...plain],
  // Without this every value would have to look like an address.
  ADD_URI_SAFE_ATTR: plain,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  ALLOWED_URI_REGEXP: /^(?:https?:\/\/|mailto:|tel:|cid:)/i,
  FORBID_CONTENTS: [
    'script',
    'style',
    'template',
    'title',
    'textarea',
    'select',
    'noscript',
    'iframe',
    'object',
    'svg',
    'math',
  ],
  RETURN_DOM_FRAGMENT: true,
};

const maxLength = 256 * 1024;
/** With the pictures inside: beyond this they are left out, and the words stay. */
const maxWithImages = 4 * maxLength;
const insideImages = /(\ssrc=["']?)data:image\/\w+;base64,[\w+/=]+/gi;
/** What is no words. An end that is missing is the end of all, so that nothing is looked through twice. */
const noWords = /<!--[^]*?(?:-->|$)|<(style|script|title)\b[^]*?(?:<\/\1[^<>]*>|$)/gi;
const maxNodes = 5000;
const maxDepth = 100;
const imageTypes: readonly (readonly [string, RegExp])[] = [
  ['png', /^iVBORw0KGgo/],
  ['jpeg', /^\/9j\//],
  ['gif', /^R0lGOD/],
  ['webp', /^UklGR.{6,8}V0VCU/],
  // Four bytes before it say a length: they do not end where a character does.
  ['avif', /^.{5}[GWm2]Z0eXBhdml[mz]/],
];

let purifier: DOMPurify | undefined;

function make(): DOMPurify {
  const made = createPurifier(window);
  // Before the nodes leave their inert document: afterwards an image would be fetched at once.
  made.addHook('afterSanitizeAttributes', (node) => {
    if (node.nodeName === 'IMG') {
      node.setAttribute('data-source', node.getAttribute('src') ?? '');
      node.removeAttribute('src');
    }
  });
  return made;
}

/**
 * The content as nodes that cannot run, overlay, submit or fetch anything; plain text where it is too large to be drawn
 * safely. Throws where it cannot be parsed, or not safely.
 */
export function sanitise(html: string, options: SanitiseOptions): DocumentFragment {
  tellRefusal();
  if (refusal || explodes(html)) throw refusal ?? new RangeError();
  const words = html.length > maxLength ? html.replace(insideImages, '$1') : html;
  if (words.length > maxLength) return beginning(words, options);
  purifier ??= make();
  const fragment = purifier.sanitize(html.length > maxWithImages ? words : html, {
    ...config,
    // Never one that the purifier would make for itself.
    TRUSTED_TYPES_POLICY: (policy ?? null) as Exclude<Config['TRUSTED_TYPES_POLICY'], undefined>,
  }) as unknown as DocumentFragment | null;
  if (!fragment) throw new TypeError();
  if (fragment.querySelectorAll('*').length > maxNodes || isTooDeep(fragment)) {
    fragment.replaceChildren(bare(words));
    return fragment;
  }
  for (const image of fragment.querySelectorAll('img')) replaceImage(image, options);
  for (const link of fragment.querySelectorAll('a')) makeLinkHonest(link);
  foldQuotes(fragment, options);
  return fragment;
}

/** Words without anything around them. */
function bare(html: string): HTMLElement {
  const element = document.createElement('div');
  element.className = 'bare';
  element.textContent = bareText(html.replace(noWords, ''));
  return element;
}

/** So much of a very long message that it can be read, and a way to the rest. */
function beginning(html: string, { text, change = (fill) => fill() }: SanitiseOptions): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const shown = bare(html.slice(0, maxLength).replace(/<[^<>]*$/, ''));
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text('Open full message');
  button.addEventListener('click', () =>
    change(() => {
      const whole = bare(html);
      shown.replaceWith(whole);
      button.remove();
      whole.tabIndex = -1;
      whole.focus({ preventScroll: true });
    }),
  );
  shown.append(' …');
  fragment.append(shown, button);
  return fragment;
}

function foldQuotes(fragment: DocumentFragment, options: SanitiseOptions): void {
  for (const quote of fragment.querySelectorAll('blockquote')) {
    if (quote.parentElement?.closest('blockquote')) continue;
    const folded = fold([], options);
    quote.replaceWith(folded);
    folded.append(quote);
  }
}

/** True where the parser would make far more nodes than there are tags: it repeats open formatting in each new block. */
function explodes(html: string): boolean {
  const open = new Map<string, number>();
  let total = 0;
  for (const [, end, name = ''] of html.matchAll(
    /<(\/?)(a|b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)\b/gi,
  )) {
    const tag = name.toLowerCase();
    const count = open.get(tag) ?? 0;
    if (end && !count) continue;
    open.set(tag, count + (end ? -1 : 1));
    total += end ? -1 : 1;
    if (total > maxDepth) return true;
  }
  return false;
}

function isTooDeep(fragment: DocumentFragment): boolean {
  let level: Element[] = [...fragment.children];
  for (let depth = 0; depth < maxDepth && level.length; depth++) level = level.flatMap(({ children }) => [...children]);
  return !!level.length;
}

/** Opens elsewhere, tells nothing about this page, and shows its true host where the words name another. */
function makeLinkHonest(link: HTMLAnchorElement): void {
  const address = link.getAttribute('href');
  if (!address || /^cid:/i.test(address) || !URL.canParse(address)) return link.removeAttribute('href');
  link.target = '_blank';
  link.rel = 'noopener noreferrer nofollow ugc';
  const { host } = new URL(address);
  // As it is read: without what nobody sees, and with one kind of dot.
  const words = (link.textContent ?? '')
    .slice(0, 2000)
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\u3002/g, '.');
  if (!words.trim()) link.append(host || address);
  const named = words.toLowerCase().match(/([\p{L}\d-]+\.)+\p{L}{2,}|(\d{1,3}\.){3}\d{1,3}/gu) ?? [];
  if (!host || !named.some((name) => name !== host)) return;
  // The words before it may turn the direction of what follows.
  const isolated = document.createElement('bdi');
  isolated.textContent = `(${host})`;
  link.append(' ', isolated);
}

function replaceImage(image: HTMLImageElement, { text, image: find, change }: SanitiseOptions): void {
  const source = image.getAttribute('data-source') ?? '';
  image.removeAttribute('data-source');
  image.alt ||= text('Image');
  // A picture of one point is there to tell its sender that it was looked at.
  if (['width', 'height'].some((side) => ['0', '1'].includes(image.getAttribute(side) ?? ''))) return image.remove();
  if (isSafeImageData(source)) {
    image.src = source;
    return;
  }
  const place = document.createElement('bdi');
  place.className = 'image';
  place.textContent = `[${image.alt}]`;
  image.replaceWith(place);
  if (/^cid:/i.test(source)) {
    void find?.(source.slice(4)).then(
      (address) => {
        if (!address) return;
        // It comes from an inert document, where nothing is decoded.
        document.adoptNode(image);
        image.src = address;
        const put = (): void => place.replaceWith(image);
        if (!change) return put();
        void image.decode().then(
          () => change(put),
          () => undefined,
        );
      },
      () => undefined,
    );
  } else if (/^https?:/i.test(source) && URL.canParse(source)) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text('Show image from {host}', { host: new URL(source).host });
    button.addEventListener('click', () => {
      image.referrerPolicy = 'no-referrer';
      image.src = source;
      place.replaceWith(image);
      image.tabIndex = -1;
      image.focus({ preventScroll: true });
      button.remove();
    });
    // Nothing that can be pressed may stand in a link.
    (place.closest('a') ?? place).after(' ', button);
  }
}

/** Images that travel inside the message: known formats by their first bytes, at most 256 kB, never SVG. */
function isSafeImageData(source: string): boolean {
  const found = /^data:image\/(png|jpeg|gif|webp|avif);base64,/.exec(source);
  return (
    !!found &&
    source.length < maxLength * 1.4 &&
    imageTypes.some(
      ([type, start]) => type === found[1] && start.test(source.slice(found[0].length, found[0].length + 40)),
    )
  );
}
