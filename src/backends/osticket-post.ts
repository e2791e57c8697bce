/** A new ticket as osTicket takes it. Part of `osticket` and `osticket-http`, loaded by them when one is sent. */
import { HelpDeskError } from '../errors.js';
import type { Identity, ReplyDraft, Ticket, TicketDraft } from '../model.js';
import type { Call, FileLimits } from './backend.js';
import { checkFiles } from './files.js';
import { parse, type Json } from './json.js';
import { markup } from './markup.js';
import { reserved } from './osticket-fields.js';
import { htmlUrl } from './osticket-ticket.js';
import type { Answer } from './request.js';

/** What osTicket takes out of words: emoji and dingbats (both recorded), and what joins and colours them. */
const lost = /[\p{Extended_Pictographic}\p{RI}\p{EMod}\p{Cf}\u20e3\ufe00-\ufe0f\u2702-\u27b0\u23d0-\u23ff]/gu;

/** Throws before a message is sent of which nothing would be kept: it would be stored empty (recorded), as a success. */
export function checkWords({ message, format }: ReplyDraft): void {
  const words = format === 'html' ? message.replace(/<(?!img)[^<>]*>/gi, '') : message;
  if (words.trim() && !words.replace(lost, '').trim())
    throw new HelpDeskError('invalid', {
      fields: { message: 'Add some words: this help desk does not keep emoji.' },
    });
}

/** Numbers of tickets as an installation may have them: with letters, and signs between, but for those of JSON and HTML. */
const numbers = /^[^\s"'<>{}[\]]{0,30}\d[^\s"'<>{}[\]]{0,30}$/;

/** Parameters of a type, as a charset, would corrupt the file (recorded). */
async function toDataUrl(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return `data:${file.type.split(';')[0] || 'application/octet-stream'};base64,${btoa(binary)}`;
}

/** What differs between those who send one. */
export interface Posting {
  readonly call: Call;
  readonly limits: FileLimits | undefined;
  send(json: Json, upload: boolean): Promise<Answer>;
  /** The ticket of this number. */
  read(number: string): Promise<Ticket>;
  /** The ticket in an answer that is more than its number. */
  whole(answer: Answer): Promise<Ticket>;
}

/** Sends a new ticket of this person. */
export async function post(
  draft: TicketDraft,
  who: Json,
  { displayName, email }: Identity,
  { call, limits, send, read, whole }: Posting,
): Promise<Ticket> {
  const { files = [], subject } = draft;
  checkFiles(limits, files);
  checkWords(draft);
  // A new user needs a name; a known one keeps theirs (recorded).
  const name = displayName || draft.displayName || email?.trim();
  const answer = await send(
    {
      // What osTicket takes (documented).
      ...Object.fromEntries(Object.entries(draft.fields ?? {}).filter(([name]) => !reserved.test(name))),
      ...who,
      name,
      subject,
      message: htmlUrl + markup(draft),
      topicId: draft.topicId ? Number(draft.topicId) : undefined,
      // Documented. As numbers, since of a form's words PHP takes "false" for true.
      ...(call.unproved && { alert: 0, autorespond: 0 }),
      attachments: await Promise.all(files.map(async (file) => ({ [file.name]: await toDataUrl(file) }))),
    },
    files.length > 0,
  );
  // osTicket itself answers the bare number; PHP may have written lines before it.
  const bare = answer.text.trim().replace(/^[^]*\n/, '');
  const number = numbers.test(bare) ? bare : parse(answer.text);
  if (typeof number !== 'string' || !numbers.test(number)) return whole(answer);
  try {
    return await read(number);
  } catch {
    const requester = {
      name: name ?? '',
      role: 'requester',
      ...(who['email'] ? { email: who['email'] as string } : {}),
    } as const;
    return { id: number, number, subject, status: 'open', requester };
  }
}
