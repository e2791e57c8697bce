import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { type Answer, type Served, serveDesk } from './serve.js';

const now = Date.parse('2026-11-22T09:00:00Z');
const text = 'text/html; charset=UTF-8';
const plain = 'text/plain; charset=UTF-8';
const json = 'application/json; charset=UTF-8';

interface Entry {
  readonly id: number;
  readonly type: string;
  readonly poster: string;
  readonly title: string | null;
  readonly body: string;
  readonly format: string;
  readonly user_id: number | null;
  readonly staff_id: number | null;
}
interface Ticket {
  readonly ticket_number: string;
  readonly subject: string;
  readonly ticket_status: string;
  readonly statusId: number;
  readonly close_timestamp: string | null;
  readonly last_message_timestamp: unknown;
  readonly topicId: number;
  readonly threads: readonly Entry[];
}
const ticketOf = (answer: Answer): Ticket => JSON.parse(answer.body) as Ticket;

const create = { name: 'Jane Doe', email: 'jane@example.test', subject: 'Printer on fire', message: 'Please help.' };
const path = '/api/tickets.json';
const jane = { email: 'jane@example.test' };
const omar = { email: 'omar@example.test' };

describe('the osticket dialect', () => {
  let served: Served;
  let call: Served['call'];

  beforeEach(async () => {
    served = await serveDesk('osticket', { seed: 'small', now }, { 'X-API-Key': 'desk-key' });
    call = served.call;
  });
  afterEach(() => served.close());

  const refuses = async (answer: Promise<Answer>, status: number, body: string, type = text): Promise<void> => {
    const { status: got, body: said, type: named } = await answer;
    expect({ status: got, body: said, type: named }).to.deep.equal({ status, body, type });
  };

  describe('reading', () => {
    it('prints public topics by their path, escaped as PHP does, as text/plain', async () => {
      const { status, type, body, headers } = await call('GET', '/api/topics.json');
      expect(status).to.equal(200);
      expect(type).to.equal(plain);
      expect(headers['cache-control']).to.equal('no-store, no-cache, must-revalidate');
      expect(headers['set-cookie']).to.have.length(1);
      expect(headers['access-control-allow-origin']).to.equal(undefined);
      expect(body).to.equal(
        '[{"id":13,"value":"Billing"},{"id":14,"value":"Billing \\/ Refund request"},{"id":2,"value":"Feedback"},' +
          '{"id":1,"value":"General Inquiry"},{"id":15,"value":"Order question"},{"id":10,"value":"Report a Problem"},' +
          '{"id":11,"value":"Report a Problem \\/ Access Issue"},' +
          '{"id":12,"value":"Report a Problem \\/ Access Issue \\/ VPN and remote"},' +
          '{"id":17,"value":"Report a Problem \\/ Printing"}]',
      );
      expect((await call('GET', '/api/topics.xml')).body).to.equal(body);
    });

    it('prints a ticket byte for byte', async () => {
      const { status, type, body } = await call('GET', `${path}/737120`);
      const entry = (id: number, fields: string, said: string, format: string, options: string, end: string): string =>
        `{"id":${id},"pid":0,"thread_id":4,"staff_id":null,${fields},"body":"${said}","message":{"body":"${said}",` +
        `"type":"${format}","stripped_images":[],"embedded_images":[],"options":${options}},"format":"${format}",${end}}`;
      const said = 'Just a note: the new scanner works well. Thank you, Nora!';
      expect(status).to.equal(200);
      expect(type).to.equal(plain);
      expect(body).to.equal(
        '{"ticket_number":"737120","subject":"Thanks for the quick help","ticket_status":"Closed","statusId":3,' +
          '"priority":"Low","department":"Support","create_timestamp":"2026-11-12 09:00:00","user":{"fullname":"Omar Haddad",' +
          '"firstname":"Omar","lastname":"Haddad","email":"omar@example.test","phone":""},"source":"API",' +
          '"due_timestamp":"2026-11-14 22:00:00","close_timestamp":"2026-11-12 09:03:00","topic":"Feedback","topicId":2,' +
          '"last_message_timestamp":"2026-11-12 09:00:00","last_response_timestamp":null,"assigned_to":[],"threads":[' +
          entry(
            9,
            '"user_id":2,"type":"M","poster":"Omar Haddad","editor":null,"source":"API","title":"Thanks for the quick help"',
            said,
            'text',
            '{"strip-embedded":true}',
            '"created":"2026-11-12 09:00:00","updated":"0000-00-00 00:00:00","staff_name":null,"user_name":{"format":' +
              '"original","parts":{"salutation":"","first":"Omar","suffix":"","last":"Haddad","middle":""},"name":"Omar Haddad"}',
          ) +
          ',' +
          entry(
            10,
            '"user_id":null,"type":"N","poster":"SYSTEM","editor":null,"source":"","title":"Status Changed"',
            'Closed by user',
            'html',
            '{"strip-embedded":false,"balanced":true}',
            '"created":"2026-11-12 09:03:00","updated":"0000-00-00 00:00:00","staff_name":null,"user_name":null',
          ) +
          ']}',
      );
    });

    it('prints agents, their notes, assignees and answers that name what they answer', async () => {
      const ticket = JSON.parse((await call('GET', `${path}/309214`)).body) as Ticket & { assigned_to: unknown };
      const [message, reply, note, again] = ticket.threads;
      const nora = { format: 'full', parts: { first: 'Nora', last: 'Lind' }, name: 'Nora Lind' };
      expect(ticket.assigned_to).to.deep.equal([nora]);
      expect(reply).to.include({ type: 'R', pid: message!.id, staff_id: 4, user_id: null, title: null });
      expect(reply).to.have.deep.property('staff_name', nora);
      expect(reply!.body).to.match(
        /<img src="cid:4kq2vxw8rb1zsuo6nmte9clyha3gpjd7" data-image="4kQ2vXw8Rb1ZsUo6NmTe9cLyHa3GpJd7" /,
      );
      expect(note).to.include({ type: 'N', poster: 'Nora Lind', title: 'Private', pid: 0 });
      expect(note!.body).to.match(/^<p>INTERNAL: /);
      expect(again).to.include({ type: 'M', poster: '', user_id: null, source: '', title: null, format: 'html' });
    });

    it('lists a person by e-mail or id, by status and then by ticket, whole, ignoring paging', async () => {
      const numbers = async (query: string): Promise<string[]> =>
        (JSON.parse((await call('GET', `${path}?${query}`)).body) as Ticket[]).map((ticket) => ticket.ticket_number);
      const all = ['309214', '004217', '287455', '431870', '512036', '198302'];
      expect(await numbers('email=jane@example.test')).to.deep.equal(all);
      expect(await numbers('email=JANE%40example.test&limit=1&page=2')).to.deep.equal(all);
      expect(await numbers('user_id=1')).to.deep.equal(all);
      expect(await numbers('user_id=1%20OR%201=1')).to.deep.equal(all);
      expect(await numbers('email=mia@example.test')).to.deep.equal([]);
    });

    it('casts numbers: leading zeros are lost', async () => {
      await refuses(call('GET', `${path}/004217`), 400, 'Unknown or invalid ticket ID.');
      expect(ticketOf(await call('GET', `${path}/0309214`)).ticket_number).to.equal('309214');
    });

    it('refuses in the recorded words', async () => {
      await refuses(call('GET', path), 400, 'Either user_id or email must be provided in request.');
      await refuses(call('GET', `${path}?email=nobody@example.test`), 400, 'Invalid user.');
      await refuses(call('GET', `${path}?email=nora@desk.example.test`), 400, 'Invalid user.');
      await refuses(call('GET', `${path}/999999`), 400, 'Unknown or invalid ticket ID.');
      await refuses(call('GET', `${path}/SUP-1`), 400, 'URL not supported');
      await refuses(call('PATCH', `${path}/309214`), 400, 'URL not supported');
      await refuses(call('GET', '/elsewhere'), 400, 'URL not supported');
      await refuses(
        call('OPTIONS', path, undefined, { Origin: 'https://www.customer.test' }),
        400,
        'URL not supported',
      );
      const root = await call('GET', '/api/');
      expect([root.status, root.headers.location]).to.deep.equal([302, '../']);
    });

    it('wants a key', async () => {
      for (const key of ['', 'wrong', 'desk-keys'])
        await refuses(call('GET', '/api/topics.json', undefined, { 'X-API-Key': key }), 401, 'Valid API key required');
      await refuses(
        call('GET', '/api/topics.json', undefined, { 'X-API-Key': 'desk-key-inactive' }),
        401,
        'API key not found/active or source IP not authorized',
      );
      const weak = await call('POST', path, create, { 'X-API-Key': 'desk-key-may-not-create' });
      expect(weak.status).to.equal(201);
    });

    it('prints times in the zone of the desk', async () => {
      const other = await serveDesk(
        'osticket',
        { seed: 'small', now, timeZone: 'Asia/Kolkata' },
        { 'X-API-Key': 'desk-key' },
      );
      expect((await other.call('GET', `${path}/737120`)).body).to.contain('"create_timestamp":"2026-11-12 14:30:00"');
      await other.close();
    });
  });

  describe('creating', () => {
    it('answers 201 with the whole ticket', async () => {
      const answer = await call('POST', path, { ...create, topicId: 2 });
      expect([answer.status, answer.type]).to.deep.equal([201, plain]);
      const ticket = ticketOf(answer);
      expect(ticket.ticket_number).to.match(/^\d{6}$/);
      expect(ticket).to.include({
        subject: 'Printer on fire',
        ticket_status: 'Open',
        statusId: 1,
        priority: 'Low',
        topicId: 2,
      });
      expect(ticket.threads).to.have.length(1);
      expect(ticket.threads[0]).to.include({ body: 'Please help.', format: 'text', poster: 'Jane Doe', user_id: 1 });
      expect(ticketOf(await call('GET', `${path}/${ticket.ticket_number}`))).to.deep.equal(ticket);
    });

    it('refuses with 500 and the labels of fields', async () => {
      const cases: [object, string][] = [
        [{ ...create, subject: undefined }, '20\nIssue Summary is a required field'],
        [{ ...create, subject: '😀' }, '20\nIssue Summary is a required field'],
        [{ ...create, message: '' }, '21\nIssue Details is a required field'],
        [{ ...create, email: undefined }, 'user\nIncomplete client information'],
        [{ ...create, email: 'not-an-email' }, 'user\nIncomplete client information'],
        [{ ...create, email: 'Jane <jane@example.test>' }, 'user\nIncomplete client information'],
        [{ ...create, email: '用户@example.test' }, 'user\nIncomplete client information'],
        [{ ...create, email: 'new@example.test', name: '' }, 'user\nIncomplete client information'],
        [{ ...create, topicId: 15 }, '0\nOrder number is a required field'],
      ];
      for (const [body, said] of cases)
        await refuses(call('POST', path, body), 500, `Unable to create new ticket :${said}`);
      await refuses(call('POST', path, { ...create, user_id: 4242 }), 400, 'Invalid user.');
      await refuses(call('POST', path, 'name=Jane&subject=x'), 400, 'Syntax error, malformed JSON', plain);
      expect(served.desk.control({ op: 'count' })).to.equal(8);
    });

    it('knows a limit of open tickets', async () => {
      const other = await serveDesk('osticket', { seed: 'small', openTicketLimit: 2 }, { 'X-API-Key': 'desk-key' });
      const omars = { ...create, email: 'omar@example.test' };
      expect((await other.call('POST', path, omars)).status).to.equal(201);
      await refuses(
        other.call('POST', path, omars),
        500,
        "Unable to create new ticket :err\nYou've reached the maximum open tickets allowed.",
      );
      await other.close();
    });

    it('keeps a topic’s own field', async () => {
      const { ticket_number: number } = ticketOf(
        await call('POST', path, { ...create, topicId: 15, order_number: 'A-7' }),
      );
      expect(served.desk.store.ticketByNumber(number)!.fields).to.equal('{"order_number":"A-7"}');
    });

    it('takes unknown and private topics for the default one', async () => {
      for (const topicId of [9999, 16, 'abc', undefined])
        expect(ticketOf(await call('POST', path, { ...create, topicId })).topicId).to.equal(1);
    });

    it('makes a person it does not know, and ignores another name of one it knows', async () => {
      await call('POST', path, { ...create, name: 'Ann Bo Cee', email: 'ann+desk@example.test' });
      expect(served.desk.store.personByEmail('ann+desk@example.test')!.name).to.equal('Ann Bo Cee');
      const ticket = ticketOf(await call('POST', path, { ...create, name: 'Somebody', email: 'JANE@example.test' }));
      expect(ticket).to.have.nested.property('user.fullname', 'Jane Doe');
    });

    it('reads messages as a real one does, faults included', async () => {
      const cases: [string, string, string][] = [
        ['5 < 6 & "x"', '5 &lt; 6 &amp; "x"', 'text'],
        ['an <angle> word', 'an &lt;angle&gt; word&lt;/angle&gt;', 'text'],
        ['data: I lost my data, please help', ' please help', 'text'],
        ['data:text/html;charset=utf-8,<p>čaj</p>', '<p>čaj</p>', 'html'],
        ['data:text/html,<p>é</p>', '<p>Ã©</p>', 'html'],
        ['data:text/html;base64,PHA+aGk8L3A+', '<p>hi</p>', 'html'],
        ['data:text/html;charset=utf-8;base64,PHA+aGk8L3A+', 'PHA+aGk8L3A+', 'html'],
        ['data:text/html;charset=utf-8,<p>a%20b</p>', '<p>a%20b</p>', 'html'],
        ['😀', '', 'text'],
        ['👩‍💻 مرحبا', '\u200d مرحبا', 'text'],
        [
          'data:text/html;charset=utf-8,<p>Hi <b>there</b></p><script>alert(1)</script>',
          '<p>Hi <b>there</b></p>',
          'html',
        ],
        [
          'data:text/html;charset=utf-8,<p onclick="x()">hi<img src=x onerror=x()><a href="javascript:x()">j</a><form><i>f',
          '<p>hi<img src="x" /><a href="denied:javascript:x()">j</a><i>f</i></p>',
          'html',
        ],
      ];
      for (const [message, body, format] of cases)
        expect(ticketOf(await call('POST', path, { ...create, message })).threads[0]).to.include({ body, format });
    });

    it('stores files, drops what is too large with 201 and a note, and spoils what has a charset', async () => {
      const attachments = [
        { 'a.txt': 'data:text/plain;charset=utf-8,content' },
        { 'b.bin': 'data:application/octet-stream;base64,AAEC/w==' },
        { 'c.txt': 'data:text/plain;charset=utf-8;base64,aGk=' },
        { 'big.txt': `data:text/plain,${'x'.repeat(20)}` },
        { name: 'd.txt', type: 'text/plain', data: 'eA==' },
      ];
      const small = await serveDesk('osticket', { seed: 'small', maxFileBytes: 12 }, { 'X-API-Key': 'desk-key' });
      const answer = await small.call('POST', path, { ...create, attachments });
      expect(answer.status).to.equal(201);
      const { id } = small.desk.store.ticketByNumber(ticketOf(answer).ticket_number)!;
      const files = small.desk.store.attachments(id).map((file) => ({
        name: file.name,
        type: file.type,
        hex: Buffer.from(small.desk.store.attachment(file.id)!.bytes).toString('hex'),
      }));
      const hex = (value: string): string => Buffer.from(value).toString('hex');
      expect(files).to.deep.equal([
        { name: 'a.txt', type: 'text/plain', hex: hex('content') },
        { name: 'b.bin', type: 'application/octet-stream', hex: '000102ff' },
        { name: 'c.txt', type: 'text/plain', hex: hex('aGk=') },
        { name: 'name', type: 'text/plain', hex: hex('d.txt') },
      ]);
      expect(ticketOf(answer).threads.at(-1)).to.include({
        type: 'N',
        poster: 'SYSTEM',
        body: 'big.txt: File size is too large',
      });
      await small.close();
    });
  });

  describe('changing', () => {
    it('stores a reply as HTML without an author, and answers an unevaluated NOW', async () => {
      const message = 'a < b && c > d\nnew line <b>bold?</b>';
      const answer = await call('PUT', `${path}/680431`, {
        user_id: 2,
        message,
        attachments: [{ 'a.txt': 'data:,x' }],
      });
      const ticket = ticketOf(answer);
      expect([answer.status, answer.type]).to.deep.equal([200, plain]);
      expect(answer.body).to.contain('"last_message_timestamp":{"alias":null,"func":"NOW","args":[]}');
      expect(ticket.threads.at(-1)).to.include({
        type: 'M',
        poster: '',
        user_id: null,
        source: '',
        title: null,
        body: 'a &lt; b &amp;&amp; c &gt; d new line <b>bold?</b>',
        format: 'html',
      });
      const again = ticketOf(await call('GET', `${path}/680431`));
      expect(again.last_message_timestamp).to.be.a('string');
      expect(served.desk.store.attachments(served.desk.store.ticketByNumber('680431')!.id)).to.have.length(1);
    });

    it('writes nothing for an empty reply', async () => {
      const before = ticketOf(await call('GET', `${path}/680431`));
      expect(ticketOf(await call('PUT', `${path}/680431`, omar))).to.deep.equal(before);
    });

    it('closes with 204 and one note, again with 204 and none, and reopens without one', async () => {
      const closed = await call('DELETE', `${path}/680431`, omar);
      expect([closed.status, closed.body, closed.type]).to.deep.equal([204, '', undefined]);
      expect((await call('DELETE', `${path}/680431`, { user_id: 2 })).status).to.equal(204);
      const after = ticketOf(await call('GET', `${path}/680431`));
      expect([after.ticket_status, after.statusId]).to.deep.equal(['Closed', 3]);
      expect(after.close_timestamp).to.be.a('string');
      expect(after.threads.filter(({ body }) => body === 'Closed by user')).to.have.length(1);
      const reopened = await call('POST', `${path}/680431`, omar);
      expect(reopened.status).to.equal(200);
      expect(ticketOf(reopened)).to.include({ ticket_status: 'Open', statusId: 1, close_timestamp: null });
      expect(ticketOf(reopened).threads).to.have.length(after.threads.length);
      expect(ticketOf(await call('POST', `${path}/680431`, omar))).to.deep.equal(ticketOf(reopened));
    });

    it('reopens closed and resolved tickets with a reply, archived ones neither way', async () => {
      for (const [number, status] of [
        ['512036', 'Open'],
        ['431870', 'Open'],
        ['198302', 'Archived'],
      ])
        expect(ticketOf(await call('PUT', `${path}/${number}`, { ...jane, message: 'x' })).ticket_status).to.equal(
          status,
        );
      const archived = await call('POST', `${path}/198302`, jane);
      expect([archived.status, ticketOf(archived).statusId]).to.deep.equal([200, 4]);
    });

    it('says 204 where closing was refused', async () => {
      served.desk.control({ op: 'lock', number: '680431', locked: true });
      expect((await call('DELETE', `${path}/680431`, omar)).status).to.equal(204);
      expect(ticketOf(await call('GET', `${path}/680431`)).ticket_status).to.equal('Open');
    });

    it('knows who may write', async () => {
      for (const [method, body] of [
        ['PUT', { ...jane, message: 'I am not the owner' }],
        ['DELETE', jane],
        ['POST', jane],
      ] as const) {
        await refuses(call(method, `${path}/680431`, body), 400, 'Unknown or invalid ticket ID.');
        await refuses(call(method, `${path}/999999`, body), 400, 'Unknown or invalid ticket ID.');
        await refuses(call(method, `${path}/680431`, {}), 400, 'Either user_id or email must be provided in request.');
        await refuses(call(method, `${path}/680431`, { email: 'x@example.test' }), 400, 'Invalid user.');
        await refuses(call(method, `${path}/680431`), 400, 'Syntax error, malformed JSON', plain);
        await refuses(call(method, `${path}/680431`, 'email=omar'), 400, 'Syntax error, malformed JSON', plain);
      }
      expect(ticketOf(await call('GET', `${path}/680431`)).threads).to.have.length(3);
    });

    it('honours _method and the http.php path', async () => {
      expect((await call('POST', `/api/http.php/tickets.json/680431?_method=DELETE`, omar)).status).to.equal(204);
      expect(ticketOf(await call('GET', `${path}/680431`)).ticket_status).to.equal('Closed');
    });
  });

  describe('for agents', () => {
    const reply = {
      ticketNumber: '680431',
      msgId: '',
      a: 'reply',
      emailreply: '1',
      emailcollab: '1',
      cannedResp: '0',
      draft_id: '',
      response: '<p>HTML <b>done</b>, closing</p>',
      signature: 'none',
      reply_status_id: '3',
      staffUserName: 'Nora',
      ip_address: '::1',
      cannedattachments: '',
    };

    it('answers one ticket in an envelope, found as written', async () => {
      const answer = await call('GET', '/api/scp/tickets/ticketInfo.json?ticketNumber=004217');
      const { ticket, ...rest } = JSON.parse(answer.body) as { ticket: Ticket };
      expect([answer.status, answer.type]).to.deep.equal([200, json]);
      expect(rest).to.deep.equal({ status_code: '0', status_msg: 'ticket details retrieved successfully' });
      expect(ticket.ticket_number).to.equal('004217');
      await refuses(call('GET', '/api/scp/tickets/ticketInfo.json?ticketNumber=9'), 404, 'Ticket not found', plain);
      await refuses(
        call('GET', '/api/scp/tickets/ticketInfo.json?ticketNumber=x'),
        404,
        'Invalid ticket number',
        plain,
      );
      await refuses(call('GET', '/api/scp/tickets/ticketInfo.json'), 422, 'missing ticketNumber parameter ', plain);
    });

    it('lists by agent and by customer; an unknown name is a PHP fault', async () => {
      const list = async (query: string): Promise<string[]> =>
        (JSON.parse((await call('GET', `/api/scp/tickets/${query}`)).body) as { tickets: Ticket[] }).tickets.map(
          (ticket) => ticket.ticket_number,
        );
      expect(await list('staffTickets.json?staffUserName=Tomas')).to.deep.equal(['680431', '512036']);
      expect(await list('clientTickets.json?clientUserMail=omar@example.test')).to.deep.equal(['680431', '737120']);
      const failure = '{"tickets":[],"status_code":"FAILURE","status_msg":"Call to a member function getId() on null"}';
      await refuses(call('GET', '/api/scp/tickets/clientTickets.json?clientUserMail=x@y.test'), 500, failure, json);
      await refuses(call('GET', '/api/scp/tickets/staffTickets.json?staffUserName=x'), 500, failure, json);
      await refuses(
        call('GET', '/api/scp/tickets/clientTickets.json'),
        422,
        'missing clientUserMail parameter ',
        plain,
      );
    });

    it('posts an agent’s answer and sets the status that comes with it', async () => {
      const answer = await call('POST', '/api/scp/tickets/reply.json', reply);
      expect([answer.status, answer.type, answer.body]).to.deep.equal([
        200,
        json,
        '{"status_code":"0","status_msg":"reply posted successfully"}',
      ]);
      const ticket = ticketOf(await call('GET', `${path}/680431`));
      expect(ticket.ticket_status).to.equal('Closed');
      expect(ticket.threads.at(-1)).to.include({ type: 'R', poster: 'Nora Lind', staff_id: 4, body: reply.response });
      for (const reply_status_id of ['99', 'constructor'])
        expect((await call('POST', '/api/tickets/reply.json', { ...reply, reply_status_id })).status).to.equal(200);
      expect(ticketOf(await call('GET', `${path}/680431`)).ticket_status).to.equal('Closed');
      const empty = { ...reply, response: '' };
      await refuses(
        call('POST', '/api/tickets/reply.json', empty),
        500,
        'Unable to reply to this ticket: unknown error',
        plain,
      );
    });

    it('lists every ticket as pairs', async () => {
      const answer = await call('GET', '/api/scp/tickets.json');
      expect(answer.type).to.equal(json);
      expect(answer.body).to.match(
        /^\[\[\["number","198302"\],\["created","2026-04-28 01:00:00"\],\["updated","2026-04-28 01:00:00"\],\["closed","2026-04-28 01:00:00"\],\["href","\\\/api\\\/tickets\\\/198302"\]\],/,
      );
      expect(JSON.parse(answer.body)).to.have.length(8);
    });

    it('creates a person', async () => {
      const john = {
        phone: '4254441212X123',
        notes: 'Mynotes',
        name: 'john doe',
        email: 'john@example.test',
        password: 'thepassword',
        timezone: 'America/Los_Angeles',
      };
      const answer = await call('POST', '/api/scp/users.json', john);
      expect([answer.status, answer.type, answer.body]).to.deep.equal([
        201,
        plain,
        '{"id":6,"name":"john doe","email":"john@example.test","phone":"(425) 444-1212 x123"}',
      ]);
      await refuses(call('POST', '/api/scp/users.json', john), 400, 'email john@example.test is already in use.');
      await refuses(
        call('POST', '/api/scp/users.json', { ...john, email: 'nope' }),
        400,
        'email nope is already in use.',
      );
      await refuses(
        call('POST', '/api/scp/users.json', { name: 'x', email: 'y@example.test' }),
        400,
        'Missing parameters phone, notes, timezone, password',
      );
    });
  });

  it('works under a base path', async () => {
    const other = await serveDesk('osticket', { seed: 'small' }, { 'X-API-Key': 'desk-key' }, '/help/desk');
    expect((await other.call('GET', '/api/topics.json')).status).to.equal(200);
    await other.close();
  });

  it('can be told to find leading zeros', async () => {
    const other = await serveDesk('osticket', { seed: 'small', castNumbers: false }, { 'X-API-Key': 'desk-key' });
    expect(ticketOf(await other.call('GET', `${path}/004217`)).ticket_number).to.equal('004217');
    await other.close();
  });

  describe('without the extension', () => {
    let core: Served;
    before(async () => {
      core = await serveDesk('osticket-core', { seed: 'small' }, { 'X-API-Key': 'desk-key' });
    });
    after(() => core.close());

    it('answers create with the bare number as HTML', async () => {
      const { status, type, body } = await core.call('POST', path, { ...create, priorityId: 4 });
      expect([status, type]).to.deep.equal([201, text]);
      expect(body).to.match(/^\d{6}$/);
      expect(core.desk.store.ticketByNumber(body)!.priority).to.equal(4);
      expect((await core.call('POST', '/api/http.php/tickets.json', create)).status).to.equal(201);
    });

    it('knows nothing else', async () => {
      await refuses(core.call('GET', path), 400, 'URL not supported');
      await refuses(core.call('GET', '/api/topics.json'), 400, 'URL not supported');
      await refuses(
        core.call('POST', path, { ...create, email: '', user_id: 1 }),
        500,
        'Unable to create new ticket :user\nIncomplete client information',
      );
      await refuses(
        core.call('POST', path, create, { 'X-API-Key': 'desk-key-may-not-create' }),
        401,
        'API key not authorized',
      );
    });
  });

  describe('failing on demand', () => {
    const fault = (kind: string, more: object = {}): unknown =>
      served.desk.control({ op: 'fault', fault: { kind, match: `PUT ${path}`, ...more } as never });
    const reply = (): Promise<Answer> => call('PUT', `${path}/680431`, { ...omar, message: 'Hello' });
    const replies = (): number =>
      served.desk.store.entries(served.desk.store.ticketByNumber('680431')!.id).filter(({ body }) => body === 'Hello')
        .length;

    it('fails once, before or after storing', async () => {
      fault('status-500');
      fault('commit-then-500');
      expect([(await reply()).status, replies()]).to.deep.equal([500, 0]);
      const second = await reply();
      expect([second.status, second.body, replies()]).to.deep.equal([500, '', 1]);
      expect([(await reply()).status, replies()]).to.deep.equal([200, 2]);
    });

    it('cuts the connection, before or after storing', async () => {
      fault('drop');
      fault('commit-then-drop');
      const codes = [await reply().catch((error: { code: string }) => error.code), replies()];
      codes.push(await reply().catch((error: { code: string }) => error.code), replies());
      expect(codes).to.deep.equal(['ECONNRESET', 0, 'ECONNRESET', 1]);
      expect(served.desk.log.map(({ status }) => status)).to.deep.equal([0, 0]);
    });

    it('answers pages, halves, notices and anything given', async () => {
      fault('html-page', { times: 2, after: 1 });
      expect((await reply()).type).to.equal(plain);
      for (let i = 0; i < 2; i++) expect((await reply()).body).to.match(/^<!DOCTYPE html>/);
      expect(replies()).to.equal(1);
      fault('truncated');
      const whole = (await call('GET', `${path}/680431`)).bytes.length;
      const half = await reply();
      expect(half.status).to.equal(200);
      expect(half.bytes.length).to.be.lessThan(whole);
      expect(() => void JSON.parse(half.body)).to.throw(SyntaxError);
      fault('notice-before-json');
      expect((await reply()).body).to.match(/^<br \/>\n<b>Notice<\/b>.*\n\{"ticket_number"/);
      fault('answer', { status: 429, headers: { 'Retry-After': '7' }, body: 'Slow down' });
      const slow = await reply();
      expect([slow.status, slow.headers['retry-after'], slow.body]).to.deep.equal([429, '7', 'Slow down']);
      expect(replies()).to.equal(3);
    });

    it('hangs until the faults are cleared', async () => {
      fault('commit-then-hang', { delayMs: 5 });
      const answer = reply().catch((error: { code: string }) => error.code);
      const waiting = setInterval(() => replies() && served.desk.faults.clear(), 5);
      expect(await answer).to.equal('ECONNRESET');
      clearInterval(waiting);
      expect(replies()).to.equal(1);
    });
  });

  // Answers of a real installation, where they lie beside the project.
  const recordings = fileURLToPath(new URL('../../../shared/recordings/', import.meta.url));
  if (existsSync(recordings))
    describe('beside recorded answers', () => {
      /** What an object is → its keys in their order, for every object in a body. */
      const keysByKind = (body: string): Map<string, string> => {
        const found = new Map<string, string>();
        const walk = (value: unknown): void => {
          if (!value || typeof value !== 'object') return;
          if (!Array.isArray(value)) {
            const keys = Object.keys(value);
            // Named by what it is: its first key and, for entries, its type, format and kind of author.
            const { type, format, poster, balanced } = value as Record<string, unknown>;
            found.set(
              `${keys[0]} ${'email' in value} ${String(type ?? '')} ${String(format ?? '')} ${poster === ''} ${String(balanced)}`,
              JSON.stringify(keys),
            );
          }
          Object.values(value).forEach(walk);
        };
        walk(JSON.parse(body));
        return found;
      };
      const ours = async (): Promise<Map<string, string>> => {
        const found = new Map<string, string>();
        const note = (answer: Answer): void => keysByKind(answer.body).forEach((keys, name) => found.set(name, keys));
        note(await call('PUT', `${path}/680431`, { ...omar, message: 'x' }));
        for (const number of ['309214', '512036', '680431']) note(await call('GET', `${path}/${number}`));
        note(await call('POST', path, { ...create, message: 'data:text/html;charset=utf-8,<p>x</p>' }));
        note(await call('GET', '/api/topics.json'));
        note(await call('GET', '/api/scp/tickets/ticketInfo.json?ticketNumber=309214'));
        note(await call('GET', '/api/scp/tickets/staffTickets.json?staffUserName=nora'));
        note(
          await call('POST', '/api/scp/users.json', {
            phone: '1',
            notes: 'x',
            name: 'x',
            email: 'n@example.test',
            password: 'x',
            timezone: 'x',
          }),
        );
        note(
          await call('POST', '/api/scp/tickets/reply.json', {
            ticketNumber: '680431',
            response: 'x',
            reply_status_id: '1',
            staffUserName: 'nora',
          }),
        );
        return found;
      };

      interface Recording {
        readonly request: {
          readonly method: string;
          readonly path: string;
          readonly headers: Readonly<Record<string, string>>;
          readonly body: string | null;
        };
        readonly response: {
          readonly status: number;
          readonly headers: Readonly<Record<string, string>>;
          readonly body: string;
        };
      }
      const read = (name: string): Recording => JSON.parse(readFileSync(recordings + name, 'utf8')) as Recording;
      /** Numbers, ids and times are each desk's own. */
      const normal = (body: string): string =>
        body
          .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
          .replace(/"ticket_number":"\d+"/, 'NUMBER')
          .replace(/^\d{6}$/, 'NUMBER')
          .replace(/"(id|thread_id)":\d+/g, '$1');

      for (const [dialect, pattern] of [
        ['osticket', /^readme-(create|list-(no|unknown)|get-unknown|close-no|cors)/],
        ['osticket-core', /^core-(api|cors|create|err|get|topic)/],
      ] as const)
        it(`gives the very bytes that ${dialect} was recorded with`, async () => {
          const other = await serveDesk(dialect, { seed: 'small', now, key: 'KEY' }, {});
          const names = readdirSync(recordings).filter((name) => pattern.test(name));
          for (const name of names) {
            const { request, response } = read(name);
            const headers = { ...request.headers };
            if (headers['X-API-Key'])
              headers['X-API-Key'] = headers['X-API-Key']
                .replace('KEY-INACTIVE', 'KEY-inactive')
                .replace('KEY-MAY-NOT-CREATE', 'KEY-may-not-create');
            const answer = await other.call(request.method, request.path, request.body ?? undefined, headers);
            expect({ name, status: answer.status, type: answer.type, body: normal(answer.body) }).to.deep.equal({
              name,
              status: response.status,
              type: response.headers['Content-Type'],
              body: normal(response.body),
            });
          }
          expect(names.length).to.be.greaterThan(9);
          await other.close();
        });

      it('has the same keys in the same order wherever both have an object', async () => {
        const mine = await ours();
        let compared = 0;
        for (const name of readdirSync(recordings).filter((file) => /^readme-.*\.json$/.test(file))) {
          const { response } = read(name);
          if (!/^[[{]/.test(response.body)) continue;
          for (const [kind, keys] of keysByKind(response.body)) {
            expect(mine.get(kind), `${name}: ${kind}`).to.equal(keys);
            compared++;
          }
        }
        expect(compared).to.be.greaterThan(50);
      });
    });
});
