import { grad } from 'adjoint';
const rows = [
  [1, 2],
  [3, 4],
];
const first = rows[0];
function total(x: number): number {
  const before = first[0] * x;
  rows[0][0] = 7;
  return before * first[0];
}
export const run = () => grad(total)(2);
export const covers = 'module-state/alias, aliases/overwritten';
