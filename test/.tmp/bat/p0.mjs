import { valueAndGrad } from "adjoint";
function g(a) {
  try {
    if (a > 1) throw { x: a };
    return a;
  } catch (e) {
    throw e;
  }
}
function f(a) {
  try {
    return g(a) * 2;
  } catch (e) {
    return e.x * e.x;
  }
}
const args = [[0.5], [1.5]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(a) {
  let t = 0;
  let exit = 0;
  let caughtX = 0;
  let exit1 = 0;
  let exit2 = 0;
  let exit3 = 0;
  done: {
    let caughtX1 = 0;
    let exit4 = 0;
    let exit5 = 0;
    let exit6 = 0;
    done1: {
      let t1 = false;
      let t2 = 0;
      let t3 = 0;
      let exit7 = 0;
      let exit8 = 0;
      done2: {
        let caughtX2 = 0;
        let exit9 = 0;
        done3: {
          if (a > 1) {
            caughtX2 = a;
            exit9 = 1;
            break done3;
          }
          t1 = false;
          t3 = a;
          exit7 = 2;
          break done2;
        }
        t1 = true;
        t2 = caughtX2;
        exit7 = 0;
        exit8 = exit9;
      }
      if (t1) {
        caughtX1 = t2;
        exit4 = 3;
        exit5 = exit7;
        exit6 = exit8;
        break done1;
      }
      t = t3 * 2;
      exit = 4;
      exit2 = exit7;
      exit3 = exit8;
      break done;
    }
    t = caughtX1 * caughtX1;
    exit = 0;
    caughtX = caughtX1;
    exit1 = exit4;
    exit2 = exit5;
    exit3 = exit6;
  }
  const t4 = exit === 4;
  let caughtXBar = 0;
  if (t4) {
    caughtXBar = 0;
  } else {
    caughtXBar = caughtX + caughtX;
  }
  let aBar = 0;
  if ((t4 ? exit : exit1) === 3) {
    aBar = 0;
  } else {
    caughtXBar = 0;
    aBar = 2;
  }
  const t5 = exit2 === 2;
  const caughtXBar1 = t5 ? 0 : caughtXBar;
  const aBar1 = (t5 ? exit2 : exit3) === 1 ? caughtXBar1 : aBar;
  return [t, [aBar1]];
}
export {
  args,
  f,
  vg
};
