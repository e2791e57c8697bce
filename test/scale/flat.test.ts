/** Long lists and threads: what is drawn and what is drawn anew does not grow with their length. Counted, never timed. */
import { expect, fixture, html } from '@open-wc/testing';
import { spy } from 'sinon';
import '../../src/elements/ticket-list/define.js';
import type { TicketList } from '../../src/elements/ticket-list/ticket-list.js';
import type { TicketThread } from '../../src/elements/ticket-thread/ticket-thread.js';
import { ScriptedDesk, entry, text, ticket, tickets } from '../elements/shared/scripted-desk.js';
import { articles, many, opened, settled } from '../elements/ticket-thread/opened.js';
import { everything, query, queryAll, until, write } from '../support/screen.js';

const elementsIn = (root: Node): number => [...everything(root)].length;
const rows = (root: Node): HTMLElement[] => queryAll(root, '[part~=item]');

/** Everything that happens to the nodes of an element until asked. */
function watch(element: Element): () => MutationRecord[] {
  const seen: MutationRecord[] = [];
  const observer = new MutationObserver((records) => seen.push(...records));
  const { shadowRoot } = element;
  observer.observe(shadowRoot!, { subtree: true, childList: true, characterData: true, attributes: true });
  return () => {
    seen.push(...observer.takeRecords());
    observer.disconnect();
    return seen;
  };
}
const elements = (lists: readonly NodeList[], selector: string): Node[] =>
  lists.flatMap((list) => [...list]).filter((node) => node instanceof Element && node.matches(selector));
const added = (records: readonly MutationRecord[], selector: string): Node[] =>
  elements(
    records.map(({ addedNodes }) => addedNodes),
    selector,
  );
const removed = (records: readonly MutationRecord[], selector: string): Node[] =>
  elements(
    records.map(({ removedNodes }) => removedNodes),
    selector,
  );

async function openList(count: number): Promise<{ desk: ScriptedDesk; list: TicketList }> {
  const desk = new ScriptedDesk();
  desk.tickets = tickets(count);
  const list = await fixture<TicketList>(html`<ticket-list .store=${desk.store}></ticket-list>`);
  await until(() => rows(list).length, 'the list');
  await settled();
  return { desk, list };
}

async function openThread(count: number): Promise<{ desk: ScriptedDesk; thread: TicketThread }> {
  const desk = new ScriptedDesk();
  desk.open('a', many(count));
  const thread = await opened(desk);
  await settled();
  return { desk, thread };
}

describe('scale', () => {
  beforeEach(() => scrollTo(0, 0));

  describe('a long list', () => {
    const drawn: number[] = [];
    for (const count of [100, 1000, 10_000])
      it(`of ${count} tickets draws one screenful, in at most 350 elements`, async () => {
        const { list } = await openList(count);
        expect(list.tickets.length).to.equal(count);
        expect(rows(list).length).to.equal(25);
        drawn.push(elementsIn(list));
        expect(elementsIn(list)).to.be.at.most(350);
        expect(new Set(drawn).size).to.equal(1);
      });

    it('of 10,000 gets one row more for one ticket more, and moves none of the others', async () => {
      const { desk, list } = await openList(10_000);
      const before = rows(list);
      const records = watch(list);
      desk.tickets = [ticket(20_000), ...desk.tickets];
      await desk.store.refresh();
      await until(() => rows(list)[0]?.dataset['id'] === 't20000', 'the new one');
      await settled();
      const seen = records();
      expect(added(seen, 'li').length).to.equal(1);
      expect(removed(seen, 'li').length).to.equal(1);
      expect(rows(list).slice(1)).to.deep.equal(before.slice(0, 24));
    });

    it('of 10,000 is painted with one more before it is looked through for news', async () => {
      const { desk, list } = await openList(10_000);
      const parse = spy(Date, 'parse');
      try {
        desk.tickets = [ticket(20_000), ...desk.tickets];
        await desk.store.refresh();
        await list.updateComplete;
        expect(rows(list)[0]?.dataset['id']).to.equal('t20000');
        expect(parse.callCount).to.be.at.most(1000);
        await until(() => query(list, '.news'), 'the news');
        expect(parse.callCount).to.be.at.least(10_000);
      } finally {
        parse.restore();
      }
    });

    it('of 10,000 is not touched by a poll that brings the same', async () => {
      const { desk, list } = await openList(10_000);
      const known = list.tickets;
      const records = watch(list);
      desk.tickets = structuredClone(desk.tickets);
      await desk.store.refresh();
      await settled();
      expect(list.tickets).to.equal(known);
      // The line that says that it is being read comes and goes.
      expect(records().filter(({ target }) => (target as Element).closest?.('ul'))).to.deep.equal([]);
    });
  });

  describe('a long thread', () => {
    const drawn: number[] = [];
    for (const count of [50, 500, 5000])
      it(`of ${count} entries draws the newest, in at most 350 elements`, async () => {
        const { thread } = await openThread(count);
        expect(thread.thread?.entries.length).to.equal(count);
        expect(articles(thread).length).to.equal(20);
        expect(articles(thread).at(-1)!.dataset['id']).to.equal(`e${count - 1}`);
        expect(elementsIn(thread)).to.be.at.most(350);
        // How many days the screenful is of differs.
        drawn.push(elementsIn(thread) - queryAll(thread, '.day').length);
        expect(new Set(drawn).size).to.equal(1);
      });

    it('is drawn without asking for its own layout before the browser makes it', async () => {
      const desk = new ScriptedDesk();
      desk.open('a', many(500));
      const asked = [
        spy(Element.prototype, 'checkVisibility'),
        spy(Element.prototype, 'getBoundingClientRect'),
        spy(Element.prototype, 'scrollHeight', ['get']).get,
      ];
      try {
        const thread = document.createElement('ticket-thread');
        thread.store = desk.store;
        thread.ticket = 'a';
        document.body.append(thread);
        // Others of the tests before may still be there.
        const own = (one: unknown): boolean => one === thread || (one as Node).getRootNode() === thread.shadowRoot;
        const callsOf = ({ thisValues }: { thisValues: unknown[] }): number => thisValues.filter(own).length;
        let before: number[] | undefined;
        // Right after the entries came into the page.
        new MutationObserver(() => {
          if (articles(thread).length) before ??= asked.map(callsOf);
        }).observe(thread.shadowRoot!, { subtree: true, childList: true });
        await until(() => before, 'the entries');
        expect(before).to.deep.equal([0, 0, 0]);
        thread.remove();
      } finally {
        for (const one of asked) one.restore();
      }
    });

    it('of 5,000 gets one entry more for one that came, and draws no other anew', async () => {
      const { desk, thread } = await openThread(5000);
      const before = articles(thread);
      const records = watch(thread);
      desk.add('a', entry(5001, { kind: 'message', ...text('One more.') }));
      await desk.store.refresh();
      await until(() => articles(thread).at(-1)?.dataset['id'] === 'e5001', 'the new one');
      await settled();
      const seen = records();
      expect(added(seen, 'li').length).to.equal(1);
      expect(removed(seen, 'li')).to.deep.equal([]);
      expect(articles(thread).slice(0, 20)).to.deep.equal(before);
    });

    it('of 5,000 is not touched by a poll that brings the same', async () => {
      const { desk, thread } = await openThread(5000);
      const known = thread.thread;
      const records = watch(thread);
      const { ticket: same, entries } = structuredClone(desk.threads.get('a')!);
      desk.open('a', entries, same);
      await desk.store.refresh();
      await settled();
      expect(thread.thread).to.equal(known);
      expect(records()).to.deep.equal([]);
    });
  });

  it('writing an answer under 500 drawn entries draws nothing anew while the draft is kept', async () => {
    const { desk, thread } = await openThread(500);
    for (let more; (more = query<HTMLButtonElement>(thread, '.more button')); await thread.updateComplete) more.click();
    expect(articles(thread).length).to.equal(500);
    await settled();
    const field = query<HTMLTextAreaElement>(thread, 'textarea')!;
    const records = watch(thread);
    let updates = 0;
    const { requestUpdate } = thread;
    thread.requestUpdate = (...args) => {
      updates++;
      return requestUpdate.apply(thread, args);
    };
    for (let at = 1; at <= 100; at++) write(field, 'x'.repeat(at));
    await until(() => desk.store.drafts.read('reply:a')?.message === 'x'.repeat(100), 'the draft');
    expect(updates).to.equal(0);
    expect(records()).to.deep.equal([]);
  });
});
