/**
 * The forms of osTicket's API extension, in front of one help desk whose site is changed under the back end. In Node, where
 * one address can be answered by another code at any time.
 */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Call } from '../../src/backends/backend.js';
import { osticket, type OsticketOptions } from '../../src/backends/osticket.js';
import type { HelpDeskError } from '../../src/errors.js';
import { type Desk, type DeskOptions, openDesk } from '../../demo/desk/desk.js';
import { answerNode } from '../../demo/desk/node.js';

const dialects = { readme: 'osticket', 2018: 'osticket-2018', 2020: 'osticket-2020' } as const;
const shapes = ['readme', '2018', '2020'] as const;
type Shape = (typeof shapes)[number];

describe("forms of osTicket's extension", () => {
  let server: Server;
  let origin: string;
  let desk: Desk;
  let spoken: Shape;
  const byEmail: Call = { identity: { email: 'jane@example.test', displayName: 'Jane Doe' } };
  const byId: Call = { identity: { userId: '1' } };
  const draft = { subject: 'Printer on fire', message: 'a < b\n<b>c</b>', topicId: '14' };

  before(async () => {
    server = createServer((request, response) => {
      void answerNode(desk.handler(dialects[spoken], '/support'), request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const open = (settings: DeskOptions = {}): void => {
    desk?.close();
    desk = openDesk({ seed: 'small', ...settings });
  };
  beforeEach(() => open());
  after(() => desk.close());

  const make = (shape: NonNullable<OsticketOptions['shape']>, more: Partial<OsticketOptions> = {}) =>
    osticket({ url: `${origin}/support`, apiKey: desk.key, shape, ...more });
  const lines = (): string[] => desk.log.map(({ method, path }) => `${method} ${path}`);
  const code = async (work: Promise<unknown>): Promise<string> =>
    work.then(
      () => 'done',
      (error: HelpDeskError) => {
        // Not by its class: what is loaded late may be another copy in Node.
        expect(error.name).to.equal('HelpDeskError');
        return error.code;
      },
    );
  const bodies = (number: string): string[] =>
    desk.store.entries(desk.store.ticketByNumber(number)!.id).map(({ body }) => body);

  for (const from of shapes)
    for (const to of shapes.filter((each) => each !== from))
      for (const [who, call] of [
        ['e-mail', byEmail],
        ['user id', byId],
      ] as const)
        it(`is right after a change from ${from} to ${to}, by ${who}`, async () => {
          const backend = make('auto');
          const known = async (): Promise<number> => (await backend.listTickets({}, call)).items.length;
          spoken = from;
          const ticket = await backend.createTicket(draft, call);
          expect([ticket.subject, ticket.topic!.id, await known()]).to.deep.equal(['Printer on fire', '14', 7]);
          spoken = to;
          const { id } = await backend.createTicket({ ...draft, subject: 'Again' }, call);
          spoken = from;
          await backend.reply!(id, { message: 'one <1>' }, call);
          spoken = to;
          const entry = await backend.reply!(id, { message: 'two <2>' }, call);
          expect([entry.kind, entry.body]).to.deep.equal([
            'message',
            { format: 'html', value: '<p>two &lt;2&gt;</p>' },
          ]);
          expect(bodies(id)).to.deep.equal([
            '<p>a &lt; b<br />&lt;b&gt;c&lt;/b&gt;</p>',
            '<p>one &lt;1&gt;</p>',
            '<p>two &lt;2&gt;</p>',
          ]);
          spoken = from;
          expect((await backend.setStatus!(id, 'closed', call)).status).to.equal('closed');
          spoken = to;
          expect((await backend.setStatus!(id, 'open', call)).status).to.equal('open');
          expect(await known()).to.equal(8);
          expect(desk.store.countTickets()).to.equal(desk.store.tickets().length);
        });

  it('finds out by a ticket that nobody has, once', async () => {
    for (spoken of shapes) {
      open();
      const backend = make('auto');
      for (const subject of ['One', 'Two']) await backend.createTicket({ ...draft, subject }, byEmail);
      expect(lines().map((line) => line.replace(/\?.*/, ''))).to.deep.equal([
        'GET /api/tickets.json/0',
        'POST /api/tickets.json',
        'POST /api/tickets.json',
      ]);
      expect(desk.store.tickets({ requesterId: 1 })).to.have.lengthOf(8);
    }
  });

  it('learns from a list without asking', async () => {
    for (spoken of shapes) {
      open();
      const backend = make('auto');
      await backend.listTickets({}, byId);
      await backend.createTicket(draft, byId);
      expect(lines()).to.deep.equal(['GET /api/tickets.json?user_id=1&userId=1', 'POST /api/tickets.json']);
    }
  });

  it('writes nothing where it cannot find out', async () => {
    spoken = '2020';
    expect(await code(make('auto', { apiKey: 'wrong' }).createTicket(draft, byEmail))).to.equal('unauthorized');
    desk.control({ op: 'fault', fault: { match: 'GET', kind: 'status-500', times: 3 } });
    expect(await code(make('auto').createTicket(draft, byEmail))).to.equal('unavailable');
    expect(lines().filter((line) => line.startsWith('POST'))).to.deep.equal([]);
  });

  it('sends a write twice only where nothing of the first was stored', async () => {
    spoken = '2018';
    const backend = make('auto');
    await backend.listTickets({}, byEmail);
    for (const words of ['Something else', '']) {
      desk.control({ op: 'fault', fault: { match: 'POST', kind: 'answer', status: 500, body: words } });
      expect(await code(backend.createTicket(draft, byEmail))).to.equal('unavailable');
    }
    expect(lines().filter((line) => line.startsWith('POST'))).to.have.lengthOf(2);
    // A form that is refused for its form again is refused.
    desk.control({
      op: 'fault',
      fault: { match: 'POST', kind: 'answer', status: 400, body: 'Syntax error, malformed', times: 9 },
    });
    expect(await code(backend.createTicket(draft, byEmail))).to.equal('unexpected');
    expect(lines().filter((line) => line.startsWith('POST'))).to.have.lengthOf(3);
  });

  for (const shape of shapes) {
    it(`${shape}: names a person by id in its own words`, async () => {
      spoken = shape;
      const user = shape === 'readme' ? 'user_id' : 'userId';
      const backend = make(shape);
      const { items } = await backend.listTickets({}, byId);
      expect(items).to.have.lengthOf(6);
      expect(lines()).to.deep.equal([`GET /api/tickets.json?${user}=1`]);
      expect((await backend.readThread('309214', byId)).ticket.id).to.equal('309214');
      for (const each of ['680431', '999999'])
        for (const work of [
          () => backend.readThread(each, byId),
          () => backend.reply!(each, { message: 'Unmistakable' }, byId),
          () => backend.setStatus!(each, 'closed', byId),
        ])
          expect(await code(work())).to.equal('not-found');
      expect(bodies('680431').join()).not.to.contain('Unmistakable');
    });

    it(`${shape}: asks for one status where that is exact`, async () => {
      spoken = shape;
      const name = { readme: '', 2018: '&statusId=2', 2020: '&status_id=2' }[shape];
      const { items } = await make(shape).listTickets({ status: 'resolved' }, byEmail);
      expect(items.map(({ status }) => status)).to.deep.equal(
        desk.store.tickets({ requesterId: 1 }).flatMap(({ state }) => (state === 'resolved' ? ['resolved'] : [])),
      );
      await make(shape).listTickets({ status: 'open' }, byEmail);
      await make(shape, { statusMap: { 6: 'resolved' } }).listTickets({ status: 'resolved' }, byEmail);
      const plain = 'GET /api/tickets.json?email=jane%40example.test';
      expect(lines()).to.deep.equal([plain + name, plain, plain]);
    });

    it(`${shape}: has an empty list for who is unknown`, async () => {
      spoken = shape;
      const nobody = { identity: { email: 'nobody@example.test' } };
      for (const each of [shape, 'auto'] as const)
        expect(await make(each).listTickets({}, nobody)).to.deep.equal({ items: [], total: 0 });
    });
  }

  it("2020: writes to nobody else's ticket, though osTicket would let it", async () => {
    spoken = '2020';
    for (const shape of ['2020', 'auto'] as const) {
      const backend = make(shape);
      expect(await code(backend.reply!('680431', { message: 'Hello' }, byEmail))).to.equal('not-found');
      expect(await code(backend.setStatus!('680431', 'closed', byEmail))).to.equal('not-found');
    }
    expect(lines().filter((line) => !line.startsWith('GET'))).to.deep.equal([]);
  });

  it('2020: closes by parameters in the address', async () => {
    spoken = '2020';
    await make('2020').setStatus!('309214', 'closed', byEmail);
    await make('2020').setStatus!('309214', 'closed', byId);
    expect(lines().filter((line) => line.startsWith('DELETE'))).to.deep.equal([
      'DELETE /api/tickets.json/309214?email=jane%40example.test',
      'DELETE /api/tickets.json/309214?userId=1',
    ]);
  });

  it('2020: has words for a priority as the other forms do', async () => {
    const seen: unknown[] = [];
    for (spoken of shapes) seen.push((await make(spoken).readThread('309214', byEmail)).ticket.priority);
    expect(new Set(seen).size).to.equal(1);
    expect(seen[0]).to.match(/^[A-Z][a-z]+$/);
  });

  describe('files', () => {
    const file = (): File => new File(['<p>1</p>'], 'page.html', { type: 'text/html' });

    it('2018: sends none, and says so before anything is sent', async () => {
      spoken = '2018';
      expect(make('2018').limits).not.to.have.property('createFiles');
      for (const shape of ['2018', 'auto'] as const) {
        const error = await make(shape)
          .createTicket({ ...draft, files: [file()] }, byEmail)
          .catch((thrown: HelpDeskError) => thrown);
        expect([(error as HelpDeskError).code, (error as HelpDeskError).fields]).to.deep.equal([
          'invalid',
          { files: 'This is not valid.' },
        ]);
      }
      expect(desk.store.tickets({ requesterId: 1 })).to.have.lengthOf(6);
    });

    it('2020: are read from where osTicket is, pages of HTML too', async () => {
      spoken = '2020';
      const backend = make('2020');
      const { id } = await backend.createTicket({ ...draft, files: [file()] }, byEmail);
      const { entries } = await backend.readThread(id, byEmail);
      expect(entries[0]!.attachments.map(({ name }) => name)).to.deep.equal(['page.html']);
      const { blob, name } = await backend.readAttachment!(id, entries[0]!.attachments[0]!, byEmail);
      expect([name, await blob.text()]).to.deep.equal(['page.html', '<p>1</p>']);
      expect(lines().at(-1)).to.match(/^GET \/file\.php\?key=[\w-]+&expires=\d+&signature=\w+$/);
      const other = { identity: { email: 'omar@example.test' } };
      expect(await code(backend.readAttachment!(id, entries[0]!.attachments[0]!, other))).to.equal('not-found');
    });

    it('2020: of a note are not to be had', async () => {
      spoken = '2020';
      const ticket = desk.store.ticketByNumber('309214')!;
      const note = desk.store.addEntry(ticket.id, {
        kind: 'note',
        personId: 4,
        poster: 'Nora Lind',
        title: 'Private',
        body: 'INTERNAL',
        format: 'html',
        files: [{ name: 'secret.txt', type: 'text/plain', bytes: Buffer.from('INTERNAL') }],
      });
      const { key } = desk.store.attachments(ticket.id).find(({ entry_id }) => entry_id === note.id)!;
      expect(await code(make('2020').readAttachment!('309214', { id: key }, byEmail))).to.equal('not-found');
      expect(lines().filter((line) => line.includes('file.php'))).to.deep.equal([]);
    });

    it('2020: that hang twice on one ticket are asked for once, each under its own name', async () => {
      spoken = '2020';
      const ticket = desk.store.ticketByNumber('309214')!;
      // The same content has one key and one address, and is served under the name that it had first (both recorded).
      for (const [kind, name] of [
        ['message', 'shot.png'],
        ['reply', 'image.png'],
      ] as const)
        desk.store.addEntry(ticket.id, {
          kind,
          personId: 1,
          poster: 'Jane Doe',
          body: 'See this',
          format: 'html',
          files: [{ name, type: 'image/png', bytes: Buffer.from('bytes'), key: '1aB_' }],
        });
      const backend = make('2020');
      const { entries } = await backend.readThread('309214', byEmail);
      const files = entries.flatMap(({ attachments }) => attachments).slice(-2);
      expect(files.map(({ id, name }) => [id, name])).to.deep.equal([
        ['1aB_', 'shot.png'],
        ['1aB_', 'image.png'],
      ]);
      for (const file of [...files, { id: '1aB_' }]) {
        const { blob, name } = await backend.readAttachment!('309214', file, byEmail);
        expect([await blob.text(), name]).to.deep.equal(['bytes', ('name' in file && file.name) || 'shot.png']);
        expect(lines().at(-1)).to.match(/^GET \/file\.php\?key=1ab_&expires=\d+&signature=\w+$/);
      }
    });

    it("2020: are called as the entry calls them, not as somebody else's same file is", async () => {
      spoken = '2020';
      const other = desk.store.ticketByNumber('680431')!;
      const bytes = Buffer.from('bytes');
      for (const [ticket, name] of [
        [other, 'theirs.png'],
        [desk.store.ticketByNumber('309214')!, 'mine.png'],
      ] as const)
        desk.store.addEntry(ticket.id, {
          kind: 'message',
          personId: 1,
          poster: '',
          body: 'See this',
          format: 'html',
          files: [{ name, type: 'image/png', bytes, key: '1aB_' }],
        });
      for (const backend of [make('2020'), make('2020', { staffUserName: 'nora' })])
        expect(
          (await backend.readAttachment!('309214', { id: '1aB_' }, backend.limits.agent ? {} : byEmail)).name,
        ).to.equal('mine.png');
    });

    it('2020: are no pages to sign in', async () => {
      open({ filesNeedSignIn: true });
      spoken = '2020';
      const backend = make('2020');
      const { id } = await backend.createTicket({ ...draft, files: [file()] }, byEmail);
      const { entries } = await backend.readThread(id, byEmail);
      expect(await code(backend.readAttachment!(id, entries[0]!.attachments[0]!, byEmail))).to.equal('forbidden');
    });
  });
});
