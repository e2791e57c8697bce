// `vite build` writes the npm entry points to dist/, one file per source file, so that types, JavaScript and the patterns of
// package.json's `exports` have one layout. `vite build --mode cdn` writes the script tag's file and its lazy chunks to dist/cdn/.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { minifyHTMLLiterals } from 'minify-literals';
import { minify } from 'terser';
import { build, defineConfig, type Plugin } from 'vite';
import { leaveOut } from './scripts/leave-out.mjs';
import { licencesFile } from './scripts/licences.mjs';
import { litPolicy } from './scripts/lit-policy.mjs';
import { terser } from './scripts/terser.mjs';

const source = (path: string) => resolve(import.meta.dirname, 'src', path);
const list = (path: string) => (existsSync(source(path)) ? readdirSync(source(path), { withFileTypes: true }) : []);

/** The back ends that `backend="…"` knows without the page's doing: those that can be loaded when asked for. */
const backends = () =>
  [...readFileSync(source('backends/all.ts'), 'utf8').matchAll(/import\('\.\/([\w-]+)\.js'\)/g)].map(
    ([, name]) => name!,
  );

/** The public entry points, found by looking: one per element and its registration, one per back end. */
function entries(): Record<string, string> {
  const names = [
    'index',
    'define',
    'testing',
    'react',
    'vue',
    'relay/index',
    'relay/main',
    'relay/token',
    ...list('elements')
      .filter((entry) => entry.isDirectory())
      .flatMap(({ name }) => [`elements/${name}/${name}`, `elements/${name}/define`]),
    ...list('backends')
      .filter((entry) => entry.isFile())
      .map(({ name }) => `backends/${name.replace(/\.ts$/, '')}`),
  ];
  return Object.fromEntries(
    names.map((name) => [name, source(`${name}.ts`)] as const).filter(([, file]) => existsSync(file)),
  );
}

/** White space, comments and quotes: what an attribute or an entity says is left as it was written. */
const html = {
  decodeEntities: false,
  keepClosingSlash: false,
  minifyJS: false,
  removeAttributeQuotes: true,
  removeDefaultTypeAttributes: false,
  removeEmptyAttributes: false,
};

/** Takes the white space out of the templates, before TypeScript is compiled. */
const minifyTemplates = (): Plugin => ({
  name: 'minify-templates',
  apply: 'build',
  enforce: 'pre',
  transform: {
    filter: { id: /\/src\/.*\.ts$/ },
    async handler(code, id) {
      // A space at the beginning of a template is part of a sentence; the minifier would take it for layout.
      const kept = code.replace(/\bhtml` (?=\S)/g, 'html`&#32;');
      const result = await minifyHTMLLiterals(kept, { fileName: id, html });
      return result && { code: result.code, map: result.map?.toString() ?? null };
    },
  },
});

/**
 * What other pages' bundles load beside their first data, or not at all: in the script tag's files it is where it is
 * wanted, without a request of its own.
 */
const beside =
  /await import\('(\.\.?\/(?:[\w-]+\/)*(?:answering|file-field|tickets|topic-picker\/define|[\w-]+-(?:read|token))\.js)'\)/g;
const atOnce = (): Plugin => ({
  name: 'at-once',
  apply: 'build',
  enforce: 'pre',
  // What only waits for something is left out altogether.
  resolveId: { filter: { id: /\/late-panel\.js$/ }, handler: () => source('elements/help-desk/panel.ts') },
  transform: {
    filter: { id: /\/src\/.*\.ts$/, code: beside },
    handler(code) {
      const files: string[] = [];
      const without = code.replace(beside, (_, file: string) => `atOnce${files.push(file)}`);
      return {
        code: without + files.map((file, at) => `import * as atOnce${at + 1} from '${file}';`).join(''),
        map: null,
      };
    },
  },
});

/** What is shown in a desk, each loaded when it is. */
const views = ['ticket-form', 'ticket-list', 'ticket-thread'];
const defining = (tag: string) => `elements/${tag}/define.ts`;

/** What the script tag fetches beside the picker: the desk, what it shows, and each back end. */
const parts = (): Record<string, string> => ({
  ...Object.fromEntries(['help-desk', ...views].map((tag) => [tag, source(defining(tag))])),
  ...Object.fromEntries(backends().map((name) => [name, source(`backends/${name}.ts`)])),
});

/** Every module that one imports at once, itself included. */
function closure(id: string, importsOf: (id: string) => readonly string[], seen: Set<string> = new Set()): Set<string> {
  if (!seen.has(id)) {
    seen.add(id);
    for (const next of importsOf(id)) closure(next, importsOf, seen);
  }
  return seen;
}

/** Of the script tag's files: the maps are there for who asks for them, without a line in each file that names one. */
const nameless = { sourcemap: 'hidden' } as const;
const shared = { target: 'es2022', emptyOutDir: true, sourcemap: true, reportCompressedSize: false };

const digest = (file: string) => `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`;
/** The script files below a folder, in order, by paths with slashes. */
const scripts = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.replaceAll('\\', '/'))
    .sort();

/** What an empty entry is called: as long as the name of its chunk, so that source maps stay right. */
const standIn = (name: string) => `_${name.slice(1)}`;

/** Where the chunks are written before what is in all of them gives their folder its name. */
const unnamed = 'chunks/_';

/** In the smallest script each byte counts: what only marked its styles for the minifier goes. */
const unmarkStyles = (): Plugin => ({
  name: 'unmark-styles',
  generateBundle(_options, bundle) {
    for (const one of Object.values(bundle))
      if (one.type === 'chunk') one.code = one.code.replaceAll('(0,String.raw)`', '`');
  },
});

/**
 * One of the two small scripts that are built apart: that of the tag, and the picker for pages without a desk.
 */
const small = (outDir: string, name: string, lib: object, define: Record<string, string>) =>
  build({
    configFile: false,
    logLevel: 'warn',
    plugins: [minifyTemplates(), leaveOut(), litPolicy(), unmarkStyles()],
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    build: {
      ...shared,
      ...nameless,
      outDir,
      emptyOutDir: false,
      lib: { name: '_', fileName: () => name, ...lib },
      rolldownOptions: { output: { minify: true, codeSplitting: false } },
    },
  });

/** What the bundler has minified, once more: another minifier still finds a hundredth. */
const minifyAgain = (): Plugin => ({
  name: 'minify-again',
  apply: 'build',
  async generateBundle(_options, bundle) {
    for (const one of Object.values(bundle)) {
      if (one.type !== 'chunk' || !one.map) continue;
      const map = bundle[`${one.fileName}.map`];
      const made = await minify(one.code, {
        ...terser,
        sourceMap: { content: one.map.toString() },
      });
      one.code = made.code!;
      if (map?.type === 'asset') map.source = made.map as string;
    }
  },
});

/**
 * Names the chunks' folder by what is in it, so that they can be cached for ever and the script tag's own file, written
 * after them, needs to know no more than that; and writes `manifest.json`: each file's size and the hash for `integrity`.
 */
function scriptTag(): Plugin {
  return {
    name: 'script-tag',
    apply: 'build',
    generateBundle(_options, bundle) {
      // Entries of which all is in a chunk of the same name: that is asked for in their place.
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      for (const { name, fileName, moduleIds } of chunks.filter(({ isEntry }) => isEntry)) {
        if (moduleIds.length) continue;
        for (const file of [fileName, `${fileName}.map`]) delete bundle[file];
        for (const one of chunks) one.code = one.code.replaceAll(`./${standIn(name)}.js`, `./${name}.js`);
      }
    },
    async writeBundle({ dir = '' }) {
      const folder = resolve(dir, unnamed);
      await small(folder, 'topic-picker.js', { entry: source('elements/topic-picker/define.ts'), formats: ['es'] }, {});
      const hash = createHash('sha256');
      for (const file of scripts(folder)) hash.update(file).update(readFileSync(resolve(folder, file)));
      const named = `chunks/${hash.digest('hex').slice(0, 6)}`;
      renameSync(folder, resolve(dir, named));
      await small(
        dir,
        'help-desk.js',
        { entry: source('loader.ts'), formats: ['iife'] },
        {
          __CHUNKS__: JSON.stringify(named),
          __SYSTEMS__: JSON.stringify(backends().filter((name) => name !== 'relay')),
        },
      );
      const files = scripts(dir).map((file) => [
        file,
        { bytes: statSync(resolve(dir, file)).size, integrity: digest(resolve(dir, file)) },
      ]);
      writeFileSync(resolve(dir, 'manifest.json'), `${JSON.stringify(Object.fromEntries(files), null, 2)}\n`);
    },
  };
}

/**
 * Few files, for few requests, and none with much that is not needed where it is: the desk with its store and what
 * elements and back ends share; and each view. What the form and another view have in common is the desk's, what the list
 * and the thread have in common the list's: a desk that shows tickets shows a list. What several ticket systems need is
 * fetched at once with each of them; what the relay writes with, with what the store does.
 */
function chunkOf(id: string, build: { getModuleInfo(id: string): { importedIds: string[] } | null }) {
  const importsOf = (one: string) => build.getModuleInfo(one)?.importedIds ?? [];
  const needs = (entry: string) => closure(source(entry), importsOf).has(id);
  const [form, list, thread] = views.map((view) => needs(defining(view)));
  const systems = backends().filter((name) => needs(`backends/${name}.ts`));
  const shared = systems.length > 1;
  if (needs(defining('help-desk')) || (shared && systems.includes('relay')) || (form && (list || thread)))
    return 'help-desk';
  if (list) return 'ticket-list';
  if (form || thread) return form ? 'ticket-form' : 'ticket-thread';
  if (shared) return 'systems';
  return ['store/activity.ts', 'backends/relay-write.ts'].some(needs) ? 'activity' : null;
}

export default defineConfig(({ mode }) =>
  mode === 'cdn'
    ? {
        plugins: [minifyTemplates(), atOnce(), leaveOut(), litPolicy(), licencesFile(), minifyAgain(), scriptTag()],
        define: { 'process.env.NODE_ENV': '"production"' },
        build: {
          ...shared,
          ...nameless,
          outDir: 'dist/cdn',
          lib: { entry: parts(), formats: ['es'] },
          rolldownOptions: {
            // `chunkOf` says it of each file.
            preserveEntrySignatures: 'allow-extension',
            output: {
              minify: true,
              // What tells a bundler that a call may go: there is none after this.
              comments: { annotation: false },
              entryFileNames: ({ name, moduleIds }) => `${unnamed}/${moduleIds.length ? name : standIn(name)}.js`,
              chunkFileNames: `${unnamed}/[name].js`,
              codeSplitting: {
                includeDependenciesRecursively: false,
                groups: [{ debugName: 'chunkOf', name: chunkOf }],
              },
            },
          },
        },
      }
    : {
        plugins: [minifyTemplates()],
        build: {
          ...shared,
          outDir: 'dist',
          lib: { entry: entries(), formats: ['es'] },
          rolldownOptions: {
            // Everything that is not ours stays an import.
            external: (id: string) => !/^[.\0]/.test(id) && !isAbsolute(id),
            output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js', minify: false },
          },
        },
      },
);
