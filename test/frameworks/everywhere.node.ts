/**
 * What custom elements are asked everywhere: properties before and after they are defined, attributes, objects, events,
 * children; for each way of writing them in React, Vue, Svelte and Solid.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'puppeteer-core';
import { has, openBrowser, root } from '../loader/site.js';
import { engines, buildPage, openAppSite, openWindow, type AppSite, type Files } from './apps.js';
import type { Driver, State } from './driver.js';

declare const page: Driver;

interface Way {
  readonly entry: string;
  /** True where it is right also while the elements are not defined yet. */
  readonly early?: true;
}
const ways: Readonly<Record<string, Way>> = {
  'React, components': { entry: 'react-components.tsx', early: true },
  'React, tags': { entry: 'react-tags.tsx' },
  'Vue, bindings': { entry: 'vue-bound.ts' },
  'Vue, bindings with .prop': { entry: 'vue-prop.ts', early: true },
  'Svelte, properties': { entry: 'svelte-properties.ts' },
  'Svelte, attributes': { entry: 'svelte-attributes.ts', early: true },
  'Solid, prop:': { entry: 'solid.jsx', early: true },
};

const built = new Map<string, Files>();
describe('custom elements everywhere', () => {
  before(async function () {
    this.timeout(120_000);
    for (const [way, { entry }] of Object.entries(ways)) built.set(way, await buildPage(entry));
  });

  for (const engine of engines) {
    describe(`elements everywhere in ${engine}`, function () {
      this.timeout(60_000);
      let browser: Browser;
      let site: AppSite;

      before(async () => {
        browser = await openBrowser(engine);
        site = await openAppSite();
      });
      after(async () => {
        await browser?.close();
        await site?.close();
      });

      it('are as many checks as the README says, in each way', function () {
        const suites = this.test!.parent!.suites.map(({ tests }) => tests.length);
        expect(suites).to.deep.equal(Array.from({ length: 11 }, () => 22));
        const readme = readFileSync(join(root, 'README.md'), 'utf8');
        expect(readme).to.include('In each of these ways 22 checks hold');
        expect([...readme.matchAll(/\| 22 \/ 22 /g)].length).to.equal(11);
      });

      for (const [way, { early }] of Object.entries(ways)) {
        for (const late of early ? [false, true] : [false]) {
          describe(`${way}${late ? ', defined afterwards' : ''}`, () => {
            let window: Page;
            let said: string[];

            before(async () => {
              window = await (await browser.createBrowserContext()).newPage();
              ({ said } = await openWindow(window));
              site.serve(built.get(way)!);
              // What stands there undefined tells React that a server was at work.
              if (late)
                site.pages.set(
                  '/',
                  built.get(way)!.get('/')!.replace('<div id="app">', '<ticket-list hidden></ticket-list>$&'),
                );
              await window.goto(`${site.url}/${late ? '?late' : ''}`);
              await has(window, 'window.page');
              if (late) {
                if (!way.startsWith('React'))
                  expect(await window.evaluate(() => customElements.get('help-desk') === undefined)).to.equal(true);
                await window.evaluate(() => page.define().then(() => undefined));
              }
              await updated();
            });
            after(() => window.browserContext().close());

            const updated = (): Promise<void> =>
              window.evaluate(async () => {
                await Promise.resolve();
                for (const tag of ['help-desk', 'ticket-list', 'ticket-form', 'topic-picker'] as const)
                  for (const element of document.querySelectorAll(tag)) await element.updateComplete;
              });
            const set = async (change: Partial<State>): Promise<void> => {
              await window.evaluate((next) => page.set(next), change);
              await updated();
            };
            const shown = () =>
              window.evaluate(() => {
                const desk = document.querySelector<HTMLElementTagNameMap['help-desk']>('#desk')!;
                const list = desk.querySelector('ticket-list')!;
                const form = desk.querySelector('ticket-form')!;
                const picker = desk.querySelector('topic-picker')!;
                return {
                  string: form.subject,
                  'name of two words': desk.displayName,
                  number: list.pageSize,
                  boolean: list.noFilters,
                  object: desk.options,
                  'second object': form.prefill,
                  array: picker.topics,
                  attribute: picker.name,
                };
              });
            const first = {
              string: 'A lamp',
              'name of two words': 'Jane Doe',
              number: 2,
              boolean: true,
              object: { apiKey: 'k' },
              'second object': { message: 'It blinks' },
              array: [
                { id: '1', name: 'Orders' },
                { id: '2', name: 'Orders / Late' },
              ],
              attribute: 'topic',
            };

            for (const [what, value] of Object.entries(first))
              it(`sets: ${what}`, async () => {
                expect((await shown())[what as keyof typeof first]).to.deep.equal(value);
              });

            it('leaves nothing on the element that hides its own properties', async () => {
              expect(
                await window.evaluate(() =>
                  [...document.querySelectorAll('#desk, #desk > :not(p)')].flatMap((element) => {
                    const { elementProperties } = element.constructor as unknown as {
                      elementProperties: Map<string, unknown>;
                    };
                    return Object.keys(element).filter((name) => elementProperties.has(name));
                  }),
                ),
              ).to.deep.equal([]);
            });

            it('takes what is not given for the default', async () => {
              const connected = await window.evaluate(
                () =>
                  new Promise<string>((resolve) => {
                    const desk = document.querySelector<HTMLElementTagNameMap['help-desk']>('#desk')!;
                    const tell = ({ type }: Event): void => resolve(`${type}: ${desk.backend} ${desk.name}`);
                    for (const type of ['help-desk-ready', 'help-desk-error'])
                      desk.addEventListener(type, tell, { once: true });
                    desk.getToken = async () => {
                      const answer = await fetch('/helpdesk-token/jane');
                      return ((await answer.json()) as { token: string }).token;
                    };
                    desk.url = '/helpdesk';
                  }),
              );
              expect(connected).to.equal('help-desk-ready: relay default');
            });

            const changed = {
              string: 'Another lamp',
              'name of two words': 'Mia Long',
              number: 3,
              boolean: false,
              object: { apiKey: 'other' },
              'second object': { message: 'It hums' },
              array: [{ id: '3', name: 'Billing' }],
            };
            const changes: Readonly<Record<keyof typeof changed, Partial<State>>> = {
              string: { subject: changed.string },
              'name of two words': { displayName: changed['name of two words'] },
              number: { pageSize: changed.number },
              boolean: { noFilters: changed.boolean },
              object: { options: changed.object },
              'second object': { prefill: changed['second object'] },
              array: { topics: changed.array },
            };
            for (const [what, change] of Object.entries(changes))
              it(`changes: ${what}`, async () => {
                await set(change);
                const value = changed[what as keyof typeof changed];
                expect((await shown())[what as keyof typeof changed]).to.deep.equal(value);
              });

            it('takes away: a string and an object', async () => {
              await window.evaluate(() => page.clear(['displayName', 'prefill']));
              await updated();
              const { 'name of two words': name, 'second object': prefill } = await shown();
              expect([name || undefined, prefill ?? undefined]).to.deep.equal([undefined, undefined]);
            });

            it('hears every event once, with its data as fields and as detail', async () => {
              const heard = await window.evaluate(() => {
                page.takeHeard();
                const list = document.querySelector('#desk > ticket-list')!;
                const events = page.everyEvent();
                const cancelled = events.filter((event) => !list.dispatchEvent(event)).map(({ type }) => type);
                return [page.takeHeard(), cancelled];
              });
              expect(heard).to.deep.equal([
                [
                  'ticket-select: ticket',
                  'ticket-submit: draft',
                  'ticket-created: ticket',
                  'reply-send: ticketId draft',
                  'reply-sent: ticketId entry',
                  'status-change: ticketId status',
                  'status-changed: ticket',
                  'ticket-rated: ticketId score',
                  'unread-changed: count',
                  'help-desk-ready: name',
                  'help-desk-open: ',
                  'help-desk-close: ',
                  'identity-required: ',
                  'help-desk-error: error',
                ],
                ['ticket-select', 'ticket-submit', 'reply-send', 'status-change'],
              ]);
            });

            const children = (): Promise<string[]> =>
              window.$$eval('#desk > *', (all) => all.map((child) => child.textContent || child.localName));
            it('shows children, and more and fewer of them', async () => {
              const elements = ['ticket-list', 'ticket-form', 'topic-picker'];
              expect(await children()).to.deep.equal([...elements, 'one', 'two']);
              await set({ notes: ['zero', 'two'] });
              expect(await children()).to.deep.equal([...elements, 'zero', 'two']);
              const slotted = await window.$$eval('#desk > *', (all) => all.every((child) => child.assignedSlot));
              expect(slotted).to.equal(true);
            });

            it('fills a slot, and changes what is in it', async () => {
              const header = (): Promise<string> =>
                window.$eval('#whole', (desk) =>
                  [...desk.shadowRoot!.querySelectorAll<HTMLSlotElement>('slot[name=header]')]
                    .flatMap((slot) => slot.assignedElements().map((element) => element.textContent))
                    .join(),
                );
              await has(window, 'document.querySelector("#whole").shadowRoot.querySelector("slot[name=header]")');
              expect(await header()).to.equal('Write to us');
              await set({ header: 'We are here' });
              expect(await header()).to.equal('We are here');
            });

            it('without a complaint', async () => {
              // The desk of this page has no address at first, and says so.
              expect(said.filter((words) => !words.includes('needs an address'))).to.deep.equal([]);
            });
          });
        }
      }
    });
  }
});
