import { grad } from 'adjoint';

export const covers = 'object-protocols';

// members that are declared in the class, and found in its prototype
class Square {
  declare area: number;
  declare unit: number;
  constructor(public side: number) {}
}
Square.prototype.unit = 2;
Object.defineProperty(Square.prototype, 'area', {
  get(this: Square): number {
    return this.side * this.side;
  },
});
export const g = grad((x: number): number => new Square(x).area);
export const h = grad((x: number): number => new Square(x).unit * x, { backend: 'tape' });
