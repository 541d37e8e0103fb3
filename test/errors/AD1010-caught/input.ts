import { grad } from 'adjoint';
const root = (x: number): number => {
  if (x < 0) throw new RangeError('negative');
  return Math.sqrt(x);
};
export const g = grad((x: number): number => {
  try {
    return grad(root)(x);
  } catch {
    return x;
  }
});
export const covers = 'several-derivatives';
