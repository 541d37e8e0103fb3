import { valueAndGrad } from "adjoint";
import { acquireTape, beginChecks, beginReverse, checkElements, checkFinite, checkOwner, checkSame, checkShadow, checkTags, checkTrace, checked, entryShadow, extend, growTape, ownShadow, pairShadow, releaseTape, tagTape, toGradient, trace, traceEnd } from "adjoint/internal";
function f(v) {
  const names = "a,b,c".split(",").map((s) => s + "1");
  const w = "1,2,3".split(",").map(Number);
  return v.map(Math.sqrt).reduce((s, x, i) => s + x * w[i] * names[i].length, 0);
}
const args = [[[3, 2, 1]]];
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
  const o = "a,b,c".split(",");
  const n1 = o.length;
  const out = new Array(n1);
  let i = 0;
  for (; ; ) {
    const t = i < n1;
    if (!(t && t)) {
      break;
    }
    out[i] = o[i] + "1";
    i += 1;
  }
  const o1 = "1,2,3".split(",");
  const n2 = o1.length;
  const out1 = new Array(n2);
  let i2 = 0;
  for (; ; ) {
    const t1 = i2 < n2;
    if (!(t1 && t1)) {
      break;
    }
    out1[i2] = Number(o1[i2]);
    i2 += 1;
  }
  const out2 = new Array(n);
  const outBar = new Array(n).fill(0);
  ownShadow(checks, outBar, "`out`");
  pairShadow(checks, out2, outBar, "`out`", "p12.ts:2:145");
  let i4 = 0;
  let last = 0;
  let i5 = 0;
  for (; ; i5++) {
    const t2 = i4 < n;
    if (!(t2 && t2)) {
      last = i5 - 1;
      break;
    }
    trace(checks, "a trip of f (block 3)", "p12.ts:2:145");
    const t3 = v[i4];
    const t4 = Math.sqrt(t3);
    out2[i4] = t4;
    extend(outBar, i4);
    tagTape(tape, top, 0, ["`i` of a trip (slot 0 of record f:32) at p12.ts:2:145", "a value of a trip (slot 1 of record f:32) at p12.ts:2:145", "a value of a trip (slot 2 of record f:32) at p12.ts:2:145"], []);
    if (top + 3 > data.length) data = growTape(tape, top + 3);
    data[top++] = i4;
    data[top++] = t3;
    data[top++] = t4;
    i4 += 1;
  }
  const n3 = out2.length;
  let total = 0;
  let i6 = 0;
  let last1 = 0;
  let i7 = 0;
  for (; ; i7++) {
    const t5 = i6 < n3;
    if (!(t5 && t5)) {
      last1 = i7 - 1;
      break;
    }
    trace(checks, "a trip of f (block 4)", "p12.ts:2:145");
    const t6 = out1[i6];
    const t7 = out2[i6] * t6;
    const t8 = out[i6].length;
    tagTape(tape, top, 0, ["`i` of a trip (slot 0 of record f:33) at p12.ts:2:145", "a value of a trip (slot 1 of record f:33) at p12.ts:2:190", "a value of a trip (slot 2 of record f:33) at p12.ts:2:197"], []);
    if (top + 3 > data.length) data = growTape(tape, top + 3);
    data[top++] = i6;
    data[top++] = t6;
    data[top++] = t8;
    total += t7 * t8;
    i6 += 1;
  }
  checkOwner(tape, owner);
  beginReverse(checks);
  const vBar = new Float64Array(n);
  for (let i8 = last1; i8 >= 0; i8--) {
    checkTags(tape, top, 0, ["`i` of a trip (slot 0 of record f:33) at p12.ts:2:145", "a value of a trip (slot 1 of record f:33) at p12.ts:2:190", "a value of a trip (slot 2 of record f:33) at p12.ts:2:197"], []);
    top -= 3;
    const i9 = data[top];
    const t9 = data[top + 1];
    const t10 = data[top + 2];
    const t11 = out1[i9];
    checkSame(t11, t9, "a value", "p12.ts:2:190");
    checkFinite(checks, t10, 1, t10, "a value", "p12.ts:2:186");
    const t12 = t10 * t11;
    checkFinite(checks, t12, t10, t11, "a value", "p12.ts:2:186");
    checkShadow(checks, outBar, "`out`", "p12.ts:2:145");
    if (outBar[i9] !== void 0) outBar[i9] += t12;
    checkTrace(checks, "a trip of f (block 4)", "p12.ts:2:145");
  }
  for (let i10 = last; i10 >= 0; i10--) {
    checkTags(tape, top, 0, ["`i` of a trip (slot 0 of record f:32) at p12.ts:2:145", "a value of a trip (slot 1 of record f:32) at p12.ts:2:145", "a value of a trip (slot 2 of record f:32) at p12.ts:2:145"], []);
    top -= 3;
    const i11 = data[top];
    const t13 = data[top + 1];
    const t14 = data[top + 2];
    const t15 = v[i11];
    checkSame(t15, t13, "a value", "p12.ts:2:145");
    const t16 = Math.sqrt(t15);
    checkSame(t16, t14, "a value", "p12.ts:2:145");
    checkShadow(checks, outBar, "`out`", "p12.ts:2:145");
    const t17 = outBar[i11];
    const t18 = t17 ?? 0;
    checkFinite(checks, t18, t17, "a value", "p12.ts:2:145");
    outBar[i11] = 0;
    const t19 = 0.5 * t18;
    const t20 = t19 === 0 ? 0 : t19 / t16;
    checkFinite(checks, t20, t18, t16, "a value", "p12.ts:2:145");
    vBar[i11] += t20;
    checkTrace(checks, "a trip of f (block 3)", "p12.ts:2:145");
  }
  traceEnd(checks);
  const t21 = entryShadow(vBar, ["a", "n"]);
  const t22 = toGradient(t21, ["a", "n"]);
  releaseTape(tape, top);
  return [total, [t22]];
}
export {
  args,
  f,
  vg
};
