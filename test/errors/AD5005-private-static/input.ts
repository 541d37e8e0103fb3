import { grad } from 'adjoint';
class Totals {
  static #sum = 0;
  static add(v: number): number {
    Totals.#sum += v;
    return Totals.#sum;
  }
}
export const g = grad((x: number): number => Totals.add(x) * Totals.add(2));
export const covers = 'module-state';
