// Variables outside of the differentiated function: constants at entry, active once written, the final value stays.
import { checkGrad } from 'adjoint';
import { expect, test } from 'vitest';
import { state as kept } from './kept-state.js';
import {
  elsewhere,
  elsewhereGradient,
  enclosing,
  product,
  productGradient,
  state,
  staticField,
  staticGradient,
} from './module-state.js';

test('a callee writes a variable of its module', () => {
  expect(checkGrad(product, productGradient, [1.2]).ok).toBe(true);
  const [count, , calls] = state() as [number, number, number];
  productGradient(1.5);
  expect(state()).toEqual([count + 3, 2 * 1.5 ** 3, calls + 3]);
});

test('a static field is written', () => {
  expect(checkGrad(staticField, staticGradient, [1.2, 3]).ok).toBe(true);
  expect(checkGrad(staticField, staticGradient, [1.2, 0]).ok).toBe(true);
});

test('a variable of the function around is written', () => {
  // t -> (((t + 1) t + 1) t + 1)^2 at 2, with 15 in the end
  expect(enclosing(2)).toEqual([2 * 15 * 17, 15]);
});

test('a callee writes what another module keeps to itself', () => {
  expect(checkGrad(elsewhere, elsewhereGradient, [1.2]).ok).toBe(true);
  const [, before] = kept() as [number, number];
  elsewhereGradient(2);
  expect(kept()).toEqual([(2 + 1) * 4 + 1, before + 2]);
});
