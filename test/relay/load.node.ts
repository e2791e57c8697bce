/** What is asked too often, too large or too slowly. */
import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import type { Ticket } from '../../src/model.js';
import type { RelayOptions } from '../../src/relay/index.js';
import { identity, openRelay, page, send, unlimited } from './bench.js';

const jane = { name: 'Jane', email: 'jane@example.test', role: 'requester' } as const;
const ticket: Ticket = { id: '1', number: '1', subject: 'Mine', status: 'open', requester: jane };
const draft = { subject: 'Printer on fire', message: 'Please help.' };
const headers = { 'Idempotency-Key': 'k1' };
const backendOf = (changes: Partial<Backend> = {}): Backend => ({
  name: 'scripted',
  limits: {},
  listTickets: async () => ({ items: [] }),
  readThread: async () => ({ ticket, entries: [] }),
  createTicket: async ({ subject }) => ({ ...ticket, subject }),
  ...changes,
});
const relayOf = (backend: Backend, changes: Partial<RelayOptions> = {}) =>
  openRelay({ backend, identity, origins: [page], rates: unlimited, cacheMs: 0, times: { settle: 0 }, ...changes });
const until = async (ready: () => boolean): Promise<void> => {
  while (!ready()) await new Promise((resolve) => setImmediate(resolve));
};

describe('a ticket that was never sent', () => {
  const body = { ...draft, email: 'omar@example.test' };

  it('can be sent again where there was no room to wait', async () => {
    let made = 0;
    const waiting: (() => void)[] = [];
    const backend = backendOf({
      listTickets: () => new Promise((resolve) => waiting.push(() => resolve({ items: [] }))),
      createTicket: async ({ subject }) => ({ ...ticket, number: `${++made}`, subject }),
    });
    const relay = relayOf(backend, { concurrency: 1, guests: { mode: 'create' } });
    const post = () => send(relay, 'POST', '/v1/tickets', { headers, body });
    let over = 0;
    const reads = Array.from({ length: 102 }, (_, at) =>
      send(relay, 'GET', `/v1/tickets?search=${at}`, { who: 'jane' }).finally(() => over++),
    );
    // One runs, a hundred wait, and there was no room for the last.
    await until(() => over === 1);
    const refused = await post();
    expect([refused.status, refused.headers.get('retry-after'), made]).to.deep.equal([503, '1', 0]);
    await until(() => {
      waiting.shift()?.();
      return over === reads.length;
    });
    expect([(await post()).status, made]).to.deep.equal([201, 1]);
  });

  it('can be sent again where its time was over while it waited', async () => {
    let made = 0;
    let asked = false;
    const backend = backendOf({
      listTickets: (_query, { signal }) => {
        asked = true;
        return new Promise((_, reject) => signal!.addEventListener('abort', () => reject(new Error('stopped'))));
      },
      createTicket: async ({ subject }) => ({ ...ticket, number: `${++made}`, subject }),
    });
    const times = { read: 300, write: 30, upload: 30, settle: 0 };
    const relay = relayOf(backend, { concurrency: 1, guests: { mode: 'create' }, times });
    const post = () => send(relay, 'POST', '/v1/tickets', { headers, body });
    const read = send(relay, 'GET', '/v1/tickets', { who: 'jane' });
    await until(() => asked);
    expect([(await post()).status, made]).to.deep.equal([504, 0]);
    expect((await read).status).to.equal(504);
    expect([(await post()).status, made]).to.deep.equal([201, 1]);
  });
});
