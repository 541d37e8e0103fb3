/** What `checkGrad` reports, as data and in words. */
import type { Kink } from './differences.js';

/**
 * - `agrees`: within the tolerance.
 * - `disagrees`: the differences settle, at another number.
 * - `kink`: the slopes to the left and to the right differ, so there is no derivative to compare with.
 * - `unsettled`: the differences do not converge: `f` jumps or is noisy there.
 * - `not deterministic`: a second call with the same arguments gave something else.
 * - `not finite`: the gradient, the leaf or `f` is not finite, or `f` is finite only to one side.
 * - `missing`, `extra`: the gradient lacks this leaf of the argument, or has one that the argument does not have.
 */
export type Verdict =
  | 'agrees'
  | 'disagrees'
  | 'kink'
  | 'unsettled'
  | 'not deterministic'
  | 'not finite'
  | 'missing'
  | 'extra';

/** What two calls with the same arguments gave, if they differ. */
export interface Twice {
  readonly of: 'function' | 'gradient';
  readonly values: readonly [number, number];
}

/** One leaf of a differentiated argument. Numbers that could not be computed are NaN. */
export interface Entry {
  /** Where the leaf stands, for example `args[0].w[2]`. */
  readonly path: string;
  /** What the gradient says. */
  readonly gradient: number;
  /** What the extrapolated differences say. */
  readonly estimate: number;
  /** How far apart the two are. */
  readonly difference: number;
  /** How far off `estimate` may be. */
  readonly error: number;
  readonly verdict: Verdict;
  /** The one-sided slopes, if the verdict is `kink`. */
  readonly kink?: Kink;
  /** What was given twice, if the verdict is `not deterministic`. */
  readonly twice?: Twice;
  /** What the function gives, if that is not finite. */
  readonly value?: number;
  /** Where that began, or else that the gradient is not finite: places, if it was compiled in check mode. */
  readonly origin?: string;
}

/** The derivative along a random direction: by the jvp, and as gradient times direction. */
export interface DotProduct {
  readonly ok: boolean;
  readonly forward: number;
  readonly reverse: number;
}

/** The outcome of `checkGrad`. */
export interface CheckReport {
  /** Every leaf agrees, and so does the jvp if one was given. */
  readonly ok: boolean;
  /** The leaf that is furthest from agreement; `undefined` if there are no leaves. */
  readonly worst: Entry | undefined;
  readonly entries: readonly Entry[];
  readonly dotProduct?: DotProduct;
  /** The outcome in words. */
  readonly message: string;
}

/** From the least to the most conclusive sign of an error. */
const VERDICTS: readonly Verdict[] = [
  'agrees',
  'kink',
  'unsettled',
  'not finite',
  'disagrees',
  'not deterministic',
  'extra',
  'missing',
];

/** Sums up the entries and the dot-product test. */
export function describe(entries: readonly Entry[], dotProduct: DotProduct | undefined): CheckReport {
  const worst = entries.reduce<Entry | undefined>(
    (far, entry) => (far === undefined || isWorse(entry, far) ? entry : far),
    undefined,
  );
  const agree = entries.every((entry) => entry.verdict === 'agrees');
  const parts = [inWords(worst, entries)];
  if (dotProduct !== undefined) parts.push(dotProductInWords(dotProduct));
  const ok = agree && dotProduct?.ok !== false;
  const report = { ok, worst, entries, message: parts.join('; ') };
  return dotProduct === undefined ? report : { ...report, dotProduct };
}

function isWorse(a: Entry, b: Entry): boolean {
  const byVerdict = VERDICTS.indexOf(a.verdict) - VERDICTS.indexOf(b.verdict);
  if (byVerdict !== 0) return byVerdict > 0;
  return relative(a) > relative(b);
}

function relative(entry: Entry): number {
  return entry.difference / Math.max(1, Math.abs(entry.gradient), Math.abs(entry.estimate));
}

function inWords(worst: Entry | undefined, entries: readonly Entry[]): string {
  if (worst === undefined) return 'nothing to compare: the differentiated arguments hold no numbers';
  const count = entries.length === 1 ? '1 leaf' : `${entries.length} leaves`;
  if (worst.verdict === 'agrees') {
    return `agrees: ${count}, largest difference ${short(worst.difference)} at ${worst.path}`;
  }
  const same = entries.filter((entry) => entry.verdict === worst.verdict).length;
  const agreeing = entries.filter((entry) => entry.verdict === 'agrees').length;
  return `${oneInWords(worst)} (${same} of ${count} like this, ${agreeing} agree)`;
}

function oneInWords(entry: Entry): string {
  const { path, gradient, estimate, error, difference, kink, twice, origin, value } = entry;
  const where = origin === undefined ? '' : `, which first appears at ${origin}`;
  switch (entry.verdict) {
    case 'agrees':
      return `agrees at ${path}`;
    case 'disagrees':
      return (
        `disagrees at ${path} by ${short(difference)}: the gradient is ${gradient}, ` +
        `differences give ${estimate} (error about ${short(error)})`
      );
    case 'kink':
      return (
        `looks like a kink at ${path}: the slope is ${short(kink!.left)} to the left and ` +
        `${short(kink!.right)} to the right; the gradient is ${gradient}`
      );
    case 'unsettled':
      return (
        `cannot tell at ${path}: differences do not settle (${short(estimate)}, error about ${short(error)}); ` +
        `the gradient is ${gradient}`
      );
    case 'not deterministic': {
      const leaf = twice!.of === 'gradient' ? ` at ${path}` : '';
      const [first, second] = twice!.values;
      return `the ${twice!.of} is not deterministic: with the same arguments it is ${first} and then ${second}${leaf}`;
    }
    case 'not finite':
      if (value !== undefined)
        return `not finite: the function is ${value}${where}; the gradient at ${path} is ${gradient}`;
      if (Number.isFinite(gradient))
        return `not finite: the function at or beside ${path}; the gradient there is ${gradient}`;
      return `not finite: the gradient at ${path} is ${gradient}${where}`;
    case 'missing':
      return `the gradient has no number at ${path}`;
    case 'extra':
      return `the gradient has a number at ${path}, where the argument has none`;
  }
}

function dotProductInWords({ ok, forward, reverse }: DotProduct): string {
  const verb = ok ? 'agrees' : 'disagrees';
  return `along a random direction the jvp ${verb}: ${forward} forward, ${reverse} reverse`;
}

function short(x: number): string {
  return String(Number(x.toPrecision(3)));
}
