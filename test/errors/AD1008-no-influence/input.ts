import { grad } from 'adjoint';
export const g = grad((x: number, y: number): number => y * 2, { argnums: [0, 1] });
export const covers = 'marker-options';
