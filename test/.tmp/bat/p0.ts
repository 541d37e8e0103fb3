import { valueAndGrad, jvp } from 'adjoint';
function g(a: number): number { try { if (a > 1) throw { x: a }; return a; } catch (e) { throw e; } }
export function f(a: number): number { try { return g(a) * 2; } catch (e: any) { return e.x * e.x; } }
export const args = [[0.5], [1.5]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
