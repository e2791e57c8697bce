/** A Redis of its own for tests, where one is installed. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = ['valkey-server', 'redis-server'].find((name) => spawnSync(name, ['--version']).status === 0);

/** True where the tests that need it can run. */
export const hasRedis = program !== undefined;
if (!hasRedis) console.log('    (left out: what needs Redis. To run it: apt-get install redis-server)');

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** Gone, as after a crash. */
  stop(): Promise<void>;
}

/** Starts one on loopback; nothing is written to disk. One that was stopped comes back, empty, at its port. */
export async function startRedis(at?: number): Promise<TestRedis> {
  const port = at ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'helpdesk-redis-'));
  const child = spawn(
    program!,
    ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  );
  await new Promise<void>((resolve, reject) => {
    child.once('exit', () => reject(new Error('Redis did not start.')));
    let said = '';
    child.stdout.on('data', (part: Buffer) => {
      said += part.toString();
      if (/ready to accept connections/i.test(said)) resolve();
    });
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
