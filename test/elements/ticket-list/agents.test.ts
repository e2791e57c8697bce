/** What agents do, as a person does it, over HTTP: lists, a reply with a status, a new user, a ticket for somebody. */
import { expect, fixture, fixtureCleanup, html } from '@open-wc/testing';
import type { Backend } from '../../../src/backends/backend.js';
import { HelpDeskError } from '../../../src/errors.js';
import type { UserDraft } from '../../../src/model.js';
import type { TicketList } from '../../../src/elements/ticket-list/ticket-list.js';
import type { DialectName, TestDesk } from '../../support/desk.js';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../../support/screen.js';
import { cleanUp, omar, place, testDesk } from '../../support/widget.js';
import { audit, ScriptedDesk } from '../shared/scripted-desk.js';

const subjects = (root: Node): string[] => queryAll(root, '[part=subject]').map((element) => words(element));
const summary = (root: Node): HTMLElement | undefined =>
  queryAll(root, 'summary').find((each) => words(each) === 'New user');
const item = (root: Node, subject: string): HTMLElement =>
  queryAll(root, '[part=item]').find((each) => words(each).includes(subject))!;

/** Elements around a desk that Nora works at. */
async function desk(dialect: DialectName, inner: string, extra = ''): Promise<{ page: HTMLElement; from: TestDesk }> {
  const from = await testDesk();
  const { url, ...options } = from.backendOptions(dialect, '');
  const own = { ...options, staffUserName: 'nora', ...(dialect === 'osticket-2018' && { shape: '2018' }) };
  const page = place(
    `<help-desk backend="${dialect.replace('-2018', '')}" url="${url}" options='${JSON.stringify(own)}' ${extra}>${inner}</help-desk>`,
  );
  return { page, from };
}

afterEach(async () => {
  fixtureCleanup();
  await cleanUp();
});

for (const dialect of ['osticket', 'osticket-2018', 'osticket-http'] as const)
  describe(`an agent at work (${dialect})`, () => {
    it('sees what is assigned, and replies with a status', async () => {
      const { page, from } = await desk(dialect, '', 'scope="assigned"');
      await until(() => subjects(page).length === 2, 'what Nora has');
      expect(subjects(page)).to.deep.equal(['VPN drops every ten minutes', 'Request a second monitor']);
      item(page, 'VPN drops').click();
      const after = await until(() => query<HTMLSelectElement>(page, '#after'), 'the status of a reply');
      write(field<HTMLTextAreaElement>(page, 'Your reply'), 'The new client is there.');
      after.value = 'closed';
      after.dispatchEvent(new Event('change', { bubbles: true }));
      button(page, 'Reply').click();
      const shown = (): HTMLElement | undefined =>
        queryAll(page, 'article').find((each) => words(each).includes('The new client is there.'));
      const { className } = await until(shown, 'the reply');
      expect(className).to.contain('reply');
      const badge = (): string | undefined => words(query(page, 'ticket-thread', '[part=status]')!);
      await until(() => badge() === 'Closed', 'it is closed at once');
      const reads = (await from.log()).filter(({ path }) => path.includes('ticketInfo')).length;
      expect(reads).to.be.at.most(4);
      const { state, entries } = await from.ticket('309214');
      const { body } = entries.findLast(({ kind }) => kind === 'reply')!;
      expect([state, body]).to.deep.equal(['closed', '<p>The new client is there.</p>']);
    });

    it("lists a customer's tickets where their address is searched for", async () => {
      const { page } = await desk(dialect, '<ticket-list scope="all"></ticket-list>');
      write(await until(() => query<HTMLInputElement>(page, '[type=search]'), 'the search'), omar);
      await until(() => subjects(page).length === 2, "Omar's");
      expect(subjects(page)).to.deep.equal(['Laptop for a new colleague', 'Thanks for the quick help']);
    });

    it('writes a ticket for somebody', async () => {
      const { page, from } = await desk(dialect, '<ticket-form></ticket-form>');
      const email = await until(() => query<HTMLInputElement>(page, '[name=email]'), 'the form');
      expect(email).to.equal(field(page, 'Email of the requester'));
      write(field(page, 'Subject'), 'Asked by telephone');
      write(field(page, 'Message'), 'Please call Omar.');
      button(page, 'Send').click();
      await until(() => words(page).includes('Enter your email address.'), 'whose it is');
      write(email, omar);
      write(field(page, 'Name of the requester'), 'Omar Haddad');
      button(page, 'Send').click();
      await new Promise((resolve) => page.addEventListener('ticket-created', resolve, { once: true }));
      const made = (await from.tickets(omar)).filter(({ subject }) => subject === 'Asked by telephone');
      expect(made).to.have.lengthOf(1);
    });
  });

for (const dialect of ['osticket', 'osticket-2018'] as const)
  describe(`an agent at work with the whole desk (${dialect})`, () => {
    it('sees every ticket, and only numbers are searched for without reading', async () => {
      const { page } = await desk(dialect, '<ticket-list scope="all"></ticket-list>');
      await until(() => subjects(page).length === 8, 'every ticket');
      expect(subjects(page).slice(1, 4)).to.deep.equal([
        'Invoice shows our old address',
        'Laptop for a new colleague',
        'VPN drops every ten minutes',
      ]);
      write(query<HTMLInputElement>(page, '[type=search]')!, '#4318');
      await until(() => subjects(page).length === 1, 'one');
      expect(subjects(page)).to.deep.equal(['Request a second monitor']);
    });

    it('makes somebody known, once', async () => {
      const { page } = await desk(dialect, '<ticket-list scope="assigned"></ticket-list>');
      const list = page.querySelector('ticket-list')!;
      (await until(() => summary(page), 'New user')).click();
      const fill = (): void => {
        write(field(page, 'Name'), 'John Doe');
        write(field(page, 'Email'), 'john@example.test');
        write(field(page, 'Phone'), '4254441212X123');
      };
      fill();
      button(page, 'Create user').click();
      await until(() => said(list) === 'John Doe is known to the help desk now.', 'known');
      expect(field(page, 'Name').value).to.equal('');
      fill();
      const codes: string[] = [];
      page.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
      button(page, 'Create user').click();
      await until(() => words(list).includes('This is already in use.'), 'known already');
      const email = field(page, 'Email');
      expect([email.ariaInvalid, email.value, field(page, 'Name').value, codes]).to.deep.equal([
        'true',
        'john@example.test',
        'John Doe',
        ['invalid'],
      ]);
      await until(() => list.shadowRoot!.activeElement === email, 'focus where it is wrong');
    });
  });

describe('ticket-list: new users', () => {
  /** A list whose back end makes users, as the test says. */
  async function listed(createUser: NonNullable<Backend['createUser']>) {
    const scripted = new ScriptedDesk([], { staff: 'nora' }, { limits: { agent: true }, createUser });
    const list = await fixture<TicketList>(html`<ticket-list .store=${scripted.store}></ticket-list>`);
    (await until(() => summary(list), 'New user')).click();
    await until(() => buttons(list, 'Create user').length, 'the form');
    return { list, store: scripted.store };
  }

  it('passes the accessibility audit, open, wrong and done', async () => {
    let fails = true;
    const { list } = await listed(async ({ name }) => {
      if (fails) throw new HelpDeskError('invalid', { fields: { name: 'This field is required.' } });
      return { name, role: 'requester' };
    });
    await audit(list);
    button(list, 'Create user').click();
    await until(() => words(list).includes('This field is required.'), 'wrong');
    await audit(list);
    fails = false;
    write(field(list, 'Name'), 'Jane');
    button(list, 'Create user').click();
    await until(() => said(list).startsWith('Jane is known'), 'done');
    await audit(list);
    expect(words(list)).not.to.contain('This field is required.');
  });

  it('sends once while it is being sent', async () => {
    const drafts: UserDraft[] = [];
    let go = (): void => undefined;
    const { list } = await listed((draft) => {
      drafts.push(draft);
      return new Promise((resolve) => (go = () => resolve({ name: draft.name, role: 'requester' })));
    });
    write(field(list, 'Name'), 'Jane');
    write(field(list, /^Notes/), 'VIP');
    button(list, 'Create user').click();
    await until(() => drafts.length, 'sent');
    expect(button(list, 'Create user').ariaDisabled).to.equal('true');
    button(list, 'Create user').click();
    go();
    await until(() => said(list).startsWith('Jane is known'), 'done');
    expect(drafts).to.deep.equal([{ name: 'Jane', email: '', phone: '', notes: 'VIP' }]);
  });

  it('is not there for who cannot, and forgets what another agent has begun', async () => {
    const without = new ScriptedDesk([], { staff: 'nora' }, { limits: { agent: true } });
    const bare = await fixture<TicketList>(html`<ticket-list .store=${without.store}></ticket-list>`);
    const { list, store } = await listed(() => Promise.reject(new HelpDeskError('forbidden')));
    expect(summary(bare)).to.equal(undefined);
    write(field(list, 'Name'), 'Jane');
    button(list, 'Create user').click();
    await until(() => words(list).includes('This is not allowed.'), 'refused');
    expect(field(list, 'Name').value).to.equal('Jane');
    store.identify({ staff: 'tomas' });
    await until(() => summary(list) && !query<HTMLDetailsElement>(list, 'details')!.open, 'closed again');
    expect([
      words(list).includes('This is not allowed.'),
      query<HTMLInputElement>(list, '[name=name]')!.value,
    ]).to.deep.equal([false, '']);
    list.noFilters = true;
    await list.updateComplete;
    expect(summary(list)).to.equal(undefined);
  });
});
