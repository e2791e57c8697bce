/** The `osticket` back end as agents use it, over real HTTP, in every form of the extension. */
import { expect } from 'chai';
import { osticket, type OsticketOptions } from '../../src/backends/osticket.js';
import type { Backend, Call } from '../../src/backends/backend.js';
import { HelpDeskError } from '../../src/errors.js';
import type { Ticket, UserDraft } from '../../src/model.js';
import { openTestDesk, type DialectName, type TestDesk } from '../support/desk.js';
import { words } from './contract.js';

const scp = 'GET /api/scp/tickets';
const nora: Call = {};
const tomas: Call = { identity: { email: 'tomas@desk.example.test', staff: 'tomas' } };
const jane: Call = { identity: { email: 'jane@example.test' } };
const john: UserDraft = { name: 'John Doe', email: 'john@example.test', phone: '4254441212X123' };
const required = 'This field is required.';

/** Everything there, last activity first. */
const everything = ['287455', '004217', '680431', '309214', '737120', '512036', '431870', '198302'];

let desk: TestDesk;
let options: OsticketOptions;
let backend: Backend;
const open = async (shape: NonNullable<OsticketOptions['shape']>, dialect: DialectName): Promise<void> => {
  desk = await openTestDesk();
  options = { ...desk.backendOptions(dialect, 'jane@example.test'), shape, staffUserName: 'nora' };
  backend = osticket(options);
};
const failure = async (promise: Promise<unknown>): Promise<HelpDeskError> =>
  promise.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error: HelpDeskError) => {
      expect(error).to.be.instanceOf(HelpDeskError);
      return error;
    },
  );
const code = async (promise: Promise<unknown>): Promise<string> => (await failure(promise)).code;
const lines = async (): Promise<string[]> => (await desk.log()).map(({ method, path }) => `${method} ${path}`);
const ids = (items: readonly Ticket[]): string[] => items.map(({ id }) => id);
const answer = (match: string, status: number, body: string, times = 1): Promise<null> =>
  desk.fault({ match, kind: 'answer', status, body, times });

const forms: readonly [string, NonNullable<OsticketOptions['shape']>, DialectName][] = [
  ['readme', 'readme', 'osticket'],
  ['2018', '2018', 'osticket-2018'],
  ['auto: readme', 'auto', 'osticket'],
  ['auto: 2018', 'auto', 'osticket-2018'],
];
for (const [name, shape, dialect] of forms)
  describe(`osticket (${name}), for agents`, () => {
    beforeEach(() => open(shape, dialect));
    afterEach(() => desk.close());

    it('lists what is assigned to the agent, or to the one that the identity names', async () => {
      const { items, total } = await backend.listTickets({ scope: 'assigned' }, nora);
      expect([ids(items), total]).to.deep.equal([['309214', '431870'], 2]);
      expect(items[0]).to.deep.include({ subject: 'VPN drops every ten minutes', status: 'open' });
      expect(items[0]!.assignee).to.deep.equal({ name: 'Nora Lind', role: 'agent' });
      expect(items[0]!.requester.email).to.equal('jane@example.test');
      expect(ids((await backend.listTickets({ scope: 'assigned' }, tomas)).items)).to.deep.equal(['680431', '512036']);
      const found = await backend.listTickets({ scope: 'assigned', search: 'PRINT', status: 'closed' }, tomas);
      expect(ids(found.items)).to.deep.equal(['512036']);
      expect((await lines()).slice(0, 2)).to.deep.equal([
        `${scp}/staffTickets.json?staffUserName=nora`,
        `${scp}/staffTickets.json?staffUserName=tomas`,
      ]);
    });

    it('has an empty list for an agent whom nobody knows, and asks once', async () => {
      const ghost = osticket({ ...options, staffUserName: 'ghost' });
      expect(await ghost.listTickets({ scope: 'assigned' }, nora)).to.deep.equal({ items: [], total: 0 });
      expect(await lines()).to.have.lengthOf(1);
    });

    it('lists the whole desk, each ticket with what a list shows', async () => {
      const { items, total, next } = await backend.listTickets({ scope: 'all' }, nora);
      expect([ids(items), total, next]).to.deep.equal([everything, 8, undefined]);
      expect(items.map(({ status }) => status)).to.deep.equal([
        ...['open', 'open', 'open', 'open', 'closed', 'closed', 'resolved', 'closed'],
      ]);
      expect(items.every(({ subject, requester }) => subject && requester.email)).to.equal(true);
    });

    it('lists the whole desk in pages, and reads again only what has changed', async () => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await backend.listTickets({ scope: 'all', limit: 3, ...(cursor && { cursor }) }, nora);
        expect(page.total).to.equal(8);
        seen.push(...ids(page.items));
        cursor = page.next;
      } while (cursor);
      expect(seen).to.deep.equal(everything);
      const pages = [`${scp}.json`, ...Array.from({ length: 3 }, () => 'read')];
      expect((await lines()).map((line) => line.replace(/.*ticketInfo.*/, 'read'))).to.deep.equal(
        [...pages, ...pages, ...pages].slice(0, 11),
      );
      await desk.control({ op: 'reply', number: '680431', body: 'Hello' });
      const { items } = await backend.listTickets({ scope: 'all' }, nora);
      expect(ids(items)).to.deep.equal(['680431', ...everything.filter((id) => id !== '680431')]);
      expect((await lines()).slice(11)).to.deep.equal([`${scp}.json`, `${scp}/ticketInfo.json?ticketNumber=680431`]);
    });

    it('narrows the whole desk by status, words, topic and number', async () => {
      const list = async (query: object): Promise<string[]> =>
        ids((await backend.listTickets({ scope: 'all', ...query }, nora)).items);
      expect(await list({ status: 'closed' })).to.deep.equal(['737120', '512036', '198302']);
      expect(await list({ search: ' laptop ' })).to.deep.equal(['680431']);
      expect(await list({ topicId: '17' })).to.deep.equal(['512036']);
      const before = (await lines()).length;
      expect(await list({ search: '#0042' })).to.deep.equal(['004217']);
      // Of the others nothing had to be read.
      expect((await lines()).length).to.equal(before + 1);
    });

    it('keeps a ticket that cannot be read by itself, and fails where reading fails', async () => {
      await answer(`${scp}/ticketInfo.json?ticketNumber=680431`, 404, 'Ticket not found');
      const { items } = await backend.listTickets({ scope: 'all' }, nora);
      expect(ids(items)).to.deep.equal(everything);
      const [odd] = items.filter(({ id }) => id === '680431');
      expect([odd!.subject, odd!.number]).to.deep.equal(['', '680431']);
      await answer(`${scp}/ticketInfo.json?ticketNumber=309214`, 403, 'x');
      expect(await code(osticket(options).listTickets({ scope: 'all' }, nora))).to.equal('forbidden');
      for (const body of ['{}', '"x"', '', '7'])
        for (const [match, scope] of [
          [`${scp}.json`, 'all'],
          [`${scp}/staffTickets`, 'assigned'],
        ] as const) {
          await answer(match, 200, body);
          expect(await code(backend.listTickets({ scope }, nora)), `${scope} ${body}`).to.equal('unexpected');
        }
    });

    it("lists a customer's tickets where an address is searched for", async () => {
      const list = (search: string) => backend.listTickets({ scope: 'all', search }, nora);
      const { items, next } = await list(' Omar@Example.test ');
      expect([ids(items), next]).to.deep.equal([['680431', '737120'], undefined]);
      expect(await list('nobody@example.test')).to.deep.equal({ items: [], total: 0 });
      expect(await lines()).to.deep.equal([
        `${scp}/clientTickets.json?clientUserMail=Omar%40Example.test`,
        `${scp}/clientTickets.json?clientUserMail=nobody%40example.test`,
      ]);
    });

    it('reads any ticket, also one with zeros before its number', async () => {
      expect((await backend.readThread('680431', nora)).ticket.requester.email).to.equal('omar@example.test');
      const { ticket, entries } = await backend.readThread('004217', tomas);
      expect([ticket.number, entries[0]!.kind]).to.deep.equal(['004217', 'message']);
      expect(await code(backend.readThread('999999', nora))).to.equal('not-found');
      expect(await code(backend.readThread('../users.json/1', nora))).to.equal('not-found');
    });

    it('replies, and the ticket keeps its status or takes the one that is given', async () => {
      const entry = await backend.reply!('309214', { message: 'Try <again>\nplease' }, nora);
      expect([entry.kind, entry.author, words(entry.body)]).to.deep.equal([
        'reply',
        { role: 'agent', name: 'Nora Lind' },
        'Try <again>\nplease',
      ]);
      expect((await desk.ticket('309214')).state).to.equal('open');
      for (const status of ['closed', 'resolved', 'open'] as const) {
        await backend.reply!('309214', { message: `Now ${status}`, status }, nora);
        expect((await desk.ticket('309214')).state).to.equal(status);
      }
      await backend.reply!('309214', { message: 'Done', status: 'closed' }, tomas);
      expect((await backend.reply!('309214', { message: 'Still' }, tomas)).author.name).to.equal('Tomas Rivera');
      const { state, entries } = await desk.ticket('309214');
      expect([state, entries.filter(({ kind }) => kind === 'reply').length >= 6]).to.deep.equal(['closed', true]);
    });

    it('sends every field that is documented of a reply, also those that are empty', async () => {
      let sent = '';
      const real = globalThis.fetch;
      globalThis.fetch = async (input, init) => {
        const request = new Request(input, init);
        if (request.method === 'POST' && request.url.includes('reply.json')) sent = await request.clone().text();
        return real(request);
      };
      await backend.reply!('309214', { message: 'Hello' }, nora).finally(() => (globalThis.fetch = real));
      const fields = sent.startsWith('{')
        ? (JSON.parse(sent) as Record<string, string>)
        : Object.fromEntries(new URLSearchParams(sent));
      expect(fields).to.deep.equal({
        ...{ ticketNumber: '309214', msgId: '', a: 'reply', emailreply: '1', emailcollab: '1', cannedResp: '0' },
        ...{ draft_id: '', response: '<p>Hello</p>', signature: 'none', reply_status_id: '1', staffUserName: 'nora' },
        ...{ ip_address: '::1', cannedattachments: '' },
      });
      expect(sent.startsWith('{')).to.equal(dialect === 'osticket');
    });

    it('refuses a reply of which osTicket would keep nothing', async () => {
      const error = await failure(backend.reply!('309214', { message: '👍🏽' }, nora));
      expect([error.code, Object.keys(error.fields), await lines()]).to.deep.equal(['invalid', ['message'], []]);
    });

    it('refuses a reply that cannot be', async () => {
      const send = (id: string, message: string, status?: 'on-hold') =>
        backend.reply!(id, { message, ...(status && { status }) }, nora);
      expect(await code(send('309214', 'x', 'on-hold'))).to.equal('unsupported');
      expect((await failure(send('309214', ' \n'))).fields).to.deep.equal({ message: required });
      expect(await code(send('999999', 'x'))).to.equal('not-found');
      expect((await lines()).filter((line) => line.startsWith('POST'))).to.deep.equal([]);
      await desk.fault({ match: 'POST', kind: 'commit-then-500' });
      expect(await code(send('309214', 'Once'))).to.equal('unavailable');
      expect((await lines()).filter((line) => line.startsWith('POST'))).to.have.lengthOf(1);
    });

    it('sends replies by the other path where the first is not there, and remembers it', async () => {
      await answer('POST /api/scp/tickets/reply.json', 400, 'URL not supported', 9);
      await backend.reply!('309214', { message: 'One' }, nora);
      await backend.reply!('309214', { message: 'Two' }, nora);
      expect((await lines()).filter((line) => line.startsWith('POST'))).to.deep.equal([
        'POST /api/scp/tickets/reply.json',
        'POST /api/tickets/reply.json',
        'POST /api/tickets/reply.json',
      ]);
      expect((await desk.ticket('309214')).entries.slice(-2).map(({ body }) => body)).to.deep.equal([
        '<p>One</p>',
        '<p>Two</p>',
      ]);
    });

    it('makes somebody known, once', async () => {
      const made = await backend.createUser!(john, nora);
      expect(made).to.deep.equal({ id: made.id, name: 'John Doe', email: 'john@example.test', role: 'requester' });
      expect(made.id).to.match(/^\d+$/);
      const { fields } = await failure(backend.createUser!(john, nora));
      expect(fields).to.deep.equal({ email: 'This is already in use.' });
      const posts = async (): Promise<number> =>
        (await lines()).filter((line) => line === 'POST /api/scp/users.json').length;
      expect(await posts()).to.equal(2);
      // What is wrong for sure is not even sent.
      const wrong = await failure(backend.createUser!({ name: ' ', email: 'John Doe <j@x.test>' }, nora));
      expect([wrong.code, wrong.fields]).to.deep.equal([
        'invalid',
        { name: required, phone: required, email: 'This is not valid.' },
      ]);
      expect(await posts()).to.equal(2);
    });

    it('writes a ticket in the name of whom the draft names', async () => {
      const draft = { subject: 'Asked by telephone', message: 'Please help.' };
      expect(await code(backend.createTicket(draft, nora))).to.equal('unauthorized');
      const made = await backend.createTicket({ ...draft, email: 'omar@example.test' }, tomas);
      expect(made.requester.email).to.equal('omar@example.test');
      expect((await desk.tickets('omar@example.test')).map(({ number }) => number)).to.include(made.number);
    });

    it('is for agents, and shows what they can do', async () => {
      expect([backend.limits.agent, backend.limits.requester, backend.limits.identityRequired]).to.deep.equal([
        true,
        true,
        undefined,
      ]);
      expect(backend.setStatus).to.equal(undefined);
      const refused = [
        () => backend.listTickets({ scope: 'assigned' }, jane),
        () => backend.listTickets({ scope: 'all' }, { identity: { userId: '1' } }),
        () => backend.readThread('309214', jane),
        () => backend.reply!('309214', { message: 'x' }, jane),
        () => backend.createTicket({ subject: 'x', message: 'x', email: 'omar@example.test' }, jane),
        () => backend.createUser!(john, jane),
      ];
      for (const each of refused) expect(await code(each())).to.equal('forbidden');
      expect(await lines()).to.deep.equal([]);
      for (const query of [{}, { scope: 'mine' }] as const)
        expect(await code(backend.listTickets(query, nora))).to.equal('unsupported');
    });

    it('never shows notes', async () => {
      for (const title of ['Status Changed', 'INTERNAL'])
        await desk.control({ op: 'note', number: '309214', body: 'INTERNAL', title });
      const seen = [
        await backend.listTickets({ scope: 'assigned' }, nora),
        await backend.listTickets({ scope: 'all' }, nora),
        await backend.listTickets({ scope: 'all', search: 'jane@example.test' }, nora),
        await backend.readThread('309214', nora),
        await backend.reply!('309214', { message: 'Hello' }, nora),
      ];
      expect(JSON.stringify(seen)).not.to.contain('INTERNAL');
    });
  });

describe('osticket (2020), for agents', () => {
  beforeEach(() => open('2020', 'osticket-2020'));
  afterEach(() => desk.close());

  it("reads any ticket and a customer's, by the customers' calls", async () => {
    expect((await backend.readThread('680431', tomas)).ticket.requester.email).to.equal('omar@example.test');
    await backend.readThread('309214', nora);
    expect(await lines()).to.deep.equal([
      `${scp}/ticketInfo.json?ticketNumber=680431`,
      'GET /api/tickets.json/680431',
      // It knows by now.
      'GET /api/tickets.json/309214',
    ]);
    const { items } = await backend.listTickets({ scope: 'all', search: 'omar@example.test' }, nora);
    expect(ids(items)).to.deep.equal(['680431', '737120']);
    expect((await backend.listTickets({ scope: 'all', search: 'nobody@example.test' }, nora)).items).to.deep.equal([]);
  });

  it('offers no reply, and says that it has no lists of agents', async () => {
    expect([backend.reply, backend.setStatus]).to.deep.equal([undefined, undefined]);
    for (const scope of ['assigned', 'all'] as const)
      expect(await code(backend.listTickets({ scope }, nora))).to.equal('unsupported');
  });

  it('makes somebody known, and says why not', async () => {
    expect((await backend.createUser!(john, nora)).email).to.equal('john@example.test');
    expect((await failure(backend.createUser!(john, nora))).fields).to.deep.equal({ email: 'This is already in use.' });
    // What passes here and not there.
    const { fields } = await failure(backend.createUser!({ ...john, email: 'jörg@example.test' }, nora));
    expect(fields).to.deep.equal({ email: 'This is not valid.' });
  });
});
