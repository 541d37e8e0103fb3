import { grad, stopGradient } from 'adjoint';
export const g = grad((x: number): number => Math.floor(x) * 3);
// zero is meant
export const held = grad((x: number, k: number): number => x * stopGradient(k * x), { argnums: 1 });
const through = (x: number, v: number[]): number => stopGradient(v)[0] * x * Math.sign(v[1]);
export const partly = grad(through, { argnums: [0, 1] });
export const covers = 'steps';
