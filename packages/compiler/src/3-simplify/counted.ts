/**
 * Recognises counted loops: the first exit tests a carried variable (or the trip counter) against an invariant bound, and
 * the variable changes by a constant integer at the end of each trip. Such a loop runs backwards without a tape: each value is
 * that of the trip before less the step, so that sums must be exact, and a loop that begins at -0 comes back to 0.
 */
import type { LoopOp, Op, Region, ValueId } from '../ir/nodes.js';
import { mapEnd, mapOp } from '../ir/visit.js';
import type { IntegerFacts } from './integers.js';
import { tellsZeros } from './sign-of-zero.js';

/** No loop runs so long that steps and starts up to these come to numbers that are rounded. */
const LARGEST_STEP = 2 ** 16;
const LARGEST_START = 2 ** 52;

type Compare = 'lt' | 'le' | 'gt' | 'ge';
const MIRROR: Record<Compare, Compare> = { lt: 'gt', le: 'ge', gt: 'lt', ge: 'le' };
const isCompare = (fn: string): fn is Compare => fn in MIRROR;

/** The loop in counted form, or `undefined` if it is not one. */
export function recogniseCountedLoop(
  op: LoopOp,
  integers: IntegerFacts,
  outerValue: (v: ValueId) => ValueId,
  invariant: (v: ValueId) => boolean,
): LoopOp | undefined {
  if (op.step !== 1 || op.extras.length > 0) return undefined;
  // a loop that has a bound already keeps it: another test in it is an ordinary exit
  if (integers.constantOf(outerValue(op.hi)) !== Number.POSITIVE_INFINITY) return undefined;
  const head = findHeader(op);
  if (!head) return undefined;
  const defs = new Map<ValueId, Op>();
  for (const o of op.body.ops.slice(0, head.at)) for (const r of o.results) defs.set(r, o);
  // invariant operations before the test were moved out by an earlier round
  const isInvariant = (v: ValueId) => invariant(v) && !defs.has(v);
  const test = defs.get(head.cond);
  if (test?.kind !== 'scalar' || !isCompare(test.fn)) return undefined;
  let [counter, bound] = test.args;
  let compare: Compare = test.fn;
  const isCounter = (v: ValueId) => op.body.params.includes(v);
  if (!isCounter(counter)) {
    [counter, bound] = [bound, counter];
    compare = MIRROR[compare];
  }
  if (!isCounter(counter) || !isInvariant(bound)) return undefined;
  const k = op.body.params.indexOf(counter);
  const found = k === 0 ? { lo: op.lo, step: 1 } : inductionOf(op, k - 1, integers, outerValue);
  if (!found || !isExact(found, bound, integers, outerValue)) return undefined;
  if (!isUndone(op, k, found.lo, integers, outerValue)) return undefined;
  const up = compare === 'lt' || compare === 'le';
  if (up !== found.step > 0) return undefined;
  return rebuild(op, head.at, k, found, bound, compare === 'le' || compare === 'ge');
}

/** The first operation that is not pure must be the exit of the test, with the carried values as they are. */
function findHeader(op: LoopOp): { at: number; cond: ValueId } | undefined {
  const carried = op.body.params.slice(1);
  for (let at = 0; at < op.body.ops.length; at++) {
    const o = op.body.ops[at];
    if (o.kind === 'scalar' || o.kind === 'const' || o.kind === 'load' || o.kind === 'length') continue;
    if (
      o.kind !== 'if' ||
      o.then.ops.length > 0 ||
      o.then.end.kind !== 'exit' ||
      o.then.end.target !== op.label
    )
      return undefined;
    if (o.then.end.args.some((a, k) => a !== carried[k])) return undefined;
    if (o.else.ops.length > 0 || o.results.length > 0) return undefined;
    const not = op.body.ops.slice(0, at).find((d) => d.results[0] === o.cond);
    if (not?.kind !== 'scalar' || not.fn !== 'not') return undefined;
    return { at, cond: not.args[0] };
  }
  return undefined;
}

/** A carried integer that each trip changes by the same constant. */
function inductionOf(
  op: LoopOp,
  k: number,
  integers: IntegerFacts,
  outerValue: (v: ValueId) => ValueId,
): { lo: ValueId; step: number } | undefined {
  const { end } = op.body;
  if (end.kind !== 'yield' || !integers.has(outerValue(op.inits[k]))) return undefined;
  const next = op.body.ops.find((o) => o.results[0] === end.args[k]);
  if (next?.kind !== 'scalar' || (next.fn !== 'add' && next.fn !== 'sub')) return undefined;
  const param = op.body.params[k + 1];
  const [a, b] = next.args;
  const constant = (v: ValueId): number | undefined => {
    const inner = op.body.ops.find((o) => o.results[0] === v);
    if (inner?.kind === 'const' && typeof inner.value === 'number') return inner.value;
    return integers.constantOf(outerValue(v));
  };
  const by = a === param ? constant(b) : next.fn === 'add' && b === param ? constant(a) : undefined;
  if (by === undefined || !Number.isInteger(by) || by === 0 || Math.abs(by) > LARGEST_STEP) return undefined;
  return { lo: op.inits[k], step: next.fn === 'sub' ? -by : by };
}

/**
 * Whether sums are not rounded. What begins at a large number ends at one; by steps of 1 upwards there is no second trip, or no last
 * one. What is not known to be large is none, but for the start of longer steps that a loop may have doubled in each trip.
 */
function isExact(
  { lo, step }: { readonly lo: ValueId; readonly step: number },
  bound: ValueId,
  integers: IntegerFacts,
  outerValue: (v: ValueId) => ValueId,
): boolean {
  const [first, last] = [lo, bound].map((v) => integers.most(outerValue(v)));
  if (integers.constantOf(outerValue(lo)) !== undefined) return first <= LARGEST_START;
  if (Math.abs(step) > 1 && integers.isUnbounded(outerValue(lo))) return last <= LARGEST_START;
  return step === 1 || first === Number.POSITIVE_INFINITY || first <= LARGEST_START || last <= LARGEST_START;
}

/** Whether the variable comes back to where it began, as far as the loop can tell. */
function isUndone(
  op: LoopOp,
  k: number,
  lo: ValueId,
  integers: IntegerFacts,
  outerValue: (v: ValueId) => ValueId,
): boolean {
  const first = outerValue(lo);
  const isPlain = (v: ValueId): boolean => integers.isPlain(outerValue(v));
  return isPlain(first) || !tellsZeros(op.body, op.body.params[k], isPlain);
}

/** Drops the test; uses of the variable in the body become the induction variable. */
function rebuild(
  op: LoopOp,
  at: number,
  k: number,
  found: { lo: ValueId; step: number },
  bound: ValueId,
  inclusive: boolean,
): LoopOp | undefined {
  const ops = op.body.ops.filter((_, i) => i !== at);
  const trip = op.body.params[0];
  const rest = { ...op.body, ops };
  if (k === 0) return { ...op, hi: bound, inclusive, body: rest };
  // the trip counter is not the induction variable any more: nothing may use it
  if (uses(rest, trip)) return undefined;
  const variable = op.body.params[k];
  const value = (v: ValueId): ValueId => (v === variable ? trip : v);
  const map = (r: Region): Region => ({
    params: r.params,
    ops: r.ops.map((o) => mapOp(o, { value, region: map })),
    end: mapEnd(r.end, value),
  });
  const mapped = map(rest);
  return { ...op, lo: found.lo, hi: bound, step: found.step, inclusive, body: mapped };
}

function uses(r: Region, v: ValueId): boolean {
  let found = false;
  const value = (x: ValueId): ValueId => {
    found ||= x === v;
    return x;
  };
  const map = (x: Region): Region => ({
    params: x.params,
    ops: x.ops.map((o) => mapOp(o, { value, region: map })),
    end: mapEnd(x.end, value),
  });
  map(r);
  return found;
}
