import { grad } from 'adjoint';
const f = (x: number, y: number): number => x * y;
export function make(options: { argnums: 0 | 1 }) {
  return grad(f, options);
}
export const covers = 'marker-options';
