import { expect } from '@open-wc/testing';
import { marksOf, shares } from '../../../src/elements/shared/chosen-files.js';
import { FilePicker } from '../../../src/elements/shared/file-picker.js';
import '../../../src/elements/ticket-form/define.js';
import { HelpDeskError } from '../../../src/errors.js';

const fileOf = (name: string, size = 1): File => new File([new Uint8Array(size)], name);

describe('the progress of each file', () => {
  const files = [fileOf('a', 100), fileOf('b', 300), fileOf('c', 0), fileOf('d', 600)];

  it('is its share of what has left, in their order', () => {
    expect(shares(files, 0)).to.deep.equal([0, 0, 0, 0]);
    expect(shares(files, 0.05)).to.deep.equal([0.5, 0, 0, 0]);
    expect(shares(files, 0.25)).to.deep.equal([1, 0.5, 0, 0]);
    expect(shares(files, 0.7)).to.deep.equal([1, 1, 1, 0.5]);
    expect(shares(files, 1)).to.deep.equal([1, 1, 1, 1]);
  });

  it('is whole at the end, also of files without a byte, and nothing of nothing', () => {
    expect(shares([fileOf('a', 0)], 1)).to.deep.equal([1]);
    expect(shares([], 0.5)).to.deep.equal([]);
  });
});

describe('a refusal of files', () => {
  const files = [fileOf('plan.pdf'), fileOf('run.exe'), fileOf('a')];
  const marks = (fields: Record<string, string>): [string, string][] =>
    [...marksOf(new HelpDeskError('invalid', { fields }), files, (words) => words)].map(([{ name }, words]) => [
      name,
      words,
    ]);

  it('marks the file it names, as a field, in its words or by its place', () => {
    expect(marks({ 'run.exe': 'Not this.' })).to.deep.equal([['run.exe', 'Not this.']]);
    expect(marks({ files: 'run.exe is not allowed.' })).to.deep.equal([['run.exe', 'run.exe is not allowed.']]);
    for (const field of ['files[1]', 'files.1', 'attachments[1]', 'attachment1'])
      expect(marks({ [field]: 'Not this.' }), field).to.deep.equal([['run.exe', 'Not this.']]);
  });

  it('marks all where it names none', () => {
    expect(marks({ files: 'These are too large.' })).to.deep.equal([
      ['plan.pdf', 'These are too large.'],
      ['run.exe', 'These are too large.'],
      ['a', 'These are too large.'],
    ]);
    expect(marks({ 'files[7]': 'Not this.' })).to.deep.equal([]);
  });

  it('marks none for other fields, whatever their words', () => {
    expect(marks({ subject: 'This is a bad plan.pdf subject.', constructor: 'no' })).to.deep.equal([]);
    expect(marks({})).to.deep.equal([]);
  });
});

describe('files that cannot be taken', () => {
  const picker = (): FilePicker => {
    const made = new FilePicker(document.createElement('ticket-form'), () => ({ maxCount: 3, maxBytes: 100 }));
    Object.assign(made.list, { need: () => Promise.reject(new HelpDeskError('network')) });
    return made;
  };
  const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));

  it('are told of, and wait', async () => {
    const one = picker();
    one.take([fileOf('a')]);
    await frame();
    expect([one.problem, one.waits]).to.deep.equal(['The help desk could not be reached.', true]);
  });

  it('are told of to nobody who begins anew meanwhile', async () => {
    const one = picker();
    one.take([fileOf('a')]);
    one.files = [];
    await frame();
    expect([one.problem, one.waits]).to.deep.equal(['', false]);
  });
});
