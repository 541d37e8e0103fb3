import { grad } from 'adjoint';
export const g = grad((x: number, name: string): number => x * name.length);
export const covers = 'inactive-code';
