import { grad } from 'adjoint';
function moved(a: number[], b: number[]): number {
  a[0] *= 2;
  return a[0] * b[0];
}
const a = [3];
export const run = () => grad(moved)(a, a);
export const covers = 'shared-arguments';
