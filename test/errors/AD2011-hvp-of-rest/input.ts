import { hvp } from 'adjoint';
const sum = (...xs: number[]): number => xs.reduce((s, x) => s + x * x, 0);
export const h = hvp(sum);
export const covers = 'rest-parameters, several-derivatives';
