/** Frameworks set properties, not attributes: what the look depends on must follow them. */
import { expect } from '@open-wc/testing';
import '../../src/define.js';

afterEach(() => document.body.replaceChildren());

/** A launcher that was given its place by a property; answers the corner it is in. */
async function cornerOf(placement: string): Promise<string> {
  const desk = document.createElement('help-desk');
  desk.launcher = true;
  desk.placement = placement;
  document.body.append(desk);
  await desk.updateComplete;
  const { top, bottom, left, right } = desk.shadowRoot!.querySelector('[part=launcher]')!.getBoundingClientRect();
  desk.remove();
  return `${top < innerHeight - bottom ? 'top' : 'bottom'}-${left < innerWidth - right ? 'start' : 'end'}`;
}

describe('help-desk by its properties', () => {
  for (const placement of ['bottom-end', 'bottom-start', 'top-end', 'top-start'])
    it(`is a launcher at ${placement}`, async () => {
      expect(await cornerOf(placement)).to.equal(placement);
    });

  it('is a launcher in its usual corner where none is given', async () => {
    expect(await cornerOf('')).to.equal('bottom-end');
  });
});
