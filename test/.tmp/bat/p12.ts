import { valueAndGrad, jvp } from 'adjoint';
export function f(v: number[]): number { const names = 'a,b,c'.split(',').map((s) => s + '1'); const w = '1,2,3'.split(',').map(Number); return v.map(Math.sqrt).reduce((s, x, i) => s + x * w[i] * names[i].length, 0); }
export const args = [[[3, 2, 1]]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
