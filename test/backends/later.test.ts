import { expect } from 'chai';
import { later } from '../../src/backends/later.js';
import { part } from '../../src/late.js';
import { codeOf } from '../support/outcome.js';

describe('later', () => {
  interface Part {
    greet(name: string): Promise<string>;
  }
  /** Loads as often as it is told to fail, and then well. */
  function source(failures: number) {
    const asked = { count: 0 };
    const load = async (): Promise<Part> => {
      if (asked.count++ < failures) throw new TypeError('Failed to fetch dynamically imported module');
      return { greet: async (name) => `Hello ${name}` };
    };
    return { asked, late: later(load) };
  }
  afterEach(() => void Reflect.deleteProperty(navigator, 'onLine'));

  it('loads what has a method when it is first called, once', async () => {
    const { asked, late } = source(0);
    const greet = late('greet');
    expect(asked.count).to.equal(0);
    expect(await Promise.all([greet('Jane'), late('greet')('Omar')])).to.deep.equal(['Hello Jane', 'Hello Omar']);
    expect(await greet('Nora')).to.equal('Hello Nora');
    expect(asked.count).to.equal(1);
  });

  it('says that the network failed where it cannot be had, and asks again at the next call', async () => {
    const { asked, late } = source(1);
    const greet = late('greet');
    expect(await Promise.all([codeOf(greet('Jane')), codeOf(greet('Omar'))])).to.deep.equal(['network', 'network']);
    expect(await greet('Jane')).to.equal('Hello Jane');
    expect(asked.count).to.equal(2);
  });

  it('asks for nothing without a network: browsers remember what failed', async () => {
    const { asked, late } = source(0);
    const greet = late('greet');
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
    expect(await codeOf(greet('Jane'))).to.equal('network');
    expect(asked.count).to.equal(0);
    Reflect.deleteProperty(navigator, 'onLine');
    expect(await greet('Jane')).to.equal('Hello Jane');
    Object.defineProperty(navigator, 'onLine', { value: false, configurable: true });
    expect(await greet('Omar')).to.equal('Hello Omar');
  });

  it('is one part for all who need it, loaded once, and again after a failure', async () => {
    let asked = 0;
    const need = part(async () => {
      if (!asked++) throw new TypeError('Failed to fetch dynamically imported module');
      return { asked };
    });
    expect(await Promise.all([codeOf(need()), codeOf(need())])).to.deep.equal(['network', 'network']);
    const [one, other] = await Promise.all([need(), need()]);
    expect([one, await need()]).to.deep.equal([other, { asked: 2 }]);
    expect(await need()).to.equal(one);
  });
});
