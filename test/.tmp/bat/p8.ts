import { valueAndGrad, jvp } from 'adjoint';
export function f(v: number[]): number { const m = new Map<number, number>(); for (const x of v) m.set(x, 1); let s = 0; for (const k of m.keys()) s += k * k; return s; }
export const args = [[[3, 2]]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
