/** What a ticket system can be asked for. One file per system implements it; see `docs` in the README. */
import { HelpDeskError } from '../errors.js';
import type {
  Attachment,
  Identity,
  Page,
  Person,
  ReplyDraft,
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

/** The last argument of every call. */
export interface Call {
  /** Stops the request for real. */
  readonly signal?: AbortSignal;
  /** Who asks, for back ends that are told. */
  readonly identity?: Identity;
  /** The same for every try of one intent, so that a back end which can will store it once. */
  readonly idempotencyKey?: string;
  /** Nobody has proved whose address a new ticket names: who can, sends it no mail, and wakes no agent for it. */
  readonly unproved?: true;
  /** Upload progress from 0 to 1. */
  readonly onProgress?: (fraction: number) => void;
}

/** What may be attached. */
export interface FileLimits {
  /** How many files. */
  readonly maxCount: number;
  /** Bytes of one file. */
  readonly maxBytes: number;
  /** As the `accept` of a file field, e.g. `image/*,.pdf`; empty for anything. */
  readonly accept?: string;
}

/** What may be sent. An absent part cannot be sent at all. */
export interface Limits {
  /** Files with a new ticket. */
  readonly createFiles?: FileLimits;
  /** Files with a reply. */
  readonly replyFiles?: FileLimits;
  /** Characters of a subject. */
  readonly subjectLength?: number;
  /** Priorities a requester may choose, as id and word, lowest first. */
  readonly priorities?: readonly { readonly id: string; readonly name: string }[];
  /** True where a new ticket must name a topic. */
  readonly topicRequired?: boolean;
  /** True where a customer must be named by e-mail (or user id) before anything can be asked. */
  readonly identityRequired?: boolean;
  /** True where who asks is an agent: own words are replies then, and a reply may change the status. */
  readonly agent?: true;
  /** True where a new ticket must say by e-mail whose it is, since who asks is an agent. */
  readonly requester?: true;
  /** What `updateTicket` can change; priority and tags, for agents also the assignee, where this is absent. */
  readonly changes?: readonly (keyof TicketChange)[];
}

/** A file's bytes as the back end gave them. */
export interface AttachmentContent {
  readonly blob: Blob;
  /** What the attachment is called, else from the answer's header where it has one. */
  readonly name?: string;
}

/**
 * One ticket system. Optional methods are capabilities: an absent method is something the system cannot do, and no
 * element offers it. Every method rejects with a `HelpDeskError` and with nothing else.
 */
export interface Backend {
  /** The name it is registered under. */
  readonly name: string;
  readonly limits: Limits;
  /**
   * Resolves once methods and limits are known, where that takes asking, with who asks where the back end knows it by
   * itself; a caller may also begin at once. Rejects as every call does, and asks again the next time.
   */
  ready?(): Promise<Identity | undefined>;
  /**
   * Who asks, where the back end knows it by itself before methods and limits are known: enough to begin with. Rejects as
   * every call does.
   */
  person?(): Promise<Identity | undefined>;
  /** The requester's tickets (or, by `query.scope`, an agent's), last activity first. */
  listTickets(query: TicketQuery, call: Call): Promise<Page<Ticket>>;
  readThread(ticketId: string, call: Call): Promise<Thread>;
  /** The stored ticket; its id is empty where the back end does not say which it became. */
  createTicket(draft: TicketDraft, call: Call): Promise<Ticket>;
  listTopics?(call: Call): Promise<readonly Topic[]>;
  /** The stored entry. */
  reply?(ticketId: string, draft: ReplyDraft, call: Call): Promise<ThreadEntry>;
  /** Close (`closed`) or reopen (`open`). "Already so" is success. */
  setStatus?(ticketId: string, status: TicketStatus, call: Call & { readonly reason?: string }): Promise<Ticket>;
  /** `score` is 1 to 5. */
  rate?(ticketId: string, score: number, call: Call): Promise<Ticket>;
  updateTicket?(ticketId: string, change: TicketChange, call: Call): Promise<Ticket>;
  listTags?(call: Call): Promise<readonly Tag[]>;
  readAttachment?(ticketId: string, attachment: Attachment, call: Call): Promise<AttachmentContent>;
  /** Makes somebody known who has no ticket yet; agents only. `invalid`, with `fields`, where they are known. */
  createUser?(draft: UserDraft, call: Call): Promise<Person>;
}

/** A method that not every back end has. */
export type Capability =
  'listTopics' | 'reply' | 'setStatus' | 'rate' | 'updateTicket' | 'listTags' | 'readAttachment' | 'createUser';

/** Options that every back end understands. */
export interface BackendOptions {
  /** Base address. Invisible characters in it are removed. */
  url: string;
  /** Other paths, by the back end's own names for them. */
  paths?: Readonly<Record<string, string>>;
  /** Further headers for every request. */
  headers?: Readonly<Record<string, string>>;
  /** IANA zone of times that come without one. Default `UTC`. */
  timeZone?: string;
  /** The back end's own status (id or word) → ours. */
  statusMap?: Readonly<Record<string, TicketStatus>>;
  /** Narrower limits than the back end's own. */
  limits?: { readonly maxBytes?: number; readonly maxCount?: number; readonly accept?: string };
  /** A fixed list of topics. */
  topics?: readonly Topic[];
  /** Milliseconds for one read. Default 15,000. */
  timeout?: number;
}

/** A back end's limits for files, narrowed by its options, never widened. */
export const narrow = (own: FileLimits, { limits = {} }: Pick<BackendOptions, 'limits'>): FileLimits => ({
  ...own,
  ...limits,
  maxCount: Math.min(own.maxCount, limits.maxCount ?? Infinity),
  maxBytes: Math.min(own.maxBytes, limits.maxBytes ?? Infinity),
});

/** Makes a back end from its options. */
export type BackendFactory<O extends BackendOptions = BackendOptions> = (options: O) => Backend;

interface Registry {
  readonly factories: Map<string, (options: never) => Backend>;
  readonly loaders: Map<string, () => Promise<unknown>>;
}
const registryKey = Symbol.for('helpdesk-elements.backends');

/** One list for the page, so that a back end registered through one copy of the bundle is found by another. */
const registry = (): Registry =>
  ((globalThis as { [registryKey]?: Registry })[registryKey] ??= { factories: new Map(), loaders: new Map() });

/** Registers a back end under a name, for the `backend` attribute. The same name again: the last one counts. */
export function defineBackend<O extends BackendOptions>(name: string, factory: BackendFactory<O>): BackendFactory<O> {
  registry().factories.set(name, factory);
  return factory;
}

/** Says where a back end's file is, to be loaded when a desk asks for it. */
export function defineLazyBackend(name: string, load: () => Promise<unknown>): void {
  registry().loaders.set(name, load);
}

/** The factory of this name, loaded if need be. Rejects with `unavailable` where there is none (yet), `network` where it cannot be loaded. */
export async function loadBackend(name: string): Promise<BackendFactory> {
  const { factories, loaders } = registry();
  if (!factories.has(name)) {
    try {
      await loaders.get(name)?.();
    } catch (cause) {
      throw new HelpDeskError('network', { cause });
    }
  }
  const factory = factories.get(name);
  if (!factory) throw new HelpDeskError('unavailable', { cause: `No back end is registered as "${name}".` });
  return factory as BackendFactory;
}
