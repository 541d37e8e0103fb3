import { grad } from 'adjoint';
class Base {
  static rate = 1;
}
class Fast extends Base {}
Fast.rate = 5;
export const g = grad((x: number): number => {
  Base.rate = x;
  return Fast.rate * x;
});
export const taped = grad((x: number): number => Fast.rate * x, { backend: 'tape' });
export const covers = 'class-inside';
