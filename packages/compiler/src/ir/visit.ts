/** Generic access to the parts of operations: what they read, the regions they hold, and rewriting of both. */
import {
  type AccessOp,
  type At,
  assertNever,
  type LoadOp,
  type LoopOp,
  type Op,
  type Region,
  type ScalarOp,
  type Snapshots,
  type Terminator,
  type ValueId,
} from './nodes.js';

const NONE: readonly never[] = [];
const atArgs = (at: At): readonly ValueId[] => ('index' in at ? [at.index] : NONE);

export const isAccess = (op: Op): op is AccessOp =>
  op.kind === 'load' || op.kind === 'store' || op.kind === 'accum';

/** The values an operation itself reads (not those read inside its regions). */
export function opArgs(op: Op): readonly ValueId[] {
  switch (op.kind) {
    case 'const':
    case 'outer':
    case 'restore':
    case 'block':
      return NONE;
    case 'scalar':
    case 'literal':
    case 'foreign':
    case 'save':
      return op.args;
    case 'call':
      return [
        ...op.args,
        ...(op.checkpoint?.kind === 'steps' ? snapshotArgs(op.checkpoint.snapshots) : []),
        ...(op.tape ? [op.tape.value] : []),
      ];
    case 'runtime':
      return op.entries ? [...op.args, ...op.entries.map((e) => e.value)] : op.args;
    case 'alloc':
      return op.fill === undefined ? [op.length] : [op.length, op.fill];
    case 'load':
      return [op.ref, ...atArgs(op.at)];
    case 'store':
    case 'accum':
      return [op.ref, ...atArgs(op.at), op.value];
    case 'length':
      return [op.ref];
    case 'resize':
      return [op.ref, op.length];
    case 'if':
      return [op.cond];
    case 'loop':
      return [
        op.lo,
        op.hi,
        ...op.inits,
        ...op.extras.filter((e) => e !== 'lastIv'),
        ...(op.checkpoint ? snapshotArgs(op.checkpoint) : []),
      ];
    default:
      return assertNever(op);
  }
}

/** How many states of a loop are kept, and where, as values. */
export const snapshotArgs = ({ limit, store }: Snapshots): readonly ValueId[] =>
  [limit, store].filter((v) => v !== undefined);

/** The regions of an operation, in the order of the text. */
export function opRegions(op: Op): readonly Region[] {
  switch (op.kind) {
    case 'if':
      return [op.then, op.else];
    case 'loop':
    case 'block':
      return [op.body];
    default:
      return NONE;
  }
}

/** The values that a terminator reads. */
export const endArgs = (end: Terminator): readonly ValueId[] => (end.kind === 'throw' ? [end.arg] : end.args);

export interface Rewrite {
  readonly value: (v: ValueId) => ValueId;
  readonly region: (r: Region) => Region;
  readonly results?: (r: readonly ValueId[]) => readonly ValueId[];
}

/**
 * An arithmetic operation with other parts. These and loads are by far the most, and fields one by one are several times as fast as
 * a spread.
 */
export function scalarLike(
  { span }: ScalarOp,
  fn: string,
  args: readonly ValueId[],
  results: readonly ValueId[],
): ScalarOp {
  return span ? { kind: 'scalar', fn, args, results, span } : { kind: 'scalar', fn, args, results };
}
/** A load with other parts. */
export function loadLike({ span }: LoadOp, ref: ValueId, at: At, results: readonly ValueId[]): LoadOp {
  return span ? { kind: 'load', ref, at, results, span } : { kind: 'load', ref, at, results };
}

/** A copy of an operation with its arguments, regions and results mapped. */
export function mapOp(op: Op, f: Rewrite): Op {
  const results = f.results ? f.results(op.results) : op.results;
  const at = (a: At): At => ('index' in a ? { index: f.value(a.index) } : a);
  switch (op.kind) {
    case 'const':
    case 'outer':
    case 'restore':
      return { ...op, results };
    case 'scalar':
      return scalarLike(op, op.fn, op.args.map(f.value), results);
    case 'literal':
    case 'foreign':
    case 'save':
      return { ...op, results, args: op.args.map(f.value) };
    case 'call': {
      const { checkpoint: c, tape } = op;
      const again =
        c?.kind === 'steps' ? { checkpoint: { ...c, snapshots: mapLimit(c.snapshots, f.value) } } : {};
      const on = tape ? { tape: { ...tape, value: f.value(tape.value) } } : {};
      return { ...op, results, args: op.args.map(f.value), ...again, ...on };
    }
    case 'runtime': {
      const entries = op.entries && { entries: op.entries.map((e) => ({ ...e, value: f.value(e.value) })) };
      return { ...op, results, args: op.args.map(f.value), ...entries };
    }
    case 'alloc': {
      const fill = op.fill === undefined ? {} : { fill: f.value(op.fill) };
      return { ...op, results, length: f.value(op.length), ...fill };
    }
    case 'load':
      return loadLike(op, f.value(op.ref), at(op.at), results);
    case 'store':
    case 'accum':
      return { ...op, results, ref: f.value(op.ref), at: at(op.at), value: f.value(op.value) };
    case 'length':
      return { ...op, results, ref: f.value(op.ref) };
    case 'resize':
      return { ...op, results, ref: f.value(op.ref), length: f.value(op.length) };
    case 'if':
      return { ...op, results, cond: f.value(op.cond), then: f.region(op.then), else: f.region(op.else) };
    case 'loop':
      return {
        ...op,
        results,
        lo: f.value(op.lo),
        hi: f.value(op.hi),
        inits: op.inits.map(f.value),
        extras: op.extras.map((e) => (e === 'lastIv' ? e : f.value(e))),
        body: f.region(op.body),
        ...mapCheckpoint(op, f.value),
      };
    case 'block':
      return { ...op, results, body: f.region(op.body) };
    default:
      return assertNever(op);
  }
}

/** An operation with its regions mapped; itself, if it has none. */
export function mapRegions(op: Op, region: (r: Region) => Region): Op {
  switch (op.kind) {
    case 'if':
      return { ...op, then: region(op.then), else: region(op.else) };
    case 'loop':
    case 'block':
      return { ...op, body: region(op.body) };
    default:
      return op;
  }
}

const mapLimit = (s: Snapshots, value: (v: ValueId) => ValueId): Snapshots => ({
  ...s,
  limit: s.limit === undefined ? undefined : value(s.limit),
  ...(s.store !== undefined && { store: value(s.store) }),
});
/** What a loop says of its states, with the values mapped. */
export const mapCheckpoint = (
  { checkpoint }: LoopOp,
  value: (v: ValueId) => ValueId,
): { readonly checkpoint?: Snapshots } => (checkpoint ? { checkpoint: mapLimit(checkpoint, value) } : {});

/** A copy of a terminator with its arguments mapped. */
export function mapEnd(end: Terminator, value: (v: ValueId) => ValueId): Terminator {
  return end.kind === 'throw' ? { ...end, arg: value(end.arg) } : { ...end, args: end.args.map(value) };
}

/** Whether an operation is such, or one in its regions. */
export function someOp(op: Op, is: (op: Op) => boolean): boolean {
  return is(op) || opRegions(op).some((r) => r.ops.some((o) => someOp(o, is)));
}

/** Whether an operation, or one in its regions, has a value among its arguments; `but`: those that do not count. */
export function mentions(op: Op, v: ValueId, but: (op: Op) => boolean = () => false): boolean {
  if (but(op)) return false;
  if (opArgs(op).includes(v)) return true;
  return opRegions(op).some((r) => r.ops.some((o) => mentions(o, v, but)) || endArgs(r.end).includes(v));
}

/** Visits every operation of a region and of its inner regions, outer before inner, in text order. */
export function walkOps(region: Region, visit: (op: Op, region: Region) => void): void {
  for (const op of region.ops) {
    visit(op, region);
    for (const r of opRegions(op)) walkOps(r, visit);
  }
}
/** The same for one operation and those in it. */
export function walkOp(op: Op, visit: (op: Op) => void): void {
  visit(op);
  for (const r of opRegions(op)) walkOps(r, visit);
}

/** The values that operations read, those of their regions included, in the order of the text. */
export function valuesRead(ops: readonly Op[]): Set<ValueId> {
  const found = new Set<ValueId>();
  const visit = (list: readonly Op[]): void => {
    for (const op of list) {
      for (const v of opArgs(op)) found.add(v);
      for (const r of opRegions(op)) {
        visit(r.ops);
        for (const v of endArgs(r.end)) found.add(v);
      }
    }
  };
  visit(ops);
  return found;
}

/** The values that operations define, those of their regions included. */
export function definedBy(ops: readonly Op[]): Set<ValueId> {
  const found = new Set<ValueId>();
  const visit = (list: readonly Op[]): void => {
    for (const op of list) {
      for (const v of op.results) found.add(v);
      for (const r of opRegions(op)) {
        for (const p of r.params) found.add(p);
        visit(r.ops);
      }
    }
  };
  visit(ops);
  return found;
}
/** The values that a region reads and does not define, in the order of their first use. */
export function freeValues({ params, ops, end }: Region): ValueId[] {
  const own = new Set([...params, ...definedBy(ops)]);
  return [...new Set([...valuesRead(ops), ...endArgs(end)])].filter((v) => !own.has(v));
}

/** What an operation reads from outside itself, also in its regions. */
export const argsOf = (op: Op): ValueId[] => [...opArgs(op), ...opRegions(op).flatMap(freeValues)];

/** Visits every region, outer before inner. */
export function walkRegions(region: Region, visit: (r: Region) => void): void {
  visit(region);
  for (const op of region.ops) for (const r of opRegions(op)) walkRegions(r, visit);
}
