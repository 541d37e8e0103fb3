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
  const refs = tape.refs;
  let refTop = tape.refTop;
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
    tagTape(tape, top, refTop, ["`i` of a trip (slot 0 of record f:20) at p11.ts:2:90"], []);
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = i;
    i += 1;
  }
  const keys = [...m.keys()];
  const n1 = keys.length;
  const out = new Array(n1);
  const outBar = new Array(n1);
  ownShadow(checks, outBar, "`out`");
  pairShadow(checks, out, outBar, "`out`", "p11.ts:2:145");
  for (let i2 = 0; i2 < n1; i2++) {
    trace(checks, "a trip of f (block 2)", "p11.ts:2:145");
    const t1 = keys[i2];
    const t2 = m.get(t1);
    const o = [t1, t2];
    const o1 = new Float64Array(2);
    ownShadow(checks, o1, "an object");
    pairShadow(checks, o, o1, "an object", "p11.ts:2:145");
    out[i2] = o;
    outBar[i2] = o1;
    tagTape(tape, top, refTop, ["a value of a trip (slot 0 of record f:21) at p11.ts:2:145"], ["a value of a trip (slot 1 of record f:21)"]);
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = t1;
    refs[refTop++] = o1;
  }
  const t3 = out.length;
  let s = 0;
  for (let i3 = 0; i3 < t3; i3++) {
    trace(checks, "a trip of f (block 3)", "p11.ts:2:124");
    const o2 = out[i3];
    const o3 = outBar[i3];
    pairShadow(checks, o2, o3, "an object", "p11.ts:2:129");
    const k = o2[0];
    const e = o2[1];
    const s1 = s + k * e;
    const t4 = k + e;
    tagTape(tape, top, refTop, ["`k` of a trip (slot 2 of record f:18) at p11.ts:2:135", "`e` of a trip (slot 3 of record f:18) at p11.ts:2:135", "`s` of a trip (slot 4 of record f:18) at p11.ts:2:150", "a value of a trip (slot 5 of record f:18) at p11.ts:2:167"], ["a value of a trip (slot 0 of record f:18) at p11.ts:2:129", "a value of a trip (slot 1 of record f:18) at p11.ts:2:129"]);
    if (top + 4 > data.length) data = growTape(tape, top + 4);
    data[top++] = k;
    data[top++] = e;
    data[top++] = s1;
    data[top++] = t4;
    refs[refTop++] = o2;
    refs[refTop++] = o3;
    s = s1 * t4;
  }
  checkOwner(tape, owner);
  beginReverse(checks);
  const vBar = new Float64Array(n);
  let sBar = 1;
  for (let i4 = t3 - 1; i4 >= 0; i4--) {
    checkTags(tape, top, refTop, ["`k` of a trip (slot 2 of record f:18) at p11.ts:2:135", "`e` of a trip (slot 3 of record f:18) at p11.ts:2:135", "`s` of a trip (slot 4 of record f:18) at p11.ts:2:150", "a value of a trip (slot 5 of record f:18) at p11.ts:2:167"], ["a value of a trip (slot 0 of record f:18) at p11.ts:2:129", "a value of a trip (slot 1 of record f:18) at p11.ts:2:129"]);
    const o4 = refs[--refTop];
    const o5 = refs[--refTop];
    top -= 4;
    const k1 = data[top];
    const e1 = data[top + 1];
    const s2 = data[top + 2];
    const t5 = data[top + 3];
    const o6 = out[i4];
    checkSame(o6, o5, "a value", "p11.ts:2:129");
    const o7 = outBar[i4];
    checkSame(o7, o4, "a value", "p11.ts:2:129");
    const k2 = o6[0];
    checkSame(k2, k1, "`k`", "p11.ts:2:135");
    const e2 = o6[1];
    checkSame(e2, e1, "`e`", "p11.ts:2:135");
    const t6 = k2 + e2;
    checkSame(t6, t5, "a value", "p11.ts:2:167");
    const sBar1 = sBar * t6;
    checkFinite(checks, sBar1, sBar, t6, "`s`", "p11.ts:2:162");
    const kBar = sBar * s2;
    checkFinite(checks, kBar, sBar, s2, "a value", "p11.ts:2:162");
    const t7 = sBar1 * e2;
    checkFinite(checks, t7, sBar1, e2, "`k`", "p11.ts:2:155");
    const kBar1 = kBar + t7;
    checkFinite(checks, kBar1, kBar, t7, "`k`", "p11.ts:2:155");
    const t8 = sBar1 * k2;
    checkFinite(checks, t8, sBar1, k2, "`e`", "p11.ts:2:155");
    const eBar = kBar + t8;
    checkFinite(checks, eBar, kBar, t8, "`e`", "p11.ts:2:155");
    checkShadow(checks, o7, "an object", "p11.ts:2:135");
    if (o7[1] !== void 0) o7[1] += eBar;
    if (o7[0] !== void 0) o7[0] += kBar1;
    checkTrace(checks, "a trip of f (block 3)", "p11.ts:2:124");
    sBar = sBar1;
  }
  for (let i5 = n1 - 1; i5 >= 0; i5--) {
    checkTags(tape, top, refTop, ["a value of a trip (slot 0 of record f:21) at p11.ts:2:145"], ["a value of a trip (slot 1 of record f:21)"]);
    const o8 = refs[--refTop];
    top -= 1;
    const t9 = data[top];
    const t10 = keys[i5];
    checkSame(t10, t9, "a value", "p11.ts:2:145");
    checkShadow(checks, o8, "an object", "p11.ts:2:145");
    const t11 = o8[1];
    checkShadow(checks, mBar, "`m`", "p11.ts:2:145");
    mBar.set(t10, (mBar.get(t10) ?? 0) + t11);
    checkTrace(checks, "a trip of f (block 2)", "p11.ts:2:145");
  }
  for (let i6 = last; i6 >= 0; i6--) {
    checkTags(tape, top, refTop, ["`i` of a trip (slot 0 of record f:20) at p11.ts:2:90"], []);
    top -= 1;
    const i7 = data[top];
    checkShadow(checks, mBar, "`m`", "p11.ts:2:110");
    const t12 = mBar.get(i7);
    const t13 = t12 ?? 0;
    checkFinite(checks, t13, t12, "a value", "p11.ts:2:110");
    mBar.set(i7, 0);
    vBar[i7] += t13;
    checkTrace(checks, "a trip of f (block 1)", "p11.ts:2:90");
  }
  traceEnd(checks);
  const t14 = entryShadow(vBar, ["a", "n"]);
  const t15 = toGradient(t14, ["a", "n"]);
  releaseTape(tape, top, refTop);
  return [s, [t15]];
}
export {
  args,
  f,
  vg
};
