import { grad } from 'adjoint';
export const g = grad((x: number): number => (console.log('x is', x) === undefined ? x : 0));
export const covers = 'outside-callbacks';
