/** Records of the tapes in a module: which operations push and pop the same record. */
import type { Module, RestoreOp, SaveOp } from './nodes.js';
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
