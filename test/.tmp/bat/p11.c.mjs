import { valueAndGrad } from "adjoint";
import { acquireTape, beginChecks, beginReverse, checkElements, checkFinite, checkOwner, checkSame, checkShadow, checkTags, checkTrace, checked, entryShadow, growTape, ownShadow, pairShadow, releaseTape, tagTape, toGradient, trace, traceEnd } from "adjoint/internal";
function f(v) {
  let s = 0;
  const m = /* @__PURE__ */ new Map();
  v.forEach((x, i) => m.set(i, x));
  for (const [k, e] of m) {
    s += k * e;
    s *= k + e;
  }
  return s;
}
const args = [[[3, 2]]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(v) {
  const tape = acquireTape();
  const owner = tape.owner;
  let data = tape.data;
  let top = tape.top;
  const checks = beginChecks();
  checkElements(v, ["a", "n"], "v");
  const n = v.length;
  const m = /* @__PURE__ */ new Map();
  const mBar = /* @__PURE__ */ new Map();
  ownShadow(checks, mBar, "`m`");
  pairShadow(checks, m, mBar, "`m`", "p11.ts:2:63");
  let i = 0;
  let last = 0;
  let i1 = 0;
  for (; ; i1++) {
    const t = i < n;
    if (!(t && t)) {
      last = i1 - 1;
      break;
    }
    trace(checks, "a trip of f (block 1)", "p11.ts:2:90");
    m.set(i, v[i]);
    tagTape(tape, top, 0, ["`i` of a trip (slot 0 of record f:7) at p11.ts:2:90"], []);
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = i;
    i += 1;
  }
  const t1 = m.keys();
  let s = 0;
  let exit = 0;
  let last1 = 0;
  let i2 = 0;
  for (; ; i2++) {
    trace(checks, "a trip of f (block 2)", "p11.ts:2:124");
    const t2 = t1.next();
    const t3 = t2.done;
    if (t3) {
      trace(checks, "the branch taken of f (block 3)", "p11.ts:2:145");
      tagTape(tape, top, 0, ["`k` of a trip (slot 0 of record f:5) at p11.ts:2:145", "`e` of a trip (slot 1 of record f:5) at p11.ts:2:145", "`s` of a trip (slot 2 of record f:5) at p11.ts:2:150", "a value of a trip (slot 3 of record f:5) at p11.ts:2:167"], []);
      if (top + 4 > data.length) data = growTape(tape, top + 4);
      data[top++] = 0;
      data[top++] = 0;
      data[top++] = 0;
      data[top++] = 0;
      exit = 2;
      last1 = i2;
      break;
    } else {
      trace(checks, "the other branch of f (block 4)", "p11.ts:2:145");
    }
    const k = t2.value;
    const e = m.get(k);
    const s1 = s + k * e;
    const t4 = k + e;
    tagTape(tape, top, 0, ["`k` of a trip (slot 0 of record f:5) at p11.ts:2:145", "`e` of a trip (slot 1 of record f:5) at p11.ts:2:145", "`s` of a trip (slot 2 of record f:5) at p11.ts:2:150", "a value of a trip (slot 3 of record f:5) at p11.ts:2:167"], []);
    if (top + 4 > data.length) data = growTape(tape, top + 4);
    data[top++] = k;
    data[top++] = e;
    data[top++] = s1;
    data[top++] = t4;
    s = s1 * t4;
  }
  checkOwner(tape, owner);
  beginReverse(checks);
  const vBar = new Float64Array(n);
  let sBar = 1;
  for (let i3 = last1; i3 >= 0; i3--) {
    checkTags(tape, top, 0, ["`k` of a trip (slot 0 of record f:5) at p11.ts:2:145", "`e` of a trip (slot 1 of record f:5) at p11.ts:2:145", "`s` of a trip (slot 2 of record f:5) at p11.ts:2:150", "a value of a trip (slot 3 of record f:5) at p11.ts:2:167"], []);
    top -= 4;
    const k1 = data[top];
    const e1 = data[top + 1];
    const s2 = data[top + 2];
    const t5 = data[top + 3];
    let sBar1 = 0;
    if (exit === 2) {
      checkTrace(checks, "the branch taken of f (block 3)", "p11.ts:2:145");
      sBar1 = sBar;
    } else {
      const e2 = m.get(k1);
      checkSame(e2, e1, "`e`", "p11.ts:2:145");
      const t6 = k1 + e2;
      checkSame(t6, t5, "a value", "p11.ts:2:167");
      const sBar2 = sBar * t6;
      checkFinite(checks, sBar2, sBar, t6, "`s`", "p11.ts:2:162");
      const eBar = sBar * s2;
      checkFinite(checks, eBar, sBar, s2, "a value", "p11.ts:2:162");
      const t7 = sBar2 * k1;
      checkFinite(checks, t7, sBar2, k1, "`e`", "p11.ts:2:155");
      const eBar1 = eBar + t7;
      checkFinite(checks, eBar1, eBar, t7, "`e`", "p11.ts:2:155");
      checkShadow(checks, mBar, "`m`", "p11.ts:2:145");
      mBar.set(k1, (mBar.get(k1) ?? 0) + eBar1);
      checkTrace(checks, "the other branch of f (block 4)", "p11.ts:2:145");
      sBar1 = sBar2;
    }
    checkTrace(checks, "a trip of f (block 2)", "p11.ts:2:124");
    sBar = sBar1;
    exit = 0;
  }
  for (let i4 = last; i4 >= 0; i4--) {
    checkTags(tape, top, 0, ["`i` of a trip (slot 0 of record f:7) at p11.ts:2:90"], []);
    top -= 1;
    const i5 = data[top];
    checkShadow(checks, mBar, "`m`", "p11.ts:2:110");
    const t8 = mBar.get(i5);
    const t9 = t8 ?? 0;
    checkFinite(checks, t9, t8, "a value", "p11.ts:2:110");
    mBar.set(i5, 0);
    vBar[i5] += t9;
    checkTrace(checks, "a trip of f (block 1)", "p11.ts:2:90");
  }
  traceEnd(checks);
  const t10 = entryShadow(vBar, ["a", "n"]);
  const t11 = toGradient(t10, ["a", "n"]);
  releaseTape(tape, top);
  return [s, [t11]];
}
export {
  args,
  f,
  vg
};
