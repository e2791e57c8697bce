/**
 * Every back end a second time, through the relay: the suite that each passes directly is run over the page's back end,
 * whose requests go straight into the relay's handler, and once more over HTTP.
 */
import type { StoredTicket } from '../../demo/desk/control.js';
import type { Desk, DialectName } from '../../demo/desk/desk.js';
import { osticket } from '../../src/backends/osticket.js';
import { relay as pageBackend, type RelayCapabilities, type RelayOptions } from '../../src/backends/relay.js';
import type { BackendFor } from '../../src/relay/index.js';
import { describeBackend, type Bench, type Traits } from '../../src/testing.js';
import { serveDesk } from '../desk/serve.js';
import { identity, key, openRelay, page, unlimited } from './bench.js';
import { systems } from './systems.js';
import { claimsOf, sign, tokenOf } from './tokens.js';
import { upstreamNames, upstreams, type Place } from './upstreams.js';
import { inProcess, overHttp, type MountRelay } from './ways.js';

const toStored = ({ topic_id, ...ticket }: StoredTicket) => ({ ...ticket, topicId: String(topic_id) });

/** What the suite knows of the desk. */
const toContractDesk = (desk: Desk, address: string, close: () => Promise<unknown>): Bench['desk'] => {
  const tickets = (of: { email?: string; number?: string }) =>
    (desk.control({ op: 'tickets', ...of }) as StoredTicket[]).map(toStored);
  return {
    address,
    close,
    tickets: async (email) => tickets({ email }),
    ticket: async (number) => tickets({ number })[0]!,
    reply: async (number, body) => desk.control({ op: 'reply', number, body }),
    note: async (number, body) => desk.control({ op: 'note', number, body, title: 'Status Changed' }),
    lock: async (number) => desk.control({ op: 'lock', number, locked: true }),
    fault: async (fault) => desk.control({ op: 'fault', fault }),
    clearFaults: async () => desk.control({ op: 'clear-faults' }),
    log: async () => desk.log,
  };
};

async function openContract(dialect: DialectName, make: (place: Place) => BackendFor, to: MountRelay): Promise<Bench> {
  const { desk, origin, close } = await serveDesk(dialect, { seed: 'small', key }, {});
  const tokens = Object.fromEntries([...desk.tokens].map(([token, email]) => [email, token]));
  const relay = openRelay({
    backend: make({ url: origin, key, tokens }),
    identity,
    origins: [page],
    rates: unlimited,
    cacheMs: 0,
    times: { settle: 0 },
  });
  const mount = await to(relay);
  const { url } = mount;
  const options: RelayOptions = { url, getToken: () => tokenOf('jane') };
  const wrong = await sign(claimsOf('jane'), 'a secret that is not the one of the site');
  const answer = await fetch(`${url}/v1/capabilities`, {
    headers: { Authorization: `Bearer ${await tokenOf('jane')}` },
  });
  const capabilities = (await answer.json()) as RelayCapabilities;
  const backend = pageBackend(options);
  await backend.ready!();
  return {
    desk: toContractDesk(desk, origin, async () => {
      mount.close();
      await close();
    }),
    backend,
    // A page has no key but its token.
    remake: ({ apiKey, ...changes }) =>
      pageBackend({
        ...options,
        capabilities,
        ...changes,
        ...(apiKey !== undefined && { getToken: () => wrong }),
      }),
    // Who asks is what the token says, whatever the page says.
    identity: { email: 'omar@example.test', userId: '2' },
  };
}

/** osTicket whose form has to be found out, in each of its forms. */
const auto: readonly [string, DialectName, Traits][] = (
  [
    ['osticket', true],
    ['osticket-2018', true],
    ['osticket-2020', false],
  ] as const
).map(([name, filesVary]) => [
  `${name}, found out`,
  name,
  { ...systems[name], absent: systems['osticket-2020'].absent, filesVary },
]);

const all: readonly (readonly [string, DialectName, Traits, (place: Place) => BackendFor])[] = [
  ...upstreamNames.map((name) => [name, name, systems[name], upstreams[name]] as const),
  ...auto.map(
    ([name, dialect, traits]) =>
      [name, dialect, traits, ({ url }: Place) => osticket({ url, apiKey: key, shape: 'auto' })] as const,
  ),
];

for (const [way, to] of Object.entries({ 'in process': inProcess, 'over HTTP': overHttp }))
  for (const [name, dialect, traits, make] of all)
    describeBackend(`relay (${name}, ${way})`, traits, () => openContract(dialect, make, to));
