import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const v = [x];
  v.push(x * x);
  return v[1];
});
export const covers = 'array-length';
