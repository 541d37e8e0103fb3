import { grad } from 'adjoint';

export const covers = 'function-values/alias';

interface Part {
  name: string;
  mass?: number;
  act?: (x: number) => number;
}
const base = { name: 'base' };
export const g = grad((x: number): number => {
  const part: Part = x > 1 ? base : { name: 'own', mass: x };
  part.act = (y) => y * x;
  return (base as Part).act?.(x) ?? x;
});
