import { valueAndGrad, jvp } from 'adjoint';
export function f(x: number): number { const o = Object.create(null); o.v = x * x; return o.v * x; }
export const args = [[3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
