import { expect, fixtureCleanup } from '@open-wc/testing';
import type { Backend, Limits } from '../../../src/backends/backend.js';
import { HelpDeskError, type HelpDeskErrorCode } from '../../../src/errors.js';
import type { ThreadEntry, Ticket, TicketChange } from '../../../src/model.js';
import type { TicketThread } from '../../../src/elements/ticket-thread/ticket-thread.js';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../../support/screen.js';
import { attributes, cleanUp, jane, place, testDesk } from '../../support/widget.js';
import { audit, entry, ScriptedDesk, text } from '../shared/scripted-desk.js';
import { articles, bodies, errors, fromEnd, many, opened, scroller, settled } from './opened.js';

afterEach(async () => {
  fixtureCleanup();
  await cleanUp();
  expect(errors()).to.deep.equal([]);
});

const tags = ['Printer', 'Network', 'Urgent'].map((name, index) => ({ id: `${index + 1}`, name }));
const priorities = ['Low', 'Normal', 'High'].map((name, index) => ({ id: `${index + 1}`, name }));

/** A desk whose tickets can be changed; `limits` as given. */
class ChangingDesk extends ScriptedDesk {
  readonly changes: TicketChange[];
  readonly statuses: (string | undefined)[] = [];
  tagFailure: HelpDeskErrorCode | undefined;

  constructor(limits: Limits = {}, more: Partial<Ticket> = {}, methods: Partial<Backend> = {}) {
    const changes: TicketChange[] = [];
    super([], { email: 'jane@example.test' }, {
      limits: { priorities, ...limits },
      listTags: () => (this.tagFailure ? Promise.reject(new HelpDeskError(this.tagFailure)) : Promise.resolve(tags)),
      updateTicket: async (id, change) => {
        const { priority, tags: ids, assignee } = change;
        const changed = await this.change(id, {
          ...(priority && { priority: priorities.find((each) => each.id === priority)!.name }),
          ...(ids && { tags: ids.map((each) => tags.find(({ id: known }) => known === each) ?? { id: each, name: each }) }),
          ...(assignee && { assignee: { name: assignee, role: 'agent' as const } }),
        });
        changes.push(change);
        return changed;
      },
      ...methods,
    }); // prettier-ignore
    this.changes = changes;
    this.open('a', [entry(0), entry(1)], { priority: 'Low', tags: [tags[0]!], ...more });
    this.open('b', [entry(0)], { priority: 'Low' });
  }
}

const summary = (root: Node): HTMLElement | undefined =>
  queryAll(root, 'summary').find((each) => words(each) === 'Details');
const boxes = (root: Node): HTMLInputElement[] => queryAll<HTMLInputElement>(root, 'input[type=checkbox]');
const checked = (root: Node): string[] =>
  boxes(root).flatMap((box) => (box.checked ? words(box.labels![0]!) : [])); // prettier-ignore
const priority = (root: Node): HTMLSelectElement => field<HTMLSelectElement>(root, 'Priority');
const shownPriority = (root: Node): string | undefined => priority(root).selectedOptions[0]?.text;

async function detailed(desk: ScriptedDesk, id = 'a'): Promise<TicketThread> {
  const thread = await opened(desk, id);
  (await until(() => summary(thread), 'Details')).click();
  await until(() => query<HTMLDetailsElement>(thread, 'details')!.open, 'open');
  return thread;
}
const choose = (select: HTMLSelectElement, value: string): void => {
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
};

describe('ticket-thread: details', () => {
  it('passes the accessibility audit, closed, open and failed', async () => {
    const desk = new ChangingDesk({ agent: true });
    const thread = await opened(desk);
    await until(() => summary(thread), 'Details');
    await audit(thread);
    summary(thread)!.click();
    await until(() => boxes(thread).length === 3, 'the tags');
    await audit(thread);
    desk.refusal = 'forbidden';
    choose(priority(thread), '3');
    await until(() => said(thread).includes('This is not allowed.'), 'the alert');
    await audit(thread);
  });

  it('changes the priority at once, and takes it back when refused', async () => {
    const desk = new ChangingDesk();
    const thread = await detailed(desk);
    expect([...priority(thread).options].map((option) => option.text)).to.deep.equal(['Low', 'Normal', 'High']);
    expect(shownPriority(thread)).to.equal('Low');
    const go = desk.hold();
    choose(priority(thread), '3');
    await until(() => words(query(thread, 'header p')!).includes('Priority : High'), 'at once');
    go();
    await until(() => said(thread) === 'Saved.', 'saved');
    expect(desk.changes).to.deep.equal([{ priority: '3' }]);
    desk.refusal = 'forbidden';
    const codes: string[] = [];
    thread.addEventListener('help-desk-error', ({ error }) => codes.push(error.code));
    choose(priority(thread), '2');
    await until(() => said(thread).includes('This is not allowed.'), 'the alert');
    await thread.updateComplete;
    expect([shownPriority(thread), words(query(thread, 'header p')!).includes('High'), codes]).to.deep.equal([
      'High',
      true,
      ['forbidden'],
    ]);
    thread.ticket = 'b';
    await until(() => articles(thread).length === 1, 'ticket b');
    expect(said(thread)).not.to.contain('This is not allowed.');
  });

  it('says where the priority is not known', async () => {
    const thread = await detailed(new ChangingDesk({}, { priority: 'Odd' }));
    expect(shownPriority(thread)).to.equal('Odd');
    const other = new ChangingDesk();
    const { priority: _, ...bare } = other.threads.get('a')!.ticket;
    other.threads.set('a', { ticket: bare, entries: [entry(0)] });
    const empty = await detailed(other);
    expect(shownPriority(empty)).to.equal('Not set');
    choose(priority(empty), '2');
    await until(() => said(empty) === 'Saved.', 'saved');
    expect([...priority(empty).options].map((option) => option.text)).to.deep.equal(['Low', 'Normal', 'High']);
  });

  it('puts tags on and takes them off, keeps those that are in no list, and takes back what is refused', async () => {
    const own = { id: 'x', name: 'Its own' };
    const desk = new ChangingDesk({}, { tags: [tags[0]!, own] });
    const thread = await detailed(desk);
    await until(() => boxes(thread).length === 4, 'the tags');
    expect(checked(thread)).to.deep.equal(['Printer', 'Its own']);
    boxes(thread)[2]!.click();
    boxes(thread)[0]!.click();
    await until(() => desk.changes.length === 2, 'both');
    expect(desk.changes).to.deep.equal([{ tags: ['1', '3', 'x'] }, { tags: ['3', 'x'] }]);
    await until(() => !desk.store.thread('a').peek().fetching, 'read again');
    await thread.updateComplete;
    expect(checked(thread)).to.deep.equal(['Urgent', 'x']);
    desk.refusal = 'conflict';
    boxes(thread)[1]!.click();
    expect(checked(thread).length).to.equal(3);
    await until(() => said(thread).includes('This was changed or sent by somebody else'), 'the alert');
    await thread.updateComplete;
    expect(checked(thread)).to.deep.equal(['Urgent', 'x']);
  });

  it('reads the list of tags when it is looked at, and again after a failure', async () => {
    const desk = new ChangingDesk();
    desk.tagFailure = 'network';
    const thread = await opened(desk);
    await until(() => summary(thread), 'Details');
    expect(desk.store.tags().peek().status).to.equal('idle');
    summary(thread)!.click();
    await until(() => said(thread).includes('The help desk could not be reached.'), 'the alert');
    expect(checked(thread)).to.deep.equal(['Printer']);
    desk.tagFailure = undefined;
    button(thread, 'Try again').click();
    await until(() => boxes(thread).length === 3, 'the tags');
  });

  it('shows only what can be changed', async () => {
    const fields = async (limits: Limits, methods: Partial<Backend> = {}): Promise<string> => {
      const thread = await opened(new ChangingDesk(limits, {}, methods));
      await until(() => query(thread, '[part=details]'), 'Details');
      return queryAll(thread, 'details label, details legend').map(words).join();
    };
    expect([
      await fields({}),
      await fields({ agent: true }),
      await fields({ changes: ['assignee'] }),
      await fields({ changes: ['priority'] }),
      await fields({ priorities: [] }),
      await fields({ agent: true, changes: ['priority', 'tags'] }),
    ]).to.deep.equal([
      'Priority,Tags,Printer',
      'Priority,Tags,Printer,Assigned to',
      'Assigned to',
      'Priority',
      'Tags,Printer',
      'Priority,Tags,Printer',
    ]);
    const desk = new ChangingDesk({ agent: true });
    delete desk.store.backend.updateTicket;
    const thread = await opened(desk);
    await until(() => query(thread, '#after'), 'the extras');
    expect(summary(thread)).to.equal(undefined);
    const reading = await detailed(new ChangingDesk());
    reading.readOnly = true;
    await until(() => !summary(reading), 'read-only');
  });

  it('keeps each field in its own place', async () => {
    const thread = await detailed(new ChangingDesk({ agent: true }));
    await until(() => boxes(thread).length === 3, 'the tags');
    for (const each of [priority(thread), field(thread, 'Assigned to')]) {
      const around = each.closest('.fields > *')!.getBoundingClientRect();
      expect(each.getBoundingClientRect().right).to.be.at.most(around.right + 1);
    }
  });

  it('assigns by name', async () => {
    const desk = new ChangingDesk({ agent: true }, { assignee: { name: 'nora', role: 'agent' } });
    const thread = await detailed(desk);
    const name = field(thread, 'Assigned to');
    expect(name.value).to.equal('nora');
    button(thread, 'Assign').click();
    write(name, '   ');
    button(thread, 'Assign').click();
    write(name, ' paul ');
    button(thread, 'Assign').click();
    await until(() => said(thread) === 'Saved.', 'saved');
    expect([desk.changes, field(thread, 'Assigned to').value]).to.deep.equal([[{ assignee: 'paul' }], 'paul']);
  });

  it('assigns no ticket to whom was named for another, and keeps a name while its own is read again', async () => {
    const desk = new ChangingDesk({ agent: true });
    const thread = await detailed(desk);
    await desk.store.thread('b').refresh();
    write(field(thread, 'Assigned to'), 'paul');
    desk.add('a', entry(2));
    await desk.store.refresh();
    await until(() => articles(thread).length === 3, 'read again');
    expect(field(thread, 'Assigned to').value).to.equal('paul');
    thread.ticket = 'b';
    await until(() => articles(thread).length === 1, 'ticket b');
    expect(field(thread, 'Assigned to').value).to.equal('');
    button(thread, 'Assign').click();
    thread.ticket = 'a';
    await until(() => articles(thread).length === 3, 'ticket a');
    expect([desk.changes, field(thread, 'Assigned to').value]).to.deep.equal([[], '']);
  });
});

describe('ticket-thread: in a low place', () => {
  it('lets everything be reached with open details, and has no second scroll bar without', async () => {
    const thread = await detailed(new ChangingDesk({ agent: true }));
    await until(() => boxes(thread).length === 3, 'the tags');
    expect(scroller(thread).clientHeight).to.be.at.least(90);
    button(thread, 'Close ticket').scrollIntoView();
    const inside = (element: Element): boolean =>
      element.getBoundingClientRect().bottom <= thread.getBoundingClientRect().bottom + 1;
    expect(inside(button(thread, 'Close ticket'))).to.equal(true);
    summary(thread)!.click();
    await settled();
    expect(thread.scrollHeight).to.be.at.most(thread.clientHeight);
  });
});

describe('ticket-thread: as an agent', () => {
  /** Sends agents' replies, and keeps the status that came with each. */
  const agentDesk = (): ChangingDesk => {
    const desk: ChangingDesk = new ChangingDesk({ agent: true }, {}, {
      reply: async (id, draft) => {
        const made: ThreadEntry = entry(200 + desk.statuses.length, { kind: 'reply', ...text(draft.message) });
        if (desk.refusal) throw new HelpDeskError(desk.refusal);
        desk.statuses.push(draft.status);
        desk.add(id, made);
        if (draft.status) await desk.change(id, { status: draft.status });
        return made;
      },
    }); // prettier-ignore
    return desk;
  };
  const status = (root: Node): HTMLSelectElement => field<HTMLSelectElement>(root, 'Status after the reply');
  const send = (root: Node, message: string): void => {
    write(field<HTMLTextAreaElement>(root, 'Your reply'), message);
    button(root, 'Reply').click();
  };

  it('passes the accessibility audit', async () => {
    const thread = await opened(agentDesk());
    await until(() => query(thread, '#after'), 'the status');
    await audit(thread);
  });

  it('sends a status with the reply where one is chosen, and the next without', async () => {
    const desk = agentDesk();
    const thread = await opened(desk);
    await until(() => query(thread, '#after'), 'the status');
    expect([...status(thread).options].map((option) => option.text)).to.deep.equal([
      'As it is',
      'Open',
      'In progress',
      'On hold',
      'Resolved',
      'Closed',
    ]);
    choose(status(thread), 'pending');
    const stop = (event: Event): void => event.preventDefault();
    thread.addEventListener('reply-send', stop);
    send(thread, 'One');
    thread.removeEventListener('reply-send', stop);
    await thread.updateComplete;
    expect(status(thread).value).to.equal('pending');
    button(thread, 'Reply').click();
    await until(() => desk.statuses.length === 1, 'sent');
    await until(() => words(query(thread, '[part=status]')!) === 'In progress', 'the status');
    expect(status(thread).value).to.equal('');
    send(thread, 'Two');
    await until(() => desk.statuses.length === 2, 'sent, too');
    expect(desk.statuses).to.deep.equal(['pending', undefined]);
  });

  it('keeps the status of a reply that failed, and not for another ticket', async () => {
    const desk = agentDesk();
    const thread = await opened(desk);
    await until(() => query(thread, '#after'), 'the status');
    desk.refusal = 'forbidden';
    choose(status(thread), 'resolved');
    send(thread, 'Again');
    await until(() => buttons(thread, 'Try again').length, 'failed');
    expect(query(thread, 'article.failed')!.className).to.equal('reply failed');
    desk.refusal = undefined;
    button(thread, 'Try again').click();
    await until(() => desk.statuses.length === 1, 'sent');
    expect(desk.statuses).to.deep.equal(['resolved']);
    await until(() => buttons(thread, 'Reopen ticket').length, 'over');
    button(thread, 'Reopen ticket').click();
    await until(() => query(thread, '#after'), 'open');
    choose(status(thread), 'closed');
    thread.ticket = 'b';
    await until(() => articles(thread).length === 1 && query(thread, '#after'), 'ticket b');
    expect(status(thread).value).to.equal('');
  });

  it('puts own words where own words stand, and tells of the requester’s', async () => {
    const desk = agentDesk();
    desk.open('a', [...many(30), entry(31)]);
    const thread = await opened(desk);
    const at = (kind: string): number => queryAll(thread, `article.${kind}`).at(-1)!.getBoundingClientRect().right;
    await until(() => at('reply') > at('message'), 'own words where own words stand');
    await settled();
    send(thread, 'Mine');
    await until(() => said(thread) === 'Your reply was sent.', 'sent');
    expect([bodies(thread).at(-1), buttons(thread, /new repl/).length]).to.deep.equal(['Mine', 0]);
    await settled();
    expect(fromEnd(thread)).to.be.lessThan(2);
    scroller(thread).scrollTop = 0;
    await settled();
    desk.add('a', entry(500, { kind: 'message' }), entry(501, { kind: 'reply' }));
    await desk.store.refresh();
    await until(() => said(thread) === 'New reply from Jane Doe', 'it is said');
    expect(buttons(thread, '1 new reply').length).to.equal(1);
  });

  it('does not take a requester without a name for itself', async () => {
    const desk = agentDesk();
    desk.open('a', [entry(0, { author: { name: '', role: 'requester' } })]);
    const thread = await opened(desk);
    expect(words(query(thread, 'article .by strong')!)).to.equal('Requester');
  });
});

describe('ticket-thread: details over support-ticket', () => {
  it('stores priority and tags', async () => {
    const desk = await testDesk();
    const stored = (await desk.tickets(jane)).find(({ state }) => state === 'open')!;
    const page = place(
      `<help-desk ${attributes(desk, 'support-ticket')}><ticket-thread ticket="${stored.id}"></ticket-thread></help-desk>`,
    );
    (await until(() => summary(page), 'Details')).click();
    await until(() => boxes(page).length > 1, 'the tags');
    const other = [...priority(page).options].find((option) => !option.selected && option.value)!;
    choose(priority(page), other.value);
    await until(() => said(page).includes('Saved.'), 'saved');
    const box = boxes(page).find((each) => !each.checked)!;
    const { value } = box;
    box.click();
    await until(() => !query(page, '[role=alert]') && checked(page).length, 'shown');
    let now = await desk.ticket(stored.number);
    // As long as the test may take.
    while (!now.tagIds.map(String).includes(value)) now = await desk.ticket(stored.number);
    expect(shownPriority(page)).to.equal(other.text);
  });
});
