/** The whole loop by keyboard alone. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { focused, focusVisible } from '../support/focus.js';
import { query, queryAll, said, seen, until, words } from '../support/screen.js';
import { cleanUp, dialects, jane, widget } from '../support/widget.js';

afterEach(cleanUp);

const describeFocus = (): string => {
  const at = focused();
  return at ? `${at.localName} "${at.getAttribute('aria-label') ?? words(at)}"` : 'nothing';
};

const press = async (key: string): Promise<void> => {
  await sendKeys({ press: key });
};

/** Tabs on until it is reached; focus must be seen at every stop. */
async function tabTo(what: string, reached: (element: Element) => boolean, key = 'Tab'): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    const at = focused();
    if (at && at !== document.body) {
      expect(focusVisible(at), `focus is visible on ${describeFocus()}`).to.equal(true);
      if (reached(at)) return;
    }
    if (key === 'Tab') await press('Tab');
    else {
      await sendKeys({ down: 'Shift' });
      await press('Tab');
      await sendKeys({ up: 'Shift' });
    }
  }
  throw new Error(`Tab does not reach ${what}; it is at ${describeFocus()}`);
}

const isButton =
  (name: string) =>
  (element: Element): boolean =>
    element.localName === 'button' && words(element) === name;
const isField =
  (label: string) =>
  (element: Element): boolean =>
    [...((element as HTMLInputElement).labels ?? [])].some((each) => words(each) === label);

for (const dialect of dialects) {
  for (const width of ['60rem', '22rem']) {
    it(`writes, reads, answers, closes and reopens by keyboard over ${dialect}, in a place ${width} wide`, async () => {
      const { desk, page, element } = await widget(dialect);
      page.style.width = width;
      await until(() => queryAll(page, '[part=item]').filter(seen).length, 'the list');

      await tabTo('New ticket', isButton('New ticket'));
      await press('Enter');
      await until(() => focused() === query(page, '[part=detail-pane]'), 'focus in the form');
      expect(focusVisible(focused()!), 'focus is visible on the pane').to.equal(true);
      await until(() => query(page, 'topic-picker', '[role=combobox]'), 'the topics');
      await tabTo('the topic', (at) => at.getAttribute('role') === 'combobox');
      await sendKeys({ type: 'refund' });
      await until(() => query(page, '[role=option]'), 'an option');
      await press('Enter');
      await tabTo('the subject', isField('Subject'));
      await sendKeys({ type: 'By keyboard' });
      await tabTo('the message', isField('Message'));
      await sendKeys({ type: 'No mouse here.' });
      await tabTo('Send', isButton('Send'));
      await press(' ');
      await until(() => query(page, '[part=composer]'), 'the thread and what answers it');
      await until(() => element.matches(':focus-within'), 'focus is not lost');
      const [ticket] = (await desk.tickets(jane)).filter(({ subject }) => subject === 'By keyboard');

      await tabTo('the reply', isField('Your reply'));
      await sendKeys({ type: 'One more thing.' });
      await tabTo('Reply', isButton('Reply'));
      await press('Enter');
      await until(() => said(page).includes('Your reply was sent.'), 'the reply is sent');
      await tabTo('Close ticket', isButton('Close ticket'));
      await press('Enter');
      await until(() => said(page).includes('The ticket is closed.'), 'closed');
      await tabTo('Reopen ticket', isButton('Reopen ticket'));
      await press(' ');
      await until(() => said(page).includes('The ticket is open again.'), 'reopened');
      await tabTo('Close ticket', isButton('Close ticket'));

      if (width === '22rem') {
        await tabTo('Back', isButton('Back'), 'Shift+Tab');
        await press('Enter');
        await until(() => focused()?.matches('[part~=item]'), 'focus on the ticket');
        expect(words(focused()!)).to.contain('By keyboard');
        expect(focusVisible(focused()!), 'focus is visible on the ticket').to.equal(true);
        await press('Enter');
      } else {
        await tabTo('the ticket', (at) => at.matches('[part~=item]') && words(at).includes('By keyboard'), 'Shift+Tab');
        await press('Enter');
      }
      await until(() => queryAll(page, 'article.message').length === 2, 'it is read again');
      const stored = (await desk.ticket(ticket!.number)).entries.filter(({ kind }) => kind === 'message');
      expect(stored.length).to.equal(2);
    }).timeout(120_000);
  }
}
