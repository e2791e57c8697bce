#!/usr/bin/env node
/// <reference types="node" />
/** `npx helpdesk-relay`: environment → relay → Node server. */
import { serve, type HttpBindings } from '@hono/node-server';
import type { Server } from 'node:http';
import { pathToFileURL } from 'node:url';
import { toHelpDeskError, type HelpDeskErrorCode } from '../errors.js';
import { addressOf, type Config, ConfigError, readConfig, variables } from './config.js';
import type { Subject } from './identity.js';
import { createMemoryStore, createRedisStore, createRelay, type RelayStore } from './index.js';
import { endIdle } from './idle.js';
import { createMetrics } from './metrics.js';

const help = `helpdesk-relay: stands between pages and a ticket system, and keeps its key.

  --check   test the configuration and the way to the ticket system, and say what is wrong
  --help    this text

Configured by environment variables:

${Object.entries(variables)
  .map(([name, what]) => `  ${name.padEnd(27)}${what}`)
  .join('\n')}
`;

/** Milliseconds for what runs when it is to end: as long as a write may wait for its turn and then take, with files. */
const grace = 140_000;

const say = (line: object): void => console.log(JSON.stringify(line));

async function openStore({ redisUrl, rates }: Config): Promise<RelayStore> {
  if (redisUrl === undefined) return createMemoryStore(rates);
  const { Redis } = await import('iovalkey');
  const client = new Redis(redisUrl, {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    commandTimeout: 1000,
    retryStrategy: (times) => Math.min(times * 100, 2000),
  });
  let down = false;
  client.on('error', () => {
    if (!down) say({ time: new Date().toISOString(), level: 'warn', event: 'store-down' });
    down = true;
  });
  client.on('ready', () => {
    if (down) say({ time: new Date().toISOString(), level: 'info', event: 'store-up' });
    down = false;
  });
  await new Promise<void>((resolve) => {
    client.once('ready', resolve);
    client.once('error', resolve);
  });
  return createRedisStore(client, rates);
}

const mailer = async (url: string) => (await import('nodemailer')).createTransport(url);

async function openMail({ smtpUrl, mailFrom }: Config) {
  if (smtpUrl === undefined) return;
  const transport = await mailer(smtpUrl);
  return async ({ to, code }: { to: string; code: string }): Promise<void> => {
    try {
      await transport.sendMail({
        from: mailFrom,
        to: { name: '', address: to },
        subject: 'Your code for the help desk',
        text: `Your code is ${code}\n\nIt is good for ten minutes. If you did not ask for it, ignore this mail.\n`,
        // Nobody's absence is to answer it.
        headers: { 'Auto-Submitted': 'auto-generated' },
      });
    } catch {
      say({ time: new Date().toISOString(), level: 'error', event: 'mail-failed' });
    }
  };
}

/** Why the ticket system did not answer as it should. */
const reasons: Partial<Record<HelpDeskErrorCode, string>> = {
  network: 'It could not be reached: is HELPDESK_URL right, and may this machine connect to it?',
  timeout: 'It took too long to answer.',
  unauthorized: 'It refuses the key: is HELPDESK_API_KEY right, and is it bound to the address of this machine?',
  forbidden: 'It refuses the key: may it do this, and is it bound to the address of this machine?',
  'not-found': 'Nothing is there: is the path in HELPDESK_URL right, and is the API extension installed?',
  unsupported: 'It does not know this call: is HELPDESK_BACKEND the right kind, and is the API extension installed?',
  unavailable: 'It answers with an error of its own.',
  unexpected: 'It answers with something else than data, perhaps a page: is HELPDESK_URL right?',
};

/** Tests the way to everything, and says what is wrong. True where nothing is. */
async function check(config: Config): Promise<boolean> {
  let good = true;
  const tell = (fine: boolean, what: string): void => {
    good &&= fine;
    console.log(`${fine ? 'ok  ' : 'FAIL'}  ${what}`);
  };
  tell(true, 'Configuration.');
  const who: Subject = {
    sub: 'check',
    role: 'requester',
    identity: { email: 'relay-check@example.invalid', userId: '1' },
  };
  try {
    const { backend } = config.relay;
    const made = typeof backend === 'function' ? undefined : backend;
    if (!made) tell(true, 'Ticket system: asked with the tokens of people only, so not tested.');
    else {
      if (made.listTopics) await made.listTopics({ identity: who.identity });
      await made.listTickets({}, { identity: who.identity });
      tell(true, 'Ticket system.');
    }
  } catch (error) {
    const { code } = toHelpDeskError(error);
    tell(false, `Ticket system. ${reasons[code] ?? `It answers: ${code}.`}`);
  }
  if (config.redisUrl !== undefined) {
    const store = await openStore(config);
    tell(
      await store.ping().then(
        () => true,
        () => false,
      ),
      'Redis: HELPDESK_REDIS_URL.',
    );
    await store.close();
  } else tell(true, 'No Redis: good for one relay.');
  const { jwksUrl } = config.relay.identity;
  if (jwksUrl !== undefined) {
    const keys = await fetch(jwksUrl, { redirect: 'error', signal: AbortSignal.timeout(5000) })
      .then((response) => response.json() as Promise<{ keys?: unknown }>)
      .catch(() => undefined);
    tell(Array.isArray(keys?.keys), 'Key set: HELPDESK_JWKS_URL.');
  }
  if (config.smtpUrl !== undefined) {
    const transport = await mailer(config.smtpUrl);
    tell(await transport.verify().catch(() => false), 'Mail server: HELPDESK_SMTP_URL.');
    transport.close();
  }
  return good;
}

async function start(config: Config): Promise<void> {
  const store = await openStore(config);
  const send = await openMail(config);
  const metrics = createMetrics();
  const relay = createRelay({
    ...config.relay,
    guests: { ...config.relay.guests, ...(send && { send }) },
    store,
    address: (request, env) =>
      addressOf(
        (env as HttpBindings).incoming.socket.remoteAddress,
        request.headers.get('x-forwarded-for'),
        config.proxies,
      ),
    log: (line) => {
      metrics.record(line);
      if (line.route !== 'health') say(line);
    },
  });
  let draining = false;
  let closed = false;
  const { basePath = '' } = config.relay;
  const exit = (): void => void store.close().then(() => process.exit(0));
  /** Ends with the last of what runs: a write goes on when its page has left. */
  const ended = (): void => {
    if (closed && !relay.running()) exit();
  };
  async function answer(request: Request, env: HttpBindings): Promise<Response> {
    const path = request.url.slice(request.url.indexOf('/', 8)).replace(/\?.*/, '');
    if (draining && path === `${basePath}/readyz`) return Response.json({ ok: false }, { status: 503 });
    if (config.metrics && path === '/metrics' && request.method === 'GET')
      return new Response(metrics.text(), { headers: { 'Content-Type': 'text/plain; version=0.0.4' } });
    return relay(request, env).finally(ended);
  }
  const server = serve(
    {
      hostname: config.host,
      port: config.port,
      fetch: endIdle(async (request, env) => {
        const response = await answer(request, env as HttpBindings);
        // Nobody asks again over a connection that is to go.
        if (draining) response.headers.set('Connection', 'close');
        return response;
      }),
      serverOptions: { maxHeaderSize: 16_384, headersTimeout: 10_000, requestTimeout: 130_000 },
    },
    ({ port }) => {
      const host = config.host.includes(':') ? `[${config.host}]` : config.host;
      say({
        time: new Date().toISOString(),
        level: 'info',
        event: 'listening',
        url: `http://${host}:${port}${basePath}`,
      });
    },
  ) as Server;
  server.on('error', (error: NodeJS.ErrnoException) => {
    console.error(
      error.code === 'EADDRINUSE'
        ? `Port ${config.port} is taken: set PORT.`
        : `The server cannot listen: ${error.code ?? 'unknown'}.`,
    );
    process.exit(1);
  });

  const stop = (): void => {
    if (draining) return;
    draining = true;
    say({ time: new Date().toISOString(), level: 'info', event: 'stopping', running: relay.running() });
    server.close(() => {
      closed = true;
      say({ time: new Date().toISOString(), level: 'info', event: 'closed', running: relay.running() });
      ended();
    });
    server.closeIdleConnections();
    // What runs longer than any write may take is given up.
    setTimeout(exit, grace).unref();
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

async function main(args: readonly string[]): Promise<void> {
  const unknown = args.find((arg) => !['--check', '--help'].includes(arg));
  if (unknown !== undefined || args.includes('--help')) {
    if (unknown !== undefined) console.error(`${unknown} is not known.\n`);
    console.log(help);
    process.exitCode = unknown === undefined ? 0 : 2;
    return;
  }
  try {
    const config = await readConfig(process.env);
    if (!args.includes('--check')) await start(config);
    else process.exit((await check(config)) ? 0 : 1);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) console.error(`FAIL  ${problem}`);
    console.error('\nhelpdesk-relay --help names every variable.');
    process.exitCode = 2;
  }
}

// Also started by a link in `node_modules/.bin`.
if (
  process.argv[1] !== undefined &&
  import.meta.url === pathToFileURL((await import('node:fs')).realpathSync(process.argv[1])).href
)
  await main(process.argv.slice(2));
