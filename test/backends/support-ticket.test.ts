import { expect } from 'chai';
import type { Call } from '../../src/backends/backend.js';
import { supportTicket, type SupportTicketOptions } from '../../src/backends/support-ticket.js';
import { HelpDeskError } from '../../src/errors.js';
import { openTestDesk, type TestDesk } from '../support/desk.js';
import { describeBackend, type Traits } from './contract.js';

const base = '/api/v1/';
const traits = (documented: boolean): Traits => ({
  absent: ['rate'],
  id: ({ id }) => String(id),
  lines: {
    list: `GET ${base}${documented ? 'support/get/ticket/history/' : 'get/ticket/history/'}`,
    read: `GET ${base}support/ticket/detailed-view/`,
    create: `POST ${base}${documented ? 'support/create/ticket/' : 'creat/support/ticket/'}`,
    reply: `POST ${base}support/ticket/conversation/`,
    topics: `GET ${base}${documented ? 'support/get/category-list/' : 'get/support-ticket/catogory-list/'}`,
  },
  states: { open: 'open', processing: 'pending', resolved: 'closed', closed: 'closed', archived: 'closed' },
  reopened: 'pending',
  dated: false,
  paged: true,
  refuses: 'lock',
  unknownId: '999999',
  draft: { topicId: '1' },
  createFiles: [1, 2_097_152],
  replyFiles: true,
});

const jane = { email: 'Jane@example.test', displayName: 'Jane Doe' };

for (const pathStyle of ['documented', 'samples', 'auto'] as const)
  describeBackend(`support-ticket (${pathStyle})`, traits(pathStyle !== 'samples'), async () => {
    const desk = await openTestDesk();
    const make = (email: string): SupportTicketOptions => ({
      ...desk.backendOptions('support-ticket', email),
      pathStyle,
    });
    return {
      desk,
      backend: supportTicket(make('jane@example.test')),
      remake: (changes) => supportTicket({ ...make('jane@example.test'), ...changes }),
      identity: jane,
      omar: { backend: supportTicket(make('omar@example.test')), identity: { email: 'omar@example.test' } },
    };
  });

describe('support-ticket', () => {
  let desk: TestDesk;
  let options: SupportTicketOptions;
  const call: Call = { identity: jane };
  const draft = { subject: 'Printer on fire', message: 'Please help.', topicId: '1' };
  const open = async (settings: Parameters<typeof openTestDesk>[0] = {}): Promise<void> => {
    desk = await openTestDesk(settings);
    options = desk.backendOptions('support-ticket', 'jane@example.test');
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
  const answer = (match: string, status: number, body: unknown, times = 1): Promise<null> =>
    desk.fault({ match, kind: 'answer', status, times, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const idOf = async (number: string): Promise<string> => String((await desk.ticket(number)).id);

  it('turns to the other paths on 404, and remembers them', async () => {
    await answer(`GET ${base}support/get/`, 404, '<h1>Not Found</h1>', 99);
    const backend = supportTicket(options);
    expect((await backend.listTickets({}, call)).items).to.have.lengthOf(6);
    await backend.listTopics!(call);
    await backend.createTicket(draft, call);
    expect((await lines()).map((line) => line.replace(/\?.*/, ''))).to.deep.equal([
      `GET ${base}support/get/ticket/history/`,
      `GET ${base}get/ticket/history/`,
      `GET ${base}get/support-ticket/catogory-list/`,
      `GET ${base}get/ticket/history/`,
      `POST ${base}creat/support/ticket/`,
      `GET ${base}get/ticket/history/`,
    ]);
  });

  it('keeps to the documented paths once one was there', async () => {
    const backend = supportTicket(options);
    await backend.listTickets({}, call);
    await answer(`POST ${base}support/create/`, 404, '', 9);
    expect((await failure(backend.createTicket(draft, call))).code).to.equal('not-found');
    expect((await lines()).filter((line) => line.includes('creat/'))).to.deep.equal([]);
  });

  it('learns nothing of the paths from one that it is told, and asks that one once', async () => {
    const list = `GET ${base}own/list/`;
    await answer(`GET ${base}support/get/`, 404, '<h1>Not Found</h1>', 99);
    const page = { status_code: 200, data: { TicketList: [{ id: 5 }] } };
    await answer(list, 200, page);
    const backend = supportTicket({ ...options, paths: { list: 'own/list/' } });
    expect((await backend.listTickets({}, call)).items.map(({ id }) => id)).to.deep.equal(['5']);
    expect(await backend.listTopics!(call)).to.have.lengthOf.at.least(1);
    await answer(list, 200, page);
    expect((await backend.listTickets({}, call)).items).to.have.lengthOf(1);
    await answer(list, 404, '');
    expect((await failure(backend.listTickets({}, call))).code).to.equal('not-found');
    await answer(list, 404, '');
    const fresh = supportTicket({ ...options, paths: { list: 'own/list/' } });
    expect((await failure(fresh.listTickets({}, call))).code).to.equal('not-found');
    expect((await lines()).map((line) => line.replace(/\?.*/, ''))).to.deep.equal([
      list,
      `GET ${base}support/get/category-list/`,
      `GET ${base}get/support-ticket/catogory-list/`,
      list,
      list,
      list,
    ]);
  });

  it('sends key and token with every request, and asks for a token each time', async () => {
    let asked = 0;
    const accessToken = (): Promise<string> => Promise.resolve(`token-${['jane', 'omar'][asked++]}`);
    const backend = supportTicket({ ...options, accessToken });
    expect((await backend.listTickets({}, call)).items).to.have.lengthOf(6);
    expect((await backend.listTickets({}, call)).items).to.have.lengthOf(2);
    expect(asked).to.equal(2);
    expect((await failure(supportTicket({ ...options, accessToken: '' }).listTopics!(call))).code).to.equal(
      'unauthorized',
    );
  });

  it('does not take the limit of open tickets for a refused sign-in', async () => {
    await desk.close();
    await open({ openTicketLimit: 3 });
    const error = await failure(supportTicket(options).createTicket(draft, call));
    expect([error.code, error.uncertain]).to.deep.equal(['limit-reached', false]);
  });

  it('tells a new ticket from an older one of the same words', async () => {
    const backend = supportTicket(options);
    const first = await backend.createTicket(draft, call);
    const second = await backend.createTicket(draft, call);
    expect(Number(second.id)).to.be.greaterThan(Number(first.id));
    expect(second).to.deep.equal({
      id: second.id,
      number: second.id,
      subject: 'Printer on fire',
      status: 'open',
      statusLabel: 'Open',
      priority: 'Medium',
      topic: { id: '1', name: 'General Inquiry' },
      requester: { role: 'requester', name: 'Jane Doe', email: 'Jane@example.test' },
    });
  });

  it('has a ticket without id where it cannot be found', async () => {
    const backend = supportTicket(options);
    const list = `GET ${base}support/get/ticket/history/`;
    await desk.fault({ match: list, kind: 'answer', status: 403, after: 1 });
    const ticket = await backend.createTicket({ ...draft, priority: '3' }, call);
    expect([ticket.id, ticket.number, ticket.subject, ticket.status, ticket.priority]).to.deep.equal([
      '',
      '',
      'Printer on fire',
      'open',
      'High',
    ]);
    expect(await desk.tickets('jane@example.test')).to.have.lengthOf(7);
  });

  it('has an entry without id where the thread cannot be read again', async () => {
    const backend = supportTicket(options);
    await answer(`GET ${base}support/ticket/detailed-view/`, 403, '');
    const entry = await backend.reply!(await idOf('309214'), { message: 'Still broken' }, call);
    expect(entry).to.deep.equal({
      id: '',
      kind: 'message',
      author: { role: 'requester', name: 'Jane Doe', email: 'Jane@example.test' },
      body: { format: 'text', value: 'Still broken' },
      attachments: [],
    });
  });

  it('reaches the end of 300 tickets', async () => {
    await desk.close();
    await open({ seed: 'full' });
    const backend = supportTicket({ ...options, accessToken: desk.tokens['mia@example.test']! });
    const ids: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await backend.listTickets({ limit: 50, ...(cursor && { cursor }) }, {});
      ids.push(...page.items.map(({ id }) => Number(id)));
      cursor = page.next;
    } while (cursor);
    expect(ids).to.have.lengthOf(300);
    expect(ids).to.deep.equal([...new Set(ids)].sort((a, b) => b - a));
    expect((await lines()).length).to.equal(7);
  });

  it('names topics and tags that a ticket only numbers', async () => {
    const { ticket } = await supportTicket(options).readThread(await idOf('309214'), call);
    expect(ticket.topic).to.deep.equal({ id: '12', name: 'Report a Problem / Access Issue / VPN and remote' });
    expect(ticket.tags).to.deep.equal([
      { id: '1', name: 'network' },
      { id: '3', name: 'waiting' },
    ]);
  });

  it('shows a ticket whose topic and tags cannot be named', async () => {
    await answer(`GET ${base}support/get/`, 403, '', 9);
    const { ticket } = await supportTicket(options).readThread(await idOf('309214'), call);
    expect(ticket).not.to.have.property('topic');
    expect(ticket.tags!.map(({ name }) => name)).to.deep.equal(['1', '3']);
  });

  it('changes priority and tags', async () => {
    const backend = supportTicket(options);
    const id = await idOf('309214');
    expect(await backend.listTags!(call)).to.deep.equal([
      { id: '1', name: 'network' },
      { id: '2', name: 'hardware' },
      { id: '3', name: 'waiting' },
      { id: '4', name: 'billing' },
    ]);
    expect((await backend.updateTicket!(id, { priority: '3' }, call)).priority).to.equal('High');
    expect((await desk.ticket('309214')).tagIds).to.deep.equal([1, 3]);
    const changed = await backend.updateTicket!(id, { tags: ['2', '4'] }, call);
    expect(changed.tags!.map(({ name }) => name)).to.deep.equal(['hardware', 'billing']);
    expect(changed.priority).to.equal('High');
    const error = await failure(backend.updateTicket!(id, { tags: [] }, call));
    expect([error.code, error.fields]).to.deep.equal(['invalid', { tags: 'This field is required.' }]);
    expect((await failure(backend.updateTicket!(await idOf('680431'), { tags: ['1'] }, call))).code).to.equal(
      'not-found',
    );
  });

  it('knows its own messages by the address, whatever its case, or else by the author of the ticket', async () => {
    const backend = supportTicket(options);
    const id = await idOf('309214');
    const roles = async (identity: Call['identity']): Promise<string[]> =>
      (await backend.readThread(id, identity ? { identity } : {})).entries.map(({ kind }) => kind);
    const mine = await roles(jane);
    expect(mine).to.include.members(['message', 'reply']);
    expect(await roles(undefined)).to.deep.equal(mine);
    expect(await roles({ email: 'other@example.test' })).to.deep.equal(mine);
  });

  it('shows of an agent what stands before the @, and of the person the name they gave', async () => {
    const conversations = [
      { id: 8, comment: 'first', author: 'JANE@example.test' },
      { id: 9, comment: 'later', author: 'agent.one@desk.test' },
      { id: 10, comment: 'nobody' },
    ];
    const data = { ticket: { id: 5 }, author: 'jane@example.test', conversations };
    const people = async (identity?: Call['identity']): Promise<unknown> => {
      await answer('', 200, { status_code: 200, data });
      const { ticket, entries } = await supportTicket(options).readThread('5', identity ? { identity } : {});
      return [ticket.requester, ...entries.slice(1).map(({ author }) => author)].map(({ name, email }) => [
        name,
        email,
      ]);
    };
    const rest = [
      ['agent.one', undefined],
      ['', undefined],
    ];
    const spellings = ['jane@example.test', 'JANE@example.test'];
    expect(await people(jane)).to.deep.equal([...spellings.map((email) => ['Jane Doe', email]), ...rest]);
    expect(await people({ displayName: 'Jane' })).to.deep.equal([
      ...spellings.map((email) => ['Jane', email]),
      ...rest,
    ]);
    expect(await people()).to.deep.equal([['jane', 'jane@example.test'], ['JANE', 'JANE@example.test'], ...rest]);
  });

  const bodies: [string, unknown][] = [
    ['texts', { errors: { subject: 'This field is required.', category: 'not a valid choice' } }],
    ['lists', { errors: { subject: ['This field may not be blank.'], category: ['Invalid pk "9"'] } }],
    ['nested', { errors: { ticket: { subject: [['required']], category: { 0: 'x' } } } }],
    ['a list of objects', { errors: [{ subject: 'required' }, { category: ['invalid'] }] }],
    ['no envelope', { subject: ['required'], category: ['invalid'] }],
    [
      'an envelope that says otherwise',
      { status_code: 200, errors: { subject: ['required'], category: ['no'] }, data: {} },
    ],
  ];
  for (const [form, body] of bodies)
    it(`reads field errors as ${form}`, async () => {
      await answer(`POST ${base}support/create/`, 400, body);
      const error = await failure(supportTicket(options).createTicket(draft, call));
      expect([error.code, error.fields]).to.deep.equal([
        'invalid',
        { subject: 'This field is required.', topicId: 'This is not valid.' },
      ]);
    });

  it('believes the envelope where HTTP says that all is well', async () => {
    await answer(`POST ${base}support/create/`, 200, {
      status_code: '400',
      errors: { comment: ['required'] },
      data: {},
    });
    const error = await failure(supportTicket(options).createTicket(draft, call));
    expect([error.code, error.fields]).to.deep.equal(['invalid', { message: 'This field is required.' }]);
    await answer(`GET ${base}support/get/`, 200, {
      status_code: 400,
      errors: 'Status id is not valid numeric',
      data: {},
    });
    expect((await failure(supportTicket(options).listTickets({}, call))).code).to.equal('invalid');
  });

  const envelopes: [number, string][] = [
    [400, 'invalid'],
    [401, 'unauthorized'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [418, 'invalid'],
    [429, 'rate-limited'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ];
  for (const [status, code] of envelopes)
    it(`takes ${status} in an envelope for ${code}, whatever HTTP says`, async () => {
      const body = { status_code: status, errors: { error: 'No.' }, data: {} };
      const backend = supportTicket(options);
      const gone = code === 'invalid' ? 'not-found' : code;
      await answer('', 200, body, 9);
      const made = await failure(backend.setStatus!('1', 'closed', call));
      expect([made.code, made.uncertain]).to.deep.equal([gone, status >= 500]);
      expect((await failure(backend.listTickets({}, call))).code).to.equal(code);
      expect((await failure(backend.readThread('1', call))).code).to.equal(gone);
      // And a file is not what says so.
      for (const type of ['application/json', 'text/html', 'text/plain']) {
        const headers = { 'Content-Type': type };
        await desk.control({ op: 'clear-faults' });
        await desk.fault({ kind: 'answer', status: 200, body: JSON.stringify(body), headers });
        expect((await failure(backend.readAttachment!('1', { id: '7' }, call))).code, type).to.equal(gone);
      }
    });

  it('takes what says nothing of a refusal for a file, though it is JSON', async () => {
    const backend = supportTicket(options);
    const refused = '{"status_code":404,"errors":{},"data":{}}';
    for (const [body, header] of [
      ['{"status_code":200,"a":[1]}', ''],
      ['[404]', ''],
      ['{"half', ''],
      ['', ''],
      [refused, 'attachment; filename="a.json"'],
    ] as const) {
      const headers = { 'Content-Type': 'application/json', ...(header && { 'Content-Disposition': header }) };
      await desk.fault({ kind: 'answer', status: 200, body, headers });
      expect(await (await backend.readAttachment!('1', { id: '7' }, call)).blob.text()).to.equal(body);
    }
  });

  it('takes each way of saying no for the same', async () => {
    const backend = supportTicket(options);
    const rows: [number, string, string][] = [
      [400, 'Invalid Input', 'not-found'],
      [400, 'You are not the owner of this ticket', 'not-found'],
      [404, 'x', 'not-found'],
      [400, "can't open or close", 'forbidden'],
      [401, 'Currenly Open Ticket Limit Exceed.', 'limit-reached'],
    ];
    for (const [status, text, code] of rows) {
      await answer(`POST ${base}support/ticket/status/`, status, {
        status_code: status,
        errors: { error: text },
        data: {},
      });
      expect((await failure(backend.setStatus!('1', 'closed', call))).code, text).to.equal(code);
    }
  });

  it('says that a ticket cannot be read where its number is taken from a body only', async () => {
    const backend = supportTicket(options);
    for (const [status, errors, code] of [
      [400, { ticket_id: ['This field is required.'] }, 'unsupported'],
      [400, { ticket_id: 'required' }, 'unsupported'],
      [200, { ticket_id: ['This field is required.'] }, 'unsupported'],
      [400, { ticket_id: ['Invalid Input'] }, 'not-found'],
      [400, { error: 'ticket_id: not required' }, 'not-found'],
    ] as const) {
      await answer(`GET ${base}support/ticket/`, status, { status_code: 400, errors, data: {} });
      expect((await failure(backend.readThread('1', call))).code, JSON.stringify(errors)).to.equal(code);
    }
  });

  it('survives any answer', async () => {
    const odd = ['null', '[]', '{}', '{"data":[]}', '{"data":{"ticket":[]}}', '"x"', '7', '', '{"data":null}'];
    const backend = supportTicket(options);
    for (const body of odd) {
      await desk.control({ op: 'clear-faults' });
      await answer('', 200, body, 2);
      if (!body.includes('ticket'))
        expect((await failure(backend.listTickets({}, call))).code, body).to.equal('unexpected');
      expect((await failure(backend.readThread('1', call))).code, body).to.equal('unexpected');
    }
    const deep = '['.repeat(50_000) + ']'.repeat(50_000);
    await desk.control({ op: 'clear-faults' });
    await answer('', 400, deep);
    expect((await failure(backend.listTopics!(call))).code).to.equal('invalid');
  });

  it('reads odd values in a ticket', async () => {
    const ticket = {
      id: 5,
      subject: null,
      priority: 'Urgent',
      category: '',
      comment: 7,
      status: 'Processing',
      tags: [{ id: 2 }],
    };
    const attachments = [
      { id: 1 },
      { id: 2, conversation_id: 9 },
      { id: 3, conversation_id: 404 },
      { id: 4, conversation_id: null },
    ];
    const conversations = [
      { id: 9, comment: 'later', author: 'agent@desk.test' },
      { id: 8, comment: 'first', author: 'JANE@example.test' },
    ];
    await answer('', 200, {
      status_code: 200,
      data: { ticket, author: 'jane@example.test', conversations, attachments },
    });
    const thread = await supportTicket({ ...options, statusMap: { Processing: 'on-hold' } }).readThread('5', call);
    expect(thread.ticket).to.deep.equal({
      id: '5',
      number: '5',
      subject: '',
      status: 'on-hold',
      statusLabel: 'Processing',
      priority: 'Urgent',
      tags: [{ id: '2', name: 'hardware' }],
      requester: { role: 'requester', name: 'Jane Doe', email: 'jane@example.test' },
    });
    expect(thread.entries.map(({ id, kind, body, attachments: files }) => [id, kind, body.value, files])).to.deep.equal(
      [
        ['first', 'message', '7', [{ id: '1' }, { id: '3' }, { id: '4' }]],
        ['8', 'message', 'first', []],
        ['9', 'reply', 'later', [{ id: '2' }]],
      ],
    );
  });

  it('reads the name of a file in every form, and takes no page for a file', async () => {
    const backend = supportTicket(options);
    const name = async (header: string, type = 'text/plain'): Promise<string | undefined> => {
      const headers = { 'Content-Type': type, ...(header && { 'Content-Disposition': header }) };
      await desk.fault({ kind: 'answer', status: 200, body: 'x', headers });
      return (await backend.readAttachment!('1', { id: '7' }, call)).name;
    };
    expect(await name('attachment; filename="a b.txt"')).to.equal('a b.txt');
    expect(await name('attachment; filename=a.txt; size=1')).to.equal('a.txt');
    expect(await name(`attachment; filename="a.txt"; filename*=UTF-8''%C3%BC%20b.txt`)).to.equal('ü b.txt');
    expect(await name(`attachment; filename*=UTF-8''a+b%C3%.txt`)).to.equal('a+b%C3%.txt');
    expect(await name('')).to.equal(undefined);
    expect(await name('attachment; filename="a.html"', 'text/html')).to.equal('a.html');
    expect((await failure(name('', 'text/html'))).code).to.equal('unexpected');
  });

  it('offers what a status cannot be filtered by as an empty list', async () => {
    expect((await supportTicket(options).listTickets({ status: 'resolved' }, call)).items).to.deep.equal([]);
    expect(await lines()).to.deep.equal([]);
    const mapped = supportTicket({ ...options, statusMap: { 3: 'resolved' } });
    expect((await mapped.listTickets({ status: 'resolved' }, call)).items).to.have.lengthOf(3);
    expect((await failure(mapped.listTickets({ scope: 'all' }, call))).code).to.equal('unsupported');
  });
});
