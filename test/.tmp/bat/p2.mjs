import { valueAndGrad } from "adjoint";
import { acquireTape, entryShadow, growTape, releaseTape, toGradient } from "adjoint/internal";
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
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(v) {
  const tape = acquireTape();
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const n = v.length;
  const handlers = {};
  const handlersBar = { __proto__: null };
  const o = { v: 0 };
  const o1 = { v: 0 };
  const o2 = handlers["a"];
  const o3 = handlersBar["a"];
  let o4;
  let o5;
  if (o2 == null) {
    const o6 = [];
    const o7 = [];
    handlers["a"] = o6;
    handlersBar["a"] = o7;
    o4 = o6;
    o5 = o7;
  } else {
    o4 = o2;
    o5 = o3;
  }
  const o8 = { $site: "f0", $0_0: o };
  const o9 = { $0_0: o1 };
  const t = o4.length;
  o4[t] = o8;
  o5[t] = o9;
  const o10 = handlers["b"];
  const o11 = handlersBar["b"];
  let o12;
  let o13;
  if (o10 == null) {
    const o14 = [];
    const o15 = [];
    handlers["b"] = o14;
    handlersBar["b"] = o15;
    o12 = o14;
    o13 = o15;
  } else {
    o12 = o10;
    o13 = o11;
  }
  const o16 = { $site: "f1", $1_0: o };
  const o17 = { $1_0: o1 };
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
    const t3 = v[i];
    const t4 = !!(i % 2) ? "b" : "a";
    const o18 = handlers[t4];
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
      const o19 = o18[i2];
      const t6 = o19.$site === "f0";
      if (t6) {
        const o20 = o19.$0_0;
        o20.v = o20.v + t3 * t3;
      } else {
        const o21 = o19.$1_0;
        o21.v = o21.v - t3;
      }
      if (top + 2 > data.length) data = growTape(tape, top + 2);
      data[top++] = i2;
      data[top++] = t6 ? 1 : 0;
      i2 += 1;
    }
    if (top + 2 > data.length) data = growTape(tape, top + 2);
    data[top++] = i;
    data[top++] = last1;
    refs[refTop++] = t4;
    i += 1;
  }
  const t7 = o.v;
  const vBar = new Float64Array(n);
  o1.v += 1;
  for (let i4 = last; i4 >= 0; i4--) {
    const t8 = refs[--refTop];
    top -= 2;
    const i5 = data[top];
    const last2 = data[top + 1];
    const t9 = v[i5];
    const o22 = handlersBar[t8];
    let t10 = 0;
    for (let i6 = last2; i6 >= 0; i6--) {
      top -= 2;
      const i7 = data[top];
      const t11 = data[top + 1] !== 0;
      const o23 = o22[i7];
      let t12 = 0;
      if (t11) {
        const o24 = o23.$0_0;
        const t13 = o24.v;
        o24.v = 0;
        const t14 = t13 * t9;
        o24.v += t13;
        t12 = t10 + t14 + t14;
      } else {
        const o25 = o23.$1_0;
        const t15 = o25.v;
        o25.v = 0;
        o25.v += t15;
        t12 = t10 + -t15;
      }
      t10 = t12;
    }
    vBar[i5] += t10;
  }
  const t16 = entryShadow(vBar, ["a", "n"]);
  const t17 = toGradient(t16, ["a", "n"]);
  releaseTape(tape, top, refTop);
  return [t7, [t17]];
}
export {
  args,
  f,
  vg
};
