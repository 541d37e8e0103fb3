import { valueAndGrad } from "adjoint";
import { beginChecks, beginReverse, checkElements, checkFinite, checkTrace, checked, trace, traceEnd } from "adjoint/internal";
class V {
  constructor(x) {
    this.x = x;
  }
  x;
  toString() {
    return `V(${this.x})`;
  }
}
function f(x) {
  const v = new V(x * 2);
  const s = `${v}`;
  return s.startsWith("V(") ? v.x * x : 0;
}
const args = [[1.3]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(x) {
  const checks = beginChecks();
  checkElements(x, "n", "x");
  const v = { x: x * 2, $class: "V" };
  const t = (({ $class: _, ...fields }) => Object.assign(Object.create(V.prototype), fields))(v);
  const t1 = `${t}`.startsWith("V(");
  let t2 = 0;
  let xBar = 0;
  if (t1) {
    trace(checks, "the branch taken of f (block 1)", "p3.ts:3:89");
    const t3 = v.x;
    t2 = t3 * x;
    xBar = t3;
  } else {
    trace(checks, "the other branch of f (block 2)", "p3.ts:3:89");
    t2 = 0;
  }
  beginReverse(checks);
  const vBar = { x: 0 };
  let xBar1 = 0;
  if (t1) {
    checkFinite(checks, x, x, "a value", "p3.ts:3:110");
    checkFinite(checks, xBar, xBar, "`x`", "p3.ts:3:110");
    vBar.x += x;
    checkTrace(checks, "the branch taken of f (block 1)", "p3.ts:3:89");
    xBar1 = xBar;
  } else {
    checkTrace(checks, "the other branch of f (block 2)", "p3.ts:3:89");
    xBar1 = 0;
  }
  const t4 = vBar.x;
  const t5 = t4 * 2;
  checkFinite(checks, t5, t4, 2, "`x`", "p3.ts:3:56");
  const xBar2 = xBar1 + t5;
  checkFinite(checks, xBar2, xBar1, t5, "`x`", "p3.ts:3:56");
  traceEnd(checks);
  return [t2, [xBar2]];
}
export {
  args,
  f,
  vg
};
