import { grad } from 'adjoint';

export const covers = 'throw-implicit';

class Point {
  constructor(
    public x: number,
    public y: number,
  ) {
    Object.freeze(this);
  }
}
export const g = grad((x: number): number => {
  const p = new Point(x, 2);
  try {
    p.x = 5;
  } catch {
    p.y = 3;
  }
  return p.x * p.y;
});

const lock = (o: object): void => {
  Object.freeze(o);
};
class Locked {
  value: number;
  constructor(value: number) {
    this.value = value;
    lock(this);
  }
}
class Doubled extends Locked {
  constructor(value: number) {
    super(value);
    try {
      this.value = 2 * value;
    } catch {}
  }
}
export const ofBase = grad((x: number): number => new Doubled(x).value * x);
class Told {
  value: number;
  constructor(value: number, tell: (o: Told) => void) {
    this.value = value;
    tell(this);
    try {
      this.value = 5;
    } catch {}
  }
}
export const told = grad((x: number): number => new Told(x, (o) => void Object.freeze(o)).value * x);
