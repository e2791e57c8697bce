import { expect } from 'chai';
import { type Desk, openDesk } from '../../demo/desk/desk.js';
import { ConnectionDrop } from '../../demo/desk/faults.js';

describe('openDesk', () => {
  let desk: Desk;
  beforeEach(() => {
    desk = openDesk({ seed: 'small' });
  });

  const get = (path: string): Promise<unknown> =>
    desk
      .handler('osticket')(new Request(`http://desk.test${path}`, { headers: { 'X-API-Key': desk.key } }))
      .catch((error: unknown) => error);

  it('cuts what is still waiting when it is closed', async () => {
    desk.faults.add({ kind: 'delay', delayMs: 10 });
    desk.faults.add({ kind: 'hang' });
    const waiting = [get('/api/tickets.json/309214'), get('/api/topics.json')];
    desk.close();
    for (const outcome of await Promise.all(waiting)) expect(outcome).to.be.instanceOf(ConnectionDrop);
    expect(desk.log.map(({ status }) => status)).to.deep.equal([0, 0]);
  });

  it('matches faults by the beginning of a line, or the whole of it', async () => {
    const status = async (path: string): Promise<number> => ((await get(path)) as Response).status;
    desk.faults.add({ kind: 'status-500', match: 'GET /api/tickets.json$', times: 2 });
    expect(await status('/api/tickets.json/309214')).to.equal(200);
    expect(await status('/api/tickets.json?user_id=1')).to.equal(500);
    desk.faults.clear();
    expect(await status('/api/tickets.json?user_id=1')).to.equal(200);
    desk.faults.add({ kind: 'answer', match: 'GET /api/tickets.json?user_id=2', status: 503 });
    expect(await status('/api/tickets.json?user_id=1')).to.equal(200);
    expect(await status('/api/tickets.json?user_id=2')).to.equal(503);
    desk.close();
  });

  it('takes part in a conversation as agents do', async () => {
    desk.control({ op: 'note', number: '680431', body: '<p>INTERNAL</p>', agent: 'tomas' });
    desk.control({ op: 'reply', number: '680431', body: '<p>Hello<script>x</script>', state: 'resolved' });
    desk.control({
      op: 'entry',
      number: '680431',
      kind: 'message',
      body: '<script>x</script>',
      email: 'omar@example.test',
    });
    desk.control({ op: 'change', number: '680431', change: { priority: 4, assignee_id: 4 } });
    const [ticket] = desk.control({ op: 'tickets', number: '680431' }) as [
      { state: string; priority: number; requester: string; entries: { kind: string; poster: string; body: string }[] },
    ];
    expect(ticket).to.include({ state: 'resolved', priority: 4, requester: 'omar@example.test' });
    expect(ticket.entries.slice(-3).map(({ kind, poster, body }) => ({ kind, poster, body }))).to.deep.equal([
      { kind: 'note', poster: 'Tomas Rivera', body: '<p>INTERNAL</p>' },
      { kind: 'reply', poster: 'Nora Lind', body: '<p>Hello</p>' },
      { kind: 'message', poster: 'Omar Haddad', body: '<script>x</script>' },
    ]);
    expect(() => desk.control({ op: 'reply', number: '680431', body: 'x', agent: 'nobody' })).to.throw(
      'no agent nobody',
    );
    desk.close();
  });
});
