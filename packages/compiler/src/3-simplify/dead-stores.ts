/**
 * **Question**: which stores to elements of arrays does nothing read any more? **Needs**: simplified derivative code. **Guarantees**:
 * no read sees another value. **Method**: the dependence test of `elements.ts`: a store is dead if no read that may run behind it is
 * of its element. The last reverse loop need not leave zeros in shadows that only it reads.
 */
import type { AccessOp, AccumOp, Func, Op, Region, StoreOp, ValueTable } from '../ir/nodes.js';
import { isRef, isTypedArray } from '../ir/types.js';
import { isAccess, mapRegions, opArgs, walkOps } from '../ir/visit.js';
import { Accesses } from './accesses.js';
import { type Memory, type MemoryClass, slotKey } from './memory.js';

/** Arrays that are accessed at more places are left as they are. */
const MOST_ACCESSES = 24;

export function withoutDeadStores(func: Func, memory: Memory, values: ValueTable): Func {
  const elements = privateElements(func, memory, values);
  if (elements.size === 0) return func;
  const accesses = new Accesses(func.body, values);
  const dead = new Set<Op>();
  for (const all of elements.values()) {
    const alive = new Set(all);
    const isDead = (op: AccessOp) =>
      op.kind !== 'load' && [...alive].every((o) => o === op || o.kind === 'store' || accesses.misses(op, o));
    for (let found: AccessOp | undefined; (found = [...alive].find(isDead)); ) {
      alive.delete(found);
      dead.add(found);
    }
  }
  if (dead.size === 0) return func;
  const region = (r: Region): Region => ({
    ...r,
    ops: r.ops.filter((op) => !dead.has(op)).map((op) => mapRegions(op, region)),
  });
  return { ...func, body: region(func.body) };
}

/** The accesses of arrays with a fixed number of elements that nothing but these accesses sees, by class of memory. */
function privateElements(func: Func, memory: Memory, values: ValueTable): Map<MemoryClass, AccessOp[]> {
  const found = new Map<MemoryClass, AccessOp[]>();
  const seen = new Set<MemoryClass>();
  walkOps(func.body, (op) => {
    if (isAccess(op)) {
      const c = memory.classOf(op.ref);
      const isFixed = isTypedArray(values.type(op.ref)) && slotKey(op.at) === '[]';
      if (!isFixed) seen.add(c);
      const all = found.get(c);
      if (all) all.push(op);
      else found.set(c, [op]);
    }
    if (op.kind === 'call' || op.kind === 'runtime' || op.kind === 'foreign')
      for (const v of opArgs(op))
        if (isRef(values.type(v))) for (const c of memory.reachable(memory.classOf(v))) seen.add(c.find());
  });
  for (const [c, all] of found) {
    const isPrivate = !c.external && !c.shared && !c.leaked && !seen.has(c);
    const isWritten = all.some((op): op is StoreOp | AccumOp => op.kind !== 'load');
    if (!isPrivate || !isWritten || all.length > MOST_ACCESSES) found.delete(c);
  }
  return found;
}
