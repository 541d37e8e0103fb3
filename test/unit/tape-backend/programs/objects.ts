// Classes, maps, sets, objects, functions as values.
class Counter {
  #total = 0;
  static readonly weight = 3;
  constructor(public by: number) {
    this.#total = by * 2;
  }
  get total(): number {
    return this.#total * Counter.weight;
  }
  bump(): this {
    this.#total *= this.by;
    this.#total++;
    this.#total ||= 3;
    return this;
  }
  static of(x: number): Counter {
    return new Counter(x);
  }
  #hidden(x: number): number {
    return x * this.#total;
  }
  hidden(): number {
    return this.#hidden(2) + (#total in this ? 1 : 0);
  }
}
export function privates(x: number): number {
  const t = Counter.of(x).bump();
  return t.total * t.hidden() + t.by;
}
export class Vec {
  constructor(
    public x: number,
    public y: number,
  ) {}
  plus(o: Vec): Vec {
    return new Vec(this.x + o.x, this.y + o.y);
  }
  get norm(): number {
    return Math.hypot(this.x, this.y);
  }
  static zero = new Vec(0, 0);
}
export class Solid extends Vec {
  z = 1;
  override plus(o: Vec): Vec {
    const p = super.plus(o);
    return new Solid(p.x, p.y * this.z);
  }
}
export function instances(ps: Vec[]): number {
  let a: Vec = Vec.zero;
  for (const p of ps) {
    a = a.plus(p);
    p.x = a.norm;
  }
  ps.push(a);
  return a.norm * a.x;
}
export function subclasses(ps: Vec[]): number {
  return ps.reduce((s, p) => s + (p instanceof Solid ? p.z * p.x : p.y), 0) * ps[0].plus(ps[1]).norm;
}
class Arrow {
  k = 2;
  constructor(public w: number) {}
  f = (x: number): number => this.k * x * this.w;
  get twice(): number {
    return this.w * 2;
  }
  set twice(x: number) {
    this.w = x / 2;
  }
}
export function arrows(x: number): number {
  const a = new Arrow(x * x);
  a.k *= x;
  a.twice += a.f(x);
  a.twice++;
  const { f } = a;
  return [1, x].map(a.f).reduce((p, q) => p + q, 0) + f(a.twice);
}
const ops = {
  add: (a: number, b: number): number => a + b,
  list: [Math.sin, (x: number): number => x * x],
  nest: {
    half(x: number): number {
      return x / 2;
    },
  },
};
const scaleBy =
  (k: number) =>
  (x: number): number =>
    x * k;
const twice = scaleBy(2);
const table = [twice, scaleBy(3), Math.cos];
export function tables(x: number, i: number): number {
  return ops.add(x, 2) * ops.list[i](x) * twice(x) + table[i](x) * table[2](x) + ops.nest.half(x);
}
export function sets(v: number[]): number {
  const s = new Set(v);
  s.add(v[0]);
  const [first, ...others] = s;
  let t = first * 3;
  for (const x of others) t += x * x;
  t += [...s.values()].length * Math.max(...s) + Array.from(s, (x) => x * 2)[1];
  s.delete(v[1]);
  return t * s.size * (s.has(v[0]) ? v[0] : 1);
}
export function keys(v: number[]): number {
  const m = new Map(v.map((x) => [x, x * x]));
  let s = 0;
  for (const [k, y] of m) s += k * y;
  for (const k of m.keys()) s += k;
  m.forEach((y, k) => {
    s += y / k;
  });
  return s * (m.get(v[0]) ?? 0);
}
export function grown(o: { l: { v: number }[]; m: Map<string, number[]> }): number {
  o.l.push({ v: o.l[0].v * 2 });
  o.m.get('a')?.push(o.l[1].v);
  o.m.set('b', [o.l[0].v, ...(o.m.get('a') ?? [])]);
  o.l[0] = o.l[1];
  return (o.m.get('b') ?? []).reduce((s, x) => s + x * x, 0) * o.l[0].v;
}
export function frozen(o: { readonly a: number; readonly v: readonly number[] }): number {
  return o.a * o.v[0] + o.v[1] ** 2;
}
export function targets(x: number): number {
  class A {
    k: number;
    constructor() {
      this.k = new.target === A ? x : x * 2;
    }
  }
  class B extends A {}
  return new A().k * new B().k;
}
interface Tree {
  v: number;
  kids?: Tree[];
  next?: Tree;
}
export function tree(t: Tree): number {
  let s = t.v;
  for (const k of t.kids ?? []) s += tree(k) * t.v;
  if (t.next) t.next.v *= s;
  return s;
}
const platform = globalThis as unknown as { structuredClone<T>(value: T): T };
/** A deep copy of an array has what stands beside its elements. */
export function besideElements(x: number): number {
  const a = [x, 2];
  a[-1] = x * 7;
  const copy = platform.structuredClone({ a }).a;
  copy[-1] *= x;
  return copy[-1] * copy[0] * a[-1];
}
export const cases = {
  besideElements: { args: [1.3] },
  privates: { args: [1.3] },
  instances: { args: [[new Vec(1, 2), new Solid(3, 1)]] },
  subclasses: { args: [[new Vec(1, 2), new Solid(3, 1)]] },
  arrows: { args: [1.3] },
  tables: { args: [1.3, 1] },
  sets: { args: [[1.5, 0.7, 2]] },
  keys: { args: [[1.5, 0.7]] },
  grown: { args: [{ l: [{ v: 1.5 }], m: new Map([['a', [0.7]]]) }] },
  frozen: { args: [Object.freeze({ a: 2, v: Object.freeze([1, 3]) })] },
  targets: { args: [1.3] },
  tree: { args: [{ v: 2, kids: [{ v: 3, next: { v: 1 } }, { v: 0.5 }] }] },
};
