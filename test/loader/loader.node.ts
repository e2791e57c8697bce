/** The script tag in real browsers: what it asks for and when, and what it leaves behind. */
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import {
  buildCdn,
  connection,
  data,
  engines,
  has,
  html,
  openBrowser,
  openSite,
  settled,
  tag,
  type Site,
} from './site.js';

const launcher = `<help-desk launcher ${connection}></help-desk>`;
const alone = `<script async src="/cdn/help-desk.js" data-launcher ${data}></script>`;
/** What the launcher needs: elements and store in two files, the back end in two. */
const parts = ['base', 'elements', 'osticket', 'osticket-ticket'];
const names = (log: readonly string[]): string[] =>
  log.map((path) => /chunks\/([\w-]+)-[\w-]{8}\.js$/.exec(path)?.[1] ?? path).sort();

for (const engine of engines) {
  describe(`the script tag in ${engine}`, function () {
    this.timeout(60_000);
    let browser: Browser;
    let site: Site;
    let page: Page;
    const problems: string[] = [];

    before(async () => {
      await buildCdn();
      site = await openSite();
      browser = await openBrowser(engine);
    });
    after(async () => {
      await browser?.close();
      await site?.close();
    });
    beforeEach(async () => {
      site.refuse = undefined;
      for (const [name] of [...site.headers]) site.headers.delete(name);
      problems.length = 0;
      page = await (await browser.createBrowserContext()).newPage();
      page.setDefaultTimeout(10_000);
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (['error', 'warn'].includes(message.type())) problems.push(message.text());
      });
    });
    afterEach(async () => {
      await page.browserContext().close();
    });

    /** Opens a page of this body; the log then begins with the page itself. */
    async function open(body: string, head = tag): Promise<void> {
      site.pages.set('/', html(body, head));
      site.log.length = 0;
      await page.goto(`${site.url}/`);
      await settled(page);
    }
    /** What was asked for since the page and its script. */
    const asked = (): string[] => names(site.log.filter((path) => !/^\/$|help-desk\.js/.test(path)));
    const button = (): Promise<unknown> =>
      has(page, 'document.querySelector("help-desk")?.shadowRoot?.querySelector("button")');
    const inDesk = (look: string): Promise<unknown> =>
      has(
        page,
        `(() => { const desk = document.querySelector("help-desk"), root = desk?.shadowRoot; return ${look} })()`,
      );
    const shown = (): Promise<unknown> =>
      inDesk('desk.open && root.querySelector("dialog:popover-open, dialog[open]")');
    const listed = (): Promise<unknown> =>
      inDesk('root.querySelector("ticket-list")?.shadowRoot?.querySelector("[part~=item]")');

    for (const [what, body, head] of [
      ['a launcher in the page', `<main>Shop</main>${launcher}`, tag],
      ['a launcher of its own attributes', '<main>Shop</main>', alone],
    ] as const) {
      it(`asks for itself and for nothing else before a person does something: ${what}`, async () => {
        await page.evaluateOnNewDocument(() => {
          (window as unknown as { shifts: number }).shifts = 0;
          if (PerformanceObserver.supportedEntryTypes.includes('layout-shift'))
            new PerformanceObserver((list) => {
              (window as unknown as { shifts: number }).shifts += list.getEntries().length;
            }).observe({ type: 'layout-shift', buffered: true });
        });
        await open(body, head);
        await button();
        await settled(page);
        expect(site.log).to.deep.equal(['/', '/cdn/help-desk.js']);
        const kept = await page.evaluate(() => ({
          cookies: document.cookie,
          local: localStorage.length,
          session: sessionStorage.length,
          shifts: (window as unknown as { shifts: number }).shifts,
        }));
        expect(kept).to.deep.equal({ cookies: '', local: 0, session: 0, shifts: 0 });
        expect(await page.evaluate(async () => (await indexedDB.databases()).length)).to.equal(0);
        expect(problems).to.deep.equal([]);
      });
    }

    it('fetches what opening needs when the pointer comes near, all at once, and asks the desk for nothing yet', async () => {
      await open(`<main>Shop</main>${launcher}`);
      await button();
      await (await page.$('>>> [part=launcher]'))!.hover();
      await inDesk('desk.store');
      await settled(page);
      expect(asked()).to.deep.equal(parts);
      await (await page.$('>>> [part=launcher]'))!.click();
      await listed();
      expect(asked().filter((path) => path.startsWith('/desk/')).length).to.be.greaterThan(0);
      expect(names(site.log).filter((name) => parts.includes(name))).to.deep.equal(parts);
      expect(problems).to.deep.equal([]);
    });

    it('fetches when the keyboard comes to the button, which Enter opens: focus goes in, and back with Escape', async () => {
      await open(`<main>Shop</main>${launcher}`);
      await button();
      await page.evaluate(() => {
        (window as unknown as { first: unknown }).first = document
          .querySelector('help-desk')!
          .shadowRoot!.querySelector('button');
      });
      await page.keyboard.press('Tab');
      await inDesk('desk.store');
      // The same button, so focus was never lost.
      await inDesk('root.activeElement === first && first.part.contains("launcher")');
      await page.keyboard.press('Enter');
      await shown();
      await inDesk('root.activeElement?.localName === "dialog" && first.ariaExpanded === "true"');
      await page.keyboard.press('Escape');
      await inDesk(
        '!desk.open && !root.querySelector(":popover-open") && root.activeElement === first && first.ariaExpanded === "false"',
      );
      expect(problems).to.deep.equal([]);
    });

    it('opens with a click that nothing announced', async () => {
      await open(alone, '');
      await button();
      await page.evaluate(() => document.querySelector('help-desk')!.shadowRoot!.querySelector('button')!.click());
      await shown();
      await listed();
      expect(
        await page.$eval('help-desk', (desk) => desk.shadowRoot!.querySelectorAll('[part=launcher]').length),
      ).to.equal(1);
      expect(problems).to.deep.equal([]);
    });

    it('says that it could not be loaded, and tries again', async () => {
      await open(launcher);
      await button();
      // Firefox keeps what failed; there only being offline is a failure that passes.
      if (engine === 'chrome') site.refuse = /chunks/;
      else await page.evaluate(() => Object.defineProperty(navigator, 'onLine', { value: false, configurable: true }));
      await (await page.$('>>> [part=launcher]'))!.click();
      await inDesk(
        'root.querySelector("button").textContent === "Try again" && !root.querySelector("button").ariaBusy',
      );
      site.refuse = undefined;
      await page.evaluate(() => Object.defineProperty(navigator, 'onLine', { value: true }));
      await (await page.$('>>> [part=launcher]'))!.click();
      await shown();
      await inDesk('root.querySelector("[part=launcher]").textContent === "Help"');
    });

    it('loads an element in the page when it comes near the part that is seen', async () => {
      await open(
        `<div style="height: 400vh"></div><ticket-list></ticket-list><help-desk ${connection}><i></i></help-desk>`,
      );
      await settled(page);
      expect(asked()).to.deep.equal([]);
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await has(page, 'document.querySelector("ticket-list").shadowRoot?.querySelector("[part~=item]")');
      expect(problems).to.deep.equal([]);
    });

    it('loads the desk of an element that is seen, however far away that is', async () => {
      await open(
        `<ticket-list></ticket-list><div style="height: 400vh"></div><help-desk ${connection}><i></i></help-desk>`,
      );
      await has(page, 'document.querySelector("ticket-list").shadowRoot?.querySelector("[part~=item]")');
      expect(problems).to.deep.equal([]);
    });

    it('loads a picker with topics of its own alone', async () => {
      await open(`<form><topic-picker name="topic" topics='[{"id":"1","name":"Orders"}]'></topic-picker></form>`);
      await has(page, 'document.querySelector("topic-picker").shadowRoot?.querySelector("[role=combobox]")');
      await settled(page);
      expect(asked()).to.deep.equal(['base']);
      expect(problems).to.deep.equal([]);
    });

    it('sees elements and placeholders that come later, and makes no attribute that could run', async () => {
      await open(`<help-desk ${connection}><i></i></help-desk>`);
      await has(page, 'customElements.get("help-desk")');
      await page.evaluate(() => {
        const place = document.createElement('section');
        place.innerHTML = `<div id="form" class="wide" data-help-desk="ticket-form" data-subject="A lamp" data-onclick="alert(1)"
          data-style="color: red" onclick="alert(2)"><b slot="success">Thanks</b></div><p data-help-desk="script" data-src="x"></p>
          <ticket-list></ticket-list>`;
        document.body.append(place);
      });
      await has(page, 'document.querySelector("ticket-form")?.shadowRoot?.querySelector("textarea")');
      const made = await page.evaluate(() => ({
        attributes: [...document.querySelector('#form')!.attributes]
          .map(({ name, value }) => `${name}=${value}`)
          .sort(),
        inside: document.querySelector('#form')!.innerHTML,
        other: document.querySelector('p')!.outerHTML,
      }));
      expect(made).to.deep.equal({
        attributes: ['class=wide', 'id=form', 'subject=A lamp'],
        inside: '<b slot="success">Thanks</b>',
        other: '<p data-help-desk="script" data-src="x"></p>',
      });
      await has(page, 'document.querySelector("ticket-list").shadowRoot?.querySelector("[part~=item]")');
      expect(problems).to.deep.equal([]);
    });

    it('works as a module too', async () => {
      await open('<main>Shop</main>', `<script type="module" src="/cdn/help-desk.js" data-launcher ${data}></script>`);
      await button();
      await (await page.$('>>> [part=launcher]'))!.click();
      await listed();
      expect(problems).to.deep.equal([]);
    });

    it('works from another origin, with the hash that the build gives', async () => {
      await open('<main>Shop</main>', alone.replace('"/cdn', `"${site.url.replace('127.0.0.1', 'localhost')}/cdn`));
      await button();
      await (await page.$('>>> [part=launcher]'))!.click();
      await listed();
      expect(problems).to.deep.equal([]);
    });

    for (const [what, policy, script] of [
      [
        'of its own site only, with Trusted Types',
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types helpdesk-elements lit-html dompurify",
        alone,
      ],
      [
        'of nonces',
        "default-src 'none'; script-src 'nonce-x' 'strict-dynamic'; connect-src 'self'; img-src data:; base-uri 'none'",
        alone.replace('async', 'async nonce="x"'),
      ],
    ] as const) {
      it(`works under a policy ${what}`, async () => {
        site.headers.set('content-security-policy', policy);
        await open('<main>Shop</main>', script);
        await button();
        await (await page.$('>>> [part=launcher]'))!.click();
        await listed();
        expect(problems).to.deep.equal([]);
      });
    }
  });
}
