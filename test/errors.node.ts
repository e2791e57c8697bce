import { expect } from 'chai';
import { HelpDeskError, toHelpDeskError } from '../src/errors.js';

describe('HelpDeskError', () => {
  it('is known for what it is also where another copy of the class has made it', () => {
    class Other extends Error {
      override readonly name = 'HelpDeskError';
      readonly code = 'forbidden';
    }
    const other = new Other();
    expect(other instanceof HelpDeskError).to.equal(true);
    expect(toHelpDeskError(other)).to.equal(other);
    for (const thrown of [new Error('no'), new TypeError('no'), 'HelpDeskError', null, undefined])
      expect((thrown as unknown) instanceof HelpDeskError).to.equal(false);
  });

  it('can be extended: not every one is one of those', () => {
    class Odd extends HelpDeskError {}
    expect(new Odd('invalid') instanceof HelpDeskError).to.equal(true);
    expect(new Odd('invalid') instanceof Odd).to.equal(true);
    expect((new HelpDeskError('invalid') as unknown) instanceof Odd).to.equal(false);
  });
});
