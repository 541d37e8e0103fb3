// What is bound by the pattern is not reported again where it is used.
import { grad, jacrev } from 'adjoint';
const both = (a: number, b: number[]): [number, number[]] => [a * b[0], b];
export const g = grad((x: number[]): number => {
  const [{ length }, [second]] = jacrev(both, { argnums: [0, 1] })(x[0], x);
  return length * (second[0] as unknown as number);
});
export const covers = 'several-derivatives';
