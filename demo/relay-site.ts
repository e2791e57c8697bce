/** The real set-up in small: a site with a login of its own, a relay that keeps the key, the help desk behind it. */
import { createToken, type TokenPerson } from '../src/relay/token.js';
import { createRelay } from '../src/relay/index.js';
import { osticketHttp } from '../src/backends/osticket-http.js';
import { osticket } from '../src/backends/osticket.js';

/** Who can sign in to the demo. */
const people: Readonly<Record<string, TokenPerson>> = {
  jane: { id: 'customer-1', email: 'jane@example.test', name: 'Jane Doe' },
  omar: { id: 'customer-2', email: 'omar@example.test', name: 'Omar Haddad' },
  mia: { id: 'customer-3', email: 'mia@example.test', name: 'Mia Long' },
  nora: { id: 'agent-1', name: 'Nora Lind', staff: 'nora' },
};

const often = { points: 2000, seconds: 60 };

const random = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('hex');

/** Who is signed in, by the site's own cookie. */
const signedIn = (request: Request): string =>
  /(?:^|; )demo-person=([a-z]+)/.exec(request.headers.get('cookie') ?? '')?.[1] ?? '';

/**
 * Answers `/relay/…` and `/login…` of the demo, and for what people paste `/helpdesk/…`, where somebody without a name may
 * write, and `/helpdesk-token`, where whoever has not signed in is Jane. `base` is where the embedded help desk is reached;
 * `origins` are the addresses of the demo's own pages.
 */
export function relaySite(base: string, key: string, origins: readonly string[]) {
  const customers = { secret: random(), audience: 'demo-customers' };
  const agents = { secret: random(), audience: 'demo-agents' };
  const identity = ({ secret, audience }: typeof customers) => ({
    audience,
    keys: [{ alg: 'HS256' as const, secret }],
  });
  const relay = (basePath: string, mode: 'off' | 'create') =>
    createRelay({
      backend: osticket({ url: `${base}/osticket`, apiKey: key }),
      identity: identity(customers),
      agents: {
        identity: identity(agents),
        backend: ({ identity: { staff = '' } }) =>
          osticketHttp({ url: `${base}/osticket-http`, apiKey: key, staffUserName: staff }),
      },
      origins,
      basePath,
      guests: { mode },
      // All who try the demo come from one machine, and try much.
      rates: { reads: often, writes: often },
    });
  const [closed, open] = [relay('/relay', 'off'), relay('/helpdesk', 'create')];

  return async (request: Request): Promise<Response | undefined> => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith('/relay/')) return closed(request);
    if (pathname.startsWith('/helpdesk/')) return open(request);
    if (pathname === '/login' && request.method === 'POST') {
      const person = String((await request.formData()).get('person'));
      const cookie = Object.hasOwn(people, person) ? `demo-person=${person}` : 'demo-person=; Max-Age=0';
      return new Response(null, {
        status: 303,
        headers: { location: '/relay.html', 'set-cookie': `${cookie}; Path=/; HttpOnly; SameSite=Strict` },
      });
    }
    if (pathname === '/login/token' || pathname === '/helpdesk-token') {
      const name = signedIn(request) || (pathname === '/helpdesk-token' ? 'jane' : '');
      const person = Object.hasOwn(people, name) ? people[name] : undefined;
      const body = person ? { token: await createToken(person, person.staff ? agents : customers) } : {};
      return Response.json(body, { headers: { 'cache-control': 'no-store' } });
    }
    return undefined;
  };
}

/** The page with the person chosen who is signed in, and their tickets or those they work on. */
export function asSignedIn(page: string, request: Request): string {
  const name = signedIn(request);
  if (!name) return page;
  return page
    .replace(`value="${name}"`, `value="${name}" selected`)
    .replace('token-url="/login/token"', people[name]?.staff ? 'token-url="/login/token" scope="assigned"' : '$&');
}
