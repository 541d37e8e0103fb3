import { valueAndGrad } from "adjoint";
import { acquireTape, beginChecks, beginReverse, checkElements, checkFinite, checkOwner, checkShadow, checkTags, checkTrace, checked, growTape, ownShadow, pairShadow, releaseTape, tagTape, trace, traceEnd } from "adjoint/internal";
class Net {
  constructor(act, k) {
    this.act = act;
    this.k = k;
  }
  act;
  k;
  fs = [];
  scale = (x) => x * this.k;
  add(f2) {
    this.fs.push(f2);
    return this;
  }
  run(x) {
    let v = this.act(x);
    for (const f2 of this.fs) v = f2(v);
    return this.scale(v);
  }
}
const ops = { add: (a, b) => a + b, mul: (a, b) => a * b };
const table = { "+": (a, b) => a + b, "*": ops.mul };
function f(x) {
  return new Net(Math.tanh, x).add((v) => v * v).add(Math.exp).run(x) + ops.add(x, 2) * table["*"](x, 3);
}
const args = [[0.7]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(x) {
  const tape = acquireTape();
  const owner = tape.owner;
  let data = tape.data;
  let top = tape.top;
  const checks = beginChecks();
  checkElements(x, "n", "x");
  const o = { $site: "f0" };
  const o1 = [];
  const o2 = { fs: o1, act: o, k: x, scale: void 0, $class: "Net" };
  const o3 = { k: 0, scale: void 0 };
  ownShadow(checks, o3, "an object");
  pairShadow(checks, o2, o3, "an object", "p14.ts:5:47");
  const o4 = { $site: "f1", $1_0: o2 };
  const o5 = { $1_0: o3 };
  ownShadow(checks, o5, "an object");
  pairShadow(checks, o4, o5, "an object", "p14.ts:2:120");
  o2.scale = o4;
  o3.scale = o5;
  const o6 = o2.fs;
  const o7 = { $site: "f2" };
  o6[o6.length] = o7;
  const t = o6.length;
  const o8 = { $site: "f3" };
  o6[t] = o8;
  const t1 = o6.length;
  const v = Math.tanh(x);
  let v1 = v;
  for (let i = 0; i < t1; i++) {
    trace(checks, "a trip of f (block 1)", "p14.ts:2:257");
    const t2 = o6[i].$site === "f2";
    let v2 = 0;
    let t3 = 0;
    if (t2) {
      trace(checks, "the branch taken of f (block 2)", "p14.ts:2:286");
      v2 = v1 * v1;
    } else {
      trace(checks, "the other branch of f (block 3)", "p14.ts:2:286");
      const t4 = Math.exp(v1);
      v2 = t4;
      t3 = t4;
    }
    tagTape(tape, top, 0, ["`v` of a trip (slot 0 of record f:33) at p14.ts:2:257", "a value of a trip (slot 1 of record f:33) at p14.ts:2:286", "a value of a trip (slot 2 of record f:33) at p14.ts:2:286"], []);
    if (top + 3 > data.length) data = growTape(tape, top + 3);
    data[top++] = v1;
    data[top++] = t2 ? 1 : 0;
    data[top++] = t3;
    v1 = v2;
  }
  const o9 = o2.scale;
  const o10 = o3.scale;
  pairShadow(checks, o9, o10, "an object", "p14.ts:2:299");
  const o11 = o9.$1_0;
  const o12 = o10.$1_0;
  pairShadow(checks, o11, o12, "an object", "p14.ts:2:299");
  const vBar = o11.k;
  const t5 = x + 2;
  const t6 = x * 3;
  const t7 = v1 * vBar + t5 * t6;
  checkOwner(tape, owner);
  beginReverse(checks);
  checkFinite(checks, t6, t6, "a value", "p14.ts:5:110");
  checkFinite(checks, t5, t5, "a value", "p14.ts:5:110");
  const xBar = t5 * 3;
  checkFinite(checks, xBar, t5, 3, "`x`", "p14.ts:3:84");
  const xBar1 = xBar + t6;
  checkFinite(checks, xBar1, xBar, t6, "`x`", "p14.ts:3:46");
  checkFinite(checks, vBar, vBar, "`v`", "p14.ts:2:143");
  checkFinite(checks, v1, v1, "a value", "p14.ts:2:143");
  checkShadow(checks, o12, "an object", "p14.ts:2:147");
  o12.k += v1;
  let vBar1 = vBar;
  for (let i1 = t1 - 1; i1 >= 0; i1--) {
    checkTags(tape, top, 0, ["`v` of a trip (slot 0 of record f:33) at p14.ts:2:257", "a value of a trip (slot 1 of record f:33) at p14.ts:2:286", "a value of a trip (slot 2 of record f:33) at p14.ts:2:286"], []);
    top -= 3;
    const v3 = data[top];
    const t8 = data[top + 1] !== 0;
    const t9 = data[top + 2];
    let vBar2 = 0;
    if (t8) {
      const vBar3 = vBar1 * v3;
      checkFinite(checks, vBar3, vBar1, v3, "`v`", "p14.ts:5:80");
      checkFinite(checks, vBar3, vBar1, v3, "`v`", "p14.ts:5:80");
      const vBar4 = vBar3 + vBar3;
      checkFinite(checks, vBar4, vBar3, vBar3, "`v`", "p14.ts:5:80");
      checkTrace(checks, "the branch taken of f (block 2)", "p14.ts:2:286");
      vBar2 = vBar4;
    } else {
      const vBar5 = vBar1 * t9;
      checkFinite(checks, vBar5, vBar1, t9, "`v`", "p14.ts:2:286");
      checkTrace(checks, "the other branch of f (block 3)", "p14.ts:2:286");
      vBar2 = vBar5;
    }
    checkTrace(checks, "a trip of f (block 1)", "p14.ts:2:257");
    vBar1 = vBar2;
  }
  const t10 = vBar1 * (1 - v * v);
  checkFinite(checks, t10, vBar1, v, "`x`", "p14.ts:2:244");
  const xBar2 = xBar1 + t10;
  checkFinite(checks, xBar2, xBar1, t10, "`x`", "p14.ts:2:244");
  checkShadow(checks, o3, "an object", "p14.ts:5:47");
  const t11 = o3.k;
  const xBar3 = xBar2 + t11;
  checkFinite(checks, xBar3, xBar2, t11, "`x`", "p14.ts:5:47");
  traceEnd(checks);
  releaseTape(tape, top);
  return [t7, [xBar3]];
}
export {
  args,
  f,
  vg
};
