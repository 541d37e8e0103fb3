import { grad } from 'adjoint';
export const g = grad((x: number, f: (x: number) => number): number => f(x) * x);
export const covers = 'function-values, outside-callbacks';
