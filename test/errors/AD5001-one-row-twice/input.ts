import { grad } from 'adjoint';
function moved(m: number[][]): number {
  m[0][0] *= 2;
  return m[0][0] * m[1][0];
}
const row = [3];
export const run = () => grad(moved)([row, row]);
export const covers = 'shared-arguments';
