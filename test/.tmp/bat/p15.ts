import { valueAndGrad, jvp } from 'adjoint';
abstract class L { abstract go(x: number): number } class A extends L { constructor(public k: number) { super(); } go(x: number) { return x * this.k; } } class Seq extends L { constructor(public a: L, public b: L) { super(); } go(x: number) { return this.b.go(this.a.go(x)); } }
export function f(x: number): number { return new Seq(new A(x), new Seq(new A(2), new A(x))).go(x); }
export const args = [[0.7]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
