/**
 * Check mode: the first cotangent that is not finite although it was computed from finite ones is named, with the values of the
 * primal that are not finite themselves. Added when dead reverse code is gone, and only about values that the reverse sweep reads
 * anyway: the plan of what is stored stays the same.
 */
import { assertion } from '../ir/assertion.js';
import type { Op, Region, ScalarOp, Span, ValueId } from '../ir/nodes.js';
import { definedBy, mapRegions, opRegions, walkOps } from '../ir/visit.js';

/** What a value of the reverse sweep is the cotangent of (or a part of it), and by which operation. */
export interface CotangentOf {
  readonly name: string | undefined;
  readonly span: Span | undefined;
}
export type CotangentNames = ReadonlyMap<ValueId, CotangentOf>;

export function assertFinite(
  reverse: readonly Op[],
  names: CotangentNames,
  nameOf: (v: ValueId) => string | undefined,
  checks: ValueId,
): Op[] {
  const scalars = new Map<ValueId, ScalarOp>();
  const constants = new Set<ValueId>();
  const note = (op: Op) => {
    if (op.kind === 'scalar') scalars.set(op.results[0], op);
    if (op.kind === 'const') constants.add(op.results[0]);
  };
  for (const op of reverse) {
    note(op);
    for (const r of opRegions(op)) walkOps(r, note);
  }
  const inputs = (op: ScalarOp, found = new Set<ValueId>()): Set<ValueId> => {
    for (const a of op.args) {
      const by = scalars.get(a);
      if (by && !names.has(a)) inputs(by, found);
      else if (!constants.has(a)) found.add(a);
    }
    return found;
  };
  const ofReverse = definedBy(reverse);
  const quoted = (name: string | undefined) => JSON.stringify(name === undefined ? 'a value' : `\`${name}\``);
  const ops = (list: readonly Op[]): Op[] =>
    list.flatMap((op) => {
      const kept = mapRegions(op, region);
      const of = op.kind === 'scalar' ? names.get(op.results[0]) : undefined;
      if (op.kind !== 'scalar' || of === undefined) return [kept];
      const all = [...inputs(op)];
      const primal = all.filter((v) => !ofReverse.has(v));
      const args = [checks, op.results[0], ...all.filter((v) => ofReverse.has(v)), ...primal];
      const literals = [...primal.map((v) => quoted(nameOf(v))), String(primal.length), quoted(of.name)];
      return [kept, assertion('checkFinite', args, literals, of.span)];
    });
  const region = (r: Region): Region => ({ ...r, ops: ops(r.ops) });
  return ops(reverse);
}
