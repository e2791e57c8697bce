// `npm run manifest` writes custom-elements.json: what a page may use of each element, from the docstrings of the classes.

const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
const built = (path) => path.replace(/^\/?src\//, 'dist/').replace(/\.ts$/, '.js');
const isPublic = (member) =>
  !member.name.startsWith('#') &&
  !member.static &&
  !['private', 'protected'].includes(member.privacy) &&
  !member.internal;

function publicPart(element) {
  element.members = element.members?.filter(isPublic).sort((a, b) => byName(a, b));
  element.attributes?.sort(byName);
  // What `@fires` says; the analyser's own guesses from dispatchEvent have no words.
  element.events = element.events?.filter((event) => event.name && event.description).sort(byName);
  element.superclass = { name: 'LitElement', package: 'lit' };
  for (const one of [...(element.members ?? []), ...(element.attributes ?? []), ...(element.events ?? [])]) {
    delete one.inheritedFrom;
    delete one.privacy;
  }
  return element;
}

/** Keeps the elements and nothing else, under the paths of the package. */
const elementsOnly = {
  name: 'elements-only',
  analyzePhase({ ts, node, moduleDoc }) {
    if (!ts.isClassDeclaration(node)) return;
    const found = moduleDoc.declarations?.find((declaration) => declaration.name === node.name?.text);
    for (const member of node.members) {
      if (!ts.getJSDocTags(member).some((tag) => tag.tagName.text === 'internal')) continue;
      const doc = found?.members?.find(({ name }) => name === member.name?.getText());
      if (doc) doc.internal = true;
    }
  },
  packageLinkPhase({ customElementsManifest: manifest }) {
    manifest.modules = manifest.modules
      .flatMap((module) => {
        const element = module.declarations?.find((declaration) => declaration.customElement && declaration.tagName);
        if (!element) return [];
        const { name, tagName } = publicPart(element);
        const path = built(module.path);
        const declaration = { name, module: path };
        return [
          {
            kind: 'javascript-module',
            path,
            declarations: [element],
            exports: [{ kind: 'js', name, declaration }],
          },
          {
            kind: 'javascript-module',
            path: path.replace(/[\w-]+\.js$/, 'define.js'),
            declarations: [],
            exports: [{ kind: 'custom-element-definition', name: tagName, declaration }],
          },
        ];
      })
      .sort((a, b) => byName({ name: a.path }, { name: b.path }));
  },
};

export default {
  globs: ['src/elements/**/*.ts'],
  exclude: ['src/elements/**/*.styles.ts'],
  outdir: '.',
  packagejson: false,
  litelement: true,
  plugins: [elementsOnly],
};
