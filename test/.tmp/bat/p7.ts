import { valueAndGrad, jvp } from 'adjoint';
export function f(v: number[]): number { const s = v.map((x) => x.toFixed(2)); return Number(s[0]) * v[1]; }
export const args = [[[3, 2]]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
