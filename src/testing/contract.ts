/**
 * What every back end must do, whatever system is behind it. Run against a help desk that holds the sample, once for each
 * back end; what a back end cannot do is declared, and then asserted to be absent.
 */
import { expect } from 'chai';
import type { Backend, BackendOptions, Call, Capability } from '../backends/backend.js';
import { unescape } from '../backends/read.js';
import { HelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import type { Body, Identity, TicketDraft, TicketStatus, Topic } from '../model.js';
import { sample } from './sample.js';
import type { Wire } from './wire.js';

/** A ticket as the help desk has stored it. */
export interface StoredTicket {
  /** The system's inner id; the same as `number` where it has none. */
  readonly id: string | number;
  /** What people see. */
  readonly number: string;
  readonly subject: string;
  /** The system's own word. */
  readonly state: string;
  readonly topicId: string;
  /** Everything said, agents' notes for each other included. */
  readonly entries: readonly {
    readonly body: string;
    readonly files: readonly {
      readonly name: string;
      readonly type: string;
      /** Bytes. */
      readonly size: number;
      readonly base64: string;
    }[];
  }[];
}

/** A help desk of one test alone, holding the sample: what is stored, and what an agent does, behind the back end's back. */
export interface ContractDesk extends Wire {
  /** An address of the desk, absolute: where a redirect must not be followed to. */
  readonly address: string;
  /** The tickets of a person. */
  tickets(email: string): Promise<readonly StoredTicket[]>;
  ticket(number: string): Promise<StoredTicket>;
  /** An agent answers. */
  reply(number: string, body: string): Promise<unknown>;
  /** An agent writes for agents only. */
  note(number: string, body: string): Promise<unknown>;
  /** From now on closing this ticket is refused. Needed where the traits say `refuses: 'lock'`. */
  lock?(number: string): Promise<unknown>;
  /** Called after each test. */
  close(): Promise<unknown>;
}

/** One back end in front of one help desk. */
export interface Bench {
  readonly desk: ContractDesk;
  readonly backend: Backend;
  /** The same with other options. */
  remake(changes: Partial<BackendOptions> & { apiKey?: string }): Backend;
  /** Jane of the sample: the call she makes. */
  readonly identity: Identity;
}

/** How a system differs, so that the same tests can be exact about each. */
export interface Traits {
  readonly absent: readonly Capability[];
  /** The id under which the back end knows a stored ticket. */
  id(ticket: StoredTicket): string;
  /** Beginnings of the desk's request lines. */
  readonly lines: {
    readonly list: string;
    readonly read: string;
    readonly create: string;
    readonly reply?: string;
    readonly topics?: string;
  };
  /** The topics that the bench is made with, where the system has no list of them. */
  readonly topics?: readonly Topic[];
  /** The back end's id of a topic of the desk; the same by default. */
  topic?(id: string): string;
  /** The desk's own words for a state → ours. */
  readonly states: Readonly<Record<string, TicketStatus>>;
  /** What a reopened ticket is. */
  readonly reopened: TicketStatus;
  /** Tickets have times. */
  readonly dated: boolean;
  /** The list comes in pages. */
  readonly paged: boolean;
  /** A change of status that is refused: closing a locked ticket, or reopening an archived one. Absent: none is. */
  readonly refuses?: 'lock' | 'archived';
  /** A ticket nobody has. */
  readonly unknownId: string;
  /** Needed to create. */
  readonly draft: Partial<TicketDraft>;
  /** How many files of how many bytes go with a new ticket; undefined where none do. */
  readonly createFiles?: readonly [number, number];
  /** Whether files go with a ticket shows only when one is sent. */
  readonly filesVary?: boolean;
  /** As many go with a reply. */
  readonly replyFiles: boolean;
}

/** Tickets of the sample that a test needs to know. */
const numbers = { open: '309214', archived: '198302', zeros: '004217', foreign: '680431' };

/** Texts that systems are known to hurt. */
const texts: Readonly<Record<string, string>> = {
  plain: 'Please help.',
  unicode: 'Grüße aus Zürich – 日本語 עברית مرحبا ﬁ ñ',
  markup: '5 < 6 && 7 > 2 "quoted" it\'s <b>not bold</b> <angle> &amp; &lt;',
  lines: 'first\nsecond\n\nfourth',
  'data address': 'data: I lost my data, please help',
  'whole data address': 'data:text/html;charset=utf-8,<p>Hi</p>',
  spaces: 'a  b   c\n  indented',
  script: '<script>alert(1)</script><img src=x onerror=alert(1)>',
};

/** The words of a body as a person reads them. */
export function words({ format, value }: Body): string {
  if (format === 'text') return value;
  const lines = value
    .replace(/\s+/g, ' ')
    .replace(/<br ?\/?> ?/g, '\n')
    .replace(/<\/p>\s*/g, '\n');
  const plain =
    typeof DOMParser === 'undefined'
      ? unescape(lines.replace(/<[^>]*>/g, ''))
      : new DOMParser().parseFromString(lines, 'text/html').body.textContent;
  return plain.replace(/\u00a0/g, ' ').trim();
}

const fileOf = (bytes: readonly number[], name: string, type: string): File =>
  new File([new Uint8Array(bytes)], name, { type });

async function failure(promise: Promise<unknown>): Promise<HelpDeskError> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(HelpDeskError);
    const { message } = error as HelpDeskError;
    // Ours, without address, key or what the other side said.
    expect(message).not.to.match(/https?:|__desk__|desk-key|token|\?|@|Invalid user|required field/);
    return error as HelpDeskError;
  }
  throw new Error('The call did not fail.');
}

const refused = async (promise: Promise<unknown>, code: HelpDeskErrorCode): Promise<HelpDeskError> => {
  const error = await failure(promise);
  expect(error.code).to.equal(code);
  return error;
};

type Block = (title: string, body: () => unknown) => unknown;
type Hook = (body: () => unknown) => unknown;
interface Runner {
  readonly describe?: Block;
  readonly it: Block;
  readonly beforeEach: Hook;
  readonly afterEach: Hook;
}

/**
 * Describes a back end, with the `describe`, `it`, `beforeEach` and `afterEach` of whichever runner has them as globals
 * (mocha, vitest with `globals`, jest). `name` begins with the back end's name; `setup` opens a new help desk that holds
 * the sample. Throws where there is no such runner.
 */
export function describeBackend(name: string, traits: Traits, setup: () => Promise<Bench>): void {
  const { describe, it, beforeEach, afterEach } = globalThis as unknown as Runner;
  if (!describe) throw new Error('describeBackend needs describe and it as globals.');
  const can = (capability: Capability): boolean => !traits.absent.includes(capability);
  const { lines, topic: topicOf = (id: string) => id } = traits;

  describe(`${name} as a back end`, () => {
    let bench: Bench;
    let backend: Backend;
    let call: Call;
    const open = async (): Promise<void> => {
      bench = await setup();
      backend = bench.backend;
      call = { identity: bench.identity };
    };
    beforeEach(open);
    afterEach(() => bench.desk.close());

    const janes = (): Promise<readonly StoredTicket[]> => bench.desk.tickets(sample.people[0].email);
    const draft = (more: Partial<TicketDraft> = {}): TicketDraft => ({
      subject: 'Printer on fire',
      message: 'Please help.',
      ...traits.draft,
      ...more,
    });
    /** Requests whose line begins like this. */
    const asked = async (line: string): Promise<string[]> =>
      (await bench.desk.log()).map(({ method, path }) => `${method} ${path}`).filter((each) => each.startsWith(line));
    const idOf = async (number: string): Promise<string> => traits.id(await bench.desk.ticket(number));

    it('has the methods it declares and no others', () => {
      const all: Capability[] = [
        'listTopics',
        'reply',
        'setStatus',
        'rate',
        'updateTicket',
        'listTags',
        'readAttachment',
      ];
      expect(all.filter((method) => !backend[method])).to.deep.equal(traits.absent);
      expect(backend.name).to.equal(name.split(' ')[0]);
    });

    if (can('listTopics') && !traits.topics)
      it('lists the topics that people may choose', async () => {
        const topics = await backend.listTopics!(call);
        const ids = topics.map(({ id }) => id);
        expect(ids).to.have.members(sample.topics.map(({ id }) => topicOf(id)));
        expect(topics.find(({ id }) => id === topicOf('12'))!.name).to.match(/VPN and remote$/);
      });

    it('takes a fixed list of topics', async () => {
      const topics = [{ id: '7', name: 'Anything' }];
      const fixed = bench.remake({ topics });
      expect(await fixed.listTopics!(call)).to.deep.equal(topics);
      if (lines.topics) expect(await asked(lines.topics)).to.deep.equal([]);
    });

    it("lists the person's tickets, last activity first", async () => {
      const stored = await janes();
      const { items, next } = await backend.listTickets({}, call);
      expect(items.map(({ id }) => id)).to.have.members(stored.map(traits.id));
      expect(next).to.equal(undefined);
      const order = items.map(({ id, createdAt, updatedAt = createdAt }) =>
        traits.dated ? updatedAt! : id.padStart(9, '0'),
      );
      expect(order).to.deep.equal([...order].sort().reverse());
      for (const item of items) {
        const { subject, state } = stored.find((each) => traits.id(each) === item.id)!;
        expect(item.subject).to.equal(subject);
        expect(item.status).to.equal(traits.states[state]);
        if (traits.dated) {
          expect(item.number).to.equal(item.id);
          expect(item.createdAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
        }
      }
    });

    it('keeps leading zeros', async () => {
      const stored = await bench.desk.ticket(numbers.zeros);
      const { ticket } = await backend.readThread(traits.id(stored), call);
      expect(ticket.subject).to.equal('Invoice shows our old address');
      expect([ticket.id, ticket.number]).to.deep.equal([traits.id(stored), traits.id(stored)]);
    });

    for (const status of ['open', 'pending', 'resolved', 'closed'] as const) {
      it(`filters by the status ${status}`, async () => {
        const wanted = (await janes()).filter(({ state }) => traits.states[state] === status);
        const { items } = await backend.listTickets({ status }, call);
        expect(items.map(({ id }) => id)).to.have.members(wanted.map(traits.id));
        expect(items.map((item) => item.status)).to.deep.equal(wanted.map(() => status));
      });
    }

    it('filters by topic', async () => {
      const wanted = (await janes()).filter(({ topicId }) => topicId === '12');
      expect(wanted).to.have.lengthOf.at.least(1);
      const { items } = await backend.listTickets({ topicId: topicOf('12') }, call);
      expect(items.map(({ id }) => id)).to.have.members(wanted.map(traits.id));
    });

    it('searches subjects in any case', async () => {
      const { items } = await backend.listTickets({ search: ' sECOND mon' }, call);
      expect(items.map(({ subject }) => subject)).to.deep.equal(['Request a second monitor']);
      expect((await backend.listTickets({ search: 'no such words' }, call)).items).to.deep.equal([]);
    });

    it('reaches the end of the list without gaps or doubles', async () => {
      const ids: string[] = [];
      let cursor: string | undefined;
      let pages = 0;
      do {
        const page = await backend.listTickets({ limit: 4, ...(cursor !== undefined && { cursor }) }, call);
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.next;
        pages++;
      } while (cursor !== undefined && pages < 9);
      expect(ids).to.have.members((await janes()).map(traits.id));
      expect(ids).to.have.lengthOf(6);
      expect(pages).to.equal(traits.paged ? 2 : 1);
    });

    for (const [what, text] of Object.entries(texts)) {
      it(`creates a ticket and keeps its words: ${what}`, async () => {
        const created = await backend.createTicket(draft({ subject: 'Words <1> & "2"', message: text }), call);
        expect(created.subject).to.equal('Words <1> & "2"');
        expect(created.status).to.equal('open');
        const { items } = await backend.listTickets({}, call);
        expect(items.filter(({ id }) => id === created.id)).to.have.lengthOf(1);
        expect(items).to.have.lengthOf(7);
        const { ticket, entries } = await backend.readThread(created.id, call);
        expect(ticket.subject).to.equal('Words <1> & "2"');
        expect(entries.map(({ kind, body }) => [kind, words(body)])).to.deep.equal([['message', text]]);
        expect(entries[0]!.author.role).to.equal('requester');
      });

      if (can('reply'))
        it(`replies and keeps the words: ${what}`, async () => {
          const id = await idOf(numbers.open);
          const before = await backend.readThread(id, call);
          const entry = await backend.reply!(id, { message: text }, call);
          expect(entry.kind).to.equal('message');
          expect(words(entry.body)).to.equal(text);
          const after = await backend.readThread(id, call);
          expect(after.entries.slice(0, -1)).to.deep.equal(before.entries);
          expect(after.entries.at(-1)).to.deep.equal(entry);
        });
    }

    it('says which topic a new ticket has', async () => {
      const created = await backend.createTicket(draft({ topicId: topicOf('14') }), call);
      expect((await backend.readThread(created.id, call)).ticket.topic!.id).to.equal(topicOf('14'));
    });

    it('names the field that is missing', async () => {
      const error = await refused(backend.createTicket(draft({ subject: '' }), call), 'invalid');
      expect(error.fields).to.deep.equal({ subject: 'This field is required.' });
      expect(error.uncertain).to.equal(false);
      expect(await janes()).to.have.lengthOf(6);
    });

    if (can('setStatus')) {
      it('closes, closes again, and reopens', async () => {
        const id = await idOf(numbers.open);
        const closed = await backend.setStatus!(id, 'closed', call);
        expect([closed.id, closed.status]).to.deep.equal([id, 'closed']);
        expect((await backend.setStatus!(id, 'closed', call)).status).to.equal('closed');
        expect(traits.states[(await bench.desk.ticket(numbers.open)).state]).to.equal('closed');
        expect((await backend.setStatus!(id, 'open', call)).status).to.equal(traits.reopened);
        expect((await backend.setStatus!(id, 'open', call)).status).to.equal(traits.reopened);
        expect(traits.states[(await bench.desk.ticket(numbers.open)).state]).to.equal(traits.reopened);
      });

      if (traits.refuses)
        it('says when a change of status is refused', async () => {
          if (traits.refuses === 'lock') await bench.desk.lock!(numbers.open);
          const [number, status] =
            traits.refuses === 'lock' ? ([numbers.open, 'closed'] as const) : ([numbers.archived, 'open'] as const);
          await refused(backend.setStatus!(await idOf(number), status, call), 'forbidden');
        });

      it('refuses a status that cannot be set', async () => {
        await refused(backend.setStatus!(await idOf(numbers.open), 'on-hold', call), 'unsupported');
      });
    }

    it("knows nobody else's ticket and none that is not there", async () => {
      const before = (await bench.desk.ticket(numbers.foreign)).entries;
      for (const id of [
        await idOf(numbers.foreign),
        traits.unknownId,
        '',
        '.',
        '..',
        '../topics',
        'a b',
        '1?x=1',
        '1#',
        '%2e',
      ]) {
        await refused(backend.readThread(id, call), 'not-found');
        if (can('reply')) await refused(backend.reply!(id, { message: 'Hello' }, call), 'not-found');
        if (can('setStatus')) await refused(backend.setStatus!(id, 'closed', call), 'not-found');
      }
      expect((await bench.desk.ticket(numbers.foreign)).entries).to.deep.equal(before);
      const log = (await bench.desk.log()).map(({ path }) =>
        path.replace(/\/(\?|$)/, '$1').replace(/[?&]\w+=jane(%40|@)example\.test/gi, ''),
      );
      expect(log.filter((path) => /\.\.|%|topics|x=1|\/\.|\/$/.test(path))).to.deep.equal([]);
    });

    it('never shows what agents write for agents', async () => {
      await bench.desk.note(numbers.open, 'INTERNAL: do not tell them');
      const id = await idOf(numbers.open);
      const seen: unknown[] = [await backend.listTickets({}, call), await backend.readThread(id, call)];
      for (const { id: each } of (await backend.listTickets({}, call)).items)
        seen.push(await backend.readThread(each, call));
      if (can('reply')) seen.push(await backend.reply!(id, { message: 'Any news?' }, call));
      if (can('setStatus')) seen.push(await backend.setStatus!(id, 'closed', call), await backend.readThread(id, call));
      expect(JSON.stringify(await janes())).to.contain('INTERNAL');
      expect(JSON.stringify(seen)).not.to.contain('INTERNAL');
    });

    it("tells an agent's reply from the person's own", async () => {
      await bench.desk.reply(numbers.open, 'We are on it.');
      const { entries } = await backend.readThread(await idOf(numbers.open), call);
      const { kind, author, body } = entries.at(-1)!;
      expect([kind, author.role, words(body)]).to.deep.equal(['reply', 'agent', 'We are on it.']);
      expect(author.name).not.to.equal('');
      expect(new Set(entries.map((entry) => entry.id)).size).to.equal(entries.length);
    });

    it('says that the key is wrong', async () => {
      const wrong = bench.remake({ apiKey: 'desk-key-wrong' });
      await refused(wrong.listTickets({}, call), 'unauthorized');
      await refused(wrong.createTicket(draft(), call), 'unauthorized');
    });

    describe('failures', () => {
      it('stops a running request', async () => {
        await bench.desk.fault({ match: lines.list, kind: 'hang' });
        const stop = new AbortController();
        const running = backend.listTickets({}, { ...call, signal: stop.signal });
        await bench.desk.log();
        stop.abort();
        await refused(running, 'aborted');
        // Not tried again.
        expect((await asked(lines.list)).length).to.be.lessThan(2);
      });

      it('asks nothing when it was stopped before', async () => {
        await refused(backend.listTickets({}, { ...call, signal: AbortSignal.abort() }), 'aborted');
        expect(await bench.desk.log()).to.deep.equal([]);
      });

      it('gives up after its time', async () => {
        const tries = async (timeout: number): Promise<number> => {
          await bench.desk.fault({ match: lines.list, kind: 'hang', times: 9 });
          await refused(bench.remake({ timeout }).listTickets({}, call), 'timeout');
          await bench.desk.clearFaults();
          return (await asked(lines.list)).length;
        };
        let timeout = 100;
        let count = await tries(timeout);
        // Given up before it was there, as on a busy machine, it shows nothing: a new desk, where it cannot come late.
        while (!count && timeout < 6400) {
          await bench.desk.close();
          await open();
          count = await tries((timeout *= 4));
        }
        expect(count).to.equal(1);
      });

      it('reads again after a failure, twice at most', async () => {
        await bench.desk.fault({ match: lines.list, kind: 'status-500' });
        await bench.desk.fault({ match: lines.list, kind: 'drop' });
        expect((await backend.listTickets({}, call)).items).to.have.lengthOf(6);
        expect(await asked(lines.list)).to.have.lengthOf(3);
        await bench.desk.fault({ match: lines.list, kind: 'status-500', times: 9 });
        await refused(backend.listTickets({}, call), 'unavailable');
        expect(await asked(lines.list)).to.have.lengthOf(6);
      });

      it('never writes twice', async () => {
        await bench.desk.fault({ match: lines.create, kind: 'status-500' });
        expect((await refused(backend.createTicket(draft(), call), 'unavailable')).uncertain).to.equal(true);
        expect(await asked(lines.create)).to.have.lengthOf(1);
        expect(await janes()).to.have.lengthOf(6);
      });

      it('is uncertain when the connection broke', async () => {
        // Over a connection that was open before, browsers themselves send again: all tries fail here.
        await bench.desk.fault({ match: lines.create, kind: 'drop', times: 9 });
        expect((await refused(backend.createTicket(draft(), call), 'network')).uncertain).to.equal(true);
        expect(await janes()).to.have.lengthOf(6);
      });

      it('is uncertain about a write whose answer was lost', async () => {
        await bench.desk.fault({ match: lines.create, kind: 'commit-then-500' });
        expect((await refused(backend.createTicket(draft(), call), 'unavailable')).uncertain).to.equal(true);
        expect(await asked(lines.create)).to.have.lengthOf(1);
        expect(await janes()).to.have.lengthOf(7);
        if (!can('reply')) return;
        await bench.desk.fault({ match: lines.reply!, kind: 'commit-then-500' });
        const error = await refused(backend.reply!(await idOf(numbers.open), { message: 'Once' }, call), 'unavailable');
        expect(error.uncertain).to.equal(true);
        expect(await asked(lines.reply!)).to.have.lengthOf(1);
      });

      it('does not take a page or half an answer for data', async () => {
        for (const kind of ['html-page', 'truncated'] as const) {
          await bench.desk.fault({ match: lines.list, kind });
          await refused(backend.listTickets({}, call), 'unexpected');
          await bench.desk.fault({ match: lines.read, kind });
          await refused(backend.readThread(await idOf(numbers.open), call), 'unexpected');
        }
      });

      it('reads past what PHP printed before the answer', async () => {
        await bench.desk.fault({ match: lines.list, kind: 'notice-before-json' });
        expect((await backend.listTickets({}, call)).items).to.have.lengthOf(6);
        await bench.desk.fault({ match: lines.create, kind: 'notice-before-json' });
        expect((await backend.createTicket(draft(), call)).subject).to.equal('Printer on fire');
      });

      it('says how long to wait', async () => {
        const answer = { match: lines.list, kind: 'answer', status: 429, headers: { 'Retry-After': '90' } } as const;
        await bench.desk.fault(answer);
        const error = await refused(backend.listTickets({}, call), 'rate-limited');
        expect(error.retryAfterMs).to.equal(90_000);
        expect(await asked(lines.list)).to.have.lengthOf(1);
        await bench.desk.fault({ ...answer, headers: { 'Retry-After': '0' } });
        expect((await backend.listTickets({}, call)).items).to.have.lengthOf(6);
      });

      it('follows no redirect', async () => {
        await bench.desk.fault({
          match: lines.list,
          kind: 'answer',
          status: 302,
          headers: { Location: bench.desk.address },
        });
        await refused(backend.listTickets({}, call), 'unexpected');
        expect(await bench.desk.log()).to.have.lengthOf(1);
      });
    });

    if (!traits.createFiles && !traits.filesVary)
      it('takes no files', () => {
        expect(backend.limits).not.to.have.any.keys('createFiles', 'replyFiles');
      });

    const { createFiles } = traits;
    if (createFiles)
      describe('files', () => {
        const [maxCount, maxBytes] = createFiles;
        const bytes = Array.from({ length: 256 }, (_, index) => index);
        const png = () => fileOf(bytes, 'naïve — 漢字.png', 'image/png');

        it('states its limits, which options make narrower', () => {
          expect(backend.limits.createFiles).to.include({ maxCount, maxBytes });
          if (traits.replyFiles) expect(backend.limits.replyFiles).to.include({ maxCount, maxBytes });
          else expect(backend.limits).not.to.have.property('replyFiles');
          const narrower = bench.remake({ limits: { maxCount: 99, maxBytes: 9, accept: '.txt' } }).limits.createFiles;
          expect(narrower).to.include({ maxCount, maxBytes: 9, accept: '.txt' });
        });

        it('sends files with a new ticket', async () => {
          const log = fileOf([195, 188, 10], 'log.txt', 'text/plain;charset=utf-8');
          const files = [png(), log].slice(0, maxCount);
          const { id } = await backend.createTicket(draft({ files }), call);
          const stored = (await janes()).find((ticket) => traits.id(ticket) === id)!;
          expect(
            stored.entries[0]!.files.map(({ name, type, base64 }) => [name, type.split(';')[0], atob(base64)]),
          ).to.deep.equal(
            [
              ['naïve — 漢字.png', 'image/png', String.fromCharCode(...bytes)],
              ['log.txt', 'text/plain', 'Ã¼\n'],
            ].slice(0, maxCount),
          );
        });

        it('sends nothing that is too large or too much', async () => {
          const small = bench.remake({ limits: { maxBytes: 255 } });
          const many = Array.from({ length: maxCount + 1 }, (_, index) => fileOf([1], `${index}.txt`, 'text/plain'));
          const errors = [
            await refused(small.createTicket(draft({ files: [png()] }), call), 'too-large'),
            await refused(backend.createTicket(draft({ files: many }), call), 'too-large'),
          ];
          if (traits.replyFiles)
            errors.push(
              await refused(
                small.reply!(await idOf(numbers.open), { message: 'See', files: [png()] }, call),
                'too-large',
              ),
            );
          for (const { fields } of errors) expect(fields).to.deep.equal({ files: 'This is too large.' });
          expect(await bench.desk.log()).to.deep.equal([]);
        });

        it('tells how far an upload has come', async () => {
          const seen: number[] = [];
          const file = new File([new Uint8Array(1_500_000)], 'big.bin');
          await backend.createTicket(draft({ files: [file] }), {
            ...call,
            onProgress: (fraction) => seen.push(fraction),
          });
          expect(seen.at(-1)).to.equal(1);
          expect(seen).to.deep.equal([...seen].sort((a, b) => a - b));
          expect(seen[0]).to.be.greaterThan(0);
          expect(
            (await janes()).find(({ subject }) => subject === 'Printer on fire')!.entries[0]!.files[0]!.size,
          ).to.equal(1_500_000);
        });

        it('stops an upload', async () => {
          const stop = new AbortController();
          await bench.desk.fault({ match: lines.create, kind: 'hang' });
          const running = backend.createTicket(draft({ files: [png()] }), {
            ...call,
            signal: stop.signal,
            onProgress: () => stop.abort(),
          });
          // Where there is no XMLHttpRequest there is no progress before the end.
          if (!('XMLHttpRequest' in globalThis)) void bench.desk.log().then(() => stop.abort());
          await refused(running, 'aborted');
          expect(await janes()).to.have.lengthOf(6);
        });

        if (traits.replyFiles)
          it('sends files with a reply', async () => {
            const entry = await backend.reply!(await idOf(numbers.open), { message: 'See', files: [png()] }, call);
            const stored = (await bench.desk.ticket(numbers.open)).entries.at(-1)!.files;
            expect(stored.map(({ name, base64 }) => [name, atob(base64)])).to.deep.equal([
              ['naïve — 漢字.png', String.fromCharCode(...bytes)],
            ]);
            expect(entry.attachments).to.have.lengthOf(1);
          });

        if (can('readAttachment') && !traits.filesVary)
          it('reads files', async () => {
            const { id } = await backend.createTicket(draft({ files: [png()] }), call);
            const { entries } = await backend.readThread(id, call);
            const [attachment] = entries[0]!.attachments;
            const { blob, name: fileName } = await backend.readAttachment!(id, attachment!, call);
            expect([...new Uint8Array(await blob.arrayBuffer())]).to.deep.equal(bytes);
            expect(fileName).to.equal('naïve — 漢字.png');
            for (const wrong of ['999999', '..', '', 'a/b'])
              await refused(backend.readAttachment!(id, { id: wrong }, call), 'not-found');
          });
      });
  });
}
