/** The operators of arithmetic, and the guarded products that adjoint code uses. */
import type { ValueId } from '../ir/nodes.js';
import { formsOf, infix, PREC, prefix, type Traits, unaryForm } from './define.js';
import type { LinearForm, RuleContext, ScalarRule } from './types.js';

const identity: LinearForm = (_c, _k, seed) => seed;
const negated: LinearForm = (c, _k, seed) => c.b.scalar('neg', seed);

const addForm = identity;
const subForm: LinearForm = (c, k, seed) => (k === 0 ? seed : negated(c, k, seed));
const mulForm: LinearForm = (c, k, seed) => c.b.scalar('mul', seed, c.x[1 - k]!);

/** y = a / b: aBar += yBar / b; bBar -= (yBar / b) * y, which for a reciprocal is a product: bBar -= yBar * y * y. */
const divForm: LinearForm = (c, k, seed) => {
  const f = formsOf(c);
  const above = c.b.constant?.(c.x[0]!);
  if (k === 1 && (above === 1 || above === -1)) {
    const change = f.strong(f.strong(seed, c.y), c.y);
    return above === 1 ? f.neg(change) : change;
  }
  const share = f.over(seed, c.x[1]!);
  return k === 0 ? share : f.neg(f.strong(share, c.y));
};

/** y = a % b = a - q * b with a whole q, between the jumps; a / b alone may be rounded up to the next whole number. */
const remForm: LinearForm = (c, k, seed) => {
  if (k === 0) return seed;
  const f = formsOf(c);
  return f.neg(f.mul(seed, f.apply('round', f.div(f.sub(c.x[0]!, c.y), c.x[1]!))));
};

/** x ** c for a constant c: a product for 2, 3 and 4, else c * x ** (c - 1). */
function constantPower(ctx: RuleContext, c: number, seed: ValueId): ValueId {
  const f = formsOf(ctx);
  const x = ctx.x[0]!;
  if (c === 0) return f.num(0);
  if (c === 1) return seed;
  if (c === 2 || c === 3 || c === 4) {
    let partial = f.mul(f.num(c), x);
    for (let k = 2; k < c; k++) partial = f.mul(partial, x);
    return f.mul(partial, seed);
  }
  return f.strong(seed, f.mul(f.num(c), f.apply('pow', x, f.num(c - 1))));
}

/**
 * y = x ** n. In x: n * x ** (n - 1), and 0 for n = 0 even where x ** -1 is infinite: a guarded product, not a `select`,
 * so that its own derivative in n stays right. In n: y * log(x), where x = 0 is replaced by 1 if n > 0 (then y = 0).
 */
const powForm: LinearForm = (c, k, seed) => {
  const f = formsOf(c);
  const [x, n] = c.x as readonly [ValueId, ValueId];
  if (k === 0) {
    const known = c.b.constant?.(n);
    if (known !== undefined) return constantPower(c, known, seed);
    return f.strong(seed, f.apply('strong', n, f.apply('pow', x, f.sub(n, f.num(1)))));
  }
  const atZero = f.apply('and', f.apply('eq', x, f.num(0)), f.apply('gt', n, f.num(0)));
  return f.strong(seed, f.mul(c.y, f.apply('log', f.select(atZero, f.num(1), x))));
};

/**
 * y = s === 0 ? 0 : s * p. In s it is p for a zero s too (a zero cotangent still has derivatives); in p it is s, and zero
 * for a zero s whatever the seed.
 */
const strongForm: LinearForm = (c, k, seed) =>
  k === 0 ? c.b.strong(seed, c.x[1]!) : c.b.strong(c.x[0]!, seed);

/** y = s === 0 ? 0 : s / d. In d: -(y / d), zero where y is. */
const strongDivForm: LinearForm = (c, k, seed) => {
  const f = formsOf(c);
  if (k === 0) return f.over(seed, c.x[1]!);
  // a zero quotient stays zero whatever becomes of the divisor
  const partial = f.apply('strongdiv', c.y, c.x[1]!);
  return f.neg(f.select(f.apply('eq', partial, f.num(0)), f.num(0), f.strong(seed, partial)));
};

/** `a ** b`: right-associative, and its left operand may not be unary. */
function power(): ScalarRule {
  const rule = infix('pow', '**', PREC.power, POW);
  return { ...rule, emit: (x) => `${x(0, PREC.postfix)} ** ${x(1, PREC.power)}` };
}

function mathPower(): ScalarRule {
  const emit: ScalarRule['emit'] = (x) => `Math.pow(${x(0, PREC.conditional)}, ${x(1, PREC.conditional)})`;
  // biome-ignore lint/style/useExponentiationOperator: the two need not agree in the last bit
  return { ...power(), name: 'mathpow', prec: PREC.call, emit, evaluate: (a, b) => Math.pow(a, b) };
}

/** `s === 0 ? 0 : s op p`. */
function guarded(name: string, symbol: string, prec: number, traits: Traits): ScalarRule {
  const emit: ScalarRule['emit'] = (x) =>
    `${x(0, PREC.equality)} === 0 ? 0 : ${x(0, prec)} ${symbol} ${x(1, prec + 1)}`;
  return { ...infix(name, symbol, PREC.conditional, traits), emit, repeats: [0], strongZero: 'always' };
}

const POW: Traits = {
  evaluate: (a, b) => a ** b,
  derivative: powForm,
  strongZero: 'always',
  cost: 30,
  foldable: false,
};
const exact = (derivative: LinearForm, cost: number) => ({ derivative, cost, foldable: true });

export const ARITHMETIC: readonly ScalarRule[] = [
  infix('add', '+', PREC.plus, { evaluate: (a, b) => a + b, ...exact(addForm, 1) }),
  infix('sub', '-', PREC.plus, { evaluate: (a, b) => a - b, ...exact(subForm, 1) }),
  infix('mul', '*', PREC.times, { evaluate: (a, b) => a * b, ...exact(mulForm, 1) }),
  infix('div', '/', PREC.times, {
    evaluate: (a, b) => a / b,
    ...exact(divForm, 3),
    strongZero: 'conditional',
  }),
  infix('rem', '%', PREC.times, {
    evaluate: (a, b) => a % b,
    derivative: remForm,
    cost: 10,
    foldable: false,
  }),
  power(),
  mathPower(),
  prefix('neg', '-', {
    evaluate: (a) => -a,
    ...exact(
      unaryForm((f, seed) => f.neg(seed)),
      1,
    ),
  }),
  prefix('plus', '+', { evaluate: (a) => +a, ...exact(identity, 1) }),
  guarded('strong', '*', PREC.times, { evaluate: (s, p) => (s === 0 ? 0 : s * p), ...exact(strongForm, 1) }),
  guarded('strongdiv', '/', PREC.times, {
    evaluate: (s, d) => (s === 0 ? 0 : s / d),
    ...exact(strongDivForm, 3),
  }),
];
