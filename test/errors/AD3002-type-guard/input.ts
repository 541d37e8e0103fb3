import { grad } from 'adjoint';
function first(v: number | number[]): number {
  return typeof v === 'number' ? v : v[0];
}
export const g = grad((x: number): number => first(x) * first([x]));
export const covers = 'overloads-generics';
