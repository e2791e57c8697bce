/** The configurator: every snippet that it can make, pasted into a page with nothing else in it, works as it says. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import vue from '@vitejs/plugin-vue';
import { build, type InlineConfig, type Rolldown } from 'vite';
import { menu } from '../../demo/layout.js';
import { backends, choices, parts, settle, type Choices, type Part } from '../../demo/pages/snippet.js';
import { colours, themes } from '../../demo/pages/themes.js';
import { variables } from '../../src/relay/config.js';
import { find, openBrowser, openPage, root, shows, startDemo, type, wait } from './demo.js';

const folder = join(root, `.cache/snippets-${process.pid}`);
const keys = (name: keyof typeof choices): string[] => Object.keys(choices[name]);

/** Who is there × ticket system × as what × way in: all of them. Corner, look and words go round, so that each is among them. */
const all: readonly Choices[] = keys('way')
  .filter((way) => way !== 'iframe')
  .flatMap((way) =>
    Object.entries(backends).flatMap(([backend, { signIn }]) =>
      signIn.flatMap((who) => keys('form').map((form) => ({ way, backend, signIn: who, form }))),
    ),
  )
  .map((chosen, at) =>
    settle({
      ...chosen,
      placement: keys('placement')[(at >> 1) % 4]!,
      look: keys('look')[at % keys('look').length]!,
      label: ['', 'Questions?', 'Say "hi" & <b>ask</b>'][at % 3]!,
    }),
  );

const titleOf = ({ way, form, backend, signIn }: Choices): string => `${way}, ${form}, ${backend}, ${signIn}`;
const person = { email: 'jane@example.test', name: 'Jane Doe' };

/** The package by its names, as it is written now. */
const alias = [
  { find: /^helpdesk-elements\/(define|react)$/, replacement: `${root}/src/$1.ts` },
  { find: /^helpdesk-elements\/token$/, replacement: `${root}/src/relay/token.ts` },
  { find: /^helpdesk-elements\/((?:backends|elements)\/.+)$/, replacement: `${root}/src/$1.ts` },
  { find: /^helpdesk-elements$/, replacement: `${root}/src/index.ts` },
];

interface Built {
  /** Path → text of what a build has made. */
  readonly files: Map<string, string>;
  /** Files of an entry, scripts and styles. */
  readonly of: Map<string, { readonly script: string; readonly styles: readonly string[] }>;
}

/** The snippets of React, Vue and bundles, each an app of its own, built as their configuration says. */
async function buildAll(): Promise<Built> {
  const input: Record<string, string> = {};
  const put = (path: string, code: string): string => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
    return join(folder, path);
  };
  let config = '';
  all.forEach((chosen, at) => {
    const own = `app-${at}`;
    const files = parts(chosen);
    const later = chosen.signIn === 'later';
    const entries: Readonly<Record<string, () => [string, string]>> = {
      react: () => [
        'main.tsx',
        `import { createRoot } from 'react-dom/client';\nimport { Help } from './help';\ncreateRoot(document.querySelector('#app')!).render(<Help ${later ? `person={${JSON.stringify(person)}}` : ''} />);\n`,
      ],
      vue: () => [
        'main.js',
        `import { createApp } from 'vue';\nimport Help from './help.vue';\ncreateApp(Help${later ? `, { person: ${JSON.stringify(person)} }` : ''}).mount('#app');\n`,
      ],
      bundle: () => ['main.js', files.find(({ file }) => file === 'main.js')!.code],
    };
    if (!entries[chosen.way]) return;
    for (const { file, code } of files) put(`${own}/${file}`, code);
    const [name, code] = entries[chosen.way]!();
    input[own] = put(`${own}/${name}`, code);
    config ||= files.some(({ file }) => file === 'vite.config.js') ? join(folder, own, 'vite.config.js') : '';
  });
  const { default: told } = (await import(pathToFileURL(config).href)) as { default: InlineConfig };
  const output = (await build({
    ...told,
    root: folder,
    configFile: false,
    logLevel: 'error',
    base: '/blank/',
    define: { 'process.env.NODE_ENV': '"production"' },
    resolve: { alias },
    build: { write: false, minify: false, target: 'es2022', rolldownOptions: { input } },
  })) as Rolldown.RolldownOutput;
  const built: Built = { files: new Map(), of: new Map() };
  for (const file of output.output) {
    built.files.set(`/blank/${file.fileName}`, file.type === 'chunk' ? file.code : String(file.source));
    if (file.type !== 'chunk' || !file.isEntry) continue;
    const { viteMetadata } = file as unknown as { viteMetadata?: { importedCss: Set<string> } };
    built.of.set(file.name, {
      script: `/blank/${file.fileName}`,
      styles: [...(viteMetadata?.importedCss ?? [])].map((css) => `/blank/${css}`),
    });
  }
  return built;
}

let browser: Browser;
let demo: Awaited<ReturnType<typeof startDemo>>;
let built: Built;

describe('snippets', () => {
  before(async function () {
    this.timeout(120_000);
    demo = await startDemo();
    [browser, built] = await Promise.all([openBrowser(), buildAll()]);
    const lanes = [0, 1, 2].map(() => Promise.resolve<unknown>(undefined));
    all.forEach((chosen, at) => {
      const before = lanes[at % lanes.length]!;
      tried[at] = lanes[at % lanes.length] = before.then(() =>
        tryOut(chosen, at).then(
          () => undefined,
          (error: unknown) => error,
        ),
      );
    });
  });
  after(async () => {
    await Promise.all(tried);
    await browser?.close();
    await demo?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const empty =
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
    '<title>Blank</title><link rel="icon" href="data:,"></head><body>{}</body></html>';

  /** A page with these files of a snippet in it and nothing else. */
  function blank(chosen: Choices, at: number, files: readonly Part[]): string {
    const app = built.of.get(`app-${at}`);
    const html = app
      ? `${app.styles.map((href) => `<link rel="stylesheet" href="${href}">`).join('')}<div id="app"></div>` +
        `${chosen.way === 'bundle' ? files.find(({ file }) => file === 'page.html')!.code : ''}` +
        `<script type="module" src="${app.script}"></script>`
      : files.map(({ code }) => code).join('\n');
    return empty.replace('{}', () => html);
  }

  /** Opens the blank page; the demo behind it answers everything else. */
  async function paste(html: string): Promise<{ page: Page; complaints: () => Promise<string[]> }> {
    const { page, complaints } = await openPage(browser);
    await page.setViewport({ width: 1000, height: 800 });
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const { pathname } = new URL(request.url());
      const body = pathname === '/blank/' ? html : built.files.get(pathname);
      const contentType = /\.(js|css)$/.exec(pathname)?.[1]?.replace('js', 'javascript') ?? 'html';
      void (body === undefined
        ? request.continue()
        : request.respond({ body, contentType: `text/${contentType}; charset=utf-8` }));
    });
    await page.goto(`${demo.url}blank/`);
    return { page, complaints };
  }

  /** Pastes a snippet, uses it as a person does, and looks whether it is as it was chosen to be. */
  async function tryOut(chosen: Choices, at: number): Promise<void> {
    const { form, signIn, label, placement, look } = chosen;
    const { page, complaints } = await paste(blank(chosen, at, parts(chosen)));
    if (form === 'launcher') {
      const button = await find(page, 'button', label || 'Help');
      const { x, y, width } = (await button.boundingBox())!;
      expect([y > 400 ? 'bottom' : 'top', x + width / 2 > 500 ? 'end' : 'start'].join('-')).to.equal(placement);
      await button.click();
    }
    if (signIn === 'guest') {
      await type(page, 'Your email', `guest-${at}@example.test`);
      await type(page, 'Your name', 'A guest');
      await type(page, 'Subject', `From ${titleOf(chosen)}`);
      await type(page, 'Message', 'Does it arrive?');
      await (await find(page, 'button', 'Send')).evaluate((button) => button.click());
      await shows(page, 'Your ticket was sent.');
    } else {
      await wait(page, '>>> [part~=item]');
    }
    const accent = await page.$eval('help-desk', (desk) =>
      getComputedStyle(desk).getPropertyValue('--help-desk-accent').replace(/\s/g, ''),
    );
    const [day, night] = themes[look]!['accent'] ?? [];
    const own = day === night ? day : `light-dark(${day},${night})`;
    // A build may write a colour in fewer signs.
    const short = (colour = ''): string => colour.replace(/#(.)\1(.)\2(.)\3\b/g, '#$1$2$3');
    expect(short(accent)).to.equal(short(themes[look]!['accent'] ? own : ''));
    expect(await complaints()).to.deep.equal([]);
    await page.browserContext().close();
  }

  /** What came of each: several at a time, since each waits most of the time. */
  const tried: Promise<unknown>[] = [];

  describe('the configurator', function () {
    this.timeout(60_000);

    it('can make so many snippets, and each choice is among those tried', () => {
      expect(all.length).to.equal(5 * 11 * 2);
      for (const name of ['way', 'form', 'backend', 'signIn', 'placement', 'look'] as const)
        expect(new Set(all.map((one) => one[name])), name).to.deep.equal(
          new Set(keys(name).filter((value) => value !== 'iframe')),
        );
    });

    all.forEach((chosen, at) => {
      it(`makes what works: ${titleOf(chosen)}`, async () => {
        const problem = await tried[at];
        if (problem instanceof Error) throw problem;
      });
    });

    it('makes a frame that shows the help desk, and grows with it where scripts are taken', async () => {
      const [frame, script] = parts({ way: 'iframe' });
      const shown = async (page: Page): Promise<void> => {
        const end = Date.now() + 8000;
        while (
          !(await page
            .frames()[1]
            ?.$('>>> [part~=item]')
            .catch(() => null))
        ) {
          if (Date.now() > end) throw new Error('Nothing in the frame');
          await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
        }
      };
      for (const code of [frame!.code, frame!.code + script!.code]) {
        const { page, complaints } = await paste(empty.replace('{}', code));
        await shown(page);
        if (code.includes('embed.js'))
          await page.waitForFunction(() => parseFloat(document.querySelector('iframe')!.style.blockSize) > 200);
        expect(await complaints()).to.deep.equal([]);
        await page.browserContext().close();
      }
    });

    it('makes React components that ask for tokens by one and the same function', () => {
      const [{ code } = { code: '' }] = parts({ way: 'react', signIn: 'callback' });
      expect(code)
        .to.match(/^const getToken = async [^]*^export function Help/m)
        .and.to.include('getToken={getToken}');
    });

    it('makes React components whose types are right', function () {
      this.timeout(120_000);
      const config = {
        extends: '../../tsconfig.json',
        compilerOptions: {
          types: ['vite/client'],
          paths: {
            'helpdesk-elements': ['../../src/index.ts'],
            'helpdesk-elements/react': ['../../src/react.ts'],
          },
        },
        include: ['*/help.tsx'],
      };
      writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config));
      const { stdout } = spawnSync(process.execPath, ['node_modules/@typescript/native/bin/tsc', '-p', folder], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(stdout).to.equal('');
    });

    it('is surrounded by pages whose code builds, and names settings that there are', async function () {
      this.timeout(120_000);
      const input: Record<string, string> = {};
      const named = new Set<string>();
      for (const path of menu.flatMap(([, pages]) => pages.map(([path]) => path))) {
        const text = await (await fetch(new URL(path, demo.url))).text();
        for (const [name] of text.matchAll(/\bHELPDESK_(?!ELEMENTS)[A-Z_]+/g)) named.add(name);
        for (const [, file, code] of text.matchAll(
          /<figcaption>([\w-]+\.(?:tsx|vue|js))<\/figcaption><pre[^>]*><code>([^]*?)<\/code>/g,
        )) {
          if (file === 'vite.config.js') continue;
          const plain = code!.replace(
            /&(amp|lt|gt|quot);/g,
            (_, sign: 'amp') => ({ amp: '&', lt: '<', gt: '>', quot: '"' })[sign],
          );
          const own = `path${Object.keys(input).length}`;
          mkdirSync(join(folder, own), { recursive: true });
          writeFileSync((input[own] = join(folder, own, file!)), plain);
        }
      }
      expect(Object.keys(input).length).to.be.greaterThan(7);
      await build({
        root: folder,
        configFile: false,
        logLevel: 'error',
        plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag.includes('-') } } })],
        resolve: { alias },
        build: {
          write: false,
          minify: false,
          target: 'es2022',
          rolldownOptions: { input, external: ['vue', /^react/] },
        },
      });
      expect([...named].filter((name) => !Object.hasOwn(variables, name))).to.deep.equal([]);
      expect(named.size).to.be.greaterThan(7);
    });

    it('puts nothing that is typed where it could run', () => {
      const hostile = `'"><script>alert(1)</script>\u2028{{x}}\${x}\\`;
      for (const way of keys('way').filter((name) => name !== 'iframe'))
        for (const [backend, { signIn }] of Object.entries(backends))
          for (const who of signIn) {
            const files = parts({
              way,
              backend,
              signIn: who,
              label: hostile,
              url: hostile,
              script: hostile,
              tokenUrl: hostile,
              key: hostile,
            });
            for (const { file, code } of files.filter(({ file }) => /html|in /.test(file) || file.endsWith('.vue'))) {
              const scripts = [...code.matchAll(/<script/g)].length;
              expect(scripts, `${titleOf(settle({ way, backend, signIn: who }))} ${file}`).to.equal(
                [...code.matchAll(/<\/script>/g)].length,
              );
              expect(code).to.not.match(/<script>alert/);
            }
          }
    });

    it('shows the snippet and a page with it, says when a key can be read, and keeps to what goes together', async () => {
      const { page, complaints } = await openPage(browser);
      await page.setViewport({ width: 1400, height: 1000 });
      await page.goto(`${demo.url}configure.html`);
      const code = (): Promise<string> =>
        page.$$eval('.snippet code', (list) => list.map((one) => one.textContent).join('\n'));
      /** Waits for something in the page of the preview, which may be another one meanwhile. */
      const preview = async (selector: string): Promise<void> => {
        for (const end = Date.now() + 8000; Date.now() < end;) {
          const found = await page
            .frames()[1]
            ?.$(selector)
            .catch(() => null);
          if (found) return;
          await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
        }
        throw new Error(`Not in the preview: ${selector}`);
      };
      expect(await code()).to.equal(
        '<script\n  async\n  src="/cdn/help-desk.js"\n  data-launcher\n  data-url="/helpdesk"\n  data-token-url="/helpdesk-token"\n></script>\n',
      );
      await preview('>>> [part=launcher]');
      const warned = (): Promise<boolean> => page.$eval('[data-warning]', (one) => one.checkVisibility());
      expect(await warned()).to.equal(false);
      await page.select('#backend', 'support-ticket');
      expect(await warned()).to.equal(true);
      expect(await page.$$eval('#signIn option', (list) => list.map(({ value }) => value))).to.deep.equal(['person']);
      expect(await code())
        .to.include('data-backend="support-ticket"')
        .and.to.include('"accessToken":"token-jane"');
      await page.$eval('[name=form][value=inline]', (radio) => (radio as HTMLInputElement).click());
      await preview('>>> [part~=item]');
      expect(await page.$eval('#placement', (field) => field.checkVisibility())).to.equal(false);
      await page.$eval('[name=way][value=vue]', (radio) => (radio as HTMLInputElement).click());
      expect(await page.$$eval('figcaption', (list) => list.map((one) => one.firstChild!.textContent))).to.deep.equal([
        'help.vue',
        'vite.config.js',
      ]);
      await page.type('#url', '/elsewhere');
      await page.waitForFunction(() =>
        document.querySelector('.snippet code')!.textContent.includes('url="/elsewhere"'),
      );
      expect(await complaints()).to.deep.equal([]);
      await page.browserContext().close();
    });

    it('begins with what the address says', async () => {
      const { page } = await openPage(browser);
      await page.goto(`${demo.url}configure.html?way=react&form=inline`);
      expect(await page.$eval('.snippet code', (code) => code.textContent)).to.match(/^import \{ HelpDesk \}/);
      await page.browserContext().close();
    });

    it('previews under the demo’s policy whatever is asked of it, and runs nothing that it is given', async () => {
      const label = '"><script>document.title="bad"</script>';
      const query = new URLSearchParams({
        way: 'placeholder',
        signIn: 'callback',
        label,
        tokenUrl: "'+alert(1)+'",
        url: '//evil.example',
      });
      const response = await fetch(`${demo.url}preview?${query}`);
      expect(response.headers.get('content-security-policy')).to.match(
        /^default-src 'none'; script-src 'self' 'sha256-[^']+';/,
      );
      const text = await response.text();
      expect(text).to.not.include('evil.example').and.to.not.include('alert(1)').and.to.not.include('<script>document');
    });

    it('knows the colours that the elements have', async () => {
      const tokens = await (
        await import('node:fs/promises')
      ).readFile(join(root, 'src/elements/shared/tokens.styles.ts'), 'utf8');
      const status = await (
        await import('node:fs/promises')
      ).readFile(join(root, 'src/elements/shared/status.styles.ts'), 'utf8');
      const real = Object.fromEntries(
        [...(tokens + status).matchAll(/var\(--help-desk-([\w-]+), light-dark\((#\w+), (#\w+)\)\)/g)].map(
          ([, name, day, night]) => [name, [day, night].map((one) => one!.replace(/^#(.)(.)(.)$/, '#$1$1$2$2$3$3'))],
        ),
      );
      expect(
        Object.fromEntries(Object.entries(colours).map(([name, [day, night]]) => [name, [day, night]])),
      ).to.deep.equal(real);
    });
  });
});
