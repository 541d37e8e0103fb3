import { grad } from 'adjoint';
export function f(n: number, x: number): number {
  return n <= 0 ? x * x : grad((y: number) => f(n - 1, y))(x);
}
export const g = grad(f, { argnums: 1 });
export const covers = 'several-derivatives';
