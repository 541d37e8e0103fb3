import { grad } from 'adjoint';
export const g = grad((v: Float64Array): number => new Float32Array(v.buffer, 8, 2)[0] ** 2);
export const covers = 'views';
