import { grad } from 'adjoint';
class Base {
  k = 2;
}
const scaled = (of: new () => Base) =>
  class extends of {
    scale(x: number): number {
      return this.k * x;
    }
  };
const Scaled = scaled(Base);
export const g = grad((x: number): number => new Scaled().scale(x));
export const covers = 'class-inside';
