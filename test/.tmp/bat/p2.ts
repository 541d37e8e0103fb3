import { valueAndGrad, jvp } from 'adjoint';
export function f(v: number[]): number { const handlers: Record<string, ((x: number) => void)[]> = {}; let s = 0; const on = (e: string, h: (x: number) => void) => { (handlers[e] ??= []).push(h); }; on('a', (x) => { s += x * x; }); on('b', (x) => { s -= x; }); v.forEach((x, i) => handlers[i % 2 ? 'b' : 'a'].forEach((h) => h(x))); return s; }
export const args = [[[1, 2, 3]]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
