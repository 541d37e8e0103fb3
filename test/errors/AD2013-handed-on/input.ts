import { grad } from 'adjoint';
class Shape {
  readonly size: number;
  constructor(x: number) {
    this.size = x * describe(this);
  }
}
class Square extends Shape {
  side = 3;
}
const describe = (shape: object): number => Object.keys(shape).length;
export const counted = grad((x: number): number => new Square(x).size);
class Listed {
  readonly count: number;
  constructor(all: Listed[]) {
    all.push(this);
    this.count = all.filter((o) => 'weight' in o).length;
  }
}
class Weighed extends Listed {
  weight = 2;
}
export const listed = grad((x: number): number => new Weighed([]).count * x);
class Watched {
  constructor(watch: (o: Watched) => void) {
    watch(this);
  }
}
class Named extends Watched {
  label = 4;
}
let seen = 0;
const countKeys = (o: object): void => {
  for (const _ in o) seen++;
};
export const watched = grad((x: number): number => new Named(countKeys).label * x + seen);
class Base {
  constructor(x: number) {
    this.setUp(x);
  }
  setUp(_: number): void {}
}
class Either extends Base {
  a = 1;
  b!: number;
  override setUp(x: number): void {
    if (x > 1) this.b = x;
  }
}
export const either = grad((x: number): number => (Object.keys(new Either(x))[0] === 'a' ? x : 2 * x));
export const covers = 'class-inside';
