import { expect } from 'chai';
import { html, LitElement, type PropertyDeclarations } from 'lit';
import { useFakeTimers, type SinonFakeTimers } from 'sinon';
import { DeskController, Follower } from '../../src/store/controllers.js';
import { createCache, createCell, type Cache, type Load } from '../../src/store/cache.js';
import { announceDesk, provideDesk, storeKey } from '../../src/store/desks.js';
import type { Resource, Store } from '../../src/store/types.js';

const storeOf = (name: string) => ({ name }) as unknown as Store;
const nameOf = (store: Store | undefined) => (store as { name?: string } | undefined)?.name;

class DeskProbe extends LitElement {
  static override properties: PropertyDeclarations = { desk: {}, store: { attribute: false } };
  declare desk: string | undefined;
  declare store: Store | undefined;
  /** Each store there was, in order. */
  readonly log: (string | undefined)[] = [];
  readonly connection = new DeskController(this);
  protected override render() {
    const name = nameOf(this.connection.store);
    if (name !== this.log.at(-1)) this.log.push(name);
    return html`${this.connection.missing ? 'missing' : (nameOf(this.connection.store) ?? 'none')}`;
  }
}
customElements.define('desk-probe', DeskProbe);

class Supplier extends HTMLElement {
  inner: Store | undefined;
  get [storeKey]() {
    return this.inner;
  }
}
customElements.define('desk-supplier', Supplier);

/** Looks before each update, when controllers have not been asked again yet. */
class EarlyProbe extends LitElement {
  static override properties: PropertyDeclarations = { desk: {}, store: { attribute: false } };
  declare desk: string | undefined;
  declare store: Store | undefined;
  readonly connection = new DeskController(this);
  readonly #identity = new Follower(this, () => this.connection.store?.identity);
  readonly #topics = new Follower(this, () => this.connection.store?.topics());
  readonly seen: unknown[] = [];
  protected override willUpdate(): void {
    this.seen.push([
      nameOf(this.connection.store),
      this.#identity.source?.value?.email,
      this.#topics.source?.peek().data,
    ]);
  }
}
customElements.define('early-probe', EarlyProbe);

let current: Resource<unknown> | undefined;
const cell = createCell(1);
class FollowProbe extends LitElement {
  updates = 0;
  follows = true;
  readonly resource = new Follower(this, () => current);
  readonly cell = new Follower(this, () => (this.follows ? cell : undefined));
  protected override render() {
    this.updates++;
    return html`${this.resource.source?.peek()?.status ?? 'nothing'} ${this.cell.source?.value ?? 'nothing'}`;
  }
}
customElements.define('follow-probe', FollowProbe);

const text = (element: LitElement) => element.renderRoot.textContent?.trim();

describe('controllers', () => {
  let clock: SinonFakeTimers;
  let ends: (() => void)[];
  let warnings: unknown[];
  const { warn } = console;

  beforeEach(() => {
    clock = useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    ends = [];
    warnings = [];
    console.warn = (...words: unknown[]) => void warnings.push(words);
  });
  afterEach(() => {
    for (const end of ends) end();
    document.body.replaceChildren();
    clock.restore();
    console.warn = warn;
  });

  const provide = (name: string, store = storeOf(name)) => {
    const end = provideDesk(name, store);
    ends.push(end);
    return end;
  };
  const probe = async (parent: Element = document.body, desk?: string) => {
    const element = document.createElement('desk-probe') as DeskProbe;
    if (desk) element.desk = desk;
    parent.append(element);
    await element.updateComplete;
    return element;
  };

  describe('of the desk', () => {
    it('take the own store, then the named desk, then the enclosing one, then the page’s', async () => {
      provide('default');
      provide('named');
      const around = document.body.appendChild(new Supplier());
      around.inner = storeOf('around');
      const element = await probe(around, 'named');
      element.store = storeOf('own');
      await element.updateComplete;
      expect(text(element)).to.equal('own');
      element.store = undefined;
      await element.updateComplete;
      expect(text(element)).to.equal('named');
      element.removeAttribute('desk');
      element.desk = undefined;
      await element.updateComplete;
      expect(text(element)).to.equal('around');
      document.body.append(element);
      await element.updateComplete;
      expect(text(element)).to.equal('default');
      element.setAttribute('desk', 'unknown');
      await element.updateComplete;
      expect(text(element)).to.equal('none');
      expect(element.log).to.deep.equal(['named', 'own', 'named', 'around', 'default', undefined]);
    });

    it('find a desk that comes later, and the one before when it goes', async () => {
      const element = await probe();
      expect(text(element)).to.equal('none');
      const end = provide('default', storeOf('first'));
      await element.updateComplete;
      expect(text(element)).to.equal('first');
      const endSecond = provide('default', storeOf('second'));
      await element.updateComplete;
      expect(text(element)).to.equal('second');
      endSecond();
      await element.updateComplete;
      expect(text(element)).to.equal('first');
      end();
      await element.updateComplete;
      expect(text(element)).to.equal('none');
      expect(element.log).to.deep.equal(['first', 'second', 'first', undefined]);
    });

    it('wait for the enclosing desk instead of taking another', async () => {
      provide('default');
      const around = document.body.appendChild(new Supplier());
      const inside = await probe(around);
      const notDefined = document.body.appendChild(document.createElement('later-help-desk'));
      const other = await probe(notDefined);
      expect([text(inside), text(other)]).to.deep.equal(['none', 'none']);
      around.inner = storeOf('around');
      announceDesk();
      await inside.updateComplete;
      expect([text(inside), text(other)]).to.deep.equal(['around', 'none']);
      clock.tick(10_000);
      await other.updateComplete;
      expect(text(other)).to.equal('none');
      expect(warnings).to.deep.equal([]);
    });

    it('find a desk of a second copy of the code', async () => {
      const url = new URL('../../src/store/desks.ts?controllers', import.meta.url).href;
      const copy = (await import(url)) as { provideDesk: typeof provideDesk };
      const element = await probe();
      ends.push(copy.provideDesk('default', storeOf('copy')));
      await element.updateComplete;
      expect(text(element)).to.equal('copy');
    });

    it('say that there is none a second after the page is complete, warn once, and take it back', async () => {
      const element = await probe();
      clock.tick(999);
      await element.updateComplete;
      expect([element.connection.missing, text(element)]).to.deep.equal([false, 'none']);
      clock.tick(1);
      await element.updateComplete;
      expect([element.connection.missing, text(element)]).to.deep.equal([true, 'missing']);
      expect(warnings).to.deep.equal([['<desk-probe> found no help desk in this page', element]]);
      const end = provide('default');
      expect(element.connection.missing).to.equal(false);
      await element.updateComplete;
      expect(text(element)).to.equal('default');
      end();
      await element.updateComplete;
      expect(text(element)).to.equal('none');
      clock.tick(1000);
      await element.updateComplete;
      expect(text(element)).to.equal('missing');
      expect(warnings).to.have.length(1);
    });

    it('wait for the page to be complete', async () => {
      Object.defineProperty(document, 'readyState', { configurable: true, value: 'loading' });
      const element = await probe();
      const gone = await probe();
      element.requestUpdate();
      await element.updateComplete;
      clock.tick(60_000);
      expect(element.connection.missing).to.equal(false);
      gone.remove();
      Reflect.deleteProperty(document, 'readyState');
      window.dispatchEvent(new Event('load'));
      clock.tick(999);
      expect(element.connection.missing).to.equal(false);
      clock.tick(1);
      expect(element.connection.missing).to.equal(true);
      expect([gone.connection.missing, warnings.length, clock.countTimers()]).to.deep.equal([false, 1, 0]);
    });

    it('are never behind: what is followed belongs to the store, also before an update', async () => {
      const full = (name: string) => {
        const topics = { peek: () => ({ data: name }), watch: () => () => undefined };
        return { name, identity: createCell({ email: name }), topics: () => topics } as unknown as Store;
      };
      const element = document.body.appendChild(document.createElement('early-probe')) as EarlyProbe;
      await element.updateComplete;
      provide('default', full('first'));
      await element.updateComplete;
      element.store = full('second');
      await element.updateComplete;
      element.store = undefined;
      element.desk = 'unknown';
      await element.updateComplete;
      const nothing = [undefined, undefined, undefined];
      expect(element.seen).to.deep.equal([
        nothing,
        ['first', 'first', 'first'],
        ['second', 'second', 'second'],
        nothing,
      ]);
    });

    it('leave the store and every listener when the element leaves, and come back with it', async () => {
      provide('default');
      const element = await probe();
      element.remove();
      expect(element.connection.store).to.equal(undefined);
      await element.updateComplete;
      expect(element.log).to.deep.equal(['default', undefined]);
      provide('default', storeOf('unheard'));
      element.requestUpdate();
      await element.updateComplete;
      expect([element.log.length, clock.countTimers()]).to.deep.equal([2, 0]);
      document.body.append(element);
      expect(nameOf(element.connection.store)).to.equal('unheard');
      await element.updateComplete;
      expect(text(element)).to.equal('unheard');
    });
  });

  describe('of a resource and of a cell', () => {
    let cache: Cache;
    let asked: { signal: AbortSignal; answer(data: unknown): void }[];
    const load: Load<unknown> = (signal) => new Promise((answer) => asked.push({ signal, answer }));
    const settle = async (element: LitElement) => {
      for (let i = 0; i < 12; i++) await Promise.resolve();
      await element.updateComplete;
    };

    beforeEach(() => {
      cache = createCache();
      asked = [];
      current = undefined;
    });
    afterEach(() => cache.dispose());

    it('show what is followed, and each change of it', async () => {
      const element = document.createElement('follow-probe') as FollowProbe;
      expect([element.resource.source?.peek(), element.cell.source?.value]).to.deep.equal([undefined, undefined]);
      document.body.append(element);
      await settle(element);
      expect(text(element)).to.equal('nothing 1');
      current = cache.resource(['a'], load);
      element.requestUpdate();
      await settle(element);
      expect(text(element)).to.equal('pending 1');
      asked[0]?.answer('x');
      await settle(element);
      expect(text(element)).to.equal('ready 1');
      const { updates } = element;
      cell.set(2);
      await settle(element);
      expect([text(element), element.updates]).to.deep.equal(['ready 2', updates + 1]);
      element.follows = false;
      element.requestUpdate();
      await settle(element);
      expect(text(element)).to.equal('ready nothing');
      cell.set(1);
      await settle(element);
      expect(element.updates).to.equal(updates + 2);
    });

    it('go over to another resource, and stop the former', async () => {
      current = cache.resource(['a'], load);
      const element = document.body.appendChild(document.createElement('follow-probe')) as FollowProbe;
      await settle(element);
      current = cache.resource(['b'], load);
      element.requestUpdate();
      await settle(element);
      expect(asked.map(({ signal }) => signal.aborted)).to.deep.equal([true, false]);
      asked[1]?.answer('b');
      await settle(element);
      expect(element.resource.source?.peek().data).to.equal('b');
    });

    it('leave with the element, come back with it, and do not ask twice when it is only moved', async () => {
      current = cache.resource(['a'], load);
      const element = document.body.appendChild(document.createElement('follow-probe')) as FollowProbe;
      await settle(element);
      document.body.append(element);
      await settle(element);
      expect(asked.map(({ signal }) => signal.aborted)).to.deep.equal([false]);
      element.remove();
      element.requestUpdate();
      await settle(element);
      expect(asked.map(({ signal }) => signal.aborted)).to.deep.equal([true]);
      document.body.append(element);
      await settle(element);
      expect(asked).to.have.length(2);
      expect(text(element)).to.equal('pending 1');
    });
  });
});
