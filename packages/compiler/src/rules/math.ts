/** The functions of `Math`, under their own names. */
import { call, formsOf, type Traits, unaryForm } from './define.js';
import type { LinearForm, ScalarRule } from './types.js';

const TRANSCENDENTAL = 20;

type Build = Parameters<typeof unaryForm>[0];
/** A library function of one argument: never folded, since its last bit belongs to the engine. */
function library(name: keyof Math, build: Build, strongZero?: Traits['strongZero']): ScalarRule {
  const evaluate = Math[name] as (x: number) => number;
  const derivative = unaryForm(build);
  const traits = { evaluate, derivative, cost: TRANSCENDENTAL, foldable: false };
  return call(name as string, 1, strongZero ? { ...traits, strongZero } : traits);
}

/** A function that IEEE or the language defines exactly, with derivative zero. */
function step(name: keyof Math, arity = 1): ScalarRule {
  const evaluate = Math[name] as (...xs: number[]) => number;
  return call(name as string, arity, { evaluate, derivative: 'kill', cost: 1, foldable: true });
}

/**
 * y = atan2(a, b): aBar += yBar * b / r2, bBar -= yBar * a / r2 with r2 = a * a + b * b; zero at the origin. Squares of numbers beyond
 * 1e154 are infinite, and of those below 1e-154 they lose digits: there the derivatives of this, `atan`, `asinh` and `acosh` are not
 * those of the function. To avoid that would cost more than the rest of the rule.
 */
const atan2Form: LinearForm = (c, k, seed) => {
  const f = formsOf(c);
  const [a, b] = [c.x[0]!, c.x[1]!];
  const r2 = f.add(f.mul(a, a), f.mul(b, b));
  const term = f.mul(seed, f.apply('strongdiv', c.x[1 - k]!, r2));
  return k === 0 ? term : f.neg(term);
};

/** y = hypot(x...): x_k / y, and zero at the origin. */
const hypotForm: LinearForm = (c, k, seed) => c.b.strong(seed, c.b.scalar('strongdiv', c.x[k]!, c.y));

/** The seed goes to the operand that won; operands that tie share it equally. */
function extremumForm(wins: 'gt' | 'lt'): LinearForm {
  return (c, k, seed) => {
    const f = formsOf(c);
    const x = c.x[k]!;
    const zero = f.num(0);
    if (c.x.length === 1) return seed;
    if (c.x.length === 2) {
      const other = c.x[1 - k]!;
      const tie = f.select(f.apply('eq', x, other), f.mul(f.num(0.5), seed), zero);
      return f.select(f.apply(wins, x, other), seed, tie);
    }
    const hits = c.x.map((v) => f.apply('num', f.apply('eq', v, c.y)));
    const count = hits.reduce((p, q) => f.add(p, q));
    return f.select(f.apply('eq', x, c.y), f.div(seed, count), zero);
  };
}

/** (1 - x) * (1 + x), which keeps its digits near 1. */
const oneMinusSquare: Build = (f, _seed, x) => f.mul(f.sub(f.num(1), x), f.add(f.num(1), x));

const TRIGONOMETRIC: readonly ScalarRule[] = [
  library('sin', (f, seed, x) => f.mul(seed, f.apply('cos', x))),
  library('cos', (f, seed, x) => f.neg(f.mul(seed, f.apply('sin', x)))),
  library('tan', (f, seed, _x, y) => f.strong(seed, f.add(f.num(1), f.mul(y, y))), 'conditional'),
  library('asin', (f, seed, x, y) => f.over(seed, f.apply('sqrt', oneMinusSquare(f, seed, x, y))), 'always'),
  library(
    'acos',
    (f, seed, x, y) => f.neg(f.over(seed, f.apply('sqrt', oneMinusSquare(f, seed, x, y)))),
    'always',
  ),
  library('atan', (f, seed, x) => f.div(seed, f.add(f.num(1), f.mul(x, x)))),
  call('atan2', 2, {
    evaluate: Math.atan2,
    derivative: atan2Form,
    cost: TRANSCENDENTAL,
    foldable: false,
  }),
];

const HYPERBOLIC: readonly ScalarRule[] = [
  library('sinh', (f, seed, x) => f.strong(seed, f.apply('cosh', x)), 'conditional'),
  library('cosh', (f, seed, x) => f.strong(seed, f.apply('sinh', x)), 'conditional'),
  library('tanh', (f, seed, _x, y) => f.mul(seed, f.sub(f.num(1), f.mul(y, y)))),
  library('asinh', (f, seed, x) => f.div(seed, f.apply('sqrt', f.add(f.mul(x, x), f.num(1))))),
  library(
    'acosh',
    (f, seed, x) =>
      // sqrt(x * x - 1) would cancel near 1
      f.over(seed, f.mul(f.apply('sqrt', f.sub(x, f.num(1))), f.apply('sqrt', f.add(x, f.num(1))))),
    'always',
  ),
  library('atanh', (f, seed, x, y) => f.over(seed, oneMinusSquare(f, seed, x, y)), 'always'),
];

const EXPONENTIAL: readonly ScalarRule[] = [
  library('exp', (f, seed, _x, y) => f.strong(seed, y), 'conditional'),
  library('expm1', (f, seed, _x, y) => f.strong(seed, f.add(y, f.num(1))), 'conditional'),
  library('log', (f, seed, x) => f.over(seed, x), 'always'),
  library('log2', (f, seed, x) => f.over(seed, f.mul(x, f.num(Math.LN2))), 'always'),
  library('log10', (f, seed, x) => f.over(seed, f.mul(x, f.num(Math.LN10))), 'always'),
  library('log1p', (f, seed, x) => f.over(seed, f.add(f.num(1), x)), 'always'),
];

const ROOTS: readonly ScalarRule[] = [
  {
    ...library('sqrt', (f, seed, _x, y) => f.over(f.mul(f.num(0.5), seed), y), 'always'),
    cost: 5,
    foldable: true,
  },
  library('cbrt', (f, seed, _x, y) => f.over(seed, f.mul(f.mul(f.num(3), y), y)), 'always'),
  call('hypot', 'n', {
    evaluate: Math.hypot,
    derivative: hypotForm,
    strongZero: 'always',
    cost: TRANSCENDENTAL,
    foldable: false,
  }),
];

const exact = (derivative: LinearForm) => ({ derivative, cost: 1, foldable: true });

const PIECEWISE: readonly ScalarRule[] = [
  call('abs', 1, {
    evaluate: Math.abs,
    ...exact(unaryForm((f, seed, x) => f.mul(seed, f.apply('sign', x)))),
  }),
  call('max', 'n', { evaluate: Math.max, ...exact(extremumForm('gt')) }),
  call('min', 'n', { evaluate: Math.min, ...exact(extremumForm('lt')) }),
  call('fround', 1, { evaluate: Math.fround, ...exact(unaryForm((_f, seed) => seed)) }),
  step('floor'),
  step('ceil'),
  step('round'),
  step('trunc'),
  step('sign'),
  step('clz32'),
  step('imul', 2),
];

export const MATH: readonly ScalarRule[] = [
  ...TRIGONOMETRIC,
  ...HYPERBOLIC,
  ...EXPONENTIAL,
  ...ROOTS,
  ...PIECEWISE,
];
