import { hvp } from 'adjoint';
const f = (x: number, y: number): number => x * x * y;
const options = { argnums: 1 };
export const h = hvp(f, options as object);
export const covers = 'marker-options';
