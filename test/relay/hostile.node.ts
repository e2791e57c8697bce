/** What people and systems could do to a relay with what looks harmless. */
import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import type { ReplyDraft, Thread, ThreadEntry, Ticket } from '../../src/model.js';
import type { LogLine } from '../../src/relay/index.js';
import { createMemoryStore, createReads } from '../../src/relay/limits.js';
import { fingerprint } from '../../src/relay/once.js';
import { toFileName } from '../../src/relay/policy.js';
import { cost, here, jane, relayOf, send, ticket, unlimited } from './bench.js';
import { agentAudience, agentSecret, claimsOf, secret, sign, tokenOf } from './tokens.js';

const entryOf = (value: string, more: Partial<ThreadEntry> = {}): ThreadEntry => ({
  id: 'e1',
  kind: 'message',
  author: jane,
  body: { format: 'text', value },
  attachments: [],
  ...more,
});
const thread: Thread = { ticket, entries: [] };
const backendOf = (changes: Partial<Backend> = {}): Backend => ({
  name: 'scripted',
  limits: {},
  listTickets: async () => ({ items: [ticket] }),
  readThread: async () => thread,
  createTicket: async ({ subject }) => ({ ...ticket, subject }),
  ...changes,
});
const until = async (ready: () => boolean): Promise<void> => {
  while (!ready()) await new Promise((resolve) => setTimeout(resolve, 5));
};

describe('the relay, wronged', () => {
  describe('by words that take long to look at', () => {
    const long = 100_000;

    it('in a message of HTML', async () => {
      const plain = await cost(() => fingerprint({ format: 'html', value: 'a'.repeat(long) }));
      for (const sign of ['<', '<a', '<a b="', '<!--'])
        expect(
          (await cost(() => fingerprint({ format: 'html', value: sign.repeat(long) }))) / plain,
          sign,
        ).to.be.lessThan(100);
    });

    it("in a file's name", async () => {
      const plain = await cost(() => toFileName('a'.repeat(long)));
      for (const sign of ['.', ' ', '. ', './'])
        expect((await cost(() => toFileName(`a${sign.repeat(long)}x`))) / plain, sign).to.be.lessThan(100);
    });
  });

  describe('by signs that nobody sees', () => {
    /** Controls, spaces without width, marks and turns of direction. */
    const hidden = [
      ...['\u0000', '\u0007', '\u001b', '\u007f', '\u009b', '\u00ad', '\u061c', '\u200b', '\u200c', '\u200d', '\u200e'],
      ...['\u200f', '\u202a', '\u202d', '\u202e', '\u2060', '\u2066', '\u2067', '\u2069', '\u206f', '\ufeff', '\ud83d'],
    ];
    /** Everything with a name, in an answer about Jane's ticket, where all are called the same. */
    async function namesOf(name: string): Promise<Record<string, unknown>> {
      const person = { ...jane, name };
      const named: Ticket = {
        ...ticket,
        subject: name,
        number: name,
        statusLabel: name,
        priority: name,
        topic: { id: '1', name },
        tags: [{ id: '1', name }],
        requester: person,
        assignee: { name, role: 'agent' },
      };
      const entries = [
        entryOf('x', { author: person, attachments: [{ id: 'f1', name, type: name }] }),
        entryOf('y', { kind: 'reply', author: { name, role: 'agent' } }),
      ];
      const relay = relayOf(
        backendOf({
          readThread: async () => ({ ticket: named, entries }),
          listTopics: async () => [{ id: '1', name, description: name }],
          listTags: async () => [{ id: '1', name }],
        }),
      );
      const get = async <T>(path: string): Promise<T> =>
        (await (await send(relay, 'GET', path, { who: 'jane' })).json()) as T;
      const read = await get<Thread>('/v1/tickets/1');
      const { items: topics } = await get<{ items: { name: string; description: string }[] }>('/v1/topics');
      const { items: tags } = await get<{ items: { name: string }[] }>('/v1/tags');
      const { subject, number, statusLabel, priority, topic, tags: own, requester, assignee } = read.ticket;
      return {
        ...{ subject, number, statusLabel, priority, topic: topic?.name, tag: own?.[0]?.name },
        ...{ requester: requester.name, assignee: assignee?.name, offered: topics[0]?.name },
        ...{ description: topics[0]?.description, label: tags[0]?.name },
        ...{ author: read.entries[0]?.author.name, agent: read.entries[1]?.author.name },
        ...{ file: read.entries[0]?.attachments[0]?.name, type: read.entries[0]?.attachments[0]?.type },
      };
    }
    const all = (names: Record<string, unknown>, name: string): void => {
      for (const [where, given] of Object.entries(names)) expect(given, where).to.equal(name);
      expect(Object.keys(names)).to.have.lengthOf(15);
    };

    it('in a name: it reads as it is', async () => {
      all(await namesOf(`${hidden.join('')}invoice${hidden.join('')}_exe${hidden.join('')}.pdf`), 'invoice_exe.pdf');
      all(await namesOf(`Bank\r\n\tof\u2028Nowhere`), 'Bank of Nowhere');
    });

    it('in a name that is nothing else', async () => {
      const names = await namesOf(hidden.join(''));
      expect([names['subject'], names['requester'], names['file'], names['statusLabel']]).to.deep.equal([
        '',
        '',
        undefined,
        undefined,
      ]);
    });

    it('in an address that nobody is to see', async () => {
      const names = await namesOf('omar\u200e@\u2060ex\u00adample.test');
      expect([names['agent'], names['assignee']]).to.deep.equal(['omar', 'omar']);
    });

    it('but not where words and pictures are made with them', async () => {
      for (const name of [
        'علی\u200cرضا می\u200cخواهد',
        'क्\u200dष and क्\u200cष',
        '👩\u200d👩\u200d👧 ❤️\u200d🔥 👩🏽\u200d💻',
      ])
        all(await namesOf(name), name);
      // Of two letters of these there is no other form, so it would only make two names look like one.
      all(await namesOf('pay\u200dpal \u200cپ\u200c раy\u200cpal a\u0301\u200db'), 'paypal پ раypal a\u0301b');
    });

    it('in time', async () => {
      const plain = await cost(() => namesOf('a'.repeat(400_000)));
      for (const sign of ['\u200b', '\n', '\u200c', '\u0627\u200c', '👩\u200d'])
        expect((await cost(() => namesOf(sign.repeat(400_000)))) / plain, escape(sign)).to.be.lessThan(20);
    });
  });

  describe('by names of files', () => {
    it('with half a sign, before, within and behind', async () => {
      const smile = '😀';
      const names: [string, string][] = [
        ['\ud83d.htaccess', 'htaccess'],
        ['\ude00\ude00', 'file'],
        [`${'a'.repeat(149)}${smile.repeat(60)}.txt`, `${'a'.repeat(149)}${smile.repeat(23)}.txt`],
        ['ok \ud83d.png', 'ok .png'],
      ];
      for (const [given, clean] of names) {
        expect(toFileName(given)).to.equal(clean);
        const file = { id: 'f1', name: given };
        const relay = relayOf(
          backendOf({
            readThread: async () => ({ ticket, entries: [entryOf('x', { attachments: [file] })] }),
            readAttachment: async () => ({ blob: new Blob(['bytes']) }),
          }),
        );
        const response = await send(relay, 'GET', '/v1/tickets/1/attachments/f1', { who: 'jane' });
        expect([response.status, await response.text()], given).to.deep.equal([200, 'bytes']);
        expect(response.headers.get('content-disposition')).to.include(`UTF-8''${encodeURIComponent(clean)}`);
      }
    });
  });

  it("a file is called as its entry calls it, not as the back end calls somebody else's same one", async () => {
    for (const [name, saved] of [
      ['mine.png', 'mine.png'],
      [undefined, 'theirs.png'],
    ] as const) {
      const relay = relayOf(
        backendOf({
          readThread: async () => ({
            ticket,
            entries: [entryOf('x', { attachments: [{ id: 'f1', ...(name && { name }) }] })],
          }),
          readAttachment: async () => ({ blob: new Blob(['bytes']), name: 'theirs.png' }),
        }),
      );
      const response = await send(relay, 'GET', '/v1/tickets/1/attachments/f1', { who: 'jane' });
      expect(response.headers.get('content-disposition')).to.include(`UTF-8''${saved}`);
    }
  });

  describe('by people who change what they are called', () => {
    const renamed = (name: string) => tokenOf('jane', { name });

    it('a write under a key stays the same', async () => {
      let made = 0;
      const relay = relayOf(backendOf({ createTicket: async () => ({ ...ticket, subject: `${++made}` }) }));
      const body = { subject: 'Printer on fire', message: 'Please help.' };
      for (const name of ['Jane Doe', 'Jane Roe', 'Jane Doe']) {
        const headers = { 'Idempotency-Key': 'k1' };
        const response = await send(relay, 'POST', '/v1/tickets', { token: await renamed(name), body, headers });
        expect(response.status).to.equal(201);
      }
      expect(made).to.equal(1);
    });

    it('they are counted as one', async () => {
      const lines: LogLine[] = [];
      const rates = { ...unlimited, reads: { points: 2, seconds: 60 } };
      const relay = relayOf(backendOf(), { rates, log: (line) => void lines.push(line) });
      const statuses: number[] = [];
      for (const name of ['A', 'B', 'C'])
        statuses.push((await send(relay, 'GET', '/v1/tickets', { token: await renamed(name) })).status);
      expect(statuses).to.deep.equal([200, 200, 429]);
      expect(new Set(lines.map(({ subject }) => subject)).size).to.equal(1);
    });

    it('but for somebody else to the back end they are somebody else', async () => {
      const seen: unknown[] = [];
      const relay = relayOf(
        backendOf({
          listTickets: async (_query, call) => {
            seen.push(call.identity?.email, call.identity?.userId);
            return { items: [] };
          },
        }),
        { cacheMs: 60_000 },
      );
      for (const more of [{}, { email: 'omar@example.test' }, { userId: '7' }, {}])
        await send(relay, 'GET', '/v1/tickets', { token: await tokenOf('jane', more) });
      expect(seen).to.deep.equal(['jane@example.test', '1', 'omar@example.test', '1', 'jane@example.test', '7']);
    });
  });

  describe('by what is kept for them', () => {
    it('no read is held beyond its time', async () => {
      const reads = createReads(20, 1000);
      const { signal } = new AbortController();
      for (let at = 0; at < 50; at++) await reads.read(`person ${at}`, 'list', signal, async () => 'x'.repeat(1000));
      expect(reads.held()).to.be.lessThan(51);
      await until(() => reads.held() === 0);
      expect(await reads.read('person 1', 'list', signal, async () => 'new')).to.equal('new');
    });

    it('answers to writes fill no more than they may', async () => {
      const store = createMemoryStore({}, 1000, 10_000);
      for (let at = 0; at < 30; at++) await store.claim(`k${at}`, 'x'.repeat(998), 60_000);
      const kept: number[] = [];
      for (let at = 0; at < 30; at++) if ((await store.get(`k${at}`)) !== undefined) kept.push(at);
      expect(kept).to.deep.equal([21, 22, 23, 24, 25, 26, 27, 28, 29]);
      // What is replaced or removed makes room.
      for (let at = 0; at < 30; at++) await store.swap('k29', 'x'.repeat(998), 'x'.repeat(998), 60_000);
      expect(await store.get('k21')).to.equal('x'.repeat(998));
      await store.swap('k29', 'x'.repeat(998), undefined, 0);
      await store.claim('k30', 'x'.repeat(1996), 60_000);
      expect([await store.get('k21'), (await store.get('k22'))?.length]).to.deep.equal([undefined, 998]);
    });
  });

  it('by a method that is a name', async () => {
    const lines: LogLine[] = [];
    const relay = relayOf(backendOf(), { log: (line) => void lines.push(line) });
    const request = new Request(`${here}/v1/tickets`);
    // Some runtimes let no such request be made, but their servers may take one.
    Object.defineProperty(request, 'method', { value: 'JANE-DOE' });
    await relay(request);
    expect(lines.map(({ method, status }) => [method, status])).to.deep.equal([['_OTHER', 404]]);
  });

  describe('by a back end that never answers', () => {
    const stopped: string[] = [];
    const forever =
      (name: string) =>
      (...args: unknown[]): Promise<never> =>
        new Promise((_, reject) => {
          const { signal } = args.at(-1) as { signal?: AbortSignal };
          signal?.addEventListener('abort', () => {
            stopped.push(name);
            reject(new Error('stopped'));
          });
        });
    beforeEach(() => void (stopped.length = 0));

    it('a download ends', async () => {
      const relay = relayOf(
        backendOf({
          readThread: async () => ({ ticket, entries: [entryOf('x', { attachments: [{ id: 'f1' }] })] }),
          readAttachment: forever('file'),
        }),
        { times: { upload: 30 } },
      );
      const response = await send(relay, 'GET', '/v1/tickets/1/attachments/f1', { who: 'jane' });
      expect([response.status, stopped]).to.deep.equal([504, ['file']]);
      const leave = new AbortController();
      const patient = relayOf(
        backendOf({
          readThread: async () => ({ ticket, entries: [entryOf('x', { attachments: [{ id: 'f1' }] })] }),
          readAttachment: (...args) => {
            setTimeout(() => leave.abort());
            return forever('left')(...args);
          },
        }),
      );
      await send(patient, 'GET', '/v1/tickets/1/attachments/f1', { who: 'jane', signal: leave.signal });
      expect(stopped).to.deep.equal(['file', 'left']);
    });

    it('the search for a lost write ends', async () => {
      let calls = 0;
      const relay = relayOf(
        backendOf({
          createTicket: async () => Promise.reject(new TypeError('fetch failed')),
          listTickets: (...args) => {
            calls++;
            return forever('list')(...args);
          },
        }),
        { times: { read: 30, settle: 0 } },
      );
      const body = { subject: 'Printer on fire', message: 'Please help.' };
      const post = () =>
        send(relay, 'POST', '/v1/tickets', { who: 'jane', body, headers: { 'Idempotency-Key': 'k1' } });
      await post();
      const again = await post();
      // What was there before was looked for, too.
      expect([again.status, calls, stopped]).to.deep.equal([504, 2, ['list', 'list']]);
    });
  });

  it('by names of others that hold their address', async () => {
    const names = ['omar@example.test', 'Omar (omar@example.test)', 'Omar <omar@example.test>', '"omar@example.test"'];
    const relay = relayOf(
      backendOf({
        readThread: async () => ({
          ticket: { ...ticket, assignee: { name: 'Nora, nora@desk.example.test', role: 'agent' } },
          entries: [...names, '@support', 'a @ b'].map((name, at) =>
            entryOf('x', { id: `e${at}`, author: { name, role: 'agent' } }),
          ),
        }),
      }),
    );
    const { ticket: shown, entries } = (await (
      await send(relay, 'GET', '/v1/tickets/1', { who: 'jane' })
    ).json()) as Thread;
    expect(entries.map(({ author }) => author.name)).to.deep.equal([
      'omar',
      'Omar (omar)',
      'Omar <omar>',
      '"omar"',
      '@support',
      'a @ b',
    ]);
    expect(shown.assignee!.name).to.equal('Nora, nora');
  });

  it('by messages that are very long: pictures inside go before words', async () => {
    const image = `<img alt="shot" src="data:image/png;base64,${'A'.repeat(300_000)}">`;
    const bodies = [image.repeat(3), image.repeat(4), 'x'.repeat(1_000_001)].map((value) => `<p>a</p>${value}<p>z</p>`);
    const relay = relayOf(
      backendOf({
        readThread: async () => ({
          ticket,
          entries: bodies.map((value, at) => entryOf('x', { id: `e${at}`, body: { format: 'html', value } })),
        }),
      }),
    );
    const { entries } = (await (await send(relay, 'GET', '/v1/tickets/1', { who: 'jane' })).json()) as Thread;
    expect(entries.map(({ body: { value } }) => value)).to.deep.equal([
      bodies[0],
      `<p>a</p>${'<img alt="shot" src="">'.repeat(4)}<p>z</p>`,
      bodies[2]!.slice(0, 1_000_000),
    ]);
  });

  it('by one key for guests and others', () => {
    const guests = { mode: 'verify', send: async () => undefined } as const;
    expect(() => relayOf(backendOf(), { guests: { ...guests, secret } })).to.throw('each their own key');
    const agents = {
      identity: { audience: agentAudience, keys: [{ alg: 'HS256' as const, secret: agentSecret }] },
      backend: backendOf(),
    };
    expect(() => relayOf(backendOf(), { agents, guests: { ...guests, secret: agentSecret } })).to.throw('key');
    expect(() =>
      relayOf(backendOf(), { agents, guests: { ...guests, secret: `${secret}, of guests` } }),
    ).not.to.throw();
  });

  it('by somebody who is an agent no more', async () => {
    const said: ReplyDraft[] = [];
    const backend = backendOf({
      reply: async (_id, draft) => {
        said.push(draft);
        return entryOf(draft.message, { kind: draft.status ? 'reply' : 'message' });
      },
      updateTicket: async () => ticket,
    });
    const relay = relayOf(backend, {
      cacheMs: 60_000,
      agents: {
        identity: { audience: agentAudience, keys: [{ alg: 'HS256', secret: agentSecret }] },
        backend: { ...backend, limits: { agent: true } },
      },
    });
    const as = { agent: { aud: agentAudience, role: 'agent', staff: 'jane' }, customer: {} };
    const agent = await sign({ ...claimsOf('jane'), ...as.agent }, agentSecret);
    const customer = await tokenOf('jane');
    const statusOf = async (token: string) => [
      (await send(relay, 'PATCH', '/v1/tickets/1', { token, body: { priority: '3' } })).status,
      (await send(relay, 'GET', '/v1/tickets?scope=all', { token })).status,
      (
        await send(relay, 'POST', '/v1/tickets/1/replies', {
          token,
          body: { message: 'x', status: 'closed' },
          headers: { 'Idempotency-Key': 'k1' },
        })
      ).status,
    ];
    const can = async (token: string) =>
      ((await (await send(relay, 'GET', '/v1/capabilities', { token })).json()) as { can: string[] }).can;
    expect([await statusOf(agent), await can(agent)]).to.deep.equal([
      [200, 200, 201],
      ['reply', 'updateTicket'],
    ]);
    // What was answered to the agent under the same key is not answered to the customer.
    expect([await statusOf(customer), await can(customer)]).to.deep.equal([[403, 403, 400], ['reply']]);
    expect([await statusOf(agent), said.length]).to.deep.equal([[200, 200, 201], 1]);
  });
});
