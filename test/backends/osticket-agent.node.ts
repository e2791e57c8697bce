/** The `osticket` back end as agents use it behind the relay, in process: what passes, and what does not. */
import { expect } from 'chai';
import { osticket } from '../../src/backends/osticket.js';
import type { Ticket } from '../../src/model.js';
import { createRelay, type Relay } from '../../src/relay/index.js';
import { serveDesk } from '../desk/serve.js';
import { agentAudience, agentSecret, audience, claimsOf, secret, sign, tokenOf } from '../relay/tokens.js';

const key = 'desk-key';
const origin = 'https://www.example.test';
const everything = ['287455', '004217', '680431', '309214', '737120', '512036', '431870', '198302'];
const keysOf = (value: string) => [{ alg: 'HS256' as const, secret: value }];

for (const [shape, dialect] of [
  ['readme', 'osticket'],
  ['2018', 'osticket-2018'],
] as const)
  describe(`osticket (${shape}), for agents behind the relay`, () => {
    let served: Awaited<ReturnType<typeof serveDesk>>;
    let relay: Relay;
    let agent: string;
    beforeEach(async () => {
      served = await serveDesk(dialect, { seed: 'small', key }, {});
      const options = { url: served.origin, apiKey: key, shape };
      const desks = new Map<string, ReturnType<typeof osticket>>();
      relay = createRelay({
        backend: osticket(options),
        identity: { audience, keys: keysOf(secret) },
        agents: {
          identity: { audience: agentAudience, keys: keysOf(agentSecret) },
          backend({ identity: { staff = '' } }) {
            const desk = desks.get(staff) ?? osticket({ ...options, staffUserName: staff });
            desks.set(staff, desk);
            return desk;
          },
        },
        origins: [origin],
      });
      agent = await sign({ ...claimsOf('nora'), aud: agentAudience, role: 'agent', staff: 'nora' }, agentSecret);
    });
    afterEach(() => served.close());

    async function ask<T>(path: string, token: string, method = 'GET', body?: object): Promise<[number, T]> {
      const response = await relay(
        new Request(`https://relay.test/v1/${path}`, {
          method,
          headers: { Authorization: `Bearer ${token}`, Origin: origin, 'Content-Type': 'application/json' },
          ...(body && { body: JSON.stringify(body) }),
        }),
      );
      return [response.status, (await response.json()) as T];
    }

    it('lists the whole desk in pages', async () => {
      const seen: string[] = [];
      let cursor: string | undefined = '';
      for (let pages = 0; cursor !== undefined && pages < 9; pages++) {
        const path: string = `tickets?scope=all&limit=3${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
        const [status, { items, next }] = await ask<{ items: Ticket[]; next?: string }>(path, agent);
        expect(status).to.equal(200);
        seen.push(...items.map(({ id }) => id));
        cursor = next;
      }
      expect(seen).to.deep.equal(everything);
    });

    it('replies with a status, under the name that the token gives', async () => {
      const [status] = await ask('tickets/309214/replies', agent, 'POST', { message: 'Done', status: 'closed' });
      expect(status).to.equal(201);
      const { state, entries } = (
        served.desk.control({ op: 'tickets', number: '309214' }) as {
          state: string;
          entries: { kind: string; poster: string; body: string }[];
        }[]
      )[0]!;
      const { poster, body } = entries.findLast(({ kind }) => kind === 'reply')!;
      expect([state, poster, body]).to.deep.equal(['closed', 'Nora Lind', '<p>Done</p>']);
    });

    it('makes nobody known, and gives customers none of this', async () => {
      const [, { can }] = await ask<{ can: string[] }>('capabilities', agent);
      expect(can).to.include('reply');
      expect(can).not.to.include.members(['createUser']);
      for (const path of ['users', 'v1/users', 'users.json'])
        expect((await ask(path, agent, 'POST', { name: 'John', email: 'john@example.test', phone: '1' }))[0]).to.equal(
          404,
        );
      const jane = await tokenOf('jane');
      for (const scope of ['all', 'assigned']) expect((await ask(`tickets?scope=${scope}`, jane))[0]).to.equal(403);
      const [, { items }] = await ask<{ items: Ticket[] }>('tickets', jane);
      expect(items.every(({ requester }) => requester.email === 'jane@example.test')).to.equal(true);
      expect(items).to.have.lengthOf(6);
      expect(served.desk.log.filter(({ path }) => path.startsWith('/api/scp'))).to.deep.equal([]);
    });
  });
