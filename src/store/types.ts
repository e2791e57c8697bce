/** What elements see of the store. */
import type { HelpDeskError } from '../errors.js';
import type { AttachmentContent, Backend, Capability } from '../backends/backend.js';
import type {
  Attachment,
  Identity,
  Person,
  ReplyDraft,
  SendingState,
  Tag,
  Thread,
  ThreadEntry,
  Ticket,
  TicketChange,
  TicketDraft,
  TicketQuery,
  TicketStatus,
  Topic,
  UserDraft,
} from '../model.js';

/** A frozen picture of something that is fetched. Data stays while a refresh runs and when it fails. */
export interface Snapshot<T> {
  /** `idle` before the first watcher, `pending` without data, `ready` with data, `error` when the last fetch failed. */
  readonly status: 'idle' | 'pending' | 'ready' | 'error';
  readonly data?: T;
  readonly error?: HelpDeskError;
  /** True while a request is running, with data or without. */
  readonly fetching: boolean;
  /** Milliseconds since 1970 of the last good answer; 0 before. */
  readonly updatedAt: number;
}

/** A value somebody may watch. */
export interface Cell<T> {
  readonly value: T;
  /** Calls back after each change; the answer ends it. */
  watch(listener: () => void): () => void;
}

/** Something fetched by key. Watching it fetches it when stale, and polls while the page is visible. */
export interface Resource<T> {
  readonly key: string;
  peek(): Snapshot<T>;
  /** Calls back after each change; the answer ends it, and the last one to leave stops a running request. */
  watch(listener: () => void): () => void;
  /** Fetches now; joins a running request. Never rejects: the outcome is in the snapshot. */
  refresh(): Promise<void>;
}

/** As much of a list as was asked for. */
export interface TicketList {
  readonly items: readonly Ticket[];
  /** True where the back end has more. */
  readonly more: boolean;
  readonly total?: number;
}

/** A list of tickets that can grow. */
export interface TicketListResource extends Resource<TicketList> {
  /** Fetches the next page and adds it. Never rejects. */
  loadMore(): Promise<void>;
}

/** A reply on its way: kept until the back end has it or the person gives it up. */
export interface Outgoing {
  /** Made when the person pressed send; the same for every try. */
  readonly id: string;
  readonly ticketId: string;
  readonly draft: Readonly<ReplyDraft>;
  readonly state: SendingState;
  /** True once the thread has it, while no answer has come yet. */
  readonly stored?: boolean;
  /** 0 to 1 of the bytes sent. */
  readonly progress: number;
  readonly error?: HelpDeskError;
  /** ISO 8601. */
  readonly createdAt: string;
  /** Names of files that did not survive a reload of the page and must be chosen again. */
  readonly lostFiles: readonly string[];
}

/** Text kept on this device until it is sent. Files are not part of it. */
export interface DraftText {
  readonly subject?: string;
  readonly message?: string;
  readonly topicId?: string;
  readonly priority?: string;
  readonly email?: string;
  readonly displayName?: string;
  /** Names of the files that were chosen with it. */
  readonly files?: string;
  /** Of the last try to send it: a mark of what was sent, and its intent. The same content is the same intent. */
  readonly intent?: string;
}

/** Drafts of one person at one desk. */
export interface Drafts {
  read(key: string): DraftText | undefined;
  /** Keeps the draft; an empty one is removed. Written at once. */
  write(key: string, draft: DraftText): void;
  remove(key: string): void;
  /** False where the browser refuses storage: drafts then live as long as the page. */
  readonly durable: boolean;
}

/** How a write goes on. */
export interface SendOptions {
  /** The same for every try of one intent. Made anew when absent. */
  readonly intentId?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number) => void;
}

/** One desk's data, shared by every element of that desk. */
export interface Store {
  readonly backend: Backend;
  /** Who asks; undefined where nobody was named. */
  readonly identity: Cell<Identity | undefined>;
  /** The ticket last chosen in a list of this desk. */
  readonly selected: Cell<string | undefined>;
  /** Replies on their way or failed, oldest first. */
  readonly outbox: Cell<readonly Outgoing[]>;
  /** Ids of tickets with news since the person last looked. */
  readonly unread: Cell<ReadonlySet<string>>;
  /** False while the browser says there is no network. */
  readonly online: Cell<boolean>;
  readonly drafts: Drafts;

  /** True where the back end has this method. */
  can(capability: Capability): boolean;
  /** The list for a query (its cursor is ignored). */
  tickets(query?: TicketQuery): TicketListResource;
  thread(ticketId: string): Resource<Thread>;
  /** Empty, and ready at once, where the back end has no topics. */
  topics(): Resource<readonly Topic[]>;
  /** Every tag that a ticket can have. Empty, and ready at once, where the back end lists none. */
  tags(): Resource<readonly Tag[]>;

  /** Chooses a ticket (or none) for threads that follow this desk. */
  select(ticketId: string | undefined): void;
  /** Remembers that the person has seen this ticket as it is now. */
  markSeen(ticket: Ticket): void;

  /** Sends a ticket. A second call with the same intent while it runs joins the first. Rejects with `HelpDeskError`. */
  createTicket(draft: TicketDraft, options?: SendOptions): Promise<Ticket>;
  /**
   * Sends a reply through the outbox. Rejects with `HelpDeskError`; the outbox then keeps it. Where no element that shows
   * tickets has been in the page, its code is fetched first: `network` and an empty outbox where that cannot be had.
   */
  reply(ticketId: string, draft: ReplyDraft): Promise<ThreadEntry>;
  /** Tries a failed reply again: looks first whether it arrived, and sends only if not. */
  retry(outgoingId: string): Promise<ThreadEntry>;
  /** Stops a reply that is being sent: it stays in the outbox, and is looked for before it is sent again. */
  stop(outgoingId: string): void;
  /** Gives a failed reply up. */
  discard(outgoingId: string): void;
  /** Puts a discarded reply back, as failed. */
  restore(outgoing: Outgoing): void;
  /** Closes or reopens at once on the screen, and takes it back when refused. */
  setStatus(ticketId: string, status: TicketStatus, reason?: string): Promise<Ticket>;
  rate(ticketId: string, score: number): Promise<Ticket>;
  /** Changes priority, tags or assignee at once on the screen, and takes it back when refused. */
  updateTicket(ticketId: string, change: TicketChange): Promise<Ticket>;
  readAttachment(ticketId: string, attachment: Attachment, signal?: AbortSignal): Promise<AttachmentContent>;
  /** Makes somebody known to the help desk, for agents. Rejects with `HelpDeskError`, its `fields` by the draft's names. */
  createUser(draft: UserDraft): Promise<Person>;

  /** Another person: everything of the former one is forgotten and stopped. */
  identify(identity: Identity | undefined): void;
  /** Forgets person, cache, drafts and outbox. */
  signOut(): void;
  /** Fetches everything that is being watched. */
  refresh(): Promise<void>;
  /** Stops everything for good. */
  dispose(): void;
}
