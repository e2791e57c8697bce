import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import { relay as relayBackend } from '../../src/backends/relay.js';
import { supportTicket } from '../../src/backends/support-ticket.js';
import type { Person, Thread, ThreadEntry, Ticket } from '../../src/model.js';
import type { BackendFor, Relay, RelayOptions } from '../../src/relay/index.js';
import { identity, key, openBench, page, send, unlimited, type RelayBench, type Sent, openRelay } from './bench.js';
import { agentAudience, agentSecret } from './tokens.js';
import { idOf, topicOf, upstreamNames } from './upstreams.js';

/** Every operation on one ticket, and the body it needs. */
const operations: readonly (readonly [name: string, method: string, path: string, body?: Record<string, unknown>])[] = [
  ['read', 'GET', ''],
  ['reply', 'POST', '/replies', { message: 'Hello there' }],
  ['close', 'PUT', '/status', { status: 'closed' }],
  ['reopen', 'PUT', '/status', { status: 'open', reason: 'because' }],
  ['rate', 'PUT', '/rating', { score: 1 }],
  ['update', 'PATCH', '', { priority: '1' }],
  ['download', 'GET', '/attachments/1'],
];

const people = {
  email: 'omar@example.test',
  userId: '2',
  user_id: '2',
  user: 'omar',
  sub: 'user-omar',
  clientUserMail: 'omar@example.test',
  requester: 'omar@example.test',
  identity: '{"email":"omar@example.test"}',
  'identity[email]': 'omar@example.test',
  'email[]': 'omar@example.test',
  Email: 'omar@example.test',
  EMAIL: 'omar@example.test',
  staffUserName: 'nora',
  role: 'agent',
  sender: 'admin',
  owner: '2',
  account_id: '2',
  as: 'omar',
  token: 'token-omar',
  __proto__x: '1',
} as const;
const queries = [
  ...Object.entries(people).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`),
  'email=jane@example.test&email=omar@example.test',
  '__proto__[email]=omar@example.test',
  'constructor=1',
  'scope=mine&scope=all',
  'limit=10&limit=100',
  '_method=DELETE',
];
const listQueries = [
  ...queries,
  'scope=all',
  'scope=assigned',
  'scope=ALL',
  'cursor=WyIyIiwwXQ',
  'cursor=e30',
  'cursor=../..',
  'search=omar',
  "search=' OR 1=1 --",
  'search=%25',
  'limit=100',
  'limit=0',
  'limit=1e3',
  'limit=-1',
  'status=any',
  'topic=0',
  'topic=1%20OR%201=1',
];
const headers: readonly Readonly<Record<string, string>>[] = [
  'X-User-Email',
  'X-User-Id',
  'X-User',
  'X-Remote-User',
  'Remote-User',
  'X-Forwarded-User',
  'X-Forwarded-Email',
  'X-Auth-Request-Email',
  'X-Identity',
  'From',
  'X-Requester',
  'X-Original-User',
].map((name) => ({ [name]: name.includes('Id') ? '2' : 'omar@example.test' }));
const steering: readonly Readonly<Record<string, string>>[] = [
  { 'X-HTTP-Method-Override': 'DELETE' },
  { 'X-Original-URL': '/v1/tickets' },
  { 'X-Rewrite-URL': '/v1/tickets' },
  { Cookie: 'OSTSESSID=omar; token=token-omar' },
  { 'X-API-Key': 'desk-key' },
  { apikey: 'desk-key' },
  { Forwarded: 'for=127.0.0.1;host=desk' },
  { 'X-Forwarded-Host': 'evil.test' },
  { 'If-None-Match': '*' },
  { Range: 'bytes=0-9' },
];
const bodies: readonly Record<string, unknown>[] = [
  ...Object.entries(people).map(([name, value]) => ({ [name]: value })),
  { requester: { email: 'omar@example.test', id: '2' } },
  { identity: { email: 'omar@example.test' } },
  { author: { role: 'agent', name: 'Nora' } },
  { name: 'Omar Haddad' },
  { displayName: 'Omar Haddad' },
  { source: 'Phone' },
  { ip: '10.0.0.1' },
  { alert: false },
  { autorespond: false },
  { attachments: [{ 'a.txt': 'data:,x' }] },
  { closeTicketImmediately: 'true' },
  { a: 'reply' },
  { ticketId: '2' },
  { id: '2' },
  { fields: { email: 'omar@example.test' } },
  { fields: { user_id: '2' } },
  { fields: { closeTicketImmediately: 'true' } },
  { fields: { staffUserName: 'nora' } },
  { fields: { recipients: 'omar@example.test' } },
  { fields: { ccs: '2' } },
  { fields: { thread_entry_recipients: 'omar@example.test' } },
  { fields: { mid: '<1@example.test>' } },
  { fields: { references: '<1@example.test>' } },
  { fields: { nested: { email: 'omar@example.test' } } },
  { fields: [['email', 'omar@example.test']] },
  { tags: ['1'] },
  { constructor: { prototype: { email: 'omar@example.test' } } },
];

/** Ways to write the id of somebody else's ticket, with one's own beside it. */
const ids = (foreign: string, own: string): string[] => [
  foreign,
  `0${foreign}`,
  `00${foreign}`,
  `${foreign}.json`,
  `${foreign}.xml`,
  `${foreign}/`,
  `${own}/../${foreign}`,
  `${own}%2f..%2f${foreign}`,
  `${own}%2F%2E%2E%2F${foreign}`,
  `..%2ftickets%2f${foreign}`,
  `..%5c${foreign}`,
  `%2e%2e`,
  `%252e%252e%252f${foreign}`,
  `.`,
  `..`,
  `%2e/${foreign}`,
  `${foreign}%00`,
  `${foreign}%20`,
  `%20${foreign}`,
  `${foreign}%0a`,
  `${foreign}%09`,
  `%2b${foreign}`,
  `-${foreign}`,
  `${foreign}.0`,
  `${Number(foreign).toExponential()}`,
  `0x${Number(foreign).toString(16)}`,
  `${foreign},${own}`,
  `${own},${foreign}`,
  `${own}%26id=${foreign}`,
  `${own}%3Fid=${foreign}`,
  `${own}%23${foreign}`,
  `${foreign};v=1`,
  `[${foreign}]`,
  `%7B%22id%22:${foreign}%7D`,
  `${foreign}%27%20OR%201=1`,
  `*`,
  `%25`,
  `_`,
  `all`,
  `null`,
  `undefined`,
  `__proto__`,
  `constructor`,
  foreign.replace(/\d/g, (digit) => encodeURIComponent(String.fromCharCode(0xff10 + Number(digit)))),
  `${foreign}%E2%80%8E`,
  `${foreign}${'0'.repeat(40)}`,
  `${'9'.repeat(400)}`,
  `ticketInfo`,
  `http:%2f%2fevil.test%2f${foreign}`,
  `${foreign}%0d%0aX-Injected:%201`,
];

/** The words by which somebody's data is known. */
function marks(value: unknown): string[] {
  const found = new Set<string>();
  JSON.stringify(value, (key, inner: unknown) => {
    if (typeof inner === 'string' && inner.length > 7 && !/^(created|updated|kind|format|state)/.test(key))
      found.add(
        inner
          .replace(/<[^>]*>/g, ' ')
          .trim()
          .slice(0, 60),
      );
    return inner;
  });
  return [...found].filter((mark) => mark.length > 7);
}

async function bytesOf(response: Response): Promise<string> {
  return JSON.stringify([...response.headers]) + (await response.text());
}

describe('ownership at the relay', function () {
  this.timeout(180_000);
  let attempts = 0;

  for (const name of upstreamNames)
    describe(`in front of ${name}`, () => {
      let bench: RelayBench;
      let foreign: string;
      let own: string;
      let stored: string;
      let foreignMarks: string[];
      before(async () => {
        bench = await openBench(name);
        const omars = bench.stored('omar@example.test');
        const janes = bench.stored('jane@example.test');
        foreign = idOf(name, omars[0]!);
        own = idOf(
          name,
          janes.find(({ number }) => number === '309214')!,
        );
        stored = JSON.stringify(bench.desk.control({ op: 'tickets' }));
        const known = JSON.stringify(janes);
        foreignMarks = ['omar@example.test', 'Omar Haddad', ...marks(omars)].filter((mark) => !known.includes(mark));
        expect(foreignMarks.length).to.be.greaterThan(8);
      });
      after(() => bench.close());

      /** Sends what Jane should not, and looks at what comes back and at what was reached. */
      async function attempt(method: string, path: string, sent: Sent, refused: boolean): Promise<Response> {
        attempts++;
        const response = await bench.ask(method, path, { who: 'jane', ...sent });
        const bytes = await bytesOf(response.clone());
        const what = `${method} ${path} ${JSON.stringify(sent)}`;
        for (const mark of foreignMarks) expect(bytes, what).not.to.include(mark);
        // 501: this back end cannot do it for anybody.
        if (refused) expect(response.status === 501 ? 400 : response.status, what).to.be.within(400, 499);
        for (const line of bench.upstream()) expect(line, what).to.match(/^GET (?!.*close_ticket)/);
        return response;
      }

      it('finds the own ticket, to begin with', async () => {
        expect((await bench.ask('GET', `/v1/tickets/${own}`, { who: 'jane' })).status).to.equal(200);
        expect((await bench.ask('GET', `/v1/tickets/${foreign}`, { who: 'omar' })).status).to.equal(200);
      });

      it('is asked for by id, in every form and operation', async () => {
        for (const id of ids(foreign, own))
          for (const [, method, path, body] of operations)
            await attempt(method, `/v1/tickets/${id}${path}`, { body }, true);
      });

      it('is smuggled in the query', async () => {
        for (const query of queries)
          for (const [, method, path, body] of operations) {
            await attempt(method, `/v1/tickets/${foreign}${path}?${query}`, { body }, true);
            if (method === 'GET') await attempt(method, `/v1/tickets/${own}${path}?${query}`, { body }, true);
          }
        for (const query of queries)
          for (const path of ['/v1/topics', '/v1/capabilities', '/v1/tags'])
            await attempt('GET', `${path}?${query}`, {}, true);
        for (const query of listQueries) {
          const lawful =
            /^(search|limit=100|cursor=Wy|topic=0)/.test(query) || (name === 'jaze' && /^topic/.test(query));
          const response = await attempt('GET', `/v1/tickets?${query}`, {}, !lawful);
          if (!lawful) continue;
          const { items } = (await response.json()) as { items: Ticket[] };
          const mine = bench.stored('jane@example.test').map((ticket) => idOf(name, ticket));
          for (const { id } of items) expect(mine).to.include(id);
        }
      });

      it('is smuggled in headers', async () => {
        for (const more of [...headers, ...steering]) {
          for (const [, method, path, body] of operations)
            await attempt(method, `/v1/tickets/${foreign}${path}`, { body, headers: more }, true);
          const response = await attempt('GET', '/v1/tickets?limit=100', { headers: more }, false);
          const { items } = (await response.json()) as { items: Ticket[] };
          expect(items).to.have.lengthOf(6);
        }
      });

      it('is smuggled in the body', async () => {
        const draft = { subject: 'Hello', message: 'Hello there', topicId: topicOf[name] };
        for (const more of bodies) {
          for (const [, method, path, body] of operations)
            if (body) {
              await attempt(method, `/v1/tickets/${foreign}${path}`, { body: { ...body, ...more } }, true);
              if (path !== '/status' || !('reason' in body))
                await attempt(method, `/v1/tickets/${own}${path}`, { body: { ...body, ...more } }, true);
            }
          await attempt('POST', '/v1/tickets', { body: { ...draft, ...more } }, true);
          const form = new FormData();
          form.append('draft', JSON.stringify({ ...draft, ...more }));
          await attempt('POST', '/v1/tickets', { body: form }, true);
        }
        for (const [field, value] of Object.entries(people)) {
          const form = new FormData();
          form.append('draft', JSON.stringify(draft));
          form.append(field, value);
          await attempt('POST', '/v1/tickets', { body: form }, true);
        }
        const twice = new FormData();
        twice.append('draft', JSON.stringify(draft));
        twice.append('draft', JSON.stringify({ ...draft, email: 'omar@example.test' }));
        await attempt('POST', '/v1/tickets', { body: twice }, true);
      });

      it('looks the same as a ticket that is not there, and costs as much', async () => {
        for (const [, method, path, body] of operations) {
          const seen: string[] = [];
          for (const id of [foreign, '999999']) {
            const response = await attempt(method, `/v1/tickets/${id}${path}`, { body }, true);
            response.headers.delete('Request-Id');
            const calls = bench.log.at(-1)!;
            const { time, id: request, ms, ...line } = calls;
            expect([typeof time, typeof request, typeof ms]).to.deep.equal(['string', 'string', 'number']);
            const { upstream, ...told } = line;
            expect([undefined, 'not-found']).to.include(upstream);
            seen.push(`${response.status} ${await bytesOf(response)} ${JSON.stringify(told)}`);
          }
          expect(seen[0]).to.equal(seen[1]);
        }
        const lines = [];
        for (const id of [foreign, '999999']) {
          await bench.ask('GET', `/v1/tickets/${id}`, { who: 'jane' });
          lines.push(bench.upstream().map((line) => line.replace(id, 'ID')));
        }
        expect(lines[0]).to.deep.equal(lines[1]);
      });

      it('has left nothing behind', () => {
        expect(JSON.stringify(bench.desk.control({ op: 'tickets' }))).to.equal(stored);
      });
    });

  describe('in front of a back end that filters nothing', () => {
    const jane: Person = { name: 'Jane Doe', email: 'jane@example.test', role: 'requester' };
    const owners: Record<string, Person | undefined> = {
      mine: jane,
      'mine in another case': { ...jane, email: 'JANE@Example.test' },
      'FOREIGN by address': { ...jane, email: 'omar@example.test' },
      'FOREIGN by longer address': { ...jane, email: 'jane@example.test.evil.test' },
      'FOREIGN by address with a list': { ...jane, email: 'jane@example.test,omar@example.test' },
      'FOREIGN by other letters': { ...jane, email: 'jаne@example.test' },
      'FOREIGN without owner': { name: 'Jane Doe', role: 'requester' },
      'FOREIGN with an empty owner': { ...jane, email: '' },
      'FOREIGN with nobody': undefined,
      'FOREIGN by id': { ...jane, id: '2' },
      'FOREIGN by address, my id': { ...jane, id: '1', email: 'omar@example.test' },
      'FOREIGN by id, no address': { name: 'x', id: '2', role: 'requester' },
      'mine by id, no address': { name: 'Jane', id: '1', role: 'requester' },
      'FOREIGN id as a number': { name: 'x', id: 1 as never, role: 'requester' },
    };
    const tickets = Object.entries(owners).map(([subject, requester], at): Ticket => ({
      id: `${at + 1}`,
      number: `${at + 1}`,
      subject,
      status: 'open',
      requester: requester!,
      assignee: { name: 'nora@desk.example.test', email: 'nora@desk.example.test', id: 'SECRET-4', role: 'agent' },
      ...({ internal: 'SECRET field', key: 'SECRET key' } as object),
    }));
    const entries = [
      {
        id: 'e1',
        kind: 'message',
        author: { ...jane, id: 'SECRET-1' },
        body: { format: 'text', value: 'Hi' },
        attachments: [{ id: 'f1', name: 'a.txt', url: 'SECRET link' }],
      },
      {
        id: 'e2',
        kind: 'note',
        author: { name: 'Nora', role: 'agent' },
        body: { format: 'text', value: 'SECRET note' },
        attachments: [{ id: 'SECRETfile' }],
      },
      {
        id: 'e3',
        kind: 'reply',
        author: { name: 'nora@desk.example.test', email: 'SECRET@x', id: '4', role: 'agent' },
        body: { format: 'html', value: '<a href="/file.php?key=SECRET&signature=x">f</a>' },
        attachments: [],
      },
      {
        id: 'e4',
        kind: 'N',
        author: { name: 'x', role: 'admin' },
        body: { format: 'text', value: 'SECRET' },
        attachments: [],
      },
      {
        id: 'e5',
        kind: 'event',
        author: { name: 'SYSTEM', role: 'system' },
        body: { format: 'text', value: 'Closed' },
        attachments: [],
      },
    ] as unknown as ThreadEntry[];
    const writes: string[] = [];
    const threadOf = (id: string): Thread => ({
      // What is not there falls through to the first.
      ticket: tickets.find((ticket) => ticket.id === id) ?? tickets[0]!,
      entries,
    });
    const write =
      (name: string) =>
      async (id: string): Promise<never> => {
        writes.push(`${name} ${id}`);
        return threadOf(id).ticket as never;
      };
    const backend: Backend = {
      name: 'leaky',
      limits: { replyFiles: { maxCount: 1, maxBytes: 9 } },
      listTickets: async () => ({ items: tickets, total: tickets.length }),
      readThread: async (id) => threadOf(id),
      createTicket: async () => tickets[2]!,
      reply: async (id) => {
        writes.push(`reply ${id}`);
        return entries[1]!;
      },
      setStatus: write('status'),
      rate: write('rate'),
      updateTicket: write('update'),
      readAttachment: async (_id, { id }) => ({ blob: new Blob([id]), name: id }),
    };
    let relay: Relay;
    beforeEach(() => {
      writes.length = 0;
      relay = openRelay({ backend, identity, origins: [page], rates: unlimited, cacheMs: 0 });
    });

    it('lists the own ones only, and counts no others', async () => {
      const response = await send(relay, 'GET', '/v1/tickets', { who: 'jane' });
      const text = await response.clone().text();
      const { items, total } = (await response.json()) as { items: Ticket[]; total?: number };
      expect(items.map(({ subject }) => subject)).to.deep.equal([
        'mine',
        'mine in another case',
        'mine by id, no address',
      ]);
      expect(total).to.equal(undefined);
      expect(text).not.to.match(/FOREIGN|SECRET|omar|desk\.example/);
      expect(items[0]!.assignee).to.deep.equal({ name: 'nora', role: 'agent' });
    });

    it('reads and writes the own ones only', async () => {
      for (const { id, subject } of tickets)
        for (const [what, method, path, body] of operations) {
          attempts++;
          const address = `/v1/tickets/${id}${path.replace('/1', '/f1')}`;
          const response = await send(relay, method, address, { who: 'jane', body });
          const text = await bytesOf(response);
          expect(text, `${what} ${subject}`).not.to.match(/FOREIGN|SECRET|omar@|desk\.example/);
          const mine = subject.startsWith('mine') && what !== 'update';
          // What its reply answers is a note: written, and not shown.
          const status = what === 'reply' ? 502 : 200;
          expect(response.status, `${what} ${subject}`).to.equal(mine ? status : what === 'update' ? 403 : 404);
        }
      expect(new Set(writes.map((line) => line.split(' ')[1]))).to.deep.equal(new Set(['1', '2', '13']));
      expect(writes.filter((line) => line.startsWith('update'))).to.deep.equal([]);
    });

    it('shows of a thread only what is for the requester', async () => {
      const response = await send(relay, 'GET', '/v1/tickets/1', { who: 'jane' });
      const { entries: shown, ticket } = (await response.json()) as Thread;
      expect(shown).to.deep.equal([
        {
          id: 'e1',
          kind: 'message',
          author: { name: 'Jane Doe', role: 'requester' },
          body: { format: 'text', value: 'Hi' },
          attachments: [{ id: 'f1', name: 'a.txt' }],
        },
        {
          id: 'e3',
          kind: 'reply',
          author: { name: 'nora', role: 'agent' },
          body: { format: 'html', value: '<a href="#">f</a>' },
          attachments: [],
        },
        {
          id: 'e5',
          kind: 'event',
          author: { name: 'SYSTEM', role: 'system' },
          body: { format: 'text', value: 'Closed' },
          attachments: [],
        },
      ]);
      expect(ticket).to.deep.equal({
        id: '1',
        number: '1',
        subject: 'mine',
        status: 'open',
        requester: { name: 'Jane Doe', email: 'jane@example.test', role: 'requester' },
        assignee: { name: 'nora', role: 'agent' },
      });
    });

    it('gives only files of what is shown', async () => {
      const status = async (id: string): Promise<number> =>
        (await send(relay, 'GET', `/v1/tickets/1/attachments/${id}`, { who: 'jane' })).status;
      expect(await status('f1')).to.equal(200);
      for (const id of ['SECRETfile', 'f2', 'F1', '..', '%2e%2e', 'f1%2f..', 'constructor'])
        expect(await status(id)).to.equal(404);
    });

    it("shows nobody else's ticket as the one just made", async () => {
      const response = await send(relay, 'POST', '/v1/tickets', { who: 'jane', body: { subject: 'x', message: 'y' } });
      expect(response.status).to.equal(502);
      expect(await bytesOf(response)).not.to.match(/FOREIGN|omar/);
    });

    it('takes no ticket for another', async () => {
      for (const id of ['99', '01', '1a']) {
        const response = await send(relay, 'GET', `/v1/tickets/${id}`, { who: 'jane' });
        expect(response.status).to.equal(404);
      }
    });
  });

  it('is not left to a system that knows people by tokens of its own, with one token for everybody', async () => {
    const bench = await openBench('support-ticket');
    const token = [...bench.desk.tokens].find(([, email]) => email === 'jane@example.test')![0];
    const one = supportTicket({ url: `${bench.origin}/api/v1`, apiKey: key, accessToken: token });
    const agents = (backend: BackendFor) => ({
      identity: { audience: agentAudience, keys: [{ alg: 'HS256' as const, secret: agentSecret }] },
      backend,
    });
    const open = (options: Pick<RelayOptions, 'backend' | 'agents'>) =>
      openRelay({ identity, origins: [page], rates: unlimited, cacheMs: 0, ...options });
    const wanted = (name: string) =>
      `The back end "${name}" knows people by tokens of its own: give a function that makes one for each person.`;
    expect(() => open({ backend: one })).to.throw(wanted('support-ticket'));
    expect(() => open({ backend: relayBackend({ url: 'https://other.test' }) })).to.throw(wanted('relay'));
    expect(() => open({ backend: () => one, agents: agents(one) })).to.throw(wanted('support-ticket'));
    // One for each: Omar reads nothing of Jane's.
    const [{ id } = { id: 0 }] = bench.stored('jane@example.test');
    const relay = open({
      backend: ({ identity: { email = '' } }) =>
        supportTicket({
          url: `${bench.origin}/api/v1`,
          apiKey: key,
          accessToken: [...bench.desk.tokens].find(([, whose]) => whose === email)![0],
        }),
    });
    const statusFor = async (who: string) => (await send(relay, 'GET', `/v1/tickets/${id}`, { who })).status;
    expect([await statusFor('jane'), await statusFor('omar')]).to.deep.equal([200, 404]);
    await bench.close();
  });

  describe('in all', () => {
    it('is tried often enough', () => {
      expect(attempts).to.be.greaterThan(8000);
      console.log(`      ${attempts} attempts`);
    });
  });
});
