/**
 * osTicket with the API extension that its README describes, or with the code of it that came before and after, and
 * osTicket's own call to create a ticket.
 *
 * Facts are marked *documented* (the extension's README, osTicket's API page) or *recorded* (a real osTicket 1.18.1 with
 * the extension). The API key is tied to one source address and opens every ticket: it belongs on a server.
 */
import { HelpDeskError } from '../errors.js';
import type { Identity, TicketStatus } from '../model.js';
import { defineBackend, narrow, type Backend, type BackendOptions, type Call } from './backend.js';
import { createHttp, wordsOf, type Answer } from './http.js';
import { later, loaded } from './later.js';
import type { Speech, Tools as Forms, Who } from './osticket-shapes.js';
import {
  address,
  emailOf,
  htmlUrl,
  numberOf,
  plain,
  readers,
  refusal,
  statuses,
  stranger,
  toPage,
} from './osticket-ticket.js';
import type { Desk, Methods, Tools } from './osticket-write.js';
import { known, list, maybe, own, parse, record, text, type Json } from './read.js';
import { markup } from './words.js';

/** Options of the `osticket` back end. `paths` knows `tickets`, `topics` and `file`. */
export interface OsticketOptions extends BackendOptions {
  /** Sent as `X-API-Key`. Left out where a proxy adds it. */
  apiKey?: string;
  /**
   * Which of the extension's forms is spoken: its README's (`readme`, the default), that of its code of 2018 or of 2020,
   * or the one that the answers are in (`auto`).
   */
  shape?: 'readme' | '2018' | '2020' | 'auto';
  /** Makes it the back end of agents, this one by default: see `osticket`. */
  staffUserName?: string;
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

/** Given to what is loaded later, which would tear these from the page's file if they imported them. */
const tools: Tools & Forms = {
  plain,
  HelpDeskError,
  htmlUrl,
  known,
  list,
  markup,
  own,
  parse,
  record,
  statuses,
  stranger,
  text,
  toPage,
  wordsOf,
};

/**
 * osTicket with its API extension.
 *
 * Every call needs `identity.email` or `identity.userId` (else `unauthorized`) and shows that person's tickets only. Files
 * go with a new ticket (not in the shape `2018`), not with a reply; they can be read in the shape `2020`, unless osTicket
 * wants people to be signed in for that (`forbidden`). osTicket takes emoji out of what is written (recorded). Plain
 * messages are sent as HTML, the one form that keeps their words. A refused close answers like a done one, so each change
 * of status is read back; one that had no effect is `forbidden`. The list comes whole: `limit` and `cursor` are not used.
 * What the other shapes need is loaded with them.
 *
 * With `staffUserName` it is the back end of agents: of the one that the identity names as `staff`, else of that one; a
 * customer is `forbidden`. The scope `assigned` lists what that agent has, `all` the whole desk, or the tickets of the
 * customer whose address is searched for. Agents read any ticket, write new ones in the name of who the draft's e-mail
 * names, and reply, which gives the ticket a status: by default the one it has. The code of 2020 has none of these lists
 * and no reply, so an agent reads single tickets there, and those of a customer.
 */
export const osticket = defineBackend('osticket', (options: OsticketOptions): Backend => {
  const { paths, statusMap, apiKey, topics, staffUserName, shape = 'readme' } = options;
  const tickets = paths?.['tickets'] ?? 'api/tickets.json';
  const ask = createHttp(options, { headers: () => ({ 'X-API-Key': apiKey }), refusal });
  const { toTicket, toThread } = readers(options);
  // The size is osTicket's default and cannot be asked for (recorded).
  const createFiles = shape === '2018' ? undefined : narrow({ maxCount: 10, maxBytes: 8_388_608 }, options);

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
      tools,
      shape,
      ask,
      tickets,
      paths?.['file'],
    )) as Speech;
  /** The code of 2020 lets anybody write to any ticket (recorded). */
  const careless = /2020|auto/.test(shape);

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

  /** One ticket of this person. `exactly` asks whether osTicket finds it by its number. */
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

  const desk: Desk = {
    ...tools,
    toWho,
    options,
    tickets,
    careless,
    createFiles,
    ask,
    load,
    unwrap,
    read,
    toTicket,
    toThread,
  };
  const late = later(async () => {
    const part = await (staffUserName ? import('./osticket-agent.js') : import('./osticket-write.js'));
    return part.serve(desk) as Methods;
  });

  return {
    name: 'osticket',
    limits: {
      ...(createFiles && { createFiles }),
      ...(staffUserName ? { agent: true, requester: true } : { identityRequired: true }),
    },

    listTickets: staffUserName
      ? late('listTickets')
      : async (query, call) => {
          if ((query.scope ?? 'mine') !== 'mine') throw new HelpDeskError('unsupported');
          return toPage((await readAll(call, query.status)).map(toTicket), query);
        },

    readThread: staffUserName ? late('readThread') : async (id, call) => toThread(await read(id, call)),

    createTicket: late('createTicket'),

    async listTopics(call) {
      return (
        topics ??
        list(parse((await ask('GET', paths?.['topics'] ?? 'api/topics.json', call)).text)).flatMap((value) => {
          const raw = record(value);
          const id = text(raw['id']);
          const name = text(raw['value']);
          return id && name ? { id, name } : [];
        })
      );
    },

    ...(!(staffUserName && shape === '2020') && { reply: late('reply') }),
    ...(staffUserName ? { createUser: late('createUser') } : { setStatus: late('setStatus') }),
    ...(careless && { readAttachment: late('readAttachment') }),
  };
});
