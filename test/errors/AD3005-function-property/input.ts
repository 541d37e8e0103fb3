import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const square = (y: number): number => y * y;
  return square(x) * square.length;
});
export const covers = 'function-values';
