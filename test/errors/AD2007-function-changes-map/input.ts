import { grad } from 'adjoint';
// the map grows while it is gone through: by a function that is handed on, a getter, a setter
export const named = grad((x: number): number => {
  const m = new Map([[1, x]]);
  const grow = (v: number): void => {
    if (m.size < 3) m.set(m.size + 1, v * x);
  };
  const it = m.values();
  let s = 0;
  for (const v of it) {
    [v].forEach(grow);
    s += v;
  }
  return s;
});
export const getter = grad((x: number): number => {
  const m = new Map([[1, x]]);
  const o = {
    get grown() {
      m.set(m.size + 1, x);
      return 2;
    },
  };
  const it = m.values();
  const by = o.grown;
  let s = 0;
  for (const v of it) s += v * by;
  return s;
});
export const setter = grad((x: number): number => {
  const m = new Map([[1, x]]);
  const o = {
    set last(v: number) {
      if (m.size < 3) m.set(m.size + 1, v * x);
    },
  };
  const it = m.values();
  let s = 0;
  for (const v of it) {
    o.last = v;
    s += v;
  }
  return s;
});
export const from = grad((x: number): number => {
  const m = new Map([[1, x]]);
  const all = Array.from(m, ([k, v]) => {
    if (m.size < 3) m.set(k + 1, v * x);
    return v;
  });
  return all.length * x;
});
export const covers = 'always-refused';
