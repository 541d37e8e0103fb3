import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const f = new Function('x', 'return x * x') as (x: number) => number;
  return f(x);
});
export const covers = 'always-refused';
