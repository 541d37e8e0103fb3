import { grad } from 'adjoint';
const first = (...v: number[]): number => v[0];
export const g = grad((x: number): number => first(x, 1));
export const covers = 'rest-parameters, spread';
