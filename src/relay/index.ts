/**
 * The relay: a back end behind a web-standard handler, for pages that may not have its key. It keeps the key, knows who
 * asks by the host site's signed tokens, and lets nobody see what is not theirs.
 */
import { Hono, type Context } from 'hono';
import type { Backend, FileLimits } from '../backends/backend.js';
import { finish, toFailure, toJson, toPreflight } from './answers.js';
import { createGuests, type GuestOptions } from './guests.js';
import { checkDistinct, createIdentity, createVerifier, type IdentityOptions, type Subject } from './identity.js';
import { addressKey, createMemoryStore, takeFrom, type Bucket, type Rates, type RelayStore } from './limits.js';
import { createPseudonyms, methodName, type LogLine, type Trace } from './log.js';
import { digest } from './once.js';
import { openApi } from './openapi.js';
import { isNobody } from './policy.js';
import { invalidField, Problem } from './problem.js';
import { routes, type Route, type RouteName } from './protocol.js';
import { checkParameters, type Way } from './requests.js';
import { createHandlers } from './routes.js';
import { checkSettings, fileSettings, longest, wrongIn } from './settings.js';
import { createUpstream } from './upstream.js';

export { createMemoryStore, createRedisStore, defaultRates } from './limits.js';
export type { Bucket, Rate, Rates, RelayStore } from './limits.js';
export type { Algorithm, IdentityOptions, Subject, TokenKey } from './identity.js';
export type { GuestOptions } from './guests.js';
export type { LogLine } from './log.js';
export { openApi } from './openapi.js';

/**
 * A back end for everybody, or one for each person. `support-ticket` and `relay` must have one for each: they know people
 * by tokens of their own, and whose a ticket is the first does not say.
 */
export type BackendFor = Backend | ((who: Subject) => Backend | Promise<Backend>);

/** Back ends that say by a token of theirs who asks, and by nothing else: with one, everybody would be one person. */
const knowing = ['support-ticket', 'relay'];

/** Settings of a relay. The first three must be given: nothing is open by default. */
export interface RelayOptions {
  /** What customers' requests go to. */
  readonly backend: BackendFor;
  /** How customers' tokens are verified. */
  readonly identity: IdentityOptions;
  /** Pages that may ask, each as `https://host` or `https://host:port`. Their relay's own origin too, if it serves pages. */
  readonly origins: readonly string[];
  /** Agents: a key, an audience and a back end of their own. Without it there are none. */
  readonly agents?: { readonly identity: IdentityOptions; readonly backend: BackendFor };
  /** People without a token. Off by default. */
  readonly guests?: GuestOptions;
  /** Where the relay is mounted, e.g. `/helpdesk`. */
  readonly basePath?: string;
  /**
   * Files: 5 of 2 MiB each by default. The back end's own limits hold as well. With `accept`, a file's name, type and first
   * bytes must not say different things.
   */
  readonly files?: Partial<FileLimits>;
  /** Bytes of a request with files; 10 MiB by default. */
  readonly maxRequestBytes?: number;
  /** How often; belongs to the store where one is given. */
  readonly rates?: Partial<Rates>;
  /** What is remembered and shared. In memory by default. */
  readonly store?: RelayStore;
  /** Milliseconds for which a person's reads are kept; 2,000 by default, 0 for none, an hour at most. */
  readonly cacheMs?: number;
  /** Requests to the back end at the same time; 8 by default. */
  readonly concurrency?: number;
  /** Milliseconds: a read of the back end, a write, one with files, and a page's body when nothing more comes of it. */
  readonly times?: Partial<Record<'read' | 'write' | 'upload' | 'stall' | 'settle', number>>;
  /** Who is at the other end of the connection, as far as the server can tell. Guests without one are counted as one. */
  readonly address?: (request: Request, env: unknown) => string | undefined;
  /** Called after each answer. */
  readonly log?: (line: LogLine) => void;
}

/** A relay: a handler for requests, and what its server needs to know. */
export interface Relay {
  (request: Request, env?: unknown): Promise<Response>;
  /** How many requests are being answered. */
  readonly running: () => number;
}

const guest: Subject = { sub: 'guest', role: 'guest', identity: {} };

/** What is counted before anything is read of a request. Writes are counted when they are run: see the routes. */
const buckets: Partial<Record<RouteName, Bucket>> = { attachment: 'downloads' };

function toOrigin(origin: string): string {
  let parsed: URL | undefined;
  try {
    parsed = new URL(origin);
  } catch {
    // Said below.
  }
  if (!parsed || parsed.origin !== origin || !/^https?:$/.test(parsed.protocol))
    throw new Error(`An allowed origin is written like https://www.example.com, not ${origin || 'empty'}.`);
  return origin;
}

/**
 * Names a person to caches, rates and claims: whoever the back end would take for somebody else is somebody else here. What
 * they are called is no part of it, since people can change that.
 */
const toPerson = ({ role, sub, identity: { email, userId, staff }, ticket }: Subject): string =>
  JSON.stringify([role, sub, email, userId, staff, ticket]);

/** A guest's token may read and reply; who has none can only write a ticket, where that is let. */
function checkScope(name: RouteName, who: Subject): void {
  const nobody = who.role === 'guest' && isNobody(who);
  if (nobody && !['capabilities', 'topics', 'create'].includes(name))
    throw new Problem('unauthorized', { reason: 'token-missing' });
  if (who.ticket !== undefined && (name === 'list' || name === 'create')) throw new Problem('forbidden');
  if (who.role !== 'agent' && name === 'update') throw new Problem('forbidden');
  // A token that names nobody would be everybody to some systems.
  if (who.role === 'requester' && isNobody(who)) throw new Problem('forbidden');
}

/** Makes a relay. Throws plain words where the options cannot be meant. */
export function createRelay(options: RelayOptions): Relay {
  const { identity, agents, backend, basePath = '', log } = options;
  const origins = new Set(options.origins?.map(toOrigin));
  if (!origins.size) throw new Error('The relay needs the origins of the pages that may ask it.');
  if (!identity) throw new Error('The relay needs to know how tokens are verified.');
  if (!backend) throw new Error('The relay needs a back end.');
  for (const each of [backend, agents?.backend])
    if (typeof each === 'object' && knowing.includes(each.name))
      throw new Error(
        `The back end "${each.name}" knows people by tokens of its own: give a function that makes one for each person.`,
      );
  const { cacheMs = 2000, concurrency = 8, maxRequestBytes = 10 * 1024 * 1024, files, rates } = options;
  const times = { read: 50_000, write: 35_000, upload: 125_000, stall: 20_000, settle: 3000, ...options.times };
  const ever = [0, longest] as const;
  checkSettings(
    ...wrongIn(
      '',
      { cacheMs, concurrency, maxRequestBytes },
      { cacheMs: [0, 3_600_000], concurrency: [1, 10_000], maxRequestBytes: [1, 2 ** 30] },
    ),
    ...wrongIn('times.', times, { read: ever, write: ever, upload: ever, stall: ever, settle: ever }),
    ...wrongIn('files.', files, fileSettings),
  );
  if (options.store && rates)
    throw new Error('Rates belong to the store: give them to createMemoryStore or createRedisStore.');
  const store = options.store ?? createMemoryStore(rates);
  const guests = createGuests(options.guests, identity.audience, store);
  const kinds = [
    [identity, 'requester'],
    [agents?.identity, 'agent'],
    [guests.identity, 'guest'],
  ] as const;
  checkDistinct(kinds.map(([each]) => each));
  const verify = createIdentity(
    new Map(kinds.flatMap(([each, role]) => (each ? [[each.audience, createVerifier(each, role)] as const] : []))),
  );
  const pseudonym = createPseudonyms();
  const handlers = createHandlers({
    upstream: createUpstream(cacheMs, concurrency, times),
    store,
    guests,
    files: { maxCount: 5, maxBytes: 2 * 1024 * 1024, ...files },
    bodies: {
      maxRequest: maxRequestBytes,
      stallMs: times.stall,
      totalMs: times.upload,
    },
    times: {
      leaseMs: Math.max(times.write, times.upload) + 5000,
      settleMs: times.settle,
      lookMs: Math.min(times.read, 5000),
    },
    tenant: identity.audience,
  });

  /** The back end of this person, called with nobody but them. */
  const backendFor = async (who: Subject): Promise<Backend> => {
    const chosen = who.role === 'agent' ? agents?.backend : backend;
    if (!chosen) throw new Problem('forbidden');
    return typeof chosen === 'function' ? chosen(who) : chosen;
  };

  /** What is checked, in this order: address, token, rate, scope, parameters; then the route looks at the rest. */
  async function answer(name: RouteName, context: Context, trace: Trace): Promise<Response> {
    const request = context.req.raw;
    const route: Route = routes[name];
    const url = new URL(request.url);
    const given = options.address?.(request, context.env);
    const address = given === undefined ? undefined : addressKey(given);
    if (address) await takeFrom(store, 'address', address);
    if (route.method !== 'GET' && url.search) throw invalidField(...new Set(url.searchParams.keys()));
    const authorization = request.headers.get('authorization');
    const open = route.open ?? (guests.mode === 'create' && authorization === null);
    const who = open ? guest : await verify(authorization);
    const person = open ? 'guest' : toPerson(who);
    trace.subject = await pseudonym(person);
    const writing = route.method !== 'GET';
    // What guests read is counted by their address alone, above: many may share one.
    if (!route.open && !(open && address && !writing))
      await takeFrom(store, buckets[name] ?? 'reads', await digest(JSON.stringify([person, open && address, writing])));
    const from = route.open ? ({} as Backend) : await backendFor(who);
    if (!route.open) checkScope(name, who);
    checkParameters(url, route);
    const { id = '', attachmentId = '' } = context.req.param() as Record<string, string>;
    const way: Way = { request, url, name, id, attachmentId, who, person, backend: from, address, trace };
    const result = await handlers[name](way);
    return result instanceof Response ? result : toJson(result, route, request, person);
  }

  let running = 0;
  let probed = { at: 0, ok: false };

  /** Everything that happens around a route: the origin before, headers and the log after. */
  async function around(context: Context, name: LogLine['route'], work: (trace: Trace) => Promise<Response>) {
    const begun = performance.now();
    const request = context.req.raw;
    const id = crypto.randomUUID();
    const trace: Trace = { received: 0 };
    const origin = request.headers.get('origin');
    running++;
    let response: Response;
    try {
      if (origin !== null && !origins.has(origin)) throw new Problem('forbidden');
      response = await work(trace);
    } catch (error) {
      response = toFailure(error, trace);
    } finally {
      running--;
    }
    finish(response, id, origin !== null && origins.has(origin) ? origin : undefined);
    log?.({
      time: new Date().toISOString(),
      id,
      route: name,
      method: methodName(request.method),
      status: response.status,
      ...trace,
      ms: Math.round(performance.now() - begun),
      sent: Number(response.headers.get('content-length') ?? 0),
    });
    return response;
  }

  const nothing = (): Promise<never> => Promise.reject(new Problem('not-found'));
  const isReady = async (): Promise<boolean> => {
    if (Date.now() - probed.at > 5000) {
      const ok = await store.ping().then(
        () => true,
        () => false,
      );
      probed = { at: Date.now(), ok };
    }
    return probed.ok;
  };

  const app = new Hono({ strict: true }).basePath(basePath);
  app.options('*', (context) =>
    around(context, 'preflight', () =>
      context.req.header('origin') === undefined ? nothing() : Promise.resolve(toPreflight()),
    ),
  );
  for (const [name, { method, path }] of Object.entries(routes))
    app.on(method, path.replace(/\{(\w+)\}/g, ':$1'), (context) =>
      around(context, name as RouteName, (trace) => answer(name as RouteName, context, trace)),
    );
  app.get('/healthz', (context) => around(context, 'health', async () => Response.json({ ok: true })));
  app.get('/readyz', (context) =>
    around(context, 'health', async () => {
      const ok = await isReady();
      return Response.json({ ok }, { status: ok ? 200 : 503 });
    }),
  );
  app.get('/v1/openapi.json', (context) => around(context, 'health', async () => Response.json(openApi(basePath))));
  app.notFound((context) => around(context, 'none', nothing));
  app.onError((error, context) => around(context, 'none', () => Promise.reject(error)));

  return Object.assign(async (request: Request, env?: unknown) => app.fetch(request, env), { running: () => running });
}
