/** What a person does to tickets by the relay. Part of the back end `relay`, loaded when somebody writes or takes a file. */
import type { HelpDeskError } from '../errors.js';
import type { ReplyDraft, TicketDraft } from '../model.js';
import type { Backend, Call } from './backend.js';
import { checkFiles, fileName } from './files.js';
import { known } from './json.js';
import type { Answer, Ask } from './request.js';

type Send<T> = (method: string, path: string, call: Call, more?: Ask) => Promise<T>;

/** The back end, as it is needed here. */
export interface Desk {
  readonly backend: Pick<Backend, 'limits'>;
  /** True where it is the draft that says who writes, and no token. */
  readonly guest: boolean;
  ask: Send<Answer>;
  /** What an answer has under this name. */
  read<T>(name: string, ...args: Parameters<Send<T>>): Promise<T>;
  /** Nothing that could lead elsewhere. */
  plain(id: string): string;
  /** Path of a ticket. */
  at(id: string, rest?: string): string;
}

/** The methods that are not needed to show a page. */
export type Writes = Required<
  Pick<Backend, 'createTicket' | 'reply' | 'setStatus' | 'rate' | 'updateTicket' | 'listTags' | 'readAttachment'>
>;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** These methods. */
export function serve({ backend, guest, ask, read, plain, at }: Desk): Writes {
  /** As `read`; waits for the same write where that still runs. */
  const write: Desk['read'] = async (...args) => {
    for (let left = 30; ; left--)
      try {
        return await read(...args);
      } catch (error) {
        const { code, retryAfterMs } = error as HelpDeskError;
        if (code !== 'conflict' || !retryAfterMs || !left) throw error;
        await wait(retryAfterMs);
      }
  };

  /** As JSON, or as a form where there are files. */
  function toBody({
    files = [],
    email,
    displayName,
    ...words
  }: TicketDraft | (ReplyDraft & Partial<TicketDraft>)): Ask {
    // Agents may write for others.
    const json = guest || backend.limits.requester ? { ...words, email, displayName } : words;
    if (!files.length) return { json };
    const body = new FormData();
    body.append('draft', JSON.stringify(json));
    for (const file of files) body.append('files', file);
    return { body, upload: true };
  }

  return {
    async createTicket(draft, call) {
      checkFiles(backend.limits.createFiles, draft.files);
      return write('ticket', 'POST', 'tickets', call, toBody(draft));
    },

    async reply(id, draft, call) {
      checkFiles(backend.limits.replyFiles, draft.files);
      return write('entry', 'POST', at(id, '/replies'), call, toBody(draft));
    },

    setStatus: async (id, status, call) =>
      write('ticket', 'PUT', at(id, '/status'), call, { json: { status, reason: call.reason } }),

    rate: async (id, score, call) => write('ticket', 'PUT', at(id, '/rating'), call, { json: { score } }),

    updateTicket: async (id, change, call) => write('ticket', 'PATCH', at(id), call, { json: change }),

    listTags: async (call) => read('items', 'GET', 'tags', call),

    async readAttachment(id, attachment, call) {
      const path = at(id, `/attachments/${plain(attachment.id)}`);
      const { blob, headers } = await ask('GET', path, call, { file: true });
      return known({ blob: blob!, name: fileName(headers) });
    },
  };
}
