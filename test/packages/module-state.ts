import { grad } from 'adjoint';
import { measure, reset } from './kept-state.js';

let count = 0;
let scale = 2;
const stats = { calls: 0 };
class Meter {
  static total = 0;
  readonly unit = 1;
}
function note(x: number): number {
  count++;
  stats.calls++;
  scale = scale * x;
  return scale;
}

/** A callee writes what its module holds: the value stays, the derivative flows through it. */
export function product(x: number): number {
  scale = 2;
  let s = 0;
  for (let i = 0; i < 3; i++) s += note(x) * scale;
  return s + scale;
}
export const productGradient = grad(product);
export const productOnTape = grad(product, { backend: 'tape' });
export const state = (): readonly number[] => [count, scale, stats.calls];

export function staticField(x: number, n: number): number {
  Meter.total = 0;
  for (let i = 0; i < n; i++) Meter.total = Meter.total * 0.5 + x * i;
  return Meter.total * x;
}
export const staticGradient = grad(staticField);

/** A variable of the function around is written. */
export function enclosing(x: number): readonly number[] {
  let total = 1;
  const g = grad((t: number): number => {
    for (let k = 0; k < 3; k++) {
      total = total * t + 1;
      if (total > 100) return total;
    }
    return total * total;
  });
  return [g(x), total];
}

/** A callee writes what another module keeps to itself. */
export function elsewhere(x: number): number {
  reset();
  return measure(x) * measure(x * x);
}
export const elsewhereGradient = grad(elsewhere);
