import { valueAndGrad } from "adjoint";
import { beginChecks, beginReverse, checkElements, checkFinite, checked, traceEnd } from "adjoint/internal";
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
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(x) {
  const checks = beginChecks();
  checkElements(x, "n", "x");
  const xBar = x * x * 2;
  const t = xBar * x;
  beginReverse(checks);
  checkFinite(checks, x, x, "a value", "p15.ts:2:139");
  checkFinite(checks, xBar, xBar, "`x`", "p15.ts:2:139");
  const t1 = x * 2;
  checkFinite(checks, t1, x, 2, "a value", "p15.ts:2:139");
  const t2 = t1 * x;
  checkFinite(checks, t2, t1, x, "`x`", "p15.ts:2:139");
  const xBar1 = xBar + t2;
  checkFinite(checks, xBar1, xBar, t2, "`x`", "p15.ts:2:139");
  checkFinite(checks, t2, t1, x, "`x`", "p15.ts:2:139");
  const xBar2 = xBar1 + t2;
  checkFinite(checks, xBar2, xBar1, t2, "`x`", "p15.ts:2:139");
  traceEnd(checks);
  return [t, [xBar2]];
}
export {
  args,
  f,
  vg
};
