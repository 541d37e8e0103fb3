// The same functions of packages on the tape.
import { checkGrad, grad } from 'adjoint';
import { expect, test } from 'vitest';
import { basis, pieces, zoom } from './d3-interpolate.js';
import { invert, multiply, slerp, squared, transform } from './gl-matrix.js';
import { enclosing, product, productOnTape, state } from './module-state.js';
import { between, correlation, geometric, slope, spread } from './simple-statistics.js';

const m = [2, 0.1, 0.3, 0, 0.5, 3, 0.2, 0, 0.7, 0.1, 4, 0, 1, 2, 3, 1];
const n = [1, 0.4, 0.2, 0.1, 0.3, 2, 0.1, 0, 0.2, 0.6, 1, 0.3, 0.5, 1, 2, 1];
const v = [3, 1, 4, 1.5, 9, 2.6, 5];
const w = [2, 7, 1, 8, 2.8, 1.8, 4];

test('gl-matrix', () => {
  const g = grad(multiply, { argnums: [0, 1], backend: 'tape' });
  expect(checkGrad(multiply, g, [m, n], { argnums: [0, 1] }).ok).toBe(true);
  expect(checkGrad(squared, grad(squared, { backend: 'tape' }), [m]).ok).toBe(true);
  expect(checkGrad(invert, grad(invert, { backend: 'tape' }), [m]).ok).toBe(true);
  const turn = grad(slerp, { argnums: [0, 1, 2], backend: 'tape' });
  const q = [0.1, 0.7, 0.5, 0.5];
  expect(checkGrad(slerp, turn, [[0.5, 0.5, 0.5, 0.5], q, 0.3], { argnums: [0, 1, 2] }).ok).toBe(true);
  const move = grad(transform, { argnums: [0, 1], backend: 'tape' });
  expect(checkGrad(transform, move, [[1, 2, 3], m], { argnums: [0, 1] }).ok).toBe(true);
});

test('simple-statistics', () => {
  expect(checkGrad(spread, grad(spread, { backend: 'tape' }), [v]).ok).toBe(true);
  const g = grad(correlation, { argnums: [0, 1], backend: 'tape' });
  expect(checkGrad(correlation, g, [v, w], { argnums: [0, 1] }).ok).toBe(true);
  expect(checkGrad(between, grad(between, { backend: 'tape' }), [v]).ok).toBe(true);
  expect(checkGrad(slope, grad(slope, { backend: 'tape' }), [v]).ok).toBe(true);
  expect(checkGrad(geometric, grad(geometric, { backend: 'tape' }), [v]).ok).toBe(true);
});

test('d3-interpolate', () => {
  const g = grad(basis, { argnums: [0, 1], backend: 'tape' });
  expect(checkGrad(basis, g, [[1, 2, 4, 7], 0.4], { argnums: [0, 1] }).ok).toBe(true);
  const h = grad(zoom, { argnums: [0, 1, 2], backend: 'tape' });
  const a: [number, number, number] = [1, 2, 4];
  expect(checkGrad(zoom, h, [a, [3, 5, 6], 0.4], { argnums: [0, 1, 2] }).ok).toBe(true);
  const k = grad(pieces, { argnums: [0, 1], backend: 'tape' });
  expect(checkGrad(pieces, k, [[1, 2, 4, 7], 0.4], { argnums: [0, 1] }).ok).toBe(true);
});

test('a callee writes a variable of its module', () => {
  expect(checkGrad(product, productOnTape, [1.2]).ok).toBe(true);
  const [count, , calls] = state() as [number, number, number];
  productOnTape(1.5);
  expect(state()).toEqual([count + 3, 2 * 1.5 ** 3, calls + 3]);
  expect(enclosing(2)).toEqual([2 * 15 * 17, 15]);
});
