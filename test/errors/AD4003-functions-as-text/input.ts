import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const point = { a: 1, toString: (): string => 'point' };
  const settings = { steps: 3, rate: (k: number): number => k / 2 };
  return x * `${point}`.length + JSON.stringify([settings]).length * settings.rate(x);
});
export const covers = 'text/nested';
