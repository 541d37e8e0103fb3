import { grad } from 'adjoint';
let count = 0;
export const g = grad((x: number): number => {
  count += x;
  return count * x;
});
export const covers = 'module-state';
