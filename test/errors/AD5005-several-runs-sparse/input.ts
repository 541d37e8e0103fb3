import { sparseJacobian } from 'adjoint';

export const covers = 'module-state/effects';

let k = 2;
const f = (v: number[]): number[] => {
  k *= v[0];
  return [k * v[0], v[1] ** 2];
};
export const J = sparseJacobian(f);
