import { valueAndGrad, jvp } from 'adjoint';
export function f(x: number, t: string): number { let k = 1; try { k = JSON.parse(t).k; x *= 2; } catch (e) { k = (e as Error).message.length > 0 ? 5 : 6; } finally { x += 1; } return x * k; }
export const args = [[1.3, '{"k":3}'], [1.3, 'oops']];

const N: any = (globalThis as any);
export const vg = valueAndGrad(f, { argnums: [0] });
