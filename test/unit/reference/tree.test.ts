import { describe, expect, test } from 'vitest';
import {
  bitDifference,
  cloneTree,
  leaves,
  setLeaf,
  shapeMisfit,
  show,
  withLeaves,
  zeros,
} from '../../support/tree.js';

const value = () => ({ a: 1, s: 'x', t: [2, Float32Array.of(3, 4)], o: { b: -0 } });

describe('trees of numeric leaves', () => {
  test('leaves in order, with paths', () => {
    expect(leaves(value()).map(({ path, value: x }) => [path.join('.'), x])).toEqual([
      ['a', 1],
      ['t.0', 2],
      ['t.1.0', 3],
      ['t.1.1', 4],
      ['o.b', -0],
    ]);
  });
  test('setLeaf gives what the slot holds', () => {
    const v = value();
    expect(setLeaf(v, ['t', 1, 0], 0.1)).toBe(Math.fround(0.1));
  });
  test('withLeaves drops what is not numeric', () => {
    let n = 0;
    expect(withLeaves(value(), () => n++)).toEqual({ a: 0, t: [1, Float32Array.of(2, 3)], o: { b: 4 } });
    expect(zeros([true, 1])).toEqual([undefined, 0]);
  });
  test('a clone keeps sharing and shares nothing with the original', () => {
    const row = [1];
    const original = [row, row];
    const copy = cloneTree(original);
    copy[0][0] = 5;
    expect(copy[1][0]).toBe(5);
    expect(row[0]).toBe(1);
  });
});

describe('bit comparison', () => {
  test('NaN equals NaN, 0 differs from -0', () => {
    expect(bitDifference([Number.NaN], [Number.NaN])).toBeUndefined();
    expect(bitDifference(value(), value())).toBeUndefined();
    expect(bitDifference([{ a: 0 }], [{ a: -0 }])).toBe('0.a: 0 instead of -0');
  });
  test('containers, lengths and keys count', () => {
    expect(bitDifference([1], Float64Array.of(1))).toBe('the value: Array instead of Float64Array');
    expect(bitDifference([1], [1, 2])).toBe('the value: length 1 instead of 2');
    expect(bitDifference({ a: 1, b: 1 }, { a: 1 })).toBe('b: 1 instead of undefined');
  });
});

describe('shape of a gradient', () => {
  test('non-numeric parts may be missing', () => {
    expect(
      shapeMisfit(
        value(),
        withLeaves(value(), () => 1),
      ),
    ).toBeUndefined();
    expect(shapeMisfit(true, undefined)).toBeUndefined();
  });
  test('misfits', () => {
    expect(shapeMisfit(1, undefined)).toBe('the value: undefined for a number');
    expect(shapeMisfit([1], Float64Array.of(1))).toBe('the value: Float64Array for Array');
    expect(shapeMisfit([1, 2], [1])).toBe('the value: length 1 for 2');
    expect(shapeMisfit({ a: 1 }, { a: 1, b: 2 })).toBe('b: not in the argument');
    expect(shapeMisfit({ a: 1 }, {})).toBe('a: undefined for a number');
  });
});

test('show tells -0 and typed arrays apart', () => {
  expect(show([-0, Float64Array.of(1), { a: true }])).toBe('[-0, Float64Array[1], {a: true}]');
});
