/** The panel, opened and closed a hundred times: as many nodes and listeners as before. Counted by Chromium, never timed. */
import { expect } from 'chai';
import type { Browser, CDPSession, Page } from 'puppeteer-core';
import { buildCdn, connection, has, html, openBrowser, openSite, settled, tag, type Site } from '../loader/site.js';

describe('the panel, opened and closed a hundred times', function () {
  this.timeout(120_000);
  let browser: Browser;
  let site: Site;
  let page: Page;
  let cdp: CDPSession;

  before(async () => {
    await buildCdn();
    site = await openSite();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    page = await (await browser.createBrowserContext()).newPage();
    await page.evaluateOnNewDocument('globalThis.__name = (one) => one');
    cdp = await page.createCDPSession();
    await cdp.send('Performance.enable');
  });
  afterEach(() => page.browserContext().close());

  /** Presses the launcher until the panel has opened and closed that often. */
  const cycle = (times: number): Promise<void> =>
    page.evaluate(async (rounds) => {
      const desk = document.querySelector('help-desk')!;
      const root = desk.shadowRoot!;
      for (let press = 1; press <= 2 * rounds; press++) {
        root.querySelector<HTMLElement>('[part=launcher]')!.click();
        const shown = (): boolean => !!root.querySelector('dialog')?.matches(':popover-open, [open]');
        while (shown() !== (press % 2 === 1)) await new Promise(requestAnimationFrame);
        await new Promise(requestAnimationFrame);
      }
    }, times);

  async function counts(): Promise<{ nodes: number; listeners: number; documents: number }> {
    for (let time = 0; time < 3; time++) await cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)!.value;
    return { nodes: of('Nodes'), listeners: of('JSEventListeners'), documents: of('Documents') };
  }

  const quiet = async (): ReturnType<typeof counts> => {
    await settled(page);
    return counts();
  };

  for (const [what, more, shown] of [
    ['with the list of a person', connection, '[part~=item]'],
    ['with the form of a stranger', connection.replace(/email="\S+"/, ''), 'textarea'],
  ] as const)
    it(`${what} leaves no node and no listener behind`, async () => {
      site.pages.set('/', html(`<main>Shop</main><help-desk launcher ${more}></help-desk>`, tag));
      await page.goto(`${site.url}/`);
      await has(page, 'document.querySelector("help-desk")?.shadowRoot?.querySelector("[part=launcher]")');
      await page.evaluate(() => document.querySelector('help-desk')!.shadowRoot!.querySelector('button')!.click());
      await has(
        page,
        `(() => {
          const inside = (root) => root.querySelector(${JSON.stringify(shown)}) ||
            [...root.querySelectorAll('*')].some((one) => one.shadowRoot && inside(one.shadowRoot));
          return inside(document);
        })()`,
      );
      await page.evaluate(() => document.querySelector('help-desk')!.hide());
      await cycle(5);
      let before = await quiet();
      // What waits for a quiet moment holds the last of them until there is one: so many as twice are the ones to meet.
      for (let left = 20, last; left && JSON.stringify(before) !== last; left--) {
        last = JSON.stringify(before);
        before = await quiet();
      }
      await cycle(100);
      let after = await quiet();
      for (let left = 20; left && JSON.stringify(after) !== JSON.stringify(before); left--) after = await quiet();
      expect(after).to.deep.equal(before);
    });
});
