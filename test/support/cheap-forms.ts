/** Code without cheap forms beside the usual code: the same values, and the same gradients to rounding. */
import { compareLeaves, cotangentOf, positions, type Subject } from './checks.js';
import type { AnyFunction, Estimate } from './numeric.js';
import { bitDifference, cloneTree, leafValues } from './tree.js';

const ROUNDING = 1e-9;

/** How a derivative is called for its value and gradient. */
export type Form = 'valueAndGrad' | 'vjp';

/** Values of functions that take derivatives inside are those to rounding: their sums are added up in another order. */
export function compareForms(
  subject: Subject,
  form: Form,
  usual: AnyFunction,
  general: AnyFunction,
  takesDerivatives = false,
): string[] {
  const [want, got] = [resultOf(subject, form, usual), resultOf(subject, form, general)];
  if ('thrown' in want || 'thrown' in got) {
    const difference = bitDifference(String(got.thrown), String(want.thrown));
    return difference === undefined ? [] : [`thrown: ${difference}`];
  }
  const same = takesDerivatives ? differenceToRounding : bitDifference;
  const problems = [
    ['value', same(got.value, want.value)],
    ['arguments', same(got.args, want.args)],
  ].flatMap(([what, difference]) => (difference === undefined ? [] : [`${what}: ${difference}`]));
  return [...problems, ...compareLeaves('gradient', got.gradient, estimates(want.gradient), ROUNDING)];
}
function differenceToRounding(got: unknown, want: unknown): string | undefined {
  const found = compareLeaves('leaf', got, estimates(want), ROUNDING);
  return found.length === 0 ? undefined : found.join('; ');
}
const estimates = (tree: unknown): Estimate[] => leafValues(tree).map((value) => ({ value, error: 0 }));

type Result =
  | { readonly thrown: unknown }
  | { readonly thrown?: never; readonly value: unknown; readonly gradient: unknown; readonly args: unknown };

function resultOf(subject: Subject, form: Form, derivative: AnyFunction): Result {
  const args = cloneTree(subject.args);
  try {
    if (form === 'valueAndGrad') {
      const [value, gradient] = derivative(...args) as [unknown, unknown];
      return { value, gradient, args };
    }
    const [value, pullback] = derivative(...args) as [unknown, (cotangent: unknown) => unknown[]];
    const seen = cloneTree([value, args]);
    const all = pullback(cotangentOf(value, 1));
    return { value: seen[0], gradient: positions(subject).map((k) => all[k]), args: seen[1] };
  } catch (thrown) {
    return { thrown };
  }
}
