/** Records of the tapes in a module: which operations push and pop the same record. */
import type { Module, RestoreOp, SaveOp, ValueId } from './nodes.js';
import { walkOps } from './visit.js';

export interface TapeRecords {
  /** The operations that push or pop records of a pair. */
  readonly saves: (pair: string) => readonly SaveOp[];
  readonly restores: (pair: string) => readonly RestoreOp[];
  /** The number of tapes in use. */
  readonly tapes: number;
}

export function tapeRecords(module: Module): TapeRecords {
  const saves = new Map<string, SaveOp[]>();
  const restores = new Map<string, RestoreOp[]>();
  let tapes = 0;
  const add = <T>(to: Map<string, T[]>, pair: string, op: T) => to.set(pair, [...(to.get(pair) ?? []), op]);
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind === 'save') add(saves, op.pair, op);
      else if (op.kind === 'restore') add(restores, op.pair, op);
      else return;
      tapes = Math.max(tapes, op.tape + 1);
    });
  return { saves: (p) => saves.get(p) ?? [], restores: (p) => restores.get(p) ?? [], tapes };
}

/**
 * Which slots of a record go on the tape of numbers; all others go on that of references. A rewriting may know more of what is
 * pushed than of what is popped, so both sides are asked.
 */
export function numberSlots(module: Module): (pair: string, slot: number) => boolean {
  const numbers = new Map<string, boolean[]>();
  const isNumber = (v: ValueId): boolean => ['number', 'boolean'].includes(module.values.type(v).kind);
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind !== 'save' && op.kind !== 'restore') return;
      const slots = (op.kind === 'save' ? op.args : op.results).map(isNumber);
      const before = numbers.get(op.pair);
      numbers.set(op.pair, before ? before.map((is, k) => is && slots[k]) : slots);
    });
  return (pair, slot) => numbers.get(pair)?.[slot] === true;
}
