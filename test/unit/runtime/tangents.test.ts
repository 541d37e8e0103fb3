// What the caller gives for tangents and cotangents: it must have a number where the primal has one, and nothing else is read.
import { customVjp, grad, hvp, jacfwd, jacrev, jvp, vjp } from 'adjoint';
import { expect, test } from 'vitest';

/** Values that types would refuse. */
const untyped = (x: unknown): never => x as never;

const products = (x: number[]): number[] => [x[0] * x[1], x[2] * 2, x[0]];
const squares = (x: Float64Array): number => x.reduce((s, e) => s + e * e, 0);
const parts = (p: { a: number; b: number[] }): { s: number; t: [number, number] } => ({
  s: p.a,
  t: [p.b[0], p.b[1] * p.a],
});
const table = (x: number[]): Map<string, number> =>
  new Map([
    ['a', x[0] * x[1]],
    ['b', x[2] ** 2],
  ]);
const scaled = (x: Record<string, number>): Record<string, number> => {
  const out: Record<string, number> = {};
  for (const key of Object.keys(x)) out[key] = x[key] ** 2;
  return out;
};

test.each([
  [[1, 2], RangeError, 'cotangent has length 2, but its primal has length 3'],
  [[1, 2, 3, 4], RangeError, 'cotangent has length 4, but its primal has length 3'],
  [undefined, TypeError, 'cotangent should be an array, but is undefined'],
  [1, TypeError, 'cotangent should be an array, but is a number'],
  [[1, 2, undefined], TypeError, 'cotangent[2] should be a number, but is undefined'],
  [[1, '2', 3], TypeError, 'cotangent[1] should be a number, but is a string'],
])('a cotangent of a list: %j', (given, kind, message) => {
  const [, pullback] = vjp(products)([1, 2, 3]);
  expect(() => pullback(untyped(given))).toThrow(kind);
  expect(() => pullback(untyped(given))).toThrow(message);
  expect(pullback(untyped(Float64Array.of(1, 2, 3)))).toEqual([[5, 1, 4]]);
});

test('a part of a cotangent that is missing is an error, not zero', () => {
  const [, pullback] = vjp(parts)({ a: 1, b: [2, 3] });
  expect(() => pullback(untyped({ s: 1 }))).toThrow('cotangent.t should be an array, but is undefined');
  expect(() => pullback(untyped({ t: [1, 2] }))).toThrow('cotangent.s should be a number, but is undefined');
  expect(() => pullback(untyped({ s: 1, t: [1] }))).toThrow(
    'cotangent.t has length 1, but its primal has length 2',
  );
  expect(pullback({ s: 1, t: [1, 2] })).toEqual([{ a: 7, b: [1, 2] }]);
});

test('keys of a cotangent are those of its primal', () => {
  const [, ofTable] = vjp(table)([1, 2, 3]);
  expect(() => ofTable(new Map([['a', 1]]))).toThrow('cotangent.get(b) should be a number, but is undefined');
  const more = new Map([...'abc'].map((key) => [key, 1]));
  expect(() => ofTable(more)).toThrow('cotangent has the key c, which its primal has not');
  expect(() => ofTable(untyped({ a: 1, b: 1 }))).toThrow('cotangent should be a Map');
  const [, ofRecord] = vjp(scaled)({ a: 1, b: 2 });
  expect(() => ofRecord({ a: 1 })).toThrow('cotangent.b should be a number, but is undefined');
  expect(() => ofRecord({ a: 1, b: 2, c: 3 })).toThrow('cotangent has the key c, which its primal has not');
  const along = jvp(scaled);
  expect(() => along([{ a: 1, b: 2 }], [{ a: 1 }])).toThrow('the tangent of x.b should be a number');
});

test('tangents', () => {
  const along = jvp(products);
  const at: [number[]] = [[1, 2, 3]];
  expect(() => along(at, [[1, 2]])).toThrow('the tangent of x has length 2, but its primal has length 3');
  expect(() => along(at, untyped([]))).toThrow('the tangent of x should be an array, but is undefined');
  expect(() => along(at, untyped([[1, 2, undefined]]))).toThrow('the tangent of x[2] should be a number');
  expect(() => along(untyped([]), [[1, 2, 3]])).toThrow('adjoint: x should be an array, but is undefined');
  expect(() => hvp(squares)(Float64Array.of(1, 2), Float64Array.of(1))).toThrow(RangeError);
  expect(() => hvp(squares)(Float64Array.of(1, 2), untyped(undefined))).toThrow(
    'the tangent of x should be an array',
  );
  expect(() => hvp(squares)(untyped([1, 2]), untyped([1, 2]))).toThrow('adjoint: x should be a Float64Array');
  const ofParts = jvp(parts);
  expect(() => ofParts([{ a: 1, b: [2, 3] }], untyped([{ a: 1 }]))).toThrow(
    'the tangent of p.b should be an array',
  );
});

interface Model {
  a: number;
  b?: number;
  name: string;
  inner?: { c: number };
}
const withOptions = (p: Model, k?: number): number => p.a * (p.b ?? 1) * (k ?? 2) * (p.inner?.c ?? 1);
const present = (list: (number | undefined)[]): (number | undefined)[] =>
  list.map((e) => (e === undefined ? undefined : e * e));

test('what is absent in the primal, or carries no derivative, may be absent', () => {
  const along = jvp(withOptions);
  const whole: Model = { a: 1, b: 2, name: '', inner: { c: 2 } };
  expect(along([{ a: 1, name: '' }], [{ a: 1 }])).toEqual([2, 2]);
  expect(along([whole, 3], [{ a: 1, b: 1, inner: { c: 1 } }, 1])).toEqual([12, 28]);
  expect(() => along([whole, 3], [{ a: 1, b: 1, inner: { c: 1 } }, undefined])).toThrow('the tangent of k');
  expect(() => along([whole], [{ a: 1, b: 1 }])).toThrow('the tangent of p.inner');
  const [, pullback] = vjp(present)([1, undefined, 3]);
  expect(pullback([1, undefined, 1])).toEqual([[2, undefined, 6]]);
  expect(() => pullback([1, undefined, undefined])).toThrow(
    'cotangent[2] should be a number, but is undefined',
  );
});

test('a pullback knows the shape of its result, whatever the caller does to it', () => {
  const rows = (x: number[]): number[][] => [[x[0] * x[1]], [x[2] * 2, x[0]]];
  const [list, ofList] = vjp(products)([1, 2, 3]);
  list.length = 1;
  expect(ofList([1, 1, 1])).toEqual([[3, 1, 2]]);
  const [matrix, ofMatrix] = vjp(rows)([1, 2, 3]);
  matrix.reverse();
  expect(ofMatrix([[1], [1, 1]])).toEqual([[3, 1, 2]]);
  matrix.length = 0;
  expect(ofMatrix([[1], [1, 1]])).toEqual([[3, 1, 2]]);
  const [itself, ofItself] = vjp((x: number[]) => x)([1, 2]);
  itself.push(3);
  expect(ofItself([1, 1])).toEqual([[1, 1]]);
});

const shrunk = (x: number[]): Map<string, number> => {
  const map = table(x);
  map.delete('a');
  return map;
};
const forgotten = (x: Record<string, number>): Record<string, number> => {
  const out = scaled(x);
  delete out.a;
  return out;
};
const large = (x: number[]): (number | undefined)[] => x.map((e) => (e > 1 ? e * e : undefined));
const parted = (x: number[]): { a?: number; b: number | null } => ({
  ...(x[0] > 1 ? { a: x[0] } : {}),
  b: x[0] > 1 ? x[1] : null,
});
test('forward and reverse mode give the structure of the result: no deleted keys, no missing numbers', () => {
  expect(jvp(shrunk)([[1, 2, 3]], [[1, 1, 1]])[1]).toEqual(new Map([['b', 6]]));
  expect(jacfwd(shrunk)([1, 2, 3])).toEqual(jacrev(shrunk)([1, 2, 3]));
  expect(jvp(forgotten)([{ a: 1, b: 2 }], [{ a: 1, b: 1 }])[1]).toEqual({ b: 4 });
  expect(jacfwd(forgotten)({ a: 1, b: 2 })).toEqual(jacrev(forgotten)({ a: 1, b: 2 }));
  expect(jvp(large)([[1, 2]], [[1, 1]])[1]).toEqual([undefined, 4]);
  expect(jacfwd(large)([1, 2])).toEqual(jacrev(large)([1, 2]));
  expect(jvp(parted)([[1, 2]], [[1, 1]])[1]).toEqual({});
  expect(jvp(parted)([[2, 2]], [[1, 1]])[1]).toEqual({ a: 1, b: 1 });
});

const weighted = (rows: number[][], k: number): number[] =>
  rows.map((row) => row.reduce((s, e) => s + e * k, k));
test('matrices in arguments without numbers have rows without entries', () => {
  const empty = [
    [[], []],
    [[], []],
  ];
  expect(jacfwd(weighted, { argnums: [0, 1] })([[], []], 2)).toEqual([empty, [1, 1]]);
  expect(jacrev(weighted, { argnums: [0, 1] })([[], []], 2)).toEqual([empty, [1, 1]]);
});

const optional = customVjp(
  (x: number, k?: number): number => x * (k ?? 2),
  (x, k) => [x * (k ?? 2), (c) => [c * (k ?? 2), c * x]],
);
const tooMany = customVjp(
  (x: number): number => x,
  (x) => [x, (c) => untyped([c, c])],
);

test('a pullback of a rule may give a gradient for each parameter, and none more', () => {
  expect(grad((x: number) => optional(x) * x)(3)).toBe(12);
  expect(grad((x: number) => optional(x, x))(3)).toBe(6);
  expect(() => grad((x: number) => tooMany(x))(3)).toThrow(
    'the pullback of tooMany gives 2 gradients for 1 arguments',
  );
});
