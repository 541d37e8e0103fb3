import { valueAndGrad, jvp } from 'adjoint';
export function f(x: number): number { const m = new Map<number, number>([[1, x], [2, x * x]]); const t = [...m.entries()].map(([k, e]) => e + k); return t[0] * t[1]; }
export const args = [[3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
