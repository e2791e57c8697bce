/** The markup of the README, put on a page as it is printed there, over a real help desk. */
import { expect } from '@open-wc/testing';
import { query, queryAll, until } from '../support/screen.js';
import { attributes, cleanUp, jane, place, testDesk } from '../support/widget.js';

const snippets = [...(await (await fetch('/README.md')).text()).matchAll(/^```html\n(.*?)^```$/gms)].map(
  ([, code]) => code!,
);
const tags = ['help-desk', 'ticket-list', 'ticket-thread', 'ticket-form', 'topic-picker'];

afterEach(cleanUp);

describe('markup of the README', () => {
  it('is there', () => {
    expect(snippets.length).to.be.greaterThan(0);
  });

  snippets.forEach((snippet, at) => {
    const first = snippet.trim().split('\n')[0]!;
    it(`works: ${at + 1}, ${first}`, async () => {
      const desk = await testDesk();
      const errors: unknown[] = [];
      const onError = (event: Event): void => void errors.push(event);
      document.addEventListener('help-desk-error', onError);
      // Where the README says "your ticket system", here is one; the script of the page is the source under test.
      const html = snippet
        .replace(/<script[^>]*><\/script>/g, '')
        .replace(/backend="(osticket|support-ticket)" url="[^"]*" email="[^"]*"/g, (_, dialect: 'osticket') =>
          attributes(desk, dialect, jane),
        )
        // The relay and the site's tokens are tried where a server of the site runs: test/demo, test/relay.
        .replace('url="/helpdesk" token-url="/helpdesk-token"', attributes(desk, 'osticket', jane));
      expect(html, 'the back end is known here').to.not.match(/url="(?!http)/);
      const page = place(new DOMParser().parseFromString(html, 'text/html').body.innerHTML);
      const used = queryAll(page, tags.join());
      expect(used.length).to.be.greaterThan(0);
      for (const element of used) expect(element.shadowRoot, element.localName).to.not.equal(null);
      const has = (selector: string): boolean => query(page, selector) !== undefined;
      if (has('help-desk'))
        await until(() => query<HTMLElementTagNameMap['help-desk']>(page, 'help-desk')!.store, 'a desk');
      if (has('ticket-list')) await until(() => queryAll(page, '[part=item]').length > 0, 'the list');
      if (has('ticket-form')) await until(() => query(page, 'textarea'), 'the form');
      if (has('form topic-picker')) await until(() => query(page, '[role=combobox]'), 'the topics');
      document.removeEventListener('help-desk-error', onError);
      expect(errors).to.deep.equal([]);
      expect(queryAll(page, '[role=alert]').filter((alert) => alert.checkVisibility())).to.deep.equal([]);
    });
  });
});
