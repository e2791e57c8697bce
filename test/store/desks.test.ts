import { expect } from 'chai';
import * as desks from '../../src/store/desks.js';
import type { Store } from '../../src/store/types.js';

const { announceDesk, enclosingStore, findDesk, provideDesk, storeKey, watchDesks } = desks;
const storeOf = (name: string) => ({ name }) as unknown as Store;

/** An element that supplies a store, with or without one. */
function supplier(tag: string, store?: Store): HTMLElement {
  const element = document.createElement(tag);
  Object.defineProperty(element, storeKey, { value: store });
  return element;
}

describe('the desks of a page', () => {
  let ends: (() => void)[];
  const provide = (name: string, store: Store) => {
    const end = provideDesk(name, store);
    ends.push(end);
    return end;
  };
  beforeEach(() => {
    ends = [];
  });
  afterEach(() => {
    for (const end of ends) end();
  });

  it('are found by their name while they are there', () => {
    const store = storeOf('a');
    expect(findDesk('a')).to.equal(undefined);
    const end = provide('a', store);
    expect(findDesk('a')).to.equal(store);
    expect(findDesk('b')).to.equal(undefined);
    end();
    end();
    expect(findDesk('a')).to.equal(undefined);
  });

  it('of one name: the last counts while it lives, then the one before it again', () => {
    const [first, second, third] = [storeOf('1'), storeOf('2'), storeOf('3')];
    provide('a', first);
    const endSecond = provide('a', second);
    const endThird = provide('a', third);
    expect(findDesk('a')).to.equal(third);
    endSecond();
    expect(findDesk('a')).to.equal(third);
    endThird();
    expect(findDesk('a')).to.equal(first);
  });

  it('tell who watches of each coming, going and announcement, until that ends', () => {
    let calls = 0;
    const leave = watchDesks(() => calls++);
    const end = provide('a', storeOf('a'));
    expect(calls).to.equal(1);
    end();
    expect(calls).to.equal(2);
    end();
    expect(calls).to.equal(2);
    announceDesk();
    expect(calls).to.equal(3);
    leave();
    announceDesk();
    expect(calls).to.equal(3);
  });

  it('are shared with a second copy of the code', async () => {
    const url = new URL('../../src/store/desks.ts?second-copy', import.meta.url).href;
    const copy = (await import(url)) as typeof desks;
    expect(copy.provideDesk).to.not.equal(provideDesk);
    let calls = 0;
    ends.push(copy.watchDesks(() => calls++));
    const store = storeOf('shared');
    provide('shared', store);
    expect([calls, copy.findDesk('shared')]).to.deep.equal([1, store]);
    const other = storeOf('other');
    ends.push(copy.provideDesk('shared', other));
    expect(findDesk('shared')).to.equal(other);
    expect(copy.storeKey).to.equal(storeKey);
    const around = supplier('x-around', store);
    const inside = around.appendChild(document.createElement('p'));
    expect(copy.enclosingStore(inside)).to.equal(store);
  });

  describe('around an element', () => {
    const store = storeOf('around');

    it('are looked for above it, not in itself', () => {
      const around = supplier('x-around', store);
      const inside = around.appendChild(document.createElement('div')).appendChild(document.createElement('p'));
      expect(enclosingStore(inside)).to.equal(store);
      expect(enclosingStore(around)).to.equal(undefined);
    });

    it('the nearest counts, also while it has no store yet', () => {
      const outer = supplier('x-around', store);
      const inner = outer.appendChild(supplier('x-around', undefined));
      const inside = inner.appendChild(document.createElement('p'));
      expect(enclosingStore(inside)).to.equal(undefined);
      const undefinedYet = outer.appendChild(document.createElement('acme-help-desk'));
      expect(enclosingStore(undefinedYet.appendChild(document.createElement('p')))).to.equal(undefined);
      expect(enclosingStore(outer.appendChild(document.createElement('p')))).to.equal(store);
    });

    it('are found through shadow roots and slots', () => {
      const around = supplier('x-around', store);
      const host = around.appendChild(document.createElement('div'));
      const inside = host.attachShadow({ mode: 'closed' }).appendChild(document.createElement('p'));
      expect(enclosingStore(inside)).to.equal(store);

      const panel = document.body.appendChild(document.createElement('div'));
      const wrapped = supplier('x-around', storeOf('in the slot'));
      panel.attachShadow({ mode: 'open' }).append(wrapped);
      wrapped.append(document.createElement('slot'));
      const slotted = panel.appendChild(document.createElement('p'));
      expect(enclosingStore(slotted)).to.deep.equal({ name: 'in the slot' });
      panel.remove();
    });

    it('are not there for an element outside the page', () => {
      expect(enclosingStore(document.createElement('p'))).to.equal(undefined);
    });
  });
});
