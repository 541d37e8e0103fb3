import { grad } from 'adjoint';
export const g = grad((v: number[]): number => {
  let calls = 0;
  v.sort((a, b) => {
    calls++;
    return a - b;
  });
  return v[0] * calls;
});
export const covers = 'array-sort';
