/** The part of a thread that answers: when its code is fetched, and what is there until it is. */
import { expect, fixture, fixtureCleanup, html } from '@open-wc/testing';
import type { TicketThread } from '../../../src/elements/ticket-thread/ticket-thread.js';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../../support/screen.js';
import { attributes, cleanUp, jane, testDesk } from '../../support/widget.js';
import { pageWithout, removePages } from '../../support/without.js';
import { audit, entry, htmlBody, ScriptedDesk } from '../shared/scripted-desk.js';
import { articles, bodies, complete, errors, focused, fromEnd, many, opened, settled, simple } from './opened.js';

/** Without a network, which is told to nobody: no code is had then. */
const online = (value: boolean): void => {
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => value });
};

afterEach(async () => {
  Reflect.deleteProperty(navigator, 'onLine');
  fixtureCleanup();
  removePages();
  await cleanUp();
  expect(errors()).to.deep.equal([]);
});

let copies = 0;

/** A thread that is the first of its page: what another has loaded is not there for it. */
async function first(): Promise<TicketThread> {
  const address = `/src/elements/ticket-thread/ticket-thread.ts?${++copies}`;
  const { TicketThread: Copy } = (await import(address)) as { TicketThread: typeof TicketThread };
  customElements.define(`ticket-thread-${copies}`, Copy);
  return document.createElement(`ticket-thread-${copies}`) as TicketThread;
}

/** A thread that is opened when no code can be had, and the codes of its failures. */
async function without(
  desk: ScriptedDesk,
  more: Partial<TicketThread> = {},
  shown = 'article',
): Promise<[TicketThread, string[]]> {
  const codes: string[] = [];
  const thread = await first();
  online(false);
  thread.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
  Object.assign(thread, { store: desk.store, ticket: 'a' }, more);
  await fixture(html`${thread}`);
  await until(() => query(thread, shown), 'the thread');
  await thread.updateComplete;
  return [thread, codes];
}
const reply = (root: Node): HTMLTextAreaElement => field<HTMLTextAreaElement>(root, 'Your reply');
const composers = (root: Node): number => queryAll(root, 'textarea').length;
const unreachable = 'The help desk could not be reached. Try again';

describe('ticket-thread: where its composer cannot be had', () => {
  it('can be read, says so in the place of the composer, and passes the accessibility audit', async () => {
    const [thread, codes] = await without(simple());
    expect([composers(thread), words(query(thread, 'footer')!), codes]).to.deep.equal([0, unreachable, ['network']]);
    await audit(thread);
  });

  it('tries again when told to; focus stays, and goes into the composer once that is there', async () => {
    const [thread, codes] = await without(simple());
    button(thread, 'Try again').focus();
    button(thread, 'Try again').click();
    await until(() => codes.length === 2, 'the second failure');
    await thread.updateComplete;
    expect(focused(thread) === button(thread, 'Try again')).to.equal(true);
    online(true);
    button(thread, 'Try again').click();
    await until(() => composers(thread), 'the composer');
    expect([focused(thread) === reply(thread), said(thread), codes.length]).to.deep.equal([true, '', 2]);
    write(reply(thread), 'After all');
    button(thread, 'Reply').click();
    await until(() => said(thread) === 'Your reply was sent.', 'sent');
  });

  it('asks again with the next ticket', async () => {
    const [thread, codes] = await without(simple());
    online(true);
    thread.ticket = 'b';
    await until(() => articles(thread).length === 1 && composers(thread), 'the composer');
    expect([queryAll(thread, '[role=alert]').length, codes]).to.deep.equal([0, ['network']]);
  });

  it('asks again when there is a network again', async () => {
    const desk = simple();
    const [thread, codes] = await without(desk);
    dispatchEvent(new Event('offline'));
    await until(() => said(thread).includes('You are offline.'), 'the notice');
    online(true);
    dispatchEvent(new Event('online'));
    await until(() => composers(thread), 'the composer');
    expect([queryAll(thread, '[role=alert]').length, codes]).to.deep.equal([0, ['network', 'network']]);
  });

  it('says it once where the ticket cannot be had either, and asks again with that', async () => {
    const desk = simple();
    desk.failure = 'network';
    const [thread, codes] = await without(desk, {}, '[role=alert]');
    expect([words(thread), codes]).to.deep.equal([unreachable, ['network']]);
    online(true);
    desk.failure = undefined;
    button(thread, 'Try again').focus();
    button(thread, 'Try again').click();
    await until(() => composers(thread), 'the composer');
    await thread.updateComplete;
    expect([articles(thread).length, said(thread), codes]).to.deep.equal([2, '', ['network']]);
    expect(focused(thread)?.isConnected).to.equal(true);
  });

  it('keeps what was written before', async () => {
    const desk = simple();
    const before = await opened(desk);
    write(reply(before), 'half a sentence');
    before.remove();
    const [thread] = await without(desk);
    thread.ticket = 'b';
    await thread.updateComplete;
    thread.ticket = 'a';
    await thread.updateComplete;
    online(true);
    button(thread, 'Try again').click();
    await until(() => composers(thread), 'the composer');
    expect(reply(thread).value).to.equal('half a sentence');
  });

  it('says it in a page of which that file is gone', async () => {
    const desk = await testDesk();
    const stored = (await desk.tickets(jane)).find(({ state }) => state === 'open')!;
    const page = await pageWithout(
      ['elements/ticket-thread/answering'],
      'define',
      `<help-desk ${attributes(desk, 'osticket')}><ticket-thread ticket="${stored.number}"></ticket-thread></help-desk>`,
    );
    const thread = page.querySelector('ticket-thread')!;
    const footer = await until(() => thread.shadowRoot?.querySelector('footer [part=alert]'), 'the alert');
    expect([footer.textContent.replace(/\s+/g, ' ').trim(), thread.thread!.entries.length > 0]).to.deep.equal([
      unreachable,
      true,
    ]);
  });
});

describe('ticket-thread: where nothing is answered', () => {
  it('fetches no code for that: read-only, and where the back end cannot', async () => {
    const cannot = new ScriptedDesk(['reply', 'setStatus']);
    cannot.open('a', [entry(0), entry(1)]);
    for (const [desk, readOnly, foot] of [
      [simple(), true, undefined],
      [cannot, false, 'This help desk takes answers by email only.'],
    ] as const) {
      const [thread, codes] = await without(desk, { readOnly });
      const footer = query(thread, 'footer');
      expect([said(thread), codes, footer && words(footer)]).to.deep.equal(['', [], foot]);
    }
  });

  it('fetches it once something can be answered', async () => {
    const desk = simple();
    const [thread, codes] = await without(desk, { readOnly: true });
    online(true);
    thread.readOnly = false;
    await thread.updateComplete;
    expect([composers(thread), codes]).to.deep.equal([1, []]);
  });

  it('says by which way answers are taken, where only closing is possible', async () => {
    const thread = await opened(simple(['reply']));
    expect([words(query(thread, 'footer .notice')!), buttons(thread, 'Close ticket').length]).to.deep.equal([
      'This help desk takes answers by email only.',
      1,
    ]);
  });

  it('shows replies on their way all the same, and why it cannot', async () => {
    const desk = simple();
    desk.refusal = 'invalid';
    await desk.store.reply('a', { message: 'On its way' }).catch(() => undefined);
    const thread = await opened(desk, 'a', { readOnly: true });
    await thread.updateComplete;
    expect([articles(thread).length, words(articles(thread)[2]!), composers(thread)]).to.deep.equal([
      3,
      'On its way This was not sent. Something in what was sent is missing or not right. Try again Discard',
      0,
    ]);
    desk.refusal = undefined;
    button(thread, 'Try again').click();
    await until(() => said(thread) === 'Your reply was sent.', 'sent');
    desk.refusal = 'invalid';
    await desk.store.reply('a', { message: 'And this' }).catch(() => undefined);
    const [other] = await without(desk, { readOnly: true });
    expect([articles(other).length, said(other)]).to.deep.equal([3, unreachable]);
  });
});

describe('ticket-thread: until its composer is there', () => {
  /** The footer's height after each drawing of a thread whose data are there before its code. */
  async function heights(width: number, more = {}): Promise<number[]> {
    const desk = new ScriptedDesk();
    desk.open('a', many(60), more);
    await desk.store.thread('a').refresh();
    const seen: number[] = [];
    const thread = await first();
    thread.style.cssText = `block-size: 500px; inline-size: ${width}px`;
    thread.addController({
      hostUpdated: () => {
        const footer = query(thread, 'footer');
        if (footer) seen.push(footer.offsetHeight);
      },
    });
    Object.assign(thread, { store: desk.store, ticket: 'a' });
    await fixture(html`${thread}`);
    await thread.updateComplete;
    await complete(thread);
    await settled();
    expect(fromEnd(thread)).to.be.lessThan(2);
    return seen;
  }

  it('is drawn at once where a thread of the page had it before, with the HTML of its entries', async () => {
    const desk = new ScriptedDesk();
    desk.open('a', [entry(0, htmlBody('<table><tbody><tr><td>Hello</td></tr></tbody></table>'))]);
    const before = await opened(desk);
    await until(() => bodies(before)[0] === 'Hello', 'the HTML');
    const thread = document.createElement('ticket-thread');
    const seen: unknown[] = [];
    thread.addController({
      hostUpdated: () => seen.push([articles(thread).length, composers(thread), bodies(thread)[0]]),
    });
    Object.assign(thread, { store: desk.store, ticket: 'a' });
    await fixture(html`${thread}`);
    expect(seen[0]).to.deep.equal([1, 1, 'Hello']);
    const looks = (root: Node): string[] => [
      getComputedStyle(reply(root)).minBlockSize,
      getComputedStyle(query(root, 'td')!).borderTopStyle,
    ];
    expect(looks(before)).to.deep.equal(['72px', 'solid']);
    expect(looks(thread)).to.deep.equal(looks(before));
  });

  it('keeps its place, and the newest in sight', async () => {
    for (const [width, more] of [
      [600, {}],
      [416, {}],
      [600, { status: 'closed' }],
    ] as const) {
      const seen = await heights(width, more);
      expect(Math.abs(seen.at(-1)! - seen[0]!), `${width} ${JSON.stringify(more)}`).to.be.at.most(8);
    }
  });
});
