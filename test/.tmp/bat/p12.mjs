import { valueAndGrad } from "adjoint";
import { acquireTape, entryShadow, extend, growTape, releaseTape, toGradient } from "adjoint/internal";
function f(v) {
  const names = "a,b,c".split(",").map((s) => s + "1");
  const w = "1,2,3".split(",").map(Number);
  return v.map(Math.sqrt).reduce((s, x, i) => s + x * w[i] * names[i].length, 0);
}
const args = [[[3, 2, 1]]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(v) {
  const tape = acquireTape();
  let data = tape.data;
  let top = tape.top;
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
  let i4 = 0;
  let last = 0;
  let i5 = 0;
  for (; ; i5++) {
    const t2 = i4 < n;
    if (!(t2 && t2)) {
      last = i5 - 1;
      break;
    }
    out2[i4] = Math.sqrt(v[i4]);
    extend(outBar, i4);
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = i4;
    i4 += 1;
  }
  const n3 = out2.length;
  let total = 0;
  let i6 = 0;
  let last1 = 0;
  let i7 = 0;
  for (; ; i7++) {
    const t3 = i6 < n3;
    if (!(t3 && t3)) {
      last1 = i7 - 1;
      break;
    }
    const t4 = out2[i6] * out1[i6];
    const t5 = out[i6].length;
    if (top + 2 > data.length) data = growTape(tape, top + 2);
    data[top++] = i6;
    data[top++] = t5;
    total += t4 * t5;
    i6 += 1;
  }
  const vBar = new Float64Array(n);
  for (let i8 = last1; i8 >= 0; i8--) {
    top -= 2;
    const i9 = data[top];
    const t6 = data[top + 1];
    if (outBar[i9] !== void 0) outBar[i9] += t6 * out1[i9];
  }
  for (let i10 = last; i10 >= 0; i10--) {
    top -= 1;
    const i11 = data[top];
    const t7 = Math.sqrt(v[i11]);
    const t8 = outBar[i11] ?? 0;
    outBar[i11] = 0;
    const t9 = 0.5 * t8;
    vBar[i11] += t9 === 0 ? 0 : t9 / t7;
  }
  const t10 = entryShadow(vBar, ["a", "n"]);
  const t11 = toGradient(t10, ["a", "n"]);
  releaseTape(tape, top);
  return [total, [t11]];
}
export {
  args,
  f,
  vg
};
