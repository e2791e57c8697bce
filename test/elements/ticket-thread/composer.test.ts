import { expect, fixture, fixtureCleanup, html } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import { HelpDeskError } from '../../../src/errors.js';
import type { ReplySendEvent, ReplySentEvent, StatusChangedEvent, StatusChangeEvent } from '../../../src/events.js';
import type { TicketThread } from '../../../src/elements/ticket-thread/ticket-thread.js';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../../support/screen.js';
import { attributes, cleanUp, dialects, jane, place, testDesk } from '../../support/widget.js';
import type { Fault, StoredTicket, TestDesk } from '../../support/desk.js';
import { entry, ScriptedDesk, text } from '../shared/scripted-desk.js';
import { articles, bodies, errors, focused, opened, simple } from './opened.js';
import { pass } from '../../support/later.js';

afterEach(async () => {
  fixtureCleanup();
  await cleanUp();
  expect(errors()).to.deep.equal([]);
});

const reply = (root: Node): HTMLTextAreaElement => field<HTMLTextAreaElement>(root, 'Your reply');
const isFocused = (thread: TicketThread, element: Element): boolean => focused(thread) === element;

describe('ticket-thread: the composer', () => {
  it('asks for a message where there is none, and sends nothing', async () => {
    const desk = simple();
    const thread = await opened(desk);
    write(reply(thread), '  \n ');
    button(thread, 'Reply').click();
    await until(() => said(thread) === 'Enter a message.', 'the message');
    await until(() => isFocused(thread, reply(thread)), 'focus');
    expect([reply(thread).getAttribute('aria-invalid'), reply(thread).getAttribute('aria-describedby')]).to.deep.equal([
      'true',
      'reply-wrong',
    ]);
    write(reply(thread), 'x');
    await thread.updateComplete;
    expect([said(thread), desk.replies]).to.deep.equal(['', []]);
  });

  it('sends by Ctrl+Enter, and once however often it is pressed', async () => {
    const desk = simple();
    const thread = await opened(desk);
    reply(thread).focus();
    await sendKeys({ type: 'By keyboard' });
    // A key is a way to the engine and back; a double press is one in a short time, so time stands still.
    const { now } = Date;
    const at = now();
    Date.now = () => at;
    try {
      await sendKeys({ down: 'Control' });
      await sendKeys({ press: 'Enter' });
      await sendKeys({ press: 'Enter' });
      await sendKeys({ up: 'Control' });
    } finally {
      Date.now = now;
    }
    await until(() => said(thread) === 'Your reply was sent.', 'sent');
    expect([desk.replies, reply(thread).value, isFocused(thread, reply(thread))]).to.deep.equal([
      ['By keyboard'],
      '',
      true,
    ]);
  });

  it('shows a reply at once while it is sent, with its time', async () => {
    const desk = simple();
    const thread = await opened(desk);
    const go = desk.hold();
    write(reply(thread), 'On its way');
    button(thread, 'Reply').click();
    button(thread, 'Reply').click();
    await until(() => articles(thread).length === 3, 'shown');
    expect(articles(thread)[2]!.ariaLabel).to.equal('You, sending, now');
    expect(said(thread)).to.equal('Sending');
    go();
    await until(() => said(thread) === 'Your reply was sent.', 'sent');
    expect([desk.replies.length, bodies(thread).length, bodies(thread)[2]]).to.deep.equal([1, 3, 'On its way']);
  });

  it('shows words once that are in the thread before their answer comes', async () => {
    const go: (() => void)[] = [];
    const failures: HelpDeskError[] = [];
    const desk: ScriptedDesk = new ScriptedDesk([], undefined, {
      reply: async (id, { message }) => {
        const made = entry(100 + go.length, { kind: 'message', ...text(message) });
        desk.add(id, made);
        await new Promise<void>((resolve) => go.push(resolve));
        for (const failure of failures) throw failure;
        return made;
      },
    });
    desk.open('a', [entry(0, text('hi')), entry(1)]);
    const thread = await opened(desk);
    const send = async (count: number): Promise<void> => {
      write(reply(thread), 'hi');
      button(thread, 'Reply').click();
      await until(() => go.length === count, 'stored');
    };
    const shown = (): string[] => bodies(thread).filter((words) => words === 'hi');
    await send(1);
    await until(() => shown().length === 2, 'the reply');
    await desk.store.refresh();
    await thread.updateComplete;
    expect([shown().length, desk.store.outbox.value.length]).to.deep.equal([2, 1]);
    expect(articles(thread).at(-1)!.ariaLabel).not.to.contain('sending');
    go[0]!();
    await until(() => said(thread) === 'Your reply was sent.', 'sent');
    expect([shown().length, desk.store.outbox.value.length]).to.deep.equal([2, 0]);
    // Refused all the same: then it was another one with these words.
    failures.push(new HelpDeskError('invalid'));
    await send(2);
    await desk.store.refresh();
    await thread.updateComplete;
    expect(shown().length).to.equal(3);
    go[1]!();
    await until(() => buttons(thread, 'Try again').length, 'the failure');
    expect(shown().length).to.equal(4);
  });

  it('says of a reply what the help desk says is wrong with its words', async () => {
    const fields = { message: 'Add some words: this help desk does not keep emoji.' };
    const desk: ScriptedDesk = new ScriptedDesk([], undefined, {
      reply: () => Promise.reject(new HelpDeskError('invalid', { fields })),
    });
    desk.open('a', [entry(0)]);
    const thread = await opened(desk);
    write(reply(thread), '👍');
    button(thread, 'Reply').click();
    await until(() => buttons(thread, 'Try again').length, 'the failure');
    expect(words(articles(thread).at(-1)!)).to.equal(`👍 This was not sent. ${fields.message} Try again Discard`);
  });

  it('lets the page change or stop a reply', async () => {
    const desk = simple();
    const thread = await opened(desk);
    const heard: (ReplySendEvent | ReplySentEvent)[] = [];
    const stop = (event: ReplySendEvent): void => event.preventDefault();
    thread.addEventListener('reply-send', stop);
    write(reply(thread), 'words');
    button(thread, 'Reply').click();
    expect([reply(thread).value, articles(thread).length]).to.deep.equal(['words', 2]);
    thread.removeEventListener('reply-send', stop);
    document.addEventListener(
      'reply-send',
      (event) => {
        heard.push(event);
        event.draft.message += ', signed';
      },
      { once: true },
    );
    document.addEventListener('reply-sent', (event) => heard.push(event), { once: true });
    button(thread, 'Reply').click();
    await until(() => heard.length === 2, 'both events');
    const [before, after] = heard as [ReplySendEvent, ReplySentEvent];
    expect([before.cancelable, before.ticketId, before.detail]).to.deep.equal([
      true,
      'a',
      { ticketId: 'a', draft: { message: 'words, signed' } },
    ]);
    expect([after.cancelable, after.ticketId, after.entry.body.value]).to.deep.equal([false, 'a', 'words, signed']);
    expect(after.detail).to.deep.equal({ ticketId: 'a', entry: after.entry });
  });

  it('keeps what is written for each ticket, also when the element goes', async () => {
    const desk = simple();
    const thread = await opened(desk);
    write(reply(thread), 'about a');
    thread.ticket = 'b';
    await until(() => articles(thread).length === 1, 'ticket b');
    expect(reply(thread).value).to.equal('');
    write(reply(thread), 'about b');
    thread.ticket = 'a';
    await until(() => articles(thread).length === 2, 'ticket a');
    expect(reply(thread).value).to.equal('about a');
    write(reply(thread), 'more about a');
    thread.remove();
    const other = await opened(desk);
    expect(reply(other).value).to.equal('more about a');
    other.ticket = 'b';
    await until(() => articles(other).length === 1, 'ticket b');
    expect(reply(other).value).to.equal('about b');
  });

  it('keeps what is written when somebody else closes the ticket meanwhile', async () => {
    const desk = simple();
    const thread = await opened(desk);
    reply(thread).focus();
    write(reply(thread), 'half a');
    desk.open('a', [entry(0), entry(1)], { status: 'closed' });
    await desk.store.refresh();
    await until(() => !query(thread, 'textarea'), 'closed');
    expect(isFocused(thread, button(thread, 'Reopen ticket'))).to.equal(true);
    button(thread, 'Reopen ticket').click();
    await until(() => said(thread) === 'The ticket is open again.', 'open');
    expect(reply(thread).value).to.equal('half a');
  });

  it('shows what can be done about a failed reply where it was written', async () => {
    const desk = simple();
    const thread = await opened(desk);
    const scroller = query(thread, '.scroller')!;
    thread.style.blockSize = '24rem';
    desk.refusal = 'invalid';
    write(reply(thread), 'Not yet\n'.repeat(12));
    button(thread, 'Reply').click();
    await until(() => said(thread).includes('This was not sent.'), 'failed');
    const lower = (element: Element): number => Math.floor(element.getBoundingClientRect().bottom);
    await until(() => lower(button(thread, 'Try again')) <= lower(scroller), 'what can be done is to be seen');
    expect(scroller.scrollTop).to.be.greaterThan(0);
  });

  it('keeps a failed reply with its files, to try again or to discard, and takes that back', async () => {
    const desk = simple();
    const thread = await opened(desk);
    const codes: string[] = [];
    thread.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    const transfer = new DataTransfer();
    transfer.items.add(new File(['x'], 'notes.txt', { type: 'text/plain' }));
    const files = await until(() => query<HTMLInputElement>(thread, 'input[type=file]'), 'the field for files');
    files.files = transfer.files;
    files.dispatchEvent(new Event('change'));
    desk.refusal = 'invalid';
    write(reply(thread), 'With a file');
    button(thread, 'Reply').click();
    await until(() => said(thread).includes('This was not sent.'), 'failed');
    const failed = articles(thread)[2]!;
    expect(words(failed)).to.match(/^With a file notes\.txt 1 byte Remove This was not sent\. .* Try again Discard$/);
    expect([codes, queryAll(thread, '.files li').length]).to.deep.equal([['invalid'], 0]);
    button(thread, 'Discard').focus();
    button(thread, 'Discard').click();
    await until(() => isFocused(thread, button(thread, 'Undo')), 'focus on Undo');
    expect([articles(thread).length, said(thread)]).to.deep.equal([2, 'Discarded.']);
    button(thread, 'Undo').click();
    await until(() => articles(thread).length === 3, 'it is back');
    expect([words(articles(thread)[2]!).includes('notes.txt'), buttons(thread, 'Undo').length]).to.deep.equal([
      true,
      0,
    ]);
    desk.refusal = undefined;
    button(thread, 'Try again').focus();
    button(thread, 'Try again').click();
    await until(() => said(thread).includes('Your reply was sent.'), 'sent');
    expect([desk.replies, words(articles(thread)[2]!).includes('notes.txt')]).to.deep.equal([['With a file'], true]);
    expect(focused(thread)).not.to.equal(null);
  });
});

describe('ticket-thread: close and reopen', () => {
  it('says beforehand what will happen, changes at once, and keeps focus on the button', async () => {
    const desk = simple();
    const thread = await opened(desk);
    const heard: (StatusChangeEvent | StatusChangedEvent)[] = [];
    thread.addEventListener('status-change', (event) => heard.push(event));
    thread.addEventListener('status-changed', (event) => heard.push(event));
    const describedBy = (name: string): string =>
      words(thread.shadowRoot!.getElementById(button(thread, name).getAttribute('aria-describedby')!)!);
    expect(describedBy('Close ticket')).to.equal('Solved? Closing ends the work on this ticket. You can reopen it.');
    const go = desk.hold();
    button(thread, 'Close ticket').focus();
    button(thread, 'Close ticket').click();
    button(thread, /ticket$/).click();
    await until(() => words(query(thread, '[part=status]')!) === 'Closed', 'at once');
    expect(button(thread, 'Reopen ticket').getAttribute('aria-disabled')).to.equal('true');
    go();
    await until(() => said(thread) === 'The ticket is closed.', 'closed');
    expect(describedBy('Reopen ticket')).to.equal('This ticket is closed. Reopen it to go on with it.');
    expect(isFocused(thread, button(thread, 'Reopen ticket'))).to.equal(true);
    expect(queryAll(thread, 'textarea').length).to.equal(0);
    await sendKeys({ press: 'Enter' });
    await until(() => said(thread) === 'The ticket is open again.', 'open');
    expect(isFocused(thread, button(thread, 'Close ticket'))).to.equal(true);
    expect(
      heard.map(({ type, cancelable, detail }) => [
        type,
        cancelable,
        'status' in detail ? detail.status : detail.ticket.status,
      ]),
    ).to.deep.equal([
      ['status-change', true, 'closed'],
      ['status-changed', false, 'closed'],
      ['status-change', true, 'open'],
      ['status-changed', false, 'open'],
    ]);
    expect((heard[0] as StatusChangeEvent).ticketId).to.equal('a');
    expect(heard[0]!.detail).to.deep.equal({ ticketId: 'a', status: 'closed' });
    expect(heard[1]!.detail).to.deep.equal({ ticket: (heard[1] as StatusChangedEvent).ticket });
  });

  it('lets the page stop it', async () => {
    const desk = simple();
    const thread = await opened(desk);
    thread.addEventListener('status-change', (event) => event.preventDefault());
    button(thread, 'Close ticket').click();
    await thread.updateComplete;
    expect(words(query(thread, '[part=status]')!)).to.equal('Open');
  });

  it('takes a refused close back, says so, and keeps what was written', async () => {
    const desk = simple();
    const thread = await opened(desk);
    write(reply(thread), 'not lost');
    desk.refusal = 'forbidden';
    const go = desk.hold();
    button(thread, 'Close ticket').focus();
    button(thread, 'Close ticket').click();
    await until(() => !query(thread, 'textarea'), 'closed on the screen');
    go();
    await until(() => said(thread).includes('This is not allowed.'), 'the alert');
    expect([words(query(thread, '[part=status]')!), reply(thread).value]).to.deep.equal(['Open', 'not lost']);
    expect(isFocused(thread, button(thread, 'Close ticket'))).to.equal(true);
    desk.refusal = undefined;
    button(thread, 'Close ticket').click();
    await until(() => said(thread) === 'The ticket is closed.', 'closed, and the alert gone');
  });

  it('does not show one ticket’s refusal, or its waiting, on another', async () => {
    const desk = simple();
    const thread = await opened(desk);
    desk.refusal = 'forbidden';
    const go = desk.hold();
    button(thread, 'Close ticket').click();
    thread.ticket = 'b';
    go();
    await until(() => articles(thread).length === 1, 'ticket b');
    await until(() => desk.store.thread('a').peek().data?.ticket.status === 'open', 'taken back');
    await thread.updateComplete;
    expect([said(thread), button(thread, 'Close ticket').hasAttribute('aria-disabled')]).to.deep.equal(['', false]);
  });

  it('says no longer what failed once a reply, or the next try of one, is on its way', async () => {
    const desk = simple();
    const thread = await opened(desk);
    const alerts = (): string[] => queryAll(thread, '[part=alert]').map(words);
    const refusedClose = async (): Promise<void> => {
      desk.refusal = 'network';
      button(thread, 'Close ticket').click();
      await until(() => alerts().includes('The help desk could not be reached.'), 'the alert');
    };
    await refusedClose();
    desk.refusal = undefined;
    write(reply(thread), 'First');
    button(thread, 'Reply').click();
    await until(() => said(thread).includes('Your reply was sent.'), 'sent');
    expect(alerts()).to.deep.equal([]);
    desk.refusal = 'invalid';
    write(reply(thread), 'Second');
    button(thread, 'Reply').click();
    await until(() => alerts().length === 1, 'not sent');
    await refusedClose();
    desk.refusal = undefined;
    button(thread, 'Try again').click();
    await until(() => desk.replies.length === 2 && said(thread) === 'Your reply was sent.', 'sent, too');
    expect(alerts()).to.deep.equal([]);
  });

  it('lets a closed ticket be answered where it cannot be reopened', async () => {
    const desk = simple(['setStatus']);
    desk.open('a', [entry(0)], { status: 'closed' });
    const thread = await opened(desk);
    expect([queryAll(thread, 'textarea').length, buttons(thread, /ticket$/).length]).to.deep.equal([1, 0]);
  });
});

for (const dialect of dialects) {
  describe(`ticket-thread over ${dialect}`, () => {
    let desk: TestDesk;
    let stored: StoredTicket;
    let page: HTMLElement;
    const messages = async (): Promise<string[]> =>
      (await desk.ticket(stored.number)).entries.filter(({ kind }) => kind === 'message').map(({ body }) => body);

    beforeEach(async () => {
      desk = await testDesk();
      stored = (await desk.tickets(jane)).find(({ state }) => state === 'open')!;
      const id = dialect === 'osticket' ? stored.number : `${stored.id}`;
      page = place(
        `<help-desk ${attributes(desk, dialect)}><ticket-thread ticket="${id}"></ticket-thread></help-desk>`,
      );
      await until(() => query(page, 'textarea'), 'the thread, alone on its page');
    });

    const send = (message: string): void => {
      write(reply(page), message);
      button(page, 'Reply').click();
      button(page, 'Reply').click();
    };
    const path = dialect === 'osticket' ? 'PUT' : 'POST';
    const fault = (kind: Fault['kind'], times = 1): Promise<null> => desk.fault({ match: path, kind, times });

    it('sends once on a double click', async () => {
      const before = (await messages()).length;
      send('Only once');
      await until(() => said(page).includes('Your reply was sent.'), 'sent');
      expect((await messages()).slice(before).length).to.equal(1);
    });

    it('keeps a failed reply and sends it once when tried again', async () => {
      const before = (await messages()).length;
      await fault('answer', 1);
      send('Tried twice');
      await until(() => buttons(page, 'Try again').length, 'failed');
      expect((await messages()).length).to.equal(before);
      expect(words(articles(page).at(-1)!)).to.contain('Tried twice');
      pass(3000);
      button(page, 'Try again').click();
      await until(() => said(page).includes('Your reply was sent.'), 'sent');
      expect((await messages()).length).to.equal(before + 1);
      // What the back end says takes the place of what was shown at once: its HTML waits for the sanitiser.
      await until(() => bodies(page).filter((body) => body === 'Tried twice').length === 1, 'shown once');
    });

    it('does not double what was stored although the answer said otherwise', async () => {
      for (const kind of ['commit-then-500', 'commit-then-drop'] as const) {
        const before = (await messages()).length;
        await fault(kind);
        send(`Stored: ${kind}`);
        await until(() => {
          buttons(page, 'Try again')[0]?.click();
          const pending = query(page, 'article.failed, article.unconfirmed, article.sending');
          return !pending && bodies(page).filter((words) => words === `Stored: ${kind}`).length === 1;
        }, 'shown once');
        expect((await messages()).length).to.equal(before + 1);
      }
    });

    it('closes and reopens, and takes back what the desk refuses', async () => {
      await desk.control({ op: 'lock', number: stored.number, locked: true });
      button(page, 'Close ticket').click();
      await until(() => queryAll(page, '[role=alert]').length === 1, 'refused');
      expect([words(query(page, '[part=status]')!), (await desk.ticket(stored.number)).state]).to.deep.equal([
        'Open',
        'open',
      ]);
      await desk.control({ op: 'lock', number: stored.number, locked: false });
      button(page, 'Close ticket').click();
      await until(() => said(page).includes('The ticket is closed.'), 'closed');
      expect((await desk.ticket(stored.number)).state).to.equal('closed');
      button(page, 'Reopen ticket').click();
      await until(() => said(page).includes('The ticket is open again.'), 'open');
    });
  });
}

describe('ticket-thread: alone', () => {
  it('says where there is no ticket, without a desk too', async () => {
    const thread = await fixture<TicketThread>(html`<ticket-thread desk="nobody"></ticket-thread>`);
    expect(words(thread)).not.to.equal('');
  });
});
