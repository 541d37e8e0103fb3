import { grad } from 'adjoint';
const f = (x: number, y: number): number => x * y;
// @ts-expect-error the types say so too
export const g = grad(f, { argnums: 2 });
export const covers = 'marker-options';
