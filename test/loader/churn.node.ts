/** Elements that come and go two hundred times leave nothing behind: counted by Chromium after it has collected. */
import { expect } from 'chai';
import type { Browser, CDPSession, Page } from 'puppeteer-core';
import { buildCdn, connection, has, html, openBrowser, openSite, settled, tag, type Site } from './site.js';

const times = 200;

interface Counts {
  readonly nodes: number;
  readonly listeners: number;
  readonly heap: number;
}

async function count(session: CDPSession): Promise<Counts> {
  // What is released in one collection holds what goes in the next.
  for (let left = 4; left; left--) await session.send('HeapProfiler.collectGarbage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  const { metrics } = await session.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize')!.value;
  return { nodes, listeners: jsEventListeners, heap };
}

describe('elements that come and go', function () {
  this.timeout(120_000);
  let browser: Browser;
  let site: Site;
  let page: Page;
  let session: CDPSession;

  before(async () => {
    await buildCdn();
    site = await openSite({ seed: 'small' });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.close();
  });
  beforeEach(async () => {
    page = await (await browser.createBrowserContext()).newPage();
    page.setDefaultTimeout(60_000);
    session = await page.createCDPSession();
    await session.send('Performance.enable');
    await session.send('HeapProfiler.enable');
    site.pages.set('/', html(`<main></main><help-desk name="default" ${connection}><i></i></help-desk>`, tag));
    await page.goto(`${site.url}/`);
    await has(page, 'document.querySelector("help-desk").store');
  });
  afterEach(() => page.browserContext().close());

  /** Puts this in the page and takes it out again, each time when what it is to show is there. */
  const churn = (markup: string, shown: string, turns: number): Promise<unknown> =>
    page.evaluate(`(async () => {
      const place = document.querySelector('main');
      const template = document.createElement('template');
      template.innerHTML = ${JSON.stringify(markup)};
      for (let left = ${turns}; left; left--) {
        const element = document.importNode(template.content, true).firstElementChild;
        place.append(element);
        while (!(${shown})) await new Promise((done) => setTimeout(done, 1));
        element.remove();
        await new Promise((done) => setTimeout(done));
      }
    })()`);

  /** Fails where what comes and goes leaves something behind. */
  async function holdsNothing(markup: string, shown: string): Promise<void> {
    await churn(markup, shown, 20);
    const before = await count(session);
    await churn(markup, shown, times);
    let after = await count(session);
    const more = (): readonly number[] => [after.nodes - before.nodes, after.listeners - before.listeners];
    // What waits for a quiet moment holds the last of them until there is one.
    for (let left = 20; left && more().some((kept) => kept > 0); left--) {
      await settled(page);
      after = await count(session);
    }
    expect(more().map((kept) => Math.max(kept, 0))).to.deep.equal([0, 0]);
    // Chromium goes on compiling for a thousand turns, then nothing grows: one element kept would be far more.
    expect((after.heap - before.heap) / times).to.be.at.most(1000);
  }

  const number = (): string => site.desk.store.tickets({ requesterId: 1 })[0]!.number;
  const root = 'element.shadowRoot';
  const inList = `${root}?.querySelector('ticket-list')?.shadowRoot?.querySelector('[part~=item]')`;
  for (const [tagName, markup, shown] of [
    [
      'topic-picker',
      () => '<topic-picker name="topic"></topic-picker>',
      `${root}?.querySelector('[role=combobox], select')`,
    ],
    ['ticket-list', () => '<ticket-list></ticket-list>', `${root}?.querySelector('[part~=item]')`],
    ['ticket-form', () => '<ticket-form></ticket-form>', `${root}?.querySelector('topic-picker, textarea')`],
    [
      'ticket-thread',
      () => `<ticket-thread ticket="${number()}"></ticket-thread>`,
      `${root}?.querySelector('article')`,
    ],
    ['help-desk', () => `<help-desk name="other" ${connection}></help-desk>`, inList],
    [
      'help-desk with a launcher, opened',
      () => `<help-desk name="other" launcher open view="new" ${connection}></help-desk>`,
      // The list behind the form comes when there is time: only some would have had it.
      `${root}?.querySelector('ticket-form')?.shadowRoot?.querySelector('textarea') && ${inList}`,
    ],
    [
      "help-desk with the page's own button",
      () =>
        `<section><button id="ask">Ask</button><help-desk name="other" launcher trigger="#ask" ${connection}></help-desk></section>`,
      `element.querySelector('#ask').ariaExpanded === 'false' && element.querySelector('help-desk').store`,
    ],
  ] as const)
    it(`leave no node, listener or memory: ${tagName}`, async () => {
      await holdsNothing(markup(), shown);
    });

  for (const [what, extra, shown] of [
    ['with a button', '', `${root}?.querySelector('[part=launcher]')`],
    ["with the page's own button", 'trigger="#ask"', 'element.isConnected'],
  ])
    it(`leave no node, listener or memory: a launcher that nobody has come near, ${what}`, async () => {
      site.pages.set('/', html('<main></main>', tag));
      await page.goto(`${site.url}/`);
      await has(page, '"HelpDesk" in window');
      await holdsNothing(`<help-desk launcher ${extra} ${connection}></help-desk>`, shown!);
    });
});
