import { valueAndGrad } from "adjoint";
import { acquireTape, beginChecks, beginReverse, checkElements, checkFinite, checkOwner, checkSame, checkShadow, checkTags, checkTrace, checked, extend, growTape, ownShadow, pairShadow, releaseTape, tagTape, trace, traceEnd } from "adjoint/internal";
function f(x) {
  const m = /* @__PURE__ */ new Map([[1, x], [2, x * x]]);
  const t = [...m.entries()].map(([k, e]) => e + k);
  return t[0] * t[1];
}
const args = [[3]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(x) {
  const tape = acquireTape();
  const owner = tape.owner;
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const checks = beginChecks();
  checkElements(x, "n", "x");
  const m = /* @__PURE__ */ new Map();
  const mBar = /* @__PURE__ */ new Map();
  ownShadow(checks, mBar, "`m`");
  pairShadow(checks, m, mBar, "`m`", "p6.ts:2:50");
  m.set(1, x);
  m.set(2, x * x);
  const keys = [...m.keys()];
  const n = keys.length;
  const out = new Array(n);
  const outBar = new Array(n);
  ownShadow(checks, outBar, "`out`");
  pairShadow(checks, out, outBar, "`out`", "p6.ts:2:111");
  for (let i = 0; i < n; i++) {
    trace(checks, "a trip of f (block 1)", "p6.ts:2:111");
    const t = keys[i];
    const t1 = m.get(t);
    const o = [t, t1];
    const o1 = [0, 0];
    ownShadow(checks, o1, "an object");
    pairShadow(checks, o, o1, "an object", "p6.ts:2:111");
    out[i] = o;
    outBar[i] = o1;
    tagTape(tape, top, refTop, ["a value of a trip (slot 0 of record f:22) at p6.ts:2:111"], ["a value of a trip (slot 1 of record f:22)"]);
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = t;
    refs[refTop++] = o1;
  }
  const n1 = out.length;
  const out1 = new Array(n1);
  const outBar1 = new Array(n1);
  ownShadow(checks, outBar1, "`out`");
  pairShadow(checks, out1, outBar1, "`out`", "p6.ts:2:107");
  for (let i1 = 0; i1 < n1; i1++) {
    const o2 = out[i1];
    const o3 = outBar[i1];
    pairShadow(checks, o2, o3, "an object", "p6.ts:2:107");
    out1[i1] = o2;
    outBar1[i1] = o3;
  }
  const n2 = out1.length;
  const out2 = new Array(n2);
  const outBar2 = new Array(n2).fill(0);
  ownShadow(checks, outBar2, "`out`");
  pairShadow(checks, out2, outBar2, "`out`", "p6.ts:2:107");
  let i2 = 0;
  let last = 0;
  let i3 = 0;
  for (; ; i3++) {
    const t2 = i2 < n2;
    if (!(t2 && t2)) {
      last = i3 - 1;
      break;
    }
    trace(checks, "a trip of f (block 3)", "p6.ts:2:107");
    const o4 = out1[i2];
    const o5 = outBar1[i2];
    pairShadow(checks, o4, o5, "an object", "p6.ts:2:107");
    out2[i2] = o4[1] + o4[0];
    extend(outBar2, i2);
    tagTape(tape, top, refTop, ["`i` of a trip (slot 0 of record f:24) at p6.ts:2:107"], ["a value of a trip (slot 1 of record f:24) at p6.ts:2:107"]);
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = i2;
    refs[refTop++] = o5;
    i2 += 1;
  }
  const t3 = out2[0];
  const t4 = out2[1];
  const t5 = t3 * t4;
  checkOwner(tape, owner);
  beginReverse(checks);
  checkFinite(checks, t4, t4, "a value", "p6.ts:2:155");
  checkFinite(checks, t3, t3, "a value", "p6.ts:2:155");
  checkShadow(checks, outBar2, "`out`", "p6.ts:2:162");
  if (outBar2[1] !== void 0) outBar2[1] += t3;
  if (outBar2[0] !== void 0) outBar2[0] += t4;
  for (let i4 = last; i4 >= 0; i4--) {
    checkTags(tape, top, refTop, ["`i` of a trip (slot 0 of record f:24) at p6.ts:2:107"], ["a value of a trip (slot 1 of record f:24) at p6.ts:2:107"]);
    const o6 = refs[--refTop];
    top -= 1;
    const i5 = data[top];
    const o7 = outBar1[i5];
    checkSame(o7, o6, "a value", "p6.ts:2:107");
    checkShadow(checks, outBar2, "`out`", "p6.ts:2:107");
    const t6 = outBar2[i5];
    const eBar = t6 ?? 0;
    checkFinite(checks, eBar, t6, "a value", "p6.ts:2:107");
    outBar2[i5] = 0;
    checkShadow(checks, o7, "an object", "p6.ts:2:129");
    o7[1] += eBar;
    checkTrace(checks, "a trip of f (block 3)", "p6.ts:2:107");
  }
  for (let i6 = n - 1; i6 >= 0; i6--) {
    checkTags(tape, top, refTop, ["a value of a trip (slot 0 of record f:22) at p6.ts:2:111"], ["a value of a trip (slot 1 of record f:22)"]);
    const o8 = refs[--refTop];
    top -= 1;
    const t7 = data[top];
    const t8 = keys[i6];
    checkSame(t8, t7, "a value", "p6.ts:2:111");
    checkShadow(checks, o8, "an object", "p6.ts:2:111");
    const t9 = o8[1];
    checkShadow(checks, mBar, "`m`", "p6.ts:2:111");
    mBar.set(t8, (mBar.get(t8) ?? 0) + t9);
    checkTrace(checks, "a trip of f (block 1)", "p6.ts:2:111");
  }
  checkShadow(checks, mBar, "`m`", "p6.ts:2:50");
  const t10 = mBar.get(2);
  const t11 = t10 ?? 0;
  checkFinite(checks, t11, t10, "a value", "p6.ts:2:50");
  mBar.set(2, 0);
  const xBar = t11 * x;
  checkFinite(checks, xBar, t11, x, "`x`", "p6.ts:2:87");
  checkFinite(checks, xBar, t11, x, "`x`", "p6.ts:2:87");
  const xBar1 = xBar + xBar;
  checkFinite(checks, xBar1, xBar, xBar, "`x`", "p6.ts:2:87");
  const t12 = mBar.get(1);
  const t13 = t12 ?? 0;
  checkFinite(checks, t13, t12, "`x`", "p6.ts:2:50");
  mBar.set(1, 0);
  const xBar2 = xBar1 + t13;
  checkFinite(checks, xBar2, xBar1, t13, "`x`", "p6.ts:2:50");
  traceEnd(checks);
  releaseTape(tape, top, refTop);
  return [t5, [xBar2]];
}
export {
  args,
  f,
  vg
};
