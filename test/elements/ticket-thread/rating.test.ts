import { expect, fixtureCleanup } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { TicketRatedEvent } from '../../../src/events.js';
import type { TicketThread } from '../../../src/elements/ticket-thread/ticket-thread.js';
import { button, query, queryAll, said, until, words } from '../../support/screen.js';
import { cleanUp, jane, place, testDesk } from '../../support/widget.js';
import { audit, entry, ScriptedDesk } from '../shared/scripted-desk.js';
import { errors, opened, settled } from './opened.js';

afterEach(async () => {
  fixtureCleanup();
  await cleanUp();
  expect(errors()).to.deep.equal([]);
});

/** A closed ticket that can be rated, and an open one. */
class RatedDesk extends ScriptedDesk {
  readonly scores: number[];
  constructor(without: ConstructorParameters<typeof ScriptedDesk>[0] = []) {
    const scores: number[] = [];
    super(without, undefined, {
      rate: async (id, rating) => {
        const changed = await this.change(id, { rating });
        scores.push(rating);
        return changed;
      },
    });
    this.scores = scores;
    this.open('a', [entry(0), entry(1)], { status: 'closed' });
    this.open('b', [entry(0)], { status: 'resolved', rating: 4 });
    this.open('c', [entry(0)]);
  }
}

const group = (root: Node): HTMLElement | undefined =>
  queryAll(root, 'fieldset').find((each) => words(each.querySelector('legend')!) === 'How did we do?');
const radios = (root: Node): HTMLInputElement[] => queryAll<HTMLInputElement>(root, 'input[type=radio]');
const chosen = (root: Node): string | undefined => radios(root).find(({ checked }) => checked)?.value;
const asked = async (desk: ScriptedDesk, id = 'a'): Promise<TicketThread> => {
  const thread = await opened(desk, id);
  await until(() => group(thread), 'the question');
  return thread;
};

describe('ticket-thread: rating', () => {
  it('passes the accessibility audit before, after, and failed', async () => {
    const desk = new RatedDesk();
    const thread = await asked(desk);
    await audit(thread);
    radios(thread)[3]!.click();
    await until(() => said(thread) === 'Thank you for your rating.', 'thanks');
    await audit(thread);
    desk.refusal = 'forbidden';
    radios(thread)[0]!.click();
    await until(() => said(thread).includes('This is not allowed.'), 'the alert');
    await audit(thread);
  });

  it('asks with radio buttons from 1 to 5, with words for the ends', async () => {
    const thread = await asked(new RatedDesk());
    expect(radios(thread).map(({ value, labels, name }) => [value, words(labels![0]!), name])).to.deep.equal(
      ['1', '2', '3', '4', '5'].map((score) => [score, score, 'score']),
    );
    const described = (at: number): string =>
      words(thread.shadowRoot!.getElementById(radios(thread)[at]!.getAttribute('aria-describedby')!)!);
    expect([described(0), described(4), chosen(thread)]).to.deep.equal(['Not well', 'Very well', undefined]);
    for (const label of queryAll(thread, '.rating label')) {
      const { width, height } = label.getBoundingClientRect();
      expect(Math.min(width, height)).to.be.at.least(24);
    }
  });

  it('sends the choice, thanks, tells the page, and lets it be changed', async () => {
    const desk = new RatedDesk();
    const thread = await asked(desk);
    const heard: TicketRatedEvent[] = [];
    const hear = (event: TicketRatedEvent): unknown => heard.push(event);
    document.addEventListener('ticket-rated', hear);
    radios(thread)[4]!.click();
    await until(() => heard.length === 1, 'the event');
    expect(said(thread)).to.equal('Thank you for your rating.');
    expect(words(group(thread)!)).to.contain('Thank you for your rating.');
    expect([heard[0]!.ticketId, heard[0]!.score, heard[0]!.detail, heard[0]!.cancelable]).to.deep.equal([
      'a',
      5,
      { ticketId: 'a', score: 5 },
      false,
    ]);
    radios(thread)[1]!.click();
    await until(() => heard.length === 2, 'the second');
    document.removeEventListener('ticket-rated', hear);
    expect([desk.scores, chosen(thread), thread.thread!.ticket.rating]).to.deep.equal([[5, 2], '2', 2]);
  });

  it('goes by arrow keys, and sends only what was left', async () => {
    const desk = new RatedDesk();
    const thread = await asked(desk);
    // Each key is a way to the engine and back: its half second, in which the next may follow, is held.
    const { setTimeout: real } = window;
    const held: (() => void)[] = [];
    const hold = (run: () => void, ms?: number): number => (ms === 500 ? held.push(run) : real(run, ms));
    Object.assign(window, { setTimeout: hold });
    try {
      radios(thread)[0]!.focus();
      await sendKeys({ press: ' ' });
      for (let press = 0; press < 3; press++) await sendKeys({ press: 'ArrowRight' });
      expect([chosen(thread), held.length, desk.scores]).to.deep.equal(['4', 4, []]);
      button(thread, 'Reopen ticket').focus();
      await until(() => said(thread) === 'Thank you for your rating.', 'thanks');
    } finally {
      Object.assign(window, { setTimeout: real });
    }
    for (const run of held) run();
    await settled();
    expect([desk.scores, chosen(thread)]).to.deep.equal([[4], '4']);
  });

  it('shows the rating that is there', async () => {
    const thread = await asked(new RatedDesk(), 'b');
    expect(chosen(thread)).to.equal('4');
  });

  it('takes a refused rating back, says so, and tries again', async () => {
    const desk = new RatedDesk();
    const thread = await asked(desk, 'b');
    const codes: string[] = [];
    thread.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    desk.refusal = 'unavailable';
    radios(thread)[0]!.click();
    await until(() => said(thread).includes('The help desk is not available right now.'), 'the alert');
    expect([chosen(thread), codes, thread.thread!.ticket.rating]).to.deep.equal(['4', ['unavailable'], 4]);
    desk.refusal = undefined;
    button(thread, 'Try again').click();
    await until(() => said(thread) === 'Thank you for your rating.', 'thanks');
    expect([desk.scores, chosen(thread)]).to.deep.equal([[1], '1']);
  });

  it('is for closed tickets of back ends that take it, and not where a thread is only read', async () => {
    const desk = new RatedDesk();
    const thread = await asked(desk);
    thread.readOnly = true;
    await until(() => !group(thread), 'read-only');
    thread.readOnly = false;
    await until(() => group(thread), 'again');
    button(thread, 'Reopen ticket').click();
    await until(() => said(thread).includes('The ticket is open again.'), 'open');
    expect(group(thread)).to.equal(undefined);
    button(thread, 'Close ticket').click();
    await until(() => group(thread), 'the question after closing');
    const without = new RatedDesk(['rate', 'readAttachment']);
    delete without.store.backend.rate;
    const other = await opened(without);
    expect([group(other), without.store.can('rate')]).to.deep.equal([undefined, false]);
  });

  it('says nothing of one ticket’s rating on another, and sends both', async () => {
    const desk = new RatedDesk();
    const thread = await asked(desk);
    radios(thread)[2]!.click();
    thread.ticket = 'b';
    await until(() => thread.thread?.ticket.id === 'b' && chosen(thread) === '4', 'ticket b');
    radios(thread)[0]!.click();
    await until(() => desk.scores.length === 2, 'both');
    expect([desk.scores, desk.threads.get('a')!.ticket.rating, desk.threads.get('b')!.ticket.rating]).to.deep.equal([
      [3, 1],
      3,
      1,
    ]);
  });

  it('never rates as another person', async () => {
    const desk = new RatedDesk();
    const thread = await asked(desk);
    const before = group(thread)!;
    radios(thread)[2]!.click();
    desk.store.identify({ email: 'omar@example.test' });
    before.dispatchEvent(new FocusEvent('focusout'));
    await until(() => !desk.store.thread('a').peek().fetching && group(thread), 'the other person');
    expect([desk.scores, chosen(thread)]).to.deep.equal([[], undefined]);
  });
});

describe('ticket-thread: rating over jaze', () => {
  it('is stored', async () => {
    const desk = await testDesk();
    const { id, number } = (await desk.tickets(jane))[0]!;
    await desk.control({ op: 'state', number, state: 'closed' });
    const { url, ...options } = desk.backendOptions('jaze', jane);
    const page = place(
      `<help-desk backend="jaze" url="${url}" email="${jane}" user-id="1" options='${JSON.stringify(options)}'>
        <ticket-thread ticket="${id}"></ticket-thread></help-desk>`,
    );
    await until(() => group(page), 'the question');
    radios(page)[3]!.click();
    await until(() => said(page).includes('Thank you for your rating.'), 'thanks');
    expect(query(page, '[role=alert]')).to.equal(undefined);
    expect((await desk.ticket(number)).rating).to.equal(4);
  });
});
