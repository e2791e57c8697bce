/** The relay as its own process, as `npx helpdesk-relay` starts it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { audience, secret } from './tokens.js';
import { page } from './bench.js';
import { key, sawOutput, watch } from './leaks.js';

const main = fileURLToPath(new URL('../../src/relay/main.ts', import.meta.url));

export const environment = (url: string, more: Record<string, string> = {}): Record<string, string> => ({
  HELPDESK_BACKEND: 'osticket',
  HELPDESK_URL: url,
  HELPDESK_API_KEY: key,
  HELPDESK_ORIGINS: page,
  HELPDESK_JWT_SECRET: secret,
  HELPDESK_AUDIENCE: audience,
  HELPDESK_CACHE_MS: '0',
  PORT: '0',
  ...more,
});

function spawnRelay(env: Record<string, string>, args: readonly string[]): ChildProcess {
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(HELPDESK_|PORT$|HOST$)/.test(name)),
  );
  // Bun reads TypeScript by itself.
  const loader = process.versions['bun'] === undefined ? ['--import', 'tsx'] : [];
  return spawn(process.execPath, [...loader, main, ...args], { env: { ...clean, ...env } });
}

/** Runs it to its end. */
export async function runRelay(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawnRelay(env, args);
  let [out, err] = ['', ''];
  child.stdout!.on('data', (part: Buffer) => (out += part.toString()));
  child.stderr!.on('data', (part: Buffer) => (err += part.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  sawOutput(out + err);
  return { code, out, err };
}

export interface RelayProcess {
  readonly url: string;
  /** Everything it has said, both ways. */
  readonly said: () => string;
  /** Resolves once it has said this. */
  until(pattern: RegExp): Promise<void>;
  /** Sends a signal and waits for the end: its exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  kill(signal: NodeJS.Signals): void;
  readonly ended: Promise<number | null>;
}

/** Starts it and waits until it listens. */
export async function startRelay(env: Record<string, string>): Promise<RelayProcess> {
  const child = spawnRelay(env, []);
  let said = '';
  const listeners = new Set<() => void>();
  const hear = (part: Buffer): void => {
    said += part.toString();
    for (const listener of listeners) listener();
  };
  child.stdout!.on('data', hear);
  child.stderr!.on('data', hear);
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  void ended.then(() => sawOutput(said));
  const until = (pattern: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        if (!pattern.test(said)) return;
        listeners.delete(look);
        resolve();
      };
      listeners.add(look);
      void ended.then(() => reject(new Error(`It ended: ${said}`)));
      look();
    });
  await until(/"listening"/);
  const url = /"url":"([^"]+)"/.exec(said)![1]!;
  watch(url);
  return {
    url,
    said: () => said,
    until,
    ended,
    kill: (signal) => void child.kill(signal),
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
  };
}
