/** A store in a page of its own, where the code of what a person does is not there yet, or cannot be had. */
import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import type { Identity, ThreadEntry, Ticket } from '../../src/model.js';
import type { createStore } from '../../src/store/store.js';
import type { Store } from '../../src/store/types.js';
import { codeOf, until } from '../support/outcome.js';
import { pageWithout, removePages } from '../support/without.js';

const jane: Identity = { email: 'jane@example.org' };
const john: Identity = { email: 'john@example.org' };
const activity = 'store/activity';

/** A ticket system with one ticket, that stores what it is sent. */
class Desk implements Backend {
  readonly name = 'late';
  readonly limits = {};
  readonly entries: ThreadEntry[] = [];
  updatedAt = '2026-01-01T10:00:00.000Z';

  get #ticket(): Ticket {
    const { updatedAt } = this;
    const requester = { name: 'Jane', role: 'requester' } as const;
    return { id: '1', number: '1', subject: 'Old', status: 'open', requester, createdAt: updatedAt, updatedAt };
  }

  listTickets() {
    return Promise.resolve({ items: [this.#ticket] });
  }

  readThread() {
    return Promise.resolve({ ticket: this.#ticket, entries: [...this.entries] });
  }

  createTicket() {
    return Promise.resolve(this.#ticket);
  }

  reply(_: string, { message }: { message: string }) {
    const author = { name: 'Jane', role: 'requester' } as const;
    const body = { format: 'text', value: message } as const;
    const entry: ThreadEntry = { id: `e${this.entries.length}`, kind: 'message', author, body, attachments: [] };
    this.entries.push(entry);
    return Promise.resolve(entry);
  }
}

let stores: Store[] = [];

/** Opens a store in a new page without these files, where what shows tickets is there. */
async function open(desk: Desk, missing?: readonly string[], identity?: Identity | null): Promise<Store> {
  return openIn(await pageOf(missing), desk, identity);
}

/** What elements bring that show tickets. */
const brought = `import { tickets } from "/src/store/late.ts"; import { ticketsCode } from "/src/store/tickets.ts";
  tickets.now = ticketsCode;`;

async function pageOf(missing: readonly string[] = [], more = brought): Promise<Window & typeof globalThis> {
  const page = await pageWithout(
    missing,
    'store/store',
    `<script type="module">import { createStore } from "/src/store/store.ts"; ${more} Object.assign(window, { createStore });</script>`,
  );
  return page.defaultView!;
}

function openIn(page: Window, desk: Desk, identity: Identity | null = jane): Store {
  const create = (page as unknown as { createStore: typeof createStore }).createStore;
  const store = create(desk, { scope: 'late', pollInterval: 0, ...(identity && { identity }) });
  stores.push(store);
  return store;
}

const shown = (store: Store): unknown[] =>
  store.outbox.value.map(({ state, draft, error }) => [state, draft.message, error?.code]);
const kept = (): string => JSON.stringify({ ...localStorage });
/** Any call that needs the code, and is refused once it is there. */
const code = (store: Store): Promise<string> => codeOf(store.createUser({ name: 'X', email: 'x@example.org' }));

describe('the store without the code of what a person does', () => {
  beforeEach(() => {
    localStorage.clear();
  });
  afterEach(() => {
    for (const store of stores.splice(0)) store.dispose();
    stores = [];
    removePages();
    localStorage.clear();
  });

  it('shows lists and threads', async () => {
    const store = await open(new Desk(), [activity]);
    expect(await code(store)).to.equal('network');
    await Promise.all([store.tickets().refresh(), store.thread('1').refresh()]);
    expect([store.tickets().peek().data?.items.length, store.thread('1').peek().data?.ticket.id]).to.deep.equal([
      1,
      '1',
    ]);
    await store.tickets().refresh();
    expect(store.tickets().peek().status).to.equal('ready');
  });

  it('keeps a reply at once, says that it was not sent, and a later page sends it', async () => {
    const desk = new Desk();
    const store = await open(desk, [activity]);
    const reply = codeOf(store.reply('1', { message: 'Precious', files: [new File(['x'], 'a.png')] }));
    expect(shown(store)).to.deep.equal([['sending', 'Precious', undefined]]);
    expect(kept()).to.contain('Precious').and.to.contain('a.png');
    expect(await reply).to.equal('network');
    expect(shown(store)).to.deep.equal([['failed', 'Precious', 'network']]);
    const { id } = store.outbox.value[0]!;
    expect(await codeOf(store.retry(id))).to.equal('network');
    expect(shown(store)).to.deep.equal([['failed', 'Precious', 'network']]);

    const next = await open(desk);
    void next.thread('1').refresh();
    await until(() => next.outbox.value.length);
    expect(next.outbox.value[0]).to.deep.include({ id, state: 'failed', lostFiles: ['a.png'] });
    await next.retry(id);
    expect([desk.entries.length, next.outbox.value, kept().includes('Precious')]).to.deep.equal([1, [], false]);
  });

  it('takes the same words for the same reply', async () => {
    const store = await open(new Desk(), [activity]);
    const replies = [1, 2].map(() => codeOf(store.reply('1', { message: 'Once' })));
    expect(await Promise.all(replies)).to.deep.equal(['network', 'network']);
    await codeOf(store.reply('1', { message: 'Once' }));
    expect(shown(store)).to.deep.equal([['failed', 'Once', 'network']]);
  });

  it('gives a reply up and takes it back', async () => {
    const store = await open(new Desk(), [activity]);
    await codeOf(store.reply('1', { message: 'Gone' }));
    const [outgoing] = store.outbox.value;
    store.discard(outgoing!.id);
    expect([shown(store), kept().includes('Gone')]).to.deep.equal([[], false]);
    store.restore(outgoing!);
    expect([shown(store), kept().includes('Gone')]).to.deep.equal([[['failed', 'Gone', 'network']], true]);
  });

  it('forgets everything at once when the person signs out, and gives drafts to who signs in', async () => {
    const store = await open(new Desk(), [activity], null);
    store.drafts.write('new', { subject: 'Secret' });
    store.identify(jane);
    expect(store.drafts.read('new')).to.deep.equal({ subject: 'Secret' });
    await codeOf(store.reply('1', { message: 'Secret' }));
    store.signOut();
    expect([store.outbox.value, store.drafts.read('new'), kept().includes('Secret')]).to.deep.equal([
      [],
      undefined,
      false,
    ]);
  });

  it('does not ask for it beforehand while there is no network', async () => {
    const page = await pageOf();
    let onLine = false;
    Object.defineProperty(page.navigator, 'onLine', { get: () => onLine });
    const store = openIn(page, new Desk());
    const asked = (): unknown[] =>
      page.performance.getEntriesByType('resource').filter(({ name }) => name.includes(activity));
    store.drafts.write('new', { subject: 'x' });
    await Promise.all([store.tickets().refresh(), store.thread('1').refresh()]);
    await new Promise((resolve) => setTimeout(resolve));
    expect(asked()).to.deep.equal([]);
    onLine = true;
    page.dispatchEvent(new Event('online'));
    store.drafts.write('new', { subject: 'xy' });
    await until(() => asked().length);
  });

  it('tells nobody of replies when it comes and there are none', async () => {
    const store = await open(new Desk());
    let calls = 0;
    store.outbox.watch(() => calls++);
    await code(store);
    expect(calls).to.equal(0);
  });

  it('sends a reply that was written before the code came, once', async () => {
    const desk = new Desk();
    const store = await open(desk);
    const files = [new File(['x'], 'a.png')];
    const replies = [1, 2].map(() => store.reply('1', { message: 'Early', files }));
    expect(shown(store)).to.deep.equal([['sending', 'Early', undefined]]);
    expect(store.outbox.value[0]!.draft.files).to.equal(files);
    await Promise.all(replies);
    expect([desk.entries.length, store.outbox.value]).to.deep.equal([1, []]);
  });

  it('shows nothing of one person to the next, who comes before the code does', async () => {
    const desk = new Desk();
    const before = await open(desk, [activity]);
    await codeOf(before.reply('1', { message: 'Of Jane' }));
    const seen = await open(desk);
    await seen.tickets().refresh();
    await code(seen);
    desk.updatedAt = '2026-03-01T00:00:00.000Z';

    const store = await open(desk);
    await Promise.all([store.tickets().refresh(), store.thread('1').refresh()]);
    const sent = codeOf(store.reply('1', { message: 'Also of Jane' }));
    store.identify(john);
    expect(await code(store)).to.equal('unsupported');
    expect([await sent, store.outbox.value, store.unread.value.size]).to.deep.equal(['aborted', [], 0]);
    store.identify(jane);
    expect(shown(store).map((reply) => (reply as string[])[1])).to.deep.equal(['Of Jane', 'Also of Jane']);
    expect(desk.entries).to.deep.equal([]);
  });
});

describe('the store without the code of lists and threads', () => {
  const reading = 'store/tickets';
  const alone = async (desk: Desk, missing: readonly string[] = []): Promise<Store> =>
    openIn(await pageOf(missing, ''), desk);

  beforeEach(() => {
    localStorage.clear();
  });
  afterEach(() => {
    for (const store of stores.splice(0)) store.dispose();
    removePages();
    localStorage.clear();
  });

  it('fetches it with the first that is asked, and reads and answers as with it', async () => {
    const desk = new Desk();
    const store = await alone(desk);
    const reply = store.reply('1', { message: 'Alone' });
    await Promise.all([store.tickets().refresh(), store.thread('1').refresh(), reply]);
    expect([store.tickets().peek().data?.items.length, store.thread('1').peek().data?.ticket.id]).to.deep.equal([
      1,
      '1',
    ]);
    expect([desk.entries.length, store.outbox.value, kept().includes('Alone')]).to.deep.equal([1, [], false]);
  });

  it('sends a new ticket without it', async () => {
    const store = await alone(new Desk(), [reading]);
    expect((await store.createTicket({ subject: 'New', message: 'x' })).id).to.equal('1');
  });

  it('says where it cannot be had, leaves the words to who has them, and asks again', async () => {
    const desk = new Desk();
    const store = await alone(desk, [reading]);
    expect(await codeOf(store.reply('1', { message: 'Refused' }))).to.equal('network');
    await Promise.all([store.tickets().refresh(), store.thread('1').refresh()]);
    for (const { status, error } of [store.tickets().peek(), store.thread('1').peek()])
      expect([status, error?.code]).to.deep.equal(['error', 'network']);
    expect([desk.entries, store.outbox.value, kept().includes('Refused')]).to.deep.equal([[], [], false]);
    store.discard('none');
  });

  it('keeps nothing of one person for the next, who comes before the code does', async () => {
    const desk = new Desk();
    const store = await alone(desk);
    const sent = codeOf(store.reply('1', { message: 'Of Jane' }));
    store.identify(john);
    expect(await sent).to.equal('aborted');
    expect([desk.entries, store.outbox.value, kept().includes('Of Jane')]).to.deep.equal([[], [], false]);
  });

  it('tells what an earlier page left, and sends that', async () => {
    const desk = new Desk();
    const before = await open(desk, [activity]);
    await codeOf(before.reply('1', { message: 'Left' }));
    const store = await alone(desk);
    await code(store);
    const [left] = store.outbox.value;
    expect(left).to.deep.include({ state: 'failed', draft: { message: 'Left' } });
    await store.retry(left!.id);
    expect([desk.entries.length, store.outbox.value, kept().includes('Left')]).to.deep.equal([1, [], false]);
  });
});
