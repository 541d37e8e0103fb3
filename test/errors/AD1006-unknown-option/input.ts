import { grad } from 'adjoint';
const f = (x: number): number => x * x;
// @ts-expect-error the types say so too
export const g = grad(f, { argnum: 0 });
export const covers = 'marker-options';
