import { expect } from 'chai';
import { jaze, type JazeOptions } from '../../src/backends/jaze.js';
import type { Backend, Call } from '../../src/backends/backend.js';
import { HelpDeskError } from '../../src/errors.js';
import { openTestDesk, type TestDesk } from '../support/desk.js';
import { describeBackend, type Traits } from './contract.js';

const base = '/api/v1/';
/** Types are known by their word. */
const names: Record<string, string> = { 12: 'VPN and remote', 14: 'Refund request', 1: 'General Inquiry' };
const topics = Object.values(names).map((name) => ({ id: name, name }));

const traits: Traits = {
  absent: ['updateTicket', 'listTags', 'readAttachment'],
  id: ({ id }) => String(id),
  lines: {
    list: `GET ${base}get_tickets/`,
    read: `GET ${base}get_ticket_details/`,
    create: `POST ${base}raise_ticket`,
    reply: `POST ${base}send_message`,
  },
  topics,
  topic: (id) => names[id]!,
  states: { open: 'open', processing: 'open', resolved: 'closed', closed: 'closed', archived: 'closed' },
  reopened: 'open',
  dated: true,
  paged: false,
  refuses: 'lock',
  unknownId: '999999',
  draft: { topicId: 'General Inquiry' },
  replyFiles: false,
};

for (const validJson of [false, true])
  describeBackend(`jaze (${validJson ? 'JSON' : 'as documented'})`, traits, async () => {
    const desk = await openTestDesk({ validJson });
    const options: JazeOptions = { ...desk.backendOptions('jaze', 'jane@example.test'), topics };
    return {
      desk,
      backend: jaze(options),
      remake: ({ apiKey, ...changes }) =>
        jaze({ ...options, ...changes, ...(apiKey !== undefined && { headers: { Authorization: apiKey } }) }),
      identity: { userId: '1', displayName: 'Jane Doe' },
      omar: { backend: jaze(options), identity: { userId: '2' } },
    };
  });

describe('jaze', () => {
  let desk: TestDesk;
  let options: JazeOptions;
  let backend: Backend;
  let id: string;
  const jane: Call = { identity: { userId: '1', displayName: 'Jane Doe' } };
  const draft = { subject: 'No signal', message: 'Please help.', topicId: 'Billing' };
  beforeEach(async () => {
    desk = await openTestDesk();
    options = desk.backendOptions('jaze', 'jane@example.test');
    backend = jaze(options);
    id = String((await desk.ticket('309214')).id);
  });
  afterEach(() => desk.close());
  const failure = async (promise: Promise<unknown>): Promise<HelpDeskError> =>
    promise.then(
      () => Promise.reject(new Error('It did not fail.')),
      (error: HelpDeskError) => {
        expect(error).to.be.instanceOf(HelpDeskError);
        return error;
      },
    );
  const lines = async (): Promise<string[]> => (await desk.log()).map(({ method, path }) => `${method} ${path}`);
  const answer = (match: string, status: number, body: unknown, times = 1): Promise<null> =>
    desk.fault({ match, kind: 'answer', status, times, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const row = (more: object = {}): object => ({
    Ticket: { id: '7', user: '1', subject: 'One', type: 'Billing', status: 'open', assigned_to: 'NULL', ...more },
  });
  const rows = (...data: object[]): object => ({ status: 'success', errorCode: 200, data });
  const refused = { status: 'error', errorCode: 200, message: 'Not today' };

  it('never asks without a person: that would be everybody', async () => {
    for (const userId of [undefined, '', '0', '00', '01', ' 1', '-1', '1/closed', '1.0', '..', 'x', '٣'])
      for (const identity of [undefined, userId === undefined ? {} : { userId, email: 'jane@example.test' }]) {
        const call: Call = identity ? { identity } : {};
        for (const work of [
          () => backend.listTickets({}, call),
          () => backend.readThread(id, call),
          () => backend.createTicket(draft, call),
          () => backend.reply!(id, { message: 'Hello' }, call),
          () => backend.setStatus!(id, 'closed', call),
          () => backend.rate!(id, 5, call),
          () => jaze({ ...options, days: 9, assign: true }).listTickets({}, call),
          () => jaze({ ...options, assign: true }).updateTicket!(id, { assignee: 'nora' }, call),
        ])
          expect((await failure(work())).code).to.equal('unauthorized');
      }
    expect(await lines()).to.deep.equal([]);
  });

  const listed = async (...data: object[]): Promise<string[]> => {
    await answer(`GET ${base}get_tickets/1`, 200, rows(...data));
    return (await backend.listTickets({}, jane)).items.map((ticket) => ticket.id);
  };

  it("shows nobody else's ticket, whatever the list answers", async () => {
    // Ids are texts (documented): one that is no id is not this person's, and neither is nobody's.
    for (const user of ['2', 2, 'jane', 'Jane Doe', '', ' ', null, true, { id: 2 }, { id: 2, name: '1' }, ['2'], '01'])
      expect(await listed(row(), row({ id: '8', user })), JSON.stringify(user)).to.deep.equal(['7']);
    const answered = row({ id: '8', user: 'jane' });
    await answer(`GET ${base}get_tickets/1`, 200, rows(answered), 2);
    await answer(`GET ${base}get_tickets/1/closed`, 200, rows(answered));
    expect((await failure(backend.reply!('8', { message: 'Hello' }, jane))).code).to.equal('not-found');
  });

  it('shows the own tickets, though ids come as numbers, or without a word of whose they are', async () => {
    expect(await listed(row({ user: 1 }), row({ id: '8' }))).to.deep.equal(['8', '7']);
    // The list was asked for as this person's: it is, as long as no row in it says otherwise.
    expect(await listed(row({ user: undefined }), row({ id: '8' }))).to.deep.equal(['8', '7']);
    expect(await listed(row({ user: undefined }), row({ id: '8' }), row({ id: '9', user: '2' }))).to.deep.equal(['8']);
  });

  it('maps statuses, which are partly ways of looking', async () => {
    const words = ['open', 'unassigned', 'unresolved', 'overdue', 'duetoday', 'onhold', 'closed', 'Waiting', '', null];
    await answer('GET', 200, rows(...words.map((status, at) => row({ id: `${90 - at}`, status }))), 2);
    const mapped = async (more: Partial<JazeOptions>): Promise<unknown[]> =>
      (await jaze({ ...options, ...more }).listTickets({}, jane)).items.map((ticket) =>
        [ticket.status, ticket.statusLabel, ...(ticket.overdue ? ['overdue'] : [])].join(' '),
      );
    expect(await mapped({})).to.deep.equal([
      'open Open',
      'open New',
      'open Open',
      'pending In progress overdue',
      'pending In progress',
      'on-hold On hold',
      'closed Closed',
      'open Waiting',
      'open ',
      'open ',
    ]);
    expect((await mapped({ statusMap: { waiting: 'pending' } }))[7]).to.equal('pending Waiting');
  });

  it('maps a whole ticket', async () => {
    const raw = row({
      subject: 'A & B',
      priority: 'urgent',
      due: '2026-07-03 12:00:00',
      status: 'onhold',
      assigned_to: 'nora@desk.example.test',
      group_name: 'INTERNAL',
      created: '2026-07-01 12:00:00',
    });
    await answer('GET', 200, rows(raw));
    const zoned = jaze({ ...options, timeZone: 'Asia/Kolkata', topics: [{ id: 'Billing', name: 'Bills' }] });
    expect((await zoned.listTickets({}, jane)).items).to.deep.equal([
      {
        id: '7',
        number: '7',
        subject: 'A & B',
        status: 'on-hold',
        statusLabel: 'On hold',
        priority: 'Urgent',
        topic: { id: 'Billing', name: 'Bills' },
        requester: { role: 'requester', name: 'Jane Doe' },
        assignee: { role: 'agent', name: 'nora' },
        createdAt: '2026-07-01T06:30:00.000Z',
        dueAt: '2026-07-03T06:30:00.000Z',
      },
    ]);
  });

  it('filters on hold and closed where the system can', async () => {
    await desk.control({ op: 'change', number: '309214', change: { on_hold: 1 } });
    expect((await backend.listTickets({ status: 'on-hold' }, jane)).items.map((ticket) => ticket.id)).to.deep.equal([
      id,
    ]);
    await backend.listTickets({ status: 'closed' }, jane);
    await backend.listTickets({ status: 'open' }, jane);
    await jaze({ ...options, statusMap: { onhold: 'open' } }).listTickets({ status: 'on-hold' }, jane);
    expect(await lines()).to.deep.equal(
      ['/onhold', '/closed', '', ''].map((view) => `GET ${base}get_tickets/1${view}`),
    );
  });

  it('asks for a range of dates by POST', async () => {
    const all = await desk.tickets('jane@example.test');
    const since = (days: number): number => all.filter((one) => one.created_at > Date.now() - days * 864e5).length;
    for (const days of [3, 400]) {
      const { items } = await jaze({ ...options, days }).listTickets({}, jane);
      expect(items.length).to.be.within(since(days), since(days + 1));
    }
    await jaze({ ...options, days: 3 }).listTickets({ status: 'closed' }, jane);
    expect(await lines()).to.deep.equal(['', '', '/closed'].map((view) => `POST ${base}get_tickets/1${view}`));
    // A ticket is found however old it is.
    expect((await jaze({ ...options, days: 1 }).readThread(id, jane)).ticket.id).to.equal(id);
  });

  it('finds a closed ticket where a list without a status has none', async () => {
    await desk.control({ op: 'state', number: '309214', state: 'closed' });
    await answer(`GET ${base}get_tickets/1`, 200, rows());
    expect((await backend.readThread(id, jane)).ticket.status).to.equal('closed');
    expect((await lines()).slice(0, 2)).to.deep.equal([`GET ${base}get_tickets/1`, `GET ${base}get_tickets/1/closed`]);
  });

  it('joins the conversation with the list, and shows what is for the user', async () => {
    const said = (
      sender: unknown,
      message: unknown,
      show: unknown,
      created: unknown = '2026-07-01 12:00:00',
    ): object => ({
      sender,
      sender_name: sender === 'user' ? '1' : 'admin@desk.example.test',
      ticket_message: message,
      created,
      show_to_user: show,
    });
    const conversation = [
      said('admin', 'INTERNAL', '0'),
      said('user', 'later', '0', '2026-07-02 12:00:00'),
      said('user', 'first', '0'),
      said('admin', 'reply', '1'),
      said('admin', 'INTERNAL', null),
      said('ADMIN', 'again', 1),
      said('admin', 'true', true),
      said('system', 'INTERNAL', '0'),
      said(null, 'INTERNAL', {}),
      null,
      'INTERNAL',
    ];
    const detail = { status: 'success', errorCode: 200, message: { ticket_conversation: conversation } };
    const read = async (more: Partial<JazeOptions> = {}): Promise<unknown[][]> => {
      await answer(`GET ${base}get_tickets`, 200, rows(row()));
      await answer(`GET ${base}get_ticket_details`, 200, detail);
      const { ticket, entries } = await jaze({ ...options, ...more }).readThread('7', jane);
      expect(ticket.subject).to.equal('One');
      return entries.map(({ id: key, kind, author, body }) => [key, kind, author.name, body.value]);
    };
    expect(await read()).to.deep.equal([
      ['2026-07-01 12:00:00 user 0', 'message', 'Jane Doe', 'first'],
      ['2026-07-01 12:00:00 admin 1', 'reply', 'admin', 'reply'],
      ['2026-07-01 12:00:00 admin 3', 'reply', 'admin', 'again'],
      ['2026-07-01 12:00:00 admin 4', 'reply', 'admin', 'true'],
      ['2026-07-02 12:00:00 user 0', 'message', 'Jane Doe', 'later'],
    ]);
    expect((await read({ showUnmarked: true })).filter(([, , , text]) => text === 'INTERNAL')).to.have.lengthOf(4);
  });

  it('speaks as the user, whatever it is asked', async () => {
    const sent: string[] = [];
    const one = jaze({ ...options, senderName: 'jane@isp.test' });
    await one.reply!(id, { message: 'Any news?' }, jane);
    sent.push((await desk.ticket('309214')).entries.at(-1)!.kind);
    expect(sent).to.deep.equal(['message']);
    expect((await failure(one.reply!(id, { message: ' \n' }, jane))).fields).to.deep.equal({
      message: 'This field is required.',
    });
  });

  it('has an entry without id where the thread cannot be read again', async () => {
    await answer(`GET ${base}get_ticket_details`, 403, '');
    expect(await backend.reply!(id, { message: 'Once' }, jane)).to.deep.equal({
      id: '',
      kind: 'message',
      author: { role: 'requester', name: 'Jane Doe' },
      body: { format: 'text', value: 'Once' },
      attachments: [],
    });
  });

  it('closes once, though it is a GET', async () => {
    for (const kind of ['status-500', 'drop', 'commit-then-500'] as const) {
      const before = (await lines()).length;
      await desk.fault({ match: `GET ${base}close_ticket`, kind, times: kind === 'drop' ? 9 : 1 });
      expect((await failure(backend.setStatus!(id, 'closed', jane))).uncertain).to.equal(true);
      await desk.control({ op: 'clear-faults' });
      // Over a connection that was open before, browsers themselves send again.
      if (kind !== 'drop')
        expect((await lines()).slice(before).filter((line) => line.includes('close_ticket'))).to.have.lengthOf(1);
    }
  });

  it('takes no word for a change of status: it is read back', async () => {
    await answer(`GET ${base}close_ticket`, 200, { status: 'success', errorCode: 200, message: 'closed' });
    expect((await failure(backend.setStatus!(id, 'closed', jane))).code).to.equal('forbidden');
    await desk.control({ op: 'state', number: '309214', state: 'closed' });
    await answer(`GET ${base}close_ticket`, 200, refused);
    expect((await backend.setStatus!(id, 'closed', jane)).status).to.equal('closed');
  });

  it('reopens with a reason', async () => {
    await backend.setStatus!(id, 'closed', jane);
    await backend.setStatus!(id, 'open', { ...jane, reason: ' It is back ' });
    expect((await desk.ticket('309214')).entries.at(-1)!.body).to.equal('It is back');
    await backend.setStatus!(id, 'closed', jane);
    await backend.setStatus!(id, 'open', jane);
    expect((await desk.ticket('309214')).entries.at(-1)!.body).to.equal('Reopened');
  });

  it('rates from 1 to 5', async () => {
    for (const score of [1, 5]) {
      expect((await backend.rate!(id, score, jane)).rating).to.equal(score);
      expect((await desk.ticket('309214')).rating).to.equal(score);
    }
    for (const score of [0, 6, 2.5, NaN])
      expect((await failure(backend.rate!(id, score, jane))).code).to.equal('invalid');
    expect((await failure(backend.rate!('999999', 3, jane))).code).to.equal('not-found');
  });

  it('assigns where it may, though success is called an error', async () => {
    expect(backend).not.to.have.property('updateTicket');
    const agent = jaze({ ...options, assign: true });
    const change = { assignee: 'tomas@desk.example.test' };
    expect((await agent.updateTicket!(id, change, jane)).assignee).to.deep.equal({ role: 'agent', name: 'tomas' });
    expect((await agent.updateTicket!(id, change, jane)).assignee!.name).to.equal('tomas');
    expect((await failure(agent.updateTicket!(id, { assignee: 'ghost' }, jane))).code).to.equal('forbidden');
    expect((await failure(agent.updateTicket!(id, { priority: 'low' }, jane))).code).to.equal('unsupported');
    expect((await desk.ticket('309214')).assignee_id).to.equal(5);
  });

  it('names every field that is missing', async () => {
    const error = await failure(backend.createTicket({ subject: '', message: ' ' }, jane));
    const required = 'This field is required.';
    expect([error.code, error.fields]).to.deep.equal([
      'invalid',
      { subject: required, message: required, topicId: required },
    ]);
    expect(await lines()).to.deep.equal([]);
  });

  it('closes a new ticket at once, with a resolution', async () => {
    const fields = { closeTicketImmediately: 'true', resolutionType: 'Visit', resolutionSubject: 'Done', userId: '2' };
    const ticket = await backend.createTicket({ ...draft, priority: 'urgent', fields }, jane);
    expect([ticket.status, ticket.priority]).to.deep.equal(['closed', 'Urgent']);
    expect((await desk.tickets('jane@example.test')).some((stored) => String(stored.id) === ticket.id)).to.equal(true);
  });

  it('has a new ticket although it cannot be read back', async () => {
    await answer(`GET ${base}get_tickets`, 403, '');
    const ticket = await backend.createTicket({ ...draft, priority: 'low' }, jane);
    expect(ticket).to.deep.equal({
      id: ticket.id,
      number: ticket.id,
      subject: 'No signal',
      status: 'open',
      priority: 'Low',
      topic: { id: 'Billing', name: 'Billing' },
      requester: { role: 'requester', name: 'Jane Doe' },
    });
  });

  it('decides by more than the status, of HTTP or of the answer', async () => {
    const code = async (body: unknown, status = 200): Promise<string> => {
      await answer(`POST ${base}raise_ticket`, status, body);
      return (await failure(backend.createTicket(draft, jane))).code;
    };
    expect(await code(refused)).to.equal('invalid');
    expect(await code({ ...refused, errorCode: 401 })).to.equal('unauthorized');
    expect(await code({ ...refused, errorCode: '429' })).to.equal('rate-limited');
    expect(await code({ ...refused, errorCode: 503 })).to.equal('unavailable');
    expect(await code({ status: 'success', errorCode: 200, message: 'Done' })).to.equal('invalid');
    expect(await code('<html></html>')).to.equal('unexpected');
    expect(await code('[]')).to.equal('unexpected');
    expect(await code(refused, 500)).to.equal('unavailable');
    await answer(`POST ${base}raise_ticket`, 200, { status: 'error', errorCode: 500, ticketId: '77' });
    expect((await backend.createTicket(draft, jane)).id).to.equal('77');
    await answer(`POST ${base}ticket_rating`, 200, refused);
    expect((await failure(backend.rate!(id, 3, jane))).code).to.equal('invalid');
  });

  it('reads what is nearly JSON', async () => {
    const body =
      '{\n"status": "success",\n"errorCode" = 200,\n"data": [{"Ticket": {"id": "7", "subject": "a = \\"b\\"\nc"}}]\n}';
    await answer('GET', 200, body);
    expect((await backend.listTickets({}, jane)).items[0]!.subject).to.equal('a = "b"\nc');
    await answer('GET', 200, `{"data": "${'\\"'.repeat(200_000)}`);
    const before = performance.now();
    expect((await failure(backend.listTickets({}, jane))).code).to.equal('unexpected');
    expect(performance.now() - before).to.be.lessThan(5000);
  });
});
