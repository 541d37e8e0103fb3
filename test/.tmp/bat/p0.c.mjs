import { valueAndGrad } from "adjoint";
import { beginChecks, beginReverse, checkElements, checkFinite, checked, traceEnd } from "adjoint/internal";
class Acc {
  static count = 0;
  static total = 1;
  v = 0;
  add(x) {
    Acc.count++;
    Acc.total *= x;
    this.v += Acc.total;
    return this;
  }
}
function f(x) {
  Acc.count = 0;
  Acc.total = 1;
  const a = new Acc();
  a.add(x).add(x).add(2);
  return a.v * Acc.total + Acc.count;
}
const args = [[1.3]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(x) {
  const checks = beginChecks();
  checkElements(x, "n", "x");
  Acc.count = 0;
  Acc.total = 1;
  Acc.count = 1;
  Acc.total = x;
  Acc.count = 2;
  const t = x * x;
  Acc.total = t;
  Acc.count = 3;
  const t1 = t * 2;
  Acc.total = t1;
  const t2 = 0 + x + t + t1;
  const t3 = t2 * t1 + 3;
  beginReverse(checks);
  checkFinite(checks, t1, t1, "a value", "p0.ts:3:122");
  checkFinite(checks, t2, t2, "a value", "p0.ts:3:122");
  const t4 = t2 + t1;
  checkFinite(checks, t4, t2, t1, "a value", "p0.ts:2:102");
  const t5 = t4 * 2;
  checkFinite(checks, t5, t4, 2, "a value", "p0.ts:2:86");
  const t6 = t5 + t1;
  checkFinite(checks, t6, t5, t1, "a value", "p0.ts:2:102");
  const xBar = t6 * x;
  checkFinite(checks, xBar, t6, x, "`x`", "p0.ts:2:86");
  checkFinite(checks, xBar, t6, x, "`x`", "p0.ts:2:86");
  const xBar1 = xBar + xBar;
  checkFinite(checks, xBar1, xBar, xBar, "`x`", "p0.ts:2:86");
  const xBar2 = xBar1 + t1;
  checkFinite(checks, xBar2, xBar1, t1, "`x`", "p0.ts:2:102");
  traceEnd(checks);
  return [t3, [xBar2]];
}
export {
  args,
  f,
  vg
};
