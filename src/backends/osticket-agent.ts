/**
 * Agents' calls of osTicket's API extension, which it has from pull request 4361 (`scp/tickets/…`), and its own (`scp`).
 * Part of the back ends `osticket` and `osticket-http`, loaded by them for agents.
 */
import { HelpDeskError } from '../errors.js';
import type { Person, ReplyDraft, Thread, ThreadEntry, Ticket, TicketQuery } from '../model.js';
import type { BackendOptions, Call } from './backend.js';
import { known, parse, record, text, type Json } from './json.js';
import { markup } from './markup.js';
import type { Desk } from './osticket-read.js';
import { statuses, stranger, toPage } from './osticket-ticket.js';
import { checkWords, createTicket, toContent, type Methods } from './osticket-write.js';
import type { Answer } from './request.js';
import { wordsOf } from './words.js';

const required = 'This field is required.';

/** What differs between those who send an agent's reply. */
export interface Replying {
  readonly staff: string;
  readonly statusMap: BackendOptions['statusMap'];
  /** The ticket as it is. */
  read(): Promise<Json>;
  send(fields: Json): Promise<unknown>;
  toThread(raw: Json): Thread;
}

/** Sends an agent's reply, which gives the ticket a status: by default the one it has. */
export async function reply(
  id: string,
  draft: ReplyDraft,
  { staff, statusMap, read, send, toThread }: Replying,
): Promise<ThreadEntry> {
  if (!draft.message.trim()) throw new HelpDeskError('invalid', { fields: { message: required } });
  checkWords(draft);
  const before = await read();
  const status = draft.status
    ? Object.entries({ ...statuses, ...statusMap }).find(
        ([key, ours]) => ours === draft.status && /^[1-9]\d*$/.test(key),
      )?.[0]
    : text(before['statusId']);
  if (!status) throw new HelpDeskError('unsupported');
  const response = markup(draft);
  // All of them are texts (documented).
  await send({
    ticketNumber: id,
    msgId: '',
    a: 'reply',
    emailreply: '1',
    emailcollab: '1',
    cannedResp: '0',
    draft_id: '',
    response,
    signature: 'none',
    reply_status_id: status,
    staffUserName: staff,
    ip_address: '::1',
    cannedattachments: '',
  });
  // It is stored: whatever fails from here on.
  const thread = await read().then(toThread, () => undefined);
  return (
    thread?.entries.findLast(({ kind }) => kind === 'reply') ?? {
      id: '',
      kind: 'reply',
      author: { role: 'agent', name: staff },
      body: { format: 'html', value: response },
      attachments: [],
    }
  );
}

/** Letters and signs that nobody guesses. */
const secret = (): string =>
  btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(24)))).replace(/[+/]/g, '-');

type Agent = Omit<Methods, 'setStatus'>;

/** When a row of the list of all was last touched, and which it is. Zeros mean never. */
type Row = readonly [key: string, raw: Json];

/**
 * Everything that an agent can do. `staffUserName` is the agent where the identity names none; whoever has an address or
 * an id and is no agent is `forbidden`.
 *
 * The list of all tickets comes as pairs: numbers and times. What a page of it shows is read ticket by ticket, and again
 * only when it has changed; so filters narrow page by page. Words with an @ list that customer's tickets, digits find
 * numbers. The code of 2020 has none of the lists and no reply: agents read tickets there, and a customer's list.
 */
export function serve(desk: Desk): Agent {
  const { options, tickets, ask, load, unwrap, toTicket, toThread } = desk;
  const { paths, staffUserName = '', statusMap } = options;
  const path = (name: string, documented: string): string => paths?.[name] ?? `api/scp/${documented}.json`;
  /** Tickets of the list of all, as they were when last touched. */
  const seen = new Map<string, { readonly key: string; readonly ticket: Ticket }>();
  /** Whether the extension has the agents' call for one ticket; that of 2020 has not (recorded). */
  let hasInfo = true;
  let replies = paths?.['reply'] ? [paths['reply']] : ['api/scp/tickets/reply.json', 'api/tickets/reply.json'];

  const staffOf = ({ identity: { staff, email, userId } = {} }: Call): string => {
    if (!staff && (email || userId)) throw new HelpDeskError('forbidden');
    return staff ?? staffUserName;
  };

  /** Tickets in their envelope, of which `0` means success, as a text, whatever HTTP says (recorded). */
  async function readMany(at: string, call: Call, query: Record<string, string>): Promise<Json[]> {
    try {
      const answer = await ask('GET', at, call, { query });
      const raw = parse(answer.text);
      const { status_code: code, tickets } = record(raw);
      if (code !== undefined && text(code) !== '0') {
        const cause = answer;
        throw new HelpDeskError(stranger({ cause }) ? 'not-found' : 'unexpected', { cause });
      }
      const { read } = await load();
      const all = Array.isArray(raw) ? (raw as unknown[]) : tickets;
      if (!Array.isArray(all)) throw new HelpDeskError('unexpected', { cause: raw });
      return all.map((each) => read(record(each)));
    } catch (error) {
      // Who never wrote is no user yet; whom nobody knows has nothing.
      if (stranger(error)) return [];
      throw error;
    }
  }

  /** Where the extension has no such call (recorded): the other way. */
  const otherwise =
    <T>(other: () => Promise<T>) =>
    (error: unknown): Promise<T> => {
      if ((error as Partial<HelpDeskError>).code !== 'unsupported') throw error;
      return other();
    };

  const assigned = (call: Call): Promise<Json[]> =>
    readMany(path('staff', 'tickets/staffTickets'), call, { staffUserName: staffOf(call) });

  const ofClient = (email: string, call: Call): Promise<Json[]> =>
    readMany(path('client', 'tickets/clientTickets'), call, { clientUserMail: email }).catch(
      otherwise(() => readMany(tickets, call, { email })),
    );

  /** Any ticket. */
  async function readOne(id: string, call: Call): Promise<Json> {
    staffOf(call);
    const plainly = (): Promise<Answer> => {
      hasInfo = false;
      return ask('GET', `${tickets}/${id}`, call);
    };
    const inform = (): Promise<Answer> =>
      ask('GET', path('ticket', 'tickets/ticketInfo'), call, { query: { ticketNumber: id } }).catch(otherwise(plainly));
    const raw = /^\d{1,20}$/.test(id)
      ? await unwrap(await (hasInfo ? inform() : plainly()))
      : // It finds no number with letters (recorded).
        (await assigned(call)).find((each) => toTicket(each).number === id);
    if (!raw || toTicket(raw).number !== id) throw new HelpDeskError('not-found');
    return raw;
  }

  async function readRow([key, raw]: Row, call: Call): Promise<Ticket> {
    const bare = toTicket(raw);
    const { id } = bare;
    const before = seen.get(id);
    if (before?.key === key) return before.ticket;
    const ticket = await readOne(id, call).then(toTicket, (error: HelpDeskError) => {
      // There it is, though it cannot be read by itself.
      if (error.code === 'not-found') return bare;
      throw error;
    });
    seen.set(id, { key, ticket });
    return ticket;
  }

  async function listAll({ cursor = '', limit = 25, ...query }: TicketQuery, call: Call) {
    const { search = '' } = query;
    const raw = parse((await ask('GET', path('all', 'tickets'), call)).text);
    if (!Array.isArray(raw)) throw new HelpDeskError('unexpected', { cause: raw });
    const digits = /^\s*#?(\d+)\s*$/.exec(search)?.[1] ?? '';
    const rows = (raw as unknown[])
      .map((value): Row => {
        const row = record(value);
        const touched = ['created', 'updated', 'closed'].map((name) => text(row[name])).sort();
        // A cursor, too: of signs that the relay passes on.
        return [`${touched.at(-1)}_${text(row['number'])}`.replace(/[^\w.:=-]/g, '_').slice(0, 200), row];
      })
      .filter(([, row]) => row['number'] && text(row['number']).includes(digits))
      .sort(([a], [b]) => (a < b ? 1 : -1));
    const rest = cursor ? rows.filter(([key]) => key < cursor) : rows;
    const page = rest.slice(0, Math.min(Math.max(limit, 1), 50));
    const found: Ticket[] = [];
    // A few at a time: each is a request.
    for (let at = 0; at < page.length; at += 5)
      found.push(...(await Promise.all(page.slice(at, at + 5).map((row) => readRow(row, call)))));
    const { items } = toPage(found, digits ? { ...query, search: digits } : query);
    return {
      items,
      ...(rest.length > page.length && { next: page.at(-1)![0] }),
      ...(!query.status && !query.topicId && (!search || digits) && { total: rows.length }),
    };
  }

  return {
    async listTickets(query, call) {
      const { scope, search = '' } = query;
      staffOf(call);
      if (scope === 'assigned') return toPage((await assigned(call)).map(toTicket), query);
      if (scope !== 'all') throw new HelpDeskError('unsupported');
      const email = search.trim();
      if (!/^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(email)) return listAll(query, call);
      return toPage((await ofClient(email, call)).map(toTicket), { ...query, search: '' });
    },

    readThread: async (id, call) => toThread(await readOne(id, call)),

    // In the name of whom the draft names, or else their own.
    async createTicket(draft, call) {
      staffOf(call);
      const { identity, ...others } = call;
      return createTicket(desk)(draft, draft.email || !identity ? others : call);
    },

    async reply(id, draft, call) {
      const { send } = await load();
      const post = (fields: Json): Promise<Answer> =>
        send('POST', replies[0]!, call, fields).catch((error: HelpDeskError) => {
          // There is no such route: nothing was stored.
          if (!replies[1] || error.code !== 'unsupported') throw error;
          replies = replies.slice(1);
          return post(fields);
        });
      seen.delete(id);
      return reply(id, draft, {
        staff: staffOf(call),
        statusMap,
        read: () => readOne(id, call),
        toThread,
        async send(fields) {
          const answer = await post(fields);
          const { status_code: code } = record(parse(answer.text));
          if (text(code) !== '0') throw new HelpDeskError('unexpected', { cause: answer });
        },
      });
    },

    async createUser(draft, call) {
      staffOf(call);
      const { name, email, phone = '', notes, timeZone, password } = draft;
      const missing = Object.entries({ name, email, phone }).filter(([, value]) => !value.trim());
      const fields: Record<string, string> = Object.fromEntries(missing.map(([field]) => [field, required]));
      // It says of an address that is none that it is in use (documented).
      if (email.trim() && !/^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(email.trim())) fields['email'] = 'This is not valid.';
      if (Object.keys(fields).length) throw new HelpDeskError('invalid', { fields });
      const { send } = await load();
      let answer: Answer;
      try {
        answer = await send('POST', path('users', 'users'), call, {
          // All six must be there (documented).
          phone: phone.trim(),
          notes: notes?.trim() || '-',
          name: name.trim(),
          email: email.trim(),
          password: password || secret(),
          timezone: timeZone || Intl.DateTimeFormat().resolvedOptions().timeZone,
        });
      } catch (error) {
        const words = wordsOf(error);
        const wrong = /already in use/.test(words)
          ? 'This is already in use.'
          : /Invalid email/.test(words) && 'This is not valid.';
        throw wrong ? new HelpDeskError('invalid', { fields: { email: wrong }, cause: error }) : error;
      }
      const raw = record(parse(answer.text));
      if (!text(raw['id'])) throw new HelpDeskError('unexpected', { cause: answer });
      return known<Person>({
        id: text(raw['id']),
        name: text(raw['name']) || name,
        email: text(raw['email']) || email,
        role: 'requester',
      });
    },

    async readAttachment(id, file, call) {
      const raw = await readOne(id, call);
      const thread = toThread(raw);
      return toContent(await (await load()).download(raw, thread, file.id, call), thread, file);
    },
  };
}
