/** The script tag in real browsers: what it asks for and when, and what it leaves behind. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import {
  buildCdn,
  built,
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

declare const HelpDesk: (command: string, ...args: unknown[]) => unknown;

const launcher = `<help-desk launcher ${connection}></help-desk>`;
const alone = `<script async src="/cdn/help-desk.js" data-launcher ${data}></script>`;
/** What the launcher needs to show tickets: the desk with its store, what it shows, and the back end. */
const parts = ['help-desk', 'osticket', 'systems', 'ticket-list'];
const names = (log: readonly string[]): string[] =>
  log.map((path) => /chunks\/[\da-f]{6}\/([\w-]+)\.js$/.exec(path)?.[1] ?? path).sort();

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
      // What the compiler of these tests puts around named functions.
      await page.evaluateOnNewDocument('globalThis.__name = (one) => one');
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
    const asked = (): string[] => names(site.log.filter((path) => !/^\/$|cdn\/help-desk\.js/.test(path)));
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
      // The list is fetched beside what makes the store, and may come after it.
      while (!asked().includes('ticket-list')) await settled(page);
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

    it('says nothing of a launcher that an app has taken away while it was loaded', async () => {
      await open(`<main>Shop</main>${launcher}`);
      await button();
      await page.evaluate(() => {
        const desk = document.querySelector('help-desk')!;
        desk.shadowRoot!.querySelector('button')!.click();
        desk.remove();
        return customElements.whenDefined('help-desk').then(() => undefined);
      });
      await settled(page);
      expect(problems).to.deep.equal([]);
      await page.evaluate((markup) => document.body.insertAdjacentHTML('beforeend', markup), launcher);
      await inDesk('desk.show && root.querySelector("[part=launcher]")');
      await page.evaluate(() => document.querySelector('help-desk')!.shadowRoot!.querySelector('button')!.click());
      await shown();
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
      expect(asked()).to.deep.equal(['topic-picker']);
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

    it('puts in place what a CMS left of the tags, children too', async () => {
      await open(
        `<div data-help-desk="help-desk" ${data}><div data-help-desk="ticket-list" data-page-size="3"></div></div>`,
      );
      await has(page, 'document.querySelector("help-desk > ticket-list")?.shadowRoot?.querySelector("[part~=item]")');
      expect(await page.$eval('ticket-list', (list) => list.getAttribute('page-size'))).to.equal('3');
      expect(problems).to.deep.equal([]);
    });

    it('takes the commands that came before it, in their order, and loads nothing for those that can wait', async () => {
      await open(
        '<main>Shop</main>',
        `<script>
          window.HelpDesk = window.HelpDesk || function () { (HelpDesk.q = HelpDesk.q || []).push(arguments) };
          window.heard = [];
          HelpDesk('on', 'help-desk-open', () => heard.push('open'));
          HelpDesk('identify', { email: 'omar@example.test' });
          HelpDesk('prefill', { subject: 'My order' });
          HelpDesk('navigate', 'new');
        </script>${alone}`,
      );
      await button();
      await settled(page);
      expect(asked()).to.deep.equal([]);
      await page.evaluate(() => HelpDesk('open'));
      await shown();
      await inDesk('root.querySelector("ticket-form")?.shadowRoot?.querySelector("input")?.value === "My order"');
      const now = await page.$eval('help-desk', (desk) => [desk.email, desk.view]);
      expect(now).to.deep.equal(['omar@example.test', 'new']);
      expect(await page.evaluate('heard')).to.deep.equal(['open']);
      // Nobody asked for the tickets of the person whom the script tag named.
      expect(site.log.filter((path) => path.includes('jane'))).to.deep.equal([]);
      expect(problems).to.deep.equal([]);
    });

    it('does the rest where one command cannot be done, and says why', async () => {
      await open(
        '<main>Shop</main>',
        `<script>
          window.HelpDesk = function () { (HelpDesk.q = HelpDesk.q || []).push(arguments) };
          HelpDesk('identify', undefined);
          HelpDesk('open', 'new');
        </script>${alone}`,
      );
      await shown();
      await inDesk('desk.view === "new" && root.querySelector("ticket-form")');
      expect(problems.length).to.equal(1);
      expect(problems[0]).to.match(/^Help desk: /);
    });

    it('answers a way to stop listening, opens with a view, closes and toggles, and gives focus back to the page', async () => {
      await open('<main><button id="ask">Ask us</button></main>', alone);
      await button();
      await page.evaluate(() => {
        const page = window as unknown as { heard: string[]; stop: () => void };
        page.heard = [];
        const note = (event: Event): void => void page.heard.push(event.type);
        page.stop = HelpDesk('on', 'help-desk-open', note) as () => void;
        HelpDesk('on', 'help-desk-close', note);
        document.querySelector('#ask')!.addEventListener('click', () => HelpDesk('open', 'new'));
      });
      await page.click('#ask');
      await shown();
      await inDesk('desk.view === "new" && root.querySelector("ticket-form")');
      await page.evaluate(() => HelpDesk('close'));
      await inDesk('!desk.open && document.activeElement.id === "ask"');
      await page.evaluate(() => (window as unknown as { stop: () => void }).stop());
      await page.evaluate(() => HelpDesk('toggle'));
      await shown();
      await page.evaluate(() => HelpDesk('toggle'));
      await inDesk('!desk.open && !root.querySelector(":popover-open")');
      expect(await page.evaluate('heard')).to.deep.equal(['help-desk-open', 'help-desk-close', 'help-desk-close']);
      expect(problems).to.deep.equal([]);
      await page.evaluate(() => HelpDesk('no-such'));
      expect(problems).to.deep.equal(['Help desk: no no-such']);
    });

    it('is one script however often it is there, and follows what the last one says', async () => {
      await open('<main>Shop</main>', alone + alone + tag);
      await button();
      await page.evaluate(async () => {
        const again = document.createElement('script');
        again.src = '/cdn/help-desk.js?again';
        Object.assign(again.dataset, {
          ...document.querySelector('script')!.dataset,
          email: 'omar@example.test',
          placement: 'top-start',
        });
        await new Promise((resolve) => {
          again.onload = resolve;
          document.head.append(again);
        });
      });
      const desks = await page.$$eval('help-desk', (all) =>
        all.map((desk) => [
          desk.getAttribute('email'),
          desk.getAttribute('placement'),
          desk.shadowRoot!.childElementCount,
        ]),
      );
      expect(desks).to.deep.equal([['omar@example.test', 'top-start', 1]]);
      expect(problems).to.deep.equal([]);
    });

    it('leaves nothing when it is destroyed: no node, no listener, no global; and can begin again', async () => {
      await page.evaluateOnNewDocument(() => {
        const page = window as unknown as { listening: Map<string, number>; watching: number };
        page.listening = new Map();
        page.watching = 0;
        const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
        const count = (type: string, by: number): void =>
          void page.listening.set(type, (page.listening.get(type) ?? 0) + by);
        EventTarget.prototype.addEventListener = function (type, listener, options) {
          if (this === window || this === document || this === document.documentElement) {
            count(type, 1);
            if (typeof options === 'object') options.signal && add.call(options.signal, 'abort', () => count(type, -1));
          }
          add.call(this, type, listener, options);
        };
        EventTarget.prototype.removeEventListener = function (type, listener, options) {
          if (this === window || this === document || this === document.documentElement) count(type, -1);
          remove.call(this, type, listener, options);
        };
        for (const one of [MutationObserver, IntersectionObserver]) {
          const { observe, disconnect } = one.prototype;
          const seen = new WeakSet();
          one.prototype.observe = function (...args: [never]) {
            if (!seen.has(this)) page.watching++;
            seen.add(this);
            observe.apply(this, args);
          };
          one.prototype.disconnect = function () {
            if (seen.delete(this)) page.watching--;
            disconnect.call(this);
          };
        }
      });
      await open(`<main>Shop</main><div style="height: 400vh"></div><ticket-list></ticket-list>${launcher}`, alone);
      await has(page, 'document.querySelectorAll("help-desk").length === 2');
      await settled(page);
      const left = (): Promise<unknown> =>
        page.evaluate(() => {
          const { listening, watching } = window as unknown as { listening: Map<string, number>; watching: number };
          return {
            listening: [...listening].filter(([, times]) => times > 0),
            watching,
            desks: [...document.querySelectorAll('help-desk')].map((desk) => desk.shadowRoot?.childElementCount ?? 0),
            global: 'HelpDesk' in window,
          };
        });
      await page.evaluate(() => HelpDesk('on', 'ticket-created', () => undefined));
      expect(await left()).to.deep.equal({
        listening: [
          ['DOMContentLoaded', 1],
          // Once for both.
          ['pointerover', 1],
          ['focusin', 1],
          ['click', 1],
          ['hashchange', 1],
          ['ticket-created', 1],
        ],
        watching: 2,
        desks: [1, 1],
        global: true,
      });
      await page.evaluate(() => HelpDesk('destroy'));
      // What the page itself has written stays, without its button.
      expect(await left()).to.deep.equal({ listening: [], watching: 0, desks: [0], global: false });
      await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
      await settled(page);
      expect(asked()).to.deep.equal([]);
      await page.evaluate(() => {
        const again = document.createElement('script');
        again.src = '/cdn/help-desk.js?again';
        document.head.append(again);
      });
      await inDesk('root?.querySelector("button")');
      expect(problems).to.deep.equal([]);
    });

    it('stays when the body is exchanged, with what was written and once only', async () => {
      await open('<main>Shop</main>', alone);
      await button();
      await page.evaluate(() => HelpDesk('open', 'new'));
      await inDesk('root.querySelector("ticket-form")?.shadowRoot?.querySelector("textarea")');
      await page.evaluate(() => {
        const form = document.querySelector('help-desk')!.shadowRoot!.querySelector('ticket-form')!;
        const message = form.shadowRoot!.querySelector('textarea')!;
        message.value = 'Half a sentence';
        message.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
        // As a page kept for later would come back: with a copy of everything in it.
        const body = document.body.cloneNode(true) as HTMLElement;
        body.querySelector('main')!.textContent = 'Next page';
        document.body.replaceWith(body);
      });
      await has(
        page,
        'document.querySelector("main").textContent === "Next page" && document.querySelectorAll("help-desk").length === 1',
      );
      await shown();
      await inDesk(
        'root.querySelector("ticket-form").shadowRoot.querySelector("textarea").value === "Half a sentence"',
      );
      await page.evaluate(() => (document.body.innerHTML = '<main>Third page</main>'));
      await has(page, 'document.querySelectorAll("help-desk").length === 1');
      await shown();
      expect(problems).to.deep.equal([]);
    });

    it('comes back with the page from the back-forward cache', async () => {
      await open(
        '<main>Shop</main>',
        `${alone}<script>addEventListener('pageshow', ({ persisted }) => (window.back = persisted))</script>`,
      );
      await button();
      site.pages.set('/next', html('<main>Next</main>'));
      await page.goto(`${site.url}/next`);
      await page.evaluate(() => void setTimeout(() => history.back()));
      await has(page, 'document.querySelector("main")?.textContent === "Shop"');
      await has(page, '"back" in window');
      // Chromium without a window keeps no pages.
      if (engine === 'firefox') expect(await page.evaluate('back')).to.equal(true);
      await button();
      await (await page.$('>>> [part=launcher]'))!.click();
      await shown();
      expect(problems).to.deep.equal([]);
    });

    it('works as a module too', async () => {
      await open('<main>Shop</main>', `<script type="module" src="/cdn/help-desk.js" data-launcher ${data}></script>`);
      await button();
      await (await page.$('>>> [part=launcher]'))!.click();
      await listed();
      expect(problems).to.deep.equal([]);
    });

    it('is open at once where the page says so, however far down it is', async () => {
      await open(`<div style="height: 400vh"></div>${launcher.replace('launcher', 'launcher open')}`);
      await shown();
      await listed();
      expect(await page.evaluate(() => document.activeElement === document.body)).to.equal(true);
      expect(problems).to.deep.equal([]);
    });

    it('works from another origin, with the hash that the build gives', async () => {
      const manifest = await readFile(join(built, 'manifest.json'), 'utf8');
      const { integrity } = (JSON.parse(manifest) as Record<string, { integrity: string }>)['help-desk.js']!;
      const from = site.url.replace('127.0.0.1', 'localhost');
      await open(
        '<main>Shop</main>',
        alone.replace('async src="/cdn', `async crossorigin integrity="${integrity}" src="${from}/cdn`),
      );
      await button();
      await (await page.$('>>> [part=launcher]'))!.click();
      await listed();
      expect(problems).to.deep.equal([]);
    });

    for (const [what, policy, script] of [
      [
        'of its own site only, with Trusted Types',
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; require-trusted-types-for 'script'; trusted-types helpdesk-elements",
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
