import { valueAndGrad } from "adjoint";
import { acquireTape, beginChecks, beginReverse, checkElements, checkFinite, checkOwner, checkTags, checkTrace, checked, growTape, releaseTape, tagTape, trace, traceEnd } from "adjoint/internal";
var Op = /* @__PURE__ */ ((Op2) => {
  Op2[Op2["Add"] = 0] = "Add";
  Op2[Op2["Mul"] = 1] = "Mul";
  return Op2;
})(Op || {});
function f(x, n) {
  let s = x;
  for (let i = 0; i < n; i++) {
    const name = Op[i % 2];
    if (name === "Add") s += x;
    else s *= x;
  }
  return s;
}
const args = [[1.3, 3]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(x, n) {
  const tape = acquireTape();
  const owner = tape.owner;
  let data = tape.data;
  let top = tape.top;
  const checks = beginChecks();
  checkElements(x, "n", "x");
  checkElements(n, "n", "n");
  let s = x;
  for (let i = 0; i < n; i++) {
    trace(checks, "a trip of f (block 1)", "p1.ts:3:62");
    const name = Op[i % 2];
    const t = name === "Add";
    let s1 = 0;
    if (t) {
      trace(checks, "the branch taken of f (block 2)", "p1.ts:3:116");
      s1 = s + x;
    } else {
      trace(checks, "the other branch of f (block 3)", "p1.ts:3:116");
      s1 = s * x;
    }
    tagTape(tape, top, 0, ["`s` of a trip (slot 0 of record f:1) at p1.ts:3:62", "a value of a trip (slot 1 of record f:1) at p1.ts:3:120"], []);
    if (top + 2 > data.length) data = growTape(tape, top + 2);
    data[top++] = s;
    data[top++] = t ? 1 : 0;
    s = s1;
  }
  checkOwner(tape, owner);
  beginReverse(checks);
  let sBar = 1;
  let xBar = 0;
  for (let i1 = Math.ceil(n) - 1; i1 >= 0; i1--) {
    checkTags(tape, top, 0, ["`s` of a trip (slot 0 of record f:1) at p1.ts:3:62", "a value of a trip (slot 1 of record f:1) at p1.ts:3:120"], []);
    top -= 2;
    const s2 = data[top];
    const t1 = data[top + 1] !== 0;
    let sBar1 = 0;
    let xBar1 = 0;
    if (t1) {
      const xBar2 = xBar + sBar;
      checkFinite(checks, xBar2, xBar, sBar, "`x`", "p1.ts:3:136");
      checkTrace(checks, "the branch taken of f (block 2)", "p1.ts:3:116");
      sBar1 = sBar;
      xBar1 = xBar2;
    } else {
      const sBar2 = sBar * x;
      checkFinite(checks, sBar2, sBar, x, "`s`", "p1.ts:3:149");
      const t2 = sBar * s2;
      checkFinite(checks, t2, sBar, s2, "`x`", "p1.ts:3:149");
      const xBar3 = xBar + t2;
      checkFinite(checks, xBar3, xBar, t2, "`x`", "p1.ts:3:149");
      checkTrace(checks, "the other branch of f (block 3)", "p1.ts:3:116");
      sBar1 = sBar2;
      xBar1 = xBar3;
    }
    checkTrace(checks, "a trip of f (block 1)", "p1.ts:3:62");
    sBar = sBar1;
    xBar = xBar1;
  }
  const xBar4 = xBar + sBar;
  checkFinite(checks, xBar4, xBar, sBar, "`x`", "p1.ts:3:62");
  traceEnd(checks);
  releaseTape(tape, top);
  return [s, [xBar4]];
}
export {
  args,
  f,
  vg
};
