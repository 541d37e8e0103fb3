import { valueAndGrad, jvp } from 'adjoint';
class Acc { static count = 0; static total = 1; v = 0; add(x: number) { Acc.count++; Acc.total *= x; this.v += Acc.total; return this; } }
export function f(x: number): number { Acc.count = 0; Acc.total = 1; const a = new Acc(); a.add(x).add(x).add(2); return a.v * Acc.total + Acc.count; }
export const args = [[1.3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
