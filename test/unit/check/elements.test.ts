/** Check mode: arguments that are not what their types say. */
import { expect, test } from 'vitest';
import { build } from './build.js';

const source = `
  import { grad } from 'adjoint';
  interface Model { weights: number[]; rows: [number, number][]; scale?: number; label: string; data: Float64Array }
  export function f(m: Model, k: number): number {
    let s = 0;
    for (let i = 0; i < 2; i++) s += m.weights[i] * m.rows[0][1] * k + m.data[i];
    return s;
  }
  export const d = grad(f);`;
const model = (change: object = {}) => ({
  weights: [1, 2],
  rows: [[1, 2]],
  label: 'a',
  data: new Float64Array(2),
  ...change,
});

test.each([
  [{}, 3, undefined],
  [{ weights: Object.assign([1, 2], { 3: 4 }), extra: 1 }, 3, undefined],
  [{ weights: [1, '2'] }, 3, 'adjoint: m.weights[1] should be a number, but is a string'],
  [{ weights: [1, null] }, 3, 'adjoint: m.weights[1] should be a number, but is null'],
  [{ rows: [[1, true]] }, 3, 'adjoint: m.rows[0][1] should be a number, but is a boolean'],
  [{ rows: { 0: [1, 2] } }, 3, 'adjoint: m.rows should be an array, but is an object of class Object'],
  [{ scale: 'x' }, 3, 'adjoint: m.scale should be a number, but is a string'],
  [{ data: [1, 2] }, 3, 'adjoint: m.data should be a Float64Array, but is an array'],
  [{}, '3', 'adjoint: k should be a number, but is a string'],
])('%j and %j', async (change, k, message) => {
  const { d } = await build(source);
  const run = () => d(model(change), k);
  if (message === undefined) expect(run).not.toThrow();
  else expect(run).toThrow(new TypeError(message));
});

test('an accessor is refused', async () => {
  const { d } = await build(source);
  const m = Object.defineProperty(model(), 'weights', { enumerable: true, get: () => [1, 2] });
  expect(() => d(m, 1)).toThrow('adjoint: m.weights is an accessor, but its type says it is a plain field');
});
