import { valueAndGrad, jvp } from 'adjoint';
export function f(v: number[]): number { const b = new DataView(new ArrayBuffer(8)); b.setFloat64(0, v[0]); return b.getFloat64(0) * v[1]; }
export const args = [[[3, 2]]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
