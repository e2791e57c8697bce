/** Reading and answering tickets: brought by the elements that show them, fetched where a store is asked without any. */
import { HelpDeskError } from '../errors.js';
import type { Identity, ReplyDraft, Thread, ThreadEntry, TicketQuery } from '../model.js';
import type { Activity } from './activity.js';
import type { Listing } from './lists.js';
import { newId, show, type Sent } from './outbox.js';
import { objects, unexpected, type Session } from './session.js';
import type { Outgoing } from './types.js';

/** Not even asked for where nobody is named and somebody must be, nor where nobody waits any more. */
function check({ backend, identity }: Session, signal: AbortSignal | undefined, who = identity.value): void {
  if (signal?.aborted) throw new HelpDeskError('aborted');
  if (backend.limits?.identityRequired && !who) throw new HelpDeskError('unauthorized');
}

/** A page of a list, as a list. */
async function readPage(session: Session, query: TicketQuery, signal?: AbortSignal, who?: Identity): Promise<Listing> {
  check(session, signal, who);
  const { items, next, total } = await session.read((call) => session.backend.listTickets(query, call), signal, who);
  return {
    items: objects(items),
    more: !!next,
    ...(next && { next }),
    ...(total !== undefined && { total }),
  };
}

/** A ticket with its entries. */
async function readThread(session: Session, id: string, signal?: AbortSignal): Promise<Thread> {
  check(session, signal);
  const { ticket, entries } = await session.read((call) => session.backend.readThread(id, call), signal);
  if (!ticket) throw unexpected();
  return {
    ticket,
    // There is no kind for what agents write to each other: an entry of another one is none to be shown.
    entries: objects(entries).filter(
      ({ kind, author, body, attachments }) =>
        ['message', 'reply', 'event'].includes(kind) && author && body && attachments,
    ),
  };
}

/** What is known of a list, and whether it is to be read further. */
export interface Reading {
  readonly signal: AbortSignal;
  readonly before: Listing | undefined;
  readonly further: boolean | undefined;
  /** Does something with the code that knows how lists grow. */
  readonly act: (run: (activity: Activity) => Promise<Listing>) => Promise<Listing>;
}

/** Reads a list, or further in it. */
async function readList(
  session: Session,
  query: TicketQuery,
  { signal, before, further, act }: Reading,
): Promise<Listing> {
  const read = (cursor?: string) => readPage(session, { ...query, ...(cursor && { cursor }) }, signal);
  if (further && before && !before.next) return before;
  return before && (further || before.pages) ? act(({ grow }) => grow(before, read, further)) : read();
}

/** Shows a reply and keeps it, its files by name only, in the place of the one with its id. None: it is gone. */
function keep({ shelf, queue }: Session, id: string, item?: Sent): void {
  const { files = [], ...draft } = item?.draft ?? {};
  shelf.set(
    `outbox:${id}`,
    item && { ...item, draft, lostFiles: [...item.lostFiles, ...files.map(({ name }) => name)], error: undefined },
  );
  show(queue, [...queue.value.filter((other) => other.id !== id), ...(item ? [item] : [])]);
}

/** What a reply is to do, as one text: two of the same are one. */
const intent = ({ message, status, files = [] }: ReplyDraft): string =>
  JSON.stringify([message, status, ...files.map(({ name, size, lastModified }) => [name, size, lastModified])]);

/** Puts a reply into the outbox, on this device before anything else, and has it delivered. */
async function reply(
  session: Session,
  ticketId: string,
  draft: ReplyDraft,
  deliver: (id: string) => Promise<ThreadEntry>,
): Promise<ThreadEntry> {
  const alike = session.queue.value.filter(
    (item) => item.ticketId === ticketId && item.draft.message === draft.message,
  );
  const twice = alike.find(({ state, draft: other }) => state === 'sending' && intent(other) === intent(draft));
  if (twice) return deliver(twice.id);
  const same = alike.find(({ state }) => state !== 'sending');
  if (same) keep(session, same.id);
  // With other files or another status it is another intent, though what was sent before is still looked for.
  const again = same && !draft.files?.length && !same.lostFiles.length && intent(same.draft) === intent(draft);
  const id = again ? same.id : newId();
  const item: Sent = {
    createdAt: new Date().toISOString(),
    ...same,
    id,
    ticketId,
    draft: { ...draft },
    state: 'sending',
    progress: 0,
    lostFiles: [],
  };
  keep(session, id, item);
  try {
    return await deliver(id);
  } catch (error) {
    // What delivers also says how that went; but its code could not be had.
    if (session.queue.value.includes(item))
      keep(session, id, { ...item, state: 'failed', error: error as HelpDeskError });
    throw error;
  }
}

/** Gives a reply up that is not being sent. */
function discard(session: Session, id: string): void {
  if (session.queue.value.some((item) => item.id === id && item.state !== 'sending')) keep(session, id);
}

/** Puts a reply back that was given up. */
function restore(session: Session, outgoing: Outgoing): void {
  const uncertain = outgoing.state === 'unconfirmed';
  keep(session, outgoing.id, { ...outgoing, state: 'failed', ...(uncertain && { uncertain: Date.now() }) });
}

/** All of it, for `Late`. */
export const ticketsCode = { readPage, readList, readThread, keep, reply, discard, restore };
