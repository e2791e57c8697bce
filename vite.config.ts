// `vite build` writes the npm entry points to dist/, one file per source file, so that types, JavaScript and the patterns of
// package.json's `exports` have one layout. `vite build --mode cdn` writes the script tag's file and its lazy chunks to dist/cdn/.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { minifyHTMLLiterals } from 'minify-literals';
import { build, defineConfig, type Plugin } from 'vite';
import { litPolicy } from './scripts/lit-policy.mjs';

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

/** White space and comments only: what an attribute or an entity says is left as it was written. */
const html = {
  decodeEntities: false,
  keepClosingSlash: true,
  minifyJS: false,
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

/** What the script tag fetches: everything, the picker alone, and each back end. */
const parts = (): Record<string, string> => ({
  desk: source('define.ts'),
  picker: source('elements/topic-picker/define.ts'),
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

const shared = { target: 'es2022', emptyOutDir: true, sourcemap: true, reportCompressedSize: false };

const digest = (file: string) => `sha384-${createHash('sha384').update(readFileSync(file)).digest('base64')}`;

/**
 * Writes the script tag's own file after its chunks, with the names of those, so that what is needed is asked for at once
 * and not one behind the other; and `manifest.json`: each file's size and the hash for `integrity`.
 */
function scriptTag(): Plugin {
  let table: Record<string, string[]>;
  return {
    name: 'script-tag',
    apply: 'build',
    generateBundle(_options, bundle) {
      const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
      const importsOf = (file: string) => chunks.find(({ fileName }) => fileName === file)?.imports ?? [];
      const entries = chunks.filter(({ isEntry }) => isEntry);
      // Entries whose modules are all in other chunks are empty: nobody needs to ask for them.
      const empty = entries.filter(({ moduleIds }) => !moduleIds.length).map(({ fileName }) => fileName);
      const filesOf = (entry: string) => [...closure(entry, importsOf)].filter((file) => !empty.includes(file)).sort();
      const all = filesOf(entries.find(({ name }) => name === 'desk')!.fileName);
      table = Object.fromEntries(
        entries.map(({ name, fileName }) => [
          name,
          filesOf(fileName).filter((file) => !backends().includes(name) || !all.includes(file)),
        ]),
      );
      for (const file of empty) for (const name of [file, `${file}.map`]) delete bundle[name];
    },
    async writeBundle({ dir = '' }) {
      await build({
        configFile: false,
        logLevel: 'warn',
        plugins: [minifyTemplates()],
        define: { __FILES__: JSON.stringify(table).replace(/chunks\/([\w-]+)\.js/g, '$1') },
        build: {
          ...shared,
          outDir: dir,
          emptyOutDir: false,
          lib: { entry: source('loader.ts'), formats: ['iife'], name: '_', fileName: () => 'help-desk.js' },
          rolldownOptions: { output: { minify: true } },
        },
      });
      const files = readdirSync(dir, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.js'))
        .map((file) => file.replaceAll('\\', '/'))
        .sort()
        .map((file) => [file, { bytes: statSync(resolve(dir, file)).size, integrity: digest(resolve(dir, file)) }]);
      writeFileSync(resolve(dir, 'manifest.json'), `${JSON.stringify(Object.fromEntries(files), null, 2)}\n`);
    },
  };
}

/** Few files, for few requests: what the picker needs; the rest of the elements, the store and what back ends share. */
function chunkOf(id: string, build: { getModuleInfo(id: string): { importedIds: string[] } | null }) {
  const importsOf = (one: string) => build.getModuleInfo(one)?.importedIds ?? [];
  const needs = (entry: string) => closure(source(entry), importsOf).has(id);
  if (needs('elements/topic-picker/define.ts')) return 'base';
  return needs('define.ts') || needs('backends/http.ts') ? 'elements' : null;
}

export default defineConfig(({ mode }) =>
  mode === 'cdn'
    ? {
        plugins: [minifyTemplates(), litPolicy(), scriptTag()],
        define: { 'process.env.NODE_ENV': '"production"' },
        build: {
          ...shared,
          outDir: 'dist/cdn',
          lib: { entry: parts(), formats: ['es'] },
          rolldownOptions: {
            output: {
              minify: true,
              entryFileNames: 'chunks/[name]-[hash:6].js',
              chunkFileNames: 'chunks/[name]-[hash:6].js',
              codeSplitting: { groups: [{ debugName: 'chunkOf', name: chunkOf }] },
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
