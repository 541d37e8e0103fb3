import { grad } from 'adjoint';
export const g = grad((p: { a: number; b: number }, key: 'a' | 'b'): number => p[key] * p.a);
export const covers = 'computed-keys';
