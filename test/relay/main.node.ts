import { Agent, createServer, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { SMTPServer } from 'smtp-server';
import type { StoredTicket } from '../../demo/desk/control.js';
import type { Thread, Ticket } from '../../src/model.js';
import { addressOf, ConfigError, readConfig } from '../../src/relay/config.js';
import { createToken } from '../../src/relay/token.js';
import { relay as relayBackend } from '../../src/backends/relay.js';
import { serveDesk, type Served } from '../desk/serve.js';
import { key, page } from './bench.js';
import { saw } from './leaks.js';
import { environment, runRelay, startRelay, type RelayProcess } from './process.js';
import { hasRedis, startRedis } from './redis.js';
import { agentSecret, audience, claimsOf, secret, tokenOf } from './tokens.js';

const draft = { subject: 'Printer on fire', message: 'SECRET-message' };

describe('helpdesk-relay, a process of its own', function () {
  this.timeout(60_000);
  let served: Served;
  let relay: RelayProcess | undefined;
  beforeEach(async () => {
    served = await serveDesk('osticket', { seed: 'small', key }, {});
  });
  afterEach(async () => {
    await relay?.end('SIGKILL');
    relay = undefined;
    await served.close();
  });
  const start = async (more: Record<string, string> = {}): Promise<RelayProcess> =>
    (relay = await startRelay(environment(served.origin, more)));
  const janes = (): StoredTicket[] =>
    served.desk.control({ op: 'tickets', email: 'jane@example.test' }) as StoredTicket[];
  const ask = async (
    method: string,
    path: string,
    body?: object,
    headers: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(relay!.url + path, {
      method,
      headers: {
        Authorization: `Bearer ${await tokenOf('jane')}`,
        Origin: page,
        ...(body && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    });

  it("serves a page's back end", async () => {
    const { url, said, end } = await start();
    const backend = relayBackend({
      url,
      getToken: () => createToken({ id: 'u1', email: 'jane@example.test', name: 'Jane Doe' }, { secret, audience }),
    });
    await backend.ready!();
    expect(Object.keys(backend)).to.include.members(['reply', 'setStatus', 'listTopics']);
    expect(Object.keys(backend)).not.to.include('rate');
    const { items } = await backend.listTickets({}, {});
    expect(items).to.have.lengthOf(6);
    const file = new File([new Uint8Array(1_000_000)], 'big.bin');
    const { id } = await backend.createTicket({ ...draft, files: [file] }, { idempotencyKey: 'k1' });
    expect((await backend.createTicket({ ...draft, files: [file] }, { idempotencyKey: 'k1' })).id).to.equal(id);
    const thread: Thread = await backend.readThread(id, {});
    expect(thread.ticket.subject).to.equal(draft.subject);
    expect(await backend.readThread(id, {})).to.deep.equal(thread);
    expect((await backend.setStatus!(id, 'closed', {})).status).to.equal('closed');
    expect(janes()).to.have.lengthOf(7);
    expect(janes().at(-1)!.entries[0]!.files[0]!.size).to.equal(1_000_000);

    expect(await end()).to.equal(0);
    const lines = said()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => line['event'] ?? line['route'])).to.include.members([
      'listening',
      'create',
      'status',
      'stopping',
    ]);
    expect(lines.filter(({ status }) => status === 304)).to.have.lengthOf(1);
    for (const word of ['jane', 'Jane', 'Printer', 'SECRET', 'big.bin', 'eyJ', key, secret])
      expect(said()).not.to.include(word);
  });

  it('answers and refuses like the handler', async () => {
    await start({ HELPDESK_BASE_PATH: '/help', HELPDESK_METRICS: 'yes' });
    const { origin } = new URL(relay!.url);
    expect(relay!.url).to.equal(`${origin}/help`);
    expect((await fetch(`${relay!.url}/healthz`)).status).to.equal(200);
    expect((await fetch(`${relay!.url}/readyz`)).status).to.equal(200);
    expect((await ask('GET', '/v1/tickets')).status).to.equal(200);
    expect((await ask('GET', '/v1/tickets', undefined, { Origin: 'https://evil.test' })).status).to.equal(403);
    expect((await ask('GET', '/v1/tickets', undefined, { Authorization: '' })).status).to.equal(401);
    expect((await ask('GET', '/v1/tickets/680431')).status).to.equal(404);
    const metrics = await (await fetch(`${origin}/metrics`)).text();
    expect(metrics).to.include(
      'http_server_request_duration_seconds_count{http_route="list",http_request_method="GET",http_response_status_code="200"} 1',
    );
    expect(metrics).to.include('helpdesk_upstream_failures_total{error_type="not-found"} 1');
    expect(metrics).not.to.match(/jane|680431|evil/);
  });

  it('finishes what it has begun before it ends', async () => {
    await start();
    served.desk.control({ op: 'fault', fault: { match: 'POST /api/tickets.json', kind: 'delay', delayMs: 700 } });
    const running = ask('POST', '/v1/tickets', { ...draft, topicId: '1' });
    // It has asked for the topics: from then on it is at work.
    while (!served.desk.log.length) await new Promise((resolve) => setTimeout(resolve, 5));
    relay!.kill('SIGTERM');
    await relay!.until(/"stopping"/);
    const refused = await fetch(`${relay!.url}/healthz`).then(
      () => false,
      () => true,
    );
    expect(refused).to.equal(true);
    expect((await running).status).to.equal(201);
    expect(await relay!.ended).to.equal(0);
  });

  describe('asked to end', () => {
    /** A ticket system whose next answer waits until it is let go. */
    let upstream: Server;
    let held: { response: ServerResponse; cut: () => boolean }[];
    let waiting: (() => void)[];
    let agent: Agent;
    beforeEach(async () => {
      held = [];
      waiting = [];
      agent = new Agent({ keepAlive: true, maxSockets: 1 });
      upstream = createServer((request, response) => {
        let cut = false;
        response.on('close', () => (cut = !response.writableFinished));
        request.resume().on('end', () => {
          held.push({ response, cut: () => cut });
          for (const go of waiting.splice(0)) go();
        });
      });
      await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
      relay = await startRelay(environment(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}`));
    });
    afterEach(async () => {
      agent.destroy();
      upstream.closeAllConnections();
      await new Promise((resolve) => upstream.close(resolve));
    });
    const user = { fullname: 'Jane Doe', email: 'jane@example.test' };
    const threads = [{ id: '1', type: 'M', poster: 'Jane Doe', body: 'Hello there', user_id: '1' }];
    const body = JSON.stringify({ ticket_number: '309214', subject: 's', statusId: '1', user, threads });
    /** The next request that comes to the ticket system. */
    const next = async () => {
      if (!held.length) await new Promise<void>((resolve) => waiting.push(resolve));
      return held.shift()!;
    };
    /** Over the one connection that is kept. */
    async function begin(method: string, path: string, words?: object) {
      const headers = {
        Authorization: `Bearer ${await tokenOf('jane')}`,
        ...(words && { 'Content-Type': 'application/json' }),
      };
      const asked = request(relay!.url + path, { method, agent, headers });
      const answer = new Promise<[number | undefined, string | undefined]>((resolve, reject) => {
        asked.on('error', reject).on('response', (response) => {
          response.resume().on('end', () => resolve([response.statusCode, response.headers.connection]));
        });
      });
      asked.end(words && JSON.stringify(words));
      return { answer, leave: () => asked.destroy() };
    }

    it('it finishes a write whose page has left', async () => {
      const { answer, leave } = await begin('POST', '/v1/tickets/309214/replies', { message: 'Hello there' });
      (await next()).response.end(body);
      const write = await next();
      leave();
      await answer.catch(() => undefined);
      relay!.kill('SIGTERM');
      await relay!.until(/"event":"closed","running":1/);
      write.response.end(body);
      expect(await relay!.ended).to.equal(0);
      expect(write.cut()).to.equal(false);
      expect(relay!.said()).to.match(/"route":"reply","method":"POST","status":201/);
    });

    it('it keeps no connection, and says so', async () => {
      const { answer } = await begin('GET', '/v1/tickets/309214');
      const read = await next();
      relay!.kill('SIGTERM');
      await relay!.until(/"stopping"/);
      read.response.end(body);
      expect(await answer).to.deep.equal([200, 'close']);
      expect(await relay!.ended).to.equal(0);
    });
  });

  if (hasRedis)
    it('killed between claim and answer: another doubles nothing and loses nothing', async () => {
      const redis = await startRedis();
      try {
        const env = { HELPDESK_REDIS_URL: redis.url };
        await start(env);
        served.desk.control({ op: 'fault', fault: { match: 'PUT /api/tickets.json/', kind: 'commit-then-hang' } });
        const body = { message: 'Once and only once' };
        const reply = () => ask('POST', '/v1/tickets/309214/replies', body, { 'Idempotency-Key': 'k1' });
        const count = (): number =>
          janes()
            .find(({ number }) => number === '309214')!
            .entries.filter(({ body: words }) => words.includes('Once and only once')).length;
        const lost = reply().then(
          () => 'answered',
          () => 'lost',
        );
        while (!count()) await new Promise((resolve) => setTimeout(resolve, 20));
        await relay!.end('SIGKILL');
        expect(await lost).to.equal('lost');
        await start(env);
        // It may still be running elsewhere, as far as anybody can know.
        expect((await reply()).status).to.equal(409);
        expect(count()).to.equal(1);
      } finally {
        await redis.stop();
      }
    });

  it('mails codes to guests', async () => {
    const mails: string[] = [];
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData(stream, session, done) {
        let text = session.envelope.rcptTo.map(({ address }) => address).join() + '\n';
        stream.on('data', (part: Buffer) => (text += part.toString()));
        stream.on('end', () => {
          mails.push(text);
          saw(text, 'A mail');
          done();
        });
      },
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.server.address() as AddressInfo;
    try {
      await start({ HELPDESK_GUEST: 'verify', HELPDESK_SMTP_URL: `smtp://127.0.0.1:${port}` });
      const post = (path: string, body: object): Promise<Response> => ask('POST', path, body, { Authorization: '' });
      expect((await post('/v1/guest-access', { email: 'Jane@example.test' })).status).to.equal(202);
      while (!mails.length) await new Promise((resolve) => setTimeout(resolve, 10));
      expect(mails[0]).to.match(/^jane@example\.test\n/);
      expect(mails[0]).to.match(/^From: no-reply@www\.example\.test/m);
      expect(mails[0]).to.match(/^Auto-Submitted: auto-generated/m);
      const code = /Your code is (\d{8})/.exec(mails[0]!)![1]!;
      const confirmed = await post('/v1/guest-access/confirm', { email: 'jane@example.test', code });
      const { token } = (await confirmed.json()) as { token: string };
      const list = await ask('GET', '/v1/tickets', undefined, { Authorization: `Bearer ${token}` });
      expect(((await list.json()) as { items: Ticket[] }).items).to.have.lengthOf(6);
      expect(relay!.said()).not.to.match(new RegExp(`${code}|jane`));
    } finally {
      await new Promise<void>((resolve) => server.close(resolve));
    }
  });

  describe('--check', () => {
    it('finds nothing wrong', async () => {
      const { code, out } = await runRelay(environment(served.origin), '--check');
      expect(out).to.equal('ok    Configuration.\nok    Ticket system.\nok    No Redis: good for one relay.\n');
      expect(code).to.equal(0);
    });

    it('says in words what is', async () => {
      const page404 = createServer((_request, response) => response.writeHead(404).end('<h1>Not Found</h1>'));
      await new Promise<void>((resolve) => page404.listen(0, '127.0.0.1', resolve));
      const other = `http://127.0.0.1:${(page404.address() as AddressInfo).port}`;
      const cases: [Record<string, string>, RegExp][] = [
        [{ HELPDESK_API_KEY: 'wrong' }, /FAIL {2}Ticket system\. It refuses the key/],
        [{ HELPDESK_URL: 'http://127.0.0.1:1' }, /could not be reached/],
        [{ HELPDESK_URL: other }, /Nothing is there/],
        [{ HELPDESK_REDIS_URL: 'redis://127.0.0.1:1' }, /FAIL {2}Redis/],
        [{ HELPDESK_JWKS_URL: other }, /FAIL {2}Key set/],
      ];
      const found = await Promise.all(cases.map(([more]) => runRelay(environment(served.origin, more), '--check')));
      found.forEach(({ code, out, err }, at) => {
        expect(out).to.match(cases[at]![1]);
        expect([code, err]).to.deep.equal([1, '']);
        expect(out).not.to.include(key);
      });
      await new Promise((resolve) => page404.close(resolve));
    });

    it('needs a configuration', async () => {
      const { code, err } = await runRelay({}, '--check');
      expect(code).to.equal(2);
      for (const name of [
        'HELPDESK_BACKEND',
        'HELPDESK_URL',
        'HELPDESK_ORIGINS',
        'HELPDESK_JWT_SECRET',
        'HELPDESK_AUDIENCE',
      ])
        expect(err).to.include(name);
      expect((await runRelay({}, '--help')).out).to.include('HELPDESK_REDIS_URL');
      expect((await runRelay({}, '--what')).code).to.equal(2);
    });
  });
});

describe('the configuration', () => {
  const good = environment('https://desk.example.test/');
  const problems = async (more: Record<string, string | undefined>): Promise<readonly string[]> => {
    try {
      await readConfig({ ...good, ...more });
      return [];
    } catch (error) {
      expect(error).to.be.instanceOf(ConfigError);
      return (error as ConfigError).problems;
    }
  };

  it('is taken as it is meant', async () => {
    const config = await readConfig({
      ...good,
      HELPDESK_ORIGINS: 'https://a.test, https://b.test:8443',
      HELPDESK_JWT_SECRET_OLD: agentSecret,
      HELPDESK_ISSUER: 'https://a.test',
      HELPDESK_FILES: '{"maxCount":2}',
      HELPDESK_REDIS_URL: 'valkey://cache:6379',
      HELPDESK_TRUSTED_PROXIES: '1',
      HOST: '::',
      PORT: '1234',
    });
    expect(config.relay.origins).to.deep.equal(['https://a.test', 'https://b.test:8443']);
    expect(config.relay.identity).to.deep.equal({
      audience,
      issuer: 'https://a.test',
      keys: [
        { alg: 'HS256', secret },
        { alg: 'HS256', secret: agentSecret },
      ],
    });
    expect(config.relay.agents).to.equal(undefined);
    expect(config).to.deep.include({
      redisUrl: 'redis://cache:6379',
      host: '::',
      port: 1234,
      proxies: 1,
      metrics: false,
    });
    expect(config.relay).to.deep.include({ cacheMs: 0, guests: { mode: 'off' }, files: { maxCount: 2 }, basePath: '' });
  });

  it('is refused in words, without a secret in them', async () => {
    const cases: [Record<string, string | undefined>, RegExp][] = [
      [{ HELPDESK_URL: undefined }, /HELPDESK_URL is missing/],
      [{ HELPDESK_URL: 'desk' }, /HELPDESK_URL is not an address/],
      [{ HELPDESK_URL: 'http://desk.example.test' }, /HELPDESK_URL is http/],
      [{ HELPDESK_URL: 'https://user:pass@desk.example.test' }, /more than host and path/],
      [{ HELPDESK_BACKEND: 'zendesk' }, /no "zendesk"/],
      [{ HELPDESK_BACKEND: 'relay' }, /not the relay itself/],
      [{ HELPDESK_BACKEND: 'support-ticket' }, /accessTokens/],
      [{ HELPDESK_BACKEND: 'support-ticket', HELPDESK_OPTIONS: '{"accessToken":"S3KRET"}' }, /accessTokens/],
      [{ HELPDESK_OPTIONS: '{S3KRET' }, /HELPDESK_OPTIONS is not a JSON object/],
      [{ HELPDESK_OPTIONS: '[]' }, /HELPDESK_OPTIONS is not a JSON object/],
      [{ HELPDESK_ORIGINS: '*' }, /HELPDESK_ORIGINS/],
      [{ HELPDESK_ORIGINS: 'https://a.test/' }, /HELPDESK_ORIGINS/],
      [{ HELPDESK_ORIGINS: undefined }, /HELPDESK_ORIGINS is missing/],
      [{ HELPDESK_JWT_SECRET: undefined }, /cannot be verified/],
      [{ HELPDESK_JWT_SECRET: 'S3KRET' }, /too short/],
      [{ HELPDESK_JWKS_URL: 'http://a.test/keys' }, /must be https/],
      [{ HELPDESK_AUDIENCE: undefined }, /HELPDESK_AUDIENCE is missing/],
      [{ HELPDESK_AGENT_JWT_SECRET: secret }, /one of customers/],
      [{ HELPDESK_AGENT_JWT_SECRET: agentSecret }, /HELPDESK_AGENT_AUDIENCE is missing/],
      [{ HELPDESK_AGENT_JWT_SECRET: agentSecret, HELPDESK_AGENT_AUDIENCE: audience }, /one of customers/],
      [{ HELPDESK_GUEST: 'yes' }, /off, create or verify/],
      [{ HELPDESK_GUEST: 'verify' }, /HELPDESK_SMTP_URL is missing/],
      [{ HELPDESK_REDIS_URL: 'http://x' }, /HELPDESK_REDIS_URL/],
      [{ HELPDESK_RATES: '{"reads":{"points":0}}' }, /HELPDESK_RATES/],
      [{ HELPDESK_RATES: '{"others":{"points":1,"seconds":1}}' }, /HELPDESK_RATES/],
      [{ HELPDESK_RATES: '{"creates":{"points":5,"seconds":2592000}}' }, /HELPDESK_RATES: creates\.seconds is a whole/],
      [{ HELPDESK_FILES: '{"maxBytes":"2MB","maxcount":1}' }, /HELPDESK_FILES: maxBytes is a whole number from 0 to/],
      [{ HELPDESK_FILES: '{"maxBytes":"2MB","maxcount":1}' }, /HELPDESK_FILES: maxcount is not known\. Is it misspelt/],
      [{ HELPDESK_OPTIONS: '{"limits":{"maxBytes":"2MB"}}' }, /HELPDESK_OPTIONS: limits\.maxBytes is a whole number/],
      [{ HELPDESK_BASE_PATH: 'help/' }, /HELPDESK_BASE_PATH/],
      [{ PORT: '99999' }, /PORT/],
      [{ HELPDESK_ORIGIN: page }, /misspelt/],
    ];
    expect(await problems({})).to.deep.equal([]);
    for (const [more, wanted] of cases) {
      const found = await problems(more);
      expect(found.join('\n'), JSON.stringify(more)).to.match(wanted);
      expect(found.join('\n')).not.to.match(/S3KRET|pass@|long enough/);
    }
  });

  it('gives agents and people with tokens of their own a back end each', async () => {
    const agents = await readConfig({
      ...good,
      HELPDESK_BACKEND: 'osticket-http',
      HELPDESK_OPTIONS: '{"staffUserName":"nora"}',
      HELPDESK_AGENT_JWT_SECRET: agentSecret,
      HELPDESK_AGENT_AUDIENCE: 'agents',
    });
    const who = { sub: 'x', role: 'agent' as const, identity: { staff: 'nora' } };
    const make = agents.relay.agents!.backend as (subject: typeof who) => unknown;
    expect(make(who)).to.equal(make(who));
    expect(make(who)).not.to.equal(make({ ...who, identity: { staff: 'tomas' } }));
    // A customer is never taken for the agent of the options.
    expect(agents.relay.backend).to.deep.include({
      limits: { ...(agents.relay.backend as { limits: object }).limits, identityRequired: true },
    });
    const own = await readConfig({
      ...good,
      HELPDESK_BACKEND: 'support-ticket',
      HELPDESK_OPTIONS: '{"accessTokens":{"Jane@example.test":"token-jane"}}',
    });
    const of = own.relay.backend as (subject: object) => unknown;
    expect(of({ identity: { email: 'jane@example.test' } })).to.have.property('name', 'support-ticket');
    expect(() => of({ identity: { email: 'omar@example.test' } })).to.throw('not allowed');
  });

  it('believes only the proxies it is told of', () => {
    expect(addressOf('10.0.0.1', '1.1.1.1, 2.2.2.2', 0)).to.equal('10.0.0.1');
    expect(addressOf('10.0.0.1', '1.1.1.1, 2.2.2.2', 1)).to.equal('2.2.2.2');
    expect(addressOf('10.0.0.1', '1.1.1.1, 2.2.2.2', 2)).to.equal('1.1.1.1');
    expect(addressOf('10.0.0.1', '1.1.1.1', 5)).to.equal('10.0.0.1');
    expect(addressOf('10.0.0.1', '<script>', 1)).to.equal('10.0.0.1');
    expect(addressOf('10.0.0.1', null, 1)).to.equal('10.0.0.1');
  });
});

describe('createToken', () => {
  it('signs what the relay takes', async () => {
    const token = await createToken(
      { id: 'u1', email: 'jane@example.test', userId: '1', staff: 'nora' },
      { secret, audience, issuer: 'me', life: 60 },
    );
    const payload = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;
    const { iat, jti, ...rest } = payload;
    expect(jti).to.match(/^[\w-]{36}$/);
    expect(rest).to.deep.equal({
      sub: 'u1',
      email: 'jane@example.test',
      userId: '1',
      aud: audience,
      iss: 'me',
      exp: Number(iat) + 60,
      staff: 'nora',
      role: 'agent',
    });
    expect(claimsOf('jane').aud).to.equal(audience);
  });
});
