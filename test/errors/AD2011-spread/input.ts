import { grad } from 'adjoint';
export const g = grad((v: number[]): number => {
  const w = [...v, 1];
  return w[0] * w[1];
});
export const covers = 'spread';
