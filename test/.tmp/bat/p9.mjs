import { valueAndGrad } from "adjoint";
import { acquireTape, entryShadow, growTape, releaseTape, toGradient } from "adjoint/internal";
function f(v) {
  let s = 0;
  for (const x of v) if (x !== null) s += x * x;
  return s;
}
const args = [[[3, null, 2]]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(v) {
  const tape = acquireTape();
  let data = tape.data;
  let top = tape.top;
  const t = v.length;
  let s = 0;
  for (let i = 0; i < t; i++) {
    const x = v[i];
    const t1 = x !== null;
    let s1 = 0;
    if (t1) {
      s1 = s + x * x;
    } else {
      s1 = s;
    }
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = t1 ? 1 : 0;
    s = s1;
  }
  const vBar = new Float64Array(t);
  for (let i1 = t - 1; i1 >= 0; i1--) {
    top -= 1;
    const t2 = data[top] !== 0;
    let xBar = 0;
    if (t2) {
      const t3 = v[i1];
      xBar = t3 + t3;
    } else {
      xBar = 0;
    }
    if (vBar[i1] !== void 0) vBar[i1] += xBar;
  }
  const t4 = entryShadow(vBar, ["a", ["?", "n"]]);
  const t5 = toGradient(t4, ["a", ["?", "n"]]);
  releaseTape(tape, top);
  return [s, [t5]];
}
export {
  args,
  f,
  vg
};
