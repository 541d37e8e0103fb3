/** Functions that throw: their derivatives throw the same, behind the same effects. */
import { differentiated, type Subject, tangentsOf } from '../support/checks.js';
import type { AnyFunction } from '../support/numeric.js';
import { bitDifference, cloneTree, withLeaves } from '../support/tree.js';

interface Attempt {
  readonly thrown: string | undefined;
  readonly args: readonly unknown[];
}
function attempt(call: AnyFunction, args: readonly unknown[], before: readonly unknown[] = []): Attempt {
  try {
    call(...before, ...args);
    return { thrown: undefined, args };
  } catch (error) {
    return { thrown: String(error), args };
  }
}

/** What is wrong with the derivatives of a function that throws; `undefined` for one that does not. */
export function checkThrown(
  subject: Subject,
  derivatives: Readonly<Record<string, AnyFunction>>,
): string[] | undefined {
  const plain = attempt(subject.f, cloneTree(subject.args));
  if (plain.thrown === undefined) return undefined;
  const calls = Object.entries(derivatives).filter(([name]) => /^f_/.test(name));
  return calls.flatMap(([name, derivative]) => {
    const { thrown, args } = attemptDerivative(name, derivative, subject);
    const found = [
      [`${name} throws`, bitDifference(thrown, plain.thrown)],
      [`arguments after ${name} threw`, bitDifference(args, plain.args)],
    ];
    return found.flatMap(([what, difference]) =>
      difference === undefined ? [] : [`${what}: ${difference}`],
    );
  });
}

function attemptDerivative(name: string, derivative: AnyFunction, subject: Subject): Attempt {
  const args = cloneTree(subject.args);
  if (name.endsWith('gradInto')) {
    const out = differentiated(subject).map((argument) => withLeaves(argument, () => 77));
    return attempt(derivative, args, [out]);
  }
  if (!name.endsWith('jvp')) return attempt(derivative, args);
  const { tangents } = tangentsOf(subject, 1);
  return { ...attempt(derivative, [args, tangents]), args };
}
