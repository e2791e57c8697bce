/** What the script tag's files leave out of the libraries they carry: still there, left out, and missed by nothing. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { originalPositionFor, TraceMap } from '@jridgewell/trace-mapping';
import { expect } from 'chai';
import { build } from 'vite';
import { leaveOut } from '../../scripts/leave-out.mjs';
import { createHttp, type Answer } from '../../src/backends/http.js';
import type { HelpDeskError } from '../../src/errors.js';
import { buildCdn, built, root } from '../loader/site.js';

describe('what is left out of the libraries', () => {
  const { handler } = leaveOut().transform as unknown as {
    handler(code: string, id: string): { code: string } | undefined;
  };
  const never = /PolyfillSupport|HydrateSupport|ShadyCSS|duplexAccessed|(?:Element|Html)Versions/;
  const files: Record<string, RegExp> = {
    '@lit/reactive-element/css-tag.js': never,
    '@lit/reactive-element/reactive-element.js': never,
    'lit-element/lit-element.js': never,
    'lit-html/lit-html.js': never,
    'ky/distribution/index.js': /createInstance/,
    'ky/distribution/core/Ky.js': /const hook of|mergeHooks\(|instanceof ForceRetryError|mimeType\]/,
    'ky/distribution/core/constants.js': /duplexAccessed/,
  };

  it('is there, is left out once, and is missed where a library is written otherwise', () => {
    for (const [file, never] of Object.entries(files)) {
      const id = join(root, 'node_modules', file);
      const code = readFileSync(id, 'utf8');
      expect(code, file).to.match(never);
      expect(handler(code, id)!.code, file).not.to.match(never);
      for (const other of ['', code + code]) expect(() => handler(other, id), file).to.throw(`${file} has changed`);
    }
    expect(handler('', join(root, 'node_modules/lit/index.js'))).to.equal(undefined);
  });

  it('is in no file of the script tag, and their source maps still lead to where each line was written', async () => {
    await buildCdn();
    const scripts = readdirSync(built, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
    for (const file of scripts) expect(readFileSync(join(built, file), 'utf8'), file).not.to.match(never);
    const relay = join(
      built,
      scripts.find((file) => file.endsWith('relay.js'))!,
    );
    const code = readFileSync(relay, 'utf8');
    const before = code.slice(0, code.indexOf('If-None-Match')).split('\n');
    const found = originalPositionFor(new TraceMap(readFileSync(`${relay}.map`, 'utf8')), {
      line: before.length,
      column: before.at(-1)!.length,
    });
    const source = readFileSync(join(dirname(relay), found.source!), 'utf8').split('\n');
    expect(source[found.line! - 1]).to.include('If-None-Match');
  }).timeout(60_000);

  it('changes nothing for a request: the same goes out, and the same comes of it', async () => {
    const whole = await outcomes(createHttp);
    const folder = join(root, `.cache/leave-out-${process.pid}`);
    try {
      const lib = { entry: join(root, 'src/backends/http.ts'), formats: ['es' as const], fileName: () => 'http.js' };
      await build({
        configFile: false,
        logLevel: 'error',
        plugins: [leaveOut()],
        build: { outDir: folder, lib, target: 'es2022', minify: false },
      });
      const file = pathToFileURL(join(folder, 'http.js')).href;
      const { createHttp: smaller } = (await import(file)) as { createHttp: typeof createHttp };
      expect(smaller).not.to.equal(createHttp);
      expect(await outcomes(smaller)).to.deep.equal(whole);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    expect(whole.map(([name, outcome]) => `${name}: ${outcome}`)).to.deep.equal([
      'query: 200 ok',
      'headers: 200 ok',
      'json: 200 ok',
      'form: 200 ok',
      'words: 200 ok',
      'file: 200 a file of 2',
      'nothing: 204 ',
      'fails twice: 200 ok',
      'fails always: unavailable',
      'asks to wait: 200 ok',
      'fails for a write: unavailable',
      'fails for a reading write: unavailable',
      'not there: not-found',
      'leads elsewhere: unexpected',
      'cut off: network',
      'too slow: timeout',
      'stopped: aborted',
      'stopped before: aborted',
    ]);
  }).timeout(120_000);
});

/** What becomes of requests of every kind, and what of each arrived at the other end. */
async function outcomes(make: typeof createHttp): Promise<(readonly [string, string, string[]])[]> {
  let log: string[] = [];
  let left = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method, url = '', headers } = request;
      const { accept, authorization, 'content-type': type = '', 'x-own': own } = headers;
      const mark = type.split('boundary=')[1] ?? '~';
      const body = Buffer.concat(chunks).toString().replaceAll(mark, '~');
      log.push([method, url, accept, authorization, own, type.split(';')[0], body].join(' '));
      const status = url.startsWith('/fail') && left-- > 0 ? 503 : Number(/\/s(\d+)/.exec(url)?.[1] ?? 200);
      if (url === '/cut') return request.socket.destroy();
      if (url === '/slow') return;
      const again = url === '/fail/wait' ? { 'retry-after': '0' } : {};
      response.writeHead(status, { location: '/other', ...again }).end(status === 204 ? undefined : 'ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const send = make(
    { url, headers: { 'X-Own': 'o' } },
    { headers: () => ({ Authorization: undefined, Accept: 'a/b' }) },
  );
  const hurried = make({ url, timeout: 150 });
  const form = new FormData();
  form.append('file', new File(['ab'], 'a.txt', { type: 'text/plain' }));
  const stop = new AbortController();
  const cases: Record<string, () => Promise<Answer>> = {
    query: () => send('GET', 'a b', {}, { query: { x: 'y z', none: undefined, n: 0 } }),
    headers: () => make({ url }, { headers: () => ({ Authorization: 'Bearer t' }) })('GET', '', {}),
    json: () => send('POST', '/j', {}, { json: { a: 1 } }),
    form: () => send('POST', '/f', {}, { body: form }),
    words: () => send('POST', '/w', {}, { body: new URLSearchParams({ a: 'b' }) }),
    file: () => send('GET', '/file', {}, { file: true }),
    nothing: () => send('DELETE', '/s204', {}),
    'fails twice': () => ((left = 2), send('GET', '/fail', {})),
    'fails always': () => ((left = 9), send('GET', '/fail', {})),
    'asks to wait': () => ((left = 1), send('GET', '/fail/wait', {})),
    'fails for a write': () => ((left = 9), send('POST', '/fail', {}, { json: 1 })),
    'fails for a reading write': () => ((left = 9), send('GET', '/fail', {}, { once: true })),
    'not there': () => send('GET', '/s404', {}),
    'leads elsewhere': () => send('GET', '/s302', {}),
    'cut off': () => send('GET', '/cut', {}, { once: true }),
    'too slow': () => hurried('GET', '/slow', {}),
    stopped: () => {
      const sent = send('GET', '/slow', { signal: stop.signal });
      stop.abort();
      return sent;
    },
    'stopped before': () => send('GET', '/a', { signal: AbortSignal.abort() }),
  };
  const found: (readonly [string, string, string[]])[] = [];
  for (const [name, run] of Object.entries(cases)) {
    log = [];
    const outcome = await run().then(
      ({ status, text, blob }) => `${status} ${blob ? `a file of ${blob.size}` : text}`,
      ({ code }: HelpDeskError) => code,
    );
    // Whether a request that was stopped has reached the other end is chance.
    found.push([name, outcome, name === 'stopped' ? [] : log]);
  }
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return found;
}
