/** Check mode: the user's function runs beside the generated code, on copies, and both must do the same. */
import { CHECKED } from './checked-key.js';
import { copy, difference } from './internal-compare.js';
import { type Journal, record, replay } from './internal-replay.js';
import { Outside, type Variable } from './internal-state.js';

type Fn = (...args: never[]) => unknown;
type AnyFn = (...args: unknown[]) => unknown;
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** One evaluation of the user's function: what it gave, and what it left in its arguments and captured objects. */
interface Run {
  readonly outcome: Outcome;
  readonly inputs: readonly unknown[];
  readonly captured: readonly unknown[];
}

/** Marks generated code to be run beside the user's function; the marker call binds it to that function. */
export function checked(
  kind: string,
  generated: Fn,
  objects: () => readonly unknown[] = () => [],
  variables: () => readonly Variable[] = () => [],
): Fn {
  const bind = (f: Fn): Fn =>
    ((...args: unknown[]) =>
      beside(kind, f as AnyFn, generated as AnyFn, new Outside(objects, variables()), args)) as Fn;
  return Object.assign(generated, { [CHECKED]: bind });
}

/** Kinds of generated functions that do not give the value of the user's function. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(['grad', 'hvp of gradient', 'jvp of gradient']);

/** The arguments of the user's function. */
function inputsOf(kind: string, args: readonly unknown[]): readonly unknown[] {
  if (kind.startsWith('jvp')) return args[0] as readonly unknown[];
  if (kind.startsWith('hvp')) return [args[0], ...args.slice(2)];
  return kind === 'gradInto' ? args.slice(1) : args;
}

function beside(
  kind: string,
  f: AnyFn,
  generated: AnyFn,
  outside: Outside,
  args: readonly unknown[],
): unknown {
  const inputs = inputsOf(kind, args);
  const [first, second] = [copy(inputs), copy(inputs)];
  const restore = outside.snapshot();
  const plain = record(() => runPlain(f, first, outside));
  restore();
  if ('error' in plain.result.outcome && isOwn(plain.result.outcome.error)) throw plain.result.outcome.error;
  const done = replay(plain.journal, () => attempt(() => generated(...args)));
  const derived: Run = { outcome: primalOf(kind, done.result), inputs, captured: outside.all() };
  if ('error' in done.result && isOwn(done.result.error)) throw done.result.error;
  const wrong = disagreement(derived, plain.result, !WITHOUT_VALUE.has(kind)) ?? done.divergence;
  if (wrong !== undefined && repeats(f, second, outside, restore, plain))
    throw new Error(
      `AD6002: check mode: the derivative does not do what the plain function does: ${wrong}; please report this function`,
    );
  if ('error' in done.result) throw done.result.error;
  return kind === 'vjp' ? withPureReverse(done.result.value as [unknown, AnyFn]) : done.result.value;
}

const attempt = (run: () => unknown): Outcome => {
  try {
    return { value: run() };
  } catch (error) {
    return { error };
  }
};
function runPlain(f: AnyFn, inputs: readonly unknown[], outside: Outside): Run {
  const outcome = attempt(() => f(...inputs));
  return { outcome, inputs, captured: copy(outside.all()) };
}
function primalOf(kind: string, o: Outcome): Outcome {
  if ('error' in o || kind === 'gradInto' || WITHOUT_VALUE.has(kind)) return o;
  return { value: (o.value as readonly unknown[])[0] };
}

/** Errors of this package say what is wrong themselves; a stack of another depth overflows elsewhere. */
const isOwn = (e: unknown): boolean =>
  (e instanceof Error && /^(AD\d{4}|adjoint)\b/.test(e.message)) ||
  (e instanceof RangeError && e.message.includes('call stack'));

function disagreement(derived: Run, plain: Run, compareValue: boolean): string | undefined {
  const [d, p] = [derived.outcome, plain.outcome];
  if ('error' in p && !('error' in d)) return `plain it throws ${String(p.error)}, the derivative does not`;
  if ('error' in d && !('error' in p)) return `the derivative throws ${String(d.error)}, plain it does not`;
  const wrong =
    'error' in d
      ? differentErrors(d.error, (p as { error: unknown }).error)
      : compareValue
        ? difference(d.value, (p as { value: unknown }).value, 'the value')
        : undefined;
  return (
    wrong ??
    firstOf(derived.inputs, plain.inputs, (k) => `argument ${k} after the call`) ??
    firstOf(derived.captured, plain.captured, () => 'what is outside after the call')
  );
}
function firstOf(
  a: readonly unknown[],
  b: readonly unknown[],
  what: (k: number) => string,
): string | undefined {
  for (let k = 0; k < b.length; k++) {
    const found = difference(a[k], b[k], what(k));
    if (found !== undefined) return found;
  }
  return undefined;
}
function differentErrors(a: unknown, b: unknown): string | undefined {
  if (!(a instanceof Error) || !(b instanceof Error)) return difference(a, b, 'the thrown value');
  // the engine's own messages quote expressions
  const quotes = b instanceof TypeError || b instanceof ReferenceError;
  return a.constructor === b.constructor && (quotes || a.message === b.message)
    ? undefined
    : `the thrown error is ${String(a)}, plain ${String(b)}`;
}

/** Whether the plain function does the same once more: only then a difference means anything. */
function repeats(
  f: AnyFn,
  inputs: readonly unknown[],
  outside: Outside,
  restore: () => void,
  plain: { readonly result: Run; readonly journal: Journal },
): boolean {
  const redo = outside.snapshot();
  restore();
  const again = replay(plain.journal, () => runPlain(f, inputs, outside), true);
  redo();
  return again.divergence === undefined && disagreement(again.result, plain.result, true) === undefined;
}

/** A pullback reads no clock and no random number: what it needs of them is stored. */
function withPureReverse([value, pullback]: [unknown, AnyFn]): [unknown, AnyFn] {
  return [
    value,
    (...cotangents) => {
      const { result, divergence } = replay([], () => attempt(() => pullback(...cotangents)));
      if ('error' in result) throw result.error;
      if (divergence !== undefined)
        throw new Error(
          `AD6002: check mode: the pullback is not pure: ${divergence}; please report this function`,
        );
      return result.value;
    },
  ];
}
