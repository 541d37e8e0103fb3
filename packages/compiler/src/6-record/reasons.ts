/** Why a value is stored: what needs it in the reverse sweep, and why it is not computed again there. */
import type { Op, ValueId } from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import { endArgs, opArgs, opRegions } from '../ir/visit.js';
import type { Definition } from './places.js';
import type { RecordInput } from './record.js';

/** What stands against computing a value again. */
export type Obstacle =
  | 'argument'
  | 'carried'
  | 'object'
  | 'called'
  | 'overwritten'
  | 'outside'
  | 'missing'
  | 'branch'
  | 'dearer'
  | 'not asked for';

export interface Reason {
  /** The operation of the reverse sweep that reads it; nothing where it is only read to compute something again. */
  readonly readBy: Op | undefined;
  /** What is computed again with it. */
  readonly used: ValueId | undefined;
  readonly obstacle: Obstacle;
}

/** `again`: what each value reads that is computed again. */
export function reasonsOf(
  stored: ReadonlySet<ValueId>,
  again: ReadonlyMap<ValueId, readonly ValueId[]>,
  input: RecordInput,
  canBeMadeAgain: (v: ValueId) => boolean,
): ReadonlyMap<ValueId, Reason> {
  const readers = readersOf(input.reverse, stored);
  const used = new Map<ValueId, ValueId>();
  for (const [made, args] of again) for (const a of args) if (!used.has(a)) used.set(a, made);
  return new Map(
    [...stored].map((v) => {
      const readBy = readers.get(v);
      return [
        v,
        { readBy, used: readBy ? undefined : used.get(v), obstacle: obstacleTo(v, input, canBeMadeAgain) },
      ];
    }),
  );
}

/** The first operation that reads each of the values; of a branch or loop, the one inside. */
function readersOf(ops: readonly Op[], wanted: ReadonlySet<ValueId>): Map<ValueId, Op> {
  const found = new Map<ValueId, Op>();
  const note = (v: ValueId, op: Op) => {
    if (wanted.has(v) && !found.has(v)) found.set(v, op);
  };
  const visit = (op: Op): void => {
    for (const v of opArgs(op)) note(v, op);
    for (const r of opRegions(op)) {
      r.ops.forEach(visit);
      for (const v of endArgs(r.end)) note(v, op);
    }
  };
  ops.forEach(visit);
  return found;
}

function obstacleTo(v: ValueId, input: RecordInput, canBeMadeAgain: (v: ValueId) => boolean): Obstacle {
  const d = input.places.definitions.get(v);
  if (canBeMadeAgain(v)) return 'dearer';
  if (!d?.op) return 'argument';
  return isCarried(v, d) ? 'carried' : ofOp(d.op, isRef(input.typeOf(v)), input.recomputes);
}
const isCarried = (v: ValueId, { op }: Definition): boolean =>
  op?.kind === 'loop' && op.body.params.includes(v);

function ofOp(op: Op, isObject: boolean, recomputes: boolean): Obstacle {
  if (isObject) return 'object';
  switch (op.kind) {
    case 'load':
    case 'length':
      return recomputes ? 'overwritten' : 'not asked for';
    case 'scalar':
      return recomputes ? 'missing' : 'not asked for';
    case 'if':
    case 'block':
      return 'branch';
    case 'loop':
      return 'carried';
    case 'call':
      return 'called';
    default:
      return 'outside';
  }
}
