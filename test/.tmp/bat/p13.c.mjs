import { valueAndGrad } from "adjoint";
import { acquireTape, beginChecks, beginReverse, checkElements, checkFinite, checkOwner, checkSame, checkShadow, checkTags, checkTrace, checked, growTape, ownShadow, pairShadow, releaseTape, tagTape, trace, traceEnd } from "adjoint/internal";
function f(x, n) {
  let best = null;
  let prev;
  let s = 0;
  for (let i = 0; i < n; i++) {
    const c = Math.sin(x * (i + 1));
    if (best === null || c > best.x) best = { x: c };
    if (prev) s += prev[0] * x;
    prev = [x * i];
  }
  return s + (best ? best.x : 0);
}
const args = [[0.7, 4], [0.7, 0]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(x, n) {
  const tape = acquireTape();
  const owner = tape.owner;
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const checks = beginChecks();
  checkElements(x, "n", "x");
  checkElements(n, "n", "n");
  let best = null;
  let prev = void 0;
  let s = 0;
  let bestBar = void 0;
  let prevBar = void 0;
  for (let i = 0; i < n; i++) {
    trace(checks, "a trip of f (block 1)", "p13.ts:2:133");
    pairShadow(checks, best, bestBar, "`best`", "p13.ts:2:133");
    pairShadow(checks, prev, prevBar, "`prev`", "p13.ts:2:133");
    const i1 = i + 1;
    const t = x * i1;
    const c = Math.sin(t);
    const t1 = best === null || c > best.x;
    let best1;
    let bestBar1;
    let bestBar2;
    if (t1) {
      trace(checks, "the branch taken of f (block 4)", "p13.ts:2:196");
      const best2 = { x: c };
      const bestBar3 = { x: 0 };
      ownShadow(checks, bestBar3, "`best`");
      pairShadow(checks, best2, bestBar3, "`best`", "p13.ts:2:236");
      best1 = best2;
      bestBar1 = bestBar3;
      bestBar2 = bestBar3;
    } else {
      trace(checks, "the other branch of f (block 5)", "p13.ts:2:196");
      best1 = best;
      bestBar1 = bestBar;
    }
    pairShadow(checks, best1, bestBar1, "`best`", "p13.ts:2:236");
    const t2 = !!prev;
    let s1 = 0;
    let t3 = 0;
    if (t2) {
      trace(checks, "the branch taken of f (block 6)", "p13.ts:2:246");
      const t4 = prev[0];
      s1 = s + t4 * x;
      t3 = t4;
    } else {
      trace(checks, "the other branch of f (block 7)", "p13.ts:2:246");
      s1 = s;
    }
    const prev1 = [x * i];
    const prevBar1 = new Float64Array(1);
    ownShadow(checks, prevBar1, "`prev`");
    pairShadow(checks, prev1, prevBar1, "`prev`", "p13.ts:2:281");
    tagTape(tape, top, refTop, ["`i` of a trip (slot 2 of record f:3) at p13.ts:2:187", "a value of a trip (slot 3 of record f:3) at p13.ts:2:182", "a value of a trip (slot 4 of record f:3) at p13.ts:2:200", "a value of a trip (slot 6 of record f:3) at p13.ts:2:250", "a value of a trip (slot 7 of record f:3) at p13.ts:2:261"], ["`prev` of a trip (slot 0 of record f:3) at p13.ts:2:133", "`prevBar` of a trip (slot 1 of record f:3) at p13.ts:2:133", "`bestBar` of a trip (slot 5 of record f:3)", "`prevBar` of a trip (slot 8 of record f:3)"]);
    if (top + 5 > data.length) data = growTape(tape, top + 5);
    data[top++] = i1;
    data[top++] = t;
    data[top++] = t1 ? 1 : 0;
    data[top++] = t2 ? 1 : 0;
    data[top++] = t3;
    refs[refTop++] = prev;
    refs[refTop++] = prevBar;
    refs[refTop++] = bestBar2;
    refs[refTop++] = prevBar1;
    best = best1;
    prev = prev1;
    s = s1;
    bestBar = bestBar1;
    prevBar = prevBar1;
  }
  pairShadow(checks, best, bestBar, "`best`", "p13.ts:2:281");
  pairShadow(checks, prev, prevBar, "`prev`", "p13.ts:2:281");
  const t5 = !!best;
  let t6 = 0;
  if (t5) {
    trace(checks, "the branch taken of f (block 8)", "p13.ts:2:304");
    t6 = best.x;
  } else {
    trace(checks, "the other branch of f (block 9)", "p13.ts:2:304");
    t6 = 0;
  }
  const t7 = s + t6;
  checkOwner(tape, owner);
  beginReverse(checks);
  if (t5) {
    checkShadow(checks, bestBar, "`best`", "p13.ts:2:311");
    bestBar.x += 1;
    checkTrace(checks, "the branch taken of f (block 8)", "p13.ts:2:304");
  } else {
    checkTrace(checks, "the other branch of f (block 9)", "p13.ts:2:304");
  }
  let xBar = 0;
  for (let i2 = Math.ceil(n) - 1; i2 >= 0; i2--) {
    checkTags(tape, top, refTop, ["`i` of a trip (slot 2 of record f:3) at p13.ts:2:187", "a value of a trip (slot 3 of record f:3) at p13.ts:2:182", "a value of a trip (slot 4 of record f:3) at p13.ts:2:200", "a value of a trip (slot 6 of record f:3) at p13.ts:2:250", "a value of a trip (slot 7 of record f:3) at p13.ts:2:261"], ["`prev` of a trip (slot 0 of record f:3) at p13.ts:2:133", "`prevBar` of a trip (slot 1 of record f:3) at p13.ts:2:133", "`bestBar` of a trip (slot 5 of record f:3)", "`prevBar` of a trip (slot 8 of record f:3)"]);
    const prevBar2 = refs[--refTop];
    const bestBar4 = refs[--refTop];
    const prevBar3 = refs[--refTop];
    const prev2 = refs[--refTop];
    top -= 5;
    const i3 = data[top];
    const t8 = data[top + 1];
    const t9 = data[top + 2] !== 0;
    const t10 = data[top + 3] !== 0;
    const t11 = data[top + 4];
    const i4 = i2 + 1;
    checkSame(i4, i3, "`i`", "p13.ts:2:187");
    const t12 = x * i4;
    checkSame(t12, t8, "a value", "p13.ts:2:182");
    const t13 = !!prev2;
    checkSame(t13, t10, "a value", "p13.ts:2:250");
    checkShadow(checks, prevBar2, "`prev`", "p13.ts:2:281");
    const t14 = prevBar2[0];
    const t15 = t14 * i2;
    checkFinite(checks, t15, t14, i2, "`x`", "p13.ts:2:282");
    const xBar1 = xBar + t15;
    checkFinite(checks, xBar1, xBar, t15, "`x`", "p13.ts:2:282");
    let xBar2 = 0;
    if (t13) {
      const t16 = prev2[0];
      checkSame(t16, t11, "a value", "p13.ts:2:261");
      checkFinite(checks, x, 1, x, "a value", "p13.ts:2:261");
      checkFinite(checks, t16, 1, t16, "`x`", "p13.ts:2:261");
      const xBar3 = xBar1 + t16;
      checkFinite(checks, xBar3, xBar1, t16, "`x`", "p13.ts:2:261");
      checkShadow(checks, prevBar3, "`prev`", "p13.ts:2:261");
      prevBar3[0] += x;
      checkTrace(checks, "the branch taken of f (block 6)", "p13.ts:2:246");
      xBar2 = xBar3;
    } else {
      checkTrace(checks, "the other branch of f (block 7)", "p13.ts:2:246");
      xBar2 = xBar1;
    }
    let cBar = 0;
    if (t9) {
      checkShadow(checks, bestBar4, "`best`", "p13.ts:2:236");
      const cBar1 = bestBar4.x;
      checkTrace(checks, "the branch taken of f (block 4)", "p13.ts:2:196");
      cBar = cBar1;
    } else {
      checkTrace(checks, "the other branch of f (block 5)", "p13.ts:2:196");
      cBar = 0;
    }
    const t17 = cBar * Math.cos(t12);
    checkFinite(checks, t17, cBar, t12, "a value", "p13.ts:2:173");
    const t18 = t17 * i4;
    checkFinite(checks, t18, t17, i4, "`x`", "p13.ts:2:182");
    const xBar4 = xBar2 + t18;
    checkFinite(checks, xBar4, xBar2, t18, "`x`", "p13.ts:2:182");
    checkTrace(checks, "a trip of f (block 1)", "p13.ts:2:133");
    xBar = xBar4;
  }
  traceEnd(checks);
  releaseTape(tape, top, refTop);
  return [t7, [xBar]];
}
export {
  args,
  f,
  vg
};
