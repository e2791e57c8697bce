/**
 * Answers replayed by a bare HTTP server in Node: some written here, and, where they lie beside the project, recorded
 * answers of a real osTicket. Each goes through the method that would have asked for it.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Call } from '../../src/backends/backend.js';
import { createHttp } from '../../src/backends/http.js';
import { osticketHttp } from '../../src/backends/osticket-http.js';
import { osticket } from '../../src/backends/osticket.js';
import { HelpDeskError } from '../../src/errors.js';
import type { Thread, Ticket } from '../../src/model.js';

interface Recording {
  readonly name: string;
  readonly request: { readonly method: string; readonly path: string; readonly body: string | null };
  readonly response: { readonly status: number; readonly headers: Record<string, string>; readonly body: string };
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let url: string;
let handler: Handler;
let asked: string[];

describe('answers as they were given', () => {
  before(async () => {
    server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      request.resume().on('end', () => handler(request, response));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    asked = [];
  });

  /** The same outcome in few words: an error's code, or what was read. */
  async function outcome(work: Promise<unknown>): Promise<unknown> {
    try {
      return await work;
    } catch (error) {
      expect(error).to.be.instanceOf(HelpDeskError);
      const { code, fields, message } = error as HelpDeskError;
      expect(message).not.to.match(/http|KEY|required field|\?/);
      return Object.keys(fields).length ? `${code}: ${Object.keys(fields).join()}` : code;
    }
  }

  const initials = { message: 'M', reply: 'R', event: 'E' };
  const short = ({ id, status, updatedAt }: Ticket): string => `${id} ${status} ${updatedAt?.slice(0, 19)}`;
  const whole = ({ ticket, entries }: Thread): string =>
    `${short(ticket)} ${entries.map(({ kind }) => initials[kind]).join('')}`;

  /** Answers the recorded request as recorded, and other reads of the same ticket with `then`. */
  function replay({ request, response }: Recording, then = ''): void {
    handler = ({ method }, answer) => {
      const { status, headers, body } = response;
      if (method !== request.method && method === 'GET') answer.end(then);
      else {
        const type = headers['Content-Type'];
        const { Location } = headers;
        answer.writeHead(status, { ...(type && { 'Content-Type': type }), ...(Location && { Location }) }).end(body);
      }
    };
  }

  /** The back end that speaks as a recording's name begins. */
  const spoken = [
    [/^code2018/, () => osticket({ url, apiKey: 'KEY', shape: '2018' })],
    [/^fork2020/, () => osticket({ url, apiKey: 'KEY', shape: '2020' })],
    [/^pr4361/, () => osticketHttp({ url, apiKey: 'KEY', staffUserName: 'Michael' })],
    [/^/, () => osticket({ url, apiKey: 'KEY' })],
  ] as const;

  /** The method of an agent's adapter that asks this. */
  async function askAsAgent({ name, request }: Recording): Promise<unknown> {
    const shape = /^code2018/.test(name) ? '2018' : /^fork2020/.test(name) ? '2020' : 'readme';
    const backend = osticket({ url, apiKey: 'KEY', shape, staffUserName: 'Michael' });
    const { pathname: path, searchParams } = new URL(request.path, url);
    if (/users/.test(path)) {
      const { id, email } = await backend.createUser!({ name: 'x', email: 'x@example.test', phone: '1' }, {});
      return `${id} ${email}`;
    }
    if (/reply/.test(path)) {
      const { kind, author, body } = await backend.reply!('309005', { message: 'x', status: 'closed' }, {});
      return `${kind} ${author.name} ${body.value.slice(0, 20)}`;
    }
    if (/ticketInfo/.test(path)) return whole(await backend.readThread(searchParams.get('ticketNumber')!, {}));
    const search = searchParams.get('clientUserMail') ?? 'x@example.test';
    const { items } = await backend.listTickets(
      /client/.test(path) ? { scope: 'all', search } : { scope: 'assigned' },
      {},
    );
    return items.map(short).join('; ');
  }

  /** The method of the adapter that asks this. */
  async function ask({ name, request, response }: Recording): Promise<unknown> {
    if (/\/scp\/(tickets\/|users)/.test(request.path)) return askAsAgent({ name, request, response });
    const backend = spoken.find(([pattern]) => pattern.test(name))![1]();
    const { method } = request;
    const { pathname: path, searchParams } = new URL(request.path, url);
    const email = /[\w+]+@example\.test/.exec(response.body + (request.body ?? '') + request.path)?.[0];
    const call: Call = { identity: { email: email ?? 'jane@example.test' } };
    const id =
      /"(?:ticket_number|ticketNumber)":"(\d+)"|^\{"id":"(\d+)"/.exec(response.body)?.slice(1).find(Boolean) ??
      /\/(\d+)$/.exec(path)?.[1] ??
      searchParams.get('ticketNumber') ??
      '1';
    if (/topics/.test(path))
      return (await backend.listTopics!(call)).map((topic) => `${topic.id} ${topic.name}`).join('; ');
    if (/ticketInfo/.test(path)) return whole(await backend.readThread(id, call));
    if (method === 'GET' && /\/\d+$/.test(path)) return whole(await backend.readThread(id, call));
    if (/pr4361.*stafftickets/.test(name))
      return (await backend.listTickets({ scope: 'assigned' }, {})).items.map(short).join('; ');
    if (method === 'GET') return (await backend.listTickets({}, call)).items.map(short).join('; ');
    if (/pr4361.*reply/.test(name)) {
      const { kind, author, body } = await backend.reply!('309005', { message: 'x', status: 'closed' }, {});
      return `${kind} ${author.name} ${body.value.slice(0, 20)}`;
    }
    if (method === 'PUT') {
      const { kind, body } = await backend.reply!(id, { message: 'x' }, call);
      return `${kind} ${body.format} ${body.value}`;
    }
    if (method === 'DELETE') return short(await backend.setStatus!(id, 'closed', call));
    if (/\/\d+$/.test(path)) return short(await backend.setStatus!(id, 'open', call));
    return short(await backend.createTicket({ subject: 'x', message: 'x' }, call));
  }

  const ticket = (more: object): string =>
    JSON.stringify({
      ticket_number: '1',
      subject: 'x',
      statusId: 1,
      create_timestamp: '2026-01-01 00:00:00',
      user: { email: 'jane@example.test' },
      threads: [],
      ...more,
    });

  describe('answers as osTicket gives them', () => {
    const rows: [string, string, string, number, string, unknown, string?][] = [
      ['a bare number as a page', 'POST', '/api/tickets.json', 201, '0042', '0042 open undefined'],
      ['a ticket as text', 'POST', '/api/tickets.json', 201, ticket({}), '1 open 2026-01-01T00:00:00'],
      ['a list as text', 'GET', '/api/tickets.json', 200, `[${ticket({})}]`, '1 open 2026-01-01T00:00:00'],
      ['a close', 'DELETE', '/api/tickets.json/1', 204, '', '1 closed 2026-01-01T00:00:00', ticket({ statusId: 3 })],
      ['a close that did nothing', 'DELETE', '/api/tickets.json/1', 204, '', 'forbidden', ticket({})],
      ['a page for topics', 'GET', '/api/topics.json', 200, '<html></html>', 'unexpected'],
      ['a redirect', 'GET', '/api/', 302, '', 'unexpected'],
    ];
    for (const [what, method, path, status, body, expected, then] of rows)
      it(what, async () => {
        const recording: Recording = {
          name: what,
          request: { method, path, body: null },
          response: { status, headers: { 'Content-Type': 'text/html; charset=UTF-8' }, body },
        };
        replay(recording, then);
        expect(await outcome(ask(recording))).to.equal(expected);
      });
  });

  describe('createHttp in Node', () => {
    it('reads again when the connection breaks within the body', async () => {
      handler = (_, response) => {
        if (asked.length > 1) return response.end('yes');
        response.writeHead(200, { 'Content-Length': 99 });
        response.write('half', () => response.destroy());
        return response;
      };
      expect((await createHttp({ url })('GET', 'x', {})).text).to.equal('yes');
      expect(asked).to.have.lengthOf(2);
    });

    it('does not write again when the connection breaks', async () => {
      handler = (_, response) => response.destroy();
      expect(await outcome(createHttp({ url })('POST', 'x', {}, { json: {} }))).to.equal('network');
      expect(asked).to.deep.equal(['POST /x']);
    });

    it('takes no key to where it is redirected', async () => {
      const keys: unknown[] = [];
      handler = (request, response) => {
        keys.push(request.headers['x-api-key']);
        response.writeHead(302, { Location: url.replace('127.0.0.1', 'localhost') }).end();
      };
      const http = createHttp({ url }, { headers: () => ({ 'X-API-Key': 'KEY' }) });
      for (const method of ['GET', 'POST']) expect(await outcome(http(method, 'x', {}))).to.equal('unexpected');
      expect(keys).to.deep.equal(['KEY', 'KEY']);
    });

    it('covers a body that never ends with its time', async () => {
      handler = (_, response) => response.writeHead(200).write('half');
      let timeout = 25;
      let tries: string[];
      do {
        timeout *= 4;
        expect(await outcome(createHttp({ url, timeout })('GET', `${timeout}`, {}))).to.equal('timeout');
        tries = asked.filter((line) => line === `GET /${timeout}`);
        // Given up before it was there, as on a busy machine, it shows nothing.
      } while (!tries.length && timeout < 6400);
      expect(tries).to.have.lengthOf(1);
    });

    it('stops while a body is coming', async () => {
      const stop = new AbortController();
      handler = (_, response) => response.writeHead(200).write('half', () => stop.abort());
      expect(await outcome(createHttp({ url })('GET', 'x', { signal: stop.signal }))).to.equal('aborted');
      expect(asked).to.have.lengthOf(1);
    });

    it('stops waiting for another try', async () => {
      const stop = new AbortController();
      handler = (_, response) => {
        response.writeHead(503, { 'Retry-After': '10' }).end(() => setImmediate(() => stop.abort()));
      };
      const before = performance.now();
      expect(await outcome(createHttp({ url })('GET', 'x', { signal: stop.signal }))).to.equal('aborted');
      expect(performance.now() - before).to.be.lessThan(5000);
      expect(asked).to.have.lengthOf(1);
    });

    it('tells the end of an upload where it cannot tell its progress', async () => {
      handler = (_, response) => response.end('yes');
      const seen: number[] = [];
      const call = { onProgress: (fraction: number) => seen.push(fraction) };
      await createHttp({ url })('POST', 'x', call, { json: {}, upload: true });
      expect(seen).to.deep.equal([1]);
    });
  });

  const folder = new URL('../../../shared/recordings/', import.meta.url);
  const recordings = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => /^(core|readme|code2018|fork2020|pr4361)-.*\.json$/.test(file))
        .map((file) => JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Recording)
    : [];

  const topicList =
    '13 Billing; 14 Billing / Refund request; 2 Feedback; 1 General Inquiry; 15 Order question; 10 Report a Problem; 11 Report a Problem / Access Issue; 12 Report a Problem / Access Issue / VPN and remote';

  /** What the back end makes of each. */
  const expected: Readonly<Record<string, unknown>> = {
    'code2018-close-by-email': '252065 closed 2026-11-22T01:41:03',
    'code2018-cors-get': '252065 open 2026-11-22T01:44:18 MMMMMMEME',
    'code2018-cors-preflight-get': 'unsupported',
    'code2018-create-email': '252065 open 2026-11-22T01:44:11',
    'code2018-create-other-encoding': 'unauthorized',
    'code2018-create-unknown-topic': '900100 open 2026-11-22T01:44:14',
    'code2018-create-wrong-key': 'unauthorized',
    'code2018-get-key-other-ip': 'unauthorized',
    'code2018-get-no-key': 'unauthorized',
    'code2018-get-rich': '309005 open 2026-11-22T01:41:03 MR',
    'code2018-list-by-email':
      '913592 open 2026-11-22T01:44:12; 737636 open 2026-11-22T01:44:02; 680495 open 2026-11-22T01:43:09',
    'code2018-list-paging-ignored':
      '913592 open 2026-11-22T01:44:12; 737636 open 2026-11-22T01:44:02; 680495 open 2026-11-22T01:43:09',
    'code2018-reopen-by-email': '252065 open 2026-11-22T01:41:03',
    'code2018-scp-clienttickets-missing': 'invalid',
    'code2018-scp-reply-empty': 'unavailable',
    'code2018-scp-ticketinfo-nan': 'not-found',
    'code2018-scp-ticketinfo-unknown': 'not-found',
    'code2018-topics-accept-browser-fetch': topicList,
    'code2018-topics-accept-json': topicList,
    'code2018-topics-xml': topicList,
    'code2018-topics': topicList,
    'code2018-update-by-email': 'message html My updated message using email',
    'code2018-update-other-encoding': 'unauthorized',
    'code2018-update-other-user': 'not-found',
    'code2018-update-plain-angle': 'message html a &lt; b &amp;&amp; c &gt; d new line <b>bold?</b>',
    'core-accepted-oversize-request': '319159 open undefined',
    'core-api-root': 'unexpected',
    'core-cors-preflight': 'unsupported',
    'core-create-attachments-data-urls': '837001 open undefined',
    'core-create-double-submit-2': '961584 open undefined',
    'core-create-email-idn': 'invalid: email',
    'core-create-email-plus-tag': '359847 open undefined',
    'core-create-html-message': '653189 open undefined',
    'core-create-long-subject': '306770 open undefined',
    'core-create-message-starting-with-data': '480413 open undefined',
    'core-create-minimal': '160082 open undefined',
    'core-create-script-html': '322148 open undefined',
    'core-create-unknown-extra-field': '544322 open undefined',
    'core-create-user-id-instead-of-email': 'invalid: email',
    'core-create-via-http-php': '713508 open undefined',
    'core-create-with-topic': '306808 open undefined',
    'core-err-inactive-key': 'unauthorized',
    'core-err-invalid-email': 'invalid: email',
    'core-err-key-may-not-create': 'forbidden',
    'core-err-missing-name-new-user': 'invalid: email',
    'core-err-missing-subject': 'invalid: subject',
    'core-err-no-key': 'unauthorized',
    'core-err-wrong-key': 'unauthorized',
    'core-get-tickets': 'unsupported',
    'core-get-topics': 'unsupported',
    'core-topic-custom-form-missing-required': 'invalid: Order number',
    'fork2020-close-by-email': '564606 closed 2026-11-22T01:41:03',
    'fork2020-close-other-encoding': '302963 closed 2026-11-22T01:41:03',
    'fork2020-close-unknown': 'not-found',
    'fork2020-cors-get': '564606 open 2026-11-22T01:44:21 MMMMMMMM',
    'fork2020-cors-preflight-post': 'unsupported',
    'fork2020-create-attachments': '398596 open 2026-11-22T01:44:21',
    'fork2020-create-email': '564606 open 2026-11-22T01:44:20',
    'fork2020-create-missing-message': 'invalid: message',
    'fork2020-create-omar': '766872 open 2026-11-22T01:44:20',
    'fork2020-create-other-encoding': 'unexpected',
    'fork2020-get-after-reply-to-closed': '564606 open 2026-11-22T01:44:21 MMMMMMMM',
    'fork2020-get-rich': '309005 open 2026-11-22T01:41:03 MR',
    'fork2020-get-unknown': 'not-found',
    'fork2020-get-wrong-key': 'unauthorized',
    'fork2020-list-300': 'unexpected',
    'fork2020-list-by-email':
      '766872 open 2026-11-22T01:44:20; 913592 open 2026-11-22T01:44:12; 737636 open 2026-11-22T01:44:02; 680495 open 2026-11-22T01:43:09',
    'fork2020-list-unknown-email': '',
    'fork2020-reopen-by-email': '564606 open 2026-11-22T01:41:03',
    'fork2020-reopen-by-id': '564606 open 2026-11-22T01:41:03',
    'fork2020-reopen-other-encoding': '302963 open 2026-11-22T01:41:03',
    'fork2020-scp-users-bad-email': 'invalid: email',
    'fork2020-topics': topicList,
    'fork2020-update-by-email': 'message text My updated message using email',
    'fork2020-update-other-encoding': 'unexpected',
    'fork2020-update-unknown-ticket': 'not-found',
    'pr4361-create': '545660 open undefined',
    'pr4361-http-php-ticketinfo': '309005 open 2026-11-22T01:41:03 MR',
    'pr4361-scp-clienttickets':
      '634303 open 2026-11-22T01:45:05; 766872 open 2026-11-22T01:44:20; 913592 open 2026-11-22T01:44:12; 737636 open 2026-11-22T01:44:02; 680495 open 2026-11-22T01:43:09',
    'pr4361-scp-reply-close': 'reply Michael Agent <p>Hello Jane,</p><p',
    'pr4361-scp-reply': 'reply Michael Agent <p>Hello Jane,</p><p',
    'pr4361-scp-stafftickets': '309005 open 2026-11-22T01:41:03',
    'pr4361-scp-ticketinfo-nan': 'not-found',
    'pr4361-scp-ticketinfo-unknown': 'not-found',
    'pr4361-scp-ticketinfo': '309005 open 2026-11-22T01:41:03 MR',
    'readme-close-again': '580978 closed 2026-11-22T01:45:10',
    'readme-close-by-email': '580978 closed 2026-11-22T01:45:10',
    'readme-close-by-id': '580978 closed 2026-11-22T01:45:10',
    'readme-close-no-body': 'unexpected',
    'readme-cors-preflight-delete': 'unsupported',
    'readme-create-by-id': '343384 open 2026-11-22T01:45:05',
    'readme-create-email': '580978 open 2026-11-22T01:45:04',
    'readme-create-html': '423895 open 2026-11-22T01:45:07',
    'readme-create-no-create-permission': '732041 open 2026-11-22T01:45:06',
    'readme-create-omar': '634303 open 2026-11-22T01:45:05',
    'readme-create-other-encoding': 'unexpected',
    'readme-create-unknown-user-id': 'unauthorized',
    'readme-get-closed': '580978 closed 2026-11-22T01:45:10 MMMMMME',
    'readme-get-key-may-not-create': '309005 open 2026-11-22T01:41:03 MR',
    'readme-get-rich': '309005 open 2026-11-22T01:41:03 MR',
    'readme-get-unknown': 'not-found',
    'readme-list-by-email':
      '634303 open 2026-11-22T01:45:05; 766872 open 2026-11-22T01:44:20; 913592 open 2026-11-22T01:44:12; 737636 open 2026-11-22T01:44:02; 680495 open 2026-11-22T01:43:09',
    'readme-list-by-id':
      '766872 open 2026-11-22T01:44:20; 913592 open 2026-11-22T01:44:12; 737636 open 2026-11-22T01:44:02; 680495 open 2026-11-22T01:43:09',
    'readme-list-no-user': 'unauthorized',
    'readme-list-unknown-email': '',
    'readme-reopen-already-open': '580978 open 2026-11-22T01:45:10',
    'readme-reopen-archived': 'forbidden',
    'readme-reopen-by-email': '580978 open 2026-11-22T01:45:10',
    'readme-reopen-resolved': '299159 open 2026-11-22T02:12:28',
    'readme-scp-clienttickets':
      '634303 open 2026-11-22T01:45:05; 766872 open 2026-11-22T01:44:20; 913592 open 2026-11-22T01:44:12; 737636 open 2026-11-22T01:44:02; 680495 open 2026-11-22T01:43:09',
    'readme-scp-reply-close': 'reply Michael Agent <p>Hello Jane,</p><p',
    'readme-scp-reply': 'reply Michael Agent <p>Hello Jane,</p><p',
    'readme-scp-stafftickets': '309005 open 2026-11-22T01:41:03',
    'readme-scp-ticketinfo': '309005 open 2026-11-22T01:41:03 MR',
    'readme-scp-users-create-duplicate': 'invalid: email',
    'readme-scp-users-create': '9 new59094@example.test',
    'readme-timezone-get-later': '196702 open 2026-11-22T01:48:16 M',
    'readme-topics-xml': topicList,
    'readme-topics': topicList,
    'readme-update-by-email': 'message html My updated message using email',
    'readme-update-by-id': 'message html My updated message using id',
    'readme-update-plain-angle': 'message html a &lt; b &amp;&amp; c &gt; d new line <b>bold?</b>',
    'readme-update-reopen-not-allowed': 'message html again',
  };

  if (recordings.length)
    describe('recorded answers of osTicket 1.18.1', () => {
      const find = (name: string): Recording | undefined => recordings.find((each) => each.name === name);
      /** What is read before or after a write: the ticket that was answered, or one like it. */
      const readBack = ({ name, request: { method, path }, response }: Recording): string => {
        const [variant] = name.split('-');
        if (variant === 'core') return response.body;
        if (/scp-reply/.test(name))
          return find(`${variant === 'pr4361' ? variant : 'readme'}-scp-ticketinfo`)?.response.body ?? '';
        if (variant === 'readme')
          return method === 'DELETE' ? (find('readme-get-closed')?.response.body ?? '') : response.body;
        const rich = JSON.parse(find(`${variant}-get-rich`)?.response.body ?? '{}') as Record<string, unknown>;
        const number = /\d+$/.exec(path)?.[0];
        const closed = method === 'DELETE' ? 3 : 1;
        return JSON.stringify({
          ...rich,
          ...(variant === 'code2018'
            ? { ticketNumber: number, statusId: closed }
            : { id: number, status: { id: closed, name: 'x' } }),
        });
      };
      for (const recording of recordings)
        it(recording.name, async () => {
          const { name } = recording;
          replay(recording, readBack(recording));
          const found = await outcome(ask(recording));
          if (name in expected) expect(found).to.equal(expected[name]);
          expect(JSON.stringify(found)).not.to.contain('INTERNAL');
        });

      it("reads the agents' list of every ticket", async () => {
        const recording = find('readme-scp-tickets');
        if (!recording) return;
        const rich = find('readme-scp-ticketinfo')?.response.body ?? '';
        handler = ({ url: path = '' }, answer) => {
          if (path.includes('309005')) answer.end(rich);
          else if (path.includes('ticketInfo')) answer.writeHead(404).end('Ticket not found');
          else answer.end(recording.response.body);
        };
        const backend = osticket({ url, apiKey: 'KEY', staffUserName: 'Michael' });
        const first = await backend.listTickets({ scope: 'all', limit: 50 }, {});
        const second = await backend.listTickets({ scope: 'all', limit: 50, cursor: first.next! }, {});
        expect([first.items.length, first.total, second.items.length, second.next]).to.deep.equal([
          50,
          79,
          29,
          undefined,
        ]);
        const all = [...first.items, ...second.items];
        expect(new Set(all.map(({ id }) => id)).size).to.equal(79);
        expect(short(all[0]!)).to.equal('580978 open 2026-11-22T01:45:10');
        expect(all.find(({ id }) => id === '309005')!.subject).to.equal('VPN drops every 10 minutes');
      });

      it("reads the agents' list of every ticket in the form of 2018, too", async () => {
        const recording = find('code2018-scp-tickets');
        if (!recording) return;
        handler = ({ url: path = '' }, answer) => {
          if (path.includes('ticketInfo')) answer.writeHead(404).end('Ticket not found');
          else answer.end(recording.response.body);
        };
        const backend = osticket({ url, apiKey: 'KEY', shape: '2018', staffUserName: 'Michael' });
        const first = await backend.listTickets({ scope: 'all', limit: 50 }, {});
        const second = await backend.listTickets({ scope: 'all', limit: 50, cursor: first.next! }, {});
        expect([first.items.length, first.total, second.items.length, second.next]).to.deep.equal([
          50,
          63,
          13,
          undefined,
        ]);
        expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).to.equal(63);
      });

      it('maps a rich ticket whole', async () => {
        const recording = find('readme-get-rich');
        if (!recording) return;
        replay(recording);
        const identity = { email: 'jane@example.test' };
        const thread = await osticket({ url, timeZone: 'Asia/Kolkata' }).readThread('309005', { identity });
        expect(thread.ticket).to.deep.equal({
          id: '309005',
          number: '309005',
          subject: 'VPN drops every 10 minutes',
          status: 'open',
          statusLabel: 'Open',
          priority: 'Normal',
          topic: { id: '12', name: 'Report a Problem / Access Issue / VPN and remote' },
          requester: { name: 'Jane Doe', email: 'jane@example.test', role: 'requester' },
          assignee: { name: 'Michael Agent', role: 'agent' },
          createdAt: '2026-11-21T20:10:59.000Z',
          updatedAt: '2026-11-21T20:11:03.000Z',
          dueAt: '2026-11-24T16:30:00.000Z',
        });
        expect(
          thread.entries.map(({ id, kind, author, createdAt, body, attachments }) => [
            id,
            kind,
            author,
            createdAt,
            body.format,
            body.value.slice(0, 20),
            attachments,
          ]),
        ).to.deep.equal([
          [
            ...['41', 'message', { name: 'Jane Doe', role: 'requester' }, '2026-11-21T20:10:59.000Z', 'html'],
            ...['<p>My VPN drops. See', []],
          ],
          [
            ...['42', 'reply', { name: 'Michael Agent', role: 'agent' }, '2026-11-21T20:11:03.000Z', 'html'],
            ...['<p>Hello Jane,</p><p', []],
          ],
        ]);
        expect(JSON.stringify(thread)).not.to.contain('INTERNAL');
      });
    });
});
