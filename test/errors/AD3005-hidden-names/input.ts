import { grad } from 'adjoint';
interface Point {
  $x: number;
  y: number;
}
export const g = grad((p: Point): number => Object.values(p).reduce((s, v) => s + v * v, 0));
export const h = grad((x: number): number => {
  const p = { '#x': x, y: 2 * x };
  return { ...p, y: 1 }['#x'] * x;
});
export const covers = 'keys';
