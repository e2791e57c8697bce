import { expect } from '@open-wc/testing';
import { css, LitElement } from 'lit';
import { Later } from '../../../src/elements/shared/later.js';
import type { HelpDeskError } from '../../../src/errors.js';

class LaterHost extends LitElement {
  static override styles = css`
    p {
      color: red;
    }
  `;
  drawn = 0;
  protected override render(): unknown {
    this.drawn++;
    return '';
  }
}
customElements.define('later-host', LaterHost);

const styles = css`
  p {
    color: blue;
  }
`;
const online = (value: boolean): void => {
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => value });
};

describe('a part that comes later', () => {
  let host: LaterHost;
  beforeEach(async () => {
    host = document.createElement('later-host') as LaterHost;
    document.body.append(host);
    await host.updateComplete;
  });
  afterEach(() => {
    host.remove();
    delete (navigator as { onLine?: boolean }).onLine;
  });

  it('is fetched once, brings its looks, and has its element drawn again', async () => {
    let loads = 0;
    const later = new Later(host, () => Promise.resolve({ styles, number: ++loads }));
    const { drawn } = host;
    expect(later.part).to.equal(undefined);
    later.ahead();
    const [one, two] = await Promise.all([later.need(), later.need()]);
    await host.updateComplete;
    expect([one === two, later.part === one, loads, host.drawn - drawn]).to.deep.equal([true, true, 1, 1]);
    expect(host.shadowRoot!.adoptedStyleSheets.length).to.equal(2);
    expect(host.shadowRoot!.adoptedStyleSheets[1] === styles.styleSheet).to.equal(true);
  });

  it('is asked for again after it could not be had, which is told to who needs it only', async () => {
    const outcomes = [
      Promise.reject(new TypeError('gone')),
      Promise.reject(new TypeError('gone')),
      Promise.resolve({}),
    ];
    for (const outcome of outcomes) outcome.catch(() => undefined);
    const later = new Later<object>(host, () => outcomes.shift()!);
    later.ahead();
    await new Promise((resolve) => setTimeout(resolve));
    const error = await later.need().then(
      () => undefined,
      (thrown: HelpDeskError) => thrown,
    );
    expect([error!.code, (error!.cause as Error).message]).to.deep.equal(['network', 'gone']);
    expect(await later.need()).to.equal(later.part);
  });

  it('is taken where it is known, with its looks', async () => {
    const later = new Later<{ styles: typeof styles }>(host, () => Promise.reject(new Error('not asked for')));
    const { drawn } = host;
    const part = { styles };
    expect([later.take(part) === part, later.part === part]).to.deep.equal([true, true]);
    await host.updateComplete;
    expect([host.drawn - drawn, host.shadowRoot!.adoptedStyleSheets[1] === styles.styleSheet]).to.deep.equal([1, true]);
  });

  it('is not fetched beforehand without a network, and fetched when it is needed', async () => {
    let loads = 0;
    const later = new Later<{ styles?: never; number: number }>(host, () => Promise.resolve({ number: ++loads }));
    online(false);
    later.ahead();
    expect(loads).to.equal(0);
    expect((await later.need()).number).to.equal(1);
  });
});
