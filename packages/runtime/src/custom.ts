/** Functions whose derivative is given by a rule of the user's instead of by their source. */

import type { Gradients } from './arguments.js';
import type { Gradient } from './gradient.js';
import type { Tangent, Tangents } from './tangent.js';

/** Any function; its arguments and result may be numbers, arrays of numbers, and plain objects and tuples of such. */
export type RuleFn = (...args: never[]) => unknown;

/** What a rule of `customVjp` returns for the cotangent of the result: a gradient per argument, `undefined` for none. */
export type RuleGradients<P extends readonly unknown[]> =
  | Gradients<P>
  | { readonly [K in keyof P]: Gradient<P[K]> | undefined };

/** The rule of `customVjp`: the value, and a pullback that maps a cotangent of it to a gradient per argument. */
export type VjpRule<F extends RuleFn> = (
  ...args: Parameters<F>
) => readonly [
  value: ReturnType<F>,
  pullback: (cotangent: Gradient<ReturnType<F>>) => RuleGradients<Parameters<F>>,
];
/** The rule of `customJvp`: the value, and its tangent along tangents of the arguments. */
export type JvpRule<F extends RuleFn> = (
  primals: Readonly<Parameters<F>>,
  tangents: Tangents<Parameters<F>>,
) => readonly [value: ReturnType<F>, tangent: Tangent<ReturnType<F>>];

/** A function and its rules: one of them, or one for each mode. */
export interface Rules {
  readonly f: Callable;
  readonly vjp?: Callable;
  readonly jvp?: Callable;
}
export type Callable = (...args: unknown[]) => unknown;

/** Also read by `@adjoint/tape`. */
const RULE = Symbol.for('adjoint.rule');
/** The rules of a function that `customVjp` or `customJvp` made. */
export const rulesOf = (f: unknown): Rules | undefined =>
  typeof f === 'function' ? (f as { [RULE]?: Rules })[RULE] : undefined;

function withRule(f: unknown, rule: unknown, kind: 'vjp' | 'jvp', marker: string): Callable {
  if (typeof f !== 'function' || typeof rule !== 'function')
    throw new TypeError(`adjoint: \`${marker}\` takes a function and its rule`);
  const g = (...args: unknown[]): unknown => (f as Callable)(...args);
  const own: Rules = { f: f as Callable, ...rulesOf(f), [kind]: rule as Callable };
  return Object.defineProperty(g, RULE, { value: own });
}

/**
 * The function `f` with a derivative of its own: where a call of the result is differentiated, `rule(...args)` runs instead and
 * returns `[value, pullback]`; `pullback(cotangent)` returns one gradient per argument (`undefined`: none). The result is a plain
 * function elsewhere, and calls `f`. `f` may be code without source; it must not change its arguments.
 *
 * Function and rule must be pure: they change neither arguments nor variables outside, read no variable that changes, and give a new
 * value. The rule is given copies of arrays and objects, so that it may keep them. In forward mode the pullback is called once for
 * each number of the result, unless `f` has a rule of `customJvp` too: `customVjp(customJvp(f, forward), backward)`. Keep the result in a `const` of a module, so that the compiler can see it.
 *
 * @throws TypeError where a derivative is computed, if the rule does not return what it should.
 */
export function customVjp<F extends RuleFn>(f: F, rule: VjpRule<F>): F {
  return withRule(f, rule, 'vjp', 'customVjp') as unknown as F;
}

/**
 * The function `f` with a forward derivative of its own: `rule(primals, tangents)` returns `[value, tangent]`, the tangent linear
 * in `tangents`. Otherwise as `customVjp`; in reverse mode the rule is called once for each number of the arguments,
 * unless `f` has a rule of `customVjp` too.
 *
 * @throws TypeError where a derivative is computed, if the rule does not return what it should.
 */
export function customJvp<F extends RuleFn>(f: F, rule: JvpRule<F>): F {
  return withRule(f, rule, 'jvp', 'customJvp') as unknown as F;
}
