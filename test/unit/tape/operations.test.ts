import * as tape from '@adjoint/tape';
import { Tape, type Var } from '@adjoint/tape';
import { describe, expect, test } from 'vitest';
import { extrapolatedDifference } from './differences.js';

type Unary = (x: number) => number;
type Binary = (x: number, y: number) => number;

const unaryOperations: Record<string, { plain: Unary; points: number[] }> = {
  neg: { plain: (x) => -x, points: [-1.3, 0.7] },
  abs: { plain: Math.abs, points: [-1.3, 0.7, 40] },
  acos: { plain: Math.acos, points: [-0.8, 0.1, 0.9] },
  acosh: { plain: Math.acosh, points: [1.2, 2.5, 30] },
  asin: { plain: Math.asin, points: [-0.8, 0.1, 0.9] },
  asinh: { plain: Math.asinh, points: [-3, 0.2, 5] },
  atan: { plain: Math.atan, points: [-3, 0.2, 5] },
  atanh: { plain: Math.atanh, points: [-0.8, 0.1, 0.7] },
  cbrt: { plain: Math.cbrt, points: [-2, 0.3, 8] },
  cos: { plain: Math.cos, points: [-3, 0.2, 5] },
  cosh: { plain: Math.cosh, points: [-3, 0.2, 5] },
  exp: { plain: Math.exp, points: [-3, 0.2, 5] },
  expm1: { plain: Math.expm1, points: [-3, 0.2, 5] },
  log: { plain: Math.log, points: [0.3, 1, 50] },
  log10: { plain: Math.log10, points: [0.3, 1, 50] },
  log1p: { plain: Math.log1p, points: [-0.6, 0.1, 50] },
  log2: { plain: Math.log2, points: [0.3, 1, 50] },
  sin: { plain: Math.sin, points: [-3, 0.2, 5] },
  sinh: { plain: Math.sinh, points: [-3, 0.2, 5] },
  sqrt: { plain: Math.sqrt, points: [0.3, 2, 50] },
  tan: { plain: Math.tan, points: [-1, 0.2, 4] },
  tanh: { plain: Math.tanh, points: [-2, 0.2, 3] },
};

const binaryOperations: Record<string, { plain: Binary; points: [number, number][] }> = {
  add: { plain: (x, y) => x + y, points: [[1.5, -2]] },
  sub: { plain: (x, y) => x - y, points: [[1.5, -2]] },
  mul: { plain: (x, y) => x * y, points: [[1.5, -2]] },
  div: {
    plain: (x, y) => x / y,
    points: [
      [1.5, -2],
      [-0.3, 0.7],
    ],
  },
  rem: {
    plain: (x, y) => x % y,
    points: [
      [7.3, 2.1],
      [-7.3, 2.1],
      [7.3, -2.1],
      [0.4, 3],
    ],
  },
  pow: {
    plain: (x, y) => x ** y,
    points: [
      [1.7, 2.3],
      [0.4, -1.5],
      [3, 0],
    ],
  },
  atan2: {
    plain: Math.atan2,
    points: [
      [1, 2],
      [-1, -2],
      [0.5, -3],
      [2, 0],
    ],
  },
  min: { plain: Math.min, points: [[1, 2]] },
  max: { plain: Math.max, points: [[1, 2]] },
  hypot: {
    plain: Math.hypot,
    points: [
      [3, -4],
      [0, 2],
    ],
  },
};

const discreteOperations = ['floor', 'ceil', 'round', 'trunc', 'sign', 'clz32'] as const;

const awkward = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  1e-310,
  1e300,
  -1e300,
  Infinity,
  -Infinity,
  NaN,
  2 ** 31,
  0.1 + 0.2,
];

const unaryByName = tape as unknown as Record<string, tape.UnaryOperation>;
const binaryByName = tape as unknown as Record<string, tape.BinaryOperation>;
const discreteByName: Pick<typeof tape, (typeof discreteOperations)[number]> = tape;
const methods = (x: Var) => x as unknown as Record<string, (...operands: tape.Scalar[]) => Var>;

describe.each(Object.entries(unaryOperations))('%s', (name, { plain, points }) => {
  test.each(points)('agrees with differences at %d', (x) => {
    const recording = new Tape();
    const variable = recording.variable(x);
    recording.backward(unaryByName[name](variable));
    const expected = extrapolatedDifference(plain, x);
    expect(Math.abs(recording.cotangent(variable) - expected)).toBeLessThan(
      2e-9 * Math.max(1, Math.abs(expected)),
    );
  });

  test('has the bits of plain JavaScript, as function and as method', () => {
    for (const x of awkward) {
      const variable = new Tape().variable(x);
      expect(unaryByName[name](variable).value).toBe(plain(x));
      expect(methods(variable)[name]().value).toBe(plain(x));
      expect(unaryByName[name](x)).toBe(plain(x));
    }
  });
});

describe.each(Object.entries(binaryOperations))('%s', (name, { plain, points }) => {
  test.each(points)('agrees with differences at (%d, %d)', (x, y) => {
    const partials = [
      extrapolatedDifference((each) => plain(each, y), x),
      extrapolatedDifference((each) => plain(x, each), y),
    ];
    const recording = new Tape();
    const [left, right] = recording.variables([x, y]);
    recording.backward(binaryByName[name](left, right));
    expect(recording.cotangent(left)).toBeCloseTo(partials[0], 8);
    expect(recording.cotangent(right)).toBeCloseTo(partials[1], 8);
    recording.backward(binaryByName[name](left, y));
    expect(recording.cotangent(left)).toBeCloseTo(partials[0], 8);
    expect(recording.cotangent(right)).toBe(0);
    recording.backward(binaryByName[name](x, right));
    expect(recording.cotangent(left)).toBe(0);
    expect(recording.cotangent(right)).toBeCloseTo(partials[1], 8);
    recording.backward(methods(left)[name](right));
    expect(recording.cotangent(right)).toBeCloseTo(partials[1], 8);
  });

  test('has the bits of plain JavaScript, whichever operand is taped', () => {
    for (const x of awkward) {
      for (const y of awkward) {
        const [left, right] = new Tape().variables([x, y]);
        const expected = plain(x, y);
        expect(binaryByName[name](left, right).value).toBe(expected);
        expect(binaryByName[name](left, y).value).toBe(expected);
        expect(binaryByName[name](x, right).value).toBe(expected);
        expect(binaryByName[name](x, y)).toBe(expected);
      }
    }
  });

  test('counts an operand that is given twice, twice', () => {
    const recording = new Tape();
    const x = recording.variable(1.25);
    recording.backward(binaryByName[name](x, x));
    const expected = extrapolatedDifference((each) => plain(each, each), 1.25);
    expect(recording.cotangent(x)).toBeCloseTo(name === 'rem' ? 0 : expected, 8);
  });
});

describe('many operands', () => {
  const points = [2, -7, 6, 5];
  test.each([
    ['hypot', tape.hypot, Math.hypot],
    ['min', tape.min, Math.min],
    ['max', tape.max, Math.max],
  ] as const)('%s', (_name, operation, plain) => {
    const recording = new Tape();
    const variables = recording.variables(points);
    const output = operation(...variables) as Var;
    expect(output.value).toBe(plain(...points));
    recording.backward(output);
    points.forEach((x, k) => {
      const along = (each: number) => plain(...points.map((other, j) => (j === k ? each : other)));
      expect(recording.cotangent(variables[k])).toBeCloseTo(extrapolatedDifference(along, x), 8);
    });
  });

  test('none gives the value of plain JavaScript', () => {
    expect(tape.max()).toBe(-Infinity);
    expect(tape.min()).toBe(Infinity);
    expect(tape.hypot()).toBe(0);
  });
});

describe('operations without derivative give plain numbers', () => {
  test.each(discreteOperations)('%s', (name) => {
    for (const x of awkward) {
      const variable = new Tape().variable(x);
      expect(discreteByName[name](variable)).toBe(Math[name](x));
      expect(variable[name]()).toBe(Math[name](x));
      expect(discreteByName[name](x)).toBe(Math[name](x));
    }
  });

  test('imul and bit operations', () => {
    const [x, y] = new Tape().variables([13.7, -6]);
    expect(tape.imul(x, y)).toBe(-78);
    expect(x.imul(y)).toBe(-78);
    expect(tape.bitAnd(x, 9)).toBe(9);
    expect(tape.bitOr(2, x)).toBe(15);
    expect(tape.bitXor(x, y)).toBe(13 ^ -6);
    expect(tape.bitNot(x)).toBe(-14);
    expect(tape.shiftLeft(x, 2)).toBe(52);
    expect(tape.shiftRight(y, 1)).toBe(-3);
    expect(tape.shiftRightUnsigned(y, 1)).toBe(-6 >>> 1);
    expect(tape.primal(x)).toBe(13.7);
  });
});

test('fround rounds the value and passes the derivative through', () => {
  const recording = new Tape();
  const x = recording.variable(0.1);
  const y = tape.fround(x);
  recording.backward(y, 3);
  expect(y.value).toBe(Math.fround(0.1));
  expect(recording.cotangent(x)).toBe(3);
});

test('every function of Math is there, as function and as method', () => {
  const names = Object.getOwnPropertyNames(Math).filter(
    (name) => typeof Reflect.get(Math, name) === 'function',
  );
  // random has no argument; the rest came to the language after the edition that is supported
  const expected = names.filter((name) => !['random', 'f16round', 'sumPrecise'].includes(name));
  const x = new Tape().variable(1) as unknown as Record<string, unknown>;
  expect(expected.filter((name) => typeof Reflect.get(tape, name) !== 'function')).toEqual([]);
  expect(expected.filter((name) => typeof x[name] !== 'function')).toEqual([]);
});

describe('partials keep their digits', () => {
  const derivative = (operation: tape.UnaryOperation, x: number) =>
    tape.gradient((y: Var) => operation(y))(x);
  test.each([
    ['tanh at 15', tape.tanh, 15, (4 * Math.exp(-30)) / (1 + Math.exp(-30)) ** 2],
    ['tanh at 800', tape.tanh, 800, 0],
    ['expm1 at -50', tape.expm1, -50, Math.exp(-50)],
    ['asinh at 1e200', tape.asinh, 1e200, 1e-200],
    ['acosh at 1e200', tape.acosh, 1e200, 1e-200],
    ['asin near 1', tape.asin, 1 - 2 ** -53, 1 / Math.sqrt(2 ** -52)],
  ])('%s', (_name, operation, x, expected) => {
    expect(Math.abs(derivative(operation, x) - expected)).toBeLessThanOrEqual(1e-14 * expected);
  });
});
