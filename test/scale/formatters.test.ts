/** A page's first formatter takes 12 ms, four times that on a phone: none is made for what is shown at once. */
import { expect, fixture, html } from '@open-wc/testing';
import fc from 'fast-check';
import { stub } from 'sinon';
import { osticket } from '../../src/backends/osticket.js';
import { fileSize } from '../../src/elements/shared/file-size.js';
import '../../src/elements/ticket-form/define.js';
import { createStore } from '../../src/store/store.js';
import { query, until, words } from '../support/screen.js';
import { openTestDesk } from '../support/desk.js';

/** Counts what reaches for the data of languages, until asked. */
function watchIntl(): () => Record<string, number> {
  const made = [
    'DateTimeFormat',
    'NumberFormat',
    'RelativeTimeFormat',
    'PluralRules',
    'Collator',
    'ListFormat',
  ] as const;
  const stubs = [
    ...made.map((name) => [name, stub(Intl, name).callThrough()] as const),
    ['toLocaleString', stub(Number.prototype, 'toLocaleString').callThrough()] as const,
    ['localeCompare', stub(String.prototype, 'localeCompare').callThrough()] as const,
  ];
  return () => {
    for (const [, one] of stubs) one.restore();
    return Object.fromEntries(stubs.flatMap(([name, { callCount }]) => (callCount ? [[name, callCount]] : [])));
  };
}

describe('formatters', () => {
  it('are not needed for a form with a back end that takes files, in English', async () => {
    const desk = await openTestDesk();
    const asked = watchIntl();
    try {
      const store = createStore(osticket(desk.backendOptions('osticket', 'jane@example.test')), { storage: null });
      const form = await fixture(html`<ticket-form .store=${store}></ticket-form>`);
      await until(() => query(form, 'textarea') && /\d MB/.test(words(form)), 'the form with its limits');
    } finally {
      expect(asked()).to.deep.equal({});
      await desk.close();
    }
  });

  it('are not needed to put a list of tickets in order', async () => {
    const desk = await openTestDesk();
    const asked = watchIntl();
    try {
      const backend = osticket(desk.backendOptions('osticket', 'jane@example.test'));
      const { items } = await backend.listTickets({}, { identity: { email: 'jane@example.test' } });
      expect(items.length).to.be.greaterThan(1);
      const times = items.map(({ updatedAt = '' }) => updatedAt);
      expect(times).to.deep.equal([...times].sort().reverse());
    } finally {
      expect(asked()).to.deep.equal({});
      await desk.close();
    }
  });

  it('say of every size in English what we say without them', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31 - 1), fc.constantFrom('en', 'en-GB', 'en-US'), (bytes, language) => {
        const power = bytes < 1024 ? 0 : bytes < 1048576 ? 1 : 2;
        const value = bytes / 1024 ** power;
        const formatter = new Intl.NumberFormat(language, {
          style: 'unit',
          unit: ['byte', 'kilobyte', 'megabyte'][power]!,
          maximumFractionDigits: value < 10 ? 1 : 0,
        });
        expect(fileSize(bytes, language)).to.equal(formatter.format(value));
      }),
      { numRuns: 1000 },
    );
    expect(fileSize(1536, 'de')).to.equal('1,5 kB');
  });
});
