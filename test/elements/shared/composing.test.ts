/** Words that come by an input method: the keys that make them do nothing else, and half of them are not searched for. */
import { expect, fixture, html } from '@open-wc/testing';
import { useFakeTimers } from 'sinon';
import '../../../src/define.js';
import type { TicketForm } from '../../../src/elements/ticket-form/ticket-form.js';
import type { TicketList } from '../../../src/elements/ticket-list/ticket-list.js';
import type { TopicPicker } from '../../../src/elements/topic-picker/topic-picker.js';
import { field, query, until, write } from '../../support/screen.js';
import { cleanUp, widget } from '../../support/widget.js';
import { opened, simple } from '../ticket-thread/opened.js';
import { ScriptedDesk, tickets } from './scripted-desk.js';

afterEach(cleanUp);

type Press = KeyboardEventInit & { readonly keyCode?: number };
const press = (target: Element, init: Press): boolean =>
  target.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, composed: true, cancelable: true, ...init }));
/** As most browsers tell of the key that ends the words, and as Safari does, which has ended them by then. */
const ends: readonly Press[] = [{ isComposing: true, keyCode: 229 }, { isComposing: true }, { keyCode: 229 }];
const send = { key: 'Enter', ctrlKey: true };

describe('words that are being composed', () => {
  it('are not sent as a ticket', async () => {
    const desk = new ScriptedDesk();
    const form = await fixture<TicketForm>(html`<ticket-form .store=${desk.store}></ticket-form>`);
    const message = field(form, 'Message');
    for (const name of ['Subject', 'Message']) write(field(form, name), 'にほん');
    let heard = 0;
    form.addEventListener('ticket-submit', (event) => {
      event.preventDefault();
      heard++;
    });
    const taken = ends.map((end) => !press(message, { ...send, ...end }));
    expect([...taken, !press(message, send)]).to.deep.equal([false, false, false, true]);
    await until(() => heard, 'the ticket');
    expect(heard).to.equal(1);
  });

  it('are not sent as a reply', async () => {
    const desk = simple();
    const thread = await opened(desk);
    const reply = field<HTMLTextAreaElement>(thread, 'Your reply');
    write(reply, 'にほん');
    for (const end of ends) press(reply, { ...send, ...end });
    expect(reply.value).to.equal('にほん');
    press(reply, send);
    expect(reply.value).to.equal('');
    await until(() => desk.replies.length, 'the reply');
    expect(desk.replies).to.deep.equal(['にほん']);
  });

  it('choose no topic, and close no list', async () => {
    const topics = [
      { id: '1', name: 'General' },
      { id: '2', name: 'Billing' },
    ];
    const picker = await fixture<TopicPicker>(html`<topic-picker .topics=${topics}></topic-picker>`);
    const input = query<HTMLInputElement>(picker, 'input')!;
    input.focus();
    await until(() => input.hasAttribute('aria-controls'), 'the list');
    press(input, { key: 'ArrowDown' });
    await picker.updateComplete;
    for (const key of ['Enter', 'Escape']) for (const end of ends) press(input, { key, ...end });
    await picker.updateComplete;
    expect([picker.value, input.ariaExpanded]).to.deep.equal(['', 'true']);
    press(input, { key: 'Enter' });
    await picker.updateComplete;
    expect([picker.value, input.ariaExpanded]).to.deep.equal(['1', 'false']);
  });

  it('close no panel', async () => {
    const { element } = await widget('osticket', { extra: 'launcher view="new"' });
    element.show();
    const message = await until(() => query(element, 'textarea'), 'the form');
    for (const end of ends) press(message, { key: 'Escape', ...end });
    expect(element.open).to.equal(true);
    press(message, { key: 'Escape' });
    expect(element.open).to.equal(false);
  });

  it('are searched for once they are done', async () => {
    const desk = new ScriptedDesk();
    desk.tickets = tickets(3);
    const list = await fixture<TicketList>(html`<ticket-list .store=${desk.store}></ticket-list>`);
    await until(() => query(list, '[part~=item]'), 'the list');
    const search = field(list, 'Search');
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const type = (value: string, isComposing: boolean): void => {
      search.value = value;
      search.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true, isComposing }));
    };
    try {
      type('S', false);
      clock.tick(100);
      // Not even what stood there before: the field would be filled with it.
      for (const value of ['Sに', 'Sにh', 'Sにほ']) {
        type(value, true);
        clock.tick(1000);
        expect(list.search).to.equal('');
      }
      search.dispatchEvent(new CompositionEvent('compositionend', { bubbles: true, composed: true }));
      clock.tick(250);
      expect(list.search).to.equal('Sにほ');
    } finally {
      clock.restore();
    }
  });
});
