import { grad } from 'adjoint';
export const g = grad((m: Map<string, number>): number => {
  let s = 0;
  for (const [key, x] of m) {
    s += x * x;
    if (key.length < 3) m.set(`${key}a`, x);
  }
  return s;
});
export const covers = 'keyed-order, keys';
