/** What a customer does to tickets of osTicket. Part of the back end `osticket`, loaded when somebody writes or takes a file. */
import { HelpDeskError } from '../errors.js';
import type { Attachment, Identity, Thread, Ticket } from '../model.js';
import type { AttachmentContent, Backend, Call } from './backend.js';
import { fileName } from './files.js';
import { known } from './json.js';
import { markup } from './markup.js';
import { checkWords, post } from './osticket-post.js';
import type { Desk } from './osticket-read.js';
import { plain, stranger } from './osticket-ticket.js';
import type { Answer } from './request.js';

export { checkWords, post };

/** What comes with the parts: a customer's and an agent's methods. */
export type Methods = Required<
  Pick<Backend, 'listTickets' | 'readThread' | 'createTicket' | 'reply' | 'setStatus' | 'readAttachment' | 'createUser'>
>;

/** Sends a new ticket. */
export const createTicket =
  ({ tickets, createFiles, load, read, toTicket, toWho, unwrap }: Desk) =>
  async (...[draft, call]: Parameters<Backend['createTicket']>): Promise<Ticket> => {
    const { email, userId } = call.identity ?? {};
    const identity = (email || userId ? call.identity : draft) as Identity;
    const who = toWho(identity);
    const { send } = await load();
    return post(draft, who, identity, {
      call,
      limits: createFiles,
      send: (json, upload) =>
        send('POST', tickets, call, json, upload).catch((error: unknown) => {
          throw stranger(error) ? new HelpDeskError('unauthorized', { cause: error }) : error;
        }),
      read: async (number) => toTicket(await read(number, { ...call, identity })),
      whole: async (answer) => toTicket(await unwrap(answer)),
    });
  };

/** A file of a thread that was answered. */
export function toContent({ blob, headers }: Answer, { entries }: Thread, { id, name }: Attachment): AttachmentContent {
  const served = fileName(headers);
  // The page to sign in: by osTicket's default setting files are for who is signed in there.
  if (served === undefined && /html/.test(blob!.type)) throw new HelpDeskError('forbidden');
  // The same content is kept once, and served under the name that it had first, on whosever ticket that was (recorded).
  const hung = entries.flatMap(({ attachments }) => attachments).find((each) => each.id === id);
  return known({ blob: blob!, name: name ?? hung?.name ?? served });
}

/** The methods that are not needed to show a page. */
export function serve(desk: Desk): Pick<Methods, 'createTicket' | 'reply' | 'setStatus' | 'readAttachment'> {
  const { tickets, careless, load, read, toThread, toTicket, toWho, unwrap } = desk;

  async function write(method: string, id: string, call: Call, more?: object): Promise<Answer> {
    const who = toWho(call.identity);
    // Never to another ticket than the one that was meant.
    if (careless || !plain.test(id)) await read(id, call, true);
    return (await load()).send(method, `${tickets}/${id}`, call, { ...who, ...more });
  }

  return {
    createTicket: createTicket(desk),

    async reply(id, draft, call) {
      if (!draft.message.trim()) throw new HelpDeskError('invalid', { fields: { message: 'This field is required.' } });
      checkWords(draft);
      const answer = await write('PUT', id, call, { message: markup(draft) });
      const entry = toThread(await unwrap(answer)).entries.findLast(({ kind }) => kind === 'message');
      if (!entry) throw new HelpDeskError('unexpected', { cause: answer });
      return entry;
    },

    async setStatus(id, status, call) {
      const close = status === 'closed';
      if (!close && status !== 'open') throw new HelpDeskError('unsupported');
      await write(close ? 'DELETE' : 'POST', id, call);
      const ticket = toTicket(await read(id, call));
      // Closed or resolved.
      if (/ed$/.test(ticket.status) !== close) throw new HelpDeskError('forbidden');
      return ticket;
    },

    async readAttachment(id, file, call) {
      const raw = await read(id, call);
      const thread = toThread(raw);
      return toContent(await (await load()).download(raw, thread, file.id, call), thread, file);
    },
  };
}
