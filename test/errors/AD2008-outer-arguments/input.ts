import { grad } from 'adjoint';
export function outer(_scale: number): (x: number) => number {
  return grad((x: number): number => x * x * arguments[0]);
}
export const covers = 'arguments-object';
