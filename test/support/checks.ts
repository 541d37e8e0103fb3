/**
 * What must hold for every derivative of a function, each as a list of the things that do not hold.
 *
 * Fixtures and random programs share these checks. `f` is always the plain function, compiled by nobody.
 */
import { type AnyFunction, dot, type Estimate, randomNumbers } from './numeric.js';
import {
  bitDifference,
  cloneTree,
  leafValues,
  leaves,
  setLeaf,
  shapeMisfit,
  show,
  withLeaves,
  zeros,
} from './tree.js';

export interface Subject {
  readonly f: AnyFunction;
  readonly args: readonly unknown[];
  /** Undefined: the marker was called without options, so the gradient is that of argument 0 and no tuple. */
  readonly argnums: readonly number[] | undefined;
  /** How its value has to agree, if that is a derivative. */
  readonly agreement?: Agreement;
}
/**
 * `bits`: the same bits. `zeros`: but for the sign of a zero, which a reverse loop keeps where it is skipped because nothing comes to it;
 * inside of another derivative no loop is. `rounded`: equal to rounding, see `isFusedInside`.
 */
export type Agreement = 'bits' | 'zeros' | 'rounded';

export interface Outcome {
  readonly value: unknown;
  /** One gradient per differentiated argument. */
  readonly gradient: readonly unknown[];
  readonly problems: readonly string[];
}

export function positions(subject: Subject): readonly number[] {
  return subject.argnums ?? [0];
}
export function differentiated(subject: Subject): unknown[] {
  return positions(subject).map((k) => subject.args[k]);
}

/** Value, arguments after the call, shape, and the bits of a second call. */
export function checkValueAndGrad(subject: Subject, valueAndGrad: AnyFunction): Outcome {
  const problems: string[] = [];
  const plainArgs = cloneTree(subject.args);
  const plainValue = subject.f(...plainArgs);
  const args = cloneTree(subject.args);
  const [value, raw] = valueAndGrad(...args) as [unknown, unknown];
  const gradient = subject.argnums === undefined ? [raw] : (raw as unknown[]);
  note(problems, 'value', bitDifference(value, plainValue));
  note(problems, 'arguments after the call', bitDifference(args, plainArgs));
  note(problems, 'shape of the gradient', shapeMisfit(differentiated(subject), gradient));
  note(problems, 'second call', bitDifference(valueAndGrad(...cloneTree(subject.args)), [value, raw]));
  return { value, gradient, problems };
}

/** `grad` and `gradInto` give the bits of `valueAndGrad`; `gradInto` overwrites what `out` held. */
export function checkGradForms(
  subject: Subject,
  outcome: Outcome,
  forms: { grad?: AnyFunction; gradInto?: AnyFunction },
): string[] {
  const problems: string[] = [];
  const plainArgs = cloneTree(subject.args);
  subject.f(...plainArgs);
  if (forms.grad !== undefined) {
    const args = cloneTree(subject.args);
    const raw = forms.grad(...args);
    const gradient = subject.argnums === undefined ? [raw] : raw;
    note(problems, 'grad', bitDifference(gradient, outcome.gradient));
    note(problems, 'arguments after grad', bitDifference(args, plainArgs));
  }
  if (forms.gradInto !== undefined) {
    const slots = withLeaves(differentiated(subject), () => 77) as unknown[];
    const single = subject.argnums === undefined && typeof slots[0] !== 'number';
    const args = cloneTree(subject.args);
    const value = forms.gradInto(single ? slots[0] : slots, ...args);
    note(problems, 'value of gradInto', bitDifference(value, outcome.value));
    note(problems, 'gradInto', bitDifference(leafValues(slots), leafValues(outcome.gradient)));
    note(problems, 'arguments after gradInto', bitDifference(args, plainArgs));
  }
  return problems;
}

/** The pullback is called twice, and again after the caller has overwritten what it can reach. */
export function checkPullback(subject: Subject, vjp: AnyFunction, seed: number): Outcome {
  const problems: string[] = [];
  const plainArgs = cloneTree(subject.args);
  const plainValue = subject.f(...plainArgs);
  const args = cloneTree(subject.args);
  const [value, pullback] = vjp(...args) as [unknown, (cotangent: unknown) => unknown[]];
  note(problems, 'value of vjp', differenceOf(value, plainValue, subject.agreement));
  note(problems, 'arguments after vjp', bitDifference(args, plainArgs));
  const cotangent = cotangentOf(plainValue, seed);
  const kept = cloneTree(cotangent);
  const all = pullback(cotangent);
  note(problems, 'cotangent after the pullback', bitDifference(cotangent, kept));
  note(problems, 'pullback called twice', bitDifference(pullback(cotangent), all));
  overwriteLeaves(args);
  overwriteLeaves(value);
  note(problems, 'pullback after the arguments were overwritten', bitDifference(pullback(cotangent), all));
  const gradient = positions(subject).map((k) => all[k]);
  note(problems, 'shape of the pullback', shapeMisfit(differentiated(subject), gradient));
  return { value: plainValue, gradient, problems };
}
/**
 * Whether a derivative may have loops that are fused only where it stands inside of another one: a fused loop adds up in the order of
 * its trips (LANGUAGE.md 3; 5, row 9: equal to rounding). Otherwise it has the same bits there as by itself. In check mode the
 * outermost derivative is not fused, since each trip is followed through both sweeps. Of loops around parts that run again it is
 * not either; inside of another derivative these parts are recorded (and solutions of equations differentiated by their iterations).
 */
export const isFusedInside = (source: string, check: boolean): boolean =>
  check || /\b(checkpoint|checkpointed|fixedPoint|implicit)\(/.test(source);

/** Also what solutions of equations may be apart. */
const ROUNDING = 1e-10;
/** Where two values differ, as far as they have to agree. */
export function differenceOf(got: unknown, want: unknown, agreement: Agreement = 'bits'): string | undefined {
  const difference = bitDifference(got, want);
  if (difference === undefined || agreement === 'bits') return difference;
  const [a, b] = [leafValues(got), leafValues(want)];
  const isSame = (x: number, y: number): boolean =>
    Object.is(x, y) || x === y || (agreement === 'rounded' && near(x, y, ROUNDING * Math.abs(y)));
  return a.length === b.length && a.every((x, i) => isSame(x, b[i])) ? undefined : difference;
}
export function cotangentOf(value: unknown, seed: number): unknown {
  const random = randomNumbers(seed ^ 0x5bd1e995);
  return withLeaves(value, () => nice(random()));
}

/** Forward mode along random tangents; `want` is given the tangents and says what each leaf of the result should be. */
export function checkForward(
  subject: Subject,
  jvp: AnyFunction,
  seed: number,
  want: (tangents: readonly number[]) => readonly { value: number; slack: number }[],
): string[] {
  const problems: string[] = [];
  const plainArgs = cloneTree(subject.args);
  const plainValue = subject.f(...plainArgs);
  for (let trial = 0; trial < 2; trial++) {
    const { tangents, flat } = tangentsOf(subject, seed + trial);
    const args = cloneTree(subject.args);
    const kept = cloneTree(tangents);
    const [value, tangent] = jvp(args, tangents) as [unknown, unknown];
    note(problems, 'value of jvp', bitDifference(value, plainValue));
    note(problems, 'arguments after jvp', bitDifference(args, plainArgs));
    note(problems, 'tangents after jvp', bitDifference(tangents, kept));
    const got = leafValues(tangent);
    const expected = want(flat);
    if (got.length !== expected.length) problems.push(`jvp: ${got.length} tangents, not ${expected.length}`);
    expected.forEach(({ value: x, slack }, i) => {
      if (!near(got[i], x, slack))
        problems.push(`jvp: tangent ${i} is ${got[i]}, expected ${x} within ${slack}`);
    });
  }
  return problems;
}
export function tangentsOf(subject: Subject, seed: number): { tangents: unknown[]; flat: number[] } {
  const random = randomNumbers(seed);
  const tangents = subject.args.map((arg, k) =>
    positions(subject).includes(k) ? withLeaves(arg, () => nice(random())) : zeros(arg),
  );
  return { tangents, flat: leafValues(positions(subject).map((k) => tangents[k])) };
}
/** Exactly representable in 32 bits and away from zero, so that a tangent survives a `Float32Array`. */
function nice(x: number): number {
  return Math.fround(x < 0 ? x - 0.25 : x + 0.25);
}

/** What forward mode must give for a gradient: the dot product, to rounding. */
export function dotProduct(gradient: readonly unknown[], tolerance: number) {
  const flat = leafValues(gradient);
  return (tangents: readonly number[]) => {
    const { value, scale } = dot(flat, tangents);
    return [{ value, slack: tolerance * Math.max(scale, 1e-3) }];
  };
}

/** Leaves of a gradient against reference leaves with error bounds. */
export function compareLeaves(
  what: string,
  got: unknown,
  want: readonly Estimate[],
  tolerance: number,
): string[] {
  const found = leaves(got);
  if (found.length !== want.length) return [`${what}: ${found.length} leaves, not ${want.length}`];
  const top = want.reduce((m, { value }) => (Number.isFinite(value) ? Math.max(m, Math.abs(value)) : m), 0);
  return found.flatMap(({ path, value }, i) => {
    if (want[i].error === Infinity) return [];
    const slack =
      tolerance * Math.max(Math.abs(want[i].value), 1e-3 * top) +
      2 * want[i].error +
      (want[i].error ? 1e-9 : 1e-14);
    if (near(value, want[i].value, slack)) return [];
    return [
      `${what} at ${path.join('.')}: ${value}, reference ${want[i].value} (error ${want[i].error.toPrecision(2)})`,
    ];
  });
}

/** Equal, or close, or (where nothing better can be said) both not finite in the same way. */
export function near(a: number, b: number, slack: number): boolean {
  if (Object.is(a, b) || Math.abs(a - b) <= slack) return true;
  return Number.isNaN(a) ? Number.isNaN(b) : !Number.isFinite(a) && a === b;
}
function note(problems: string[], what: string, difference: string | undefined): void {
  if (difference !== undefined) problems.push(`${what}: ${difference}`);
}
function overwriteLeaves(root: unknown): void {
  if (typeof root !== 'object' || root === null) return;
  for (const { path } of leaves(root)) setLeaf(root, path, 1e9);
}
export function describeArgs(args: readonly unknown[]): string {
  return args.map(show).join(', ');
}
