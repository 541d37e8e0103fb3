import { grad } from 'adjoint';
export const covers = 'keys/overwritten';
export const g = grad((xs: number[]): number => {
  const a = [...xs];
  const steps = a.entries();
  let s = 0;
  for (const [i, x] of steps) {
    s += i * x;
    if (i === 0) a.unshift(7);
  }
  return s;
});
export const h = grad((xs: number[]): number => {
  const a = [...xs];
  let s = 0;
  const sum = (all: Iterable<number>): void => {
    for (const x of all) {
      s += x;
      if (a.length < 7) a.push(x * 2);
    }
  };
  sum(a.values());
  return s;
});
