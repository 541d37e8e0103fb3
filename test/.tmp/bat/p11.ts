import { valueAndGrad, jvp } from 'adjoint';
export function f(v: number[]): number { let s = 0; const m = new Map<number, number>(); v.forEach((x, i) => m.set(i, x)); for (const [k, e] of m) { s += k * e; s *= k + e; } return s; }
export const args = [[[3, 2]]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
