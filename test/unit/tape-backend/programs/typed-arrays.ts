// Typed arrays stay what they are; their variables stand beside them.
export function single(v: Float32Array): number {
  v[0] = v[1] * v[2];
  v[5] = 3;
  let s = 0;
  for (const x of v) s += x * x;
  return s;
}
export function integers(v: Float64Array, n: Int32Array): number {
  n[0] += 2;
  n[1] = v[0] * 10;
  let s = 0;
  for (const k of n) s += v[k % v.length] * k;
  return s * v[1];
}
export function innerPatterns(m: Float64Array[], o: { v: Float64Array; w: number[] }): number {
  const {
    v: [a, b],
    w: [c],
  } = o;
  return m.map(([x, y]) => x * y).reduce((s, x) => s + x * x, 0) * a * b * c;
}
export function conversions(v: Float64Array): number {
  const a = Array.from(v, (x, i) => x * x + i);
  const b = Float64Array.from(a, (x) => x * 2);
  const c = Float64Array.of(v[0], b[1]);
  let s = 1;
  for (const [i, x] of v.entries()) s = s * x + i;
  return b[0] * c[1] + a[1] * c[0] + s;
}
export function methods(v: Float64Array): number {
  const w = v.map((x) => x * x).filter((x) => x > 0.3);
  const found = (v.findLast((x) => x < 1) ?? 0) * (v.some((x) => x > 1) ? v[0] : 2);
  return (
    w.reduceRight((s, x, i) => s * 0.5 + x * i, 1) + found + (v.at(-1) ?? 0) * (v.every((x) => x > 0) ? 2 : 1)
  );
}
export function partOfBuffer(v: Float64Array): number {
  const w = new Float64Array(v.buffer, 8, 2);
  w[0] *= v[0];
  return v[1] * w[1];
}
export function orders(v: Float64Array): number {
  v.sort();
  const w = v.toSorted((a, b) => b - a);
  v.reverse();
  return v[0] * w[1] + 3 * w[2] * v[1];
}
export function places(v: Float64Array, i: number): number {
  v[10] = 4;
  v[-1] = 3;
  v[0.5] = v[0] * 2;
  v[i]++;
  v[i] **= 2;
  v[1] ||= 5;
  v[2] &&= v[0] * 2;
  const y = v[1]++ + --v[2];
  return v[0] * y + v[i] + (v[7] ?? v[1]);
}
export function blocks(v: Float64Array, x: number): number {
  const w = new Float64Array(5);
  w.set(v, 1);
  w.fill(x * x, 4);
  w.copyWithin(0, 2, 4);
  const u = w.subarray(1, 4);
  u[0] = u[1] * u[2];
  return w.reduce((s, y, i) => s + y * i, 0) + u.slice(1)[0] * w.with(0, x)[0];
}
export function swaps(v: Float64Array): number {
  [v[0], v[1]] = [v[1] * 2, v[0]];
  let a = v[0];
  let b = v[2];
  [a, b] = [b, a * b];
  [, v[2]] = v;
  return v[0] * a + b * v[2];
}
export const cases = {
  single: { args: [Float32Array.of(1, 0.5, 0.75)], tol: 1e-3 },
  integers: { args: [Float64Array.of(0.35, 0.7), Int32Array.of(1, 2)] },
  innerPatterns: {
    args: [[Float64Array.of(1.5, 2), Float64Array.of(0.3, 0.7)], { v: Float64Array.of(1.5, 2), w: [3] }],
    argnums: [0, 1],
  },
  conversions: { args: [Float64Array.of(1.5, 2, 0.3)] },
  methods: { args: [Float64Array.of(1.5, 2, 0.7, 0.3)] },
  partOfBuffer: { args: [Float64Array.of(1.5, 2, 0.7)] },
  orders: { args: [Float64Array.of(1.5, 2, 0.7)] },
  places: { args: [Float64Array.of(1.5, 2, 0.7), 1] },
  blocks: { args: [Float64Array.of(1.5, 2, 0.7), 0.4], argnums: [0, 1] },
  swaps: { args: [Float64Array.of(1.5, 2, 0.7)] },
};
