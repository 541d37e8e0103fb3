import { valueAndGrad } from "adjoint";
import { beginChecks, beginReverse, checkElements, checkFinite, checkTrace, checked, trace, traceEnd } from "adjoint/internal";
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
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(a) {
  const checks = beginChecks();
  checkElements(a, "n", "a");
  let t = 0;
  let exit = 0;
  let caughtX = 0;
  let exit1 = 0;
  let exit2 = 0;
  let exit3 = 0;
  done: {
    trace(checks, "the block of f (block 1)", "");
    let caughtX1 = 0;
    let exit4 = 0;
    let exit5 = 0;
    let exit6 = 0;
    done1: {
      trace(checks, "the block of f (block 2)", "p0.ts:3:40");
      let t1 = false;
      let t2 = 0;
      let t3 = 0;
      let exit7 = 0;
      let exit8 = 0;
      done2: {
        trace(checks, "the block of f (block 3)", "p0.ts:3:53");
        let caughtX2 = 0;
        let exit9 = 0;
        done3: {
          trace(checks, "the block of f (block 4)", "p0.ts:2:33");
          if (a > 1) {
            trace(checks, "the branch taken of f (block 5)", "p0.ts:2:39");
            caughtX2 = a;
            exit9 = 1;
            break done3;
          } else {
            trace(checks, "the other branch of f (block 6)", "p0.ts:2:39");
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
        trace(checks, "the branch taken of f (block 7)", "p0.ts:3:53");
        caughtX1 = t2;
        exit4 = 3;
        exit5 = exit7;
        exit6 = exit8;
        break done1;
      } else {
        trace(checks, "the other branch of f (block 8)", "p0.ts:3:53");
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
  beginReverse(checks);
  const t4 = exit === 4;
  let caughtXBar = 0;
  if (t4) {
    caughtXBar = 0;
  } else {
    checkFinite(checks, caughtX, caughtX, "`caughtX`", "p0.ts:3:89");
    checkFinite(checks, caughtX, caughtX, "`caughtX`", "p0.ts:3:89");
    const caughtXBar1 = caughtX + caughtX;
    checkFinite(checks, caughtXBar1, caughtX, caughtX, "`caughtX`", "p0.ts:3:89");
    caughtXBar = caughtXBar1;
  }
  let aBar = 0;
  if ((t4 ? exit : exit1) === 3) {
    checkTrace(checks, "the branch taken of f (block 7)", "p0.ts:3:53");
    aBar = 0;
  } else {
    checkFinite(checks, 2, 2, "a value", "p0.ts:3:53");
    checkTrace(checks, "the other branch of f (block 8)", "p0.ts:3:53");
    caughtXBar = 0;
    aBar = 2;
  }
  const t5 = exit2 === 2;
  const caughtXBar2 = t5 ? 0 : caughtXBar;
  if ((t5 ? exit2 : exit3) === 1) {
    checkTrace(checks, "the branch taken of f (block 5)", "p0.ts:2:39");
    aBar = caughtXBar2;
  } else {
    checkTrace(checks, "the other branch of f (block 6)", "p0.ts:2:39");
  }
  checkTrace(checks, "the block of f (block 4)", "p0.ts:2:33");
  checkTrace(checks, "the block of f (block 3)", "p0.ts:3:53");
  checkTrace(checks, "the block of f (block 2)", "p0.ts:3:40");
  checkTrace(checks, "the block of f (block 1)", "");
  traceEnd(checks);
  return [t, [aBar]];
}
export {
  args,
  f,
  vg
};
