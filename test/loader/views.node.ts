/** What the script tag fetches for what a person does: how many files, how many bytes, and which of them at once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import { osticket } from '../../src/backends/osticket.js';
import { createRelay } from '../../src/relay/index.js';
import { audience, secret, tokenOf } from '../relay/tokens.js';
import { buildCdn, built, connection, engines, has, html, openBrowser, openSite, settled, tag, wait } from './site.js';
import type { Site } from './site.js';

const chunk = /\/cdn\/chunks\/[\da-f]{6}\/([\w-]+)\.js$/;
const chunksIn = (log: readonly string[]): string[] => log.flatMap((path) => chunk.exec(path)?.[1] ?? []);
/** Bytes of files of the script tag on their way, compressed as servers do at best. */
function bytes(names: readonly string[]): number {
  const folder = join(built, 'chunks', readdirSync(join(built, 'chunks'))[0]!);
  return names.reduce((sum, name) => sum + gzipSync(readFileSync(join(folder, `${name}.js`)), { level: 9 }).length, 0);
}

async function until(look: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!look()) {
    if (Date.now() > end) throw new Error(`Waited in vain: ${String(look)}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const guestAtRelay = 'backend="relay" url="/relay"';
const janeAtRelay = `${guestAtRelay} token-url="/token"`;
const key = `options='{"apiKey":"k"}'`;

for (const engine of engines) {
  describe(`what the script tag fetches in ${engine}`, function () {
    this.timeout(60_000);
    let browser: Browser;
    let site: Site;
    let page: Page;
    /** One of Jane's with an answer in HTML, there from the beginning: the relay remembers lists for a while. */
    let ticket: { id: number; number: string };
    const problems: string[] = [];
    /** Files that wait for each other: whoever asks for one after another's answer waits in vain. */
    let together: string[];
    let released: (() => void)[];

    before(async () => {
      await buildCdn();
      site = await openSite();
      const { store } = site.desk;
      ticket = store.addTicket(
        { subject: 'A dim lamp', requesterId: 1 },
        { kind: 'message', personId: 1, poster: 'Jane Doe', body: 'It is dim.' },
      );
      const answer = { kind: 'reply', personId: 4, poster: 'Nora Lind', format: 'html' } as const;
      store.addEntry(ticket.id, { ...answer, body: 'Turn <b>it</b> off.' });
      const relay = createRelay({
        backend: osticket({ url: `${site.url}/desk`, apiKey: 'k' }),
        identity: { audience, keys: [{ alg: 'HS256', secret }] },
        origins: [site.url],
        basePath: '/relay',
        guests: { mode: 'create' },
        // Tests change the desk behind it.
        cacheMs: 0,
      });
      const plain = site.desk.handler('osticket-http', '/http');
      site.answer = async (request) => {
        const { pathname } = new URL(request.url);
        if (pathname.startsWith('/relay/')) return relay(request);
        if (pathname.startsWith('/http/')) return plain(request);
        if (pathname === '/token') return Response.json({ token: await tokenOf('jane') });
        if (chunk.test(pathname) && together.length) {
          const all = together.every((name) => chunksIn(site.log).includes(name));
          if (all) for (const release of released.splice(0)) release();
          else await new Promise<void>((resolve) => released.push(resolve));
        }
        return undefined;
      };
      browser = await openBrowser(engine);
    });
    after(async () => {
      await browser?.close();
      await site?.close();
    });
    beforeEach(async () => {
      site.refuse = undefined;
      together = [];
      released = [];
      problems.length = 0;
      page = await (await browser.createBrowserContext()).newPage();
      page.setDefaultTimeout(10_000);
      await page.evaluateOnNewDocument('globalThis.__name = (one) => one');
      page.on('pageerror', (error) => problems.push(String(error)));
      page.on('console', (message) => {
        if (['error', 'warn'].includes(message.type())) problems.push(message.text());
      });
    });
    afterEach(async () => {
      for (const release of released) release();
      await page.browserContext().close();
    });

    async function open(body: string, hash = ''): Promise<void> {
      site.pages.set('/', html(body, tag));
      site.log.length = 0;
      await page.goto(`${site.url}/${hash}`);
      await has(page, '"HelpDesk" in window');
      await settled(page);
    }
    const inDesk = (look: string): Promise<unknown> =>
      has(
        page,
        `(() => { const desk = document.querySelector("help-desk"), root = desk?.shadowRoot, part = (tag) => root?.querySelector(tag)?.shadowRoot; return ${look} })()`,
      );
    const press = async (selector: string): Promise<void> => (await wait(page, `>>> ${selector}`)).click();
    const launcher = (connection: string): string => `<main>Shop</main><help-desk launcher ${connection}></help-desk>`;
    const usable = '!!part("ticket-form")?.querySelector("textarea") && desk.open';
    const listed = '!!part("ticket-list")?.querySelector("[part~=item]")';
    const read = '!!part("ticket-thread")?.querySelector("article")';

    for (const [what, attributes, files] of [
      ['a guest at the relay', guestAtRelay, ['help-desk', 'relay', 'ticket-form']],
      [
        'a guest at osTicket',
        `backend="osticket" url="/desk" ${key}`,
        ['help-desk', 'osticket', 'systems', 'ticket-form'],
      ],
      [
        'a guest at the other osTicket',
        `backend="osticket-http" url="/http" ${key}`,
        ['help-desk', 'osticket-http', 'systems', 'ticket-form'],
      ],
      ['somebody known at the relay', `${janeAtRelay} view="new"`, ['help-desk', 'relay', 'ticket-form']],
    ] as const)
      it(`asks for ${files.length} files at once, and for no other before there is a form for ${what}`, async () => {
        await open(launcher(attributes));
        together = [...files];
        await page.evaluate(() => document.querySelector('help-desk')!.shadowRoot!.querySelector('button')!.click());
        await inDesk(usable);
        expect(chunksIn(site.log).slice(0, files.length).sort()).to.deep.equal(files);
        expect(bytes(files)).to.be.at.most(38_000);
        expect(problems).to.deep.equal([]);
      });

    it('asks for six files to list, read and answer a ticket, the sanitiser among them', async () => {
      const { id, number } = ticket;
      await open(launcher(janeAtRelay));
      together = ['help-desk', 'relay', 'ticket-list'];
      await press('[part=launcher]');
      await press(`[data-id="${number}"]`);
      await inDesk(read);
      await press('ticket-thread >>> textarea');
      await page.keyboard.type('Thank you!');
      await press('ticket-thread >>> form button.primary, ticket-thread >>> [part=send]');
      await inDesk('[...part("ticket-thread").querySelectorAll("article")].at(-1).textContent.includes("Thank you!")');
      await until(() => site.desk.store.entries(id).some(({ body }) => body.includes('Thank you!')));
      const files = ['activity', 'help-desk', 'relay', 'ticket-list', 'ticket-thread'];
      expect(chunksIn(site.log).sort()).to.deep.equal([...files, 'sanitise'].sort());
      expect(bytes(files)).to.be.at.most(47_500);
      expect(problems).to.deep.equal([]);
    });

    it('opens a ticket that the address names, with all it needs at once', async () => {
      const { number } = ticket;
      together = ['help-desk', 'osticket', 'systems', 'ticket-list', 'ticket-thread'];
      await open(launcher(connection), `#help-desk=ticket:${number}`);
      await inDesk(`${read} && desk.open`);
      expect(chunksIn(site.log).slice(0, 5).sort()).to.deep.equal(together);
      expect(problems).to.deep.equal([]);
    });

    it('opens what a link in the page names, and nothing for a link that names no view', async () => {
      await open(`<a href="#help-desk=new">Ask us</a><a href="#help-desk=ticket:..">Hm</a>${launcher(connection)}`);
      expect(chunksIn(site.log)).to.deep.equal([]);
      await page.click('a + a');
      await inDesk('desk.store');
      expect(await page.$eval('help-desk', (desk) => desk.open)).to.equal(false);
      await page.click('a');
      await inDesk(usable);
      expect(problems).to.deep.equal([]);
    });

    it('shows what a link names also far down in the page', async () => {
      await open(`<div style="height: 400vh"></div><help-desk ${connection}></help-desk>`, '#help-desk=new');
      await inDesk('!!part("ticket-form")?.querySelector("textarea") && scrollY > 0');
      expect(problems).to.deep.equal([]);
    });

    it('draws no button where the page has its own, and is opened by that: a click that nothing announced', async () => {
      await open(`<button id="ask"><b>Ask us</b></button>${launcher(`trigger="#ask" ${connection}`)}`);
      expect(await page.$eval('help-desk', (desk) => desk.shadowRoot)).to.equal(null);
      expect(chunksIn(site.log)).to.deep.equal([]);
      await page.evaluate(() => document.querySelector<HTMLElement>('#ask b')!.click());
      await inDesk(`${listed} && desk.open && !root.querySelector("[part=launcher]")`);
      expect(await page.$eval('#ask', (ask) => [ask.ariaExpanded, ask.ariaBusy])).to.deep.equal(['true', null]);
      await page.click('#ask');
      await inDesk('!desk.open');
      expect(problems).to.deep.equal([]);
    });

    it('draws the button where what should be a selector is none; no event of the page is in its way', async () => {
      await open(`<p id="near">Near</p>${launcher(`trigger="#1help" ${connection}`)}`);
      await page.hover('#near');
      await page.click('#near');
      expect(chunksIn(site.log)).to.deep.equal([]);
      expect(problems).to.deep.equal([]);
      await press('[part=launcher]');
      await inDesk(`${listed} && desk.open && !!root.querySelector("[part=launcher]")`);
      expect(
        problems.filter((problem) => !problem.startsWith('<help-desk trigger="#1help"> is no selector')),
      ).to.deep.equal([]);
    });

    it('leaves alone what happens to the document itself', async () => {
      await open(`<button id="ask">Ask us</button>${launcher(`trigger="#ask" ${connection}`)}`);
      await page.evaluate(() => {
        for (const type of ['pointerover', 'focusin', 'click']) document.dispatchEvent(new Event(type));
      });
      await settled(page);
      expect(chunksIn(site.log)).to.deep.equal([]);
      expect(problems).to.deep.equal([]);
    });

    it("fetches when somebody comes near the page's own button; it may come after the script", async () => {
      await open(launcher(`trigger="#ask" ${connection}`));
      await page.evaluate(() => {
        document.body.insertAdjacentHTML('afterbegin', '<a id="ask" href="/support">Ask us</a>');
      });
      await page.focus('#ask');
      await inDesk('desk.store');
      // The list is fetched beside what makes the store.
      await until(() => chunksIn(site.log).includes('ticket-list'));
      expect(chunksIn(site.log).sort()).to.deep.equal(['help-desk', 'osticket', 'systems', 'ticket-list']);
      await page.keyboard.press('Enter');
      await inDesk(`${listed} && desk.open && root.activeElement.localName === "dialog"`);
      await page.keyboard.press('Escape');
      await inDesk('!desk.open && document.activeElement.id === "ask"');
      expect(problems).to.deep.equal([]);
    });

    it("shows a button to try again where the page's own could not open anything", async () => {
      await open(`<button id="ask">Ask us</button>${launcher(`trigger="#ask" ${connection}`)}`);
      if (engine === 'chrome') site.refuse = /chunks/;
      else await page.evaluate(() => Object.defineProperty(navigator, 'onLine', { value: false, configurable: true }));
      await page.click('#ask');
      await inDesk('root?.querySelector("button")?.textContent === "Try again"');
      site.refuse = undefined;
      await page.evaluate(() => Object.defineProperty(navigator, 'onLine', { value: true }));
      await press('[part=launcher]');
      await inDesk(`${listed} && desk.open && !root.querySelector("[part=launcher]")`);
    });

    it('is open again after a reload where it is told to remember, and then only', async () => {
      for (const [attribute, expected] of [
        ['remember', true],
        ['', false],
      ] as const) {
        await open(launcher(`${attribute} ${connection}`));
        await press('[part=launcher]');
        await inDesk(listed);
        await press('.new');
        await inDesk(usable);
        site.log.length = 0;
        await page.reload();
        await has(page, '"HelpDesk" in window');
        if (expected) await inDesk(usable);
        await settled(page);
        expect(chunksIn(site.log).length > 0).to.equal(expected);
        await page.evaluate(() => sessionStorage.clear());
      }
      expect(problems).to.deep.equal([]);
    });

    if (engine === 'chrome')
      it('draws the button with an edge where the colours are forced, and leaves it out on paper', async () => {
        await open(launcher(connection));
        const session = await page.createCDPSession();
        const look = async (media: string, name: string, value: string): Promise<unknown> => {
          await session.send('Emulation.setEmulatedMedia', { media, features: [{ name, value }] });
          return page.evaluate(() => {
            const button = document.querySelector('help-desk')!.shadowRoot!.querySelector('button')!;
            const { borderTopColor, borderTopWidth, backgroundColor, display } = getComputedStyle(button);
            const clear = /^rgba.* 0\)$/.test(borderTopColor) || borderTopColor === backgroundColor;
            return [display !== 'none', borderTopWidth, clear ? 'no edge' : 'an edge'];
          });
        };
        expect(await look('', 'forced-colors', 'none')).to.deep.equal([true, '1px', 'no edge']);
        expect(await look('', 'forced-colors', 'active')).to.deep.equal([true, '1px', 'an edge']);
        expect(await look('print', 'forced-colors', 'none')).to.deep.equal([false, '1px', 'no edge']);
      });

    it('says so in the panel where a part could not be loaded, and tries again', async () => {
      await open(launcher(connection));
      if (engine === 'chrome') site.refuse = /ticket-form/;
      await press('[part=launcher]');
      await inDesk(listed);
      if (engine === 'firefox')
        await page.evaluate(() => Object.defineProperty(navigator, 'onLine', { value: false, configurable: true }));
      const heard = page.evaluate(
        () =>
          new Promise((resolve) =>
            document.addEventListener('help-desk-error', (event) => resolve(event.error.code), { once: true }),
          ),
      );
      await page.evaluate(() => document.querySelector('help-desk')!.navigate('new'));
      await inDesk(
        'root.querySelector("[part=detail-pane] [role=alert]")?.textContent.includes("The help desk could not be reached.")',
      );
      expect(await heard).to.equal('network');
      site.refuse = undefined;
      await page.evaluate(() => Object.defineProperty(navigator, 'onLine', { value: true }));
      await press('[part=detail-pane] [role=alert] button');
      await inDesk(`${usable} && root.activeElement?.part.contains("detail-pane")`);
    });

    it('fetches what comes next when somebody is near it, and when the page has nothing else to do', async () => {
      const fetched = (name: string): Promise<unknown> =>
        has(page, `performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/${name}.js"))`);
      // Whoever looks into the page through the test's protocol counts as having done something there.
      const pretend = (hasBeenActive: boolean): void =>
        void Object.defineProperty(navigator, 'userActivation', { value: { hasBeenActive }, configurable: true });
      await page.evaluateOnNewDocument(pretend, false);
      await open(`<help-desk ${connection}></help-desk>`);
      await inDesk(listed);
      await settled(page);
      expect(chunksIn(site.log)).to.include('ticket-list').and.to.not.include.members(['ticket-form']);
      expect(chunksIn(site.log)).to.not.include('ticket-thread');
      await (await wait(page, '>>> .new')).hover();
      await fetched('ticket-form');
      await (await wait(page, '>>> [part~=item]')).hover();
      await fetched('ticket-thread');
      await open(launcher(connection));
      await page.evaluate(pretend, true);
      await press('[part=launcher]');
      await inDesk(listed);
      await fetched('ticket-thread');
      expect(problems).to.deep.equal([]);
    });
  });
}
