/**
 * osTicket with pull request 4361, which many installations carry although it was never merged: it reads tickets for
 * customers and agents and lets agents reply. New tickets go to osTicket's own call.
 *
 * Facts are marked *documented* (the text of the pull request, osTicket's API page) or *recorded* (a real osTicket 1.18.1
 * with it). The API key is tied to one source address and opens every ticket: it belongs on a server.
 */
import { HelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import type { Identity, ReplyDraft, ThreadEntry } from '../model.js';
import { defineBackend, narrow, type Backend, type BackendOptions, type Call } from './backend.js';
import { createHttp } from './client.js';
import { known, list, maybe, parse, record, text, type Json } from './json.js';
import { loaded } from '../late.js';
import { address, emailOf, numberOf, plain, readers, stranger, toPage } from './osticket-ticket.js';
import type { Answer, Ask } from './request.js';
import { times } from './times.js';

/** Options of the `osticket-http` back end. `paths` knows `ticket`, `client`, `staff`, `reply` and `create`. */
export interface OsticketHttpOptions extends BackendOptions {
  /** Sent as `X-API-Key`. Left out where a proxy adds it. */
  apiKey?: string;
  /** Makes it the back end of this agent, too: see `osticketHttp`. */
  staffUserName?: string;
}

const at = 'api/http.php/tickets';
const calls = {
  ticket: `${at}/ticketInfo`,
  client: `${at}/clientTickets`,
  staff: `${at}/staffTickets`,
  reply: `${at}/reply.json`,
} as const;

/** A ticket in the words that are common to osTicket's APIs; entries may be wrapped (recorded) or not. */
function toCommon(raw: Json): Json {
  // Documented with `address` alone, recorded with both: there it may have a name before it.
  const { email, address: written } = record(raw['user_email']);
  return {
    ...raw,
    ticket_status: raw['ticket_status'] ?? raw['status'],
    topic: raw['help_topic'],
    user: { fullname: raw['user_name'], email: maybe(email) ?? maybe(written) ?? raw['user_email'] },
    threads: list(raw['thread_entries']).map((entry) => record(entry)['model'] ?? entry),
  };
}

/** The address that a customer is known by. */
function required(identity?: Identity): string {
  const email = emailOf(identity);
  if (!email) throw new HelpDeskError('unauthorized');
  return email;
}

/** Whose ticket it is. */
const owner = (raw: Json): string | undefined => address(record(raw['user'])['email'])?.toLowerCase();

/** The route that the pull request's text names for new tickets; osTicket's own documentation has the other. */
const otherRoute = 'api/http.php/tickets.json';

/**
 * osTicket with pull request 4361.
 *
 * A customer is `identity.email` (else `unauthorized`): lists, reads and creates tickets, no more. With `staffUserName` an
 * agent is who has no identity, or one with `staff`: lists what is assigned to that name (scope `assigned`) or what the
 * customer has whose address is searched for (scope `all`), reads any ticket, writes new ones in the name of whom the
 * draft's e-mail names (or their own), and replies, which gives the ticket a status: by default the one it has. Files go with a new
 * ticket; of others osTicket only says that there are some. Topics are known by name, so a list of them has to be
 * configured.
 */
export const osticketHttp = defineBackend('osticket-http', (options: OsticketHttpOptions): Backend => {
  const { paths, apiKey, topics, staffUserName, statusMap } = options;
  const refusal = async (answer: Answer): Promise<HelpDeskErrorCode | HelpDeskError | undefined> =>
    (await loaded(() => import('./osticket-refusal.js'))).refusal(answer);
  const http = createHttp(options, { headers: () => ({ 'X-API-Key': apiKey }), refusal });
  const { toTicket, toThread } = readers(options, times(options.timeZone));
  // The size is osTicket's default and cannot be asked for (recorded).
  const createFiles = narrow({ maxCount: 10, maxBytes: 8_388_608 }, options);
  let routes = paths?.['create'] ? [paths['create']] : ['api/tickets.json', otherRoute];

  const staffOf = ({ identity }: Call): string | undefined =>
    staffUserName && (identity?.staff ?? (identity?.email || identity?.userId ? undefined : staffUserName));

  /** What an answer holds. Success is `0`, as a text, whatever HTTP says (recorded). */
  async function ask(method: string, name: keyof typeof calls, call: Call, more: Ask): Promise<Json> {
    const answer = await http(method, paths?.[name] ?? calls[name], call, more);
    const raw = record(parse(answer.text));
    if (text(raw['status_code']) === '0') return raw;
    const code = (await refusal(answer)) ?? 'unexpected';
    throw code instanceof HelpDeskError ? code : new HelpDeskError(code, { cause: answer });
  }

  /** What an agent has, or a customer; agents may ask for one's. */
  async function readAll(call: Call, client?: string): Promise<Json[]> {
    const staff = staffOf(call);
    const email = client || (staff ? '' : required(call.identity));
    try {
      const { tickets } = await (email
        ? ask('GET', 'client', call, { query: { clientUserMail: email } })
        : ask('GET', 'staff', call, { query: { staffUserName: staff } }));
      if (!Array.isArray(tickets)) throw new HelpDeskError('unexpected', { cause: tickets });
      return tickets.map((raw) => toCommon(record(raw))).filter((raw) => !email || owner(raw) === email);
    } catch (error) {
      // Who never wrote is no user yet.
      if (stranger(error)) return [];
      throw error;
    }
  }

  /** One ticket that this person may read. */
  async function read(id: string, call: Call): Promise<Json> {
    const staff = staffOf(call);
    const email = staff ? '' : required(call.identity);
    const raw = (staff ? /^\d{1,20}$/ : plain).test(id)
      ? toCommon(record((await ask('GET', 'ticket', call, { query: { ticketNumber: id } }))['ticket']))
      : // A number with zeros before it, or with letters, may not be found by itself.
        (await readAll(call)).find((each) => numberOf(each) === id);
    // It asks for no user: whether the ticket is this person's is seen here.
    if (!raw || numberOf(raw) !== id || (email && owner(raw) !== email)) throw new HelpDeskError('not-found');
    return raw;
  }

  return {
    name: 'osticket-http',
    limits: {
      createFiles,
      identityRequired: !staffUserName,
      ...(staffUserName && { agent: true, requester: true }),
    },

    async listTickets(query, call) {
      const { scope = 'mine', search } = query;
      const staff = staffOf(call);
      const client = staff && scope === 'all' ? emailOf(known({ email: search })) : '';
      if (!client && scope !== (staff ? 'assigned' : 'mine')) throw new HelpDeskError('unsupported');
      return toPage((await readAll(call, client)).map(toTicket), client ? { ...query, search: '' } : query);
    },

    readThread: async (id, call) => toThread(await read(id, call)),

    async createTicket(draft, call) {
      const { identity: own } = call;
      const identity = (own?.email && !(staffOf(call) && draft.email) ? own : draft) as Identity;
      const email = required(identity);
      return (await loaded(() => import('./osticket-write.js'))).post(draft, { email }, identity, {
        call,
        limits: createFiles,
        send(json, upload) {
          const send = (): Promise<Answer> => http('POST', routes[0]!, call, { json, upload });
          return send().catch((error: HelpDeskError) => {
            // There is no such route: nothing was stored.
            if (!routes[1] || !/^(uns|not-f)/.test(error.code)) throw error;
            routes = routes.slice(1);
            return send();
          });
        },
        read: async (number) => toTicket(await read(number, { ...call, identity: { email } })),
        whole: (cause) => Promise.reject(new HelpDeskError('unexpected', { cause })),
      });
    },

    ...(topics && { listTopics: async () => topics }),

    ...(staffUserName && {
      async reply(id: string, draft: ReplyDraft, call: Call): Promise<ThreadEntry> {
        const staff = staffOf(call);
        if (!staff) throw new HelpDeskError('forbidden');
        const { reply } = await loaded(() => import('./osticket-agent.js'));
        return reply(id, draft, {
          staff,
          statusMap,
          read: () => read(id, call),
          send: (json) => ask('POST', 'reply', call, { json }),
          toThread,
        });
      },
    }),
  };
});
