import { valueAndGrad } from "adjoint";
function f(x, t) {
  let k = 1;
  try {
    k = JSON.parse(t).k;
    x *= 2;
  } catch (e) {
    k = e.message.length > 0 ? 5 : 6;
  } finally {
    x += 1;
  }
  return x * k;
}
const args = [[1.3, '{"k":3}'], [1.3, "oops"]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(x, t) {
  let x1 = 0;
  let k = 0;
  let exit = 0;
  let exit1 = 0;
  let exit2 = 0;
  let exit3 = 0;
  done: {
    let caught;
    done1: {
      let x2 = 0;
      let k1 = 0;
      let exit4 = 0;
      let exit5 = 0;
      done2: {
        let caught1;
        let exit6 = 0;
        done3: {
          const t1 = (() => {
            try {
              return [true, JSON.parse(t)];
            } catch (e) {
              return [false, e];
            }
          })();
          const t2 = t1[0];
          if (!t2) {
            const t3 = t1[1];
            caught1 = t3;
            exit6 = 1;
            break done3;
          }
          const t4 = t1[1];
          const t5 = (() => {
            try {
              return [true, t4.k];
            } catch (e) {
              return [false, e];
            }
          })();
          const t6 = t5[0];
          if (!t6) {
            const t7 = t5[1];
            caught1 = t7;
            exit6 = 2;
            break done3;
          }
          const k2 = t5[1];
          x2 = x * 2;
          k1 = k2;
          exit4 = 3;
          break done2;
        }
        const t8 = (() => {
          try {
            return [true, caught1.message];
          } catch (e) {
            return [false, e];
          }
        })();
        const t9 = t8[0];
        if (!t9) {
          const t10 = t8[1];
          caught = t10;
          break done1;
        }
        const t11 = t8[1];
        const t12 = (() => {
          try {
            return [true, t11.length];
          } catch (e) {
            return [false, e];
          }
        })();
        const t13 = t12[0];
        if (!t13) {
          const t14 = t12[1];
          caught = t14;
          break done1;
        }
        const t15 = t12[1];
        x2 = x;
        k1 = t15 > 0 ? 5 : 6;
        exit4 = 0;
        exit5 = exit6;
      }
      x1 = x2;
      k = k1;
      exit = 6;
      exit2 = exit4;
      exit3 = exit5;
      break done;
    }
    throw caught;
  }
  const t16 = (x1 + 1) * k;
  const t17 = exit === 6 ? exit : exit1;
  const t18 = t17 === 4 || t17 === 5;
  const xBar = t18 ? 0 : k;
  const t19 = t18 ? t17 : exit2;
  const t20 = t19 === 3;
  let xBar1 = 0;
  if (t20) {
    xBar1 = 0;
  } else {
    let xBar2 = 0;
    if (t19 === 4) {
      xBar2 = 0;
    } else {
      xBar2 = t19 === 5 ? 0 : xBar;
    }
    xBar1 = xBar2;
  }
  const t21 = t20 ? t19 : exit3;
  let xBar3 = 0;
  if (t21 === 1) {
    xBar3 = xBar1;
  } else {
    let xBar4 = 0;
    if (t21 === 2) {
      xBar4 = xBar1;
    } else {
      xBar4 = xBar1 + xBar * 2;
    }
    xBar3 = xBar4;
  }
  return [t16, [xBar3]];
}
export {
  args,
  f,
  vg
};
