import { expect } from 'chai';
import { relay, type RelayCapabilities, type RelayOptions } from '../../src/backends/relay.js';
import type { Backend } from '../../src/backends/backend.js';
import { HelpDeskError } from '../../src/errors.js';
import { openTestDesk, type TestDesk } from '../support/desk.js';
import { claimsOf, sign, tokenOf } from '../relay/tokens.js';
import { systems } from '../relay/systems.js';
import { upstreamNames } from '../relay/upstreams.js';
import { describeBackend } from './contract.js';

// The other forms of osTicket behind it are tried in Node: see test/relay/contract.node.ts.
for (const name of upstreamNames.filter((each) => !/\d/.test(each)))
  describeBackend(`relay (${name})`, systems[name], async () => {
    const desk = await openTestDesk();
    const url = `${location.origin}/__desk__/${desk.id}/relay-${name}`;
    const wrong = await sign(claimsOf('jane'), 'a secret that is not the one of the site');
    const optionsOf = (who: string): RelayOptions => ({ url, getToken: () => tokenOf(who) });
    const make = async (who: string): Promise<Backend> => {
      const backend = relay(optionsOf(who));
      await backend.ready!();
      return backend;
    };
    const answer = await fetch(`${url}/v1/capabilities`, {
      headers: { Authorization: `Bearer ${await tokenOf('jane')}` },
    });
    const capabilities = (await answer.json()) as RelayCapabilities;
    const omar = { backend: await make('omar'), identity: {} };
    return {
      desk,
      backend: await make('jane'),
      // A page has no key but its token.
      remake: ({ apiKey, ...changes }) =>
        relay({
          ...optionsOf('jane'),
          capabilities,
          ...changes,
          ...(apiKey !== undefined && { getToken: () => wrong }),
        }),
      // Who asks is what the token says, whatever the page says.
      identity: { email: 'omar@example.test', userId: '2' },
      omar,
    };
  });

describe('relay', () => {
  let desk: TestDesk;
  let url: string;
  /** What the page's clock is ahead of the real one. WebKit lets nobody replace its `performance` as a whole. */
  const clock = {
    ahead: 0,
    start(): void {
      const now = performance.now.bind(performance);
      Object.defineProperty(performance, 'now', { configurable: true, value: () => now() + this.ahead });
    },
    tick(ms: number): void {
      this.ahead += ms;
    },
    stop(): void {
      Reflect.deleteProperty(performance, 'now');
      this.ahead = 0;
    },
  };
  beforeEach(async () => {
    desk = await openTestDesk();
    url = `${location.origin}/__desk__/${desk.id}/relay-osticket`;
  });
  afterEach(async () => {
    clock.stop();
    await desk.close();
  });

  /** A source of tokens that counts how often it is asked. */
  function source(...answers: (() => string | undefined | Promise<string | undefined>)[]) {
    const given = { count: 0, getToken: () => (answers[given.count++] ?? answers.at(-1)!)() };
    return given;
  }
  const jane = (): Promise<string> => tokenOf('jane');
  const expired = (): Promise<string> => {
    const now = Math.floor(Date.now() / 1000);
    return tokenOf('jane', { iat: now - 600, exp: now - 60 });
  };
  const codeOf = async (promise: Promise<unknown>): Promise<string> =>
    promise.then(
      () => 'none',
      (error: HelpDeskError) => {
        expect(error).to.be.instanceOf(HelpDeskError);
        return error.code;
      },
    );

  describe('who asks', () => {
    it('is known by the token, before what the relay offers has come', async () => {
      const tokens = source(jane);
      const backend = relay({ url: `${url}/nowhere`, getToken: tokens.getToken });
      expect(await backend.person!()).to.include({ userId: 'user-jane', email: 'jane@example.test' });
      expect(backend.limits).to.deep.equal({});
      expect(await codeOf(backend.ready!())).to.equal('not-found');
      expect(tokens.count).to.equal(1);
    });

    it('is known by a token whose times are none', async () => {
      const claims = { sub: 'user-jane', iat: 1, exp: { toString: 1, valueOf: 1 } };
      const backend = relay({ url, getToken: () => `e30.${btoa(JSON.stringify(claims))}.e30` });
      expect(await backend.person!()).to.deep.equal({ userId: 'user-jane' });
    });

    it('is nobody without one, of whom the relay need not be asked', async () => {
      const backend = relay({ url: `${url}/nowhere` });
      expect(await backend.person!()).to.equal(undefined);
      expect(backend.limits).to.deep.equal({ identityRequired: true });
    });

    it('is not known where no token can be had', async () => {
      const backend = relay({ url, getToken: () => undefined });
      expect(await codeOf(backend.person!())).to.equal('unauthorized');
    });
  });

  describe('tokens', () => {
    it('are asked for at first need, once for everybody', async () => {
      const tokens = source(jane);
      const backend = relay({ url, getToken: tokens.getToken });
      expect(tokens.count).to.equal(0);
      await Promise.all([backend.listTickets({}, {}), backend.readThread('309214', {}), backend.listTopics!({})]);
      await backend.listTickets({}, {});
      expect(tokens.count).to.equal(1);
    });

    it('are asked for again after three quarters of their life', async () => {
      clock.start();
      const tokens = source(jane);
      const backend = relay({ url, getToken: tokens.getToken });
      await backend.listTickets({}, {});
      clock.tick(449_000);
      await backend.listTickets({}, {});
      expect(tokens.count).to.equal(1);
      clock.tick(62_000);
      await backend.listTickets({}, {});
      expect(tokens.count).to.equal(2);
    });

    it('are kept while they live, where no new one can be had', async () => {
      clock.start();
      const tokens = source(jane, () => Promise.reject(new Error('offline')));
      const backend = relay({ url, getToken: tokens.getToken });
      await backend.listTickets({}, {});
      clock.tick(520_000);
      expect((await backend.listTickets({}, {})).items).to.have.lengthOf(6);
      clock.tick(90_000);
      expect(await codeOf(backend.listTickets({}, {}))).to.equal('unauthorized');
      expect(tokens.count).to.equal(3);
    });

    it('are asked for once more when one is refused', async () => {
      const tokens = source(expired, jane);
      const backend = relay({ url, getToken: tokens.getToken });
      const [list, thread] = await Promise.all([backend.listTickets({}, {}), backend.readThread('309214', {})]);
      expect([list.items.length, thread.ticket.id, tokens.count]).to.deep.equal([6, '309214', 2]);
      const never = source(expired);
      const other = relay({ url, getToken: never.getToken });
      expect(await codeOf(other.readThread('309214', {}))).to.equal('unauthorized');
      expect(never.count).to.be.within(2, 3);
      expect(await desk.control({ op: 'log' })).to.have.lengthOf(2);
    });

    it('that cannot be had: nothing is sent, and it is asked again the next time', async () => {
      const tokens = source(
        () => undefined,
        () => '',
        () => Promise.reject(new Error('signed out')),
        () => {
          throw new Error('signed out');
        },
        jane,
      );
      const backend = relay({ url, getToken: tokens.getToken, capabilities: { can: [], limits: {} } });
      for (let at = 0; at < 4; at++) expect(await codeOf(backend.listTickets({}, {}))).to.equal('unauthorized');
      expect(await desk.control({ op: 'log' })).to.deep.equal([]);
      expect((await backend.listTickets({}, {})).items).to.have.lengthOf(6);
    });

    it('come from an address of the site, by either method, with its cookies', async () => {
      const at = `/__desk__/${desk.id}/relay-token`;
      document.cookie = `who=jane; path=${at}`;
      for (const tokenUrl of [`${at}/me`, `${at}/me?method=POST`, `${location.origin}${at}/me`])
        expect((await relay({ url, tokenUrl }).listTickets({}, {})).items).to.have.lengthOf(6);
      document.cookie = `who=; path=${at}; max-age=0`;
      const cases = [
        [`${at}/jane?status=401`, 'unauthorized'],
        [`${at}/jane?status=403`, 'unauthorized'],
        [`${at}/jane?status=500`, 'unavailable'],
        [`${at}/jane?status=200`, 'unexpected'],
        ['https://evil.example/token', 'forbidden'],
        ['http://127.0.0.2/token', 'forbidden'],
      ] as const;
      for (const [tokenUrl, code] of cases)
        expect(await codeOf(relay({ url, tokenUrl }).listTickets({}, {})), tokenUrl).to.equal(code);
    });

    it('of an address go to no relay elsewhere, unless the address names it', async () => {
      const at = `/__desk__/${desk.id}/relay-token/jane`;
      const asked: string[] = [];
      const { fetch: real } = window;
      window.fetch = (input, init) => {
        const request = new Request(input, init);
        if (!request.url.startsWith(location.origin)) asked.push(request.headers.get('authorization') ?? 'nothing');
        return real(request);
      };
      try {
        // Nothing is there in truth: that it was asked is what tells.
        for (const elsewhere of [
          'http://relay.invalid/helpdesk',
          'https://relay.invalid',
          `http://${location.hostname}.relay.invalid`,
          `http://relay.invalid:${location.port}`,
        ]) {
          for (const query of [
            '',
            '?relay=',
            '?relay=relay.invalid',
            '?relay=https://other.invalid',
            '?relay=http://invalid',
          ]) {
            const backend = relay({ url: elsewhere, tokenUrl: at + query });
            expect(await codeOf(backend.listTickets({}, {})), elsewhere + query).to.equal('forbidden');
          }
          expect(asked).to.deep.equal([]);
          const named = relay({ url: elsewhere, tokenUrl: `${at}?relay=${encodeURIComponent(elsewhere)}` });
          expect(await codeOf(named.listTickets({}, {}))).to.equal('network');
          expect([...new Set(asked.splice(0).map((value) => value.slice(0, 10)))]).to.deep.equal(['Bearer eyJ']);
        }
        // What the page's own code gives goes where its own code says.
        const given = relay({ url: 'http://relay.invalid', getToken: () => tokenOf('jane') });
        expect(await codeOf(given.listTickets({}, {}))).to.equal('network');
        expect(asked[0]!.slice(0, 10)).to.equal('Bearer eyJ');
      } finally {
        window.fetch = real;
      }
    });

    it('are nowhere but in memory', async () => {
      const token = await jane();
      const backend = relay({ url, getToken: () => token });
      await backend.listTickets({}, {});
      await backend.createTicket({ subject: 'x', message: 'y' }, {});
      const addresses = performance.getEntriesByType('resource').map(({ name }) => name);
      const kept = [
        JSON.stringify({ ...localStorage }),
        JSON.stringify({ ...sessionStorage }),
        document.cookie,
        location.href,
      ];
      expect([...addresses, ...kept].join()).not.to.include(token.slice(0, 20));
      expect(JSON.stringify(backend)).not.to.include(token.slice(0, 20));
    });

    it('of another person leave nothing of the former', async () => {
      const tokens = source(jane, () => tokenOf('omar'));
      clock.start();
      const backend = relay({ url, getToken: tokens.getToken });
      expect((await backend.listTickets({}, {})).items[0]!.requester.name).to.equal('Jane Doe');
      clock.tick(599_000);
      expect((await backend.listTickets({}, {})).items[0]!.requester.name).to.equal('Omar Haddad');
      expect(await codeOf(backend.readThread('309214', {}))).to.equal('not-found');
    });
  });

  describe('what it can', () => {
    it('is known once it has been asked', async () => {
      const backend = relay({ url, getToken: jane });
      expect(backend.rate).to.be.a('function');
      await Promise.all([backend.listTickets({}, {}), backend.ready!()]);
      expect(Object.keys(backend).filter((name) => /^(list|re|set|rate|up)/.test(name))).to.deep.equal([
        'ready',
        'listTickets',
        'readThread',
        'listTopics',
        'reply',
        'setStatus',
      ]);
      expect(backend.limits).to.deep.include({ subjectLength: 500 });
      expect(backend.limits.createFiles).to.include({ maxCount: 5, maxBytes: 2_097_152 });
    });

    it('is asked for again after a failure', async () => {
      const backend = relay({ url, getToken: source(() => undefined, jane).getToken });
      expect(await codeOf(backend.ready!())).to.equal('unauthorized');
      await backend.ready!();
      expect(backend.rate).to.equal(undefined);
    });

    it('may be said beforehand', async () => {
      const backend = relay({ url, getToken: jane, capabilities: { can: ['rate'], limits: { topicRequired: true } } });
      expect([typeof backend.rate, typeof backend.reply]).to.deep.equal(['function', 'undefined']);
      expect(backend.limits).to.deep.equal({ topicRequired: true });
    });

    it('has no topics where the system has none', async () => {
      const none = `${location.origin}/__desk__/${desk.id}/relay-support-ticket`;
      const backend = relay({ url: none, getToken: jane, capabilities: { can: [], limits: {} } });
      expect(backend.listTopics).to.equal(undefined);
      const topics = [{ id: '1', name: 'One' }];
      const fixed = relay({ url, getToken: jane, topics, capabilities: { can: [], limits: {} } });
      expect(await fixed.listTopics!({})).to.deep.equal(topics);
    });
  });

  it('keeps what has not changed', async () => {
    const backend = relay({ url, getToken: jane });
    const [list, thread] = [await backend.listTickets({}, {}), await backend.readThread('309214', {})];
    expect((await backend.listTickets({}, {})).items).to.equal(list.items);
    expect(await backend.readThread('309214', {})).to.equal(thread);
    await desk.control({ op: 'reply', number: '309214', body: 'News' });
    const after = await backend.readThread('309214', {});
    expect(after.entries).to.have.lengthOf(thread.entries.length + 1);
    expect((await backend.listTickets({}, {})).items).not.to.equal(list.items);
  });

  it('waits for a write that still runs, and stores it once', async () => {
    const backend = relay({ url, getToken: jane });
    const call = { idempotencyKey: 'one-intent' };
    const send = () => backend.createTicket({ subject: 'Twice', message: 'pressed' }, call);
    const [one, two] = await Promise.all([send(), send()]);
    expect(two).to.deep.equal(one);
    const stored = (await desk.tickets('jane@example.test')).filter(({ subject }) => subject === 'Twice');
    expect(stored).to.have.lengthOf(1);
  });

  it('leaves it to the token who asks', async () => {
    const backend = relay({ url, getToken: jane });
    const draft = { subject: 'Hello', message: 'x', email: 'omar@example.test', displayName: 'Omar' };
    const ticket = await backend.createTicket(draft, { identity: { email: 'omar@example.test' } });
    expect(ticket.requester.email).to.equal('jane@example.test');
  });

  it('is closed to guests by default', async () => {
    const backend = relay({ url });
    const draft = { subject: 'Hello', message: 'x', email: 'omar@example.test' };
    expect(await codeOf(backend.createTicket(draft, {}))).to.equal('unauthorized');
    expect(await codeOf(backend.ready!())).to.equal('unauthorized');
  });

  it('says what a proxy says in its place', async () => {
    const nowhere = `${location.origin}/__desk__/none/relay-osticket`;
    expect(await codeOf(relay({ url: nowhere, getToken: jane }).listTickets({}, {}))).to.equal('not-found');
    const refused = relay({ url: 'http://127.0.0.1:1', getToken: jane });
    expect(await codeOf(refused.listTickets({}, {}))).to.equal('network');
  });
});
