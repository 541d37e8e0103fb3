import { grad, stopGradient } from 'adjoint';
export const g = grad((a: number[], b: number[]): number => {
  let w = stopGradient(a);
  let s = 0;
  for (let i = 0; i < 2; i++) {
    s += w[0] * b[0];
    w = b;
  }
  return s;
});
export const covers = 'stop-gradient/loop';
