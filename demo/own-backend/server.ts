/** Acme Desk itself: a small ticket system in memory, in nobody's format but its own. It holds the sample of the contract suite. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sample, type ContractDesk, type StoredTicket } from '../../src/testing.js';

interface Case {
  readonly ref: string;
  readonly email: string;
  readonly title: string;
  readonly area: { readonly key: string; readonly label: string } | null;
  readonly opened: string;
  phase: string;
  changed: string;
  locked: boolean;
  readonly posts: { id: number; by: 'customer' | 'staff' | 'team'; name: string; words: string; at: string }[];
}

/** What is stored, and what staff do, as the contract suite asks for it. */
export type AcmeDesk = Pick<ContractDesk, 'tickets' | 'ticket' | 'reply' | 'note' | 'lock' | 'close'> & {
  /** Base address. */
  readonly url: string;
  readonly key: string;
};

const areas = sample.topics.map(({ id, name }) => ({ key: id, label: name }));
const phaseOf = { open: 'new', resolved: 'solved', closed: 'done', archived: 'frozen' };
const nameOf = (email: string): string => sample.people.find((one) => one.email === email)?.name ?? email;

/** Opens one on a free port of this machine. */
export async function openAcme(): Promise<AcmeDesk> {
  const key = 'acme-key';
  let count = 0;
  let last = 1000;
  const cases: Case[] = [];
  const now = (): string => new Date().toISOString();
  const post = (to: Case, by: Case['posts'][number]['by'], name: string, words: string, at = now()) => {
    const made = { id: ++count, by, name, words, at };
    to.posts.push(made);
    if (by !== 'team') to.changed = at;
    return made;
  };
  const open = (
    ref: string,
    email: string,
    title: string,
    area: string | undefined,
    phase: string,
    at: string,
  ): Case => {
    const found = areas.find((one) => one.key === area) ?? null;
    const made: Case = { ref, email, title, area: found, phase, opened: at, changed: at, locked: false, posts: [] };
    cases.push(made);
    return made;
  };
  for (const { number, requester, subject, topicId, state, createdAt, message } of sample.tickets)
    post(
      open(number, requester, subject, topicId, phaseOf[state], createdAt),
      'customer',
      nameOf(requester),
      message,
      createdAt,
    );

  const shown = ({ email, posts: _, locked: __, ...one }: Case): object => ({ ...one, customer: nameOf(email) });

  function answer(method: string, path: string, fields: Record<string, string>): [status: number, body?: unknown] {
    const { customer = '', phase, area, words = '', title = '' } = fields;
    const [, what, ref, part] = path.split('/');
    if (path === '/areas') return [200, areas];
    if (what !== 'cases') return [404];
    const own = cases.filter(({ email }) => email === customer);
    if (ref === undefined && method === 'POST') {
      const made = open(String(++last), customer, title, area, 'new', now());
      post(made, 'customer', nameOf(customer), words);
      return [201, shown(made)];
    }
    if (ref === undefined) {
      const fits = (one: Case): boolean =>
        (phase === undefined || phase.split(',').includes(one.phase)) &&
        (area === undefined || one.area?.key === area) &&
        `${one.ref} ${one.title}`.toLowerCase().includes(words.toLowerCase());
      return [
        200,
        own
          .filter(fits)
          .sort((a, b) => b.changed.localeCompare(a.changed))
          .map(shown),
      ];
    }
    const one = own.find((each) => each.ref === ref);
    if (!one) return [404];
    if (part === 'posts') return [201, post(one, 'customer', nameOf(customer), words)];
    if (part === 'phase') {
      if (one.locked) return [403];
      one.phase = phase ?? one.phase;
      return [200, shown(one)];
    }
    return [200, { ...shown(one), posts: one.posts }];
  }

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://acme.test');
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const fields = body ? (JSON.parse(body) as Record<string, string>) : Object.fromEntries(url.searchParams);
      const known = request.headers.authorization === `Key ${key}`;
      const [status, result] = known ? answer(request.method ?? 'GET', url.pathname, fields) : [401];
      response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(result ?? { status }));
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));

  const byRef = (number: string): Case => cases.find(({ ref }) => ref === number)!;
  const stored = ({ ref, title, phase, area, posts }: Case): StoredTicket => ({
    ...{ id: ref, number: ref, subject: title, state: phase, topicId: area?.key ?? '' },
    entries: posts.map(({ words }) => ({ body: words, files: [] })),
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    key,
    tickets: async (email) => cases.filter((one) => one.email === email).map(stored),
    ticket: async (number) => stored(byRef(number)),
    reply: async (number, words) => post(byRef(number), 'staff', 'Nora Lind', words),
    note: async (number, words) => post(byRef(number), 'team', 'Nora Lind', words),
    lock: async (number) => void (byRef(number).locked = true),
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
