// What the script tag's files leave out of the libraries they carry: code that nothing here can reach, and that a minifier
// cannot see to be so. Each change is a text that must be there exactly once, so that a new version of a library is noticed.

/** For styles in browsers without constructable style sheets, which no supported one is. */
const sheets = [[/\w\.ShadowRoot&&\(void 0===[^;]+?"replace"in CSSStyleSheet\.prototype/, '!0']];
/** Hooks for polyfills, the list of versions that a warning of Lit's development build reads, and what decorators leave. */
const element = [
  [/,(\w+)=\w+\.reactiveElementPolyfillSupport(?=,)/, ''],
  [/,\w+\?\.\(\{ReactiveElement:\w+\}\),\(\w+\.reactiveElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, ''],
  [/Symbol\.metadata\?\?=Symbol\("metadata"\),\w+\.litPropertyMetadata\?\?=new WeakMap;/, ''],
  [/const (\w+)=this\[Symbol\.metadata\];if\(null!==\1\)\{[^{}]+\}/, ''],
  [/static addInitializer\(\w+\)\{[^{}]+\}/, ''],
  [/void 0!==(\w+)\.l&&\(this\.l=\[\.\.\.\1\.l\]\),/, ''],
  [/,this\.constructor\.l\?\.forEach\((\w+)=>\1\(this\)\)/, ''],
];
const base = [
  [
    /,\w+\.litElementHydrateSupport\?\.\(\{LitElement:\w+\}\);const \w+=\w+\.litElementPolyfillSupport;\w+\?\.\(\{LitElement:\w+\}\);/,
    ';',
  ],
  [/;\(\w+\.litElementVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, ''],
];
/** Templates of SVG and MathML, and values in the place of an attribute or in a comment: no template here has any. */
const templates = [
  [/,(\w+)=\w+\.litHtmlPolyfillSupport;\1\?\.\(\w+,\w+\),\(\w+\.litHtmlVersions\?\?=\[\]\)\.push\("[\d.]+"\)/, ''],
  [/2===(\w+)\?"<svg>":3===\1\?"<math>":""/, '""'],
  [/\+\(2===(\w+)\?"<\/svg>":3===\1\?"<\/math>":""\)/, ''],
  [/if\((this\.el=[^;{}]+),2===(\w+)\|\|3===\2\)\{[^{}]+\}/, '$1;'],
  [/else (\w+)\.startsWith\(\w+\)&&\(\w+\.push\(\{type:6,index:\w+\}\),\w+\.removeAttribute\(\1\)\)/, ''],
  [/:6===\w+\.type&&\(\w+=new \w+\(\w+,this,\w+\)\)/, ':0'],
  [/else\{let \w+=-1;for\([^{}]+\{type:7,[^{}]+\}[^{}]+\}/, ''],
];

const files = [
  ['@lit/reactive-element/css-tag.js', sheets],
  ['@lit/reactive-element/reactive-element.js', element],
  ['lit-element/lit-element.js', base],
  ['lit-html/lit-html.js', templates],
];

/** The code with every change made. */
export function change(code, changes, what) {
  let changed = code;
  for (const [from, to] of changes) {
    if ([...changed.matchAll(new RegExp(from, 'g'))].length !== 1)
      throw new Error(`${what} has changed: ${from} is not there once.`);
    changed = changed.replace(from, to);
  }
  return changed;
}

/** For Vite. */
export const leaveOut = () => ({
  name: 'leave-out',
  enforce: 'pre',
  transform: {
    filter: { id: /\/node_modules\/(?:lit-|@lit\/)/ },
    handler(code, id) {
      const [name, changes] = files.find(([name]) => id.endsWith(`/node_modules/${name}`)) ?? [];
      return changes && { code: change(code, changes, name), map: null };
    },
  },
});
