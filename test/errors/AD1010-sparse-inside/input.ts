import { grad, sparseHessian } from 'adjoint';
export const covers = 'several-derivatives';
const energy = (x: number[]): number => {
  let sum = 0;
  for (let i = 1; i < x.length; i++) sum += x[i] * x[i] * x[i - 1];
  return sum;
};
const f = (x: number[]): number => {
  const shift = 2;
  return shift * sparseHessian(energy)(x).values[0];
};
export const g = grad(f);
