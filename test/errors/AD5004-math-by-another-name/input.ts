import { grad } from 'adjoint';

export const covers = 'function-values/alias';

const M = Math;
M.sinh = (x) => x * 100;
const table = Math as { tanh: (x: number) => number };
table.tanh = (x) => x * 100;

export const g = grad((x: number): number => Math.sinh(x));
export const h = grad((x: number): number => M.tanh(x));
export const onTape = grad((x: number): number => Math.tanh(x), { backend: 'tape' });
export const fine = grad((x: number): number => M.asinh(x) + Math.atan(x));
