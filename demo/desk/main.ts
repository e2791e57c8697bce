/** The embedded help desk alone: `npm run desk -- --dialect osticket --port 8090 --key K --data FILE`. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { dialectNames, isDialect, openDesk } from './desk.js';
import type { Fault } from './faults.js';
import { answerNode } from './node.js';

const defaultFile = fileURLToPath(new URL('data/desk.db', import.meta.url));
const help = `The embedded help desk: a small real ticket system for demos and tests.

  --dialect NAME    ${dialectNames.join(', ')}
                    (default osticket)
  --port N          default PORT or 8090; 0 for any free one
  --host NAME       default HOST or 127.0.0.1
  --key KEY         API key (default desk-key)
  --data FILE       database, made where it does not exist; :memory: forgets (default demo/desk/data/desk.db)
  --empty           a new database gets people and topics, but no tickets
  --time-zone ZONE  IANA zone in which times are printed (default UTC)
  --files-need-sign-in  osticket-2020 answers the page to sign in instead of a file, as a real one does by default
  --valid-json      jaze answers real JSON, not what its documentation prints
  --fault JSON      a failure to come, e.g. '{"match":"PUT /api/tickets.json","kind":"commit-then-drop","times":1}';
                    may be repeated. Kinds: status-500 commit-then-500 commit-then-drop commit-then-hang drop hang
                    delay html-page truncated notice-before-json answer
  --help            this text
`;

class UsageError extends Error {}

function readFault(source: string): Fault {
  try {
    const fault = JSON.parse(source) as Fault;
    if (typeof fault.kind === 'string') return fault;
  } catch {
    // Said below.
  }
  throw new UsageError(`--fault wants JSON with a "kind", not ${source}`);
}

function start(): void {
  const { values } = parseArgs({
    options: {
      dialect: { type: 'string', default: 'osticket' },
      port: { type: 'string', default: process.env.PORT ?? '8090' },
      host: { type: 'string', default: process.env.HOST ?? '127.0.0.1' },
      key: { type: 'string', default: 'desk-key' },
      data: { type: 'string', default: defaultFile },
      empty: { type: 'boolean', default: false },
      'time-zone': { type: 'string', default: 'UTC' },
      'files-need-sign-in': { type: 'boolean', default: false },
      'valid-json': { type: 'boolean', default: false },
      fault: { type: 'string', multiple: true, default: [] },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(help);
    return;
  }
  const { dialect, host, key } = values;
  const port = Number(values.port);
  if (!isDialect(dialect)) throw new UsageError(`--dialect is one of ${dialectNames.join(', ')}, not ${dialect}`);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`--port is a number from 0 to 65535, not ${values.port}`);
  if (!key) throw new UsageError('--key must not be empty');
  try {
    new Intl.DateTimeFormat('en', { timeZone: values['time-zone'] });
  } catch {
    throw new UsageError(`--time-zone is an IANA zone like Europe/Vienna, not ${values['time-zone']}`);
  }
  const faults = values.fault.map(readFault);

  const desk = openDesk({
    file: values.data,
    key,
    seed: values.empty ? 'none' : 'full',
    timeZone: values['time-zone'],
    filesNeedSignIn: values['files-need-sign-in'],
    validJson: values['valid-json'],
    faults,
  });
  const handler = desk.handler(dialect);
  const server = createServer((incoming, outgoing) => void answerNode(handler, incoming, outgoing));
  server.on('error', (error: NodeJS.ErrnoException) => {
    console.error(error.code === 'EADDRINUSE' ? `Port ${port} is in use; choose another with --port.` : error.message);
    desk.close();
    process.exitCode = 1;
  });
  server.listen(port, host, () => {
    const address = server.address();
    const bound = address && typeof address === 'object' ? address.port : port;
    console.log(`Help desk   http://${host}:${bound}${dialect === 'support-ticket' ? '/api/v1' : ''}`);
    console.log(`Dialect     ${dialect}`);
    console.log(`Key         ${key}`);
    if (dialect === 'support-ticket')
      for (const [token, email] of desk.tokens) console.log(`Token       ${token} (${email})`);
    if (dialect === 'jaze')
      for (const { id, email, role } of desk.store.people())
        if (role === 'customer') console.log(`User id     ${id} (${email})`);
    console.log(`Data        ${values.data} (${desk.store.countTickets()} tickets)`);
  });
  const stop = (): void => {
    server.close(() => desk.close());
    server.closeAllConnections();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

try {
  start();
} catch (error) {
  const usage = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS');
  console.error(usage ? `${(error as Error).message}\nTry --help.` : error);
  process.exitCode = usage ? 2 : 1;
}
