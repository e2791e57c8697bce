/** Help desks for browser tests: opens one in the test server and drives it from the page. */
import type { Control, StoredTicket } from '../../demo/desk/control.js';
import type { DeskOptions, DialectName, LogLine } from '../../demo/desk/desk.js';
import type { Fault } from '../../demo/desk/faults.js';
import type { EntryRow, TicketRow } from '../../demo/desk/store.js';

export type { Control, DialectName, Fault, LogLine, StoredTicket };

type Answer<C extends Control> = C extends { op: 'reply' | 'note' | 'entry' }
  ? EntryRow
  : C extends { op: 'state' | 'change' | 'lock' }
    ? TicketRow
    : C extends { op: 'tickets' }
      ? StoredTicket[]
      : C extends { op: 'count' }
        ? number
        : C extends { op: 'log' }
          ? LogLine[]
          : null;

/** A help desk of this test alone. */
export interface TestDesk {
  readonly id: string;
  readonly key: string;
  /** E-mail → bearer token. */
  readonly tokens: Readonly<Record<string, string>>;
  /** Base address of a dialect, absolute, without a slash at the end. */
  url(dialect: DialectName): string;
  /** What the back end of this dialect wants to be made with, for this person. */
  backendOptions(
    dialect: DialectName,
    email: string,
  ): { url: string; apiKey: string; accessToken?: string; headers?: Record<string, string> };
  /** Does something behind the dialects' back; rejects with the desk's words where a name is unknown. */
  control<C extends Control>(command: C): Promise<Answer<C>>;
  /** The next matching request fails like this. */
  fault(fault: Fault): Promise<null>;
  /** The tickets of a person as stored, with all entries. */
  tickets(email: string): Promise<StoredTicket[]>;
  /** One ticket as stored. */
  ticket(number: string): Promise<StoredTicket>;
  /** Every request so far: method, path with query, status (0: connection cut). */
  log(): Promise<LogLine[]>;
  close(): Promise<void>;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const response = await fetch(path, { method: 'POST', body: JSON.stringify(body) });
  const answer = (await response.json()) as T & { error?: string };
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}

/** Opens a help desk with the small seed (or as told). Close it in `afterEach`; forgotten ones are closed later. */
export async function openTestDesk(options: Omit<DeskOptions, 'file'> = {}): Promise<TestDesk> {
  const { id, key, tokens } = await post<{ id: string; key: string; tokens: Record<string, string> }>(
    '/__desk__/open',
    options,
  );
  const desk: TestDesk = {
    id,
    key,
    tokens,
    url: (dialect) => `${location.origin}/__desk__/${id}/${dialect}${dialect === 'support-ticket' ? '/api/v1' : ''}`,
    backendOptions: (dialect, email) => ({
      url: desk.url(dialect),
      apiKey: key,
      ...(dialect === 'support-ticket' && { accessToken: tokens[email] ?? '' }),
      // Its documentation names no header for a key.
      ...(dialect === 'jaze' && { headers: { Authorization: `Bearer ${key}` } }),
    }),
    control: async <C extends Control>(command: C) =>
      (await post<{ result: Answer<C> }>(`/__desk__/${id}/control`, command)).result,
    fault: (fault) => desk.control({ op: 'fault', fault }),
    tickets: (email) => desk.control({ op: 'tickets', email }),
    ticket: async (number) => (await desk.control({ op: 'tickets', number }))[0]!,
    log: () => desk.control({ op: 'log' }),
    close: async () => {
      await post(`/__desk__/${id}/close`, {});
    },
  };
  return desk;
}
