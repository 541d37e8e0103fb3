import { valueAndGrad } from "adjoint";
import { acquireTape, entryShadow, growTape, releaseTape, toGradient } from "adjoint/internal";
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
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(v) {
  const tape = acquireTape();
  let data = tape.data;
  let top = tape.top;
  const n = v.length;
  const m = /* @__PURE__ */ new Map();
  const mBar = /* @__PURE__ */ new Map();
  let i = 0;
  let last = 0;
  let i1 = 0;
  for (; ; i1++) {
    const t = i < n;
    if (!(t && t)) {
      last = i1 - 1;
      break;
    }
    m.set(i, v[i]);
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
    const t2 = t1.next();
    const t3 = t2.done;
    if (t3) {
      if (top + 2 > data.length) data = growTape(tape, top + 2);
      data[top++] = 0;
      data[top++] = 0;
      exit = 2;
      last1 = i2;
      break;
    }
    const k = t2.value;
    const e = m.get(k);
    const s1 = s + k * e;
    if (top + 2 > data.length) data = growTape(tape, top + 2);
    data[top++] = k;
    data[top++] = s1;
    s = s1 * (k + e);
  }
  const vBar = new Float64Array(n);
  let sBar = 1;
  for (let i3 = last1; i3 >= 0; i3--) {
    top -= 2;
    const k1 = data[top];
    const s2 = data[top + 1];
    let sBar1 = 0;
    if (exit === 2) {
      sBar1 = sBar;
    } else {
      const sBar2 = sBar * (k1 + m.get(k1));
      mBar.set(k1, (mBar.get(k1) ?? 0) + (sBar * s2 + sBar2 * k1));
      sBar1 = sBar2;
    }
    sBar = sBar1;
    exit = 0;
  }
  for (let i4 = last; i4 >= 0; i4--) {
    top -= 1;
    const i5 = data[top];
    const t4 = mBar.get(i5) ?? 0;
    mBar.set(i5, 0);
    vBar[i5] += t4;
  }
  const t5 = entryShadow(vBar, ["a", "n"]);
  const t6 = toGradient(t5, ["a", "n"]);
  releaseTape(tape, top);
  return [s, [t6]];
}
export {
  args,
  f,
  vg
};
