import { hessian, jacfwd } from 'adjoint';

export const covers = 'inactive-code/effects';

export const noisy = jacfwd((v: number[]): number[] => v.map((e) => e * Math.random()));
export const given = hessian((v: number[], draw: () => number): number => v[0] ** 2 * draw());
