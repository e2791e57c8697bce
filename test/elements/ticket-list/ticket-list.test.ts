import { expect, fixture, fixtureCleanup, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import '../../../src/elements/ticket-list/define.js';
import '../../../src/elements/ticket-thread/define.js';
import type { TicketList } from '../../../src/elements/ticket-list/ticket-list.js';
import type { HelpDeskErrorEvent, TicketSelectEvent } from '../../../src/events.js';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../../support/screen.js';
import { attributes, cleanUp, dialects, jane, mia, place, testDesk } from '../../support/widget.js';
import { audit, entry, ScriptedDesk, ticket, tickets } from '../shared/scripted-desk.js';

const rows = (root: Node): HTMLElement[] => queryAll(root, '[part=item]');
const subjects = (root: Node): string[] => queryAll(root, '[part=subject]').map((element) => words(element));
const focused = (list: TicketList): Element | null => list.shadowRoot!.activeElement;
/** Compared here: an assertion that fails on two elements prints the whole page. */
const isFocused = (list: TicketList, element: Element | undefined): boolean => !!element && focused(list) === element;

/** A list of its own store, with its first answer. */
async function listed(desk: ScriptedDesk): Promise<TicketList> {
  const list = await fixture<TicketList>(html`<ticket-list .store=${desk.store}></ticket-list>`);
  await until(() => !desk.store.tickets({ limit: 25 }).peek().fetching, 'the first answer');
  await list.updateComplete;
  return list;
}

function filled(count: number): ScriptedDesk {
  const desk = new ScriptedDesk();
  desk.tickets = tickets(count);
  return desk;
}

const failures: string[] = [];
const note = (event: ErrorEvent | PromiseRejectionEvent): void =>
  void failures.push(String('reason' in event ? event.reason : event.message));
before(() => {
  addEventListener('error', note);
  addEventListener('unhandledrejection', note);
});
after(() => {
  removeEventListener('error', note);
  removeEventListener('unhandledrejection', note);
});
afterEach(async () => {
  fixtureCleanup();
  await cleanUp();
  expect(failures.splice(0).filter((message) => !message.includes('ResizeObserver'))).to.deep.equal([]);
});

describe('ticket-list: accessibility', () => {
  it('passes the accessibility audit', async () => {
    const desk = filled(3);
    desk.tickets = [
      ticket(5, { status: 'closed', topic: { id: '2', name: 'Billing' } }),
      ticket(4, { status: 'pending', statusLabel: 'Waiting for parts' }),
      ticket(3, { status: 'resolved' }),
      ticket(2, { status: 'on-hold', subject: '' }),
      ticket(1),
    ];
    const list = await listed(desk);
    await audit(list);
    desk.store.select('t4');
    desk.tickets = [ticket(6), ticket(1, { updatedAt: '2026-05-01T10:00:00Z' })];
    await desk.store.refresh();
    await until(() => query(list, '.news'), 'the unread mark');
    await audit(list);
  });

  it('passes it before the first answer, and with nothing to show', async () => {
    const desk = new ScriptedDesk();
    const go = desk.hold();
    const list = await fixture<TicketList>(html`<ticket-list .store=${desk.store}></ticket-list>`);
    expect(words(list)).to.contain('Loading');
    await audit(list);
    go();
    await until(() => words(list).includes('You have no tickets yet.'), 'the empty state');
    await audit(list);
    list.search = 'nothing like this';
    await until(() => words(list).includes('No ticket matches.'), 'the state without a result');
    await audit(list);
  });

  it('passes it after a failure, while refreshing and offline', async () => {
    const desk = filled(2);
    desk.failure = 'network';
    const list = await listed(desk);
    await until(() => query(list, '[role=alert]'), 'the alert');
    await audit(list);
    desk.failure = undefined;
    button(list, 'Try again').click();
    await until(() => rows(list).length === 2, 'the list');
    const go = desk.hold();
    void desk.store.refresh();
    await until(() => query(list, '.refreshing'), 'the bar');
    await audit(list);
    go();
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
    dispatchEvent(new Event('offline'));
    await until(() => words(list).includes('You are offline. What you see may be out of date.'), 'the notice');
    await until(() => said(list).includes('You are offline.'), 'it is said');
    await audit(list);
    Reflect.deleteProperty(navigator, 'onLine');
    dispatchEvent(new Event('online'));
    await until(() => !query(list, '.offline'), 'online again');
  });
});

describe('ticket-list: what it shows', () => {
  it('is a real list whose rows are one button each, named by subject and number', async () => {
    const list = await listed(filled(3));
    const ul = query(list, 'ul')!;
    expect(ul.getAttribute('role')).to.equal('list');
    expect([...ul.children].map(({ localName }) => localName)).to.deep.equal(['li', 'li', 'li']);
    expect([...ul.children].map((li) => li.querySelectorAll('button').length)).to.deep.equal([1, 1, 1]);
    expect(words(button(list, /Subject 2.*#1002/))).to.match(
      /^Subject 2 Open #1002 Mar 2, 2026$|^Subject 2 Open #1002 /,
    );
    expect(list.tickets.map(({ id }) => id)).to.deep.equal(['t3', 't2', 't1']);
    expect(query(list, 'time')!.title).to.match(/2026/);
  });

  it('shows every back-end word, however odd, as text', async () => {
    const desk = new ScriptedDesk();
    desk.tickets = [ticket(1, { subject: '<img src=x onerror=alert(1)>', statusLabel: '<b>own</b>' })];
    const list = await listed(desk);
    expect(subjects(list)).to.deep.equal(['<img src=x onerror=alert(1)>']);
    expect(words(query(list, '[part=status]')!)).to.equal('Open · <b>own</b>');
    expect(query(list, 'img')).to.equal(undefined);
  });

  it('stays up whatever a back end answers', async () => {
    const rubbish: unknown[] = [
      null,
      'no',
      {},
      { items: null },
      { items: [null, 5, 'x', {}, {}] },
      { items: [{ id: 't1', subject: 7, status: 'odd', statusLabel: 3, updatedAt: 'never' }] },
      { items: [ticket(1), ticket(1), ticket(2)] },
    ];
    for (const answer of rubbish) {
      const desk = new ScriptedDesk();
      desk.store.backend.listTickets = () => Promise.resolve(answer as never);
      const list = await listed(desk);
      await until(() => query(list, '[role=alert], [part=item], .empty'), JSON.stringify(answer));
      await desk.store.refresh();
      await list.updateComplete;
      expect(words(list)).not.to.equal('');
      fixtureCleanup();
    }
  });

  it('has filters unless told not to, and topics only where there are some', async () => {
    const desk = filled(1);
    const list = await listed(desk);
    await until(() => field(list, 'Topic'), 'the topics');
    expect([field(list, 'Search').type, field(list, 'Status').localName]).to.deep.equal(['search', 'select']);
    list.noFilters = true;
    await list.updateComplete;
    expect(queryAll(list, 'input, select').length).to.equal(0);
    const bare = await listed(new ScriptedDesk(['listTopics']));
    expect(queryAll(bare, 'select').length).to.equal(1);
  });

  it('marks the current ticket: its own, else the one the desk has chosen', async () => {
    const desk = filled(3);
    const list = await listed(desk);
    desk.store.select('t2');
    await list.updateComplete;
    const current = (): (string | undefined)[] =>
      queryAll(list, '[aria-current=true]').map(({ dataset }) => dataset['id']);
    expect(current()).to.deep.equal(['t2']);
    list.current = 't3';
    await list.updateComplete;
    expect(current()).to.deep.equal(['t3']);
    expect(list.getAttribute('current')).to.equal('t3');
  });
});

describe('ticket-list: choosing', () => {
  it('tells of a chosen ticket and has the desk follow', async () => {
    const desk = filled(2);
    const list = await listed(desk);
    let heard: TicketSelectEvent | undefined;
    document.addEventListener('ticket-select', (event) => (heard = event), { once: true });
    rows(list)[1]!.click();
    expect(heard!.ticket.id).to.equal('t1');
    expect(heard!.detail).to.deep.equal({ ticket: heard!.ticket });
    expect([heard!.bubbles, heard!.composed, heard!.cancelable]).to.deep.equal([true, true, true]);
    expect(desk.store.selected.value).to.equal('t1');
  });

  it('leaves the desk alone where the event is cancelled', async () => {
    const desk = filled(2);
    const list = await listed(desk);
    list.addEventListener('ticket-select', (event) => event.preventDefault());
    rows(list)[0]!.click();
    expect(desk.store.selected.value).to.equal(undefined);
  });

  it('works by keyboard alone', async () => {
    const desk = filled(3);
    const list = await listed(desk);
    field(list, 'Search').focus();
    await sendKeys({ type: 'Subject 2' });
    await until(() => subjects(list).join() === 'Subject 2', 'the search');
    expect(isFocused(list, field(list, 'Search'))).to.equal(true);
    rows(list)[0]!.focus();
    await sendKeys({ press: 'Enter' });
    await until(() => desk.store.selected.value === 't2', 'chosen');
  });
});

describe('ticket-list: focus', () => {
  it('stays on a ticket that an answer brings to the top', async () => {
    const desk = filled(40);
    const list = await listed(desk);
    rows(list)[9]!.focus();
    desk.tickets = [ticket(31, { updatedAt: '2026-05-01T10:00:00Z' }), ...tickets(40).filter(({ id }) => id !== 't31')];
    await desk.store.refresh();
    await until(() => rows(list)[0]!.dataset['id'] === 't31', 'the new order');
    expect(isFocused(list, rows(list)[0])).to.equal(true);
  });

  it('is left where a person has put it while the order changes', async () => {
    const desk = filled(3);
    const list = await listed(desk);
    const elsewhere = document.createElement('input');
    list.before(elsewhere);
    rows(list)[2]!.focus();
    elsewhere.focus();
    desk.tickets = [ticket(1, { updatedAt: '2026-05-01T10:00:00Z' }), ticket(3), ticket(2)];
    await desk.store.refresh();
    await until(() => rows(list)[0]!.dataset['id'] === 't1', 'the new order');
    expect(document.activeElement === elsewhere).to.equal(true);
  });
});

describe('ticket-list: filters', () => {
  it('asks once typing has paused, keeps the old list until the answer, and says how many were found', async () => {
    const desk = filled(12);
    const list = await listed(desk);
    const asked = desk.queries.length;
    for (const typed of ['S', 'Su', 'Subject 1']) write(field(list, 'Search'), typed);
    const go = desk.hold();
    await until(() => desk.queries.length > asked, 'the question');
    expect(desk.queries.slice(asked).map(({ search }) => search)).to.deep.equal(['Subject 1']);
    expect(rows(list).length).to.equal(12);
    expect(said(list)).to.equal('');
    go();
    await until(() => rows(list).length === 4, 'the answer');
    expect(said(list)).to.equal('4 tickets found');
    write(field(list, 'Search'), 'Subject 12');
    await until(() => said(list) === '1 ticket found', 'the count');
  });

  it('does not announce or show an old answer for a new question', async () => {
    const desk = filled(12);
    const list = await listed(desk);
    const go = desk.hold();
    list.search = 'Subject 1';
    await list.updateComplete;
    list.search = 'Subject 12';
    await list.updateComplete;
    expect(said(list)).to.equal('');
    const seen: number[] = [];
    new MutationObserver(() => seen.push(rows(list).length)).observe(list.shadowRoot!, {
      childList: true,
      subtree: true,
    });
    go();
    await until(() => rows(list).length === 1, 'the answer');
    expect(seen).not.to.include(4);
    expect(said(list)).to.equal('1 ticket found');
  });

  it('asks the back end by status and topic', async () => {
    const desk = new ScriptedDesk();
    desk.tickets = [ticket(2, { status: 'closed' }), ticket(1, { topic: { id: '2', name: 'Billing' } })];
    const list = await listed(desk);
    write(field(list, 'Status'), 'closed');
    await until(() => subjects(list).join() === 'Subject 2', 'closed ones');
    expect([list.status, desk.queries.at(-1)]).to.deep.equal(['closed', { limit: 25, status: 'closed' }]);
    write(field(list, 'Status'), '');
    write(field(list, 'Topic'), '2');
    await until(() => subjects(list).join() === 'Subject 1', 'the topic');
    expect(desk.queries.at(-1)).to.deep.equal({ limit: 25, topicId: '2' });
  });

  it('takes attributes, and survives odd and removed ones', async () => {
    const desk = filled(3);
    const list = await fixture<TicketList>(
      html`<ticket-list .store=${desk.store} status="toString" search=" Subject 3 " page-size="0"></ticket-list>`,
    );
    await until(() => rows(list).length === 1, 'found');
    expect(desk.queries).to.deep.equal([{ limit: 25, search: 'Subject 3' }]);
    for (const name of ['search', 'status', 'page-size', 'topic', 'scope']) list.removeAttribute(name);
    await until(() => rows(list).length === 3, 'all of them');
  });

  it('keeps what was typed when it is moved', async () => {
    const desk = filled(3);
    const list = await listed(desk);
    write(field(list, 'Search'), 'Subject 3');
    const other = place('');
    other.append(list);
    await until(() => rows(list).length === 1, 'found');
    expect(list.search).to.equal('Subject 3');
  });
});

describe('ticket-list: more', () => {
  it('draws a page, and the rest when asked; focus goes to the first new row', async () => {
    const desk = filled(12);
    const list = await fixture<TicketList>(
      html`<ticket-list .store=${desk.store} page-size="5" style="display:none"></ticket-list>`,
    );
    await until(() => rows(list).length === 5, 'five');
    list.style.display = 'block';
    // Room above, so that nothing comes by approach.
    list.style.marginBlockStart = '5000px';
    button(list, 'Load more').click();
    await until(() => isFocused(list, rows(list)[5]), 'focus on the sixth');
    expect(subjects(list).slice(0, 6)).to.deep.equal([12, 11, 10, 9, 8, 7].map((at) => `Subject ${at}`));
  });

  it('leaves the button to whoever has come to it by keyboard', async () => {
    const list = await fixture<TicketList>(
      html`<ticket-list .store=${filled(40).store} style="margin-block:5000px"></ticket-list>`,
    );
    await until(() => rows(list).length === 25, 'a page');
    button(list, 'Load more').focus();
    for (let frame = 0; frame < 4; frame++) await new Promise(requestAnimationFrame);
    expect(isFocused(list, button(list, 'Load more'))).to.equal(true);
    button(list, 'Load more').click();
    await until(() => isFocused(list, rows(list)[25]), 'the first of the rest');
  });

  it('fetches further pages: none twice, none left out', async () => {
    const desk = filled(60);
    desk.pageSize = 25;
    const list = await listed(desk);
    for (const from of [25, 50]) {
      button(list, 'Load more').click();
      button(list, 'Load more').click();
      await until(() => isFocused(list, rows(list)[from]), `row ${from}`);
    }
    expect(subjects(list)).to.deep.equal(desk.tickets.map(({ subject }) => subject));
    expect(buttons(list, 'Load more').length).to.equal(0);
    // Each with the page before it, beside which nothing can be missed.
    expect(desk.queries.map(({ cursor }) => cursor)).to.deep.equal([undefined, undefined, '25', '25', '50']);
  });

  it('leaves focus where a person has gone while more is fetched', async () => {
    const desk = filled(60);
    desk.pageSize = 25;
    const list = await listed(desk);
    const elsewhere = document.createElement('input');
    list.before(elsewhere);
    const gone = [elsewhere, field(list, 'Search')];
    for (const at of [0, 1]) {
      const from = rows(list).length;
      const go = desk.hold();
      button(list, 'Load more').focus();
      button(list, 'Load more').click();
      const place = gone[at]!;
      place.focus();
      go();
      await until(() => rows(list).length > from, 'more rows');
      await list.updateComplete;
      await new Promise(requestAnimationFrame);
      expect([document.activeElement === (at ? list : place), !at || isFocused(list, place)]).to.deep.equal([
        true,
        true,
      ]);
    }
  });

  it('does nothing while another list is asked for and the one before still stands there', async () => {
    const desk = filled(60);
    desk.pageSize = 25;
    const list = await listed(desk);
    const go = desk.hold();
    list.status = 'open';
    await list.updateComplete;
    const more = button(list, 'Load more');
    more.focus();
    more.click();
    await list.updateComplete;
    await new Promise(requestAnimationFrame);
    expect(isFocused(list, more)).to.equal(true);
    const asked = desk.queries.length;
    go();
    await until(() => !desk.store.tickets({ limit: 25, status: 'open' }).peek().fetching, 'the list');
    await list.updateComplete;
    expect([rows(list).length, desk.queries.length, isFocused(list, button(list, 'Load more'))]).to.deep.equal([
      25,
      asked,
      true,
    ]);
  });

  it('keeps the button and the list when the next page fails', async () => {
    const desk = filled(60);
    desk.pageSize = 25;
    const list = await listed(desk);
    desk.failure = 'unavailable';
    button(list, 'Load more').focus();
    button(list, 'Load more').click();
    await until(() => said(list).includes('The help desk is not available right now.'), 'the alert');
    expect(rows(list).length).to.equal(25);
    desk.failure = undefined;
    button(list, 'Load more').click();
    await until(() => isFocused(list, rows(list)[25]), 'the first of the next page');
    expect(rows(list).length).to.equal(50);
    await until(() => !query(list, '[role=alert]'), 'the alert goes');
  });

  it('offers more where a page is empty but not the last', async () => {
    const desk = filled(3);
    const list = desk.store.backend.listTickets;
    desk.store.backend.listTickets = (wanted, call) =>
      wanted.cursor ? list({ ...wanted, cursor: '0' }, call) : Promise.resolve({ items: [], next: 'more' });
    const element = await listed(desk);
    button(element, 'Load more').click();
    await until(() => rows(element).length === 3, 'three');
  });

  it('adds rows as the end comes near', async () => {
    const list = await listed(filled(300));
    expect(rows(list).length).to.be.lessThan(300);
    for (let before = 0; before < 300; before = rows(list).length) {
      const from = before;
      document.documentElement.scrollTop = document.documentElement.scrollHeight;
      await until(() => rows(list).length > from, `more than ${from}`);
    }
    expect(rows(list).length).to.equal(300);
    expect(buttons(list, 'Load more').length).to.equal(0);
  });
});

describe('ticket-list: failure', () => {
  it('says what is wrong, tells the page once, and tries again', async () => {
    const desk = filled(2);
    desk.failure = 'network';
    const events: string[] = [];
    const count = (event: HelpDeskErrorEvent): void => void events.push(event.error.code);
    document.addEventListener('help-desk-error', count);
    const list = await listed(desk);
    await until(() => said(list) === 'The help desk could not be reached. Try again', 'the alert');
    expect(events).to.deep.equal(['network']);
    button(list, 'Try again').focus();
    button(list, 'Try again').click();
    await until(() => events.length === 2, 'told again, as it was asked for');
    await until(() => isFocused(list, button(list, 'Try again')), 'focus stays');
    desk.failure = undefined;
    button(list, 'Try again').click();
    await until(() => rows(list).length === 2, 'the list');
    expect(isFocused(list, rows(list)[0])).to.equal(true);
    document.removeEventListener('help-desk-error', count);
  });

  it('asks the page for a sign-in where the list cannot be read without, once', async () => {
    const desk = filled(2);
    const heard: string[] = [];
    const list = await listed(desk);
    for (const type of ['help-desk-error', 'identity-required'] as const)
      list.addEventListener(type, () => heard.push(type));
    desk.failure = 'unauthorized';
    await desk.store.refresh();
    await until(() => query(list, '[part=alert]'), 'the alert');
    await desk.store.refresh();
    await list.updateComplete;
    expect(heard).to.deep.equal(['help-desk-error', 'identity-required']);
  });

  it('keeps the old list beside the alert; a poll that fails again is no news', async () => {
    const desk = filled(2);
    const list = await listed(desk);
    const events: string[] = [];
    list.addEventListener('help-desk-error', (event) => events.push(event.error.code));
    desk.failure = 'timeout';
    await desk.store.refresh();
    await until(() => said(list).includes('The help desk took too long to answer.'), 'the alert');
    expect(rows(list).length).to.equal(2);
    const alert = query(list, '[role=alert]');
    await desk.store.refresh();
    await list.updateComplete;
    expect(query(list, '[role=alert]') === alert).to.equal(true);
    expect(events).to.deep.equal(['timeout']);
    desk.failure = undefined;
    await desk.store.refresh();
    await until(() => !query(list, '[role=alert]'), 'the alert goes');
  });

  it('shows nothing of one person to another', async () => {
    const desk = filled(3);
    const list = await listed(desk);
    const go = desk.hold();
    desk.store.identify({ email: 'omar@example.test' });
    await list.updateComplete;
    expect([rows(list).length, words(list).includes('Loading')]).to.deep.equal([0, true]);
    list.search = 'Subject';
    await list.updateComplete;
    expect(rows(list).length).to.equal(0);
    go();
    await until(() => rows(list).length === 3, 'the other list');
  });

  it('goes on after it was taken out and put back', async () => {
    const desk = filled(2);
    const list = await listed(desk);
    const home = list.parentElement!;
    list.remove();
    await list.updateComplete;
    home.append(list);
    await until(() => rows(list).length === 2, 'the list');
  });

  it('takes properties that were set before it was known', async () => {
    const desk = filled(3);
    const tag = `late-list-${Date.now()}`;
    const list = Object.assign(document.createElement(tag), {
      store: desk.store,
      search: 'Subject 3',
      noFilters: true,
    });
    place('').append(list);
    const { TicketList: base } = await import('../../../src/elements/ticket-list/ticket-list.js');
    customElements.define(tag, class extends base {});
    await until(() => subjects(list).join() === 'Subject 3', 'the list');
    expect(queryAll(list, 'input').length).to.equal(0);
  });
});

describe('ticket-list: unread', () => {
  it('marks a ticket with a new answer, until it is opened', async () => {
    const desk = filled(2);
    desk.open('t1', [entry(0)]);
    const page = await fixture(
      html`<div>
        <ticket-list .store=${desk.store}></ticket-list><ticket-thread .store=${desk.store}></ticket-thread>
      </div>`,
    );
    await until(() => rows(page).length === 2, 'the list');
    expect(queryAll(page, '.news').length).to.equal(0);
    const later = '2026-03-05T10:00:00.000Z';
    desk.tickets = [ticket(1, { updatedAt: later }), ticket(2)];
    desk.open('t1', [entry(0), entry(1)], { updatedAt: later });
    await desk.store.refresh();
    await until(() => buttons(page, /Subject 1.*New reply/).length === 1, 'the mark');
    rows(page)[0]!.click();
    await until(() => !buttons(page, /New reply/).length, 'the mark goes');
  });
});

for (const dialect of dialects) {
  describe(`ticket-list over ${dialect}`, () => {
    it('stands alone on a page, searches and filters', async () => {
      const desk = await testDesk();
      await desk.control({ op: 'state', number: (await desk.tickets(jane))[0]!.number, state: 'closed' });
      const page = place(`<help-desk ${attributes(desk, dialect)}><ticket-list></ticket-list></help-desk>`);
      const stored = await desk.tickets(jane);
      await until(() => rows(page).length === stored.length, 'the list');
      write(field(page, 'Search'), 'VPN');
      const found = stored.filter(({ subject }) => subject.includes('VPN')).map(({ subject }) => subject);
      await until(() => rows(page).length === found.length, 'the search');
      expect(subjects(page).sort()).to.deep.equal(found.sort());
      write(field(page, 'Search'), 'no such thing anywhere');
      await until(() => words(page).includes('No ticket matches.'), 'nothing');
      write(field(page, 'Search'), '');
      write(field(page, 'Status'), 'closed');
      const badges = (): string[] => queryAll(page, '[part=status]').map((badge) => words(badge).split(' · ')[0]!);
      await until(() => rows(page).length && badges().every((badge) => badge === 'Closed'), 'the closed ones');
      expect(subjects(page)).to.include.members(
        stored.filter(({ state }) => state === 'closed').map(({ subject }) => subject),
      );
    });

    it('shows all of 300 tickets, none twice', async () => {
      const desk = await testDesk({ seed: 'full' });
      const page = place(
        `<help-desk ${attributes(desk, dialect, mia)}><ticket-list page-size="100"></ticket-list></help-desk>`,
      );
      const list = page.querySelector('ticket-list')!;
      await until(() => rows(page).length >= 100, 'the first page');
      while (rows(page).length < 300) {
        const from = rows(page).length;
        button(page, 'Load more').click();
        await until(() => rows(page).length > from, `more than ${from}`);
      }
      const stored = (await desk.tickets(mia)).map(({ id, number }) => (dialect === 'osticket' ? number : `${id}`));
      const shown = rows(page).map((row) => /#(\d+)/.exec(words(row))![1]!);
      expect(new Set(shown).size).to.equal(300);
      expect([...shown].sort().join()).to.equal([...stored].sort().join());
      const activity = list.tickets.map(({ id, updatedAt }) => updatedAt ?? id.padStart(9, '0'));
      expect(activity.join()).to.equal([...activity].sort().reverse().join());
      expect(list.tickets.length).to.equal(300);
    }).timeout(30_000);
  });
}

describe('ticket-list: unread over HTTP', () => {
  it('marks what an agent has answered, until it is opened', async () => {
    const desk = await testDesk();
    const page = place(
      `<help-desk ${attributes(desk, 'osticket')}><ticket-list></ticket-list><ticket-thread></ticket-thread></help-desk>`,
    );
    const stored = (await desk.tickets(jane)).find(({ state }) => state === 'open')!;
    await until(() => rows(page).length, 'the list');
    expect(queryAll(page, '.news').length).to.equal(0);
    await desk.control({ op: 'reply', number: stored.number, body: '<p>Any better?</p>' });
    await page.querySelector('help-desk')!.refresh();
    await until(() => buttons(page, /New reply/).length === 1, 'the mark');
    const marked = button(page, /New reply/);
    expect([words(marked).includes(stored.number), rows(page)[0] === marked]).to.deep.equal([true, true]);
    marked.click();
    await until(() => words(page).includes('Any better?'), 'the answer');
    await until(() => !buttons(page, /New reply/).length, 'the mark goes');
  });
});

describe('ticket-list: when an answer is due', () => {
  it('is said in the row, accessibly, and in the header of the thread', async () => {
    const desk = filled(0);
    const late = { dueAt: '2026-01-05T10:00:00Z' };
    desk.tickets = [
      ticket(3, late),
      ticket(2, { dueAt: '2999-01-05T10:00:00Z' }),
      ticket(1, { ...late, status: 'closed' }),
    ];
    desk.open('t3', [entry(0)], late);
    const list = await listed(desk);
    expect(
      rows(list).map((row) => /Later than planned|Answer expected by Jan 5, 2999/.exec(words(row))?.[0]),
    ).to.deep.equal(['Later than planned', 'Answer expected by Jan 5, 2999', undefined]);
    await audit(list);
    const thread = await fixture(html`<ticket-thread .store=${desk.store} ticket="t3"></ticket-thread>`);
    await until(() => words(thread).includes('Later than planned'), 'the header');
    await audit(thread);
  });
});
