import { grad } from 'adjoint';
class Shared {
  static known: Shared | undefined;
  factor = 1;
  constructor(factor: number) {
    if (Shared.known) return Shared.known;
    this.factor = factor;
  }
}
export const g = grad((x: number): number => new Shared(x).factor * x);
export const covers = 'class-inside';
