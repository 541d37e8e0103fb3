import { sparseJacobian } from 'adjoint';
const f = (x: number[]): number => x[0] * x[1];
// @ts-expect-error the types say so too
export const J = sparseJacobian(f);
export const covers = 'results';
