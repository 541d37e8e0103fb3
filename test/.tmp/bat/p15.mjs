import { valueAndGrad } from "adjoint";
class L {
}
class A extends L {
  constructor(k) {
    super();
    this.k = k;
  }
  k;
  go(x) {
    return x * this.k;
  }
}
class Seq extends L {
  constructor(a, b) {
    super();
    this.a = a;
    this.b = b;
  }
  a;
  b;
  go(x) {
    return this.b.go(this.a.go(x));
  }
}
function f(x) {
  return new Seq(new A(x), new Seq(new A(2), new A(x))).go(x);
}
const args = [[0.7]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(x) {
  const xBar = x * x * 2;
  const t = xBar * x;
  const t1 = x * 2 * x;
  return [t, [xBar + t1 + t1]];
}
export {
  args,
  f,
  vg
};
