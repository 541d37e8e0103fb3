import { valueAndGrad, jvp } from 'adjoint';
export function f(x: number): number { const e = new Error('a') as Error & { v: number }; e.v = x * x; return e.v * x; }
export const args = [[3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
