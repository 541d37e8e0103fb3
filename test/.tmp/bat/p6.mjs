import { valueAndGrad } from "adjoint";
import { acquireTape, extend, growTape, releaseTape } from "adjoint/internal";
function f(x) {
  const m = /* @__PURE__ */ new Map([[1, x], [2, x * x]]);
  const t = [...m.entries()].map(([k, e]) => e + k);
  return t[0] * t[1];
}
const args = [[3]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(x) {
  const tape = acquireTape();
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const m = /* @__PURE__ */ new Map();
  const mBar = /* @__PURE__ */ new Map();
  m.set(1, x);
  m.set(2, x * x);
  const keys = [...m.keys()];
  const n = keys.length;
  const out = new Array(n);
  const outBar = new Array(n);
  for (let i = 0; i < n; i++) {
    const t = keys[i];
    const t1 = m.get(t);
    const o = [t, t1];
    const o1 = [0, 0];
    out[i] = o;
    outBar[i] = o1;
    refs[refTop++] = o1;
  }
  const n1 = out.length;
  const out1 = new Array(n1);
  const outBar1 = new Array(n1);
  for (let i1 = 0; i1 < n1; i1++) {
    const o2 = outBar[i1];
    out1[i1] = out[i1];
    outBar1[i1] = o2;
  }
  const n2 = out1.length;
  const out2 = new Array(n2);
  const outBar2 = new Array(n2).fill(0);
  let i2 = 0;
  let last = 0;
  let i3 = 0;
  for (; ; i3++) {
    const t2 = i2 < n2;
    if (!(t2 && t2)) {
      last = i3 - 1;
      break;
    }
    const o3 = out1[i2];
    out2[i2] = o3[1] + o3[0];
    extend(outBar2, i2);
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = i2;
    i2 += 1;
  }
  const t3 = out2[0];
  const t4 = out2[1];
  const t5 = t3 * t4;
  if (outBar2[1] !== void 0) outBar2[1] += t3;
  if (outBar2[0] !== void 0) outBar2[0] += t4;
  for (let i4 = last; i4 >= 0; i4--) {
    top -= 1;
    const i5 = data[top];
    const o4 = outBar1[i5];
    const eBar = outBar2[i5] ?? 0;
    outBar2[i5] = 0;
    o4[1] += eBar;
  }
  for (let i6 = n - 1; i6 >= 0; i6--) {
    const o5 = refs[--refTop];
    mBar.set(keys[i6], (mBar.get(keys[i6]) ?? 0) + o5[1]);
  }
  const t6 = mBar.get(2) ?? 0;
  mBar.set(2, 0);
  const xBar = t6 * x;
  const t7 = mBar.get(1) ?? 0;
  mBar.set(1, 0);
  releaseTape(tape, top, refTop);
  return [t5, [xBar + xBar + t7]];
}
export {
  args,
  f,
  vg
};
