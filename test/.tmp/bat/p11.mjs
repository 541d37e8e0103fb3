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
  const refs = tape.refs;
  let refTop = tape.refTop;
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
  const keys = [...m.keys()];
  const n1 = keys.length;
  const out = new Array(n1);
  const outBar = new Array(n1);
  for (let i2 = 0; i2 < n1; i2++) {
    const t1 = keys[i2];
    const t2 = m.get(t1);
    const o = [t1, t2];
    const o1 = new Float64Array(2);
    out[i2] = o;
    outBar[i2] = o1;
    refs[refTop++] = o1;
  }
  const t3 = out.length;
  let s = 0;
  for (let i3 = 0; i3 < t3; i3++) {
    const o2 = out[i3];
    const k = o2[0];
    const e = o2[1];
    const s1 = s + k * e;
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = s1;
    s = s1 * (k + e);
  }
  const vBar = new Float64Array(n);
  let sBar = 1;
  for (let i4 = t3 - 1; i4 >= 0; i4--) {
    top -= 1;
    const s2 = data[top];
    const o3 = out[i4];
    const o4 = outBar[i4];
    const k1 = o3[0];
    const e1 = o3[1];
    const sBar1 = sBar * (k1 + e1);
    const kBar = sBar * s2;
    if (o4[1] !== void 0) o4[1] += kBar + sBar1 * k1;
    if (o4[0] !== void 0) o4[0] += kBar + sBar1 * e1;
    sBar = sBar1;
  }
  for (let i5 = n1 - 1; i5 >= 0; i5--) {
    const o5 = refs[--refTop];
    mBar.set(keys[i5], (mBar.get(keys[i5]) ?? 0) + o5[1]);
  }
  for (let i6 = last; i6 >= 0; i6--) {
    top -= 1;
    const i7 = data[top];
    const t4 = mBar.get(i7) ?? 0;
    mBar.set(i7, 0);
    vBar[i7] += t4;
  }
  const t5 = entryShadow(vBar, ["a", "n"]);
  const t6 = toGradient(t5, ["a", "n"]);
  releaseTape(tape, top, refTop);
  return [s, [t6]];
}
export {
  args,
  f,
  vg
};
