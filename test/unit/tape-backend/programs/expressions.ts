// Operators, tests and conversions on variables.
export function text(x: number): number {
  const a = `${x}`;
  const b = `is ${x * 2}`;
  const o: Record<string, number> = {};
  o[x] = x * x;
  const j = JSON.stringify({ x, l: [x] });
  return b.length > 0 && j.includes(a) ? o[x] * o[a] : 0;
}
export function switches(x: number): number {
  switch (true) {
    case x > 2:
      return x;
    case x > 1:
      x *= 2;
  }
  switch (x) {
    case 2.6:
      return x * x;
    default:
      return x;
  }
}
export function truth(x: number, y: number): number {
  let s = 0;
  while (y) {
    s += y * x;
    y -= 1;
  }
  if (!x) return 3;
  const a = x && s;
  const b = y || x * 2;
  let z = !s ? 1 : 2;
  z += y && x;
  return a * b + z * x;
}
export function nary(v: number[], w: Float64Array): number {
  return (
    Math.max(...v) * Math.min(...w) +
    Math.max.apply(null, v) +
    Math.hypot(...v, ...w) +
    Math.max(v[0], w[0], 0.1)
  );
}
export function numbers(x: number): number {
  const tested = (Number.isInteger(x) ? 1 : x) + (Number.isFinite(x) ? x : 0);
  return Number(x) * +x + tested + x.valueOf() * (Number.isNaN(x) ? 0 : 2);
}
export function booleans(x: number): number {
  const b = (x > 1) as unknown as number;
  return b * x + (null as unknown as number) * x;
}
export function bits(x: number, n: number): number {
  let k = n | 0;
  k <<= 1;
  k ^= 3;
  k = ~k & 7;
  return x * k + (n >>> 1) * x + ((x * 10) | 0) * x;
}
export function compound(x: number, y: number): number {
  x %= y;
  let z = x ** y;
  z **= 2;
  z /= x + 1;
  z -= y;
  return (z % 3) + -x;
}
export function chained(v: number[], x: number): number {
  let a: number;
  const b = (a = x * 2);
  v[0] = v[1] = a * b;
  const o = { p: 1, q: [2] };
  o.p = o.q[0] = v[0];
  return a * o.p + v[1] * o.q[0];
}
export function targets(list: number[], v: number[]): number {
  let s = 0;
  for (v[0] of list) s += v[0] * v[0];
  for (const k in v) s += v[k] * Number(k);
  return s;
}
interface Optional {
  f?: (x: number) => number;
  p?: { v: number[] };
}
export function optional(o: Optional, x: number): number {
  return (o.f?.(x) ?? x) * (o.p?.v[0] ?? 2) + (o.p?.v.map((y) => y * x)[0] ?? x) + (o?.p?.v?.[1] ?? 1);
}
export function iterators(v: number[]): number {
  const it = v.values();
  const a = it.next().value as number;
  const e = v.entries();
  e.next();
  const [k, b] = e.next().value as [number, number];
  return a * b + k;
}
export const cases = {
  text: { args: [1.3] },
  switches: { args: [1.3] },
  truth: { args: [1.3, 2] },
  nary: { args: [[1.5, 0.2], Float64Array.of(0.4, 3)], argnums: [0, 1] },
  numbers: { args: [1.3] },
  booleans: { args: [1.3] },
  bits: { args: [1.33, 5] },
  compound: { args: [5.3, 2.1], argnums: [0, 1] },
  chained: { args: [[1, 2], 1.3], argnums: [0, 1] },
  targets: {
    args: [
      [1.5, 2],
      [3, 4],
    ],
    argnums: [0, 1],
  },
  optional: { args: [{ p: { v: [2, 3] } }, 1.3], argnums: [0, 1] },
  iterators: { args: [[2, 3]] },
};
