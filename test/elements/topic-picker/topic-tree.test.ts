import { expect } from '@open-wc/testing';
import { fold, toRows } from '../../../src/elements/topic-picker/topic-tree.js';
import type { Topic } from '../../../src/model.js';

const topic = (id: string, name: string, parentId?: string): Topic => ({ id, name, ...(parentId && { parentId }) });
/** Level, path and own name, as one line a row. */
const lines = (...topics: Topic[]): string[] =>
  toRows(topics).map(({ indent, before, leaf }) => `${indent.length} ${before}[${leaf}]`);

describe('topic tree', () => {
  it('keeps the order and puts children under their parents', () => {
    expect(
      lines(topic('3', 'B / Y'), topic('1', 'A'), topic('2', 'B'), topic('4', 'A / Z'), topic('5', 'B / X')),
    ).to.deep.equal(['0 [A]', '1 A / [Z]', '0 [B]', '1 B / [Y]', '1 B / [X]']);
  });

  it('takes the longest name before " / " as the parent', () => {
    expect(lines(topic('1', 'A'), topic('2', 'A / B'), topic('3', 'A / B / C'), topic('4', 'A / X / C'))).to.deep.equal(
      ['0 [A]', '1 A / [B]', '2 A / B / [C]', '1 A / [X / C]'],
    );
  });

  it('leaves a name that holds " / " whole where no parent has it', () => {
    expect(
      lines(topic('1', 'TV / Radio'), topic('2', 'TV / Radio / Aerial'), topic('3', 'A/B'), topic('4', ' / C')),
    ).to.deep.equal(['0 [TV / Radio]', '1 TV / Radio / [Aerial]', '0 [A/B]', '0 [ / C]']);
  });

  it('goes by the parent id before the name, with whole names and with short ones', () => {
    expect(
      lines(topic('1', 'A'), topic('2', 'B', '1'), topic('3', 'A / C', '1'), topic('4', 'A / D', '2')),
    ).to.deep.equal(['0 [A]', '1 A / [B]', '2 A / B / [A / D]', '1 A / [C]']);
  });

  it('goes by the name where the parent is not there', () => {
    expect(lines(topic('1', 'A'), topic('2', 'A / B', '99'))).to.deep.equal(['0 [A]', '1 A / [B]']);
  });

  it('loses no topic in a circle of parents', () => {
    expect(lines(topic('1', 'A', '2'), topic('2', 'B', '1'), topic('3', 'C', '3'), topic('4', 'D'))).to.deep.equal([
      '0 [D]',
      '0 [A]',
      '1 A / [B]',
      '0 [C]',
    ]);
  });

  it('keeps topics of one name or one id', () => {
    expect(toRows([topic('1', 'A'), topic('2', 'A'), topic('2', 'C')]).map(({ id, leaf }) => id + leaf)).to.deep.equal([
      '1A',
      '2A',
      '2C',
    ]);
  });

  it('is quick with ten thousand topics of one parent', () => {
    const many = Array.from({ length: 10_000 }, (_, index) => topic(`${index}`, `All / ${index}`));
    // Other work shares the machine: the fastest of three.
    let least = Infinity;
    for (let turn = 0; turn < 3 && least >= 500; turn++) {
      const begun = performance.now();
      expect(toRows([topic('x', 'All'), ...many]).length).to.equal(10_001);
      least = Math.min(least, performance.now() - begun);
    }
    expect(least).to.be.lessThan(500);
  });

  it('folds case and accents', () => {
    expect(fold('ÀÉÎ Łódź Störung ЁЖ')).to.equal('aei łodz storung еж');
  });
});
