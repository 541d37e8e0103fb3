/**
 * **Question**: how does the reverse sweep get the primal values that it refers to? **Needs**: a forward sweep and a reverse
 * sweep that names forward values freely. **Guarantees**: valid SSA. Values of branches become results of the branch;
 * values of loops are pushed as one record per trip, at its end and at every exit that leaves it, or computed again from
 * what is at hand. **Method**: `cut.ts` decides; prices are measured ones (store 6, flop 1, load 1, index 0.3).
 */
import type { LabelId, LoadOp, LoopOp, Op, Region, Type, ValueId } from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import { argsOf, opArgs, opRegions, valuesRead } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import type { LoopReport } from './certificate.js';
import { type CutNode, minimumCut } from './cut.js';
import type { CallReport } from './halves.js';
import type { Home, Places } from './places.js';
import { readInstead } from './read-again.js';
import { type Reason, reasonsOf } from './reasons.js';
import type { RunningIndices } from './running.js';

export interface RecordInput {
  readonly places: Places;
  readonly forward: Region;
  readonly reverse: readonly Op[];
  /** Values that the end of the reverse sweep reads. */
  readonly reverseEnd: readonly ValueId[];
  /** Forward loop -> reverse loop. */
  readonly mirror: ReadonlyMap<LabelId, LabelId>;
  /** The two sweeps are two functions: values of the root are stored too. */
  readonly split: boolean;
  /** Forward parameters that the reverse half is given too. */
  readonly passed: { readonly has: (v: ValueId) => boolean };
  /** Check mode: store what is recomputed as well, to compare. */
  readonly check: boolean;
  readonly typeOf: (v: ValueId) => Type;
  readonly isInteger: (v: ValueId) => boolean;
  readonly inRange: (ref: ValueId, index: ValueId) => boolean;
  readonly running: RunningIndices;
  /** Otherwise everything is stored. */
  readonly recomputes: boolean;
}

export interface Plan {
  /** Per loop (and root, if split): the values of one record, in order of definition. */
  readonly records: ReadonlyMap<Home, readonly ValueId[]>;
  /** Values of branches at the root that become visible there. */
  readonly promoted: ReadonlySet<ValueId>;
  readonly recomputed: ReadonlySet<ValueId>;
  /** Of these, what is read from a slot where the forward sweep has put it. */
  readonly read: ReadonlyMap<ValueId, LoadOp>;
  /** Of each record: the loops around it, from the outermost, whose trips all push one. */
  readonly around: ReadonlyMap<Home, readonly LoopOp[]>;
  readonly stored: ReadonlyMap<ValueId, Reason>;
  /** What became of each loop that has a reverse. */
  readonly loops: readonly LoopReport[];
  /** What became of calls in a function whose sweeps run in one call. */
  readonly calls: readonly CallReport[];
}

/** Operations that tell what is missing from NaN, as a tape of numbers does not. */
export const MISSING_MATTERS = new Set(['eq', 'ne', 'looseEq', 'looseNe', 'isNullish', 'isUndefined']);
const TRANSPARENT = new Set(['unwrap', 'stop', 'select']);
const STORE = 6;
const STORE_REFERENCE = 10;
const DEPTH_WEIGHT = 8;
const MAX_REPLAY = 12;

/** Forward values that the reverse operations read, directly. */
export function neededValues(input: RecordInput): Set<ValueId> {
  const { definitions } = input.places;
  return new Set([...valuesRead(input.reverse), ...input.reverseEnd].filter((v) => definitions.has(v)));
}

export class Planner {
  constructor(readonly input: RecordInput) {}

  /** Whether the reverse sweep has the value without storing it. */
  isFree(v: ValueId): boolean {
    const d = this.input.places.definitions.get(v);
    if (!d) return true;
    if (d.op?.kind === 'const' && !d.op.poison) return true;
    if (d.isIv || this.input.passed.has(v)) return true;
    return d.home === 'root' && !this.input.split && d.topLevel;
  }

  /** What a recomputation of the value reads and costs; `undefined` if it cannot be computed again. */
  recomputation(v: ValueId): { args: readonly ValueId[]; cost: number } | undefined {
    const d = this.input.places.definitions.get(v);
    const op = d?.op;
    if (!d || !op || d.isIv || !this.input.recomputes) return undefined;
    const running = this.input.running.of(v);
    if (running) return { args: this.input.running.args(running), cost: this.input.running.cost(running) };
    switch (op.kind) {
      case 'scalar':
        if (this.tellsMissing(op)) return undefined;
        return { args: op.args, cost: this.input.isInteger(v) ? 0.3 : scalarRule(op.fn).cost };
      case 'load':
      case 'length':
        return this.input.places.stable(op) ? { args: opArgs(op), cost: 1 } : undefined;
      case 'outer':
        return op.changes ? undefined : { args: [], cost: 0.3 };
      case 'if':
        return this.branchRecomputation(op);
      default:
        return undefined;
    }
  }
  /**
   * Whether an operation tells `undefined` (a slot out of range) from NaN, which a tape of numbers does not: its result is
   * stored unless its operands are surely numbers.
   */
  private tellsMissing(op: Op & { kind: 'scalar' }): boolean {
    if (!MISSING_MATTERS.has(op.fn)) return false;
    return op.args.some((a) => {
      // what is passed is not on the tape
      if (this.input.passed.has(a)) return false;
      const d = this.input.places.originOf(a);
      const { op: by, isIv } = d ?? { op: undefined, isIv: false };
      if (isIv || by?.kind === 'const' || by?.kind === 'length') return false;
      return by?.kind !== 'scalar' || TRANSPARENT.has(by.fn);
    });
  }

  /** A small pure `if` is computed again as a whole. */
  private branchRecomputation(
    op: Op & { kind: 'if' },
  ): { args: readonly ValueId[]; cost: number } | undefined {
    let cost = 1;
    let count = 0;
    let pure = true;
    const visit = (r: Region): void => {
      pure &&= r.end.kind === 'yield';
      for (const o of r.ops) {
        count++;
        if (o.kind === 'scalar') {
          cost += scalarRule(o.fn).cost;
          pure &&= !this.tellsMissing(o);
        } else if (o.kind === 'load' || o.kind === 'length') {
          pure &&= this.input.places.stable(o);
          cost += 1;
        } else if (o.kind !== 'const' && o.kind !== 'if') pure = false;
        for (const x of opRegions(o)) visit(x);
      }
    };
    visit(op.then);
    visit(op.else);
    if (!pure || count > MAX_REPLAY) return undefined;
    return { args: argsOf(op), cost };
  }

  plan(): Plan {
    const { definitions } = this.input.places;
    const needed = [...neededValues(this.input)].filter((v) => !this.isFree(v));
    const promoted = new Set<ValueId>();
    const nodes = new Map<ValueId, CutNode<ValueId>>();
    const queue = needed.map((v) => ({ v, direct: true }));
    const direct = new Set(needed);
    for (const { v } of queue) {
      const d = definitions.get(v);
      if (nodes.has(v) || this.isFree(v) || !d) continue;
      if (d.home === 'root' && !this.input.split) {
        promoted.add(v); // a local of the function is there for nothing
        continue;
      }
      const weight = DEPTH_WEIGHT ** d.loops.length;
      const again = this.recomputation(v);
      const args = again ? again.args.filter((a) => !this.isFree(a)) : [];
      const store = isRef(this.input.typeOf(v)) ? STORE_REFERENCE : STORE;
      nodes.set(v, {
        value: v,
        storeCost: (store + 1e-3) * weight,
        recomputeCost: again ? again.cost * weight : Number.POSITIVE_INFINITY,
        args,
        needed: direct.has(v),
      });
      for (const a of args) queue.push({ v: a, direct: false });
    }
    const { stored, recomputed } = minimumCut([...nodes.values()]);
    const read = this.input.recomputes ? readInstead(stored, recomputed, this) : new Map<ValueId, LoadOp>();
    const argsOf = (v: ValueId): readonly ValueId[] => {
      const load = read.get(v);
      return load ? opArgs(load) : (nodes.get(v)?.args ?? []);
    };
    // what a recomputation reads at the root of the function must be visible there
    for (const v of recomputed)
      for (const a of argsOf(v)) {
        const d = definitions.get(a);
        if (d?.home === 'root' && !this.input.split) promoted.add(a);
      }
    const records = new Map<Home, ValueId[]>();
    const kept = this.input.check ? [...stored, ...recomputed] : [...stored];
    for (const v of kept.sort((a, b) => definitions.get(a)!.order - definitions.get(b)!.order || a - b)) {
      const home = definitions.get(v)!.home;
      const record = records.get(home);
      if (record) record.push(v);
      else records.set(home, [v]);
    }
    const used = new Set([...recomputed].flatMap((v) => argsOf(v)));
    for (const v of promoted) if (!direct.has(v) && !used.has(v)) promoted.delete(v);
    const around = new Map([...records].map(([home, [first]]) => [home, definitions.get(first)!.loops]));
    const made = new Map([...recomputed].map((v) => [v, argsOf(v)]));
    const canBeMade = (v: ValueId) =>
      (nodes.get(v)?.recomputeCost ?? Number.POSITIVE_INFINITY) < Number.POSITIVE_INFINITY;
    const reasons = reasonsOf(new Set(kept), made, this.input, canBeMade);
    return { records, around, promoted, recomputed, read, stored: reasons, loops: [], calls: [] };
  }
}
