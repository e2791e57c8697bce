/** The example of a back end of one's own; and that the published suite finds what is wrong with one. */
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { acme } from '../../demo/own-backend/acme.js';
import { openAcme } from '../../demo/own-backend/server.js';
import type { Backend } from '../../src/backends/backend.js';
import { describeBackend, sample, watchFetch, words, type Traits } from '../../src/testing.js';
import '../../demo/own-backend/acme.test.js';

const traits: Traits = {
  absent: ['rate', 'updateTicket', 'listTags', 'readAttachment'],
  id: ({ number }) => number,
  lines: { list: 'GET /cases?', read: 'GET /cases/309214?', create: 'POST /cases', reply: 'POST /cases/309214/posts' },
  states: { new: 'open', solved: 'resolved', done: 'closed', frozen: 'closed' },
  reopened: 'open',
  dated: true,
  paged: false,
  refuses: 'lock',
  unknownId: '999999',
  draft: {},
  replyFiles: false,
};

type Body = () => unknown;

/** Titles of the tests that fail where the back end is changed like this. Only those that match are run. */
async function failing(change: (backend: Backend) => Partial<Backend>, only: RegExp): Promise<string[]> {
  const tests: [string, Body][] = [];
  const hooks: { before: Body[]; after: Body[] } = { before: [], after: [] };
  const runner = {
    describe: (_: string, body: Body) => void body(),
    it: (title: string, body: Body) => void tests.push([title, body]),
    beforeEach: (body: Body) => void hooks.before.push(body),
    afterEach: (body: Body) => void hooks.after.push(body),
  };
  const globals = globalThis as Record<string, unknown>;
  const old = Object.fromEntries(Object.keys(runner).map((name) => [name, globals[name]]));
  Object.assign(globals, runner);
  try {
    describeBackend('acme', traits, async () => {
      const desk = await openAcme();
      const wire = watchFetch(desk.url);
      const options = { url: desk.url, apiKey: desk.key };
      const make = (changes: object): Backend => {
        const backend = acme({ ...options, ...changes });
        return { ...backend, ...change(backend) };
      };
      return {
        desk: { ...desk, ...wire, address: desk.url, close: () => (wire.restore(), desk.close()) },
        backend: make({}),
        remake: make,
        identity: { email: 'jane@example.test' },
      };
    });
  } finally {
    Object.assign(globals, old);
  }
  const failed: string[] = [];
  for (const [title, body] of tests.filter(([title]) => only.test(title))) {
    for (const hook of hooks.before) await hook();
    try {
      await body();
    } catch {
      failed.push(title);
    }
    for (const hook of hooks.after) await hook();
  }
  return failed;
}

describe('the suite for back ends of others', () => {
  it('is passed by an example of fewer than 60 lines', () => {
    const code = readFileSync(new URL('../../demo/own-backend/acme.ts', import.meta.url), 'utf8');
    expect(code.trimEnd().split('\n').length).to.be.lessThan(60);
  });

  it('finds nothing wrong with what is right', async () => {
    expect(await failing(() => ({}), /never shows|never writes|keeps its words: markup|methods/)).to.deep.equal([]);
  });

  it('finds a method that is there and was not declared', async () => {
    expect(await failing(() => ({ listTags: async () => [] }), /methods it declares/)).to.deep.equal([
      'has the methods it declares and no others',
    ]);
  });

  it('finds words that are not kept', async () => {
    const change = ({ createTicket }: Backend): Partial<Backend> => ({
      createTicket: (draft, call) => createTicket({ ...draft, message: draft.message.replaceAll('<', '') }, call),
    });
    expect(await failing(change, /keeps its words: (plain|markup)/)).to.deep.equal([
      'creates a ticket and keeps its words: markup',
    ]);
  });

  it('finds a write that is tried again', async () => {
    const change = ({ createTicket }: Backend): Partial<Backend> => ({
      createTicket: (draft, call) => createTicket(draft, call).catch(() => createTicket(draft, call)),
    });
    expect(await failing(change, /never writes twice|broke/)).to.deep.equal(['never writes twice']);
  });

  it('finds what agents write for agents', async () => {
    const change = ({ readThread }: Backend): Partial<Backend> => ({
      async readThread(id, call) {
        const { ticket, entries } = await readThread(id, call);
        const body = { format: 'text', value: 'INTERNAL' } as const;
        return { ticket, entries: entries.map((entry) => ({ ...entry, body })) };
      },
    });
    expect(await failing(change, /never shows what/)).to.deep.equal(['never shows what agents write for agents']);
  });

  it('says what it needs where there is no runner', () => {
    const { describe: runner } = globalThis;
    try {
      Object.assign(globalThis, { describe: undefined });
      expect(() => describeBackend('acme', traits, () => Promise.reject(new Error()))).to.throw('describe and it');
    } finally {
      Object.assign(globalThis, { describe: runner });
    }
  });

  it('has a sample of one meaning: every name and topic in it is there', () => {
    const emails = sample.people.map(({ email }) => String(email));
    const topics = sample.topics.map(({ id }) => String(id));
    expect(sample.tickets.filter(({ requester }) => !emails.includes(requester))).to.deep.equal([]);
    expect(sample.tickets.filter(({ topicId }) => !topics.includes(topicId))).to.deep.equal([]);
    expect(new Set(sample.tickets.map(({ number }) => number)).size).to.equal(8);
    expect(sample.tickets.filter(({ requester }) => requester === emails[0])).to.have.lengthOf(6);
  });

  it('reads HTML as a person does where there is no page', () => {
    const html = '<p>5 &lt; 6 <b>and</b>\n more<br />second</p> <p>third&nbsp;&nbsp;word</p>';
    expect(words({ format: 'html', value: html })).to.equal('5 < 6 and more\nsecond\nthird  word');
  });

  it('watches one address and leaves the others alone', async () => {
    const [watched, other] = [await openAcme(), await openAcme()];
    const wire = watchFetch(watched.url);
    try {
      await wire.fault({ match: 'GET', kind: 'answer', status: 418, times: 9 });
      expect((await fetch(`${watched.url}/areas`)).status).to.equal(418);
      expect((await fetch(`${other.url}/areas`)).status).to.equal(401);
      expect((await fetch(`${watched.url}/areas`, { method: 'POST' })).status).to.equal(401);
      await wire.clearFaults();
      expect((await fetch(`${watched.url}/areas?x=1`)).status).to.equal(401);
      expect((await wire.log()).map(({ method, path }) => `${method} ${path}`)).to.deep.equal([
        'GET /areas',
        'POST /areas',
        'GET /areas?x=1',
      ]);
    } finally {
      wire.restore();
      await watched.close();
      await other.close();
    }
  });
});
