/** What a person does to tickets. Part of the back end `support-ticket`, loaded when somebody writes or takes a file. */
import type { HelpDeskError } from '../errors.js';
import type { Identity, Person, Thread, Ticket } from '../model.js';
import type { AttachmentContent, Backend, Call, FileLimits } from './backend.js';
import { checkFiles, fileName } from './files.js';
import type { Answer } from './http.js';
import type * as reading from './read.js';
import type { Json } from './read.js';

/** Fields of a request; a list becomes a field for each of its values. */
export type Fields = Readonly<Record<string, string | readonly (string | File)[] | undefined>>;

/** What is needed here of the back end, and of the files that a page has loaded already: imported, they would be torn from its own. */
export interface Desk extends Pick<typeof reading, 'known' | 'text'> {
  readonly HelpDeskError: typeof HelpDeskError;
  readonly files: FileLimits;
  send(name: 'download', call: Call, fields: Fields): Promise<Answer>;
  /** What an answer holds. */
  read(name: 'create' | 'reply' | 'status' | 'update', call: Call, fields: Fields): Promise<Json>;
  readList(name: 'list', call: Call): Promise<Json[]>;
  /** Work on one ticket or file that this person may not have. */
  about<T>(id: string, work: () => Promise<T>): Promise<T>;
  readThread(id: string, call: Call): Promise<Thread>;
  toPerson(role: Person['role'], email?: string, identity?: Identity): Person;
  toTicket(raw: Json, identity?: Identity): Ticket;
}

/** The methods that are not needed to show a page. */
export type Writes = Required<
  Pick<Backend, 'createTicket' | 'reply' | 'setStatus' | 'updateTicket' | 'readAttachment'>
>;

/** These methods. */
export function serve(desk: Desk): Writes {
  const { HelpDeskError, known, text, files, about, read, readList, readThread, send, toPerson, toTicket } = desk;
  /** The same words, whatever the system did to the space between them. */
  const same = (...both: readonly unknown[]): boolean =>
    new Set(both.map((words) => text(words).replace(/\s+/g, ' ').trim())).size < 2;

  return {
    async createTicket(draft, call) {
      const { subject, message, topicId, priority = '2' } = draft;
      checkFiles(desk, files, draft.files);
      const highest = Math.max(0, ...(await readList('list', call)).map(({ id }) => Number(text(id))));
      await read('create', call, { subject, priority, comment: message, category: topicId, attachment: draft.files });
      const created = (raw: Json): boolean =>
        Number(text(raw['id'])) > highest && same(raw['subject'], subject) && same(raw['comment'], message);
      // It is stored: whatever fails from here on, the ticket exists.
      const rows = await readList('list', call).catch(() => []);
      return toTicket(rows.find(created) ?? { subject, priority, category: topicId }, call.identity);
    },

    async reply(id, { message, files: attached = [] }, call) {
      checkFiles(desk, files, attached);
      await about(id, () => read('reply', call, { ticket: id, comment: message, attachment: attached }));
      const thread = await readThread(id, call).catch(() => undefined);
      return (
        thread?.entries.findLast(({ kind, body: { value } }) => kind === 'message' && same(value, message)) ?? {
          id: '',
          kind: 'message',
          author: toPerson('requester', call.identity?.email, call.identity),
          body: { format: 'text', value: message },
          attachments: [],
        }
      );
    },

    async setStatus(id, status, call) {
      const close = status === 'closed';
      if (!close && status !== 'open') throw new HelpDeskError('unsupported');
      await about(id, () => read('status', call, { ticket: id, status: close ? '3' : '2' })).catch(
        (error: HelpDeskError) => {
          // Already so.
          if (error.code !== 'conflict') throw error;
        },
      );
      const { ticket } = await readThread(id, call);
      if ((ticket.status === 'closed') !== close) throw new HelpDeskError('forbidden');
      return ticket;
    },

    async updateTicket(id, { priority, tags }, call) {
      // Tags are required even where only the priority changes.
      const kept = tags ?? (await readThread(id, call)).ticket.tags?.map((tag) => tag.id);
      await about(id, () => read('update', call, { ticket_id: id, priority, tags: kept }));
      return (await readThread(id, call)).ticket;
    },

    async readAttachment(_ticketId, { id }, call) {
      const { blob, headers } = await about(id, () => send('download', call, { id }));
      const name = fileName(headers);
      // A page says that something else went wrong.
      if (name === undefined && /html/.test(blob!.type)) throw new HelpDeskError('unexpected');
      return known<AttachmentContent>({ blob: blob!, name });
    },
  };
}
