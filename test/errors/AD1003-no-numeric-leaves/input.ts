import { grad } from 'adjoint';
export const g = grad((name: string, x: number): number => name.length * x);
export const covers = 'marker-target';
