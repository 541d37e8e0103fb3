import { valueAndGrad, jvp } from 'adjoint';
class V { constructor(public x: number) {} toString() { return `V(${this.x})`; } }
export function f(x: number): number { const v = new V(x * 2); const s = `${v}`; return s.startsWith('V(') ? v.x * x : 0; }
export const args = [[1.3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
