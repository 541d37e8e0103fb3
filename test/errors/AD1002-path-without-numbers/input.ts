import { grad } from 'adjoint';

export const covers = 'marker-options';

const f = (p: { x: number; name: string }): number => p.x * p.name.length;
export const g = grad(f, { wrt: ['name'] });
