/** A desk whose back end answers what the test says, when the test says so. The store in front of it is the real one. */
import { expect } from '@open-wc/testing';
import { emulateMedia } from '@web/test-runner-commands';
import type { Backend } from '../../../src/backends/backend.js';
import { HelpDeskError, type HelpDeskErrorCode } from '../../../src/errors.js';
import type { Attachment, Identity, Thread, ThreadEntry, Ticket, TicketQuery, Topic } from '../../../src/model.js';
import { createStore } from '../../../src/store/store.js';
import type { Store } from '../../../src/store/types.js';

export const chromium = navigator.userAgent.includes('Chrome');

/** Axe, in light and (where the engine lets itself be told) in dark. */
export async function audit(element: Element): Promise<void> {
  for (const colorScheme of chromium ? (['light', 'dark'] as const) : [undefined]) {
    if (colorScheme) await emulateMedia({ colorScheme });
    await expect(element).to.be.accessible();
  }
  if (chromium) await emulateMedia({ colorScheme: 'light' });
}

const start = Date.UTC(2026, 2, 2, 9);

/** Ticket number `index`: the higher, the later its last activity. */
export function ticket(index: number, more: Partial<Ticket> = {}): Ticket {
  return {
    id: `t${index}`,
    number: `${1000 + index}`,
    subject: `Subject ${index}`,
    status: 'open',
    requester: { name: 'Jane Doe', role: 'requester' },
    createdAt: new Date(start).toISOString(),
    updatedAt: new Date(start + index * 60_000).toISOString(),
    ...more,
  };
}

/** As many tickets, last activity first. */
export const tickets = (count: number): Ticket[] => Array.from({ length: count }, (_, at) => ticket(count - at));

/** Entry number `index`: even ones of the requester, odd ones of an agent, unless said otherwise. */
export function entry(index: number, more: Partial<ThreadEntry> = {}): ThreadEntry {
  const kind = more.kind ?? (index % 2 ? 'reply' : 'message');
  return {
    id: `e${index}`,
    kind,
    author:
      kind === 'reply'
        ? { name: 'Nora Lind', role: 'agent' }
        : kind === 'event'
          ? { name: '', role: 'system' }
          : { name: 'Jane Doe', role: 'requester' },
    createdAt: new Date(start + index * 3_600_000).toISOString(),
    body: { format: 'text', value: `Words of entry ${index}.` },
    attachments: [],
    ...more,
  };
}

export const text = (value: string): Pick<ThreadEntry, 'body'> => ({ body: { format: 'text', value } });
export const htmlBody = (value: string): Pick<ThreadEntry, 'body'> => ({ body: { format: 'html', value } });
export const file = (name: string, size = 2048): Attachment => ({ id: name, name, size });

export class ScriptedDesk {
  tickets: readonly Ticket[] = [];
  topics: readonly Topic[] = [
    { id: '1', name: 'General' },
    { id: '2', name: 'Billing' },
  ];
  readonly threads = new Map<string, Thread>();
  /** Every read fails so, until it is undefined again. */
  failure: HelpDeskErrorCode | undefined;
  /** Every write fails so, until it is undefined again. */
  refusal: HelpDeskErrorCode | undefined;
  /** Tickets of one answer; all when 0. */
  pageSize = 0;
  /** What the list was asked for, in turn. */
  readonly queries: TicketQuery[] = [];
  readonly replies: string[] = [];
  readonly store: Store;
  #gate: Promise<void> | undefined;
  #open: () => void = () => undefined;

  constructor(
    without: readonly (keyof Backend)[] = [],
    identity: Identity = { email: 'jane@example.test' },
    { limits, ...methods }: Partial<Backend> = {},
  ) {
    const backend: Backend = {
      name: 'scripted',
      limits: { replyFiles: { maxCount: 3, maxBytes: 1024 * 1024 }, ...limits },
      listTickets: async (query) => {
        this.queries.push(query);
        await this.#read();
        const found = this.tickets.filter(
          (item) =>
            (!query.status || item.status === query.status) &&
            (!query.topicId || item.topic?.id === query.topicId) &&
            item.subject.includes(query.search ?? ''),
        );
        const from = Number(query.cursor ?? 0);
        const to = this.pageSize ? from + this.pageSize : found.length;
        return { items: found.slice(from, to), ...(to < found.length && { next: `${to}` }) };
      },
      readThread: async (id) => {
        await this.#read();
        const thread = this.threads.get(id);
        if (!thread) throw new HelpDeskError('not-found');
        return thread;
      },
      createTicket: () => Promise.reject(new HelpDeskError('unsupported')),
      listTopics: () => Promise.resolve(this.topics),
      reply: async (id, draft) => {
        await this.#write();
        this.replies.push(draft.message);
        const made = entry(100 + this.replies.length, {
          kind: 'message',
          createdAt: new Date().toISOString(),
          ...text(draft.message),
          attachments: (draft.files ?? []).map(({ name, size }) => file(name, size)),
        });
        this.add(id, made);
        return made;
      },
      setStatus: (id, status) => this.change(id, { status }),
      readAttachment: async () => {
        await this.#read();
        return { blob: new Blob(['x']) };
      },
      ...methods,
    };
    for (const method of without) delete backend[method];
    this.store = createStore(backend, { storage: null, identity, pollInterval: 0 });
  }

  /** A thread with these entries. */
  open(id: string, entries: readonly ThreadEntry[], more: Partial<Ticket> = {}): void {
    this.threads.set(id, { ticket: { ...ticket(1), id, ...more }, entries });
  }

  /** The back end's thread gets these entries; the page has them after a refresh. */
  add(id: string, ...entries: readonly ThreadEntry[]): void {
    const thread = this.threads.get(id);
    if (thread) this.threads.set(id, { ...thread, entries: [...thread.entries, ...entries] });
  }

  /** A write that changes the ticket, unless writes are refused. */
  async change(id: string, change: Partial<Ticket>): Promise<Ticket> {
    await this.#write();
    const thread = this.threads.get(id);
    if (!thread) throw new HelpDeskError('not-found');
    const changed = { ...thread.ticket, ...change };
    this.threads.set(id, { ...thread, ticket: changed });
    return changed;
  }

  /** From now on nothing is answered; the result lets everything that waits go on. */
  hold(): () => void {
    this.#gate = new Promise((open) => (this.#open = open));
    return () => {
      this.#gate = undefined;
      this.#open();
    };
  }

  async #read(): Promise<void> {
    const { failure } = this;
    await this.#gate;
    if (this.failure ?? failure) throw new HelpDeskError(this.failure ?? failure ?? 'unexpected');
  }

  async #write(): Promise<void> {
    await this.#gate;
    if (this.refusal) throw new HelpDeskError(this.refusal);
  }
}
