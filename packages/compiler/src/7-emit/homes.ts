/**
 * **Question**: which values may be computed right in the variable of a result? **Guarantees**: nothing else is ever written
 * there while it can be read. **Method**: a result of an `if` or a block that gets one and the same value on all ways on
 * which it is available shares its variable. Otherwise each level of a nest would copy all values that the reverse sweep
 * needs, and the code would grow with the square of the depth.
 */
import type { Op, Region, ValueId } from '../ir/nodes.js';
import { opRegions } from '../ir/visit.js';
import type { Uses } from './uses.js';

/** Each value that lives in the variable of a result, with that result. */
export function findHomes(body: Region, uses: Uses): Map<ValueId, ValueId> {
  const homes = new Map<ValueId, ValueId>();
  const definitions = new Map<ValueId, { readonly by: Op; readonly order: number }>();
  const poisons = new Set<ValueId>();
  let order = 0;
  /** `start`: what is defined later is defined inside the operation. */
  const settle = (op: Op, start: number): void => {
    const ends = endsOf(op, uses);
    op.results.forEach((result, k) => {
      const given = new Set(ends.map((args) => args[k]).filter((v) => !poisons.has(v)));
      const [v] = given;
      const d = v === undefined ? undefined : definitions.get(v);
      if (given.size !== 1 || d === undefined || d.order <= start || d.by.kind === 'const') return;
      if (homes.has(v) || uses.count(result) === 0) return;
      if (uses.count(v) > 1 || d.by.kind === 'if' || d.by.kind === 'block') homes.set(v, result);
    });
  };
  const visit = (r: Region): void => {
    for (const op of r.ops) {
      const start = ++order;
      if (op.kind === 'const' && op.poison) poisons.add(op.results[0]);
      for (const x of opRegions(op)) visit(x);
      if (op.kind === 'if' || op.kind === 'block') settle(op, start);
      order++;
      for (const v of op.results) definitions.set(v, { by: op, order });
    }
  };
  visit(body);
  return homes;
}

/** What the ways out of an `if` or a block hand on. */
function endsOf(op: Op, uses: Uses): (readonly ValueId[])[] {
  const regions = op.kind === 'if' || op.kind === 'block' ? opRegions(op) : [];
  const yields = regions.flatMap((r) => (r.end.kind === 'yield' ? [r.end.args] : []));
  return op.kind === 'block' ? [...yields, ...(uses.exitArgs.get(op.label) ?? [])] : yields;
}
