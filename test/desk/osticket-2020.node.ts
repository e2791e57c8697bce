import { expect } from 'chai';
import type { DeskOptions } from '../../demo/desk/desk.js';
import { type Answer, send, type Served, serveDesk } from './serve.js';

const now = Date.parse('2026-11-22T09:00:00Z');
const html = 'text/html; charset=UTF-8';
const path = '/api/tickets.json';
const key = { 'X-API-Key': 'desk-key' };

interface Entry {
  readonly type: string;
  readonly typeName: string;
  readonly format: string;
  readonly message: string;
  readonly attachmentUrls: Readonly<Record<string, { readonly download_url: string; readonly filename: string }>>;
  readonly user: { readonly type: string; readonly id: null; readonly name: string };
}
interface Ticket {
  readonly id: string;
  readonly topic: { readonly id: number; readonly name: string };
  readonly status: { readonly id: number; readonly name: string };
  readonly timestamps: Readonly<Record<string, unknown>>;
  readonly threads: readonly Entry[];
}
const ticketOf = (answer: Answer): Ticket => JSON.parse(answer.body) as Ticket;

describe('the osticket-2020 dialect', () => {
  let served: Served;
  let call: Served['call'];
  const open = async (options: DeskOptions = {}, basePath = ''): Promise<void> => {
    served = await serveDesk('osticket-2020', { seed: 'small', now, ...options }, key, basePath);
    call = served.call;
  };
  afterEach(() => served.close());
  const refuses = async (answer: Promise<Answer>, status: number, body: string): Promise<void> => {
    const { status: got, body: said, type } = await answer;
    expect({ status: got, body: said, type }).to.deep.equal({ status, body, type: html });
  };
  const create = { email: 'jane@example.test', subject: 'Printer', message: 'Help', topicId: 11 };

  describe('reading', () => {
    beforeEach(() => open());

    it('prints a ticket byte for byte, as HTML', async () => {
      const { status, type, body } = await call('GET', `${path}/737120`);
      const entry = (id: number, names: string, more: string, said: string, time: string, user: string): string =>
        `{"id":${id},"pid":0,"thread_id":4,${names},"editor":null,${more},"message":"${said}","attachmentUrls":[],` +
        `"timestamps":{"created":"2026-11-12 09:0${time}:00","updated":"0000-00-00 00:00:00"},"user":{${user}}}`;
      expect([status, type]).to.deep.equal([200, html]);
      expect(body).to.equal(
        '{"id":"737120","subject":"Thanks for the quick help","topic":{"id":2,"name":"Feedback"},' +
          '"status":{"id":3,"name":"Closed"},"priority":{"id":1,"name":"low"},"department":"Support",' +
          '"timestamps":{"create":"2026-11-12 09:00:00","due":"2026-11-14 22:00:00","close":"2026-11-12 09:03:00",' +
          '"last_message":"2026-11-12 09:00:00","last_response":null},"user":{"fullname":"Omar Haddad",' +
          '"firstname":"Omar","lastname":"Haddad","email":"omar@example.test","phone":""},"source":"API",' +
          '"assigned_to":[],"threads":[' +
          entry(
            9,
            '"type":"M","typeName":"message"',
            '"source":"API","format":"text","title":"Thanks for the quick help"',
            'Just a note: the new scanner works well. Thank you, Nora!',
            '0',
            '"type":"user","id":null,"name":"Omar Haddad"',
          ) +
          ',' +
          entry(
            10,
            '"type":"N","typeName":"note"',
            '"source":"","format":"html","title":"Status Changed"',
            'Closed by user',
            '3',
            '"type":"system","id":null,"name":"SYSTEM"',
          ) +
          ']}',
      );
    });

    it('names only the leaf of a topic, takes unknown authors for the system, and finds leading zeros', async () => {
      const ticket = ticketOf(await call('GET', `${path}/309214`));
      expect(ticket.topic).to.deep.equal({ id: 12, name: 'VPN and remote' });
      expect(ticket.threads.map(({ type, typeName, user }) => [type, typeName, user.type, user.name])).to.deep.equal([
        ['M', 'message', 'user', 'Jane Doe'],
        ['R', 'response', 'staff', 'Nora Lind'],
        ['N', 'note', 'staff', 'Nora Lind'],
        ['M', 'message', 'system', ''],
      ]);
      expect(ticketOf(await call('GET', `${path}/004217`)).id).to.equal('004217');
      expect((await call('GET', '/api/topics.json')).type).to.equal(html);
    });

    it('lists by e-mail, id and status', async () => {
      const numbers = async (query: string): Promise<string[]> =>
        (JSON.parse((await call('GET', `${path}?${query}`)).body) as Ticket[]).map(({ id }) => id);
      expect(await numbers('email=Omar@example.test')).to.deep.equal(['680431', '737120']);
      expect(await numbers('userId=2&status_id=3')).to.deep.equal(['737120']);
      expect(await numbers('userId=4242')).to.deep.equal([]);
      await refuses(call('GET', `${path}?email=x@y.test`), 400, 'Invalid user.  User email does not exist.');
      await refuses(call('GET', path), 400, 'Either user ID or email must be provided in request');
      await refuses(call('GET', `${path}/999999`), 400, "Ticket Number '999999' does not exist");
      await refuses(call('PATCH', `${path}/737120`), 400, 'URL not supported');
      await refuses(call('GET', path, undefined, { 'X-API-Key': 'x' }), 401, 'Valid API key required');
    });
  });

  describe('writing', () => {
    beforeEach(() => open());

    it('creates for known people only, and answers the whole ticket', async () => {
      const answer = await call('POST', path, create);
      expect([answer.status, answer.type]).to.deep.equal([201, html]);
      expect(ticketOf(answer).threads[0]).to.include({ message: 'Help', format: 'text', source: 'api' });
      const byId = { ...create, email: undefined, userId: 2 };
      expect((await call('POST', path, byId)).body).to.contain('"email":"omar@example.test"');
      await refuses(call('POST', path, { ...byId, userId: 99 }), 400, 'Invalid user.  User ID does not exist.');
      await refuses(
        call('POST', path, { ...create, name: 'New', email: 'new@example.test' }),
        500,
        'Unable to create new ticket :user\nIncomplete client information',
      );
      await refuses(call('POST', path, 'email=jane@example.test'), 400, 'Syntax error, malformed JSON');
      const weak = { 'X-API-Key': 'desk-key-may-not-create' };
      await refuses(call('POST', path, create, weak), 401, 'API key not authorized');
      expect((await call('GET', `${path}/737120`, undefined, weak)).status).to.equal(200);
    });

    it('stores a ticket without a topic, and dies of it: then, and in every list', async () => {
      const before = served.desk.control({ op: 'count' });
      await refuses(call('POST', path, { ...create, topicId: 9999 }), 500, '');
      expect(served.desk.control({ op: 'count' })).to.equal((before as number) + 1);
      await refuses(call('GET', `${path}?email=jane@example.test`), 500, '');
      expect((await call('GET', `${path}?email=omar@example.test`)).status).to.equal(200);
    });

    it('looks at no owner: anybody replies, closes and reopens, and closing leaves no note', async () => {
      const to = `${path}/680431`;
      const replied = ticketOf(await call('PUT', to, { userId: 1, message: 'a < b\nc' }));
      expect(replied.timestamps.last_message).to.deep.equal({ alias: null, func: 'NOW', args: [] });
      expect(replied.threads.at(-1)).to.deep.include({
        message: 'a &lt; b\nc',
        format: 'text',
        user: { type: 'user', id: null, name: 'Jane Doe' },
      });
      const closed = await call('DELETE', to);
      expect([closed.status, closed.body, closed.type]).to.deep.equal([204, '', undefined]);
      const after = ticketOf(await call('GET', to));
      expect(after.status).to.deep.equal({ id: 3, name: 'Closed' });
      expect(after.threads).to.have.length(replied.threads.length);
      expect(ticketOf(await call('POST', to)).status).to.deep.equal({ id: 1, name: 'Open' });
      served.desk.control({ op: 'lock', number: '680431', locked: true });
      expect((await call('DELETE', to)).status).to.equal(204);
      expect(ticketOf(await call('GET', to)).status.name).to.equal('Open');
      await refuses(call('PUT', to, { message: 'x' }), 400, 'Either user ID or email must be provided in request');
    });
  });

  describe('downloading', () => {
    let time = now;
    const urls = async (number: string, headers = {}): Promise<string[]> =>
      ticketOf(await call('GET', `${path}/${number}`, undefined, headers)).threads.flatMap(({ attachmentUrls }) =>
        Object.values(attachmentUrls).map(({ download_url }) => download_url),
      );
    const gone = { status: 404, body: 'Unknown or invalid file' };

    beforeEach(() => {
      time = now;
    });

    it('signs an address that is good until midnight, for everybody', async () => {
      await open({ clock: () => time });
      const entry = ticketOf(await call('GET', `${path}/309214`)).threads[0]!;
      expect(Object.entries(entry.attachmentUrls).map(([name, { filename }]) => [name, filename])).to.deep.equal([
        ['1pWm5RxZc8Tb2NqLs6UyEk4HoJv9DgAf', 'shot.png'],
        [Object.keys(entry.attachmentUrls)[1], 'vpn.log'],
      ]);
      const [image, log] = await urls('309214');
      expect(image).to.match(
        /^\/file\.php\?key=1pwm5rxzc8tb2nqls6uyek4hojv9dgaf&expires=1795392000&signature=[0-9a-f]{40}$/,
      );
      const answer = await send('GET', served.origin + log!);
      expect(answer).to.include({ status: 200, type: 'text/plain;charset=utf-8' });
      expect(answer.body).to.equal('10:01 connected\n10:11 dropped\n10:12 connected\n10:22 dropped\n');
      expect(answer.headers['content-disposition']).to.equal("attachment; filename*=UTF-8''vpn.log");
      const shown = await send('GET', `${served.origin}${image}&disposition=inline`);
      expect(shown.type).to.equal('image/png');
      expect(shown.bytes.subarray(1, 4).toString()).to.equal('PNG');
      expect(shown.headers['content-disposition']).to.equal("inline; filename*=UTF-8''shot.png");
      const known = await send('GET', served.origin + image!, undefined, {
        'If-None-Match': String(shown.headers.etag),
      });
      expect([known.status, known.body]).to.deep.equal([304, '']);
      time = Date.parse('2026-11-22T23:59:59Z');
      expect((await send('GET', served.origin + image!)).status).to.equal(200);
      time = Date.parse('2026-11-23T00:00:00Z');
      expect(await send('GET', served.origin + image!)).to.include({ ...gone, type: html });
    });

    it('refuses what was signed for another host, or changed', async () => {
      await open({ clock: () => time });
      const [inner] = await urls('309214', { Host: 'desk.internal' });
      expect(await send('GET', served.origin + inner!)).to.include(gone);
      expect((await send('GET', served.origin + inner!, undefined, { Host: 'desk.internal' })).status).to.equal(200);
      const [url] = await urls('309214');
      for (const changed of [
        url!.replace(/key=\w{4}/, 'key=xxxx'),
        url!.replace('expires=1795392000', 'expires=1795478400'),
        url!.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
        '/file.php',
      ])
        expect(await send('GET', served.origin + changed), changed).to.include(gone);
    });

    it('answers the page to sign in, with 200, where that is wanted', async () => {
      await open({ filesNeedSignIn: true });
      const [url] = await urls('309214');
      const answer = await send('GET', served.origin + url!, undefined, key);
      expect([answer.status, answer.type]).to.deep.equal([200, html]);
      expect(answer.body).to.match(/^<!DOCTYPE html>[\s\S]*<form action="login\.php"/);
    });

    it('names the place it is mounted at', async () => {
      await open({}, '/help/desk');
      const [url] = await urls('309214');
      expect(url).to.match(/^\/help\/desk\/file\.php\?/);
      expect((await send('GET', served.origin + url!)).status).to.equal(200);
    });
  });

  describe('for applications', () => {
    beforeEach(() => open());
    const john = {
      email: 'john@example.test',
      phone: '(425) 444-1212 X123',
      notes: 'n',
      name: 'John Doe',
      password: 'p',
      timezone: 'UTC',
    };
    const printed = '{"id":6,"name":"John Doe","email":"john@example.test","phone":"(425) 444-1212 x123"}';

    it('creates, shows and deletes people, with their tickets', async () => {
      const users = '/api/scp/users.json';
      await refuses(call('POST', users, john), 201, printed);
      await refuses(call('GET', `${users}/6`), 200, printed);
      await refuses(call('POST', users, john), 400, 'Email john@example.test is already in use');
      await refuses(call('POST', users, { ...john, email: 'nope' }), 400, 'Invalid email: nope');
      const { id } = ticketOf(await call('POST', path, { ...create, email: undefined, userId: 6 }));
      await call('PUT', `${path}/680431`, { userId: 6, message: 'Not mine' });
      expect((await call('DELETE', `${users}/6`)).status).to.equal(204);
      await refuses(call('GET', `${users}/6`), 400, "User ID '6' does not exist");
      await refuses(call('DELETE', `${users}/6`), 400, "User ID '6' does not exist");
      await refuses(call('GET', `${path}/${id}`), 400, `Ticket Number '${id}' does not exist`);
      expect(ticketOf(await call('GET', `${path}/680431`)).threads.at(-1)!.user).to.deep.equal({
        type: 'system',
        id: null,
        name: 'John Doe',
      });
    });

    it('creates, shows and deletes organisations, with or without their people', async () => {
      const organizations = '/api/scp/organizations.json';
      const abc = { name: 'ABC Company', address: '123 main street', phone: '1', notes: 'n', website: 'w.test' };
      await refuses(call('POST', organizations, abc), 201, '{"id":1,"name":"ABC Company"}');
      await refuses(call('POST', organizations, abc), 400, "Organization name 'ABC Company' is already in use");
      await refuses(call('GET', `${organizations}/1`), 200, '{"id":1,"name":"ABC Company"}');
      await refuses(call('POST', '/api/scp/users.json', { ...john, org_id: 1 }), 201, printed);
      await refuses(call('GET', `${organizations}/users/1`), 200, `[${printed}]`);
      expect((await call('DELETE', `${organizations}/1`)).status).to.equal(204);
      await refuses(call('DELETE', `${organizations}/1`), 400, "Organization ID '1' does not exist");
      await refuses(call('GET', '/api/scp/users.json/6'), 200, printed);
      for (const [query, body] of [
        ['?deleteUsers=1', undefined],
        ['', { deleteUsers: 1 }],
      ] as const) {
        await call('DELETE', '/api/scp/users.json/6');
        await call('POST', organizations, abc);
        await call('POST', '/api/scp/users.json', { ...john, org_id: 1 });
        expect((await call('DELETE', `${organizations}/1${query}`, body)).status).to.equal(204);
        await refuses(call('GET', '/api/scp/users.json/6'), 400, "User ID '6' does not exist");
      }
    });
  });
});
