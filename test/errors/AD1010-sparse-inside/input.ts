import { grad, sparseHessian } from 'adjoint';
export const covers = 'several-derivatives';
const inner = (x: number[]): number => x[0] ** 2 * x[1];
const f = (x: number[]): number => sparseHessian(inner)(x).values[0];
export const g = grad(f);
