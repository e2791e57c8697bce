import { expect, fixture, html, nextFrame } from '@open-wc/testing';
import { emulateMedia, resetMouse, sendKeys, sendMouse } from '@web/test-runner-commands';
import { useFakeTimers } from 'sinon';
import '../../../src/elements/topic-picker/define.js';
import '../../../src/elements/topic-picker/topic-popup.js';
import type { TopicPicker } from '../../../src/elements/topic-picker/topic-picker.js';
import { HelpDeskError } from '../../../src/errors.js';
import type { Topic } from '../../../src/model.js';
import { until } from '../../support/screen.js';
import { pageWithout, removePages } from '../../support/without.js';
import { topicsDesk } from './topics-desk.js';

const topics: readonly Topic[] = [
  { id: '1', name: 'General Inquiry' },
  { id: '10', name: 'Billing' },
  { id: '11', name: 'Billing / Refunds' },
  { id: '12', name: 'Billing / Invoices' },
  { id: '2', name: 'Störung' },
  { id: '21', name: 'Störung / Internet / Wi-Fi' },
];
const paths = [
  'General Inquiry',
  'Billing',
  'Billing / Refunds',
  'Billing / Invoices',
  'Störung',
  'Störung / Internet / Wi-Fi',
];

const chromium = navigator.userAgent.includes('Chrome');
const shadow = (picker: TopicPicker): ShadowRoot => picker.shadowRoot as ShadowRoot;
const all = (picker: TopicPicker, selector: string): HTMLElement[] => [
  ...shadow(picker).querySelectorAll<HTMLElement>(selector),
];
const one = <E extends HTMLElement = HTMLElement>(picker: TopicPicker, selector: string): E =>
  shadow(picker).querySelector<E>(selector) as E;
const field = (picker: TopicPicker): HTMLInputElement => one<HTMLInputElement>(picker, 'input');
const options = (picker: TopicPicker): (string | null)[] =>
  all(picker, '[role=option]').map((option) => option.getAttribute('aria-label'));
const isOpen = (picker: TopicPicker): boolean => field(picker).getAttribute('aria-expanded') === 'true';
const active = (picker: TopicPicker): string | null | undefined => {
  const id = field(picker).getAttribute('aria-activedescendant');
  return id && shadow(picker).getElementById(id)?.getAttribute('aria-label');
};
const data = (form: HTMLFormElement): [string, FormDataEntryValue][] => [...new FormData(form)];
const upgraded = async (): Promise<TopicPicker> =>
  fixture<TopicPicker>(html`<topic-picker .topics=${topics}></topic-picker>`);

/** Compared here: an assertion that fails on two elements prints the whole page. */
const isFocused = (picker: TopicPicker): boolean =>
  document.activeElement === picker && shadow(picker).activeElement === field(picker);
const isThere = (picker: TopicPicker, selector: string): boolean => !!shadow(picker).querySelector(selector);

/** Waits for the list of a field that has focus: it is fetched then, and what is done meanwhile is done when it is there. */
async function reached(picker: TopicPicker): Promise<void> {
  if (!isFocused(picker)) return;
  await until(() => !isFocused(picker) || field(picker).hasAttribute('aria-controls'), 'the list');
  await picker.updateComplete;
}

/** Presses keys one after the other, as a person does. */
async function press(picker: TopicPicker, ...keys: string[]): Promise<void> {
  await reached(picker);
  for (const key of keys) {
    await sendKeys({ press: key });
    await picker.updateComplete;
  }
}

async function type(picker: TopicPicker, words: string): Promise<void> {
  await reached(picker);
  await sendKeys({ type: words });
  await picker.updateComplete;
}

async function clickOn(target: Element): Promise<void> {
  const { x, y, width, height } = target.getBoundingClientRect();
  await sendMouse({ type: 'click', position: [Math.round(x + width / 2), Math.round(y + height / 2)] });
  const { host } = target.getRootNode() as ShadowRoot;
  if (host?.localName === 'topic-picker') await reached(host as TopicPicker);
}

/** Names of the events the page hears, in their order. */
function heard(picker: TopicPicker): string[] {
  const names: string[] = [];
  for (const name of ['input', 'change'])
    document.addEventListener(name, (event) => event.target === picker && names.push(name));
  return names;
}

/** A form written by somebody who knows nothing of this element. */
async function inForm(content: string): Promise<{ form: HTMLFormElement; picker: TopicPicker }> {
  const form = await fixture<HTMLFormElement>(html`<form></form>`);
  form.innerHTML = content;
  const picker = form.querySelector('topic-picker') as TopicPicker;
  await picker.updateComplete;
  return { form, picker };
}
const list = JSON.stringify(topics).replace(/"/g, '&quot;');

describe('topic-picker', () => {
  afterEach(async () => {
    await resetMouse();
  });

  describe('accessibility', () => {
    for (const scheme of chromium ? (['light', 'dark'] as const) : (['light'] as const)) {
      it(`passes the accessibility audit closed, open, searching, disabled and failed (${scheme})`, async () => {
        if (chromium) await emulateMedia({ colorScheme: scheme });
        const picker = await fixture<TopicPicker>(
          html`<topic-picker .topics=${topics} label="Topic" value="11" placeholder="Choose"></topic-picker>`,
        );
        await expect(picker).to.be.accessible();
        picker.focus();
        await press(picker, 'ArrowDown');
        await expect(picker).to.be.accessible();
        await type(picker, 'bill');
        await expect(picker).to.be.accessible();
        await type(picker, 'zzz');
        await expect(picker).to.be.accessible();
        picker.disabled = true;
        await picker.updateComplete;
        await expect(picker).to.be.accessible();
        const desk = topicsDesk();
        const failed = await fixture<TopicPicker>(html`<topic-picker .store=${desk.store} required></topic-picker>`);
        await desk.fail(new HelpDeskError('network'));
        failed.reportValidity();
        await failed.updateComplete;
        expect(one(failed, '[role=alert]').textContent).to.contain('The help desk could not be reached.');
        await expect(failed).to.be.accessible();
        if (chromium) await emulateMedia({ colorScheme: 'light' });
      });
    }

    it('is a combobox with a listbox, named Topic', async () => {
      const picker = await upgraded();
      const input = field(picker);
      expect(input.getAttribute('role')).to.equal('combobox');
      expect(input.getAttribute('aria-label')).to.equal('Topic');
      expect(input.getAttribute('aria-expanded')).to.equal('false');
      expect(input.hasAttribute('aria-controls'), 'a list that is not there is not named').to.equal(false);
      picker.focus();
      await press(picker, 'Shift');
      expect(input.getAttribute('aria-expanded')).to.equal('false');
      expect(one(picker, `#${input.getAttribute('aria-controls')}`).getAttribute('role')).to.equal('listbox');
      expect(input.hasAttribute('aria-activedescendant')).to.equal(false);
    });

    it('says how many topics were found', async () => {
      const picker = await upgraded();
      picker.focus();
      await type(picker, 'bill');
      expect(one(picker, '[role=status]').textContent?.trim()).to.equal('Topics found: 3');
      await type(picker, 'x');
      expect(one(picker, '[role=status]').textContent?.trim()).to.equal('No topic found');
      await press(picker, 'Escape');
      expect(one(picker, '[role=status]').textContent?.trim()).to.equal('');
    });
  });

  describe('in a form', () => {
    it('submits its value under its name', async () => {
      const { form, picker } = await inForm(`<topic-picker name="topicId" value="11" topics="${list}"></topic-picker>`);
      expect(data(form)).to.deep.equal([['topicId', '11']]);
      expect(picker.form === form).to.equal(true);
      picker.value = '1';
      expect(data(form)).to.deep.equal([['topicId', '1']]);
      picker.name = 'about';
      expect(data(form)).to.deep.equal([['about', '1']]);
      expect(picker.getAttribute('name')).to.equal('about');
      picker.disabled = true;
      expect(data(form)).to.deep.equal([]);
    });

    it('submits an empty value as a native field does, and nothing without a name', async () => {
      expect(data((await inForm('<topic-picker name="t"></topic-picker>')).form)).to.deep.equal([['t', '']]);
      expect(data((await inForm('<topic-picker value="1"></topic-picker>')).form)).to.deep.equal([]);
    });

    it('goes back to its attribute when the form is reset', async () => {
      const { form, picker } = await inForm(`<topic-picker name="t" value="11" topics="${list}"></topic-picker>`);
      picker.value = '2';
      form.reset();
      await picker.updateComplete;
      expect(picker.value).to.equal('11');
      expect(field(picker).value).to.equal('Billing / Refunds');
      expect(data(form)).to.deep.equal([['t', '11']]);
    });

    it('takes back the state the browser kept', async () => {
      const { form, picker } = await inForm(`<topic-picker name="t" topics="${list}"></topic-picker>`);
      picker.formStateRestoreCallback('12');
      await picker.updateComplete;
      expect(field(picker).value).to.equal('Billing / Invoices');
      expect(data(form)).to.deep.equal([['t', '12']]);
    });

    it('is disabled by a fieldset', async () => {
      const { form, picker } = await inForm(
        `<fieldset><topic-picker name="t" value="1" topics="${list}"></topic-picker></fieldset>`,
      );
      const fieldset = form.querySelector('fieldset') as HTMLFieldSetElement;
      fieldset.disabled = true;
      await picker.updateComplete;
      expect(field(picker).disabled).to.equal(true);
      expect(picker.disabled).to.equal(false);
      expect(picker.willValidate).to.equal(false);
      expect(data(form)).to.deep.equal([]);
      fieldset.disabled = false;
      await picker.updateComplete;
      expect(field(picker).disabled).to.equal(false);
      expect(data(form)).to.deep.equal([['t', '1']]);
    });

    it('closes its list when it is disabled', async () => {
      const { picker } = await inForm(`<topic-picker topics="${list}"></topic-picker>`);
      picker.focus();
      await press(picker, 'ArrowDown');
      picker.disabled = true;
      await picker.updateComplete;
      expect(isOpen(picker)).to.equal(false);
    });

    it('keeps an empty required form from being sent, with our words', async () => {
      const { form, picker } = await inForm(`<topic-picker name="t" required topics="${list}"></topic-picker>`);
      let submits = 0;
      let invalid = 0;
      form.addEventListener('submit', (event) => {
        event.preventDefault();
        submits++;
      });
      picker.addEventListener('invalid', () => invalid++);
      expect(picker.validity.valueMissing).to.equal(true);
      expect(picker.validity.valid).to.equal(false);
      expect(picker.validationMessage).to.equal('Choose a topic.');
      expect(field(picker).getAttribute('aria-invalid'), 'not said before anybody asked').to.equal('false');
      form.requestSubmit();
      await picker.updateComplete;
      expect([submits, invalid]).to.deep.equal([0, 1]);
      expect(field(picker).getAttribute('aria-invalid')).to.equal('true');
      expect(field(picker).getAttribute('aria-description')).to.equal('Choose a topic.');
      expect(isFocused(picker)).to.equal(true);
      picker.value = '1';
      expect(picker.checkValidity()).to.equal(true);
      await picker.updateComplete;
      expect(field(picker).getAttribute('aria-invalid')).to.equal('false');
      form.requestSubmit();
      expect([submits, invalid]).to.deep.equal([1, 1]);
    });

    it('knows at once when it becomes required', async () => {
      const { picker } = await inForm('<topic-picker></topic-picker>');
      expect(picker.checkValidity()).to.equal(true);
      picker.required = true;
      expect(picker.checkValidity()).to.equal(false);
      expect(picker.hasAttribute('required')).to.equal(true);
      picker.removeAttribute('required');
      expect(picker.checkValidity()).to.equal(true);
    });

    it("can be found wrong by the page's own rules", async () => {
      const { picker } = await inForm('<topic-picker value="1"></topic-picker>');
      picker.setCustomValidity('Not this one.');
      await picker.updateComplete;
      expect(picker.validity.customError).to.equal(true);
      expect(picker.validationMessage).to.equal('Not this one.');
      expect(picker.reportValidity()).to.equal(false);
      expect(field(picker).getAttribute('aria-description')).to.equal('Not this one.');
      picker.setCustomValidity('');
      expect(picker.checkValidity()).to.equal(true);
      expect(picker.validationMessage).to.equal('');
    });
  });

  describe('labels', () => {
    it('is named and focused by a label for it', async () => {
      const { form, picker } = await inForm(
        '<label for="t"> What is it about? </label><topic-picker id="t"></topic-picker>',
      );
      expect(picker.labels.length).to.equal(1);
      expect(field(picker).getAttribute('aria-label')).to.equal('What is it about?');
      await clickOn(form.querySelector('label') as HTMLLabelElement);
      expect(isFocused(picker)).to.equal(true);
      expect(isOpen(picker), 'a label focuses and does not open').to.equal(false);
    });

    it('is named and focused by a label around it', async () => {
      const { form, picker } = await inForm('<label><span>Subject area</span> <topic-picker></topic-picker></label>');
      expect(field(picker).getAttribute('aria-label')).to.equal('Subject area');
      await clickOn(form.querySelector('span') as HTMLElement);
      expect(isFocused(picker)).to.equal(true);
    });

    it('sees a label that comes later at the latest when focused', async () => {
      const { form, picker } = await inForm('<topic-picker id="t"></topic-picker>');
      form.insertAdjacentHTML('afterbegin', '<label for="t">Late</label>');
      picker.focus();
      await picker.updateComplete;
      expect(field(picker).getAttribute('aria-label')).to.equal('Late');
    });

    it('shows a label of its own', async () => {
      const { picker } = await inForm('<topic-picker label="Area"></topic-picker>');
      const label = one<HTMLLabelElement>(picker, 'label');
      expect(label.textContent).to.equal('Area');
      expect(label.control === field(picker)).to.equal(true);
      await clickOn(label);
      expect(isFocused(picker)).to.equal(true);
    });
  });

  describe('hierarchy', () => {
    it('names each topic by its whole path and indents by level', async () => {
      const picker = await upgraded();
      picker.focus();
      await press(picker, 'ArrowDown');
      expect(options(picker)).to.deep.equal(paths);
      expect(all(picker, 'bdi').map((leaf) => leaf.textContent)).to.deep.equal([
        'General Inquiry',
        'Billing',
        'Refunds',
        'Invoices',
        'Störung',
        'Internet / Wi-Fi',
      ]);
      const [billing, refunds] = all(picker, 'bdi').slice(1);
      expect(refunds?.getBoundingClientRect().left).to.be.greaterThan(
        billing?.getBoundingClientRect().left ?? Infinity,
      );
    });

    it("shows the parents' names in what was found", async () => {
      const picker = await upgraded();
      picker.focus();
      await type(picker, 'refu');
      expect(all(picker, 'bdi').map((leaf) => leaf.textContent)).to.deep.equal(['Billing / Refunds']);
    });
  });

  describe('search', () => {
    for (const [words, found] of [
      ['BILL', ['Billing', 'Billing / Refunds', 'Billing / Invoices']],
      ['storung', ['Störung', 'Störung / Internet / Wi-Fi']],
      ['inv bil', ['Billing / Invoices']],
      ['billing / re', ['Billing / Refunds']],
      ['  wi-fi ', ['Störung / Internet / Wi-Fi']],
      ['[(', []],
    ] as const) {
      it(`finds ${found.length} for "${words}"`, async () => {
        const picker = await upgraded();
        picker.focus();
        await type(picker, words);
        expect(isOpen(picker)).to.equal(true);
        expect(options(picker)).to.deep.equal(found);
      });
    }

    it('says that nothing was found', async () => {
      const picker = await upgraded();
      picker.focus();
      await type(picker, 'zzz');
      expect(one(picker, '[popover]').innerText.trim()).to.equal('No topic found');
      expect(one(picker, '[popover]').getBoundingClientRect().height).to.be.greaterThan(20);
    });

    it('is not heard by the page while nothing is chosen', async () => {
      const picker = await upgraded();
      const names = heard(picker);
      picker.focus();
      await type(picker, 'bill');
      await press(picker, 'Escape');
      expect(names).to.deep.equal([]);
      expect(picker.value).to.equal('');
      expect(field(picker).value).to.equal('');
    });
  });

  describe('keyboard', () => {
    it('opens with Down at the first topic and chooses with Enter', async () => {
      const picker = await upgraded();
      const names = heard(picker);
      picker.focus();
      await press(picker, 'ArrowDown');
      expect(isOpen(picker)).to.equal(true);
      expect(active(picker)).to.equal('General Inquiry');
      await press(picker, 'ArrowDown', 'ArrowDown', 'Enter');
      expect(picker.value).to.equal('11');
      expect(field(picker).value).to.equal('Billing / Refunds');
      expect(isOpen(picker)).to.equal(false);
      expect(names).to.deep.equal(['input', 'change']);
      expect(isFocused(picker)).to.equal(true);
    });

    it('opens with Up at the last topic, and goes round at both ends', async () => {
      const picker = await upgraded();
      picker.focus();
      await press(picker, 'ArrowUp');
      expect(active(picker)).to.equal('Störung / Internet / Wi-Fi');
      await press(picker, 'ArrowDown');
      expect(active(picker)).to.equal('General Inquiry');
      await press(picker, 'ArrowUp');
      expect(active(picker)).to.equal('Störung / Internet / Wi-Fi');
    });

    it('goes to the first and the last topic with Home and End', async () => {
      const picker = await upgraded();
      picker.focus();
      await press(picker, 'ArrowDown', 'End');
      expect(active(picker)).to.equal('Störung / Internet / Wi-Fi');
      await press(picker, 'Home');
      expect(active(picker)).to.equal('General Inquiry');
    });

    it('opens at the chosen topic', async () => {
      const picker = await upgraded();
      picker.value = '12';
      picker.focus();
      await press(picker, 'ArrowDown');
      expect(active(picker)).to.equal('Billing / Invoices');
      expect(one(picker, '[aria-selected=true]').getAttribute('aria-label')).to.equal('Billing / Invoices');
    });

    it('opens and closes with Alt and Down without moving', async () => {
      const picker = await upgraded();
      picker.focus();
      await sendKeys({ down: 'Alt' });
      await press(picker, 'ArrowDown');
      expect(isOpen(picker)).to.equal(true);
      expect(active(picker)).to.equal(null);
      await press(picker, 'ArrowUp');
      await sendKeys({ up: 'Alt' });
      expect(isOpen(picker)).to.equal(false);
      expect(picker.value).to.equal('');
    });

    it('closes with Escape, keeps the value, and closes nothing else', async () => {
      const picker = await upgraded();
      picker.value = '1';
      let escapes = 0;
      const count = (event: KeyboardEvent): void => void (event.key === 'Escape' && escapes++);
      document.addEventListener('keydown', count);
      picker.focus();
      await type(picker, 'ref');
      await press(picker, 'Escape');
      expect(isOpen(picker)).to.equal(false);
      expect(field(picker).value).to.equal('General Inquiry');
      expect(escapes).to.equal(0);
      await press(picker, 'Escape');
      expect(escapes, 'a second one is for the page').to.equal(1);
      document.removeEventListener('keydown', count);
    });

    it('takes the active topic with Tab and goes on', async () => {
      const wrapper = await fixture<HTMLElement>(
        html`<div><topic-picker .topics=${topics} required></topic-picker><button>Next</button></div>`,
      );
      const picker = wrapper.querySelector('topic-picker') as TopicPicker;
      picker.focus();
      await type(picker, 'invo');
      await press(picker, 'Tab');
      expect(picker.value).to.equal('12');
      expect(document.activeElement?.localName).to.equal('button');
    });

    it('leaves the value alone when left without a choice', async () => {
      const picker = await upgraded();
      picker.value = '1';
      const names = heard(picker);
      picker.focus();
      await type(picker, 'bil');
      field(picker).blur();
      await picker.updateComplete;
      expect(picker.value).to.equal('1');
      expect(field(picker).value).to.equal('General Inquiry');
      expect(names).to.deep.equal([]);
    });

    it('takes a name that was typed in full', async () => {
      const picker = await upgraded();
      const names = heard(picker);
      picker.focus();
      await type(picker, 'refunds');
      field(picker).blur();
      expect(picker.value).to.equal('11');
      expect(names).to.deep.equal(['input', 'change']);
    });

    it('empties itself when its text is removed, unless it is required', async () => {
      const picker = await upgraded();
      picker.value = '1';
      await picker.updateComplete;
      const names = heard(picker);
      picker.focus();
      await press(picker, 'Backspace');
      expect(options(picker), 'everything is offered').to.deep.equal(paths);
      await press(picker, 'Enter');
      expect(picker.value).to.equal('');
      expect(names).to.deep.equal(['input', 'change']);
      picker.value = '1';
      picker.required = true;
      await picker.updateComplete;
      field(picker).select();
      await press(picker, 'Backspace', 'Enter');
      expect(picker.value).to.equal('1');
      expect(field(picker).value).to.equal('General Inquiry');
    });

    it('replaces the shown name by what is typed', async () => {
      const picker = await upgraded();
      picker.value = '1';
      await picker.updateComplete;
      picker.focus();
      await type(picker, 'r');
      expect(field(picker).value).to.equal('r');
    });

    it('says nothing when the same topic is chosen again', async () => {
      const picker = await upgraded();
      picker.value = '1';
      const names = heard(picker);
      picker.focus();
      await press(picker, 'ArrowDown', 'Enter');
      expect(names).to.deep.equal([]);
      expect(isOpen(picker)).to.equal(false);
    });

    it('leaves Enter alone in a closed list', async () => {
      const picker = await upgraded();
      let prevented: boolean | undefined;
      document.addEventListener('keydown', (event) => (prevented = event.defaultPrevented), { once: true });
      picker.focus();
      await press(picker, 'Enter');
      expect(prevented).to.equal(false);
      expect(isOpen(picker)).to.equal(false);
    });
  });

  describe('pointer', () => {
    it('opens by a click and chooses by a click', async () => {
      const picker = await upgraded();
      const names = heard(picker);
      await clickOn(field(picker));
      await nextFrame();
      expect(isOpen(picker)).to.equal(true);
      expect(active(picker)).to.equal(null);
      await clickOn(all(picker, '[role=option]')[3] as HTMLElement);
      expect(picker.value).to.equal('12');
      expect(names).to.deep.equal(['input', 'change']);
      await picker.updateComplete;
      expect(isOpen(picker)).to.equal(false);
    });

    it('closes by a second click, and by a click elsewhere', async () => {
      const picker = await upgraded();
      await clickOn(field(picker));
      await picker.updateComplete;
      await clickOn(field(picker));
      await picker.updateComplete;
      expect(isOpen(picker)).to.equal(false);
      await clickOn(field(picker));
      await picker.updateComplete;
      expect(isOpen(picker)).to.equal(true);
      await sendMouse({ type: 'click', position: [600, 590] });
      await picker.updateComplete;
      expect(isOpen(picker)).to.equal(false);
    });

    it('is emptied by Clear, which is not offered for a required or empty field', async () => {
      const picker = await upgraded();
      expect(isThere(picker, '[part=clear]')).to.equal(false);
      picker.value = '11';
      await until(() => isThere(picker, '[part=clear]'), 'the button');
      expect(one(picker, '[part=clear]').getAttribute('aria-label')).to.equal('Clear');
      const names = heard(picker);
      await clickOn(one(picker, '[part=clear]'));
      await picker.updateComplete;
      expect(picker.value).to.equal('');
      expect(field(picker).value).to.equal('');
      expect(names).to.deep.equal(['input', 'change']);
      expect(isFocused(picker)).to.equal(true);
      expect(isOpen(picker)).to.equal(false);
      picker.value = '11';
      picker.required = true;
      await picker.updateComplete;
      expect(isThere(picker, '[part=clear]')).to.equal(false);
    });

    it('offers targets of at least 24 pixels', async () => {
      const picker = await upgraded();
      picker.value = '1';
      await picker.updateComplete;
      await clickOn(field(picker));
      await nextFrame();
      for (const target of [...all(picker, '[role=option]'), one(picker, '[part=clear]'), field(picker)]) {
        expect(target.getBoundingClientRect().height).to.be.at.least(24);
        expect(target.getBoundingClientRect().width).to.be.at.least(24);
      }
    });
  });

  describe('list', () => {
    it('is not clipped by the page', async () => {
      const box = await fixture<HTMLElement>(html`<div><topic-picker .topics=${topics}></topic-picker></div>`);
      Object.assign(box.style, { overflow: 'hidden', height: '60px', transform: 'translateX(0)' });
      const picker = box.querySelector('topic-picker') as TopicPicker;
      picker.focus();
      await press(picker, 'ArrowDown');
      await nextFrame();
      const popup = one(picker, '[popover]').getBoundingClientRect();
      const input = field(picker).getBoundingClientRect();
      expect(popup.height).to.be.greaterThan(150);
      expect(Math.round(popup.top)).to.equal(Math.round(input.bottom + 6));
      expect(Math.round(popup.left)).to.equal(Math.round(input.left));
      expect(Math.round(popup.width)).to.equal(Math.round(input.width));
      const last = all(picker, '[role=option]')[5] as HTMLElement;
      const { x, y } = last.getBoundingClientRect();
      expect(
        shadow(picker)
          .elementFromPoint(x + 10, y + 10)
          ?.closest('[role=option]'),
      ).to.equal(last);
    });

    it('opens upwards where there is more room, and follows its field', async () => {
      const picker = await upgraded();
      picker.style.cssText = `position: fixed; inset-inline: 10px; bottom: 10px`;
      picker.focus();
      await press(picker, 'ArrowDown');
      await nextFrame();
      expect(Math.round(one(picker, '[popover]').getBoundingClientRect().bottom)).to.equal(
        Math.round(field(picker).getBoundingClientRect().top - 6),
      );
      picker.style.bottom = '50px';
      await nextFrame();
      await nextFrame();
      expect(Math.round(one(picker, '[popover]').getBoundingClientRect().bottom)).to.equal(
        Math.round(field(picker).getBoundingClientRect().top - 6),
      );
    });

    it('fits a page of 280 pixels with large text, left to right and right to left', async () => {
      for (const dir of ['ltr', 'rtl']) {
        const frame = await fixture<HTMLElement>(html`<div dir=${dir}></div>`);
        Object.assign(frame.style, { width: '264px', fontSize: '200%' });
        frame.innerHTML = `<topic-picker value="21" topics="${list}"></topic-picker>`;
        const picker = frame.querySelector('topic-picker') as TopicPicker;
        await picker.updateComplete;
        picker.focus();
        await press(picker, 'ArrowDown');
        await nextFrame();
        const popup = one(picker, '[popover]');
        expect(popup.scrollWidth, dir).to.be.at.most(popup.clientWidth);
        expect(Math.round(popup.getBoundingClientRect().left), dir).to.equal(
          Math.round(field(picker).getBoundingClientRect().left),
        );
        const [clear, input] = [
          one(picker, '[part=clear]').getBoundingClientRect(),
          field(picker).getBoundingClientRect(),
        ];
        const [before, after] = [clear.left - input.left, input.right - clear.right];
        expect(dir === 'ltr' ? before > after : after > before, dir).to.equal(true);
        const [parent, child] = [1, 2].map((index) => all(picker, 'bdi')[index]?.getBoundingClientRect());
        expect(
          dir === 'ltr'
            ? child!.left > parent!.left
            : child!.right < parent!.right && parent!.left > popup.getBoundingClientRect().left + 50,
          dir,
        ).to.equal(true);
      }
    });

    it('draws a screenful of ten thousand topics, and the rest on approach', async () => {
      const picker = await fixture<TopicPicker>(html`<topic-picker></topic-picker>`);
      picker.topics = Array.from({ length: 10_000 }, (_, index) => ({ id: `${index}`, name: `Topic ${index}` }));
      picker.focus();
      await press(picker, 'ArrowDown');
      expect(options(picker).length).to.equal(100);
      const popup = one(picker, '[popover]');
      popup.scrollTop = popup.scrollHeight;
      await nextFrame();
      await nextFrame();
      expect(options(picker).length).to.equal(200);
      await press(picker, 'End');
      expect(active(picker)).to.equal('Topic 9999');
      expect(one(picker, '.active').getBoundingClientRect().bottom).to.be.at.most(popup.getBoundingClientRect().bottom);
    });

    it('stays where a person has scrolled to while more is drawn, and follows the keys again', async () => {
      const many = Array.from({ length: 500 }, (_, index) => ({ id: `${index}`, name: `Topic ${index}` }));
      const picker = await fixture<TopicPicker>(html`<topic-picker .topics=${many} value="3"></topic-picker>`);
      field(picker).focus();
      await press(picker, 'ArrowDown');
      const popup = one(picker, '[popover]');
      const isSeen = (): boolean => {
        const { top, bottom } = one(picker, '.active').getBoundingClientRect();
        const place = popup.getBoundingClientRect();
        return top >= place.top && bottom <= place.bottom;
      };
      expect([active(picker), isSeen()]).to.deep.equal(['Topic 3', true]);
      popup.scrollTop = popup.scrollHeight;
      const { scrollTop } = popup;
      await until(() => options(picker).length === 200, 'more of them');
      await picker.updateComplete;
      expect(popup.scrollTop).to.equal(scrollTop);
      await press(picker, 'ArrowDown');
      expect([active(picker), isSeen()]).to.deep.equal(['Topic 4', true]);
      popup.scrollTop = popup.scrollHeight;
      await type(picker, 'topic 4');
      expect([active(picker), isSeen()]).to.deep.equal(['Topic 4', true]);
    });

    it('leaves nothing behind when it is taken out of the page', async () => {
      const picker = await upgraded();
      const form = picker.parentElement as HTMLElement;
      picker.focus();
      await press(picker, 'ArrowDown');
      picker.remove();
      await nextFrame();
      form.append(picker);
      await picker.updateComplete;
      expect(isOpen(picker)).to.equal(false);
    });
  });

  describe('properties', () => {
    it('keeps what was set before the element was known', async () => {
      const picker = document.createElement('x-topic-picker') as TopicPicker;
      Object.assign(picker, { value: '11', topics, name: 't', required: true, label: 'Area' });
      const form = await fixture<HTMLFormElement>(html`<form></form>`);
      form.append(picker);
      const { register } = await import('../../../src/elements/shared/register.js');
      const { TopicPicker } = await import('../../../src/elements/topic-picker/topic-picker.js');
      register('topic-picker', TopicPicker, 'x-');
      await picker.updateComplete;
      expect(picker.topics).to.equal(topics);
      expect(field(picker).value).to.equal('Billing / Refunds');
      expect(picker.required).to.equal(true);
      expect(data(form)).to.deep.equal([['t', '11']]);
      expect(one(picker, 'label').textContent).to.equal('Area');
    });

    it('begins empty', () => {
      const picker = document.createElement('topic-picker');
      expect([picker.name, picker.value, picker.required, picker.disabled]).to.deep.equal(['', '', false, false]);
      expect(picker.attributes.length).to.equal(0);
    });

    it('takes no harm from an attribute that holds anything else', async () => {
      const picker = await fixture<TopicPicker>(
        html`<topic-picker topics='[{"id":7,"name":"Seven"},null,{"id":8}]' value="7"></topic-picker>`,
      );
      expect(field(picker).value).to.equal('Seven');
      picker.focus();
      await press(picker, 'ArrowDown');
      expect(options(picker)).to.deep.equal(['Seven', '8']);
      for (const broken of ['{', '{"a":1}', '3']) {
        picker.setAttribute('topics', broken);
        await picker.updateComplete;
        expect(options(picker), broken).to.deep.equal([]);
      }
    });

    it('can have null set as a value and a name', async () => {
      const picker = await upgraded();
      picker.value = null;
      picker.name = null;
      await picker.updateComplete;
      expect([picker.value, picker.name]).to.deep.equal(['', '']);
    });

    it('is not heard when the page sets the value', async () => {
      const picker = await upgraded();
      const names = heard(picker);
      picker.value = '1';
      await picker.updateComplete;
      expect(names).to.deep.equal([]);
      expect(field(picker).value).to.equal('General Inquiry');
    });
  });

  describe('at a desk', () => {
    it('shows a value as it is until the topics come, and keeps it', async () => {
      const desk = topicsDesk();
      const picker = await fixture<TopicPicker>(html`<topic-picker .store=${desk.store} value="11"></topic-picker>`);
      expect(field(picker).value).to.equal('11');
      picker.focus();
      await press(picker, 'ArrowDown');
      expect(one(picker, '[popover]').innerText.trim()).to.equal('Loading');
      await desk.answer(topics);
      await picker.updateComplete;
      expect(options(picker)).to.deep.equal(paths);
      expect(field(picker).value).to.equal('Billing / Refunds');
      picker.value = 'gone';
      await picker.updateComplete;
      expect(field(picker).value).to.equal('gone');
      expect(picker.value).to.equal('gone');
    });

    it('chooses with Enter the first of what was searched for before the topics came', async () => {
      const desk = topicsDesk();
      const picker = await fixture<TopicPicker>(html`<topic-picker .store=${desk.store}></topic-picker>`);
      picker.focus();
      await type(picker, 'refund');
      expect(one(picker, '[popover]').innerText.trim()).to.equal('Loading');
      expect(field(picker).hasAttribute('aria-activedescendant'), 'there is no row yet').to.equal(false);
      await desk.answer(topics);
      await picker.updateComplete;
      expect(active(picker)).to.equal('Billing / Refunds');
      await press(picker, 'Enter');
      expect(picker.value).to.equal('11');
    });

    it('is at the first or last topic once they come, as the key said, and leaves a choice alone', async () => {
      for (const [key, value, first] of [
        ['ArrowDown', '', 'General Inquiry'],
        ['ArrowUp', '', 'Störung / Internet / Wi-Fi'],
        ['ArrowDown', '11', null],
      ] as const) {
        const desk = topicsDesk();
        const picker = await fixture<TopicPicker>(
          html`<topic-picker .store=${desk.store} value=${value}></topic-picker>`,
        );
        picker.focus();
        await press(picker, key);
        await desk.answer(topics);
        await picker.updateComplete;
        expect(active(picker), `${key} "${value}"`).to.equal(first);
        await press(picker, 'Escape');
      }
    });

    it('offers its own topics rather than the desk’s', async () => {
      const desk = topicsDesk();
      const picker = await fixture<TopicPicker>(
        html`<topic-picker .store=${desk.store} .topics=${[{ id: 'a', name: 'Mine' }]}></topic-picker>`,
      );
      picker.focus();
      await press(picker, 'ArrowDown');
      expect(options(picker)).to.deep.equal(['Mine']);
      expect(desk.asked(), 'the desk is not even asked').to.equal(0);
    });

    it('tells the page of topics that are no JSON, once, and is as without any', async () => {
      const { warn } = console;
      const warnings: unknown[] = [];
      console.warn = (...words: unknown[]) => warnings.push(words[0]);
      try {
        const picker = await fixture<TopicPicker>(
          html`<topic-picker topics="[{'id':'1','name':'Orders'}]"></topic-picker>`,
        );
        picker.requestUpdate();
        await picker.updateComplete;
        expect(warnings).to.deep.equal(['<topic-picker topics="…"> holds no JSON list']);
        picker.topics = topics;
        await picker.updateComplete;
        picker.removeAttribute('topics');
        await picker.updateComplete;
        expect(warnings.length).to.equal(1);
      } finally {
        console.warn = warn;
      }
    });

    it('hints and warns once where there is no desk, unless it has topics of its own', async () => {
      const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      const { warn } = console;
      const warnings: unknown[] = [];
      console.warn = (...words: unknown[]) => warnings.push(words[0]);
      try {
        const wrapper = await fixture<HTMLElement>(
          html`<div><topic-picker></topic-picker><topic-picker .topics=${topics}></topic-picker></div>`,
        );
        const [lost, own] = [...wrapper.querySelectorAll('topic-picker')] as [TopicPicker, TopicPicker];
        clock.tick(5000);
        await Promise.all([lost.updateComplete, own.updateComplete]);
        expect(warnings).to.deep.equal(['<topic-picker> found no help desk in this page']);
        expect(shadow(lost).textContent).to.contain('No help desk is connected to this page.');
        expect(shadow(own).textContent).not.to.contain('No help desk');
        const desk = topicsDesk();
        own.store = desk.store;
        own.topics = undefined;
        await own.updateComplete;
        expect(desk.asked(), 'without them it goes to its desk').to.equal(1);
      } finally {
        console.warn = warn;
        clock.restore();
      }
    });

    it('tells of a failure once and tries again', async () => {
      const desk = topicsDesk();
      const picker = await fixture<TopicPicker>(html`<topic-picker .store=${desk.store}></topic-picker>`);
      const codes: string[] = [];
      picker.addEventListener('help-desk-error', (event) => codes.push(event.error.code));
      await desk.fail(new HelpDeskError('unavailable'));
      await picker.updateComplete;
      picker.requestUpdate();
      await picker.updateComplete;
      expect(codes).to.deep.equal(['unavailable']);
      const again = one(picker, '[role=alert] button');
      expect(again.textContent?.trim()).to.equal('Try again');
      again.click();
      await desk.answer(topics);
      await picker.updateComplete;
      expect(isThere(picker, '[role=alert]')).to.equal(false);
      picker.focus();
      await press(picker, 'ArrowDown');
      expect(options(picker)).to.deep.equal(paths);
    });
  });

  describe('where its list cannot be had', () => {
    afterEach(removePages);

    it('is the list of the browser, in the form as before', async () => {
      const page = await pageWithout(
        ['elements/topic-picker/topic-popup'],
        'elements/topic-picker/define',
        `<form><topic-picker name="t" label="Area" required topics="${list.replace('[', '[null,')}"></topic-picker></form>`,
      );
      const picker = page.querySelector('topic-picker') as TopicPicker;
      const names: string[] = [];
      for (const name of ['input', 'change']) page.addEventListener(name, ({ type }) => names.push(type));
      await until(() => picker.shadowRoot && field(picker), 'the field');
      picker.focus();
      const select = await until(() => one<HTMLSelectElement>(picker, 'select'), 'the list of the browser');
      await until(() => shadow(picker).activeElement === select, 'focus stays');
      expect([...select.options].map(({ text }) => text)).to.deep.equal(['', ...topics.map(({ name }) => name)]);
      expect(one<HTMLLabelElement>(picker, 'label').control === select).to.equal(true);
      expect(picker.checkValidity()).to.equal(false);
      select.value = '11';
      select.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
      select.dispatchEvent(new Event('change', { bubbles: true }));
      expect([picker.value, picker.checkValidity()]).to.deep.equal(['11', true]);
      expect(names).to.deep.equal(['input', 'change']);
      picker.form!.reset();
      await picker.updateComplete;
      expect([picker.value, select.value]).to.deep.equal(['', '']);
    });
  });

  it('has colours of its own in forced colours', async () => {
    if (!chromium) return;
    await emulateMedia({ forcedColors: 'active' });
    const picker = await upgraded();
    picker.focus();
    await press(picker, 'ArrowDown', 'ArrowDown');
    const { outlineStyle, outlineWidth } = getComputedStyle(one(picker, '.active'));
    expect([outlineStyle, outlineWidth]).to.deep.equal(['solid', '2px']);
    await emulateMedia({ forcedColors: 'none' });
  });
});
