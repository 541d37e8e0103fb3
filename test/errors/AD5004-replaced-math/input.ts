import { grad } from 'adjoint';

export const covers = 'function-values/overwritten';

Math.sinh = (x: number) => x * 100;
(Math as { tanh: unknown }).tanh = (x: number) => x * 100;
Math.random = () => 0.5;
const { cosh } = Math;

export const g = grad((x: number): number => Math.sinh(x));
export const h = grad((x: number): number => [x].map(Math.tanh)[0]);
export const onTape = grad((x: number): number => Math.sinh(x), { backend: 'tape' });
export const fine = grad((x: number): number => cosh(x) + Math.sin(x) * Math.random());
