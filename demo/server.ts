/** The demo: pages that use the built script, and an embedded help desk that keeps its data. One address, no network. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { createServer } from 'node:http';
import { openDesk } from './desk/desk.js';
import { tokenFor } from './desk/seed.js';
import { hostedPage } from './hosted/serve.mjs';
import { layout } from './layout.js';
import { parts, settle } from './pages/snippet.js';
import { asSignedIn, relaySite } from './relay-site.js';

/** What a strict host would send. The demo lives under it. */
export const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' blob: data:; " +
  "require-trusted-types-for 'script'; trusted-types helpdesk-elements";

/** Pages that show others of this site in a frame. */
const framing = new Set(['/configure.html', '/paths/iframe.html', '/preview']);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.map': 'application/json',
  '.svg': 'image/svg+xml',
};
const people = ['jane@example.test', 'omar@example.test', 'mia@example.test'];
const dialects = ['osticket', 'support-ticket'] as const;

/** How a page is connected as it is written; white space is as the formatter has it. */
const connected = /backend="osticket"\s+url="[^"]*"\s+email="[^"]*"\s+options='[^']*'/g;

const pages = fileURLToPath(new URL('./pages/', import.meta.url));
const built = fileURLToPath(new URL('../dist/cdn/', import.meta.url));

export interface DemoOptions {
  /** Database of the embedded help desk. In memory where absent. */
  readonly file?: string;
  /** 0 for any free port. */
  readonly port?: number;
  readonly host?: string;
  /** Folder of the built script tag; `dist/cdn` by default. */
  readonly script?: string;
}

/** A page with nothing but the snippet of these choices in it. What the snippet has inline is allowed by its hash. */
function preview(query: URLSearchParams): Response {
  const { script, url, tokenUrl, key, hosted, ...chosen } = settle(Object.fromEntries(query));
  // A framework needs its build: the same by a script tag.
  const way = ['placeholder', 'iframe'].includes(chosen.way) ? chosen.way : 'script';
  const html = parts({ ...chosen, way })
    .map(({ code }) => code)
    .join('\n');
  const hashes = (tag: string): string =>
    [...html.matchAll(new RegExp(`<${tag}>([^]*?)</${tag}>`, 'g'))]
      .map(([, code]) => ` 'sha256-${createHash('sha256').update(code!).digest('base64')}'`)
      .join('');
  const policy = contentSecurityPolicy
    .replace("style-src 'self'", `$&${hashes('style')}`)
    .replace("script-src 'self'", `$&${hashes('script')}`);
  return new Response(
    `<!doctype html>
<html lang="en"${query.get('dir') === 'rtl' ? ' dir="rtl"' : ''}${query.has('dark') ? ' data-scheme="dark"' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Your page</title>
<link rel="icon" href="/icon.svg">
<link rel="stylesheet" href="/preview.css">
</head>
<body>
<main>
<h1>Your page</h1>
<p>What it says goes on around the help desk.</p>
${html}
</main>
</body>
</html>
`,
    {
      headers: {
        'content-type': types['.html']!,
        'content-security-policy': `${policy}; frame-src 'self'; frame-ancestors 'self'`,
        'x-content-type-options': 'nosniff',
        'cache-control': 'no-store',
      },
    },
  );
}

/** Starts the demo. Rejects where the port is taken. */
export async function serveDemo(options: DemoOptions = {}): Promise<{ url: string; close: () => Promise<void> }> {
  const desk = openDesk({
    key: 'demo',
    castNumbers: false,
    // Another one each time: a restart must not begin the same numbers again.
    random: Date.now() % 2 ** 32,
    ...(options.file && { file: options.file }),
  });
  const mounts = new Map(
    [...dialects, 'osticket-http' as const, 'jaze' as const].map((name) => [
      `/desk/${name}`,
      desk.handler(name, `/desk/${name}`),
    ]),
  );
  const base = { osticket: '/desk/osticket', 'support-ticket': '/desk/support-ticket/api/v1' };

  /** The attributes a page's `<help-desk>` gets for the chosen back end and person. */
  const connection = (backend: keyof typeof base, person: string): string => {
    const own =
      backend === 'support-ticket' ? { apiKey: desk.key, accessToken: tokenFor(person) } : { apiKey: desk.key };
    return `backend="${backend}" url="${base[backend]}" email="${person}" options='${JSON.stringify(own)}'`;
  };

  // These need the address, which is known only when the server listens.
  let site: ReturnType<typeof relaySite> = () => Promise.resolve(undefined);
  let hosted: ReturnType<typeof hostedPage> = () => Promise.resolve(undefined);

  const page = async (name: string, query: URLSearchParams, request: Request): Promise<string> => {
    const text = asSignedIn(await readFile(join(pages, name), 'utf8'), request);
    const backend = dialects.find((known) => known === query.get('backend')) ?? dialects[0];
    const person = people.find((known) => known === query.get('person')) ?? people[0]!;
    return layout(
      name.replace(/index\.html$/, ''),
      text
        .replace(connected, connection(backend, person))
        .replaceAll(`value="${backend}"`, `value="${backend}" selected`)
        .replaceAll(`value="${person}"`, `value="${person}" selected`),
    );
  };

  const answer = async (request: Request): Promise<Response> => {
    const { pathname, searchParams } = new URL(request.url);
    for (const [path, handle] of mounts) if (pathname.startsWith(`${path}/`)) return handle(request);
    if (pathname === '/preview') return preview(searchParams);
    const own = (await site(request)) ?? (await hosted(request));
    if (own) return own;
    const wanted = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
    if (!/^\/[\w./-]+$/.test(wanted) || wanted.includes('..')) return new Response('Not found', { status: 404 });
    const headers = {
      'content-type': types[extname(wanted)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy + (framing.has(wanted) ? "; frame-src 'self'" : ''),
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-cache',
    };
    try {
      const body = wanted.startsWith('/cdn/')
        ? await readFile(join(options.script ?? built, wanted.slice(5)))
        : wanted.endsWith('.html')
          ? await page(wanted, searchParams, request)
          : await readFile(join(pages, wanted));
      return new Response(body, { headers });
    } catch {
      return new Response('Not found', { status: 404 });
    }
  };

  const server = createServer((request, response) => void getRequestListener(answer)(request, response));
  const { host = '127.0.0.1', port = 0 } = options;
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  } catch (error) {
    desk.close();
    throw error;
  }
  const address = server.address();
  const used = typeof address === 'object' && address ? address.port : port;
  const url = `http://${host === '0.0.0.0' ? 'localhost' : host}:${used}/`;
  const here = `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${used}`;
  const origins = [here, `http://localhost:${used}`];
  site = relaySite(`${here}/desk`, desk.key, origins);
  hosted = hostedPage({
    parents: origins,
    path: '/hosted/',
    attributes: { url: '/helpdesk', 'token-url': '/helpdesk-token' },
    files: pathToFileURL(`${options.script ?? built}/`),
  });
  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          desk.close();
          resolve();
        });
      }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { PORT = '8080', HOST = '127.0.0.1', DATA } = process.env;
  const file = DATA || fileURLToPath(new URL('./desk/data/demo.db', import.meta.url));
  try {
    if (!/^\d{1,5}$/.test(PORT) || Number(PORT) > 65_535) throw new RangeError(PORT);
    const demo = await serveDemo({ file, port: Number(PORT), host: HOST });
    console.log(`The demo is at ${demo.url}`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void demo.close());
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    console.error(
      error instanceof RangeError
        ? `PORT is a number from 0 to 65535, not ${PORT}`
        : code === 'EADDRINUSE'
          ? `Port ${PORT} is taken. Choose another: PORT=8081 npm start`
          : error,
    );
    process.exitCode = 1;
  }
}
