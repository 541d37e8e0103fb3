import { grad } from 'adjoint';
class Base {
  #x: number;
  constructor(x: number) {
    this.#x = x;
  }
  get value(): number {
    return this.#x;
  }
}
class Derived extends Base {
  #x = 3;
  get product(): number {
    return this.#x * this.value;
  }
}
export const g = grad((x: number): number => new Derived(x).product);
export const covers = 'class-inside';
