/** `npm start` as people run it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { root } from './demo.js';

const folder = mkdtempSync(join(tmpdir(), 'helpdesk-demo-'));
const running = new Set<ChildProcess>();

interface Run {
  /** Everything printed so far. */
  output(): string;
  /** The first address printed; rejects where it ends without one. */
  readonly address: Promise<string>;
  readonly ended: Promise<number | null>;
  /** Ends it at once, with what it has started. */
  kill(signal?: NodeJS.Signals): Promise<number | null>;
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Run {
  const child = spawn(command, args, {
    cwd: root,
    // A group of its own, so that what npm starts can be ended with it.
    detached: true,
    env: { ...process.env, DATA: join(folder, 'demo.db'), ...env },
  });
  running.add(child);
  let output = '';
  let found: (address: string) => void;
  let failed: (error: Error) => void;
  const address = new Promise<string>((resolve, reject) => ([found, failed] = [resolve, reject]));
  address.catch(() => undefined);
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => {
      output += String(part);
      const url = /https?:\/\/\S+/.exec(output)?.[0];
      if (url && output.includes('\n', output.indexOf(url))) found(url);
    });
  const ended = new Promise<number | null>((resolve) =>
    child.once('close', (code) => {
      running.delete(child);
      failed(new Error(output));
      resolve(code);
    }),
  );
  const kill = (signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> => {
    process.kill(-child.pid!, signal);
    return ended;
  };
  return { output: () => output, address, ended, kill };
}

const npmStart = (env: NodeJS.ProcessEnv): Run => run('npm', ['start'], env);
/** The same without building again. */
const start = (env: NodeJS.ProcessEnv): Run => run(process.execPath, ['--import', 'tsx', 'demo/server.ts'], env);

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const headers = { 'X-API-Key': 'demo', 'Content-Type': 'application/json' };
async function createTicket(url: string, subject: string): Promise<string> {
  const body = { email: 'jane@example.test', name: 'Jane Doe', subject, message: 'data:text/html,Hello', topicId: 1 };
  const answer = await fetch(`${url}desk/osticket/api/tickets.json`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return /\d{4,}/.exec(await answer.text())![0];
}
const readTicket = async (url: string, number: string): Promise<string> =>
  (await fetch(`${url}desk/osticket/api/tickets.json/${number}`, { headers })).text();

describe('npm start', function () {
  this.timeout(90_000);
  afterEach(() => {
    for (const { pid } of running) process.kill(-pid!, 'SIGKILL');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('prints one address, on the port it is told, whose page and script are there', async () => {
    const port = await freePort();
    const demo = npmStart({ PORT: String(port) });
    const url = await demo.address;
    expect(url).to.equal(`http://127.0.0.1:${port}/`);
    expect(demo.output().match(/https?:\/\//g)!.length).to.equal(1);
    const page = await (await fetch(url)).text();
    expect(page).to.contain('<a href="/widget.html">');
    const script = await fetch(`${url}cdn/help-desk.js`);
    expect(script.status).to.equal(200);
    expect(script.headers.get('content-type')).to.equal('text/javascript; charset=utf-8');
    await demo.kill();
  });

  it('says in one line that the port is taken, or no port', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const taken = start({ PORT: String(port) });
    expect(await taken.ended).to.equal(1);
    expect(taken.output()).to.equal(`Port ${port} is taken. Choose another: PORT=8081 npm start\n`);
    server.close();
    const none = start({ PORT: 'http' });
    expect(await none.ended).to.equal(1);
    expect(none.output()).to.equal('PORT is a number from 0 to 65535, not http\n');
  });

  it('keeps its data over a kill and a restart, and begins no number again', async () => {
    const first = start({ PORT: '0' });
    const number = await createTicket(await first.address, 'Before the kill');
    await first.kill();
    const second = start({ PORT: '0' });
    const url = await second.address;
    expect(await readTicket(url, number)).to.contain('Before the kill');
    expect(await createTicket(url, 'After the kill')).not.to.equal(number);
    expect(await second.kill('SIGTERM')).to.equal(0);
  });
});
