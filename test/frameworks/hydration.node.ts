/** Pages that a server writes and an app takes over: nothing is lost, nothing is complained of, nothing moves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import { renderToString } from 'react-dom/server';
import { wait } from '../demo/demo.js';
import { has, openBrowser, root, settled } from '../loader/site.js';
import {
  engines,
  buildApp,
  buildPage,
  buildServer,
  openAppSite,
  openWindow,
  type AppSite,
  type Files,
} from './apps.js';

const built = new Map<string, { files: Files; written: string }>();

describe('pages that a server has written', () => {
  before(async function () {
    this.timeout(120_000);
    for (const name of ['react', 'vue']) {
      const { render } = await buildServer<{ render: () => Promise<string> }>(
        `${name}/server.${name === 'react' ? 'tsx' : 'ts'}`,
      );
      built.set(name, { files: await buildApp(name), written: await render() });
    }
    const page = 'react-hydration.tsx';
    const { app } = await buildServer<{ app: React.ReactNode }>(`pages/${page}`);
    built.set('page', { files: await buildPage(page), written: renderToString(app) });
  });

  describe('pages of a server', () => {
    it('hold the tags with what can be written of them: React', () => {
      expect(built.get('page')!.written).to.equal(
        '<button>Again</button><help-desk class="desk" url="/helpdesk" options="{&quot;headers&quot;:{&quot;x-app&quot;:&quot;one&quot;}}">' +
          '<ticket-list page-size="2" no-filters=""></ticket-list>' +
          '<ticket-form prefill="{&quot;subject&quot;:&quot;A lamp&quot;,&quot;message&quot;:{&quot;value&quot;:&quot;It blinks&quot;,&quot;readOnly&quot;:true}}"></ticket-form>' +
          '<topic-picker name="topic" required="" topics="[{&quot;id&quot;:&quot;1&quot;,&quot;name&quot;:&quot;Orders&quot;}]" value="1"></topic-picker>' +
          '</help-desk><output></output>',
      );
    });

    for (const name of ['react', 'vue'])
      it(`hold the tags with what can be written of them: the app in ${name}`, () => {
        const { written } = built.get(name)!;
        expect(written).to.match(/<help-desk url="\/helpdesk" token-url="\/helpdesk-token\/jane"[^>]*>/);
        expect(written).to.match(/<ticket-list page-size="5" no-filters(="")?><\/ticket-list>/);
      });
  });

  for (const engine of engines) {
    describe(`pages of a server in ${engine}`, function () {
      this.timeout(60_000);
      let browser: Browser;
      let site: AppSite;
      let page: Page;
      let complaints: () => Promise<string[]>;

      before(async () => {
        browser = await openBrowser(engine);
      });
      after(() => browser?.close());
      beforeEach(async () => {
        site = await openAppSite();
        page = await (await browser.createBrowserContext()).newPage();
        ({ complaints } = await openWindow(page));
      });
      afterEach(async () => {
        await page.browserContext().close();
        await site.close();
      });

      async function open(name: string): Promise<void> {
        const { files, written } = built.get(name)!;
        site.serve(files, written);
        await page.goto(`${site.url}/`);
      }

      for (const name of ['react', 'vue'])
        it(`${name}: the app takes over what was written, and hears of what happens`, async () => {
          await open(name);
          await wait(page, 'ticket-list >>> [part~=item]');
          await page.$$eval('ticket-list >>> [part~=item]', (all) => (all[1] as HTMLElement).click());
          await (await wait(page, 'ticket-thread >>> textarea')).type('Taken over');
          await (await wait(page, 'ticket-thread >>> [part=composer] .primary')).evaluate((button) => button.click());
          await has(page, '/^Jane Doe answered ticket \\d+\\.$/.test(document.querySelector("output").textContent)');
          expect(await complaints()).to.deep.equal([]);
        });

      it('react: tags that no component takes over are defined once the page has loaded', async () => {
        site.serve(await buildPage('react-import.ts'), '<ticket-list></ticket-list>');
        await page.goto(`${site.url}/`);
        await has(page, 'document.querySelector("ticket-list:defined")');
        expect(await page.$eval('ticket-list', (list) => list.pageSize)).to.equal(25);
      });

      describe('taken over by React', () => {
        beforeEach(async () => {
          await open('page');
          await wait(page, 'ticket-list >>> [part~=item]');
        });

        it('elements are given functions and objects, before they ask for anything', async () => {
          expect(
            await page.evaluate(() => {
              const desk = document.querySelector('help-desk')!;
              return [desk.options, typeof desk.getToken, desk.prefill, document.querySelector('topic-picker')!.topics];
            }),
          ).to.deep.equal([
            { headers: { 'x-app': 'one' } },
            'function',
            { subject: 'A lamp' },
            [{ id: '1', name: 'Orders' }],
          ]);
          const asked = site.log.filter((path) => path.startsWith('/helpdesk'));
          expect(asked[0]).to.equal('/helpdesk-token/jane');
          expect(asked.filter((path) => path.includes('capabilities'))).to.have.lengthOf(1);
          expect(await complaints()).to.deep.equal([]);
        });

        it('the app hears of what happened first of all, and a ref is the element', async () => {
          await has(page, 'document.querySelector("output").textContent');
          expect(await page.$eval('output', (said) => said.textContent)).to.equal('default is ready');
          expect(await page.$eval('body', (body) => body.dataset['ref'])).to.equal('function');
        });

        it('the handler of the last rendering is called, once, and can cancel', async () => {
          const submit = (): Promise<void> =>
            page.$eval('ticket-form', (form) => form.shadowRoot!.querySelector('form')!.requestSubmit());
          await wait(page, 'ticket-form >>> textarea');
          await submit();
          await has(page, 'document.querySelector("output").textContent === "0: A lamp, It blinks"');
          await page.$eval('button', (button) => button.click());
          await has(page, 'document.body.dataset.count === "1"');
          await submit();
          await has(page, 'document.querySelector("output").textContent === "1: A lamp, It blinks"');
          expect(site.desk.store.tickets({}).filter(({ subject }) => subject === 'A lamp')).to.deep.equal([]);
          expect(await complaints()).to.deep.equal([]);
        });

        it('what is written anew with the same words does not connect anew', async () => {
          const before = site.log.length;
          const store = await page.evaluateHandle(() => document.querySelector('help-desk')!.store);
          await page.$eval('button', (button) => button.click());
          await has(page, 'document.body.dataset.count === "1"');
          await page.$eval('button', (button) => button.click());
          await has(page, 'document.querySelector("ticket-list").noFilters === false');
          await page.evaluate(() => document.querySelector('help-desk')!.updateComplete);
          expect(await page.$eval('help-desk', (desk, kept) => desk.store === kept && !!kept, store)).to.equal(true);
          // What comes after the first row is still loaded meanwhile; who connects asks for these.
          expect(site.log.slice(before).filter((path) => /token|capabilities/.test(path))).to.deep.equal([]);
          expect(await page.$eval('output', (said) => said.textContent)).to.equal('default is ready');
        });
      });
    });
  }

  /** What the browser tells of something that moved. */
  interface Shift {
    readonly sources: readonly { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
  }

  describe('the place of what is not there yet', function () {
    this.timeout(60_000);
    let browser: Browser;
    let site: AppSite;
    let page: Page;
    let plain: Files;

    before(async () => {
      plain = await buildPage('define.ts');
      browser = await openBrowser();
    });
    after(() => browser?.close());
    beforeEach(async () => {
      site = await openAppSite();
      page = await (await browser.createBrowserContext()).newPage();
      await page.setViewport({ width: 1000, height: 900 });
      await page.evaluateOnNewDocument(() => {
        const shifts: unknown[] = [];
        Object.assign(window, { shifts });
        new PerformanceObserver((list) => {
          for (const entry of list.getEntries() as unknown as Shift[])
            for (const { node, previousRect, currentRect } of entry.sources)
              shifts.push([node?.nodeName, previousRect.toJSON(), currentRect.toJSON()]);
        }).observe({ type: 'layout-shift', buffered: true });
      });
    });
    afterEach(async () => {
      await page.browserContext().close();
      await site.close();
    });

    /** What has moved, once rows are there and the page was painted since. */
    async function shifts(rows: string): Promise<unknown> {
      await wait(page, rows);
      await settled(page);
      return page.evaluate(() => (window as unknown as { shifts: unknown[] }).shifts);
    }

    const readme = readFileSync(join(root, 'demo/frameworks/readme.md'), 'utf8');
    const [, style] = /^```css\n(.*?)^```$/ms.exec(readme)!;

    it('is kept by the style of the guide: nothing moves when the widget comes', async () => {
      // As from a server: painted long before the script is there.
      let release = (): void => undefined;
      const held = new Promise<void>((resolve) => (release = resolve));
      const first = site.answer!;
      site.answer = async (request) => {
        if (/define-ts\.js$/.test(new URL(request.url).pathname)) await held;
        return first(request);
      };
      site.serve(
        plain,
        `</div><style>${style}</style><help-desk url="/helpdesk" token-url="/helpdesk-token/jane"></help-desk><p>Below</p><div>`,
      );
      const loaded = page.goto(`${site.url}/`);
      await has(page, 'document.querySelector("p")?.getClientRects().length');
      const place = (): Promise<number> => page.$eval('p', (below) => below.getBoundingClientRect().top);
      const before = await place();
      expect(before).to.be.above(700);
      release();
      await loaded;
      expect(await shifts('help-desk >>> ticket-list >>> [part~=item]')).to.deep.equal([]);
      expect(await place()).to.be.closeTo(before, 0.5);
    });

    for (const name of ['react', 'vue'])
      it(`is kept in the app in ${name}, taken over from a server`, async () => {
        const { files, written } = built.get(name)!;
        site.serve(files, written);
        await page.goto(`${site.url}/`);
        expect(await shifts('ticket-list >>> [part~=item]')).to.deep.equal([]);
      });
  });
});
