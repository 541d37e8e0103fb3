import { valueAndGrad } from "adjoint";
class V {
  constructor(x) {
    this.x = x;
  }
  x;
  toString() {
    return `V(${this.x})`;
  }
}
function f(x) {
  const v = new V(x * 2);
  const s = `${v}`;
  return s.startsWith("V(") ? v.x * x : 0;
}
const args = [[1.3]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(x) {
  const v = { x: x * 2, $class: "V" };
  const t = (({ $class: _, ...fields }) => Object.assign(Object.create(V.prototype), fields))(v);
  const t1 = `${t}`.startsWith("V(");
  let t2 = 0;
  let xBar = 0;
  if (t1) {
    const t3 = v.x;
    t2 = t3 * x;
    xBar = t3;
  } else {
    t2 = 0;
  }
  const vBar = { x: 0 };
  if (t1) {
    vBar.x += x;
  } else {
    xBar = 0;
  }
  return [t2, [xBar + vBar.x * 2]];
}
export {
  args,
  f,
  vg
};
