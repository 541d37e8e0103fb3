/**
 * Calls whose result has no derivative, such as those of a line search, of a function that has one elsewhere: they run the
 * plain function. Its halves would record what nobody reads, and a cotangent of zero could meet an infinite value there.
 */
import type { Memory, MemoryClass } from '../3-simplify/memory.js';
import type { Activity } from '../4-analyse/activity.js';
import type { CallOp, Func, Module, Op, ValueId } from '../ir/nodes.js';
import { calledFrom } from '../ir/reach.js';
import { isLeaf, isRef } from '../ir/types.js';
import { walkOps } from '../ir/visit.js';

interface Known {
  readonly module: Module;
  readonly memory: Memory;
  readonly activity: Activity;
}

/** Tells the calls whose callee need not be differentiated for them. */
export function idleCalls(known: Known): (op: CallOp) => boolean {
  const { module, activity } = known;
  const typeOf = (v: ValueId) => module.values.type(v);
  const contained = new Map<string, boolean>();
  const isContained = (f: Func): boolean => {
    let yes = contained.get(f.key);
    if (yes === undefined) {
      yes = [...calledFrom(f, module.funcs).values()].every((g) => writesOwnOnly(known, g));
      contained.set(f.key, yes);
    }
    return yes;
  };
  const hasDerivative = (v: ValueId): boolean =>
    isLeaf(typeOf(v)) ? activity.active(v) : isRef(typeOf(v)) && activity.activeRef(v);
  return (op) => {
    const f = module.funcs.get(op.callee);
    return (
      f !== undefined && op.checkpoint === undefined && !op.results.some(hasDerivative) && isContained(f)
    );
  };
}

/** Whether all that a function changes are objects that it makes, and that nobody else gets to see. */
function writesOwnOnly({ module, memory }: Known, f: Func): boolean {
  const seen = new Set<MemoryClass>();
  const see = (v: ValueId): void => {
    if (isRef(module.values.type(v))) for (const c of memory.reachable(memory.classOf(v))) seen.add(c);
  };
  f.params.forEach(see);
  walkOps(f.body, (op) => {
    if (op.kind === 'outer') op.results.forEach(see);
  });
  let fine = true;
  walkOps(f.body, (op) => {
    fine &&= !changes(op) || ('ref' in op && !seen.has(memory.classOf(op.ref)));
  });
  return fine;
}

const changes = (op: Op): boolean =>
  op.kind === 'store' ||
  op.kind === 'accum' ||
  op.kind === 'resize' ||
  op.kind === 'save' ||
  op.kind === 'restore' ||
  (op.kind === 'runtime' && op.effect === 'effect') ||
  (op.kind === 'foreign' && !op.pure && !op.makesOnly && op.role !== 'reads');
