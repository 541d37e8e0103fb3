// The worked examples of textbooks, trace by trace. A function that returns its intermediate values shows their tangents; what is
// added to an intermediate value, and is zero, has its cotangent as gradient.
import { grad, hessian, jvp, valueAndGrad, vjp } from 'adjoint';
import { describe, expect, test } from 'vitest';

/** Equal to the last bits: the traces are worked by hand in another order of operations. */
function expectClose(found: Record<string, number>, wanted: Record<string, number>): void {
  expect(Object.keys(found)).toEqual(Object.keys(wanted));
  for (const [name, value] of Object.entries(wanted)) expect(found[name], name).toBeCloseTo(value, 13);
}

/** Values of a trace, and what is added to each of them. */
interface Trace {
  readonly v1: number;
  readonly v2: number;
  readonly v3: number;
  readonly v4: number;
  readonly v5: number;
}
const NOTHING: Trace = { v1: 0, v2: 0, v3: 0, v4: 0, v5: 0 };

// Baydin, Pearlmutter, Radul and Siskind, "Automatic differentiation in machine learning: a survey" (2018), tables 2 and 3
describe('y = ln x1 + x1 x2 - sin x2 at (2, 5)', () => {
  const trace = (x1: number, x2: number, added: Trace): Trace => {
    const v1 = Math.log(x1) + added.v1;
    const v2 = x1 * x2 + added.v2;
    const v3 = Math.sin(x2) + added.v3;
    const v4 = v1 + v2 + added.v4;
    const v5 = v4 - v3 + added.v5;
    return { v1, v2, v3, v4, v5 };
  };
  const f = (x1: number, x2: number): number => trace(x1, x2, NOTHING).v5;

  test('values, and the forward tangent trace for x1', () => {
    const [values, tangents] = jvp(trace)([2, 5, NOTHING], [1, 0, NOTHING]);
    expectClose(
      { ...values },
      { v1: Math.log(2), v2: 10, v3: Math.sin(5), v4: Math.log(2) + 10, v5: 11.652071455223084 },
    );
    expectClose({ ...tangents }, { v1: 1 / 2, v2: 5, v3: 0, v4: 5.5, v5: 5.5 });
  });

  test('the forward tangent trace for x2', () => {
    const [, tangents] = jvp(trace)([2, 5, NOTHING], [0, 1, NOTHING]);
    expectClose({ ...tangents }, { v1: 0, v2: 2, v3: Math.cos(5), v4: 2, v5: 2 - Math.cos(5) });
  });

  test('the reverse adjoint trace', () => {
    const [, pullback] = vjp(trace)(2, 5, NOTHING);
    const [x1, x2, cotangents] = pullback({ v1: 0, v2: 0, v3: 0, v4: 0, v5: 1 });
    expectClose({ ...cotangents }, { v1: 1, v2: 1, v3: -1, v4: 1, v5: 1 });
    // x1: by the logarithm and the product; x2: by the product and the sine
    expectClose({ x1, x2 }, { x1: 1 / 2 + 5, x2: 2 - Math.cos(5) });
  });

  test('value and gradient of the function itself', () => {
    const [value, [x1, x2]] = valueAndGrad(f, { argnums: [0, 1] })(2, 5);
    expect(value).toBe(f(2, 5));
    expectClose({ value, x1, x2 }, { value: 11.652071455223084, x1: 5.5, x2: 1.7163378145367738 });
  });
});

// a value that is used twice: its cotangent is a sum
describe('f = w2 log w1 + sqrt(w2 log w1) at (e^2, 2)', () => {
  interface Parts {
    readonly log: number;
    readonly product: number;
    readonly root: number;
    readonly f: number;
  }
  const none: Parts = { log: 0, product: 0, root: 0, f: 0 };
  const trace = (w1: number, w2: number, added: Parts): Parts => {
    const log = Math.log(w1) + added.log;
    const product = w2 * log + added.product;
    const root = Math.sqrt(product) + added.root;
    return { log, product, root, f: product + root + added.f };
  };
  const W1 = Math.exp(2);

  test('values and tangents', () => {
    const [values, tangents] = jvp(trace)([W1, 2, none], [1, 0, none]);
    expectClose({ ...values }, { log: 2, product: 4, root: 2, f: 6 });
    // (log w1)' = 1 / w1; the root: half of it over 2
    expectClose({ ...tangents }, { log: 1 / W1, product: 2 / W1, root: 0.5 / W1, f: 2.5 / W1 });
    const [, other] = jvp(trace)([W1, 2, none], [0, 1, none]);
    expectClose({ ...other }, { log: 0, product: 2, root: 0.5, f: 2.5 });
  });

  test('cotangents: that of the product is 1 + 1 / (2 root)', () => {
    const [, pullback] = vjp(trace)(W1, 2, none);
    const [w1, w2, cotangents] = pullback({ log: 0, product: 0, root: 0, f: 1 });
    expectClose({ ...cotangents }, { log: 2.5, product: 1.25, root: 1, f: 1 });
    expectClose({ w1, w2 }, { w1: 2.5 / W1, w2: 2.5 });
  });

  test('written as one expression', () => {
    const f = (w: readonly [number, number]): number =>
      w[1] * Math.log(w[0]) + Math.sqrt(w[1] * Math.log(w[0]));
    const [w1, w2] = grad(f)([W1, 2]);
    expectClose({ w1, w2 }, { w1: 2.5 / W1, w2: 2.5 });
  });
});

describe('f = x y + exp(x y) at (2, 1/2)', () => {
  interface Parts {
    readonly a: number;
    readonly b: number;
    readonly f: number;
  }
  const none: Parts = { a: 0, b: 0, f: 0 };
  const trace = (x: number, y: number, added: Parts): Parts => {
    const a = x * y + added.a;
    const b = Math.exp(a) + added.b;
    return { a, b, f: a + b + added.f };
  };

  test('values and tangents', () => {
    const [values, tangents] = jvp(trace)([2, 0.5, none], [1, 0, none]);
    expectClose({ ...values }, { a: 1, b: Math.E, f: 1 + Math.E });
    expectClose({ ...tangents }, { a: 0.5, b: 0.5 * Math.E, f: 0.5 + 0.5 * Math.E });
    const [, other] = jvp(trace)([2, 0.5, none], [0, 1, none]);
    expectClose({ ...other }, { a: 2, b: 2 * Math.E, f: 2 + 2 * Math.E });
  });

  test('cotangents: that of x y is 1 + exp(x y)', () => {
    const [, pullback] = vjp(trace)(2, 0.5, none);
    const [x, y, cotangents] = pullback({ a: 0, b: 0, f: 1 });
    expectClose({ ...cotangents }, { a: 1 + Math.E, b: 1, f: 1 });
    expectClose({ x, y }, { x: 0.5 * (1 + Math.E), y: 2 * (1 + Math.E) });
  });

  test('second derivatives: y^2 e, 1 + e + x y e, x^2 e', () => {
    const f = (p: number[]): number => p[0] * p[1] + Math.exp(p[0] * p[1]);
    const [[xx, xy], [yx, yy]] = hessian(f)([2, 0.5]);
    expectClose(
      { xx, xy, yx, yy },
      { xx: Math.E / 4, xy: 1 + 2 * Math.E, yx: 1 + 2 * Math.E, yy: 4 * Math.E },
    );
  });
});
