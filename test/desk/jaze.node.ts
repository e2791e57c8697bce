import { expect } from 'chai';
import type { DeskOptions } from '../../demo/desk/desk.js';
import { type Answer, multipart, type Served, serveDesk } from './serve.js';

const now = Date.parse('2026-11-22T09:00:00Z');

interface Row {
  readonly id: string;
  readonly user: string;
  readonly subject: string;
  readonly status: string;
  readonly assigned_to: string;
}
interface Message {
  readonly sender: string;
  readonly sender_name: string;
  readonly ticket_message: string;
  readonly created: string;
  readonly show_to_user: string;
}
interface Details {
  readonly ticket_conversation: readonly Message[];
  readonly ticket_details: { readonly status: string; readonly assigned_to: string; readonly created: string };
}

describe('the jaze dialect', () => {
  let served: Served;
  const open = async (options: DeskOptions = {}): Promise<void> => {
    served = await serveDesk(
      'jaze',
      { seed: 'small', now, clock: () => now, ...options },
      { Authorization: 'desk-key' },
    );
  };
  beforeEach(() => open());
  afterEach(() => served.close());

  const get = (path: string): Promise<Answer> => served.call('GET', `/api/v1/${path}`);
  const post = (path: string, fields: Record<string, string>): Promise<Answer> =>
    served.call('POST', `/api/v1/${path}`, new URLSearchParams(fields).toString(), {
      'Content-Type': 'application/x-www-form-urlencoded',
    });
  /** What a lenient reader makes of an answer. */
  const read = ({ body }: Answer): Record<string, unknown> =>
    JSON.parse(body.replace('"errorCode" =', '"errorCode":').replaceAll(' \n ', ' ')) as Record<string, unknown>;
  const refuses = async (answer: Promise<Answer>, errorCode: number, message: string): Promise<void> => {
    const got = await answer;
    expect([got.status, read(got)]).to.deep.equal([200, { status: 'error', errorCode, message }]);
  };
  const rows = async (answer: Promise<Answer>): Promise<Row[]> =>
    (read(await answer).data as { Ticket: Row }[]).map(({ Ticket }) => Ticket);
  const subjects = async (path: string): Promise<string[]> => (await rows(get(path))).map(({ subject }) => subject);
  const details = async (id: string): Promise<Details> =>
    read(await get(`get_ticket_details/${id}`)).message as Details;
  const idOf = (number: string): string => String(served.desk.store.ticketByNumber(number)!.id);

  describe('raising', () => {
    const ticket = { type: 'Billing', subject: 'Double charge', userId: '1', comments: 'Charged <twice> & more' };

    it('answers as the sample, which is no JSON', async () => {
      const answer = await post('raise_ticket', ticket);
      expect([answer.status, answer.type]).to.deep.equal([200, 'application/json']);
      expect(answer.body).to.equal(
        '{\n  "status": "success",\n  "errorCode" = 200,\n  "message": "Your ticket with the ID 9 has been raised. ' +
          'Please wait for the \n response and note the ticket Id for future reference.",\n  "ticketId": "9"\n}',
      );
      expect(() => void JSON.parse(answer.body)).to.throw(SyntaxError);
      expect(served.desk.store.ticket(9)).to.include({
        subject: 'Double charge',
        requester_id: 1,
        topic_id: 13,
        priority: 2,
      });
      expect((await details('9')).ticket_conversation[0]).to.include({
        sender: 'user',
        sender_name: 'Jane Doe',
        ticket_message: 'Charged <twice> & more',
      });
    });

    it('answers real JSON where it is told to', async () => {
      await served.close();
      await open({ validJson: true });
      expect(JSON.parse((await post('raise_ticket', ticket)).body)).to.deep.equal({
        status: 'success',
        errorCode: 200,
        message:
          'Your ticket with the ID 9 has been raised. Please wait for the response and note the ticket Id for future reference.',
        ticketId: '9',
      });
    });

    it('takes multipart forms and every priority', async () => {
      for (const [index, priority] of ['low', 'medium', 'high', 'urgent'].entries()) {
        const { body, headers } = await multipart({ ...ticket, type: 'Report a Problem / Printing', priority });
        const answer = read(await served.call('POST', '/raise_ticket', body, headers));
        expect(served.desk.store.ticket(Number(answer.ticketId))).to.include({ priority: index + 1, topic_id: 17 });
      }
    });

    it('closes at once, with a resolution', async () => {
      const atOnce = { ...ticket, closeTicketImmediately: 'true' };
      await refuses(post('raise_ticket', atOnce), 400, 'resolutionType, resolutionSubject should not be empty');
      const solved = { ...atOnce, resolutionType: 'Refund', resolutionSubject: 'Paid back' };
      const { ticketId } = read(await post('raise_ticket', solved)) as { ticketId: string };
      expect((await details(ticketId)).ticket_details.status).to.equal('closed');
      const open = read(await post('raise_ticket', { ...solved, closeTicketImmediately: 'false' })) as {
        ticketId: string;
      };
      expect((await details(open.ticketId)).ticket_details.status).to.equal('unassigned');
    });

    it('refuses with 200', async () => {
      await refuses(post('raise_ticket', {}), 400, 'type, subject, userId, comments should not be empty');
      await refuses(post('raise_ticket', { ...ticket, userId: '0' }), 404, 'Invalid user ID');
      await refuses(post('raise_ticket', { ...ticket, userId: '4' }), 404, 'Invalid user ID');
      await refuses(post('raise_ticket', { ...ticket, type: 'Staff only' }), 400, 'Invalid ticket type');
      await refuses(post('raise_ticket', { ...ticket, priority: '3' }), 400, 'Invalid priority');
      // A body of JSON is none.
      const none = await served.call('POST', '/api/v1/raise_ticket', ticket, { 'Content-Type': 'application/json' });
      expect(read(none)).to.include({ status: 'error', errorCode: 400 });
      expect(served.desk.control({ op: 'count' })).to.equal(8);
    });
  });

  describe('listing', () => {
    it('prints tickets byte for byte', async () => {
      expect((await get('get_tickets/2/closed')).body).to.equal(
        '{\n  "status": "success",\n  "errorCode" = 200,\n  "data": [\n    {\n      "Ticket": {\n        "id": "4",\n' +
          '        "account_id": "helpdesk",\n        "user": "2",\n        "subject": "Thanks for the quick help",\n' +
          '        "type": "Feedback",\n        "priority": "low",\n        "due": "2026-11-14 22:00:00",\n' +
          '        "status": "closed",\n        "assigned_to": "NULL",\n        "group_name": "Feedback",\n' +
          '        "created": "2026-11-12 09:00:00"\n      }\n    }\n  ]\n}',
      );
    });

    it('lists everybody’s tickets for user 0, and for none', async () => {
      for (const path of ['get_tickets/0', 'get_tickets/', 'get_tickets', 'get_tickets//', 'get_tickets/000'])
        expect(await rows(get(path)), path).to.have.length(8);
      expect(new Set((await rows(get('get_tickets/1'))).map(({ user }) => user))).to.deep.equal(new Set(['1']));
      expect(await rows(get('get_tickets/4242'))).to.deep.equal([]);
      await refuses(get('get_tickets/1%20OR%201=1'), 404, 'Invalid user ID');
    });

    it('knows views beside the stored states', async () => {
      served.desk.control({ op: 'change', number: '287455', change: { on_hold: 1 } });
      const views: Record<string, string[]> = {};
      for (const view of ['unresolved', 'overdue', 'duetoday', 'open', 'onhold', 'unassigned', 'closed'])
        views[view] = (await rows(get(`get_tickets/0/${view}`))).map(({ id }) => id);
      const all = await rows(get('get_tickets/0'));
      const by = (...states: string[]): string[] =>
        all.filter(({ status }) => states.includes(status)).map(({ id }) => id);
      expect(views.open).to.deep.equal(by('open'));
      expect(views.onhold).to.deep.equal(by('onhold'));
      expect(views.unassigned).to.deep.equal(by('unassigned'));
      expect(views.closed).to.deep.equal(by('closed'));
      expect(views.unresolved).to.deep.equal(by('open', 'onhold', 'unassigned'));
      for (const state of ['open', 'onhold', 'unassigned', 'closed']) expect(by(state), state).to.not.be.empty;
      const due = (id: string, at: string): void => {
        served.desk.store.changeTicket(Number(id), { due_at: Date.parse(at) });
      };
      for (const { id } of all) due(id, '2026-12-01T00:00:00Z');
      const [first, second, third] = views.unresolved!;
      due(first!, '2026-11-21T10:00:00Z');
      due(second!, '2026-11-22T08:00:00Z');
      due(third!, '2026-11-22T23:00:00Z');
      due(views.closed![0]!, '2026-11-22T08:00:00Z');
      expect((await rows(get('get_tickets/0/overdue'))).map(({ id }) => id)).to.deep.equal([first, second]);
      expect((await rows(get('get_tickets/0/duetoday'))).map(({ id }) => id)).to.deep.equal([second, third]);
      await refuses(get('get_tickets/0/new'), 400, 'Invalid status');
    });

    it('lists by admin, named in either way', async () => {
      const nora = await subjects('get_tickets/0/unresolved/nora');
      expect(nora).to.deep.equal(await subjects('get_tickets/0/unresolved/nora%40desk.example.test'));
      expect(nora).to.include('VPN drops every ten minutes');
      expect(await subjects('get_tickets/0/unresolved/nobody')).to.deep.equal([]);
      expect(await subjects('get_tickets/1//nora')).to.include('VPN drops every ten minutes');
    });

    it('takes a range of dates by POST only', async () => {
      const range = { fromDate: '12-11-2026 09:00', toDate: '20-11-2026 6:59' };
      const created = (await rows(post('get_tickets/0', range))).map(({ id }) => id);
      const all = served.desk.store.tickets();
      const inside = all.filter(
        ({ created_at: at }) => at >= Date.parse('2026-11-12T09:00Z') && at < Date.parse('2026-11-20T07:00Z'),
      );
      expect(created).to.deep.equal(inside.map(({ id }) => String(id)));
      expect(created.length).to.be.within(1, all.length - 1);
      expect(await rows(post('get_tickets/0', { fromDate: range.fromDate }))).to.have.length.above(created.length);
      expect(await rows(get('get_tickets/0?fromDate=12-11-2026%2009:00'))).to.have.length(8);
      await refuses(post('get_tickets/0', { toDate: '2026-11-20' }), 400, 'toDate should be dd-mm-yyyy H:m');
    });
  });

  describe('conversing', () => {
    it('tells everything, says "0" of the customer’s own words, and dates the ticket after them', async () => {
      const { ticket_conversation: said, ticket_details: of } = await details(idOf('309214'));
      expect(said.map(({ sender, sender_name, show_to_user }) => [sender, sender_name, show_to_user])).to.deep.equal([
        ['user', 'Jane Doe', '0'],
        ['admin', 'nora@desk.example.test', '1'],
        ['admin', 'nora@desk.example.test', '0'],
        ['user', 'Jane Doe', '0'],
      ]);
      expect(said[2]!.ticket_message).to.match(/^INTERNAL: /);
      expect(said[3]!.ticket_message).to.equal(
        'That helped for an hour, then it began again. 5 < 6 minutes between drops now.\nI have not updated yet.',
      );
      expect(of).to.include({ status: 'open', assigned_to: 'nora@desk.example.test' });
      expect(of.created >= said.at(-1)!.created).to.equal(true);
      await refuses(get('get_ticket_details/4242'), 404, 'Invalid ticket ID');
      await refuses(get('get_ticket_details/'), 404, 'Invalid ticket ID');
    });

    it('keeps line breaks of messages escaped', async () => {
      const id = idOf('004217');
      expect((await get(`get_ticket_details/${id}`)).body).to.contain('Hello,\\nthe invoice of this month');
    });

    it('sends as whoever the caller says', async () => {
      const message = { ticketId: idOf('680431'), ticketMessage: 'A <b> & c', sender_name: '2', showToUser: 'true' };
      expect(read(await post('send_message', { ...message, sender: 'user' }))).to.deep.equal({
        status: 'success',
        errorCode: 200,
        message: 'Message has been sent by user',
      });
      const admin = { ...message, sender: 'admin', sender_name: 'tomas@desk.example.test' };
      expect(read(await post('send_message', admin))).to.include({ message: 'Message has been sent by admin' });
      await post('send_message', { ...admin, ticketMessage: 'Secret', showToUser: 'false' });
      const { ticket_conversation: said } = await details(message.ticketId);
      expect(
        said.slice(-3).map((each) => [each.sender, each.sender_name, each.ticket_message, each.show_to_user]),
      ).to.deep.equal([
        ['user', 'Omar Haddad', 'A <b> & c', '0'],
        ['admin', 'tomas@desk.example.test', 'A <b> & c', '1'],
        ['admin', 'tomas@desk.example.test', 'Secret', '0'],
      ]);
      expect(served.desk.store.entries(Number(message.ticketId)).at(-1)!.kind).to.equal('note');
      await refuses(
        post('send_message', { ticketId: '1' }),
        400,
        'ticketMessage, sender, sender_name, showToUser should not be empty',
      );
      await refuses(post('send_message', { ...admin, sender: 'x' }), 400, 'Invalid sender');
      await refuses(post('send_message', { ...admin, sender_name: '2' }), 404, 'Invalid admin');
      await refuses(post('send_message', { ...admin, showToUser: '1' }), 400, 'Invalid showToUser');
    });
  });

  describe('changing', () => {
    it('closes by GET, whoever asks, and again', async () => {
      const id = idOf('680431');
      for (let i = 0; i < 2; i++)
        expect((await get(`close_ticket/${id}`)).body).to.equal(
          `{\n  "status": "success",\n  "errorCode" = 200,\n  "message": "The ticket ID${id} has been closed"\n}`,
        );
      expect((await details(id)).ticket_details.status).to.equal('closed');
      await refuses(get('close_ticket/'), 404, 'Invalid ticket ID');
      const other = idOf('309214');
      served.desk.control({ op: 'lock', number: '309214', locked: true });
      await refuses(get(`close_ticket/${other}`), 400, `The ticket ID${other} cannot be closed`);
      expect(read(await post(`close_ticket/${other}`, {}))).to.include({ errorCode: 404 });
      expect((await details(other)).ticket_details.status).to.equal('open');
    });

    it('assigns, and says that it is an error', async () => {
      const id = idOf('004217');
      const answer = await post('assign_ticket_to_admin', { ticketId: id, admin: 'tomas' });
      expect([answer.status, answer.body]).to.deep.equal([
        200,
        `{\n  "status": "error",\n  "errorCode" = 200,\n  "message": "The ticket ID${id} has been assigned to tomas"\n}`,
      ]);
      expect((await details(id)).ticket_details.assigned_to).to.equal('tomas@desk.example.test');
      await refuses(post('assign_ticket_to_admin', { ticketId: id, admin: '1' }), 404, 'Invalid admin');
      await refuses(post('assign_ticket_to_admin', { ticketId: id }), 400, 'admin should not be empty');
    });

    it('reopens with a comment, which becomes a message', async () => {
      const id = idOf('512036');
      const reopen = { ticketId: id, userId: '1', comments: 'It is back' };
      await refuses(post('reopen_ticket', { ...reopen, comments: '' }), 400, 'comments should not be empty');
      expect(read(await post('reopen_ticket', reopen)).message).to.equal(`The ticket ID${id} has been reopened`);
      const { ticket_conversation: said, ticket_details: of } = await details(id);
      expect([of.status, said.at(-1)!.ticket_message]).to.deep.equal(['open', 'It is back']);
      await refuses(post('reopen_ticket', reopen), 400, `The ticket ID${id} is not closed`);
      await refuses(post('reopen_ticket', { ...reopen, userId: '0' }), 404, 'Invalid user ID');
    });

    it('rates from 1 to 5', async () => {
      const rate = (ratingValue: string): Promise<Answer> =>
        post('ticket_rating', { ticketId: idOf('737120'), userId: '2', ratingValue });
      expect(read(await rate('4'))).to.include({ status: 'success', errorCode: 200 });
      expect(served.desk.store.ticketByNumber('737120')!.rating).to.equal(4);
      for (const value of ['0', '6', '4.5', 'good'])
        await refuses(rate(value), 400, 'ratingValue should be from 1 to 5');
      expect(served.desk.store.ticketByNumber('737120')!.rating).to.equal(4);
    });
  });

  it('wants a key, in one of the two usual places', async () => {
    const topics = (headers: Record<string, string>): Promise<Answer> =>
      served.call('GET', '/api/v1/get_tickets/2', undefined, { Authorization: '', ...headers });
    for (const headers of [
      { Authorization: 'Bearer desk-key' },
      { Authorization: 'desk-key' },
      { 'X-API-Key': 'desk-key' },
    ])
      expect((await topics(headers)).status).to.equal(200);
    for (const headers of [{}, { Authorization: 'Bearer x' }, { 'X-API-Key': 'desk-key-inactive' }]) {
      const answer = await topics(headers);
      expect([answer.status, read(answer)]).to.deep.equal([
        401,
        { status: 'error', errorCode: 401, message: 'Unauthorized' },
      ]);
    }
    expect((await get('elsewhere')).status).to.equal(404);
  });
});
