/**
 * What agents write to each other, planted in the answers of every system and form: 300 threads each, drawn from a seed
 * (30 in engines beside Chromium). None of it comes to the screen, into the store, or onto the device; and nothing else is lost with it.
 */
import { expect } from '@open-wc/testing';
import '../../src/elements/ticket-list/define.js';
import '../../src/elements/ticket-thread/define.js';
import type { Backend } from '../../src/backends/backend.js';
import { jaze } from '../../src/backends/jaze.js';
import { osticketHttp } from '../../src/backends/osticket-http.js';
import { osticket } from '../../src/backends/osticket.js';
import { relay } from '../../src/backends/relay.js';
import { supportTicket } from '../../src/backends/support-ticket.js';
import type { Identity, TicketQuery } from '../../src/model.js';
import { createStore } from '../../src/store/store.js';
import { chromium } from '../elements/shared/scripted-desk.js';
import { everything } from '../support/screen.js';

const secret = 'INTERNAL';
/** What is read is the same in every engine: of the others a few are asked whether they draw it so. */
const threads = chromium ? 300 : 30;
const url = 'http://desk.test/api-under-test/';
const time = '2026-01-05 10:00:00';
type Raw = Record<string, unknown>;

/** The same numbers each time. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** One thread as an answer has it, what may be seen of it, and how many notes are in it. */
interface Planted {
  readonly list: Raw;
  readonly whole: Raw;
  readonly shown: readonly string[];
  readonly notes: number;
}

// osTicket, in all its forms

/** What a note's type may look like: nothing that means message or response. */
const types = ['N', 'n', ' N', 'N ', 'note', 'Note', 'NOTE', 'internal', 'I', 'X', '', null, undefined, 0, ['N'], ['M'], { name: 'N' }, { id: 'M' }, 'MN', 'message', 'R;']; // prettier-ignore

/** Notes that look like what the system itself says of a status. */
const disguises: readonly Raw[] = [
  { poster: 'Nora Lind', title: 'Status Changed', staff_id: 2 },
  { poster: 'SYSTEM', title: 'Status Changed', staff_id: 2 },
  { poster: 'SYSTEM', title: 'status changed', staff_id: '2' },
  { poster: 'SYSTEM', title: 'Status Changed', staff_id: null, staff_name: { name: 'Nora Lind' } },
  { poster: 'SYSTEM', title: `Status Changed ${secret}`, staff_id: null },
  { poster: 'SYSTEM', title: `${secret} note`, staff_id: null },
  { poster: 'SYSTEM', title: ['Status Changed'], staff_id: null },
  { poster: 'SYSTEM', title: null, staff_id: null },
  { poster: 'System', title: 'Status Changed', staff_id: null },
  { poster: { name: 'SYSTEM' }, title: 'Status Changed', staff_id: 2 },
  { poster: '', title: 'Status Changed', staff_id: null },
];

/** How an extension writes an entry. */
type Form = 'readme' | '2018' | '2020' | 'wrapped' | 'unwrapped';

function osticketEntry(form: Form, id: number, entry: Raw): Raw {
  const { body, poster, staff_id: staff, staff_name: staffName, ...others } = entry;
  if (form === '2020')
    return {
      ...{ id, format: 'html', title: null, ...others, message: body, attachmentUrls: [] },
      ...(staffName ? { staff_name: staffName } : {}),
      timestamps: { created: time, updated: '0000-00-00 00:00:00' },
      user: { type: staff ? 'staff' : 'system', id: null, name: poster },
      ...(entry['files'] ? { attachmentUrls: entry['files'] } : {}),
    };
  const flat = { id, pid: 0, format: 'html', title: null, created: time, ...entry, message: { body } };
  return form === 'wrapped' ? { model: flat, annotations: { has_attachments: 0 } } : flat;
}

function osticketThread(form: Form, number: number, next: (below: number) => number): Planted {
  const shown: string[] = [];
  let notes = 0;
  let id = number * 100;
  const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
  const entry = (raw: Raw): Raw => osticketEntry(form, ++id, raw);
  const note = (raw: Raw = {}): Raw => {
    notes++;
    const files = { abc: { filename: `${secret}.txt`, download_url: `file.php?${secret}` } };
    return entry({ ...{ type: 'N', poster: 'Nora Lind', staff_id: 2, title: secret, files }, ...raw, body: `<p>${secret} ${notes}</p>` }); // prettier-ignore
  };
  const said = (type: string, poster: string, more: Raw = {}): Raw => {
    const body = `Said ${number} ${shown.length}`;
    shown.push(body);
    return entry({ type, poster, staff_id: type === 'R' ? 2 : null, body, ...more });
  };
  const entries = [
    said('M', 'Jane Doe'),
    note({ type: pick(types), title: pick([secret, 'Status Changed', null]) }),
    note(pick(disguises)),
    // Within what may be seen: in its title, and one level down under any name.
    said(pick(['R', 'r']), 'Nora Lind', {
      title: `${secret} title`,
      editor: secret,
      [pick([
        'threads',
        'thread_entries',
        'children',
        'notes',
        'entries',
        'replies',
        form === 'unwrapped' ? 'thread' : 'model',
      ])]: pick([[note()], { model: note() }, [{ model: { model: note() } }]]),
      ...(form === 'wrapped' || form === 'unwrapped' ? {} : { annotations: note() }),
    }),
    note({ type: pick(types), poster: pick(['SYSTEM', 'Nora Lind', '', null]), staff_id: 2 }),
    entry({ type: 'N', poster: 'SYSTEM', staff_id: null, title: 'Status Changed', body: `Closed by user ${number}` }),
    said('M', ''),
  ];
  shown.splice(2, 0, `Closed by user ${number}`);
  if (next(2)) entries.reverse();
  if (next(3) === 0) entries.push([note()] as unknown as Raw, { model: [note()] }, { notes: [note()] });
  const wrapped = form === 'wrapped' || form === 'unwrapped';
  const times = { create: time, last_message: time, last_response: time };
  const whole: Raw = {
    ...(form === '2020'
      ? { id: `${number}`, status: { id: 1, name: 'Open' }, timestamps: times, topic: { id: 1, name: 'General' } }
      : {
          [form === '2018' ? 'ticketNumber' : 'ticket_number']: `${number}`,
          [form === '2018' ? 'status' : 'ticket_status']: 'Open',
          statusId: 1,
          create_timestamp: time,
          last_message_timestamp: time,
          [wrapped ? 'help_topic' : 'topic']: 'General',
        }),
    subject: `Subject ${number}`,
    ...(wrapped
      ? { user_name: 'Jane Doe', user_email: { email: 'jane@example.test' } }
      : { user: { fullname: 'Jane Doe', email: 'jane@example.test' } }),
    // Where other systems keep the last thing said.
    ...{ last_message: `${secret} last`, last_note: note(), lastMessage: note(), last_entry: note(), preview: secret },
    ...{ notes: [note()], internal_notes: [note()], description: secret, note: secret },
    assigned_to: [],
    [wrapped ? 'thread_entries' : 'threads']: entries,
    ...(wrapped ? { threads: [note()] } : { thread_entries: [note()] }),
  };
  return { list: whole, whole, shown, notes };
}

// The others

/** Everything but a plain yes. */
const unmarked = ['0', 0, false, 'false', 'FALSE', 'no', 'No', 'off', '', null, undefined, '00', ' 0', {}, [], ['0'], { value: 1 }, 2, 'yes']; // prettier-ignore

function jazeThread(number: number, next: (below: number) => number): Planted {
  const shown: string[] = [];
  let notes = 0;
  const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
  const said = (sender: string, more: Raw = {}): Raw => {
    const words = `Said ${number} ${shown.length}`;
    shown.push(words);
    return { sender, sender_name: sender, ticket_message: words, created: time, show_to_user: '1', ...more };
  };
  const note = (): Raw => {
    notes++;
    const show = pick(unmarked);
    const sender = pick(['admin', 'Admin', 'ADMIN', 'agent', 'system', 'staff', '', null, 'users', ' note']);
    return { sender, sender_name: secret, ticket_message: `${secret} ${notes}`, created: time, show_to_user: show };
  };
  const rows = [
    said('user', { show_to_user: '0', notes: [note()], title: secret }),
    note(),
    said('admin', { show_to_user: pick(['1', 1, true, 'true']), internal: note() }),
    note(),
    note(),
  ];
  const ticket = { id: `${number}`, account_id: '1', user: '1', subject: `Subject ${number}`, type: 'General', priority: 'low', status: 'open', assigned_to: 'NULL', created: time, last_message: secret, last_note: note() }; // prettier-ignore
  const whole = {
    ticket_conversation: rows,
    ticket_details: { status: 'open', assigned_to: 'NULL', created: time, notes: [note()], last_message: secret },
    ticket_notes: [note()],
  };
  return { list: { Ticket: ticket, Note: note() }, whole, shown, notes };
}

/** Its documentation knows no notes: however an installation may mark them. */
const marks: readonly Raw[] = [
  ...[{ is_internal: true }, { internal: 1 }, { isInternal: 'true' }, { private: true }, { is_private: '1' }],
  ...[{ type: 'note' }, { type: 'NOTE' }, { type: 'Internal' }, { visibility: 'private' }, { kind: 'internal_note' }],
  ...[{ is_note: 'yes' }, { internal_note: true }],
];

function supportThread(number: number, next: (below: number) => number): Planted {
  const shown: string[] = [];
  let notes = 0;
  const pick = <T>(from: readonly T[]): T => from[next(from.length)]!;
  const words = (): string => {
    shown.push(`Said ${number} ${shown.length}`);
    return shown.at(-1)!;
  };
  const row = (id: number, author: string, more: Raw): Raw => ({ id, ticket: number, author, ...more });
  const note = (id = 0, more = pick(marks)): Raw => {
    notes++;
    return row(id, 'nora@desk.example.test', { ...more, comment: `${secret} ${notes}` });
  };
  const ticket = { id: number, subject: `Subject ${number}`, priority: '1', category: 1, comment: words(), status: '1', tags: [], last_message: secret, note: secret }; // prettier-ignore
  const conversations = [
    note(1),
    row(2, 'nora@desk.example.test', { comment: words(), conversations: [note()], title: secret, is_internal: pick([false, 0, '0', null, 'false']) }), // prettier-ignore
    note(3),
    row(4, 'Jane@example.test', { comment: words(), notes: [note()], type: pick(['reply', 'public', 1, null]) }),
  ];
  const attachments = [{ id: 9, conversation_id: 1, name: `${secret}.txt` }];
  const whole = { ticket, author: 'jane@example.test', conversations, attachments, notes: [note()], internal_notes: [note()] }; // prettier-ignore
  return { list: { ...ticket, category_title: 'General', last_conversation: note() }, whole, shown, notes };
}

function relayThread(number: number, next: (below: number) => number): Planted {
  const shown: string[] = [];
  let notes = 0;
  const entry = (kind: unknown, value: string): Raw => ({ id: `${number}-${value}`, kind, author: { name: 'Nora', role: 'agent' }, body: { format: 'text', value }, attachments: [] }); // prettier-ignore
  const note = (): Raw => entry(['note', 'Note', 'N', 'internal', '', null, undefined, 'Reply', ['reply'], 0][next(10)], `${secret} ${++notes}`); // prettier-ignore
  const said = (kind: string): Raw => {
    shown.push(`Said ${number} ${shown.length}`);
    return entry(kind, shown.at(-1)!);
  };
  const list = { id: `${number}`, number: `${number}`, subject: `Subject ${number}`, status: 'open', requester: { name: 'Jane', role: 'requester' } }; // prettier-ignore
  const entries = [said('message'), note(), note(), said('reply'), note(), said('event'), note()];
  return { list, whole: { ticket: list, entries, notes: [note()] }, shown, notes };
}

// Each system's answers

interface Case {
  readonly name: string;
  readonly plant: (number: number, next: (below: number) => number) => Planted;
  readonly backend: () => Backend;
  readonly identity?: Identity;
  readonly query?: TicketQuery;
  /** The answer to a path with its query; a number is one thread's. */
  readonly answer: (path: string, all: readonly Planted[], one: (number: string) => Planted) => unknown;
}

const jane: Identity = { email: 'jane@example.test', userId: '1' };
const envelope = { status_code: '0', status_msg: 'success' };
const osticketAnswer: Case['answer'] = (path, all, one) => {
  const [, number] = /tickets\.json\/(\d+)/.exec(path) ?? [];
  return number ? one(number).whole : all.map(({ list }) => list);
};
const agentAnswer: Case['answer'] = (path, all, one) => {
  const [, number] = /ticketNumber=(\d+)/.exec(path) ?? [];
  if (number) return { ...envelope, ticket: one(number).whole };
  if (/\/scp\/tickets\.json/.test(path))
    return all.map((_, index) => [
      ['number', `${1000 + index}`],
      ['created', time],
      ['updated', time],
      ['note', secret],
    ]);
  return { ...envelope, tickets: all.map(({ list }) => list) };
};

const cases: readonly Case[] = [
  ...(['readme', '2018', '2020'] as const).map((form): Case => ({
    name: `osticket (${form})`,
    plant: (number, next) => osticketThread(form, number, next),
    backend: () => osticket({ url, shape: form }),
    identity: jane,
    answer: osticketAnswer,
  })),
  ...(['readme', '2018'] as const).map((form): Case => ({
    name: `osticket (${form}), for agents`,
    plant: (number, next) => osticketThread(form, number, next),
    backend: () => osticket({ url, shape: form, staffUserName: 'nora' }),
    query: { scope: form === '2018' ? 'all' : 'assigned' },
    answer: agentAnswer,
  })),
  ...(['wrapped', 'unwrapped'] as const).flatMap((form): Case[] => [
    {
      name: `osticket-http (${form})`,
      plant: (number, next) => osticketThread(form, number, next),
      backend: () => osticketHttp({ url }),
      identity: jane,
      answer: agentAnswer,
    },
    {
      name: `osticket-http (${form}), for agents`,
      plant: (number, next) => osticketThread(form, number, next),
      backend: () => osticketHttp({ url, staffUserName: 'nora' }),
      query: { scope: 'assigned' },
      answer: agentAnswer,
    },
  ]),
  {
    name: 'jaze',
    plant: jazeThread,
    backend: () => jaze({ url }),
    identity: jane,
    answer(path, all, one) {
      const [, number] = /get_ticket_details\/(\d+)/.exec(path) ?? [];
      const base = { status: 'success', errorCode: 200 };
      return number ? { ...base, message: one(number).whole } : { ...base, data: all.map(({ list }) => list) };
    },
  },
  {
    name: 'support-ticket',
    plant: supportThread,
    backend: () => supportTicket({ url }),
    identity: jane,
    answer(path, all, one) {
      const [, number] = /ticket_id=(\d+)/.exec(path) ?? [];
      const base = { status_code: 200, errors: {} };
      if (number) return { ...base, data: one(number).whole };
      if (path.includes('category')) return { ...base, data: { CategoryList: [{ id: 1, category: 'General' }] } };
      return { ...base, data: { TicketList: all.map(({ list }) => list) } };
    },
  },
  {
    name: 'relay',
    plant: relayThread,
    backend: () => relay({ url }),
    identity: jane,
    answer(path, all, one) {
      const [, number] = /tickets\/(\d+)/.exec(path) ?? [];
      if (path.includes('capabilities')) return { can: ['reply'], limits: {} };
      return number ? one(number).whole : { items: all.map(({ list }) => list) };
    },
  },
];

/** All that is in the page below an element, seen or not: words and attributes. */
function all(root: Element): string {
  const parts: string[] = [];
  for (const element of [root, ...everything(root)]) {
    for (const { value } of element.attributes) parts.push(value);
    for (const node of [...element.childNodes, ...(element.shadowRoot?.childNodes ?? [])])
      if (node instanceof CharacterData) parts.push(node.data);
  }
  return parts.join('\n');
}

describe('notes for agents', () => {
  const realFetch = globalThis.fetch;
  let place: HTMLElement;
  beforeEach(() => {
    place = document.createElement('div');
    document.body.append(place);
  });
  afterEach(() => {
    globalThis.fetch = realFetch;
    place.remove();
    localStorage.clear();
  });

  cases.forEach(({ name, plant, backend, identity, query = {}, answer }, index) =>
    it(`${name}: none of those planted in ${threads} threads is shown or kept`, async function () {
      this.timeout(120_000);
      const next = random(index + 1);
      const planted = Array.from({ length: threads }, (_, at) => plant(1000 + at, next));
      const notes = planted.reduce((sum, { notes }) => sum + notes, 0);
      expect(notes).to.be.at.least(5 * threads);
      const sent = new Set<string>();
      globalThis.fetch = async (input, init) => {
        const address = input instanceof Request ? input.url : String(input);
        if (!address.startsWith(url)) return realFetch(input, init);
        const body = JSON.stringify(answer(address, planted, (number) => planted[Number(number) - 1000]!));
        for (const [found] of body.matchAll(/INTERNAL \d+/g)) sent.add(found);
        return new Response(body, { headers: { 'Content-Type': 'application/json' } });
      };
      const store = createStore(backend(), { pollInterval: 0, ...(identity && { identity }) });
      const clean = (what: string, where: string): unknown =>
        expect(what.includes(secret), `${where}: ${what.slice(Math.max(what.indexOf(secret) - 99, 0)).slice(0, 300)}`).to.equal(false); // prettier-ignore

      const list = document.createElement('ticket-list');
      Object.assign(list, { store, pageSize: threads, scope: query.scope ?? '' });
      place.append(list);
      const resource = store.tickets({ ...query, limit: threads });
      const stop = resource.watch(() => undefined);
      for (let more = true; more;) {
        await resource.refresh();
        const before = resource.peek().data?.items.length ?? 0;
        await resource.loadMore();
        const { items = [], more: left = false } = resource.peek().data ?? {};
        more = left && items.length > before;
      }
      await list.updateComplete;
      expect(resource.peek().error).to.equal(undefined);
      expect(resource.peek().data!.items).to.have.lengthOf(threads);
      expect(list.shadowRoot!.querySelectorAll('[part=item]')).to.have.lengthOf(threads);
      clean(JSON.stringify(resource.peek()), 'list in the store');
      clean(all(list), 'list on the screen');
      // Else all of it is drawn again with each thread that is read.
      list.remove();
      stop();

      const element = document.createElement('ticket-thread');
      Object.assign(element, { store });
      place.append(element);
      let seen = 0;
      for (const [at, { shown }] of planted.entries()) {
        const id = `${1000 + at}`;
        element.ticket = id;
        await store.thread(id).refresh();
        await element.updateComplete;
        await element.updateComplete;
        const { entries } = store.thread(id).peek().data!;
        const said = entries.map(({ body }) => body.value);
        expect([...said].sort(), id).to.deep.equal([...shown].sort());
        expect(entries.flatMap(({ attachments }) => attachments)).to.deep.equal([]);
        expect(element.shadowRoot!.querySelectorAll('article')).to.have.lengthOf(shown.length);
        clean(JSON.stringify(store.thread(id).peek()), `thread ${id} in the store`);
        clean(all(element), `thread ${id} on the screen`);
        seen += said.length;
      }
      clean(JSON.stringify({ ...localStorage, ...sessionStorage }), 'the device');
      store.dispose();
      expect(seen).to.equal(planted.reduce((sum, { shown }) => sum + shown.length, 0));
      expect(sent.size).to.be.at.least(1);
      this.test!.title += ` (${notes} notes, ${seen} entries shown)`;
    }),
  );
});
