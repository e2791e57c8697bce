// What the desk's file exports, by the names that it has in there: `export{Ct as A,…}` says of each of some sixty names, which
// only our own files know, what it is called outside. That is a hundredth of what a page downloads to show a form.

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
/** A length as source maps write it. */
function vlq(length) {
  let text = '';
  for (let rest = length * 2; ; rest >>= 5) {
    if (rest < 32) return text + digits[rest];
    text += digits[32 + (rest % 32)];
  }
}

/** A file's imports, all of which come first. */
const importsOf = (code) => /^(?:import[^;]*;)*/.exec(code)[0];

/** Exports by their own names what this file exports, and imports it so in the others. */
export function shortExports(bundle, name) {
  const chunks = Object.values(bundle).filter(({ type }) => type === 'chunk');
  const chunk = chunks.find(({ fileName }) => fileName.endsWith(`/${name}.js`));
  const clause = /export\{([^}]*)\};(?=\s*(?:\/\/#.*)?\s*$)/;
  const pairs = clause
    .exec(chunk.code)[1]
    .split(',')
    .map((pair) => pair.split(' as ').reverse());
  const own = new Map(pairs.map(([outside, inside = outside]) => [outside, inside]));
  chunk.code = chunk.code.replace(clause, `export{${[...own.values()].join(',')}};`);
  for (const one of chunks) {
    const before = importsOf(one.code);
    const after = before.replace(new RegExp(`(\\{)([^}]*)(?=\\}from"\\./${name}\\.js")`), (_, brace, names) => {
      const renamed = names.split(',').map((pair) => pair.replace(/^[\w$]+(?= as )/, (outside) => own.get(outside)));
      return brace + renamed.join(',');
    });
    if (after === before) continue;
    one.code = after + one.code.slice(before.length);
    // What follows has moved: the first place in the source map says where it begins, all others how far they are from there.
    const map = bundle[`${one.fileName}.map`];
    const start = `"mappings":"A,${vlq(before.length)}`;
    if (!map) continue;
    if (!map.source.includes(start)) throw new Error(`${one.fileName}: its source map begins otherwise.`);
    map.source = map.source.replace(start, `"mappings":"A,${vlq(after.length)}`);
  }
}
