/**
 * Mutants of the compiler's table of derivative rules, made in memory: each linear form in each argument with the opposite
 * sign and without its term; and inside the form each operation that it builds, seen through the builder that it is given:
 * a sum without one of its terms or with the other sign, a choice without one of its sides, a product without a factor, a
 * guard against zero seeds left out.
 */
import type { Change, Switchboard } from './switches.js';

/** What the mutants need to know of the builder, the forms and the table (packages/compiler/src/rules/types.ts). */
type Id = number;
interface Builder {
  scalar(fn: string, ...args: Id[]): Id;
  num(x: number): Id;
  strong(seed: Id, partial: Id): Id;
  strongDiv?(seed: Id, divisor: Id): Id;
  constant?(v: Id): number | undefined;
  /** Whether zero seeds are guarded here. */
  readonly guard?: boolean;
}
interface Context {
  readonly b: Builder;
  readonly x: readonly Id[];
  readonly y: Id;
}
type Form = (c: Context, k: number, seed: Id) => Id;
export interface Rule {
  readonly name: string;
  readonly arity: number | 'n';
  derivative: 'kill' | 'inactive' | Form;
}

/** What can be wrong with an operation inside a form. */
const INSIDE: Readonly<Record<string, readonly string[]>> = {
  add: ['left', 'right', 'sub'],
  sub: ['left', 'right', 'add'],
  mul: ['left', 'right'],
  div: ['left'],
  neg: ['left'],
  select: ['right', 'third'],
  strong: ['mul'],
  strongdiv: ['div'],
};
/** What a guard becomes; the same where none is asked for. */
const UNGUARDED = { mul: 'strong', div: 'strongdiv' };
const OPERANDS = ['left', 'right', 'third'];

export const rulePoint = (name: string, k: number): string => `rule ${name} ${k}`;

/** Lets every form of the table ask the switchboard. */
export function instrumentRules(rules: Iterable<Rule>, board: Switchboard): void {
  for (const rule of rules) {
    const form = rule.derivative;
    if (typeof form !== 'function') continue;
    rule.derivative = (c, k, seed) => mutated(form, rulePoint(rule.name, k), c, k, seed, board);
  }
}

function mutated(form: Form, point: string, c: Context, k: number, seed: Id, board: Switchboard): Id {
  board.sees(point, 'flipped');
  board.sees(point, 'dropped');
  const change = board.changeOf(point);
  if (change === 'dropped') return c.b.num(0);
  if (change === 'flipped') return c.b.scalar('neg', form(c, k, seed));
  return form({ ...c, b: watched(c.b, point, change, board) }, k, seed);
}

/** A builder that counts the operations it builds, and builds the one that is switched differently. */
function watched(b: Builder, point: string, change: Change | undefined, board: Switchboard): Builder {
  let count = 0;
  const build = (fn: string, args: Id[], own: () => Id): Id => {
    count++;
    for (const how of INSIDE[fn] ?? []) {
      const here: Change = `${count} ${fn} ${how}`;
      if (how in UNGUARDED && b.guard === false) continue;
      board.sees(point, here);
      if (here !== change) continue;
      const operand = OPERANDS.indexOf(how);
      return operand < 0 ? b.scalar(how, ...args) : args[operand];
    }
    return own();
  };
  return {
    num: (x) => b.num(x),
    constant: (v) => b.constant?.(v),
    scalar: (fn, ...args) => build(fn, args, () => b.scalar(fn, ...args)),
    strong: (s, p) => build('strong', [s, p], () => b.strong(s, p)),
    ...(b.strongDiv && {
      strongDiv: (s: Id, d: Id) => build('strongdiv', [s, d], () => b.strongDiv?.(s, d) as Id),
    }),
  };
}

/** The mutants of a table: what the forms build, for operands in general and for constant exponents. */
export function ruleMutants(rules: Iterable<Rule>, board: Switchboard): string[] {
  board.take();
  for (const rule of rules) {
    if (typeof rule.derivative !== 'function') continue;
    for (const count of rule.arity === 'n' ? [1, 2, 3] : [rule.arity])
      for (let k = 0; k < count; k++)
        for (const exponent of [undefined, 0, 1, 2, 3, 4, 5]) {
          let id = 100;
          const b: Builder = {
            scalar: () => id++,
            num: () => id++,
            strong: () => id++,
            strongDiv: () => id++,
            constant: (v) => (v === 1 ? exponent : undefined),
          };
          rule.derivative({ b, x: Array.from({ length: count }, (_, i) => i), y: 90 }, k, 91);
        }
  }
  return board.take();
}
