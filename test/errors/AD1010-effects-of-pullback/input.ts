import { grad, vjp } from 'adjoint';
export const g = grad((x: number): number => {
  const [v, pullback] = vjp((y: number) => {
    if (Math.random() > 2) return 0;
    return y * y * x;
  })(x);
  return v + pullback(1)[0];
});
export const covers = 'several-derivatives, inactive-code';
