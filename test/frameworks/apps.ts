/** Apps of frameworks as their users build them: the package in `node_modules`, imported by its name. */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'puppeteer-core';
import vue from '@vitejs/plugin-vue';
import { compile } from 'svelte/compiler';
import { build, type Plugin, type Rolldown } from 'vite';
import solid from 'vite-plugin-solid';
import { createRelay } from '../../src/relay/index.js';
import { engines as found, html, openSite, root, type Site } from '../loader/site.js';
import { audience, secret, tokenOf } from '../relay/tokens.js';
import { upstreams } from '../relay/upstreams.js';

/** Chromium; Firefox too where the run is to be in it, as `BROWSERS=chrome,firefox` says. */
export const engines = found.filter((name) => (process.env['BROWSERS'] || 'chrome').split(',').includes(name));

/** Where these tests build. As deep as `demo/frameworks`, so that paths in configurations are right. */
export const scratch = join(root, `.cache/frameworks-${process.pid}`);
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }));

let packed: Promise<unknown> | undefined;
/** Builds the package into the `node_modules` of the apps, once, and copies the apps beside it. */
export const prepare = (): Promise<unknown> =>
  (packed ??= (async () => {
    const folder = join(scratch, 'node_modules/helpdesk-elements');
    mkdirSync(folder, { recursive: true });
    cpSync(join(root, 'package.json'), join(folder, 'package.json'));
    // A package of their own, or the name would mean the one that they stand in.
    writeFileSync(join(scratch, 'package.json'), '{ "name": "apps", "private": true, "type": "module" }');
    cpSync(join(root, 'demo/frameworks'), scratch, { recursive: true });
    cpSync(join(root, 'test/frameworks/pages'), join(scratch, 'pages'), { recursive: true });
    await build({ root, logLevel: 'error', build: { outDir: join(folder, 'dist'), sourcemap: false } });
  })());

/** What a build wrote: path → text. */
export type Files = ReadonlyMap<string, string>;

const filesOf = (result: unknown): Files => {
  const outputs = [result].flat() as Rolldown.RolldownOutput[];
  return new Map(
    outputs
      .flatMap(({ output }) => output)
      .map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : String(file.source)] as const),
  );
};

/** Frameworks tell of mistakes in their development builds only. */
const telling = { 'process.env.NODE_ENV': '"development"', __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true' };

const apps = new Map<string, Promise<Files>>();

/** Builds an app of `demo/frameworks` by its own configuration, with `index.html` as its beginning. */
export function buildApp(name: string): Promise<Files> {
  const make = async (): Promise<Files> => {
    await prepare();
    const options = { write: false, modulePreload: false, target: 'es2022', minify: false } as const;
    return filesOf(await build({ root: join(scratch, name), logLevel: 'error', define: telling, build: options }));
  };
  const app = apps.get(name) ?? make();
  apps.set(name, app);
  return app;
}

/** Builds a module for a server and answers what it exports. */
export async function buildServer<T>(entry: string): Promise<T> {
  await prepare();
  const file = join(scratch, entry);
  const outDir = `${file}-server`;
  await build({
    root: dirname(file),
    logLevel: 'error',
    build: { ssr: file, outDir, rolldownOptions: { output: { entryFileNames: 'server.js' } } },
  });
  return (await import(pathToFileURL(join(outDir, 'server.js')).href)) as T;
}

/** Svelte's compiler. */
const svelte: Plugin = {
  name: 'svelte',
  transform: (code, id) =>
    id.endsWith('.svelte')
      ? { ...compile(code, { filename: id, dev: true, css: 'injected' }).js, moduleType: 'js' }
      : undefined,
};

/** Vue's compiler, told what are no components of its own. */
const forVue = vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.includes('-') } } });

/** Builds modules of the scratch folder, each into a page of its own. Solid's compiler would take React's files as well. */
export async function buildPages(entries: readonly string[]): Promise<ReadonlyMap<string, Files>> {
  await prepare();
  const ofSolid = entries.filter((entry) => entry.includes('solid'));
  const others = entries.filter((entry) => !ofSolid.includes(entry));
  const pages = new Map<string, Files>();
  for (const [some, plugins] of [
    [others, [forVue, svelte]],
    [ofSolid, [solid()]],
  ] as const) {
    if (!some.length) continue;
    const names = new Map(some.map((entry) => [entry, entry.replace(/\W+/g, '-')]));
    const files = filesOf(
      await build({
        root: scratch,
        configFile: false,
        logLevel: 'error',
        define: telling,
        plugins: [...plugins],
        build: {
          write: false,
          target: 'es2022',
          modulePreload: false,
          minify: false,
          lib: {
            entry: Object.fromEntries(some.map((entry) => [names.get(entry)!, join(scratch, entry)])),
            formats: ['es'],
            fileName: (_format, name) => `${name}.js`,
          },
        },
      }),
    );
    for (const [entry, name] of names)
      pages.set(
        entry,
        new Map([...files, ['/', html(`<div id="app"></div><script type="module" src="/${name}.js"></script>`)]]),
      );
  }
  return pages;
}

let pages: Promise<ReadonlyMap<string, Files>> | undefined;
/** One of the pages of this folder. They are all built at once. */
export const buildPage = async (name: string): Promise<Files> => {
  const all = readdirSync(join(root, 'test/frameworks/pages')).filter(
    (file) => /\.[jt]sx?$/.test(file) && !/\.d\.ts$|^state\./.test(file),
  );
  pages ??= buildPages(all.map((file) => `pages/${file}`));
  return (await pages).get(`pages/${name}`)!;
};

export interface AppSite extends Site {
  /** Serves these files, and nothing that was served before. */
  serve(files: Files, body?: string): void;
}

/** A site with a relay at `/helpdesk`, whose tokens are at `/helpdesk-token/<who>`. */
export async function openAppSite(): Promise<AppSite> {
  const site = await openSite();
  const plenty = { points: 100_000, seconds: 60 };
  const relay = createRelay({
    backend: upstreams.osticket({ url: `${site.url}/desk`, key: 'k', tokens: {} }),
    identity: { audience, keys: [{ alg: 'HS256', secret }] },
    origins: [site.url],
    basePath: '/helpdesk',
    rates: { reads: plenty, writes: plenty, creates: plenty, downloads: plenty },
    times: { settle: 0 },
    cacheMs: 0,
  });
  const styles = new Map<string, string>();
  site.answer = async (request) => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/helpdesk/')) return relay(request);
    if (pathname.startsWith('/helpdesk-token/')) {
      const token = await tokenOf(pathname.split('/').at(-1)!);
      return Response.json({ token }, { headers: { 'cache-control': 'no-store' } });
    }
    const style = styles.get(pathname);
    return style === undefined ? undefined : new Response(style, { headers: { 'content-type': 'text/css' } });
  };
  return Object.assign(site, {
    serve(files: Files, body?: string) {
      site.pages.clear();
      styles.clear();
      site.log.length = 0;
      for (const [path, text] of files) {
        if (path.endsWith('.css')) styles.set(path, text);
        else site.pages.set(path, text);
      }
      const page = files.get('/') ?? files.get('/index.html')!;
      site.pages.set('/', body === undefined ? page : page.replace('<div id="app">', `<div id="app">${body}`));
    },
  });
}

/** Opens the site's page in a window of its own; the answer ends with everything it complained of. */
export async function openWindow(page: Page): Promise<{ said: string[]; complaints: () => Promise<string[]> }> {
  const said: string[] = [];
  page.setDefaultTimeout(15_000);
  await page.evaluateOnNewDocument('globalThis.__name = (one) => one');
  page.on('pageerror', (error) => said.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) said.push(message.text());
  });
  return {
    said,
    complaints: async () => {
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
      return said;
    },
  };
}
