/**
 * **Question**: which values that were to be stored lie in memory at the end of the forward sweep? **Needs**: the plan of the minimum
 * cut. **Guarantees**: the reverse sweep reads the same numbers. **Method**: a value that is put into an array where it is computed is
 * read there again, if nothing else comes to its slot, the slot gives back what is put into it, and what says where it is costs
 * nothing to store.
 */
import { regionExits } from '../ir/exits.js';
import type { LoadOp, LoopOp, Op, Region, ValueId } from '../ir/nodes.js';
import { refType } from '../ir/types.js';
import { opArgs, walkOps } from '../ir/visit.js';
import { MISSING_MATTERS, type Planner } from './record.js';

/** Not a number if one of their operands is none. */
const STRICT = new Set(['add', 'sub', 'mul', 'div', 'neg', 'plus', 'sqrt', 'exp', 'tanh']);

/** Takes values out of `stored` that are read instead, and gives what reads them; what says where they are is recomputed. */
export function readInstead(
  stored: Set<ValueId>,
  recomputed: Set<ValueId>,
  planner: Planner,
): Map<ValueId, LoadOp> {
  const { places, forward, reverse } = planner.input;
  const read = new Map<ValueId, LoadOp>();
  let tested: ReadonlySet<ValueId> | undefined;
  const tellsMissing = (v: ValueId): boolean => {
    tested ??= testedFor([...forward.ops, ...reverse]);
    return tested.has(v);
  };
  for (const v of [...stored]) {
    const load = places.reading(v);
    if (!load || !keepsNumber(load, planner, tellsMissing)) continue;
    const place = new Set<ValueId>();
    if (!opArgs(load).every((a) => isAtHand(a, v, recomputed, place, planner))) continue;
    stored.delete(v);
    for (const a of [v, ...place]) recomputed.add(a);
    read.set(v, load);
  }
  return read;
}

/** Whether a slot gives back the number that is put into it. */
function keepsNumber(load: LoadOp, planner: Planner, tellsMissing: (v: ValueId) => boolean): boolean {
  const { typeOf, inRange } = planner.input;
  const { ref, at, results } = load;
  const type = refType(typeOf(ref));
  if (type?.kind !== 'array' || !('index' in at) || typeOf(results[0]).kind !== 'number') return false;
  if (type.storage === 'plain' && !type.either) return true;
  if (type.storage !== 'f64' && !type.either) return false;
  return inRange(ref, at.index) || (isUpdate(load, planner) && !tellsMissing(results[0]));
}

/**
 * Whether the value is computed from what was in its slot: where the slot does not exist it is NaN, and so is what is read there in
 * any arithmetic.
 */
function isUpdate({ ref, at, results: [v] }: LoadOp, planner: Planner): boolean {
  const { places } = planner.input;
  const comesFrom = (x: ValueId, depth: number): boolean => {
    const op = depth > 0 ? places.originOf(x)?.op : undefined;
    if (op?.kind === 'load')
      return op.ref === ref && 'index' in op.at && 'index' in at && op.at.index === at.index;
    if (op?.kind === 'scalar') return STRICT.has(op.fn) && op.args.some((a) => comesFrom(a, depth - 1));
    if (op?.kind !== 'loop') return false;
    const k = op.results.indexOf(x);
    return k >= 0 && k < op.inits.length && handsOn(op, k) && comesFrom(op.inits[k], depth - 1);
  };
  /** Whether a carried value is NaN from when on it was. */
  const handsOn = ({ label, body: { params, ops, end } }: LoopOp, k: number): boolean => {
    const follows = (x: ValueId, depth: number): boolean => {
      if (x === params[k + 1]) return true;
      const d = depth > 0 ? places.definitions.get(x) : undefined;
      const op = d?.home === label && d.topLevel ? d.op : undefined;
      return op?.kind === 'scalar' && STRICT.has(op.fn) && op.args.some((a) => follows(a, depth - 1));
    };
    return (
      end.kind === 'yield' && regionExits({ params, ops, end }).length === 0 && follows(end.args[k], DEEPEST)
    );
  };
  return comesFrom(v, DEEPEST);
}
/** Expressions are not followed further. */
const DEEPEST = 12;

/** What operations test that tell a missing value from NaN. */
function testedFor(ops: readonly Op[]): Set<ValueId> {
  const found = new Set<ValueId>();
  const region: Region = { params: [], ops, end: { kind: 'yield', args: [] } };
  walkOps(region, (op) => {
    if (op.kind === 'scalar' && MISSING_MATTERS.has(op.fn)) for (const a of op.args) found.add(a);
  });
  return found;
}

/** Whether what tells the place of `v` is there before it, or is an integer that can be computed again; adds these to `place`. */
function isAtHand(
  a: ValueId,
  v: ValueId,
  recomputed: ReadonlySet<ValueId>,
  place: Set<ValueId>,
  planner: Planner,
): boolean {
  if (planner.isFree(a) || place.has(a)) return true;
  const { places, isInteger } = planner.input;
  const [d, of] = [a, v].map((x) => places.definitions.get(x));
  if (!d || !of || d.order >= of.order) return false;
  if (recomputed.has(a)) return true;
  const again = isInteger(a) ? planner.recomputation(a) : undefined;
  if (!again?.args.every((x) => isAtHand(x, v, recomputed, place, planner))) return false;
  place.add(a);
  return true;
}
