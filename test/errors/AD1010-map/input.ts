import { grad } from 'adjoint';
const total = (m: Map<string, number>): number => [...m.values()].reduce((s, x) => s + x * x, 0);
export const g = grad((x: number): number => {
  const inner = grad(total)(new Map([['a', x]]));
  return inner.get('a') ?? 0;
});
export const covers = 'several-derivatives';
