/** Makes values of the reverse sweep known where a loop of the forward sweep begins. */
import { LENGTH_SLOT, type Memory } from '../3-simplify/memory.js';
import { targets } from '../ir/exits.js';
import type { IfOp, LoopOp, Op, ValueId, ValueTable } from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import { mapOp, opArgs } from '../ir/visit.js';
import { isUnchanged } from './carried.js';

/** What the shadow of an argument in a slot of the caller's `out` comes from. */
const MAKES_SHADOW = new Set(['slotShadow']);

export interface HoistInput {
  readonly values: ValueTable;
  readonly memory: Memory;
  readonly definition: (v: ValueId) => Op | undefined;
  /** Whether a value is there already. */
  readonly isVisible: (v: ValueId) => boolean;
  /** Whether an operation of the reverse sweep that makes an object may be made there instead. */
  readonly mayMove: (op: Op) => boolean;
  /** Where others may be made. */
  readonly further?: Hoister;
}

export class Hoister {
  /** What is to stand before the loop. */
  readonly ops: Op[] = [];
  /** Those that are no copies, and leave their old place. */
  readonly moved = new Set<Op>();
  private readonly names = new Map<ValueId, ValueId | undefined>();

  constructor(private readonly input: HoistInput) {}

  /** The value under its name before the loop; `undefined` if it is not known there. */
  hoist(given: ValueId): ValueId | undefined {
    const v = this.before(given);
    if (this.input.isVisible(v)) return v;
    if (!this.names.has(v)) this.names.set(v, this.make(v));
    return this.names.get(v);
  }
  /** The value before the loops that leave it as it was. */
  private before(v: ValueId): ValueId {
    for (let at = v; ; ) {
      const op = this.input.isVisible(at) ? undefined : this.input.definition(at);
      const k = op?.kind === 'loop' ? op.results.indexOf(at) : -1;
      if (op?.kind !== 'loop' || !isHandedOn(op, k)) return at;
      at = op.inits[k];
    }
  }

  private make(v: ValueId): ValueId | undefined {
    const op = this.input.definition(v);
    if (!op) return undefined;
    if (makesShadow(op) && !this.input.mayMove(op)) return this.input.further?.hoist(v);
    if (op.kind === 'if') return this.ofBothArms(op, op.results.indexOf(v));
    if (!makesShadow(op) && !this.isArithmetic(op)) return undefined;
    const args = new Map<ValueId, ValueId>();
    for (const a of opArgs(op)) {
      const known = this.hoist(a);
      if (known === undefined) return undefined;
      args.set(a, known);
    }
    const value = (a: ValueId) => args.get(a) ?? a;
    if (this.isArithmetic(op)) {
      const copy = this.input.values.like(v);
      this.ops.push({ ...withArgs(op, value), results: [copy] });
      return copy;
    }
    this.ops.push(withArgs(op, value));
    this.moved.add(op);
    return v;
  }

  /** What both arms of a branch leave as it was. */
  private ofBothArms(op: IfOp, k: number): ValueId | undefined {
    const [a, b] = [op.then, op.else].map((arm) =>
      arm.end.kind === 'yield' ? this.hoist(arm.end.args[k]) : undefined,
    );
    return a === b ? a : undefined;
  }
  private isArithmetic(op: Op): boolean {
    if (op.kind === 'const') return op.poison !== true;
    if (op.kind === 'scalar') return !isRef(this.input.values.type(op.results[0]));
    if (op.kind !== 'length') return false;
    const { written, growing } = this.input.memory.classOf(op.ref);
    return !growing && !written.has(LENGTH_SLOT);
  }
}

const handedOn = new WeakMap<LoopOp, Map<number, boolean>>();
/** Whether a loop leaves a carried value as it was. */
function isHandedOn(op: LoopOp, k: number): boolean {
  if (k < 0 || k >= op.inits.length) return false;
  const known = handedOn.get(op) ?? new Map<number, boolean>();
  handedOn.set(op, known);
  const found =
    known.get(k) ?? (!targets(op.body, op.label) && isUnchanged(op.body, op.body.params[k + 1], k));
  known.set(k, found);
  return found;
}

const makesShadow = (op: Op): boolean =>
  op.kind === 'alloc' || op.kind === 'literal' || (op.kind === 'runtime' && MAKES_SHADOW.has(op.name));

function withArgs(op: Op, value: (v: ValueId) => ValueId): Op {
  return mapOp(op, { value, region: (r) => r });
}
