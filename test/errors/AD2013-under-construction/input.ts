import { grad } from 'adjoint';
class Step {
  rate: number;
  constructor(x: number) {
    this.rate = this.scaled(x);
  }
  scaled(x: number) {
    return 2 * x;
  }
}
class Steep extends Step {
  scaled = (x: number): number => 1000 * x;
}
/** The method of the base class is called, the field is not there yet. */
export const replaced = grad((x: number): number => new Steep(x).rate);
class Secret extends Step {
  #factor = 3;
  scaled(x: number) {
    return this.#factor * x;
  }
}
export const secret = grad((x: number): number => new Secret(x).rate);
class Counted {
  width = 1;
  count: number = Object.keys(this).length;
  height = 2;
}
export const counted = grad((x: number): number => new Counted().count * x);
class Asking {
  hasWidth: boolean;
  constructor() {
    this.hasWidth = 'width' in this;
  }
}
class Wide extends Asking {
  width = 4;
}
export const asked = grad((x: number): number => (new Wide().hasWidth ? x : 2 * x));
export const covers = 'class-inside';
