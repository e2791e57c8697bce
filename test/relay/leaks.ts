/**
 * What leaves relays during the tests, looked through for what must not: the planted key and the secrets of the host, in
 * any coding; and in log lines anything but their closed list of values. All tests of the relay send through here, and the
 * run fails at its end where something was found.
 */
import { expect } from 'chai';
import type { HelpDeskErrorCode } from '../../src/errors.js';
import type { LogLine } from '../../src/relay/index.js';
import { routes } from '../../src/relay/protocol.js';
import { createScanner } from './scanner.js';
import { agentSecret, secret } from './tokens.js';

/** The help desk's key in these tests. Its beginning is found in nothing else. */
export const key = 'planted-KEY-3f9a+/=&?%';
export const planted = [/^[\w-]+/.exec(key)![0], secret, agentSecret];

const codes: Readonly<Record<HelpDeskErrorCode, true>> = {
  network: true,
  timeout: true,
  aborted: true,
  unauthorized: true,
  forbidden: true,
  'not-found': true,
  invalid: true,
  conflict: true,
  'too-large': true,
  'rate-limited': true,
  'limit-reached': true,
  unavailable: true,
  unsupported: true,
  unexpected: true,
};
const isCode = (value: unknown): boolean => Object.hasOwn(codes, String(value));
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isOne =
  (...list: readonly string[]) =>
  (value: unknown): boolean =>
    list.includes(value as string);
const is =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === 'string' && pattern.test(value);

/** All that a log line may say. */
const allowed: Readonly<Record<keyof LogLine | 'level' | 'event' | 'url' | 'running', (value: unknown) => boolean>> = {
  time: is(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  id: is(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  route: isOne(...Object.keys(routes), 'preflight', 'health', 'none'),
  method: isOne('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', '_OTHER'),
  status: (value) => isCount(value) && (value as number) > 199 && (value as number) < 600,
  code: isCode,
  upstream: isCode,
  ms: isCount,
  received: isCount,
  sent: isCount,
  subject: is(/^[0-9a-f]{16}$/),
  // Of the process.
  level: isOne('info', 'warn', 'error'),
  event: isOne('listening', 'stopping', 'closed', 'store-down', 'store-up', 'mail-failed'),
  url: is(/^http:\/\/127\.0\.0\.1:\d+(\/[\w-]+)*$/),
  running: isCount,
};

/** Names what a log line says beyond what it may: an e-mail, a name, a subject, a body or a token is none of it. */
export const beyond = (line: object): string[] =>
  Object.entries(line)
    .filter(([name, value]) => !(Object.hasOwn(allowed, name) && allowed[name as keyof typeof allowed](value)))
    .map(([name, value]) => `${name}: ${String(JSON.stringify(value)).slice(0, 80)}`);

const scan = createScanner(...planted);
/** One for the run: mocha may load this file as a module of either kind. */
const place = Symbol.for('helpdesk-elements.leaks');
interface Seen {
  readonly wrong: string[];
  readonly counted: { bytes: number; answers: number; lines: number; other: number };
  readonly pending: Set<Promise<void>>;
  readonly origins: Set<string>;
}
const run = globalThis as { [place]?: Seen };
const first = run[place] === undefined;
const { wrong, counted, pending, origins } = (run[place] ??= {
  wrong: [],
  counted: { bytes: 0, answers: 0, lines: 0, other: 0 },
  pending: new Set(),
  origins: new Set(),
});

function look(text: string, what: string): void {
  counted.bytes += text.length;
  for (const form of scan(text)) wrong.push(`${what}, ${form}: ${text.slice(0, 300)}`);
}

/** An answer as it left: its status line, headers and all its bytes. The answer itself stays to be read. */
export async function sawAnswer(response: Response, what = 'An answer'): Promise<void> {
  counted.answers++;
  const head = [...response.headers].map((each) => each.join(': ')).join('\n');
  const copy = response.clone();
  look(`${response.status} ${response.statusText}\n${head}`, what);
  // Byte by byte: what is no text is looked through as well.
  look(Buffer.from(await copy.arrayBuffer()).toString('latin1'), what);
}

/** A log line. */
export function sawLine(line: object): void {
  counted.lines++;
  look(JSON.stringify(line), 'A log line');
  for (const each of beyond(line)) wrong.push(`A log line says ${each}`);
}

/** What a process has said, both ways: lines of its log, or words. */
export function sawOutput(said: string): void {
  for (const line of said.split('\n')) {
    // One that was killed may have said half a line.
    if (/^\{.*\}$/.test(line)) sawLine(JSON.parse(line) as object);
    else saw(line, 'Output');
  }
}

/** Anything else that has left: a mail, bytes of a socket, an error. */
export function saw(text: string, what: string): void {
  counted.other++;
  look(text, what);
}

/** From now on answers that `fetch` gets from a relay at this address are looked through. */
export function watch(address: string): void {
  if (!origins.size) {
    const real = globalThis.fetch;
    const watched = async (...args: Parameters<typeof fetch>): Promise<Response> => {
      const response = await real(...args);
      if (response.url && origins.has(new URL(response.url).origin)) {
        // One that breaks off is seen as far as it came.
        const look = sawAnswer(response, response.url).catch(() => undefined);
        pending.add(look);
        void look.then(() => pending.delete(look));
      }
      return response;
    };
    globalThis.fetch = Object.assign(watched, real);
  }
  origins.add(new URL(address).origin);
}

const { after } = globalThis as { after?: typeof globalThis.after };
// In mocha, for the run as a whole. The browsers' test server looks by itself.
if (first)
  after?.('nothing that must not has left a relay', async () => {
    await Promise.all(pending);
    expect(wrong.slice(0, 20)).to.deep.equal([]);
    const n = (value: number): string => value.toLocaleString('en');
    console.log(
      `\n  ${n(counted.bytes)} bytes have left relays, in ${n(counted.answers)} answers, ${n(counted.lines)} log lines and ` +
        `${n(counted.other)} others: no planted key or secret, and nothing personal in the log`,
    );
  });
