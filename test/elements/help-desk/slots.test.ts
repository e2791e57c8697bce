/** What a page may put into the widget: slots of `<help-desk>`, also those of the elements inside it. */
import { expect } from '@open-wc/testing';
import { createStore } from '../../../src/store/store.js';
import type { Backend } from '../../../src/backends/backend.js';
import type { HelpDesk } from '../../../src/elements/help-desk/help-desk.js';
import { button, query, queryAll, until, words, write } from '../../support/screen.js';
import { attributes, cleanUp, jane, place, testDesk, widget } from '../../support/widget.js';

afterEach(cleanUp);

/** A help desk in which nobody has a ticket. */
const quiet = (): Backend => ({
  name: 'quiet',
  limits: {},
  listTickets: async () => ({ items: [] }),
  readThread: () => new Promise(() => undefined),
  createTicket: async () => ({
    id: '1',
    number: '1',
    subject: 'Hello',
    status: 'open',
    requester: { name: '', role: 'requester' },
  }),
});

function quietDesk(children: string): HelpDesk {
  const element = place(`<help-desk>${children}</help-desk>`).querySelector('help-desk')!;
  element.store = createStore(quiet());
  return element;
}

describe('slots of help-desk', () => {
  it('show what is put in the launcher, which names it and the panel', async () => {
    const { element, desk } = await widget('osticket', { extra: 'launcher label="Ask"' });
    const launcher = (): HTMLButtonElement => element.shadowRoot!.querySelector('[part=launcher]')!;
    await element.ready;
    await element.updateComplete;
    expect(words(launcher())).to.equal('Ask');
    element.innerHTML = '<span slot="launcher"><b>?</b> Questions</span>';
    await until(() => element.shadowRoot!.querySelector('dialog')!.ariaLabel === '? Questions', 'the name');
    expect(words(launcher())).to.equal('? Questions');
    await expect(element).to.be.accessible();
    const [ticket] = await desk.tickets(jane);
    button(element, '? Questions').click();
    await until(() => query(element, 'ticket-list')?.shadowRoot?.querySelector('[part~=item]'), 'the list');
    await desk.control({ op: 'reply', number: ticket!.number, body: 'News', createdAt: '2036-01-01T00:00:00Z' });
    await element.refresh();
    await until(() => launcher().ariaLabel === '? Questions, 1 unread', 'the count');
    expect(words(launcher()).replace(/\s/g, '')).to.equal('?Questions1');
    element.replaceChildren();
    await until(() => words(launcher()).startsWith('Ask'), 'its own words again');
  });

  it('show what is put in place of no tickets, and the own words without', async () => {
    const element = quietDesk('');
    await until(() => words(element).includes('You have no tickets yet.'), 'the words');
    element.innerHTML = '<p slot="empty">Nothing here. Lucky you!</p>';
    await until(() => words(element).includes('Nothing here. Lucky you!'), 'the words of the page');
    expect(words(element)).to.not.include('You have no tickets yet.');
    // What was looked for and not found is another matter.
    query(element, 'ticket-list')!.setAttribute('status', 'closed');
    await until(() => words(element).includes('No ticket matches.'), 'nothing found');
    expect(words(element)).to.not.include('Lucky');
    element.replaceChildren();
    query(element, 'ticket-list')!.setAttribute('status', '');
    await until(() => words(element).includes('You have no tickets yet.'), 'the words again');
  });

  it('show what is put under the success of a form', async () => {
    const element = quietDesk('<p slot="success">Have a biscuit.</p>');
    element.store = createStore({ ...quiet(), limits: { identityRequired: true } });
    const form = await until(() => query(element, 'ticket-form'), 'the form');
    await until(() => query(form, 'textarea'), 'its fields');
    expect(words(element)).to.not.include('biscuit');
    for (const [name, value] of Object.entries({
      email: jane,
      displayName: 'Jane',
      subject: 'Hello',
      message: 'Help me',
    }))
      write(query<HTMLInputElement>(form, `[name=${name}]`)!, value);
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'it is sent');
    await until(() => words(form).includes('Have a biscuit.'), 'the words of the page');
  });

  it('give a list alone a slot for no tickets', async () => {
    const desk = await testDesk();
    const page = place(
      `<help-desk ${attributes(desk, 'osticket', 'nobody@example.test')}><ticket-list><p slot="empty">None at all</p></ticket-list></help-desk>`,
    );
    await until(() => words(page).includes('None at all'), 'the words of the page');
  });
});

describe('parts of help-desk', () => {
  it('include those of the elements inside, as the contract names them', async () => {
    const { element, page } = await widget('osticket');
    await until(() => query(element, 'ticket-list')?.shadowRoot?.querySelector('[part~=item]'), 'the list');
    const style = document.createElement('style');
    page.append(style);
    const reached = (name: string): boolean => {
      style.textContent = `help-desk::part(${name}) { outline: rgb(1, 2, 3) solid 7px; }`;
      return queryAll(element, `[part~=${name}]`).some((one) => getComputedStyle(one).outlineWidth === '7px');
    };
    for (const name of ['list', 'item', 'subject', 'status', 'filters']) expect(reached(name), name).to.equal(true);
    element.navigate('new');
    await until(() => query(element, 'ticket-form', 'textarea'), 'the form');
    await until(() => query(element, 'topic-picker', '[part=input]'), 'the picker');
    for (const name of ['form', 'field', 'send', 'input']) expect(reached(name), name).to.equal(true);
    query<HTMLElement>(element, '[part~=item]')!.click();
    await until(() => query(element, 'ticket-thread', '[part=composer]'), 'the thread and what answers it');
    for (const name of ['header', 'entries', 'entry', 'body', 'composer']) expect(reached(name), name).to.equal(true);
  });
});
