import { valueAndGrad } from "adjoint";
class Acc {
  static count = 0;
  static total = 1;
  v = 0;
  add(x) {
    Acc.count++;
    Acc.total *= x;
    this.v += Acc.total;
    return this;
  }
}
function f(x) {
  Acc.count = 0;
  Acc.total = 1;
  const a = new Acc();
  a.add(x).add(x).add(2);
  return a.v * Acc.total + Acc.count;
}
const args = [[1.3]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(x) {
  Acc.count = 0;
  Acc.total = 1;
  Acc.count = 1;
  Acc.total = x;
  Acc.count = 2;
  const t = x * x;
  Acc.total = t;
  Acc.count = 3;
  const t1 = t * 2;
  Acc.total = t1;
  const t2 = 0 + x + t + t1;
  const t3 = t2 * t1 + 3;
  const xBar = ((t2 + t1) * 2 + t1) * x;
  return [t3, [xBar + xBar + t1]];
}
export {
  args,
  f,
  vg
};
