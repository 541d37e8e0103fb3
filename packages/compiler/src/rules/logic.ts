/** Comparisons, tests, boolean operations, conversions, and the choice between two values. */
import { call, infix, PREC, prefix, type Traits } from './define.js';
import type { LinearForm, Operand, ScalarRule } from './types.js';

const TEST = { operands: 'any', result: 'boolean', cost: 1, foldable: true } as const;
const KILL: Pick<Traits, 'derivative'> & typeof TEST = { ...TEST, derivative: 'kill' };
const INACTIVE: Pick<Traits, 'derivative'> & typeof TEST = { ...TEST, derivative: 'inactive' };

/** `a > b`; turned round where TypeScript could read `... < x, a > (b)` as type arguments and a call. */
function greater(x: Operand): string {
  const right = x(1, PREC.relational + 1);
  return right.startsWith('(')
    ? `${x(1, PREC.relational)} < ${x(0, PREC.relational + 1)}`
    : `${x(0, PREC.relational)} > ${right}`;
}

/** `c ? a : b` of operands that are both at hand: the seed goes to the chosen one. */
const selectForm: LinearForm = (c, k, seed) => {
  const zero = c.b.num(0);
  if (k === 0) return zero;
  return c.b.scalar('select', c.x[0]!, k === 1 ? seed : zero, k === 1 ? zero : seed);
};

/** An identity at run time: the operand's own text. */
function transparent(name: string, derivative: ScalarRule['derivative']): ScalarRule {
  const rule = call(name, 1, { ...KILL, result: 'same', derivative, cost: 0, evaluate: (a) => a });
  return { ...rule, prec: PREC.atom, emit: (x) => x(0, PREC.atom), transparent: true };
}

const select: ScalarRule = {
  name: 'select',
  arity: 3,
  operands: 'any',
  result: 'same',
  prec: PREC.conditional,
  emit: (x) => `${x(0, PREC.or)} ? ${x(1, PREC.conditional)} : ${x(2, PREC.conditional)}`,
  evaluate: (c, a, b) => (c ? a : b),
  derivative: selectForm,
  cost: 1,
  foldable: true,
};

/** `&&` and `||` of pure booleans are associative: no parentheses on either side. */
function connective(name: string, symbol: string, prec: number, evaluate: Traits['evaluate']): ScalarRule {
  const rule = infix(name, symbol, prec, { evaluate, ...INACTIVE, operands: 'boolean' });
  return { ...rule, emit: (x) => `${x(0, prec)} ${symbol} ${x(1, prec)}` };
}

function test(name: string, text: string, evaluate: Traits['evaluate']): ScalarRule {
  const rule = infix(name, '', PREC.equality, { evaluate, ...INACTIVE });
  return { ...rule, arity: 1, emit: (x) => `${x(0, PREC.equality)} ${text}` };
}

export const LOGIC: readonly ScalarRule[] = [
  infix('lt', '<', PREC.relational, { evaluate: (a, b) => a < b, ...KILL }),
  infix('le', '<=', PREC.relational, { evaluate: (a, b) => a <= b, ...KILL }),
  { ...infix('gt', '>', PREC.relational, { evaluate: (a, b) => a > b, ...KILL }), emit: greater },
  infix('ge', '>=', PREC.relational, { evaluate: (a, b) => a >= b, ...KILL }),
  infix('eq', '===', PREC.equality, { evaluate: (a, b) => a === b, ...KILL }),
  infix('ne', '!==', PREC.equality, { evaluate: (a, b) => a !== b, ...KILL }),
  // biome-ignore lint/suspicious/noDoubleEquals: the operator itself
  infix('looseEq', '==', PREC.equality, { evaluate: (a, b) => a == b, ...KILL }),
  // biome-ignore lint/suspicious/noDoubleEquals: the operator itself
  infix('looseNe', '!=', PREC.equality, { evaluate: (a, b) => a != b, ...KILL }),
  test('isNullish', '== null', (a) => a === null || a === undefined),
  test('isUndefined', '=== undefined', (a) => a === undefined),
  prefix('not', '!', { evaluate: (a) => !a, ...KILL }),
  prefix('truthy', '!!', { evaluate: (a) => !!a, ...KILL }),
  connective('and', '&&', PREC.and, (a, b) => a && b),
  connective('or', '||', PREC.or, (a, b) => a || b),
  call('num', 1, { ...KILL, result: 'number', evaluate: (a) => Number(a) }, 'Number'),
  select,
  /** A value that is known to be present. */
  transparent('unwrap', (_c, _k, seed) => seed),
  /** A slot of a shadow, zero where the slot does not exist. */
  {
    ...call('orZero', 1, {
      ...KILL,
      result: 'number',
      // the tangent of a slot that does not exist is missing too
      derivative: (c, _k, seed) => c.b.scalar('orZero', seed),
      evaluate: (a) => a ?? 0,
    }),
    prec: PREC.conditional,
    emit: (x) => `${x(0, PREC.bitor)} ?? 0`,
  },
  /** `stopGradient` of a number. */
  transparent('stop', 'kill'),
  /** The value of the first operand, whose bits count, with the derivative of the second. */
  {
    ...call('valueOf', 2, {
      ...KILL,
      result: 'number',
      derivative: (c, k, seed) => (k === 1 ? seed : c.b.num(0)),
      evaluate: (a) => a,
      cost: 0,
      foldable: false,
    }),
    prec: PREC.atom,
    emit: (x) => x(0, PREC.atom),
    transparent: true,
  },
];
