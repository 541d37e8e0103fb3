import { valueAndGrad } from "adjoint";
import { acquireTape, beginChecks, beginReverse, checkElements, checkFinite, checkOwner, checkSame, checkShadow, checkTags, checkTrace, checked, entryShadow, growTape, ownShadow, pairShadow, releaseTape, tagTape, toGradient, trace, traceEnd } from "adjoint/internal";
function f(v) {
  const handlers = {};
  let s = 0;
  const on = (e, h) => {
    (handlers[e] ??= []).push(h);
  };
  on("a", (x) => {
    s += x * x;
  });
  on("b", (x) => {
    s -= x;
  });
  v.forEach((x, i) => handlers[i % 2 ? "b" : "a"].forEach((h) => h(x)));
  return s;
}
const args = [[[1, 2, 3]]];
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
  const handlers = {};
  const handlersBar = { __proto__: null };
  ownShadow(checks, handlersBar, "`handlers`");
  pairShadow(checks, handlers, handlersBar, "`handlers`", "p2.ts:2:100");
  const o = { v: 0 };
  const o1 = { v: 0 };
  ownShadow(checks, o1, "an object");
  pairShadow(checks, o, o1, "an object", "p2.ts:2:108");
  const o2 = handlers["a"];
  const o3 = handlersBar["a"];
  pairShadow(checks, o2, o3, "an object", "p2.ts:2:168");
  let o4;
  let o5;
  if (o2 == null) {
    const o6 = [];
    const o7 = [];
    ownShadow(checks, o7, "an object");
    pairShadow(checks, o6, o7, "an object", "p2.ts:2:184");
    handlers["a"] = o6;
    handlersBar["a"] = o7;
    o4 = o6;
    o5 = o7;
  } else {
    o4 = o2;
    o5 = o3;
  }
  pairShadow(checks, o4, o5, "an object", "p2.ts:2:168");
  const o8 = { $site: "f0", $0_0: o };
  const o9 = { $0_0: o1 };
  ownShadow(checks, o9, "an object");
  pairShadow(checks, o8, o9, "an object", "p2.ts:2:193");
  const t = o4.length;
  o4[t] = o8;
  o5[t] = o9;
  const o10 = handlers["b"];
  const o11 = handlersBar["b"];
  pairShadow(checks, o10, o11, "an object", "p2.ts:2:168");
  let o12;
  let o13;
  if (o10 == null) {
    const o14 = [];
    const o15 = [];
    ownShadow(checks, o15, "an object");
    pairShadow(checks, o14, o15, "an object", "p2.ts:2:184");
    handlers["b"] = o14;
    handlersBar["b"] = o15;
    o12 = o14;
    o13 = o15;
  } else {
    o12 = o10;
    o13 = o11;
  }
  pairShadow(checks, o12, o13, "an object", "p2.ts:2:168");
  const o16 = { $site: "f1", $1_0: o };
  const o17 = { $1_0: o1 };
  ownShadow(checks, o17, "an object");
  pairShadow(checks, o16, o17, "an object", "p2.ts:2:193");
  const t1 = o12.length;
  o12[t1] = o16;
  o13[t1] = o17;
  let i = 0;
  let last = 0;
  let i1 = 0;
  for (; ; i1++) {
    const t2 = i < n;
    if (!(t2 && t2)) {
      last = i1 - 1;
      break;
    }
    trace(checks, "a trip of f (block 5)", "p2.ts:2:262");
    const t3 = v[i];
    const t4 = !!(i % 2) ? "b" : "a";
    const o18 = handlers[t4];
    const o19 = handlersBar[t4];
    pairShadow(checks, o18, o19, "an object", "p2.ts:2:282");
    const n1 = o18.length;
    let i2 = 0;
    let last1 = 0;
    let i3 = 0;
    for (; ; i3++) {
      const t5 = i2 < n1;
      if (!(t5 && t5)) {
        last1 = i3 - 1;
        break;
      }
      trace(checks, "a trip of f (block 8)", "p2.ts:2:282");
      const o20 = o18[i2];
      const o21 = o19[i2];
      pairShadow(checks, o20, o21, "an object", "p2.ts:2:282");
      const t6 = o20.$site === "f0";
      let o22;
      let o23;
      if (t6) {
        trace(checks, "the branch taken of f (block 9)", "p2.ts:2:325");
        const o24 = o20.$0_0;
        const o25 = o21.$0_0;
        pairShadow(checks, o24, o25, "an object", "p2.ts:2:325");
        o24.v = o24.v + t3 * t3;
        o22 = o25;
      } else {
        trace(checks, "the other branch of f (block 10)", "p2.ts:2:325");
        const o26 = o20.$1_0;
        const o27 = o21.$1_0;
        pairShadow(checks, o26, o27, "an object", "p2.ts:2:325");
        o26.v = o26.v - t3;
        o23 = o27;
      }
      tagTape(tape, top, refTop, ["`i` of a trip (slot 0 of record f:49) at p2.ts:2:282", "a value of a trip (slot 2 of record f:49) at p2.ts:2:325"], ["a value of a trip (slot 1 of record f:49) at p2.ts:2:282", "a value of a trip (slot 3 of record f:49) at p2.ts:2:325", "a value of a trip (slot 4 of record f:49) at p2.ts:2:325"]);
      if (top + 2 > data.length) data = growTape(tape, top + 2);
      data[top++] = i2;
      data[top++] = t6 ? 1 : 0;
      refs[refTop++] = o21;
      refs[refTop++] = o22;
      refs[refTop++] = o23;
      i2 += 1;
    }
    tagTape(tape, top, refTop, ["`i` of a trip (slot 0 of record f:48) at p2.ts:2:262", "a value of a trip (slot 1 of record f:48) at p2.ts:2:262", "`last` of a trip (slot 4 of record f:48) at p2.ts:2:282"], ["a value of a trip (slot 2 of record f:48) at p2.ts:2:291", "a value of a trip (slot 3 of record f:48) at p2.ts:2:282"]);
    if (top + 3 > data.length) data = growTape(tape, top + 3);
    data[top++] = i;
    data[top++] = t3;
    data[top++] = last1;
    refs[refTop++] = t4;
    refs[refTop++] = o19;
    i += 1;
  }
  const t7 = o.v;
  checkOwner(tape, owner);
  beginReverse(checks);
  const vBar = new Float64Array(n);
  checkShadow(checks, o1, "an object", "p2.ts:2:340");
  o1.v += 1;
  for (let i4 = last; i4 >= 0; i4--) {
    checkTags(tape, top, refTop, ["`i` of a trip (slot 0 of record f:48) at p2.ts:2:262", "a value of a trip (slot 1 of record f:48) at p2.ts:2:262", "`last` of a trip (slot 4 of record f:48) at p2.ts:2:282"], ["a value of a trip (slot 2 of record f:48) at p2.ts:2:291", "a value of a trip (slot 3 of record f:48) at p2.ts:2:282"]);
    const o28 = refs[--refTop];
    const t8 = refs[--refTop];
    top -= 3;
    const i5 = data[top];
    const t9 = data[top + 1];
    const last2 = data[top + 2];
    const t10 = v[i5];
    checkSame(t10, t9, "a value", "p2.ts:2:262");
    const o29 = handlersBar[t8];
    checkSame(o29, o28, "a value", "p2.ts:2:282");
    let t11 = 0;
    for (let i6 = last2; i6 >= 0; i6--) {
      checkTags(tape, top, refTop, ["`i` of a trip (slot 0 of record f:49) at p2.ts:2:282", "a value of a trip (slot 2 of record f:49) at p2.ts:2:325"], ["a value of a trip (slot 1 of record f:49) at p2.ts:2:282", "a value of a trip (slot 3 of record f:49) at p2.ts:2:325", "a value of a trip (slot 4 of record f:49) at p2.ts:2:325"]);
      const o30 = refs[--refTop];
      const o31 = refs[--refTop];
      const o32 = refs[--refTop];
      top -= 2;
      const i7 = data[top];
      const t12 = data[top + 1] !== 0;
      const o33 = o29[i7];
      checkSame(o33, o32, "a value", "p2.ts:2:282");
      let t13 = 0;
      if (t12) {
        const o34 = o33.$0_0;
        checkSame(o34, o31, "a value", "p2.ts:2:325");
        checkShadow(checks, o34, "an object", "p2.ts:2:217");
        const t14 = o34.v;
        o34.v = 0;
        const t15 = t14 * t10;
        checkFinite(checks, t15, t14, t10, "a value", "p2.ts:2:222");
        const t16 = t11 + t15;
        checkFinite(checks, t16, t11, t15, "a value", "p2.ts:2:222");
        checkFinite(checks, t15, t14, t10, "a value", "p2.ts:2:222");
        const t17 = t16 + t15;
        checkFinite(checks, t17, t16, t15, "a value", "p2.ts:2:222");
        o34.v += t14;
        checkTrace(checks, "the branch taken of f (block 9)", "p2.ts:2:325");
        t13 = t17;
      } else {
        const o35 = o33.$1_0;
        checkSame(o35, o30, "a value", "p2.ts:2:325");
        checkShadow(checks, o35, "an object", "p2.ts:2:250");
        const t18 = o35.v;
        o35.v = 0;
        const t19 = -t18;
        checkFinite(checks, t19, t18, "a value", "p2.ts:2:250");
        const t20 = t11 + t19;
        checkFinite(checks, t20, t11, t19, "a value", "p2.ts:2:250");
        o35.v += t18;
        checkTrace(checks, "the other branch of f (block 10)", "p2.ts:2:325");
        t13 = t20;
      }
      checkTrace(checks, "a trip of f (block 8)", "p2.ts:2:282");
      t11 = t13;
    }
    vBar[i5] += t11;
    checkTrace(checks, "a trip of f (block 5)", "p2.ts:2:262");
  }
  traceEnd(checks);
  const t21 = entryShadow(vBar, ["a", "n"]);
  const t22 = toGradient(t21, ["a", "n"]);
  releaseTape(tape, top, refTop);
  return [t7, [t22]];
}
export {
  args,
  f,
  vg
};
