/** Reading tickets of osTicket. Part of the back end `osticket`, loaded when somebody sees tickets or writes one. */
import { HelpDeskError } from '../errors.js';
import type { Identity, Thread, Ticket, TicketStatus } from '../model.js';
import type { Backend, BackendOptions, Call, FileLimits } from './backend.js';
import { list, maybe, parse, record, type Json } from './json.js';
import { loaded } from '../late.js';
import type { Speech, Who } from './osticket-shapes.js';
import { address, emailOf, numberOf, plain, readers, stranger, toPage } from './osticket-ticket.js';
import type { Answer, Http } from './request.js';
import { timesBy } from './times.js';

/** What a page has of the back end before it is asked for a ticket. */
export interface Front {
  readonly options: BackendOptions & { readonly shape?: string; readonly staffUserName?: string };
  readonly ask: Http;
  readonly createFiles: FileLimits | undefined;
  /** True where anybody may write to any ticket. */
  readonly careless: boolean;
  /** The time where osTicket is. */
  readonly clock: Intl.DateTimeFormat | undefined;
}

/** What a customer sees. */
export type Reads = Pick<Backend, 'listTickets' | 'readThread'>;

/** One back end, as its parts need it. */
export interface Desk extends Front, Reads {
  /** Path of the tickets. */
  readonly tickets: string;
  /** How the extension's form is spoken. */
  load(): Promise<Speech>;
  /** A ticket, out of its envelope and in the README's words. */
  unwrap(answer: Answer): Promise<Json>;
  /** Whom a call is about; throws `unauthorized` where that is nobody. */
  toWho(identity?: Identity): Who;
  /** One ticket of this person. `exactly` asks whether osTicket finds it by its number. */
  read(id: string, call: Call, exactly?: boolean): Promise<Json>;
  toTicket(raw: Json): Ticket;
  toThread(raw: Json): Thread;
}

/** Throws `unauthorized` where there is neither. */
function toWho(identity: Identity = {}): Who {
  const { userId = '' } = identity;
  const email = emailOf(identity);
  if (email) return { email };
  // `1 OR 1=1` is taken as 1 (recorded).
  if (plain.test(userId)) return { user_id: userId };
  throw new HelpDeskError('unauthorized');
}

/** Reading a ticket needs no user (recorded): whether it is this person's is seen here. Undefined where it cannot be. */
function owns({ email, user_id }: Who, raw: Json): boolean | undefined {
  const owner = address(record(raw['user'])['email']);
  if (email) return owner ? owner.toLowerCase() === email : undefined;
  const ids = list(raw['threads']).flatMap((entry) => maybe(record(entry)['user_id']) ?? []);
  return ids.length ? ids.includes(user_id!) : undefined;
}

/** What reads, for one back end. */
export function open(front: Front): Desk {
  const { options, ask, clock } = front;
  const { paths, statusMap, shape = 'readme' } = options;
  const tickets = paths?.['tickets'] ?? 'api/tickets.json';
  const { toTicket, toThread } = readers(options, timesBy(clock));

  let speech: Pick<Speech, 'read' | 'send' | 'query'> | undefined =
    shape === 'readme'
      ? {
          read: (raw) => raw,
          send: (method, path, call, json, upload = false) => ask(method, path, call, { json, upload }),
          query: (who) => ({ ...who }),
        }
      : undefined;
  const load = async (): Promise<Speech> =>
    (speech ??= (await loaded(() => import('./osticket-shapes.js'))).speak(
      shape,
      ask,
      tickets,
      paths?.['file'],
    )) as Speech;

  /** Agents' calls wrap the same tickets (recorded). */
  async function unwrap(answer: Answer): Promise<Json> {
    const raw = record(parse(answer.text));
    return (await load()).read(record(raw['ticket'] ?? raw));
  }

  async function readAll(call: Call, status?: TicketStatus): Promise<Json[]> {
    const who = toWho(call.identity);
    const { query, read } = await load();
    // Resolved is one status of theirs; open and closed may be several.
    const filter = status === 'resolved' && !statusMap ? '2' : undefined;
    try {
      const raw = parse((await ask('GET', tickets, call, { query: query(who, filter) })).text);
      const all = Array.isArray(raw) ? raw : record(raw)['tickets'];
      if (!Array.isArray(all)) throw new HelpDeskError('unexpected', { cause: raw });
      return all.map((each) => read(record(each))).filter((each) => owns(who, each) !== false);
    } catch (error) {
      if (stranger(error)) return [];
      throw error;
    }
  }

  async function read(id: string, call: Call, exactly?: boolean): Promise<Json> {
    const who = toWho(call.identity);
    let raw: Json | undefined;
    try {
      if (/^\d{1,20}$/.test(id)) raw = await unwrap(await ask('GET', `${tickets}/${id}`, call));
    } catch (error) {
      if (plain.test(id) || (error as HelpDeskError).code !== 'not-found') throw error;
    }
    // It looks for 309005 when asked for 0309005 and finds no number with letters (recorded): those are in the list.
    if (raw && numberOf(raw) !== id) raw = undefined;
    const mine = raw && owns(who, raw);
    if (raw ? mine === undefined : !exactly && !plain.test(id))
      raw = (await readAll(call)).find((each) => numberOf(each) === id);
    else if (!mine) raw = undefined;
    if (!raw) throw new HelpDeskError('not-found');
    return raw;
  }

  return {
    ...front,
    tickets,
    load,
    unwrap,
    toWho,
    read,
    toTicket,
    toThread,

    async listTickets(query, call) {
      if ((query.scope ?? 'mine') !== 'mine') throw new HelpDeskError('unsupported');
      return toPage((await readAll(call, query.status)).map(toTicket), query);
    },

    readThread: async (id, call) => toThread(await read(id, call)),
  };
}
