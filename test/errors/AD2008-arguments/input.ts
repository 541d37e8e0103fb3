import { grad } from 'adjoint';
function f(x: number): number {
  return x * arguments.length;
}
export const g = grad(f);
export const covers = 'arguments-object';
