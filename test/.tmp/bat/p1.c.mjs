import { valueAndGrad } from "adjoint";
import { acquireTape, beginChecks, beginReverse, checkElements, checkFinite, checkOwner, checkSame, checkShadow, checkTags, checkTrace, checked, entryShadow, growTape, ownShadow, pairShadow, releaseTape, tagTape, toGradient, trace, traceEnd } from "adjoint/internal";
class T {
  constructor(k) {
    this.k = k;
  }
  k;
  l;
  r;
  insert(k) {
    if (k < this.k) {
      if (this.l) this.l.insert(k);
      else this.l = new T(k);
    } else {
      if (this.r) this.r.insert(k);
      else this.r = new T(k);
    }
  }
  sum(d) {
    return this.k * d + (this.l?.sum(d + 1) ?? 0) + (this.r ? this.r.sum(d + 1) : 0.5);
  }
}
function f(v) {
  const t = new T(v[0]);
  for (let i = 1; i < v.length; i++) t.insert(v[i] * 1.1);
  return t.sum(1) ** 2;
}
const args = [[[1, 2, 3, 0.5, 0.7]], [[1]]];
const N = globalThis;
const vg = valueAndGrad(f, { argnums: [0] }, checked("valueAndGrad", f_valueAndGrad));
function f_valueAndGrad(v) {
  const tape = acquireTape();
  const owner = tape.owner;
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const checks = beginChecks();
  checkElements(v, ["a", "n"], "v");
  const t = v.length;
  const t1 = v[0];
  let l = void 0;
  let r = void 0;
  let lBar = void 0;
  let rBar = void 0;
  for (let i = 1; i < t; i++) {
    trace(checks, "a trip of f (block 1)", "p1.ts:3:65");
    pairShadow(checks, l, lBar, "`l`", "p1.ts:3:65");
    pairShadow(checks, r, rBar, "`r`", "p1.ts:3:65");
    const t2 = v[i];
    const t3 = t2 * 1.1;
    const t4 = t3 < t1;
    let l1;
    let r1;
    let lBar1;
    let rBar1;
    let t5 = false;
    let t6 = false;
    let t7 = false;
    let o;
    let t8 = false;
    let o1;
    let o2;
    let t9 = false;
    let t10 = false;
    let t11 = false;
    let o3;
    let t12 = false;
    let o4;
    let o5;
    if (t4) {
      trace(checks, "the branch taken of f (block 2)", "p1.ts:2:84");
      const t13 = !!l;
      let l2;
      let lBar2;
      let t14 = false;
      let t15 = false;
      let o6;
      let t16 = false;
      let o7;
      let o8;
      if (t13) {
        trace(checks, "the branch taken of f (block 3)", "p1.ts:2:102");
        const t17 = t3 < l.k;
        let t18 = false;
        let o9;
        let t19 = false;
        let o10;
        if (t17) {
          trace(checks, "the branch taken of f (block 4)", "p1.ts:2:84");
          const o11 = l.l;
          const o12 = lBar.l;
          pairShadow(checks, o11, o12, "an object", "p1.ts:2:106");
          const t20 = !!o11;
          let o13;
          if (t20) {
            trace(checks, "the branch taken of f (block 5)", "p1.ts:2:102");
            tape.top = top;
            tape.refTop = refTop;
            f_valueAndGrad_insert_3_fwd(o11, t3, o12, checks, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
          } else {
            trace(checks, "the other branch of f (block 6)", "p1.ts:2:102");
            const o14 = { k: t3, $class: "T" };
            const o15 = { k: 0 };
            ownShadow(checks, o15, "an object");
            pairShadow(checks, o14, o15, "an object", "p1.ts:2:146");
            l.l = o14;
            lBar.l = o15;
            o13 = o15;
          }
          t18 = t20;
          o9 = o13;
        } else {
          trace(checks, "the other branch of f (block 7)", "p1.ts:2:84");
          const o16 = l.r;
          const o17 = lBar.r;
          pairShadow(checks, o16, o17, "an object", "p1.ts:2:169");
          const t21 = !!o16;
          let o18;
          if (t21) {
            trace(checks, "the branch taken of f (block 8)", "p1.ts:2:165");
            tape.top = top;
            tape.refTop = refTop;
            f_valueAndGrad_insert_4_fwd(o16, t3, o17, checks, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
          } else {
            trace(checks, "the other branch of f (block 9)", "p1.ts:2:165");
            const o19 = { k: t3, $class: "T" };
            const o20 = { k: 0 };
            ownShadow(checks, o20, "an object");
            pairShadow(checks, o19, o20, "an object", "p1.ts:2:209");
            l.r = o19;
            lBar.r = o20;
            o18 = o20;
          }
          t19 = t21;
          o10 = o18;
        }
        l2 = l;
        lBar2 = lBar;
        t14 = t17;
        t15 = t18;
        o6 = o9;
        t16 = t19;
        o7 = o10;
      } else {
        trace(checks, "the other branch of f (block 10)", "p1.ts:2:102");
        const o21 = { k: t3, $class: "T" };
        const o22 = { k: 0 };
        ownShadow(checks, o22, "an object");
        pairShadow(checks, o21, o22, "an object", "p1.ts:2:146");
        l2 = o21;
        lBar2 = o22;
        o8 = o22;
      }
      pairShadow(checks, l2, lBar2, "`l`", "p1.ts:2:146");
      l1 = l2;
      r1 = r;
      lBar1 = lBar2;
      rBar1 = rBar;
      t5 = t13;
      t6 = t14;
      t7 = t15;
      o = o6;
      t8 = t16;
      o1 = o7;
      o2 = o8;
    } else {
      trace(checks, "the other branch of f (block 11)", "p1.ts:2:84");
      const t22 = !!r;
      let r2;
      let rBar2;
      let t23 = false;
      let t24 = false;
      let o23;
      let t25 = false;
      let o24;
      let o25;
      if (t22) {
        trace(checks, "the branch taken of f (block 12)", "p1.ts:2:165");
        const t26 = t3 < r.k;
        let t27 = false;
        let o26;
        let t28 = false;
        let o27;
        if (t26) {
          trace(checks, "the branch taken of f (block 13)", "p1.ts:2:84");
          const o28 = r.l;
          const o29 = rBar.l;
          pairShadow(checks, o28, o29, "an object", "p1.ts:2:106");
          const t29 = !!o28;
          let o30;
          if (t29) {
            trace(checks, "the branch taken of f (block 14)", "p1.ts:2:102");
            tape.top = top;
            tape.refTop = refTop;
            f_valueAndGrad_insert_3_fwd(o28, t3, o29, checks, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
          } else {
            trace(checks, "the other branch of f (block 15)", "p1.ts:2:102");
            const o31 = { k: t3, $class: "T" };
            const o32 = { k: 0 };
            ownShadow(checks, o32, "an object");
            pairShadow(checks, o31, o32, "an object", "p1.ts:2:146");
            r.l = o31;
            rBar.l = o32;
            o30 = o32;
          }
          t27 = t29;
          o26 = o30;
        } else {
          trace(checks, "the other branch of f (block 16)", "p1.ts:2:84");
          const o33 = r.r;
          const o34 = rBar.r;
          pairShadow(checks, o33, o34, "an object", "p1.ts:2:169");
          const t30 = !!o33;
          let o35;
          if (t30) {
            trace(checks, "the branch taken of f (block 17)", "p1.ts:2:165");
            tape.top = top;
            tape.refTop = refTop;
            f_valueAndGrad_insert_4_fwd(o33, t3, o34, checks, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
          } else {
            trace(checks, "the other branch of f (block 18)", "p1.ts:2:165");
            const o36 = { k: t3, $class: "T" };
            const o37 = { k: 0 };
            ownShadow(checks, o37, "an object");
            pairShadow(checks, o36, o37, "an object", "p1.ts:2:209");
            r.r = o36;
            rBar.r = o37;
            o35 = o37;
          }
          t28 = t30;
          o27 = o35;
        }
        r2 = r;
        rBar2 = rBar;
        t23 = t26;
        t24 = t27;
        o23 = o26;
        t25 = t28;
        o24 = o27;
      } else {
        trace(checks, "the other branch of f (block 19)", "p1.ts:2:165");
        const o38 = { k: t3, $class: "T" };
        const o39 = { k: 0 };
        ownShadow(checks, o39, "an object");
        pairShadow(checks, o38, o39, "an object", "p1.ts:2:209");
        r2 = o38;
        rBar2 = o39;
        o25 = o39;
      }
      pairShadow(checks, r2, rBar2, "`r`", "p1.ts:2:209");
      l1 = l;
      r1 = r2;
      lBar1 = lBar;
      rBar1 = rBar2;
      t9 = t22;
      t10 = t23;
      t11 = t24;
      o3 = o23;
      t12 = t25;
      o4 = o24;
      o5 = o25;
    }
    pairShadow(checks, l1, lBar1, "`l`", "p1.ts:2:209");
    pairShadow(checks, r1, rBar1, "`r`", "p1.ts:2:209");
    tagTape(tape, top, refTop, ["a value of a trip (slot 0 of record f:80) at p1.ts:3:109", "a value of a trip (slot 1 of record f:80) at p1.ts:3:109", "a value of a trip (slot 2 of record f:80) at p1.ts:2:88", "a value of a trip (slot 3 of record f:80) at p1.ts:2:106", "a value of a trip (slot 4 of record f:80) at p1.ts:2:88", "a value of a trip (slot 5 of record f:80) at p1.ts:2:106", "a value of a trip (slot 7 of record f:80) at p1.ts:2:169", "a value of a trip (slot 10 of record f:80) at p1.ts:2:169", "a value of a trip (slot 11 of record f:80) at p1.ts:2:88", "a value of a trip (slot 12 of record f:80) at p1.ts:2:106", "a value of a trip (slot 14 of record f:80) at p1.ts:2:169"], ["a value of a trip (slot 6 of record f:80)", "a value of a trip (slot 8 of record f:80)", "a value of a trip (slot 9 of record f:80)", "a value of a trip (slot 13 of record f:80)", "a value of a trip (slot 15 of record f:80)", "a value of a trip (slot 16 of record f:80)"]);
    if (top + 11 > data.length) data = growTape(tape, top + 11);
    data[top++] = t2;
    data[top++] = t3;
    data[top++] = t4 ? 1 : 0;
    data[top++] = t5 ? 1 : 0;
    data[top++] = t6 ? 1 : 0;
    data[top++] = t7 ? 1 : 0;
    data[top++] = t8 ? 1 : 0;
    data[top++] = t9 ? 1 : 0;
    data[top++] = t10 ? 1 : 0;
    data[top++] = t11 ? 1 : 0;
    data[top++] = t12 ? 1 : 0;
    refs[refTop++] = o;
    refs[refTop++] = o1;
    refs[refTop++] = o2;
    refs[refTop++] = o3;
    refs[refTop++] = o4;
    refs[refTop++] = o5;
    l = l1;
    r = r1;
    lBar = lBar1;
    rBar = rBar1;
  }
  pairShadow(checks, l, lBar, "`l`", "p1.ts:2:209");
  pairShadow(checks, r, rBar, "`r`", "p1.ts:2:209");
  const t31 = l == null;
  let t32;
  let t33 = false;
  let t34 = false;
  let t35 = false;
  if (t31) {
    trace(checks, "the branch taken of f (block 20)", "p1.ts:2:269");
    t32 = void 0;
  } else {
    trace(checks, "the other branch of f (block 21)", "p1.ts:2:269");
    const o40 = l.l;
    const o41 = lBar.l;
    const t36 = l.k * 2;
    pairShadow(checks, o40, o41, "an object", "p1.ts:2:269");
    const t37 = o40 == null;
    let t38;
    if (t37) {
      trace(checks, "the branch taken of f (block 22)", "p1.ts:2:269");
      t38 = void 0;
    } else {
      trace(checks, "the other branch of f (block 23)", "p1.ts:2:269");
      tape.top = top;
      tape.refTop = refTop;
      const t39 = f_valueAndGrad_sum_3_fwd(o40, 3, o41, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      t38 = t39;
    }
    const t40 = t38 == null;
    let t41 = 0;
    if (t40) {
      trace(checks, "the branch taken of f (block 24)", "p1.ts:2:269");
      t41 = 0;
    } else {
      trace(checks, "the other branch of f (block 25)", "p1.ts:2:269");
      t41 = t38;
    }
    const o42 = l.r;
    const o43 = lBar.r;
    pairShadow(checks, o42, o43, "an object", "p1.ts:2:297");
    const t42 = !!o42;
    const t43 = t36 + t41;
    let t44 = 0;
    if (t42) {
      trace(checks, "the branch taken of f (block 26)", "p1.ts:2:297");
      tape.top = top;
      tape.refTop = refTop;
      const t45 = f_valueAndGrad_sum_4_fwd(o42, 3, o43, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      t44 = t45;
    } else {
      trace(checks, "the other branch of f (block 27)", "p1.ts:2:297");
      t44 = 0.5;
    }
    t32 = t43 + t44;
    t33 = t37;
    t34 = t40;
    t35 = t42;
  }
  const t46 = t32 == null;
  let t47 = 0;
  if (t46) {
    trace(checks, "the branch taken of f (block 28)", "p1.ts:2:269");
    t47 = 0;
  } else {
    trace(checks, "the other branch of f (block 29)", "p1.ts:2:269");
    t47 = t32;
  }
  const t48 = !!r;
  const t49 = t1 + t47;
  let t50 = 0;
  let t51 = false;
  let t52 = false;
  let t53 = false;
  if (t48) {
    trace(checks, "the branch taken of f (block 30)", "p1.ts:2:297");
    const o44 = r.l;
    const o45 = rBar.l;
    const t54 = r.k * 2;
    pairShadow(checks, o44, o45, "an object", "p1.ts:2:269");
    const t55 = o44 == null;
    let t56;
    if (t55) {
      trace(checks, "the branch taken of f (block 31)", "p1.ts:2:269");
      t56 = void 0;
    } else {
      trace(checks, "the other branch of f (block 32)", "p1.ts:2:269");
      tape.top = top;
      tape.refTop = refTop;
      const t57 = f_valueAndGrad_sum_3_fwd(o44, 3, o45, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      t56 = t57;
    }
    const t58 = t56 == null;
    let t59 = 0;
    if (t58) {
      trace(checks, "the branch taken of f (block 33)", "p1.ts:2:269");
      t59 = 0;
    } else {
      trace(checks, "the other branch of f (block 34)", "p1.ts:2:269");
      t59 = t56;
    }
    const o46 = r.r;
    const o47 = rBar.r;
    pairShadow(checks, o46, o47, "an object", "p1.ts:2:297");
    const t60 = !!o46;
    const t61 = t54 + t59;
    let t62 = 0;
    if (t60) {
      trace(checks, "the branch taken of f (block 35)", "p1.ts:2:297");
      tape.top = top;
      tape.refTop = refTop;
      const t63 = f_valueAndGrad_sum_4_fwd(o46, 3, o47, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      t62 = t63;
    } else {
      trace(checks, "the other branch of f (block 36)", "p1.ts:2:297");
      t62 = 0.5;
    }
    t50 = t61 + t62;
    t51 = t55;
    t52 = t58;
    t53 = t60;
  } else {
    trace(checks, "the other branch of f (block 37)", "p1.ts:2:297");
    t50 = 0.5;
  }
  const t64 = t49 + t50;
  const t65 = t64 ** 2;
  checkOwner(tape, owner);
  beginReverse(checks);
  const vBar = new Float64Array(t);
  const t66 = 2 * t64;
  checkFinite(checks, t66, t64, "a value", "p1.ts:3:129");
  if (t48) {
    if (t53) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_sum_4_rev(t66, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      checkTrace(checks, "the branch taken of f (block 35)", "p1.ts:2:297");
    } else {
      checkTrace(checks, "the other branch of f (block 36)", "p1.ts:2:297");
    }
    let t67 = 0;
    if (t52) {
      checkTrace(checks, "the branch taken of f (block 33)", "p1.ts:2:269");
      t67 = 0;
    } else {
      checkTrace(checks, "the other branch of f (block 34)", "p1.ts:2:269");
      t67 = t66;
    }
    if (t51) {
      checkTrace(checks, "the branch taken of f (block 31)", "p1.ts:2:269");
    } else {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_sum_3_rev(t67, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      checkTrace(checks, "the other branch of f (block 32)", "p1.ts:2:269");
    }
    const t68 = t66 * 2;
    checkFinite(checks, t68, t66, 2, "a value", "p1.ts:2:255");
    checkShadow(checks, rBar, "`r`", "p1.ts:2:255");
    rBar.k += t68;
    checkTrace(checks, "the branch taken of f (block 30)", "p1.ts:2:297");
  } else {
    checkTrace(checks, "the other branch of f (block 37)", "p1.ts:2:297");
  }
  let t69 = 0;
  if (t46) {
    checkTrace(checks, "the branch taken of f (block 28)", "p1.ts:2:269");
    t69 = 0;
  } else {
    checkTrace(checks, "the other branch of f (block 29)", "p1.ts:2:269");
    t69 = t66;
  }
  if (t31) {
    checkTrace(checks, "the branch taken of f (block 20)", "p1.ts:2:269");
  } else {
    if (t35) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_sum_4_rev(t69, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      checkTrace(checks, "the branch taken of f (block 26)", "p1.ts:2:297");
    } else {
      checkTrace(checks, "the other branch of f (block 27)", "p1.ts:2:297");
    }
    let t70 = 0;
    if (t34) {
      checkTrace(checks, "the branch taken of f (block 24)", "p1.ts:2:269");
      t70 = 0;
    } else {
      checkTrace(checks, "the other branch of f (block 25)", "p1.ts:2:269");
      t70 = t69;
    }
    if (t33) {
      checkTrace(checks, "the branch taken of f (block 22)", "p1.ts:2:269");
    } else {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_sum_3_rev(t70, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      checkTrace(checks, "the other branch of f (block 23)", "p1.ts:2:269");
    }
    const t71 = t69 * 2;
    checkFinite(checks, t71, t69, 2, "a value", "p1.ts:2:255");
    checkShadow(checks, lBar, "`l`", "p1.ts:2:255");
    lBar.k += t71;
    checkTrace(checks, "the other branch of f (block 21)", "p1.ts:2:269");
  }
  for (let i1 = t - 1; i1 >= 1; i1--) {
    checkTags(tape, top, refTop, ["a value of a trip (slot 0 of record f:80) at p1.ts:3:109", "a value of a trip (slot 1 of record f:80) at p1.ts:3:109", "a value of a trip (slot 2 of record f:80) at p1.ts:2:88", "a value of a trip (slot 3 of record f:80) at p1.ts:2:106", "a value of a trip (slot 4 of record f:80) at p1.ts:2:88", "a value of a trip (slot 5 of record f:80) at p1.ts:2:106", "a value of a trip (slot 7 of record f:80) at p1.ts:2:169", "a value of a trip (slot 10 of record f:80) at p1.ts:2:169", "a value of a trip (slot 11 of record f:80) at p1.ts:2:88", "a value of a trip (slot 12 of record f:80) at p1.ts:2:106", "a value of a trip (slot 14 of record f:80) at p1.ts:2:169"], ["a value of a trip (slot 6 of record f:80)", "a value of a trip (slot 8 of record f:80)", "a value of a trip (slot 9 of record f:80)", "a value of a trip (slot 13 of record f:80)", "a value of a trip (slot 15 of record f:80)", "a value of a trip (slot 16 of record f:80)"]);
    const o48 = refs[--refTop];
    const o49 = refs[--refTop];
    const o50 = refs[--refTop];
    const o51 = refs[--refTop];
    const o52 = refs[--refTop];
    const o53 = refs[--refTop];
    top -= 11;
    const t72 = data[top];
    const t73 = data[top + 1];
    const t74 = data[top + 2] !== 0;
    const t75 = data[top + 3] !== 0;
    const t76 = data[top + 4] !== 0;
    const t77 = data[top + 5] !== 0;
    const t78 = data[top + 6] !== 0;
    const t79 = data[top + 7] !== 0;
    const t80 = data[top + 8] !== 0;
    const t81 = data[top + 9] !== 0;
    const t82 = data[top + 10] !== 0;
    const t83 = v[i1];
    checkSame(t83, t72, "a value", "p1.ts:3:109");
    const t84 = t83 * 1.1;
    checkSame(t84, t73, "a value", "p1.ts:3:109");
    const t85 = t84 < t1;
    checkSame(t85, t74, "a value", "p1.ts:2:88");
    let t86 = 0;
    if (t85) {
      let t87 = 0;
      if (t75) {
        let t88 = 0;
        if (t76) {
          let t89 = 0;
          if (t77) {
            tape.top = top;
            tape.refTop = refTop;
            const t90 = f_valueAndGrad_insert_3_rev(checks, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
            checkTrace(checks, "the branch taken of f (block 5)", "p1.ts:2:102");
            t89 = t90;
          } else {
            checkShadow(checks, o53, "an object", "p1.ts:2:146");
            const t91 = o53.k;
            checkTrace(checks, "the other branch of f (block 6)", "p1.ts:2:102");
            t89 = t91;
          }
          checkTrace(checks, "the branch taken of f (block 4)", "p1.ts:2:84");
          t88 = t89;
        } else {
          let t92 = 0;
          if (t78) {
            tape.top = top;
            tape.refTop = refTop;
            const t93 = f_valueAndGrad_insert_4_rev(checks, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
            checkTrace(checks, "the branch taken of f (block 8)", "p1.ts:2:165");
            t92 = t93;
          } else {
            checkShadow(checks, o52, "an object", "p1.ts:2:209");
            const t94 = o52.k;
            checkTrace(checks, "the other branch of f (block 9)", "p1.ts:2:165");
            t92 = t94;
          }
          checkTrace(checks, "the other branch of f (block 7)", "p1.ts:2:84");
          t88 = t92;
        }
        checkTrace(checks, "the branch taken of f (block 3)", "p1.ts:2:102");
        t87 = t88;
      } else {
        checkShadow(checks, o51, "an object", "p1.ts:2:146");
        const t95 = o51.k;
        checkTrace(checks, "the other branch of f (block 10)", "p1.ts:2:102");
        t87 = t95;
      }
      checkTrace(checks, "the branch taken of f (block 2)", "p1.ts:2:84");
      t86 = t87;
    } else {
      let t96 = 0;
      if (t79) {
        let t97 = 0;
        if (t80) {
          let t98 = 0;
          if (t81) {
            tape.top = top;
            tape.refTop = refTop;
            const t99 = f_valueAndGrad_insert_3_rev(checks, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
            checkTrace(checks, "the branch taken of f (block 14)", "p1.ts:2:102");
            t98 = t99;
          } else {
            checkShadow(checks, o50, "an object", "p1.ts:2:146");
            const t100 = o50.k;
            checkTrace(checks, "the other branch of f (block 15)", "p1.ts:2:102");
            t98 = t100;
          }
          checkTrace(checks, "the branch taken of f (block 13)", "p1.ts:2:84");
          t97 = t98;
        } else {
          let t101 = 0;
          if (t82) {
            tape.top = top;
            tape.refTop = refTop;
            const t102 = f_valueAndGrad_insert_4_rev(checks, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
            checkTrace(checks, "the branch taken of f (block 17)", "p1.ts:2:165");
            t101 = t102;
          } else {
            checkShadow(checks, o49, "an object", "p1.ts:2:209");
            const t103 = o49.k;
            checkTrace(checks, "the other branch of f (block 18)", "p1.ts:2:165");
            t101 = t103;
          }
          checkTrace(checks, "the other branch of f (block 16)", "p1.ts:2:84");
          t97 = t101;
        }
        checkTrace(checks, "the branch taken of f (block 12)", "p1.ts:2:165");
        t96 = t97;
      } else {
        checkShadow(checks, o48, "an object", "p1.ts:2:209");
        const t104 = o48.k;
        checkTrace(checks, "the other branch of f (block 19)", "p1.ts:2:165");
        t96 = t104;
      }
      checkTrace(checks, "the other branch of f (block 11)", "p1.ts:2:84");
      t86 = t96;
    }
    const t105 = t86 * 1.1;
    checkFinite(checks, t105, t86, 1.1, "a value", "p1.ts:3:109");
    vBar[i1] += t105;
    checkTrace(checks, "a trip of f (block 1)", "p1.ts:3:65");
  }
  vBar[0] += t66;
  traceEnd(checks);
  const t106 = entryShadow(vBar, ["a", "n"]);
  const t107 = toGradient(t106, ["a", "n"]);
  releaseTape(tape, top, refTop);
  return [t65, [t107]];
}
function f_valueAndGrad_insert_3_fwd(self, k, selfBar, checks, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  trace(checks, "the body of insert_3 (block 1)", "");
  pairShadow(checks, self, selfBar, "`self`", "p1.ts:3:129");
  const t = k < self.k;
  let t1 = false;
  let o;
  let t2 = false;
  let o1;
  if (t) {
    trace(checks, "the branch taken of insert_3 (block 2)", "p1.ts:2:84");
    const o2 = self.l;
    const o3 = selfBar.l;
    pairShadow(checks, o2, o3, "an object", "p1.ts:2:106");
    const t3 = !!o2;
    let o4;
    if (t3) {
      trace(checks, "the branch taken of insert_3 (block 3)", "p1.ts:2:102");
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_insert_3_fwd(o2, k, o3, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    } else {
      trace(checks, "the other branch of insert_3 (block 4)", "p1.ts:2:102");
      const o5 = { k, $class: "T" };
      const o6 = { k: 0 };
      ownShadow(checks, o6, "an object");
      pairShadow(checks, o5, o6, "an object", "p1.ts:2:146");
      self.l = o5;
      selfBar.l = o6;
      o4 = o6;
    }
    t1 = t3;
    o = o4;
  } else {
    trace(checks, "the other branch of insert_3 (block 5)", "p1.ts:2:84");
    const o7 = self.r;
    const o8 = selfBar.r;
    pairShadow(checks, o7, o8, "an object", "p1.ts:2:169");
    const t4 = !!o7;
    let o9;
    if (t4) {
      trace(checks, "the branch taken of insert_3 (block 6)", "p1.ts:2:165");
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_insert_4_fwd(o7, k, o8, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    } else {
      trace(checks, "the other branch of insert_3 (block 7)", "p1.ts:2:165");
      const o10 = { k, $class: "T" };
      const o11 = { k: 0 };
      ownShadow(checks, o11, "an object");
      pairShadow(checks, o10, o11, "an object", "p1.ts:2:209");
      self.r = o10;
      selfBar.r = o11;
      o9 = o11;
    }
    t2 = t4;
    o1 = o9;
  }
  tagTape(tape, top, refTop, ["a value of the body (slot 0 of record insert_3_fwd:root) at p1.ts:2:88", "a value of the body (slot 1 of record insert_3_fwd:root) at p1.ts:2:106", "a value of the body (slot 3 of record insert_3_fwd:root) at p1.ts:2:169"], ["a value of the body (slot 2 of record insert_3_fwd:root)", "a value of the body (slot 4 of record insert_3_fwd:root)"]);
  if (top + 3 > data.length) data = growTape(tape, top + 3);
  data[top++] = t ? 1 : 0;
  data[top++] = t1 ? 1 : 0;
  data[top++] = t2 ? 1 : 0;
  refs[refTop++] = o;
  refs[refTop++] = o1;
  tape.top = top;
  tape.refTop = refTop;
}
function f_valueAndGrad_insert_4_fwd(self, k, selfBar, checks, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  trace(checks, "the body of insert_4 (block 1)", "");
  pairShadow(checks, self, selfBar, "`self`", "p1.ts:2:200");
  const t = k < self.k;
  let t1 = false;
  let o;
  let t2 = false;
  let o1;
  if (t) {
    trace(checks, "the branch taken of insert_4 (block 2)", "p1.ts:2:84");
    const o2 = self.l;
    const o3 = selfBar.l;
    pairShadow(checks, o2, o3, "an object", "p1.ts:2:106");
    const t3 = !!o2;
    let o4;
    if (t3) {
      trace(checks, "the branch taken of insert_4 (block 3)", "p1.ts:2:102");
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_insert_3_fwd(o2, k, o3, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    } else {
      trace(checks, "the other branch of insert_4 (block 4)", "p1.ts:2:102");
      const o5 = { k, $class: "T" };
      const o6 = { k: 0 };
      ownShadow(checks, o6, "an object");
      pairShadow(checks, o5, o6, "an object", "p1.ts:2:146");
      self.l = o5;
      selfBar.l = o6;
      o4 = o6;
    }
    t1 = t3;
    o = o4;
  } else {
    trace(checks, "the other branch of insert_4 (block 5)", "p1.ts:2:84");
    const o7 = self.r;
    const o8 = selfBar.r;
    pairShadow(checks, o7, o8, "an object", "p1.ts:2:169");
    const t4 = !!o7;
    let o9;
    if (t4) {
      trace(checks, "the branch taken of insert_4 (block 6)", "p1.ts:2:165");
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_insert_4_fwd(o7, k, o8, checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    } else {
      trace(checks, "the other branch of insert_4 (block 7)", "p1.ts:2:165");
      const o10 = { k, $class: "T" };
      const o11 = { k: 0 };
      ownShadow(checks, o11, "an object");
      pairShadow(checks, o10, o11, "an object", "p1.ts:2:209");
      self.r = o10;
      selfBar.r = o11;
      o9 = o11;
    }
    t2 = t4;
    o1 = o9;
  }
  tagTape(tape, top, refTop, ["a value of the body (slot 0 of record insert_4_fwd:root) at p1.ts:2:88", "a value of the body (slot 1 of record insert_4_fwd:root) at p1.ts:2:106", "a value of the body (slot 3 of record insert_4_fwd:root) at p1.ts:2:169"], ["a value of the body (slot 2 of record insert_4_fwd:root)", "a value of the body (slot 4 of record insert_4_fwd:root)"]);
  if (top + 3 > data.length) data = growTape(tape, top + 3);
  data[top++] = t ? 1 : 0;
  data[top++] = t1 ? 1 : 0;
  data[top++] = t2 ? 1 : 0;
  refs[refTop++] = o;
  refs[refTop++] = o1;
  tape.top = top;
  tape.refTop = refTop;
}
function f_valueAndGrad_sum_3_fwd(self, d, selfBar, checks, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  trace(checks, "the body of sum_3 (block 1)", "");
  pairShadow(checks, self, selfBar, "`self`", "p1.ts:2:200");
  const o = self.l;
  const o1 = selfBar.l;
  const t = self.k * d;
  pairShadow(checks, o, o1, "an object", "p1.ts:2:269");
  const t1 = o == null;
  let t2;
  if (t1) {
    trace(checks, "the branch taken of sum_3 (block 2)", "p1.ts:2:269");
    t2 = void 0;
  } else {
    trace(checks, "the other branch of sum_3 (block 3)", "p1.ts:2:269");
    tape.top = top;
    tape.refTop = refTop;
    const t3 = f_valueAndGrad_sum_3_fwd(o, d + 1, o1, checks, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    t2 = t3;
  }
  const t4 = t2 == null;
  let t5 = 0;
  if (t4) {
    trace(checks, "the branch taken of sum_3 (block 4)", "p1.ts:2:269");
    t5 = 0;
  } else {
    trace(checks, "the other branch of sum_3 (block 5)", "p1.ts:2:269");
    t5 = t2;
  }
  const o2 = self.r;
  const o3 = selfBar.r;
  pairShadow(checks, o2, o3, "an object", "p1.ts:2:297");
  const t6 = !!o2;
  const t7 = t + t5;
  let t8 = 0;
  if (t6) {
    trace(checks, "the branch taken of sum_3 (block 6)", "p1.ts:2:297");
    tape.top = top;
    tape.refTop = refTop;
    const t9 = f_valueAndGrad_sum_4_fwd(o2, d + 1, o3, checks, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    t8 = t9;
  } else {
    trace(checks, "the other branch of sum_3 (block 7)", "p1.ts:2:297");
    t8 = 0.5;
  }
  tagTape(tape, top, refTop, ["`d` of the body (slot 0 of record sum_3_fwd:root) at p1.ts:2:223", "a value of the body (slot 2 of record sum_3_fwd:root) at p1.ts:2:269", "a value of the body (slot 3 of record sum_3_fwd:root) at p1.ts:2:269", "a value of the body (slot 4 of record sum_3_fwd:root) at p1.ts:2:297"], ["`selfBar` of the body (slot 1 of record sum_3_fwd:root)"]);
  if (top + 4 > data.length) data = growTape(tape, top + 4);
  data[top++] = d;
  data[top++] = t1 ? 1 : 0;
  data[top++] = t4 ? 1 : 0;
  data[top++] = t6 ? 1 : 0;
  refs[refTop++] = selfBar;
  tape.top = top;
  tape.refTop = refTop;
  return t7 + t8;
}
function f_valueAndGrad_sum_4_fwd(self, d, selfBar, checks, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  trace(checks, "the body of sum_4 (block 1)", "");
  pairShadow(checks, self, selfBar, "`self`", "p1.ts:2:255");
  const o = self.l;
  const o1 = selfBar.l;
  const t = self.k * d;
  pairShadow(checks, o, o1, "an object", "p1.ts:2:269");
  const t1 = o == null;
  let t2;
  if (t1) {
    trace(checks, "the branch taken of sum_4 (block 2)", "p1.ts:2:269");
    t2 = void 0;
  } else {
    trace(checks, "the other branch of sum_4 (block 3)", "p1.ts:2:269");
    tape.top = top;
    tape.refTop = refTop;
    const t3 = f_valueAndGrad_sum_3_fwd(o, d + 1, o1, checks, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    t2 = t3;
  }
  const t4 = t2 == null;
  let t5 = 0;
  if (t4) {
    trace(checks, "the branch taken of sum_4 (block 4)", "p1.ts:2:269");
    t5 = 0;
  } else {
    trace(checks, "the other branch of sum_4 (block 5)", "p1.ts:2:269");
    t5 = t2;
  }
  const o2 = self.r;
  const o3 = selfBar.r;
  pairShadow(checks, o2, o3, "an object", "p1.ts:2:297");
  const t6 = !!o2;
  const t7 = t + t5;
  let t8 = 0;
  if (t6) {
    trace(checks, "the branch taken of sum_4 (block 6)", "p1.ts:2:297");
    tape.top = top;
    tape.refTop = refTop;
    const t9 = f_valueAndGrad_sum_4_fwd(o2, d + 1, o3, checks, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    t8 = t9;
  } else {
    trace(checks, "the other branch of sum_4 (block 7)", "p1.ts:2:297");
    t8 = 0.5;
  }
  tagTape(tape, top, refTop, ["`d` of the body (slot 0 of record sum_4_fwd:root) at p1.ts:2:223", "a value of the body (slot 2 of record sum_4_fwd:root) at p1.ts:2:269", "a value of the body (slot 3 of record sum_4_fwd:root) at p1.ts:2:269", "a value of the body (slot 4 of record sum_4_fwd:root) at p1.ts:2:297"], ["`selfBar` of the body (slot 1 of record sum_4_fwd:root)"]);
  if (top + 4 > data.length) data = growTape(tape, top + 4);
  data[top++] = d;
  data[top++] = t1 ? 1 : 0;
  data[top++] = t4 ? 1 : 0;
  data[top++] = t6 ? 1 : 0;
  refs[refTop++] = selfBar;
  tape.top = top;
  tape.refTop = refTop;
  return t7 + t8;
}
function f_valueAndGrad_sum_4_rev(resultBar, checks, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  checkTags(tape, top, refTop, ["`d` of the body (slot 0 of record sum_4_fwd:root) at p1.ts:2:223", "a value of the body (slot 2 of record sum_4_fwd:root) at p1.ts:2:269", "a value of the body (slot 3 of record sum_4_fwd:root) at p1.ts:2:269", "a value of the body (slot 4 of record sum_4_fwd:root) at p1.ts:2:297"], ["`selfBar` of the body (slot 1 of record sum_4_fwd:root)"]);
  const selfBar = refs[--refTop];
  top -= 4;
  const d = data[top];
  const t = data[top + 1] !== 0;
  const t1 = data[top + 2] !== 0;
  const t2 = data[top + 3] !== 0;
  if (t2) {
    tape.top = top;
    tape.refTop = refTop;
    f_valueAndGrad_sum_4_rev(resultBar, checks, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    checkTrace(checks, "the branch taken of sum_4 (block 6)", "p1.ts:2:297");
  } else {
    checkTrace(checks, "the other branch of sum_4 (block 7)", "p1.ts:2:297");
  }
  let t3 = 0;
  if (t1) {
    checkTrace(checks, "the branch taken of sum_4 (block 4)", "p1.ts:2:269");
    t3 = 0;
  } else {
    checkTrace(checks, "the other branch of sum_4 (block 5)", "p1.ts:2:269");
    t3 = resultBar;
  }
  if (t) {
    checkTrace(checks, "the branch taken of sum_4 (block 2)", "p1.ts:2:269");
  } else {
    tape.top = top;
    tape.refTop = refTop;
    f_valueAndGrad_sum_3_rev(t3, checks, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    checkTrace(checks, "the other branch of sum_4 (block 3)", "p1.ts:2:269");
  }
  const t4 = resultBar * d;
  checkFinite(checks, t4, resultBar, d, "a value", "p1.ts:2:255");
  checkShadow(checks, selfBar, "`self`", "p1.ts:2:255");
  selfBar.k += t4;
  checkTrace(checks, "the body of sum_4 (block 1)", "");
  tape.top = top;
  tape.refTop = refTop;
}
function f_valueAndGrad_sum_3_rev(resultBar, checks, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  checkTags(tape, top, refTop, ["`d` of the body (slot 0 of record sum_3_fwd:root) at p1.ts:2:223", "a value of the body (slot 2 of record sum_3_fwd:root) at p1.ts:2:269", "a value of the body (slot 3 of record sum_3_fwd:root) at p1.ts:2:269", "a value of the body (slot 4 of record sum_3_fwd:root) at p1.ts:2:297"], ["`selfBar` of the body (slot 1 of record sum_3_fwd:root)"]);
  const selfBar = refs[--refTop];
  top -= 4;
  const d = data[top];
  const t = data[top + 1] !== 0;
  const t1 = data[top + 2] !== 0;
  const t2 = data[top + 3] !== 0;
  if (t2) {
    tape.top = top;
    tape.refTop = refTop;
    f_valueAndGrad_sum_4_rev(resultBar, checks, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    checkTrace(checks, "the branch taken of sum_3 (block 6)", "p1.ts:2:297");
  } else {
    checkTrace(checks, "the other branch of sum_3 (block 7)", "p1.ts:2:297");
  }
  let t3 = 0;
  if (t1) {
    checkTrace(checks, "the branch taken of sum_3 (block 4)", "p1.ts:2:269");
    t3 = 0;
  } else {
    checkTrace(checks, "the other branch of sum_3 (block 5)", "p1.ts:2:269");
    t3 = resultBar;
  }
  if (t) {
    checkTrace(checks, "the branch taken of sum_3 (block 2)", "p1.ts:2:269");
  } else {
    tape.top = top;
    tape.refTop = refTop;
    f_valueAndGrad_sum_3_rev(t3, checks, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    checkTrace(checks, "the other branch of sum_3 (block 3)", "p1.ts:2:269");
  }
  const t4 = resultBar * d;
  checkFinite(checks, t4, resultBar, d, "a value", "p1.ts:2:255");
  checkShadow(checks, selfBar, "`self`", "p1.ts:2:255");
  selfBar.k += t4;
  checkTrace(checks, "the body of sum_3 (block 1)", "");
  tape.top = top;
  tape.refTop = refTop;
}
function f_valueAndGrad_insert_3_rev(checks, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  checkTags(tape, top, refTop, ["a value of the body (slot 0 of record insert_3_fwd:root) at p1.ts:2:88", "a value of the body (slot 1 of record insert_3_fwd:root) at p1.ts:2:106", "a value of the body (slot 3 of record insert_3_fwd:root) at p1.ts:2:169"], ["a value of the body (slot 2 of record insert_3_fwd:root)", "a value of the body (slot 4 of record insert_3_fwd:root)"]);
  const o = refs[--refTop];
  const o1 = refs[--refTop];
  top -= 3;
  const t = data[top] !== 0;
  const t1 = data[top + 1] !== 0;
  const t2 = data[top + 2] !== 0;
  let kBar = 0;
  if (t) {
    let kBar1 = 0;
    if (t1) {
      tape.top = top;
      tape.refTop = refTop;
      const kBar2 = f_valueAndGrad_insert_3_rev(checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      checkTrace(checks, "the branch taken of insert_3 (block 3)", "p1.ts:2:102");
      kBar1 = kBar2;
    } else {
      checkShadow(checks, o1, "an object", "p1.ts:2:146");
      const kBar3 = o1.k;
      checkTrace(checks, "the other branch of insert_3 (block 4)", "p1.ts:2:102");
      kBar1 = kBar3;
    }
    checkTrace(checks, "the branch taken of insert_3 (block 2)", "p1.ts:2:84");
    kBar = kBar1;
  } else {
    let kBar4 = 0;
    if (t2) {
      tape.top = top;
      tape.refTop = refTop;
      const kBar5 = f_valueAndGrad_insert_4_rev(checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      checkTrace(checks, "the branch taken of insert_3 (block 6)", "p1.ts:2:165");
      kBar4 = kBar5;
    } else {
      checkShadow(checks, o, "an object", "p1.ts:2:209");
      const kBar6 = o.k;
      checkTrace(checks, "the other branch of insert_3 (block 7)", "p1.ts:2:165");
      kBar4 = kBar6;
    }
    checkTrace(checks, "the other branch of insert_3 (block 5)", "p1.ts:2:84");
    kBar = kBar4;
  }
  checkTrace(checks, "the body of insert_3 (block 1)", "");
  tape.top = top;
  tape.refTop = refTop;
  return kBar;
}
function f_valueAndGrad_insert_4_rev(checks, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  checkTags(tape, top, refTop, ["a value of the body (slot 0 of record insert_4_fwd:root) at p1.ts:2:88", "a value of the body (slot 1 of record insert_4_fwd:root) at p1.ts:2:106", "a value of the body (slot 3 of record insert_4_fwd:root) at p1.ts:2:169"], ["a value of the body (slot 2 of record insert_4_fwd:root)", "a value of the body (slot 4 of record insert_4_fwd:root)"]);
  const o = refs[--refTop];
  const o1 = refs[--refTop];
  top -= 3;
  const t = data[top] !== 0;
  const t1 = data[top + 1] !== 0;
  const t2 = data[top + 2] !== 0;
  let kBar = 0;
  if (t) {
    let kBar1 = 0;
    if (t1) {
      tape.top = top;
      tape.refTop = refTop;
      const kBar2 = f_valueAndGrad_insert_3_rev(checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      checkTrace(checks, "the branch taken of insert_4 (block 3)", "p1.ts:2:102");
      kBar1 = kBar2;
    } else {
      checkShadow(checks, o1, "an object", "p1.ts:2:146");
      const kBar3 = o1.k;
      checkTrace(checks, "the other branch of insert_4 (block 4)", "p1.ts:2:102");
      kBar1 = kBar3;
    }
    checkTrace(checks, "the branch taken of insert_4 (block 2)", "p1.ts:2:84");
    kBar = kBar1;
  } else {
    let kBar4 = 0;
    if (t2) {
      tape.top = top;
      tape.refTop = refTop;
      const kBar5 = f_valueAndGrad_insert_4_rev(checks, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      checkTrace(checks, "the branch taken of insert_4 (block 6)", "p1.ts:2:165");
      kBar4 = kBar5;
    } else {
      checkShadow(checks, o, "an object", "p1.ts:2:209");
      const kBar6 = o.k;
      checkTrace(checks, "the other branch of insert_4 (block 7)", "p1.ts:2:165");
      kBar4 = kBar6;
    }
    checkTrace(checks, "the other branch of insert_4 (block 5)", "p1.ts:2:84");
    kBar = kBar4;
  }
  checkTrace(checks, "the body of insert_4 (block 1)", "");
  tape.top = top;
  tape.refTop = refTop;
  return kBar;
}
export {
  args,
  f,
  vg
};
