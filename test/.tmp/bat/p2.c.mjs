import { valueAndGrad } from "adjoint";
import { beginChecks, beginReverse, checkElements, checkFinite, checkTrace, checked, trace, traceEnd } from "adjoint/internal";
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
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(x, t) {
  const checks = beginChecks();
  checkElements(x, "n", "x");
  let x1 = 0;
  let k = 0;
  let exit = 0;
  let exit1 = 0;
  let exit2 = 0;
  let exit3 = 0;
  done: {
    trace(checks, "the block of f (block 1)", "p2.ts:2:62");
    let caught;
    done1: {
      trace(checks, "the block of f (block 2)", "p2.ts:2:62");
      let x2 = 0;
      let k1 = 0;
      let exit4 = 0;
      let exit5 = 0;
      done2: {
        trace(checks, "the block of f (block 3)", "p2.ts:2:62");
        let caught1;
        let exit6 = 0;
        done3: {
          trace(checks, "the block of f (block 4)", "p2.ts:2:62");
          const t1 = (() => {
            try {
              return [true, JSON.parse(t)];
            } catch (e) {
              return [false, e];
            }
          })();
          const t2 = t1[0];
          if (!t2) {
            trace(checks, "the branch taken of f (block 5)", "p2.ts:2:72");
            const t3 = t1[1];
            caught1 = t3;
            exit6 = 1;
            break done3;
          } else {
            trace(checks, "the other branch of f (block 6)", "p2.ts:2:72");
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
            trace(checks, "the branch taken of f (block 7)", "p2.ts:2:72");
            const t7 = t5[1];
            caught1 = t7;
            exit6 = 2;
            break done3;
          } else {
            trace(checks, "the other branch of f (block 8)", "p2.ts:2:72");
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
          trace(checks, "the branch taken of f (block 9)", "p2.ts:2:115");
          const t10 = t8[1];
          caught = t10;
          break done1;
        } else {
          trace(checks, "the other branch of f (block 10)", "p2.ts:2:115");
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
          trace(checks, "the branch taken of f (block 11)", "p2.ts:2:115");
          const t14 = t12[1];
          caught = t14;
          break done1;
        } else {
          trace(checks, "the other branch of f (block 12)", "p2.ts:2:115");
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
  beginReverse(checks);
  checkFinite(checks, k, k, "`x`", "p2.ts:2:185");
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
      checkTrace(checks, "the branch taken of f (block 9)", "p2.ts:2:115");
      xBar2 = 0;
    } else {
      let xBar3 = 0;
      if (t19 === 5) {
        checkTrace(checks, "the branch taken of f (block 11)", "p2.ts:2:115");
        xBar3 = 0;
      } else {
        checkTrace(checks, "the other branch of f (block 12)", "p2.ts:2:115");
        xBar3 = xBar;
      }
      checkTrace(checks, "the other branch of f (block 10)", "p2.ts:2:115");
      xBar2 = xBar3;
    }
    xBar1 = xBar2;
  }
  const t21 = t20 ? t19 : exit3;
  let xBar4 = 0;
  if (t21 === 1) {
    checkTrace(checks, "the branch taken of f (block 5)", "p2.ts:2:72");
    xBar4 = xBar1;
  } else {
    let xBar5 = 0;
    if (t21 === 2) {
      checkTrace(checks, "the branch taken of f (block 7)", "p2.ts:2:72");
      xBar5 = xBar1;
    } else {
      const t22 = xBar * 2;
      checkFinite(checks, t22, xBar, 2, "`x`", "p2.ts:2:89");
      const xBar6 = xBar1 + t22;
      checkFinite(checks, xBar6, xBar1, t22, "`x`", "p2.ts:2:89");
      checkTrace(checks, "the other branch of f (block 8)", "p2.ts:2:72");
      xBar5 = xBar6;
    }
    checkTrace(checks, "the other branch of f (block 6)", "p2.ts:2:72");
    xBar4 = xBar5;
  }
  checkTrace(checks, "the block of f (block 4)", "p2.ts:2:62");
  checkTrace(checks, "the block of f (block 3)", "p2.ts:2:62");
  checkTrace(checks, "the block of f (block 2)", "p2.ts:2:62");
  checkTrace(checks, "the block of f (block 1)", "p2.ts:2:62");
  traceEnd(checks);
  return [t16, [xBar4]];
}
export {
  args,
  f,
  vg
};
