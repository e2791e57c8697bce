/**
 * A relay beside each help desk of the browser tests: `/__desk__/<id>/relay-<dialect>/v1/…` in front of
 * `/__desk__/<id>/<dialect>`. And a host site's address for tokens: `/__desk__/<id>/relay-token/<who>`, with `?method=POST`
 * to answer that method only, `?status=401` to answer nothing else, and `?relay=` to name the relay it is for.
 */
import type { Desk } from '../../demo/desk/desk.js';
import { createRelay, type Relay } from '../../src/relay/index.js';
import { createScanner } from './scanner.js';
import { audience, secret, tokenOf } from './tokens.js';
import { type Upstream, upstreams } from './upstreams.js';

const relays = new WeakMap<Desk, Map<string, Relay>>();
const plenty = { points: 100_000, seconds: 60 };

async function answerToken(request: Request): Promise<Response> {
  const { pathname, searchParams } = new URL(request.url);
  const { method, status, relay } = Object.fromEntries(searchParams);
  if (method !== undefined && request.method !== method) return new Response('', { status: 405 });
  if (status !== undefined) return new Response('<p>Sign in</p>', { status: Number(status) });
  const who = pathname.split('/').at(-1)!;
  // Whom the page's cookie names, where it has one.
  const [, signedIn] = /\bwho=(\w+)/.exec(request.headers.get('cookie') ?? '') ?? [];
  return Response.json({ token: await tokenOf(who === 'me' ? signedIn! : who), relay });
}

/** Breaks the connection, and with it the test, where the desk's key would leave. */
async function look({ key }: Desk, response: Response): Promise<void> {
  const bytes = Buffer.from(await response.clone().arrayBuffer()).toString('latin1');
  const found = createScanner(key, secret)(`${[...response.headers].join('\n')}\n${bytes}`);
  if (found.length) throw new Error(`The key has left the relay: ${found.join()}`);
}

/** Answers with the relay of this desk and dialect. What it keeps for a while is not kept: tests change the desk. */
export async function answerWithRelay(desk: Desk, base: string, dialect: string, request: Request): Promise<Response> {
  if (dialect === 'token') return answerToken(request);
  const { origin } = new URL(request.url);
  const own = relays.get(desk) ?? new Map<string, Relay>();
  relays.set(desk, own);
  let relay = own.get(dialect);
  if (!relay) {
    const tokens = Object.fromEntries([...desk.tokens].map(([token, email]) => [email, token]));
    const make = upstreams[dialect as Upstream];
    relay = createRelay({
      backend: make({ url: `${origin}${base}/${dialect}`, key: desk.key, tokens }),
      identity: { audience, keys: [{ alg: 'HS256', secret }] },
      origins: [origin],
      basePath: `${base}/relay-${dialect}`,
      rates: { reads: plenty, writes: plenty, creates: plenty, downloads: plenty },
      cacheMs: 0,
      times: { settle: 0 },
    });
    own.set(dialect, relay);
  }
  const response = await relay(request);
  await look(desk, response);
  return response;
}
