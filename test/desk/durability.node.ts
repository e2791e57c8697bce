import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openDesk } from '../../demo/desk/desk.js';
import { send } from './serve.js';

const main = fileURLToPath(new URL('../../demo/desk/main.ts', import.meta.url));

interface Process {
  readonly child: ChildProcess;
  readonly origin: string;
  readonly said: string;
}

/** Starts the command and waits until it has said everything it says. */
function start(...args: string[]): Promise<Process> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, '--port', '0', ...args], { stdio: 'pipe' });
  return new Promise((resolve, reject) => {
    let said = '';
    child.stderr.on('data', (part) => (said += String(part)));
    child.stdout.on('data', (part) => {
      said += String(part);
      const origin = /^Help desk +(\S+)$/m.exec(said)?.[1];
      if (origin && /^Data .*\n/m.test(said)) resolve({ child, origin, said });
    });
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
}

function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
  return new Promise((resolve) => {
    child.removeAllListeners('exit');
    child.on('exit', (code, by) => resolve(by ?? code));
    child.kill(signal);
  });
}

describe('the help desk as a process', function () {
  this.timeout(60_000);
  let folder: string;
  let running: ChildProcess | undefined;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'desk-'));
  });
  afterEach(async () => {
    if (running && running.exitCode === null && running.signalCode === null) await stop(running, 'SIGKILL');
    running = undefined;
    rmSync(folder, { recursive: true, force: true });
  });

  it('keeps everything it acknowledged through kill -9, and starts again on the same file', async () => {
    const file = join(folder, 'inner', 'desk.db');
    const acknowledged: string[] = [];
    for (let round = 0; round < 2; round++) {
      const { child, origin } = await start('--data', file, '--key', 'K', '--empty');
      running = child;
      let killed: Promise<unknown> | undefined;
      const writer = async (name: number): Promise<void> => {
        for (let i = 0; ; i++) {
          const subject = `${round}-${name}-${i}`;
          const body = { email: 'jane@example.test', subject, message: 'x'.repeat(2000) };
          const answer = await send('POST', `${origin}/api/tickets.json`, body, { 'X-API-Key': 'K' }).catch(
            () => undefined,
          );
          if (answer?.status !== 201) return;
          acknowledged.push(subject);
          // While the others are in the middle of their writes.
          if (acknowledged.length >= 40 * (round + 1)) killed ??= stop(child, 'SIGKILL');
        }
      };
      await Promise.all([0, 1, 2, 3].map(writer));
      expect(await killed).to.equal('SIGKILL');
    }
    expect(acknowledged.length).to.be.at.least(80);
    const desk = openDesk({ file });
    const stored = desk.store.tickets().map(({ subject }) => subject);
    const numbers = new Set(desk.store.tickets().map(({ number }) => number));
    desk.close();
    expect(stored).to.include.members(acknowledged);
    expect(numbers.size).to.equal(stored.length);
  });

  it('prints its address, dialect and key, and ends cleanly', async () => {
    const { child, origin, said } = await start('--data', ':memory:', '--dialect', 'support-ticket', '--key', 'K');
    running = child;
    expect(said).to.match(/^Help desk +http:\/\/127\.0\.0\.1:\d+\/api\/v1\nDialect +support-ticket\nKey +K\n/);
    expect(said).to.match(/Token +token-jane \(jane@example\.test\)\n[^]*Data +:memory: \(340 tickets\)\n$/);
    const headers = { apikey: 'K', Authorization: 'Bearer token-mia' };
    expect((await send('GET', `${origin}/support/get/ticket/history/`, undefined, headers)).status).to.equal(200);
    expect(await stop(child, 'SIGTERM')).to.equal(0);
  });

  it('speaks the dialect it is told to, with its knobs', async () => {
    const jaze = await start('--data', ':memory:', '--dialect', 'jaze', '--valid-json');
    running = jaze.child;
    expect(jaze.said).to.match(/^Help desk +http:\/\/127\.0\.0\.1:\d+\nDialect +jaze\n/);
    expect(jaze.said).to.contain('User id     3 (mia@example.test)\n');
    const list = await send('GET', `${jaze.origin}/api/v1/get_tickets/3`, undefined, { 'X-API-Key': 'desk-key' });
    expect((JSON.parse(list.body) as { data: unknown[] }).data).to.have.length(300);
    expect(await stop(jaze.child, 'SIGTERM')).to.equal(0);

    const fork = await start('--data', ':memory:', '--dialect', 'osticket-2020', '--files-need-sign-in');
    running = fork.child;
    const ticket = await send('GET', `${fork.origin}/api/tickets.json/309214`, undefined, { 'X-API-Key': 'desk-key' });
    const url = /"download_url":"([^"]+)"/.exec(ticket.body)![1]!.replaceAll('\\/', '/');
    expect((await send('GET', fork.origin + url)).body).to.match(/^<!DOCTYPE html>/);
  });

  it('takes faults and a zone', async () => {
    const fault = JSON.stringify({ match: 'GET /api/topics.json', kind: 'status-500' });
    const { child, origin } = await start(
      '--data',
      ':memory:',
      '--empty',
      '--time-zone',
      'Asia/Tokyo',
      '--fault',
      fault,
    );
    running = child;
    const get = (): ReturnType<typeof send> =>
      send('GET', `${origin}/api/topics.json`, undefined, { 'X-API-Key': 'desk-key' });
    expect((await get()).status).to.equal(500);
    expect((await get()).status).to.equal(200);
  });

  it('says plainly what it cannot do', async () => {
    const failures: [string[], string][] = [
      [
        ['--dialect', 'x'],
        '--dialect is one of osticket, osticket-2018, osticket-2020, osticket-http, osticket-core, support-ticket, jaze, not x\nTry --help.\n',
      ],
      [['--port', '99999'], '--port is a number from 0 to 65535, not 99999\nTry --help.\n'],
      [['--time-zone', 'Nowhere'], '--time-zone is an IANA zone like Europe/Vienna, not Nowhere\nTry --help.\n'],
      [['--fault', '{}'], '--fault wants JSON with a "kind", not {}\nTry --help.\n'],
    ];
    for (const [args, words] of failures) {
      const failure = await start(...args).catch((error: Error) => error.message);
      expect(failure).to.equal(`ended with 2: ${words}`);
    }
  });
});
