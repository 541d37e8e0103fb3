import { valueAndGrad, jvp } from 'adjoint';
export function f(x: number): number { const a = Array.prototype.slice.call([x, x * x]); return a[0] * a[1]; }
export const args = [[3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
