/** The designer of themes: what it says of contrast is true, and what it writes is what is seen. */
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import { checks, colours, contrast, declarations, others, themeCss, themes } from '../../demo/pages/themes.js';
import { openBrowser, openPage, startDemo, wait } from './demo.js';

describe('themes', () => {
  it('are measured as WCAG does', () => {
    for (const [one, other, ratio] of [
      ['#000000', '#ffffff', 21],
      ['#ffffff', '#ffffff', 1],
      ['#777777', '#ffffff', 4.48],
      ['#767676', '#ffffff', 4.54],
      ['#0000ff', '#ffffff', 8.59],
      ['#ff0000', '#00ff00', 2.91],
    ] as const) {
      expect(contrast(one, other)).to.be.closeTo(ratio, 0.005);
      expect(contrast(other, one)).to.equal(contrast(one, other));
    }
  });

  it('that are ready-made can all be read, by day and by night', () => {
    for (const [name, theme] of Object.entries(themes)) {
      const bad = checks(theme).filter(({ enough }) => !enough);
      expect(bad, name).to.deep.equal([]);
    }
  });

  it('say too little where it is too little, and not more than is so', () => {
    const [first] = checks({ muted: ['#777777', '#ffffff'] }).filter(({ enough }) => !enough);
    // 4.48 is not 4.5.
    expect(first).to.include({ time: 'light', front: 'muted', back: 'surface', ratio: 4.4, least: 4.5 });
    expect(new Set(checks({ 'color-scheme': 'dark' }).map(({ time }) => time))).to.deep.equal(new Set(['dark']));
    expect(checks({}).length).to.equal(28);
  });

  it('write what differs, and nothing else', () => {
    expect(themeCss({})).to.equal('');
    const [day, night] = colours['accent']!;
    expect(declarations({ accent: [day, night], radius: others['radius']![0] })).to.deep.equal([]);
    expect(themeCss({ accent: ['#111111', '#eeeeee'], surface: ['#fffffe', '#fffffe'], radius: '0' }, '.x')).to.equal(
      '.x {\n  --help-desk-accent: light-dark(#111111, #eeeeee);\n  --help-desk-surface: #fffffe;\n  --help-desk-radius: 0;\n}\n',
    );
  });
});

describe('the designer', function () {
  this.timeout(60_000);
  let browser: Browser;
  let demo: Awaited<ReturnType<typeof startDemo>>;
  let page: Page;
  let complaints: () => Promise<string[]>;

  before(async function () {
    this.timeout(60_000);
    demo = await startDemo();
    browser = await openBrowser();
  });
  beforeEach(async () => {
    ({ page, complaints } = await openPage(browser));
    await page.setViewport({ width: 1400, height: 900 });
    await page.goto(`${demo.url}theming.html`);
    await wait(page, '>>> [part~=item]');
  });
  afterEach(async () => {
    expect(await complaints()).to.deep.equal([]);
    await page.browserContext().close();
  });
  after(async () => {
    await browser?.close();
    await demo?.close();
  });

  /** As a person changes a field: with its events. */
  const set = (selector: string, value: string): Promise<void> =>
    page.$eval(
      selector,
      (field, to) => {
        (field as HTMLInputElement).value = to;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      },
      value,
    );
  const choose = (theme: string): Promise<void> =>
    page.$eval(`[name=theme][value=${theme}]`, (radio) => (radio as HTMLInputElement).click());
  const code = (): Promise<string> => page.$eval('.snippet code', (place) => place.textContent);
  const verdict = (): Promise<string> => page.$eval('[data-verdict]', (place) => place.textContent);
  const look = (selector: string, property: string): Promise<string> =>
    page.$eval(`>>> ${selector}`, (element, name) => getComputedStyle(element).getPropertyValue(name), property);

  it('begins with the widget as it comes', async () => {
    expect(await code()).to.equal('/* As it comes: nothing to write. */\n');
    expect(await verdict()).to.equal('All 28 pairs of colours can be read.');
    expect(await look('.new', 'background-color')).to.equal('rgb(29, 91, 191)');
  });

  it('has a control for every colour, by day and by night, and puts it on the widget at once', async () => {
    const named = await page.$$eval('input[type=color]', (all) => all.map(({ ariaLabel }) => ariaLabel!));
    expect(named.length).to.equal(2 * Object.keys(colours).length);
    expect(new Set(named).size).to.equal(named.length);
    await set('[data-colour=surface][data-at="0"]', '#fff0e0');
    expect(await look('ticket-list', 'background-color')).to.equal('rgb(255, 240, 224)');
    expect(await code()).to.equal('help-desk {\n  --help-desk-surface: light-dark(#fff0e0, #15171c);\n}\n');
    await page.$eval('[data-show=dark]', (button) => (button as HTMLElement).click());
    expect(await look('ticket-list', 'background-color')).to.equal('rgb(21, 23, 28)');
    await set('[data-colour=surface][data-at="1"]', '#201000');
    expect(await look('ticket-list', 'background-color')).to.equal('rgb(32, 16, 0)');
  });

  it('changes sizes, corners and the font', async () => {
    await set('#radius', '1.5');
    await set('#font-size', '1.125');
    await set('#block-size', '30');
    await set('#launcher-offset', '3');
    await page.select('#font', 'Georgia, Cambria, serif');
    expect(await look('help-desk:not([launcher])', 'border-radius')).to.equal('24px');
    expect(await look('.frame', 'height')).to.equal('480px');
    expect(await look('ticket-list', 'font-size')).to.equal('18px');
    expect(await look('ticket-list', 'font-family')).to.equal('Georgia, Cambria, serif');
    expect(await look('[part=launcher]', 'right')).to.equal('48px');
    expect((await code()).split('\n').map((line) => line.trim())).to.include.members([
      '--help-desk-radius: 1.5rem;',
      '--help-desk-font-size: 1.125rem;',
      '--help-desk-block-size: 30rem;',
      '--help-desk-launcher-offset: 3rem;',
      '--help-desk-font: Georgia, Cambria, serif;',
    ]);
  });

  it('says in words what cannot be read, and where', async () => {
    await set('[data-colour=accent][data-at="0"]', '#ffd400');
    expect(await verdict()).to.match(
      /^\d pairs are hard to read\. Words on a button by day: 1\.4 : 1, and 4\.5 : 1 is needed \(on-accent on accent\)\.$/,
    );
    expect(await page.$eval('[data-verdict]', (place) => place.className)).to.equal('verdict bad');
    await page.$eval('details', (details) => (details.open = true));
    const rows = await page.$$eval('[data-pairs] tr', (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent)),
    );
    expect(rows.length).to.equal(14);
    expect(rows).to.deep.include(['Words on a button', '1.4 : 1, too little: 4.5 : 1 is needed', '8.9 : 1, enough']);
  });

  it('begins with each ready-made theme, and writes it as it is seen', async () => {
    for (const [name, theme] of Object.entries(themes)) {
      await choose(name);
      expect(await code(), name).to.equal(themeCss(theme) || '/* As it comes: nothing to write. */\n');
      expect(await verdict(), name).to.match(/^All \d+ pairs of colours can be read\.$/);
      const radius = (theme['radius'] as string | undefined) ?? '0.625rem';
      expect(await look('help-desk:not([launcher])', 'border-radius'), name).to.equal(`${parseFloat(radius) * 16}px`);
    }
  });
});
