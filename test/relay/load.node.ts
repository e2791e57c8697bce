/** What is asked too often, too large or too slowly. */
import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import { createMemoryStore, type RelayStore } from '../../src/relay/index.js';
import { cost, jane, relayOf, send, ticket, unlimited } from './bench.js';

const draft = { subject: 'Printer on fire', message: 'Please help.' };
const headers = { 'Idempotency-Key': 'k1' };
const backendOf = (changes: Partial<Backend> = {}): Backend => ({
  name: 'scripted',
  limits: {},
  listTickets: async () => ({ items: [] }),
  readThread: async () => ({ ticket, entries: [] }),
  createTicket: async ({ subject }) => ({ ...ticket, subject }),
  ...changes,
});
const until = async (ready: () => boolean): Promise<void> => {
  while (!ready()) await new Promise((resolve) => setImmediate(resolve));
};
const codeOf = async (response: Response): Promise<unknown> => ((await response.json()) as { code?: string }).code;

describe('a ticket that was never sent', () => {
  const body = { ...draft, email: 'omar@example.test' };

  it('can be sent again where there was no room to wait', async () => {
    let made = 0;
    const waiting: (() => void)[] = [];
    const backend = backendOf({
      listTickets: () => new Promise((resolve) => waiting.push(() => resolve({ items: [] }))),
      createTicket: async ({ subject }) => ({ ...ticket, number: `${++made}`, subject }),
    });
    const relay = relayOf(backend, { concurrency: 1, guests: { mode: 'create' } });
    const post = () => send(relay, 'POST', '/v1/tickets', { headers, body });
    let over = 0;
    const reads = Array.from({ length: 102 }, (_, at) =>
      send(relay, 'GET', `/v1/tickets?search=${at}`, { who: 'jane' }).finally(() => over++),
    );
    // One runs, a hundred wait, and there was no room for the last.
    await until(() => over === 1);
    const refused = await post();
    expect([refused.status, refused.headers.get('retry-after'), made]).to.deep.equal([503, '1', 0]);
    await until(() => {
      waiting.shift()?.();
      return over === reads.length;
    });
    expect([(await post()).status, made]).to.deep.equal([201, 1]);
  });

  it('can be sent again where its time was over while it waited', async () => {
    let made = 0;
    let claimed = false;
    let end: (() => void) | undefined;
    const memory = createMemoryStore(unlimited);
    const store: RelayStore = {
      ...memory,
      claim: (...about) => {
        claimed = true;
        return memory.claim(...about);
      },
    };
    const backend = backendOf({
      listTickets: () => new Promise((resolve) => (end = () => resolve({ items: [] }))),
      createTicket: async ({ subject }) => ({ ...ticket, number: `${++made}`, subject }),
    });
    const times = { write: 30, upload: 30, settle: 0 };
    const relay = relayOf(backend, { concurrency: 1, guests: { mode: 'create' }, store, times });
    const post = () => send(relay, 'POST', '/v1/tickets', { headers, body });
    const read = send(relay, 'GET', '/v1/tickets', { who: 'jane' });
    await until(() => end !== undefined);
    const waiting = post();
    await until(() => claimed);
    // It waits for its place from now on; the read ends when the time for that is over.
    const begun = performance.now();
    await until(() => performance.now() - begun > 2 * times.write);
    await new Promise((resolve) => setImmediate(resolve));
    end!();
    expect((await read).status).to.equal(200);
    expect([(await waiting).status, made]).to.deep.equal([504, 0]);
    expect([(await post()).status, made]).to.deep.equal([201, 1]);
  });
});

describe('rates of writes', () => {
  const writes = { points: 2, seconds: 60 };
  const answers = async (times: number, ask: () => Promise<Response>): Promise<number[]> => {
    const statuses: number[] = [];
    for (let at = 0; at < times; at++) statuses.push((await ask()).status);
    return statuses;
  };

  it('count what is done, not what is asked again', async () => {
    const done: (() => void)[] = [];
    const relay = relayOf(
      backendOf({
        createTicket: ({ subject }) => new Promise((resolve) => done.push(() => resolve({ ...ticket, subject }))),
      }),
      { rates: { ...unlimited, writes } },
    );
    const post = (key = 'k1') =>
      send(relay, 'POST', '/v1/tickets', { who: 'jane', body: draft, headers: { 'Idempotency-Key': key } });
    const first = post();
    await until(() => done.length === 1);
    expect(await answers(15, post)).to.deep.equal(Array.from({ length: 15 }, () => 409));
    done[0]!();
    expect((await first).status).to.equal(201);
    expect(await answers(15, post)).to.deep.equal(Array.from({ length: 15 }, () => 201));
    const second = post('k2');
    await until(() => done.length === 2);
    done[1]!();
    expect((await second).status).to.equal(201);
    // And who may not write now may when it is time: the key is not spent.
    const third = await post('k3');
    expect([third.status, await codeOf(third)]).to.deep.equal([429, 'rate-limited']);
    expect([done.length, (await post()).status]).to.deep.equal([2, 201]);
  });

  it('count replies and changes, too', async () => {
    const author = jane;
    const body = { format: 'text', value: 'x' } as const;
    const backend = backendOf({
      reply: async () => ({ id: 'e1', kind: 'message', author, body, attachments: [] }),
      setStatus: async () => ticket,
      rate: async () => ticket,
    });
    for (const [method, path, sent] of [
      ['POST', 'replies', { message: 'x' }],
      ['PUT', 'status', { status: 'closed' }],
      ['PUT', 'rating', { score: 5 }],
    ] as const) {
      const relay = relayOf(backend, { rates: { ...unlimited, writes } });
      const statuses = await answers(3, () =>
        send(relay, method, `/v1/tickets/1/${path}`, { who: 'jane', body: sent }),
      );
      expect(statuses, path).to.deep.equal([path === 'replies' ? 201 : 200, path === 'replies' ? 201 : 200, 429]);
    }
  });

  it('let a guest ask again what became of a ticket', async () => {
    let made = 0;
    const relay = relayOf(
      backendOf({ createTicket: async ({ subject }) => ({ ...ticket, number: `${++made}`, subject }) }),
      { guests: { mode: 'create' }, address: () => '192.0.2.1' },
    );
    const post = (key: string) =>
      send(relay, 'POST', '/v1/tickets', {
        body: { ...draft, email: 'omar@example.test' },
        headers: { 'Idempotency-Key': key },
      });
    expect(await answers(30, () => post('k1'))).to.deep.equal(Array.from({ length: 30 }, () => 201));
    expect([(await post('k2')).status, (await post('k3')).status, (await post('k4')).status]).to.deep.equal([
      201, 201, 429,
    ]);
    expect(made).to.equal(3);
  });

  it('count what is asked again as reads are, beside them', async () => {
    const reads = { points: 3, seconds: 60 };
    for (const [who, address] of [
      ['jane', undefined],
      [undefined, '192.0.2.1'],
      [undefined, undefined],
    ] as const) {
      const relay = relayOf(backendOf(), {
        rates: { ...unlimited, reads },
        guests: { mode: 'create' },
        address: () => address,
      });
      const body = who ? draft : { ...draft, email: 'omar@example.test' };
      const post = () => send(relay, 'POST', '/v1/tickets', { ...(who && { who }), body, headers });
      expect(await answers(4, post), `${who} ${address}`).to.deep.equal([201, 201, 201, 429]);
      expect((await send(relay, 'GET', '/v1/capabilities', who && { who })).status).to.equal(200);
    }
  });
});

describe('guests with codes', () => {
  it('are counted together where nobody can tell their addresses', async () => {
    const mails: string[] = [];
    const guests = {
      mode: 'verify',
      secret: 'a secret for guests, which is long enough',
      send: async ({ to }: { to: string }) => void mails.push(to),
    } as const;
    const rates = { ...unlimited, guests: { points: 5, seconds: 3600 } };
    const relay = relayOf(backendOf(), { guests, rates });
    const statuses: number[] = [];
    for (let at = 0; at < 7; at++)
      statuses.push((await send(relay, 'POST', '/v1/guest-access', { body: { email: `v${at}@example.test` } })).status);
    expect(statuses).to.deep.equal([202, 202, 202, 202, 202, 429, 429]);
    expect(mails).to.have.lengthOf(5);
    const other = relayOf(backendOf(), { guests, rates });
    const tries: number[] = [];
    for (let at = 0; at < 7; at++) {
      const body = { email: `v${at}@example.test`, code: '12345678' };
      tries.push((await send(other, 'POST', '/v1/guest-access/confirm', { body })).status);
    }
    expect(tries).to.deep.equal([401, 401, 401, 401, 401, 429, 429]);
  });
});

describe('bodies that are more work than they look', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  const boundary = '-------------------------x';
  const formType = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
  const partOf = (words: string, name = 'name="draft"'): string =>
    `--${boundary}\r\nContent-Disposition: form-data; ${name}\r\n\r\n${words}\r\n`;
  const formOf = (...parts: string[]): Uint8Array => bytes(`${parts.join('')}--${boundary}--\r\n`);
  const files = { maxCount: 20, maxBytes: 2 * 1024 * 1024 };
  const most = 10 * 1024 * 1024 - 1000;
  let made: number;
  const taking = () => {
    made = 0;
    const createTicket: Backend['createTicket'] = async ({ subject }) => ({ ...ticket, number: `${++made}`, subject });
    return relayOf(backendOf({ limits: { createFiles: files }, createTicket }), { files });
  };
  const post = (relay: ReturnType<typeof taking>, body: Uint8Array | ReadableStream, sent = formType) =>
    send(relay, 'POST', '/v1/tickets', { who: 'jane', body, headers: sent });
  const told = async (response: Response): Promise<unknown[]> => {
    const { code, fields } = (await response.json()) as { code?: string; fields?: object };
    return [response.status, code, fields];
  };
  const tooLarge = 'This is too large.';

  it('are refused where the words of a form are more than words may be', async () => {
    const relay = taking();
    const sized = (size: number): Uint8Array => {
      const [start, end] = ['{"subject":"x","message":"', '"}'];
      return formOf(partOf(`${start}${'y'.repeat(size - start.length - end.length)}${end}`));
    };
    expect(await told(await post(relay, sized(512 * 1024 + 1)))).to.deep.equal([413, 'too-large', undefined]);
    // As long as it may be, and then its message is too long.
    expect(await told(await post(relay, sized(512 * 1024)))).to.deep.equal([400, 'invalid', { message: tooLarge }]);
    const file = formOf(
      partOf(JSON.stringify({ ...draft, fields: { a: 'x'.repeat(600_000) } }), 'name="draft"; filename="a"'),
    );
    expect(await told(await post(relay, file))).to.deep.equal([413, 'too-large', undefined]);
    expect((await post(relay, sized(50_000))).status).to.equal(201);
    expect(made).to.equal(1);
  });

  it('are refused where they have more of anything than can be meant', async () => {
    const relay = taking();
    const json = { 'Content-Type': 'application/json' };
    const named = (count: number): object =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`a${at}`, '']));
    const with_ = (more: object): Uint8Array => bytes(JSON.stringify({ ...draft, ...more }));
    for (const [more, fields] of [
      [{ fields: named(101) }, { fields: tooLarge }],
      [{ fields: named(20_000) }, { fields: tooLarge }],
      [{ tags: Array.from({ length: 101 }, () => 1) }, { tags: tooLarge }],
      [{ subject: Array.from({ length: 101 }, () => 1) }, { subject: tooLarge }],
    ] as const)
      expect(await told(await post(relay, with_(more), json))).to.deep.equal([400, 'invalid', fields]);
    expect(made).to.equal(0);
    expect((await post(relay, with_({ fields: named(100) }), json)).status).to.equal(201);
    // As long as a body may be, of as many as can be in it.
    const tags = `[${'1,'.repeat(260_000)}1]`;
    const plain = await cost(() => JSON.parse(tags));
    const body = bytes(`{"subject":"x","message":"y","tags":${tags}}`);
    expect((await cost(() => post(relay, body, json))) / plain).to.be.lessThan(30);
  });

  it('are refused by their parts before any is made', async () => {
    const relay = taking();
    const words = partOf(JSON.stringify(draft));
    const file = partOf('', 'name="files"; filename="x"');
    const good = [words, ...Array.from({ length: 20 }, () => file)];
    expect((await post(relay, formOf(...good))).status).to.equal(201);
    expect(await told(await post(relay, formOf(...good, file)))).to.deep.equal([413, 'too-large', { files: tooLarge }]);
    const plain = await cost(() =>
      post(relay, formOf(words, partOf('x'.repeat(most - 1000), 'name="files"; filename="x"'))),
    );
    const many = formOf(file.repeat(Math.floor(most / file.length)));
    expect((await cost(() => post(relay, many))) / plain).to.be.lessThan(4);
    // What could be taken for the beginning of a boundary, everywhere.
    expect((await cost(() => post(relay, bytes('-'.repeat(most))))) / plain).to.be.lessThan(4);
    expect(made).to.equal(1);
  });

  it('are read by the boundary that was counted', async () => {
    const relay = taking();
    const good = formOf(partOf(JSON.stringify(draft)));
    for (const [type, status] of [
      [`multipart/form-data; boundary="${boundary}"`, 201],
      [`Multipart/Form-Data;charset=utf-8;Boundary=${boundary} ; x=y`, 201],
      [`multipart/form-data; boundary=other; boundary=${boundary}`, 400],
      [`multipart/form-data; x="; boundary=other"; boundary=${boundary}`, 201],
      ['multipart/form-data; boundary=', 400],
      ['multipart/form-data; charset=utf-8', 400],
    ] as const)
      expect((await post(relay, good, { 'Content-Type': type })).status, type).to.equal(status);
  });

  it('are read no further than words may be where no files are taken', async () => {
    const relay = relayOf(backendOf(), { times: { stall: 5000 } });
    const left = [bytes(partOf('x'.repeat(512 * 1024)))];
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        const part = left.shift();
        if (part) controller.enqueue(part);
        else return new Promise(() => undefined);
      },
    });
    expect(await told(await post(relay, endless))).to.deep.equal([413, 'too-large', undefined]);
  });

  it("are not read where a guest's address has sent enough", async () => {
    let pulled = 0;
    const body = () =>
      new ReadableStream<Uint8Array>(
        {
          pull(controller) {
            pulled++;
            controller.enqueue(bytes('x'));
            controller.close();
          },
        },
        { highWaterMark: 0 },
      );
    const none = { points: 1, seconds: 3600 };
    const address = () => '192.0.2.1';
    const guests = {
      mode: 'verify',
      secret: 'a secret for guests, which is long enough',
      send: async () => undefined,
    } as const;
    const create = relayOf(backendOf(), { rates: { ...unlimited, reads: none }, guests: { mode: 'create' }, address });
    const codes = relayOf(backendOf(), { rates: { ...unlimited, guests: none }, guests, address });
    for (const [relay, path] of [
      [create, '/v1/tickets'],
      [codes, '/v1/guest-access'],
    ] as const) {
      const sent = () => send(relay, 'POST', path, { body: body(), headers: { 'Content-Type': 'application/json' } });
      pulled = 0;
      expect([(await sent()).status, pulled], path).to.deep.equal([400, 1]);
      expect([(await sent()).status, pulled], path).to.deep.equal([429, 1]);
    }
  });
});
