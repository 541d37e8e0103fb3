/** Check mode: the user's function runs beside the generated code, on copies, and both must do the same. */
import { CHECKED } from './checked-key.js';
import { Callbacks } from './internal-callbacks.js';
import { copy, difference, type Equal, isClose, objectsIn } from './internal-compare.js';
import { watchValue } from './internal-finite.js';
import { inputsOf } from './internal-kinds.js';
import { divergence, type Journal, watch } from './internal-replay.js';
import { Outside, type Variable } from './internal-state.js';
import { isUsedStore } from './internal-store.js';
import { type Reads, toldOf } from './internal-told.js';

type Fn = (...args: never[]) => unknown;
type AnyFn = (...args: unknown[]) => unknown;
type Outcome = { readonly value: unknown } | { readonly error: unknown };

/** One evaluation of the user's function: what it gave, and what it left in its arguments and captured objects. */
interface Run {
  readonly outcome: Outcome;
  readonly inputs: readonly unknown[];
  readonly captured: readonly unknown[];
}

/**
 * Marks generated code to be run beside the user's function; the marker call binds it to that function. `derives`: derivatives are
 * taken inside of it, which the generated code may add up in another order. `origin` says where its value became not finite.
 */
export function checked(
  kind: string,
  generated: Fn,
  objects: () => readonly unknown[] = () => [],
  variables: () => readonly Variable[] = () => [],
  reads?: Reads,
  derives = false,
  origin?: Fn,
): Fn {
  const bind = (f: Fn): Fn =>
    ((...args: unknown[]) => {
      const outside = new Outside(objects, variables());
      const equal = derives ? isClose : undefined;
      const fns = { f: f as AnyFn, generated: generated as AnyFn, origin: origin as AnyFn | undefined };
      return beside({ ...fns, kind, outside, reads, equal }, args);
    }) as Fn;
  return Object.assign(generated, { [CHECKED]: bind });
}

/** Kinds of generated functions that do not give the value of the user's function. */
const WITHOUT_VALUE: ReadonlySet<string> = new Set(['grad', 'hvp of gradient', 'jvp of gradient']);

interface Subject {
  readonly kind: string;
  readonly f: AnyFn;
  readonly generated: AnyFn;
  readonly origin: AnyFn | undefined;
  readonly outside: Outside;
  /** Given if functions from outside are called: what is read of the arguments, and of the objects outside. */
  readonly reads: Reads | undefined;
  readonly equal: Equal | undefined;
}

/** The generated code runs first: what functions from outside do is seen once, and of them. */
function beside(subject: Subject, args: readonly unknown[]): unknown {
  const { kind, f, generated, origin, outside, reads, equal } = subject;
  const inputs = inputsOf(kind, args);
  const [first, second, third] = [copy(inputs), copy(inputs), copy(inputs)];
  const restore = outside.snapshot();
  const callbacks = new Callbacks();
  const run = () => attempt(() => generated(...args));
  const done = watch(() =>
    reads
      ? callbacks.recording([args, inputs, ...outside.all()], toldOf(reads, inputs, outside.objects), run)
      : run(),
  );
  if ('error' in done.result && isOwn(done.result.error)) throw done.result.error;
  const derived: Run = { outcome: primalOf(kind, done.result), inputs, captured: outside.all() };
  const redo = outside.snapshot();
  restore();
  const again = (copied: readonly unknown[], given: Journal, run = f) =>
    watch(() => callbacks.replaying([copied, ...outside.all()], () => runPlain(run, copied, outside)), {
      given,
      silent: true,
    });
  const plain = again(first, done.journal);
  if ('error' in plain.result.outcome && isOwn(plain.result.outcome.error)) throw plain.result.outcome.error;
  // what the gradient is written into may well be held by the receiver
  const written = kind === 'gradInto' ? objectsIn(args[0]) : new Set<unknown>();
  for (const x of objectsIn([derived.inputs, derived.captured])) if (isUsedStore(x)) written.add(x);
  redo();
  const wrong =
    disagreement(derived, plain.result, { compareValue: !WITHOUT_VALUE.has(kind), equal, except: written }) ??
    divergence(done.journal, plain.journal);
  // what functions from outside change is not changed on the copies
  if (wrong !== undefined && !callbacks.any) {
    restore();
    const repeated = again(second, plain.journal);
    redo();
    if (
      divergence(repeated.journal, plain.journal) === undefined &&
      disagreement(repeated.result, plain.result, { compareValue: true }) === undefined
    )
      throw new Error(
        `AD6002: check mode: the derivative does not do what the plain function does: ${wrong}; please report this function`,
      );
  }
  if ('error' in done.result) throw done.result.error;
  if (origin !== undefined && 'value' in plain.result.outcome)
    watchValue(plain.result.outcome.value, () => {
      restore();
      const { outcome } = again(third, plain.journal, origin).result;
      redo();
      return 'value' in outcome ? outcome.value : undefined;
    });
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

interface Comparison {
  readonly compareValue: boolean;
  readonly equal?: Equal | undefined;
  /** Objects that are passed over. */
  readonly except?: ReadonlySet<unknown>;
}
function disagreement(
  derived: Run,
  plain: Run,
  { compareValue, equal, except = new Set() }: Comparison,
): string | undefined {
  const [d, p] = [derived.outcome, plain.outcome];
  if ('error' in p && !('error' in d)) return `plain it throws ${String(p.error)}, the derivative does not`;
  if ('error' in d && !('error' in p)) return `the derivative throws ${String(d.error)}, plain it does not`;
  const wrong =
    'error' in d
      ? differentErrors(d.error, (p as { error: unknown }).error)
      : compareValue
        ? difference(d.value, (p as { value: unknown }).value, 'the value', { equal })
        : undefined;
  // an argument that is also an object outside is changed on its copy only, and compared as an argument
  const apart = derived.captured.length > 0 ? objectsIn(derived.inputs) : [];
  return (
    wrong ??
    firstOf(derived.inputs, plain.inputs, (k) => `argument ${k} after the call`, { equal, except }) ??
    firstOf(derived.captured, plain.captured, () => 'what is outside after the call', {
      equal,
      except: new Set([...except, ...apart]),
    })
  );
}
function firstOf(
  a: readonly unknown[],
  b: readonly unknown[],
  what: (k: number) => string,
  { equal, except }: Omit<Comparison, 'compareValue'>,
): string | undefined {
  for (let k = 0; k < b.length; k++) {
    const found = difference(a[k], b[k], what(k), { equal, seen: new Set(except) });
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

/** A pullback reads no clock and no random number: what it needs of them is stored. */
function withPureReverse([value, pullback]: [unknown, AnyFn]): [unknown, AnyFn] {
  return [
    value,
    (...cotangents) => {
      const { result, journal } = watch(() => attempt(() => pullback(...cotangents)));
      if ('error' in result) throw result.error;
      const impure = divergence(journal, []);
      if (impure !== undefined)
        throw new Error(
          `AD6002: check mode: the pullback is not pure: ${impure}; please report this function`,
        );
      return result.value;
    },
  ];
}
