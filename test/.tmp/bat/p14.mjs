import { valueAndGrad } from "adjoint";
import { acquireTape, growTape, releaseTape } from "adjoint/internal";
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
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(x) {
  const tape = acquireTape();
  let data = tape.data;
  let top = tape.top;
  const o = { $site: "f0" };
  const o1 = [];
  const o2 = { fs: o1, act: o, k: x, scale: void 0, $class: "Net" };
  const o3 = { k: 0, scale: void 0 };
  const o4 = { $site: "f1", $1_0: o2 };
  const o5 = { $1_0: o3 };
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
    const t2 = o6[i].$site === "f2";
    let v2 = 0;
    let t3 = 0;
    if (t2) {
      v2 = v1 * v1;
    } else {
      const t4 = Math.exp(v1);
      v2 = t4;
      t3 = t4;
    }
    if (top + 3 > data.length) data = growTape(tape, top + 3);
    data[top++] = v1;
    data[top++] = t2 ? 1 : 0;
    data[top++] = t3;
    v1 = v2;
  }
  const vBar = o2.scale.$1_0.k;
  const t5 = x + 2;
  const t6 = x * 3;
  const o9 = o3.scale.$1_0;
  const t7 = v1 * vBar + t5 * t6;
  o9.k += v1;
  const xBar = t5 * 3 + t6;
  let vBar1 = vBar;
  for (let i1 = t1 - 1; i1 >= 0; i1--) {
    top -= 3;
    const v3 = data[top];
    const t8 = data[top + 1] !== 0;
    const t9 = data[top + 2];
    let vBar2 = 0;
    if (t8) {
      const vBar3 = vBar1 * v3;
      vBar2 = vBar3 + vBar3;
    } else {
      vBar2 = vBar1 * t9;
    }
    vBar1 = vBar2;
  }
  const xBar1 = xBar + vBar1 * (1 - v * v) + o3.k;
  releaseTape(tape, top);
  return [t7, [xBar1]];
}
export {
  args,
  f,
  vg
};
