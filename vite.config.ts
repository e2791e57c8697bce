// `vite build` writes the npm entry points to dist/, one file per source file, so that types, JavaScript and the patterns of
// package.json's `exports` have one layout. `vite build --mode cdn` writes the script tag's file and its lazy chunks to dist/cdn/.
import { existsSync, readdirSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { minifyHTMLLiterals } from 'minify-literals';
import { defineConfig, type Plugin } from 'vite';

const source = (path: string) => resolve(import.meta.dirname, 'src', path);
const list = (path: string) => (existsSync(source(path)) ? readdirSync(source(path), { withFileTypes: true }) : []);

/** The public entry points, found by looking: one per element and its registration, one per back end. */
function entries(): Record<string, string> {
  const names = [
    'index',
    'define',
    'testing',
    'react',
    'relay/index',
    'relay/main',
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

export default defineConfig(({ mode }) => {
  const cdn = mode === 'cdn';
  const start = ['loader', 'define', 'index'].map((name) => source(`${name}.ts`)).find((file) => existsSync(file))!;
  return {
    plugins: [minifyTemplates()],
    define: cdn ? { 'process.env.NODE_ENV': '"production"' } : {},
    build: {
      target: 'es2022',
      outDir: cdn ? 'dist/cdn' : 'dist',
      emptyOutDir: true,
      sourcemap: true,
      reportCompressedSize: false,
      lib: { entry: cdn ? { 'help-desk': start } : entries(), formats: ['es'] },
      rolldownOptions: cdn
        ? { output: { minify: true, chunkFileNames: 'chunks/[name]-[hash].js' } }
        : {
            // Everything that is not ours stays an import.
            external: (id: string) => !/^[.\0]/.test(id) && !isAbsolute(id),
            output: { preserveModules: true, preserveModulesRoot: 'src', entryFileNames: '[name].js', minify: false },
          },
    },
  };
});
