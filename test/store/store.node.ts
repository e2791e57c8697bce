import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import { announceDesk, findDesk, provideDesk } from '../../src/store/desks.js';
import { createStore } from '../../src/store/store.js';
import '../../src/store/controllers.js';

describe('the store under Node', () => {
  it('reads and writes without a page', async () => {
    const ticket = {
      id: '1',
      number: '1',
      subject: 's',
      status: 'open',
      requester: { name: '', role: 'requester' },
    } as const;
    const backend: Backend = {
      name: 'memory',
      limits: {},
      listTickets: () => Promise.resolve({ items: [ticket] }),
      readThread: () => Promise.resolve({ ticket, entries: [] }),
      createTicket: () => Promise.resolve(ticket),
    };
    const store = createStore(backend);
    await store.tickets().refresh();
    expect(store.tickets().peek().data?.items).to.deep.equal([ticket]);
    expect(await store.createTicket({ subject: 's', message: 'm' })).to.deep.equal(ticket);
    store.drafts.write('new', { message: 'm' });
    expect([store.drafts.read('new'), store.drafts.durable]).to.deep.equal([{ message: 'm' }, false]);
    expect(store.online.value).to.equal(true);
    const end = provideDesk('default', store);
    expect(findDesk('default')).to.equal(store);
    end();
    announceDesk();
    store.dispose();
  });
});
