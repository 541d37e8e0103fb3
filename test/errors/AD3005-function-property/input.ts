import { grad } from 'adjoint';
export const g = grad((x: number): number => {
  const square = (y: number): number => y * y;
  return square(x) * square.length;
});
// of a function that is found in a map, and so may be missing
export const h = grad((x: number, y: number): number => {
  const operators = new Map<string, (a: number, b: number) => number>([['+', (a, b) => a + b]]);
  operators.set('sin', (a) => Math.sin(a * x));
  const f = operators.get('+');
  return f === undefined ? x : f.length * y + f(x, y);
});
export const covers = 'function-values';
