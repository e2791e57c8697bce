/** Where a panel comes from: links in the page's address, the page's own button, what the tab remembers. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { HelpDesk } from '../../../src/elements/help-desk/help-desk.js';
import { focused } from '../../support/focus.js';
import { button, query, until, words } from '../../support/screen.js';
import { phone, resize, wide } from '../../support/viewport.js';
import { attributes, cleanUp, jane, place, testDesk, widget } from '../../support/widget.js';

const { warn } = console;
const address = location.pathname + location.search;

afterEach(async () => {
  console.warn = warn;
  history.replaceState(null, '', address);
  sessionStorage.clear();
  await cleanUp();
  await resize(wide);
});

const dialog = (desk: HelpDesk): HTMLDialogElement => desk.shadowRoot!.querySelector('dialog')!;
const isShown = (desk: HelpDesk): boolean => dialog(desk).open || dialog(desk).matches(':popover-open');
const title = (root: Node): string => words(query(root, 'ticket-thread', 'h2') ?? document.createTextNode(''));
const follow = (hash: string): void => {
  const link = document.createElement('a');
  link.href = hash;
  document.body.append(link);
  link.click();
  link.remove();
};
/** The event of a new hash comes by itself, later. */
const hashChanged = (): Promise<unknown> =>
  new Promise((resolve) => addEventListener('hashchange', resolve, { once: true }));

describe('a link to a view', () => {
  it('opens the panel at a ticket when the page is opened with it, and takes focus in', async () => {
    const desk = await testDesk();
    const [ticket] = await desk.tickets(jane);
    history.replaceState(null, '', `#help-desk=ticket:${ticket!.number}`);
    const element = place(`<help-desk launcher ${attributes(desk, 'osticket')}></help-desk>`).querySelector(
      'help-desk',
    )!;
    await until(() => title(element) === ticket!.subject, 'the thread');
    expect(element.view).to.equal(`ticket:${ticket!.number}`);
    expect(isShown(element)).to.equal(true);
    expect(element.shadowRoot!.activeElement === dialog(element)).to.equal(true);
  });

  it('opens it later, works a second time, and leaves the address when what it names is no longer shown', async () => {
    const { element } = await widget('osticket', { extra: 'launcher' });
    await element.ready;
    const state = { of: 'the page' };
    for (const view of ['new', 'list', 'new'] as const) {
      history.replaceState(state, '');
      follow(`#help-desk=${view}`);
      await until(() => element.open && element.view === view && isShown(element), view);
      expect(location.hash).to.equal(`#help-desk=${view}`);
      history.replaceState(state, '');
      element.hide();
      await element.updateComplete;
      expect(location.hash).to.equal('');
      expect(history.state).to.deep.equal(state);
    }
    follow('#help-desk=new');
    await until(() => element.open, 'open');
    element.navigate('list');
    await element.updateComplete;
    expect(location.hash).to.equal('');
    expect(element.open).to.equal(true);
  });

  it('leaves an address alone that names something else by then', async () => {
    const { element } = await widget('osticket', { extra: 'launcher' });
    follow('#help-desk=new');
    await until(() => element.open, 'open');
    history.replaceState(null, '', '#section');
    element.hide();
    await element.updateComplete;
    expect(location.hash).to.equal('#section');
  });

  it('is ignored where it names no view', async () => {
    const { element } = await widget('osticket', { extra: 'launcher' });
    await element.ready;
    for (const hostile of [
      'bogus',
      'ticket:',
      'ticket:..',
      'ticket:../../admin',
      'ticket:/etc',
      'ticket:?key=1',
      'ticket:%2e%2e%2fadmin',
      'ticket:1%00',
      'ticket:1%0d%0aX: 1',
      'ticket:%E2%80%AE1',
      `ticket:${'1'.repeat(200)}`,
      'javascript:alert(1)',
      '<img src=x onerror=alert(1)>',
      'new%',
      'newer',
      'list&x=1',
      'constructor',
      '%',
    ]) {
      const changed = hashChanged();
      follow(`#help-desk=${hostile}`);
      await changed;
      await element.updateComplete;
      expect([element.open, element.view], hostile).to.deep.equal([false, 'list']);
    }
    for (const other of ['#help-desk', '#other', '#x#help-desk=new', '#help-desk-x=new']) {
      const changed = hashChanged();
      follow(other);
      await changed;
      expect(element.open, other).to.equal(false);
    }
  });

  it('shows the view in a desk without a launcher, which comes into sight; one with a launcher goes before it', async () => {
    const space = place('<div style="height: 200vh"></div>');
    const { element, page } = await widget();
    await element.ready;
    await element.updateComplete;
    follow('#help-desk=new');
    await until(() => element.view === 'new' && scrollY > 0, 'the form');
    element.navigate('list');
    await element.updateComplete;
    expect(location.hash).to.equal('');
    const other = document.createElement('help-desk');
    other.launcher = true;
    page.append(other);
    follow('#help-desk=new');
    await until(() => other.open, 'the panel');
    expect(element.view).to.equal('list');
    space.remove();
  });

  it('is no longer followed by a desk that has left the page', async () => {
    const { element } = await widget('osticket', { extra: 'launcher' });
    await element.ready;
    element.remove();
    const changed = hashChanged();
    follow('#help-desk=new');
    await changed;
    expect([element.open, element.view]).to.deep.equal([false, 'list']);
  });
});

describe("the page's own button", () => {
  const ask = '<button id="ask"><span>Ask us</span></button>';

  it('opens and closes the panel in place of the floating one, and says what it is', async () => {
    const { element, page } = await widget('osticket', { extra: 'launcher trigger="#ask"' });
    page.insertAdjacentHTML('afterbegin', ask);
    await element.ready;
    element.requestUpdate();
    await element.updateComplete;
    const own = page.querySelector<HTMLElement>('#ask')!;
    const states = (): (string | null)[] =>
      ['haspopup', 'expanded', 'controls'].map((name) => own.getAttribute(`aria-${name}`));
    expect(element.shadowRoot!.querySelector('[part=launcher]')).to.equal(null);
    expect(states()).to.deep.equal(['dialog', 'false', element.id]);
    expect(document.getElementById(element.id) === element).to.equal(true);
    await expect(page).to.be.accessible();
    own.focus();
    own.querySelector('span')!.click();
    await element.updateComplete;
    expect(isShown(element)).to.equal(true);
    expect(states()).to.deep.equal(['dialog', 'true', element.id]);
    expect(element.shadowRoot!.activeElement === dialog(element)).to.equal(true);
    await until(() => query(element, 'ticket-list')?.shadowRoot?.querySelector('[part~=item]'), 'the list');
    await expect(page).to.be.accessible();
    own.focus();
    await sendKeys({ press: 'Escape' });
    await element.updateComplete;
    expect(element.open).to.equal(false);
    own.click();
    await element.updateComplete;
    await sendKeys({ press: 'Escape' });
    await element.updateComplete;
    expect([element.open, focused() === own]).to.deep.equal([false, true]);
    own.click();
    own.click();
    await element.updateComplete;
    expect(element.open).to.equal(false);
  });

  it('may come later, may be several, and is released when the desk goes or takes another', async () => {
    const { element, page } = await widget('osticket', { extra: 'launcher trigger=".ask"' });
    await element.updateComplete;
    page.insertAdjacentHTML(
      'afterbegin',
      '<button class="ask">One</button><button class="ask">Two</button><i>Else</i>',
    );
    const [one, two] = page.querySelectorAll<HTMLElement>('.ask');
    two!.focus();
    expect(one!.ariaExpanded).to.equal('false');
    two!.click();
    await element.updateComplete;
    expect([one!.ariaExpanded, two!.ariaExpanded]).to.deep.equal(['true', 'true']);
    page.querySelector('i')!.click();
    expect(element.open).to.equal(true);
    button(element, 'Close').click();
    await element.updateComplete;
    expect(focused() === two).to.equal(true);
    one!.className = '';
    element.requestUpdate();
    await element.updateComplete;
    expect([one!.hasAttribute('aria-expanded'), two!.hasAttribute('aria-expanded')]).to.deep.equal([false, true]);
    element.trigger = undefined;
    await element.updateComplete;
    expect(two!.getAttributeNames()).to.deep.equal(['class']);
    expect(words(element.shadowRoot!.querySelector('[part=launcher]')!)).to.equal('Help');
    element.trigger = '.ask';
    await element.updateComplete;
    expect(two!.ariaExpanded).to.equal('false');
    element.remove();
    expect(two!.getAttributeNames()).to.deep.equal(['class']);
    two!.click();
    expect(element.open).to.equal(false);
  });

  it('is not what was clicked when the page has dealt with that itself', async () => {
    const { element, page } = await widget('osticket', { extra: 'launcher trigger="#ask"' });
    page.insertAdjacentHTML('afterbegin', '<a id="ask" href="#elsewhere">Ask us</a>');
    await element.updateComplete;
    const link = page.querySelector('a')!;
    link.addEventListener('click', (event) => event.preventDefault(), { once: true });
    link.click();
    expect(element.open).to.equal(false);
    link.click();
    expect(element.open).to.equal(true);
    expect(location.hash).to.equal('');
  });

  it('cannot be what is no selector: then the floating button stays, and the page is told once', async () => {
    const told: unknown[] = [];
    console.warn = (words: unknown) => void told.push(words);
    const { element } = await widget('osticket', { extra: 'launcher trigger="#1 >"' });
    await element.updateComplete;
    element.requestUpdate();
    await element.updateComplete;
    element.shadowRoot!.querySelector<HTMLElement>('[part=launcher]')!.click();
    expect(element.open).to.equal(true);
    expect(told).to.deep.equal(['<help-desk trigger="#1 >"> is no selector']);
  });
});

describe('a panel that is remembered', () => {
  /** What the tab keeps. */
  const kept = (): [string, string | null][] =>
    Object.keys(sessionStorage).map((key) => [key, sessionStorage.getItem(key)]);

  it('is open again on the next page at the same view, and takes no focus there', async () => {
    const desk = await testDesk();
    const markup = `<help-desk launcher remember ${attributes(desk, 'osticket')}></help-desk>`;
    const page = place(markup);
    const first = page.querySelector('help-desk')!;
    await first.ready;
    expect(kept()).to.deep.equal([]);
    const [ticket] = await desk.tickets(jane);
    first.show(`ticket:${ticket!.number}`);
    await first.updateComplete;
    expect(kept()).to.deep.equal([['help-desk', `["default","ticket:${ticket!.number}"]`]]);
    // As when the page is left: nothing of it is told.
    page.remove();
    const next = place(markup).querySelector('help-desk')!;
    await until(() => title(next) === ticket!.subject, 'the thread');
    expect(isShown(next)).to.equal(true);
    expect(focused() === document.body).to.equal(true);
    next.hide();
    await next.updateComplete;
    expect(kept()).to.deep.equal([]);
    const last = place(markup).querySelector('help-desk')!;
    await last.ready;
    expect(last.open).to.equal(false);
  });

  it('is not kept without being told to, and not for a desk of another name', async () => {
    const { element } = await widget('osticket', { extra: 'launcher' });
    element.show();
    await element.updateComplete;
    expect(kept()).to.deep.equal([]);
    sessionStorage.setItem('help-desk', '["other","new"]');
    const { element: second } = await widget('osticket', { extra: 'launcher remember' });
    await second.updateComplete;
    expect(second.open).to.equal(false);
  });

  for (const when of ['before it is defined', 'as soon as it is in the page'])
    it(`is open again where it was told so by properties, ${when}; a link goes before that`, async () => {
      // No address is needed for this.
      console.warn = () => undefined;
      const before = when.startsWith('before');
      const make = async (name: string): Promise<HelpDesk> => {
        const tag = `${name}-${before ? 'before' : 'after'}-help-desk`;
        const define = (): void => customElements.define(tag, class extends HelpDesk {});
        if (!before) define();
        const element = document.createElement(tag) as HelpDesk;
        place('').append(element);
        Object.assign(element, { launcher: true, remember: true, name: 'mine', view: 'list' });
        if (before) define();
        await element.updateComplete;
        return element;
      };
      sessionStorage.setItem('help-desk', '["mine","new"]');
      history.replaceState(null, '', '#help-desk=ticket:5');
      const linked = await make('linked');
      expect([linked.open, linked.view]).to.deep.equal([true, 'ticket:5']);
      expect(location.hash).to.equal('#help-desk=ticket:5');
      linked.remove();
      history.replaceState(null, '', address);
      sessionStorage.setItem('help-desk', '["mine","new"]');
      const kept = await make('kept');
      expect([kept.open, kept.view]).to.deep.equal([true, 'new']);
      expect(isShown(kept)).to.equal(true);
      expect(focused() === document.body).to.equal(true);
    });

  for (const rubbish of ['', '{', 'null', '[]', '["default"]', '["default","bogus"]', '["default",{}]', '7'])
    it(`is closed where the tab keeps ${rubbish || 'nothing'}`, async () => {
      sessionStorage.setItem('help-desk', rubbish);
      const { element } = await widget('osticket', { extra: 'launcher remember' });
      await element.updateComplete;
      expect([element.open, element.view]).to.deep.equal([false, 'list']);
    });
});

describe('the keyboard of a phone', () => {
  const view = visualViewport!;
  function cover(values: Partial<Record<'height' | 'offsetTop' | 'scale', number>>): void {
    for (const [name, value] of Object.entries(values))
      Object.defineProperty(view, name, { value, configurable: true });
    view.dispatchEvent(new Event('resize'));
  }
  afterEach(() => {
    for (const name of ['height', 'offsetTop', 'scale']) delete (view as unknown as Record<string, unknown>)[name];
  });
  const ends = (element: Element): number[] => {
    const { top, bottom } = element.getBoundingClientRect();
    return [Math.round(top), Math.round(innerHeight - bottom)];
  };
  const still = (element: HelpDesk): void =>
    dialog(element)
      .getAnimations()
      .forEach((one) => one.finish());

  it('covers nothing of a panel that fills the screen; two fingers do not move it', async () => {
    await resize(phone);
    const { element } = await widget('osticket', { extra: 'launcher view="new"' });
    element.show();
    await element.updateComplete;
    still(element);
    expect(ends(dialog(element))).to.deep.equal([0, 0]);
    cover({ height: innerHeight - 300, offsetTop: 40 });
    expect(ends(dialog(element))).to.deep.equal([40, 260]);
    cover({ height: innerHeight / 2, offsetTop: 10, scale: 2 });
    expect(ends(dialog(element))).to.deep.equal([0, 0]);
    cover({ height: innerHeight - 15, offsetTop: 0, scale: 1 });
    expect(ends(dialog(element))).to.deep.equal([0, 0]);
    element.hide();
    await element.updateComplete;
    cover({ height: innerHeight - 300 });
    expect(dialog(element).style.getPropertyValue('--_below')).to.equal('0px');
  });

  it('pushes a panel beside the page up, and makes it lower where there is no more room', async () => {
    await resize(wide);
    const { element } = await widget('osticket', { extra: 'launcher' });
    element.show();
    await element.updateComplete;
    still(element);
    expect(ends(dialog(element))[1]).to.equal(76);
    cover({ height: innerHeight - 400, offsetTop: 0 });
    const [top, bottom] = ends(dialog(element));
    expect(bottom).to.equal(400);
    expect(top).to.be.at.least(0);
  });
});
