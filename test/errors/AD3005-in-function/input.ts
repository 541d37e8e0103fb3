import { grad } from 'adjoint';
class Rates {
  static slow = 3;
}
export const g = grad((x: number): number => ['slow', 'fast'].filter((name) => name in Rates).length * x);
export const covers = 'class-inside';
