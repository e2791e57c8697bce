/** The apps of the demo, built as their users build them and driven as people do: over a relay, with a real help desk. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import { wait } from '../demo/demo.js';
import { has, openBrowser, root } from '../loader/site.js';
import { engines, buildApp, openAppSite, openWindow, type AppSite, type Files } from './apps.js';

const names = ['react', 'vue', 'vite'];
const built = new Map<string, Files>();

describe('small apps', () => {
  before(async function () {
    this.timeout(120_000);
    for (const name of names) built.set(name, await buildApp(name));
  });

  /** The replies that the desk has stored of this ticket. */
  const stored = ({ desk }: AppSite, number: string): string[] =>
    desk.store.entries(desk.store.ticketByNumber(number)!.id).map(({ body }) => body);

  for (const engine of engines) {
    describe(`apps of frameworks in ${engine}`, function () {
      this.timeout(60_000);
      let browser: Browser;
      let site: AppSite;
      let page: Page;

      before(async () => {
        browser = await openBrowser(engine);
      });
      after(() => browser?.close());
      beforeEach(async () => {
        site = await openAppSite();
        page = await (await browser.createBrowserContext()).newPage();
      });
      afterEach(async () => {
        await page.browserContext().close();
        await site.close();
      });

      for (const name of names) {
        it(`${name}: a ticket is chosen, read and answered; another person has other tickets`, async () => {
          const { complaints } = await openWindow(page);
          site.serve(built.get(name)!);
          await page.goto(`${site.url}/`);
          const rows = (): Promise<string[]> =>
            page.$$eval('ticket-list >>> [part~=item]', (all) => all.map((row) => (row as HTMLElement).dataset['id']!));
          await wait(page, 'ticket-list >>> [part~=item]');
          const tickets = await rows();
          expect(tickets.length).to.equal(5);
          const number = tickets[1]!;
          await page.$$eval('ticket-list >>> [part~=item]', (all) => (all[1] as HTMLElement).click());
          await wait(page, 'ticket-thread >>> article');
          await (await wait(page, 'ticket-thread >>> textarea')).type(`Written in ${name}`);
          await (await wait(page, 'ticket-thread >>> [part=composer] .primary')).evaluate((button) => button.click());
          await has(page, 'document.querySelector("output").textContent');
          expect(await page.$eval('output', (said) => said.textContent)).to.equal(
            `Jane Doe answered ticket ${number}.`,
          );
          await has(
            page,
            `document.querySelector('ticket-thread').shadowRoot.textContent.includes('Written in ${name}')`,
          );
          expect(stored(site, number).filter((body) => body.includes(`Written in ${name}`))).to.have.lengthOf(1);

          await page.select('select', 'omar');
          await has(
            page,
            `(() => {
            const rows = [...(document.querySelector('ticket-list')?.shadowRoot?.querySelectorAll('[part~=item]') ?? [])];
            return rows.length === 5 && !rows.some(({ dataset }) => ${JSON.stringify(tickets)}.includes(dataset.id));
          })()`,
          );
          expect(await page.$('ticket-thread >>> article')).to.equal(null);
          expect(await complaints()).to.deep.equal([]);
        });
      }
    });
  }

  describe('the apps of the demo', () => {
    it('name the packages that they are tested with', () => {
      const read = (path: string) =>
        JSON.parse(readFileSync(join(root, path), 'utf8')) as Record<
          'name' | 'version' | 'dependencies' | 'devDependencies',
          Record<string, string>
        >;
      const { version, dependencies, devDependencies } = read('package.json');
      const known = { ...dependencies, ...devDependencies, 'helpdesk-elements': version };
      for (const name of names) {
        const own = read(`demo/frameworks/${name}/package.json`);
        const all = { ...own.dependencies, ...own.devDependencies };
        expect(known, name).to.include(all);
      }
    });
  });
});
