import { valueAndGrad, jvp } from 'adjoint';
export function f(v: (number | null)[]): number { let s = 0; for (const x of v) if (x !== null) s += x * x; return s; }
export const args = [[[3, null, 2]]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
