/** A new ticket as osTicket takes it. Part of `osticket` and `osticket-http`, loaded by them when one is sent. */
import type { Identity, TicketDraft } from '../model.js';
import type { Json } from './read.js';

/** What a draft's extra fields may not set. */
const reserved =
  /^(alert|autorespond|ip|source|user_?id|name|email|phone|priority.*|duedate|.*(staff|dept|team|sla).*)$/i;

/** Parameters of a type, as a charset, would corrupt the file (recorded). */
async function toDataUrl(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let binary = '';
  for (let at = 0; at < bytes.length; at += 32_768) binary += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return `data:${file.type.split(';')[0] || 'application/octet-stream'};base64,${btoa(binary)}`;
}

/** Without the charset it is read as Latin 1; as plain text it loses what looks like a tag (recorded). */
export const htmlUrl = 'data:text/html;charset=utf-8,';

/** What osTicket takes for a new ticket of this person (documented); `html` is its message. */
export const toPost = async (
  draft: TicketDraft,
  html: string,
  who: Json,
  { displayName, email }: Identity,
): Promise<Json> => ({
  ...Object.fromEntries(Object.entries(draft.fields ?? {}).filter(([name]) => !reserved.test(name))),
  ...who,
  // A new user needs a name; a known one keeps theirs (recorded).
  name: displayName || draft.displayName || email?.trim(),
  subject: draft.subject,
  message: htmlUrl + html,
  topicId: draft.topicId && Number(draft.topicId),
  attachments: await Promise.all((draft.files ?? []).map(async (file) => ({ [file.name]: await toDataUrl(file) }))),
});
