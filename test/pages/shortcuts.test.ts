/** Pages with shortcuts of one key, as documentation sites have them: what is typed into the elements is none. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { focused } from '../support/focus.js';
import { query, until } from '../support/screen.js';
import { cleanUp, place, widget } from '../support/widget.js';

/** What the page took for its own. */
const taken: string[] = [];
/** What such pages ask before they take a key. */
const onKey = (event: KeyboardEvent): void => {
  const { tagName, isContentEditable } = event.target as HTMLElement;
  if (isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(tagName)) return;
  if (event.ctrlKey && event.key === 'k') event.preventDefault();
  taken.push(`${event.type} ${event.key}`);
};
const kinds = ['keydown', 'keypress', 'keyup'] as const;
beforeEach(() => kinds.forEach((kind) => document.addEventListener(kind, onKey)));
afterEach(async () => {
  kinds.forEach((kind) => document.removeEventListener(kind, onKey));
  taken.length = 0;
  await cleanUp();
});

const pressed = async (...keys: string[]): Promise<string[]> => {
  for (const key of keys) await sendKeys({ press: key });
  return taken.splice(0);
};

it('sees nothing of what is typed into the form, its topics, the search and a reply', async () => {
  const { page, element } = await widget();
  const into = async (find: () => HTMLElement | undefined, typed: string): Promise<void> => {
    const field = await until(find, typed);
    field.focus();
    await sendKeys({ type: typed });
    expect([(focused() as HTMLInputElement).value, taken.splice(0)]).to.deep.equal([typed, []]);
    // What moves about in a field is no shortcut either.
    expect(await pressed('ArrowLeft', 'Backspace', 'End', 'Delete')).to.deep.equal([]);
  };
  element.view = 'new';
  await into(() => query(page, 'ticket-form', '#subject'), 'j/k ?');
  await into(() => query(page, 'ticket-form', 'textarea'), 'n/a. k');
  await into(() => query(page, 'topic-picker', '[role=combobox]'), '/g');
  await sendKeys({ press: 'Escape' });
  taken.length = 0;
  element.view = 'list';
  (await until(() => query<HTMLElement>(page, '[part~=item]'), 'a ticket')).click();
  await into(() => query(page, 'ticket-thread', 'textarea'), '? g i');
  element.view = 'list';
  await into(() => query(page, 'ticket-list', 'input[type=search]'), 's/?');
});

it('sees shortcuts with a modifier, Escape, Enter and Tab in a field, and every key outside of one', async () => {
  const { page } = await widget();
  (await until(() => query<HTMLElement>(page, 'ticket-list', 'input[type=search]'), 'the search')).focus();
  await sendKeys({ down: 'Control' });
  await sendKeys({ press: 'k' });
  await sendKeys({ up: 'Control' });
  expect(taken.splice(0)).to.include('keydown k');
  expect(await pressed('Escape', 'Enter')).to.include.members(['keydown Escape', 'keydown Enter']);
  expect(await pressed('Tab')).to.include('keydown Tab');
  (await until(() => query<HTMLElement>(page, '[part~=item]'), 'a ticket')).focus();
  expect(focused()!.localName).to.equal('button');
  expect(await pressed('/')).to.include('keydown /');
});

it('sees what is typed into a field of its own, wherever it stands', async () => {
  const own: string[] = [];
  const page = place('<ticket-thread><input slot="empty" aria-label="Own"></ticket-thread>');
  const hear = ({ key }: KeyboardEvent): unknown => own.push(key);
  document.addEventListener('keydown', hear);
  try {
    page.querySelector('input')!.focus();
    await sendKeys({ press: '/' });
    expect(own).to.deep.equal(['/']);
  } finally {
    document.removeEventListener('keydown', hear);
  }
});
