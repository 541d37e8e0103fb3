import { valueAndGrad, jvp } from 'adjoint';
export function f(x: number): number { const w = new WeakMap<object, number>(); const k = {}; w.set(k, x * x); return w.get(k)! * x; }
export const args = [[3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
