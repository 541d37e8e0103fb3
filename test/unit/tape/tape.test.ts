import { add, exp, log, mul, sin, sqrt, sub, Tape, type Var } from '@adjoint/tape';
import { describe, expect, test } from 'vitest';

/** f = sin(x) * y + log(x), and its gradient in (x, y). */
const record = (x: Var, y: Var) => x.sin().mul(y).add(log(x));
const expected = (x: number, y: number) => [Math.cos(x) * y + 1 / x, Math.sin(x)];

describe('sweeps', () => {
  test('give cotangents of variables and of intermediate values', () => {
    const tape = new Tape();
    const [x, y] = tape.variables([2, 3]);
    const product = x.mul(y);
    const output = product.mul(product);
    tape.backward(output);
    expect([output, product, x, y].map((each) => tape.cotangent(each))).toEqual([1, 12, 36, 24]);
  });

  test('take a seed, and replace the sweep before', () => {
    const tape = new Tape();
    const x = tape.variable(2);
    const [square, cube] = [mul(x, x), mul(x, mul(x, x))];
    tape.backward(square, 10);
    expect(tape.cotangent(x)).toBe(40);
    tape.backward(cube);
    expect(tape.cotangent(x)).toBe(12);
    tape.backward(square, 0);
    expect(tape.cotangent(x)).toBe(0);
  });

  test('take several outputs', () => {
    const tape = new Tape();
    const x = tape.variable(2);
    const square = mul(x, x);
    tape.backward([square, x, square], [1, 10, 100]);
    expect(tape.cotangent(x)).toBe(404 + 10);
    tape.backward([], []);
    expect(tape.cotangent(x)).toBe(0);
  });

  test('leave what was recorded later, or does not matter, at zero', () => {
    const tape = new Tape({ capacity: 1 });
    const x = tape.variable(2);
    const square = mul(x, x);
    const beside = exp(x);
    tape.backward(square);
    const later = tape.variable(1);
    expect([beside, later].map((each) => tape.cotangent(each))).toEqual([0, 0]);
    expect([beside, later].map((each) => tape.contributions(each))).toEqual([0, 0]);
  });

  test('contributions add up absolute values along every path', () => {
    const tape = new Tape();
    const [x, y] = tape.variables([3, 5]);
    tape.backward(sub(add(mul(x, y), x), mul(x, 6)), -2);
    expect(tape.cotangent(x) + 0).toBe(0);
    expect(tape.contributions(x)).toBe(2 * (5 + 1 + 6));
    expect(tape.cotangent(y)).toBe(-6);
    expect(tape.contributions(y)).toBe(6);
    tape.backward(x);
    expect(tape.contributions(x)).toBe(1);
  });

  test('contributions multiply along a path', () => {
    const tape = new Tape();
    const x = tape.variable(-3);
    const difference = sub(mul(x, 4), mul(x, 4));
    tape.backward(mul(difference, -10));
    expect(tape.contributions(x)).toBe(80);
  });
});

describe('storage', () => {
  test('grows from any capacity without changing a result', () => {
    const run = (capacity: number) => {
      const tape = new Tape({ capacity });
      const x = tape.variables(Array.from({ length: 37 }, (_, k) => 0.1 * k + 0.05));
      let sum: Var = x[0];
      for (let trip = 0; trip < 20; trip++) for (const each of x) sum = add(sum, mul(sin(each), sqrt(each)));
      tape.backward(sum);
      return [
        sum.value,
        ...x.map((each) => tape.cotangent(each)),
        ...x.map((each) => tape.contributions(each)),
      ];
    };
    expect(run(1)).toEqual(run(100_000));
    expect(run(3)).toEqual(run(100_000));
  });

  test('grows between two sweeps', () => {
    const tape = new Tape({ capacity: 1 });
    const x = tape.variable(1);
    let product: Var = x;
    for (let k = 0; k < 10; k++) {
      product = mul(product, x);
      tape.backward(product);
      expect(tape.cotangent(x)).toBe(k + 2);
    }
    expect(tape.length).toBe(11);
  });

  test('is used again after a reset', () => {
    const tape = new Tape({ capacity: 1 });
    for (let k = 1; k < 50; k++) {
      const [x, y] = tape.variables([k, 0.1 * k]);
      tape.backward(record(x, y));
      expect([tape.cotangent(x), tape.cotangent(y)]).toEqual(expected(k, 0.1 * k));
      expect(tape.length).toBe(6);
      tape.reset();
      expect(tape.length).toBe(0);
      expect(tape.epoch).toBe(k);
    }
  });

  test('several tapes may be recorded in turns', () => {
    const tapes = [new Tape({ capacity: 1 }), new Tape({ capacity: 2 }), new Tape()];
    const variables = tapes.map((tape, k) => tape.variables([k + 1, 3]));
    const sines = variables.map(([x]) => x.sin());
    const outputs = sines.map((sine, k) => sine.mul(variables[k][1]).add(log(variables[k][0])));
    tapes.forEach((tape, k) => {
      tape.backward(outputs[k]);
    });
    tapes.forEach((tape, k) => {
      expect(variables[k].map((each) => tape.cotangent(each))).toEqual(expected(k + 1, 3));
    });
  });

  test("an operation of one's own is recorded with its partials", () => {
    const tape = new Tape();
    const x = tape.variables([1, 2, 3]);
    const sumOfSquares = tape.record(14, x, [2, 4, 6]);
    tape.backward(sumOfSquares.mul(2));
    expect(x.map((each) => tape.cotangent(each))).toEqual([4, 8, 12]);
    expect(tape.record(5, [], []).value).toBe(5);
  });
});

describe('what is refused', () => {
  const other = new Tape().variable(1);

  test('a Var of another tape', () => {
    const tape = new Tape();
    const x = tape.variable(1);
    for (const mix of [
      () => add(x, other),
      () => x.mul(other),
      () => x.hypot(2, other),
      () => x.max(other),
    ]) {
      expect(mix).toThrow(/Var of another tape/);
    }
    expect(() => tape.backward(other)).toThrow(/another tape/);
    tape.backward(x);
    expect(() => tape.cotangent(other)).toThrow(/another tape/);
    expect(() => tape.record(0, [x, other], [1, 1])).toThrow(/another tape/);
  });

  test('a failed operation leaves no trace', () => {
    const tape = new Tape({ capacity: 1 });
    const x = tape.variable(2);
    const length = tape.length;
    expect(() => add(x, other)).toThrow(TypeError);
    expect(() => tape.record(0, [x, other], [100, 100])).toThrow(TypeError);
    const partials = {
      length: 2,
      0: 100,
      get 1(): number {
        throw new Error('half way');
      },
    };
    expect(() => tape.record(0, [x, x], partials)).toThrow('half way');
    expect(tape.length).toBe(length);
    tape.backward(mul(x, x));
    expect(tape.cotangent(x)).toBe(4);
  });

  test('a Var from before a reset', () => {
    const tape = new Tape();
    const x = tape.variable(1);
    const y = tape.variable(1);
    tape.backward(x);
    tape.reset();
    expect(() => add(x, 1)).toThrow(/before its tape was reset/);
    expect(() => add(tape.variable(1), y)).toThrow(/before its tape was reset/);
    expect(() => tape.backward(x)).toThrow(/before its tape was reset/);
    expect(() => tape.cotangent(tape.variable(1))).toThrow(/called before backward/);
  });

  test('reading before a sweep', () => {
    const tape = new Tape();
    const x = tape.variable(1);
    expect(() => tape.cotangent(x)).toThrow('cotangent() was called before backward()');
    expect(() => tape.contributions(x)).toThrow('contributions() was called before backward()');
  });

  test('operands that are no numbers', () => {
    const tape = new Tape();
    const x = tape.variables([1]);
    expect(() => add(x[0], x[Number.NaN])).toThrow(
      'an operand of add is undefined, not a number or a Var (an index',
    );
    expect(() => sin(x[7])).toThrow(/operand of sin is undefined/);
    expect(() => x[0].max(x[7])).toThrow(/operand of max is undefined/);
    const text = '2' as unknown as number;
    expect(() => mul(text, x[0])).toThrow('an operand of mul is a string, not a number or a Var');
    expect(() => tape.variable(text)).toThrow('a variable needs a number, but it was given a string');
    expect(() => tape.cotangent(x[7])).toThrow('a Var was expected, but undefined was given');
    expect(() => tape.backward(undefined as unknown as Var)).toThrow('the output is not a Var but undefined');
    expect(() => tape.backward(3 as unknown as Var)).toThrow('the output is not a Var but a number');
  });

  test('operators and comparisons, which would lose the derivative', () => {
    const x = new Tape().variable(1.5) as unknown as number;
    for (const operator of [() => x + 1, () => x * 2, () => -x, () => x < 2, () => Math.sin(x)]) {
      expect(operator).toThrow(/an operator was applied to a Var/);
    }
    expect(`${x}`).toBe('1.5');
    expect(JSON.stringify({ x })).toBe('{"x":1.5}');
  });

  test('lengths and capacities that make no sense', () => {
    const tape = new Tape();
    const x = tape.variable(1);
    expect(() => tape.record(0, [x], [1, 2])).toThrow('1 operands were given with 2 partial derivatives');
    expect(() => tape.backward([x], [1, 2])).toThrow('1 outputs were given with 2 seeds');
    for (const capacity of [0, -1, 1.5, Number.NaN]) {
      expect(() => new Tape({ capacity })).toThrow(RangeError);
    }
  });
});

describe('a tape that cannot grow', () => {
  test.each([
    ['nodes', (tape: Tape) => tape.variable(1)],
    ['edges', (tape: Tape) => tape.variable(1).sin().sin()],
  ])('of %s: says how much was asked for, and is as it was', (_, grow) => {
    const tape = new Tape({ capacity: 1 });
    const x = tape.variable(1);
    const own = [globalThis.Int32Array, globalThis.Float64Array] as const;
    const full = class {
      static readonly BYTES_PER_ELEMENT = 4;
      constructor() {
        throw new RangeError('Array buffer allocation failed');
      }
    };
    Object.assign(globalThis, { Int32Array: full, Float64Array: full });
    try {
      expect(() => grow(tape)).toThrow(
        /no room for 2 entries \(8 bytes\).*checkpoint\(f\).*checkpointed\(n\)/,
      );
    } finally {
      [globalThis.Int32Array, globalThis.Float64Array] = own;
    }
    tape.backward(x);
    expect(tape.cotangent(x)).toBe(1);
  });
});
