import { gradInto } from 'adjoint';
const f = (x: number[], k: number): number => x[0] * x[1] * k;
export const g = gradInto(f, { argnums: [0, 0] });
export const covers = 'marker-options';
