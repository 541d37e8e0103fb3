import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const text = (x * x).toFixed(3);
  return Number(text) + x;
});
export const covers = 'text';
