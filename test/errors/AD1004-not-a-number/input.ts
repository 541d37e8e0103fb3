import { grad } from 'adjoint';
const f = (x: number): number[] => [x, x];
// @ts-expect-error the types say so too
export const g = grad(f);
export const covers = 'results';
