/** The shape of a scalar rule, and what its derivative may use to build code. */
import type { ValueId } from '../ir/nodes.js';

/** What a derivative form may use to build code. */
export interface RuleBuilder {
  scalar(fn: string, ...args: ValueId[]): ValueId;
  num(x: number): ValueId;
  /**
   * `seed * partial`, but zero for a zero seed when the partial may be infinite (strong zero). The builder decides, from
   * the rule's `strongZero` and the use of the value, whether this is the operation `strong` or a plain `mul`.
   */
  strong(seed: ValueId, partial: ValueId): ValueId;
  /** `seed / divisor` under the same policy: the operation `strongdiv`, or a plain `div`. */
  strongDiv?(seed: ValueId, divisor: ValueId): ValueId;
  /** The value of a number known at compile time. */
  constant?(v: ValueId): number | undefined;
}
export interface RuleContext {
  readonly b: RuleBuilder;
  readonly x: readonly ValueId[];
  /** The result of the operation. */
  readonly y: ValueId;
}
/** Builds `seed * d result / d arg k`; linear in the seed, and made of table entries, so that it can be differentiated again. */
export type LinearForm = (c: RuleContext, k: number, seed: ValueId) => ValueId;

/** Operand `i` as text, in parentheses if it binds weaker than `prec`. */
export type Operand = (i: number, prec: number) => string;

export interface ScalarRule {
  readonly name: string;
  readonly arity: number | 'n';
  /** What the verifier expects of every operand. */
  readonly operands: 'number' | 'boolean' | 'any';
  /** `same`: the type of the last operand. */
  readonly result: 'number' | 'boolean' | 'same';
  /** JavaScript precedence of the emitted form (MDN's table); 17 for calls, 18 for atoms. */
  readonly prec: number;
  /**
   * Emitted text. Operand texts must carry their true precedence: a negative literal is unary (14), and a text
   * with `??` must claim 2, since `??` may not stand beside `&&` and `||`.
   */
  readonly emit: (operand: Operand, n: number) => string;
  /** The text is the operand itself: an emitter may pass it on with the operand's own precedence. */
  readonly transparent?: boolean;
  /** Operands whose text appears twice: worth a name of their own if they are not atoms. */
  readonly repeats?: readonly number[];
  // biome-ignore lint/suspicious/noExplicitAny: the reference semantics is JavaScript's own, on any value
  readonly evaluate: (...xs: any[]) => unknown;
  readonly derivative: 'kill' | 'inactive' | LinearForm;
  /** Strong zero: `always`, or only where a use of the value is conditional (LANGUAGE.md R11). */
  readonly strongZero?: 'always' | 'conditional';
  /** Cost of recomputation in flops. */
  readonly cost: number;
  /** May be folded at compile time with the same bits everywhere. */
  readonly foldable: boolean;
}
