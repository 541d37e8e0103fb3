/** Numerical derivatives with error estimates: the oracle that shares nothing with the compiler. */
import { cloneTree, leafValues, leaves, type Path, setLeaf } from './tree.js';

/** A derivative and a bound on its error that the extrapolation itself believes. */
export interface Estimate {
  readonly value: number;
  readonly error: number;
}
/** A function of one real variable with `m` results, or undefined where it cannot be evaluated. */
export type Curve = (t: number) => readonly number[] | undefined;

const START_STEPS = [0.2, 0.05, 0.0125, 3e-3, 8e-4, 1e-4];
const ROWS = 9;
const SHRINK = 1.5;

/** mulberry32 in [-1, 1): reproducible tangents and cotangents. */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2147483648 - 1;
  };
}
export function hashText(text: string): number {
  let hash = 7;
  for (const char of text) hash = (Math.imul(hash, 31) + char.charCodeAt(0)) | 0;
  return hash;
}

/** One tableau of central differences (Ridders 1982) from one starting step, for result `k` of all rows. */
function tableau(rows: readonly (readonly number[] | undefined)[], k: number): Estimate | undefined {
  let best: Estimate | undefined;
  let previous: number[] = [];
  for (const row of rows) {
    if (row === undefined || !Number.isFinite(row[k])) {
      previous = [];
      continue;
    }
    const current = [row[k]];
    let factor = SHRINK * SHRINK;
    for (let j = 1; j <= previous.length; j++) {
      current.push((current[j - 1] * factor - previous[j - 1]) / (factor - 1));
      factor *= SHRINK * SHRINK;
      const error = Math.max(Math.abs(current[j] - current[j - 1]), Math.abs(current[j] - previous[j - 1]));
      if (best === undefined || error <= best.error) best = { value: current[j], error };
    }
    previous = current;
  }
  return best;
}

/** A tableau counts only as far as one from another starting step confirms it; smaller steps win ties. */
function confirmed(candidates: readonly Estimate[]): Estimate {
  let best: Estimate = { value: Number.NaN, error: Infinity };
  for (const candidate of [...candidates].reverse()) {
    let nearest = Infinity;
    for (const other of candidates)
      if (other !== candidate) nearest = Math.min(nearest, Math.abs(other.value - candidate.value));
    const error = Math.max(candidate.error, nearest);
    if (error < best.error) best = { value: candidate.value, error };
  }
  return best;
}

/**
 * Derivative of every result of `curve` at 0 by extrapolated central differences from several starting steps.
 * `scale`: the distance over which the argument varies. A kink at 0 shows as a large error.
 */
export function differentiateCurve(
  curve: Curve,
  scale: number,
  steps: readonly number[] = START_STEPS,
): Estimate[] {
  const middle = curve(0);
  if (middle === undefined) return [];
  const candidates: Estimate[][] = middle.map(() => []);
  for (const step of steps) {
    const rows: (number[] | undefined)[] = [];
    let h = step * scale;
    for (let i = 0; i < ROWS; i++, h /= SHRINK) {
      const [up, down] = [curve(h), curve(-h)];
      const usable = up?.length === middle.length && down?.length === middle.length;
      rows.push(usable ? up.map((v, k) => (v - down[k]) / (2 * h)) : undefined);
    }
    for (let k = 0; k < middle.length; k++) {
      const found = tableau(rows, k);
      if (found !== undefined) candidates[k].push(found);
    }
  }
  const jumps = slopeJumps(curve, middle, 1e-6 * scale);
  return candidates.map((list, k) => {
    const { value, error } = confirmed(list);
    const tolerated = 1e-3 * Math.max(1, Math.abs(value), Math.abs(middle[k]));
    return { value, error: jumps[k] > tolerated ? Math.max(error, jumps[k]) : error };
  });
}

/** Central differences are blind to a symmetric kink: how far the one-sided slopes are apart. */
function slopeJumps(curve: Curve, middle: readonly number[], h: number): number[] {
  const [up, down] = [curve(h), curve(-h)];
  if (up?.length !== middle.length || down?.length !== middle.length) return middle.map(() => Infinity);
  return middle.map((y, k) => {
    const jump = Math.abs(up[k] - 2 * y + down[k]) / h;
    return Number.isNaN(jump) ? Infinity : jump;
  });
}

// biome-ignore lint/suspicious/noExplicitAny: any function under test
export type AnyFunction = (...args: any[]) => unknown;

/** Jacobians that were asked for before: a case is checked in several builds, which share the plain function. */
const jacobians = new WeakMap<AnyFunction, WeakMap<readonly unknown[], Map<string, Estimate[][]>>>();

/** Jacobian of `f`: a row per leaf of the result, a column per leaf of the arguments numbered in `argnums`. */
export function jacobianByDifferences(
  f: AnyFunction,
  args: readonly unknown[],
  argnums: readonly number[],
): Estimate[][] {
  const ofFunction = jacobians.get(f) ?? new WeakMap<readonly unknown[], Map<string, Estimate[][]>>();
  jacobians.set(f, ofFunction);
  const ofArgs = ofFunction.get(args) ?? new Map<string, Estimate[][]>();
  ofFunction.set(args, ofArgs);
  const key = argnums.join();
  const known = ofArgs.get(key) ?? computeJacobian(f, args, argnums);
  ofArgs.set(key, known);
  return known;
}
function computeJacobian(f: AnyFunction, args: readonly unknown[], argnums: readonly number[]): Estimate[][] {
  const columns = leaves(argnums.map((k) => args[k])).map(({ path, value }) => {
    const target = [argnums[path[0] as number], ...path.slice(1)];
    const scale = Math.max(Math.abs(value), 0.5);
    return differentiateCurve((t) => evaluateMoved(f, args, [{ path: target, to: value + t }]), scale);
  });
  const m = leafValues(f(...cloneTree(args))).length;
  return Array.from({ length: m }, (_, k) => columns.map((column) => column[k]));
}

function evaluateMoved(
  f: AnyFunction,
  args: readonly unknown[],
  moves: readonly { path: Path; to: number }[],
): number[] | undefined {
  const moved = cloneTree(args);
  for (const { path, to } of moves) setLeaf(moved, path, to);
  try {
    return leafValues(f(...moved));
  } catch {
    return undefined;
  }
}

/** `f` along a direction of its differentiated leaves: a curve through the arguments at 0. */
export function directionalCurve(
  f: AnyFunction,
  args: readonly unknown[],
  argnums: readonly number[],
  tangents: readonly number[],
): Curve {
  const points = leaves(argnums.map((k) => args[k])).map(({ path, value }) => ({
    path: [argnums[path[0] as number], ...path.slice(1)],
    value,
  }));
  return (t) =>
    evaluateMoved(
      f,
      args,
      points.map(({ path, value }, i) => ({ path, to: value + t * tangents[i] })),
    );
}

/** Derivative of `f` along a direction: `tangents` has the leaves of the arguments numbered in `argnums`. */
export function directionalDifferences(
  f: AnyFunction,
  args: readonly unknown[],
  argnums: readonly number[],
  tangents: readonly number[],
  steps?: readonly number[],
): Estimate[] {
  return differentiateCurve(directionalCurve(f, args, argnums, tangents), 1, steps);
}

/** `sum a[i] * b[i]` and the sum of magnitudes, the scale for its rounding error. */
export function dot(a: readonly number[], b: readonly number[]): { value: number; scale: number } {
  let value = 0;
  let scale = 0;
  for (let i = 0; i < a.length; i++) {
    if (b[i] === 0) continue;
    value += a[i] * b[i];
    scale += Math.abs(a[i] * b[i]);
  }
  return { value, scale };
}
