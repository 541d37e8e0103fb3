/**
 * **Question**: which reverse loops may be skipped where nothing comes to them? **Needs**: a loop of the primal, the cotangents
 * with which its reverse begins. **Guarantees**: a skipped loop would have added multiples of zero only, which contribute
 * nothing even where a partial is not finite (LANGUAGE.md R7). A cotangent that is not a number skips nothing.
 */
import { leavingExits } from '../ir/exits.js';
import type { LoopOp, Op, Region, ValueId } from '../ir/nodes.js';
import { opRegions } from '../ir/visit.js';
import type { Builder } from './builder.js';

/** Operations whose reverse only adds multiples of the cotangents of their results. */
const READS: ReadonlySet<Op['kind']> = new Set([
  'const',
  'scalar',
  'load',
  'length',
  'outer',
  'if',
  'loop',
  'block',
]);

/**
 * Whether the reverse of the loop does nothing if the cotangents of its carried values are zero: no cotangent waits in
 * memory that the loop writes, none comes from an exit out of it.
 */
export function onlyReads(op: LoopOp): boolean {
  const reads = (o: Op): boolean => READS.has(o.kind) && opRegions(o).every((r) => r.ops.every(reads));
  return leavingExits(op).length === 0 && op.body.ops.every(reads);
}

/**
 * The test whether anything comes to a reverse loop, where that depends on a choice that the primal made; `undefined` where it
 * need not be asked.
 */
export function guardOf(op: LoopOp, seeds: readonly ValueId[], b: Builder): ValueId | undefined {
  const given = seeds.filter((v) => b.constant(v) !== 0);
  if (given.length === 0 || !given.every((v) => b.unchosen.has(v)) || !onlyReads(op)) return undefined;
  const tests = [...new Set(given)].map((v) => b.scalar('ne', v, b.num(0)));
  return tests.reduce((x, y) => b.scalar('or', x, y));
}

/** The loop under its test; its results have names of their own inside. */
export function guarded(cond: ValueId, loop: LoopOp, inits: readonly ValueId[], b: Builder): void {
  const inner = loop.results.map((v) => b.values.like(v));
  const arm = (ops: readonly Op[], args: readonly ValueId[]): Region => ({
    params: [],
    ops,
    end: { kind: 'yield', args },
  });
  b.emit({
    kind: 'if',
    cond,
    then: arm([{ ...loop, results: inner }], inner),
    else: arm([], inits),
    results: loop.results,
    ...(loop.span ? { span: loop.span } : {}),
  });
}

/** Whether an operation multiplies its first operand (or any, for a product) with something. */
const SCALES: Readonly<Record<string, readonly number[]>> = {
  mul: [0, 1],
  strong: [0, 1],
  div: [0],
  strongdiv: [0],
  neg: [0],
  orZero: [0],
};

/** Whether the result of an operation is zero wherever a choice of the primal made an operand zero. */
export function passesZero(fn: string, args: readonly ValueId[], isZero: (v: ValueId) => boolean): boolean {
  if (fn === 'select') return args.slice(1).some(isZero);
  if (fn === 'add' || fn === 'sub') return args.every(isZero);
  return (SCALES[fn] ?? []).some((k) => isZero(args[k]));
}
