import { grad } from 'adjoint';
export function total(v: number[]): number {
  let s = 0;
  const add = (x: number): number => {
    s += x * x;
    return s;
  };
  grad(add)(v[0]);
  return s;
}
export const covers = 'enclosing-variables';
