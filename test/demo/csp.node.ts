/** Every page of the demo under its policy: nothing is refused, nothing is complained of, and it works. */
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import { contentSecurityPolicy } from '../../demo/server.js';
import { menu } from '../../demo/layout.js';
import { find, openBrowser, openPage, press, shows, startDemo, type, wait } from './demo.js';

let browser: Browser;
let demo: Awaited<ReturnType<typeof startDemo>>;

describe('the demo in a browser', () => {
  before(async function () {
    this.timeout(60_000);
    demo = await startDemo();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await demo?.close();
  });

  const rowCount = (page: Page): Promise<number> => page.$$eval('>>> [part~=item]', (rows) => rows.length);
  const rows = (page: Page) => wait(page, '>>> [part~=item]');

  /** Opens a page of the demo; the answer ends it and tells what it complained of. */
  async function open(path: string): Promise<{ page: Page; end: () => Promise<string[]> }> {
    const { page, complaints } = await openPage(browser);
    const answer = await page.goto(demo.url + path);
    expect(answer!.headers()['content-security-policy']).to.equal(contentSecurityPolicy);
    return {
      page,
      end: async () => {
        const all = await complaints();
        await page.browserContext().close();
        return all;
      },
    };
  }

  describe('the demo under its policy', function () {
    this.timeout(60_000);

    it('is the policy that strict hosts have', () => {
      expect(contentSecurityPolicy).to.equal(
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:; " +
          "require-trusted-types-for 'script'; trusted-types helpdesk-elements",
      );
    });

    it('begins with a page that links to all others, which say what they are', async () => {
      const { page, end } = await open('');
      const links = await page.$$eval('main a', (all) => all.map((link) => link.getAttribute('href')!));
      const listed = menu.flatMap(([, pages]) => pages.map(([path]) => path));
      // Two buttons at the top, and a card for each page.
      expect(links).to.deep.equal(['/configure.html', '/widget.html', ...listed]);
      for (const link of listed) {
        const answer = await page.goto(demo.url + link.slice(1));
        expect(answer!.status(), link).to.equal(200);
        const heading = await page.$eval('h1', (element) => element.textContent);
        expect(await page.title(), link).to.equal(`${heading} · helpdesk-elements`);
        const current = await page.$$eval('nav [aria-current=page]', (all) =>
          all.map((one) => one.getAttribute('href')),
        );
        expect(current).to.deep.equal([link]);
      }
      expect((await end()).filter((line) => !/frame-src/.test(line))).to.deep.equal([]);
    });

    it('shows how each example is made', async () => {
      const { page, end } = await open('widget.html?backend=support-ticket');
      const source = await page.$eval('.snippet code', (place) => place.textContent);
      expect(source).to.match(
        /^<script async src="\/cdn\/help-desk\.js"><\/script>\n\n<help-desk\s+backend="support-ticket"/,
      );
      for (const name of ['launcher', 'relay', 'blocks', 'picker', 'slots']) {
        await page.goto(`${demo.url}${name}.html`);
        const code = await page.$eval('.snippet code', (place) => place.textContent);
        expect(code, name).to.match(name === 'picker' ? /<topic-picker\n/ : /<help-desk[^>]*>/);
        expect(code, name).to.not.include('</main>');
      }
      expect(await end()).to.deep.equal([]);
    });

    for (const backend of ['osticket', 'support-ticket']) {
      it(`runs the main flow over ${backend}`, async () => {
        const { page, end } = await open(`widget.html?backend=${backend}&person=omar%40example.test`);
        await rows(page);
        const chosen = await page.$eval('help-desk', (desk) => [
          desk.getAttribute('backend'),
          desk.getAttribute('email'),
        ]);
        expect(chosen).to.deep.equal([backend, 'omar@example.test']);
        expect(await page.$$eval('select', (all) => all.map(({ value }) => value))).to.deep.equal([
          backend,
          'omar@example.test',
        ]);
        const before = await rowCount(page);
        await press(page, 'New ticket');
        // Not by its name, which the filter of the list beside it has as well.
        await (await wait(page, '>>> topic-picker >>> [role=combobox]')).type('Billing');
        await page.keyboard.press('Enter');
        await type(page, 'Subject', `Strict over ${backend}`);
        await type(page, 'Message', 'Does it work?');
        await press(page, 'Send');
        await find(page, 'heading', `Strict over ${backend}`);
        await type(page, 'Your reply', 'It seems so.');
        await press(page, 'Reply');
        await shows(page, 'Your reply was sent.');
        await press(page, 'Close ticket');
        await shows(page, 'The ticket is closed.');
        await press(page, 'Reopen ticket');
        await shows(page, 'The ticket is open again.');
        expect(await page.$$eval('>>> article.message', (all) => all.length)).to.equal(2);
        expect(await rowCount(page)).to.equal(before + 1);
        expect(await end()).to.deep.equal([]);
      });
    }

    it('runs the main flow behind the relay, for whoever is signed in', async () => {
      const { page, end } = await open('relay.html');
      const signIn = async (person: string): Promise<void> => {
        await page.select('select[name=person]', person);
        await Promise.all([page.waitForNavigation(), press(page, 'Sign in')]);
        await rows(page);
      };
      await shows(page, 'The help desk did not accept the sign-in.');
      expect(await page.$('>>> [part~=item]')).to.equal(null);
      await signIn('omar');
      const before = await rowCount(page);
      expect(before).to.be.within(16, 20);
      await press(page, 'New ticket');
      await type(page, 'Subject', 'Through the relay');
      await type(page, 'Message', 'Does it arrive?');
      await press(page, 'Send');
      await find(page, 'heading', 'Through the relay');
      await type(page, 'Your reply', 'It does.');
      await press(page, 'Reply');
      await shows(page, 'Your reply was sent.');
      const view = await page.$eval('help-desk', (desk) => desk.getAttribute('view')!);
      await signIn('mia');
      await page.$eval('help-desk', (desk, other) => desk.setAttribute('view', other), view);
      await shows(page, 'This could not be found.');
      // What the browser says of another person's ticket, and nothing else.
      expect((await end()).filter((line) => !/404/.test(line))).to.deep.equal([]);
    });

    it('keeps what is being written over a reload of the page, up to the last key', async () => {
      const { page, end } = await open('widget.html');
      await rows(page);
      await press(page, 'New ticket');
      await type(page, 'Subject', 'Not lost');
      await type(page, 'Message', 'Not a key of this');
      await page.reload();
      await rows(page);
      await press(page, 'New ticket');
      for (const [name, value] of [
        ['Subject', 'Not lost'],
        ['Message', 'Not a key of this'],
      ] as const) {
        const field = await find(page, 'textbox', name);
        expect(await field.evaluate((element) => (element as HTMLInputElement).value)).to.equal(value);
      }
      expect(await end()).to.deep.equal([]);
    });

    it('draws HTML replies through the sanitiser', async () => {
      const { page, end } = await open('widget.html');
      await rows(page);
      const seen = new Set<string>();
      for (let at = 0; at < (await rowCount(page)) && !(seen.has('TABLE') && seen.has('BLOCKQUOTE')); at++) {
        await page.$$eval('>>> [part~=item]', (all, index) => (all[index] as HTMLElement).click(), at);
        await page.waitForFunction(
          (index) => {
            const desk = document.querySelector('help-desk')!.shadowRoot!;
            const row = desk.querySelector('ticket-list')!.shadowRoot!.querySelectorAll('[part~=item]')[index]!;
            const thread = desk.querySelector('ticket-thread')?.shadowRoot;
            const subject = row.querySelector('[part=subject]')!.textContent.trim();
            const waiting = thread?.querySelector('[part=skeleton], article .body:empty');
            return thread?.querySelector('h2')?.textContent!.trim() === subject && !waiting;
          },
          {},
          at,
        );
        const tags = await page.$$eval('>>> article .body *', (all) => all.map(({ tagName }) => tagName));
        for (const tag of tags) seen.add(tag);
      }
      expect([...seen]).to.include.members(['TABLE', 'BLOCKQUOTE', 'STRONG', 'A']);
      expect(await end()).to.deep.equal([]);
    });

    for (const backend of ['osticket', 'support-ticket']) {
      it(`has four elements in unrelated blocks that work together over ${backend}`, async () => {
        const { page, end } = await open(`blocks.html?backend=${backend}`);
        await rows(page);
        await find(page, 'combobox', 'Topic');
        await find(page, 'textbox', 'Subject');
        await page.$$eval('>>> [part~=item]', (all) => (all[0] as HTMLElement).click());
        await wait(page, 'ticket-thread >>> article');
        expect(await end()).to.deep.equal([]);
      });
    }

    it('has a plain form that sends the topic chosen', async () => {
      const { page, end } = await open('picker.html');
      await page.type('#subject', 'Late');
      await (await find(page, 'combobox', 'Topic')).type('late');
      await wait(page, '>>> [role=option]');
      await page.keyboard.press('Enter');
      await Promise.all([page.waitForNavigation(), page.click('form.plain button')]);
      expect(new URL(page.url()).search).to.equal('?subject=Late&topic=2');
      expect(await end()).to.deep.equal([]);
    });

    it('has a launcher, which buttons of the page open as well', async () => {
      const { page, end } = await open('launcher.html');
      await wait(page, '>>> [part=launcher]');
      expect(await page.$('>>> ticket-list')).to.equal(null);
      await press(page, 'Write to us');
      await find(page, 'textbox', 'Subject');
      await press(page, 'Close');
      await press(page, 'Help');
      await find(page, 'textbox', 'Subject');
      expect(await end()).to.deep.equal([]);
    });

    it('says what is wrong with a connection', async () => {
      const { page, end } = await open('diagnose.html');
      const look = async (slip: string, count: number): Promise<string[]> => {
        await page.evaluate((words) => {
          const choice = document.querySelector<HTMLSelectElement>('#slip')!;
          choice.selectedIndex = [...choice.options].findIndex(({ text }) => text === words);
          choice.dispatchEvent(new Event('change', { bubbles: true }));
        }, slip);
        await page.click('[data-diagnose] button');
        await page.waitForFunction((wanted) => document.querySelectorAll('dt').length === wanted, {}, count);
        return page.$$eval('dt', (all) => all.map((term) => term.textContent));
      };
      await page.waitForFunction(() => 'HelpDesk' in window);
      expect(await look('None', 2)).to.deep.equal(['✓ clock', '✓ all-well']);
      expect(await look('A key that belongs to another machine', 2)).to.deep.equal(['✗ key-address', '✓ clock']);
      expect(await look('An address that the page may not ask', 1)).to.deep.equal(['✗ policy']);
      // Of the policy nothing was violated but by that address.
      const violations = (await end()).filter((words) => words.includes('-src: '));
      expect(violations.length).to.be.above(0);
      expect(violations.filter((words) => !words.startsWith('connect-src: https://help.example.com/'))).to.deep.equal(
        [],
      );
    });

    it('gives nothing but its own files', async () => {
      for (const path of [
        '../package.json',
        '..%2fpackage.json',
        'cdn/../../package.json',
        'cdn/..%2f..%2fpackage.json',
        'no.html',
        'desk/data/demo.db',
      ])
        expect((await fetch(demo.url + path)).status, path).to.be.oneOf([400, 404]);
    });
  });
});
