/**
 * Check mode: which blocks the two sweeps trace. A region of the reverse sweep that does nothing else than ask for its
 * block is gone, as it is in a normal build; its block is not traced then.
 */
import type { Op, Region, RuntimeOp } from '../ir/nodes.js';
import { mapRegions, opRegions } from '../ir/visit.js';

/** The blocks that the reverse sweep asks for, by name. */
export function askedBlocks(reverse: readonly Op[], found = new Set<string>()): Set<string> {
  for (const op of reverse) {
    if (isRuntime(op, 'checkTrace')) found.add(op.literals[0]);
    for (const r of opRegions(op)) askedBlocks(r.ops, found);
  }
  return found;
}

/** The forward sweep with the traces of these blocks only. */
export function traceOnly(blocks: ReadonlySet<string>, list: readonly Op[]): Op[] {
  const region = (r: Region): Region => ({ ...r, ops: traceOnly(blocks, r.ops) });
  return list
    .filter((op) => !isRuntime(op, 'trace') || blocks.has(op.literals[0]))
    .map((op) => mapRegions(op, region));
}

/** From here on each question stays. */
export function traceFirmly(list: readonly Op[]): Op[] {
  const region = (r: Region): Region => ({ ...r, ops: traceFirmly(r.ops) });
  return list.map((op) => (isRuntime(op, 'checkTrace') ? { ...op, weak: false } : mapRegions(op, region)));
}

const isRuntime = (op: Op, name: string): op is RuntimeOp => op.kind === 'runtime' && op.name === name;
