import { grad } from 'adjoint';
const twice = <T>(f: (this: T, x: number) => number) =>
  function (this: T, x: number): number {
    return 2 * f.call(this, x);
  };
class Model {
  @twice
  square(x: number): number {
    return x * x;
  }
}
const model = new Model();
export const g = grad((x: number): number => model.square(x));
export const covers = 'always-refused';
