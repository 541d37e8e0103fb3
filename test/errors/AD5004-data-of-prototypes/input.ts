import { grad } from 'adjoint';

export const covers = 'methods/overwritten';

class Vector {
  declare readonly isVector: boolean;
  constructor(public x: number) {}
  at(k: number): number {
    return this.x * k;
  }
}
interface Vector {
  readonly double: number;
}
(Vector.prototype as { isVector: boolean }).isVector = true;
Object.defineProperty(Vector.prototype, 'double', {
  get(this: Vector) {
    return this.x * 2;
  },
});

export const flag = grad((x: number): number => (new Vector(x).isVector ? x : 1));
export const accessor = grad((x: number): number => new Vector(x).double);
export const onTape = grad((x: number): number => new Vector(x).at(x), { backend: 'tape' });
