/** Images that an entry's words name by `cid:`: they are files of that entry, or nothing. */
import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import type { Attachment, Thread } from '../../src/model.js';
import { here, identity, openBench, openRelay, page, send, unlimited, type RelayBench } from './bench.js';

const png = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

/** Whose files a page would find for a `cid:` of this thread: as it looks them up, within each entry. */
const named = ({ entries }: Thread): [string, string | undefined][] =>
  entries.flatMap(({ body, attachments }) =>
    [...body.value.matchAll(/cid:([\w-]+)/g)].map(([, cid]): [string, string | undefined] => [
      cid!,
      attachments.find(({ contentId }) => contentId?.toLowerCase() === cid!.toLowerCase())?.id,
    ]),
  );

describe('images in the words, through the relay', () => {
  let bench: RelayBench;
  beforeEach(async () => {
    bench = await openBench('osticket-2020');
  });
  afterEach(() => bench.close());

  /** An entry with an image in its words; the name of the image's content. */
  function add(number: string, kind: 'message' | 'note', body: (key: string) => string): string {
    const { store } = bench.desk;
    const ticket = store.ticketByNumber(number)!;
    const make = (words: string, files: { name: string; type: string; bytes: Buffer }[]) =>
      store.addEntry(ticket.id, {
        kind,
        personId: kind === 'note' ? 4 : ticket.requester_id,
        poster: 'Somebody',
        body: words,
        format: 'html',
        files,
      });
    const entry = make('<p>placeholder</p>', [{ name: 'a.png', type: 'image/png', bytes: png }]);
    const { key } = store.attachments(ticket.id).find(({ entry_id }) => entry_id === entry.id)!;
    make(body(key), []);
    return key;
  }
  const read = async (number: string, who = 'jane'): Promise<Thread> =>
    (await bench.json('GET', `/v1/tickets/${number}`, { who })).body;
  const files = (): string[] => bench.upstream().filter((line) => line.includes('file.php'));

  it('are named by their content, and read as files of their ticket', async () => {
    const key = add('309214', 'message', (name) => `<p>Look: <img src="cid:${name}"></p>`);
    const { entries } = await read('309214');
    const [file] = entries.flatMap(({ attachments }) => attachments).filter(({ id }) => id === key);
    expect(file).to.include({ id: key, contentId: key, name: 'a.png' });
    const response = await bench.ask('GET', `/v1/tickets/309214/attachments/${key}`, { who: 'jane' });
    expect([response.status, response.headers.get('content-type')]).to.deep.equal([200, 'application/octet-stream']);
    expect(Buffer.from(await response.arrayBuffer())).to.deep.equal(png);
    expect(files()).to.have.lengthOf(1);
  });

  it("of somebody else's ticket are nothing, whatever the words say", async () => {
    const foreign = add('680431', 'message', () => '<p>Mine</p>');
    expect((await bench.ask('GET', `/v1/tickets/680431/attachments/${foreign}`, { who: 'omar' })).status).to.equal(200);
    files();
    // A mail into her own ticket names what is in another's.
    for (const cid of [foreign, foreign.toLowerCase(), `../../680431/attachments/${foreign}`])
      bench.desk.control({
        op: 'entry',
        number: '309214',
        kind: 'message',
        format: 'html',
        body: `<p><img src="cid:${cid}" data-image="${cid}"></p>`,
      });
    const thread = await read('309214');
    expect(JSON.stringify(thread.entries.map(({ attachments }) => attachments))).not.to.include(foreign);
    const theirs = named(thread).filter(([cid]) => cid.toLowerCase() === foreign.toLowerCase());
    expect(theirs.map(([, id]) => id)).to.deep.equal([undefined, undefined]);
    // The help desk's own image in this ticket is still found.
    expect(named(thread).filter(([, id]) => id !== undefined)).to.have.lengthOf(1);
    for (const id of [
      foreign,
      foreign.toLowerCase(),
      `cid:${foreign}`,
      `${foreign}@680431`,
      `..%2f..%2f680431%2fattachments%2f${foreign}`,
      `%2e%2e/${foreign}`,
    ]) {
      const response = await bench.ask('GET', `/v1/tickets/309214/attachments/${id}`, { who: 'jane' });
      expect(response.status, id).to.equal(404);
      const direct = await bench.ask('GET', `/v1/tickets/680431/attachments/${id}`, { who: 'jane' });
      expect(direct.status, id).to.equal(404);
    }
    expect(files()).to.deep.equal([]);
  });

  it('of notes are nothing, though a reply names them', async () => {
    const secret = add('309214', 'note', () => 'INTERNAL');
    bench.desk.control({
      op: 'entry',
      number: '309214',
      kind: 'reply',
      format: 'html',
      body: `<img src="cid:${secret}">`,
    });
    const thread = await read('309214');
    expect(JSON.stringify(thread.entries.map(({ attachments }) => attachments))).not.to.include(secret);
    const response = await bench.ask('GET', `/v1/tickets/309214/attachments/${secret}`, { who: 'jane' });
    expect(response.status).to.equal(404);
    expect(files()).to.deep.equal([]);
    expect(
      bench
        .stored('jane@example.test')
        .flatMap(({ entries }) => entries)
        .some(({ kind }) => kind === 'note'),
    ).to.equal(true);
  });

  it('have names that can lead nowhere else', async () => {
    const names: unknown[] = [
      'part1.abc@mail.example.test',
      '<part1.abc@mail.example.test>',
      'KEY_-1',
      '../../680431/attachments/1',
      'a/b',
      'a\\b',
      'a b',
      'a\nb',
      'a"b',
      'a<b',
      'https://evil.test/x.png',
      'javascript:alert(1)',
      'x'.repeat(201),
      '',
      7,
      ['a'],
      null,
    ];
    const attachments = names.map((contentId, at) => ({ id: `f${at}`, contentId })) as Attachment[];
    const backend: Backend = {
      name: 'scripted',
      limits: {},
      listTickets: async () => ({ items: [] }),
      createTicket: () => Promise.reject(new Error('called')),
      readThread: async () => ({
        ticket: {
          id: '1',
          number: '1',
          subject: 'Mine',
          status: 'open',
          requester: { name: 'Jane', email: 'jane@example.test', role: 'requester' },
        },
        entries: [
          {
            id: 'e1',
            kind: 'message',
            author: { name: 'Jane', role: 'requester' },
            body: { format: 'html', value: '' },
            attachments,
          },
        ],
      }),
      readAttachment: async () => Promise.reject(new Error('called')),
    };
    const relay = openRelay({ backend, identity, origins: [page], rates: unlimited });
    const thread = (await (await send(relay, 'GET', '/v1/tickets/1', { who: 'jane' })).json()) as Thread;
    expect(thread.entries[0]!.attachments.map(({ contentId }) => contentId)).to.deep.equal([
      ...names.slice(0, 3),
      ...names.slice(3).map(() => undefined),
    ]);
    // A name opens nothing: files are read by id.
    for (const name of names.slice(0, 3)) {
      const path = new URL(`${here}/v1/tickets/1/attachments/${encodeURIComponent(String(name))}`).pathname;
      expect((await send(relay, 'GET', path, { who: 'jane' })).status).to.equal(404);
    }
  });
});
