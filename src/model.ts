/** The words of the project as types. This file imports nothing. */

/** The five states every back end's own states are mapped to. The back end's own word goes in `statusLabel`. */
export type TicketStatus = 'open' | 'pending' | 'on-hold' | 'resolved' | 'closed';

/** A person as others may see them. */
export interface Person {
  readonly id?: string;
  /** What people see. Empty when the back end did not say. */
  readonly name: string;
  readonly email?: string;
  readonly role: 'requester' | 'agent' | 'system';
}

/** What a ticket can be about. */
export interface Topic {
  readonly id: string;
  /** The whole name; a hierarchy is written `Parent / Child`. */
  readonly name: string;
  readonly parentId?: string;
  readonly description?: string;
}

/** A label an agent or the back end puts on tickets. */
export interface Tag {
  readonly id: string;
  readonly name: string;
}

/** A file that hangs on an entry. Its bytes are read through the back end, never by a link. */
export interface Attachment {
  readonly id: string;
  readonly name?: string;
  /** Bytes. */
  readonly size?: number;
  /** Media type as the back end names it: a hint, never trusted. */
  readonly type?: string;
  /** By which the entry's HTML names it, as an image (`cid:…`). */
  readonly contentId?: string;
}

/** Words of a person, untrusted: `text` is shown as text, `html` goes through the sanitiser. */
export interface Body {
  readonly format: 'text' | 'html';
  readonly value: string;
}

/** How far an entry written here has come. Absent on everything the back end has answered. */
export type SendingState = 'sending' | 'failed' | 'unconfirmed';

/**
 * One thing said (or one visible change) in a thread. There is no kind for an internal note:
 * the type cannot hold one, so an adapter must drop it.
 */
export interface ThreadEntry {
  readonly id: string;
  /** `message` of the requester, `reply` of an agent, `event` of the system. */
  readonly kind: 'message' | 'reply' | 'event';
  readonly author: Person;
  /** ISO 8601, or absent where the back end gives none. */
  readonly createdAt?: string;
  readonly body: Body;
  readonly attachments: readonly Attachment[];
}

/** One request for help. */
export interface Ticket {
  /** Opaque. Empty only for a ticket that was stored by a back end that does not say where. */
  readonly id: string;
  /** What people see and quote. May be empty, as the id. */
  readonly number: string;
  readonly subject: string;
  readonly status: TicketStatus;
  /** The back end's own word for the status. */
  readonly statusLabel?: string;
  readonly priority?: string;
  readonly topic?: { readonly id?: string; readonly name: string };
  readonly tags?: readonly Tag[];
  readonly requester: Person;
  readonly assignee?: Person;
  readonly createdAt?: string;
  /** Last activity visible to the requester. */
  readonly updatedAt?: string;
  readonly dueAt?: string;
  readonly overdue?: boolean;
  /** 1 to 5. */
  readonly rating?: number;
}

/** A ticket with everything its reader may see, oldest entry first. */
export interface Thread {
  readonly ticket: Ticket;
  readonly entries: readonly ThreadEntry[];
}

/** A part of a list. `next` is an opaque cursor, absent on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
  readonly total?: number;
}

/** Which tickets to list. */
export interface TicketQuery {
  readonly status?: TicketStatus;
  readonly topicId?: string;
  /** Words to find in subject or number. */
  readonly search?: string;
  /** `mine` by default; the others are for agents. */
  readonly scope?: 'mine' | 'assigned' | 'all';
  readonly cursor?: string;
  /** How many at most. A back end that answers its list whole may give more. */
  readonly limit?: number;
}

/** A ticket before it is sent. */
export interface TicketDraft {
  subject: string;
  message: string;
  /** `text` unless said otherwise. */
  format?: 'text' | 'html';
  topicId?: string;
  priority?: string;
  tags?: string[];
  /** Extra fields of the topic, by their name in the back end. */
  fields?: Record<string, string>;
  email?: string;
  displayName?: string;
  files?: File[];
}

/** An answer before it is sent. */
export interface ReplyDraft {
  message: string;
  format?: 'text' | 'html';
  /** The status the ticket takes with this answer; agents only. */
  status?: TicketStatus;
  files?: File[];
}

/** What can be changed of a ticket besides its status. What is absent stays. */
export interface TicketChange {
  /** Id of one of the back end's priorities. */
  readonly priority?: string;
  /** Ids of all tags that the ticket has from now on. */
  readonly tags?: readonly string[];
  /** Name of an agent, as the back end knows it. */
  readonly assignee?: string;
}

/** Somebody who is to become known to the help desk. */
export interface UserDraft {
  name: string;
  email: string;
  phone?: string;
  /** What agents should know of them. */
  notes?: string;
  /** IANA zone; that of whoever asks where absent. */
  timeZone?: string;
  /** Made at random where absent, and told to nobody: people set their own by the help desk's way for forgotten ones. */
  password?: string;
}

/** Who asks, where the back end is called directly. Behind the relay the token says it. */
export interface Identity {
  readonly email?: string;
  readonly userId?: string;
  readonly displayName?: string;
  /** An agent's name in the back end. Only ever from a signed claim, never from the person. */
  readonly staff?: string;
}
