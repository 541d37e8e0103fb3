import { valueAndGrad } from "adjoint";
import { acquireTape, growTape, releaseTape } from "adjoint/internal";
function f(x, n) {
  let best = null;
  let prev;
  let s = 0;
  for (let i = 0; i < n; i++) {
    const c = Math.sin(x * (i + 1));
    if (best === null || c > best.x) best = { x: c };
    if (prev) s += prev[0] * x;
    prev = [x * i];
  }
  return s + (best ? best.x : 0);
}
const args = [[0.7, 4], [0.7, 0]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(x, n) {
  const tape = acquireTape();
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  let best = null;
  let prev = void 0;
  let s = 0;
  let bestBar = void 0;
  let prevBar = void 0;
  for (let i = 0; i < n; i++) {
    const c = Math.sin(x * (i + 1));
    const t = best === null || c > best.x;
    let best1;
    let bestBar1;
    if (t) {
      const best2 = { x: c };
      const bestBar2 = { x: 0 };
      best1 = best2;
      bestBar = bestBar2;
      bestBar1 = bestBar2;
    } else {
      best1 = best;
    }
    let s1 = 0;
    if (!!prev) {
      s1 = s + prev[0] * x;
    } else {
      s1 = s;
    }
    const prev1 = [x * i];
    const prevBar1 = new Float64Array(1);
    if (top + 1 > data.length) data = growTape(tape, top + 1);
    data[top++] = t ? 1 : 0;
    refs[refTop++] = prev;
    refs[refTop++] = prevBar;
    refs[refTop++] = bestBar1;
    refs[refTop++] = prevBar1;
    best = best1;
    prev = prev1;
    s = s1;
    prevBar = prevBar1;
  }
  const t1 = !!best;
  const t2 = s + (t1 ? best.x : 0);
  if (t1) {
    bestBar.x += 1;
  }
  let xBar = 0;
  for (let i1 = Math.ceil(n) - 1; i1 >= 0; i1--) {
    const prevBar2 = refs[--refTop];
    const bestBar3 = refs[--refTop];
    const prevBar3 = refs[--refTop];
    const prev2 = refs[--refTop];
    top -= 1;
    const t3 = data[top] !== 0;
    const i2 = i1 + 1;
    const xBar1 = xBar + prevBar2[0] * i1;
    const t4 = x * i2;
    let xBar2 = 0;
    if (!!prev2) {
      const xBar3 = xBar1 + prev2[0];
      prevBar3[0] += x;
      xBar2 = xBar3;
    } else {
      xBar2 = xBar1;
    }
    let cBar = 0;
    if (t3) {
      cBar = bestBar3.x;
    } else {
      cBar = 0;
    }
    const xBar4 = xBar2 + cBar * Math.cos(t4) * i2;
    xBar = xBar4;
  }
  releaseTape(tape, top, refTop);
  return [t2, [xBar]];
}
export {
  args,
  f,
  vg
};
