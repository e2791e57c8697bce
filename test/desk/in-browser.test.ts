import { expect } from 'chai';
import { openTestDesk, type TestDesk } from '../support/desk.js';

describe('a help desk opened from a test page', () => {
  let desk: TestDesk;

  beforeEach(async () => {
    desk = await openTestDesk({ now: Date.parse('2026-11-22T09:00:00Z') });
  });
  afterEach(() => desk.close());

  const call = (method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response> =>
    fetch(desk.url('osticket') + path, {
      method,
      headers: { 'X-API-Key': desk.key },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    });

  it('answers over HTTP from the same origin', async () => {
    const answer = await call('GET', '/api/tickets.json?email=omar@example.test');
    const tickets = (await answer.json()) as { ticket_number: string }[];
    expect(answer.status).to.equal(200);
    expect(answer.headers.get('content-type')).to.equal('text/plain; charset=UTF-8');
    expect(tickets.map((ticket) => ticket.ticket_number)).to.deep.equal(['680431', '737120']);
  });

  it('speaks every dialect to a page', async () => {
    const key = { 'X-API-Key': desk.key };
    const get = (url: string, headers = {}): Promise<Response> => fetch(url, { headers: { ...key, ...headers } });

    const old = await get(`${desk.url('osticket-2018')}/api/tickets.json?userId=2`);
    expect([old.status, old.headers.get('content-type')]).to.deep.equal([200, null]);
    const reply = await fetch(`${desk.url('osticket-2018')}/api/tickets.json/680431`, {
      method: 'PUT',
      headers: key,
      body: new URLSearchParams({ userId: '2', message: 'From a form' }),
    });
    expect(await reply.text()).to.contain('"body":"From a form"');

    const ticket = (await (await get(`${desk.url('osticket-2020')}/api/tickets.json/309214`)).json()) as {
      threads: { attachmentUrls: Record<string, { download_url: string }> }[];
    };
    const [image] = Object.values(ticket.threads[0]!.attachmentUrls);
    const file = await fetch(image!.download_url);
    expect([file.status, file.headers.get('content-type')]).to.deep.equal([200, 'image/png']);

    const info = await get(`${desk.url('osticket-http')}/api/http.php/tickets/ticketInfo?ticketNumber=309214`);
    expect(await info.text()).to.contain('"thread_entries":[{"model":');

    const { url, headers } = desk.backendOptions('jaze', 'omar@example.test');
    const raised = await fetch(`${url}/api/v1/raise_ticket`, {
      method: 'POST',
      headers: headers!,
      body: new URLSearchParams({ type: 'Billing', subject: 'x', userId: '2', comments: 'x' }),
    });
    expect(await raised.text()).to.contain('"errorCode" = 200');
    expect(await desk.control({ op: 'count' })).to.equal(9);
  });

  it('is a desk of its own', async () => {
    const other = await openTestDesk({ seed: 'none' });
    expect(await other.control({ op: 'count' })).to.equal(0);
    expect(await desk.control({ op: 'count' })).to.equal(8);
    await other.close();
  });

  it('stores what was sent, and tells', async () => {
    const answer = await call('PUT', '/api/tickets.json/680431', {
      email: 'omar@example.test',
      message: 'To hers, please.',
    });
    expect(answer.status).to.equal(200);
    const { entries } = await desk.ticket('680431');
    expect(entries.map(({ kind }) => kind)).to.deep.equal(['message', 'note', 'reply', 'message']);
    expect(entries.at(-1)!.body).to.equal('To hers, please.');
    expect(await desk.log()).to.deep.equal([{ method: 'PUT', path: '/api/tickets.json/680431', status: 200 }]);
  });

  it('lets an agent answer and change the state', async () => {
    await desk.control({ op: 'reply', number: '680431', body: '<p>Done.</p>', state: 'closed' });
    const answer = await call('GET', '/api/tickets.json/680431');
    const ticket = (await answer.json()) as { ticket_status: string; threads: { type: string; body: string }[] };
    expect(ticket.ticket_status).to.equal('Closed');
    expect(ticket.threads.at(-1)).to.include({ type: 'R', body: '<p>Done.</p>' });
  });

  it('cuts the connection after storing, once', async () => {
    await desk.fault({ kind: 'commit-then-drop', match: 'PUT /api/tickets.json/680431' });
    const reply = { email: 'omar@example.test', message: 'Only once' };
    const failure = await call('PUT', '/api/tickets.json/680431', reply)
      .then((answer) => answer.text())
      .catch((error: unknown) => error);
    expect(String(failure)).to.match(/^TypeError/);
    const { entries } = await desk.ticket('680431');
    expect(entries.filter(({ body }) => body === 'Only once')).to.have.length(1);
    expect((await call('GET', '/api/topics.json')).status).to.equal(200);
  });

  it('hangs until the page gives up', async () => {
    await desk.fault({ kind: 'hang', match: 'GET /api/topics.json' });
    const stop = new AbortController();
    const answer = call('GET', '/api/topics.json', undefined, stop.signal).catch((error: Error) => error.name);
    await call('GET', '/api/tickets.json/680431');
    stop.abort();
    expect(await answer).to.equal('AbortError');
    expect((await call('GET', '/api/tickets.json/737120')).status).to.equal(200);
  });

  it('says what it does not know', async () => {
    const failure = await desk.control({ op: 'note', number: '1', body: 'x' }).catch((error: Error) => error.message);
    expect(failure).to.equal('Error: no ticket 1');
  });
});
