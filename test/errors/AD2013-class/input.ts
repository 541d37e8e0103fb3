import { grad } from 'adjoint';
class Point {
  constructor(
    readonly x: number,
    readonly y: number,
  ) {}
  norm(): number {
    return Math.hypot(this.x, this.y);
  }
}
export const g = grad((x: number): number => new Point(x, 2).norm());
export const covers = 'class-inside, methods';
