/** The page's back end while the person behind its tokens changes. */
import { expect } from 'chai';
import type { Backend } from '../../src/backends/backend.js';
import { relay as pageBackend } from '../../src/backends/relay.js';
import type { HelpDeskError } from '../../src/errors.js';
import type { TicketDraft } from '../../src/model.js';
import { here, identity, openRelay, page, ticket, unlimited } from './bench.js';
import { agentAudience, agentSecret, claimsOf, sign, tokenOf } from './tokens.js';
import { inProcess, type Mount } from './ways.js';

const customers: Backend = {
  name: 'scripted',
  limits: { createFiles: { maxCount: 2, maxBytes: 9 } },
  listTickets: async () => ({ items: [ticket] }),
  readThread: async () => ({ ticket, entries: [] }),
  createTicket: async () => ticket,
  rate: async () => ticket,
};
const { rate: _, ...readers } = customers;
const drafts: TicketDraft[] = [];
const agents: Backend = {
  ...readers,
  limits: { agent: true, requester: true },
  updateTicket: async () => ticket,
  createTicket: async (draft) => {
    drafts.push(draft);
    return ticket;
  },
};
const agentLimits = { subjectLength: 500, agent: true, requester: true };

describe('a page whose person changes', () => {
  const revoked = new Set<string>();
  let asked: string[];
  let mount: Mount;
  beforeEach(async () => {
    revoked.clear();
    asked = [];
    mount = await inProcess(
      openRelay({
        backend: customers,
        identity: { ...identity, revoked: ({ jti = '' }) => revoked.has(jti) },
        agents: {
          identity: {
            audience: agentAudience,
            keys: [{ alg: 'HS256', secret: agentSecret }],
            revoked: ({ jti = '' }) => revoked.has(jti),
          },
          backend: agents,
        },
        origins: [page],
        rates: unlimited,
        log: ({ route, status }) => void asked.push(`${route} ${status}`),
      }),
    );
  });
  afterEach(() => mount.close());

  const customer = (jti: string) => tokenOf('jane', { jti });
  const agent = (jti: string) =>
    sign({ ...claimsOf('jane'), aud: agentAudience, role: 'agent', staff: 'jane', jti }, agentSecret);
  const methods = (backend: Backend) =>
    ['rate', 'updateTicket', 'reply'].filter((name) => backend[name as keyof Backend] !== undefined);
  const count = (line: string): number => asked.filter((each) => each === line).length;

  it('learns what somebody may who has become an agent, and is one no more', async () => {
    const tokens = [await customer('1'), await agent('2'), await customer('3')];
    let at = 0;
    const backend = pageBackend({ url: here, getToken: () => tokens[at]! });
    await backend.ready!();
    expect(methods(backend)).to.deep.equal(['rate']);
    expect(backend.limits.createFiles).to.include({ maxCount: 2, maxBytes: 9 });
    revoked.add('1');
    at = 1;
    await backend.listTickets({}, {});
    expect([methods(backend), backend.limits]).to.deep.equal([['updateTicket'], agentLimits]);
    revoked.add('2');
    at = 2;
    await backend.readThread('1', {});
    expect(methods(backend)).to.deep.equal(['rate']);
    expect(backend.limits).not.to.have.property('agent');
    expect(count('capabilities 200')).to.equal(3);
  });

  it('asks no more for who stays the same', async () => {
    const tokens = [await customer('1'), await customer('2')];
    let at = 0;
    const backend = pageBackend({ url: here, getToken: () => tokens[at]! });
    await backend.listTickets({}, {});
    revoked.add('1');
    at = 1;
    await backend.listTickets({}, {});
    expect([count('capabilities 200'), count('list 401'), count('list 304')]).to.deep.equal([1, 1, 1]);
  });

  it('says whose a ticket is only where an agent writes it', async () => {
    drafts.length = 0;
    const draft = { subject: 'Hello', message: 'x', email: 'omar@example.test', displayName: 'Omar' };
    for (const token of [await agent('1'), await customer('2')]) {
      const backend = pageBackend({ url: here, getToken: () => token });
      await backend.ready!();
      await backend.createTicket(draft, {});
    }
    expect(drafts).to.deep.equal([draft]);
    expect(count('create 201')).to.equal(2);
  });

  it('learns it though the change comes while it asks', async () => {
    const tokens = [await customer('1'), await agent('2')];
    revoked.add('1');
    let at = 0;
    const backend = pageBackend({ url: here, getToken: () => tokens[at++ ? 1 : 0]! });
    await Promise.all([backend.ready!(), backend.listTickets({}, {})]);
    expect([methods(backend), backend.limits]).to.deep.equal([['updateTicket'], agentLimits]);
    await backend.listTickets({}, {});
    expect(methods(backend)).to.deep.equal(['updateTicket']);
  });
});

describe('a page where nobody is signed in', () => {
  it('is told so without the relay being asked, also where that has guests: who asks without a token says so', async () => {
    const asked: string[] = [];
    const mount = await inProcess(
      openRelay({
        backend: customers,
        identity,
        guests: { mode: 'create' },
        origins: [page],
        rates: unlimited,
        log: ({ route, status }) => void asked.push(`${route} ${status}`),
      }),
    );
    try {
      for (const nothing of [undefined, '']) {
        const backend = pageBackend({ url: here, getToken: () => nothing });
        const failed = await backend.ready!().catch((error: unknown) => error);
        expect((failed as HelpDeskError).code).to.equal('unauthorized');
      }
      expect(asked).to.deep.equal([]);
    } finally {
      mount.close();
    }
  });
});
