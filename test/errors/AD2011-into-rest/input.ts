import { gradInto } from 'adjoint';
const sum = (...v: number[]): number => v[0] * v[1];
export const g = gradInto(sum);
export const covers = 'rest-parameters';
