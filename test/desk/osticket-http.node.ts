import { expect } from 'chai';
import { type Answer, type Served, serveDesk } from './serve.js';

const now = Date.parse('2026-11-22T09:00:00Z');
const html = 'text/html; charset=UTF-8';
const plain = 'text/plain; charset=UTF-8';
const json = 'application/json; charset=UTF-8';

interface Entry {
  readonly model: {
    readonly type: string;
    readonly poster: string;
    readonly staff_id: number | null;
    readonly body: string;
    readonly message: { readonly body: string };
  };
  readonly annotations: { readonly has_attachments: number };
}
interface Ticket {
  readonly ticket_number: string;
  readonly ticket_status: string;
  readonly thread_entries: readonly Entry[];
}

describe('the osticket-http dialect', () => {
  let served: Served;
  let call: Served['call'];
  beforeEach(async () => {
    served = await serveDesk('osticket-http', { seed: 'small', now }, { 'X-API-Key': 'desk-key' });
    call = served.call;
  });
  afterEach(() => served.close());
  const refuses = async (answer: Promise<Answer>, status: number, body: string, type = plain): Promise<void> => {
    const { status: got, body: said, type: named } = await answer;
    expect({ status: got, body: said, type: named }).to.deep.equal({ status, body, type });
  };
  const info = async (number: string): Promise<Ticket> =>
    (JSON.parse((await call('GET', `/api/tickets/ticketInfo?ticketNumber=${number}`)).body) as { ticket: Ticket })
      .ticket;

  it('answers create with the bare number as plain text, on both paths', async () => {
    const create = { name: 'Jane Doe', email: 'jane@example.test', subject: 'Printer', message: 'Help' };
    for (const path of ['/api/tickets.json', '/api/http.php/tickets.json']) {
      const { status, type, body } = await call('POST', path, create);
      expect([status, type]).to.deep.equal([201, plain]);
      expect(served.desk.store.ticketByNumber(body)).to.include({ subject: 'Printer', requester_id: 1 });
    }
    await refuses(
      call('POST', '/api/tickets.json', { ...create, subject: '' }),
      500,
      'Unable to create new ticket :20\nIssue Summary is a required field',
      html,
    );
  });

  it('prints a ticket with wrapped entries', async () => {
    const { status, type, body } = await call('GET', '/api/http.php/tickets/ticketInfo?ticketNumber=737120');
    expect([status, type]).to.deep.equal([200, json]);
    const said = 'Just a note: the new scanner works well. Thank you, Nora!';
    expect(body.slice(0, body.indexOf(',{"model":{"id":10'))).to.equal(
      '{"ticket":{"ticket_number":"737120","subject":"Thanks for the quick help","ticket_status":"Closed","statusId":3,' +
        '"priority":{"ht":{"priority_id":1,"priority":"low","priority_desc":"Low","priority_color":"#DDFFDD",' +
        '"priority_urgency":4,"ispublic":1},"dirty":[],"__new__":false,"__deleted__":false,"__deferred__":[]},' +
        '"department":"Support","create_timestamp":"2026-11-12 09:00:00","user_name":"Omar Haddad",' +
        '"user_email":{"email":"omar@example.test","address":"\\"Omar Haddad\\" <omar@example.test>"},"user_phone":"",' +
        '"source":"API","due_timestamp":"2026-11-14 22:00:00","close_timestamp":"2026-11-12 09:03:00",' +
        '"help_topic":"Feedback","last_message_timestamp":"2026-11-12 09:00:00","last_response_timestamp":null,' +
        '"assigned_to":[],"thread_entries":[{"model":{"id":9,"pid":0,"thread_id":4,"staff_id":null,"user_id":2,' +
        '"type":"M","poster":"Omar Haddad","editor":null,"source":"API","title":"Thanks for the quick help",' +
        `"body":"${said}","message":{"body":"${said}","type":"text","stripped_images":[],"embedded_images":[],` +
        '"options":{"strip-embedded":true}},"format":"text","created":"2026-11-12 09:00:00",' +
        '"updated":"0000-00-00 00:00:00","staff_name":null,"user_name":{"format":"original","parts":{"salutation":"",' +
        '"first":"Omar","suffix":"","last":"Haddad","middle":""},"name":"Omar Haddad"}},"annotations":{"has_attachments":0}}',
    );
    expect(body).to.match(/\]\},"status_code":"0","status_msg":"ticket details retrieved successfully"\}$/);
  });

  it('counts files, but no picture within the words, and leaks notes', async () => {
    const { thread_entries: entries } = await info('309214');
    expect(entries.map(({ model, annotations }) => model.type + annotations.has_attachments)).to.deep.equal([
      'M2',
      'R0',
      'N0',
      'M0',
    ]);
    expect(entries[2]!.model.body).to.match(/INTERNAL/);
    expect(entries[1]!.model.message.body).to.equal(entries[1]!.model.body);
    expect((await info('004217')).ticket_number).to.equal('004217');
  });

  it('lists by agent and by customer, on both paths; an unknown name is a PHP fault', async () => {
    for (const base of ['/api/tickets', '/api/http.php/tickets']) {
      const list = async (query: string): Promise<string[]> =>
        (JSON.parse((await call('GET', `${base}/${query}`)).body) as { tickets: Ticket[] }).tickets.map(
          ({ ticket_number }) => ticket_number,
        );
      expect(await list('staffTickets?staffUserName=tomas')).to.deep.equal(['680431', '512036']);
      expect(await list('clientTickets?clientUserMail=omar@example.test')).to.deep.equal(['680431', '737120']);
      expect(await list('clientTickets?clientUserMail=mia@example.test')).to.deep.equal([]);
      const failure = '{"tickets":[],"status_code":"FAILURE","status_msg":"Call to a member function getId() on null"}';
      for (const query of ['staffTickets?staffUserName=x', 'clientTickets?clientUserMail=x@y.test'])
        await refuses(call('GET', `${base}/${query}`), 500, failure, json);
    }
  });

  it('refuses in the recorded words', async () => {
    const get = (query: string): Promise<Answer> => call('GET', `/api/tickets/${query}`);
    await refuses(get('ticketInfo'), 422, 'missing ticketNumber parameter ');
    await refuses(get('staffTickets'), 422, 'missing staffUserName parameter ');
    await refuses(get('clientTickets'), 422, 'missing clientUserMail parameter ');
    await refuses(get('ticketInfo?ticketNumber=x'), 404, 'Invalid ticket number');
    await refuses(get('ticketInfo?ticketNumber=9'), 404, 'Ticket not found');
    for (const path of ['/api/tickets.json?email=jane@example.test', '/api/topics.json', '/api/scp/tickets.json'])
      await refuses(call('GET', path), 400, 'URL not supported', html);
    const key = { 'X-API-Key': 'x' };
    await refuses(
      call('GET', '/api/tickets/ticketInfo?ticketNumber=737120', undefined, key),
      401,
      'Valid API key required',
      html,
    );
  });

  it('posts an agent’s answer with the status that comes with it, and nobody else’s', async () => {
    const reply = {
      ticketNumber: '680431',
      msgId: '',
      a: 'reply',
      emailreply: '1',
      emailcollab: '1',
      cannedResp: '0',
      draft_id: '',
      response: '<p>Done, closing</p>',
      signature: 'none',
      reply_status_id: '3',
      staffUserName: 'Nora',
      ip_address: '::1',
      cannedattachments: '',
    };
    const post = (body: object, headers = {}): Promise<Answer> =>
      call('POST', '/api/tickets/reply.json', body, headers);
    await refuses(post(reply), 200, '{"status_code":"0","status_msg":"reply posted successfully"}', json);
    const ticket = await info('680431');
    expect(ticket.ticket_status).to.equal('Closed');
    expect(ticket.thread_entries.at(-1)!.model).to.include({
      type: 'R',
      poster: 'Nora Lind',
      staff_id: 4,
      body: reply.response,
    });
    for (const name of ['ticketNumber', 'staffUserName', 'reply_status_id'])
      await refuses(post({ ...reply, [name]: '' }), 422, `missing ${name} parameter `);
    await refuses(post({ ...reply, response: '' }), 500, 'Unable to reply to this ticket: unknown error');
    await refuses(post({ ...reply, ticketNumber: '9' }), 404, 'Ticket not found');
    const failure = '{"tickets":[],"status_code":"FAILURE","status_msg":"Call to a member function getId() on null"}';
    await refuses(post({ ...reply, staffUserName: 'jane@example.test' }), 500, failure, json);
    await refuses(post(reply, { 'X-API-Key': 'desk-key-may-not-create' }), 401, 'API key not authorized', html);
    expect((await info('680431')).thread_entries).to.have.length(4);
  });
});
