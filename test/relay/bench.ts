/** A relay in process, in front of a help desk over real HTTP. For tests in Node. */
import type { Desk, DeskOptions } from '../../demo/desk/desk.js';
import type { StoredTicket } from '../../demo/desk/control.js';
import type { Ticket } from '../../src/model.js';
import { createRelay, type LogLine, type Relay, type RelayOptions } from '../../src/relay/index.js';
import { serveDesk } from '../desk/serve.js';
import { key, saw, sawAnswer, sawLine } from './leaks.js';
import { audience, secret, tokenOf } from './tokens.js';
import { type Upstream, upstreams } from './upstreams.js';

export { key };
export const page = 'https://www.example.test';
export const here = 'https://relay.test';

export const identity = { audience, keys: [{ alg: 'HS256', secret }] } as const;
const plenty = { points: 1_000_000, seconds: 60 };
export const unlimited = { reads: plenty, writes: plenty, creates: plenty, downloads: plenty, address: plenty };

/** Whose token `who: 'jane'` is, and a ticket of hers, for back ends that a test writes. */
export const jane = { name: 'Jane', email: 'jane@example.test', role: 'requester' } as const;
export const ticket: Ticket = { id: '1', number: '1', subject: 'Mine', status: 'open', requester: jane };

/** What is sent. */
export interface Sent {
  /** One of the seeded people; nobody by default. */
  readonly who?: string;
  readonly token?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a form as it is. */
  readonly body?: unknown;
  readonly origin?: string | null;
  readonly signal?: AbortSignal;
}

/** A relay whose log lines are looked through as they come. */
export const openRelay = (options: RelayOptions): Relay =>
  createRelay({
    ...options,
    log: (line) => {
      sawLine(line);
      options.log?.(line);
    },
  });

/** One of a back end that a test has written: without limits of its own, and nothing kept. */
export const relayOf = (backend: RelayOptions['backend'], changes: Partial<RelayOptions> = {}): Relay =>
  openRelay({
    backend,
    identity,
    origins: [page],
    ...(!changes.store && { rates: unlimited }),
    cacheMs: 0,
    times: { settle: 0 },
    ...changes,
  });

/** Processor time of the fastest of three runs, in microseconds; a millisecond at least. */
export async function cost(work: () => unknown): Promise<number> {
  const runs: number[] = [];
  for (let run = 0; run < 3; run++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    runs.push(user + system);
  }
  return Math.max(Math.min(...runs), 1000);
}

/** Sends a request to a relay, and looks through what comes back. */
export async function send(relay: Relay, method: string, path: string, sent: Sent = {}): Promise<Response> {
  const { who, body, origin = page, signal } = sent;
  const token = sent.token ?? (who === undefined ? undefined : await tokenOf(who));
  const raw = body instanceof FormData || body instanceof ReadableStream || body instanceof Uint8Array;
  const request = new Request(here + path, {
    method,
    ...(signal && { signal }),
    headers: {
      ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      ...(origin !== null && { Origin: origin }),
      ...(body !== undefined && !raw && { 'Content-Type': 'application/json' }),
      ...sent.headers,
    },
    ...(body !== undefined && { body: raw ? (body as FormData) : JSON.stringify(body) }),
    ...(body instanceof ReadableStream && { duplex: 'half' as const }),
  });
  const response = await relay(request).catch((error: Error) => {
    saw(String(error.stack), 'An error');
    throw error;
  });
  await sawAnswer(response);
  return response;
}

export interface RelayBench {
  readonly desk: Desk;
  /** Where the help desk is. */
  readonly origin: string;
  readonly relay: Relay;
  readonly log: LogLine[];
  ask(method: string, path: string, sent?: Sent): Promise<Response>;
  /** The same as data, with its status. */
  json(method: string, path: string, sent?: Sent): Promise<{ status: number; body: never; headers: Headers }>;
  /** Lines of requests that reached the help desk, and forgets them. */
  upstream(): string[];
  stored(email: string): StoredTicket[];
  close(): Promise<void>;
}

/** Opens both. */
export async function openBench(
  dialect: Upstream,
  options: Partial<RelayOptions> = {},
  deskOptions: DeskOptions = {},
): Promise<RelayBench> {
  const served = await serveDesk(dialect, { seed: 'small', key, ...deskOptions }, {});
  const { desk, origin } = served;
  const tokens = Object.fromEntries([...desk.tokens].map(([token, email]) => [email, token]));
  const log: LogLine[] = [];
  const relay = openRelay({
    backend: upstreams[dialect]({ url: origin, key, tokens }),
    identity,
    origins: [page],
    ...(!options.store && { rates: unlimited }),
    cacheMs: 0,
    times: { settle: 0 },
    log: (line) => void log.push(line),
    ...options,
  });
  let read = 0;
  const ask: RelayBench['ask'] = (method, path, sent) => send(relay, method, path, sent);
  return {
    desk,
    origin,
    relay,
    log,
    ask,
    async json(method, path, sent) {
      const response = await ask(method, path, sent);
      const text = await response.text();
      return {
        status: response.status,
        body: (text ? JSON.parse(text) : undefined) as never,
        headers: response.headers,
      };
    },
    upstream() {
      const lines = desk.log.slice(read).map(({ method, path }) => `${method} ${path}`);
      read = desk.log.length;
      return lines;
    },
    stored: (email) => desk.control({ op: 'tickets', email }) as StoredTicket[],
    close: served.close,
  };
}
