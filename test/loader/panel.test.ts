/** The launcher and its panel: `<help-desk launcher>` over a real help desk. */
import { expect } from '@open-wc/testing';
import { emulateMedia, resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import type { HelpDesk } from '../../src/elements/help-desk/help-desk.js';
import { button, query, until, words } from '../support/screen.js';
import { phone, resize, wide } from '../support/viewport.js';
import { pageWithout, removePages } from '../support/without.js';
import { attributes, cleanUp, jane, place, testDesk, widget } from '../support/widget.js';

/** The other engines cannot be told to be dark or calm. */
const chromium = /Chrom/.test(navigator.userAgent);
const media = async (features: Parameters<typeof emulateMedia>[0]): Promise<void> => {
  if (chromium) await emulateMedia(features);
};

beforeEach(() => resize(wide));
afterEach(async () => {
  document.documentElement.removeAttribute('dir');
  await resetMouse();
  removePages();
  await cleanUp();
  await media({ colorScheme: 'no-preference', reducedMotion: 'no-preference' });
  await resize(wide);
});

const dialog = (desk: HelpDesk): HTMLDialogElement => desk.shadowRoot!.querySelector('dialog')!;
const launcher = (desk: HelpDesk): HTMLButtonElement => desk.shadowRoot!.querySelector('[part=launcher]')!;
const focused = (desk: HelpDesk): Element | null => desk.shadowRoot!.activeElement;
const isShown = (desk: HelpDesk): boolean => dialog(desk).open || dialog(desk).matches(':popover-open');

/** The same node. (An assertion of equality would print whole pages.) */
function same(one: unknown, other: unknown): void {
  expect(one === other, `${(one as Element | null)?.localName} is ${(other as Element | null)?.localName}`).to.equal(
    true,
  );
}

/** A launcher, connected and drawn. */
async function open(extra = ''): Promise<Awaited<ReturnType<typeof widget>>> {
  const all = await widget('osticket', { extra: `launcher ${extra}` });
  await all.element.ready;
  await all.element.updateComplete;
  return all;
}

/** Where something is: distance of its four sides from those of the window. */
const sides = (element: Element): Record<'top' | 'right' | 'bottom' | 'left', number> => {
  const { top, right, bottom, left } = element.getBoundingClientRect();
  const [width, height] = [innerWidth, innerHeight];
  return {
    top: Math.round(top),
    right: Math.round(width - right),
    bottom: Math.round(height - bottom),
    left: Math.round(left),
  };
};

describe('the launcher', () => {
  it('passes the accessibility audit, closed and open, light and dark, wide and narrow', async () => {
    const { element } = await open();
    for (const colorScheme of ['light', 'dark'] as const) {
      for (const size of [wide, phone]) {
        await media({ colorScheme });
        await resize(size);
        element.hide();
        await element.updateComplete;
        await expect(element).to.be.accessible();
        element.show();
        await until(() => query(element, 'ticket-list')?.shadowRoot?.querySelector('[part~=item]'), 'the list');
        await Promise.all(
          dialog(element)
            .getAnimations()
            .map(({ finished }) => finished),
        );
        await expect(element).to.be.accessible();
      }
    }
  }).timeout(60_000);

  it('draws what it waits for inside its edges, and clear of the button that closes it', async () => {
    const element = Object.assign(document.createElement('help-desk'), { url: '/nowhere', launcher: true });
    element.getToken = () => new Promise(() => undefined);
    place('').append(element);
    element.show();
    const bone = await until(() => query(element, '.bone'), 'what stands in for the list');
    const [outer, inner] = [dialog(element), bone].map((each) => each.getBoundingClientRect());
    const close = element.shadowRoot!.querySelector('[part=close]')!.getBoundingClientRect();
    expect(inner!.left - outer!.left).to.be.above(8);
    expect(outer!.right - inner!.right).to.be.above(8);
    expect(inner!.top).to.be.above(close.bottom);
  });

  it('is a button and nothing else until it is pressed; the desk is not asked', async () => {
    const { element, desk } = await open();
    expect(words(element)).to.equal('Help');
    expect(launcher(element).ariaExpanded).to.equal('false');
    expect(element.open).to.equal(false);
    expect(dialog(element).childElementCount).to.equal(0);
    expect(await desk.log()).to.deep.equal([]);
    expect(document.documentElement.scrollHeight).to.be.at.most(innerHeight);
  });

  it('has its colours under the pointer too, where its words can be read', async () => {
    const { element } = await open();
    const drawn = launcher(element);
    const colours = (): string[] => {
      const { color, backgroundColor } = getComputedStyle(drawn);
      return [color, backgroundColor];
    };
    const before = colours();
    const { x, y, width, height } = drawn.getBoundingClientRect();
    await sendMouse({ type: 'move', position: [Math.round(x + width / 2), Math.round(y + height / 2)] });
    await until(() => drawn.matches(':hover'), 'the pointer is over the button');
    expect(colours()).to.deep.equal(before);
  });

  it('is as large where the page makes a rem 10px, as many do', async () => {
    const desk = await testDesk();
    // In pages of their own: WebKit does not forget what a rem was.
    const sizes = async (css: string): Promise<object> => {
      const html = `<style>${css}</style><help-desk launcher open view="new" ${attributes(desk, 'osticket')}></help-desk>`;
      const page = await pageWithout([], 'define', html);
      const element = page.querySelector('help-desk')!;
      const inForm = (selector: string) =>
        element.shadowRoot?.querySelector('ticket-form')?.shadowRoot?.querySelector(selector);
      const message = await until(() => inForm('textarea'), 'the form');
      const of = ({ clientWidth, clientHeight }: Element): number[] => [clientWidth, clientHeight];
      // Its height is what the page's distance from the edges leaves.
      const [panel] = of(dialog(element));
      return { panel, launcher: of(launcher(element)), send: of(inForm('[part=send]')!), message: of(message) };
    };
    const usual = await sizes('');
    expect(await sizes('html { font-size: 62.5% } body { font-size: 1.6rem }')).to.deep.equal(usual);
  });

  it('opens and closes, says so once each, and reflects it', async () => {
    const { element } = await open();
    const heard: string[] = [];
    for (const name of ['help-desk-open', 'help-desk-close'] as const)
      element.addEventListener(name, ({ type, bubbles, composed, detail }) =>
        heard.push(`${type} ${bubbles} ${composed} ${JSON.stringify(detail)} ${isShown(element)}`),
      );
    launcher(element).click();
    await element.updateComplete;
    expect([element.open, element.hasAttribute('open'), isShown(element)]).to.deep.equal([true, true, true]);
    expect(launcher(element).ariaExpanded).to.equal('true');
    element.show();
    await element.updateComplete;
    button(element, 'Close').click();
    await element.updateComplete;
    expect([element.open, element.hasAttribute('open'), isShown(element)]).to.deep.equal([false, false, false]);
    element.toggle();
    await element.updateComplete;
    element.removeAttribute('open');
    await element.updateComplete;
    expect(heard).to.deep.equal([
      'help-desk-open true true {} true',
      'help-desk-close true true {} false',
      'help-desk-open true true {} true',
      'help-desk-close true true {} false',
    ]);
  });

  it('takes focus into the panel and gives it back to where it was', async () => {
    const { element, page } = await open();
    const ask = document.createElement('button');
    page.append(ask);
    ask.focus();
    element.show('new');
    await element.updateComplete;
    same(focused(element), dialog(element));
    expect(element.view).to.equal('new');
    await sendKeys({ press: 'Escape' });
    await element.updateComplete;
    expect(element.open).to.equal(false);
    same(document.activeElement, ask);

    launcher(element).focus();
    await sendKeys({ press: 'Enter' });
    await until(() => focused(element) === dialog(element), 'focus in the panel');
    await sendKeys({ press: 'Tab' });
    same(focused(element), button(element, 'Close'));
    await sendKeys({ press: 'Enter' });
    await until(() => focused(element) === launcher(element), 'focus on the button');
  });

  it('leaves focus in the page where a person went there meanwhile', async () => {
    const { element, page } = await open();
    const other = document.createElement('button');
    page.append(other);
    launcher(element).focus();
    element.show();
    await element.updateComplete;
    other.focus();
    element.hide();
    await element.updateComplete;
    same(document.activeElement, other);
  });

  it('is not closed by an Escape that closes something inside', async () => {
    const { element } = await open('view="new"');
    element.show();
    const picker = await until(
      () => query(element, 'topic-picker')?.shadowRoot?.querySelector<HTMLInputElement>('[role=combobox]'),
      'the picker',
    );
    picker.focus();
    await sendKeys({ press: 'ArrowDown' });
    await until(() => picker.ariaExpanded === 'true', 'its list');
    await sendKeys({ press: 'Escape' });
    expect(picker.ariaExpanded).to.equal('false');
    expect(element.open).to.equal(true);
    await sendKeys({ press: 'Escape' });
    expect(element.open).to.equal(false);
  });

  for (const [placement, near, far] of [
    ['bottom-end', ['bottom', 'right'], ['top', 'left']],
    ['bottom-start', ['bottom', 'left'], ['top', 'right']],
    ['top-end', ['top', 'right'], ['bottom', 'left']],
    ['top-start', ['top', 'left'], ['bottom', 'right']],
  ] as const) {
    it(`stands at ${placement}, with its panel beside it inside the window`, async () => {
      const { element } = await open(`placement="${placement}"`);
      const at = sides(launcher(element));
      for (const side of near) expect(at[side], side).to.equal(16);
      for (const side of far) expect(at[side], side).to.be.greaterThan(300);
      element.show();
      await element.updateComplete;
      dialog(element)
        .getAnimations()
        .forEach((one) => one.finish());
      const panel = sides(dialog(element));
      expect(panel[near[1]]).to.equal(16);
      expect(panel[near[0]]).to.equal(76);
      expect(Math.min(...Object.values(panel))).to.be.at.least(16);
      expect(dialog(element).offsetWidth).to.equal(416);
      document.documentElement.dir = 'rtl';
      const mirrored = sides(launcher(element));
      expect(mirrored[near[1] === 'right' ? 'left' : 'right']).to.equal(16);
    });
  }

  for (const placement of ['top-start', 'bottom-end'])
    it(`fills a small screen wherever its button is: ${placement}`, async () => {
      await resize(phone);
      const { element } = await open(`placement="${placement}"`);
      element.show();
      await element.updateComplete;
      dialog(element)
        .getAnimations()
        .forEach((one) => one.finish());
      expect(sides(dialog(element))).to.deep.equal({ top: 0, right: 0, bottom: 0, left: 0 });
    });

  it('fills a small screen, where the page behind waits; the same panel when the screen turns', async () => {
    await resize(phone);
    const { element, page } = await open();
    const other = document.createElement('button');
    page.append(other);
    element.show();
    await until(() => query(element, 'ticket-list')?.shadowRoot?.querySelector('[part~=item]'), 'the list');
    dialog(element)
      .getAnimations()
      .forEach((one) => one.finish());
    expect(dialog(element).matches(':modal')).to.equal(true);
    expect(sides(dialog(element))).to.deep.equal({ top: 0, right: 0, bottom: 0, left: 0 });
    expect(document.documentElement.scrollWidth).to.equal(innerWidth);
    other.focus();
    expect(document.activeElement === other).to.equal(false);

    button(element, 'Close').focus();
    await resize(wide);
    await until(() => dialog(element).matches(':popover-open:not(:modal)'), 'beside the page');
    same(focused(element), button(element, 'Close'));
    other.focus();
    same(document.activeElement, other);
    await resize(phone);
    await until(() => dialog(element).matches(':modal'), 'in front of the page');
    await sendKeys({ press: 'Escape' });
    await until(() => !element.open && !isShown(element), 'closed');
  });

  it('counts tickets with news in its name, also while it is closed', async () => {
    const { element, desk } = await open();
    element.show();
    await until(() => query(element, 'ticket-list')?.shadowRoot?.querySelector('[part~=item]'), 'the list');
    element.hide();
    const [ticket] = await desk.tickets(jane);
    await desk.control({ op: 'reply', number: ticket!.number, body: 'News' });
    await element.refresh();
    await until(() => launcher(element).ariaLabel === 'Help, 1 unread', 'the count');
    expect(words(launcher(element))).to.equal('Help 1');
    element.navigate(`ticket:${element.store!.unread.value.values().next().value!}`);
    await until(() => query(element, 'ticket-thread')?.shadowRoot?.querySelector('article'), 'the thread');
    // Nobody has seen it yet.
    expect(launcher(element).ariaLabel).to.equal('Help, 1 unread');
    element.show();
    await until(() => launcher(element).ariaLabel === null, 'seen');
    expect(words(launcher(element))).to.equal('Help');
  });

  it('has the name that the page gives it', async () => {
    const { element } = await open('label="Ask us"');
    expect(words(launcher(element))).to.equal('Ask us');
    expect(dialog(element).ariaLabel).to.equal('Ask us');
    element.label = undefined;
    await element.updateComplete;
    expect(words(launcher(element))).to.equal('Help');
  });

  it('shows the elements that the page puts inside in its panel', async () => {
    const desk = await testDesk();
    const page = place(`<help-desk launcher ${attributes(desk, 'osticket')}><ticket-form></ticket-form></help-desk>`);
    const element = page.querySelector('help-desk')!;
    await element.ready;
    const form = page.querySelector('ticket-form')!;
    expect(form.checkVisibility()).to.equal(false);
    element.show();
    await until(() => form.shadowRoot?.querySelector('textarea')?.checkVisibility(), 'the form');
    same(query(element, 'ticket-list'), undefined);
  });

  it('can be open from the beginning, without taking focus, and can stop being a launcher', async () => {
    const { element } = await open('open');
    await until(() => query(element, 'ticket-list')?.shadowRoot?.querySelector('[part~=item]'), 'the list');
    expect(isShown(element)).to.equal(true);
    same(document.activeElement, document.body);
    element.launcher = false;
    await element.updateComplete;
    same(element.shadowRoot!.querySelector('dialog, [part=launcher]'), null);
    expect(query(element, 'ticket-list')!.checkVisibility()).to.equal(true);
    element.launcher = true;
    await element.updateComplete;
    expect(isShown(element)).to.equal(true);
  });

  it('takes over the button that stands there already', async () => {
    const { launcherButton } = await import('../../src/elements/help-desk/launcher-button.js');
    const desk = await testDesk();
    const element = document.createElement('div');
    element.setAttribute('label', 'Ask us');
    const first = launcherButton(element);
    same(launcherButton(element), first);
    expect(element.shadowRoot!.adoptedStyleSheets.length).to.equal(1);
    const page = place(`<help-desk launcher ${attributes(desk, 'osticket')}></help-desk>`);
    const real = page.querySelector('help-desk')!;
    await real.updateComplete;
    const drawn = launcher(real);
    page.append(real);
    await real.updateComplete;
    expect(real.shadowRoot!.querySelectorAll('[part=launcher]').length).to.equal(1);
    same(launcher(real), drawn);
    drawn.click();
    expect(real.open).to.equal(true);
  });

  it('opens a panel in front of a button that was drawn before the desk', async () => {
    const { launcherButton } = await import('../../src/elements/help-desk/launcher-button.js');
    const element = document.createElement('help-desk');
    element.launcher = true;
    const drawn = launcherButton(element);
    place('').append(element);
    await element.updateComplete;
    element.label = 'Ask us';
    drawn.click();
    await element.updateComplete;
    same(launcher(element), drawn);
    expect(words(drawn)).to.equal('Ask us');
    expect(isShown(element)).to.equal(true);
    same(drawn.previousElementSibling, dialog(element));
  });

  it('is still where the page moved it, open', async () => {
    const { element, page } = await open();
    element.show();
    await element.updateComplete;
    const place = document.createElement('section');
    page.append(place);
    place.append(element);
    await element.updateComplete;
    expect(isShown(element)).to.equal(true);
    expect(element.open).to.equal(true);
  });

  it('does not move for who wants no motion', async () => {
    await media({ reducedMotion: 'reduce' });
    const { element } = await open();
    element.show();
    await element.updateComplete;
    if (chromium) expect(dialog(element).getAnimations()).to.deep.equal([]);
  });
});

describe('a help desk without a launcher', () => {
  it('is scrolled to when it is to be shown, and does not open', async () => {
    const { element, page } = await widget();
    await element.ready;
    const space = document.createElement('div');
    space.style.height = '200vh';
    page.prepend(space);
    element.show('new');
    await element.updateComplete;
    expect(element.open).to.equal(false);
    expect(element.view).to.equal('new');
    expect(scrollY).to.be.greaterThan(0);
  });
});
