// a comparator that puts each of two equal elements before the other: the order is the engine's own affair
import { grad } from 'adjoint';

function f(v: number[]): number {
  v.sort((a, b) => (a <= b ? -1 : 1));
  return v[0] * v[69];
}
export const run = () => grad(f)(Array.from({ length: 70 }, (_, k) => k % 7));
export const covers = 'array-sort/edge';
