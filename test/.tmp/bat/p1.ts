import { valueAndGrad, jvp } from 'adjoint';
class T { l?: T; r?: T; constructor(public k: number) {} insert(k: number): void { if (k < this.k) { if (this.l) this.l.insert(k); else this.l = new T(k); } else { if (this.r) this.r.insert(k); else this.r = new T(k); } } sum(d: number): number { return this.k * d + (this.l?.sum(d + 1) ?? 0) + (this.r ? this.r.sum(d + 1) : 0.5); } }
export function f(v: number[]): number { const t = new T(v[0]); for (let i = 1; i < v.length; i++) t.insert(v[i] * 1.1); return t.sum(1) ** 2; }
export const args = [[[1, 2, 3, 0.5, 0.7]], [[1]]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
