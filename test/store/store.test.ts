import { expect } from 'chai';
import type { Backend, Call } from '../../src/backends/backend.js';
import { HelpDeskError, type HelpDeskErrorCode } from '../../src/errors.js';
import type {
  Identity,
  ReplyDraft,
  Thread,
  ThreadEntry,
  Ticket,
  TicketChange,
  TicketDraft,
  TicketQuery,
  TicketStatus,
} from '../../src/model.js';
import { createStore, type StoreOptions } from '../../src/store/store.js';
import type { Outgoing, Store } from '../../src/store/types.js';
import { until } from '../support/outcome.js';
import { pass } from '../support/later.js';

const noop = () => undefined;
const jane: Identity = { email: 'jane@example.org' };
const john: Identity = { email: 'john@example.org' };

function ticketOf(id: string, more: Partial<Ticket> = {}): Ticket {
  return {
    id,
    number: `#${id}`,
    subject: `Subject ${id}`,
    status: 'open',
    requester: { name: 'Jane', role: 'requester' },
    createdAt: `2026-01-01T10:00:0${id}.000Z`,
    updatedAt: `2026-01-01T10:00:0${id}.000Z`,
    ...more,
  };
}

function entryOf(id: string, value: string, kind: ThreadEntry['kind'] = 'message'): ThreadEntry {
  return { id, kind, author: { name: '', role: 'requester' }, body: { format: 'text', value }, attachments: [] };
}

/** What a call does instead of, before or after its work. */
interface Fault {
  readonly before?: () => Promise<void> | void;
  readonly after?: () => Promise<void> | void;
  readonly answer?: unknown;
}

const fails = (code: HelpDeskErrorCode) => () => {
  throw new HelpDeskError(code);
};

/** A ticket system in memory, whose next calls can be made to go wrong. */
class Desk implements Backend {
  readonly name = 'memory';
  limits: Backend['limits'] = {};
  tickets: Ticket[] = [];
  threads = new Map<string, ThreadEntry[]>();
  calls: { method: string; args: unknown[]; call: Call }[] = [];
  faults: { method: string; fault: Fault }[] = [];
  pageSize = 100;
  #next = 100;

  constructor(...tickets: Ticket[]) {
    for (const ticket of tickets) this.add(ticket);
  }

  add(ticket: Ticket, ...entries: ThreadEntry[]): void {
    this.tickets.unshift(ticket);
    this.threads.set(ticket.id, entries);
  }

  fault(method: string, fault: Fault): void {
    this.faults.push({ method, fault });
  }

  /** Makes the next call of a method wait; the answer lets it go on. */
  hold(method: string, when: 'before' | 'after' = 'before'): () => void {
    let go = noop as () => void;
    const held = new Promise<void>((resolve) => (go = resolve));
    this.fault(method, { [when]: () => held });
    return go;
  }

  count(method: string): number {
    return this.calls.filter((call) => call.method === method).length;
  }

  last(method: string): Call {
    return this.calls.findLast((call) => call.method === method)?.call ?? expect.fail(`no ${method}`);
  }

  async #run<T>(method: string, args: unknown[], call: Call, work: () => T): Promise<T> {
    this.calls.push({ method, args, call });
    const index = this.faults.findIndex((fault) => fault.method === method);
    const fault = index < 0 ? {} : (this.faults.splice(index, 1)[0]?.fault ?? {});
    await fault.before?.();
    if (call.signal?.aborted) throw new DOMException('', 'AbortError');
    const result = 'answer' in fault ? (fault.answer as T) : work();
    await fault.after?.();
    return structuredClone(result);
  }

  #ticket(id: string): Ticket {
    return this.tickets.find((ticket) => ticket.id === id) ?? fails('not-found')();
  }

  #change(id: string, change: Partial<Ticket>): Ticket {
    const changed = { ...this.#ticket(id), ...change };
    this.tickets = this.tickets.map((ticket) => (ticket.id === id ? changed : ticket));
    return changed;
  }

  listTickets(query: TicketQuery, call: Call) {
    return this.#run('listTickets', [query], call, () => {
      const from = Number(query.cursor ?? 0);
      const all = this.tickets.filter((ticket) => !query.status || ticket.status === query.status);
      const to = from + this.pageSize;
      return { items: all.slice(from, to), total: all.length, ...(to < all.length && { next: String(to) }) };
    });
  }

  readThread(id: string, call: Call) {
    return this.#run('readThread', [id], call, (): Thread => {
      return { ticket: this.#ticket(id), entries: this.threads.get(id) ?? [] };
    });
  }

  createTicket(draft: TicketDraft, call: Call) {
    return this.#run('createTicket', [draft], call, () => {
      const id = String(this.#next++);
      const now = new Date().toISOString();
      const ticket = ticketOf(id, { subject: draft.subject, createdAt: now, updatedAt: now });
      this.add(ticket, entryOf(`e${id}`, draft.message));
      return ticket;
    });
  }

  listTopics(call: Call) {
    return this.#run('listTopics', [], call, () => [{ id: '1', name: 'Billing' }]);
  }

  reply(id: string, draft: ReplyDraft, call: Call) {
    return this.#run('reply', [id, draft], call, () => {
      const createdAt = new Date().toISOString();
      const entry = { ...entryOf(`e${this.#next++}`, draft.message), createdAt };
      this.threads.get(id)?.push(entry);
      this.#change(id, { updatedAt: createdAt });
      return entry;
    });
  }

  setStatus(id: string, status: TicketStatus, call: Call & { reason?: string }) {
    return this.#run('setStatus', [id, status, call.reason], call, () =>
      this.#change(id, { status, statusLabel: `Now ${status}` }),
    );
  }

  rate(id: string, score: number, call: Call) {
    return this.#run('rate', [id, score], call, () => this.#change(id, { rating: score }));
  }

  updateTicket(id: string, change: TicketChange, call: Call) {
    return this.#run('updateTicket', [id, change], call, () =>
      this.#change(id, {
        ...(change.priority && { priority: `Priority ${change.priority}` }),
        ...(change.tags && { tags: change.tags.map((tag) => ({ id: tag, name: `Tag ${tag}` })) }),
        ...(change.assignee && { assignee: { name: change.assignee, role: 'agent' as const } }),
      }),
    );
  }

  listTags(call: Call) {
    return this.#run('listTags', [], call, () => ['1', '2'].map((id) => ({ id, name: `Tag ${id}` })));
  }

  readAttachment(_: string, __: unknown, call: Call) {
    return this.#run('readAttachment', [], call, () => ({ blob: new Blob(['x']) }));
  }
}

let stores: Store[];
function open(desk: Backend, options: StoreOptions = {}): Store {
  const store = createStore(desk, { identity: jane, scope: 'test', pollInterval: 0, ...options });
  stores.push(store);
  return store;
}

/** Lets everything that is ready happen. */
async function settle(): Promise<void> {
  for (let i = 0; i < 5; i++) await new Promise((resolve) => setTimeout(resolve));
}

/** News are told once the page has a moment. */
const told = () =>
  new Promise<unknown>((resolve) =>
    // Timers that timers set are due 4 ms later than others.
    (globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 10)))(() => resolve(undefined)),
  );

async function refused(promise: Promise<unknown>): Promise<HelpDeskError> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(HelpDeskError);
    return error as HelpDeskError;
  }
  return expect.fail('was not refused');
}

const words = (store: Store, id = '1') =>
  store
    .thread(id)
    .peek()
    .data?.entries.map(({ body }) => body.value);
const subjects = (store: Store, query?: TicketQuery) =>
  store
    .tickets(query)
    .peek()
    .data?.items.map(({ id }) => id);
const states = (store: Store) => store.outbox.value.map(({ state, draft }) => [state, draft.message]);

/** A store with a thread and the list on the screen. */
async function watching(desk: Desk, options?: StoreOptions): Promise<Store> {
  const store = open(desk, options);
  store.tickets().watch(noop);
  store.thread('1').watch(noop);
  await until(() => !store.tickets().peek().fetching && !store.thread('1').peek().fetching);
  await settle();
  await told();
  return store;
}

describe('the store', () => {
  beforeEach(() => {
    stores = [];
    localStorage.clear();
  });
  afterEach(() => {
    for (const store of stores) store.dispose();
    localStorage.clear();
  });

  describe('reading', () => {
    it('answers the list of a query, shared by equal queries', async () => {
      const desk = new Desk(ticketOf('1'), ticketOf('2', { status: 'closed' }));
      const store = open(desk);
      const list = store.tickets({ status: 'closed', search: '', cursor: 'x' });
      expect(store.tickets({ search: '', status: 'closed', scope: 'mine' })).to.equal(list);
      expect(store.tickets()).to.not.equal(list);
      list.watch(noop);
      await until(() => list.peek().status === 'ready');
      expect(list.peek().data?.items.map(({ id }) => id)).to.deep.equal(['2']);
      expect(list.peek().data?.more).to.equal(false);
      expect(list.peek().data?.total).to.equal(1);
      expect(desk.calls[0]?.args).to.deep.equal([{ status: 'closed' }]);
      expect(desk.last('listTickets').identity).to.deep.equal(jane);
      expect(desk.last('listTickets').signal).to.be.instanceOf(AbortSignal);
    });

    it('answers a thread, and a failure of it', async () => {
      const desk = new Desk();
      desk.add(ticketOf('1'), entryOf('a', 'Hello'));
      const store = await watching(desk);
      expect(words(store)).to.deep.equal(['Hello']);
      const missing = store.thread('9');
      await missing.refresh();
      expect(missing.peek().error?.code).to.equal('not-found');
    });

    it('has topics at once, and none, where the back end has none', async () => {
      const desk = new Desk();
      Object.assign(desk, { listTopics: undefined });
      const none = open(desk);
      expect(none.can('listTopics')).to.equal(false);
      expect(none.topics().peek()).to.deep.equal({ status: 'ready', data: [], fetching: false, updatedAt: 0 });
      expect(none.topics()).to.equal(none.topics());
      const some = open(new Desk());
      expect(some.can('listTopics')).to.equal(true);
      await some.topics().refresh();
      expect(some.topics().peek().data).to.deep.equal([{ id: '1', name: 'Billing' }]);
    });

    it('does not ask for a person where nobody is named and the back end needs somebody', async () => {
      const desk = new Desk(ticketOf('1'));
      desk.limits = { identityRequired: true };
      const store = createStore(desk, { storage: null });
      stores.push(store);
      await store.tickets().refresh();
      await store.thread('1').refresh();
      expect(store.tickets().peek().error?.code).to.equal('unauthorized');
      expect(store.thread('1').peek().error?.code).to.equal('unauthorized');
      expect(desk.calls).to.have.length(0);
    });

    it('survives whatever a back end answers', async () => {
      for (const answer of [undefined, null, 'text', 7, {}, { items: 'x' }, { items: { 0: 1 } }, []]) {
        const desk = new Desk();
        for (const method of ['listTickets', 'readThread', 'listTopics']) desk.fault(method, { answer });
        const store = open(desk);
        await Promise.all([store.tickets().refresh(), store.thread('1').refresh(), store.topics().refresh()]);
        expect(store.tickets().peek().error?.code).to.equal('unexpected');
        expect(store.thread('1').peek().error?.code).to.equal('unexpected');
        expect(store.topics().peek().error?.code).to.equal(Array.isArray(answer) ? undefined : 'unexpected');
      }
      const desk = new Desk();
      desk.fault('listTickets', { answer: { items: [null, ticketOf('1'), 'x'] } });
      const store = open(desk);
      await store.tickets().refresh();
      expect(subjects(store)).to.deep.equal(['1']);
    });

    it('survives a back end that throws at once', async () => {
      const store = open({
        name: 'bad',
        limits: {},
        listTickets: () => {
          throw new RangeError('now');
        },
        readThread: () => fails('forbidden')(),
        createTicket: () => {
          throw new RangeError('now');
        },
      });
      await Promise.all([store.tickets().refresh(), store.thread('1').refresh()]);
      expect(store.tickets().peek().error?.code).to.equal('unexpected');
      expect(store.thread('1').peek().error?.code).to.equal('forbidden');
      expect((await refused(store.createTicket({ subject: 's', message: 'm' }))).code).to.equal('unexpected');
      expect((await refused(store.reply('1', { message: 'm' }))).code).to.equal('unsupported');
      expect((await refused(store.setStatus('1', 'closed'))).code).to.equal('unsupported');
      expect((await refused(store.rate('1', 5))).code).to.equal('unsupported');
      expect((await refused(store.updateTicket('1', { priority: '1' }))).code).to.equal('unsupported');
      expect(store.tags().peek()).to.include({ status: 'ready', fetching: false }).and.have.deep.property('data', []);
      expect((await refused(store.readAttachment('1', { id: 'a' }))).code).to.equal('unsupported');
      expect(store.outbox.value).to.deep.equal([]);
    });

    it('reads an attachment, and stops when asked to', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = open(desk);
      const { blob } = await store.readAttachment('1', { id: 'a' });
      expect(await blob.text()).to.equal('x');
      const go = desk.hold('readAttachment');
      const stop = new AbortController();
      const reading = store.readAttachment('1', { id: 'a' }, stop.signal);
      stop.abort();
      go();
      expect((await refused(reading)).code).to.equal('aborted');
      expect(desk.last('readAttachment').signal?.aborted).to.equal(true);
      expect((await refused(store.readAttachment('1', { id: 'a' }, stop.signal))).code).to.equal('aborted');
      expect(desk.count('readAttachment')).to.equal(2);
    });

    it('refreshes what is watched, and only that', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      await store.topics().refresh();
      desk.calls = [];
      await store.refresh();
      expect(desk.calls.map(({ method }) => method).sort()).to.deep.equal(['listTickets', 'readThread']);
    });

    it('says whether the browser is online', () => {
      const store = open(new Desk());
      expect(store.online.value).to.equal(true);
      Object.defineProperty(navigator, 'onLine', { configurable: true, value: false });
      window.dispatchEvent(new Event('offline'));
      expect(store.online.value).to.equal(false);
      Reflect.deleteProperty(navigator, 'onLine');
      window.dispatchEvent(new Event('online'));
      expect(store.online.value).to.equal(true);
    });

    it('remembers which ticket was chosen', () => {
      const store = open(new Desk());
      store.select('5');
      expect(store.selected.value).to.equal('5');
      store.select(undefined);
      expect(store.selected.value).to.equal(undefined);
    });
  });

  describe('a list in pages', () => {
    const grown = async () => {
      const desk = new Desk(...['1', '2', '3', '4', '5'].map((id) => ticketOf(id)));
      desk.pageSize = 2;
      const store = open(desk);
      const list = store.tickets();
      list.watch(noop);
      await until(() => !list.peek().fetching);
      expect(list.peek().data).to.include({ more: true, total: 5 });
      expect(subjects(store)).to.deep.equal(['5', '4']);
      await list.loadMore();
      expect(subjects(store)).to.deep.equal(['5', '4', '3', '2']);
      return { desk, store, list };
    };

    it('grows until there is no more', async () => {
      const { store, list, desk } = await grown();
      await list.loadMore();
      expect(subjects(store)).to.deep.equal(['5', '4', '3', '2', '1']);
      expect(list.peek().data?.more).to.equal(false);
      const calls = desk.calls.length;
      await list.loadMore();
      expect(desk.calls.length).to.equal(calls);
    });

    it('keeps later pages when a new ticket comes on top', async () => {
      const { store, list, desk } = await grown();
      desk.add(ticketOf('6'));
      await list.refresh();
      expect(subjects(store)).to.deep.equal(['6', '5', '4', '3', '2']);
      expect(list.peek().data).to.include({ more: true, total: 6 });
      await list.loadMore();
      expect(subjects(store)).to.deep.equal(['6', '5', '4', '3', '2', '1']);
    });

    it('shows a ticket that moved to the top once', async () => {
      const { store, list, desk } = await grown();
      const moved = ticketOf('2', { updatedAt: '2026-02-01T00:00:00Z' });
      desk.tickets = [moved, ...desk.tickets.filter(({ id }) => id !== '2')];
      await list.refresh();
      expect(subjects(store)).to.deep.equal(['2', '5', '4', '3']);
    });

    it('loses a ticket that is gone from the first page', async () => {
      const { store, list, desk } = await grown();
      desk.tickets = desk.tickets.filter(({ id }) => id !== '4');
      await list.refresh();
      expect(subjects(store)).to.deep.equal(['5', '3', '2']);
    });

    it('leaves no ticket out where others have left it, whatever the cursor counts', async () => {
      const desk = new Desk(...Array.from({ length: 12 }, (_, index) => ticketOf(`${index + 1}`)));
      desk.pageSize = 4;
      const store = open(desk);
      const query = { status: 'open' } as const;
      const list = store.tickets(query);
      const close = (...ids: string[]) =>
        (desk.tickets = desk.tickets.map((one) => (ids.includes(one.id) ? { ...one, status: 'closed' } : one)));
      list.watch(noop);
      await until(() => !list.peek().fetching);
      await list.loadMore();
      expect(subjects(store, query)).to.deep.equal(['12', '11', '10', '9', '8', '7', '6', '5']);
      close('11');
      await list.refresh();
      await list.loadMore();
      expect(subjects(store, query)).to.deep.equal(['12', '10', '9', '8', '7', '6', '5', '4', '3', '2', '1']);
      expect(list.peek().data?.more).to.equal(false);
    });

    it('leaves no ticket out where more have left it than a page has, seen or not', async () => {
      const desk = new Desk(...Array.from({ length: 12 }, (_, index) => ticketOf(`${index + 1}`)));
      desk.pageSize = 2;
      const store = open(desk);
      const list = store.tickets();
      list.watch(noop);
      await until(() => !list.peek().fetching);
      for (let page = 2; page < 5; page++) await list.loadMore();
      desk.tickets = desk.tickets.filter(({ id }) => !['12', '10', '8'].includes(id));
      while (list.peek().data?.more) await list.loadMore();
      expect(subjects(store)!.slice(-4)).to.deep.equal(['4', '3', '2', '1']);
      await list.refresh();
      expect(new Set(subjects(store)).size).to.equal(subjects(store)!.length);
    });

    it('leaves no ticket out where more have come on top than a page has', async () => {
      const { store, list, desk } = await grown();
      for (const id of ['6', '7', '8', '9']) desk.add(ticketOf(id));
      await list.refresh();
      while (list.peek().data?.more) await list.loadMore();
      expect([...subjects(store)!].sort()).to.deep.equal(['1', '2', '3', '4', '5', '6', '7', '8', '9']);
    });

    it('is what the back end says once everything fits a page', async () => {
      const { store, list, desk } = await grown();
      desk.tickets = desk.tickets.slice(0, 1);
      await list.refresh();
      expect(subjects(store)).to.deep.equal(['5']);
      expect(list.peek().data?.more).to.equal(false);
    });

    it('stays when the next page fails, and goes on from there', async () => {
      const { store, list, desk } = await grown();
      desk.fault('listTickets', { before: fails('unavailable') });
      await list.loadMore();
      expect(list.peek()).to.include({ status: 'error', fetching: false });
      expect(subjects(store)).to.deep.equal(['5', '4', '3', '2']);
      await list.loadMore();
      expect(list.peek().status).to.equal('ready');
      expect(subjects(store)).to.deep.equal(['5', '4', '3', '2', '1']);
    });
  });

  describe('a reply', () => {
    it('is in the outbox while it is sent, with its progress, and in the thread once it is stored', async () => {
      const desk = new Desk();
      desk.add(ticketOf('1'), entryOf('a', 'Hello'));
      const store = await watching(desk);
      const go = desk.hold('reply');
      const reply = store.reply('1', { message: 'Thanks' });
      expect(states(store)).to.deep.equal([['sending', 'Thanks']]);
      expect(store.outbox.value[0]).to.include({ ticketId: '1', progress: 0 });
      await until(() => desk.count('reply') === 1);
      const call = desk.last('reply');
      expect(call.idempotencyKey).to.equal(store.outbox.value[0]?.id);
      expect(call.identity).to.deep.equal(jane);
      call.onProgress?.(0.5);
      expect(store.outbox.value[0]?.progress).to.equal(0.5);
      const reads = desk.hold('readThread');
      go();
      const entry = await reply;
      expect(entry.body.value).to.equal('Thanks');
      expect(store.outbox.value).to.deep.equal([]);
      expect(words(store)).to.deep.equal(['Hello', 'Thanks']);
      expect(store.tickets().peek().data?.items[0]?.updatedAt).to.equal(entry.createdAt);
      reads();
      await until(() => !store.thread('1').peek().fetching);
      expect(words(store)).to.deep.equal(['Hello', 'Thanks']);
      expect([desk.count('reply'), desk.count('readThread'), desk.count('listTickets')]).to.deep.equal([1, 2, 2]);
    });

    it('is kept before the first byte leaves', async () => {
      const desk = new Desk(ticketOf('1'));
      let kept = '';
      desk.fault('reply', { before: () => void (kept = JSON.stringify({ ...localStorage })) });
      const store = await watching(desk);
      await store.reply('1', { message: 'Precious words' });
      expect(kept).to.contain('Precious words');
      expect(kept).to.not.contain('jane');
      expect(JSON.stringify({ ...localStorage })).to.not.contain('Precious words');
    });

    it('pressed twice is sent once', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const entries = await Promise.all([
        store.reply('1', { message: 'Twice' }),
        store.reply('1', { message: 'Twice' }),
      ]);
      expect(entries[0]).to.equal(entries[1]);
      expect(desk.count('reply')).to.equal(1);
      expect(words(store)).to.deep.equal(['Twice']);
      await store.reply('1', { message: 'Twice' });
      expect(desk.count('reply')).to.equal(2);
    });

    it('with the same words but other files, or another status, is another one', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const go = desk.hold('reply');
      const file = (name: string): File => new File(['x'], name, { lastModified: 1 });
      const all = [
        store.reply('1', { message: 'See attached' }),
        store.reply('1', { message: 'See attached', files: [file('a.png')] }),
        store.reply('1', { message: 'See attached', files: [file('b.png')] }),
        store.reply('1', { message: 'See attached', files: [file('b.png')] }),
        store.reply('1', { message: 'See attached', status: 'closed' }),
      ];
      expect(store.outbox.value.map(({ draft }) => [draft.files?.[0]?.name, draft.status])).to.have.deep.members([
        [undefined, undefined],
        ['a.png', undefined],
        ['b.png', undefined],
        [undefined, 'closed'],
      ]);
      go();
      await Promise.all(all);
      expect(desk.count('reply')).to.equal(4);
      expect(store.outbox.value).to.deep.equal([]);
    });

    it('that failed with a file is another one without it, under a key of its own', async () => {
      const desk = new Desk(ticketOf('1'));
      const first = await watching(desk);
      desk.fault('reply', { before: fails('unavailable') });
      await refused(first.reply('1', { message: 'See attached', files: [new File(['x'], 'a.png')] }));
      const key = desk.last('reply').idempotencyKey;
      pass(3000);
      for (const store of [first, open(desk)]) {
        desk.fault('reply', { before: fails('invalid') });
        await refused(store.reply('1', { message: 'See attached' }));
        expect(desk.last('reply').idempotencyKey).to.not.contain(key);
      }
    });

    it('waits for the one before it, and a close for both', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const go = desk.hold('reply');
      const all = [
        store.reply('1', { message: 'first' }),
        store.reply('1', { message: 'second' }),
        store.setStatus('1', 'closed'),
      ];
      await until(() => desk.count('reply'));
      await settle();
      expect([desk.count('reply'), desk.count('setStatus')]).to.deep.equal([1, 0]);
      expect(store.thread('1').peek().data?.ticket.status).to.equal('closed');
      go();
      await Promise.all(all);
      expect(desk.threads.get('1')?.map(({ body }) => body.value)).to.deep.equal(['first', 'second']);
      expect(desk.tickets[0]?.status).to.equal('closed');
    });

    it('that is refused stays in the outbox, and is sent with the same key when tried again', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { before: fails('invalid') });
      const reads = desk.count('readThread');
      const error = await refused(store.reply('1', { message: 'Again' }));
      expect(error.code).to.equal('invalid');
      expect(states(store)).to.deep.equal([['failed', 'Again']]);
      expect(store.outbox.value[0]?.error).to.equal(error);
      expect(desk.count('readThread')).to.equal(reads);
      const key = desk.last('reply').idempotencyKey;
      const entry = await store.retry(store.outbox.value[0]?.id ?? '');
      expect(entry.body.value).to.equal('Again');
      expect(desk.last('reply').idempotencyKey).to.equal(key);
      expect(store.outbox.value).to.deep.equal([]);
      expect(words(store)).to.deep.equal(['Again']);
    });

    it('with an uncertain outcome is found when it has arrived', async () => {
      for (const code of ['network', 'timeout', 'unavailable', 'unexpected'] as const) {
        const desk = new Desk();
        desk.add(ticketOf('1'), entryOf('a', 'Same words'));
        const store = await watching(desk);
        desk.fault('reply', { after: fails(code) });
        const entry = await store.reply('1', { message: 'Same words' });
        expect(entry.id).to.equal('e100');
        expect(store.outbox.value).to.deep.equal([]);
        expect(desk.count('reply')).to.equal(1);
        expect(words(store)).to.deep.equal(['Same words', 'Same words']);
      }
    });

    it('with an uncertain outcome is found however the back end has changed the words', async () => {
      for (const [sent, stored] of [
        ['5 < 6 & "yes" 😀👍🏽', '5 &lt; 6 &amp; &quot;yes&quot; '],
        ['one\n\ntwo   three', '<p>one</p><br />two&nbsp;three'],
        ["it's “quoted”", 'it&#039;s &ldquo;quoted&rdquo;'.replace(/&[lr]dquo;/g, '"')],
        ['see <angle> end', 'see <angle> end</angle>'],
        ['5 &lt; 6', '5 &amp;lt; 6'],
        ['flag 🇩🇪 family 👨‍👩‍👧', 'flag  family \u200d\u200d'],
        ['cafe\u0301', 'caf\u00e9'],
        ['😀', ''],
      ] as const) {
        const desk = new Desk(ticketOf('1'));
        const store = await watching(desk);
        desk.fault('reply', {
          after: () => {
            desk.threads.set('1', [entryOf('z', stored)]);
            throw new HelpDeskError('unavailable');
          },
        });
        expect((await store.reply('1', { message: sent })).id).to.equal('z');
        expect(store.outbox.value).to.deep.equal([]);
      }
    });

    it('is not taken for an agent’s, another message or an older one with the same words', async () => {
      const desk = new Desk();
      desk.add(ticketOf('1'), entryOf('a', 'ok'));
      const store = await watching(desk);
      desk.fault('reply', {
        before: () => {
          desk.threads.get('1')?.push(entryOf('b', 'ok', 'reply'), entryOf('c', 'ok', 'event'), entryOf('d', 'okay'));
          throw new HelpDeskError('network');
        },
      });
      expect((await refused(store.reply('1', { message: 'ok' }))).code).to.equal('network');
      expect(states(store)).to.deep.equal([['failed', 'ok']]);
    });

    it('of an agent is found among the agents’ replies', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      store.tickets({ scope: 'assigned' });
      desk.fault('reply', {
        before: () => {
          desk.threads.get('1')?.push(entryOf('b', 'ok', 'reply'));
          throw new HelpDeskError('network');
        },
      });
      expect((await store.reply('1', { message: 'ok' })).id).to.equal('b');
    });

    it('that did not arrive is looked for again before it is sent again', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { before: fails('timeout') });
      await refused(store.reply('1', { message: 'Late' }));
      expect(states(store)).to.deep.equal([['failed', 'Late']]);
      const { id = '' } = store.outbox.value[0] ?? {};
      // It was only slow.
      desk.threads.get('1')?.push(entryOf('late', 'Late'));
      expect((await store.retry(id)).id).to.equal('late');
      expect(desk.count('reply')).to.equal(1);
      expect(store.outbox.value).to.deep.equal([]);
    });

    it('that did not arrive is sent with the same key', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { before: fails('timeout') });
      await refused(store.reply('1', { message: 'Lost' }));
      const { id = '' } = store.outbox.value[0] ?? {};
      pass(3000);
      const [one, two] = await Promise.all([store.retry(id), store.retry(id)]);
      expect(one).to.equal(two);
      expect(desk.count('reply')).to.equal(2);
      expect(desk.last('reply').idempotencyKey).to.equal(id);
      expect(words(store)).to.deep.equal(['Lost']);
    });

    it('that cannot be looked for is unconfirmed, and is not sent again until it can', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { after: fails('network') });
      desk.fault('readThread', { before: fails('network') });
      expect((await refused(store.reply('1', { message: 'Where' }))).code).to.equal('network');
      expect(states(store)).to.deep.equal([['unconfirmed', 'Where']]);
      const { id = '' } = store.outbox.value[0] ?? {};
      desk.fault('readThread', { before: fails('network') });
      expect((await refused(store.retry(id))).code).to.equal('network');
      expect(states(store)).to.deep.equal([['unconfirmed', 'Where']]);
      expect(desk.count('reply')).to.equal(1);
      await store.retry(id);
      expect(desk.count('reply')).to.equal(1);
      expect(store.outbox.value).to.deep.equal([]);
      expect(words(store)).to.deep.equal(['Where']);
    });

    it('that is unconfirmed is confirmed by the next reading of the thread', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { after: fails('network') });
      desk.fault('readThread', { before: fails('network') });
      await refused(store.reply('1', { message: 'There' }));
      await store.thread('1').refresh();
      expect(store.outbox.value).to.deep.equal([]);
      expect(words(store)).to.deep.equal(['There']);
    });

    it('typed once more while its outcome is unknown is looked for first', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { after: fails('network') });
      desk.fault('readThread', { before: fails('network') });
      await refused(store.reply('1', { message: 'Once' }));
      await store.reply('1', { message: 'Once' });
      expect(desk.count('reply')).to.equal(1);
      expect(store.outbox.value).to.deep.equal([]);
    });

    it('to a thread that was not read is counted first, and not sent where that fails', async () => {
      const desk = new Desk();
      desk.add(ticketOf('1'), entryOf('a', 'Hi'));
      const store = open(desk);
      desk.fault('readThread', { before: fails('network') });
      await refused(store.reply('1', { message: 'Hi' }));
      expect(desk.count('reply')).to.equal(0);
      expect(states(store)).to.deep.equal([['failed', 'Hi']]);
      desk.fault('reply', { before: fails('network') });
      await refused(store.retry(store.outbox.value[0]?.id ?? ''));
      expect(states(store)).to.deep.equal([['failed', 'Hi']]);
    });

    it('answered with rubbish is looked for', async () => {
      for (const answer of [undefined, {}, 'stored', 201]) {
        const desk = new Desk(ticketOf('1'));
        const store = await watching(desk);
        desk.fault('reply', { answer });
        expect((await refused(store.reply('1', { message: 'x' }))).code).to.equal('unexpected');
        expect(states(store)).to.deep.equal([['failed', 'x']]);
        store.signOut();
      }
    });

    it('can be given up and taken back', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { before: fails('invalid') });
      await refused(store.reply('1', { message: 'Gone' }));
      const outgoing = store.outbox.value[0] as Outgoing;
      store.discard(outgoing.id);
      expect(store.outbox.value).to.deep.equal([]);
      expect(JSON.stringify({ ...localStorage })).to.not.contain('Gone');
      store.restore(outgoing);
      expect(states(store)).to.deep.equal([['failed', 'Gone']]);
      expect(JSON.stringify({ ...localStorage })).to.contain('Gone');
      await store.retry(outgoing.id);
      expect(words(store)).to.deep.equal(['Gone']);
      expect((await refused(store.retry('unknown'))).code).to.equal('not-found');
    });

    it('cannot be given up while it is sent', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const go = desk.hold('reply');
      const reply = store.reply('1', { message: 'Going' });
      store.discard(store.outbox.value[0]?.id ?? '');
      expect(states(store)).to.deep.equal([['sending', 'Going']]);
      go();
      await reply;
    });

    it('is news to nobody who wrote it', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      await store.reply('1', { message: 'Mine' });
      await until(() => !store.tickets().peek().fetching);
      await told();
      expect([...store.unread.value]).to.deep.equal([]);
    });
  });

  describe('after a reload', () => {
    it('a reply that was being sent is unconfirmed, and found when it has arrived', async () => {
      const desk = new Desk(ticketOf('1'));
      const before = await watching(desk);
      const go = desk.hold('reply', 'after');
      const left = refused(before.reply('1', { message: 'Half', files: [new File(['x'], 'a.png')] }));
      await until(() => desk.threads.get('1')?.length === 1);
      before.dispose();
      go();
      await left;
      const store = open(desk);
      const [item] = store.outbox.value;
      expect(item).to.deep.include({
        state: 'unconfirmed',
        draft: { message: 'Half' },
        lostFiles: ['a.png'],
        progress: 0,
      });
      await store.retry(item?.id ?? '');
      expect(desk.count('reply')).to.equal(1);
      expect(store.outbox.value).to.deep.equal([]);
    });

    it('a reply that had not begun to be sent has failed, and one that failed still has', async () => {
      const desk = new Desk(ticketOf('1'));
      const first = open(desk);
      desk.hold('readThread');
      void first.reply('1', { message: 'Not yet' }).catch(noop);
      await until(() => desk.count('readThread') === 1);
      expect(states(open(desk))).to.deep.equal([['failed', 'Not yet']]);
      localStorage.clear();
      const second = await watching(desk);
      desk.fault('reply', { before: fails('timeout') });
      await refused(second.reply('1', { message: 'Failed' }));
      const third = open(desk);
      expect(states(third)).to.deep.equal([['failed', 'Failed']]);
      desk.threads.get('1')?.push(entryOf('l', 'Failed'));
      await third.retry(third.outbox.value[0]?.id ?? '');
      expect(desk.count('reply')).to.equal(1);
    });

    it('a reply without its files goes under another key, and with them under its own', async () => {
      const desk = new Desk(ticketOf('1'));
      const first = await watching(desk);
      desk.fault('reply', { before: fails('invalid') });
      await refused(first.reply('1', { message: 'Files', files: [new File(['x'], 'a.png')] }));
      const key = desk.last('reply').idempotencyKey ?? '';
      const store = open(desk);
      desk.fault('reply', { before: fails('invalid') });
      await refused(store.retry(key));
      expect(desk.last('reply').idempotencyKey).to.equal(`${key}-text`);
      await store.reply('1', { message: 'Files', files: [new File(['x'], 'a.png')] });
      expect(desk.last('reply').idempotencyKey).to.not.contain(key);
      expect(store.outbox.value).to.deep.equal([]);
    });

    it('a reply that another tab has sent meanwhile is not sent again, and goes with the next reading', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { before: fails('rate-limited') });
      await refused(store.reply('1', { message: 'Once' }));
      const [id = ''] = store.outbox.value.map((item) => item.id);
      const others = [await watching(desk), await watching(desk)] as const;
      expect(others.map((other) => states(other))).to.deep.equal([[['failed', 'Once']], [['failed', 'Once']]]);
      await store.retry(id);
      expect(desk.count('reply')).to.equal(2);
      const entry = await others[0].retry(id);
      expect(entry.body.value).to.equal('Once');
      await others[1].thread('1').refresh();
      expect([desk.count('reply'), ...others.map((other) => states(other))]).to.deep.equal([2, [], []]);
    });

    it('a reply that another tab is sending is shown so, and with the words when that has sent it', async () => {
      const desk = new Desk(ticketOf('1'));
      const first = await watching(desk);
      const go = desk.hold('reply');
      const sent = first.reply('1', { message: 'Slow' });
      await until(() => desk.count('reply') === 1);
      const store = await watching(desk);
      await until(() => store.outbox.value[0]?.state === 'sending');
      expect(states(store)).to.deep.equal([['sending', 'Slow']]);
      store.discard(store.outbox.value[0]!.id);
      await store.thread('1').refresh();
      expect(states(store)).to.deep.equal([['sending', 'Slow']]);
      go();
      await sent;
      await until(() => !store.outbox.value.length);
      expect([words(store), desk.count('reply')]).to.deep.equal([['Slow'], 1]);
    });

    it('a reply that another tab could not send is shown as that has left it', async () => {
      const desk = new Desk(ticketOf('1'));
      for (const code of ['invalid', 'timeout'] as const) {
        const first = await watching(desk);
        let go = noop as () => void;
        const held = new Promise<void>((resolve) => (go = resolve));
        const calls = desk.count('reply');
        desk.fault('reply', { before: () => held.then(fails(code)) });
        const sent = refused(first.reply('1', { message: code }));
        await until(() => desk.count('reply') > calls);
        const store = await watching(desk);
        const shown = () => states(store).find(([, message]) => message === code)?.[0];
        await until(() => shown() === 'sending');
        go();
        await sent;
        await until(() => shown() !== 'sending');
        expect(shown()).to.equal('failed');
      }
    });

    it('a reply that another tab is sending waits for that, and is not sent again', async () => {
      const desk = new Desk(ticketOf('1'));
      const first = await watching(desk);
      const go = desk.hold('reply');
      const sent = first.reply('1', { message: 'Slow' });
      await until(() => desk.count('reply') === 1);
      const others = [await watching(desk), open(desk)] as const;
      const [id = ''] = others[0].outbox.value.map((item) => item.id);
      const again = [others[0].retry(id), others[1].reply('1', { message: 'Slow' })];
      await told();
      expect([desk.count('reply'), states(others[0])]).to.deep.equal([1, [['sending', 'Slow']]]);
      go();
      await sent;
      const entries = await Promise.all(again);
      expect([entries.map(({ body }) => body.value), desk.count('reply')]).to.deep.equal([['Slow', 'Slow'], 1]);
      expect(others.map((store) => states(store))).to.deep.equal([[], []]);
    });

    it('a reply that waited for another tab when its person left is neither sent nor kept', async () => {
      const desk = new Desk(ticketOf('1'));
      const first = await watching(desk);
      const go = desk.hold('reply');
      const sent = first.reply('1', { message: 'Slow' });
      await until(() => desk.count('reply') === 1);
      const store = await watching(desk);
      const again = refused(store.retry(store.outbox.value[0]!.id));
      await told();
      store.signOut();
      go();
      await sent;
      expect((await again).code).to.equal('aborted');
      expect([desk.count('reply'), Object.keys(localStorage).filter((key) => key.includes('outbox'))]).to.deep.equal([
        1,
        [],
      ]);
    });

    it('a reply that waits in line is not sent where another tab has sent it meanwhile', async () => {
      const desk = new Desk(ticketOf('1'));
      const first = await watching(desk);
      const go = desk.hold('reply');
      const both = [first.reply('1', { message: 'Slow' }), first.reply('1', { message: 'Next' })];
      await until(() => desk.count('reply') === 1);
      const store = await watching(desk);
      const { id } = store.outbox.value.find(({ draft }) => draft.message === 'Next')!;
      await store.retry(id);
      go();
      await Promise.all(both);
      expect(desk.threads.get('1')!.map(({ body }) => body.value)).to.deep.equal(['Next', 'Slow']);
    });

    it('a reply is sent also where tabs cannot tell each other of it', async () => {
      const refusing = { request: () => Promise.reject(new DOMException('', 'SecurityError')) };
      for (const locks of [undefined, refusing]) {
        Object.defineProperty(navigator, 'locks', { value: locks, configurable: true });
        try {
          const desk = new Desk(ticketOf('1'));
          const store = await watching(desk);
          await store.reply('1', { message: 'Anyway' });
          expect([desk.count('reply'), states(store)]).to.deep.equal([1, []]);
          desk.fault('reply', { before: fails('timeout') });
          desk.fault('readThread', { before: fails('network') });
          await refused(store.reply('1', { message: 'Unsure' }));
          store.dispose();
          expect(states(await watching(desk))).to.deep.equal([['unconfirmed', 'Unsure']]);
          localStorage.clear();
        } finally {
          Reflect.deleteProperty(navigator, 'locks');
        }
      }
    });

    it('rubbish in the storage is no reply', () => {
      open(new Desk()).drafts.write('x', { message: 'y' });
      const [key = ''] = Object.keys(localStorage);
      for (const [index, value] of [
        null,
        7,
        'x',
        {},
        { id: 'a' },
        { id: 'a', ticketId: '1', createdAt: '2026', draft: 7 },
      ].entries())
        localStorage.setItem(key.replace('draft:x', `outbox:${index}`), JSON.stringify([Date.now(), value]));
      localStorage.setItem(key.replace('draft:x', 'outbox:9'), '{{{');
      expect(open(new Desk()).outbox.value).to.deep.equal([]);
    });

    it('replies stand in the order in which they were written', async () => {
      const desk = new Desk(ticketOf('1'));
      const first = await watching(desk);
      for (const message of ['b', 'a', 'c']) {
        desk.fault('reply', { before: fails('invalid') });
        await refused(first.reply('1', { message }));
        // The next is written at another time.
        const at = Date.now();
        await until(() => Date.now() !== at);
      }
      expect(states(open(desk)).map(([, message]) => message)).to.deep.equal(['b', 'a', 'c']);
    });
  });

  describe('a new ticket', () => {
    const draft: TicketDraft = { subject: 'Printer', message: 'It burns' };

    it('is on top of whole lists at once, and all lists are read again', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const closed = store.tickets({ status: 'closed' });
      closed.watch(noop);
      await until(() => !closed.peek().fetching);
      desk.calls = [];
      const go = [desk.hold('listTickets'), desk.hold('listTickets')];
      const progress: number[] = [];
      const creating = store.createTicket(draft, { intentId: 'i', onProgress: (fraction) => progress.push(fraction) });
      desk.last('createTicket').onProgress?.(0.25);
      const ticket = await creating;
      expect(progress).to.deep.equal([0.25]);
      expect(ticket).to.include({ id: '100', subject: 'Printer' });
      expect(subjects(store)).to.deep.equal(['100', '1']);
      expect(store.tickets().peek().data?.total).to.equal(2);
      expect(subjects(store, { status: 'closed' })).to.deep.equal([]);
      for (const next of go) next();
      await until(() => !store.tickets().peek().fetching && !closed.peek().fetching);
      expect(subjects(store)).to.deep.equal(['100', '1']);
      expect(desk.count('listTickets')).to.equal(2);
      expect(desk.last('createTicket').idempotencyKey).to.equal('i');
      await told();
      expect([...store.unread.value]).to.deep.equal([]);
    });

    it('of one intent is sent once, also when asked for again later', async () => {
      const desk = new Desk();
      const store = open(desk);
      const options = { intentId: 'i' };
      const [one, two] = await Promise.all([store.createTicket(draft, options), store.createTicket(draft, options)]);
      expect(one).to.equal(two);
      expect(await store.createTicket(draft, options)).to.equal(one);
      expect(desk.count('createTicket')).to.equal(1);
      await store.createTicket(draft, { intentId: 'j' });
      expect(desk.count('createTicket')).to.equal(2);
    });

    it('without an intent is sent once for a double click, and again when asked for later', async () => {
      const desk = new Desk();
      const store = open(desk);
      await Promise.all([store.createTicket(draft), store.createTicket(draft)]);
      expect(desk.count('createTicket')).to.equal(1);
      await store.createTicket(draft);
      expect(desk.count('createTicket')).to.equal(2);
      expect(desk.calls[0]?.call.idempotencyKey).to.match(/^[\da-f-]{32,36}$/);
      expect(desk.calls[0]?.call.idempotencyKey).to.not.equal(desk.calls[1]?.call.idempotencyKey);
    });

    it('that is refused can be sent again under the same intent', async () => {
      const desk = new Desk();
      const store = open(desk);
      desk.fault('createTicket', { before: fails('invalid') });
      expect((await refused(store.createTicket(draft, { intentId: 'i' }))).code).to.equal('invalid');
      expect(desk.calls.map(({ method }) => method)).to.deep.equal(['createTicket']);
      await store.createTicket(draft, { intentId: 'i' });
      expect(desk.count('createTicket')).to.equal(2);
    });

    it('with an uncertain outcome is found among those not known before', async () => {
      const desk = new Desk(ticketOf('1', { subject: 'Printer' }));
      const store = await watching(desk);
      desk.fault('createTicket', { after: fails('unavailable') });
      expect((await store.createTicket({ ...draft, subject: 'Printer 🔥' })).id).to.equal('100');
      expect(subjects(store)).to.deep.equal(['100', '1']);
    });

    it('with an uncertain outcome is found by its time where no list was read', async () => {
      const old = ticketOf('1', { subject: 'Printer' });
      const desk = new Desk(old);
      const store = open(desk);
      desk.fault('createTicket', { after: fails('timeout') });
      expect((await store.createTicket(draft)).id).to.equal('100');
      desk.tickets = [old];
      desk.fault('createTicket', { before: fails('timeout') });
      expect((await refused(store.createTicket(draft, { intentId: 'j' }))).code).to.equal('timeout');
    });

    it('that is not found is refused, and looked for before it is sent again', async () => {
      const desk = new Desk(ticketOf('1', { subject: 'Printer' }));
      const store = await watching(desk);
      desk.fault('createTicket', { before: fails('timeout') });
      expect((await refused(store.createTicket(draft, { intentId: 'i' }))).code).to.equal('timeout');
      desk.fault('listTickets', { before: fails('network') });
      expect((await refused(store.createTicket(draft, { intentId: 'i' }))).code).to.equal('network');
      expect(desk.count('createTicket')).to.equal(1);
      // It was only slow.
      desk.add(ticketOf('7', { subject: 'Printer', createdAt: new Date().toISOString() }));
      expect((await store.createTicket(draft, { intentId: 'i' })).id).to.equal('7');
      expect(desk.count('createTicket')).to.equal(1);
    });

    it('of a guest who may not list is sent again', async () => {
      const desk = new Desk();
      desk.limits = { identityRequired: true };
      const store = createStore(desk, { storage: null });
      stores.push(store);
      const guest = { ...draft, email: 'guest@example.org' };
      desk.fault('createTicket', { before: fails('network') });
      desk.fault('listTickets', { before: fails('unauthorized') });
      await refused(store.createTicket(guest, { intentId: 'i' }));
      expect(desk.last('listTickets').identity).to.deep.equal({ email: 'guest@example.org' });
      desk.fault('listTickets', { before: fails('unauthorized') });
      await store.createTicket(guest, { intentId: 'i' });
      expect(
        desk.calls.filter(({ method }) => method === 'createTicket').map(({ call }) => call.idempotencyKey),
      ).to.deep.equal(['i', 'i']);
    });

    it('whose id the back end does not say is found by the next reading', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('createTicket', { answer: ticketOf('', { createdAt: '' }), after: () => desk.add(ticketOf('2')) });
      const ticket = await store.createTicket(draft);
      expect(ticket.id).to.equal('');
      await until(() => !store.tickets().peek().fetching);
      expect(subjects(store)).to.deep.equal(['2', '1']);
    });

    it('can be stopped by who sends it', async () => {
      const desk = new Desk();
      const store = open(desk);
      const stop = new AbortController();
      const go = desk.hold('createTicket');
      const creating = store.createTicket(draft, { signal: stop.signal });
      stop.abort();
      go();
      expect((await refused(creating)).code).to.equal('aborted');
      expect(desk.tickets).to.deep.equal([]);
    });

    it('is not held back by a first reading of the list that began before it', async () => {
      const desk = new Desk();
      const store = open(desk);
      const go = desk.hold('listTickets', 'after');
      store.tickets().watch(noop);
      await store.createTicket(draft);
      go();
      await until(() => store.tickets().peek().status === 'ready' && !store.tickets().peek().fetching);
      expect(subjects(store)).to.deep.equal(['100']);
    });
  });

  describe('a change of status', () => {
    it('is shown at once, and the answer counts', async () => {
      const desk = new Desk(ticketOf('1', { statusLabel: 'Offen' }));
      const store = await watching(desk);
      const openOnes = store.tickets({ status: 'open' });
      openOnes.watch(noop);
      await until(() => !openOnes.peek().fetching);
      const go = desk.hold('setStatus');
      const change = store.setStatus('1', 'closed', 'done');
      const shown = () => store.thread('1').peek().data?.ticket;
      expect(shown()).to.include({ status: 'closed' });
      expect(shown()).to.not.have.property('statusLabel');
      expect(store.tickets().peek().data?.items[0]?.status).to.equal('closed');
      expect(subjects(store, { status: 'open' })).to.deep.equal([]);
      go();
      expect(await change).to.include({ status: 'closed', statusLabel: 'Now closed' });
      expect(shown()).to.include({ status: 'closed', statusLabel: 'Now closed' });
      expect(desk.calls.find(({ method }) => method === 'setStatus')?.args).to.deep.equal(['1', 'closed', 'done']);
      await until(() => !openOnes.peek().fetching && !store.thread('1').peek().fetching);
      expect(subjects(store, { status: 'open' })).to.deep.equal([]);
    });

    it('is taken back when refused', async () => {
      const desk = new Desk(ticketOf('1', { statusLabel: 'Offen' }));
      const store = await watching(desk);
      const before = store.thread('1').peek().data;
      desk.fault('setStatus', { before: fails('forbidden') });
      const change = store.setStatus('1', 'closed');
      expect(store.thread('1').peek().data?.ticket.status).to.equal('closed');
      expect((await refused(change)).code).to.equal('forbidden');
      expect(store.thread('1').peek().data).to.deep.equal(before);
      expect(store.tickets().peek().data?.items[0]?.status).to.equal('open');
    });

    it('is not undone by a reading that runs at the same time', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const read = desk.hold('readThread', 'after');
      const refresh = store.thread('1').refresh();
      const go = desk.hold('setStatus');
      const change = store.setStatus('1', 'closed');
      const seen: (string | undefined)[] = [];
      store.thread('1').watch(() => seen.push(store.thread('1').peek().data?.ticket.status));
      await settle();
      read();
      await settle();
      go();
      await Promise.all([change, refresh]);
      await until(() => !store.thread('1').peek().fetching);
      expect(new Set(seen)).to.deep.equal(new Set(['closed']));
    });

    it('whose outcome is uncertain is read again', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('setStatus', { after: fails('timeout') });
      await refused(store.setStatus('1', 'closed'));
      await until(() => !store.thread('1').peek().fetching && !store.tickets().peek().fetching);
      expect(store.thread('1').peek().data?.ticket.status).to.equal('closed');
    });

    it('holds when the back end answers something odd', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const read = [desk.hold('readThread'), desk.hold('listTickets')];
      desk.fault('setStatus', { answer: {} });
      await store.setStatus('1', 'closed');
      expect(store.thread('1').peek().data?.ticket).to.include({ id: '1', status: 'closed' });
      for (const go of read) go();
    });

    it('is not told from a rating in how it works', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const go = desk.hold('rate');
      const rating = store.rate('1', 4);
      expect(store.thread('1').peek().data?.ticket.rating).to.equal(4);
      go();
      expect((await rating).rating).to.equal(4);
      desk.fault('rate', { before: fails('conflict') });
      await refused(store.rate('1', 1));
      expect(store.thread('1').peek().data?.ticket.rating).to.equal(4);
    });
  });

  describe('a change of priority, tags or assignee', () => {
    const prioritised = (...tickets: Ticket[]) =>
      Object.assign(new Desk(...tickets), {
        limits: { priorities: [{ id: '1', name: 'Low' }, { id: '3', name: 'High' }] }, // prettier-ignore
      });
    const shown = (store: Store) => {
      const { priority, tags, assignee } = store.thread('1').peek().data!.ticket;
      return [priority, tags?.map(({ name }) => name).join(), assignee?.name];
    };

    it('is shown at once in words, and the answer counts', async () => {
      const desk = prioritised(ticketOf('1', { tags: [{ id: 'own', name: 'Its own' }] }));
      const store = await watching(desk);
      await store.tags().refresh();
      expect(store.tags().peek().data).to.deep.equal([{ id: '1', name: 'Tag 1' }, { id: '2', name: 'Tag 2' }]); // prettier-ignore
      const go = desk.hold('updateTicket');
      const change = { priority: '3', tags: ['2', 'own', 'new'], assignee: 'nora' };
      const changing = store.updateTicket('1', change);
      expect(shown(store)).to.deep.equal(['High', 'Tag 2,Its own,new', 'nora']);
      expect(store.tickets().peek().data?.items[0]?.priority).to.equal('High');
      go();
      expect((await changing).priority).to.equal('Priority 3');
      expect(shown(store)).to.deep.equal(['Priority 3', 'Tag 2,Tag own,Tag new', 'nora']);
      expect(desk.calls.find(({ method }) => method === 'updateTicket')?.args).to.deep.equal(['1', change]);
    });

    it('leaves what it does not name, and can take every tag away', async () => {
      const tags = [{ id: '1', name: 'Tag 1' }];
      const store = await watching(prioritised(ticketOf('1', { tags, priority: 'Low' })));
      await store.updateTicket('1', { priority: 'unknown' });
      expect(shown(store)).to.deep.equal(['Priority unknown', 'Tag 1', undefined]);
      await store.updateTicket('1', { tags: [] });
      expect(shown(store)).to.deep.equal(['Priority unknown', '', undefined]);
    });

    it('is taken back when refused', async () => {
      const desk = prioritised(ticketOf('1', { priority: 'Low' }));
      const store = await watching(desk);
      desk.fault('updateTicket', { before: fails('forbidden') });
      const changing = store.updateTicket('1', { priority: '3', assignee: 'nora' });
      expect(shown(store)).to.deep.equal(['High', undefined, 'nora']);
      expect((await refused(changing)).code).to.equal('forbidden');
      expect(shown(store)).to.deep.equal(['Low', undefined, undefined]);
    });
  });

  describe('an agent of the back end', () => {
    it('is found again as who replies, without any list of other people’s tickets', async () => {
      const desk = Object.assign(new Desk(ticketOf('1')), { limits: { agent: true as const } });
      const store = await watching(desk);
      const reply = desk.reply.bind(desk);
      desk.reply = async (id, draft, call) => {
        await reply(id, draft, call);
        desk.threads.set(id, desk.threads.get(id)!.map((entry) => ({ ...entry, kind: 'reply' }))); // prettier-ignore
        throw new HelpDeskError('timeout');
      };
      const entry = await store.reply('1', { message: 'As an agent', status: 'resolved' });
      expect([entry.kind, store.outbox.value, desk.count('reply')]).to.deep.equal(['reply', [], 1]);
      const sent = desk.calls.find(({ method }) => method === 'reply')?.args[1] as ReplyDraft;
      expect(sent).to.deep.equal({ message: 'As an agent', status: 'resolved' });
    });
  });

  describe('news', () => {
    it('are none at first, then what changes afterwards, until seen', async () => {
      const desk = new Desk(ticketOf('1'), ticketOf('2'));
      const store = await watching(desk);
      expect([...store.unread.value]).to.deep.equal([]);
      let calls = 0;
      store.unread.watch(() => calls++);
      const changed = ticketOf('1', { updatedAt: '2026-03-01T00:00:00Z' });
      desk.tickets = [changed, ticketOf('2')];
      await store.tickets().refresh();
      await told();
      expect([...store.unread.value]).to.deep.equal(['1']);
      await store.tickets().refresh();
      await told();
      expect(calls).to.equal(1);
      store.markSeen(changed);
      await told();
      expect([...store.unread.value]).to.deep.equal([]);
      expect(calls).to.equal(2);
      desk.add(ticketOf('3', { updatedAt: '2026-03-02T00:00:00Z' }));
      await store.tickets().refresh();
      await told();
      expect([...store.unread.value]).to.deep.equal(['3']);
    });

    it('are not missed where they come before the code that tells them', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = open(desk);
      await store.tickets().refresh();
      desk.tickets = [ticketOf('1', { updatedAt: '2026-03-01T00:00:00Z' })];
      await store.tickets().refresh();
      await until(() => store.unread.value.size === 1);
    });

    it('are told in a page that is never idle', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const { requestIdleCallback } = globalThis;
      const never = (run: () => void, options?: IdleRequestOptions) => (options?.timeout ? setTimeout(run) : 1);
      Object.assign(globalThis, { requestIdleCallback: never });
      try {
        desk.tickets = [ticketOf('1', { updatedAt: '2026-03-01T00:00:00Z' })];
        await store.tickets().refresh();
        await until(() => store.unread.value.size === 1);
      } finally {
        Object.assign(globalThis, { requestIdleCallback });
      }
    });

    it('are told in the order in which they came, whatever the order of timers', async () => {
      const desk = new Desk(ticketOf('1'));
      await watching(desk);
      // The code for it is there.
      await told();
      const { requestIdleCallback } = globalThis;
      const last: (() => void)[] = [];
      Object.assign(globalThis, { requestIdleCallback: (run: () => void) => last.unshift(run) });
      try {
        const store = open(desk, { scope: 'order' });
        store.tickets().watch(() => undefined);
        await until(() => store.tickets().peek().status === 'ready');
        desk.tickets = [ticketOf('1', { updatedAt: '2026-03-01T00:00:00Z' })];
        await store.tickets().refresh();
        for (const run of last) run();
        expect([...store.unread.value]).to.deep.equal(['1']);
      } finally {
        Object.assign(globalThis, { requestIdleCallback });
      }
    });

    it('are told nobody else than who was there when they came', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.tickets = [ticketOf('1', { updatedAt: '2026-03-01T00:00:00Z' })];
      await store.tickets().refresh();
      store.identify(john);
      const heard: unknown[] = [];
      store.unread.watch(() => heard.push(store.unread.value));
      await told();
      expect(heard).to.deep.equal([]);
    });

    it('are remembered over a reload', async () => {
      const desk = new Desk(ticketOf('1'), ticketOf('2'));
      await watching(desk);
      desk.tickets = [ticketOf('2', { updatedAt: '2026-03-01T00:00:00Z' }), ticketOf('1')];
      const store = await watching(desk);
      expect([...store.unread.value]).to.deep.equal(['2']);
      store.markSeen(desk.tickets[0] as Ticket);
      await told();
      expect([...(await watching(desk)).unread.value]).to.deep.equal([]);
    });

    it('are what neither of two tabs has seen, whichever of them writes', async () => {
      const desk = new Desk(ticketOf('1'), ticketOf('2'));
      const [here, there] = [await watching(desk), await watching(desk)] as const;
      const change = (minute: number) =>
        (desk.tickets = ['1', '2'].map((id) => ticketOf(id, { updatedAt: `2026-03-01T00:0${minute}:00Z` })));
      const read = async () => {
        await Promise.all([here.tickets().refresh(), there.tickets().refresh()]);
        await told();
        return [here, there].map(({ unread }) => [...unread.value]);
      };
      const [first, second] = change(1);
      expect(await read()).to.deep.equal([
        ['1', '2'],
        ['1', '2'],
      ]);
      here.markSeen(first!);
      await told();
      there.markSeen(second!);
      await told();
      expect([...there.unread.value]).to.deep.equal([]);
      // As the browser tells other pages of this one's writing.
      const [key] = Object.keys(localStorage).filter((each) => each.endsWith(':seen'));
      dispatchEvent(new StorageEvent('storage', { key: key! }));
      await told();
      expect([...here.unread.value]).to.deep.equal([]);
      expect([...(await watching(desk)).unread.value]).to.deep.equal([]);
      // What was seen last counts, also where an older page writes after it.
      const [later] = change(2);
      there.markSeen(later!);
      await told();
      here.markSeen(first!);
      expect(await read()).to.deep.equal([['2'], ['2']]);
    });

    it('are told by time, not by letters', async () => {
      const desk = new Desk(ticketOf('1', { updatedAt: '2026-01-01T12:00:00+02:00' }));
      const store = await watching(desk);
      desk.tickets = [ticketOf('1', { updatedAt: '2026-01-01T10:00:00.000Z' })];
      await store.tickets().refresh();
      await told();
      expect([...store.unread.value]).to.deep.equal([]);
      desk.tickets = [ticketOf('1', { updatedAt: '2026-01-01T10:00:01Z' })];
      await store.tickets().refresh();
      await told();
      expect([...store.unread.value]).to.deep.equal(['1']);
    });

    it('are not what a part of the tickets made look new', async () => {
      const desk = new Desk(ticketOf('1', { status: 'closed' }), ticketOf('5'));
      const store = open(desk);
      await store.tickets({ status: 'closed' }).refresh();
      await store.tickets().refresh();
      await told();
      expect([...store.unread.value]).to.deep.equal([]);
    });

    it('are kept for at most 500 tickets, the newest', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const later = (n: number) => new Date(Date.UTC(2026, 5, 1) + n * 1000).toISOString();
      for (let n = 0; n < 502; n++) store.markSeen(ticketOf(`t${n}`, { updatedAt: later(n) }));
      await told();
      const [, kept = ''] = Object.entries({ ...localStorage }).find(([key]) => key.endsWith(':seen')) ?? [];
      const marks = (JSON.parse(String(kept)) as [number, Record<string, string>])[1];
      expect(Object.keys(marks)).to.have.length(501);
      expect(marks['']).to.equal(later(1));
      desk.tickets = [ticketOf('t0', { updatedAt: later(0) }), ticketOf('t501', { updatedAt: later(501) })];
      await store.tickets().refresh();
      await told();
      expect([...store.unread.value]).to.deep.equal([]);
    });
  });

  describe('drafts', () => {
    it('live on this device, for each person and desk', () => {
      const store = open(new Desk());
      store.drafts.write('reply:1', { message: 'Half a thought' });
      expect(store.drafts.durable).to.equal(true);
      const [key = ''] = Object.keys(localStorage);
      expect(key).to.match(/^helpdesk-elements:[\da-z]+:[\da-z]+:draft:reply:1$/);
      expect(open(new Desk()).drafts.read('reply:1')).to.deep.equal({ message: 'Half a thought' });
      expect(open(new Desk(), { identity: { email: ' Jane@Example.org' } }).drafts.read('reply:1')).to.deep.equal({
        message: 'Half a thought',
      });
      expect(open(new Desk(), { identity: john }).drafts.read('reply:1')).to.equal(undefined);
      expect(open(new Desk(), { scope: 'other' }).drafts.read('reply:1')).to.equal(undefined);
      expect(open(new Desk(), { identity: { userId: jane.email ?? '' } }).drafts.read('reply:1')).to.equal(undefined);
    });

    it('go when they are empty or removed', () => {
      const { drafts } = open(new Desk());
      drafts.write('new', { subject: 'x' });
      drafts.write('new', { subject: '', message: '' });
      expect(drafts.read('new')).to.equal(undefined);
      drafts.write('new', { subject: 'x' });
      drafts.remove('new');
      expect(drafts.read('new')).to.equal(undefined);
      expect(Object.keys(localStorage)).to.deep.equal([]);
    });

    it('go after 30 days, of whomever they are', () => {
      const day = 86_400_000;
      localStorage.setItem(
        'helpdesk-elements:a:b:draft:x',
        JSON.stringify([Date.now() - 30 * day, { message: 'old' }]),
      );
      localStorage.setItem(
        'helpdesk-elements:a:b:draft:y',
        JSON.stringify([Date.now() - 29 * day, { message: 'new' }]),
      );
      localStorage.setItem('somebody:else', 'x');
      open(new Desk());
      expect(Object.keys(localStorage).sort()).to.deep.equal(['helpdesk-elements:a:b:draft:y', 'somebody:else']);
    });

    it('make room in a full storage when they go', () => {
      const old = 'helpdesk-elements:a:b:draft:x';
      const kept = new Map([[old, JSON.stringify([0, { message: 'old' }])]]);
      const storage: Storage = {
        get length() {
          return kept.size;
        },
        key: (at) => [...kept.keys()][at] ?? null,
        getItem: (key) => kept.get(key) ?? null,
        setItem: (key, value) => {
          if (kept.has(old)) throw new DOMException('full', 'QuotaExceededError');
          kept.set(key, value);
        },
        removeItem: (key) => void kept.delete(key),
        clear: () => kept.clear(),
      };
      const { drafts } = open(new Desk(), { storage });
      drafts.write('x', { message: 'new' });
      expect(drafts.durable).to.equal(true);
      expect([...kept.values()].join())
        .to.contain('new')
        .and.not.to.contain('old');
    });

    it('are only texts, whatever is in the storage', () => {
      const { drafts } = open(new Desk());
      drafts.write('new', { subject: 'x' });
      const [key = ''] = Object.keys(localStorage);
      for (const [value, expected] of [
        ['{{{', undefined],
        ['null', undefined],
        ['[1e99, "text"]', undefined],
        [JSON.stringify([Date.now(), { subject: 7, message: 'm', email: null }]), { message: 'm' }],
      ] as const) {
        localStorage.setItem(key, value);
        expect(drafts.read('new')).to.deep.equal(expected);
      }
    });

    const broken = (methods: (keyof Storage)[]): Storage => {
      const refuse = () => {
        throw new DOMException('no', 'QuotaExceededError');
      };
      const storage: Record<string, unknown> = {
        length: 0,
        key: () => null,
        getItem: () => null,
        setItem: noop,
        removeItem: noop,
      };
      for (const method of methods)
        Object.defineProperty(storage, method, { get: () => (method === 'length' ? refuse() : refuse) });
      return storage as unknown as Storage;
    };

    it('live as long as the page where the storage is refused', async () => {
      for (const storage of [
        null,
        broken(['setItem']),
        broken(['getItem', 'setItem', 'removeItem', 'key', 'length']),
      ]) {
        const desk = new Desk(ticketOf('1'));
        const store = await watching(desk, { storage });
        store.drafts.write('new', { subject: 'x' });
        expect(store.drafts.durable).to.equal(false);
        expect(store.drafts.read('new')).to.deep.equal({ subject: 'x' });
        await store.reply('1', { message: 'works' });
        expect(store.outbox.value).to.deep.equal([]);
        store.drafts.remove('new');
        expect(store.drafts.read('new')).to.equal(undefined);
        store.signOut();
      }
    });

    it('are found by the next store of the same person then, and gone when that person goes', () => {
      const { setItem } = Storage.prototype;
      Storage.prototype.setItem = () => {
        throw new DOMException('refused', 'QuotaExceededError');
      };
      try {
        const anew = (email: string) => open(new Desk(), { identity: { email } });
        anew('jane@example.test').drafts.write('new', { subject: 'x' });
        expect(anew('omar@example.test').drafts.read('new')).to.equal(undefined);
        const store = anew('jane@example.test');
        expect(store.drafts.read('new')).to.deep.equal({ subject: 'x' });
        expect(store.drafts.durable).to.equal(false);
        store.signOut();
        expect(anew('jane@example.test').drafts.read('new')).to.equal(undefined);
      } finally {
        Storage.prototype.setItem = setItem;
      }
    });

    it('live on in memory when the storage is full, and are durable again afterwards', () => {
      let full = false;
      const kept = new Map<string, string>();
      const storage = {
        get length() {
          return kept.size;
        },
        key: (index: number) => [...kept.keys()][index] ?? null,
        getItem: (key: string) => kept.get(key) ?? null,
        removeItem: (key: string) => kept.delete(key),
        setItem(key: string, value: string) {
          if (full) throw new DOMException('full', 'QuotaExceededError');
          kept.set(key, value);
        },
      } as unknown as Storage;
      const { drafts } = open(new Desk(), { storage });
      drafts.write('new', { subject: 'one' });
      full = true;
      drafts.write('new', { subject: 'two' });
      expect(drafts.read('new')).to.deep.equal({ subject: 'two' });
      expect(drafts.durable).to.equal(false);
      full = false;
      drafts.write('new', { subject: 'three' });
      expect(drafts.durable).to.equal(true);
      expect(open(new Desk(), { storage }).drafts.read('new')).to.deep.equal({ subject: 'three' });
    });
  });

  describe('another person', () => {
    it('finds nothing of the former one', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { before: fails('invalid') });
      await refused(store.reply('1', { message: 'Secret' }));
      store.drafts.write('new', { subject: 'Secret' });
      store.select('1');
      desk.tickets = [ticketOf('1', { updatedAt: '2027-01-01T00:00:00Z' })];
      await store.tickets().refresh();
      await told();
      expect([...store.unread.value]).to.deep.equal(['1']);
      desk.tickets = [];
      const list = store.tickets();
      const shown: unknown[] = [];
      list.watch(() => shown.push(list.peek().data?.items.length));
      store.identify(john);
      expect(store.identity.value).to.deep.equal(john);
      expect(list.peek().data).to.equal(undefined);
      expect(store.outbox.value).to.deep.equal([]);
      expect(store.selected.value).to.equal(undefined);
      expect([...store.unread.value]).to.deep.equal([]);
      expect(store.drafts.read('new')).to.equal(undefined);
      await until(() => !list.peek().fetching && !store.thread('1').peek().fetching);
      expect(desk.last('listTickets').identity).to.deep.equal(john);
      expect(shown.filter((length) => length)).to.deep.equal([]);
      // The former person's words wait for that person.
      store.identify(jane);
      expect(states(store)).to.deep.equal([['failed', 'Secret']]);
      expect(store.drafts.read('new')).to.deep.equal({ subject: 'Secret' });
    });

    it('never sees a late answer to the former one', async () => {
      const desk = new Desk();
      desk.add(ticketOf('1'), entryOf('a', 'Secret'));
      const store = open(desk);
      const go = [desk.hold('listTickets', 'after'), desk.hold('readThread', 'after'), desk.hold('reply', 'after')];
      store.tickets().watch(noop);
      store.thread('1').watch(noop);
      const creating = desk.hold('createTicket', 'after');
      const writes = [
        refused(store.reply('1', { message: 'From Jane' })),
        refused(store.createTicket({ subject: 'From Jane', message: 'x' })),
        refused(store.setStatus('1', 'closed')),
      ];
      await until(() => desk.count('reply'));
      await settle();
      const asked = [...desk.calls];
      expect(asked.map(({ method }) => method)).to.deep.equal([
        'listTickets',
        'readThread',
        'createTicket',
        'readThread',
        'reply',
      ]);
      const threads = desk.threads;
      desk.tickets = [];
      desk.threads = new Map();
      store.identify(john);
      // The fourth had been answered: it only counted what is in the thread.
      expect(asked.map(({ call }) => call.signal?.aborted)).to.deep.equal([true, true, true, false, true]);
      for (const next of [...go, creating]) next();
      expect((await Promise.all(writes)).map(({ code }) => code)).to.deep.equal(['aborted', 'aborted', 'aborted']);
      await until(() => !store.tickets().peek().fetching && !store.thread('1').peek().fetching);
      expect(subjects(store)).to.deep.equal([]);
      expect(store.thread('1').peek().data).to.equal(undefined);
      expect(store.outbox.value).to.deep.equal([]);
      expect(threads.get('1')?.map(({ body }) => body.value)).to.deep.equal(['Secret', 'From Jane']);
    });

    it('does not get the progress or the outcome of the former one’s reply', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const go = desk.hold('reply', 'after');
      const reply = refused(store.reply('1', { message: 'Mine' }));
      await until(() => desk.count('reply') === 1);
      const { onProgress } = desk.last('reply');
      store.identify(john);
      let calls = 0;
      store.outbox.watch(() => calls++);
      onProgress?.(0.9);
      go();
      expect((await reply).code).to.equal('aborted');
      expect([calls, store.outbox.value.length]).to.deep.equal([0, 0]);
      // Nobody knows what became of it: it is looked for when its writer is back.
      store.identify(jane);
      expect(states(store)).to.deep.equal([['unconfirmed', 'Mine']]);
      await until(() => store.outbox.value.length === 0);
      expect(words(store)).to.deep.equal(['Mine']);
    });

    it('is not who only has another name or other letters in the address', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      const { data } = store.tickets().peek();
      const next = { email: 'JANE@example.org', displayName: 'Jane D.' };
      store.identify(next);
      expect(store.identity.value).to.equal(next);
      expect(store.tickets().peek().data).to.equal(data);
      expect(desk.count('listTickets')).to.equal(1);
    });

    it('is nobody after signing out, and everything kept is gone', async () => {
      const desk = new Desk(ticketOf('1'));
      const store = await watching(desk);
      desk.fault('reply', { before: fails('invalid') });
      await refused(store.reply('1', { message: 'Secret' }));
      store.drafts.write('new', { subject: 'Secret' });
      const go = desk.hold('reply', 'after');
      const reply = refused(store.reply('1', { message: 'On its way' }));
      await until(() => desk.count('reply') === 2);
      open(new Desk(), { identity: john }).drafts.write('new', { subject: 'of John' });
      store.signOut();
      go();
      expect((await reply).code).to.equal('aborted');
      await settle();
      expect(store.identity.value).to.equal(undefined);
      expect(JSON.stringify({ ...localStorage })).to.not.match(/Secret|On its way/);
      expect(JSON.stringify({ ...localStorage })).to.contain('of John');
      store.identify(jane);
      expect(store.outbox.value).to.deep.equal([]);
      expect(store.drafts.read('new')).to.equal(undefined);
    });
  });

  it('stops for good', async () => {
    const desk = new Desk(ticketOf('1'));
    const store = await watching(desk);
    desk.hold('reply');
    const reply = refused(store.reply('1', { message: 'Kept' }));
    await until(() => desk.count('reply') === 1);
    store.dispose();
    expect(desk.last('reply').signal?.aborted).to.equal(true);
    expect((await refused(store.createTicket({ subject: 's', message: 'm' }))).code).to.equal('aborted');
    await store.refresh();
    desk.calls = [];
    window.dispatchEvent(new Event('online'));
    expect(desk.calls).to.deep.equal([]);
    expect(states(open(desk))).to.deep.equal([['unconfirmed', 'Kept']]);
    void reply;
  });
});
