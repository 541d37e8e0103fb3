import { valueAndGrad } from "adjoint";
import { acquireTape, entryShadow, growTape, releaseTape, toGradient } from "adjoint/internal";
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
const vg = valueAndGrad(f, { argnums: [0] }, f_valueAndGrad);
function f_valueAndGrad(v) {
  const tape = acquireTape();
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const t = v.length;
  const t1 = v[0];
  let l = void 0;
  let r = void 0;
  let lBar = void 0;
  let rBar = void 0;
  for (let i = 1; i < t; i++) {
    const t2 = v[i] * 1.1;
    let l1;
    let r1;
    let lBar1;
    let rBar1;
    let t3 = false;
    let t4 = false;
    let t5 = false;
    let o;
    let t6 = false;
    let o1;
    let o2;
    let t7 = false;
    let t8 = false;
    let t9 = false;
    let o3;
    let t10 = false;
    let o4;
    let o5;
    if (t2 < t1) {
      const t11 = !!l;
      let l2;
      let lBar2;
      let t12 = false;
      let t13 = false;
      let o6;
      let t14 = false;
      let o7;
      let o8;
      if (t11) {
        const t15 = t2 < l.k;
        let t16 = false;
        let o9;
        let t17 = false;
        let o10;
        if (t15) {
          const o11 = l.l;
          const o12 = lBar.l;
          const t18 = !!o11;
          let o13;
          if (t18) {
            tape.top = top;
            tape.refTop = refTop;
            f_valueAndGrad_insert_3_fwd(o11, t2, o12, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
          } else {
            const o14 = { k: t2, $class: "T" };
            const o15 = { k: 0 };
            l.l = o14;
            lBar.l = o15;
            o13 = o15;
          }
          t16 = t18;
          o9 = o13;
        } else {
          const o16 = l.r;
          const o17 = lBar.r;
          const t19 = !!o16;
          let o18;
          if (t19) {
            tape.top = top;
            tape.refTop = refTop;
            f_valueAndGrad_insert_4_fwd(o16, t2, o17, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
          } else {
            const o19 = { k: t2, $class: "T" };
            const o20 = { k: 0 };
            l.r = o19;
            lBar.r = o20;
            o18 = o20;
          }
          t17 = t19;
          o10 = o18;
        }
        l2 = l;
        lBar2 = lBar;
        t12 = t15;
        t13 = t16;
        o6 = o9;
        t14 = t17;
        o7 = o10;
      } else {
        const o21 = { k: t2, $class: "T" };
        const o22 = { k: 0 };
        l2 = o21;
        lBar2 = o22;
        o8 = o22;
      }
      l1 = l2;
      r1 = r;
      lBar1 = lBar2;
      rBar1 = rBar;
      t3 = t11;
      t4 = t12;
      t5 = t13;
      o = o6;
      t6 = t14;
      o1 = o7;
      o2 = o8;
    } else {
      const t20 = !!r;
      let r2;
      let rBar2;
      let t21 = false;
      let t22 = false;
      let o23;
      let t23 = false;
      let o24;
      let o25;
      if (t20) {
        const t24 = t2 < r.k;
        let t25 = false;
        let o26;
        let t26 = false;
        let o27;
        if (t24) {
          const o28 = r.l;
          const o29 = rBar.l;
          const t27 = !!o28;
          let o30;
          if (t27) {
            tape.top = top;
            tape.refTop = refTop;
            f_valueAndGrad_insert_3_fwd(o28, t2, o29, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
          } else {
            const o31 = { k: t2, $class: "T" };
            const o32 = { k: 0 };
            r.l = o31;
            rBar.l = o32;
            o30 = o32;
          }
          t25 = t27;
          o26 = o30;
        } else {
          const o33 = r.r;
          const o34 = rBar.r;
          const t28 = !!o33;
          let o35;
          if (t28) {
            tape.top = top;
            tape.refTop = refTop;
            f_valueAndGrad_insert_4_fwd(o33, t2, o34, tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
          } else {
            const o36 = { k: t2, $class: "T" };
            const o37 = { k: 0 };
            r.r = o36;
            rBar.r = o37;
            o35 = o37;
          }
          t26 = t28;
          o27 = o35;
        }
        r2 = r;
        rBar2 = rBar;
        t21 = t24;
        t22 = t25;
        o23 = o26;
        t23 = t26;
        o24 = o27;
      } else {
        const o38 = { k: t2, $class: "T" };
        const o39 = { k: 0 };
        r2 = o38;
        rBar2 = o39;
        o25 = o39;
      }
      l1 = l;
      r1 = r2;
      lBar1 = lBar;
      rBar1 = rBar2;
      t7 = t20;
      t8 = t21;
      t9 = t22;
      o3 = o23;
      t10 = t23;
      o4 = o24;
      o5 = o25;
    }
    if (top + 8 > data.length) data = growTape(tape, top + 8);
    data[top++] = t3 ? 1 : 0;
    data[top++] = t4 ? 1 : 0;
    data[top++] = t5 ? 1 : 0;
    data[top++] = t6 ? 1 : 0;
    data[top++] = t7 ? 1 : 0;
    data[top++] = t8 ? 1 : 0;
    data[top++] = t9 ? 1 : 0;
    data[top++] = t10 ? 1 : 0;
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
  const t29 = l == null;
  let t30;
  let t31 = false;
  let t32 = false;
  let t33 = false;
  if (t29) {
    t30 = void 0;
  } else {
    const o40 = l.l;
    const o41 = lBar.l;
    const t34 = o40 == null;
    const t35 = l.k * 2;
    let t36;
    if (t34) {
      t36 = void 0;
    } else {
      tape.top = top;
      tape.refTop = refTop;
      const t37 = f_valueAndGrad_sum_3_fwd(o40, 3, o41, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      t36 = t37;
    }
    const t38 = t36 == null;
    const o42 = l.r;
    const o43 = lBar.r;
    const t39 = !!o42;
    const t40 = t35 + (t38 ? 0 : t36);
    let t41 = 0;
    if (t39) {
      tape.top = top;
      tape.refTop = refTop;
      const t42 = f_valueAndGrad_sum_4_fwd(o42, 3, o43, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      t41 = t42;
    } else {
      t41 = 0.5;
    }
    t30 = t40 + t41;
    t31 = t34;
    t32 = t38;
    t33 = t39;
  }
  const t43 = t30 == null;
  const t44 = !!r;
  const t45 = t1 + (t43 ? 0 : t30);
  let t46 = 0;
  let t47 = false;
  let t48 = false;
  let t49 = false;
  if (t44) {
    const o44 = r.l;
    const o45 = rBar.l;
    const t50 = o44 == null;
    const t51 = r.k * 2;
    let t52;
    if (t50) {
      t52 = void 0;
    } else {
      tape.top = top;
      tape.refTop = refTop;
      const t53 = f_valueAndGrad_sum_3_fwd(o44, 3, o45, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      t52 = t53;
    }
    const t54 = t52 == null;
    const o46 = r.r;
    const o47 = rBar.r;
    const t55 = !!o46;
    const t56 = t51 + (t54 ? 0 : t52);
    let t57 = 0;
    if (t55) {
      tape.top = top;
      tape.refTop = refTop;
      const t58 = f_valueAndGrad_sum_4_fwd(o46, 3, o47, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      t57 = t58;
    } else {
      t57 = 0.5;
    }
    t46 = t56 + t57;
    t47 = t50;
    t48 = t54;
    t49 = t55;
  } else {
    t46 = 0.5;
  }
  const t59 = t45 + t46;
  const t60 = t59 ** 2;
  const vBar = new Float64Array(t);
  const t61 = 2 * t59;
  if (t44) {
    if (t49) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_sum_4_rev(t61, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    }
    const t62 = t48 ? 0 : t61;
    if (!t47) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_sum_3_rev(t62, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    }
    rBar.k += t61 * 2;
  }
  const t63 = t43 ? 0 : t61;
  if (!t29) {
    if (t33) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_sum_4_rev(t63, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    }
    const t64 = t32 ? 0 : t63;
    if (!t31) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_sum_3_rev(t64, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    }
    lBar.k += t63 * 2;
  }
  for (let i1 = t - 1; i1 >= 1; i1--) {
    const o48 = refs[--refTop];
    const o49 = refs[--refTop];
    const o50 = refs[--refTop];
    const o51 = refs[--refTop];
    const o52 = refs[--refTop];
    const o53 = refs[--refTop];
    top -= 8;
    const t65 = data[top] !== 0;
    const t66 = data[top + 1] !== 0;
    const t67 = data[top + 2] !== 0;
    const t68 = data[top + 3] !== 0;
    const t69 = data[top + 4] !== 0;
    const t70 = data[top + 5] !== 0;
    const t71 = data[top + 6] !== 0;
    const t72 = data[top + 7] !== 0;
    let t73 = 0;
    if (v[i1] * 1.1 < t1) {
      let t74 = 0;
      if (t65) {
        let t75 = 0;
        if (t66) {
          let t76 = 0;
          if (t67) {
            tape.top = top;
            tape.refTop = refTop;
            const t77 = f_valueAndGrad_insert_3_rev(tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
            t76 = t77;
          } else {
            t76 = o53.k;
          }
          t75 = t76;
        } else {
          let t78 = 0;
          if (t68) {
            tape.top = top;
            tape.refTop = refTop;
            const t79 = f_valueAndGrad_insert_4_rev(tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
            t78 = t79;
          } else {
            t78 = o52.k;
          }
          t75 = t78;
        }
        t74 = t75;
      } else {
        t74 = o51.k;
      }
      t73 = t74;
    } else {
      let t80 = 0;
      if (t69) {
        let t81 = 0;
        if (t70) {
          let t82 = 0;
          if (t71) {
            tape.top = top;
            tape.refTop = refTop;
            const t83 = f_valueAndGrad_insert_3_rev(tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
            t82 = t83;
          } else {
            t82 = o50.k;
          }
          t81 = t82;
        } else {
          let t84 = 0;
          if (t72) {
            tape.top = top;
            tape.refTop = refTop;
            const t85 = f_valueAndGrad_insert_4_rev(tape);
            data = tape.data;
            top = tape.top;
            refTop = tape.refTop;
            t84 = t85;
          } else {
            t84 = o49.k;
          }
          t81 = t84;
        }
        t80 = t81;
      } else {
        t80 = o48.k;
      }
      t73 = t80;
    }
    vBar[i1] += t73 * 1.1;
  }
  vBar[0] += t61;
  const t86 = entryShadow(vBar, ["a", "n"]);
  const t87 = toGradient(t86, ["a", "n"]);
  releaseTape(tape, top, refTop);
  return [t60, [t87]];
}
function f_valueAndGrad_insert_3_fwd(self, k, selfBar, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const t = k < self.k;
  let t1 = false;
  let o;
  let t2 = false;
  let o1;
  if (t) {
    const o2 = self.l;
    const o3 = selfBar.l;
    const t3 = !!o2;
    let o4;
    if (t3) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_insert_3_fwd(o2, k, o3, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    } else {
      const o5 = { k, $class: "T" };
      const o6 = { k: 0 };
      self.l = o5;
      selfBar.l = o6;
      o4 = o6;
    }
    t1 = t3;
    o = o4;
  } else {
    const o7 = self.r;
    const o8 = selfBar.r;
    const t4 = !!o7;
    let o9;
    if (t4) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_insert_4_fwd(o7, k, o8, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    } else {
      const o10 = { k, $class: "T" };
      const o11 = { k: 0 };
      self.r = o10;
      selfBar.r = o11;
      o9 = o11;
    }
    t2 = t4;
    o1 = o9;
  }
  if (top + 3 > data.length) data = growTape(tape, top + 3);
  data[top++] = t ? 1 : 0;
  data[top++] = t1 ? 1 : 0;
  data[top++] = t2 ? 1 : 0;
  refs[refTop++] = o;
  refs[refTop++] = o1;
  tape.top = top;
  tape.refTop = refTop;
}
function f_valueAndGrad_insert_4_fwd(self, k, selfBar, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const t = k < self.k;
  let t1 = false;
  let o;
  let t2 = false;
  let o1;
  if (t) {
    const o2 = self.l;
    const o3 = selfBar.l;
    const t3 = !!o2;
    let o4;
    if (t3) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_insert_3_fwd(o2, k, o3, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    } else {
      const o5 = { k, $class: "T" };
      const o6 = { k: 0 };
      self.l = o5;
      selfBar.l = o6;
      o4 = o6;
    }
    t1 = t3;
    o = o4;
  } else {
    const o7 = self.r;
    const o8 = selfBar.r;
    const t4 = !!o7;
    let o9;
    if (t4) {
      tape.top = top;
      tape.refTop = refTop;
      f_valueAndGrad_insert_4_fwd(o7, k, o8, tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
    } else {
      const o10 = { k, $class: "T" };
      const o11 = { k: 0 };
      self.r = o10;
      selfBar.r = o11;
      o9 = o11;
    }
    t2 = t4;
    o1 = o9;
  }
  if (top + 3 > data.length) data = growTape(tape, top + 3);
  data[top++] = t ? 1 : 0;
  data[top++] = t1 ? 1 : 0;
  data[top++] = t2 ? 1 : 0;
  refs[refTop++] = o;
  refs[refTop++] = o1;
  tape.top = top;
  tape.refTop = refTop;
}
function f_valueAndGrad_sum_3_fwd(self, d, selfBar, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const o = self.l;
  const o1 = selfBar.l;
  const t = o == null;
  const t1 = self.k * d;
  let t2;
  if (t) {
    t2 = void 0;
  } else {
    tape.top = top;
    tape.refTop = refTop;
    const t3 = f_valueAndGrad_sum_3_fwd(o, d + 1, o1, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    t2 = t3;
  }
  const t4 = t2 == null;
  const o2 = self.r;
  const o3 = selfBar.r;
  const t5 = !!o2;
  const t6 = t1 + (t4 ? 0 : t2);
  let t7 = 0;
  if (t5) {
    tape.top = top;
    tape.refTop = refTop;
    const t8 = f_valueAndGrad_sum_4_fwd(o2, d + 1, o3, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    t7 = t8;
  } else {
    t7 = 0.5;
  }
  if (top + 4 > data.length) data = growTape(tape, top + 4);
  data[top++] = d;
  data[top++] = t ? 1 : 0;
  data[top++] = t4 ? 1 : 0;
  data[top++] = t5 ? 1 : 0;
  refs[refTop++] = selfBar;
  tape.top = top;
  tape.refTop = refTop;
  return t6 + t7;
}
function f_valueAndGrad_sum_4_fwd(self, d, selfBar, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const o = self.l;
  const o1 = selfBar.l;
  const t = o == null;
  const t1 = self.k * d;
  let t2;
  if (t) {
    t2 = void 0;
  } else {
    tape.top = top;
    tape.refTop = refTop;
    const t3 = f_valueAndGrad_sum_3_fwd(o, d + 1, o1, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    t2 = t3;
  }
  const t4 = t2 == null;
  const o2 = self.r;
  const o3 = selfBar.r;
  const t5 = !!o2;
  const t6 = t1 + (t4 ? 0 : t2);
  let t7 = 0;
  if (t5) {
    tape.top = top;
    tape.refTop = refTop;
    const t8 = f_valueAndGrad_sum_4_fwd(o2, d + 1, o3, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
    t7 = t8;
  } else {
    t7 = 0.5;
  }
  if (top + 4 > data.length) data = growTape(tape, top + 4);
  data[top++] = d;
  data[top++] = t ? 1 : 0;
  data[top++] = t4 ? 1 : 0;
  data[top++] = t5 ? 1 : 0;
  refs[refTop++] = selfBar;
  tape.top = top;
  tape.refTop = refTop;
  return t6 + t7;
}
function f_valueAndGrad_sum_4_rev(resultBar, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const selfBar = refs[--refTop];
  top -= 4;
  const d = data[top];
  const t = data[top + 1] !== 0;
  const t1 = data[top + 2] !== 0;
  const t2 = data[top + 3] !== 0;
  if (t2) {
    tape.top = top;
    tape.refTop = refTop;
    f_valueAndGrad_sum_4_rev(resultBar, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
  }
  const t3 = t1 ? 0 : resultBar;
  if (!t) {
    tape.top = top;
    tape.refTop = refTop;
    f_valueAndGrad_sum_3_rev(t3, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
  }
  selfBar.k += resultBar * d;
  tape.top = top;
  tape.refTop = refTop;
}
function f_valueAndGrad_sum_3_rev(resultBar, tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
  const selfBar = refs[--refTop];
  top -= 4;
  const d = data[top];
  const t = data[top + 1] !== 0;
  const t1 = data[top + 2] !== 0;
  const t2 = data[top + 3] !== 0;
  if (t2) {
    tape.top = top;
    tape.refTop = refTop;
    f_valueAndGrad_sum_4_rev(resultBar, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
  }
  const t3 = t1 ? 0 : resultBar;
  if (!t) {
    tape.top = top;
    tape.refTop = refTop;
    f_valueAndGrad_sum_3_rev(t3, tape);
    data = tape.data;
    top = tape.top;
    refTop = tape.refTop;
  }
  selfBar.k += resultBar * d;
  tape.top = top;
  tape.refTop = refTop;
}
function f_valueAndGrad_insert_3_rev(tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
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
      const kBar2 = f_valueAndGrad_insert_3_rev(tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      kBar1 = kBar2;
    } else {
      kBar1 = o1.k;
    }
    kBar = kBar1;
  } else {
    let kBar3 = 0;
    if (t2) {
      tape.top = top;
      tape.refTop = refTop;
      const kBar4 = f_valueAndGrad_insert_4_rev(tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      kBar3 = kBar4;
    } else {
      kBar3 = o.k;
    }
    kBar = kBar3;
  }
  tape.top = top;
  tape.refTop = refTop;
  return kBar;
}
function f_valueAndGrad_insert_4_rev(tape) {
  let data = tape.data;
  let top = tape.top;
  const refs = tape.refs;
  let refTop = tape.refTop;
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
      const kBar2 = f_valueAndGrad_insert_3_rev(tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      kBar1 = kBar2;
    } else {
      kBar1 = o1.k;
    }
    kBar = kBar1;
  } else {
    let kBar3 = 0;
    if (t2) {
      tape.top = top;
      tape.refTop = refTop;
      const kBar4 = f_valueAndGrad_insert_4_rev(tape);
      data = tape.data;
      top = tape.top;
      refTop = tape.refTop;
      kBar3 = kBar4;
    } else {
      kBar3 = o.k;
    }
    kBar = kBar3;
  }
  tape.top = top;
  tape.refTop = refTop;
  return kBar;
}
export {
  args,
  f,
  vg
};
