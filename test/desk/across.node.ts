/** One store behind all dialects: what happens through one is seen through every other. */
import { expect } from 'chai';
import type { DialectName } from '../../demo/desk/desk.js';
import { type Answer, send, serveAll, type Served } from './serve.js';

/** A ticket as every dialect can print it; the description is that of its first message. */
interface Seen {
  readonly subject: string;
  readonly words: readonly string[];
  readonly closed: boolean;
}

/** One dialect from a client's side, for jane@example.test (user 1). The id is what this dialect calls the ticket. */
interface Client {
  readonly create?: (subject: string, message: string) => Promise<unknown>;
  readonly see?: (id: string) => Promise<Seen>;
  readonly subjects?: () => Promise<string[]>;
  readonly reply?: (id: string, message: string) => Promise<Answer>;
  readonly close?: (id: string) => Promise<Answer>;
  readonly reopen?: (id: string) => Promise<Answer>;
  /** By the ticket's row or by its number. */
  readonly idIs: 'id' | 'number';
}

interface Printed {
  subject: string;
  status?: string | { name: string };
  ticket_status?: string;
  threads?: { body?: string; message: string }[];
  thread_entries?: { model: { body: string } }[];
}

const words = (html: string): string => html.replace(/<[^>]*>/g, '').replace(/&amp;/g, '&');
const seen = ({ subject, status, ticket_status, threads, thread_entries }: Printed): Seen => ({
  subject,
  words: (threads?.map(({ body, message }) => body ?? message) ?? thread_entries!.map(({ model }) => model.body)).map(
    words,
  ),
  closed: (ticket_status ?? (typeof status === 'string' ? status : status!.name)) === 'Closed',
});

describe('every dialect over one store', () => {
  let served: Omit<Served, 'call'>;
  let clients: Record<DialectName, Client>;

  before(async () => {
    served = await serveAll({ seed: 'small', validJson: true });
    const { origin } = served;
    const key = { 'X-API-Key': 'desk-key' };
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' };
    const encode = (fields: Record<string, string>): string => new URLSearchParams(fields).toString();
    const email = 'jane@example.test';

    const whole = (name: DialectName, who: Record<string, string>, asForm = false): Client => {
      const path = `${origin}/${name}/api/tickets.json`;
      const write = (method: string, to: string, body: Record<string, string>): Promise<Answer> =>
        send(method, to, asForm ? encode(body) : body, { ...key, ...(asForm && form) });
      return {
        idIs: 'number',
        create: (subject, message) => write('POST', path, { email, name: 'Jane Doe', subject, message, topicId: '2' }),
        see: async (id) => seen(JSON.parse((await send('GET', `${path}/${id}`, undefined, key)).body) as Printed),
        subjects: async () =>
          (JSON.parse((await send('GET', `${path}?email=${email}`, undefined, key)).body) as Printed[]).map(
            ({ subject }) => subject,
          ),
        reply: (id, message) => write('PUT', `${path}/${id}`, { ...who, message }),
        close: (id) => write('DELETE', `${path}/${id}`, who),
        reopen: (id) => write('POST', `${path}/${id}`, who),
      };
    };

    const core = `${origin}/osticket-core/api/tickets.json`;
    const http = `${origin}/osticket-http/api`;
    const generic = `${origin}/support-ticket/api/v1/support`;
    const bearer = { apikey: 'desk-key', Authorization: 'Bearer token-jane' };
    const jaze = `${origin}/jaze/api/v1`;
    const message = { name: 'Jane Doe', email };
    interface Generic {
      data: {
        ticket: { subject: string; comment: string; status: string };
        conversations: { comment: string }[];
        TicketList: { subject: string }[];
      };
    }
    interface Jaze {
      data: { Ticket: { id: string; subject: string } }[];
      message: { ticket_conversation: { ticket_message: string }[]; ticket_details: { status: string } };
    }
    const readJaze = async (path: string): Promise<Jaze> =>
      JSON.parse((await send('GET', `${jaze}/${path}`, undefined, key)).body) as Jaze;
    const postJaze = (path: string, fields: Record<string, string>): Promise<Answer> =>
      send('POST', `${jaze}/${path}`, encode(fields), { ...key, ...form });
    const postGeneric = (path: string, fields: Record<string, string>): Promise<Answer> =>
      send('POST', `${generic}/${path}/`, encode(fields), { ...bearer, ...form });

    clients = {
      osticket: whole('osticket', { email }),
      'osticket-2018': whole('osticket-2018', { userId: '1' }, true),
      'osticket-2020': whole('osticket-2020', { email }),
      'osticket-core': {
        idIs: 'number',
        create: (subject, text) => send('POST', core, { ...message, subject, message: text }, key),
      },
      'osticket-http': {
        idIs: 'number',
        create: (subject, text) => send('POST', `${http}/tickets.json`, { ...message, subject, message: text }, key),
        see: async (id) => {
          const { body } = await send('GET', `${http}/tickets/ticketInfo?ticketNumber=${id}`, undefined, key);
          return seen((JSON.parse(body) as { ticket: Printed }).ticket);
        },
        subjects: async () => {
          const { body } = await send('GET', `${http}/tickets/clientTickets?clientUserMail=${email}`, undefined, key);
          return (JSON.parse(body) as { tickets: Printed[] }).tickets.map(({ subject }) => subject);
        },
      },
      'support-ticket': {
        idIs: 'id',
        create: (subject, comment) => postGeneric('create/ticket', { subject, comment, priority: '2', category: '2' }),
        see: async (id) => {
          const { body } = await send('GET', `${generic}/ticket/detailed-view/?ticket_id=${id}`, undefined, bearer);
          const { ticket, conversations } = (JSON.parse(body) as Generic).data;
          return {
            subject: ticket.subject,
            words: [ticket.comment, ...conversations.map(({ comment }) => comment)],
            closed: ticket.status === '3',
          };
        },
        subjects: async () => {
          const { body } = await send('GET', `${generic}/get/ticket/history/`, undefined, bearer);
          return (JSON.parse(body) as Generic).data.TicketList.map(({ subject }) => subject);
        },
        reply: (ticket, comment) => postGeneric('ticket/conversation', { ticket, comment }),
        close: (ticket) => postGeneric('ticket/status', { ticket, status: '3' }),
        reopen: (ticket) => postGeneric('ticket/status', { ticket, status: '2' }),
      },
      jaze: {
        idIs: 'id',
        create: (subject, comments) => postJaze('raise_ticket', { type: 'Feedback', subject, userId: '1', comments }),
        see: async (id) => {
          const { ticket_conversation: said, ticket_details: of } = (await readJaze(`get_ticket_details/${id}`))
            .message;
          return {
            subject: (await readJaze('get_tickets/1')).data.find(({ Ticket }) => Ticket.id === id)!.Ticket.subject,
            words: said.map(({ ticket_message }) => ticket_message),
            closed: of.status === 'closed',
          };
        },
        subjects: async () => (await readJaze('get_tickets/1')).data.map(({ Ticket }) => Ticket.subject),
        reply: (ticketId, ticketMessage) =>
          postJaze('send_message', { ticketId, ticketMessage, sender: 'user', sender_name: '1', showToUser: 'true' }),
        close: (id) => send('GET', `${jaze}/close_ticket/${id}`, undefined, key),
        reopen: (ticketId) => postJaze('reopen_ticket', { ticketId, userId: '1', comments: 'Again' }),
      },
    };
  });
  after(() => served.close());

  const who = (can: keyof Client): DialectName[] =>
    (Object.keys(clients) as DialectName[]).filter((name) => clients[name][can]);
  const make = async (name: DialectName, subject: string, text: string): Promise<{ id: string; number: string }> => {
    await clients[name].create!(subject, text);
    const { id, number } = served.desk.store.tickets({ subject })[0]!;
    return { id: String(id), number };
  };
  const look = (name: DialectName, ticket: { id: string; number: string }): Promise<Seen> =>
    clients[name].see!(ticket[clients[name].idIs]);

  it('shows a ticket opened through one in every other', async () => {
    let pairs = 0;
    for (const from of who('create')) {
      const subject = `Opened through ${from}`;
      const ticket = await make(from, subject, 'Words & more');
      for (const to of who('see')) {
        expect(await look(to, ticket), `${from} → ${to}`).to.deep.equal({
          subject,
          words: ['Words & more'],
          closed: false,
        });
        expect(await clients[to].subjects!(), `${from} → ${to}`).to.include(subject);
        pairs++;
      }
    }
    expect(pairs).to.equal(7 * 6);
  });

  it('shows a reply sent through one in every other', async () => {
    const ticket = await make('osticket-core', 'A long conversation', 'First');
    const said = ['First'];
    for (const from of who('reply')) {
      await clients[from].reply!(ticket[clients[from].idIs], `Reply through ${from}`);
      said.push(`Reply through ${from}`);
      for (const to of who('see')) expect((await look(to, ticket)).words, `${from} → ${to}`).to.deep.equal(said);
    }
    expect(said).to.have.length(6);
  });

  it('shows what one closed and another opened in every other', async () => {
    for (const [index, from] of who('close').entries()) {
      const ticket = await make('osticket', `Closed through ${from}`, 'x');
      const other = who('reopen').at(index - 1)!;
      for (const [name, act, closed] of [
        [from, 'close', true],
        [other, 'reopen', false],
      ] as const) {
        await clients[name][act]!(ticket[clients[name].idIs]);
        for (const to of who('see')) expect((await look(to, ticket)).closed, `${act} ${name} → ${to}`).to.equal(closed);
      }
    }
  });

  it('shows an agent’s answer to all, and a note as each one does', async () => {
    const ticket = await make('jaze', 'For an agent', 'x');
    served.desk.control({ op: 'reply', number: ticket.number, body: '<p>Hello</p>' });
    served.desk.control({ op: 'note', number: ticket.number, body: '<p>INTERNAL</p>' });
    for (const to of who('see'))
      expect((await look(to, ticket)).words, to).to.deep.equal(
        to === 'support-ticket' ? ['x', 'Hello'] : ['x', 'Hello', 'INTERNAL'],
      );
  });

  it('fails on demand, whichever is spoken', async () => {
    for (const from of who('create')) {
      const before = served.desk.control({ op: 'count' }) as number;
      served.desk.faults.add({ kind: 'commit-then-drop', match: 'POST /' });
      const subject = `Lost by ${from}`;
      const outcome = await (clients[from].create!(subject, 'x') as Promise<Answer>).catch((error: unknown) => error);
      expect(outcome, from).to.have.property('code', 'ECONNRESET');
      served.desk.faults.add({ kind: 'status-500', match: 'POST /' });
      expect(await clients[from].create!(subject, 'x'), from).to.include({ status: 500, body: '' });
      expect(served.desk.control({ op: 'count' }), from).to.equal(before + 1);
      expect(served.desk.store.tickets({ subject }), from).to.have.length(1);
    }
  });
});
