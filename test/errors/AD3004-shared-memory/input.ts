import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const shared = new Float64Array(new SharedArrayBuffer(16));
  shared[0] = x * x;
  return shared[0];
});
export const covers = 'always-refused';
