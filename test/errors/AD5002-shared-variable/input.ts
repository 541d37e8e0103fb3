import { grad, stopGradient } from 'adjoint';
export const g = grad((a: number[], b: number[]): number => {
  let w = stopGradient(a);
  const first = (): number => w[0];
  const s = first() * b[0];
  w = b;
  return s + first();
});
export const covers = 'stop-gradient/alias';
