/**
 * Question: is a gradient right at these arguments?
 * Method: each leaf of the gradient against extrapolated central differences of the function, and, if a jvp is given,
 * the gradient as a whole along a random direction (dot-product test).
 * Gives up when: the function has no derivative there, differences do not settle, or a second call gives something else. It
 * says so and is not `ok`.
 */
import type { ArgNums, ScalarFn } from './arguments.js';
import { type CheckReport, type DotProduct, describe, type Entry, type Twice } from './check-report.js';
import { derivative, findKink, noiseOf, type Probe } from './differences.js';
import { type Watched, watchFinite } from './internal-finite.js';
import type { GradFn, JvpFn } from './markers.js';
import {
  copyTree,
  isClassInstance,
  leavesOf,
  mapLeaves,
  type Path,
  printPath,
  readAt,
  writeAt,
} from './tree.js';

/** Options of `checkGrad`. */
export interface CheckOptions<F extends ScalarFn, A> {
  /** The `argnums` that the gradient function was made with; 0 if left out. */
  readonly argnums?: A;
  /** `jvp(f)`: compared with the gradient along a random direction. */
  readonly jvp?: JvpFn<F>;
  /** How far gradient and difference may be apart, relative to the larger one; 1e-6 if left out. */
  readonly relativeTolerance?: number;
  /** The same, in units of `max(1, |f|) / max(1, |leaf|)`; 1e-12 if left out. */
  readonly absoluteTolerance?: number;
  /** Seed of the random direction; 1 if left out. */
  readonly seed?: number;
}

/**
 * Compares the gradient function `g` of `f` with differences at `args`. Every call gets a deep copy of `args`, so both
 * may change theirs. Disagreement is reported, never thrown; what `f` or `g` throws at `args` itself is passed on.
 * Costs two evaluations of `g`, and 20 of `f` per leaf where it is smooth and the gradient right, a few hundred at most.
 */
export function checkGrad<
  F extends ScalarFn,
  const A extends ArgNums<F> = 0,
  // A parameter of its own, so that tuples in a gradient written as an arrow are seen as tuples.
  G extends GradFn<F, A> = GradFn<F, A>,
>(f: F, g: G, args: Readonly<Parameters<F>>, opts?: CheckOptions<F, A>): CheckReport;
export function checkGrad(
  f: Check['f'],
  g: (...args: readonly unknown[]) => unknown,
  args: readonly unknown[],
  opts: LooseOptions = {},
): CheckReport {
  const argnums = opts.argnums ?? 0;
  const value = f(...copyTree(args));
  const { result, watched } = watchFinite(() => g(...copyTree(args)));
  const check: Check = {
    f,
    args,
    value,
    again: { value: f(...copyTree(args)), gradient: watchFinite(() => g(...copyTree(args))).result },
    watched,
    relative: opts.relativeTolerance ?? 1e-6,
    absolute: opts.absoluteTolerance ?? 1e-12,
  };
  const compared =
    typeof argnums === 'number'
      ? compareArgument(check, argnums, result)
      : argnums.flatMap((at, i) => compareArgument(check, at, readAt(result, [{ key: i }]), [{ key: i }]));
  const dotProduct =
    opts.jvp === undefined ? undefined : testDotProduct(check, compared, opts.jvp, opts.seed ?? 1);
  return describe(
    compared.map((c) => c.entry),
    dotProduct,
  );
}

/** The options without the types of `f`. */
interface LooseOptions extends Omit<CheckOptions<ScalarFn, number | readonly number[]>, 'jvp'> {
  readonly jvp?: Jvp;
}

interface Check {
  readonly f: (...args: readonly unknown[]) => number;
  readonly args: readonly unknown[];
  /** `f(...args)` */
  readonly value: number;
  /** The same and the gradient, by second calls. */
  readonly again: { readonly value: number; readonly gradient: unknown };
  /** Where the value and the gradient became not finite, if that is known. */
  readonly watched: Watched;
  readonly relative: number;
  readonly absolute: number;
}

type Jvp = (primals: readonly unknown[], tangents: readonly unknown[]) => readonly [unknown, unknown];

interface Compared {
  readonly path: Path;
  readonly entry: Entry;
}

/** `at`: where the gradient of this argument stands in what the gradient function gives. */
function compareArgument(check: Check, position: number, gradient: unknown, at: Path = []): Compared[] {
  const argument = check.args[position];
  const compared: Compared[] = [];
  const add = (path: Path, outcome: Omit<Entry, 'path'>) => {
    const full = [{ key: position }, ...path];
    compared.push({ path: full, entry: { path: printPath(full, 'args'), ...outcome } });
  };
  for (const leaf of leavesOf(argument)) {
    const claimed = readAt(gradient, leaf.path);
    if (typeof claimed === 'number') {
      const again = readAt(check.again.gradient, [...at, ...leaf.path]);
      add(
        leaf.path,
        changing(check, claimed, again) ??
          compareLeaf(check, [{ key: position }, ...leaf.path], leaf.value, claimed),
      );
    } else if (!isHiddenField(argument, gradient, leaf.path)) {
      add(leaf.path, { ...NOTHING, verdict: 'missing' });
    }
  }
  for (const leaf of leavesOf(gradient)) {
    const extra = typeof readAt(argument, leaf.path) !== 'number';
    if (extra) add(leaf.path, { ...NOTHING, gradient: leaf.value, verdict: 'extra' });
  }
  return compared;
}

const NOTHING = { gradient: Number.NaN, estimate: Number.NaN, difference: Number.NaN, error: Number.NaN };

/** What is to be said of a leaf if a second call of the function or of the gradient gave something else. */
function changing(check: Check, gradient: number, again: unknown): Omit<Entry, 'path'> | undefined {
  const ofFunction: Twice = { of: 'function', values: [check.value, check.again.value] };
  const ofGradient: Twice = { of: 'gradient', values: [gradient, Number(again)] };
  const twice = [ofFunction, ofGradient].find(({ values: [a, b] }) => !Object.is(a, b));
  return twice && { ...NOTHING, gradient, verdict: 'not deterministic', twice };
}

/** A field that only exists at run time, such as one declared `private`, is rightly absent from the gradient. */
function isHiddenField(argument: unknown, gradient: unknown, path: Path): boolean {
  const first = path.findIndex((_, i) => readAt(gradient, path.slice(0, i + 1)) === undefined);
  return first >= 0 && isClassInstance(readAt(argument, path.slice(0, first)));
}

/** Relative noise up to which a function counts as computed in single precision, and not as rough. */
const SINGLE_PRECISION = 1e-6;

function compareLeaf(check: Check, path: Path, x: number, gradient: number): Omit<Entry, 'path'> {
  const scale = Math.max(1, Math.abs(x));
  const floor = (check.absolute * Math.max(1, Math.abs(check.value))) / scale;
  const size = (value: number) => Math.max(Math.abs(gradient), Math.abs(value));
  const tolerance = (value: number) => check.relative * size(value) + floor;
  const probe = probeAt(check, path, x);
  const judge = (reach: number, noise: number): Omit<Entry, 'path'> => {
    const found = derivative(probe, reach * scale, (value) => 0.01 * tolerance(value), noise);
    if (found === undefined) return { ...NOTHING, gradient, verdict: 'not finite' };
    const { value: estimate, error } = found;
    const difference = Math.abs(gradient - estimate);
    const settled = error <= 1e-3 * Math.abs(estimate) + 10 * floor + (200 * noise) / scale;
    const near = difference <= tolerance(estimate) + 2 * error;
    const verdict = !settled ? 'unsettled' : near ? 'agrees' : 'disagrees';
    return { gradient, estimate, difference, error, verdict };
  };
  const finite = Number.isFinite(x) && Number.isFinite(check.value) && Number.isFinite(gradient);
  if (!finite) {
    return { ...NOTHING, gradient, verdict: 'not finite', ...beginning(check, gradient) };
  }
  let outcome = judge(1, 0);
  if (outcome.verdict === 'disagrees' || outcome.verdict === 'unsettled') {
    // Before it contradicts, it asks how exact the values of `f` are, and whether `f` is rough at this scale.
    const noise = noiseOf(probe, scale);
    if (noise <= SINGLE_PRECISION * Math.max(1, Math.abs(check.value))) outcome = judge(1, noise);
    if (outcome.verdict !== 'agrees') {
      const nearby = judge(1e-4, noise);
      if (nearby.verdict === 'agrees' || outcome.verdict === 'unsettled') outcome = nearby;
    }
  }
  if (outcome.verdict === 'agrees' || outcome.verdict === 'not finite') return outcome;
  const kink = findKink(probe, scale, 1e-3 * size(outcome.estimate) + 10 * floor);
  return kink === undefined ? outcome : { ...outcome, verdict: 'kink', kink };
}

/** Where it began that the value, or else the gradient, is not finite. */
function beginning({ value, watched }: Check, gradient: number): Pick<Entry, 'value' | 'origin'> {
  const ofValue = Number.isFinite(value) ? {} : { value };
  const ofGradient = Number.isFinite(gradient) ? [] : watched.cotangents;
  const origin = Number.isFinite(value) ? ofGradient.join(', and at ') : watched.value;
  return origin ? { ...ofValue, origin } : ofValue;
}

/** `f` with the leaf at `path` moved. An error that it throws there counts as a value that is not finite. */
function probeAt(check: Check, path: Path, x: number): Probe {
  return (step) => {
    const args = copyTree(check.args);
    writeAt(args, path, x + step);
    const taken = (readAt(args, path) as number) - x;
    try {
      return { value: check.f(...args), taken };
    } catch {
      return { value: Number.NaN, taken };
    }
  };
}

/** The derivative along a random direction, once by the jvp and once as gradient times direction. */
function testDotProduct(check: Check, compared: readonly Compared[], jvp: Jvp, seed: number): DotProduct {
  const random = randomNumbers(seed);
  const gradients = new Map(compared.map((c) => [c.entry.path, c.entry.gradient]));
  const tangents = mapLeaves(check.args, (path) => (gradients.has(printPath(path, 'args')) ? random() : 0));
  const forward = Number(jvp(copyTree(check.args), tangents)[1]);
  let reverse = 0;
  let size = Math.abs(forward);
  for (const { path, entry } of compared) {
    // Read back: a `Float32Array` has rounded it.
    const term = entry.gradient * (readAt(tangents, path) as number);
    reverse += term;
    size += Math.abs(term);
  }
  const noise = check.absolute * Math.max(1, Math.abs(check.value));
  const ok = Math.abs(forward - reverse) <= check.relative * size + noise;
  return { ok, forward, reverse };
}

/** Uniform in [-1, 1); the generator is mulberry32. */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}
