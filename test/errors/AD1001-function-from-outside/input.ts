import { grad } from 'adjoint';
export function slope(f: (x: number) => number, x: number): number {
  return grad(f)(x);
}
export const covers = 'marker-target';
