import { grad } from 'adjoint';
interface Part {
  weight: { a: number } | ((t: number) => number);
}
export const g = grad((x: number): number => {
  const parts: Part[] = [{ weight: { a: x } }, { weight: (t) => t * x }];
  let s = 0;
  for (const { weight } of parts) s += weight instanceof Function ? weight(x) : weight.a;
  return s;
});
export const covers = 'function-values/branch';
