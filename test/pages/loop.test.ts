import { expect } from '@open-wc/testing';
import { button, buttons, field, query, queryAll, said, until, words, write } from '../support/screen.js';
import { cleanUp, dialects, jane, widget } from '../support/widget.js';

afterEach(cleanUp);

/** Awkward on purpose: entities, a tag, several lines, a data prefix. */
const message = 'data: The lamp <b>blinks</b> & hums,\nsince 5 < 6 o\'clock.\n\n"Help"';

for (const dialect of dialects) {
  describe(`the whole loop over ${dialect}`, () => {
    it('submits, lists, reads, answers, closes and reopens', async () => {
      const { desk, page, element } = await widget(dialect);
      const before = (await desk.tickets(jane)).length;
      await until(() => queryAll(page, '[part=item]').length === before, 'the list');

      button(page, 'New ticket').click();
      await until(() => field(page, 'Subject'), 'the form');
      const topic = await until(() => query<HTMLElementTagNameMap['topic-picker']>(page, 'topic-picker'), 'the topics');
      topic.value = '13';
      topic.dispatchEvent(new Event('change', { bubbles: true, composed: true }));
      write(field(page, 'Subject'), 'The lamp blinks');
      write(field(page, 'Message'), message);
      button(page, 'Send').click();
      button(page, /Send/).click();

      await until(() => /^ticket:.+/.test(element.view), 'the new ticket is shown');
      await until(() => query(page, 'article', '.body')?.innerText, 'its first message');
      expect(words(query(page, 'ticket-thread', 'h2')!)).to.equal('The lamp blinks');
      expect(query(page, 'article .body')!.innerText.trim()).to.equal(message);
      const stored = (await desk.tickets(jane)).filter(({ subject }) => subject === 'The lamp blinks');
      expect(stored.length).to.equal(1);
      const number = stored[0]!.number;
      await until(() => queryAll(page, '[part=item]').length === before + 1, 'the list has it');

      await desk.control({ op: 'note', number, body: 'INTERNAL: bulb again' });
      await desk.control({ op: 'reply', number, body: '<p>Have you tried <b>another bulb</b>?</p>', format: 'html' });
      await element.refresh();
      await until(() => queryAll(page, 'article').length === 2, 'the answer');
      expect(words(page)).not.to.contain('INTERNAL');

      write(await until(() => field(page, 'Your reply'), 'what answers'), 'I have.\nIt <still> blinks & hums.');
      button(page, 'Reply').click();
      button(page, 'Reply').click();
      await until(() => said(page).includes('Your reply was sent.'), 'the reply is sent');
      await until(() => queryAll(page, 'article .body').at(-1)?.innerText, 'the reply is shown');
      expect(queryAll(page, 'article').length).to.equal(3);
      expect(queryAll(page, 'article .body').at(-1)!.innerText.trim()).to.equal('I have.\nIt <still> blinks & hums.');
      const entries = (await desk.ticket(number)).entries.filter(({ kind }) => kind === 'message');
      expect(entries.length).to.equal(2);

      button(page, 'Close ticket').click();
      await until(() => said(page).includes('The ticket is closed.'), 'closed');
      expect((await desk.ticket(number)).state).to.equal('closed');
      expect(words(query(page, 'ticket-thread', 'header')!)).to.contain('Closed');

      button(page, 'Reopen ticket').click();
      await until(() => said(page).includes('The ticket is open again.'), 'reopened');
      expect((await desk.ticket(number)).state).to.equal(dialect === 'support-ticket' ? 'processing' : 'open');
      await until(() => buttons(page, 'Close ticket').length === 1, 'it can be closed again');
    });
  });
}
