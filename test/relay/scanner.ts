/** Finds secrets in what leaves a relay, whatever coding they are in. */

/** Codings a text may be in, each undone; most do nothing to most texts. */
const views: Readonly<Record<string, (text: string) => string>> = {
  plain: (text) => text,
  'URL-encoded': (text) =>
    text.includes('%') || text.includes('+')
      ? text.replace(/\+/g, ' ').replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      : '',
  'JSON-escaped': (text) =>
    text.includes('\\')
      ? text
          .replace(/\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi, (_, four: string, two: string) =>
            String.fromCharCode(parseInt(four ?? two, 16)),
          )
          .replace(/\\(.)/g, '$1')
      : '',
  'HTML-escaped': (text) =>
    text.includes('&#')
      ? text.replace(/&#(x?)([0-9a-f]{1,6});?/gi, (_, hex: string, code: string) =>
          String.fromCharCode(parseInt(code, hex ? 16 : 10)),
        )
      : '',
  'UTF-16': (text) => (text.includes('\0') ? text.replaceAll('\0', '') : ''),
};

/** The parts of base64 that a text has wherever it stands: for each of three places, in both alphabets. */
function inBase64(text: string): string[] {
  return [0, 1, 2].flatMap((before) => {
    const all = Buffer.concat([Buffer.alloc(before), Buffer.from(text)]).toString('base64');
    // Signs at either end share bits with what stands beside.
    const inner = all.replace(/=+$/, '').slice(Math.ceil((before * 8) / 6), -1);
    return [inner, inner.replaceAll('+', '-').replaceAll('/', '_')];
  });
}

/** Names the codings in which a text holds one of the secrets. */
export function createScanner(...secrets: readonly string[]): (text: string) => string[] {
  const words = secrets.map((each) => each.toLowerCase());
  const backwards = words.map((each) => [...each].reverse().join(''));
  const hex = secrets.flatMap((each) => {
    const two = Buffer.from(each).toString('hex');
    return [two, two.replace(/..(?!$)/g, '$& '), two.replace(/..(?!$)/g, '$&:')];
  });
  const sixtyFour = secrets.flatMap(inBase64);
  return (text) => {
    const found = new Set<string>();
    for (const [name, undo] of Object.entries(views)) {
      let seen = text;
      // Also what was coded twice.
      for (let depth = 0; depth < 2; depth++) {
        seen = undo(seen);
        if (!seen) break;
        const lower = seen.toLowerCase();
        if (words.some((each) => lower.includes(each))) found.add(name);
        if (backwards.some((each) => lower.includes(each))) found.add('reversed');
        if (hex.some((each) => lower.includes(each))) found.add('hex');
        if (sixtyFour.some((each) => seen.includes(each))) found.add('base64');
      }
    }
    const joined = /[A-Za-z0-9+/]\r?\n[A-Za-z0-9+/]/.test(text) ? text.replace(/\r?\n/g, '') : '';
    if (joined && sixtyFour.some((each) => joined.includes(each))) found.add('base64');
    return [...found];
  };
}
