import { grad } from 'adjoint';
class Point {
  x = 1;
}
export const g = grad((p: Point): number => p.x * p.x);
export const covers = 'class-outside';
