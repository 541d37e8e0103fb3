import { hessian } from 'adjoint';
const f = (x: number, y: number): number => x * x * y;
// @ts-expect-error the types say so too; blocks of mixed derivatives are Jacobians of gradients
export const h = hessian(f, { argnums: [0, 1] });
export const covers = 'marker-options';
