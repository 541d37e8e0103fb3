import { valueAndGrad, jvp } from 'adjoint';
export function f(x: number): number { const o = JSON.parse('{"w":[1],"b":{"k":3}}') as { w: number[]; b: { k: number } }; o.w[0] = x * x; o.b.k *= x; return o.w[0] + o.b.k * x; }
export const args = [[3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
