import { grad } from 'adjoint';
export const g = grad((x: number, name: string): number => (name.startsWith('a') ? x : 2 * x));
export const covers = 'inactive-code';
