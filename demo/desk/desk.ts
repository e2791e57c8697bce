/** The embedded help desk: one store, and in front of it one handler per dialect. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Control, control } from './control.js';
import type { Dialect, DialectDesk } from './dialects/dialect.js';
import { osticket } from './dialects/osticket.js';
import { jaze } from './dialects/jaze.js';
import { osticket2018 } from './dialects/osticket-2018.js';
import { osticket2020 } from './dialects/osticket-2020.js';
import { osticketCore } from './dialects/osticket-core.js';
import { osticketHttp } from './dialects/osticket-http.js';
import { supportTicket } from './dialects/support-ticket.js';
import { ConnectionDrop, type Fault, Faults } from './faults.js';
import { getBodies } from './node.js';
import { type SeedName, seedDesk, tokenFor } from './seed.js';
import { DeskStore, randomFrom } from './store.js';

const dialects = {
  osticket,
  'osticket-2018': osticket2018,
  'osticket-2020': osticket2020,
  'osticket-http': osticketHttp,
  'osticket-core': osticketCore,
  'support-ticket': supportTicket,
  jaze,
} satisfies Record<string, Dialect>;

export type DialectName = keyof typeof dialects;
export const dialectNames = Object.keys(dialects) as DialectName[];

export const isDialect = (name: string): name is DialectName => Object.hasOwn(dialects, name);

export interface DeskOptions {
  /** Path of the database, made where it does not exist; by default in memory. */
  file?: string;
  /** The API key; `desk-key` by default. */
  key?: string;
  /** What an empty store is filled with; `full` by default. A store that holds anything is left as it is. */
  seed?: SeedName;
  /** The moment the seed counts back from, in milliseconds since 1970. Now by default. */
  now?: number;
  /**
   * Begins the random numbers of what comes after the seed: ticket numbers, names of files' contents. By default fixed
   * for a store in memory, another one each time for a file.
   */
  random?: number;
  /** IANA zone in which the dialects print times. `UTC` by default. */
  timeZone?: string;
  /** Bytes of one file; each dialect's own default otherwise. */
  maxFileBytes?: number;
  /** Open tickets per person, where the dialect knows a limit; none by default. */
  openTicketLimit?: number;
  /** False: osTicket finds numbers with leading zeros. True by default, as a real one cannot. */
  castNumbers?: boolean;
  /**
   * True: `osticket-2020` answers the page to sign in, with 200, instead of a file. False by default, although a real one
   * asks for it until its setting is changed.
   */
  filesNeedSignIn?: boolean;
  /** True: `jaze` writes a colon after `errorCode` and keeps its strings on one line. False by default: as documented. */
  validJson?: boolean;
  /** The time, in milliseconds since 1970; that of the machine by default. */
  clock?: () => number;
  /** Bearer token → e-mail. The seeded people have theirs by default: see `tokenFor`. */
  tokens?: Readonly<Record<string, string>>;
  faults?: readonly Fault[];
}

/** One answered (or broken) request; `status` is 0 where the connection was cut. */
export interface LogLine {
  readonly method: string;
  /** With its query, below the place where the dialect is mounted. */
  readonly path: string;
  readonly status: number;
}

export interface Desk {
  readonly store: DeskStore;
  readonly key: string;
  /** Bearer token → e-mail address of the person it stands for. */
  readonly tokens: ReadonlyMap<string, string>;
  readonly faults: Faults;
  /** The last 1,000 requests, oldest first. */
  readonly log: readonly LogLine[];
  /**
   * A handler that speaks a dialect under `basePath`. It rejects with `ConnectionDrop` where the connection is to be
   * cut, and never otherwise.
   */
  handler(dialect: DialectName, basePath?: string): (request: Request) => Promise<Response>;
  /** What tests and demos may do behind the dialects' back. */
  control(command: Control): unknown;
  close(): void;
}

/** Opens a help desk. Close it: a database in a file is then folded into one file. */
export function openDesk(options: DeskOptions = {}): Desk {
  const { file = ':memory:', key = 'desk-key', seed = 'full', now = Date.now() } = options;
  let random = randomFrom(1);
  if (file !== ':memory:' && !existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true });
  const store = new DeskStore(file, options.clock ?? Date.now, () => random());
  if (!store.people().length) store.transaction(() => seedDesk(store, seed, now));
  random = randomFrom(options.random ?? (file === ':memory:' ? 2 : Date.now()));
  const tokens = new Map(
    options.tokens
      ? Object.entries(options.tokens)
      : store.people().flatMap(({ email, role }) => (role === 'customer' ? [[tokenFor(email), email] as const] : [])),
  );
  const faults = new Faults();
  for (const fault of options.faults ?? []) faults.add(fault);
  const log: LogLine[] = [];
  let closed = false;
  const dialectDesk: DialectDesk = {
    store,
    key,
    tokens,
    timeZone: options.timeZone ?? 'UTC',
    maxFileBytes: options.maxFileBytes,
    openTicketLimit: options.openTicketLimit,
    castNumbers: options.castNumbers ?? true,
    filesNeedSignIn: options.filesNeedSignIn ?? false,
    validJson: options.validJson ?? false,
  };

  const desk: Desk = {
    store,
    key,
    tokens,
    faults,
    log,
    handler(name, basePath = '') {
      const dialect = dialects[name];
      const base = basePath.replace(/\/+$/, '');
      return async (request) => {
        const url = new URL(request.url);
        const inside = url.pathname.startsWith(`${base}/`) || url.pathname === base;
        const path = inside ? url.pathname.slice(base.length) || '/' : url.pathname;
        const { method } = request;
        let status = 0;
        try {
          const response = await faults.answer(`${method} ${path}${url.search}`, request.signal, async () => {
            try {
              return await dialect(dialectDesk, {
                method,
                path,
                basePath: inside ? base : '',
                host: url.host,
                query: url.searchParams,
                headers: request.headers,
                text: async () => getBodies.get(request) ?? (await request.text()),
                form: () => request.formData(),
              });
            } catch (error) {
              if (closed) throw new ConnectionDrop();
              // A fault of this desk itself; the log of the process tells which.
              console.error(error);
              return new Response(null, { status: 500 });
            }
          });
          status = response.status;
          return response;
        } finally {
          log.push({ method, path: path + url.search, status });
          if (log.length > 1000) log.shift();
        }
      };
    },
    control: (command) => control(desk, command),
    close() {
      closed = true;
      faults.clear();
      store.close();
    },
  };
  return desk;
}
