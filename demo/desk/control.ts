/** What test drivers and demo pages may do behind the dialects' back: be an agent, break things, look at what is stored. */
import type { Desk } from './desk.js';
import { storeHtml } from './dialects/php.js';
import type { Fault } from './faults.js';
import type { EntryKind, TicketChange, TicketRow, TicketState } from './store.js';

/** A ticket is named by its number. */
export type Control =
  /** An agent answers; the ticket keeps its state unless one is given. */
  | { op: 'reply'; number: string; body: string; agent?: string; format?: 'text' | 'html'; state?: TicketState }
  /** An agent writes for agents only. */
  | { op: 'note'; number: string; body: string; agent?: string; title?: string }
  /** Any entry, stored exactly as given: also what a real desk would have cleaned. */
  | {
      op: 'entry';
      number: string;
      kind: EntryKind;
      body: string;
      format?: 'text' | 'html';
      title?: string;
      email?: string;
    }
  | { op: 'state'; number: string; state: TicketState }
  | { op: 'change'; number: string; change: TicketChange }
  /** Closing is refused from now on (or no more). */
  | { op: 'lock'; number: string; locked: boolean }
  | { op: 'fault'; fault: Fault }
  | { op: 'clear-faults' }
  /** Every ticket of a person (or one ticket, or all), as stored. */
  | { op: 'tickets'; email?: string; number?: string }
  | { op: 'count'; email?: string }
  | { op: 'log' };

/** A ticket as stored, with everything that hangs on it. */
export interface StoredTicket extends TicketRow {
  readonly requester: string;
  readonly tagIds: readonly number[];
  readonly entries: readonly StoredEntry[];
}

export interface StoredEntry {
  readonly id: number;
  readonly kind: EntryKind;
  readonly poster: string;
  readonly title: string | null;
  readonly body: string;
  readonly format: 'text' | 'html';
  readonly files: readonly { id: number; name: string; type: string; size: number; base64: string }[];
}

function stored({ store }: Desk, ticket: TicketRow): StoredTicket {
  const files = store.attachments(ticket.id);
  return {
    ...ticket,
    requester: store.person(ticket.requester_id)!.email,
    tagIds: store.tagsOf(ticket.id),
    entries: store.entries(ticket.id).map(({ id, kind, poster, title, body, format }) => ({
      id,
      kind,
      poster,
      title,
      body,
      format,
      files: files
        .filter((file) => file.entry_id === id)
        .map((file) => ({
          id: file.id,
          name: file.name,
          type: file.type,
          size: file.size,
          base64: Buffer.from(store.attachment(file.id)!.bytes).toString('base64'),
        })),
    })),
  };
}

/** Carries a command out and answers what it made or found. Throws with plain words where a name is unknown. */
export function control(desk: Desk, command: Control): unknown {
  const { store } = desk;
  const ticket = (number: string): TicketRow => {
    const found = store.ticketByNumber(number);
    if (!found) throw new Error(`no ticket ${number}`);
    return found;
  };
  const person = (email: string): number => {
    const found = store.personByEmail(email);
    if (!found) throw new Error(`no person ${email}`);
    return found.id;
  };
  const agent = (username?: string) => {
    const found = username ? store.agent(username) : store.people().find(({ role }) => role === 'agent');
    if (!found) throw new Error(`no agent ${username ?? ''}`);
    return found;
  };

  switch (command.op) {
    case 'reply': {
      const { id } = ticket(command.number);
      const { format = 'html', state } = command;
      const author = agent(command.agent);
      const last = store.entries(id).findLast(({ kind }) => kind === 'message');
      const entry = store.addEntry(id, {
        kind: 'reply',
        personId: author.id,
        poster: author.name,
        parentId: last?.id ?? 0,
        body: format === 'html' ? storeHtml(command.body) : command.body,
        format,
      });
      if (state) store.setState(id, state);
      return entry;
    }
    case 'note': {
      const author = agent(command.agent);
      return store.addEntry(ticket(command.number).id, {
        kind: 'note',
        personId: author.id,
        poster: author.name,
        title: command.title ?? 'Private',
        body: storeHtml(command.body),
        format: 'html',
      });
    }
    case 'entry': {
      const { id, requester_id } = ticket(command.number);
      const author = command.email ? store.person(person(command.email))! : store.person(requester_id)!;
      return store.addEntry(id, {
        kind: command.kind,
        personId: author.id,
        poster: author.name,
        title: command.title ?? null,
        body: command.body,
        format: command.format ?? 'html',
      });
    }
    case 'state':
      return store.setState(ticket(command.number).id, command.state);
    case 'change':
      return store.changeTicket(ticket(command.number).id, command.change);
    case 'lock':
      return store.changeTicket(ticket(command.number).id, { locked: command.locked ? 1 : 0 });
    case 'fault':
      desk.faults.add(command.fault);
      return null;
    case 'clear-faults':
      desk.faults.clear();
      return null;
    case 'tickets':
      return (
        command.number !== undefined
          ? [ticket(command.number)]
          : store.tickets(command.email === undefined ? {} : { requesterId: person(command.email) })
      ).map((row) => stored(desk, row));
    case 'count':
      return command.email === undefined
        ? store.countTickets()
        : store.tickets({ requesterId: person(command.email) }).length;
    case 'log':
      return desk.log;
  }
}
