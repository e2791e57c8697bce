import { expect } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';
import { useFakeTimers } from 'sinon';
import { HelpDeskError } from '../../../src/errors.js';
import { TicketForm } from '../../../src/elements/ticket-form/ticket-form.js';
import type { TicketCreatedEvent, TicketSubmitEvent } from '../../../src/events.js';
import type { TicketDraft } from '../../../src/model.js';
import { focused } from '../../support/focus.js';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../../support/screen.js';
import { cleanUp, dialects, jane, place } from '../../support/widget.js';
import { ScriptedDesk, ticket } from '../shared/scripted-desk.js';
import { fill, stored, ticketForm } from './form.js';
import { pass } from '../../support/later.js';

/** Only Chromium can be told the colours. */
const chromium = /Chrom/.test(navigator.userAgent);
const sentWords = /^Your ticket was sent\. Its number is \d+\.$/;
const online = (value: boolean): void => {
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => value });
  dispatchEvent(new Event(value ? 'online' : 'offline'));
};

afterEach(async () => {
  delete (navigator as { onLine?: boolean }).onLine;
  await cleanUp();
  if (chromium) await emulateMedia({ colorScheme: 'light' });
});

/** Axe, in both colour schemes where they can be had. */
async function accessible(element: Element): Promise<void> {
  await expect(element).to.be.accessible();
  if (!chromium) return;
  await emulateMedia({ colorScheme: 'dark' });
  await expect(element).to.be.accessible();
  await emulateMedia({ colorScheme: 'light' });
}

describe('ticket-form: accessibility audit', () => {
  for (const dialect of dialects) {
    it(`passes empty, over ${dialect}`, async () => {
      await accessible((await ticketForm(dialect)).form);
    });
  }

  it('passes with invalid fields', async () => {
    const { form } = await ticketForm('support-ticket');
    button(form, 'Send').click();
    await until(() => queryAll(form, '.wrong').length === 3, 'the errors');
    await accessible(form);
  });

  it('passes while sending', async () => {
    const { form, desk } = await ticketForm();
    await desk.fault({ match: 'POST /', kind: 'hang' });
    await fill(form, 'Hangs');
    button(form, 'Send').click();
    await until(() => buttons(form, 'Sending…').length, 'sending');
    expect(said(form)).to.equal('Sending');
    await accessible(form);
    await desk.control({ op: 'clear-faults' });
  });

  it('passes after a failure and when discarded', async () => {
    const { form, desk } = await ticketForm();
    await desk.fault({ match: 'POST /', kind: 'status-500' });
    await fill(form, 'Fails');
    button(form, 'Send').click();
    await until(() => buttons(form, 'Try again').length, 'the failure');
    await accessible(form);
    button(form, 'Discard').click();
    await until(() => buttons(form, 'Undo').length, 'undo');
    await accessible(form);
  });

  it('passes when sent', async () => {
    const { form } = await ticketForm();
    await fill(form, 'Is sent');
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    await accessible(form);
  });

  it('passes offline, with files, and with the problem of one', async () => {
    const { form } = await ticketForm();
    online(false);
    query<HTMLElement>(form, 'form')!.dispatchEvent(dropOf([new File(['a'], 'a.txt'), new File([], 'b.txt')]));
    await until(() => words(form).includes('b.txt is empty.'), 'the problem');
    await until(() => said(form).includes('You are offline. What you see may be out of date.'), 'offline is said');
    await accessible(form);
    online(true);
    await until(() => said(form).includes('You are online again.'), 'online is said');
    expect(words(form)).not.to.contain('You are offline');
  });

  it('passes where nobody is named', async () => {
    const { form } = await ticketForm('osticket', { person: '' });
    await accessible(form);
  });
});

/** A drop of files, or of a text. */
function dropOf(files: readonly File[], type = 'drop'): DragEvent {
  const dataTransfer = new DataTransfer();
  for (const file of files) dataTransfer.items.add(file);
  return new DragEvent(type, { dataTransfer, bubbles: true, composed: true, cancelable: true });
}

describe('ticket-form: checking', () => {
  it('says what is missing beside each field, described, and focuses the first', async () => {
    const { form, desk } = await ticketForm('support-ticket');
    const before = (await desk.log()).length;
    button(form, 'Send').click();
    await until(() => queryAll(form, '.wrong').length === 3, 'the errors');
    expect(queryAll(form, '.wrong[role=alert]').map(words)).to.deep.equal([
      'Choose a topic.',
      'Enter a subject.',
      'Enter a message.',
    ]);
    await until(() => focused()?.getAttribute('role') === 'combobox', 'the topic has focus');
    expect(focused()!.getAttribute('aria-invalid')).to.equal('true');
    expect(focused()!.getAttribute('aria-description')).to.equal('Choose a topic.');
    const subject = field(form, 'Subject');
    expect(subject.getAttribute('aria-invalid')).to.equal('true');
    expect(words(form.shadowRoot!.getElementById(subject.getAttribute('aria-describedby')!)!)).to.equal(
      'Enter a subject.',
    );
    write(subject, 'Now there is one');
    await until(() => queryAll(form, '.wrong').length === 2, 'one error less');
    expect(subject.hasAttribute('aria-invalid')).to.equal(false);
    expect((await desk.log()).slice(before).filter(({ method }) => method === 'POST')).to.deep.equal([]);
  });

  it('asks a person without a name who they are, and sends that', async () => {
    const { form, desk } = await ticketForm('osticket', { person: '' });
    await fill(form, 'From a stranger');
    button(form, 'Send').click();
    await until(() => focused() === field(form, 'Your email'), 'the address is asked for');
    expect(queryAll(form, '.wrong').map(words)).to.deep.equal(['Enter your email address.', 'Enter your name.']);
    write(field(form, 'Your email'), 'ann at example.test');
    write(field(form, 'Your name'), ' Ann Smith ');
    button(form, 'Send').click();
    await until(() => words(form).includes('Enter an email address like name@example.com.'), 'the address is checked');
    write(field(form, 'Your email'), ' ann@example.test ');
    button(form, 'Send').click();
    await until(() => sentWords.test(said(form)), 'sent');
    expect((await stored(desk, 'From a stranger', 'ann@example.test')).length).to.equal(1);
  });

  it('shows what the back end refuses next to its field', async () => {
    const { form, desk } = await ticketForm('support-ticket');
    await desk.fault({
      match: 'POST /',
      kind: 'answer',
      status: 400,
      headers: { 'Content-Type': 'application/json' },
      body: '{"status_code":400,"message":{"subject":["This field may not be blank."],"attachment":["too large"],"zone":["is required"]}}',
    });
    await fill(form, 'Refused');
    button(form, 'Send').click();
    await until(() => buttons(form, 'Try again').length, 'the refusal');
    await until(() => focused() === field(form, 'Subject'), 'focus in the field');
    expect(words(query(form, '#subject-wrong')!)).to.equal('This field is required.');
    expect(words(query(form, '#files-wrong')!)).to.equal('This is too large.');
  });

  it('shows extra fields of the topic, wants and sends them', async () => {
    const fields = { 15: [{ name: 'order_number', label: 'Order number', required: true }] };
    const { form, desk } = await ticketForm('osticket', { extra: `topic="13" fields='${JSON.stringify(fields)}'` });
    expect(words(form)).not.to.contain('Order number');
    form.topic = '15';
    await until(() => field(form, 'Order number'), 'the extra field');
    write(field(form, 'Subject'), 'With an order');
    write(field(form, 'Message'), 'Where is it?');
    button(form, 'Send').click();
    await until(() => focused() === field(form, 'Order number'), 'it is wanted');
    expect(queryAll(form, '.wrong').map(words)).to.deep.equal(['This field is required.']);
    write(field(form, 'Order number'), 'A-17');
    expect(form.draft).to.deep.equal({
      subject: 'With an order',
      message: 'Where is it?',
      topicId: '15',
      fields: { order_number: 'A-17' },
    });
    button(form, 'Send').click();
    await until(() => sentWords.test(said(form)), 'sent');
    const [ticket] = await stored(desk, 'With an order');
    expect(JSON.parse(String(ticket!.fields))).to.deep.equal({ order_number: 'A-17' });
  });

  it('shows a refused extra field, named by its label, next to it', async () => {
    const fields = { '*': [{ name: 'order_number', label: 'Order number' }] };
    const { form } = await ticketForm('osticket', { extra: `topic="15" fields='${JSON.stringify(fields)}'` });
    await fill(form, 'Without an order');
    button(form, 'Send').click();
    await until(() => focused() === field(form, 'Order number'), 'the refusal');
    expect(words(query(form, '.wrong')!)).to.equal('This field is required.');
  });
});

describe('ticket-form: sending', () => {
  for (const dialect of dialects) {
    it(`sends once on a double click, over ${dialect}`, async () => {
      const { form, desk } = await ticketForm(dialect);
      const created: TicketCreatedEvent[] = [];
      document.addEventListener('ticket-created', (event) => created.push(event), { once: true });
      await fill(form, 'Twice pressed');
      const send = button(form, 'Send');
      send.click();
      send.click();
      send.click();
      await until(() => query(form, '[part=success]'), 'sent');
      const [ticket, ...others] = await stored(desk, 'Twice pressed');
      expect(others).to.deep.equal([]);
      const number = dialect === 'osticket' ? ticket!.number : ticket!.id;
      expect(said(form)).to.equal(`Your ticket was sent. Its number is ${number}.`);
      expect(created.length).to.equal(1);
      const [event] = created;
      expect(event!.ticket.subject).to.equal('Twice pressed');
      expect(event!.detail).to.deep.equal({ ticket: event!.ticket });
      expect([event!.bubbles, event!.composed, event!.cancelable]).to.deep.equal([true, true, false]);
      expect(event!.target).to.equal(form);
      await until(() => focused() === query(form, '[part=success]'), 'focus on the success');
      button(form, 'New ticket').click();
      await until(() => field(form, 'Subject').value === '', 'an empty form');
    });

    it(`does not double what was stored although the answer was an error, over ${dialect}`, async () => {
      const { form, desk } = await ticketForm(dialect);
      await desk.fault({ match: 'POST /', kind: 'commit-then-500' });
      await fill(form, 'Stored, then 500');
      button(form, 'Send').click();
      await until(() => query(form, '[part=success]'), 'it is found');
      expect((await stored(desk, 'Stored, then 500')).length).to.equal(1);
    });

    it(`does not double what was stored although the connection broke, over ${dialect}`, async () => {
      const { form, desk } = await ticketForm(dialect);
      // Looking whether it arrived fails as well, so that the person has to try again.
      await desk.fault({ match: 'POST /', kind: 'commit-then-drop' });
      await desk.fault({ match: 'GET /', kind: 'status-500', times: 4, after: dialect === 'osticket' ? 0 : 1 });
      await fill(form, 'Stored, then cut');
      button(form, 'Send').click();
      await until(() => buttons(form, 'Try again').length || query(form, '[part=success]'), 'an end');
      await desk.control({ op: 'clear-faults' });
      if (buttons(form, 'Try again').length) button(form, 'Try again').click();
      await until(() => query(form, '[part=success]'), 'it is found');
      expect((await stored(desk, 'Stored, then cut')).length).to.equal(1);
    }).timeout(30_000);
  }

  it('is sent by Enter in a field and by Ctrl+Enter in the message', async () => {
    const { form, desk } = await ticketForm();
    await fill(form, 'By Enter');
    field(form, 'Subject').focus();
    await sendKeys({ press: 'Enter' });
    await until(() => query(form, '[part=success]'), 'sent by Enter');
    button(form, 'New ticket').click();
    await until(() => field(form, 'Subject'), 'an empty form');
    await fill(form, 'By Ctrl+Enter', 'One');
    const message = field<HTMLTextAreaElement>(form, 'Message');
    message.focus();
    message.setSelectionRange(3, 3);
    await sendKeys({ press: 'Enter' });
    await sendKeys({ type: 'two' });
    expect(message.value).to.equal('One\ntwo');
    await sendKeys({ down: 'Control' });
    await sendKeys({ press: 'Enter' });
    await sendKeys({ up: 'Control' });
    await until(() => query(form, '[part=success]'), 'sent by Ctrl+Enter');
    expect((await stored(desk, 'By Enter')).length).to.equal(1);
    expect((await stored(desk, 'By Ctrl+Enter')).length).to.equal(1);
  });

  it('lets the page change the draft, or stop it', async () => {
    const { form, desk, page } = await ticketForm();
    await fill(form, 'Before');
    let stopped = 0;
    const stop = (event: Event): void => {
      event.preventDefault();
      stopped++;
    };
    form.addEventListener('ticket-submit', stop);
    button(form, 'Send').click();
    await until(() => stopped, 'stopped');
    form.removeEventListener('ticket-submit', stop);
    expect(field(form, 'Subject').value).to.equal('Before');
    const seen: TicketSubmitEvent[] = [];
    page.addEventListener('ticket-submit', (event) => {
      seen.push(event);
      event.draft.subject = 'After';
    });
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    expect(seen.length).to.equal(1);
    expect(seen[0]!.detail.draft).to.equal(seen[0]!.draft);
    expect(seen[0]!.draft.message).to.equal('It does not start.');
    expect([seen[0]!.bubbles, seen[0]!.composed, seen[0]!.cancelable]).to.deep.equal([true, true, true]);
    expect((await stored(desk, 'Before')).length).to.equal(0);
    expect((await stored(desk, 'After')).length).to.equal(1);
  });

  it('keeps text and files after a failure, and tries again', async () => {
    const { form, desk } = await ticketForm();
    const codes: string[] = [];
    form.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    await desk.fault({ match: 'POST /', kind: 'status-500' });
    await fill(form, 'Fails once');
    query(form, 'form')!.dispatchEvent(dropOf([new File(['hello'], 'hello.txt', { type: 'text/plain' })]));
    button(form, 'Send').click();
    await until(() => buttons(form, 'Try again').length, 'the failure');
    expect(words(query(form, '[part=alert] .grow')!)).to.equal('The help desk is not available right now.');
    expect(said(form)).to.equal('The help desk is not available right now. Try again Discard');
    expect(codes).to.deep.equal(['unavailable']);
    expect(field(form, 'Subject').value).to.equal('Fails once');
    expect(field(form, 'Message').value).to.equal('It does not start.');
    expect(words(query(form, '.files li')!)).to.contain('hello.txt');
    pass(3000);
    button(form, 'Try again').focus();
    button(form, 'Try again').click();
    await until(() => focused()?.matches('[part~=send],[part=success]'), 'focus is not lost');
    await until(() => query(form, '[part=success]'), 'sent');
    const [ticket, ...others] = await stored(desk, 'Fails once');
    expect(others).to.deep.equal([]);
    expect(ticket!.entries[0]!.files.map(({ name, base64 }) => [name, atob(base64)])).to.deep.equal([
      ['hello.txt', 'hello'],
    ]);
  });

  it('discards on demand, and takes that back', async () => {
    const { form, desk } = await ticketForm();
    await desk.fault({ match: 'POST /', kind: 'status-500', times: 9 });
    await fill(form, 'Given up');
    query(form, 'form')!.dispatchEvent(dropOf([new File(['hello'], 'hello.txt')]));
    button(form, 'Send').click();
    await until(() => buttons(form, 'Discard').length, 'the failure');
    button(form, 'Discard').click();
    await until(() => focused() === buttons(form, 'Undo')[0] && focused(), 'focus on Undo');
    expect(said(form)).to.equal('Discarded.');
    expect(field(form, 'Subject').value).to.equal('');
    expect(queryAll(form, '.files li')).to.deep.equal([]);
    expect(Object.values(localStorage).join()).not.to.contain('Given up');
    button(form, 'Undo').click();
    await until(() => focused() === field(form, 'Message'), 'focus in the message');
    expect(field(form, 'Subject').value).to.equal('Given up');
    expect(queryAll(form, '.files li').length).to.equal(1);
    expect(buttons(form, 'Undo')).to.deep.equal([]);
  });

  for (const status of [201, 400])
    it(`leaves focus where a person has gone in the page meanwhile, when it is answered with ${status}`, async () => {
      const { form, desk, page, helpDesk } = await ticketForm('support-ticket');
      const { backend } = helpDesk.store!;
      const { createTicket } = backend;
      let answer!: () => void;
      const held = new Promise<void>((resolve) => (answer = resolve));
      backend.createTicket = async (...given) => {
        await held;
        if (status === 400) throw new HelpDeskError('invalid', { fields: { subject: 'This field is required.' } });
        return createTicket(...given);
      };
      page.insertAdjacentHTML('afterbegin', '<div></div>');
      const elsewhere = document.createElement('input');
      page.firstElementChild!.attachShadow({ mode: 'open' }).append(elsewhere);
      await fill(form, 'Slow');
      button(form, 'Send').focus();
      button(form, 'Send').click();
      await until(() => buttons(form, 'Cancel').length, 'that it is being sent');
      elsewhere.focus();
      answer();
      await until(() => query(form, '[part=success], #subject-wrong'), 'the answer');
      await form.updateComplete;
      await new Promise(requestAnimationFrame);
      expect(focused() === elsewhere).to.equal(true);
      expect((await stored(desk, 'Slow')).length).to.equal(status === 201 ? 1 : 0);
    });

  it('takes focus to what was sent from what is around the form', async () => {
    const { form, page } = await ticketForm();
    page.tabIndex = -1;
    await fill(form, 'Pressed where buttons take no focus');
    page.focus();
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    await until(() => focused() === query(form, '[part=success]'), 'focus on the success');
  });

  it('offers no Undo once something else is written', async () => {
    const { form, desk } = await ticketForm();
    await desk.fault({ match: 'POST /', kind: 'status-500' });
    await fill(form, 'Given up');
    button(form, 'Send').click();
    await until(() => buttons(form, 'Discard').length, 'the failure');
    button(form, 'Discard').click();
    await until(() => buttons(form, 'Undo').length, 'undo');
    write(field(form, 'Subject'), 'New words');
    await until(() => !buttons(form, 'Undo').length, 'no undo');
    expect(field(form, 'Subject').value).to.equal('New words');
  });

  it('gives every try of an unchanged draft the same intent, and an edited one another', async () => {
    const { form, helpDesk } = await ticketForm();
    const keys: (string | undefined)[] = [];
    let failures = 0;
    form.addEventListener('help-desk-error', () => failures++);
    const sendable = (): boolean => buttons(form, 'Send').length === 1;
    const { backend } = helpDesk.store!;
    const real = backend.createTicket.bind(backend);
    backend.createTicket = (draft, call) => {
      keys.push(call.idempotencyKey);
      return keys.length < 4 ? real({ ...draft, topicId: '15' }, call) : real(draft, call);
    };
    await fill(form, 'Same');
    button(form, 'Send').click();
    await until(() => failures === 1 && sendable(), 'refused');
    button(form, 'Send').click();
    await until(() => failures === 2 && sendable(), 'refused again');
    write(field(form, 'Message'), 'Edited.');
    button(form, 'Send').click();
    await until(() => failures === 3 && sendable(), 'refused once more');
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    expect(keys[0]).to.match(/^[\w-]{16,}$/);
    expect(keys[1]).to.equal(keys[0]);
    expect(keys[2]).not.to.equal(keys[0]);
    expect(keys[3]).to.equal(keys[2]);
  });
});

describe('ticket-form: files', () => {
  it('says the limits before, takes what fits, and says what does not', async () => {
    const { form } = await ticketForm('support-ticket');
    expect(words(query(form, '#limits')!)).to.equal('1 file, up to 2 MB');
    const drop = dropOf([
      new File([new Uint8Array(2_097_153)], 'big.bin'),
      new File([], 'empty.txt'),
      new File(['a'], 'one.txt'),
      new File(['b'], 'two.txt'),
    ]);
    query(form, 'form')!.dispatchEvent(drop);
    expect(drop.defaultPrevented).to.equal(true);
    await until(() => queryAll(form, '.files li').length, 'the file');
    expect(queryAll(form, '.files li bdi').map(words)).to.deep.equal(['one.txt']);
    expect(words(query(form, '#files-wrong')!)).to.equal(
      'big.bin is too large. empty.txt is empty. No more files can be added.',
    );
    expect(said(form)).to.equal(words(query(form, '#files-wrong')!));
    expect(query(form, '#files')!.getAttribute('aria-invalid')).to.equal('true');
  });

  it('refuses kinds that are not accepted', async () => {
    const { form, helpDesk } = await ticketForm();
    helpDesk.options = { ...helpDesk.options, limits: { accept: 'image/*,.pdf', maxCount: 2 } };
    await until(() => query(form, '#files')?.getAttribute('accept') === 'image/*,.pdf', 'the limits');
    query(form, 'form')!.dispatchEvent(
      dropOf([new File(['a'], 'a.exe'), new File(['b'], 'B.PDF'), new File(['c'], 'c.png', { type: 'image/png' })]),
    );
    await until(() => queryAll(form, '.files li').length === 2, 'the files');
    expect(words(query(form, '#files-wrong')!)).to.equal('a.exe is of a kind that cannot be sent.');
  });

  it('takes pasted files and leaves pasted text alone', async () => {
    const { form } = await ticketForm();
    const paste = (files: readonly File[], text = ''): ClipboardEvent => {
      const clipboardData = new DataTransfer();
      for (const file of files) clipboardData.items.add(file);
      if (text) clipboardData.setData('text/plain', text);
      const event = new ClipboardEvent('paste', { bubbles: true, composed: true, cancelable: true });
      // Firefox drops the files of one that is given.
      Object.defineProperty(event, 'clipboardData', { value: clipboardData });
      field(form, 'Message').dispatchEvent(event);
      return event;
    };
    expect(paste([new File(['x'], 'word.png')], 'Words of an office program').defaultPrevented).to.equal(false);
    expect(paste([], 'text').defaultPrevented).to.equal(false);
    expect(queryAll(form, '.files li')).to.deep.equal([]);
    expect(paste([new File(['x'], 'shot.png')]).defaultPrevented).to.equal(true);
    await until(() => queryAll(form, '.files li').length === 1, 'the file');
  });

  it('loses no focus when files are removed by keyboard', async () => {
    const { form } = await ticketForm();
    query(form, 'form')!.dispatchEvent(dropOf(['a', 'b', 'c'].map((name) => new File(['x'], `${name}.txt`))));
    await until(() => queryAll(form, '.files li').length === 3, 'the files');
    button(form, 'Remove b.txt').focus();
    await sendKeys({ press: 'Enter' });
    await until(() => focused() === button(form, 'Remove c.txt'), 'focus on the next');
    await sendKeys({ press: 'Enter' });
    await until(() => focused() === button(form, 'Remove a.txt'), 'focus on the one before');
    await sendKeys({ press: 'Enter' });
    await until(() => focused() === query(form, '#files'), 'focus on the field');
    expect(form.draft.files).to.equal(undefined);
  });

  it('shows how far an upload is', async () => {
    const { form, desk } = await ticketForm('support-ticket');
    await desk.fault({ match: 'POST /', kind: 'hang' });
    await fill(form, 'With a file');
    query(form, 'form')!.dispatchEvent(dropOf([new File([new Uint8Array(500_000)], 'half.bin')]));
    button(form, 'Send').click();
    await until(() => query<HTMLProgressElement>(form, 'progress')?.value === 1, 'progress');
    expect(query(form, 'progress')!.getAttribute('aria-label')).to.equal('Sending half.bin');
    await desk.control({ op: 'clear-faults' });
    await until(() => !query(form, 'progress'), 'the end');
  });

  it('offers and sends none with no-attachments', async () => {
    const { form } = await ticketForm();
    query(form, 'form')!.dispatchEvent(dropOf([new File(['x'], 'a.txt')]));
    form.noAttachments = true;
    await until(() => !query(form, '#files'), 'no field');
    expect(form.draft).to.deep.equal({ subject: '', message: '' });
  });

  it('does not let the browser leave the page for a file that cannot be sent', async () => {
    const { form } = await ticketForm();
    form.noAttachments = true;
    await until(() => !query(form, '#files'), 'no field');
    for (const type of ['dragover', 'drop']) {
      const drag = dropOf([new File(['x'], 'a.txt')], type);
      query(form, 'form')!.dispatchEvent(drag);
      expect(drag.defaultPrevented, type).to.equal(true);
    }
    expect(form.draft).to.deep.equal({ subject: '', message: '' });
  });
});

describe('ticket-form: priority', () => {
  it('is sent as it is shown, untouched too', async () => {
    const drafts: TicketDraft[] = [];
    const names = ['Low', 'Medium', 'High', 'Urgent'];
    const { store } = new ScriptedDesk(['listTopics'], undefined, {
      limits: { priorities: names.map((name) => ({ id: name.toLowerCase(), name })) },
      createTicket: (draft) => {
        drafts.push(draft);
        return Promise.resolve(ticket(7));
      },
    });
    const form = place('<ticket-form subject="Broken lamp" message="Again"></ticket-form>').querySelector(
      'ticket-form',
    )!;
    form.store = store;
    const shown = await until(() => query<HTMLSelectElement>(form, '#priority'), 'the field');
    expect([shown.selectedOptions[0]?.text, form.draft.priority]).to.deep.equal(['Medium', undefined]);
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    expect(drafts.map(({ priority }) => priority)).to.deep.equal(['medium']);
  });
});

describe('ticket-form: a topic that cannot be chosen', () => {
  for (const [name, without] of [
    ['the back end has no list of them', ['listTopics']],
    ['its list is empty', []],
  ] as const)
    it(`is asked for by the back end, in words, where ${name}`, async () => {
      const drafts: TicketDraft[] = [];
      const { store } = new ScriptedDesk(without, undefined, {
        limits: { topicRequired: true },
        listTopics: () => Promise.resolve([]),
        createTicket: (draft) => {
          drafts.push(draft);
          return Promise.reject(new HelpDeskError('invalid', { fields: { topicId: 'Select one.' } }));
        },
      });
      const form = place('<ticket-form></ticket-form>').querySelector('ticket-form')!;
      form.store = store;
      await until(() => query(form, 'textarea') && !query(form, 'topic-picker'), 'the form');
      await fill(form, 'Broken lamp');
      button(form, 'Send').click();
      const alert = await until(() => query(form, '.notice[role=alert]'), 'the refusal');
      expect(words(alert)).to.contain('Topic : Select one.');
      expect(drafts.map(({ subject, topicId }) => [subject, topicId])).to.deep.equal([['Broken lamp', undefined]]);
      expect(field(form, 'Subject').value).to.equal('Broken lamp');
    });
});

describe('ticket-form: beginning and draft', () => {
  it('begins with its attributes', async () => {
    const { form } = await ticketForm('osticket', {
      person: '',
      extra: 'topic="13" subject="Hello" message="There" email="a@example.test" display-name="Ann"',
    });
    expect(form.draft).to.deep.equal({
      subject: 'Hello',
      message: 'There',
      topicId: '13',
      email: 'a@example.test',
      displayName: 'Ann',
    });
    expect(field(form, 'Your name').value).to.equal('Ann');
    const picker = await until(() => query<HTMLElementTagNameMap['topic-picker']>(form, 'topic-picker'), 'topics');
    expect(picker.value).to.equal('13');
  });

  it('begins with prefill, read-only where told, also against an older draft', async () => {
    const { form, desk } = await ticketForm();
    await fill(form, 'Older');
    form.remove();
    const prefill = { subject: { value: 'Fixed', readOnly: true }, message: 'Open', topicId: 13, fields: { a: 'b' } };
    const again = await ticketForm('osticket', { desk, extra: `prefill='${JSON.stringify(prefill)}'` });
    expect(field(again.form, 'Subject').value).to.equal('Fixed');
    expect(field(again.form, 'Subject').readOnly).to.equal(true);
    expect(field(again.form, 'Message').value).to.equal('It does not start.');
    expect(again.form.draft).to.deep.equal({
      subject: 'Fixed',
      message: 'It does not start.',
      topicId: '13',
      fields: { a: 'b' },
    });
  });

  it('locks nothing that has no value: nobody could give one', async () => {
    const { form } = await ticketForm();
    for (const value of ['', undefined] as string[]) {
      form.prefill = { subject: { value, readOnly: true }, message: { value: 'Fixed', readOnly: true } };
      await form.updateComplete;
      expect([field(form, 'Subject').readOnly, field(form, 'Message').readOnly]).to.deep.equal([false, true]);
    }
    write(field(form, 'Subject'), 'Mine');
    await form.updateComplete;
    expect([form.draft?.subject, form.draft?.message]).to.deep.equal(['Mine', 'Fixed']);
  });

  it('hides what the page settles, sends it, and shows it again where it is refused or empty', async () => {
    const { form, desk } = await ticketForm('support-ticket');
    form.fields = { '*': [{ name: 'order', label: 'Order' }] };
    form.prefill = {
      subject: { value: 'About order 7', hidden: true },
      topicId: { value: '13', hidden: true },
      message: { value: '', hidden: true },
      fields: { order: { value: '7', hidden: true } },
    };
    const labels = (): string => queryAll(form, 'label').map(words).join();
    await until(() => labels() === 'Priority,Message,Add files', 'only the message is left');
    expect(query(form, 'topic-picker')).to.equal(undefined);
    write(field(form, 'Message'), 'It does not start.');
    expect(form.draft).to.deep.equal({
      subject: 'About order 7',
      message: 'It does not start.',
      topicId: '13',
      fields: { order: '7' },
    });
    await desk.fault({
      match: 'POST /',
      kind: 'answer',
      status: 400,
      headers: { 'Content-Type': 'application/json' },
      body: '{"status_code":400,"message":{"subject":["This field may not be blank."]}}',
    });
    button(form, 'Send').click();
    await until(() => labels() === 'Priority,Subject,Message,Add files', 'the subject, to be mended');
    expect(field(form, 'Subject').readOnly).to.equal(false);
  });

  it('follows a page that changes its beginning, except where the person has written', async () => {
    const { form } = await ticketForm();
    form.prefill = { subject: 'One', message: 'First' };
    await until(() => field(form, 'Subject').value === 'One', 'the first');
    write(field(form, 'Message'), 'Mine');
    form.prefill = { subject: 'Two', message: 'Second' };
    await until(() => field(form, 'Subject').value === 'Two', 'the second');
    expect(field(form, 'Message').value).to.equal('Mine');
    form.prefill = undefined;
    await until(() => field(form, 'Subject').value === '', 'nothing');
    expect(field(form, 'Message').value).to.equal('Mine');
  });

  it('tells the page of attributes that are no JSON, once somebody is in the form', async () => {
    const { warn } = console;
    const warnings: unknown[][] = [];
    console.warn = (...words: unknown[]) => void warnings.push(words);
    try {
      const { form } = await ticketForm('osticket', { extra: `prefill="{'subject':'x'}" fields="{'*':[]}"` });
      field(form, 'Subject').focus();
      await until(() => warnings.length === 2, 'the warnings');
      expect(warnings).to.deep.equal(
        ['prefill', 'fields'].map((name) => [`<ticket-form ${name}="…"> holds no JSON object`, form]),
      );
    } finally {
      console.warn = warn;
    }
  });

  it('takes rubbish in its attributes without a word to the person', async () => {
    for (const rubbish of [
      '{',
      'null',
      '[1]',
      '"x"',
      '7',
      '{"subject":null}',
      '{"subject":{"value":{}},"fields":"no"}',
    ]) {
      const { form } = await ticketForm('osticket', { extra: `prefill='${rubbish}' fields='${rubbish}'` });
      expect(form.draft, rubbish).to.deep.equal({ subject: '', message: '' });
      await fill(form, 'x');
      expect(field(form, 'Subject').value).to.equal('x');
      await cleanUp();
    }
  });

  it('keeps what is written within 300 ms of each key, for the next page', async () => {
    const { form, desk, page } = await ticketForm();
    const kept = (words: string): boolean => Object.values(localStorage).join().includes(words);
    // Once the first words are kept, no timer of the real clock is left.
    write(field(form, 'Subject'), 'Half');
    await until(() => kept('Half'), 'kept');
    const clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      write(field(form, 'Subject'), 'Half a');
      clock.tick(200);
      write(field(form, 'Subject'), 'Half a sen');
      clock.tick(100);
      expect(kept('Half a sen')).to.equal(true);
    } finally {
      clock.restore();
    }
    write(field(form, 'Message'), 'and the last key');
    page.remove();
    const again = await ticketForm('osticket', { desk });
    expect(field(again.form, 'Subject').value).to.equal('Half a sen');
    expect(field(again.form, 'Message').value).to.equal('and the last key');
    await fill(again.form, 'Sent at last');
    button(again.form, 'Send').click();
    await until(() => query(again.form, '[part=success]'), 'sent');
    again.page.remove();
    const third = await ticketForm('osticket', { desk });
    expect(third.form.draft).to.deep.equal({ subject: '', message: '' });
  });

  it('has a draft that can be read and set, also before it is defined and before it has a desk', async () => {
    const { form } = await ticketForm();
    const file = new File(['x'], 'x.txt');
    form.draft = { subject: 'Set', message: 'By the page', topicId: '13', files: [file] };
    await until(() => field(form, 'Subject').value === 'Set', 'the draft');
    expect(form.draft).to.deep.equal({ subject: 'Set', message: 'By the page', topicId: '13', files: [file] });
    form.draft = undefined;
    await until(() => field(form, 'Subject').value === '', 'no draft');

    const early = document.createElement('ticket-form');
    early.draft = { subject: 'Early', message: '' };
    form.after(early);
    await until(() => field(early, 'Subject').value === 'Early', 'the early draft');
  });

  it('shows nothing of one person to the next', async () => {
    const { form, helpDesk } = await ticketForm();
    await fill(form, 'Of Jane');
    helpDesk.identify({ email: 'omar@example.test' });
    await until(() => field(form, 'Subject').value === '', 'an empty form');
    expect(form.draft).to.deep.equal({ subject: '', message: '' });
    await fill(form, 'Of Omar');
    helpDesk.signOut();
    await until(() => field(form, 'Your email'), 'nobody');
    expect(field(form, 'Subject').value).to.equal('');
    expect(Object.values(localStorage).join()).not.to.contain('Of Omar');
  });

  it('stops sending when another person comes, and shows them nothing of it', async () => {
    const { form, helpDesk, desk } = await ticketForm();
    const codes: string[] = [];
    form.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    const { backend } = helpDesk.store!;
    const real = backend.createTicket.bind(backend);
    let begun = 0;
    let stopped = 0;
    backend.createTicket = (_, { signal }) => {
      backend.createTicket = real;
      begun++;
      return new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', () => {
          stopped++;
          reject(signal!.reason as Error);
        });
      });
    };
    await fill(form, 'Of Jane');
    button(form, 'Send').click();
    await until(() => begun && buttons(form, 'Sending…').length, 'sending');
    helpDesk.identify({ email: 'omar@example.test' });
    await until(() => buttons(form, 'Send').length && field(form, 'Subject').value === '', 'an empty form');
    expect(query(form, '[role=alert]')).to.equal(undefined);
    expect(codes).to.deep.equal([]);
    expect(stopped).to.equal(1);
    await fill(form, 'Of Omar');
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    expect((await stored(desk, 'Of Omar', 'omar@example.test')).length).to.equal(1);
    helpDesk.identify({ email: jane });
    await until(() => query(form, 'textarea'), 'the form of Jane again, not what Omar has sent');
    expect(field(form, 'Subject').value).to.equal('Of Jane');
  });

  it('keeps what somebody wrote before they said who they are', async () => {
    const { form, helpDesk } = await ticketForm('osticket', { person: '' });
    await fill(form, 'Written first');
    helpDesk.identify({ email: jane });
    await until(() => !queryAll(form, '#email').length, 'known');
    expect(field(form, 'Subject').value).to.equal('Written first');
  });

  it('sends no other name for somebody who has said who they are since', async () => {
    const { form, helpDesk, desk } = await ticketForm('osticket', { person: '' });
    write(field(form, 'Your email'), 'ann@example.test');
    write(field(form, 'Your name'), 'Ann');
    await fill(form, 'Whose is it');
    expect([form.draft.email, form.draft.displayName]).to.deep.equal(['ann@example.test', 'Ann']);
    helpDesk.identify({ email: jane });
    await until(() => !queryAll(form, '#email').length, 'known');
    expect(form.draft).to.deep.equal({ subject: 'Whose is it', message: 'It does not start.' });
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    expect((await stored(desk, 'Whose is it')).length).to.equal(1);
  });

  it('takes a draft of each desk when it is moved between two', async () => {
    const first = await ticketForm();
    await fill(first.form, 'For the first');
    const second = await ticketForm();
    second.helpDesk.append(first.form);
    await until(() => field(first.form, 'Subject').value === '', 'the second desk');
    await fill(first.form, 'For the second');
    first.helpDesk.append(first.form);
    await until(() => field(first.form, 'Subject').value === 'For the first', 'the first desk');
  });
});

describe('ticket-form: while a part of it is on its way', () => {
  /** A form of a desk that takes every ticket, and who sent them. */
  function taking(form: TicketForm): [ScriptedDesk, (string | undefined)[]] {
    const senders: (string | undefined)[] = [];
    const desk = new ScriptedDesk([], undefined, {
      createTicket: (_, { identity }) => {
        senders.push(identity?.email);
        return Promise.resolve(ticket(7));
      },
    });
    Object.assign(form, { store: desk.store, subject: 'Begun with', message: 'By the page' });
    return [desk, senders];
  }

  it('sends nothing for another person than the one who pressed the button', async () => {
    const form = place('<ticket-form></ticket-form>').querySelector('ticket-form')!;
    const [{ store }, senders] = taking(form);
    await until(() => query(form, 'textarea'), 'the form');
    let submitted = 0;
    form.addEventListener('ticket-submit', () => submitted++);
    button(form, 'Send').click();
    store.identify({ email: 'omar@example.test' });
    // It is what sends that shows this.
    form.prefill = { context: 'Order 17' };
    await until(() => query(form, '[part=context]'), 'what sends');
    await new Promise((resolve) => requestAnimationFrame(resolve));
    expect(submitted).to.equal(0);
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    expect(senders).to.deep.equal(['omar@example.test']);
  });

  it('gives focus to a field that can have it', async () => {
    // Its topics have another tag, which is never there.
    const tag = 'waiting-ticket-form';
    customElements.define(
      tag,
      class extends TicketForm {
        static override prefix = 'waiting-';
      },
    );
    const form = place(`<${tag}></${tag}>`).querySelector<TicketForm>(tag)!;
    taking(form);
    await until(() => query(form, 'label input:disabled'), 'what stands in for the topics');
    button(form, 'Send').click();
    await until(() => query(form, '[part=success]'), 'sent');
    button(form, 'New ticket').click();
    await until(() => form.shadowRoot!.activeElement === field(form, 'Subject'), 'focus in the form');
  });
});
