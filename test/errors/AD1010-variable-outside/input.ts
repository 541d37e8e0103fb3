import { grad, vjp } from 'adjoint';
let scale = 1;
export const g = grad((x: number): number => {
  const [v, pullback] = vjp((y: number) => y * y * scale)(x);
  scale = 5;
  return v + pullback(1)[0];
});
export const covers = 'several-derivatives, module-state';
