import { grad } from 'adjoint';
type Sum = (...list: number[]) => number;
function sum(): number {
  let s = 0;
  for (const x of arguments) s += x;
  return s;
}
export const g = grad((v: number[]): number => (sum as Sum)(...v));
export const covers = 'arguments-object';
