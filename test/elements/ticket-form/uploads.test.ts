/** Files on their way with a new ticket, over real HTTP: how far each is, stopping, refusals, trying again. */
import { expect } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { Call } from '../../../src/backends/backend.js';
import { HelpDeskError } from '../../../src/errors.js';
import type { TicketDraft } from '../../../src/model.js';
import { focused } from '../../support/focus.js';
import { button, buttons, field, query, queryAll, said, until, words } from '../../support/screen.js';
import { attributes, cleanUp, dialects, testDesk } from '../../support/widget.js';
import { pageWithout, removePages } from '../../support/without.js';
import { fill, stored, ticketForm, type Form } from './form.js';
import { pass } from '../../support/later.js';

afterEach(async () => {
  removePages();
  await cleanUp();
});

const stopped = 'Sending was stopped. Nothing is sent twice if you try again.';
const fileOf = (name: string, size: number): File => new File([new Uint8Array(size)], name);

function drop(form: Element, ...files: File[]): void {
  const dataTransfer = new DataTransfer();
  for (const file of files) dataTransfer.items.add(file);
  query(form, 'form')!.dispatchEvent(
    new DragEvent('drop', { dataTransfer, bubbles: true, composed: true, cancelable: true }),
  );
}
const rows = (root: Node): string[] => queryAll(root, '.chosen li').map(words);
const bars = (root: Node): HTMLProgressElement[] => queryAll<HTMLProgressElement>(root, '.chosen progress');

/** The back end of a form does this instead of sending; `call` is what it was given. */
function instead({ helpDesk }: Form, work: (draft: TicketDraft, call: Call) => Promise<never>): () => void {
  const { backend } = helpDesk.store!;
  const real = backend.createTicket;
  backend.createTicket = work;
  return () => (backend.createTicket = real);
}
const never = ({ signal }: Call): Promise<never> =>
  new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error)));

describe('ticket-form: files on their way', () => {
  it('shows how far each file is, and says when one of several is sent', async () => {
    const opened = await ticketForm();
    const { form } = opened;
    let call: Call | undefined;
    instead(opened, (_, given) => never((call = given)));
    await fill(form, 'Three files');
    drop(form, fileOf('a.bin', 100), fileOf('b.bin', 300), fileOf('c.bin', 600));
    await until(() => rows(form).length === 3, 'the files');
    expect(rows(form)[0]).to.equal('a.bin 100 byte Remove');
    button(form, 'Send').click();
    await until(() => call && bars(form).length === 3, 'a bar for each');
    expect(bars(form).map((bar) => [bar.value, bar.getAttribute('aria-label')])).to.deep.equal([
      [0, 'Sending a.bin'],
      [0, 'Sending b.bin'],
      [0, 'Sending c.bin'],
    ]);
    expect(queryAll(form, '.chosen button')).to.deep.equal([]);
    expect(query<HTMLInputElement>(form, '#files')!.disabled).to.equal(true);
    call!.onProgress!(0.25);
    await until(() => said(form) === '1 of 3 files are sent.', 'the first is sent');
    expect(bars(form).map(({ value }) => value)).to.deep.equal([1, 0.5, 0]);
    call!.onProgress!(0.3);
    call!.onProgress!(1);
    await until(() => said(form) === '3 of 3 files are sent.', 'all are sent');
    expect(bars(form).map(({ value }) => value)).to.deep.equal([1, 1, 1]);
    drop(form, fileOf('late.bin', 5));
    await expect(form).to.be.accessible();
    button(form, 'Cancel').click();
    await until(() => buttons(form, 'Try again').length, 'stopped');
    expect(rows(form)).to.deep.equal(['a.bin 100 byte Remove', 'b.bin 300 byte Remove', 'c.bin 600 byte Remove']);
  });

  for (const dialect of dialects) {
    it(`stops what is under way and keeps text and files, over ${dialect}`, async () => {
      const { form, desk } = await ticketForm(dialect);
      const errors: string[] = [];
      form.addEventListener('help-desk-error', ({ error }) => errors.push(error.code));
      await desk.fault({ match: 'POST /', kind: 'hang' });
      await fill(form, 'Stopped');
      drop(form, new File(['hello'], 'hello.txt', { type: 'text/plain' }));
      await until(() => rows(form).length, 'the file');
      field(form, 'Subject').focus();
      await sendKeys({ press: 'Enter' });
      const cancel = await until(() => buttons(form, 'Cancel')[0], 'the button that stops it');
      const { width, height } = cancel.getBoundingClientRect();
      expect(Math.min(width, height)).to.be.at.least(24);
      cancel.focus();
      await sendKeys({ press: 'Enter' });
      await until(() => buttons(form, 'Try again').length, 'stopped');
      expect(words(query(form, '[part=alert] .grow')!)).to.equal(stopped);
      await until(() => focused() === button(form, 'Send'), 'focus is not lost');
      expect(buttons(form, 'Cancel')).to.deep.equal([]);
      expect([field(form, 'Subject').value, field(form, 'Message').value]).to.deep.equal([
        'Stopped',
        'It does not start.',
      ]);
      expect(rows(form).length).to.equal(1);
      expect(errors).to.deep.equal([]);
      await desk.control({ op: 'clear-faults' });
      pass(3000);
      button(form, 'Try again').click();
      await until(() => query(form, '[part=success]'), 'sent');
      const [ticket, ...others] = await stored(desk, 'Stopped');
      expect(others).to.deep.equal([]);
      expect(ticket!.entries[0]!.files.map(({ name }) => name)).to.deep.equal(['hello.txt']);
    });

    it(`does not send twice what had arrived when it was stopped, over ${dialect}`, async () => {
      const { form, desk } = await ticketForm(dialect);
      await desk.fault({ match: 'POST /', kind: 'commit-then-hang' });
      await fill(form, 'Arrived');
      drop(form, new File(['hello'], 'hello.txt', { type: 'text/plain' }));
      await until(() => rows(form).length, 'the file');
      button(form, 'Send').click();
      let there = 0;
      await until(() => {
        if (!there) void stored(desk, 'Arrived').then(({ length }) => (there ||= length));
        return there && buttons(form, 'Cancel').length;
      }, 'stored, without an answer');
      button(form, 'Cancel').click();
      await until(() => buttons(form, 'Send').length, 'stopped');
      // Without the file it is another intent, but the same ticket.
      button(form, 'Remove hello.txt').click();
      await until(() => !rows(form).length, 'no file');
      button(form, 'Send').click();
      await until(() => query(form, '[part=success]'), 'it is found');
      expect((await stored(desk, 'Arrived')).length).to.equal(1);
    });
  }

  it('marks a refused file, which can be taken out or sent again', async () => {
    const opened = await ticketForm();
    const { form, desk } = opened;
    let refusals = 0;
    form.addEventListener('help-desk-error', () => refusals++);
    await fill(form, 'With a bad one');
    drop(form, fileOf('plan.pdf', 10), fileOf('run.exe', 10));
    await until(() => rows(form).length === 2, 'the files');
    const restore = instead(opened, () =>
      Promise.reject(new HelpDeskError('invalid', { fields: { files: 'run.exe is not allowed.' } })),
    );
    button(form, 'Send').click();
    await until(() => buttons(form, 'Try again').length, 'refused');
    expect(rows(form)).to.deep.equal(['plan.pdf 10 byte Remove', 'run.exe 10 byte Remove run.exe is not allowed.']);
    expect(words(query(form, '[part=alert]')!)).to.equal(
      'Something in what was sent is missing or not right. Try again Discard',
    );
    const remove = button(form, 'Remove run.exe');
    await until(() => focused() === remove, 'focus where something can be done');
    expect(remove.getAttribute('aria-description')).to.equal('run.exe is not allowed.');
    expect(getComputedStyle(remove).minBlockSize).to.equal('36px');
    await expect(form).to.be.accessible();
    button(form, 'Try again').click();
    await until(() => refusals === 2 && buttons(form, 'Remove run.exe').length, 'refused again');
    restore();
    button(form, 'Remove run.exe').focus();
    await sendKeys({ press: 'Enter' });
    await until(() => rows(form).length === 1, 'taken out');
    button(form, 'Try again').click();
    await until(() => query(form, '[part=success]'), 'sent');
    const [ticket] = await stored(desk, 'With a bad one');
    expect(ticket!.entries[0]!.files.map(({ name }) => name)).to.deep.equal(['plan.pdf']);
  });

  it('marks all files of a refusal that names none, until one is taken out', async () => {
    const { form, desk } = await ticketForm('support-ticket');
    await fill(form, 'All refused');
    drop(form, fileOf('one.bin', 10));
    await until(() => rows(form).length, 'the file');
    await desk.fault({
      match: 'POST /',
      kind: 'answer',
      status: 400,
      headers: { 'Content-Type': 'application/json' },
      body: '{"status_code":400,"message":{"attachment":["too large"]}}',
    });
    button(form, 'Send').click();
    await until(() => queryAll(form, '.refused').length, 'marked');
    expect(rows(form)).to.deep.equal(['one.bin 10 byte Remove This is too large.']);
    button(form, 'Remove one.bin').click();
    await until(() => !rows(form).length, 'taken out');
    drop(form, fileOf('two.bin', 10));
    await until(() => rows(form).length, 'another');
    expect(rows(form)).to.deep.equal(['two.bin 10 byte Remove']);
  });

  it('sends what was dropped a moment before', async () => {
    const { form, desk } = await ticketForm();
    await fill(form, 'At once');
    drop(form, fileOf('quick.bin', 10));
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    const [ticket] = await stored(desk, 'At once');
    expect(ticket!.entries[0]!.files.map(({ name }) => name)).to.deep.equal(['quick.bin']);
  });

  it('sends nothing where what was dropped a moment before cannot be taken', async () => {
    const { form, desk } = await ticketForm();
    await fill(form, 'At once');
    drop(form, fileOf('empty.bin', 0));
    button(form, 'Send').click();
    await until(() => said(form).includes('empty.bin is empty.'), 'the problem');
    expect((await stored(desk, 'At once')).length).to.equal(0);
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent, now that it was said');
  });

  it('keeps its intent when the page is left while it is sent', async () => {
    const first = await ticketForm();
    const keys: (string | undefined)[] = [];
    await fill(first.form, 'Left in the middle');
    instead(first, (_, call) => {
      keys.push(call.idempotencyKey);
      return never(call);
    });
    button(first.form, 'Send').click();
    await until(() => keys.length, 'sending');
    first.page.remove();
    const second = await ticketForm('osticket', { desk: first.desk });
    expect(field(second.form, 'Subject').value).to.equal('Left in the middle');
    expect(second.form.draft).not.to.have.property('intent');
    const { backend } = second.helpDesk.store!;
    const real = backend.createTicket.bind(backend);
    backend.createTicket = (draft, call) => {
      keys.push(call.idempotencyKey);
      return real(draft, call);
    };
    pass(3000);
    button(second.form, 'Send').click();
    await until(() => query(second.form, '[part=success]'), 'sent');
    expect(keys).to.deep.equal([keys[0], keys[0]]);
    expect((await stored(first.desk, 'Left in the middle')).length).to.equal(1);
  });
});

describe('ticket-form: files of an earlier page', () => {
  it('are named as long as they are neither added again nor sent without', async () => {
    const first = await ticketForm();
    await fill(first.form, 'With files');
    drop(first.form, fileOf('plan.pdf', 10), fileOf('log.txt', 10));
    await until(() => Object.values(localStorage).join().includes('plan.pdf'), 'the names are kept');
    first.page.remove();

    const lost = 'plan.pdf, log.txt : Its files must be added again.';
    const { form, page, desk } = await ticketForm('osticket', { desk: first.desk });
    await until(() => words(form).includes(lost), 'what was lost');
    expect(form.draft).to.deep.equal({ subject: 'With files', message: 'It does not start.' });
    await expect(form).to.be.accessible();
    drop(form, fileOf('new.txt', 10));
    await until(() => rows(form).length && !words(form).includes(lost), 'added again');
    button(form, 'Remove new.txt').click();
    await until(() => !rows(form).length, 'taken out');
    expect(words(form)).not.to.contain('must be added again');
    drop(form, fileOf('new.txt', 10));
    await until(() => Object.values(localStorage).join().includes('new.txt'), 'the name is kept');
    page.remove();

    const { form: last } = await ticketForm('osticket', { desk });
    await until(() => words(last).includes('new.txt : Its files must be added again.'), 'what was lost');
    button(last, 'Send').click();
    await until(() => query(last, '[part=success]'), 'sent without');
    button(last, 'New ticket').click();
    await until(() => query(last, 'textarea'), 'an empty form');
    expect(words(last)).not.to.contain('must be added again');
    expect(Object.values(localStorage).join()).not.to.contain('new.txt');
  });
});

describe('ticket-form: what the page adds', () => {
  it('is shown, and goes out below the message', async () => {
    const { form, desk } = await ticketForm();
    form.prefill = { context: { Page: 'https://shop.example/cart', Plan: { value: 'Pro', readOnly: true } } };
    await until(() => query(form, '[part=context]'), 'what is sent with it');
    expect(words(query(form, '[part=context]')!)).to.equal(
      'Sent with your message Page: https://shop.example/cart Plan: Pro',
    );
    await fill(form, 'With context');
    expect(form.draft.message).to.equal('It does not start.');
    await expect(form).to.be.accessible();
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    const [ticket] = await stored(desk, 'With context');
    expect(ticket!.entries[0]!.body).to.contain('Page: https://shop.example/cart');
    expect(ticket!.entries[0]!.body).to.match(/start\.[^]*Plan: Pro/);
  });

  it('can be a text, and is nothing where it is neither', async () => {
    const { form } = await ticketForm();
    form.prefill = { context: 'First' };
    await until(() => query(form, '[part=context]'), 'what is sent with it');
    for (const [context, shown] of [
      ['Order 17', 'Order 17'],
      [{ value: 'Order 18' }, 'Order 18'],
      [17, '17'],
      [{}, undefined],
      [null, undefined],
    ] as const) {
      form.prefill = { context } as unknown as NonNullable<typeof form.prefill>;
      await form.updateComplete;
      const found = query(form, '[part=context]');
      expect(found && words(found), JSON.stringify(context)).to.equal(shown && `Sent with your message ${shown}`);
    }
  });
});

describe('ticket-form: where a part of it cannot be had', () => {
  const inFrame = async (missing: string): Promise<[HTMLElementTagNameMap['ticket-form'], Document]> => {
    const desk = await testDesk();
    const page = await pageWithout(
      [missing],
      'elements/help-desk/define',
      `<help-desk ${attributes(desk, 'osticket')} view="new"></help-desk>`,
    );
    const form = await until(
      () =>
        page.querySelector('help-desk')?.shadowRoot?.querySelector<HTMLElementTagNameMap['ticket-form']>('ticket-form'),
      'the form',
    );
    await until(() => form.shadowRoot?.querySelector('textarea'), 'its fields');
    return [form, page];
  };
  const inside = <T extends HTMLElement>(form: Element, selector: string): T | null =>
    form.shadowRoot!.querySelector<T>(selector);

  /** Drops `x.txt`, of its page, onto a form. */
  const dropOne = (form: Element, page: Document): void => {
    const { DataTransfer: Transfer, DragEvent: Drag, File: OwnFile } = page.defaultView as Window & typeof globalThis;
    const dataTransfer = new Transfer();
    dataTransfer.items.add(new OwnFile(['x'], 'x.txt'));
    inside(form, 'form')!.dispatchEvent(new Drag('drop', { dataTransfer, bubbles: true, cancelable: true }));
  };

  it('keeps what is written and offers to try again where it cannot send', async () => {
    const [form] = await inFrame('elements/ticket-form/sending');
    const codes: string[] = [];
    form.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    const subject = inside<HTMLInputElement>(form, '#subject')!;
    subject.value = 'Not yet';
    subject.dispatchEvent(new InputEvent('input', { bubbles: true }));
    inside(form, '[part=send]')!.click();
    const alert = await until(() => inside(form, '[part=alert]'), 'the alert');
    expect(alert.textContent.replace(/\s+/g, ' ').trim()).to.equal('The help desk could not be reached. Try again');
    expect([subject.value, form.draft.subject, codes]).to.deep.equal(['Not yet', 'Not yet', ['network']]);
    alert.querySelector('button')!.click();
    await until(() => codes.length === 2, 'tried again');
  });

  it('says so where files cannot be taken, keeps them for another try, and sends nothing without them', async () => {
    const [form, page] = await inFrame('elements/shared/chosen-files');
    dropOne(form, page);
    const problem = await until(() => inside(form, '#files-wrong'), 'the problem');
    expect(problem.textContent).to.equal('The help desk could not be reached.');
    inside(form, '[part=send]')!.click();
    await until(() => inside(form, '[part=alert]'), 'the alert');
    expect(inside(form, '[part=success]')).to.equal(null);
  });

  it('stands in for the topics, offers to try again, and sends what needs none', async () => {
    const [form] = await inFrame('elements/topic-picker/define');
    const codes: string[] = [];
    form.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    const alert = await until(() => inside(form, '[part=alert]'), 'the alert');
    expect(alert.textContent.replace(/\s+/g, ' ').trim()).to.equal('The help desk could not be reached. Try again');
    expect(inside(form, 'topic-picker')).to.equal(null);
    alert.querySelector('button')!.click();
    await until(() => codes.length, 'tried again');
    expect(codes).to.deep.equal(['network']);
    for (const [name, value] of [
      ['subject', 'Without a topic'],
      ['message', 'Still to be sent'],
    ]) {
      const one = inside<HTMLInputElement>(form, `#${name}`)!;
      one.value = value!;
      one.dispatchEvent(new InputEvent('input', { bubbles: true }));
    }
    const created = new Promise<Event>((resolve) => form.addEventListener('ticket-created', resolve));
    inside(form, '[part=send]')!.click();
    expect((await created).type).to.equal('ticket-created');
  });

  it('keeps focus where the topics are tried again, and gives it to them when they are there', async () => {
    const [form, page] = await inFrame('elements/topic-picker/define');
    const codes: string[] = [];
    form.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    const again = await until(() => inside(form, '[part=alert] button'), 'the alert');
    const focused = (): Element | null => form.shadowRoot!.activeElement;
    const alertWords = () => inside(form, '[part=alert]')!.textContent.replace(/\s+/g, ' ').trim();
    again.focus();
    const before = codes.length;
    again.click();
    await until(() => codes.length > before, 'tried again');
    await until(() => alertWords() === 'The help desk could not be reached. Try again', 'the failure again');
    expect(focused() === again).to.equal(true);
    const script = page.createElement('script');
    script.type = 'module';
    script.textContent = `import { TopicPicker } from '/src/elements/topic-picker/topic-picker.ts';
      customElements.define('topic-picker', TopicPicker);`;
    page.head.append(script);
    await page.defaultView!.customElements.whenDefined('topic-picker');
    again.click();
    await until(() => focused()?.localName === 'topic-picker', 'focus in the topics');
  });

  it('takes files that are dropped also without their field, and shows them', async () => {
    const [form, page] = await inFrame('elements/shared/file-field');
    dropOne(form, page);
    const row = await until(() => inside(form, '.chosen li'), 'the file');
    expect(row.textContent.replace(/\s+/g, ' ').trim()).to.equal('x.txt1 byte Remove');
    expect(inside(form, '#files')).to.equal(null);
    expect(form.draft.files!.map(({ name }) => name)).to.deep.equal(['x.txt']);
  });
});

describe('ticket-form: its topics', () => {
  it('are a field of the same height before their code is there, with what was chosen before', async () => {
    const desk = await testDesk();
    const page = await pageWithout([], 'elements/help-desk/define', '<main></main>');
    // The desk comes now, so that nothing of it is drawn before it is looked at.
    page.querySelector('main')!.innerHTML = `<help-desk ${attributes(desk, 'osticket')} view="new"></help-desk>`;
    const root = page.querySelector('help-desk')!.shadowRoot!;
    let before = 0;
    const below = (): number => Math.round(find('#subject')!.getBoundingClientRect().top);
    const seen: string[] = [];
    const find = <T extends HTMLElement>(selector: string): T | null | undefined =>
      root.querySelector('ticket-form')?.shadowRoot?.querySelector<T>(selector);
    // Of each drawing, however short it is seen.
    const look = (): void => {
      const own = root.querySelector('ticket-form')?.shadowRoot;
      if (own) observer.observe(own, { childList: true, subtree: true });
      const one = find('label input:disabled, topic-picker');
      if (!one || one.localName === seen.at(-1)) return;
      seen.push(one.localName);
      if (one.localName !== 'input') return;
      before = below();
      root.querySelector('ticket-form')!.draft = { topicId: '1' };
    };
    const observer = new MutationObserver(look);
    observer.observe(root, { childList: true, subtree: true });
    look();
    const picker = await until(() => find<HTMLElementTagNameMap['topic-picker']>('topic-picker'), 'the topics');
    await picker.updateComplete;
    observer.disconnect();
    expect(seen).to.deep.equal(['input', 'topic-picker']);
    expect(below()).to.equal(before);
    expect(picker.value).to.equal('1');
  });
});
