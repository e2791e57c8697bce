import { expect } from '@open-wc/testing';
import { emulateMedia, sendKeys } from '@web/test-runner-commands';
import type { HelpDesk } from '../../../src/elements/help-desk/help-desk.js';
import type { HelpDeskReadyEvent, UnreadChangedEvent } from '../../../src/events.js';
import type { TicketForm } from '../../../src/elements/ticket-form/ticket-form.js';
import type { TicketDraft } from '../../../src/model.js';
import { createStore } from '../../../src/store/store.js';
import { defineBackend, loadBackend, type Backend, type Limits } from '../../../src/backends/backend.js';
import { osticket, type OsticketOptions } from '../../../src/backends/osticket.js';
import { HelpDeskError } from '../../../src/errors.js';
import { focused } from '../../support/focus.js';
import { button, buttons, field, query, queryAll, said, seen, until, words, write } from '../../support/screen.js';
import { attributes, cleanUp, dialects, jane, omar, place, testDesk, widget } from '../../support/widget.js';

const chromium = /Chrom/.test(navigator.userAgent);
const rows = (root: Node): HTMLElement[] => queryAll(root, '[part=item]').filter(seen);
const listed = (root: Node) => until(() => rows(root).length, 'the list');
const title = (root: Node): string => words(query(root, 'ticket-thread', 'h2') ?? document.createTextNode(''));

/** The desk's next ticket is sent, or fails so, when the result is called. */
function hold({ store }: HelpDesk, failure?: HelpDeskError): () => void {
  const { backend } = store!;
  const { createTicket } = backend;
  let answer!: () => void;
  const held = new Promise<void>((resolve) => (answer = resolve));
  backend.createTicket = async (...given) => {
    backend.createTicket = createTicket;
    await held;
    if (failure) throw failure;
    return createTicket(...given);
  };
  return answer;
}

let warnings: unknown[][] = [];
const { warn } = console;

beforeEach(() => {
  warnings = [];
  console.warn = (...args: unknown[]) => void warnings.push(args);
});
afterEach(async () => {
  console.warn = warn;
  await cleanUp();
  if (chromium) await emulateMedia({ colorScheme: 'light' });
});

async function accessible(element: Element): Promise<void> {
  await expect(element).to.be.accessible();
  if (!chromium) return;
  await emulateMedia({ colorScheme: 'dark' });
  await expect(element).to.be.accessible();
  await emulateMedia({ colorScheme: 'light' });
}

describe('help-desk: accessibility audit', () => {
  for (const dialect of dialects) {
    it(`passes with list, thread and form, wide and narrow, over ${dialect}`, async () => {
      const { page, element } = await widget(dialect);
      await listed(page);
      await accessible(element);
      rows(page)[0]!.click();
      await until(() => query(page, 'article'), 'the thread');
      await accessible(element);
      page.style.width = '20rem';
      await accessible(element);
      button(page, 'Back').click();
      await listed(page);
      await accessible(element);
      button(page, 'New ticket').click();
      await until(() => field(page, 'Subject'), 'the form');
      await accessible(element);
    }).timeout(60_000);
  }

  it('passes connecting, and with nothing to connect to', async () => {
    const desk = place('<help-desk></help-desk>').querySelector('help-desk')!;
    await until(() => words(desk) === 'This help desk has no address.', 'the hint');
    await accessible(desk);
    desk.backend = 'nothing-of-the-kind';
    desk.url = '/nowhere';
    await until(() => said(desk) === 'The help desk is not available right now. Try again', 'the failure');
    await accessible(desk);
  });
});

describe('help-desk: connection', () => {
  it('has the defaults of the contract', () => {
    const element = document.createElement('help-desk');
    expect(element.name).to.equal('default');
    expect(element.backend).to.equal('relay');
    expect(element.url).to.equal('');
    expect(element.options).to.deep.equal({});
    expect(element.scope).to.equal('mine');
    expect(element.store).to.equal(undefined);
  });

  it('takes every attribute', async () => {
    const { element } = await widget('osticket', {
      extra: 'name="one" user-id="1" display-name="Jane" view="new" scope="assigned" time-zone="Europe/Vienna"',
    });
    const { name, email, userId, displayName, view, scope, timeZone, options } = element;
    expect({ name, email, userId, displayName, view, scope, timeZone, options }).to.deep.equal({
      name: 'one',
      email: jane,
      userId: '1',
      displayName: 'Jane',
      view: 'new',
      scope: 'assigned',
      timeZone: 'Europe/Vienna',
      options: { apiKey: 'desk-key' },
    });
    const store = await element.ready;
    expect(store).to.equal(element.store);
    expect(store.identity.value).to.deep.equal({ email: jane, userId: '1', displayName: 'Jane' });
    expect(store.backend.name).to.equal('osticket');
  });

  it('tells once that it is ready, also when it is moved or renamed', async () => {
    const events: HelpDeskReadyEvent[] = [];
    const onReady = (event: HelpDeskReadyEvent): void => void events.push(event);
    document.addEventListener('help-desk-ready', onReady);
    const { page, element } = await widget();
    await element.ready;
    page.append(element);
    element.name = 'other';
    await element.updateComplete;
    document.removeEventListener('help-desk-ready', onReady);
    expect(events.length).to.equal(1);
    expect(events[0]!.detail).to.deep.equal({ name: 'default' });
    expect([events[0]!.bubbles, events[0]!.composed]).to.deep.equal([true, true]);
  });

  it('shows times of a back end in its time zone', async () => {
    const { page, element } = await widget('osticket', {
      options: { timeZone: 'Asia/Tokyo' },
      extra: 'time-zone="Asia/Tokyo"',
    });
    await listed(page);
    const { tickets } = query<HTMLElementTagNameMap['ticket-list']>(page, 'ticket-list')!;
    const right = tickets.map(({ updatedAt }) => updatedAt);
    element.timeZone = 'UTC';
    await until(() => {
      const now = query<HTMLElementTagNameMap['ticket-list']>(page, 'ticket-list')!.tickets;
      return now.length && now[0]!.updatedAt !== right[0] && now;
    }, 'other times');
    const wrong = query<HTMLElementTagNameMap['ticket-list']>(page, 'ticket-list')!.tickets[0]!.updatedAt!;
    expect(Date.parse(wrong) - Date.parse(right[0]!)).to.equal(9 * 3_600_000);
  });

  it('says that it has no address, once to the page', async () => {
    const desk = place('<help-desk></help-desk>').querySelector('help-desk')!;
    await until(() => words(desk).includes('This help desk has no address.'), 'the hint');
    expect(warnings.length).to.equal(1);
    expect(warnings[0]![0]).to.equal('<help-desk> needs an address: url="…"');
  });

  it('says so too where the page put elements inside', async () => {
    const page = place('<help-desk><ticket-list></ticket-list></help-desk>');
    await until(() => words(page).includes('This help desk has no address.'), 'the hint');
  });

  it('shows that a back end is unknown, tells the page, and recovers', async () => {
    const desk = await testDesk();
    const codes: string[] = [];
    const page = place('<div></div>');
    page.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    page.innerHTML = `<help-desk ${attributes(desk, 'osticket').replace('backend="osticket"', 'backend="toString"')}></help-desk>`;
    await until(() => said(page) === 'The help desk is not available right now. Try again', 'the failure');
    expect(codes).to.deep.equal(['unavailable']);
    expect(warnings.map(([words, error]) => [words, (error as Error).cause])).to.deep.equal([
      ['<help-desk> cannot use the back end "toString"', 'No back end is registered as "toString".'],
    ]);
    page.querySelector('help-desk')!.backend = 'osticket';
    await listed(page);
    expect(said(page)).to.equal('');
  });

  it('connects by "Try again" once a back end is registered that it has looked for before', async () => {
    const desk = await testDesk();
    const known = attributes(desk, 'osticket').replace('backend="osticket"', 'backend="registered-late"');
    const page = place(`<help-desk ${known}></help-desk>`);
    await until(() => said(page) === 'The help desk is not available right now. Try again', 'the failure');
    expect(await desk.log()).to.deep.equal([]);
    defineBackend('registered-late', osticket);
    button(page, 'Try again').click();
    await listed(page);
    expect([said(page), warnings.length]).to.deep.equal(['', 1]);
  });

  it('connects without options that are no JSON', async () => {
    const desk = await testDesk();
    const page = place('<div></div>');
    const { url } = desk.backendOptions('osticket', jane);
    page.innerHTML = `<help-desk backend="osticket" url="${url}" options="{'apiKey':'k'}"></help-desk>`;
    const element = page.querySelector('help-desk')!;
    await element.ready;
    await until(() => field(page, 'Message'), 'the form');
    expect(element.options).to.equal(null);
    element.url = `${url}/`;
    await element.updateComplete;
    expect(warnings.length).to.equal(0);
    element.removeAttribute('options');
    await element.updateComplete;
    element.setAttribute('options', '');
    await element.updateComplete;
    await until(() => field(page, 'Message'), 'the form');
    expect(warnings.length).to.equal(0);
  });

  it('shows that a key is refused, and tries again', async () => {
    const { page } = await widget('osticket', { extra: '' });
    await listed(page);
    const element = page.querySelector('help-desk')!;
    element.options = { apiKey: 'wrong' };
    await until(() => said(page).includes('Try again'), 'the refusal');
    expect(said(page)).to.match(/^(This is not allowed|The help desk did not accept the sign-in)\. Try again$/);
    element.options = { apiKey: 'desk-key' };
    await listed(page);
    expect(said(page)).to.equal('');
  });

  it('takes rubbish in its attributes without a throw', async () => {
    for (const rubbish of ['{', 'null', '[]', '7', '{"timeout":"x","limits":null,"topics":5}']) {
      const desk = await testDesk();
      const page = place(
        `<help-desk backend="osticket" url="${desk.url('osticket')}" options='${rubbish}' view="bogus" scope="none"></help-desk>`,
      );
      await until(() => words(page), rubbish);
      await cleanUp();
    }
  });

  it('follows a change of address and of back end, and leaves the ticket of the former', async () => {
    const { page, element } = await widget();
    await listed(page);
    rows(page)[0]!.click();
    await until(() => query(page, 'article'), 'the thread');
    const first = element.store!;
    const other = await testDesk({ seed: 'none' });
    const { url, ...options } = other.backendOptions('support-ticket', jane);
    element.backend = 'support-ticket';
    element.url = url;
    element.options = options;
    await until(() => words(page).includes('You have no tickets yet.'), 'an empty list');
    expect(element.view).to.equal('list');
    expect(element.store).not.to.equal(first);
    element.url = '';
    await until(() => words(element) === 'This help desk has no address.', 'no address');
    expect(element.store).to.equal(undefined);
  });

  it('shows no failure of an attempt that was overtaken', async () => {
    const { page, element } = await widget();
    await listed(page);
    element.backend = 'unknown';
    await Promise.resolve();
    element.requestUpdate();
    const update = element.updateComplete;
    element.backend = 'osticket';
    await update;
    await listed(page);
    await element.updateComplete;
    expect(said(page)).to.equal('');
  });

  it('uses a store made elsewhere', async () => {
    const desk = await testDesk();
    const make = await loadBackend('osticket');
    const store = createStore(make(desk.backendOptions('osticket', jane)), {
      identity: { email: jane },
      storage: null,
    });
    const page = place('<div></div>');
    const element = document.createElement('help-desk');
    element.store = store;
    page.append(element);
    await listed(page);
    expect(await element.ready).to.equal(store);
    expect(element.view).to.equal('list');
    element.identify({ email: omar });
    expect(store.identity.value).to.deep.equal({ email: omar });
    expect(warnings).to.deep.equal([]);
    store.dispose();
  });
});

describe('help-desk: a back end that has to be asked what it can do', () => {
  let answer: { resolve(): void; reject(error: Error): void };
  /** How often it was asked. */
  let times = 0;
  const asked = (): Promise<void> => new Promise((resolve, reject) => (answer = { resolve, reject }));
  /** osTicket, whose limits are known once `answer` has come. `person` names who asks, before that. */
  function asking(person: () => Promise<{ email: string } | undefined>, more: Limits = {}): void {
    defineBackend('asking', (options: OsticketOptions): Backend => {
      const inner = osticket(options);
      const { createFiles: _, ...limits } = inner.limits;
      const known = asked().then(() => void (backend.limits = { ...inner.limits, ...more }));
      const backend: { -readonly [K in keyof Backend]: Backend[K] } = {
        ...inner,
        limits,
        person,
        ready: () => (times++, known.then(person)),
        listTopics: async (call) => options.topics ?? known.then(() => inner.listTopics!(call)),
      };
      return backend;
    });
  }
  async function open(more = {}): Promise<{ page: HTMLElement; element: HelpDesk; told: string[] }> {
    const desk = await testDesk();
    const { url, apiKey } = desk.backendOptions('osticket', jane);
    const told: string[] = [];
    const page = place('<div></div>');
    for (const type of ['help-desk-ready', 'help-desk-error'])
      page.addEventListener(type, (event) =>
        told.push(type, ...('error' in event ? [(event.error as HelpDeskError).code] : [])),
      );
    page.innerHTML = `<help-desk backend="asking" url="${url}" options='${JSON.stringify({ apiKey, ...more })}'></help-desk>`;
    return { page, element: page.querySelector('help-desk')!, told };
  }

  it('has a form to write in before the answer, and then what was missing, with the words and focus as they were', async () => {
    asking(() => Promise.resolve(undefined));
    const { page, element, told } = await open();
    let ready = false;
    void element.ready.then(() => (ready = true));
    const message = await until(() => field<HTMLTextAreaElement>(page, 'Message'), 'the form');
    expect(field(page, 'Your email')).to.not.equal(undefined);
    message.focus();
    write(message, 'Hello');
    await new Promise(requestAnimationFrame);
    expect([told, ready, query(page, 'input[type=file]')]).to.deep.equal([[], false, undefined]);
    answer.resolve();
    await until(() => query(page, 'input[type=file]'), 'files can be added');
    await element.ready;
    expect(told).to.deep.equal(['help-desk-ready']);
    expect([query(page, 'textarea') === message, message.value, focused()]).to.deep.equal([true, 'Hello', message]);
  });

  it('sends what was sent before the answer once it has come, with files, once', async () => {
    asking(() => Promise.resolve(undefined));
    const { page, told } = await open();
    const message = await until(() => field<HTMLTextAreaElement>(page, 'Message'), 'the form');
    query<TicketForm>(page, 'ticket-form')!.draft = {
      ...{ subject: 'Screen', message: 'It is black.', email: jane, displayName: 'Jane Doe' },
      files: [new File(['x'], 'screen.png')],
    };
    const drafts: TicketDraft[] = [];
    page.addEventListener('ticket-submit', ({ draft }) => void drafts.push(draft));
    button(page, 'Send').click();
    button(page, 'Send').click();
    await until(() => button(page, 'Sending…'), 'that it is being sent');
    expect([message.readOnly, drafts]).to.deep.equal([true, []]);
    expect(queryAll(page, '[role=status]').map(words)).to.include('Sending');
    button(page, 'Cancel').click();
    await until(() => said(page).startsWith('Sending was stopped.'), 'that it was stopped');
    expect(focused()).to.equal(button(page, 'Send'));
    button(page, 'Send').click();
    await until(() => button(page, 'Sending…'), 'that it is being sent again');
    answer.resolve();
    await until(() => query(page, '[part=success]'), 'that it was sent');
    expect(drafts.map(({ subject, files }) => [subject, files?.length])).to.deep.equal([['Screen', 1]]);
    expect(told).to.deep.equal(['help-desk-ready']);
  });

  it('sends nothing where there is no answer', async () => {
    asking(() => Promise.resolve(undefined));
    const { page, told } = await open();
    await until(() => field(page, 'Message'), 'the form');
    query<TicketForm>(page, 'ticket-form')!.draft = {
      ...{ subject: 'Screen', message: 'It is black.', email: jane, displayName: 'Jane Doe' },
    };
    let sent = false;
    page.addEventListener('ticket-submit', () => (sent = true));
    button(page, 'Send').click();
    await until(() => button(page, 'Sending…'), 'that it is being sent');
    answer.reject(new HelpDeskError('unavailable'));
    await until(() => said(page) === 'The help desk is not available right now. Try again', 'the failure');
    expect(told).to.deep.equal(['help-desk-error', 'unavailable']);
    button(page, 'Try again').click();
    await until(() => field<HTMLTextAreaElement>(page, 'Message')?.value === 'It is black.', 'the words');
    expect(sent).to.equal(false);
  });

  it('reads the list of who is known before the answer', async () => {
    asking(() => Promise.resolve({ email: jane }));
    const { page, element, told } = await open();
    element.view = 'list';
    await listed(page);
    expect(element.store!.identity.value).to.deep.equal({ email: jane });
    expect(told).to.deep.equal([]);
    answer.resolve();
    await element.ready;
    expect(told).to.deep.equal(['help-desk-ready']);
  });

  it('keeps focus where there is no answer, and while it is asked again', async () => {
    asking(() => Promise.resolve(undefined));
    const { page, element } = await open();
    (await until(() => field<HTMLTextAreaElement>(page, 'Message'), 'the form')).focus();
    answer.reject(new HelpDeskError('unavailable'));
    await until(() => focused() === button(page, 'Try again'), 'focus on the way out');
    asking(() => new Promise(() => undefined));
    await loadBackend('asking');
    button(page, 'Try again').click();
    await until(() => said(page) === '' && query(page, '[part=skeleton]'), 'that it is being asked');
    expect(focused()).to.equal(query(page, '.frame'));
    answer.reject(new HelpDeskError('unavailable'));
    await until(() => focused() === button(page, 'Try again'), 'focus on the way out again');
    asking(() => Promise.resolve(undefined));
    button(page, 'Try again').click();
    await until(() => field(page, 'Message'), 'the form');
    expect(element.contains(document.activeElement)).to.equal(true);
    expect(focused()).to.equal(query(page, 'section'));
  });

  it('says that there is no answer, once, and has the words when it has come after all', async () => {
    asking(() => Promise.resolve(undefined));
    const { page, told } = await open();
    write(await until(() => field<HTMLTextAreaElement>(page, 'Message'), 'the form'), 'Hello');
    answer.reject(new HelpDeskError('unavailable'));
    await until(() => said(page) === 'The help desk is not available right now. Try again', 'the failure');
    expect(query(page, 'ticket-form')).to.equal(undefined);
    button(page, 'Try again').click();
    const message = await until(() => field<HTMLTextAreaElement>(page, 'Message'), 'the form');
    await until(() => message.value === 'Hello', 'the words');
    expect(said(page)).to.equal('');
    answer.resolve();
    await until(() => told.includes('help-desk-ready'), 'ready');
    expect(told).to.deep.equal(['help-desk-error', 'unavailable', 'help-desk-ready']);
    expect(warnings.length).to.equal(1);
  });

  it('has the words then also where the browser keeps nothing', async () => {
    const { setItem } = Storage.prototype;
    Storage.prototype.setItem = () => {
      throw new DOMException('refused', 'QuotaExceededError');
    };
    try {
      asking(() => Promise.resolve(undefined));
      const { page } = await open();
      write(await until(() => field<HTMLTextAreaElement>(page, 'Message'), 'the form'), 'Hello');
      answer.reject(new HelpDeskError('unavailable'));
      (await until(() => buttons(page, 'Try again')[0], 'the failure')).click();
      const message = await until(() => field<HTMLTextAreaElement>(page, 'Message'), 'the form');
      await until(() => message.value === 'Hello', 'the words');
    } finally {
      Storage.prototype.setItem = setItem;
    }
  });

  it('has what was missing wherever in the page a form is, also where nothing else comes with the answer', async () => {
    asking(() => Promise.resolve(undefined));
    const topics = [{ id: '1', name: 'General' }];
    const { page, element } = await open({ topics });
    const elsewhere = place('<ticket-form></ticket-form>');
    for (const each of [page, elsewhere]) await until(() => query(each, '#topicId'), 'the topics');
    await new Promise(requestAnimationFrame);
    expect(query(elsewhere, 'input[type=file]')).to.equal(undefined);
    answer.resolve();
    await element.ready;
    for (const each of [page, elsewhere]) await until(() => query(each, 'input[type=file]'), 'files can be added');
  });

  it('sends nothing before it is known what has to go with it', async () => {
    asking(() => Promise.resolve({ email: jane }), { requester: true });
    const { page, element } = await open();
    element.view = 'new';
    write(await until(() => field<HTMLTextAreaElement>(page, 'Message'), 'the form'), 'Hello');
    write(field(page, 'Subject'), 'For a customer');
    let sent = 0;
    element.addEventListener('ticket-submit', (event) => (sent++, event.preventDefault()));
    const form = query<HTMLElementTagNameMap['ticket-form']>(page, 'ticket-form')!;
    form.draft = { ...form.draft, files: [new File(['a'], 'a.txt')] };
    await form.updateComplete;
    times = 0;
    button(page, 'Send').click();
    await until(() => times || sent, 'it would be sent');
    answer.resolve();
    await until(() => words(page).includes('Enter your email address.'), 'the question whose ticket it is');
    expect(sent).to.equal(0);
    write(field(page, 'Email of the requester'), omar);
    write(field(page, 'Name of the requester'), 'Omar');
    let files: readonly File[] | undefined;
    element.addEventListener('ticket-submit', ({ draft }) => (files = draft.files));
    button(page, 'Send').click();
    await until(() => sent, 'it goes out');
    expect(files?.map(({ name }) => name)).to.deep.equal(['a.txt']);
  });

  it('leaves the page the store that it has given meanwhile', async () => {
    asking(() => Promise.resolve(undefined));
    const { element, told } = await open({ topics: [] });
    await until(() => element.store, 'a store');
    const store = createStore(element.store!.backend, { storage: null });
    element.store = store;
    expect((await element.ready) === store).to.equal(true);
    answer.reject(new HelpDeskError('unavailable'));
    await new Promise(requestAnimationFrame);
    expect([element.store === store, told, warnings]).to.deep.equal([true, ['help-desk-ready'], []]);
    store.dispose();
  });

  it('leaves the page the store that it gives where there is no answer', async () => {
    asking(() => Promise.resolve(undefined));
    const { element } = await open();
    const { backend } = await until(() => element.store, 'a store');
    const store = createStore(backend, { storage: null });
    element.addEventListener('help-desk-error', () => (element.store = store));
    answer.reject(new HelpDeskError('unavailable'));
    expect((await element.ready) === store).to.equal(true);
    expect(element.store === store).to.equal(true);
    store.dispose();
  });

  it('is not ready before the answer where it was moved before it was known who asks', async () => {
    let name: (person?: undefined) => void = () => undefined;
    let asked = false;
    const person = new Promise<undefined>((resolve) => (name = resolve));
    asking(() => ((asked = true), person));
    const { page, element, told } = await open();
    await until(() => asked, 'it is asked who asks');
    element.remove();
    name();
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    page.append(element);
    await new Promise(requestAnimationFrame);
    expect(told).to.deep.equal([]);
    answer.resolve();
    await element.ready;
    expect(told).to.deep.equal(['help-desk-ready']);
  });

  it('makes nothing of what comes when it is gone', async () => {
    let name: (person?: undefined) => void = () => undefined;
    let asked = false;
    const person = new Promise<undefined>((resolve) => (name = resolve));
    asking(() => ((asked = true), person));
    const { element } = await open();
    await until(() => asked, 'it is asked who asks');
    element.remove();
    await new Promise((resolve) => setTimeout(resolve));
    name();
    await new Promise(requestAnimationFrame);
    expect(!element.store).to.equal(true);
    answer.reject(new HelpDeskError('unavailable'));
    await new Promise(requestAnimationFrame);
    expect(warnings).to.deep.equal([]);
  });

  it('is of whom the answer names, where that is somebody else by then', async () => {
    let person = { email: jane };
    asking(() => Promise.resolve(person));
    const { element } = await open();
    await until(() => element.store, 'a store');
    person = { email: omar };
    answer.resolve();
    await element.ready;
    expect(element.store!.identity.value).to.deep.equal({ email: omar });
  });

  it('tells once that it is not known who asks', async () => {
    asking(() => Promise.reject(new HelpDeskError('unauthorized')));
    const { page, told } = await open();
    answer.reject(new HelpDeskError('unauthorized'));
    await until(() => said(page) === 'The help desk did not accept the sign-in. Try again', 'the failure');
    await new Promise(requestAnimationFrame);
    expect([told, warnings]).to.deep.equal([['help-desk-error', 'unauthorized'], []]);
  });
});

describe('help-desk: who asks', () => {
  it('shows the form to who is not named, and not a list that cannot be read', async () => {
    const { page, element, desk } = await widget('osticket', { person: '' });
    await until(() => field(page, 'Your email'), 'the form');
    expect(element.view).to.equal('new');
    expect(query(page, 'ticket-list')).to.equal(undefined);
    expect(buttons(page, 'Back')).to.deep.equal([]);
    expect(said(page)).to.equal('');
    await accessible(element);
    write(field(page, 'Your email'), 'ann@example.test');
    write(field(page, 'Your name'), 'Ann');
    write(field(page, 'Subject'), 'From a guest');
    write(field(page, 'Message'), 'Hello');
    button(page, 'Send').click();
    await until(() => /^Your ticket was sent\. Its number is \d+\.$/.test(said(page)), 'sent');
    expect((await desk.tickets('ann@example.test')).length).to.equal(1);
    element.identify({ email: jane });
    await until(() => query(page, 'ticket-list'), 'the list');
  });

  it('forgets everything of one person when another comes', async () => {
    const { page, element } = await widget();
    await listed(page);
    rows(page)[0]!.click();
    const mine = await until(() => title(page), 'the thread');
    element.identify({ email: omar, displayName: 'Omar' });
    await until(() => element.view === 'list' && rows(page).length, 'the other list');
    expect(words(page)).not.to.contain(mine);
    expect(element.store!.selected.value).to.equal(undefined);
    expect(element.store!.identity.value).to.deep.equal({ email: omar, displayName: 'Omar' });
  });

  it('reads nothing more with the token of who has signed out, where the options have one', async () => {
    const { page, element, desk } = await widget('support-ticket');
    await listed(page);
    const before = (await desk.log()).length;
    element.signOut();
    expect(element.options).to.deep.include({ accessToken: undefined });
    await until(() => said(page).includes('signed in') || said(page).includes('sign-in'), 'nobody');
    expect(rows(page)).to.deep.equal([]);
    await element.refresh();
    const after = (await desk.log()).slice(before).filter(({ path }) => path.includes('history'));
    expect(after).not.to.deep.equal([]);
    expect(after.filter(({ status }) => status !== 401)).to.deep.equal([]);
    element.identify({ email: omar });
    element.options = desk.backendOptions('support-ticket', omar) as object as HelpDesk['options'];
    await listed(page);
    expect(element.store!.identity.value).to.deep.equal({ email: omar });
  });

  it('forgets identity, data and drafts on signing out', async () => {
    const { page, element } = await widget();
    await listed(page);
    button(page, 'New ticket').click();
    await until(() => field(page, 'Subject'), 'the form');
    write(field(page, 'Subject'), 'A secret');
    await until(() => Object.values(localStorage).join().includes('A secret'), 'kept');
    element.signOut();
    await until(() => field(page, 'Your email'), 'nobody');
    expect(field(page, 'Subject').value).to.equal('');
    expect(element.view).to.equal('new');
    expect(element.email).to.equal(undefined);
    expect(element.store!.identity.value).to.equal(undefined);
    expect(Object.values(localStorage).join()).not.to.contain('A secret');
    expect(rows(page)).to.deep.equal([]);
  });
});

describe('help-desk: views', () => {
  it('begins with the list for a known person, and reflects each view', async () => {
    const { page, element } = await widget();
    await listed(page);
    expect(element.getAttribute('view')).to.equal('list');
    element.navigate('new');
    await until(() => field(page, 'Subject'), 'the form');
    expect(element.getAttribute('view')).to.equal('new');
    const id = query(page, '[part=item]')!.dataset['id']!;
    element.setAttribute('view', `ticket:${id}`);
    await until(() => title(page), 'the thread');
    expect(element.view).to.equal(`ticket:${id}`);
    expect(element.store!.selected.value).to.equal(id);
    element.navigate('home');
    await until(() => words(page).includes('Choose a ticket to read it here.'), 'no ticket');
    expect(element.store!.selected.value).to.equal(undefined);
  });

  it('begins with the view it is told', async () => {
    const desk = await testDesk();
    const [first] = await desk.tickets(jane);
    const page = place(`<help-desk ${attributes(desk, 'osticket')} view="ticket:${first!.number}"></help-desk>`);
    await until(() => title(page) === first!.subject, 'the thread');
    const current = await until(() => query<HTMLElement>(page, '[aria-current=true]'), 'its row');
    expect(current.dataset['id']).to.equal(first!.number);
  });

  it('is two panes in a wide place and one in a narrow place, whatever the window', async () => {
    const { page } = await widget();
    page.style.width = '60rem';
    await listed(page);
    rows(page)[0]!.click();
    await until(() => query(page, 'article'), 'the thread');
    const pane = (name: string) => query(page, `[part=${name}-pane]`)!.getBoundingClientRect();
    expect(pane('detail').left).to.be.at.least(pane('list').right - 1);
    expect(buttons(page, 'Back')).to.deep.equal([]);
    page.style.width = '20rem';
    await until(() => buttons(page, 'Back').length, 'one pane');
    expect(rows(page)).to.deep.equal([]);
    expect(pane('detail').left).to.equal(pane('list').left);
    expect(page.querySelector('help-desk')!.scrollWidth).to.be.at.most(320);
  });

  it('keeps the place of the list and gives focus back to the ticket', async () => {
    const { page, element } = await widget('osticket', { person: 'mia@example.test', options: { seed: 'full' } });
    page.style.width = '22rem';
    await listed(page);
    const pane = query(page, '[part=list-pane]')!;
    const row = rows(page)[12]!;
    row.scrollIntoView();
    const top = pane.scrollTop;
    expect(top).to.be.greaterThan(0);
    row.focus({ preventScroll: true });
    row.click();
    await until(() => query(page, 'article'), 'the thread');
    await until(() => focused() === query(page, '[part=detail-pane]'), 'focus in the pane');
    button(page, 'Back').focus();
    button(page, 'Back').click();
    await until(() => focused() === row, 'focus on the row');
    expect(pane.scrollTop).to.equal(top);
    expect(element.view).to.equal('list');
  });

  it('takes no focus from the rest of the page', async () => {
    const { page, element } = await widget();
    await listed(page);
    const outside = document.createElement('input');
    page.prepend(outside);
    outside.focus();
    element.navigate('new');
    await until(() => field(page, 'Subject'), 'the form');
    element.view = 'list';
    await element.updateComplete;
    expect(focused()).to.equal(outside);
  });

  for (const dialect of dialects) {
    it(`shows a new ticket with its number, and an empty form the next time, over ${dialect}`, async () => {
      const { page, element, desk } = await widget(dialect, { extra: 'view="new"' });
      element.prefill = { subject: 'Prefilled', topicId: '13' };
      await until(() => field(page, 'Subject').value === 'Prefilled', 'the form');
      write(field(page, 'Message'), 'Hello');
      await until(
        () => query<HTMLElementTagNameMap['topic-picker']>(page, 'topic-picker')?.value === '13',
        'the topic',
      );
      button(page, 'Send').click();
      await until(() => title(page) === 'Prefilled', 'the thread');
      const stored = (await desk.tickets(jane)).filter(({ subject }) => subject === 'Prefilled');
      expect(stored.length).to.equal(1);
      const id = dialect === 'osticket' ? stored[0]!.number : `${stored[0]!.id}`;
      expect(element.view).to.equal(`ticket:${id}`);
      expect(said(page)).to.contain(`Your ticket was sent. Its number is ${id}.`);
      await until(() => focused() !== document.body && element.matches(':focus-within'), 'focus is not lost');
      button(page, 'New ticket').click();
      await until(() => field(page, 'Subject').value === 'Prefilled', 'an empty form');
      expect(field(page, 'Message').value).to.equal('');
      expect(query(page, '[part=success]')).to.equal(undefined);
    });
  }

  it('shows the ticket that was sent, but takes no focus from where a person has gone meanwhile', async () => {
    const { page, element } = await widget('osticket', { extra: 'view="new"' });
    page.style.width = '20rem';
    const elsewhere = document.createElement('input');
    page.prepend(elsewhere);
    await until(() => field(page, 'Subject'), 'the form');
    await element.ready;
    const answer = hold(element);
    write(field(page, 'Subject'), 'Slow');
    write(field(page, 'Message'), 'Hello');
    button(page, 'Send').click();
    await until(() => buttons(page, 'Cancel').length, 'that it is being sent');
    elsewhere.focus();
    answer();
    await until(() => title(page) === 'Slow', 'the thread');
    expect(focused() === elsewhere).to.equal(true);
  });

  it('says that a ticket was sent which a person has left behind, to them and once to the page; the form is empty then', async () => {
    const { page, element, desk } = await widget('osticket', { extra: 'view="new"' });
    page.style.width = '20rem';
    const told: unknown[] = [];
    page.addEventListener('ticket-created', (event) => told.push(event.ticket.subject, event.target === element));
    await until(() => field(page, 'Subject'), 'the form');
    await element.ready;
    const answer = hold(element);
    write(field(page, 'Subject'), 'Left behind');
    write(field(page, 'Message'), 'Hello');
    button(page, 'Send').click();
    await until(() => buttons(page, 'Cancel').length, 'that it is being sent');
    button(page, 'Back').click();
    await listed(page);
    answer();
    await until(() => told.length, 'that the page is told');
    const [stored, ...others] = (await desk.tickets(jane)).filter(({ subject }) => subject === 'Left behind');
    expect(others).to.deep.equal([]);
    await until(() => said(page) === `Your ticket was sent. Its number is ${stored!.number}.`, 'the words');
    expect(told).to.deep.equal(['Left behind', true]);
    expect(element.view).to.equal('list');
    button(page, 'New ticket').click();
    await until(() => field(page, 'Subject').value === '', 'an empty form');
    expect([query(page, '[part=success]'), said(query(page, 'ticket-form')!)]).to.deep.equal([undefined, '']);
    // One that is seen is told of once too.
    write(field(page, 'Subject'), 'Waited for');
    write(field(page, 'Message'), 'Hello');
    button(page, 'Send').click();
    await until(() => title(page) === 'Waited for', 'the thread');
    expect(told.slice(2)).to.deep.equal(['Waited for', true]);
  });

  it('says that a ticket was not sent which a person has left behind; it is there with the failure when they come back', async () => {
    const { page, element } = await widget('osticket', { extra: 'view="new"' });
    page.style.width = '20rem';
    const told: unknown[] = [];
    page.addEventListener('help-desk-error', ({ error }) => told.push(error.code));
    page.addEventListener('identity-required', ({ type }) => told.push(type));
    await until(() => field(page, 'Subject'), 'the form');
    await element.ready;
    const answer = hold(element, new HelpDeskError('unauthorized'));
    write(field(page, 'Subject'), 'Left behind');
    write(field(page, 'Message'), 'Hello');
    button(page, 'Send').click();
    await until(() => buttons(page, 'Cancel').length, 'that it is being sent');
    button(page, 'Back').click();
    await listed(page);
    rows(page)[0]!.click();
    await until(() => title(page), 'a thread');
    answer();
    const { message } = new HelpDeskError('unauthorized');
    await until(() => said(page) === message, 'the words');
    expect(told).to.deep.equal(['unauthorized', 'identity-required']);
    button(page, 'New ticket').click();
    await until(() => words(query(page, 'ticket-form', '[part=alert] .grow')!) === message, 'the failure');
    expect([field(page, 'Subject').value, field(page, 'Message').value]).to.deep.equal(['Left behind', 'Hello']);
    expect(told.length).to.equal(2);
  });

  it('lets the page cancel that a ticket is shown', async () => {
    const { page, element } = await widget();
    await listed(page);
    page.addEventListener('ticket-select', (event) => event.preventDefault(), { once: true });
    rows(page)[0]!.click();
    await element.updateComplete;
    expect(element.view).to.equal('list');
    rows(page)[0]!.click();
    await until(() => title(page), 'the thread');
  });

  it('follows a ticket chosen elsewhere in the page', async () => {
    const { page, element } = await widget();
    await listed(page);
    const other = place('<ticket-list no-filters></ticket-list>');
    await listed(other);
    const row = rows(other)[1]!;
    row.click();
    await until(() => element.view === `ticket:${row.dataset['id']}` && title(page), 'the thread');
  });

  it('tells how many tickets have news', async () => {
    const { page, element, desk } = await widget();
    await listed(page);
    const counts: UnreadChangedEvent[] = [];
    element.addEventListener('unread-changed', (event) => counts.push(event));
    const [ticket] = (await desk.tickets(jane)).filter(({ state }) => state === 'open');
    await desk.control({ op: 'reply', number: ticket!.number, body: '<p>News</p>' });
    await element.refresh();
    await until(() => counts.length === 1, 'news');
    expect(counts[0]!.count).to.equal(1);
    expect(counts[0]!.detail).to.deep.equal({ count: 1 });
    element.navigate(`ticket:${ticket!.number}`);
    await until(() => counts.length === 2, 'seen');
    expect(counts[1]!.count).to.equal(0);
  });
});

describe('help-desk: a page around it', () => {
  it('that keeps its words in one line, indented, in capitals: the form fits, and says what it says elsewhere', async () => {
    const { page, element } = await widget('osticket', { extra: 'view="new"' });
    Object.assign(page.style, { whiteSpace: 'nowrap', textTransform: 'uppercase', textIndent: '3em', width: '20rem' });
    await until(() => field(page, 'Message'), 'the form');
    const form = query(element, 'ticket-form')!;
    const { whiteSpace, textTransform, textIndent } = getComputedStyle(form);
    expect([whiteSpace, textTransform, textIndent]).to.deep.equal(['normal', 'none', '0px']);
    const pane = query(element, '[part=detail-pane]')!;
    expect(pane.scrollWidth).to.equal(pane.clientWidth);
  });
});

describe('help-desk: children', () => {
  const inside = '<ticket-list></ticket-list><ticket-thread></ticket-thread>';

  it('supplies its children, and shows them instead of the widget', async () => {
    const desk = await testDesk();
    const page = place(`<help-desk ${attributes(desk, 'osticket')}>${inside}</help-desk>`);
    await listed(page);
    expect(query(page, '.frame')).to.equal(undefined);
    rows(page)[0]!.click();
    await until(() => title(page), 'the thread follows');
  });

  it('does so when they come later, and shows the widget when they go', async () => {
    const { page, element } = await widget();
    await listed(page);
    element.innerHTML = inside;
    await until(() => !query(page, '.frame') && listed(page), 'the children');
    await until(() => rows(page).length, 'their list');
    element.replaceChildren();
    await until(() => query(page, '.frame') && rows(page).length, 'the widget');
  });

  it('takes text, scripts, templates and what has a slot for no children', async () => {
    const { page, element } = await widget();
    element.innerHTML =
      'Loading <noscript>no</noscript><template>no</template><script type="application/json">{}</scr' +
      'ipt><b slot="header">Our help</b><b slot="footer">Bye</b>';
    await listed(page);
    expect(words(query(page, '[part=bar]')!)).to.contain('Our help');
    expect(element.querySelector('[slot=footer]')!.assignedSlot).not.to.equal(null);
  });

  it('has keys only in its own bar: Escape and letters do nothing', async () => {
    const { page, element } = await widget();
    await listed(page);
    rows(page)[0]!.focus();
    await sendKeys({ press: 'Escape' });
    await sendKeys({ press: 'n' });
    expect(element.view).to.equal('list');
  });
});

describe('help-desk: two on a page', () => {
  it('keeps two of different names and back ends apart', async () => {
    const desk = await testDesk();
    const other = await testDesk();
    const page = place(
      `<help-desk name="one" ${attributes(desk, 'osticket')}></help-desk>` +
        `<help-desk name="two" ${attributes(other, 'support-ticket', omar)}></help-desk>` +
        '<ticket-list desk="two"></ticket-list>',
    );
    const [one, two] = page.querySelectorAll<HelpDesk>('help-desk');
    const list = page.querySelector('ticket-list')!;
    await until(() => rows(one!).length && rows(two!).length && rows(list).length, 'three lists');
    expect(rows(one!).length).to.equal((await desk.tickets(jane)).length);
    expect(rows(two!).length).to.equal((await other.tickets(omar)).length);
    expect(rows(list).map(words)).to.deep.equal(rows(two!).map(words));
    rows(one!)[0]!.click();
    await until(() => title(one!), 'the thread of one');
    expect(two!.view).to.equal('list');
  });

  it('keeps two of the same name whole, and the last one supplies the page', async () => {
    const desk = await testDesk();
    const page = place(
      `<help-desk ${attributes(desk, 'osticket')}></help-desk><ticket-list></ticket-list>` +
        `<help-desk ${attributes(desk, 'osticket', omar)}></help-desk>`,
    );
    const [one, two] = page.querySelectorAll<HelpDesk>('help-desk');
    const list = page.querySelector('ticket-list')!;
    const mine = (await desk.tickets(jane)).length;
    await until(() => rows(one!).length === mine && rows(two!).length, 'both widgets');
    await until(() => rows(list).length === rows(two!).length, 'the list of the last');
    expect(rows(list).map(words)).to.deep.equal(rows(two!).map(words));
    two!.remove();
    await until(() => rows(list).length === mine, 'the list of the first');
    expect(rows(list).map(words)).to.deep.equal(rows(one!).map(words));
  });
});
