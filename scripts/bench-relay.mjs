// `npm run bench:relay`: what the relay costs between a page and a help desk, beside the bare help desk and a bare Hono
// proxy, each a process of its own. Taken in turns within one run and said as ratios: milliseconds mean something only
// beside the other rows of the same run.
//   npm run bench:relay -- --rounds 2000   more requests of each for the times (1,000)
//   npm run bench:relay -- --pairs 15      more pairs for the throughput (9)
import { spawn } from 'node:child_process';
import { Agent, createServer, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1000' },
    pairs: { type: 'string', default: '9' },
    role: { type: 'string' },
    upstream: { type: 'string' },
  },
});
const key = 'bench-key';
const secret = 'the secret of a host site, for a benchmark';
const audience = 'bench.test';
const plenty = { points: 1e9, seconds: 60 };

/** Listens, and says where. */
async function serveOn(handler) {
  const { createAdaptorServer } = await import('@hono/node-server');
  const server = createAdaptorServer({ fetch: handler });
  server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
}

const roles = {
  /** Every request goes on to the help desk: nothing is kept. */
  async relay() {
    const { createRelay } = await import('../src/relay/index.ts');
    const { osticket } = await import('../src/backends/osticket.ts');
    const options = {
      backend: osticket({ url: values.upstream, apiKey: key }),
      identity: { audience, keys: [{ alg: 'HS256', secret }] },
      origins: ['https://www.example.test'],
      rates: { reads: plenty, address: plenty },
      concurrency: 32,
    };
    const relay = createRelay({ ...options, cacheMs: 0 });
    const keeping = createRelay({ ...options, basePath: '/keeping', cacheMs: 60_000 });
    await serveOn((asked) => (asked.url.includes('/keeping/') ? keeping(asked) : relay(asked)));
  },

  /** What somebody would write in five lines, with the key and no more. */
  async proxy() {
    const { Hono } = await import('hono');
    const { proxy } = await import('hono/proxy');
    const app = new Hono();
    app.get('/api/*', ({ req }) =>
      proxy(values.upstream + req.url.slice(req.url.indexOf('/', 8)), { headers: { 'X-API-Key': key } }),
    );
    await serveOn(app.fetch);
  },

  /** The embedded help desk. */
  async desk() {
    const { openDesk } = await import('../demo/desk/desk.ts');
    const { answerNode } = await import('../demo/desk/node.ts');
    const handler = openDesk({ seed: 'full', key }).handler('osticket', '');
    const server = createServer((incoming, outgoing) => void answerNode(handler, incoming, outgoing));
    server.keepAliveTimeout = 60_000;
    server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
  },

  /** The help desk's own answers, read once and then given at once: all that is left is what stands before it. */
  async canned() {
    const kept = new Map();
    let asked = 0;
    const server = createServer(async (incoming, outgoing) => {
      if (incoming.url === '/count') return outgoing.end(`${asked}`);
      asked++;
      if (!kept.has(incoming.url)) {
        const answer = await fetch(values.upstream + incoming.url, { headers: { 'X-API-Key': key } });
        kept.set(incoming.url, [answer.status, Buffer.from(await answer.arrayBuffer())]);
      }
      const [status, body] = kept.get(incoming.url);
      outgoing.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body);
    });
    server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
  },
};

const children = [];
/** A role in a process of its own: its address. */
function start(role, upstream = '') {
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', fileURLToPath(import.meta.url), '--role', role, '--upstream', upstream],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.push(child);
  return new Promise((resolve, reject) => {
    child.stdout.once('data', (said) => resolve(`${said}`.trim()));
    child.once('exit', (code) => reject(new Error(`${role} ended: ${code}`)));
  });
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const ask = ([url, headers]) =>
  new Promise((resolve, reject) => {
    const outgoing = request(url, { agent, headers }, (incoming) => {
      let bytes = 0;
      incoming.on('data', (part) => (bytes += part.length));
      incoming.on('end', () => resolve({ status: incoming.statusCode, headers: incoming.headers, bytes }));
      incoming.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end();
  });

const at = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const sortedOf = (list) => [...list].sort((a, b) => a - b);
const median = (list) => at(sortedOf(list), 0.5);
const shuffled = (list) =>
  list
    .map((each) => [Math.random(), each])
    .sort(([a], [b]) => a - b)
    .map(([, each]) => each);

/** Milliseconds of each, one request at a time, in another order each round. */
async function times(ways, rounds) {
  const all = Object.fromEntries(Object.keys(ways).map((name) => [name, []]));
  for (let round = -20; round < rounds; round++)
    for (const [name, way] of shuffled(Object.entries(ways))) {
      const from = performance.now();
      const { status } = await ask(way);
      if (status !== 200) throw new Error(`${name} answered ${status}`);
      if (round >= 0) all[name].push(performance.now() - from);
    }
  return all;
}

/** Requests a second, one at a time for each way. */
async function throughput(ways, count) {
  let left = count;
  const from = performance.now();
  await Promise.all(
    ways.map(async (way) => {
      while (left-- > 0) {
        const { status } = await ask(way);
        if (status !== 200) throw new Error(`It answered ${status}`);
      }
    }),
  );
  return (count / (performance.now() - from)) * 1000;
}

const ms = (value) => `${value.toFixed(value < 10 ? 2 : 1)} ms`.padStart(9);
const ratio = (value) => `${value.toFixed(2)} ×`.padStart(8);

async function main() {
  const { tsImport } = await import('tsx/esm/api');
  const { createToken } = await tsImport('../src/relay/token.ts', import.meta.url);
  // As many people as ask at a time: what one person asks twice at the same time goes to the help desk once.
  const bearers = await Promise.all(
    Array.from({ length: 16 }, async (_, person) => {
      const settings = { secret, audience, life: 3600 };
      return {
        Authorization: `Bearer ${await createToken({ id: `jane${person}`, email: 'jane@example.test' }, settings)}`,
      };
    }),
  );
  const [bearer] = bearers;
  const desk = await start('desk');
  const canned = await start('canned', desk);
  const rounds = Number(values.rounds);
  const pairs = Number(values.pairs);

  for (const [what, upstream] of [
    ['the embedded help desk', desk],
    ['a help desk that answers at once', canned],
  ]) {
    const [relay, proxy] = await Promise.all([start('relay', upstream), start('proxy', upstream)]);
    const list = 'tickets.json?email=jane%40example.test';
    const waysTo = (theirs, ours) => ({
      'help desk': [`${upstream}/api/${theirs}`, { 'X-API-Key': key }],
      'Hono proxy': [`${proxy}/api/${theirs}`, {}],
      relay: [`${relay}/v1/${ours}`, bearer],
    });
    const [raw, , first] = await Promise.all(Object.values(waysTo(list, 'tickets')).map(ask));
    const kB = ({ bytes }) => `${(bytes / 1000).toFixed(0)} kB`;
    console.log(`\nBefore ${what}: a list of 24 tickets, ${kB(raw)} from it, ${kB(first)} from the relay`);
    const ways = waysTo(list, 'tickets');
    const all = await times(ways, rounds);
    const base = sortedOf(all['help desk']);
    for (const [name, list] of Object.entries(all)) {
      const sorted = sortedOf(list);
      const parts = [0.5, 0.99].map((part) => {
        const value = at(sorted, part);
        const bare = at(base, part);
        return `p${part * 100} ${ms(value)} ${name === 'help desk' ? ''.padStart(20) : `${ratio(value / bare)}  +${ms(value - bare)}`}`;
      });
      console.log(`  ${name.padEnd(11)} ${parts.join('   ')}`);
    }
    // By pairs of one round, so that what else the machine does falls out.
    const over = (name) => median(all[name].map((value, round) => value / all['help desk'][round]));
    console.log(
      `  in pairs    proxy ${ratio(over('Hono proxy'))}   relay ${ratio(over('relay'))} the bare help desk   ` +
        `relay ${ratio(median(all.relay.map((value, round) => value / all['Hono proxy'][round])))} the proxy`,
    );
    const found = { relay: [], proxy: [] };
    for (let pair = -1; pair < pairs; pair++)
      for (const name of shuffled(['relay', 'proxy'])) {
        const value = await throughput(
          bearers.map((headers) => (name === 'relay' ? [ways.relay[0], headers] : ways['Hono proxy'])),
          160,
        );
        if (pair >= 0) found[name].push(value);
      }
    const share = found.relay.map((value, pair) => value / found.proxy[pair]);
    console.log(
      `  throughput  relay ${median(found.relay).toFixed(0)}/s, proxy ${median(found.proxy).toFixed(0)}/s: ` +
        `${median(share).toFixed(2)} of the proxy's (median of ${pairs} pairs, 16 people at a time)`,
    );
    if (upstream !== canned) continue;

    const poll = `${relay}/keeping/v1/tickets`;
    const { headers } = await ask([poll, bearer]);
    const count = async () => Number(await (await fetch(`${canned}/count`)).text());
    const before = await count();
    const from = performance.now();
    const again = { ...bearer, 'If-None-Match': headers.etag };
    const statuses = {};
    for (let round = 0; round < rounds; round++) {
      const { status } = await ask([poll, again]);
      statuses[status] = (statuses[status] ?? 0) + 1;
    }
    const took = (performance.now() - from) / rounds;
    const calls = (await count()) - before;
    console.log(
      `  polls       ${rounds} within the cache time: ${JSON.stringify(statuses)}, ${calls} calls of the help desk, ` +
        `${took.toFixed(2)} ms each`,
    );
    if (calls || statuses[304] !== rounds) process.exitCode = 1;
  }
}

if (values.role) await roles[values.role]();
else
  try {
    await main();
  } finally {
    agent.destroy();
    for (const child of children) child.removeAllListeners('exit').kill();
  }
