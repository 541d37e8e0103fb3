import { grad } from 'adjoint';
interface Part {
  weight: number | ((t: number) => number) | null;
  scale: number;
}
export const g = grad((x: number): number => {
  const parts: Part[] = [
    { weight: x, scale: 2 },
    { weight: (t) => t * x, scale: x },
  ];
  let s = 0;
  for (const p of parts) s += typeof p.weight === 'function' ? p.scale : 3 * x;
  return s;
});
export const covers = 'function-values/branch';
