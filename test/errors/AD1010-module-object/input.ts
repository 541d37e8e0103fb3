import { grad, vjp } from 'adjoint';
const scales = [1, 2];
export const g = grad((x: number): number => {
  const [v, pullback] = vjp((y: number) => y * y * scales[0])(x);
  scales[0] = 5;
  return v + pullback(1)[0];
});
export const covers = 'several-derivatives, module-state';
