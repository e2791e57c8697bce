import { expect } from 'chai';
import { Redis } from 'iovalkey';
import type { Fault } from '../../demo/desk/faults.js';
import type { Ticket, ThreadEntry } from '../../src/model.js';
import { createMemoryStore, createRedisStore, type Relay, type RelayStore } from '../../src/relay/index.js';
import { fingerprint, hashOf } from '../../src/relay/once.js';
import { identity, key, openBench, page, send, unlimited, type RelayBench, openRelay } from './bench.js';
import { hasRedis, startRedis, type TestRedis } from './redis.js';
import { idOf, topicOf, type Upstream, upstreamNames, upstreams } from './upstreams.js';

const words = { subject: 'Printer on fire', message: 'Please help. 5 < 6 & "so on"' };
const draft = { ...words, topicId: '1' };

/** Lines of a help desk's log that write. */
const lines: Partial<Record<Upstream, { create: string; reply: string }>> = {
  osticket: { create: 'POST /api/tickets.json', reply: 'PUT /api/tickets.json/' },
  'support-ticket': {
    create: 'POST /api/v1/support/create/ticket/',
    reply: 'POST /api/v1/support/ticket/conversation/',
  },
  jaze: { create: 'POST /api/v1/raise_ticket', reply: 'POST /api/v1/send_message' },
};

describe('writes under a key', () => {
  for (const name of upstreamNames.filter((each) => lines[each]))
    describe(`in front of ${name}`, () => {
      const { create, reply } = lines[name]!;
      const draft = { ...words, topicId: topicOf[name] };
      let bench: RelayBench;
      let at: string;
      beforeEach(async () => {
        bench = await openBench(name);
        const ticket = bench.stored('jane@example.test').find(({ number }) => number === '309214')!;
        at = `/v1/tickets/${idOf(name, ticket)}`;
      });
      afterEach(() => bench.close());
      const post = (path: string, body: object, idempotency: string, who = 'jane') =>
        bench.json('POST', path, { who, body, headers: { 'Idempotency-Key': idempotency } });
      const count = (line: string): number => bench.upstream().filter((each) => each.startsWith(line)).length;
      const fault = (match: string, kind: Fault['kind']) => bench.desk.control({ op: 'fault', fault: { match, kind } });
      const entries = (): number =>
        bench.stored('jane@example.test').find(({ number }) => number === '309214')!.entries.length;

      it('are stored once, and answered the same', async () => {
        const first = await post('/v1/tickets', draft, 'k1');
        const again = await post(
          '/v1/tickets',
          { message: draft.message, topicId: draft.topicId, subject: draft.subject },
          'k1',
        );
        expect([first.status, again.status]).to.deep.equal([201, 201]);
        expect(again.body).to.deep.equal(first.body);
        expect(count(create)).to.equal(1);
        expect(bench.stored('jane@example.test')).to.have.lengthOf(7);
        const one = await post(`${at}/replies`, { message: 'Once' }, 'k2');
        const two = await post(`${at}/replies`, { message: 'Once' }, 'k2');
        expect([one.status, two.status, two.body]).to.deep.equal([201, 201, one.body]);
        expect(count(reply)).to.equal(1);
      });

      it('are told from others: by person, by ticket, by route, by key', async () => {
        const all = [
          await post('/v1/tickets', draft, 'k1'),
          await post('/v1/tickets', draft, 'k1', 'omar'),
          await post('/v1/tickets', draft, 'k2'),
          await post(`${at}/replies`, { message: 'Once' }, 'k1'),
        ];
        expect(all.map(({ status }) => status)).to.deep.equal([201, 201, 201, 201]);
        expect(count(create)).to.equal(3);
      });

      it('are refused where the key stood for something else', async () => {
        await post('/v1/tickets', draft, 'k1');
        const { status, body } = await post('/v1/tickets', { ...draft, message: 'Other' }, 'k1');
        expect([status, (body as { code: string }).code]).to.deep.equal([422, 'conflict']);
        expect(count(create)).to.equal(1);
        for (const bad of ['', 'a b', 'x'.repeat(129), 'ü'])
          expect((await post('/v1/tickets', draft, bad)).status, bad).to.equal(400);
      });

      it('run once, however many come at the same time', async () => {
        const all = await Promise.all(
          Array.from({ length: 100 }, () => post(`${at}/replies`, { message: 'Now' }, 'k1')),
        );
        const statuses = new Set(all.map(({ status }) => status));
        expect([...statuses].sort()).to.satisfy((each: number[]) => each.every((one) => one === 201 || one === 409));
        expect(statuses.has(201)).to.equal(true);
        expect(count(reply)).to.equal(1);
        for (const { status, body, headers } of all)
          if (status === 409) {
            expect((body as { code: string }).code).to.equal('conflict');
            expect(headers.get('retry-after')).to.equal('1');
          }
        expect((await post(`${at}/replies`, { message: 'Now' }, 'k1')).status).to.equal(201);
        expect(count(reply)).to.equal(0);
      });

      it('that were stored though the answer was lost are found, not sent again', async () => {
        const before = entries();
        // The same words were said before: they are not taken for these.
        await post(`${at}/replies`, { message: 'Any <news>?\n\nThanks & bye' }, 'k0');
        fault(reply, 'commit-then-500');
        const lost = await post(`${at}/replies`, { message: 'Any <news>?\n\nThanks & bye' }, 'k1');
        expect([lost.status, (lost.body as { code: string }).code]).to.deep.equal([503, 'unavailable']);
        expect(entries()).to.equal(before + 2);
        count(reply);
        const found = await post(`${at}/replies`, { message: 'Any <news>?\n\nThanks & bye' }, 'k1');
        expect(found.status).to.equal(201);
        expect((found.body as { entry: ThreadEntry }).entry.kind).to.equal('message');
        expect([count(reply), entries()]).to.deep.equal([0, before + 2]);

        fault(create, 'commit-then-drop');
        expect((await post('/v1/tickets', draft, 'k2')).status).to.equal(502);
        count(create);
        const ticket = await post('/v1/tickets', draft, 'k2');
        expect(ticket.status).to.equal(201);
        expect((ticket.body as { ticket: Ticket }).ticket.subject).to.equal(draft.subject);
        expect((ticket.body as { ticket: Ticket }).ticket.id).not.to.equal('');
        expect(count(create)).to.equal(0);
        expect(bench.stored('jane@example.test').filter(({ subject }) => subject === draft.subject)).to.have.lengthOf(
          1,
        );
      });

      it('that were not stored are sent again', async () => {
        const before = entries();
        await post(`${at}/replies`, { message: 'Ping' }, 'k0');
        fault(reply, 'drop');
        expect((await post(`${at}/replies`, { message: 'Ping' }, 'k1')).status).to.equal(502);
        expect(entries()).to.equal(before + 1);
        expect((await post(`${at}/replies`, { message: 'Ping' }, 'k1')).status).to.equal(201);
        expect(entries()).to.equal(before + 2);
        fault(create, 'status-500');
        expect((await post('/v1/tickets', draft, 'k2')).status).to.equal(503);
        expect((await post('/v1/tickets', draft, 'k2')).status).to.equal(201);
        expect(bench.stored('jane@example.test')).to.have.lengthOf(7);
      });

      it('are told from older tickets of the same words, whatever is said of when those were written', async () => {
        // The relay reads every time as UTC: in one place all seem hours old, in the other a day seems still to come.
        for (const timeZone of ['UTC', 'America/New_York', 'Asia/Tokyo']) {
          const away = await openBench(name, {}, { timeZone });
          const send = async (idempotency: string): Promise<[number, string]> => {
            const sent = { who: 'jane', body: draft, headers: { 'Idempotency-Key': idempotency } };
            const { status, body } = await away.json('POST', '/v1/tickets', sent);
            return [status, (body as { ticket?: Ticket }).ticket?.id ?? ''];
          };
          const fail = (kind: Fault['kind']) => away.desk.control({ op: 'fault', fault: { match: create, kind } });
          const made = (): string[] =>
            away
              .stored('jane@example.test')
              .filter(({ subject }) => subject === draft.subject)
              .map((ticket) => idOf(name, ticket));
          await send('k0');
          const [older] = made();
          fail('drop');
          expect((await send('k1'))[0], timeZone).to.equal(502);
          const again = await send('k1');
          expect(made(), timeZone).to.deep.equal([older, again[1]]);
          expect(again[0]).to.equal(201);
          fail('commit-then-drop');
          expect((await send('k2'))[0]).to.equal(502);
          const found = await send('k2');
          expect(made(), timeZone).to.deep.equal([older, again[1], found[1]]);
          expect(found[0]).to.equal(201);
          await away.close();
        }
      });

      it('that cannot be told are said to be so, and not sent', async () => {
        fault(reply, 'drop');
        expect((await post(`${at}/replies`, { message: '?!' }, 'k1')).status).to.equal(502);
        count(reply);
        const unclear = await post(`${at}/replies`, { message: '?!' }, 'k1');
        expect([unclear.status, (unclear.body as { code: string }).code]).to.deep.equal([503, 'unavailable']);
        expect(count(reply)).to.equal(0);
      });

      it('that were refused may be sent again', async () => {
        bench.desk.control({
          op: 'fault',
          fault: { match: create, kind: 'answer', status: 429, headers: { 'Retry-After': '1' } },
        });
        expect((await post('/v1/tickets', draft, 'k1')).status).to.equal(429);
        expect((await post('/v1/tickets', draft, 'k1')).status).to.equal(201);
      });
    });

  it('are not kept by a list that does not come, and then not sent again where they may be there', async () => {
    const requester = { name: 'Jane', email: 'jane@example.test', role: 'requester' } as const;
    const older: Ticket = { id: '1', number: '1', subject: words.subject, status: 'open', requester };
    let [lists, creates] = [0, 0];
    const relay = openRelay({
      backend: {
        name: 'scripted',
        limits: {},
        listTickets: (_query, { signal }) =>
          new Promise((resolve, reject) => {
            if (lists++) resolve({ items: [older] });
            else signal!.addEventListener('abort', () => reject(new Error('stopped')));
          }),
        readThread: async () => ({
          ticket: older,
          entries: [
            {
              id: 'e1',
              kind: 'message',
              author: requester,
              body: { format: 'text', value: words.message },
              attachments: [],
            },
          ],
        }),
        createTicket: async () => {
          creates++;
          throw new TypeError('fetch failed');
        },
      },
      identity,
      origins: [page],
      rates: unlimited,
      cacheMs: 0,
      times: { read: 30, settle: 0 },
    });
    const post = async (): Promise<[number, string]> => {
      const sent = { who: 'jane', body: words, headers: { 'Idempotency-Key': 'k1' } };
      const response = await send(relay, 'POST', '/v1/tickets', sent);
      return [response.status, ((await response.json()) as { code: string }).code];
    };
    expect([await post(), lists, creates]).to.deep.equal([[502, 'unexpected'], 1, 1]);
    // It has no date: it may be this one.
    expect([await post(), lists, creates]).to.deep.equal([[503, 'unavailable'], 2, 1]);
  });

  it('wait for an outcome to show before it is looked for', async () => {
    let stored = 0;
    const store = createMemoryStore(unlimited);
    const bench = await openBench('osticket', {
      store: {
        ...store,
        swap: (name, before, after, ttlMs) => {
          const { state, at } = JSON.parse(after ?? '{}') as { state?: string; at?: number };
          if (state === 'unknown') stored = at!;
          return store.swap(name, before, after, ttlMs);
        },
      },
      times: { settle: 200 },
    });
    const post = () =>
      bench.ask('POST', '/v1/tickets', { who: 'jane', body: draft, headers: { 'Idempotency-Key': 'k1' } });
    bench.desk.control({ op: 'fault', fault: { match: 'POST /api/tickets.json', kind: 'drop' } });
    await post();
    expect(stored).to.be.greaterThan(0);
    bench.upstream();
    const again = post();
    while (!bench.upstream().some((line) => line.startsWith('GET /api/tickets.json')))
      await new Promise((resolve) => setImmediate(resolve));
    const looked = Date.now();
    expect((await again).status).to.equal(201);
    expect(looked - stored).to.be.greaterThan(150);
    await bench.close();
  });

  it('are compared by what they say', async () => {
    expect(fingerprint({ value: ' Any  <b>\n' })).to.equal('anyb');
    expect(fingerprint({ format: 'html', value: '<p>Any&nbsp;&lt;b&gt;<br></p>' })).to.equal('anyb');
    expect(fingerprint({ value: '👍 !' })).to.equal('');
    const file = (text: string) => new File([text], 'a.txt');
    const hashes = [
      await hashOf({ message: 'a', format: 'text' }),
      await hashOf({ format: 'text', message: 'a' }),
      await hashOf({ message: 'a' }),
      await hashOf({ message: 'a', files: [file('x')] }),
      await hashOf({ message: 'a', files: [file('y')] }),
    ];
    expect(hashes[0]).to.equal(hashes[1]);
    expect(new Set(hashes).size).to.equal(4);
  });
});

describe('the store in memory', () => {
  it('forgets after its time, and the oldest when it is full', async () => {
    const store = createMemoryStore({}, 3);
    expect(await store.claim('a', '1', 0)).to.equal(undefined);
    expect(await store.claim('a', '2', 60_000)).to.equal(undefined);
    expect(await store.claim('a', '3', 60_000)).to.equal('2');
    expect(await store.swap('a', '1', '4', 60_000)).to.equal(false);
    expect(await store.swap('a', '2', '4', 60_000)).to.equal(true);
    expect(await store.get('a')).to.equal('4');
    for (const name of ['b', 'c', 'd']) await store.claim(name, '1', 60_000);
    expect(await store.get('a')).to.equal(undefined);
    expect([await store.count('n', 60_000), await store.count('n', 60_000)]).to.deep.equal([1, 2]);
    expect(await store.swap('d', '1', undefined, 0)).to.equal(true);
    expect(await store.get('d')).to.equal(undefined);
  });
});

if (hasRedis)
  describe('two relays on one Redis', function () {
    this.timeout(30_000);
    let redis: TestRedis;
    let bench: RelayBench;
    let stores: RelayStore[];
    let relays: Relay[];
    beforeEach(async () => {
      redis = await startRedis();
      bench = await openBench('osticket');
      const { url } = upstreamOf(bench);
      stores = [0, 1].map(() => {
        const client = new Redis(redis.url, {
          maxRetriesPerRequest: 1,
          enableOfflineQueue: false,
          retryStrategy: () => 50,
        });
        client.on('error', () => undefined);
        return createRedisStore(client, { ...unlimited, creates: { points: 5, seconds: 60 } });
      });
      await until(async () =>
        (
          await Promise.all(
            stores.map((store) =>
              store.ping().then(
                () => true,
                () => false,
              ),
            ),
          )
        ).every(Boolean),
      );
      relays = stores.map((store) =>
        openRelay({
          backend: upstreams.osticket({ url, key, tokens: {} }),
          identity,
          origins: [page],
          store,
          cacheMs: 0,
          times: { settle: 0 },
        }),
      );
    });
    afterEach(async () => {
      await Promise.all(stores.map((store) => store.close()));
      await redis.stop();
      await bench.close();
    });
    const until = async (ready: () => Promise<boolean>): Promise<void> => {
      while (!(await ready())) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    const post = (relay: Relay, idempotency: string, body: object = draft) =>
      send(relay, 'POST', '/v1/tickets', { who: 'jane', body, headers: { 'Idempotency-Key': idempotency } });
    const made = (): number =>
      bench.stored('jane@example.test').filter(({ subject }) => subject === draft.subject).length;

    it('store a repeated write once', async () => {
      const all = await Promise.all(
        Array.from({ length: 100 }, (_, at) => post(relays[at % 2]!, 'k1', { ...draft, topicId: '2' })),
      );
      const statuses = all.map(({ status }) => status);
      expect(statuses.every((status) => [201, 409].includes(status))).to.equal(true);
      expect(made()).to.equal(1);
    });

    it('give the answer of the other', async () => {
      const first = await (await post(relays[0]!, 'k1')).text();
      const second = await post(relays[1]!, 'k1');
      expect([second.status, await second.text()]).to.deep.equal([201, first]);
      const caps = await send(relays[0]!, 'GET', '/v1/capabilities', { who: 'jane' });
      expect(await caps.json()).to.deep.include({ dedupe: 'shared' });
    });

    it('count together', async () => {
      const statuses: number[] = [];
      for (let at = 0; at < 7; at++) statuses.push((await post(relays[at % 2]!, `k${at}`)).status);
      expect(statuses).to.deep.equal([201, 201, 201, 201, 201, 429, 429]);
    });

    it('go on without it, each alone', async () => {
      expect((await post(relays[0]!, 'k1')).status).to.equal(201);
      await redis.stop();
      const other = { ...draft, message: 'Other words' };
      expect((await post(relays[0]!, 'k2', other)).status).to.equal(201);
      expect((await post(relays[0]!, 'k2', other)).status).to.equal(201);
      expect(made()).to.equal(2);
      expect((await send(relays[0]!, 'GET', '/v1/tickets', { who: 'jane' })).status).to.equal(200);
      expect((await send(relays[0]!, 'GET', '/readyz')).status).to.equal(503);
    });

    it('send nothing again that was claimed there before it went away', async () => {
      const at = '/v1/tickets/309214/replies';
      const reply = (idempotency: string, message: string, relay = relays[0]!) =>
        send(relay, 'POST', at, { who: 'jane', body: { message }, headers: { 'Idempotency-Key': idempotency } });
      const said = (message: string): number =>
        bench
          .stored('jane@example.test')
          .find(({ number }) => number === '309214')!
          .entries.filter(({ body }) => body.includes(message)).length;
      expect((await post(relays[0]!, 'k1')).status).to.equal(201);
      expect((await reply('k2', 'Once and only once')).status).to.equal(201);
      await redis.stop();
      for (const relay of relays)
        for (const again of [await post(relay, 'k1'), await reply('k2', 'Once and only once', relay)]) {
          const { code } = (await again.json()) as { code: string };
          // Neither sent nor said to be.
          expect([again.status, code]).to.deep.equal([503, 'unavailable']);
        }
      expect([made(), said('Once and only once')]).to.deep.equal([1, 1]);
      // Nothing to recognise it by.
      expect((await reply('k3', '👍')).status).to.equal(503);
      expect((await reply('k4', 'Something new')).status).to.equal(201);
      expect((await reply('k4', 'Something new')).status).to.equal(201);
      expect(said('Something new')).to.equal(1);
    });

    it('keep what was claimed while it was away', async () => {
      await redis.stop();
      bench.desk.control({ op: 'fault', fault: { match: 'POST /api/tickets.json', kind: 'commit-then-drop' } });
      expect((await post(relays[0]!, 'k1')).status).to.equal(502);
      expect((await post(relays[0]!, 'k5', { ...draft, message: 'Other words' })).status).to.equal(201);
      redis = await startRedis(redis.port);
      await until(async () =>
        stores[0]!.ping().then(
          () => true,
          () => false,
        ),
      );
      // The one is looked for, the other answered from memory, then from Redis.
      for (let round = 0; round < 2; round++) {
        expect((await post(relays[0]!, 'k1')).status).to.equal(201);
        expect((await post(relays[0]!, 'k5', { ...draft, message: 'Other words' })).status).to.equal(201);
      }
      expect(made()).to.equal(2);
      await until(async () =>
        stores[1]!.ping().then(
          () => true,
          () => false,
        ),
      );
      expect((await post(relays[1]!, 'k1')).status).to.equal(201);
      expect(made()).to.equal(2);
    });

    it('are not misled by what one of them has kept', async () => {
      const backend = upstreams.osticket({ url: upstreamOf(bench).url, key, tokens: {} });
      const [one, two] = stores.map((store) =>
        openRelay({ backend, identity, origins: [page], store, cacheMs: 60_000, times: { settle: 0 } }),
      ) as [Relay, Relay];
      const at = '/v1/tickets/309214';
      const reply = (relay: Relay, idempotency: string) =>
        send(relay, 'POST', `${at}/replies`, {
          who: 'jane',
          body: { message: 'Any news?' },
          headers: { 'Idempotency-Key': idempotency },
        });
      const said = (): number =>
        bench
          .stored('jane@example.test')
          .find(({ number }) => number === '309214')!
          .entries.filter(({ body }) => body.includes('Any news?')).length;
      await send(two, 'GET', at, { who: 'jane' });
      expect((await reply(one, 'k1')).status).to.equal(201);
      // Two has kept the thread without it. Its own one is lost on the way, and the first is not taken for it.
      bench.desk.control({ op: 'fault', fault: { match: 'PUT /api/tickets.json/', kind: 'drop', times: 1 } });
      expect((await reply(two, 'k2')).status).to.equal(502);
      expect(said()).to.equal(1);
      expect((await reply(two, 'k2')).status).to.equal(201);
      expect(said()).to.equal(2);
    });

    it('end what another had begun and never finished', async () => {
      // The claim of a relay that is gone, as it left it.
      const bare = createMemoryStore();
      let claimed: [string, string] | undefined;
      const dying: RelayStore = {
        ...bare,
        claim: async (name, value) => {
          claimed = [name, value];
          throw new Error('gone');
        },
      };
      const lost = openRelay({
        backend: upstreams.osticket({ url: upstreamOf(bench).url, key, tokens: {} }),
        identity,
        origins: [page],
        store: dying,
      });
      await post(lost, 'k1');
      const [name, value] = claimed!;
      await stores[0]!.claim(name, value, 60_000);
      expect((await post(relays[0]!, 'k1')).status).to.equal(409);
      const old = JSON.stringify({ ...(JSON.parse(value) as object), at: Date.now() - 200_000 });
      await stores[0]!.swap(name, value, old, 60_000);
      const all = await Promise.all([post(relays[0]!, 'k1'), post(relays[1]!, 'k1')]);
      expect(all.map(({ status }) => status)).to.include(201);
      expect(made()).to.equal(1);
    });
  });

const upstreamOf = (bench: RelayBench): { url: string } => ({ url: bench.origin });
