/** What a person does to tickets. Part of the back end `support-ticket`, loaded when somebody writes or takes a file. */
import { HelpDeskError } from '../errors.js';
import type { AttachmentContent, Backend } from './backend.js';
import { checkFiles, fileName } from './files.js';
import { known, text, type Json } from './json.js';
import { loaded } from '../late.js';
import type { Ask } from './request.js';
import type { Desk, Route } from './support-ticket-read.js';

/** The methods that are not needed to show a page. */
export type Writes = Required<
  Pick<Backend, 'createTicket' | 'reply' | 'setStatus' | 'updateTicket' | 'readAttachment'>
>;

const calls = {
  create: ['create', 'POST', 'support/create/ticket/', 'creat/support/ticket/'],
  update: ['update', 'POST', 'support/update/ticket/', 'update/support/ticket/'],
  reply: ['reply', 'POST', 'support/ticket/conversation/'],
  status: ['status', 'POST', 'support/ticket/status/'],
  download: ['download', 'GET', 'support/ticket/download/{id}/'],
} satisfies Record<string, Route>;

/** A form; a list becomes a field for each of its values, an undefined value none. */
function toForm(fields: Readonly<Record<string, string | readonly (string | File)[] | undefined>>): Ask {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields))
    for (const each of [value ?? []].flat()) body.append(name, each as string);
  return { body, upload: !!fields['attachment']?.length };
}

/** These methods. */
export function serve(desk: Desk): Writes {
  const { files, about, ask, readRows, readThread, send, toPerson, toTicket } = desk;
  /** The same words, whatever the system did to the space between them. */
  const same = (...both: readonly unknown[]): boolean =>
    new Set(both.map((words) => text(words).replace(/\s+/g, ' ').trim())).size < 2;

  return {
    async createTicket(draft, call) {
      const { subject, message, topicId, priority = '2' } = draft;
      checkFiles(files, draft.files);
      const highest = Math.max(0, ...(await readRows(call)).map(({ id }) => Number(text(id))));
      await ask(
        calls.create,
        call,
        toForm({ subject, priority, comment: message, category: topicId, attachment: draft.files }),
      );
      const created = (raw: Json): boolean =>
        Number(text(raw['id'])) > highest && same(raw['subject'], subject) && same(raw['comment'], message);
      // It is stored: whatever fails from here on, the ticket exists.
      const rows = await readRows(call).catch(() => []);
      return toTicket(rows.find(created) ?? { subject, priority, category: topicId }, call.identity);
    },

    async reply(id, { message, files: attached = [] }, call) {
      checkFiles(files, attached);
      await about(id, () => ask(calls.reply, call, toForm({ ticket: id, comment: message, attachment: attached })));
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
      await about(id, () => ask(calls.status, call, toForm({ ticket: id, status: close ? '3' : '2' }))).catch(
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
      await about(id, () => ask(calls.update, call, toForm({ ticket_id: id, priority, tags: kept })));
      return (await readThread(id, call)).ticket;
    },

    async readAttachment(_ticketId, { id }, call) {
      return about(id, async () => {
        const answer = await send(calls.download, call, { file: true }, id);
        const blob = answer.blob!;
        const name = fileName(answer.headers);
        if (name === undefined && /json|text|^$/.test(blob.type)) {
          // What has no name may be a refusal under a good status.
          const { refused } = await loaded(() => import('./support-ticket-refusal.js'));
          const error = refused({ ...answer, text: await blob.text() });
          if (error) throw error;
          // A page says that something else went wrong.
          if (/html/.test(blob.type)) throw new HelpDeskError('unexpected');
        }
        return known<AttachmentContent>({ blob, name });
      });
    },
  };
}
