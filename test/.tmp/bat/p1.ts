import { valueAndGrad, jvp } from 'adjoint';
enum Op { Add, Mul }
export function f(x: number, n: number): number { let s = x; for (let i = 0; i < n; i++) { const name = Op[i % 2]; if (name === 'Add') s += x; else s *= x; } return s; }
export const args = [[1.3, 3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
