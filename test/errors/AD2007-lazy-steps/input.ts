// the helpers of iterators run step by step, between what else happens
import { grad } from 'adjoint';
declare global {
  interface IteratorObject<T, TReturn, TNext> {
    map<U>(f: (v: T) => U): IteratorObject<U, undefined, unknown>;
    forEach(f: (v: T) => void): void;
  }
}
export const covers = 'keys/effects';
export const g = grad((xs: number[]): number => {
  let s = 1;
  for (const w of new Set(xs).values().map((v) => v * s)) {
    s += w;
    if (w > 4) break;
  }
  return s;
});
export const h = grad((xs: number[]): number => {
  const a = xs.slice();
  let s = 0;
  a.values().forEach((v) => {
    s += v;
    if (a.length < 6) a.push(v * 2);
  });
  return s;
});
// what an object holds may have changed when its step comes
export const k = grad((xs: number[]): number => {
  const cells = xs.map((x) => ({ x }));
  let s = 0;
  for (const x of cells.values().map((c) => c.x)) {
    s += x;
    cells[1].x = s * 2;
  }
  return s;
});
