/** The examples of `demo/frameworks/readme.md`, compiled as they stand and driven. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import { wait } from '../demo/demo.js';
import { has, openBrowser, root } from '../loader/site.js';
import { engines, buildPages, openAppSite, openWindow, prepare, scratch, type AppSite, type Files } from './apps.js';

const readme = readFileSync(join(root, 'demo/frameworks/readme.md'), 'utf8');

/** The last example of a language under a headline. */
function example(headline: string, language: string): string {
  const section = readme.split(/^## /m).find((text) => text.startsWith(headline))!;
  return [...section.matchAll(/^```(\w+)\n(.*?)^```$/gms)].findLast(([, name]) => name === language)![2]!;
}

interface Example {
  readonly language: string;
  /** Mounts what the example exports. */
  readonly main: string;
}
const examples: Readonly<Record<string, Example>> = {
  React: {
    language: 'tsx',
    main: `
      import { createElement } from 'react';
      import { createRoot } from 'react-dom/client';
      import { Support } from './example.tsx';
      createRoot(document.querySelector('#app')).render(createElement(Support, { person: 'jane' }));`,
  },
  Vue: {
    language: 'vue',
    main: `
      import { createApp } from 'vue';
      import Support from './example.vue';
      createApp(Support, { person: 'jane' }).mount('#app');`,
  },
  Svelte: {
    language: 'svelte',
    main: `
      import { mount } from 'svelte';
      import Support from './example.svelte';
      mount(Support, { target: document.querySelector('#app'), props: { person: 'jane' } });`,
  },
  Solid: {
    language: 'jsx',
    main: `
      import { createComponent } from 'solid-js';
      import { render } from 'solid-js/web';
      import { Support } from './example.jsx';
      render(() => createComponent(Support, { person: 'jane' }), document.querySelector('#app'));`,
  },
  Angular: {
    language: 'ts',
    main: `
      import '@angular/compiler';
      import { createComponent, provideZonelessChangeDetection } from '@angular/core';
      import { createApplication } from '@angular/platform-browser';
      import { Support } from './example.ts';
      const app = await createApplication({ providers: [provideZonelessChangeDetection()] });
      const hostElement = document.querySelector('#app');
      const support = createComponent(Support, { environmentInjector: app.injector, hostElement });
      support.setInput('person', 'jane');
      app.attachView(support.hostView);`,
  },
};

const built = new Map<string, Files>();
describe('examples of frameworks', () => {
  before(async function () {
    this.timeout(120_000);
    await prepare();
    const entry = (name: string): string => `examples/${name.toLowerCase()}/main.js`;
    for (const [name, { language, main }] of Object.entries(examples)) {
      const folder = dirname(join(scratch, entry(name)));
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, `example.${language}`), example(name, language));
      writeFileSync(join(folder, 'main.js'), main);
    }
    const pages = await buildPages(Object.keys(examples).map(entry));
    for (const name of Object.keys(examples)) built.set(name, pages.get(entry(name))!);
  });

  for (const engine of engines) {
    describe(`examples for frameworks in ${engine}`, function () {
      this.timeout(30_000);
      let browser: Browser;
      let site: AppSite;
      let page: Page;

      before(async () => {
        browser = await openBrowser(engine);
        site = await openAppSite();
      });
      after(async () => {
        await browser?.close();
        await site?.close();
      });
      beforeEach(async () => {
        page = await (await browser.createBrowserContext()).newPage();
      });
      afterEach(() => page.browserContext().close());

      for (const name of Object.keys(examples))
        it(`${name}: list, thread, answer`, async () => {
          const { complaints } = await openWindow(page);
          site.serve(built.get(name)!);
          await page.goto(`${site.url}/`);
          await wait(page, 'ticket-list >>> [part~=item]');
          const ids = await page.$$eval('ticket-list >>> [part~=item]', (all) =>
            all.map((row) => (row as HTMLElement).dataset['id']!),
          );
          expect(ids.length).to.equal(5);
          expect(await page.$('ticket-list >>> input')).to.equal(null);
          await page.$$eval('ticket-list >>> [part~=item]', (all) => (all[2] as HTMLElement).click());
          await (await wait(page, 'ticket-thread >>> textarea')).type(`Written in ${name}`);
          expect(await page.$eval('ticket-thread', (thread) => thread.ticket)).to.equal(ids[2]);
          await (await wait(page, 'ticket-thread >>> [part=composer] .primary')).evaluate((button) => button.click());
          await has(page, `document.querySelector('output').textContent === 'Answered ticket ${ids[2]!}.'`);
          const { entries, ticketByNumber } = site.desk.store;
          const stored = entries.call(site.desk.store, ticketByNumber.call(site.desk.store, ids[2]!)!.id);
          expect(stored.filter(({ body }) => body.includes(`Written in ${name}`))).to.have.lengthOf(1);
          expect(await complaints()).to.deep.equal([]);
        });
    });
  }
});
