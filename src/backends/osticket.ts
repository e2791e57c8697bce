/**
 * osTicket with the API extension that its README describes, or with the code of it that came before and after, and
 * osTicket's own call to create a ticket.
 *
 * Facts are marked *documented* (the extension's README, osTicket's API page) or *recorded* (a real osTicket 1.18.1 with
 * the extension). The API key is tied to one source address and opens every ticket: it belongs on a server.
 */
import { defineBackend, narrow, type Backend, type BackendOptions } from './backend.js';
import { createHttp } from './client.js';
import { clockIn } from './clock.js';
import { list, parse, record, text } from './json.js';
import { loaded, part } from '../late.js';
import { later } from './later.js';
import type { Front, Reads } from './osticket-read.js';
import type { Methods } from './osticket-write.js';

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

/**
 * osTicket with its API extension.
 *
 * Every call needs `identity.email` or `identity.userId` (else `unauthorized`) and shows that person's tickets only. Files
 * go with a new ticket (not in the shape `2018`), not with a reply; they can be read in the shape `2020`, unless osTicket
 * wants people to be signed in for that (`forbidden`). osTicket takes emoji out of what is written (recorded), so a message
 * of nothing else is `invalid`. Plain messages are sent as HTML, the one form that keeps their words. A refused close
 * answers like a done one, so each change of status is read back; one that had no effect is `forbidden`. The list comes
 * whole: `limit` and `cursor` are not used. What the other shapes need is loaded with them.
 *
 * With `staffUserName` it is the back end of agents: of the one that the identity names as `staff`, else of that one; a
 * customer is `forbidden`. The scope `assigned` lists what that agent has, `all` the whole desk, or the tickets of the
 * customer whose address is searched for. Agents read any ticket, write new ones in the name of who the draft's e-mail
 * names, and reply, which gives the ticket a status: by default the one it has. The code of 2020 has none of these lists
 * and no reply, so an agent reads single tickets there, and those of a customer.
 */
export const osticket = defineBackend('osticket', (options: OsticketOptions): Backend => {
  const { paths, apiKey, topics, staffUserName, shape = 'readme', timeZone } = options;
  const ask = createHttp(options, {
    headers: () => ({ 'X-API-Key': apiKey }),
    refusal: async (answer) => (await loaded(() => import('./osticket-refusal.js'))).refusal(answer),
  });
  // The size is osTicket's default and cannot be asked for (recorded).
  const createFiles = shape === '2018' ? undefined : narrow({ maxCount: 10, maxBytes: 8_388_608 }, options);
  /** The code of 2020 lets anybody write to any ticket (recorded). */
  const careless = /2020|auto/.test(shape);

  const front: Front = { options, ask, createFiles, careless, clock: clockIn(timeZone) };
  const desk = part(async () => (await import('./osticket-read.js')).open(front));
  const read = later<Reads>(desk);
  const write = later(async () => {
    const [all, { serve }] = await Promise.all([
      desk(),
      staffUserName ? import('./osticket-agent.js') : import('./osticket-write.js'),
    ]);
    return serve(all) as Methods;
  });
  const see = staffUserName ? write : read;

  return {
    name: 'osticket',
    limits: {
      ...(createFiles && { createFiles }),
      ...(staffUserName ? { agent: true, requester: true } : { identityRequired: true }),
    },

    listTickets: see('listTickets'),
    readThread: see('readThread'),
    createTicket: write('createTicket'),

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

    ...(!(staffUserName && shape === '2020') && { reply: write('reply') }),
    ...(staffUserName ? { createUser: write('createUser') } : { setStatus: write('setStatus') }),
    ...(careless && { readAttachment: write('readAttachment') }),
  };
});
