/** Short constructors for the families of table entries: infix operators, prefix operators, calls. */
import type { ValueId } from '../ir/nodes.js';
import type { RuleContext, ScalarRule } from './types.js';

/** Precedences of JavaScript that the table uses (MDN). */
export const PREC = {
  atom: 18,
  call: 17,
  postfix: 15,
  unary: 14,
  power: 13,
  times: 12,
  plus: 11,
  shift: 10,
  relational: 9,
  equality: 8,
  bitand: 7,
  bitxor: 6,
  bitor: 5,
  and: 4,
  or: 3,
  conditional: 2,
} as const;

/** What an entry says beyond its family. */
export type Traits = Pick<ScalarRule, 'evaluate' | 'derivative' | 'cost' | 'foldable'> &
  Partial<Pick<ScalarRule, 'strongZero' | 'operands' | 'result'>>;

const numeric = { operands: 'number', result: 'number' } as const;

/** `a op b`, left-associative: an operand on the right that binds equally strongly gets parentheses (no reassociation). */
export function infix(name: string, symbol: string, prec: number, traits: Traits): ScalarRule {
  const emit: ScalarRule['emit'] = (x) => `${x(0, prec)} ${symbol} ${x(1, prec + 1)}`;
  return { name, arity: 2, ...numeric, prec, emit, ...traits };
}

/** `op a`; never lets two signs meet (`--a`, `++a`). */
export function prefix(name: string, symbol: string, traits: Traits): ScalarRule {
  const emit: ScalarRule['emit'] = (x) => {
    const text = x(0, PREC.unary);
    const meets = (symbol === '-' || symbol === '+') && text.startsWith(symbol);
    return symbol + (meets ? x(0, PREC.postfix) : text);
  };
  return { name, arity: 1, ...numeric, prec: PREC.unary, emit, ...traits };
}

/** `callee(a, b, ...)`. */
export function call(
  name: string,
  arity: number | 'n',
  traits: Traits,
  callee: string = `Math.${name}`,
): ScalarRule {
  const emit: ScalarRule['emit'] = (x, n) =>
    `${callee}(${Array.from({ length: n }, (_, i) => x(i, PREC.conditional)).join(', ')})`;
  return { name, arity, ...numeric, prec: PREC.call, emit, ...traits };
}

/** The builder of a form, with the arithmetic it needs spelled as functions. */
export function formsOf(c: RuleContext) {
  const { b } = c;
  const op = (fn: string) => (p: ValueId, q: ValueId) => b.scalar(fn, p, q);
  const [add, sub, mul, div] = [op('add'), op('sub'), op('mul'), op('div')];
  return {
    num: (x: number) => b.num(x),
    add,
    sub,
    mul,
    div,
    neg: (p: ValueId) => b.scalar('neg', p),
    apply: (fn: string, ...xs: ValueId[]) => b.scalar(fn, ...xs),
    select: (cond: ValueId, p: ValueId, q: ValueId) => b.scalar('select', cond, p, q),
    /** `seed * partial` under the builder's policy for zero seeds. */
    strong: (seed: ValueId, partial: ValueId) => b.strong(seed, partial),
    /** `seed / divisor` under the builder's policy for zero seeds. */
    over: (seed: ValueId, divisor: ValueId) =>
      b.strongDiv ? b.strongDiv(seed, divisor) : b.strong(seed, div(b.num(1), divisor)),
  };
}
export type Forms = ReturnType<typeof formsOf>;

/** The derivative form of a function of one argument. */
export function unaryForm(build: (f: Forms, seed: ValueId, x: ValueId, y: ValueId) => ValueId) {
  return (c: RuleContext, _k: number, seed: ValueId): ValueId => build(formsOf(c), seed, c.x[0]!, c.y);
}
