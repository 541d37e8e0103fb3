import { grad } from 'adjoint';

export const covers = 'throw-implicit';

class Point {
  constructor(
    public x: number,
    public y: number,
  ) {
    Object.freeze(this);
  }
}
export const g = grad((x: number): number => {
  const p = new Point(x, 2);
  try {
    p.x = 5;
  } catch {
    p.y = 3;
  }
  return p.x * p.y;
});
