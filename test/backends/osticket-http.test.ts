import { expect } from 'chai';
import { osticketHttp, type OsticketHttpOptions } from '../../src/backends/osticket-http.js';
import type { Backend, Call } from '../../src/backends/backend.js';
import { HelpDeskError, type HelpDeskErrorCode } from '../../src/errors.js';
import { openTestDesk, type TestDesk } from '../support/desk.js';
import { describeBackend, words, type Traits } from './contract.js';

const base = 'GET /api/http.php/tickets/';
const topics = [
  { id: '12', name: 'Report a Problem / Access Issue / VPN and remote' },
  { id: '14', name: 'Billing / Refund request' },
];

const traits: Traits = {
  absent: ['reply', 'setStatus', 'rate', 'updateTicket', 'listTags', 'readAttachment'],
  id: ({ number }) => number,
  lines: { list: `${base}clientTickets`, read: `${base}ticketInfo`, create: 'POST /api/tickets.json' },
  topics,
  states: { open: 'open', processing: 'open', resolved: 'resolved', closed: 'closed', archived: 'closed' },
  reopened: 'open',
  dated: true,
  paged: false,
  unknownId: '999999',
  draft: {},
  createFiles: [10, 8_388_608],
  replyFiles: false,
};

describeBackend('osticket-http', traits, async () => {
  const desk = await openTestDesk();
  const options: OsticketHttpOptions = { ...desk.backendOptions('osticket-http', 'jane@example.test'), topics };
  return {
    desk,
    backend: osticketHttp(options),
    remake: (changes) => osticketHttp({ ...options, ...changes }),
    identity: { email: 'Jane@Example.test ', displayName: 'Jane Doe' },
    omar: { backend: osticketHttp(options), identity: { email: 'omar@example.test' } },
  };
});

describe('osticket-http', () => {
  let desk: TestDesk;
  let options: OsticketHttpOptions;
  let backend: Backend;
  let agent: Backend;
  const jane: Call = { identity: { email: 'jane@example.test' } };
  const draft = { subject: 'Printer on fire', message: 'Please help.' };
  beforeEach(async () => {
    desk = await openTestDesk();
    options = desk.backendOptions('osticket-http', 'jane@example.test');
    backend = osticketHttp(options);
    agent = osticketHttp({ ...options, staffUserName: 'nora' });
  });
  afterEach(() => desk.close());
  const failure = async (promise: Promise<unknown>): Promise<HelpDeskErrorCode> =>
    promise.then(
      () => Promise.reject(new Error('It did not fail.')),
      (error: HelpDeskError) => {
        expect(error).to.be.instanceOf(HelpDeskError);
        return error.code;
      },
    );
  const lines = async (): Promise<string[]> => (await desk.log()).map(({ method, path }) => `${method} ${path}`);
  const answer = (match: string, status: number, body: unknown, times = 1): Promise<null> =>
    desk.fault({ match, kind: 'answer', status, times, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const good = (more: object): object => ({ status_code: '0', status_msg: 'success', ...more });

  it('asks nothing for nobody', async () => {
    for (const identity of [
      undefined,
      {},
      { email: '' },
      { email: 'no address' },
      { email: 'a@b, c@d' },
      { userId: '1' },
    ]) {
      const call = identity ? { identity } : {};
      expect(await failure(backend.listTickets({}, call))).to.equal('unauthorized');
      expect(await failure(backend.readThread('309214', call))).to.equal('unauthorized');
      expect(await failure(backend.createTicket(draft, call))).to.equal('unauthorized');
    }
    expect(await lines()).to.deep.equal([]);
  });

  it('has no topics of its own', () => {
    expect(backend).not.to.have.property('listTopics');
    expect(backend.limits).to.deep.include({ identityRequired: true });
    expect(agent.limits).to.deep.include({ identityRequired: false });
  });

  it('has an empty list for who is unknown, though PHP fails of it, and asks once', async () => {
    const nobody = { identity: { email: 'nobody@example.test' } };
    expect(await backend.listTickets({}, nobody)).to.deep.equal({ items: [], total: 0 });
    expect(await lines()).to.deep.equal([`${base}clientTickets?clientUserMail=nobody%40example.test`]);
    expect(
      await osticketHttp({ ...options, staffUserName: 'ghost' }).listTickets({ scope: 'assigned' }, {}),
    ).to.deep.equal({ items: [], total: 0 });
    // The same failure under a good status, as some installations answer it.
    const fault = { tickets: [], status_code: 'FAILURE', status_msg: 'Call to a member function getId() on null' };
    await answer('GET', 200, fault);
    expect((await backend.listTickets({}, jane)).items).to.deep.equal([]);
  });

  it('has no empty list where PHP fails of something else, or the address is wrong', async () => {
    const fault = { tickets: [], status_code: 'FAILURE', status_msg: 'Too few arguments to function Charset::utf8()' };
    await answer('GET', 500, fault, 3);
    expect(await failure(backend.listTickets({}, jane))).to.equal('unavailable');
    await answer('GET', 200, fault);
    expect(await failure(backend.listTickets({}, jane))).to.equal('unexpected');
    await answer('GET', 404, '<h1>Not Found</h1>');
    expect(await failure(backend.listTickets({}, jane))).to.equal('not-found');
    for (const body of ['[]', '{}', 'null', '{"status_code":"0"}', '{"status_code":"0","tickets":{}}', '7']) {
      await answer('GET', 200, body);
      expect(await failure(backend.listTickets({}, jane)), body).to.equal('unexpected');
    }
  });

  it('maps a whole ticket, its entries wrapped or not', async () => {
    const html = { type: 'html', body: 'INTERNAL' };
    const entries = [
      { id: 1, type: 'M', poster: 'Jane Doe', title: 'INTERNAL', body: '5 &lt; 6', message: html, format: 'text' },
      { id: 2, type: 'R', poster: 'Nora', staff_name: { name: 'Nora Lind' }, body: '<p>x</p>', format: 'html' },
      { id: 3, type: 'N', poster: 'SYSTEM', title: 'Status Changed', body: 'Closed by user', format: 'html' },
      { id: 4, type: 'N', poster: 'Nora Lind', staff_id: 2, title: 'Private', body: 'INTERNAL', format: 'html' },
      { id: 5, type: 'n', poster: 'Nora Lind', title: 'Status Changed', body: 'INTERNAL', format: 'html' },
    ];
    const raw = {
      ticket_number: '000123',
      subject: 'A & B',
      ticket_status: 'Resolved',
      statusId: 2,
      priority: { ht: { priority_id: 2, priority: 'normal', priority_desc: 'Normal' }, dirty: [] },
      department: 'INTERNAL',
      create_timestamp: '2026-07-01 12:00:00',
      user_name: 'Jane Doe',
      user_email: { email: 'Jane@example.test', address: '"Jane Doe" <jane@example.test>' },
      due_timestamp: '2026-07-03 12:00:00',
      close_timestamp: null,
      help_topic: 'A / B',
      last_message_timestamp: { alias: null, func: 'X', args: [] },
      last_response_timestamp: '2026-07-02 10:00:00',
      assigned_to: [{ format: 'full', parts: {}, name: 'Nora Lind' }],
    };
    const zoned = osticketHttp({ ...options, timeZone: 'Europe/Berlin', topics: [{ id: '7', name: 'A / B' }] });
    const wrapped = entries.map((model) => ({ model, annotations: { has_attachments: 1 } }));
    for (const thread_entries of [entries, wrapped]) {
      await answer('GET', 200, good({ tickets: [{ ...raw, thread_entries }] }));
      const { ticket, entries: found } = await zoned.readThread('000123', jane);
      expect(ticket).to.deep.equal({
        id: '000123',
        number: '000123',
        subject: 'A & B',
        status: 'resolved',
        statusLabel: 'Resolved',
        priority: 'Normal',
        topic: { id: '7', name: 'A / B' },
        requester: { name: 'Jane Doe', email: 'Jane@example.test', role: 'requester' },
        assignee: { name: 'Nora Lind', role: 'agent' },
        createdAt: '2026-07-01T10:00:00.000Z',
        updatedAt: '2026-07-02T08:00:00.000Z',
        dueAt: '2026-07-03T10:00:00.000Z',
      });
      expect(found.map(({ id, kind, author, body }) => [id, kind, author.name, body])).to.deep.equal([
        ['1', 'message', 'Jane Doe', { format: 'text', value: '5 < 6' }],
        ['2', 'reply', 'Nora Lind', { format: 'html', value: '<p>x</p>' }],
        ['3', 'event', '', { format: 'html', value: 'Closed by user' }],
      ]);
    }
    expect((await lines())[0]).to.equal(`${base}clientTickets?clientUserMail=jane%40example.test`);
  });

  it('knows a status by its word where the list has no id of it', async () => {
    const shown = async (more: Partial<OsticketHttpOptions>, ...rows: object[]): Promise<unknown[]> => {
      const tickets = rows.map((row, at) => ({ ticket_number: `${9 - at}`, user_email: 'jane@example.test', ...row }));
      await answer('GET', 200, good({ tickets }));
      const { items } = await osticketHttp({ ...options, ...more }).listTickets({}, jane);
      return [...items]
        .sort((a, b) => Number(b.id) - Number(a.id))
        .map(({ status, statusLabel }) => [status, statusLabel]);
    };
    const words = ['Open', 'resolved', 'Closed', 'CLOSED', 'Archived', 'deleted', 'On hold', 'constructor'];
    const rows = words.map((status) => ({ status }));
    const all = ['open', 'resolved', 'closed', 'closed', 'closed', 'closed', 'open', 'open'];
    expect(await shown({}, ...rows)).to.deep.equal(all.map((status, at) => [status, words[at]]));
    const statusMap = { 'on Hold': 'on-hold', Closed: 'resolved', 2: 'pending' } as const;
    const mapped = ['open', 'resolved', 'resolved', 'resolved', 'closed', 'closed', 'on-hold', 'open'];
    expect(await shown({ statusMap }, ...rows)).to.deep.equal(mapped.map((status, at) => [status, words[at]]));
    // Its id says more than its word, which an installation may have changed; what is mapped says more than both.
    expect(
      await shown({ statusMap }, { status: 'Open', statusId: 3 }, { status: 'Closed', statusId: 1 }, { statusId: 2 }),
    ).to.deep.equal([
      ['closed', 'Open'],
      ['resolved', 'Closed'],
      ['pending', undefined],
    ]);
    expect(await shown({}, { status: 'Closed', statusId: 7 }, {})).to.deep.equal([
      ['closed', 'Closed'],
      ['open', undefined],
    ]);
  });

  it("shows nobody else's ticket, whatever osTicket answers", async () => {
    const other = { ticket_number: '1', user_email: { email: 'omar@example.test' } };
    await answer('GET', 200, good({ tickets: [other, { ticket_number: '2' }] }));
    expect((await backend.listTickets({}, jane)).items).to.deep.equal([]);
    for (const ticket of [other, { ticket_number: '1' }, { ticket_number: '2', user_email: 'jane@example.test' }]) {
      await answer('GET', 200, good({ ticket }));
      expect(await failure(backend.readThread('1', jane))).to.equal('not-found');
    }
  });

  for (const form of ['jane@example.test', '"Jane Doe" <Jane@example.test>', '"omar@example.test" <jane@example.test>'])
    it(`knows whose ticket it is where only an address is named: ${form}`, async () => {
      const own = { ticket_number: '1', user_email: { address: form } };
      const other = { ticket_number: '2', user_email: { address: form.replace(/jane@/i, 'omar@') } };
      await answer('GET', 200, good({ tickets: [own, other] }));
      const { items } = await backend.listTickets({}, jane);
      expect(items.map(({ id, requester }) => [id, requester.email?.toLowerCase()])).to.deep.equal([
        ['1', 'jane@example.test'],
      ]);
      await answer('GET', 200, good({ ticket: own }));
      expect((await backend.readThread('1', jane)).ticket.id).to.equal('1');
      await answer('GET', 200, good({ ticket: other }));
      expect(await failure(backend.readThread('2', jane))).to.equal('not-found');
    });

  it('creates tickets by the other route where the first is not there, and remembers it', async () => {
    for (const [status, body] of [
      [400, 'URL not supported'],
      [404, '<h1>Not Found</h1>'],
    ] as const) {
      const one = osticketHttp(options);
      const before = (await lines()).length;
      await answer('POST /api/tickets.json', status, body, 9);
      expect((await one.createTicket(draft, jane)).subject).to.equal('Printer on fire');
      await one.createTicket(draft, jane);
      await desk.control({ op: 'clear-faults' });
      expect((await lines()).slice(before).filter((line) => line.startsWith('POST'))).to.deep.equal([
        'POST /api/tickets.json',
        'POST /api/http.php/tickets.json',
        'POST /api/http.php/tickets.json',
      ]);
    }
    await answer('POST', 400, 'URL not supported', 9);
    expect(await failure(osticketHttp(options).createTicket(draft, jane))).to.equal('unsupported');
    const moved = osticketHttp({ ...options, paths: { create: 'there' } });
    expect(await failure(moved.createTicket(draft, jane))).to.equal('unsupported');
    expect((await lines()).slice(-3)).to.deep.equal([
      'POST /api/tickets.json',
      'POST /api/http.php/tickets.json',
      'POST /there',
    ]);
  });

  it('has a new ticket whose number has letters, and sends it once', async () => {
    const warning = '\nWarning: Undefined variable $x in /srv/a.php on line 12\n';
    for (const [body, number] of [
      ['SUP-000123', 'SUP-000123'],
      [' 2026-000123\r\n', '2026-000123'],
      ['\ufeffA/7#1', 'A/7#1'],
      ['"SUP-000123"', 'SUP-000123'],
      [`${warning}SUP-000123`, 'SUP-000123'],
      [`${warning}004217`, '004217'],
      [`${warning}"SUP-000123"`, 'SUP-000123'],
    ] as const) {
      await desk.control({ op: 'clear-faults' });
      const before = (await lines()).length;
      await answer('POST', 201, body);
      await answer('GET', 200, good({ tickets: [] }), 9);
      const { id, number: named, subject, status } = await backend.createTicket(draft, jane);
      expect([id, named, subject, status], body).to.deep.equal([number, number, draft.subject, 'open']);
      expect((await lines()).slice(before).filter((line) => line.startsWith('POST'))).to.have.lengthOf(1);
    }
  });

  it('sends no ticket of which osTicket would keep nothing', async () => {
    expect(await failure(backend.createTicket({ ...draft, message: '👍🏽' }, jane))).to.equal('invalid');
    expect(await lines()).to.deep.equal([]);
  });

  it('takes nothing for the number of a new ticket that is none', async () => {
    const odd = ['null', '"x"', '', '{"id":1}', '[["number","1"]]', '[[]]', 'Ticket 5 was made', '<p>5</p>', 'SUP'];
    for (const body of [...odd, '<!DOCTYPE html>\n<html>\n5\n</html>']) {
      await answer('POST', 201, body);
      expect(await failure(backend.createTicket(draft, jane)), body).to.equal('unexpected');
    }
  });

  it('has a new ticket although it cannot be read back', async () => {
    await answer(`${base}ticketInfo`, 403, '');
    const { id, ...ticket } = await backend.createTicket({ ...draft, displayName: 'Jane' }, jane);
    expect(ticket).to.deep.equal({
      number: id,
      subject: 'Printer on fire',
      status: 'open',
      requester: { name: 'Jane', email: 'jane@example.test', role: 'requester' },
    });
    expect((await desk.ticket(id)).subject).to.equal('Printer on fire');
  });

  it('cannot be asked for more than it has', async () => {
    for (const scope of ['assigned', 'all'] as const)
      expect(await failure(backend.listTickets({ scope }, jane))).to.equal('unsupported');
    expect(await failure(agent.listTickets({ scope: 'all' }, {}))).to.equal('unsupported');
    expect(await lines()).to.deep.equal([]);
  });

  it('asks other paths where it is told to', async () => {
    await answer('', 200, good({ tickets: [] }), 9);
    await osticketHttp({ ...options, paths: { client: '/api/tickets/clientTickets' } }).listTickets({}, jane);
    expect(await lines()).to.deep.equal(['GET /api/tickets/clientTickets?clientUserMail=jane%40example.test']);
  });

  describe('for an agent', () => {
    it('lists what is assigned, and reads any ticket', async () => {
      const all = await desk.control({ op: 'tickets' });
      const mine = all.filter(({ assignee_id }) => assignee_id === 4).map(({ number }) => number);
      expect(mine).to.have.lengthOf.at.least(1);
      const { items } = await agent.listTickets({ scope: 'assigned' }, {});
      expect(items.map(({ id }) => id)).to.have.members(mine);
      expect((await lines())[0]).to.equal(`${base}staffTickets?staffUserName=nora`);
      expect((await agent.readThread('680431', {})).ticket.requester.email).to.equal('omar@example.test');
      const tomas = { identity: { email: 'tomas@desk.example.test', staff: 'tomas' } };
      await agent.listTickets({ scope: 'assigned' }, tomas);
      expect((await lines()).at(-1)).to.equal(`${base}staffTickets?staffUserName=tomas`);
    });

    it("lists a customer's tickets where an address is searched for", async () => {
      const list = (search: string) => agent.listTickets({ scope: 'all', search }, {});
      expect((await list(' Omar@Example.test')).items.map(({ id }) => id)).to.deep.equal(['680431', '737120']);
      expect((await list('nobody@example.test')).items).to.deep.equal([]);
      expect(await lines()).to.deep.equal([
        `${base}clientTickets?clientUserMail=omar%40example.test`,
        `${base}clientTickets?clientUserMail=nobody%40example.test`,
      ]);
      const asked = agent.listTickets({ scope: 'all', search: 'omar@example.test' }, jane);
      expect(await failure(asked)).to.equal('unsupported');
    });

    it('reads a ticket with zeros before its number, and writes one in the name of whom the draft names', async () => {
      expect((await agent.readThread('004217', {})).ticket.number).to.equal('004217');
      const nora: Call = { identity: { email: 'nora@desk.example.test', staff: 'nora' } };
      const made = await agent.createTicket({ ...draft, email: 'omar@example.test' }, nora);
      expect([made.requester.email, made.id.length]).to.deep.equal(['omar@example.test', 6]);
      expect((await agent.createTicket(draft, nora)).requester.email).to.equal('nora@desk.example.test');
      expect(await failure(agent.createTicket(draft, {}))).to.equal('unauthorized');
      expect(agent.limits).to.deep.include({ agent: true, requester: true });
    });

    it('never shows notes either', async () => {
      await desk.control({ op: 'note', number: '309214', body: 'INTERNAL' });
      const seen = [await agent.listTickets({ scope: 'assigned' }, {}), await agent.readThread('309214', {})];
      expect(JSON.stringify(seen)).not.to.contain('INTERNAL');
    });

    it('replies, and the ticket keeps its status or takes the one that is given', async () => {
      const entry = await agent.reply!('309214', { message: 'Try <again>\nplease' }, {});
      expect([entry.kind, entry.author, words(entry.body)]).to.deep.equal([
        'reply',
        { role: 'agent', name: 'Nora Lind' },
        'Try <again>\nplease',
      ]);
      expect((await desk.ticket('309214')).state).to.equal('open');
      for (const status of ['closed', 'resolved', 'open'] as const) {
        await agent.reply!('309214', { message: 'Now', status }, {});
        expect((await desk.ticket('309214')).state).to.equal(status);
      }
      await agent.reply!('309214', { message: 'Now', status: 'closed' }, {});
      await agent.reply!('309214', { message: 'Still' }, {});
      expect((await desk.ticket('309214')).state).to.equal('closed');
      expect(await failure(agent.reply!('309214', { message: 'x', status: 'on-hold' }, {}))).to.equal('unsupported');
      expect(await failure(agent.reply!('309214', { message: ' ' }, {}))).to.equal('invalid');
      expect(await failure(agent.reply!('999999', { message: 'x' }, {}))).to.equal('not-found');
    });

    it('is a customer who says who they are: their own tickets, and no reply', async () => {
      expect(await failure(agent.reply!('309214', { message: 'x' }, jane))).to.equal('forbidden');
      expect(await failure(agent.listTickets({ scope: 'assigned' }, jane))).to.equal('unsupported');
      expect(await failure(agent.readThread('680431', jane))).to.equal('not-found');
      expect((await agent.listTickets({}, jane)).items).to.have.lengthOf(6);
      const claimed = { identity: { email: 'jane@example.test', staff: 'nora' } };
      expect(await failure(backend.readThread('680431', claimed))).to.equal('not-found');
    });

    it('has an entry without id where the thread cannot be read again', async () => {
      await desk.fault({ match: `${base}ticketInfo`, kind: 'answer', status: 403, after: 1 });
      const entry = await agent.reply!('309214', { message: 'Once' }, {});
      expect(entry).to.deep.equal({
        id: '',
        kind: 'reply',
        author: { role: 'agent', name: 'nora' },
        body: { format: 'html', value: '<p>Once</p>' },
        attachments: [],
      });
    });

    it('sends a reply once', async () => {
      await desk.fault({ match: 'POST', kind: 'commit-then-500' });
      expect(await failure(agent.reply!('309214', { message: 'Once' }, {}))).to.equal('unavailable');
      expect((await lines()).filter((line) => line.startsWith('POST'))).to.have.lengthOf(1);
    });
  });
});
