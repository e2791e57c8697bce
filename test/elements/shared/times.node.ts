/** Days on which clocks change, in a zone where they do: a browser has that of its machine. */
import { expect } from 'chai';
import { timeAgo } from '../../../src/elements/shared/times.js';

const ago = (time: string, now: string): string => timeAgo(new Date(time).toISOString(), 'en', Date.parse(now));

describe('times: where clocks change', () => {
  const zone = process.env['TZ'];
  before(() => (process.env['TZ'] = 'Europe/Berlin'));
  after(() => {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  });

  it('counts a day of 23 hours, and one of 25', () => {
    expect([
      ago('2026-03-28T12:00', '2026-03-30T12:00'),
      ago('2026-03-28T23:50', '2026-03-30T00:10'),
      ago('2026-10-24T23:50', '2026-10-26T00:10'),
      ago('2026-10-25T00:10', '2026-10-25T23:55'),
    ]).to.deep.equal(['2 days ago', '23 hours ago', '2 days ago', 'today']);
  });
});
