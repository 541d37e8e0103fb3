import { grad } from 'adjoint';
const alias = grad;
export const g = alias((x: number): number => x * x);
export const covers = 'marker-names';
