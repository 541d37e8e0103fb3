/**
 * The closed table of scalar operations: how each is emitted, evaluated, and differentiated.
 *
 * A derivative is given once, as a linear form per argument: `derivative(c, k, seed)` builds `seed * d result / d arg k`.
 * Forward mode sums it over the arguments (seed = tangent of the argument), reverse mode accumulates it (seed = cotangent of
 * the result). What an adjoint needs is what its form mentions. `kill`: derivative zero by convention; `inactive`: no number.
 */
import { ARITHMETIC } from './arithmetic.js';
import { BITS } from './bits.js';
import { LOGIC } from './logic.js';
import { MATH } from './math.js';
import type { ScalarRule } from './types.js';

export type { LinearForm, Operand, RuleBuilder, RuleContext, ScalarRule } from './types.js';

export const SCALAR_RULES: ReadonlyMap<string, ScalarRule> = new Map(
  [...ARITHMETIC, ...LOGIC, ...BITS, ...MATH].map((rule) => [rule.name, rule]),
);

/** The entry of a name that lowering or a derivative form has used; a missing one is a bug of the compiler. */
export function scalarRule(name: string): ScalarRule {
  const rule = SCALAR_RULES.get(name);
  if (rule === undefined) throw new Error(`no scalar rule named '${name}'`);
  return rule;
}
