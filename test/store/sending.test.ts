/** Sending that is stopped, left or begun by nobody: nothing lost, nothing doubled. */
import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import type { Backend, Call } from '../../src/backends/backend.js';
import { HelpDeskError } from '../../src/errors.js';
import type { Identity, ReplyDraft, ThreadEntry, Ticket, TicketDraft } from '../../src/model.js';
import { createStore, type StoreOptions } from '../../src/store/store.js';
import type { Store } from '../../src/store/types.js';
import { codeOf, until } from '../support/outcome.js';
import { pass } from '../support/later.js';

const jane: Identity = { email: 'jane@example.org' };
const now = (): string => new Date().toISOString();

/** A ticket system that stores what it is sent and answers, or not, as it is told. */
class Desk implements Backend {
  readonly name = 'slow';
  readonly limits = {};
  readonly tickets: Ticket[] = [];
  readonly entries: ThreadEntry[] = [];
  readonly keys: (string | undefined)[] = [];
  /** What became of each write. */
  readonly ends: string[] = [];
  /** `lost`: never arrives; `silent`: is stored, and no answer comes; `cut`: has not arrived when the connection breaks. */
  mood: 'well' | 'lost' | 'silent' | 'cut' = 'well';

  listTickets() {
    return Promise.resolve({ items: [...this.tickets] });
  }

  readThread(id: string) {
    const ticket = this.tickets.find((each) => each.id === id) ?? this.#ticket(id, 'Old');
    return Promise.resolve({ ticket, entries: [...this.entries] });
  }

  createTicket({ subject }: TicketDraft, call: Call) {
    return this.#write(call, () => {
      const ticket = this.#ticket(`${this.tickets.length + 1}`, subject);
      this.tickets.push(ticket);
      return ticket;
    });
  }

  reply(_: string, { message }: ReplyDraft, call: Call) {
    return this.#write(call, () => {
      const entry: ThreadEntry = {
        id: `e${this.entries.length + 1}`,
        kind: 'message',
        author: { name: 'Jane', role: 'requester' },
        createdAt: now(),
        body: { format: 'text', value: message },
        attachments: [],
      };
      this.entries.push(entry);
      return entry;
    });
  }

  #ticket(id: string, subject: string): Ticket {
    return {
      id,
      number: id,
      subject,
      status: 'open',
      requester: { name: 'Jane', role: 'requester' },
      createdAt: now(),
    };
  }

  async #write<T>({ signal, idempotencyKey }: Call, work: () => T): Promise<T> {
    this.keys.push(idempotencyKey);
    if (this.mood === 'cut') throw new HelpDeskError('network');
    const made = this.mood === 'lost' ? undefined : work();
    if (made && this.mood === 'well') return made;
    return new Promise((_, reject) =>
      signal!.addEventListener('abort', () => {
        this.ends.push('stopped');
        reject(signal!.reason as Error);
      }),
    );
  }
}

let stores: Store[] = [];
function open(desk: Backend, options: StoreOptions = {}): Store {
  const store = createStore(desk, { identity: jane, scope: 'sending', pollInterval: 0, ...options });
  stores.push(store);
  return store;
}

/** How often this desk was looked at from here on. */
function countReads(desk: Desk): () => number {
  let count = 0;
  for (const name of ['listTickets', 'readThread'] as const) {
    const read = desk[name].bind(desk) as (...all: unknown[]) => Promise<never>;
    desk[name] = (...all: unknown[]) => {
      count++;
      return read(...all);
    };
  }
  return () => count;
}
/** Whatever has begun goes on, also where the clock stands still. */
const aMoment = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage('');
  });

const draft = { subject: 'Help', message: 'It does not start.' };

describe('the store: sending', () => {
  beforeEach(() => {
    localStorage.clear();
  });
  afterEach(() => {
    for (const store of stores.splice(0)) store.dispose();
    stores = [];
    localStorage.clear();
  });

  it('of a ticket that is stopped ends at once, and the next try looks first', async () => {
    for (const mood of ['lost', 'silent'] as const) {
      const desk = new Desk();
      const store = open(desk, { storage: null });
      desk.mood = mood;
      const stop = new AbortController();
      const sent = codeOf(store.createTicket(draft, { intentId: 'a', signal: stop.signal }));
      await until(() => desk.keys.length);
      stop.abort();
      expect([await sent, desk.ends]).to.deep.equal(['aborted', ['stopped']]);
      desk.mood = 'well';
      pass(3000);
      const again = await store.createTicket(draft, { intentId: 'a' });
      expect([again.subject, desk.tickets.length, desk.keys.length]).to.deep.equal([
        'Help',
        1,
        mood === 'lost' ? 2 : 1,
      ]);
    }
  });

  it('of a ticket with other files looks as well for what may have arrived', async () => {
    const desk = new Desk();
    const store = open(desk, { storage: null });
    desk.mood = 'silent';
    const stop = new AbortController();
    const files = [new File(['x'], 'x.txt')];
    const sent = codeOf(store.createTicket({ ...draft, files }, { intentId: 'a', signal: stop.signal }));
    await until(() => desk.keys.length);
    stop.abort();
    await sent;
    desk.mood = 'well';
    await store.createTicket(draft, { intentId: 'b' });
    expect([desk.tickets.length, desk.keys]).to.deep.equal([1, ['a']]);
    // What was found is settled: the same words later are another ticket.
    await store.createTicket(draft, { intentId: 'c' });
    expect(desk.tickets.length).to.equal(2);
  });

  it('of a ticket whose page was left in the middle is looked for by the next page', async () => {
    const desk = new Desk();
    desk.mood = 'silent';
    const left = codeOf(open(desk).createTicket(draft, { intentId: 'a' }));
    await until(() => desk.keys.length);
    desk.mood = 'well';
    const ticket = await open(desk).createTicket(draft, { intentId: 'a' });
    expect([ticket.id, desk.tickets.length, desk.keys.length]).to.deep.equal(['1', 1, 1]);
    for (const store of stores) store.dispose();
    expect(await left).to.equal('aborted');
    expect(Object.keys(localStorage).filter((key) => key.includes('doubt'))).to.deep.equal([]);
  });

  it('of a ticket that was refused leaves no doubt', async () => {
    const desk = new Desk();
    const store = open(desk);
    desk.createTicket = () => Promise.reject(new HelpDeskError('invalid'));
    expect(await codeOf(store.createTicket(draft, { intentId: 'a' }))).to.equal('invalid');
    expect(Object.keys(localStorage).filter((key) => key.includes('doubt'))).to.deep.equal([]);
  });

  it('of a reply that is stopped leaves it in the outbox, and looks before it is sent again', async () => {
    for (const mood of ['lost', 'silent'] as const) {
      const desk = new Desk();
      const store = open(desk, { storage: null });
      desk.mood = mood;
      const files = [new File(['x'], 'x.txt')];
      const sent = codeOf(store.reply('1', { message: 'Words', files }));
      await until(() => desk.keys.length);
      store.stop(store.outbox.value[0]!.id);
      expect([await sent, desk.ends]).to.deep.equal(['aborted', ['stopped']]);
      const [item] = store.outbox.value;
      expect([item!.state, item!.error!.code, item!.draft]).to.deep.equal([
        'unconfirmed',
        'aborted',
        { message: 'Words', files },
      ]);
      desk.mood = 'well';
      pass(3000);
      await store.retry(item!.id);
      expect([desk.entries.length, store.outbox.value.length]).to.deep.equal([1, 0]);
      expect(desk.keys).to.deep.equal(mood === 'lost' ? [item!.id, item!.id] : [item!.id]);
    }
  });

  it('again, soon after an outcome that nobody knows, waits for what is only late', async () => {
    for (const late of [true, false])
      for (const what of ['reply', 'ticket'] as const) {
        const desk = new Desk();
        const store = open(desk, { storage: null });
        desk.mood = 'cut';
        const reads = countReads(desk);
        const send = () => (what === 'reply' ? store.reply('1', { message: 'Words' }) : store.createTicket(draft));
        expect(await codeOf(send())).to.equal('network');
        desk.mood = 'well';
        const clock = useFakeTimers({ now: Date.now(), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
        try {
          const before = reads();
          const again = codeOf(what === 'reply' ? store.retry(store.outbox.value[0]!.id) : send());
          // Looked at once, since it may be there.
          while (reads() === before) await aMoment();
          await aMoment();
          await clock.tickAsync(2900);
          expect(desk.keys.length).to.equal(1);
          // What had been sent first arrives only now.
          if (late && what === 'reply') await desk.reply('1', { message: 'Words' }, {});
          if (late && what === 'ticket') await desk.createTicket(draft, {});
          await clock.tickAsync(100);
          expect([await again, desk.entries.length + desk.tickets.length, desk.keys.length]).to.deep.equal([
            'none',
            1,
            2,
          ]);
        } finally {
          clock.restore();
        }
      }
  });

  it('again, soon after an outcome that nobody knows, can be stopped while it waits', async () => {
    const desk = new Desk();
    const store = open(desk, { storage: null });
    const end = new AbortController();
    const { signal } = end;
    desk.mood = 'cut';
    expect(await codeOf(store.reply('1', { message: 'Words' }))).to.equal('network');
    expect(await codeOf(store.createTicket(draft))).to.equal('network');
    const reads = countReads(desk);
    const { id } = store.outbox.value[0]!;
    const all = [codeOf(store.retry(id)), codeOf(store.createTicket(draft, { signal }))];
    await until(() => reads() === 2);
    store.stop(id);
    end.abort();
    expect([await Promise.all(all), desk.keys.length]).to.deep.equal([['aborted', 'aborted'], 2]);
    expect(store.outbox.value.map(({ state, error }) => [state, error?.code])).to.deep.equal([
      ['unconfirmed', 'aborted'],
    ]);
    // So does who signs out.
    const left = codeOf(store.retry(id));
    await until(() => reads() === 3);
    store.signOut();
    expect([await left, desk.keys.length]).to.deep.equal(['aborted', 2]);
  });

  it('of a reply that is stopped before it left is known not to have arrived', async () => {
    const desk = new Desk();
    const store = open(desk, { storage: null });
    desk.mood = 'lost';
    const first = codeOf(store.reply('1', { message: 'First' }));
    await until(() => desk.keys.length);
    const second = codeOf(store.reply('1', { message: 'Second' }));
    store.stop(store.outbox.value.find(({ draft }) => draft.message === 'Second')!.id);
    // At once, though the first is on its way for long.
    expect(await second).to.equal('aborted');
    expect(desk.ends).to.deep.equal([]);
    store.stop(store.outbox.value.find(({ draft }) => draft.message === 'First')!.id);
    expect(await first).to.equal('aborted');
    expect(store.outbox.value.map(({ draft, state }) => [draft.message, state]).sort()).to.deep.equal([
      ['First', 'unconfirmed'],
      ['Second', 'failed'],
    ]);
    expect(desk.keys.length).to.equal(1);
  });

  it('of a reply that was stopped while it waited begins anew in its turn', async () => {
    const desk = new Desk();
    const store = open(desk, { storage: null });
    const id = (message: string) => store.outbox.value.find(({ draft }) => draft.message === message)!.id;
    desk.mood = 'lost';
    const first = codeOf(store.reply('1', { message: 'First' }));
    await until(() => desk.keys.length);
    const second = codeOf(store.reply('1', { message: 'Second' }));
    store.stop(id('Second'));
    await second;
    const again = codeOf(store.retry(id('Second')));
    desk.mood = 'well';
    await until(() => store.outbox.value.every(({ state }) => state === 'sending'));
    expect(desk.keys.length).to.equal(1);
    store.stop(id('First'));
    expect([await first, await again, desk.keys.length]).to.deep.equal(['aborted', 'none', 2]);
    expect(desk.entries.map(({ body }) => body.value)).to.deep.equal(['Second']);
  });

  it('of an unknown reply is stopped without a word', async () => {
    open(new Desk()).stop('gone');
    await new Promise((resolve) => setTimeout(resolve));
  });

  it('takes what nobody has written along when somebody signs in, and leaves nothing behind', () => {
    const desk = new Desk();
    open(desk, { identity: jane }).drafts.write('new', { subject: 'Of Jane', message: 'Before' });
    const store = open(desk, { identity: undefined as unknown as Identity });
    store.drafts.write('new', { subject: 'Of nobody' });
    store.drafts.write('reply:1', { message: 'Also of nobody' });
    store.identify(jane);
    expect([store.drafts.read('new'), store.drafts.read('reply:1')]).to.deep.equal([
      { subject: 'Of nobody', message: 'Before' },
      { message: 'Also of nobody' },
    ]);
    store.signOut();
    expect([store.drafts.read('new'), store.drafts.read('reply:1')]).to.deep.equal([undefined, undefined]);
    expect(Object.values(localStorage).join()).not.to.contain('nobody');
  });

  it('takes nothing of one person along to another', () => {
    const desk = new Desk();
    const store = open(desk);
    store.drafts.write('new', { subject: 'Of Jane' });
    store.identify({ email: 'john@example.org' });
    expect(store.drafts.read('new')).to.equal(undefined);
    store.identify(jane);
    expect(store.drafts.read('new')).to.deep.equal({ subject: 'Of Jane' });
  });
});
