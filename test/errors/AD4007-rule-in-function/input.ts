import { customVjp, grad } from 'adjoint';
export function slope(k: number, x: number): number {
  const scaled = customVjp(
    (y: number) => y * k,
    (y) => [y * k, (c) => [c * k]],
  );
  return grad((y: number) => scaled(y) * y)(x) + grad(scaled)(x);
}
export const covers = 'derivative-rules/call';
