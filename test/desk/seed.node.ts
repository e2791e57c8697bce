import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { expect } from 'chai';
import { type Desk, openDesk } from '../../demo/desk/desk.js';

const now = Date.parse('2026-11-22T09:00:00Z');

describe('the seed', () => {
  let desk: Desk;
  before(() => {
    desk = openDesk({ seed: 'full', now });
  });
  after(() => desk.close());

  const all = (): ReturnType<Desk['store']['tickets']> => desk.store.tickets();
  const everything = (of: Desk): string =>
    JSON.stringify([of.store.people(), of.store.topics(), of.store.tags(), of.control({ op: 'tickets' })]);

  it('is the same every time, and only moves with its moment', () => {
    const again = openDesk({ seed: 'full', now });
    expect(everything(again) === everything(desk)).to.equal(true);
    again.close();
    const later = openDesk({ seed: 'small', now: now + 3_600_000 });
    const small = openDesk({ seed: 'small', now });
    const times = (of: Desk): number[] => of.store.tickets().map(({ created_at }) => created_at);
    expect(times(later)).to.deep.equal(times(small).map((at) => at + 3_600_000));
    later.close();
    small.close();
  });

  it('has 40 tickets of Jane and Omar and 300 of Mia, none of them in the future', () => {
    const count = (email: string): unknown => desk.control({ op: 'count', email });
    expect([count('jane@example.test'), count('omar@example.test'), count('mia@example.test')]).to.deep.equal([
      24, 16, 300,
    ]);
    expect(all().filter(({ updated_at }) => updated_at > now)).to.deep.equal([]);
    expect(all().map(({ created_at }) => created_at)).to.deep.equal(
      all()
        .map(({ created_at }) => created_at)
        .sort((a, b) => a - b),
    );
  });

  it('has threads of one to 500 entries, and every state', () => {
    const lengths = all().map(({ id }) => desk.store.entries(id).length);
    expect(Math.max(...lengths)).to.equal(500);
    expect(Math.min(...lengths)).to.equal(1);
    expect(lengths.filter((length) => length >= 10 && length <= 30)).to.have.length(4);
    expect([...new Set(all().map(({ state }) => state))].sort()).to.deep.equal([
      'archived',
      'closed',
      'open',
      'resolved',
    ]);
    expect(all().filter(({ on_hold }) => on_hold)).to.have.length(2);
    expect(all().filter(({ due_at }) => due_at !== null && due_at < now).length).to.be.greaterThan(0);
  });

  it('says INTERNAL in every note of an agent, and nowhere else', () => {
    for (const { id } of all())
      for (const { kind, body } of desk.store.entries(id)) expect(body.includes('INTERNAL')).to.equal(kind === 'note');
  });

  it('has numbers of six digits, one with leading zeros, and subjects long and from right to left', () => {
    expect(all().filter(({ number }) => !/^\d{6}$/.test(number))).to.deep.equal([]);
    expect(desk.store.ticketByNumber('004217')!.subject).to.equal('Invoice shows our old address');
    expect(all().filter(({ subject }) => subject.length > 150)).to.have.length(1);
    expect(all().filter(({ subject }) => /^[\u0590-\u06ff]/.test(subject))).to.have.length(2);
  });

  it('has real files', () => {
    const bytes = (name: string): Buffer => {
      const file = all()
        .flatMap(({ id }) => desk.store.attachments(id))
        .find((each) => each.name === name)!;
      const content = Buffer.from(desk.store.attachment(file.id)!.bytes);
      expect(content.length).to.equal(file.size);
      return content;
    };
    const image = bytes('diagram.png');
    expect(image.subarray(1, 4).toString()).to.equal('PNG');
    const start = image.indexOf('IDAT') + 4;
    const pixels = inflateSync(image.subarray(start, start + image.readUInt32BE(start - 8)));
    expect(pixels).to.have.length(96 * (1 + 96 * 3));
    const paper = bytes('order.pdf').toString();
    expect(paper).to.match(/^%PDF-1\.4\n/);
    expect(paper.slice(Number(/startxref\n(\d+)/.exec(paper)![1])).startsWith('xref\n')).to.equal(true);
    expect(bytes('vpn.log').toString()).to.contain('10:11 dropped');
  });

  it('has people, topics and tags without any ticket, too', () => {
    const empty = openDesk({ seed: 'none' });
    const { store } = empty;
    expect([store.countTickets(), store.people().length, store.topics().length, store.tags().length]).to.deep.equal([
      0, 5, 10, 4,
    ]);
    empty.close();
  });

  it('leaves a file alone that holds anything', () => {
    const folder = mkdtempSync(join(tmpdir(), 'desk-'));
    const file = join(folder, 'desk.db');
    const first = openDesk({ file, seed: 'small', now });
    first.control({ op: 'reply', number: '680431', body: '<p>kept</p>' });
    first.close();
    const second = openDesk({ file, seed: 'full', now });
    expect(second.store.countTickets()).to.equal(8);
    expect(second.store.entries(second.store.ticketByNumber('680431')!.id).at(-1)!.body).to.equal('<p>kept</p>');
    second.close();
    rmSync(folder, { recursive: true });
  });
});
