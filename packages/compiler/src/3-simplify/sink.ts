/**
 * **Question**: which values does only one arm of a branch read? They are computed there, so that neither they nor their adjoints cost
 * anything where the other arm runs: `let v = f(x); if (c) v = g(x)` needs `f` and its adjoint only where `c` does not hold.
 * **Guarantees**: the same values; pure arithmetic moves into arms, never into loops. **Method**: from the last operation of a region to
 * the first, so that what was only read by something that moved moves with it (partially dead code, Knoop, Rüthing, Steffen 1994).
 */
import type { Func, Op, Region, ScalarOp, ValueId } from '../ir/nodes.js';
import { endArgs, mapRegions, opArgs, opRegions, valuesRead } from '../ir/visit.js';

/** A reader of a value in a region: an operation, and which of its regions reads it; none where it does itself. */
interface Reader {
  readonly op: Op | 'end';
  readonly arm: number | undefined;
}

export function sinkIntoArms(f: Func): Func {
  return { ...f, body: ofRegion(f.body) };
}

function ofRegion(region: Region): Region {
  const readers = readersIn(region);
  const sunk = new Map<Op, [ScalarOp[], ScalarOp[]]>();
  const stay: Op[] = [];
  for (const op of [...region.ops].reverse()) {
    const to = op.kind === 'scalar' ? onlyArm(readers.get(op.results[0])) : undefined;
    if (op.kind !== 'scalar' || !to) {
      stay.push(op);
      continue;
    }
    const arms = sunk.get(to.op) ?? [[], []];
    arms[to.arm].push(op);
    sunk.set(to.op, arms);
    for (const a of op.args) {
      const known = readers.get(a);
      if (!known) continue;
      const rest = known.filter((r) => r.op !== op);
      readers.set(a, isReader(rest, to) ? rest : [...rest, to]);
    }
  }
  return { ...region, ops: stay.reverse().map((op) => ofOp(op, sunk.get(op))) };
}

function ofOp(op: Op, sunk: readonly (readonly ScalarOp[])[] | undefined): Op {
  const regions = opRegions(op);
  if (regions.length === 0) return op;
  const region = (r: Region): Region => {
    const before = sunk?.[regions.indexOf(r)] ?? [];
    return ofRegion({ ...r, ops: [...[...before].reverse(), ...r.ops] });
  };
  return mapRegions(op, region);
}

/** The readers of what could move: results of arithmetic in the region. */
function readersIn(region: Region): Map<ValueId, Reader[]> {
  const found = new Map<ValueId, Reader[]>();
  for (const op of region.ops) if (op.kind === 'scalar') found.set(op.results[0], []);
  const note = (v: ValueId, op: Op | 'end', arm?: number) => {
    const known = found.get(v);
    // the same reader comes several times in a row
    const last = known?.[known.length - 1];
    if (known && (last?.op !== op || last.arm !== arm)) known.push({ op, arm });
  };
  for (const op of region.ops) {
    for (const v of opArgs(op)) note(v, op);
    for (const [arm, r] of opRegions(op).entries()) {
      for (const v of valuesRead(r.ops)) note(v, op, arm);
      for (const v of endArgs(r.end)) note(v, op, arm);
    }
  }
  for (const v of endArgs(region.end)) note(v, 'end');
  return found;
}
const isReader = (readers: readonly Reader[], { op, arm }: Reader): boolean =>
  readers.some((r) => r.op === op && r.arm === arm);

/** The arm of a branch that is the only reader. */
function onlyArm(readers: readonly Reader[] = []): { op: Op; arm: number } | undefined {
  const [first, ...others] = readers;
  if (first === undefined || others.length > 0 || first.op === 'end' || first.arm === undefined)
    return undefined;
  return first.op.kind === 'if' ? { op: first.op, arm: first.arm } : undefined;
}
