/** Files on their way with a reply: how far each is, stopping, refusals, trying again. */
import { expect, fixtureCleanup } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { Call } from '../../../src/backends/backend.js';
import { HelpDeskError } from '../../../src/errors.js';
import type { ThreadEntry } from '../../../src/model.js';
import type { TicketThread } from '../../../src/elements/ticket-thread/ticket-thread.js';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../../support/screen.js';
import { attributes, cleanUp, jane, place, testDesk } from '../../support/widget.js';
import { entry, ScriptedDesk } from '../shared/scripted-desk.js';
import { articles, errors, focused, opened } from './opened.js';
import { pass } from '../../support/later.js';

afterEach(async () => {
  fixtureCleanup();
  await cleanUp();
  expect(errors()).to.deep.equal([]);
});

const stopped = 'Sending was stopped. Nothing is sent twice if you try again.';
const fileOf = (name: string, size: number): File => new File([new Uint8Array(size)], name);
const rows = (root: Node): string[] => queryAll(root, '.chosen li').map(words);
const reply = (root: Node): HTMLTextAreaElement => field<HTMLTextAreaElement>(root, 'Your reply');

/** The field for files is there a moment after the composer. */
const fileField = (root: Node): Promise<HTMLInputElement> =>
  until(() => query<HTMLInputElement>(root, 'input[type=file]'), 'the field for files');

function give(input: HTMLInputElement, ...files: File[]): void {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  input.files = transfer.files;
  input.dispatchEvent(new Event('change'));
}

async function choose(root: Node, ...files: File[]): Promise<void> {
  give(await fileField(root), ...files);
  await until(() => rows(query(root, '[part=composer]')!).length === files.length, 'the files');
}

/** A desk whose replies go as the test says. */
function desk(reply: (call: Call) => Promise<ThreadEntry>): ScriptedDesk {
  const made = new ScriptedDesk([], undefined, { reply: (_, __, call) => reply(call) });
  made.open('a', [entry(0), entry(1)]);
  return made;
}
const never = ({ signal }: Call): Promise<never> =>
  new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error)));

describe('ticket-thread: files on their way', () => {
  it('shows how far each file is, and says when one of several is sent', async () => {
    let call: Call | undefined;
    const thread = await opened(desk((given) => never((call = given))));
    await choose(thread, fileOf('a.bin', 100), fileOf('b.bin', 900));
    write(reply(thread), 'Two files');
    button(thread, 'Reply').click();
    await until(() => call, 'sending');
    const bars = (): [number, string | null][] =>
      queryAll<HTMLProgressElement>(thread, 'article progress').map((bar) => [
        bar.value,
        bar.getAttribute('aria-label'),
      ]);
    await until(() => bars().length === 2, 'a bar for each');
    call!.onProgress!(0.55);
    await until(() => said(thread) === '1 of 2 files are sent.', 'the first is sent');
    expect(bars()).to.deep.equal([
      [1, 'Sending a.bin'],
      [0.5, 'Sending b.bin'],
    ]);
    await expect(thread).to.be.accessible();
    const cancel = button(thread, 'Cancel');
    const { width, height } = cancel.getBoundingClientRect();
    expect(Math.min(width, height)).to.be.at.least(24);
    cancel.focus();
    await sendKeys({ press: 'Enter' });
    await until(() => said(thread).includes(stopped), 'stopped');
    await until(() => focused(thread) === articles(thread)[2], 'focus stays with the reply');
    expect(words(articles(thread)[2]!)).to.equal(
      `Two files a.bin 100 byte Remove b.bin 900 byte Remove ${stopped} Try again Discard`,
    );
    await expect(thread).to.be.accessible();
  });

  it('tells nobody of a failure that the person has made', async () => {
    let begun = false;
    const thread = await opened(
      desk((call) => {
        begun = true;
        return never(call);
      }),
    );
    const codes: string[] = [];
    thread.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    await choose(thread, fileOf('a.bin', 100));
    write(reply(thread), 'Stopped');
    button(thread, 'Reply').click();
    await until(() => begun && buttons(thread, 'Cancel').length, 'sending');
    button(thread, 'Cancel').click();
    await until(() => buttons(thread, 'Try again').length, 'stopped');
    expect(codes).to.deep.equal([]);
  });

  it('marks a refused file, which can be taken out or sent again', async () => {
    const sent: string[][] = [];
    const keys = new Set<string | undefined>();
    const made = new ScriptedDesk([], undefined, {
      reply: (_, { message, files = [] }, { idempotencyKey }) => {
        keys.add(idempotencyKey);
        sent.push(files.map(({ name }) => name));
        return files.some(({ name }) => name === 'run.exe')
          ? Promise.reject(new HelpDeskError('invalid', { fields: { 'run.exe': 'Not allowed.' } }))
          : Promise.resolve(entry(9, { kind: 'message', body: { format: 'text', value: message } }));
      },
    });
    made.open('a', [entry(0), entry(1)]);
    const thread = await opened(made);
    await choose(thread, fileOf('plan.pdf', 10), fileOf('run.exe', 10));
    write(reply(thread), 'Both');
    button(thread, 'Reply').click();
    await until(() => said(thread).includes('This was not sent.'), 'refused');
    expect(rows(thread)).to.deep.equal(['plan.pdf 10 byte Remove', 'run.exe 10 byte Remove Not allowed.']);
    expect(button(thread, 'Remove run.exe').getAttribute('aria-description')).to.equal('Not allowed.');
    await expect(thread).to.be.accessible();
    button(thread, 'Try again').click();
    await until(() => sent.length === 2 && said(thread).includes('This was not sent.'), 'refused again');
    expect(keys.size).to.equal(1);
    button(thread, 'Remove run.exe').focus();
    await sendKeys({ press: 'Enter' });
    await until(() => rows(thread).length === 1, 'taken out');
    expect(rows(thread)).to.deep.equal(['plan.pdf 10 byte Remove']);
    await until(() => focused(thread) === button(thread, 'Try again'), 'focus is not lost');
    button(thread, 'Try again').click();
    await until(() => said(thread) === 'Your reply was sent.', 'sent');
    expect(sent).to.deep.equal([['plan.pdf', 'run.exe'], ['plan.pdf', 'run.exe'], ['plan.pdf']]);
    // Without the file it is another intent.
    expect(keys.size).to.equal(2);
  });

  it('sends what was chosen a moment before', async () => {
    const sent: (string[] | undefined)[] = [];
    const made = new ScriptedDesk([], undefined, {
      reply: (_, { files }) => {
        sent.push(files?.map(({ name }) => name));
        return Promise.resolve(entry(9));
      },
    });
    made.open('a', [entry(0), entry(1)]);
    const thread = await opened(made);
    write(reply(thread), 'At once');
    give(await fileField(thread), fileOf('quick.bin', 10));
    button(thread, 'Reply').click();
    await until(() => sent.length, 'sent');
    expect(sent).to.deep.equal([['quick.bin']]);
  });

  it('does not send what is unfinished in another ticket that was opened meanwhile', async () => {
    const made = new ScriptedDesk();
    made.open('a', [entry(0)]);
    made.open('b', [entry(0)]);
    made.store.drafts.write('reply:b', { message: 'Unfinished' });
    await made.store.thread('b').refresh();
    const thread = await opened(made);
    write(reply(thread), 'For the first');
    give(await fileField(thread), fileOf('slow.bin', 10));
    button(thread, 'Reply').click();
    thread.ticket = 'b';
    await thread.updateComplete;
    expect(reply(thread).value).to.equal('Unfinished');
    // By now what takes files is there.
    await choose(thread, fileOf('other.bin', 10));
    expect([made.replies, reply(thread).value]).to.deep.equal([[], 'Unfinished']);
    thread.ticket = 'a';
    await thread.updateComplete;
    expect(reply(thread).value).to.equal('For the first');
    button(thread, 'Reply').click();
    await until(() => made.replies.length, 'sent');
    expect(made.replies).to.deep.equal(['For the first']);
  });
});

describe('ticket-thread: files that were chosen and not sent', () => {
  const added = 'Its files must be added again.';
  const composer = (root: Node): string => words(query(root, '[part=composer]')!);
  /** A thread whose composer is told of these. */
  const toldOf = (root: Node, names: string): Promise<unknown> =>
    until(() => composer(root).includes(`${names} : ${added}`), `told of ${names}`);
  const twoTickets = (): ScriptedDesk => {
    const made = new ScriptedDesk();
    made.open('a', [entry(0), entry(1)]);
    made.open('b', [entry(0)]);
    return made;
  };
  async function go(thread: TicketThread, id: string, count: number): Promise<void> {
    thread.ticket = id;
    await until(() => articles(thread).length === count, `ticket ${id}`);
    await thread.updateComplete;
  }

  it('are named where they were chosen, until some are added', async () => {
    const thread = await opened(twoTickets());
    write(reply(thread), 'See the plan');
    await choose(thread, fileOf('plan.pdf', 10), fileOf('log.txt', 10));
    expect(composer(thread)).not.to.contain(added);
    await go(thread, 'b', 1);
    expect([composer(thread).includes(added), rows(thread)]).to.deep.equal([false, []]);
    await go(thread, 'a', 2);
    await toldOf(thread, 'plan.pdf, log.txt');
    expect(reply(thread).value).to.equal('See the plan');
    await expect(thread).to.be.accessible();
    write(reply(thread), 'See the plans');
    await go(thread, 'b', 1);
    await go(thread, 'a', 2);
    await toldOf(thread, 'plan.pdf, log.txt');
    await choose(thread, fileOf('new.txt', 10));
    expect(composer(thread)).not.to.contain(added);
    button(thread, 'Remove new.txt').click();
    await until(() => !rows(thread).length, 'taken out');
    expect(composer(thread)).not.to.contain(added);
    await go(thread, 'b', 1);
    await go(thread, 'a', 2);
    expect([composer(thread).includes(added), reply(thread).value]).to.deep.equal([false, 'See the plans']);
  });

  it('are named without words, and when the page is loaded again, until the reply is sent', async () => {
    const made = twoTickets();
    const first = await opened(made);
    await choose(first, fileOf('plan.pdf', 10));
    dispatchEvent(new Event('pagehide'));
    expect(made.store.drafts.read('reply:a')).to.deep.equal({ message: '', files: 'plan.pdf' });
    first.remove();

    const thread = await opened(made);
    await toldOf(thread, 'plan.pdf');
    write(reply(thread), 'Without it');
    button(thread, 'Reply').click();
    await until(() => said(thread) === 'Your reply was sent.', 'sent');
    expect([composer(thread).includes(added), made.store.drafts.read('reply:a')]).to.deep.equal([false, undefined]);
    await go(thread, 'b', 1);
    await go(thread, 'a', 3);
    expect(composer(thread)).not.to.contain(added);
  });

  it('are named also where they were just given', async () => {
    const thread = await opened(twoTickets());
    give(await fileField(thread), fileOf('slow.bin', 10));
    await go(thread, 'b', 1);
    await go(thread, 'a', 2);
    await toldOf(thread, 'slow.bin');
  });

  it('are named to nobody else, nor where none can be sent', async () => {
    const made = twoTickets();
    const thread = await opened(made);
    const become = async (email: string): Promise<void> => {
      made.store.identify({ email });
      await thread.updateComplete;
      await until(() => query(thread, '[part=composer]'), 'the thread again');
      await thread.updateComplete;
    };
    await choose(thread, fileOf('secret.pdf', 10));
    await become('omar@example.test');
    expect([words(thread).includes('secret.pdf'), made.store.drafts.read('reply:a')]).to.deep.equal([false, undefined]);
    made.store.drafts.write('reply:b', { message: 'Mine', files: 'mine.pdf' });
    await go(thread, 'b', 1);
    await toldOf(thread, 'mine.pdf');
    await become('jane@example.test');
    expect([words(thread).includes('mine.pdf'), reply(thread).value]).to.deep.equal([false, '']);

    const none = new ScriptedDesk();
    Object.assign(none.store.backend.limits, { replyFiles: undefined });
    none.open('a', [entry(0)]);
    none.store.drafts.write('reply:a', { message: 'Kept', files: 'plan.pdf' });
    const plain = await opened(none);
    expect([reply(plain).value, words(plain).includes('Add files'), composer(plain).includes(added)]).to.deep.equal([
      'Kept',
      false,
      false,
    ]);
  });
});

describe('ticket-thread: files on their way over support-ticket', () => {
  for (const kind of ['hang', 'commit-then-hang'] as const) {
    it(`stops a reply and sends it once when tried again: ${kind}`, async () => {
      const from = await testDesk();
      const { id, number } = (await from.tickets(jane)).find(({ state }) => state === 'open')!;
      const page = place(
        `<help-desk ${attributes(from, 'support-ticket')}><ticket-thread ticket="${id}"></ticket-thread></help-desk>`,
      );
      await until(() => query(page, 'textarea'), 'the thread');
      const stored = async (): Promise<number> =>
        (await from.ticket(number)).entries.filter(({ body }) => body.includes(`Stopped by ${kind}`)).length;
      await from.fault({ match: 'POST', kind });
      await choose(page, new File(['hello'], 'hello.txt', { type: 'text/plain' }));
      write(reply(page), `Stopped by ${kind}`);
      button(page, 'Reply').click();
      let there = kind === 'hang' ? 1 : 0;
      await until(() => {
        if (!there) void stored().then((count) => (there ||= count));
        return there && buttons(page, 'Cancel').length;
      }, 'under way');
      button(page, 'Cancel').click();
      await until(() => said(page).includes(stopped), 'stopped');
      expect(rows(page).length).to.equal(1);
      await from.control({ op: 'clear-faults' });
      pass(3000);
      button(page, 'Try again').click();
      await until(() => said(page).includes('Your reply was sent.'), 'sent');
      expect(await stored()).to.equal(1);
    });
  }
});
