/** Every page of the demo as a person meets it: light and dark, narrow, in large words, from right to left, by keyboard. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import { menu } from '../../demo/layout.js';
import { find, openBrowser, openPage, startDemo, wait } from './demo.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const paths = ['/', ...menu.flatMap(([, pages]) => pages.map(([path]) => path))];

let browser: Browser;
let demo: Awaited<ReturnType<typeof startDemo>>;

describe('pages of the demo', () => {
  before(async function () {
    this.timeout(60_000);
    demo = await startDemo();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await demo?.close();
  });

  async function open(path: string, { width = 1280, height = 800 } = {}): Promise<Page> {
    const { page } = await openPage(browser);
    await page.setViewport({ width, height });
    await page.goto(new URL(path, demo.url).href);
    await settled(page);
    return page;
  }

  /** Everything that the page shows at once is there: no grey lines wait for an answer. */
  async function settled(page: Page): Promise<void> {
    const waiting = async (): Promise<boolean> =>
      (await page.$('>>> [part=skeleton]')) !== null ||
      page.evaluate(() =>
        [...document.querySelectorAll('help-desk:not([launcher]), ticket-list, topic-picker')].some((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return (
            bottom > 0 && top < innerHeight && !element.shadowRoot?.childElementCount && !element.matches(':empty')
          );
        }),
      );
    const end = Date.now() + 8000;
    while ((await waiting()) && Date.now() < end)
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }

  const findings = (page: Page): Promise<string[]> =>
    page.evaluate(async () => {
      const { axe: audit } = window as unknown as { axe: { run(options: RunOptions): Promise<AxeResults> } };
      const { violations } = await audit.run({ resultTypes: ['violations'] });
      return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.flat().join(' ')}`));
    });

  /** How many pixels the page is wider than its window. */
  const overflow = (page: Page): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

  describe('pages of the demo', function () {
    this.timeout(60_000);

    for (const path of paths) {
      it(`${path} passes the accessibility audit, light and dark, and fits narrow, large and mirrored`, async () => {
        const page = await open(path);
        await page.evaluate(axe);
        for (const value of ['light', 'dark']) {
          await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
          expect(await findings(page), value).to.deep.equal([]);
        }
        await page.setViewport({ width: 390, height: 800 });
        expect(await overflow(page), 'narrow').to.equal(0);
        expect(await findings(page), 'narrow').to.deep.equal([]);
        await page.evaluate(() => (document.documentElement.dir = 'rtl'));
        expect(await overflow(page), 'narrow and mirrored').to.equal(0);
        await page.setViewport({ width: 1280, height: 800 });
        expect(await overflow(page), 'mirrored').to.equal(0);
        await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
        expect(await overflow(page), 'large').to.equal(0);
        await page.setViewport({ width: 390, height: 800 });
        expect(await overflow(page), 'large and narrow').to.equal(0);
        await page.browserContext().close();
      });
    }

    it('show in forced colours which ticket is the current one, and where the buttons end', async () => {
      const page = await open('/widget.html');
      const client = await page.createCDPSession();
      await client.send('Emulation.setEmulatedMedia', { features: [{ name: 'forced-colors', value: 'active' }] });
      await (await wait(page, '>>> [part~=item]')).click();
      await wait(page, '>>> [part~=item][aria-current]');
      const edges = await page.$$eval('>>> [part~=item]', (all) => {
        const probe = document.body.appendChild(document.createElement('p'));
        probe.style.backgroundColor = 'Canvas';
        const canvas = getComputedStyle(probe).backgroundColor;
        return all.map((item) => [
          item.hasAttribute('aria-current'),
          getComputedStyle(item).borderInlineStartColor !== canvas,
        ]);
      });
      expect(edges.length).to.be.greaterThan(5);
      expect(edges.filter(([current, seen]) => current !== seen)).to.deep.equal([]);
      for (const part of ['>>> .new', '>>> .badge', 'form.choose button'])
        expect(await page.$eval(part, (element) => getComputedStyle(element).borderTopStyle), part).to.equal('solid');
      await page.browserContext().close();
    });

    it('link to pages and files that are there, and to nothing elsewhere', async () => {
      const seen = new Set<string>();
      for (const path of paths) {
        const html = await (await fetch(new URL(path, demo.url))).text();
        for (const [, link] of html.matchAll(/(?:href|src)="([^"]+)"/g)) seen.add(link!.replaceAll('&amp;', '&'));
      }
      const links = [...seen].filter((link) => !link.startsWith('#'));
      expect(links.filter((link) => !link.startsWith('/'))).to.deep.equal([]);
      const missing = [];
      for (const link of links) if (!(await fetch(new URL(link, demo.url))).ok) missing.push(link);
      expect(missing).to.deep.equal([]);
    });

    it('copy what stands under the button, and say so', async () => {
      const page = await open('/paths/script-tag.html');
      await page
        .browserContext()
        .overridePermissions(new URL(demo.url).origin, ['clipboard-read', 'clipboard-sanitized-write']);
      await page.bringToFront();
      const snippets = await page.$$('.snippet');
      expect(snippets.length).to.equal(4);
      for (const snippet of snippets) {
        const code = await snippet.$eval('code', (element) => element.textContent);
        await snippet.$eval('button', (button) => button.click());
        await page.waitForFunction(
          (words) => document.querySelector('[role=status]')!.textContent === words,
          {},
          await name(snippet),
        );
        expect(await page.evaluate(() => navigator.clipboard.readText())).to.equal(code);
      }
      await page.browserContext().close();
    });

    it('select what cannot be copied', async () => {
      const page = await open('/paths/script-tag.html');
      await page.evaluate('navigator.clipboard.writeText = () => Promise.reject(new Error("no"))');
      await page.$eval('.snippet button', (button) => button.click());
      await page.waitForFunction(() => getSelection()!.toString().length > 0);
      expect(await page.evaluate(() => getSelection()!.toString().trim())).to.equal(
        (await page.$eval('.snippet code', (code) => code.textContent)).trim(),
      );
      expect(await page.$eval('.snippet button', (button) => button.textContent)).to.equal('Press Ctrl+C');
      await page.browserContext().close();
    });

    it('have a menu on narrow screens, by keyboard alone', async () => {
      const page = await open('/', { width: 390, height: 800 });
      const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
      await page.keyboard.press('Tab');
      expect(await focused()).to.equal('To the content');
      await page.keyboard.press('Enter');
      expect(await page.evaluate(() => document.activeElement?.id)).to.equal('main');
      await page.$eval('.open-menu', (button) => (button as HTMLElement).focus());
      expect(await page.$eval('nav', (nav) => nav.checkVisibility())).to.equal(false);
      await page.keyboard.press('Enter');
      expect(await page.$eval('nav', (nav) => nav.checkVisibility())).to.equal(true);
      await page.keyboard.press('Tab');
      expect(await focused()).to.equal('Start');
      await page.keyboard.press('Escape');
      expect(await page.$eval('nav', (nav) => nav.checkVisibility())).to.equal(false);
      expect(await focused()).to.equal('Menu');
      await page.browserContext().close();
    });

    it('turn dark and mirrored at the press of a button, with the widget in them', async () => {
      const page = await open('/widget.html');
      await wait(page, '>>> [part~=item]');
      const surface = (): Promise<string> =>
        page.$eval('>>> ticket-list', (list) => getComputedStyle(list).backgroundColor);
      expect(await surface()).to.equal('rgb(255, 255, 255)');
      await (await find(page, 'button', 'Dark')).click();
      expect(await surface()).to.equal('rgb(21, 23, 28)');
      await (await find(page, 'button', 'Right to left')).click();
      expect(await page.$eval('>>> ticket-list', (list) => getComputedStyle(list).direction)).to.equal('rtl');
      await (await find(page, 'button', 'Dark')).click();
      expect(await surface()).to.equal('rgb(255, 255, 255)');
      await page.browserContext().close();
    });
  });

  const name = async (snippet: Awaited<ReturnType<Page['$$']>>[number]): Promise<string> =>
    `Copied: ${await snippet.$eval('figcaption', (caption) => caption.firstChild!.textContent!.trim())}`;
});
