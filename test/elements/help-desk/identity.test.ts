/** Who asks, where a token says it: nothing of one person for another, and no words lost on the way to being known. */
import { expect } from '@open-wc/testing';
import { defineBackend, type BackendOptions } from '../../../src/backends/backend.js';
import { osticket } from '../../../src/backends/osticket.js';
import type { HelpDesk } from '../../../src/elements/help-desk/help-desk.js';
import { field, query, queryAll, until, words, write } from '../../support/screen.js';
import { attributes, cleanUp, jane, omar, place, testDesk, widget } from '../../support/widget.js';

/** What `getToken` and `tokenUrl` give is the person's address; who has none is a guest. */
interface TokenOptions extends BackendOptions {
  apiKey?: string;
  getToken?: () => Promise<string>;
  tokenUrl?: string;
}
/** Tokens that are fetched, by their address. */
const sources = new Map<string, Promise<string>>();
defineBackend('with-tokens', ({ getToken, tokenUrl, ...options }: TokenOptions) => {
  const desk = osticket(options);
  const email = async (): Promise<string | undefined> => getToken?.() ?? sources.get(tokenUrl!);
  return {
    ...desk,
    limits: { ...desk.limits, identityRequired: !getToken && !tokenUrl },
    person: async () => {
      const known = await email();
      return known ? { email: known } : undefined;
    },
  };
});

afterEach(async () => {
  sources.clear();
  await cleanUp();
});

const rows = (root: Node): HTMLElement[] => queryAll(root, '[part~=item]');
const kept = (): string => Object.values(localStorage).join();

async function open(extra = ''): Promise<{ page: HTMLElement; element: HelpDesk; reads: () => Promise<string[]> }> {
  const desk = await testDesk();
  const known = attributes(desk, 'osticket')
    .replace('"osticket"', '"with-tokens"')
    .replace(/email="\S+"/, '');
  const page = place(`<help-desk ${known} ${extra}></help-desk>`);
  const reads = async (): Promise<string[]> => (await desk.log()).map(({ path }) => path);
  return { page, element: page.querySelector('help-desk')!, reads };
}

describe('help-desk: a token of another person', () => {
  const changes: [string, (element: HelpDesk, token: Promise<string>) => void][] = [
    ['by identify', (element, token) => element.identify({ getToken: () => token })],
    [
      'by another address for tokens',
      (element, token) => {
        sources.set('/omar', token);
        element.tokenUrl = '/omar';
      },
    ],
  ];
  for (const [how, change] of changes)
    it(`takes what there was off the page before it is there, ${how}`, async () => {
      sources.set('/jane', Promise.resolve(jane));
      const { page, element, reads } = await open('token-url="/jane"');
      await until(() => rows(page).length, 'the list');
      const hers = words(rows(page)[0]!);
      const before = (await reads()).length;
      let come = (_email: string): void => undefined;
      change(element, new Promise((resolve) => (come = resolve)));
      await until(() => !rows(page).length, 'nothing of the one before');
      expect(element.store).to.equal(undefined);
      expect((await reads()).length).to.equal(before);
      come(omar);
      await until(() => rows(page).length, 'the other list');
      expect(element.store!.identity.value).to.deep.equal({ email: omar });
      expect(words(page)).to.not.contain(hers);
    });

  const again: [string, (element: HelpDesk) => void][] = [
    ['names somebody', (element) => element.identify({ email: omar })],
    ['names nobody', (element) => element.identify({})],
  ];
  for (const [how, identify] of again)
    it(`is asked for where identify ${how}, since the token alone says who asks`, async () => {
      sources.set('/me', Promise.resolve(jane));
      const { page, element } = await open('token-url="/me"');
      await until(() => rows(page).length, 'the list');
      const hers = words(rows(page)[0]!);
      sources.set('/me', Promise.resolve(omar));
      identify(element);
      expect(element.store).to.equal(undefined);
      await until(() => rows(page).length && element.store, 'the other list');
      expect(element.store!.identity.value).to.deep.equal({ email: omar });
      expect(words(page)).to.not.contain(hers);
    });

  it('may come from the same function', async () => {
    let who = jane;
    const getToken = (): Promise<string> => Promise.resolve(who);
    const { page, element } = await open();
    element.getToken = getToken;
    await until(() => rows(page).length, 'the list');
    who = omar;
    element.identify({ getToken });
    await until(() => element.store?.identity.value?.email === omar && rows(page).length, 'the other list');
  });

  it('is not who the attributes name', async () => {
    sources.set('/jane', Promise.resolve(jane));
    const { page, element } = await open(`token-url="/jane" email="${omar}"`);
    await until(() => rows(page).length, 'the list');
    expect(element.store!.identity.value).to.deep.equal({ email: jane });
    const { store } = element;
    element.email = 'nobody@example.test';
    await element.updateComplete;
    expect([element.store === store, element.store?.identity.value]).to.deep.equal([true, { email: jane }]);
    element.identify({ email: jane });
    await element.updateComplete;
    expect([element.store === store, rows(page).length > 0]).to.deep.equal([true, true]);
  });

  it('leaves what there is where it may be the same person', async () => {
    sources.set('/jane', Promise.resolve(jane));
    const { page, element } = await open('token-url="/jane"');
    await until(() => rows(page).length, 'the list');
    const { store } = element;
    element.getToken = () => new Promise(() => undefined);
    await element.updateComplete;
    expect(element.store).to.equal(store);
    expect(rows(page).length).to.be.greaterThan(0);
  });
});

describe('help-desk: a guest whom the page names', () => {
  it('is asked who they are, with what the page says to begin with, and nothing of theirs is read', async () => {
    const { page, element, reads } = await open(`email="${jane}" display-name="Jane Miller"`);
    await until(() => field(page, 'Your email'), 'the form');
    expect([field(page, 'Your email').value, field(page, 'Your name').value]).to.deep.equal([jane, 'Jane Miller']);
    expect(element.store!.identity.value).to.equal(undefined);
    element.identify({ email: omar, displayName: 'Omar' });
    await until(() => field(page, 'Your email').value === omar, 'the other address');
    expect(field(page, 'Your name').value).to.equal('Omar');
    write(field(page, 'Subject'), 'From a guest');
    write(field(page, 'Message'), 'Hello');
    query(page, '[part~=send]')!.click();
    await until(() => words(page).includes('was sent'), 'sent');
    expect((await reads()).filter((path) => /email=/.test(path))).to.deep.equal([]);
  });
});

describe('help-desk: a guest who signs in', () => {
  it('keeps what they have written, which goes with them when they sign out', async () => {
    const { page, element } = await open();
    await until(() => field(page, 'Subject'), 'the form');
    write(field(page, 'Subject'), 'My own words');
    element.identify({ getToken: () => Promise.resolve(jane) });
    await until(() => element.store?.identity.value?.email === jane, 'known');
    await until(() => field(page, 'Subject').value === 'My own words', 'the words');
    await until(() => kept().includes('My own words'), 'kept');
    element.signOut();
    await until(() => element.store?.backend.limits.identityRequired, 'nobody');
    await until(() => field(page, 'Subject').value === '', 'an empty form');
    expect(kept()).to.not.contain('My own words');
  });
});

describe('help-desk: signing out before it is connected', () => {
  it('forgets every draft of that desk, and of no other', async () => {
    const { page, element, desk } = await widget();
    const other = await widget('support-ticket');
    for (const [each, text] of [
      [page, 'A secret'],
      [other.page, 'Of another desk'],
    ] as const) {
      each.querySelector('help-desk')!.view = 'new';
      await until(() => field(each, 'Subject'), 'the form');
      write(field(each, 'Subject'), text);
      await until(() => kept().includes(text), 'kept');
    }
    element.remove();
    const again = place(`<help-desk ${attributes(desk, 'osticket')}></help-desk>`).querySelector('help-desk')!;
    expect(again.store).to.equal(undefined);
    again.signOut();
    expect([kept().includes('A secret'), kept().includes('Of another desk')]).to.deep.equal([false, true]);
    await until(() => again.store, 'connected');
    expect(again.store!.identity.value).to.equal(undefined);
    expect(words(again)).to.not.contain('A secret');
  });
});
