/**
 * Kinds of files: what a name says, what the page says, and what the first bytes say. Where one of them is unknown it
 * says nothing; where two are known they must agree.
 */

/** Types by the endings of names. Other endings say nothing. */
const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  jpe: 'image/jpeg',
  jfif: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heic',
  avif: 'image/avif',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
  svg: 'image/svg+xml',
  pdf: 'application/pdf',
  txt: 'text/plain',
  log: 'text/plain',
  csv: 'text/csv',
  htm: 'text/html',
  html: 'text/html',
  xhtml: 'application/xhtml+xml',
};

/** Other names of the same; what is only said to be bytes says nothing. */
const aliases: Readonly<Record<string, string>> = {
  'image/jpg': 'image/jpeg',
  'image/pjpeg': 'image/jpeg',
  'image/heif': 'image/heic',
  'application/x-pdf': 'application/pdf',
  'application/octet-stream': '',
};

/** How files begin. */
const starts: readonly (readonly [type: string, start: RegExp])[] = [
  ['image/png', /^\x89PNG/],
  ['image/jpeg', /^\xff\xd8\xff/],
  ['image/gif', /^GIF8/],
  ['image/webp', /^RIFF[^]{4}WEBP/],
  ['image/heic', /^[^]{4}ftyp(hei[cfmsx]|hev[cx]|mif1|msf1)/],
  ['image/avif', /^[^]{4}ftypavi[fs]/],
  ['application/pdf', /^%PDF-/],
];

/** Pictures that never begin otherwise. */
const pictures = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];

/** What types have in common that are taken for one another. A drawing can hold a script. */
const families: readonly (readonly [family: string, types: RegExp])[] = [
  ['drawing', /^image\/svg/],
  ['picture', /^image\//],
  ['pdf', /^application\/pdf$/],
  ['page', /^(text\/html|application\/xhtml\+xml)$/],
  ['text', /^text\//],
];
const familyOf = (type = ''): string | undefined => families.find(([, pattern]) => pattern.test(type))?.[0];

const endingOf = (name: string): string => /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? '';

const typeOf = (ending: string): string | undefined => (Object.hasOwn(types, ending) ? types[ending] : undefined);

/** The kinds that a list as of a file field names, e.g. `image/*,.pdf`. */
const kindsOf = (accept = ''): string[] =>
  accept
    .toLowerCase()
    .split(',')
    .map((each) => each.trim())
    .filter(Boolean);

/** Whether this kind has that type. */
const has = (kind: string, type: string): boolean =>
  kind.startsWith('.')
    ? typeOf(kind.slice(1)) === type
    : kind.endsWith('/*')
      ? type.startsWith(kind.slice(0, -1))
      : (aliases[kind] || kind) === type;

/** Whether a file is of a kind that `accept` names, and nothing of it says that it is another. */
export async function accepts(accept: string | undefined, file: File): Promise<boolean> {
  const kinds = kindsOf(accept);
  if (!kinds.length) return true;
  const ending = endingOf(file.name);
  const named = typeOf(ending);
  // Some runtimes add a charset.
  const given = file.type.replace(/;.*/, '');
  const said = aliases[given] ?? given;
  const begun = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  const found = starts.find(([, start]) => start.test(begun))?.[0];
  const byName = kinds.includes(`.${ending}`);
  const type = said || named || found || '';
  if (!byName && !kinds.some((kind) => kind === given || (!kind.startsWith('.') && has(kind, type)))) return false;
  // The endings of pictures and PDFs are known. What is a number, or long, is none.
  const whole = /^(picture|pdf)$/.test(familyOf(type) ?? '') && Object.values(types).includes(type);
  if (!byName && whole && !named && /^[a-z][a-z0-9]{0,4}$/.test(ending)) return false;

  if (new Set([said, named, found].flatMap((type) => familyOf(type) ?? [])).size > 1) return false;
  // One picture may go under the name of another, where that is accepted, too.
  return ![said, named].some((type) => pictures.includes(type ?? '')) || kinds.some((kind) => has(kind, found ?? ''));
}

/** What two lists accept both; empty where neither names anything, undefined where they have nothing in common. */
export function acceptedByBoth(one = '', other = ''): string | undefined {
  const lists = [kindsOf(one), kindsOf(other)] as const;
  if (!lists[0].length || !lists[1].length) return one || other;
  /** An ending is narrower than its type. */
  const within = (kind: string, list: readonly string[]): boolean =>
    list.includes(kind) ||
    list.some(
      (wider) => !wider.startsWith('.') && has(wider, kind.startsWith('.') ? (typeOf(kind.slice(1)) ?? '') : kind),
    );
  const both = [
    ...lists[0].filter((kind) => within(kind, lists[1])),
    ...lists[1].filter((kind) => within(kind, lists[0])),
  ];
  return [...new Set(both)].join() || undefined;
}
