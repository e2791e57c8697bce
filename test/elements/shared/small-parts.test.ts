import { expect, fixture, html } from '@open-wc/testing';
import { cleanName } from '../../../src/elements/shared/save-file.js';
import { dueLine, isOver, statusBadge, statusWords } from '../../../src/elements/shared/status.js';
import { dayName, fullTime, timeAgo } from '../../../src/elements/shared/times.js';
import type { Ticket, TicketStatus } from '../../../src/model.js';
import { words } from '../../support/screen.js';
import { ticket } from './scripted-desk.js';

const now = Date.UTC(2026, 5, 10, 12);
const ago = (minutes: number, language = 'en'): string =>
  timeAgo(new Date(now - minutes * 60_000).toISOString(), language, now);

describe('times', () => {
  it('says how long ago, up to a week, then the date', () => {
    expect([-5, 0, 0.9, 1, 59, 60, 1439, 1440, 2880, 6 * 1440].map((minutes) => ago(minutes))).to.deep.equal([
      'now',
      'now',
      'now',
      '1 minute ago',
      '59 minutes ago',
      '1 hour ago',
      '23 hours ago',
      'yesterday',
      '2 days ago',
      '6 days ago',
    ]);
    expect(ago(7 * 1440)).to.match(/Jun 3, 2026/);
  });

  it('counts days as a calendar does, not as hours', () => {
    const wednesday = new Date(2026, 5, 10, 10).getTime();
    const on = (day: number, hour: number): string =>
      timeAgo(new Date(2026, 5, day, hour).toISOString(), 'en', wednesday);
    expect([on(9, 23), on(9, 9), on(8, 12), on(4, 23)]).to.deep.equal([
      '11 hours ago',
      'yesterday',
      '2 days ago',
      '6 days ago',
    ]);
    expect(on(3, 23)).to.match(/Jun 3, 2026/);
  });

  it('speaks other languages', () => {
    expect([ago(1, 'de'), ago(1440, 'fr')]).to.deep.equal(['vor 1 Minute', 'hier']);
  });

  it('shows nothing for a time that is none', () => {
    expect(
      ['', 'never', '0000-00-00 00:00:00'].map((odd) =>
        [timeAgo(odd, 'en'), fullTime(odd, 'en'), dayName(odd, 'en')].join(''),
      ),
    ).to.deep.equal(['', '', '']);
  });
});

describe('names of files', () => {
  it('cannot mislead, hide or leave their folder', () => {
    expect(
      [
        'a.pdf',
        '../../etc/passwd',
        'C:\\x\\y.txt',
        'invoice\u202efdp.exe',
        'a\u200b.\u0000txt',
        ' .hidden ',
        '',
        '...',
        '<b>"|?*',
      ].map(cleanName),
    ).to.deep.equal([
      'a.pdf',
      '_.._etc_passwd',
      'C__x_y.txt',
      'invoicefdp.exe',
      'a.txt',
      'hidden',
      'file',
      'file',
      '_b_____',
    ]);
    const long = cleanName(`${'x'.repeat(500)}.tar.gz`);
    expect([long.length, long.slice(-7)]).to.deep.equal([200, '.tar.gz']);
  });
});

describe('status', () => {
  const badge = async (more: Partial<Ticket>): Promise<string> =>
    words(await fixture(html`<p>${statusBadge(ticket(1, more), (english) => english)}</p>`));

  it('is our word, and the own one of the back end where that says more', async () => {
    expect(await badge({ status: 'pending' })).to.equal('In progress');
    expect(await badge({ status: 'open', statusLabel: 'OPEN' })).to.equal('Open');
    expect(await badge({ status: 'on-hold', statusLabel: 'Waiting for parts' })).to.equal(
      'On hold · Waiting for parts',
    );
    expect(await badge({ status: 'odd' as TicketStatus, statusLabel: 'Odd' })).to.equal('Odd');
  });

  it('knows when nobody works on a ticket any more', () => {
    const all: TicketStatus[] = ['open', 'pending', 'on-hold', 'resolved', 'closed'];
    expect(all.filter(isOver)).to.deep.equal(['resolved', 'closed']);
  });
});

describe('when an answer is due', () => {
  const due = async (more: Partial<Ticket>): Promise<string> =>
    words(await fixture(html`<div>${dueLine(ticket(1, more), (english, values) => english.replace('{time}', values?.['time'] ?? ''), 'en')}</div>`)); // prettier-ignore
  const past = '2026-01-05T10:00:00Z';
  const future = new Date(Date.now() + 86_400_000).toISOString();

  it('is said kindly, and trusts the back end on what is late', async () => {
    expect(await due({ dueAt: future })).to.equal(`Answer expected by ${fullTime(future, 'en')}`);
    expect(await due({ dueAt: future, overdue: false })).to.equal(`Answer expected by ${fullTime(future, 'en')}`);
    expect(await due({ dueAt: past })).to.equal('Later than planned');
    expect(await due({ overdue: true })).to.equal('Later than planned');
    expect(await due({ dueAt: future, overdue: true })).to.equal('Later than planned');
    expect(await due({ dueAt: past, overdue: false })).to.equal('');
  });

  it('is not said where nothing is known or nobody waits any more', async () => {
    expect(await due({})).to.equal('');
    expect(await due({ dueAt: 'never' })).to.equal('');
    for (const status of ['closed', 'resolved'] as const) expect(await due({ status, dueAt: past, overdue: true })).to.equal(''); // prettier-ignore
    for (const status of ['pending', 'on-hold'] as const) expect(await due({ status, overdue: true })).to.equal('Later than planned'); // prettier-ignore
  });

  it('has words for the five states', () => {
    expect(statusWords).to.deep.equal({
      'open': 'Open',
      'pending': 'In progress',
      'on-hold': 'On hold',
      'resolved': 'Resolved',
      'closed': 'Closed',
    }); // prettier-ignore
  });
});
