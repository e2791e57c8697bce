import { expect, fixtureCleanup } from '@open-wc/testing';
import { sendKeys } from '@web/test-runner-commands';
import type { TicketThread } from '../../../src/elements/ticket-thread/ticket-thread.js';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../../support/screen.js';
import { resize } from '../../support/viewport.js';
import { cleanUp, widget } from '../../support/widget.js';
import { entry, htmlBody, ScriptedDesk, text } from '../shared/scripted-desk.js';
import { articles, errors, focused, fromEnd, many, opened, scroller, settled, simple, top } from './opened.js';

afterEach(async () => {
  fixtureCleanup();
  await cleanUp();
  expect(errors()).to.deep.equal([]);
});

function long(count: number): ScriptedDesk {
  const desk = new ScriptedDesk();
  desk.open('a', many(count));
  return desk;
}
const drawnNames = (root: Node): (string | undefined)[] => articles(root).map(({ dataset }) => dataset['id']);

describe('ticket-thread: reading', () => {
  it('opens at the newest with a screenful', async () => {
    const thread = await opened(long(500));
    await settled();
    expect(articles(thread).length).to.be.at.most(40);
    expect(drawnNames(thread).at(-1)).to.equal('e499');
    expect(fromEnd(thread)).to.be.lessThan(2);
    expect(queryAll(thread, '*').length).to.be.lessThan(700);
  });

  it('gives the words of HTML no more room at their ends than a text has', async () => {
    const desk = new ScriptedDesk();
    desk.open('a', [entry(0, htmlBody('<p>First</p><p>Between</p><p>Last</p>'))]);
    const thread = await opened(desk);
    await until(() => queryAll(thread, '.body > p').length === 3, 'the words');
    const margins = queryAll(thread, '.body > p').map((one) => {
      const { marginBlockStart, marginBlockEnd, fontSize } = getComputedStyle(one);
      return [marginBlockStart, marginBlockEnd].map((length) => parseFloat(length) / parseFloat(fontSize));
    });
    expect(margins).to.deep.equal([
      [0, 0.5],
      [0.5, 0.5],
      [0.5, 0],
    ]);
  });

  it('opens another ticket at its newest, too, wherever the one before was scrolled to', async () => {
    const desk = long(60);
    desk.open('b', many(30));
    desk.open('c', many(90));
    const thread = await opened(desk);
    for (const id of ['b', 'c', 'a']) {
      await settled();
      scroller(thread).scrollTop /= 2;
      await settled();
      expect(fromEnd(thread)).to.be.greaterThan(40);
      void desk.store.thread(id).refresh();
      await until(() => desk.store.thread(id).peek().data, 'it is known');
      scroller(thread).scrollTop -= 5;
      thread.ticket = id;
      await thread.updateComplete;
      await settled();
      expect(fromEnd(thread)).to.be.lessThan(2);
    }
  });

  it('adds older ones as they come near, without moving what is read, to the first', async () => {
    const thread = await opened(long(100));
    await settled();
    while (drawnNames(thread)[0] !== 'e0') {
      const before = articles(thread).length;
      scroller(thread).scrollTop = 150;
      const anchor = articles(thread).find((article) => top(article) > top(scroller(thread)))!;
      const place = top(anchor);
      await until(() => articles(thread).length > before, `more than ${before}`);
      expect(Math.abs(top(anchor) - place)).to.be.at.most(1);
      await settled();
    }
    expect(drawnNames(thread)).to.deep.equal(many(100).map(({ id }) => id));
    expect(buttons(thread, 'Load more').length).to.equal(0);
  });

  it('adds older ones by the button; focus goes to the one just before', async () => {
    const thread = await opened(long(50));
    thread.style.blockSize = 'auto';
    thread.style.setProperty('--help-desk-block-size', 'none');
    thread.ticket = 'b';
    await thread.updateComplete;
    thread.ticket = 'a';
    await until(() => articles(thread).length === 20, 'a screenful');
    await settled();
    expect(articles(thread).length).to.equal(20);
    button(thread, 'Load more').click();
    await until(() => articles(thread).length === 40, 'forty');
    expect((focused(thread) as HTMLElement).dataset['id']).to.equal('e29');
  });

  it('leaves the button to whoever has come to it by keyboard', async () => {
    const thread = await opened(long(30));
    await settled();
    scroller(thread).focus();
    await sendKeys({ press: 'Tab' });
    await settled();
    await settled();
    expect(words(focused(thread)!)).to.equal('Load more');
    await sendKeys({ press: 'Enter' });
    await until(() => articles(thread).length === 30, 'the rest');
    await settled();
    expect((focused(thread) as HTMLElement).dataset['id']).to.equal('e9');
  });

  it('does not move what is read when a reply arrives; says so and shows a pill that leads to it', async () => {
    const desk = long(60);
    const thread = await opened(desk);
    await settled();
    scroller(thread).scrollTop = scroller(thread).scrollHeight / 2;
    await settled();
    const read = articles(thread).find((article) => top(article) > top(scroller(thread)))!;
    const place = top(read);
    const seen: boolean[] = [];
    const mark = desk.store.markSeen;
    desk.store.markSeen = (ticket) => {
      seen.push(!buttons(thread, /new repl/).length);
      mark(ticket);
    };
    desk.add('a', entry(61), entry(63));
    await desk.store.refresh();
    await until(() => said(thread) === 'New reply from Nora Lind', 'it is said');
    await settled();
    expect(Math.abs(top(read) - place)).to.be.at.most(1);
    button(thread, '2 new replies').click();
    await until(() => !buttons(thread, /new repl/).length, 'the pill goes');
    expect((focused(thread) as HTMLElement).dataset['id']).to.equal('e61');
    await until(() => seen.length, 'it is seen');
    expect([...new Set(seen)]).to.deep.equal([true]);
    const arrived = articles(thread).find(({ dataset }) => dataset['id'] === 'e61')!;
    expect(top(arrived)).to.be.within(top(scroller(thread)) - 1, top(scroller(thread)) + scroller(thread).clientHeight);
  });

  it('does not move the last entry either while it is read', async () => {
    const desk = long(30);
    const thread = await opened(desk);
    await settled();
    const last = articles(thread).at(-1)!;
    const place = top(last);
    desk.add('a', entry(31, text('long\n'.repeat(40))));
    await desk.store.refresh();
    await until(() => buttons(thread, '1 new reply').length, 'the pill');
    expect(Math.abs(top(last) - place)).to.be.at.most(1);
    scroller(thread).scrollTop = scroller(thread).scrollHeight;
    await until(() => !buttons(thread, /new repl/).length, 'the pill goes at the end');
  });

  it('keeps the place when an alert comes and goes, and when HTML is drawn late', async () => {
    const desk = long(40);
    const thread = await opened(desk);
    await settled();
    scroller(thread).scrollTop = 400;
    await settled();
    const read = articles(thread).find((article) => top(article) > top(scroller(thread)) + 80)!;
    const place = top(read);
    desk.failure = 'network';
    await desk.store.refresh();
    await until(() => query(thread, '[role=alert]'), 'the alert');
    expect(Math.abs(top(read) - place)).to.be.at.most(1);
    desk.failure = undefined;
    await desk.store.refresh();
    await until(() => !query(thread, '[role=alert]'), 'no alert');
    expect(Math.abs(top(read) - place)).to.be.at.most(1);
  });

  it('shows no pill where everything can be seen', async () => {
    const desk = long(1);
    const thread = await opened(desk);
    thread.style.blockSize = '900px';
    thread.style.setProperty('--help-desk-block-size', 'none');
    desk.add('a', entry(1));
    await desk.store.refresh();
    await until(() => articles(thread).length === 2, 'the reply');
    await settled();
    expect([said(thread), buttons(thread, /new repl/).length]).to.deep.equal(['New reply from Nora Lind', 0]);
  });

  it('shows the newest first where told so, and keeps its place there too', async () => {
    const desk = long(60);
    const thread = await opened(desk, 'a', { order: 'newest' });
    await settled();
    expect([drawnNames(thread)[0], scroller(thread).scrollTop]).to.deep.equal(['e59', 0]);
    const read = articles(thread)[0]!;
    const place = top(read);
    desk.add('a', entry(61));
    await desk.store.refresh();
    await until(() => buttons(thread, '1 new reply').length, 'the pill');
    expect(drawnNames(thread).slice(0, 2)).to.deep.equal(['e61', 'e59']);
    expect(Math.abs(top(read) - place)).to.be.at.most(1);
    button(thread, '1 new reply').click();
    await until(() => (focused(thread) as HTMLElement | null)?.dataset['id'] === 'e61', 'the reply');
    while (drawnNames(thread).at(-1) !== 'e0') {
      const before = articles(thread).length;
      scroller(thread).scrollTop = scroller(thread).scrollHeight;
      await until(() => articles(thread).length > before, 'older ones');
    }
  });

  it('stays at the newest while HTML is drawn, and while the composer grows', async () => {
    const desk = new ScriptedDesk();
    desk.open(
      'a',
      Array.from({ length: 10 }, (_, at) => entry(at, htmlBody(`<p>${at}</p>${'<p>x</p>'.repeat(5)}`))),
    );
    const thread = await opened(desk);
    await until(() => !query(thread, '[aria-busy]'), 'the HTML');
    await settled();
    expect(fromEnd(thread)).to.be.lessThan(2);
    const field_ = field<HTMLTextAreaElement>(thread, 'Your reply');
    field_.style.blockSize = '150px';
    await settled();
    await settled();
    expect(fromEnd(thread)).to.be.lessThan(2);
  });

  it('opens at the newest also where it was hidden first', async () => {
    const thread = await opened(long(60));
    thread.style.display = 'none';
    thread.ticket = 'b';
    await thread.updateComplete;
    thread.ticket = 'a';
    await until(() => articles(thread).length, 'drawn');
    thread.style.display = '';
    await settled();
    await settled();
    expect(fromEnd(thread)).to.be.lessThan(2);
  });

  it('does not lengthen a page by itself where it has no place of its own to scroll', async () => {
    const thread = await opened(long(100));
    thread.style.blockSize = 'auto';
    thread.style.setProperty('--help-desk-block-size', 'none');
    thread.ticket = 'b';
    await thread.updateComplete;
    thread.ticket = 'a';
    await until(() => articles(thread).length === 20, 'a screenful');
    await settled();
    await settled();
    expect(articles(thread).length).to.equal(20);
  });

  it('goes to the end with one’s own reply', async () => {
    const desk = long(60);
    const thread = await opened(desk);
    await settled();
    scroller(thread).scrollTop = 600;
    await settled();
    write(field<HTMLTextAreaElement>(thread, 'Your reply'), 'mine');
    button(thread, 'Reply').click();
    await until(() => said(thread) === 'Your reply was sent.', 'sent');
    await settled();
    expect(fromEnd(thread)).to.be.lessThan(2);
    expect(words(articles(thread).at(-1)!)).to.contain('mine');
  });

  it('keeps its place and its words when it is moved', async () => {
    const desk = long(5);
    const thread = await opened(desk);
    write(field<HTMLTextAreaElement>(thread, 'Your reply'), 'half a sentence');
    const home = thread.parentElement!;
    thread.remove();
    await thread.updateComplete;
    home.append(thread);
    await until(() => articles(thread).length === 5, 'the thread');
    await thread.updateComplete;
    expect(field<HTMLTextAreaElement>(thread, 'Your reply').value).to.equal('half a sentence');
  });
});

describe('ticket-thread: chosen in a list', () => {
  const choose = async (width: string): Promise<{ page: HTMLElement; thread: TicketThread; row: HTMLElement }> => {
    const { page } = await widget();
    page.style.inlineSize = width;
    const row = await until(() => queryAll(page, '[part=item]')[0], 'the list');
    row.focus();
    await sendKeys({ press: 'Enter' });
    const thread = await until(() => query<TicketThread>(page, 'ticket-thread'), 'the thread');
    await until(() => articles(thread).length, 'its entries');
    await thread.updateComplete;
    return { page, thread, row };
  };

  it('says its subject to whoever stays in the list, once', async () => {
    const { page, thread, row } = await choose('750px');
    expect(said(thread)).to.equal(words(query(row, '[part=subject]')!));
    expect((row.getRootNode() as ShadowRoot).activeElement === row).to.equal(true);
    const told = query(thread, '[role=status]')!.textContent;
    await page.querySelector('help-desk')!.refresh();
    await thread.updateComplete;
    expect(query(thread, '[role=status]')!.textContent).to.equal(told);
  });

  it('says nothing where focus has come along', async () => {
    const { page, thread } = await choose('400px');
    expect(said(thread)).to.equal('');
    expect(page.querySelector('help-desk')!.shadowRoot!.activeElement?.contains(thread)).to.equal(true);
  });
});

describe('ticket-thread: height', () => {
  it('is bounded where it stands alone, and fills the place it is given in the widget', async () => {
    const { page } = await widget('osticket', { extra: 'style="--help-desk-block-size:2000px"' });
    (await until(() => queryAll(page, '[part=item]')[0], 'the list')).click();
    const thread = await until(() => query<HTMLElement>(page, 'ticket-thread'), 'the thread');
    await until(() => articles(page).length, 'its entries');
    expect(thread.offsetHeight).to.be.greaterThan(1800);
    const alone = await opened(long(60));
    alone.style.blockSize = '';
    await settled();
    expect(alone.offsetHeight).to.be.at.most(Math.min(704, Math.ceil(innerHeight * 0.85)));
    expect(scroller(alone).scrollHeight).to.be.greaterThan(scroller(alone).clientHeight);
  });

  it('keeps room for messages in a low place, and nothing hangs out of it', async () => {
    const thread = await opened(simple());
    const size = { width: innerWidth, height: innerHeight };
    try {
      for (const [width, height, place, room] of [
        [1000, 700, 264, 96],
        [667, 375, 264, 150],
        [320, 256, 163, 102],
      ] as const) {
        await resize({ width, height });
        thread.style.blockSize = `${place}px`;
        await until(() => scroller(thread).offsetHeight >= room, `${room} px of ${place} for messages`);
        thread.scrollTop = thread.scrollHeight;
        const end = query(thread, 'footer')!.getBoundingClientRect().bottom;
        // What only is said makes no room of its own under it.
        expect(Math.abs(end - thread.getBoundingClientRect().bottom)).to.be.at.most(1);
      }
    } finally {
      await resize(size);
    }
  });
});
