import { valueAndGrad, jvp } from 'adjoint';
export function f(x: number): number { try { throw new Error('a', { cause: { v: x * x } }); } catch (e) { return ((e as Error).cause as { v: number }).v * x; } }
export const args = [[3]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
