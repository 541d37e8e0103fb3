import { grad } from 'adjoint';
export const g = grad((x: number): number => Array.from({ length: 2, 0: x, 1: 3 })[0] * x);
export const covers = 'always-refused';
