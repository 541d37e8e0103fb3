import { grad } from 'adjoint';
abstract class Shape {
  abstract area(x: number): number;
}
class Square extends Shape {
  override area(x: number): number {
    return x * x;
  }
}
const shape: Shape = new Square();
export const g = grad((x: number): number => shape.area(x));
export const covers = 'class-dispatch, methods';
