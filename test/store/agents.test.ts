import { expect } from 'chai';
import type { Backend, Call } from '../../src/backends/backend.js';
import type { HelpDeskError } from '../../src/errors.js';
import type { Thread, UserDraft } from '../../src/model.js';
import { createStore } from '../../src/store/store.js';

const nothing = (): Promise<never> => Promise.reject(new Error('not asked for'));
const quiet: Backend = {
  name: 'memory',
  limits: { agent: true },
  listTickets: nothing,
  readThread: nothing,
  createTicket: nothing,
};
const john: UserDraft = { name: 'John Doe', email: 'john@example.test', phone: '4254441212' };
const options = { storage: null, pollInterval: 0 } as const;

describe('store, for agents', () => {
  it('makes somebody known, in the name of whoever asks', async () => {
    const seen: [UserDraft, Call['identity']][] = [];
    const backend: Backend = {
      ...quiet,
      async createUser(draft, { identity }) {
        seen.push([draft, identity]);
        return { id: '7', name: draft.name, role: 'requester' };
      },
    };
    const store = createStore(backend, { ...options, identity: { staff: 'nora' } });
    expect(store.can('createUser')).to.equal(true);
    expect(await store.createUser(john)).to.deep.equal({ id: '7', name: 'John Doe', role: 'requester' });
    expect(seen).to.deep.equal([[john, { staff: 'nora' }]]);
    store.dispose();
  });

  it('knows agents apart by their name: what was listed for one is gone for the next', async () => {
    const listTickets: Backend['listTickets'] = async (_, { identity }) => ({
      items: [
        {
          id: '1',
          number: '1',
          subject: identity?.staff ?? '',
          status: 'open',
          requester: { name: '', role: 'requester' },
        },
      ],
    });
    const store = createStore({ ...quiet, listTickets }, { ...options, identity: { staff: 'nora' } });
    const list = store.tickets({ scope: 'assigned' });
    await list.refresh();
    expect(list.peek().data?.items[0]?.subject).to.equal('nora');
    store.identify({ staff: 'tomas' });
    expect(store.tickets({ scope: 'assigned' }).peek().data).to.equal(undefined);
    store.dispose();
  });

  it('shows the status that a reply gives at once, without asking again', async () => {
    const { requester, ...rest } = {
      id: '1',
      number: '1',
      subject: '',
      requester: { name: '', role: 'requester' },
    } as const;
    const ticket = { ...rest, requester, status: 'open', statusLabel: 'Waiting' } as const;
    const entry = (id: string, kind: 'message' | 'reply', value: string) =>
      ({ id, kind, author: { name: '', role: 'agent' }, body: { format: 'text', value }, attachments: [] }) as const;
    let reads = 0;
    const backend: Backend = {
      ...quiet,
      listTickets: async () => ({ items: [ticket, { ...ticket, id: '2' }] }),
      readThread: async () => ({ ticket, entries: reads++ ? [] : [entry('1', 'message', 'Help')] }),
      reply: async (_, { message }) => entry('2', 'reply', message),
    };
    const store = createStore(backend, options);
    const thread = store.thread('1');
    const list = store.tickets({ scope: 'all' });
    const open = store.tickets({ scope: 'all', status: 'open' });
    await Promise.all([thread.refresh(), list.refresh(), open.refresh()]);
    await store.reply('1', { message: 'Done', status: 'resolved' });
    const after = thread.peek().data!;
    expect([after.ticket.status, after.ticket.statusLabel, after.entries.length, reads]).to.deep.equal([
      'resolved',
      undefined,
      2,
      1,
    ]);
    expect(list.peek().data!.items.map(({ status }) => status)).to.deep.equal(['resolved', 'open']);
    expect(open.peek().data!.items.map(({ id }) => id)).to.deep.equal(['2']);
    store.dispose();
  });

  it('says that it cannot where the back end has no such call', async () => {
    const store = createStore(quiet, options);
    expect(store.can('createUser')).to.equal(false);
    expect(
      await store.createUser(john).then(
        () => '',
        ({ code }: HelpDeskError) => code,
      ),
    ).to.equal('unsupported');
    store.dispose();
  });

  it('keeps nothing of an entry that is none for the requester, whatever a back end hands over', async () => {
    const base = { id: '1', author: { name: '', role: 'agent' }, attachments: [] };
    const kinds = [
      'message',
      'note',
      'N',
      'internal',
      '',
      undefined,
      'Reply',
      'reply',
      'event',
      ['message'],
      'messages',
    ];
    const entries = kinds.map((kind, index) => ({ ...base, kind, body: { format: 'text', value: `${index}` } }));
    const backend: Backend = {
      ...quiet,
      readThread: async () =>
        ({
          ticket: { id: '1', number: '1', subject: '', status: 'open', requester: { name: '', role: 'requester' } },
          entries,
        }) as unknown as Thread,
    };
    const store = createStore(backend, options);
    const thread = store.thread('1');
    await thread.refresh();
    expect(thread.peek().data?.entries.map(({ body }) => body.value)).to.deep.equal(['0', '7', '8']);
    store.dispose();
  });
});
