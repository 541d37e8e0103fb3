/** `ravel` and `zerosLike`. */
import { expect, test } from 'vitest';
import { ravel, zerosLike } from '../../../packages/runtime/dist/index.js';

class Layer {
  w = [
    [1, 2],
    [3, 4],
  ];
  name = 'first';
  get size(): number {
    return this.w.length;
  }
}
const params = () => ({
  layer: new Layer(),
  bias: Float64Array.of(5, 6),
  by: new Map([['a', 7]]),
  rate: 8,
  kind: 'relu',
  pair: [9, 'x'] as [number, string],
  single: Float32Array.of(10),
});

test('a vector of all numbers, and back', () => {
  const p = params();
  const [flat, unravel] = ravel(p);
  expect([...flat]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(unravel.size).toBe(10);
  expect(unravel(flat)).toEqual(p);
  const next = unravel(flat.map((x) => -x));
  expect(next.layer).toBeInstanceOf(Layer);
  expect(next.layer.w).toEqual([
    [-1, -2],
    [-3, -4],
  ]);
  expect([next.kind, next.rate, next.pair, next.by.get('a'), next.single]).toEqual([
    'relu',
    -8,
    [-9, 'x'],
    -7,
    Float32Array.of(-10),
  ]);
  expect(p).toEqual(params());
});

test('a number, an empty list, an array', () => {
  expect(ravel(3)[1]([4])).toBe(4);
  expect([...ravel([])[0]]).toEqual([]);
  expect(ravel([1, [2]])[1]([3, 4])).toEqual([3, [4]]);
});

test('zeros have the shape of a gradient', () => {
  const zeros = zerosLike(params());
  expect(zeros.layer).toEqual({
    w: [
      [0, 0],
      [0, 0],
    ],
  });
  expect(zeros.bias).toEqual(new Float64Array(2));
  expect([zeros.rate, zeros.pair, 'kind' in zeros]).toEqual([0, [0, undefined], false]);
  expect(ravel(zeros)[0]).toEqual(new Float64Array(10));
});

test('what cannot be done is said', () => {
  const shared = [1];
  expect(() => ravel({ a: shared, b: shared })).toThrow('the value.b is an object that is reached twice');
  expect(() => ravel([1, 2])[1]([1])).toThrow(new RangeError('adjoint: the vector has 1 numbers, not 2'));
  expect(() =>
    ravel({
      get x() {
        return 1;
      },
    }),
  ).toThrow('the value.x should be a plain field');
});
