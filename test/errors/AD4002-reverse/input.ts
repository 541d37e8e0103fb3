import { grad } from 'adjoint';
export const g = grad((v: number[]): number => {
  v.reverse();
  return v[0] * v[0];
});
export const covers = 'array-reverse';
