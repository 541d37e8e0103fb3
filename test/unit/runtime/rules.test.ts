// How the rules of `customVjp` and `customJvp` are called. That derivatives by rules are right, fixtures show.
import { customJvp, customVjp, grad, ravel } from 'adjoint';
import { applyRule } from 'adjoint/internal';
import { expect, test } from 'vitest';

const square = (x: number): number => x * x;
const signature = [['n'], 'n', 'square'];

test('one rule serves both modes', () => {
  for (const f of [
    customVjp(square, (x) => [x * x, (c) => [2 * x * c]]),
    customJvp(square, ([x], [t]) => [x * x, 2 * x * t]),
  ]) {
    const call = applyRule(f, 3, signature);
    expect([call.value, call.pull([5]), call.push([5])]).toEqual([9, [30], [30]]);
  }
});

test('with two rules each mode has its own', () => {
  const forward = ([x]: readonly [number], [t]: readonly [number]) => [x * x, 10 * t] as const;
  const backward = (x: number) => [x * x, (c: number) => [20 * c] as [number]] as const;
  for (const f of [
    customVjp(customJvp(square, forward as never), backward),
    customJvp(customVjp(square, backward), forward as never),
  ]) {
    expect(f(3)).toBe(9);
    const call = applyRule(f, 3, signature);
    expect([call.value, call.pull([1]), call.push([1])]).toEqual([9, [20], [10]]);
  }
});

test('plain rows stand for rows of doubles in gradients', () => {
  const sum = (rows: readonly Float64Array[]): number => rows.reduce((s, row) => s + row[0] + row[1], 0);
  const given = (gradient: unknown) => customVjp(sum, (rows) => [sum(rows), () => [gradient as never]]);
  const rows = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
  const types = [[['a', 'f64']], 'n', 'sum'];
  const pull = (gradient: unknown) => applyRule(given(gradient), rows, types).pull([1]);
  expect(pull([[1, 2], Float64Array.of(3, 4)])).toEqual([1, 2, 3, 4]);
  expect(() => pull([[1, 2], [3]])).toThrow('gradient 0 of the pullback of sum has 3 numbers, not 4');
  expect(() =>
    pull([
      [1, '2'],
      [3, 4],
    ]),
  ).toThrow('gradient 0 of the pullback of sum[0][1]');
});

interface Told {
  w: number[];
}
const withMore = { w: [1, 2], more: 3 };
const [, unravelMore] = ravel<Told>(withMore);
class Scaled implements Told {
  w = [1, 2];
}
const [, unravelScaled] = ravel<Told>(new Scaled());
const ofMore = grad((v: number[]) => unravelMore(v).w[0]! ** 2);
const ofScaled = grad((v: number[]) => unravelScaled(v).w[0]! ** 2);
test('what ravel was given has no more than its type tells', () => {
  expect(() => ofMore([1, 2, 3])).toThrow(
    new TypeError('adjoint: the result of unravelMore has `more`, which its type does not tell of'),
  );
  expect(() => ofScaled([1, 2])).toThrow('the result of unravelScaled should be a plain object');
});
