import { expect, fixture, fixtureCleanup, html } from '@open-wc/testing';
import type { TicketThread } from '../../../src/elements/ticket-thread/ticket-thread.js';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../../support/screen.js';
import { cleanUp } from '../../support/widget.js';
import { audit, entry, file, htmlBody, ScriptedDesk, text } from '../shared/scripted-desk.js';
import { articles, bodies, errors, many, opened, scroller } from './opened.js';

afterEach(async () => {
  fixtureCleanup();
  await cleanUp();
  expect(errors()).to.deep.equal([]);
});

/** A thread with one of everything. */
function varied(): ScriptedDesk {
  const desk = new ScriptedDesk();
  desk.open(
    'a',
    [
      entry(0, { ...text('Hello\n> quoted\nSee https://a.example/.'), attachments: [file('photo.png'), { id: 'f2' }] }),
      entry(
        1,
        htmlBody(
          '<h1>Try</h1><p>this <a href="https://b.example/">b.example</a></p><blockquote>before</blockquote><img src="https://c.example/x.png"><table><tr><td>x</td></tr></table>',
        ),
      ),
      entry(2, { kind: 'event', ...text('Status changed') }),
      entry(3, { kind: 'reply', author: { name: '', role: 'agent' } }),
    ],
    { subject: 'Everything at once', topic: { name: 'Billing' }, priority: 'High' },
  );
  return desk;
}

describe('ticket-thread: accessibility', () => {
  it('passes the accessibility audit', async () => {
    const thread = await opened(varied());
    await until(() => words(thread).includes('Show image from c.example'), 'the HTML');
    await audit(thread);
    for (const details of queryAll<HTMLDetailsElement>(thread, 'details')) details.open = true;
    await audit(thread);
  });

  it('passes it while loading, without a ticket and for one that is not there', async () => {
    const desk = new ScriptedDesk();
    const go = desk.hold();
    const thread = await fixture<TicketThread>(
      html`<ticket-thread .store=${desk.store} ticket="gone"></ticket-thread>`,
    );
    expect(words(thread)).to.contain('Loading');
    await audit(thread);
    go();
    await until(() => said(thread).includes('This could not be found.'), 'the alert');
    await audit(thread);
    thread.ticket = undefined;
    await until(() => words(thread).includes('Choose a ticket to read it here.'), 'the hint');
    await audit(thread);
  });

  it('passes it while sending, after a failure, after discarding and unconfirmed', async () => {
    const desk = varied();
    const thread = await opened(desk);
    const go = desk.hold();
    write(field<HTMLTextAreaElement>(thread, 'Your reply'), 'Hello');
    button(thread, 'Reply').click();
    await until(() => words(thread).includes('Sending…'), 'sending');
    await audit(thread);
    desk.refusal = 'invalid';
    go();
    await until(() => said(thread).includes('This was not sent.'), 'failed');
    await audit(thread);
    button(thread, 'Discard').click();
    await until(() => buttons(thread, 'Undo').length, 'Undo');
    await audit(thread);
    button(thread, 'Undo').click();
    await until(() => buttons(thread, 'Discard').length, 'back');
    desk.failure = desk.refusal = 'network';
    button(thread, 'Discard').click();
    write(field<HTMLTextAreaElement>(thread, 'Your reply'), 'Another');
    button(thread, 'Reply').click();
    await until(() => said(thread).includes('We could not confirm that this was sent.'), 'unconfirmed');
    await audit(thread);
  });

  it('passes it closed, read-only, with an empty message, with a pill, failed and offline', async () => {
    const desk = varied();
    desk.open('long', many(30));
    const thread = await opened(desk, 'long');
    button(thread, 'Reply').click();
    await until(() => said(thread).includes('Enter a message.'), 'the message');
    await audit(thread);
    scroller(thread).scrollTop = 100;
    desk.add('long', entry(31));
    await desk.store.refresh();
    await until(() => buttons(thread, '1 new reply').length, 'the pill');
    await audit(thread);
    desk.failure = 'unavailable';
    await desk.store.refresh();
    await until(() => said(thread).includes('The help desk is not available right now.'), 'the alert');
    await audit(thread);
    desk.failure = undefined;
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
    dispatchEvent(new Event('offline'));
    await until(() => said(thread).includes('You are offline.'), 'the notice');
    await audit(thread);
    Reflect.deleteProperty(navigator, 'onLine');
    dispatchEvent(new Event('online'));
    button(thread, 'Close ticket').click();
    await until(() => said(thread).includes('The ticket is closed.'), 'closed');
    await audit(thread);
    thread.readOnly = true;
    await until(() => !buttons(thread, 'Reopen ticket').length, 'read-only');
    await audit(thread);
  }).timeout(60_000);
});

describe('ticket-thread: what it shows', () => {
  it('has an article for each entry, named by author and time', async () => {
    const thread = await opened(varied());
    const list = query(thread, 'ol')!;
    expect([list.getAttribute('role'), list.children.length]).to.deep.equal(['list', 4]);
    expect(articles(thread).map(({ className }) => className)).to.deep.equal(['message', 'reply', 'event', 'reply']);
    for (const [at, name] of ['Jane Doe', 'Nora Lind', 'System', 'Support'].entries())
      expect(articles(thread)[at]!.ariaLabel).to.match(new RegExp(`^${name}, .*2026$`));
    expect(queryAll(thread, '.role').map(words)).to.deep.equal(['Support', 'Support']);
    const time = query(thread, 'article time')!;
    expect([time.getAttribute('datetime'), /2026.*\d:\d\d/.test(time.title)]).to.deep.equal([
      '2026-03-02T09:00:00.000Z',
      true,
    ]);
    expect(words(query(thread, 'header')!)).to.equal('Everything at once Open #1001 Billing Priority : High');
    expect(thread.thread!.entries.length).to.equal(4);
  });

  it('has a line for each day', async () => {
    const desk = new ScriptedDesk();
    desk.open('a', [entry(0), entry(1), entry(30), entry(31), entry(60)]);
    const thread = await opened(desk);
    expect(queryAll(thread, '.day').length).to.equal(3);
    expect(words(query(thread, '.day')!)).to.match(/^Monday, March 2, 2026$/);
    expect(queryAll(thread, 'li').map((item) => !!item.querySelector('.day'))).to.deep.equal([
      true,
      false,
      true,
      false,
      true,
    ]);
  });

  it('shows the same entry in two threads of one desk', async () => {
    const desk = varied();
    const [one, two] = [await opened(desk), await opened(desk)];
    await one.updateComplete;
    expect([bodies(one).length, bodies(two).length]).to.deep.equal([4, 4]);
    expect(bodies(one)[0]).to.equal(bodies(two)[0]);
    await desk.store.refresh();
    expect(bodies(one)[3]).to.equal('Words of entry 3.');
  });

  it('stays up whatever a back end answers', async () => {
    const { ticket } = {
      ticket: { id: 'a', number: '1', subject: 's', status: 'open', requester: { name: '', role: 'requester' } },
    };
    const rubbish: unknown[] = [
      null,
      'no',
      {},
      { ticket },
      { ticket, entries: null },
      { ticket: { id: 'a' }, entries: [] },
      { ticket, entries: [null, 3, entry(0), entry(0), entry(1), { ...entry(2), id: '' }, { ...entry(3), id: '' }] },
      { ticket, entries: [{}, { id: 'x', body: null }, { ...entry(0), author: undefined }] },
      { ticket, entries: [{ ...entry(0), createdAt: 'never', attachments: [] }] },
    ];
    for (const answer of rubbish) {
      const desk = new ScriptedDesk();
      desk.store.backend.readThread = () => Promise.resolve(answer as never);
      const thread = await opened(desk);
      await until(() => query(thread, '[role=alert], header'), JSON.stringify(answer));
      await desk.store.refresh();
      await thread.updateComplete;
      expect(words(thread)).not.to.equal('');
      expect(errors(), JSON.stringify(answer)).to.deep.equal([]);
      fixtureCleanup();
    }
  });

  it('follows the ticket last chosen at its desk, unless it has one of its own', async () => {
    const desk = new ScriptedDesk();
    desk.open('a', [entry(0, text('of a'))]);
    desk.open('b', [entry(0, text('of b'))]);
    const thread = await fixture<TicketThread>(html`<ticket-thread .store=${desk.store}></ticket-thread>`);
    expect(words(thread)).to.contain('Choose a ticket to read it here.');
    desk.store.select('a');
    await until(() => bodies(thread).join() === 'of a', 'ticket a');
    desk.store.select('b');
    await until(() => bodies(thread).join() === 'of b', 'ticket b');
    thread.ticket = 'a';
    await until(() => bodies(thread).join() === 'of a', 'its own ticket');
  });

  it('begins anew with each ticket: nothing of the former is counted, said or left', async () => {
    const desk = new ScriptedDesk();
    desk.open('long', many(60));
    desk.open('short', [entry(0, text('short one')), entry(1)]);
    const thread = await opened(desk, 'long');
    expect(articles(thread).length).to.be.lessThan(60);
    thread.ticket = 'short';
    await until(() => bodies(thread)[0] === 'short one', 'the short one');
    expect([articles(thread).length, said(thread), buttons(thread, /new repl/).length]).to.deep.equal([2, '', 0]);
    thread.ticket = 'long';
    await until(() => bodies(thread).at(-1)?.startsWith('Entry 59'), 'the long one');
    expect(said(thread)).to.equal('');
  });

  it('shows what is left when entries go', async () => {
    const desk = new ScriptedDesk();
    desk.open('a', many(60));
    const thread = await opened(desk);
    desk.open('a', many(3));
    await desk.store.refresh();
    await until(() => articles(thread).length === 3, 'three');
  });

  it('shows nothing of one person to another, nor what one has written', async () => {
    const desk = varied();
    const thread = await opened(desk);
    write(field<HTMLTextAreaElement>(thread, 'Your reply'), 'my secret');
    const go = desk.hold();
    desk.store.identify({ email: 'omar@example.test' });
    await thread.updateComplete;
    expect(articles(thread).length).to.equal(0);
    go();
    await until(() => articles(thread).length === 4, 'the thread again');
    expect(field<HTMLTextAreaElement>(thread, 'Your reply').value).to.equal('');
    expect(desk.store.drafts.read('reply:a')).to.equal(undefined);
  });

  it('says what failed, once, and tries again', async () => {
    const desk = varied();
    desk.failure = 'network';
    const thread = await opened(desk);
    const codes: string[] = [];
    thread.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    await until(() => said(thread).includes('The help desk could not be reached.'), 'the alert');
    desk.failure = undefined;
    button(thread, 'Try again').focus();
    button(thread, 'Try again').click();
    await until(() => articles(thread).length === 4, 'the thread');
    expect(thread.shadowRoot!.activeElement?.localName).to.equal('textarea');
    desk.failure = 'timeout';
    await desk.store.refresh();
    await desk.store.refresh();
    await thread.updateComplete;
    expect([articles(thread).length, codes]).to.deep.equal([4, ['timeout']]);
  });

  it('asks the page for a sign-in where the thread cannot be read without, once', async () => {
    const desk = varied();
    const heard: string[] = [];
    const thread = await opened(desk);
    for (const type of ['help-desk-error', 'identity-required'] as const)
      thread.addEventListener(type, () => heard.push(type));
    desk.failure = 'unauthorized';
    await desk.store.refresh();
    await until(() => query(thread, '[part=alert]'), 'the alert');
    await desk.store.refresh();
    await thread.updateComplete;
    expect(heard).to.deep.equal(['help-desk-error', 'identity-required']);
    heard.length = 0;
    button(thread, 'photo.png 2 kB').click();
    await until(() => query(thread, 'article .wrong'), 'the file, too');
    expect(heard).to.deep.equal(['help-desk-error', 'identity-required']);
  });

  it('speaks the language of the page, and English where that is none', async () => {
    const desk = varied();
    const agos: string[] = [];
    for (const lang of ['de', 'en_US', 'not a language', '']) {
      desk.open('a', [entry(0, { createdAt: new Date().toISOString(), attachments: [file('photo.png')] })]);
      await desk.store.refresh();
      const place = await fixture(
        html`<div lang=${lang}><ticket-thread .store=${desk.store} ticket="a"></ticket-thread></div>`,
      );
      await until(() => articles(place).length === 1, `the thread in ${lang}`);
      expect(buttons(place, /photo\.png 2 kB/).length).to.equal(1);
      agos.push(words(query(place, 'time')!));
    }
    expect(agos).to.deep.equal(['jetzt', 'now', 'now', 'now']);
  });

  it('offers only what the back end can do', async () => {
    const desk = new ScriptedDesk(['reply', 'setStatus', 'readAttachment']);
    desk.open('a', [entry(0, { attachments: [file('a.txt')] })]);
    const thread = await opened(desk);
    expect([queryAll(thread, 'textarea, button').length, words(thread).includes('a.txt')]).to.deep.equal([0, true]);
    expect(words(thread)).to.contain('This help desk takes answers by email only.');
  });

  it('hands attachments over by a name that cannot mislead, and tells of a failure', async () => {
    const desk = new ScriptedDesk();
    desk.open('a', [entry(0, { attachments: [file('invoice\u202efdp.exe'), { id: 'x' }] })]);
    const thread = await opened(desk);
    expect(buttons(thread, /invoicefdp\.exe 2 kB/).length).to.equal(1);
    const names: string[] = [];
    const click = HTMLAnchorElement.prototype.click;
    HTMLAnchorElement.prototype.click = function () {
      names.push(`${this.download} ${this.protocol}`);
    };
    try {
      buttons(thread, /invoice/)[0]!.click();
      await until(() => names.length, 'the download');
      expect(names).to.deep.equal(['invoicefdp.exe blob:']);
      desk.failure = 'not-found';
      button(thread, 'attachment').click();
      await until(() => said(thread).includes('This could not be found.'), 'the alert');
    } finally {
      HTMLAnchorElement.prototype.click = click;
    }
  });
});
