/** The examples of demo/relay, run as they stand but for where the package is. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { serveDesk, type Served } from '../desk/serve.js';
import { key, page } from './bench.js';
import { sawAnswer, sawOutput } from './leaks.js';
import { audience, secret, tokenOf } from './tokens.js';

const root = new URL('../../', import.meta.url);
// Of this run alone: another would write into the same files.
const folder = fileURLToPath(new URL(`.cache/mounts-${process.pid}/`, root));
const places: Readonly<Record<string, string>> = {
  'helpdesk-elements/relay': 'src/relay/index.ts',
  'helpdesk-elements/token': 'src/relay/token.ts',
  'helpdesk-elements/backends/osticket': 'src/backends/osticket.ts',
};

/** The example with the package's own files in place of its name. */
function prepared(name: string): string {
  const code = readFileSync(new URL(`demo/relay/${name}`, root), 'utf8').replace(
    /'(helpdesk-elements\/[\w/-]+)'/g,
    (_, specifier: string) => `'${new URL(places[specifier]!, root).href}'`,
  );
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}${name}`, code);
  return `${folder}${name}`;
}
const load = async <T>(name: string): Promise<T> => (await import(pathToFileURL(prepared(name)).href)) as T;

interface Settings {
  readonly url: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly audience: string;
  readonly origin: string;
}

describe('the relay, mounted', function () {
  this.timeout(30_000);
  let served: Served;
  let settings: Settings;
  before(async () => {
    served = await serveDesk('osticket', { seed: 'small', key }, {});
    settings = { url: served.origin, apiKey: key, secret, audience, origin: page };
  });
  after(async () => {
    await served.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Asks for Jane's tickets, and for somebody else's. */
  async function looks(fetchIt: (path: string, init: RequestInit) => Promise<Response>, token: string): Promise<void> {
    const ask = async (path: string, more: RequestInit = {}): Promise<Response> => {
      const headers = { Authorization: `Bearer ${token}`, Origin: page, ...more.headers };
      const response = await fetchIt(path, { ...more, headers });
      await sawAnswer(response);
      return response;
    };
    const { items } = (await (await ask('/v1/tickets')).json()) as { items: unknown[] };
    expect(items.length).to.be.within(6, 20);
    expect((await ask('/v1/tickets/680431')).status).to.equal(404);
    expect((await ask('/v1/tickets', { headers: { Origin: 'https://evil.test' } })).status).to.equal(403);
    const created = await ask('/v1/tickets', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ subject: 'From a mount', message: 'Hello' }),
    });
    expect(created.status).to.equal(201);
  }
  async function listening(listener: RequestListener, work: (origin: string) => Promise<void>): Promise<void> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  it('in a Node server, which hands out the tokens', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', prepared('node.mjs')], {
      env: {
        ...process.env,
        HELPDESK_URL: served.origin,
        HELPDESK_API_KEY: key,
        HELPDESK_JWT_SECRET: secret,
        ORIGIN: page,
        PORT: '0',
      },
    });
    try {
      let said = '';
      child.once('close', () => sawOutput(said));
      const port = await new Promise<string>((resolve, reject) => {
        child.stdout.on('data', (part: Buffer) => {
          said += part.toString();
          const found = /listening on (\d+)/.exec(said);
          if (found) resolve(found[1]!);
        });
        child.stderr.on('data', (part: Buffer) => (said += part.toString()));
        child.once('exit', () => reject(new Error(said)));
      });
      const site = `http://127.0.0.1:${port}`;
      expect((await fetch(`${site}/helpdesk-token`)).status).to.equal(401);
      const answer = await fetch(`${site}/helpdesk-token`, { headers: { Cookie: 'session=jane' } });
      const { token } = (await answer.json()) as { token: string };
      await looks((path, init) => fetch(`${site}/helpdesk${path}`, init), token);
      expect((await fetch(`${site}/other`)).status).to.equal(404);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('in a Hono app', async () => {
    const { createApp } = await load<{
      createApp(from: Settings): { request(path: string, init: RequestInit): Promise<Response> };
    }>('hono.mjs');
    const app = createApp(settings);
    expect(await (await app.request('/', {})).text()).to.equal('Your site');
    await looks(async (path, init) => app.request(`/helpdesk${path}`, init), await tokenOf('jane'));
  });

  it('in an app of middleware', async () => {
    type Middleware = (...args: [...Parameters<RequestListener>, () => void]) => void;
    const { helpdesk } = await load<{ helpdesk(from: Settings): Middleware }>('express.mjs');
    const middleware = helpdesk(settings);
    await listening(
      (request, response) => middleware(request, response, () => response.writeHead(418).end()),
      async (site) => {
        await looks((path, init) => fetch(`${site}/helpdesk${path}`, init), await tokenOf('jane'));
        expect((await fetch(`${site}/other`)).status).to.equal(418);
      },
    );
  });

  it('as a worker', async () => {
    type Worker = { default: { fetch(request: Request, env: object): Promise<Response> } };
    const { default: worker } = await load<Worker>('worker.mjs');
    const env = {
      HELPDESK_URL: served.origin,
      HELPDESK_API_KEY: key,
      HELPDESK_AUDIENCE: audience,
      HELPDESK_JWT_SECRET: secret,
      HELPDESK_ORIGINS: `https://other.test ${page}`,
    };
    await looks(
      (path, init) => worker.fetch(new Request(`https://relay.test${path}`, init), env),
      await tokenOf('jane'),
    );
  });
});
