/** What PHP and osTicket do to text on its way in and out. Recorded on a real osTicket 1.18.1 unless said otherwise. */

/** As `json_encode`: slashes and everything beyond ASCII escaped. */
export function jsonEncode(value: unknown): string {
  return JSON.stringify(value)
    .replace(/\//g, '\\/')
    .replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** As `(int)`: leading digits count, anything else is 0. */
export function intval(value: unknown): number {
  const number = Number.parseInt(String(value ?? ''), 10);
  return Number.isNaN(number) ? 0 : number;
}

/** Emoji are taken out of everything that comes in; joiners stay. */
export function stripEmoji(text: string): string {
  return text.replace(/[\u{1f300}-\u{1faff}\u{2702}-\u{27b0}\u{23d0}-\u{23ff}]/gu, '');
}

/** Bytes of an RFC 2397 address, and the type it names. */
export interface DataUrl {
  readonly type: string;
  readonly bytes: Buffer;
}

/**
 * osTicket's own reading of `data:` addresses, faults included: percent-encoding stays, a charset hides a following
 * `base64`, text without a charset is taken for ISO 8859-1, and anything that begins with `data:` is one.
 */
export function readDataUrl(value: string, isFile: boolean): DataUrl {
  if (!value.startsWith('data:')) return { type: 'text/plain', bytes: Buffer.from(value) };
  const comma = value.indexOf(',');
  const meta = comma < 0 ? value.slice(5) : value.slice(5, comma);
  const data = comma < 0 ? '' : value.slice(comma + 1);
  const cut = meta.indexOf(';');
  const type = (cut < 0 ? meta : meta.slice(0, cut)) || 'text/plain';
  const [name = '', charset = ''] = (cut < 0 ? '' : meta.slice(cut + 1)).split('=');
  const bytes = name === 'base64' ? Buffer.from(data, 'base64') : Buffer.from(data);
  const latin = isFile ? /^iso-8859-1/i.test(charset) : name !== 'charset' || /^iso-8859-1/i.test(charset);
  return { type, bytes: latin ? Buffer.from(bytes.toString('latin1')) : bytes };
}

/** Plain text as it is stored: escaped once, and a word in angle brackets gains a closing tag. */
export function storeText(text: string): string {
  const open = [...text.matchAll(/<([a-z][a-z0-9]*)>/gi)]
    .map((match) => match[1]!)
    .filter((name) => !text.toLowerCase().includes(`</${name.toLowerCase()}>`) && !voids.has(name.toLowerCase()));
  const closing = open.reverse().map((name) => `</${name}>`);
  return escapeText(text + closing.join(''));
}

export function escapeText(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}

const voids = new Set(['area', 'br', 'col', 'hr', 'img', 'source', 'wbr']);
// Gone with everything inside, and gone but for what is inside.
const poisons = /<(script|style|iframe|object|svg|math|noscript|template|title)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi;
const wrappers =
  /^(form|input|button|select|textarea|option|html|head|body|meta|link|base|embed|applet|frame|frameset)$/;
const token = /<(\/?)([a-z][a-z0-9]*)((?:[^>"']|"[^"]*"|'[^']*')*)>|[^<]+|</gi;
const attribute = /([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?/g;

const cleanText = (text: string, keepLines: boolean): string =>
  (keepLines ? text : text.replace(/\s*\n\s*/g, ' '))
    .replace(/&(?!#?\w+;)/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');

function cleanAttributes(source: string): string {
  let kept = '';
  for (const [, name, double, single, bare] of source.matchAll(attribute)) {
    const value = double ?? single ?? bare ?? '';
    if (/^(on|srcdoc|form|action)/i.test(name!)) continue;
    const clean =
      name!.toLowerCase() === 'style' ? value.replace(/position\s*:[^;]*;?|expression\([^)]*\)/gi, '') : value;
    const refused = /^\s*(javascript|vbscript|data):/i.test(clean) && /^(href|src)$/i.test(name!) ? 'denied:' : '';
    kept += ` ${name!.toLowerCase()}="${refused}${clean.replace(/"/g, '&quot;')}"`;
  }
  return kept;
}

/** HTML as it is stored: the worst removed, tags balanced, line breaks outside `pre` turned into spaces. */
export function storeHtml(html: string): string {
  const open: string[] = [];
  let out = '';
  for (const [all, slash, tag, rest] of html
    .replace(/<!--[\s\S]*?-->/g, '')
    .replace(poisons, '')
    .matchAll(token)) {
    const name = tag?.toLowerCase();
    if (!name) out += cleanText(all, open.includes('pre'));
    else if (wrappers.test(name)) continue;
    else if (slash) {
      const at = open.lastIndexOf(name);
      if (at >= 0) for (const left of open.splice(at).reverse()) out += `</${left}>`;
    } else {
      out += `<${name}${cleanAttributes(rest!.replace(/\/\s*$/, ''))}${voids.has(name) ? ' /' : ''}>`;
      if (!voids.has(name)) open.push(name);
    }
  }
  for (const left of open.reverse()) out += `</${left}>`;
  return out.trim();
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ', amp: '&' };

/** An entry's words without their markup, for systems that know plain text only. */
export function plainText(body: string, format: 'text' | 'html'): string {
  const text =
    format === 'text'
      ? body
      : body.replace(/<br\s*\/?>|<\/(p|div|li|tr|h\d|pre|blockquote)>/gi, '\n').replace(/<[^>]*>/g, '');
  return text.replace(/&(lt|gt|quot|#39|nbsp|amp);/g, (_, name: string) => entities[name]!).trim();
}
