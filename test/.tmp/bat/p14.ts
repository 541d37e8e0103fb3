import { valueAndGrad, jvp } from 'adjoint';
class Net { fs: ((x: number) => number)[] = []; constructor(private act: (x: number) => number, readonly k: number) {} scale = (x: number) => x * this.k; add(f: (x: number) => number) { this.fs.push(f); return this; } run(x: number) { let v = this.act(x); for (const f of this.fs) v = f(v); return this.scale(v); } }
const ops = { add: (a: number, b: number) => a + b, mul: (a: number, b: number) => a * b };
const table: Record<string, (a: number, b: number) => number> = { '+': (a, b) => a + b, '*': ops.mul };
export function f(x: number): number { return new Net(Math.tanh, x).add((v) => v * v).add(Math.exp).run(x) + ops.add(x, 2) * table['*'](x, 3); }
export const args = [[0.7]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
