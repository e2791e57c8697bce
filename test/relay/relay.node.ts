import { expect } from 'chai';
import { useFakeTimers } from 'sinon';
import type { Backend, FileLimits } from '../../src/backends/backend.js';
import { HelpDeskError, type HelpDeskErrorCode } from '../../src/errors.js';
import type { Thread, Ticket, TicketQuery } from '../../src/model.js';
import { createMemoryStore, type Relay, type RelayStore } from '../../src/relay/index.js';
import { digest } from '../../src/relay/once.js';
import { routes } from '../../src/relay/protocol.js';
import { osticketHttp } from '../../src/backends/osticket-http.js';
import { osticket } from '../../src/backends/osticket.js';
import { serveDesk } from '../desk/serve.js';
import {
  here,
  identity,
  key,
  openBench,
  openRelay,
  page,
  type RelayBench,
  relayOf,
  send,
  ticket,
  unlimited,
} from './bench.js';
import { starts } from './pictures.js';
import { agentAudience, agentSecret, claimsOf, sign, tokenOf } from './tokens.js';

const draft = { subject: 'Printer on fire', message: 'Please help.' };

/** A back end whose answers and failures a test chooses. */
function scripted(changes: Partial<Backend> = {}): Backend & { calls: string[] } {
  const calls: string[] = [];
  const thread: Thread = { ticket, entries: [] };
  const said = <T>(name: string, value: T): T => {
    calls.push(name);
    return value;
  };
  return {
    calls,
    name: 'scripted',
    limits: {},
    listTickets: async () => said('list', { items: [ticket] }),
    readThread: async () => said('read', thread),
    createTicket: async ({ subject }) => said('create', { ...ticket, id: '2', subject }),
    reply: async (_id, { message }) =>
      said('reply', {
        id: 'e1',
        kind: 'message' as const,
        author: { name: 'Jane', role: 'requester' as const },
        body: { format: 'text' as const, value: message },
        attachments: [],
      }),
    setStatus: async (_id, status) => said('status', { ...ticket, status }),
    ...changes,
  };
}
const jsonOf = async <T = Record<string, unknown>>(response: Response): Promise<T> => (await response.json()) as T;

describe('the relay', () => {
  describe('in front of a help desk', () => {
    let bench: RelayBench;
    beforeEach(async () => {
      bench = await openBench('osticket');
    });
    afterEach(() => bench.close());

    it('says what may be done', async () => {
      const { status, body, headers } = await bench.json('GET', '/v1/capabilities', { who: 'jane' });
      expect(status).to.equal(200);
      expect(body).to.deep.equal({
        can: ['listTopics', 'reply', 'setStatus'],
        limits: { createFiles: { maxCount: 5, maxBytes: 2_097_152 }, subjectLength: 500 },
        role: 'requester',
        dedupe: 'local',
      });
      expect(headers.get('cache-control')).to.equal('no-store');
      expect(bench.upstream()).to.deep.equal([]);
    });

    it('creates, lists, reads, replies, closes and reopens', async () => {
      const who = 'jane';
      const created = await bench.json('POST', '/v1/tickets', { who, body: { ...draft, topicId: '2' } });
      expect(created.status).to.equal(201);
      const { ticket } = created.body as { ticket: Ticket };
      expect(ticket).to.include({ subject: 'Printer on fire', status: 'open', statusLabel: 'Open' });
      expect(ticket.requester).to.deep.equal({ name: 'Jane Doe', email: 'jane@example.test', role: 'requester' });
      expect(ticket.topic).to.deep.equal({ id: '2', name: 'Feedback' });
      const at = `/v1/tickets/${ticket.id}`;
      const replied = await bench.json('POST', `${at}/replies`, { who, body: { message: 'More words' } });
      expect(replied.status).to.equal(201);
      const list = await bench.json('GET', '/v1/tickets?search=printer&limit=5', { who });
      expect((list.body as { items: Ticket[] }).items.map(({ id }) => id)).to.include(ticket.id);
      const closed = await bench.json('PUT', `${at}/status`, { who, body: { status: 'closed' } });
      expect([closed.status, (closed.body as { ticket: Ticket }).ticket.status]).to.deep.equal([200, 'closed']);
      const open = await bench.json('PUT', `${at}/status`, { who, body: { status: 'open' } });
      expect([open.status, (open.body as { ticket: Ticket }).ticket.status]).to.deep.equal([200, 'open']);
      const thread = (await bench.json('GET', at, { who })).body as Thread;
      expect(thread.entries.filter(({ kind }) => kind === 'message')).to.have.lengthOf(2);
      expect(thread.entries[1]!.author).to.deep.equal({ name: 'Jane Doe', role: 'requester' });
      expect((await bench.json('PUT', `${at}/rating`, { who, body: { score: 5 } })).status).to.equal(501);
    });

    it('pages a list that comes whole', async () => {
      const numbers: string[] = [];
      let next: string | undefined = '';
      const sizes: number[] = [];
      while (next !== undefined) {
        const { body } = await bench.json('GET', `/v1/tickets?limit=4${next && `&cursor=${next}`}`, { who: 'jane' });
        const list = body as { items: Ticket[]; next?: string; total: number };
        numbers.push(...list.items.map(({ number }) => number));
        sizes.push(list.items.length, list.total);
        ({ next } = list);
      }
      expect(sizes).to.deep.equal([4, 6, 2, 6]);
      expect(new Set(numbers).size).to.equal(6);
      for (const cursor of ['x', 'e30', 'WzEsMl0', `${'W'.repeat(399)}`]) {
        const { status, body } = await bench.json('GET', `/v1/tickets?cursor=${cursor}`, { who: 'jane' });
        expect([status, (body as { fields: object }).fields]).to.deep.equal([400, { cursor: 'This is not valid.' }]);
      }
    });

    it('says which field is wrong', async () => {
      const cases: [object, Record<string, string>][] = [
        [{ message: 'x' }, { subject: 'This field is required.' }],
        [{ subject: ' ', message: 'x' }, { subject: 'This field is required.' }],
        [{ subject: 'x'.repeat(501), message: 'x' }, { subject: 'This is too large.' }],
        [{ subject: 'a\nb', message: 'x' }, { subject: 'This is not valid.' }],
        [{ ...draft, topicId: '999' }, { topicId: 'This is not valid.' }],
        [{ ...draft, topicId: '16' }, { topicId: 'This is not valid.' }],
        [{ ...draft, priority: '9' }, { priority: 'This is not valid.' }],
        [{ ...draft, format: 'markdown' }, { format: 'This is not valid.' }],
        [{ ...draft, email: 'jane@example.test' }, { email: 'This is not valid.' }],
        [{ ...draft, tags: ['1'] }, { tags: 'This is not valid.' }],
        [{ ...draft, fields: { ip: '1.2.3.4' } }, { ip: 'This is not valid.' }],
      ];
      for (const [body, fields] of cases) {
        const answer = await bench.json('POST', '/v1/tickets', { who: 'jane', body });
        expect(answer.status, JSON.stringify(body).slice(0, 80)).to.equal(400);
        expect(answer.body).to.deep.equal({
          type: 'about:blank',
          title: 'Something in what was sent is missing or not right.',
          status: 400,
          code: 'invalid',
          fields,
        });
        expect(answer.headers.get('content-type')).to.equal('application/problem+json');
      }
      expect(bench.stored('jane@example.test')).to.have.lengthOf(6);
    });

    it('passes files on, with clean names', async () => {
      const form = new FormData();
      form.append('draft', JSON.stringify(draft));
      form.append('files', new File(['x'], '../../etc/na\u202eïve\u200b.txt', { type: 'text/plain;charset=latin1' }));
      const { status } = await bench.json('POST', '/v1/tickets', { who: 'jane', body: form });
      expect(status).to.equal(201);
      const [file] = bench.stored('jane@example.test').find(({ subject }) => subject === draft.subject)!.entries[0]!
        .files;
      expect([file!.name, file!.type]).to.deep.equal(['naïve.txt', 'text/plain']);
    });

    it('refuses files beyond its limits, and of other kinds', async () => {
      const small = await openBench('osticket', { files: { maxCount: 2, maxBytes: 100, accept: '.txt, image/*' } });
      const post = async (...files: File[]): Promise<[number, unknown]> => {
        const form = new FormData();
        form.append('draft', JSON.stringify(draft));
        for (const file of files) form.append('files', file);
        const { status, body } = await small.json('POST', '/v1/tickets', { who: 'jane', body: form });
        return [status, (body as { fields?: object }).fields];
      };
      const text = (size: number, name = 'a.txt', type = 'text/plain'): File =>
        new File(['x'.repeat(size)], name, { type });
      const large = { files: 'This is too large.' };
      const invalid = { files: 'This is not valid.' };
      expect(await post(text(100), text(1))).to.deep.equal([201, undefined]);
      expect(await post(text(101))).to.deep.equal([413, large]);
      expect(await post(text(1), text(1), text(1))).to.deep.equal([413, large]);
      expect(await post(text(1, 'a.html', 'text/html'))).to.deep.equal([400, invalid]);
      expect(await post(text(1, 'a.png', 'image/png'))).to.deep.equal([400, invalid]);
      expect(await post(new File([starts.png], 'a.png', { type: 'image/png' }))).to.deep.equal([201, undefined]);
      expect(small.stored('jane@example.test')).to.have.lengthOf(8);
      await small.close();
    });

    it('refuses files whose name, type and bytes say different things, and no others', async () => {
      const cases: [accept: string, name: string, type: string, bytes: string | Uint8Array, status: number][] = [
        ['image/*', 'evil.html', 'image/png', '<script>1</script>', 400],
        ['image/*', 'evil.png', 'image/png', '<script>1</script>', 400],
        ['image/png', 'a.png', 'image/png', starts.jpeg, 400],
        ['image/*', 'a.png', 'image/png', starts.png, 201],
        ['image/*', 'IMG_1.HEIC', 'image/heic', starts.heic, 201],
      ];
      const found: unknown[] = [];
      for (const [accept, name, type, bytes] of cases) {
        const own = await openBench('osticket', { files: { accept } });
        const form = new FormData();
        form.append('draft', JSON.stringify(draft));
        form.append('files', new File([bytes as BlobPart], name, { type }));
        const { status } = await own.json('POST', '/v1/tickets', { who: 'jane', body: form });
        found.push([accept, name, type, bytes, status]);
        expect(own.stored('jane@example.test')).to.have.lengthOf(status === 201 ? 7 : 6);
        await own.close();
      }
      expect(found).to.deep.equal(cases);
    });

    it('takes what the help desk and the relay both take', async () => {
      const cases: [own: string | undefined, ours: string | undefined, both: string | undefined | null][] = [
        [undefined, undefined, undefined],
        ['.png', undefined, '.png'],
        [undefined, 'image/*, .pdf', 'image/*, .pdf'],
        ['image/*, .pdf', '.png,image/heic,application/pdf,.txt', '.pdf,.png,image/heic'],
        ['.png, .docx', '.DOCX', '.docx'],
        ['.png', 'text/plain', null],
      ];
      const found: unknown[] = [];
      for (const [own, ours] of cases) {
        const createFiles = { maxCount: 7, maxBytes: NaN, ...(own !== undefined && { accept: own }) };
        const relay = relayOf(scripted({ limits: { createFiles } }), {
          files: { maxCount: 3, maxBytes: 50, ...(ours !== undefined && { accept: ours }) },
        });
        const answer = await send(relay, 'GET', '/v1/capabilities', { who: 'jane' });
        const { limits } = await jsonOf<{ limits: { createFiles?: FileLimits } }>(answer);
        const { accept, ...others } = limits.createFiles ?? { accept: null };
        expect(others).to.deep.equal(limits.createFiles ? { maxCount: 3, maxBytes: 50 } : {});
        found.push([own, ours, accept]);
      }
      expect(found).to.deep.equal(cases);
    });

    it('answers 304 to who has it already, and to nobody else', async () => {
      const at = '/v1/tickets/309214';
      const first = await bench.ask('GET', at, { who: 'jane' });
      const tag = first.headers.get('etag')!;
      expect(tag).to.match(/^"[\w-]{27}"$/);
      const again = (who: string, path = at) =>
        bench.ask('GET', path, { who, headers: { 'If-None-Match': `"other", W/${tag}` } });
      const same = await again('jane');
      expect([same.status, await same.text(), same.headers.get('etag')]).to.deep.equal([304, '', tag]);
      expect((await again('omar')).status).to.equal(404);
      bench.desk.control({ op: 'reply', number: '309214', body: 'News' });
      expect((await again('jane')).status).to.equal(200);
      expect((await again('jane', '/v1/topics')).status).to.equal(200);
    });

    it('asks the help desk for nothing while polls are answered 304 within the cache time', async () => {
      const own = await openBench('osticket', { cacheMs: 10_000 });
      const { now } = Date;
      // It stands still.
      const begun = now();
      let ahead = 0;
      Date.now = () => begun + ahead;
      try {
        const paths = ['/v1/tickets', '/v1/tickets?status=open&limit=5', '/v1/tickets/309214', '/v1/topics'];
        const tags: string[] = [];
        for (const path of paths) tags.push((await own.ask('GET', path, { who: 'jane' })).headers.get('etag')!);
        expect(own.upstream()).to.have.lengthOf(4);
        const polls = async (): Promise<number[]> => {
          const statuses: number[] = [];
          for (let round = 0; round < 50; round++)
            for (const [at, path] of paths.entries()) {
              const headers = { 'If-None-Match': tags[at]! };
              statuses.push((await own.ask('GET', path, { who: 'jane', headers })).status);
            }
          return statuses;
        };
        expect(await polls()).to.deep.equal(Array.from({ length: 200 }, () => 304));
        expect(own.upstream()).to.deep.equal([]);
        // And once for each when the time is over; topics are kept longer.
        ahead = 10_001;
        expect(new Set(await polls())).to.deep.equal(new Set([304]));
        expect(own.upstream()).to.have.lengthOf(3);
      } finally {
        Date.now = now;
        await own.close();
      }
    });

    it('lets nothing of the back end out but data', async () => {
      const response = await bench.ask('GET', '/v1/tickets', { who: 'jane' });
      const names = [...response.headers.keys()].sort();
      expect(names).to.deep.equal([
        'access-control-allow-origin',
        'access-control-expose-headers',
        'cache-control',
        'content-length',
        'content-security-policy',
        'content-type',
        'cross-origin-resource-policy',
        'etag',
        'referrer-policy',
        'request-id',
        'vary',
        'x-content-type-options',
        'x-frame-options',
      ]);
    });

    it('says of a failure only what is ours', async () => {
      const cases: [object, number, HelpDeskErrorCode][] = [
        [{ kind: 'answer', status: 401, body: `Valid API key required: ${key}` }, 503, 'unavailable'],
        [{ kind: 'answer', status: 403, body: 'API key not authorized' }, 503, 'unavailable'],
        [{ kind: 'answer', status: 404, body: '<h1>Not Found</h1>' }, 503, 'unavailable'],
        [{ kind: 'answer', status: 400, body: 'Nope UPSTREAM' }, 502, 'unexpected'],
        [{ kind: 'html-page' }, 502, 'unexpected'],
        [{ kind: 'truncated' }, 502, 'unexpected'],
        [{ kind: 'status-500', times: 3 }, 503, 'unavailable'],
        // Some runtimes send a read again by themselves.
        [{ kind: 'drop', times: 99 }, 502, 'network'],
        [{ kind: 'answer', status: 302, headers: { Location: 'http://evil.test/UPSTREAM' } }, 502, 'unexpected'],
        [{ kind: 'answer', status: 429, headers: { 'Retry-After': '90' } }, 429, 'rate-limited'],
      ];
      for (const [fault, status, code] of cases) {
        bench.desk.control({ op: 'fault', fault: { match: 'GET /api/tickets.json?', ...fault } as never });
        const answer = await bench.json('GET', '/v1/tickets', { who: 'jane' });
        expect([answer.status, (answer.body as { code: string }).code], JSON.stringify(fault)).to.deep.equal([
          status,
          code,
        ]);
        expect(JSON.stringify(answer.body)).not.to.match(/UPSTREAM|Valid API|h1|evil/);
        if (status === 429) {
          expect(answer.headers.get('retry-after')).to.equal('90');
          expect((answer.body as { retryAfterMs: number }).retryAfterMs).to.equal(90_000);
        }
        bench.desk.control({ op: 'clear-faults' });
      }
    });

    it('logs nothing personal, and the key leaves in no form, as for all that is sent here', async () => {
      const who = 'jane';
      const body = { subject: 'SUBJECT-words', message: `MESSAGE-words ${'x'.repeat(50)}` };
      const { body: made } = await bench.json('POST', '/v1/tickets', {
        who,
        body,
        headers: { 'Idempotency-Key': 'k1' },
      });
      const { id } = (made as { ticket: Ticket }).ticket;
      bench.desk.control({ op: 'fault', fault: { match: 'PUT', kind: 'answer', status: 500, body: `key ${key} bad` } });
      await bench.ask('POST', `/v1/tickets/${id}/replies`, { who, body: { message: 'REPLY-words' } });
      await bench.ask('GET', `/v1/tickets?search=SEARCH-words`, { who });
      await bench.ask('GET', `/v1/tickets?email=jane@example.test`, { who });
      await bench.ask('GET', `/v1/nothing/jane@example.test`, { who });
      for (const { method, path } of Object.values(routes)) await bench.ask(method, path.replace('{id}', id), { who });
      const lines = bench.log.map((line) => JSON.stringify(line)).join('\n');
      expect(lines).not.to.match(/words|jane|Jane|example\.test|Bearer|eyJ/);
      expect(lines).not.to.include(id);
      expect(new Set(bench.log.slice(0, 4).map(({ subject }) => subject)).size).to.equal(1);
      expect(bench.log[0]).to.include({
        route: 'create',
        method: 'POST',
        status: 201,
        received: JSON.stringify(body).length,
      });
      expect(bench.log[1]).to.include({ route: 'reply', status: 503, code: 'unavailable', upstream: 'unavailable' });
    });
  });

  describe('pages of other origins', () => {
    const foreign = [
      'null',
      '',
      '*',
      'https://evil.test',
      'http://www.example.test',
      'https://example.test',
      'https://www.example.test.evil.test',
      'https://evil-www.example.test',
      'https://evilwww.example.test',
      'https://www.example.test:8443',
      'https://www.example.test:443',
      'https://www.example.test/',
      'https://www.example.test/path',
      'https://www.example.test?',
      'https://www.example.test#',
      'https://www.example.test.',
      'https://WWW.example.test',
      'HTTPS://www.example.test',
      'https://user@www.example.test',
      'https://www.example.test@evil.test',
      'https://www.example.test%2eevil.test',
      'https://www.example.test%00.evil.test',
      'https://www.example.test\\.evil.test',
      'https://www.example.testevil.test',
      'https://wwwXexample.test',
      'https://a.www.example.test',
      'https://www.example.test https://evil.test',
      'https://evil.test https://www.example.test',
      'https://evil.test,https://www.example.test',
      'https://www.example.test,https://evil.test',
      'https://www.example.test, https://www.example.test',
      'www.example.test',
      '//www.example.test',
      'file://',
      'file:///www.example.test',
      'data:text/html,x',
      'blob:https://www.example.test/1',
      'chrome-extension://abcdef',
      'capacitor://localhost',
      'http://localhost',
      'http://127.0.0.1',
      'https://relay.test',
      'https://www.example.test`',
      'https://xn--www-example.test',
    ];

    it('get nothing, and nothing is done for them', async () => {
      expect(foreign.length).to.be.greaterThan(40);
      const backend = scripted();
      let looked = 0;
      const relay = relayOf(backend, { identity: { ...identity, revoked: () => looked++ < 0 } });
      const token = await tokenOf('jane');
      for (const origin of foreign)
        for (const [method, path, body] of [
          ['OPTIONS', '/v1/tickets'],
          ['GET', '/v1/tickets'],
          ['POST', '/v1/tickets', draft],
          ['GET', '/healthz'],
          ['GET', '/v1/openapi.json'],
          ['GET', '/nothing'],
        ] as const) {
          const response = await send(relay, method, path, { token, origin, ...(body && { body }) });
          expect([response.status, (await jsonOf(response))['code']], origin).to.deep.equal([403, 'forbidden']);
          expect(response.headers.has('access-control-allow-origin')).to.equal(false);
          expect(response.headers.get('vary')).to.equal('Origin');
        }
      expect([backend.calls, looked]).to.deep.equal([[], 0]);
    });

    it('are told apart from the one that may', async () => {
      const relay = relayOf(scripted());
      const asked = await send(relay, 'OPTIONS', '/v1/tickets/1', {
        headers: { 'Access-Control-Request-Method': 'PATCH' },
      });
      expect(asked.status).to.equal(204);
      expect(asked.headers.get('access-control-allow-origin')).to.equal(page);
      expect(asked.headers.get('access-control-allow-methods')).to.equal('GET, POST, PUT, PATCH');
      expect(asked.headers.get('access-control-allow-headers')).to.equal(
        'Authorization, Content-Type, Idempotency-Key, If-None-Match',
      );
      for (const response of [asked, await send(relay, 'GET', '/v1/tickets', { who: 'jane' })]) {
        expect(response.headers.get('access-control-allow-origin')).to.equal(page);
        expect(response.headers.has('access-control-allow-credentials')).to.equal(false);
        expect(response.headers.has('set-cookie')).to.equal(false);
      }
      // A server, not a page.
      expect((await send(relay, 'GET', '/v1/tickets', { who: 'jane', origin: null })).status).to.equal(200);
    });

    it('cannot be allowed by mistake', () => {
      for (const origin of [
        '*',
        'null',
        '',
        'https://www.example.test/',
        'www.example.test',
        'https://*.example.test/x',
        'file://',
      ])
        expect(() => relayOf(scripted(), { origins: [origin] }), origin).to.throw('origin');
      expect(() => relayOf(scripted(), { origins: [] })).to.throw('origins');
      expect(() => openRelay({ backend: scripted(), identity } as never)).to.throw('origins');
      expect(() => openRelay({ backend: scripted(), origins: [page] } as never)).to.throw('tokens');
      expect(() => openRelay({ identity, origins: [page] } as never)).to.throw('back end');
    });
  });

  describe('bodies', () => {
    const stream = (parts: readonly Uint8Array[], endless = false): ReadableStream<Uint8Array> => {
      const left = [...parts];
      return new ReadableStream({
        pull(controller) {
          const part = left.shift();
          if (part) controller.enqueue(part);
          else if (!endless) controller.close();
          else return new Promise(() => undefined);
        },
      });
    };
    const jsonHeaders = { 'Content-Type': 'application/json' };
    const sized = (size: number): Uint8Array => {
      const start = `{"subject":"x","message":"`;
      return new TextEncoder().encode(`${start}${'y'.repeat(size - start.length - 2)}"}`);
    };

    it('are counted, whatever they say of themselves', async () => {
      const backend = scripted();
      // That a body without an end is answered at all shows that it is read no further.
      const relay = relayOf(backend, { times: { stall: 60_000 } });
      const most = 512 * 1024;
      const post = async (body: unknown, headers: Record<string, string> = jsonHeaders): Promise<[number, unknown]> => {
        const response = await send(relay, 'POST', '/v1/tickets', { who: 'jane', body, headers });
        return [response.status, (await jsonOf(response))['code']];
      };
      const over = sized(most + 1);
      expect(await post(over)).to.deep.equal([413, 'too-large']);
      expect(await post(stream([over]))).to.deep.equal([413, 'too-large']);
      expect(
        await post(
          stream(
            Array.from({ length: 10_000 }, () => new Uint8Array(1000)),
            true,
          ),
        ),
      ).to.deep.equal([413, 'too-large']);
      expect(await post(stream([over]), { ...jsonHeaders, 'Content-Length': '10' })).to.deep.equal([413, 'too-large']);
      expect(await post(stream([]), { ...jsonHeaders, 'Content-Length': '99999999999' })).to.deep.equal([
        413,
        'too-large',
      ]);
      // As long as it may be, and then its message is too long.
      expect(await post(sized(most))).to.deep.equal([400, 'invalid']);
      expect(backend.calls).to.deep.equal([]);
      expect(await post(sized(1000))).to.deep.equal([201, undefined]);
      expect(backend.calls).to.deep.equal(['create']);
    });

    it('are not waited for', async () => {
      const backend = scripted();
      const relay = relayOf(backend, { times: { stall: 50 } });
      const response = await send(relay, 'POST', '/v1/tickets', {
        who: 'jane',
        headers: jsonHeaders,
        body: stream([sized(100).subarray(0, 50)], true),
      });
      expect([response.status, (await jsonOf(response))['code']]).to.deep.equal([408, 'timeout']);
      expect(backend.calls).to.deep.equal([]);
    });

    it('may pause for less than 20 s, however often', async () => {
      /** Ends a pause of the page with a part of its body; called by the relay's wish for more. */
      let go = (): void => undefined;
      let asked = (): void => undefined;
      const nextAsked = () => new Promise<void>((resolve) => (asked = resolve));
      const body = new ReadableStream<Uint8Array>(
        {
          pull: (controller) =>
            new Promise((resolve) => {
              go = () => resolve(controller.enqueue(new Uint8Array([0x20])));
              asked();
            }),
        },
        { highWaterMark: 0 },
      );
      const relay = relayOf(scripted());
      const token = await tokenOf('jane');
      const clock = useFakeTimers({ now: Date.now(), toFake: ['setTimeout', 'clearTimeout', 'Date'] });
      try {
        let waits = nextAsked();
        const answer = send(relay, 'POST', '/v1/tickets', { token, headers: jsonHeaders, body });
        for (let pause = 0; pause < 3; pause++) {
          await waits;
          clock.tick(19_999);
          waits = nextAsked();
          go();
        }
        await waits;
        clock.tick(20_000);
        expect((await answer).status).to.equal(408);
      } finally {
        clock.restore();
      }
    });

    it('are of the kind that is asked for', async () => {
      const relay = relayOf(scripted());
      const types = [
        'text/plain',
        'application/x-www-form-urlencoded',
        'application/json; charset=latin1',
        'text/json',
        '',
      ];
      for (const type of types) {
        const response = await send(relay, 'POST', '/v1/tickets', {
          who: 'jane',
          body: new TextEncoder().encode(JSON.stringify(draft)),
          headers: { 'Content-Type': type },
        });
        expect(response.status, type).to.equal(415);
      }
      for (const text of [
        '',
        'null',
        '[]',
        '"x"',
        '{',
        '{"subject":',
        '{"__proto__":{"subject":"x","message":"y"}}',
        '\ufeff{}',
      ]) {
        const body = new TextEncoder().encode(text);
        const response = await send(relay, 'POST', '/v1/tickets', { who: 'jane', body, headers: jsonHeaders });
        expect([response.status, (await jsonOf(response))['code']], text).to.deep.equal([400, 'invalid']);
      }
      for (const [name, value] of [
        ['other', 'x'],
        ['draft', 'no json'],
        ['files', 'no file'],
      ] as const) {
        const form = new FormData();
        if (name !== 'draft') form.append('draft', JSON.stringify(draft));
        form.append(name, value);
        expect((await send(relay, 'POST', '/v1/tickets', { who: 'jane', body: form })).status, name).to.equal(400);
      }
      const broken = await send(relay, 'POST', '/v1/tickets', {
        who: 'jane',
        body: new TextEncoder().encode('--x\r\nno form'),
        headers: { 'Content-Type': 'multipart/form-data; boundary=x' },
      });
      expect(broken.status).to.equal(400);
    });
  });

  describe('reads', () => {
    const gated = () => {
      const waiting: (() => void)[] = [];
      const stopped: string[] = [];
      const backend = scripted();
      const { readThread } = backend;
      backend.readThread = async (id, call) => {
        backend.calls.push('begin');
        await new Promise<void>((resolve, reject) => {
          waiting.push(resolve);
          call.signal!.addEventListener('abort', () => {
            stopped.push(id);
            reject(new HelpDeskError('aborted'));
          });
        });
        return readThread(id, call);
      };
      return { backend, waiting, stopped };
    };
    const until = async (ready: () => boolean): Promise<void> => {
      while (!ready()) await new Promise((resolve) => setImmediate(resolve));
    };

    it('that are equal run once', async () => {
      const { backend, waiting } = gated();
      // Kept, for who comes when it is over.
      const relay = relayOf(backend, { cacheMs: 60_000 });
      const all = Array.from({ length: 20 }, () => send(relay, 'GET', '/v1/tickets/1', { who: 'jane' }));
      const omar = send(relay, 'GET', '/v1/tickets/1', { who: 'omar' });
      await until(() => waiting.length === 2);
      for (const go of waiting) go();
      expect((await Promise.all(all)).map(({ status }) => status)).to.deep.equal(all.map(() => 200));
      expect((await omar).status).to.equal(404);
      expect(backend.calls).to.deep.equal(['begin', 'begin', 'read', 'read']);
    });

    it('end when the last page that waits has left', async () => {
      const { backend, waiting, stopped } = gated();
      let asked = 0;
      const relay = relayOf(() => (asked++, backend));
      const [one, two] = [new AbortController(), new AbortController()];
      const reads = [one, two].map(({ signal }) => send(relay, 'GET', '/v1/tickets/1', { who: 'jane', signal }));
      // Both wait for the same.
      await until(() => waiting.length === 1 && asked === 2);
      one.abort();
      await reads[0];
      expect(stopped).to.deep.equal([]);
      two.abort();
      await reads[1];
      expect(stopped).to.deep.equal(['1']);
      expect(relay.running()).to.equal(0);
    });

    it('are stopped after their time', async () => {
      const { backend, stopped } = gated();
      const relay = relayOf(backend, { times: { read: 30 } });
      const response = await send(relay, 'GET', '/v1/tickets/1', { who: 'jane' });
      expect([response.status, (await jsonOf(response))['code']]).to.deep.equal([504, 'timeout']);
      expect(stopped).to.deep.equal(['1']);
    });

    it('are kept for a while, until that person writes', async () => {
      const backend = scripted();
      const relay = relayOf(backend, { cacheMs: 60_000 });
      const read = (who: string) => send(relay, 'GET', '/v1/tickets', { who });
      const first = await read('jane');
      const tag = first.headers.get('etag')!;
      for (let at = 0; at < 5; at++) {
        const again = await send(relay, 'GET', '/v1/tickets', { who: 'jane', headers: { 'If-None-Match': tag } });
        expect(again.status).to.equal(304);
      }
      expect(backend.calls).to.deep.equal(['list']);
      await read('omar');
      expect(backend.calls).to.deep.equal(['list', 'list']);
      await send(relay, 'POST', '/v1/tickets', { who: 'omar', body: draft });
      await read('jane');
      expect(backend.calls).to.deep.equal(['list', 'list', 'create']);
      await send(relay, 'POST', '/v1/tickets', { who: 'jane', body: draft });
      await read('jane');
      await read('jane');
      expect(backend.calls).to.deep.equal(['list', 'list', 'create', 'create', 'list']);
    });

    it('that ask for more than is given at a time, or look for very long words, get what there is', async () => {
      const asked: TicketQuery[] = [];
      const items = Array.from({ length: 150 }, (_, at) => ({ ...ticket, id: `${at + 1}`, number: `${at + 1}` }));
      const backend = scripted({
        async listTickets(query) {
          asked.push(query);
          return { items };
        },
      });
      const relay = relayOf(backend);
      const path = `/v1/tickets?limit=150&search=${'x'.repeat(300)}`;
      const first = await send(relay, 'GET', path, { who: 'jane' });
      const { items: got, next } = (await first.json()) as { items: Ticket[]; next: string };
      expect([first.status, got.length, asked[0]?.search]).to.deep.equal([200, 100, 'x'.repeat(200)]);
      const rest = await send(relay, 'GET', `${path}&cursor=${next}`, { who: 'jane' });
      expect(((await rest.json()) as { items: Ticket[] }).items).to.have.lengthOf(50);
      for (const limit of ['0', '-1', '1e3', '10000', '1.5'])
        expect((await send(relay, 'GET', `/v1/tickets?limit=${limit}`, { who: 'jane' })).status).to.equal(400);
    });

    it('run so many at a time', async () => {
      let running = 0;
      let most = 0;
      const backend = scripted({
        async listTickets() {
          most = Math.max(most, ++running);
          await new Promise((resolve) => setTimeout(resolve, 5));
          running--;
          return { items: [] };
        },
      });
      const relay = relayOf(backend, { concurrency: 3 });
      const all = Array.from({ length: 30 }, (_, at) =>
        send(relay, 'GET', `/v1/tickets?search=${at}`, { who: 'jane' }),
      );
      expect((await Promise.all(all)).every(({ status }) => status === 200)).to.equal(true);
      expect([most, running]).to.deep.equal([3, 0]);
    });
  });

  describe('writes', () => {
    it('that nobody waits for go on', async () => {
      const stop = new AbortController();
      let done = false;
      const backend = scripted({
        async createTicket(_draft, call) {
          stop.abort();
          await new Promise((resolve) => setTimeout(resolve, 10));
          done = !call.signal!.aborted;
          throw new HelpDeskError('invalid');
        },
      });
      await send(relayOf(backend), 'POST', '/v1/tickets', { who: 'jane', body: draft, signal: stop.signal });
      expect(done).to.equal(true);
    });

    it('are stopped after their time, and then unknown', async () => {
      let stopped = false;
      const backend = scripted({
        createTicket: (_draft, call) =>
          new Promise((_, reject) => {
            call.signal!.addEventListener('abort', () => {
              stopped = true;
              reject(new HelpDeskError('aborted'));
            });
          }),
      });
      const relay = relayOf(backend, { times: { write: 30 } });
      const response = await send(relay, 'POST', '/v1/tickets', { who: 'jane', body: draft });
      expect([response.status, (await jsonOf(response))['code'], stopped]).to.deep.equal([504, 'timeout', true]);
    });

    it('of a customer are those of a customer', async () => {
      const backend = scripted({ updateTicket: async () => Promise.reject(new Error('called')) });
      const relay = relayOf(backend);
      const at = '/v1/tickets/1';
      expect((await send(relay, 'PATCH', at, { who: 'jane', body: { priority: '3' } })).status).to.equal(403);
      expect((await send(relay, 'GET', '/v1/tickets?scope=all', { who: 'jane' })).status).to.equal(403);
      expect((await send(relay, 'PUT', `${at}/status`, { who: 'jane', body: { status: 'pending' } })).status).to.equal(
        501,
      );
      const reply = await send(relay, 'POST', `${at}/replies`, {
        who: 'jane',
        body: { message: 'x', status: 'closed' },
      });
      expect(reply.status).to.equal(400);
      expect(backend.calls).to.deep.equal(['read', 'read']);
    });
  });

  describe('agents', () => {
    const agents = { identity: { audience: agentAudience, keys: [{ alg: 'HS256' as const, secret: agentSecret }] } };
    const agent = () =>
      sign({ ...claimsOf('nora'), aud: agentAudience, role: 'agent', staff: 'nora', userId: '4' }, agentSecret);

    it('have a back end of their own, and see what it shows', async () => {
      const asked: unknown[] = [];
      const staff = scripted({
        async listTickets({ scope }, { identity: who }) {
          asked.push([scope, who]);
          return { items: [] };
        },
        updateTicket: async (_id, change) => {
          asked.push(change);
          return (await staff.readThread('1', {})).ticket;
        },
      });
      const customers = scripted();
      const relay = relayOf(customers, { agents: { ...agents, backend: staff } });
      const token = await agent();
      expect((await send(relay, 'GET', '/v1/tickets?scope=assigned', { token })).status).to.equal(200);
      expect((await send(relay, 'PATCH', '/v1/tickets/1', { token, body: { priority: '3' } })).status).to.equal(200);
      expect(
        (await send(relay, 'PUT', '/v1/tickets/1/status', { token, body: { status: 'on-hold' } })).status,
      ).to.equal(200);
      expect(asked).to.deep.equal([
        ['assigned', { email: 'nora@example.test', userId: '4', displayName: 'nora', staff: 'nora' }],
        { priority: '3' },
      ]);
      const { can, role } = await jsonOf(await send(relay, 'GET', '/v1/capabilities', { token }));
      expect([can, role]).to.deep.equal([['reply', 'setStatus', 'updateTicket'], 'agent']);
      expect(customers.calls).to.deep.equal([]);
    });

    it('work on what is theirs in a real help desk', async () => {
      const served = await serveDesk('osticket-http', { seed: 'small', key }, {});
      const make = (staffUserName: string) => osticketHttp({ url: served.origin, apiKey: key, staffUserName });
      const relay = relayOf(osticketHttp({ url: served.origin, apiKey: key }), {
        agents: { ...agents, backend: ({ identity: { staff } }) => make(staff!) },
      });
      const token = await agent();
      const caps = await jsonOf<{ can: string[]; limits: object }>(
        await send(relay, 'GET', '/v1/capabilities', { token }),
      );
      expect(caps.can).to.include('reply');
      expect(caps.limits).to.include({ agent: true });
      const list = await send(relay, 'GET', '/v1/tickets?scope=assigned', { token });
      const { items } = await jsonOf<{ items: Ticket[] }>(list);
      expect(items.length).to.be.greaterThan(0);
      const at = `/v1/tickets/${items[0]!.id}`;
      // Whose ticket it is, agents must know.
      expect(items[0]!.requester.email).to.match(/@example\.test$/);
      const body = { message: 'We are on it', status: 'resolved' };
      const reply = await send(relay, 'POST', `${at}/replies`, { token, body, headers: { 'Idempotency-Key': 'k1' } });
      expect(reply.status).to.equal(201);
      const again = await send(relay, 'POST', `${at}/replies`, { token, body, headers: { 'Idempotency-Key': 'k1' } });
      expect(await again.text()).to.equal(await reply.text());
      const { ticket, entries } = await jsonOf<Thread>(await send(relay, 'GET', at, { token }));
      expect(ticket.status).to.equal('resolved');
      expect(
        entries.filter(({ kind, body: { value } }) => kind === 'reply' && value.includes('We are on it')),
      ).to.have.lengthOf(1);
      // A customer has none of this.
      expect((await send(relay, 'GET', '/v1/tickets?scope=assigned', { who: 'jane' })).status).to.equal(403);
      expect((await send(relay, 'POST', `${at}/replies`, { who: 'jane', body: { message: 'x' } })).status).to.equal(
        501,
      );
      await served.close();
    });

    for (const [name, scope] of [
      ['osticket', '/api/scp/tickets/'],
      ['osticket-http', '/api/http.php/tickets/'],
    ] as const)
      it(`write tickets for others, once, and only they: ${name}`, async () => {
        const served = await serveDesk(name, { seed: 'small', key }, {});
        const make = (staffUserName?: string) =>
          (name === 'osticket' ? osticket : osticketHttp)({
            url: served.origin,
            apiKey: key,
            ...(staffUserName !== undefined && { staffUserName }),
          });
        const relay = relayOf(make(), { agents: { ...agents, backend: ({ identity: { staff } }) => make(staff) } });
        const token = await agent();
        const omars = () =>
          (served.desk.control({ op: 'tickets', email: 'omar@example.test' }) as { subject: string }[]).filter(
            ({ subject }) => subject === draft.subject,
          ).length;
        const post = (body: object, more: { token?: string; who?: string } = { token }) =>
          send(relay, 'POST', '/v1/tickets', { ...more, body, headers: { 'Idempotency-Key': 'k1' } });
        const { limits } = await jsonOf<{ limits: object }>(await send(relay, 'GET', '/v1/capabilities', { token }));
        expect(limits).to.include({ agent: true, requester: true });
        const theirs = await jsonOf<{ limits: object }>(await send(relay, 'GET', '/v1/capabilities', { who: 'jane' }));
        expect(theirs.limits).not.to.have.any.keys('agent', 'requester');
        const body = { ...draft, email: 'Omar@example.test', displayName: 'Omar Haddad' };
        for (const [wrong, fields] of [
          [draft, { email: 'This field is required.' }],
          [{ ...draft, email: 'a@x.test,b@x.test' }, { email: 'This is not valid.' }],
        ] as const) {
          const refused = await post(wrong);
          expect([refused.status, (await jsonOf(refused))['fields']]).to.deep.equal([400, fields]);
        }
        expect((await post(body, { who: 'jane' })).status).to.equal(400);
        // It was stored, and its answer lost.
        served.desk.control({ op: 'fault', fault: { match: 'POST /api/tickets.json', kind: 'commit-then-drop' } });
        expect((await post(body)).status).to.equal(502);
        const made = await post(body);
        expect(made.status).to.equal(201);
        const { ticket } = await jsonOf<{ ticket: Ticket }>(made);
        expect([ticket.subject, ticket.requester.email, omars()]).to.deep.equal([
          draft.subject,
          'omar@example.test',
          1,
        ]);
        expect(served.desk.log.some(({ path }) => path.startsWith(scope))).to.equal(true);
        await served.close();
      });

    it('are none where there is no such back end', async () => {
      const relay = relayOf(scripted());
      expect((await send(relay, 'GET', '/v1/tickets', { token: await agent() })).status).to.equal(401);
    });
  });

  describe('rates', () => {
    it('are for each person, and say how long to wait', async () => {
      const backend = scripted();
      const rates = { ...unlimited, reads: { points: 3, seconds: 60 }, writes: { points: 1, seconds: 60 } };
      const relay = relayOf(backend, { rates });
      const statuses: number[] = [];
      for (const who of ['jane', 'jane', 'jane', 'jane', 'omar'])
        statuses.push((await send(relay, 'GET', '/v1/tickets', { who })).status);
      expect(statuses).to.deep.equal([200, 200, 200, 429, 200]);
      const write = () => send(relay, 'POST', '/v1/tickets', { who: 'jane', body: draft });
      expect((await write()).status).to.equal(201);
      const refused = await write();
      const { code, retryAfterMs } = await jsonOf<{ code: string; retryAfterMs: number }>(refused);
      expect([refused.status, code]).to.deep.equal([429, 'rate-limited']);
      expect(retryAfterMs).to.be.within(50_000, 60_000);
      expect(refused.headers.get('retry-after')).to.equal(`${Math.ceil(retryAfterMs / 1000)}`);
      expect(backend.calls.filter((call) => call === 'create')).to.have.lengthOf(1);
    });

    it('are for each address before a token is looked at', async () => {
      let at = '192.0.2.1';
      const rates = { ...unlimited, address: { points: 2, seconds: 60 } };
      const relay = relayOf(scripted(), { rates, address: () => at });
      const status = async (): Promise<number> => (await send(relay, 'GET', '/v1/tickets', { token: 'x.y.z' })).status;
      expect([await status(), await status(), await status()]).to.deep.equal([401, 401, 429]);
      at = '::ffff:192.0.2.1';
      expect(await status()).to.equal(429);
      at = '2001:db8:1:2:3:4:5:6';
      expect([await status(), await status()]).to.deep.equal([401, 401]);
      at = '2001:db8:1:2::1';
      expect(await status()).to.equal(429);
      at = '2001:db8:1:3::1';
      expect(await status()).to.equal(401);
    });
  });

  describe('without a token', () => {
    it('a guest can write a ticket where that is let, and learns nothing', async () => {
      const backend = scripted({
        listTopics: async () => [{ id: '1', name: 'General' }],
        async createTicket(given, call) {
          backend.calls.push(JSON.stringify([given, call.identity]));
          return {
            id: '7',
            number: '700',
            subject: given.subject,
            status: 'open',
            requester: { name: 'The Real Omar', email: 'omar@example.test', role: 'requester' },
          };
        },
      });
      const relay = relayOf(backend, { guests: { mode: 'create' } });
      const caps = await jsonOf(await send(relay, 'GET', '/v1/capabilities'));
      expect(caps).to.deep.include({ can: ['listTopics'], role: 'guest' });
      expect(caps['limits']).to.deep.equal({ subjectLength: 500, identityRequired: true });
      expect((await send(relay, 'GET', '/v1/topics')).status).to.equal(200);
      const body = { ...draft, email: 'OMAR@example.test', displayName: 'Me <x>' };
      const response = await send(relay, 'POST', '/v1/tickets', { body });
      expect(response.status).to.equal(201);
      expect(await jsonOf(response)).to.deep.equal({
        ticket: {
          id: '',
          number: '700',
          subject: draft.subject,
          status: 'open',
          requester: { name: 'Me  x', email: 'omar@example.test', role: 'requester' },
        },
      });
      expect(backend.calls).to.deep.equal([
        JSON.stringify([draft, { email: 'omar@example.test', displayName: 'Me  x' }]),
      ]);
      for (const [method, path, sent] of [
        ['GET', '/v1/tickets'],
        ['GET', '/v1/tickets/7'],
        ['POST', '/v1/tickets/7/replies', { message: 'x' }],
        ['PUT', '/v1/tickets/7/status', { status: 'closed' }],
      ] as const)
        expect((await send(relay, method, path, { ...(sent && { body: sent }) })).status).to.equal(401);
      expect((await send(relay, 'POST', '/v1/tickets', { body: draft })).status).to.equal(400);
      expect((await send(relay, 'POST', '/v1/tickets', { body: { ...draft, email: 'a,b@x.test' } })).status).to.equal(
        400,
      );
    });

    it('nobody can do anything otherwise', async () => {
      const relay = relayOf(scripted());
      expect(
        (await send(relay, 'POST', '/v1/tickets', { body: { ...draft, email: 'x@example.test' } })).status,
      ).to.equal(401);
      const asked = await send(relay, 'POST', '/v1/guest-access', { body: { email: 'x@example.test' } });
      expect([asked.status, await asked.json()]).to.deep.equal([202, {}]);
      const confirmed = await send(relay, 'POST', '/v1/guest-access/confirm', {
        body: { email: 'x@example.test', code: '12345678' },
      });
      expect(confirmed.status).to.equal(501);
    });

    it('a mailed code opens the own tickets, once', async () => {
      const mails: { to: string; code: string }[] = [];
      const guests = {
        mode: 'verify' as const,
        secret: 'a secret for guests, which is long enough',
        send: async (mail: { to: string; code: string }) => void mails.push(mail),
      };
      const relay = relayOf(scripted(), { guests, rates: { ...unlimited, mails: { points: 3, seconds: 3600 } } });
      const ask = async (email: string, number?: string) =>
        send(relay, 'POST', '/v1/guest-access', { body: { email, ...(number && { number }) } });
      const confirm = (email: string, code: string) =>
        send(relay, 'POST', '/v1/guest-access/confirm', { body: { email, code } });
      const answers = [await ask('Jane@example.test'), await ask('nobody@example.test')];
      expect(answers.map(({ status }) => status)).to.deep.equal([202, 202]);
      expect(await answers[0]!.text()).to.equal(await answers[1]!.text());
      expect(mails.map(({ to }) => to)).to.deep.equal(['jane@example.test', 'nobody@example.test']);
      const { code } = mails[0]!;
      expect(code).to.match(/^\d{8}$/);
      expect((await confirm('nobody@example.test', code)).status).to.equal(401);
      // At once, as whoever guesses would.
      const all = await Promise.all(Array.from({ length: 5 }, () => confirm('jane@example.test', code)));
      expect(all.map(({ status }) => status).sort()).to.deep.equal([200, 401, 401, 401, 401]);
      const { token } = await jsonOf<{ token: string }>(all.find(({ status }) => status === 200)!);
      expect((await send(relay, 'GET', '/v1/tickets/1', { token })).status).to.equal(200);
      expect(await jsonOf(await send(relay, 'GET', '/v1/capabilities', { token }))).to.deep.include({ role: 'guest' });

      await ask('jane@example.test', '309214');
      const [, , narrow] = mails;
      const wrong = narrow!.code === '00000000' ? '11111111' : '00000000';
      for (let at = 0; at < 5; at++) expect((await confirm('jane@example.test', wrong)).status).to.equal(401);
      // The right one comes too late.
      expect((await confirm('jane@example.test', narrow!.code)).status).to.equal(401);
      await ask('jane@example.test', '309214');
      const { token: one } = await jsonOf<{ token: string }>(await confirm('jane@example.test', mails[3]!.code));
      expect((await send(relay, 'GET', '/v1/tickets', { token: one })).status).to.equal(403);
      expect((await send(relay, 'GET', '/v1/tickets/1', { token: one })).status).to.equal(404);
      // No more mails to this address, and the same answer.
      expect((await ask('jane@example.test')).status).to.equal(202);
      expect(mails).to.have.lengthOf(4);
    });

    it('who reads the store finds no code in it, and no address', async () => {
      const email = 'jane@example.test';
      const relayName = identity.audience;
      /** All that a relay with this secret gives its store, the code that it mailed, and whom its token names. */
      async function seen(secret: string): Promise<{ kept: string[]; code: string; sub: string }> {
        const kept: string[] = [];
        const store = new Proxy(createMemoryStore(unlimited), {
          get: (target, name: keyof RelayStore) => {
            const value = target[name];
            if (typeof value !== 'function') return value;
            return (...given: never[]) => {
              kept.push(...given.map(String));
              return (value as (...given: never[]) => unknown)(...given);
            };
          },
        });
        let code = '';
        const guests = {
          mode: 'verify',
          secret,
          send: async (mail: { code: string }) => void ({ code } = mail),
        } as const;
        const relay = relayOf(scripted(), { guests, store });
        const post = (path: string, body: object) => send(relay, 'POST', path, { body });
        expect((await post('/v1/guest-access', { email, number: '1' })).status).to.equal(202);
        const wrong = code === '00000000' ? '11111111' : '00000000';
        expect((await post('/v1/guest-access/confirm', { email, code: wrong })).status).to.equal(401);
        const { token } = await jsonOf<{ token: string }>(await post('/v1/guest-access/confirm', { email, code }));
        const { sub } = JSON.parse(atob(token.split('.')[1]!.replace(/-/g, '+').replace(/_/g, '/'))) as { sub: string };
        expect((await send(relay, 'GET', '/v1/tickets/1', { token })).status).to.equal(200);
        return { kept, code, sub };
      }
      const one = await seen('a secret for guests, which is long enough');
      const all = JSON.stringify(one.kept);
      expect(all).not.to.include(email).and.not.to.include(one.code);
      // As whoever has the store would try it for every address, and for each of a hundred million codes.
      const parts = [email, one.code, relayName, `${relayName} guest`];
      const orders = parts.flatMap((a) => [a, ...parts.flatMap((b) => [[a, b], ...parts.map((c) => [a, b, c])])]);
      const guesses = orders.flatMap((order) =>
        typeof order === 'string'
          ? order
          : [...['', ' ', ':', '\0'].map((sign) => order.join(sign)), JSON.stringify(order)],
      );
      for (const guess of guesses) {
        const sum = await digest(guess);
        expect(all, guess).not.to.include(sum);
        expect(sum.slice(0, 32), guess).not.to.equal(one.sub);
      }
      // The same person with the same secret, and with another nobody who could be found by it.
      const again = await seen('a secret for guests, which is long enough');
      const other = await seen('another secret for guests, long enough');
      expect([again.sub === one.sub, other.sub === one.sub]).to.deep.equal([true, false]);
      const keys = ({ kept }: typeof one): string[] =>
        kept.filter((each) => each.startsWith('guest:') && each.length < 60);
      expect(keys(one)).not.to.be.empty;
      expect(keys(again)[0]).to.equal(keys(one)[0]);
      expect(keys(other)).not.to.include(keys(one)[0]);
    });

    describe('while the store cannot be reached', () => {
      const body = { subject: draft.subject, message: draft.message };
      const writes: readonly (readonly [called: string, method: string, path: string, body: object])[] = [
        ['create', 'POST', '/v1/tickets', body],
        ['reply', 'POST', '/v1/tickets/1/replies', { message: 'More words' }],
        ['status', 'PUT', '/v1/tickets/1/status', { status: 'closed' }],
        ['rate', 'PUT', '/v1/tickets/1/rating', { score: 1 }],
      ];
      let ok: boolean;
      let backend: ReturnType<typeof scripted>;
      const failing = () => ({
        ...createMemoryStore(unlimited),
        ping: async () => (ok ? undefined : Promise.reject(new Error('down'))),
      });
      beforeEach(() => {
        ok = true;
        backend = scripted({ rate: async () => (backend.calls.push('rate'), ticket) });
      });

      /** What writes came to, without a page's key and with one, the same each time. */
      async function tried(relay: Relay, list: typeof writes, token?: string): Promise<unknown[]> {
        const seen: unknown[] = [];
        for (const [called, method, path, sent] of list)
          for (const headers of [{}, { 'Idempotency-Key': called }]) {
            backend.calls.length = 0;
            const response = await send(relay, method, path, { body: sent, headers, ...(token && { token }) });
            const { code } = await jsonOf<{ code?: string }>(response);
            seen.push([called, response.status, code, backend.calls.includes(called)]);
          }
        return seen;
      }
      const refused = ([called]: (typeof writes)[number]): unknown[] =>
        Array.from({ length: 2 }, () => [called, 503, 'unavailable', false]);

      it('nobody unproved writes a ticket', async () => {
        const relay = relayOf(backend, { guests: { mode: 'create' }, store: failing() });
        const creates = [['create', 'POST', '/v1/tickets', { ...body, email: 'jane@example.test' }]] as const;
        ok = false;
        expect(await tried(relay, creates)).to.deep.equal(creates.flatMap(refused));
        ok = true;
        expect((await tried(relay, creates)).map((each) => (each as unknown[])[1])).to.deep.equal([201, 201]);
      });

      it('nobody with a mailed code writes anything, and they read on', async () => {
        let code = '';
        const guests = {
          mode: 'verify' as const,
          secret: 'a secret for guests, which is long enough',
          send: async (mail: { code: string }) => void ({ code } = mail),
        };
        const relay = relayOf(backend, { guests, store: failing() });
        const email = 'jane@example.test';
        await send(relay, 'POST', '/v1/guest-access', { body: { email } });
        const confirmed = await send(relay, 'POST', '/v1/guest-access/confirm', { body: { email, code } });
        const { token } = await jsonOf<{ token: string }>(confirmed);
        ok = false;
        expect(await tried(relay, writes, token)).to.deep.equal(writes.flatMap(refused));
        expect((await send(relay, 'GET', '/v1/tickets/1', { token })).status).to.equal(200);
        ok = true;
        for (const each of await tried(relay, writes, token)) expect((each as unknown[])[3]).to.equal(true);
      });

      it('who is signed in writes on', async () => {
        const relay = relayOf(backend, { store: failing() });
        ok = false;
        for (const each of await tried(relay, writes, await tokenOf('jane')))
          expect((each as unknown[])[3]).to.equal(true);
      });
    });

    it('a code has its own tries, also where one before was mailed in the same moment', async () => {
      const codes: string[] = [];
      const guests = {
        mode: 'verify' as const,
        secret: 'a secret for guests, which is long enough',
        send: async ({ code }: { code: string }) => void codes.push(code),
      };
      const relay = relayOf(scripted(), { guests, rates: unlimited });
      const ask = () => send(relay, 'POST', '/v1/guest-access', { body: { email: 'jane@example.test' } });
      const confirm = async (code: string) =>
        (await send(relay, 'POST', '/v1/guest-access/confirm', { body: { email: 'jane@example.test', code } })).status;
      const { now } = Date;
      const moment = now();
      Date.now = () => moment;
      try {
        await ask();
        const wrong = codes[0] === '00000000' ? '11111111' : '00000000';
        for (let at = 0; at < 5; at++) expect(await confirm(wrong)).to.equal(401);
        expect(await confirm(codes[0]!)).to.equal(401);
        await ask();
        expect(await confirm(codes[1]!)).to.equal(200);
      } finally {
        Date.now = now;
      }
    });
  });

  describe('itself', () => {
    it('says that it lives, and whether it is ready', async () => {
      let ok = true;
      const store = { ...createMemoryStore(), ping: async () => (ok ? undefined : Promise.reject(new Error('down'))) };
      const relay = relayOf(scripted(), { store });
      expect((await send(relay, 'GET', '/healthz', { origin: null })).status).to.equal(200);
      expect((await send(relay, 'GET', '/readyz', { origin: null })).status).to.equal(200);
      ok = false;
      const late = relayOf(scripted(), { store });
      expect((await send(late, 'GET', '/readyz', { origin: null })).status).to.equal(503);
    });

    it('has limits that are some', () => {
      const cases: [object, string][] = [
        [{ maxRequestBytes: NaN }, 'maxRequestBytes is a whole number from 1 to 1073741824.'],
        [{ maxRequestBytes: '10MB' }, 'maxRequestBytes is a whole number from 1 to 1073741824.'],
        [{ concurrency: NaN }, 'concurrency is a whole number from 1 to 10000.'],
        [{ concurrency: 0 }, 'concurrency is a whole number from 1 to 10000.'],
        [{ cacheMs: Infinity }, 'cacheMs is a whole number from 0 to 3600000.'],
        [{ times: { write: 3e9 } }, 'times.write is a whole number from 0 to 2147483647.'],
        [{ times: { reed: 5 } }, 'times.reed is not known. Is it misspelt?'],
        [{ files: { maxBytes: '2MB' } }, 'files.maxBytes is a whole number from 0 to 1073741824.'],
        [{ files: { maxCount: undefined } }, 'files.maxCount is a whole number from 0 to 1000.'],
        [{ files: { maxcount: 1 } }, 'files.maxcount is not known. Is it misspelt?'],
        [{ files: { accept: ['.png'] } }, 'files.accept is a text.'],
        [
          { rates: { reads: { points: NaN, seconds: 60 } } },
          'rates.reads.points is a whole number from 1 to 1000000000.',
        ],
        [{ rates: { reads: { points: 1 } } }, 'rates.reads.seconds is a whole number from 1 to 2147483.'],
        // Timers of more milliseconds than that end at once.
        [
          { rates: { creates: { points: 5, seconds: 2_592_000 } } },
          'rates.creates.seconds is a whole number from 1 to',
        ],
        [{ rates: { read: { points: 1, seconds: 60 } } }, 'rates.read is not known. Is it misspelt?'],
        [
          { store: createMemoryStore(), rates: unlimited },
          'Rates belong to the store: give them to createMemoryStore or createRedisStore.',
        ],
      ];
      for (const [changes, wrong] of cases) expect(() => relayOf(scripted(), changes), wrong).to.throw(wrong);
      expect(() => createMemoryStore({ creates: { points: 5, seconds: 2_592_000 } })).to.throw('rates.creates.seconds');
      expect(() =>
        relayOf(scripted(), { maxRequestBytes: 1, concurrency: 1, cacheMs: 0, files: { maxCount: 0, accept: '' } }),
      ).not.to.throw();
    });

    it('can be mounted below a path', async () => {
      const relay = relayOf(scripted(), { basePath: '/help/desk' });
      expect((await send(relay, 'GET', '/help/desk/v1/tickets', { who: 'jane' })).status).to.equal(200);
      expect((await send(relay, 'GET', '/v1/tickets', { who: 'jane' })).status).to.equal(404);
    });

    it('knows no other routes and methods', async () => {
      const relay = relayOf(scripted());
      for (const [method, path] of [
        ['GET', '/'],
        ['GET', '/v1'],
        ['GET', '/v1/tickets/'],
        ['GET', '/v1//tickets'],
        ['GET', '/v2/tickets'],
        ['DELETE', '/v1/tickets/1'],
        ['DELETE', '/v1/tickets'],
        ['PUT', '/v1/tickets/1'],
        ['GET', '/v1/tickets/1/status'],
        ['POST', '/v1/tickets/1'],
        ['GET', '/api/tickets.json'],
      ] as const) {
        const response = await send(relay, method, path, { who: 'jane' });
        expect([response.status, (await jsonOf(response))['code']], path).to.deep.equal([404, 'not-found']);
      }
    });

    it('answers in the same origin without a name of its own', async () => {
      const response = await relayOf(scripted())(new Request(`${here}/v1/tickets`));
      expect(response.status).to.equal(401);
      expect(response.headers.get('server')).to.equal(null);
    });
  });
});
