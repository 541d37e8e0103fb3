import { valueAndGrad, jvp } from 'adjoint';
export function f(x: number, n: number): number { let best: { x: number } | null = null; let prev: number[] | undefined; let s = 0; for (let i = 0; i < n; i++) { const c = Math.sin(x * (i + 1)); if (best === null || c > best.x) best = { x: c }; if (prev) s += prev[0] * x; prev = [x * i]; } return s + (best ? best.x : 0); }
export const args = [[0.7, 4], [0.7, 0]];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
