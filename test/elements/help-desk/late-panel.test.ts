/** The code of the launcher and its panel: fetched by a desk that has them, and waited for without anything lost. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { HelpDesk } from '../../../src/elements/help-desk/help-desk.js';
import { focused } from '../../support/focus.js';
import { button, buttons, query, said, seen, until, words, write } from '../../support/screen.js';
import { attributes, cleanUp, place, testDesk, widget } from '../../support/widget.js';
import { pageWithout, removePages } from '../../support/without.js';
import { heardWarnings } from '../../support/warnings.js';

const warnings = heardWarnings();
afterEach(async () => {
  delete (navigator as { onLine?: boolean }).onLine;
  removePages();
  await cleanUp();
});

/** The network goes, or comes back: the browser says so then. */
function online(value: boolean): void {
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => value });
  if (value) dispatchEvent(new Event('online'));
}

const dialog = (desk: HelpDesk): HTMLDialogElement | null => desk.shadowRoot!.querySelector('dialog');
const isShown = (desk: HelpDesk): boolean => !!dialog(desk)?.matches('[open], :popover-open');
const launcher = (desk: HelpDesk): HTMLElement | null => desk.shadowRoot!.querySelector('[part=launcher]');
/** Tags of what is drawn. */
const drawn = (desk: HelpDesk): string[] => [...desk.shadowRoot!.children].map(({ localName }) => localName);
const failure = 'The help desk could not be reached. Try again Close';

/** A launcher whose code cannot be had for now. */
async function lost(extra = '', before = ''): Promise<{ element: HelpDesk; page: HTMLElement; codes: string[] }> {
  const desk = await testDesk();
  online(false);
  const codes: string[] = [];
  const page = place(before);
  page.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
  page.insertAdjacentHTML('beforeend', `<help-desk launcher ${attributes(desk, 'osticket')} ${extra}></help-desk>`);
  const element = page.querySelector('help-desk')!;
  await element.updateComplete;
  return { element, page, codes };
}

describe('the code of the launcher', () => {
  /** Whether the page in the frame has asked for it. */
  const asked = (page: Document): boolean =>
    page.defaultView!.performance.getEntriesByType('resource').some(({ name }) => /help-desk\/panel\.ts/.test(name));

  it('is not fetched for a desk without one, and is for one that becomes one', async () => {
    const page = await pageWithout([], 'define', '<help-desk></help-desk>');
    const desk = page.querySelector('help-desk')!;
    await until(() => desk.shadowRoot?.textContent.includes('This help desk has no address.'), 'the desk');
    await desk.updateComplete;
    expect(asked(page)).to.equal(false);
    desk.launcher = true;
    await desk.updateComplete;
    expect(asked(page)).to.equal(true);
    expect(launcher(desk)!.textContent).to.equal('Help');
  });

  it('that cannot be had leaves the page as it is, until somebody opens it and is told', async () => {
    const page = await pageWithout(
      ['elements/help-desk/panel'],
      'define',
      '<main>Shop</main><help-desk launcher url="/nowhere"></help-desk>',
    );
    const desk = page.querySelector('help-desk')!;
    await until(() => 'show' in desk && desk.shadowRoot, 'the desk');
    await desk.updateComplete;
    expect(drawn(desk)).to.deep.equal([]);
    desk.show('new');
    const alert = await until(() => desk.shadowRoot!.querySelector('[role=alert]'), 'the failure');
    expect(alert.firstElementChild!.textContent).to.equal('The help desk could not be reached.');
    expect(desk.shadowRoot!.querySelector('.frame')).to.equal(null);
  });

  it('that cannot be had gives focus back to the button of the page when the failure is closed', async () => {
    const page = await pageWithout(
      ['elements/help-desk/panel'],
      'define',
      '<button id="ours">Ask us</button><help-desk launcher trigger="#ours" url="/nowhere"></help-desk>',
    );
    const desk = page.querySelector('help-desk')!;
    await until(() => 'show' in desk && desk.shadowRoot, 'the desk');
    await desk.updateComplete;
    const ours = page.querySelector<HTMLElement>('#ours')!;
    ours.click();
    const close = await until(
      () => desk.shadowRoot!.querySelector<HTMLElement>('[role=alert] button:last-child'),
      'the failure',
    );
    close.focus();
    close.click();
    await desk.updateComplete;
    expect([desk.open, page.activeElement === ours]).to.deep.equal([false, true]);
  });
});

describe('a launcher that is on its way', () => {
  it('shows nothing of the desk in the page', async () => {
    const { element } = await widget('osticket', { extra: 'launcher open view="new"' });
    const seenBefore = new Set<string>();
    const look = new MutationObserver(() => drawn(element).forEach((tag) => seenBefore.add(tag)));
    look.observe(element.shadowRoot!, { childList: true });
    await element.updateComplete;
    look.disconnect();
    expect([...seenBefore].sort()).to.deep.equal(['button', 'dialog']);
    expect(drawn(element)).to.deep.equal(['button', 'dialog']);
    expect(isShown(element)).to.equal(true);
  });

  it('takes what was drawn in the page into the panel, and gives it back when it is a launcher no longer', async () => {
    const { element } = await widget('osticket', { extra: 'view="new"' });
    const message = await until(() => query<HTMLTextAreaElement>(element, 'textarea'), 'the form');
    write(message, 'Half a sentence');
    element.launcher = true;
    await element.updateComplete;
    expect([drawn(element), isShown(element)]).to.deep.equal([['button', 'dialog'], false]);
    element.show();
    const written = (): unknown => query<HTMLTextAreaElement>(element, 'textarea')?.value === 'Half a sentence';
    await until(written, 'the form in the panel');
    element.launcher = false;
    await element.updateComplete;
    expect([launcher(element), dialog(element)]).to.deep.equal([null, null]);
    await until(written, 'the form in the page');
  });

  it('is none where the page has thought better of it', async () => {
    const { element } = await widget('osticket', { extra: 'launcher' });
    element.show();
    element.launcher = false;
    await element.updateComplete;
    await until(() => query(element, 'ticket-list'), 'the list in the page');
    expect([launcher(element), dialog(element)]).to.deep.equal([null, null]);
  });

  it('opens once it is there, and not where it was closed meanwhile', async () => {
    const { element, page } = await widget('osticket', { extra: 'launcher' });
    const heard: string[] = [];
    for (const name of ['help-desk-open', 'help-desk-close'])
      page.addEventListener(name, ({ type }) => heard.push(type));
    element.show();
    element.hide();
    await element.updateComplete;
    expect([isShown(element), heard]).to.deep.equal([false, []]);
    element.toggle();
    await element.updateComplete;
    expect([isShown(element), heard]).to.deep.equal([true, ['help-desk-open']]);
    expect(focused() === dialog(element)).to.equal(true);
  });

  for (const [what, act, inside] of [
    ['the page comes open', () => undefined, false],
    ['something else of it changes', (desk: HelpDesk) => (desk.label = 'Ask us'), false],
    ['it is asked for', (desk: HelpDesk) => desk.show(), true],
    ['it is closed and opened', (desk: HelpDesk) => (desk.hide(), desk.toggle()), true],
  ] as const)
    it(`${inside ? 'takes focus in' : 'leaves focus where it is'} where ${what}, however late`, async () => {
      const { element, page } = await lost('open', '<input>');
      const input = page.querySelector('input')!;
      input.focus();
      online(true);
      act(element);
      await element.updateComplete;
      expect(isShown(element)).to.equal(true);
      expect(focused() === (inside ? dialog(element) : input)).to.equal(true);
    });

  it('takes focus in where the page opens it later on, by its property', async () => {
    const { element } = await lost();
    element.open = true;
    await element.updateComplete;
    expect(said(element)).to.equal(failure);
    online(true);
    await element.updateComplete;
    expect([isShown(element), focused() === dialog(element)]).to.deep.equal([true, true]);
  });

  it('comes to a desk that has left the page meanwhile, and is there when that comes back', async () => {
    const { element, page } = await widget('osticket', { extra: 'launcher' });
    element.show();
    element.remove();
    await element.updateComplete;
    expect(isShown(element)).to.equal(false);
    page.append(element);
    await element.updateComplete;
    expect(isShown(element)).to.equal(true);
    await sendKeys({ press: 'Escape' });
    await element.updateComplete;
    expect([element.open, words(launcher(element)!)]).to.deep.equal([false, 'Help']);
  });

  it('is hidden with its desk', async () => {
    const { element } = await widget('osticket', { extra: 'launcher hidden' });
    await element.updateComplete;
    expect(seen(launcher(element)!)).to.equal(false);
    element.hidden = false;
    expect(seen(launcher(element)!)).to.equal(true);
  });
});

describe('a launcher that could not be had', () => {
  it('is told to the page only while nobody has opened it, and comes with the network', async () => {
    const { element, codes } = await lost();
    expect([drawn(element), codes]).to.deep.equal([[], []]);
    expect(warnings().map(([text]) => text)).to.deep.equal(['<help-desk> cannot load its launcher']);
    online(true);
    await element.updateComplete;
    expect(words(launcher(element)!)).to.equal('Help');
    expect([isShown(element), warnings().length]).to.deep.equal([false, 1]);
  });

  it('does not come to a desk that has left the page', async () => {
    const { element } = await lost();
    element.remove();
    online(true);
    await element.updateComplete;
    expect(drawn(element)).to.deep.equal([]);
  });

  it('says so to who opens it, over the page, and tries again', async () => {
    const { element, page, codes } = await lost('view="new"', '<div style="block-size: 300vh"></div>');
    element.show();
    await element.updateComplete;
    expect([said(element), codes]).to.deep.equal([failure, ['network']]);
    expect(query(element, '.frame')).to.equal(undefined);
    const { top, right, bottom, left } = query(element, '[part=alert]')!.getBoundingClientRect();
    expect(Math.min(top, left, innerWidth - right, innerHeight - bottom)).to.be.at.least(0);
    await expect(page).to.be.accessible();
    const again = button(element, 'Try again');
    again.focus();
    again.click();
    await element.updateComplete;
    // Still without a network; who is at the button stays there.
    expect([said(element), codes]).to.deep.equal([failure, ['network', 'network']]);
    expect(focused() === again).to.equal(true);
    online(true);
    await element.updateComplete;
    expect([isShown(element), dialog(element)!.contains(focused())]).to.deep.equal([true, true]);
    expect(buttons(element, 'Try again')).to.deep.equal([]);
    await until(() => query(element, 'textarea'), 'the form');
  });

  it('can be closed, and is tried again when it is opened again', async () => {
    const { element } = await lost();
    element.show();
    await element.updateComplete;
    button(element, 'Close').click();
    await element.updateComplete;
    expect([element.open, drawn(element)]).to.deep.equal([false, []]);
    Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => true });
    element.toggle();
    await element.updateComplete;
    expect(isShown(element)).to.equal(true);
  });

  it("is opened by the page's own button as soon as it can be", async () => {
    const { element, page, codes } = await lost('trigger="#ask"', '<a id="ask" href="#elsewhere"><b>Ask us</b></a>');
    const ask = page.querySelector('a')!;
    for (const times of [1, 2]) {
      ask.querySelector('b')!.click();
      await element.updateComplete;
      expect([said(element), codes.length, location.hash]).to.deep.equal([failure, times, '']);
    }
    Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => true });
    ask.click();
    await element.updateComplete;
    expect([isShown(element), ask.ariaExpanded]).to.deep.equal([true, 'true']);
    ask.click();
    await element.updateComplete;
    expect([isShown(element), focused() === ask]).to.deep.equal([false, true]);
  });

  it("leaves alone what is not the page's own button, or the page has dealt with", async () => {
    const { element, page } = await lost('trigger="#ask"', '<button id="ask"></button><button id="other"></button>');
    page.querySelector<HTMLElement>('#other')!.click();
    const ask = page.querySelector<HTMLElement>('#ask')!;
    ask.addEventListener('click', (event) => event.preventDefault());
    ask.click();
    expect(element.open).to.equal(false);
    element.trigger = '#1 >';
    ask.click();
    element.launcher = false;
    element.trigger = '#other';
    page.querySelector<HTMLElement>('#other')!.click();
    expect(element.open).to.equal(false);
  });
});
