import { expect } from 'chai';
import { osticket, type OsticketOptions } from '../../src/backends/osticket.js';
import type { Backend, Call } from '../../src/backends/backend.js';
import { HelpDeskError, type HelpDeskErrorCode } from '../../src/errors.js';
import { openTestDesk, type DialectName, type TestDesk } from '../support/desk.js';
import { describeBackend, words, type Traits } from './contract.js';

const required = 'This field is required.';

const traits: Traits = {
  absent: ['rate', 'updateTicket', 'listTags', 'readAttachment'],
  id: ({ number }) => number,
  lines: {
    list: 'GET /api/tickets.json?',
    read: 'GET /api/tickets.json/309214',
    create: 'POST /api/tickets.json',
    reply: 'PUT /api/tickets.json/',
    topics: 'GET /api/topics.json',
  },
  states: { open: 'open', processing: 'open', resolved: 'resolved', closed: 'closed', archived: 'closed' },
  reopened: 'open',
  dated: true,
  paged: false,
  refuses: 'lock',
  unknownId: '999999',
  draft: {},
  createFiles: [10, 8_388_608],
  replyFiles: false,
};

const { createFiles: _, ...noFiles } = traits;
const withFiles: Traits = { ...traits, absent: ['rate', 'updateTicket', 'listTags'] };
const shapes: [NonNullable<OsticketOptions['shape']>, DialectName, Traits][] = [
  ['readme', 'osticket', traits],
  ['2018', 'osticket-2018', noFiles],
  ['2020', 'osticket-2020', withFiles],
];

/** Named, and found out. */
const spoken = shapes.flatMap(([shape, dialect, is]) => {
  const auto: Traits = { ...is, absent: withFiles.absent, filesVary: shape !== '2020' };
  return [
    [`osticket (${shape})`, shape, dialect, is],
    [`osticket (auto: ${shape})`, 'auto', dialect, auto],
  ] as const;
});
for (const [name, shape, dialect, is] of spoken)
  describeBackend(name, is, async () => {
    const desk = await openTestDesk();
    const options: OsticketOptions = { ...desk.backendOptions(dialect, 'jane@example.test'), shape };
    return {
      desk,
      backend: osticket(options),
      remake: (changes) => osticket({ ...options, ...changes }),
      identity: { email: 'Jane@Example.test ', displayName: 'Jane Doe' },
      omar: { backend: osticket(options), identity: { email: 'omar@example.test' } },
    };
  });

describe('osticket', () => {
  let desk: TestDesk;
  let options: OsticketOptions;
  let backend: Backend;
  const jane: Call = { identity: { email: 'jane@example.test' } };
  const omar: Call = { identity: { email: 'omar@example.test' } };
  const draft = { subject: 'Printer on fire', message: 'Please help.' };
  const open = async (settings: Parameters<typeof openTestDesk>[0] = {}): Promise<void> => {
    desk = await openTestDesk(settings);
    options = desk.backendOptions('osticket', 'jane@example.test');
    backend = osticket(options);
  };
  beforeEach(() => open());
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
  const answer = (match: string, status: number, body: string, times = 1): Promise<null> =>
    desk.fault({ match, kind: 'answer', status, body, times });

  it('asks nothing for nobody', async () => {
    const nobody: Call['identity'][] = [
      undefined,
      {},
      { email: '' },
      { email: 'no address' },
      { email: 'a@b, c@d' },
      { userId: '0' },
      { userId: '1 OR 1=1' },
      { userId: '01' },
    ];
    for (const identity of nobody) {
      const call: Call = identity ? { identity } : {};
      const calls = [
        backend.listTickets({}, call),
        backend.readThread('309214', call),
        backend.createTicket(draft, call),
        backend.reply!('309214', { message: 'x' }, call),
        backend.setStatus!('309214', 'closed', call),
      ];
      for (const call_ of calls) expect((await failure(call_)).code).to.equal('unauthorized');
    }
    expect(await lines()).to.deep.equal([]);
  });

  it('names a person by user id where there is no address', async () => {
    const call: Call = { identity: { userId: '1' } };
    expect((await backend.listTickets({}, call)).items).to.have.lengthOf(6);
    expect((await backend.readThread('309214', call)).ticket.id).to.equal('309214');
    expect((await failure(backend.readThread('680431', call))).code).to.equal('not-found');
    const created = await backend.createTicket(draft, call);
    expect(created.requester).to.deep.equal({ name: 'Jane Doe', email: 'jane@example.test', role: 'requester' });
    expect((await lines())[0]).to.equal('GET /api/tickets.json?user_id=1');
  });

  it('takes a guest at the word of the draft', async () => {
    const guest = { ...draft, email: 'New@example.test', displayName: 'New Person' };
    const created = await backend.createTicket(guest, {});
    expect(created.requester).to.deep.equal({ name: 'New Person', email: 'new@example.test', role: 'requester' });
    // Who is known stays who they are.
    const own = await backend.createTicket({ ...guest, email: 'omar@example.test' }, jane);
    expect(own.requester.email).to.equal('jane@example.test');
    const nameless = await backend.createTicket({ ...draft, email: 'nameless@example.test' }, {});
    expect(nameless.requester.name).to.equal('nameless@example.test');
  });

  it('has an empty list for somebody who never wrote', async () => {
    const call: Call = { identity: { email: 'nobody@example.test' } };
    expect(await backend.listTickets({}, call)).to.deep.equal({ items: [], total: 0 });
    expect((await failure(backend.reply!('309214', { message: 'x' }, call))).code).to.equal('not-found');
    expect((await failure(backend.createTicket(draft, { identity: { userId: '4242' } }))).code).to.equal(
      'unauthorized',
    );
  });

  it('has no empty list where the address is wrong', async () => {
    await answer('GET', 404, '<h1>Not Found</h1>');
    expect((await failure(backend.listTickets({}, jane))).code).to.equal('not-found');
    await answer('GET', 200, '{}');
    expect((await failure(backend.listTickets({}, jane))).code).to.equal('unexpected');
  });

  it('says how many there are, newest activity first', async () => {
    await desk.close();
    await open({ seed: 'full' });
    const { items, total } = await backend.listTickets({}, { identity: { email: 'mia@example.test' } });
    expect([items.length, total]).to.deep.equal([300, 300]);
    const order = items.map(({ updatedAt }) => updatedAt!);
    expect(order).to.deep.equal([...order].sort().reverse());
    expect(items[0]).not.to.have.any.keys('threads', 'entries');
  });

  it('maps a whole ticket', async () => {
    const raw = {
      ticket_number: '000123',
      subject: 'A & B',
      ticket_status: 'On hold',
      statusId: 6,
      priority: 'Normal',
      department: 'INTERNAL',
      create_timestamp: '2026-07-01 12:00:00',
      user: { fullname: 'Jane Doe', email: 'Jane@example.test', phone: '1' },
      due_timestamp: '2026-07-03 12:00:00',
      close_timestamp: '0000-00-00 00:00:00',
      topic: 'A / B',
      topicId: 12,
      last_message_timestamp: '2026-07-02 09:00:00',
      last_response_timestamp: '2026-07-02 10:00:00',
      assigned_to: [{ format: 'full', name: 'Nora Lind' }],
      threads: [
        { id: 1, type: 'm', poster: 'Jane Doe', title: 'INTERNAL', body: '5 &lt; 6', format: 'text', created: 'x' },
        { id: 2, type: 'R', poster: 'Nora', staff_name: { name: 'Nora Lind' }, body: '<p>x</p>', format: 'html' },
        { id: 3, type: 'n', poster: 'SYSTEM', title: 'status changed', body: 'Closed by user', format: 'html' },
        { id: 4, type: 'N', poster: 'SYSTEM', title: 'Ticket Assigned', body: 'INTERNAL' },
        { id: 5, type: 'N', poster: 'SYSTEM', staff_id: 2, title: 'Status Changed', body: 'INTERNAL' },
        { id: 6, type: 'N', poster: 'Nora', title: 'Status Changed', body: 'INTERNAL' },
        { id: 7, type: 'X', poster: 'Nora', body: 'INTERNAL' },
        { id: 8, poster: 'Nora', body: 'INTERNAL' },
        { id: 9, type: { M: 1 }, body: 'INTERNAL' },
        ['INTERNAL'],
        null,
        { id: 10, type: 'M', poster: '', body: { html: 'INTERNAL' }, format: 'html', note: 'INTERNAL' },
      ],
    };
    await answer('GET', 200, JSON.stringify([raw]), 2);
    const zoned = osticket({ ...options, timeZone: 'Europe/Berlin', statusMap: { 'On hold': 'on-hold' } });
    const ticket = {
      id: '000123',
      number: '000123',
      subject: 'A & B',
      status: 'on-hold',
      statusLabel: 'On hold',
      priority: 'Normal',
      topic: { id: '12', name: 'A / B' },
      requester: { name: 'Jane Doe', email: 'Jane@example.test', role: 'requester' },
      assignee: { name: 'Nora Lind', role: 'agent' },
      createdAt: '2026-07-01T10:00:00.000Z',
      updatedAt: '2026-07-02T08:00:00.000Z',
      dueAt: '2026-07-03T10:00:00.000Z',
    };
    expect((await zoned.listTickets({}, jane)).items).to.deep.equal([ticket]);
    await desk.control({ op: 'clear-faults' });
    await answer('GET', 200, JSON.stringify(raw));
    const thread = await zoned.readThread('000123', jane);
    expect(thread.ticket).to.deep.equal(ticket);
    expect(thread.entries).to.deep.equal([
      {
        id: '1',
        kind: 'message',
        author: { role: 'requester', name: 'Jane Doe' },
        body: { format: 'text', value: '5 < 6' },
        attachments: [],
      },
      {
        id: '2',
        kind: 'reply',
        author: { role: 'agent', name: 'Nora Lind' },
        body: { format: 'html', value: '<p>x</p>' },
        attachments: [],
      },
      {
        id: '3',
        kind: 'event',
        author: { role: 'system', name: '' },
        body: { format: 'html', value: 'Closed by user' },
        attachments: [],
      },
      {
        id: '10',
        kind: 'message',
        author: { role: 'requester', name: 'Jane Doe' },
        body: { format: 'html', value: '' },
        attachments: [],
      },
    ]);
  });

  it('knows the five statuses, and maps others by id or word', async () => {
    const user = { email: 'jane@example.test' };
    const status = async (statusId: unknown, word: unknown, statusMap = {}): Promise<unknown> => {
      await answer('GET', 200, JSON.stringify({ ticket_number: '1', statusId, ticket_status: word, user }));
      return (await osticket({ ...options, statusMap }).readThread('1', jane)).ticket.status;
    };
    const seen: unknown[] = [];
    for (const id of [1, 2, 3, 4, 5, '3', 6, null, 'constructor']) seen.push(await status(id, 'x'));
    expect(seen).to.deep.equal(['open', 'resolved', 'closed', 'closed', 'closed', 'closed', 'open', 'open', 'open']);
    expect(await status(6, 'Waiting', { 6: 'pending', Waiting: 'on-hold' })).to.equal('pending');
    expect(await status(7, 'Waiting', { 6: 'pending', Waiting: 'on-hold' })).to.equal('on-hold');
    expect(await status(3, '', { 3: 'resolved' })).to.equal('resolved');
  });

  it('takes the time of a reply, an expression, for now', async () => {
    const now = { alias: null, func: 'NOW', args: [] };
    await answer('GET', 200, JSON.stringify([{ ticket_number: '1', last_message_timestamp: now }]));
    const before = new Date().toISOString();
    const { updatedAt } = (await backend.listTickets({}, jane)).items[0]!;
    expect(updatedAt! >= before && updatedAt! <= new Date().toISOString()).to.equal(true);
  });

  it("shows nobody else's ticket, whatever osTicket answers", async () => {
    await answer('GET', 200, JSON.stringify([{ ticket_number: '1', user: { email: 'omar@example.test' } }]));
    expect((await backend.listTickets({}, jane)).items).to.deep.equal([]);
    expect((await backend.readThread('680431', omar)).ticket.id).to.equal('680431');
  });

  it('reads a ticket that cannot be asked for by its number from the list', async () => {
    expect((await backend.readThread('004217', jane)).entries.length).to.be.greaterThan(0);
    // Asked for 0309214, osTicket finds 309214.
    expect((await failure(backend.readThread('0309214', jane))).code).to.equal('not-found');
    await answer('GET /api/tickets.json?', 200, JSON.stringify([{ ticket_number: 'SUP-000123', subject: 'Prefixed' }]));
    expect((await backend.readThread('SUP-000123', jane)).ticket.subject).to.equal('Prefixed');
  });

  it('writes to no ticket but the one that is meant', async () => {
    for (const id of ['0309214', '004217'])
      for (const write of [
        () => backend.reply!(id, { message: 'Hello' }, jane),
        () => backend.setStatus!(id, 'closed', jane),
      ])
        expect((await failure(write())).code).to.equal('not-found');
    expect((await lines()).filter((line) => !line.startsWith('GET'))).to.deep.equal([]);
    await desk.close();
    await open({ castNumbers: false });
    expect((await backend.reply!('004217', { message: 'Hello' }, jane)).kind).to.equal('message');
  });

  it('cannot reopen what is archived', async () => {
    expect((await failure(backend.setStatus!('198302', 'open', jane))).code).to.equal('forbidden');
    expect((await backend.setStatus!('198302', 'closed', jane)).statusLabel).to.equal('Archived');
    expect((await backend.setStatus!('431870', 'open', jane)).status).to.equal('open');
  });

  it('reopens a closed ticket by a reply', async () => {
    await backend.reply!('512036', { message: 'It is back' }, jane);
    expect((await backend.readThread('512036', jane)).ticket.status).to.equal('open');
  });

  it('sends no empty reply', async () => {
    const error = await failure(backend.reply!('309214', { message: ' \n' }, jane));
    expect([error.code, error.fields]).to.deep.equal(['invalid', { message: 'This field is required.' }]);
    expect(await lines()).to.deep.equal([]);
  });

  it('keeps HTML where HTML was written', async () => {
    const { id } = await backend.createTicket({ ...draft, message: '<p>a <b>b</b></p>', format: 'html' }, jane);
    await backend.reply!(id, { message: 'data:text/plain,<i>c</i>', format: 'html' }, jane);
    expect((await desk.ticket(id)).entries.map(({ body }) => body)).to.deep.equal([
      '<div><p>a <b>b</b></p></div>',
      '<div>data:text/plain,<i>c</i></div>',
    ]);
  });

  it('loses emoji and outer space, as osTicket does, and nothing else', async () => {
    const { id } = await backend.createTicket({ ...draft, message: '  Done 😀!\n' }, jane);
    const { entries } = await backend.readThread(id, jane);
    expect(words(entries[0]!.body)).to.equal('Done !');
  });

  it('sends no message of which osTicket would keep nothing', async () => {
    // Also of parts: joined, in a colour, with a sign behind them, a flag, a key.
    const nothing = ['😀', ' 👍🏽 \n❤️ ', '👨‍👩‍👧', '🇩🇪', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '✓', '⏰', '\u200d'];
    const html = ['<p>😀</p>', '<p><br></p>\n<b>👍🏽</b>'];
    for (const [format, messages] of [
      ['text', nothing],
      ['html', html],
    ] as const)
      for (const message of messages)
        for (const write of [
          () => backend.createTicket({ ...draft, message, format }, jane),
          () => backend.reply!('309214', { message, format }, jane),
        ]) {
          const error = await failure(write());
          expect([error.code, error.fields], message).to.deep.equal([
            'invalid',
            { message: 'Add some words: this help desk does not keep emoji.' },
          ]);
        }
    expect(await lines()).to.deep.equal([]);
    for (const [message, format] of [
      ['1️⃣', 'text'],
      ['😀 ok', 'text'],
      ['<b>😀</b>', 'text'],
      [':-)', 'text'],
      ['?', 'text'],
      ['<p>😀<img src="https://example.test/a.png"></p>', 'html'],
    ] as const) {
      const entry = await backend.reply!('309214', { message, format }, jane);
      expect(entry.kind, message).to.equal('message');
    }
  });

  it("names a topic's own field that is missing, and sends it when given", async () => {
    const order = { ...draft, topicId: '15' };
    const error = await failure(backend.createTicket(order, jane));
    expect([error.code, error.fields]).to.deep.equal(['invalid', { 'Order number': 'This field is required.' }]);
    const fields = { order_number: 'A-7', source: 'Phone', user_id: '2', subject: 'Other', alert: 'false' };
    const { id, subject } = await backend.createTicket({ ...order, fields }, jane);
    expect(subject).to.equal('Printer on fire');
    const { source, requester } = await desk.ticket(id);
    expect([source, requester]).to.deep.equal(['API', 'jane@example.test']);
  });

  it('sends fields of forms, and none that osTicket itself reads', async () => {
    const theirs = ['recipients', 'ccs', 'cc', 'bcc', 'collaborators', 'thread_entry_recipients', 'mid', 'references'];
    const others = ['in-reply-to', 'emailId', 'header', 'Recipients', 'autorespond', 'deptId', 'priorityId', 'uid'];
    const fields = { account: '1', middleName: 'M', reference: 'R-1', access: 'all' };
    let sent = {};
    const real = globalThis.fetch;
    globalThis.fetch = async (input, init) => {
      const request = new Request(input, init);
      if (request.method === 'POST') sent = (await request.clone().json()) as object;
      return real(request);
    };
    const given = Object.fromEntries([...theirs, ...others].map((name) => [name, 'omar@example.test']));
    await backend
      .createTicket({ ...draft, fields: { ...given, ...fields } }, jane)
      .finally(() => (globalThis.fetch = real));
    const message = 'data:text/html;charset=utf-8,<p>Please help.</p>';
    const { email } = jane.identity!;
    expect(sent).to.deep.equal({ ...fields, email, name: email, subject: draft.subject, message, attachments: [] });
  });

  const refusals: [number, string, HelpDeskErrorCode, Record<string, string>?][] = [
    [500, 'Unable to create new ticket :20\nIssue Summary is a required field', 'invalid', { subject: required }],
    [500, 'Unable to create new ticket :21\nIssue Details is a required field', 'invalid', { message: required }],
    [
      500,
      '<br />\n<b>Notice</b>: x in <b>/a.php</b> on line <b>1</b><br />\nUnable to create new ticket :20\nIssue Summary is a required field\n0\nOrder number is a required field',
      'invalid',
      { subject: required, 'Order number': required },
    ],
    [
      500,
      'Unable to create new ticket :user\nIncomplete client information',
      'invalid',
      { email: 'This is not valid.' },
    ],
    [500, "Unable to create new ticket :err\nYou've reached the maximum open tickets allowed.", 'limit-reached'],
    [500, '', 'unavailable'],
    [500, 'Call to a member function getId() on null', 'unavailable'],
    [401, 'Valid API key required', 'unauthorized'],
    [401, '"Valid API key required"', 'unauthorized'],
    [401, 'API key not found/active or source IP not authorized', 'unauthorized'],
    [401, 'API key not authorized', 'forbidden'],
    [400, 'URL not supported', 'unsupported'],
    [400, 'Syntax error, malformed JSON', 'unexpected'],
    [400, 'Either user_id or email must be provided in request.', 'unauthorized'],
    [400, 'Invalid user.', 'unauthorized'],
    [403, 'Ticket denied', 'forbidden'],
    [413, '', 'too-large'],
  ];
  for (const [status, text, code, fields = {}] of refusals)
    it(`takes ${status} ${text.slice(-50).replace(/\s+/g, ' ')} for ${code}`, async () => {
      await answer('POST', status, text);
      const error = await failure(backend.createTicket(draft, jane));
      expect([error.code, error.fields]).to.deep.equal([code, fields]);
    });

  it('is certain where a list is refused for good', async () => {
    await answer('GET', 500, 'Unable to list :1\nEmail is a required field', 9);
    expect((await failure(backend.listTickets({}, jane))).code).to.equal('invalid');
    expect(await lines()).to.have.lengthOf(1);
  });

  it('reads a new ticket back where only its number is answered', async () => {
    await answer('POST', 201, '309214');
    const ticket = await backend.createTicket(draft, jane);
    expect([ticket.id, ticket.subject]).to.deep.equal(['309214', 'VPN drops every ten minutes']);
  });

  it('creates tickets in osTicket without the extension', async () => {
    const core = osticket({ ...options, url: desk.url('osticket-core') });
    const ticket = await core.createTicket({ ...draft, displayName: 'Jane' }, jane);
    const stored = await desk.ticket(ticket.id);
    expect(ticket).to.deep.equal({
      id: stored.number,
      number: stored.number,
      subject: 'Printer on fire',
      status: 'open',
      requester: { name: 'Jane', email: 'jane@example.test', role: 'requester' },
    });
    expect(stored.entries.map(({ body }) => body)).to.deep.equal(['<p>Please help.</p>']);
    for (const call of [
      () => core.listTopics!(jane),
      () => core.listTickets({}, jane),
      () => core.readThread('309214', jane),
    ])
      expect((await failure(call())).code).to.equal('unsupported');
  });

  it('survives any answer', async () => {
    const odd = ['null', '[]', '{}', '{"ticket_number":{}}', '{"threads":[]}', '"x"', '', '[[["number","1"]]]', '[[]]'];
    for (const body of odd) {
      await answer('GET /api/tickets.json/1', 200, body);
      expect((await failure(backend.readThread('1', jane))).code, body).to.equal('not-found');
      await answer('POST', 201, body);
      expect((await failure(backend.createTicket(draft, jane))).code, body).to.equal('unexpected');
    }
    await answer('GET', 200, '[null,[],7,{"ticket_number":"1","user":[],"topic":{},"assigned_to":{},"threads":{}}]');
    expect((await failure(backend.listTickets({}, jane))).code).to.equal('unexpected');
  });

  it("reads the answers of agents' calls", async () => {
    await answer(
      'GET',
      200,
      '{"ticket":{"ticket_number":"1","subject":"One","user":{"email":"jane@example.test"}},"status_code":"0"}',
    );
    expect((await backend.readThread('1', jane)).ticket.subject).to.equal('One');
    await answer('GET', 200, '{"tickets":[{"ticket_number":"1"}],"status_code":"0"}');
    expect((await backend.listTickets({}, jane)).items.map(({ id }) => id)).to.deep.equal(['1']);
    const pairs = [
      ['number', '1'],
      ['created', '2026-01-01 00:00:00'],
      ['updated', '2026-01-02 00:00:00'],
      ['closed', null],
    ];
    await answer('GET', 200, JSON.stringify([pairs]));
    const [ticket] = (await backend.listTickets({}, jane)).items;
    expect([ticket!.id, ticket!.createdAt, ticket!.updatedAt]).to.deep.equal([
      '1',
      '2026-01-01T00:00:00.000Z',
      '2026-01-02T00:00:00.000Z',
    ]);
  });

  it('asks other paths where it is told to', async () => {
    await answer('', 200, '[]', 9);
    const moved = osticket({ ...options, paths: { tickets: '/api/http.php/tickets.json', topics: 'topics' } });
    await moved.listTickets({}, jane);
    await moved.listTopics!(jane);
    expect(await lines()).to.deep.equal(['GET /api/http.php/tickets.json?email=jane%40example.test', 'GET /topics']);
  });

  it('has no scope but mine', async () => {
    expect((await failure(backend.listTickets({ scope: 'all' }, jane))).code).to.equal('unsupported');
    expect((await failure(Promise.resolve().then(() => osticket({ ...options, timeZone: 'Mars' })))).code).to.equal(
      'invalid',
    );
  });
});
