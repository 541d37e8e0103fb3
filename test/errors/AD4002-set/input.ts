import { grad } from 'adjoint';
export const g = grad((v: Float64Array): number => {
  const w = new Float64Array(3);
  w.set(v);
  return w[0] * w[1];
});
export const covers = 'array-blocks';
