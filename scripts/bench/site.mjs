// The pages to measure: ours built as they are published, the floors beside them with the same tools, and a server that
// writes down every request with the bytes it cost.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { tsImport } from 'tsx/esm/api';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = (name) => join(root, 'scripts/bench/pages', name);
export const jane = 'jane@example.test';

/** Where the relay finds the help desk. */
const behind = '/osticket';

const load = (file) => tsImport(`../../${file}`, import.meta.url);

/** Entries → one folder of modules, as minified as what is published. */
async function bundle(outDir, entry, define = {}) {
  const { default: config } = await load('vite.config.ts');
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: config({ mode: '' }).plugins,
    define: { 'process.env.NODE_ENV': '"production"', ...define },
    build: {
      outDir,
      emptyOutDir: false,
      target: 'es2022',
      lib: { entry, formats: ['es'] },
      rolldownOptions: {
        output: { minify: true, entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash:6].js' },
      },
    },
  });
}

const pageOf = (head, body) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Shop</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`;
const words = `<main><h1>Shop</h1>${'<p>Things to buy, and what people say of them.</p>'.repeat(20)}</main>`;

/** A desk with this many tickets of Jane and a thread of this many entries; the long thread's number is said. */
async function bigDesk(tickets, entries) {
  const { openDesk } = await load('demo/desk/desk.ts');
  const desk = openDesk({ key: 'k', seed: 'none' });
  const { store } = desk;
  const person = store.people().find(({ email }) => email === jane);
  const agent = store.people().find(({ role }) => role === 'agent');
  const now = Date.now();
  let number = '';
  store.transaction(() => {
    for (let index = 0; index < tickets; index++) {
      const at = now - (tickets - index) * 60_000;
      const row = store.addTicket(
        {
          subject: `Printer ${index} stops after every third page`,
          requesterId: person.id,
          topicId: 1 + (index % 2),
          at,
        },
        { kind: 'message', personId: person.id, poster: person.name, body: 'It asks for paper.', format: 'text', at },
      );
      number = row.number;
      if (index < tickets - 1) continue;
      for (let entry = 1; entry < entries; entry++) {
        const who = entry % 2 ? agent : person;
        store.addEntry(row.id, {
          kind: entry % 2 ? 'reply' : 'message',
          personId: who.id,
          poster: who.name,
          body: `Words of entry ${entry}, and some more of them.`,
          format: 'text',
          at: at + entry,
        });
      }
    }
  });
  return { desk, number };
}

/** Builds everything that is not there yet and opens the site. `close` it. */
export async function openSite() {
  const folder = join(root, `.cache/bench/${process.pid}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await build({ root, mode: 'cdn', logLevel: 'error', build: { outDir: join(folder, 'cdn') } });
  const pages = [
    'ours-list',
    'lit-list',
    'plain-list',
    'ours-thread',
    'lit-thread',
    'plain-thread',
    'ours-form',
    'lit-form-page',
  ];
  await bundle(join(folder, 'pages'), Object.fromEntries(pages.map((name) => [name, source(`${name}.js`)])));
  for (const [name, kind, hover] of [
    ['plain', 'plain', false],
    ['lit', 'lit', false],
    ['hover', 'lit', true],
  ])
    await bundle(join(folder, name), { facade: source('facade.js') }, { KIND: `"${kind}"`, HOVER: `${hover}` });

  const { openDesk } = await load('demo/desk/desk.ts');
  const { relaySite } = await load('demo/relay-site.ts');
  let relay;
  const small = openDesk({ key: 'k', seed: 'small' });
  const desks = { '/desk': small.handler('osticket', '/desk'), [behind]: small.handler('osticket', behind) };
  const close = [() => small.close()];

  const launcher = (how) => pageOf('', `${words}<script async src="/cdn/help-desk.js" data-launcher ${how}></script>`);
  const facade = (name) => pageOf('', `${words}<script async type="module" src="/${name}/facade.js"></script>`);
  const widget = (how) => pageOf('<script async src="/cdn/help-desk.js"></script>', `<help-desk ${how}></help-desk>`);
  const direct = (url) => `backend="osticket" url="${url}" email="${jane}" options='{"apiKey":"k"}'`;
  const html = {
    '/blank': pageOf('', words),
    '/plain': facade('plain'),
    '/lit': facade('lit'),
    '/hover': facade('hover'),
    // As the README has it pasted: through the relay. Who is not signed in sees the form, others their list.
    '/ours': launcher('data-url="/helpdesk"'),
    '/direct': launcher(`data-backend="osticket" data-url="/desk" data-options='{"apiKey":"k"}'`),
    '/widget': widget('url="/helpdesk" token-url="/helpdesk-token"'),
    '/widget-big': widget(direct('/big')),
    ...Object.fromEntries(
      pages.map((name) => [`/${name}`, pageOf(`<script type="module" src="/pages/${name}.js"></script>`, '')]),
    ),
  };
  const types = {
    js: 'text/javascript',
    mjs: 'text/javascript',
    css: 'text/css',
    json: 'application/json',
    html: 'text/html',
  };
  const packed = new Map();
  /** Requests so far: path and bytes of the answer's body as sent. */
  const log = [];

  const answer = async (request, response) => {
    const { pathname, search } = new URL(request.url, 'http://localhost');
    const [prefix] = Object.keys(desks).filter((one) => pathname.startsWith(`${one}/`));
    const line = { path: pathname + search, bytes: 0 };
    // What the relay asks is no page's.
    if (prefix !== behind) log.push(line);
    const send = (status, type, body) => {
      line.bytes = body.length;
      response.writeHead(status, {
        'content-type': type,
        'content-encoding': 'gzip',
        'content-length': body.length,
        'cache-control': 'no-cache',
      });
      response.end(body);
    };
    if (prefix || pathname.startsWith('/helpdesk')) {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const own = new Request(`http://${request.headers.host}${request.url}`, {
        method: request.method,
        headers: Object.entries(request.headers).filter(([, value]) => typeof value === 'string'),
        ...(chunks.length && { body: Buffer.concat(chunks) }),
      });
      const given = await (desks[prefix] ?? relay)(own);
      const body = gzipSync(Buffer.from(await given.arrayBuffer()), { level: 6 });
      return send(given.status, given.headers.get('content-type') ?? 'text/plain', body);
    }
    if (!packed.has(pathname)) {
      try {
        const body = html[pathname] ?? readFileSync(join(folder, pathname));
        packed.set(pathname, gzipSync(body, { level: 9 }));
      } catch {
        return send(404, 'text/plain', gzipSync(''));
      }
    }
    const kind = html[pathname] ? 'html' : pathname.split('.').at(-1);
    return send(200, `${types[kind] ?? 'application/octet-stream'}; charset=utf-8`, packed.get(pathname));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      console.error(error);
      response.destroy();
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  relay = relaySite(url, 'k', [url]);
  return {
    url,
    folder,
    log,
    /** A further page with this in its head. */
    addPage(path, head) {
      html[path] = pageOf('', `${words}${head}`);
    },
    /** Opens the desk with a long list and a long thread under `/big`; answers the thread's number. */
    async openBig(tickets, entries) {
      const { desk, number } = await bigDesk(tickets, entries);
      desks['/big'] = desk.handler('osticket', '/big');
      close.push(() => desk.close());
      return number;
    },
    close() {
      server.closeAllConnections();
      server.close();
      for (const one of close) one();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
