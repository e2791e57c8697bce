/**
 * Tickets of osTicket, as the APIs for it have them in common: in the words of the extension's README. Part of the back
 * ends `osticket` and `osticket-http`. *Recorded* means: by a real osTicket 1.18.1.
 */
import { HelpDeskError } from '../errors.js';
import type { Identity, Page, Person, Thread, ThreadEntry, Ticket, TicketQuery, TicketStatus } from '../model.js';
import type { BackendOptions } from './backend.js';
import { known, list, maybe, own, record, text, type Json } from './json.js';
import { byTime, type Times } from './times.js';
import { unescape, wordsOf } from './words.js';

/** Without the charset it is read as Latin 1; as plain text it loses what looks like a tag (recorded). */
export const htmlUrl = 'data:text/html;charset=utf-8,';

/** Where a time of activity is kept, in a whole ticket and in the agents' list of pairs (both recorded). */
const activity = [
  ['create_timestamp', 'created'],
  // Right after a reply this is the expression NOW.
  ['last_message_timestamp', 'updated'],
  ['last_response_timestamp'],
  // Stays after a reopening: no sign of being closed.
  ['close_timestamp', 'closed'],
];

const pick = (raw: Json, keys: readonly string[]): unknown => keys.map((key) => raw[key]).find(Boolean);

/** A ticket's number; empty where there is none. */
export const numberOf = (raw: Json): string => text(pick(raw, ['ticket_number', 'number']));

/** The statuses of a default installation, by id and by word: some lists have only the word (both documented). */
export const statuses: Readonly<Record<string, TicketStatus>> = {
  1: 'open',
  2: 'resolved',
  3: 'closed',
  4: 'closed',
  5: 'closed',
  open: 'open',
  resolved: 'resolved',
  closed: 'closed',
  archived: 'closed',
  deleted: 'closed',
};

/** Message and response; of the notes (N) only what the system says of a status is for the requester (recorded). */
const kinds: Record<string, ThreadEntry['kind']> = { M: 'message', R: 'reply' };

/**
 * Who is unknown: an agents' call makes PHP fail then (both recorded). Its other failures are failures. What lies between
 * is bounded, or a long text of failures would take seconds.
 */
export const strange = /Invalid user|FAILURE[^]{0,300}?(?:on null|non-object)/;

/** True where the person is unknown to osTicket: who never wrote is no user yet (recorded). */
export const stranger = (error: unknown): boolean => strange.test(wordsOf(error));

/** Numbers of tickets that osTicket can be asked for, and ids of its people. */
export const plain = /^[1-9]\d{0,19}$/;

/** An e-mail address, plain or with a name before it (both recorded). A name may look like an address, too. */
export const address = (value: unknown): string | undefined => {
  const said = text(value);
  return /[^\s@,;<>"]{1,64}@[^\s@,;<>"]{1,255}/.exec(/<([^<>]*)>\s*$/.exec(said)?.[1] ?? said)?.[0];
};

/** A person's address, in small letters since it is the same in any case; empty where it is none. */
export const emailOf = ({ email = '' }: Identity = {}): string =>
  /^[^\s@,;<>"]+@[^\s@,;<>"]+$/.test(email.trim()) ? email.trim().toLowerCase() : '';

/** A list that came whole, narrowed to what was asked for, last activity first. */
export function toPage(items: readonly Ticket[], { status, topicId, search = '' }: TicketQuery): Page<Ticket> {
  const words = search.trim().toLowerCase();
  const found = items
    .filter(
      (ticket) =>
        (!status || ticket.status === status) &&
        (!topicId || ticket.topic?.id === topicId) &&
        `${ticket.number} ${ticket.subject}`.toLowerCase().includes(words),
    )
    .reverse()
    .sort((a, b) => byTime(b.updatedAt, a.updatedAt));
  return { items: found, total: found.length };
}

/** Reads tickets and threads. `toTicket` throws `unexpected` where there is no number. */
export function readers(
  { statusMap, topics }: BackendOptions,
  time: Times,
): {
  toTicket(raw: Json): Ticket;
  toThread(raw: Json): Thread;
} {
  const mapped = Object.fromEntries(
    Object.entries(statusMap ?? {}).map(([word, status]) => [word.toLowerCase(), status]),
  );
  /** By the id before the word, which an installation may have changed; by what was configured before both. */
  const toStatus = (...said: readonly string[]): TicketStatus =>
    [mapped, statuses].flatMap((table) => said.map((word) => own(table, word.toLowerCase()))).find(Boolean) ?? 'open';

  function toTicket(raw: Json): Ticket {
    const number = numberOf(raw);
    if (!number) throw new HelpDeskError('unexpected', { cause: raw });
    const user = record(raw['user']);
    const statusLabel = maybe(raw['ticket_status']);
    const topic = maybe(raw['topic']);
    const agent = list(raw['assigned_to']).map(text).find(Boolean);
    const [createdAt, ...later] = activity.map((keys) => time(pick(raw, keys)));
    return known<Ticket>({
      id: number,
      number,
      subject: text(raw['subject']),
      status: toStatus(text(raw['statusId']), text(raw['ticket_status'])),
      statusLabel,
      priority: maybe(raw['priority']) ?? maybe(record(record(raw['priority'])['ht'])['priority_desc']),
      topic:
        topic === undefined
          ? topic
          : known({ id: maybe(raw['topicId']) ?? topics?.find(({ name }) => name === topic)?.id, name: topic }),
      requester: known<Person>({ name: text(user['fullname']), email: address(user['email']), role: 'requester' }),
      assignee: agent === undefined ? agent : { name: agent, role: 'agent' },
      createdAt,
      updatedAt: [createdAt, ...later].sort().findLast(Boolean),
      dueAt: time(raw['due_timestamp']),
    });
  }

  function toEntry(value: unknown, poster: string): ThreadEntry[] {
    const raw = record(value);
    const from = text(raw['poster']);
    const type = text(raw['type']).toUpperCase();
    // What an agent has written says so in one of these two.
    const agent = raw['staff_id'] || text(raw['staff_name']);
    const told = type === 'N' && from === 'SYSTEM' && !agent && /^status changed$/i.test(text(raw['title']));
    const kind = own(kinds, type) ?? (told && 'event');
    if (!kind) return [];
    const format = raw['format'] === 'text' ? 'text' : 'html';
    const body = text(raw['body']);
    const authors: Record<ThreadEntry['kind'], Person> = {
      // What was sent through the API has no poster.
      message: { role: 'requester', name: from || poster },
      reply: { role: 'agent', name: text(raw['staff_name']) || from },
      event: { role: 'system', name: '' },
    };
    return [
      known<ThreadEntry>({
        id: text(raw['id']),
        kind,
        author: authors[kind],
        createdAt: time(raw['created']),
        // Plain text is stored escaped (recorded).
        body: { format, value: format === 'text' ? unescape(body) : body },
        // Only one of the extension's shapes names them, by the key that its HTML names them by, too (recorded).
        attachments: Object.entries(record(raw['attachmentUrls'])).map(([id, file]) =>
          known({ id, name: maybe(record(file)['filename']), contentId: id }),
        ),
      }),
    ];
  }

  return {
    toTicket,
    toThread(raw) {
      const ticket = toTicket(raw);
      return { ticket, entries: list(raw['threads']).flatMap((entry) => toEntry(entry, ticket.requester.name)) };
    },
  };
}
