import { expect } from 'chai';
import { type Answer, multipart, type Served, serveDesk } from './serve.js';

const now = Date.parse('2026-11-22T09:00:00Z');
const html = 'text/html; charset=UTF-8';
const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
const path = '/api/tickets.json';

interface Entry {
  readonly type: string;
  readonly poster: string;
  readonly user_id: number | null;
  readonly source: string;
  readonly title: string | null;
  readonly body: string;
  readonly format: string;
}
interface Ticket {
  readonly ticketNumber: string;
  readonly status: string;
  readonly statusId: number;
  readonly topic: string | null;
  readonly topicId: number;
  readonly last_message_timestamp: unknown;
  readonly user: { readonly email: string };
  readonly threads: readonly Entry[];
}
const ticketOf = (answer: Answer): Ticket => JSON.parse(answer.body) as Ticket;

describe('the osticket-2018 dialect', () => {
  let served: Served;
  const call = (method: string, to: string, fields?: Record<string, string>, headers = {}): Promise<Answer> =>
    served.call(method, to, fields && new URLSearchParams(fields).toString(), { ...(fields && form), ...headers });
  const refuses = async (answer: Promise<Answer>, status: number, body: string, type?: string): Promise<void> => {
    const { status: got, body: said, type: named } = await answer;
    expect({ status: got, body: said, type: named }).to.deep.equal({ status, body, type });
  };
  const create = { name: 'Jane Doe', email: 'jane@example.test', subject: 'Printer', message: 'Help', topicId: '2' };

  beforeEach(async () => {
    served = await serveDesk('osticket-2018', { seed: 'small', now }, { 'X-API-Key': 'desk-key', Accept: '*/*' });
  });
  afterEach(() => served.close());

  describe('answering as it is asked', () => {
    it('has no media type unless one it knows is accepted', async () => {
      const types: [string, string | undefined][] = [
        ['*/*', undefined],
        ['text/html', undefined],
        ['application/json', 'application/json'],
        ['application/json, text/plain, */*', 'application/json'],
        ['application/xml;q=0.9, application/json;q=0.8', 'application/xml'],
        ['application/xml;q=0.8, application/json;q=0.9', 'application/json'],
        ['application/json;q=0', undefined],
        ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/xml'],
      ];
      for (const [Accept, type] of types)
        expect([Accept, (await call('GET', '/api/topics.json', undefined, { Accept })).type]).to.deep.equal([
          Accept,
          type,
        ]);
    });

    it('prints XML of a list, of the inner state of a ticket, and of no refusal', async () => {
      const xml = { Accept: 'application/xml' };
      const topics = await call('GET', '/api/topics.json', undefined, xml);
      expect(topics.body).to.match(
        /^<\?xml version="1\.0"\?>\n<data><item0><id>13<\/id><value>Billing<\/value><\/item0><item1>.*<\/data>\n$/,
      );
      const ticket = await call('GET', `${path}/737120`, undefined, xml);
      expect(ticket.body).to.match(
        /^<\?xml version="1\.0"\?>\n<data><ht><ticket_id>4<\/ticket_id><ticket_pid><\/ticket_pid><number>737120<\/number><user_id>2<\/user_id>/,
      );
      expect(ticket.body).to.match(/<dirty\/><__new__><\/__new__>.*<\/data>\n$/);
      const list = await call('GET', `${path}?userId=2`, undefined, xml);
      expect(list.body).to.equal('<?xml version="1.0"?>\n<data><item0>680431</item0><item1>737120</item1></data>\n');
      const none = await call('GET', '/api/topics.json', undefined, { ...xml, 'X-API-Key': 'x' });
      expect([none.status, none.body]).to.deep.equal([401, '<?xml version="1.0"?>\n<data/>\n']);
    });
  });

  describe('reading', () => {
    it('prints a ticket with an address that is quoted and a priority that is an object', async () => {
      const { body } = await call('GET', `${path}/737120`);
      expect(body.slice(0, body.indexOf('"threads"'))).to.equal(
        '{"ticketNumber":"737120","subject":"Thanks for the quick help","status":"Closed","statusId":3,' +
          '"priority":{"ht":{"priority_id":1,"priority":"low","priority_desc":"Low","priority_color":"#DDFFDD",' +
          '"priority_urgency":4,"ispublic":1},"dirty":[],"__new__":false,"__deleted__":false,"__deferred__":[]},' +
          '"department":"Support","create_timestamp":"2026-11-12 09:00:00","user":{"fullname":"Omar Haddad",' +
          '"firstname":"Omar","lastname":"Haddad","email":"\\"Omar Haddad\\" <omar@example.test>","phone":""},' +
          '"source":"API","due_timestamp":"2026-11-14 22:00:00","close_timestamp":"2026-11-12 09:03:00",' +
          '"topic":"Feedback","topicId":2,"last_message_timestamp":"2026-11-12 09:00:00",' +
          '"last_response_timestamp":null,"assigned_to":[],',
      );
      expect(
        ticketOf(await call('GET', `${path}/309214`))
          .threads.map(({ type }) => type)
          .join(''),
      ).to.equal('MRNM');
    });

    it('lists by person and status; casts numbers', async () => {
      const numbers = async (query: string): Promise<string[]> =>
        (JSON.parse((await call('GET', `${path}?${query}`)).body) as Ticket[]).map((ticket) => ticket.ticketNumber);
      expect(await numbers('userId=2')).to.deep.equal(['680431', '737120']);
      expect(await numbers('userId=2%20OR%201=1')).to.deep.equal(['680431', '737120']);
      expect(await numbers('email=OMAR@example.test&statusId=3')).to.deep.equal(['737120']);
      expect(await numbers('userId=3')).to.deep.equal([]);
      await refuses(call('GET', `${path}/004217`), 400, '{"error":"Unknown or invalid ticket ID."}', html);
    });

    it('refuses with a JSON string, or with an object where an exception was thrown', async () => {
      const must = '{"error":"Either userId or email must be provided in request."}';
      await refuses(call('GET', path), 400, must, html);
      await refuses(call('GET', `${path}?user_id=1`), 400, must, html);
      await refuses(call('GET', `${path}?email=x@example.test`), 400, '{"error":"Invalid user."}', html);
      await refuses(call('GET', `${path}?userId=`), 400, '{"error":"Invalid user."}', html);
      await refuses(call('GET', `${path}/999999`), 400, '{"error":"Unknown or invalid ticket ID."}', html);
      await refuses(call('PATCH', `${path}/309214`), 400, 'URL not supported', html);
      const key = (value: string, headers = {}): Promise<Answer> =>
        call('GET', '/api/topics.json', undefined, { 'X-API-Key': value, ...headers });
      await refuses(key('x'), 401, '"Valid API key required"');
      await refuses(
        key('desk-key-inactive', { Accept: 'application/json' }),
        401,
        '"API key not found\\/active or source IP not authorized"',
        'application/json',
      );
    });
  });

  describe('writing', () => {
    it('reads forms; JSON is not seen', async () => {
      const answer = await call('POST', path, create);
      expect([answer.status, answer.type]).to.deep.equal([201, undefined]);
      const ticket = ticketOf(answer);
      expect(ticket).to.include({ status: 'Open', topic: 'Feedback', topicId: 2 });
      expect(ticket.threads[0]).to.include({ body: 'Help', format: 'html', source: 'api', poster: 'Jane Doe' });
      const { body, headers } = await multipart({ ...create, subject: 'By multipart' });
      expect(JSON.parse((await served.call('POST', path, body, headers)).body)).to.include({ subject: 'By multipart' });
      const must = '{"error":"Either userId or email must be provided in request."}';
      await refuses(served.call('POST', path, create, { 'Content-Type': 'application/json' }), 400, must, html);
      await refuses(served.call('POST', path, create), 400, must, html);
      await refuses(served.call('PUT', `${path}/309214`, { userId: 1, message: 'x' }), 400, must, html);
      expect(served.desk.control({ op: 'count' })).to.equal(10);
    });

    it('stores a message as HTML, whatever it looks like, and no topic for one it does not know', async () => {
      const message = 'data:text/html;charset=utf-8,<p>a\nb <script>x</script>&amp; c</p>';
      const ticket = ticketOf(await call('POST', path, { ...create, message, topicId: '9999' }));
      expect(ticket.threads[0]!.body).to.equal('data:text/html;charset=utf-8,<p>a b &amp; c</p>');
      expect(ticket).to.include({ topic: null, topicId: 0 });
      const byId = { userId: '2', subject: 'By id', message: 'x' };
      expect(ticketOf(await call('POST', path, byId)).user.email).to.equal('"Omar Haddad" <omar@example.test>');
      await refuses(
        call('POST', path, { ...create, subject: '' }),
        500,
        '"Unable to create new ticket :20\\nIssue Summary is a required field"',
      );
    });

    it('prints the author of a reply, closes with a note, reopens', async () => {
      const to = `${path}/680431`;
      const replied = ticketOf(await call('PUT', to, { email: 'omar@example.test', message: 'One <b>more</b>' }));
      expect(replied.last_message_timestamp).to.deep.equal({ alias: null, func: 'NOW', args: [] });
      expect(replied.threads.at(-1)).to.include({ body: 'One <b>more</b>', poster: 'Omar Haddad', user_id: 2 });
      const closed = await call('DELETE', to, { userId: '2' });
      expect([closed.status, closed.body, closed.type]).to.deep.equal([204, '', undefined]);
      expect((await call('DELETE', to, { userId: '2' }, { Accept: 'application/json' })).status).to.equal(204);
      const reopened = ticketOf(await call('POST', to, { userId: '2' }));
      expect(reopened).to.include({ status: 'Open', statusId: 1 });
      expect(reopened.threads.filter(({ body }) => body === 'Closed by user')).to.have.length(1);
      expect(ticketOf(await call('PUT', to, { userId: '2' })).threads).to.have.length(reopened.threads.length);
    });

    it('compares who is named with the owner, and wants a key that may write', async () => {
      for (const method of ['PUT', 'DELETE', 'POST']) {
        const to = `${path}/680431`;
        const write = (fields: Record<string, string>, headers = {}): Promise<Answer> =>
          call(method, to, { message: 'x', ...fields }, headers);
        await refuses(write({ userId: '1' }), 400, '{"error":"Unknown or invalid ticket ID."}', html);
        await refuses(write({ userId: '99' }), 400, '{"error":"Invalid user."}', html);
        await refuses(
          write({ userId: '2' }, { 'X-API-Key': 'desk-key-may-not-create' }),
          401,
          '{"error":"API key not authorized."}',
          html,
        );
      }
      expect(served.desk.store.entries(served.desk.store.ticketByNumber('680431')!.id)).to.have.length(3);
    });
  });

  it('serves agents: one ticket, lists that fail in two ways, replies, pairs, people', async () => {
    const scp = '/api/scp/tickets';
    const info = JSON.parse((await call('GET', `${scp}/ticketInfo.json?ticketNumber=004217`)).body) as object;
    expect(info).to.include({ status_code: '0', status_msg: 'ticket details retrieved successfully' });
    expect(info).to.have.nested.property('ticket.ticketNumber', '004217');
    const failure = '{"tickets":[],"status_code":"FAILURE","status_msg":"Call to a member function getId() on null"}';
    await refuses(call('GET', `${scp}/staffTickets.json?staffUserName=x`), 200, failure);
    await refuses(call('GET', `${scp}/clientTickets.json?clientUserMail=x`), 500, failure);
    await refuses(call('GET', `${scp}/clientTickets.json`), 422, '"missing clientUserMail parameter "');
    await refuses(call('GET', `${scp}/ticketInfo.json?ticketNumber=9`), 404, '"Ticket not found"');
    const reply = { ticketNumber: '680431', staffUserName: 'nora', response: '<p>Done</p>', reply_status_id: '2' };
    await refuses(
      call('POST', `${scp}/reply.json`, reply),
      200,
      '{"status_code":"0","status_msg":"reply posted successfully"}',
    );
    expect(ticketOf(await call('GET', `${path}/680431`))).to.include({ status: 'Resolved', statusId: 2 });
    await refuses(call('POST', `${scp}/reply.json`, { ...reply, staffUserName: 'x' }), 500, failure);
    expect(JSON.parse((await call('GET', '/api/scp/tickets.json')).body)).to.have.length(8);
    const john = { phone: '4254441212X123', notes: 'n', name: 'john doe', email: 'john@example.test', password: 'p' };
    await refuses(call('POST', '/api/scp/users.json', john), 400, '{"error":"Missing parameters timezone"}', html);
    await refuses(
      call('POST', '/api/scp/users.json', { ...john, timezone: 'UTC' }),
      201,
      '{"id":6,"name":"john doe","email":"john@example.test","phone":"(425) 444-1212 x123"}',
    );
  });
});
