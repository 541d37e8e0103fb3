import { valueAndGrad } from "adjoint";
import { acquireTape, growTape, releaseTape } from "adjoint/internal";
var Op = /* @__PURE__ */ ((Op2) => {
  Op2[Op2["Add"] = 0] = "Add";
  Op2[Op2["Mul"] = 1] = "Mul";
  return Op2;
})(Op || {});
function f(x, n) {
  let s = x;
  for (let i = 0; i < n; i++) {
    const name = Op[i % 2];
    if (name === "Add") s += x;
    else s *= x;
  }
  return s;
}
const args = [[1.3, 3]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(x, n) {
  const tape = acquireTape();
  let data = tape.data;
  let top = tape.top;
  let s = x;
  for (let i = 0; i < n; i++) {
    const name = Op[i % 2];
    const t = name === "Add";
    let s1 = 0;
    if (t) {
      s1 = s + x;
    } else {
      s1 = s * x;
    }
    if (top + 2 > data.length) data = growTape(tape, top + 2);
    data[top++] = s;
    data[top++] = t ? 1 : 0;
    s = s1;
  }
  let sBar = 1;
  let xBar = 0;
  for (let i1 = Math.ceil(n) - 1; i1 >= 0; i1--) {
    top -= 2;
    const s2 = data[top];
    const t1 = data[top + 1] !== 0;
    let sBar1 = 0;
    let xBar1 = 0;
    if (t1) {
      sBar1 = sBar;
      xBar1 = xBar + sBar;
    } else {
      sBar1 = sBar * x;
      xBar1 = xBar + sBar * s2;
    }
    sBar = sBar1;
    xBar = xBar1;
  }
  releaseTape(tape, top);
  return [s, [xBar + sBar]];
}
export {
  args,
  f,
  vg
};
