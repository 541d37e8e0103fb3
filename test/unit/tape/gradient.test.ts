import {
  add,
  exp,
  gradient,
  gradientAndScale,
  mul,
  primal,
  type Scalar,
  sin,
  sub,
  Tape,
  type Var,
  valueAndGradient,
} from '@adjoint/tape';
import { describe, expect, expectTypeOf, test } from 'vitest';

const sumOfSquares = (xs: readonly Scalar[]): Scalar => xs.reduce<Scalar>((sum, x) => add(sum, mul(x, x)), 0);

describe('structure of the gradient', () => {
  test('number', () => {
    const g = gradient((x: Var) => x.sin());
    expectTypeOf(g(2)).toEqualTypeOf<number>();
    expect(g(2)).toBe(Math.cos(2));
  });

  test('Float64Array, Float32Array, number[]', () => {
    const g = gradient(sumOfSquares);
    expectTypeOf(g(Float64Array.of(1))).toEqualTypeOf<Float64Array>();
    expectTypeOf(g([1])).toEqualTypeOf<number[]>();
    expect(g(Float64Array.of(1, 2))).toEqual(Float64Array.of(2, 4));
    expect(g(Float32Array.of(0.1, 2))).toEqual(Float32Array.of(2 * Math.fround(0.1), 4));
    expect(g([1, 2])).toEqual([2, 4]);
    expect(g([])).toEqual([]);
    expect(g(new Float64Array(0))).toEqual(new Float64Array(0));
  });

  test('nested arrays, tuples and objects', () => {
    interface Model {
      readonly layers: readonly { readonly weights: readonly Scalar[]; readonly name: string }[];
      readonly shift: readonly [Scalar, string, Scalar];
      readonly activation: (x: Scalar) => Scalar;
      readonly indices: Int32Array;
    }
    const loss = (model: Model) => {
      const { shift, layers, indices } = model;
      let sum = mul(model.activation(shift[0]), shift[2]);
      for (const { weights } of layers) sum = add(sum, weights[indices[0]]);
      return sum;
    };
    const model = {
      layers: [
        { weights: Float64Array.of(1, 2), name: 'first' },
        { weights: [5, 7, 8], name: 'second' },
      ],
      shift: [3, 'text', 4] as const,
      activation: (x: Scalar) => exp(x),
      indices: Int32Array.of(1),
    };
    expect(gradient(loss)(model)).toEqual({
      layers: [{ weights: Float64Array.of(0, 1) }, { weights: [0, 1, 0] }],
      shift: [4 * Math.exp(3), undefined, Math.exp(3)],
    });
  });

  test('matrix', () => {
    const trace = (rows: readonly (readonly Scalar[])[]) =>
      rows.reduce<Scalar>((sum, row, k) => add(sum, row[k]), 0);
    const g = gradient(trace)([
      [1, 2],
      [3, 4],
    ]);
    expectTypeOf(g).toEqualTypeOf<number[][]>();
    expect(g).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(gradient(trace)([Float64Array.of(1, 2), Float64Array.of(3, 4)])).toEqual([
      Float64Array.of(1, 0),
      Float64Array.of(0, 1),
    ]);
  });

  test('holes, undefined and own fields with awkward names', () => {
    // biome-ignore lint/suspicious/noSparseArray: a hole is what is tested
    const sparse = [1, , 3] as number[];
    expect(gradient((xs: Scalar[]) => mul(xs[0], xs[2]))(sparse)).toEqual([3, undefined, 1]);
    const odd = JSON.parse('{"__proto__": 2, "x": 3}') as Record<string, number>;
    const g = gradient((o: Record<string, Scalar>) => Object.values(o).reduce((x, y) => mul(x, y)))(odd);
    expect(Object.entries(g)).toEqual([
      ['__proto__', 3],
      ['x', 2],
    ]);
  });

  test('one number reached in two ways counts as two', () => {
    const shared = [2, 3];
    const f = (o: { a: Scalar[]; b: Scalar[] }) => mul(o.a[0], o.b[1]);
    expect(gradient(f)({ a: shared, b: shared })).toEqual({ a: [3, 0], b: [0, 2] });
  });

  test('an argument without influence gives zeros, and so does a plain result', () => {
    expect(gradient((x: Scalar[]) => x.length)([1, 2])).toEqual([0, 0]);
    expect(valueAndGradient((x: Var) => primal(x) * 2)(4)).toEqual([8, 0]);
  });
});

describe('arguments', () => {
  test('f gets copies, which it may change', () => {
    const f = (xs: Scalar[]) => {
      xs[0] = mul(xs[0], xs[1]);
      xs.reverse();
      xs.push(0);
      return add(xs[0], xs[1]);
    };
    const argument = Float64Array.of(2, 3);
    expect(valueAndGradient(f)(argument)).toEqual([9, Float64Array.of(3, 3)]);
    expect(argument).toEqual(Float64Array.of(2, 3));
  });

  test('argnums chooses them, the others are passed on as they are', () => {
    const f = (x: Scalar, n: Float64Array, y: Scalar) => {
      expect(n).toBeInstanceOf(Float64Array);
      return mul(mul(x, n[0]), y);
    };
    const n = Float64Array.of(5);
    const one = gradient(f, { argnums: 2 })(2, n, 3);
    const two = gradient(f, { argnums: [2, 0] })(2, n, 3);
    expectTypeOf(one).toEqualTypeOf<number>();
    expectTypeOf(two).toEqualTypeOf<[number, number]>();
    expect(one).toBe(10);
    expect(two).toEqual([10, 15]);
    expect(gradient(f, { argnums: [0, 0] })(2, n, 3)).toEqual([15, 15]);
    expect(valueAndGradient(f, { argnums: [0] })(2, n, 3)).toEqual([30, [15]]);
  });

  test('optional, default and rest parameters', () => {
    const withDefault = (x: Scalar, y: Scalar = 4) => mul(x, y);
    expect(gradient(withDefault)(3)).toBe(4);
    expect(gradient(withDefault, { argnums: [0, 1] })(3)).toEqual([4, undefined]);
    expect(gradient(withDefault, { argnums: [0, 1] })(3, 5)).toEqual([5, 3]);
    const rest = (...xs: Scalar[]) => sumOfSquares(xs);
    expect(gradient(rest, { argnums: [0, 2] })(1, 2, 3)).toEqual([2, 6]);
  });

  test('positions are checked by the types', () => {
    const f = (x: Scalar, y: Scalar) => mul(x, y);
    // @ts-expect-error there is no argument 2
    expect(() => gradient(f, { argnums: 2 })(1, 2)).toThrow(RangeError);
    // @ts-expect-error a string is no number
    expect(() => gradient(f)('1', 2)).toThrow('argument 0 has no number to differentiate in: it is a string');
  });
});

test('the value has the bits of plain arithmetic', () => {
  const formula = (x: number, y: number) => Math.sin(x) ** y / (x - 0.1) + 0.3 * y;
  const taped = (x: Var, y: Var) => x.sin().pow(y).div(x.sub(0.1)).add(mul(0.3, y));
  const [value, g] = valueAndGradient(taped, { argnums: [0, 1] })(0.7, 1.9);
  expectTypeOf(g).toEqualTypeOf<[number, number]>();
  expect(value).toBe(formula(0.7, 1.9));
});

test('scale has the structure of the gradient', () => {
  const f = (xs: readonly Scalar[]) => sub(mul(xs[0], 1000), mul(xs[0], 999));
  const result = gradientAndScale(f)(Float64Array.of(2));
  expectTypeOf(result.scale).toEqualTypeOf<Float64Array>();
  expect(result).toEqual({ value: 2, gradient: Float64Array.of(1), scale: Float64Array.of(1999) });
});

describe('re-entrancy', () => {
  test('a gradient inside a taped function', () => {
    const inner = gradient((x: Var) => mul(x, mul(x, x)));
    const outer = valueAndGradient((x: Var) => mul(x, inner(primal(x))));
    expect(outer(2)).toEqual([24, 12]);
  });

  test('the same gradient inside itself', () => {
    const depths: number[] = [];
    const f = (x: Var, depth: number): Var => {
      const before = sin(x);
      const inner: number = depth === 0 ? 1 : g(primal(x), depth - 1);
      depths.push(depth);
      return mul(before, inner);
    };
    const g: (x: number, depth: number) => number = gradient(f, { capacity: 1 });
    for (let again = 0; again < 3; again++) expect(g(0.5, 4)).toBeCloseTo(Math.cos(0.5) ** 5, 15);
    expect(depths.slice(0, 5)).toEqual([0, 1, 2, 3, 4]);
  });

  test('an inner function cannot capture a Var of the outer one by mistake', () => {
    const f = (x: Var) => mul(x, gradient((y: Var) => mul(x, y))(2));
    expect(() => gradient(f)(3)).toThrow(/Var of another tape/);
    const g = (x: Var) => mul(x, gradient((y: Var) => mul(y, y))(x as unknown as number));
    expect(() => gradient(g)(3)).toThrow(/argument 0 is a Var/);
  });

  test('an exception leaves nothing behind', () => {
    const f = (x: Var, bad: boolean) => {
      const square = mul(x, x);
      if (bad) throw new Error('half way');
      return mul(square, x);
    };
    const g = gradient(f);
    for (let again = 0; again < 3; again++) {
      expect(() => g(2, true)).toThrow('half way');
      expect(g(2, false)).toBe(12);
    }
    const outer = gradient((x: Var) => {
      expect(() => g(primal(x), true)).toThrow('half way');
      return mul(x, g(primal(x), false));
    });
    expect(outer(2)).toBe(12);
  });

  test('a Var that escapes is refused afterwards', () => {
    let escaped: Var | undefined;
    const g = gradient((x: Var) => {
      if (escaped !== undefined) return add(x, escaped);
      escaped = x;
      return x;
    });
    expect(g(1)).toBe(1);
    expect(() => g(1)).toThrow(/before its tape was reset/);
  });
});

describe('what is refused', () => {
  test('results that are no number', () => {
    const bad = (result: unknown) => gradient((x: Var) => (primal(x) > 0 ? (result as Var) : x));
    expect(() => bad(undefined)(1)).toThrow(
      'the function must return a Var or a number, but it returned undefined',
    );
    expect(() => bad([1])(1)).toThrow(/returned an array/);
    expect(() => bad(Promise.resolve(1))(1)).toThrow(/returned an instance of Promise/);
    expect(() => bad(new Tape().variable(1))(1)).toThrow('the function returned a Var of another tape');
  });

  test('arguments without numbers', () => {
    const f = (_x: unknown, y: Scalar) => y;
    const g = gradient(f);
    for (const argument of ['text', true, null, { name: 'x' }, ['x'], Int32Array.of(1), () => 1, 1n]) {
      expect(() => g(argument, 1)).toThrow(
        /argument 0 has no number to differentiate in: it is an? |it is null/,
      );
    }
    expect(() => g(undefined, 1)).toThrow('argnums names argument 0, but');
    expect(() => (gradient(f) as () => unknown)()).toThrow(/the call has 0 arguments/);
  });

  test('instances of classes, accessors and cycles, with their path', () => {
    class Model {
      w = 1;
    }
    const g = gradient((_x: unknown) => 0);
    expect(() => g([{ model: new Model() }])).toThrow(
      /^argument 0\[0\]\.model is an instance of Model: only numbers/,
    );
    expect(() => g(new Map([[1, 2]]))).toThrow(/argument 0 is an instance of Map/);
    const derived = {
      w: 2,
      get twice() {
        return 2 * this.w;
      },
    };
    expect(() => g({ derived })).toThrow(/^argument 0\.derived\.twice is an accessor/);
    const cyclic: { inner: unknown[] } = { inner: [1] };
    cyclic.inner.push(cyclic);
    expect(() => g(cyclic)).toThrow('argument 0.inner[1] refers to an object that contains it');
  });

  test('argnums that name nothing', () => {
    const f = (x: Scalar) => x;
    for (const argnums of [Number.NaN, -1, 0.5, '0']) {
      expect(() => gradient(f, { argnums: argnums as 0 })).toThrow(
        /argnums must hold integers from 0 on, but it holds/,
      );
    }
    expect(() => gradient(f, { argnums: [] })).toThrow('argnums names no argument');
    expect(() => gradient(f, { argnums: 3 as 0 })(1)).toThrow(
      'argnums names argument 3, but the call has 1 arguments',
    );
  });
});
