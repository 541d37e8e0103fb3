/**
 * **Question**: which slots that a loop adds to in each trip can be added to once, behind it? **Needs**: simplified derivative code,
 * where what no trip changes is defined outside. **Guarantees**: the same cotangents to the order of sums. **Method**: scalar
 * replacement (Callahan, Carr, Kennedy 1990): the sum is a variable, since a slot that others of its array might be would
 * be read and written in each trip. What the loop reads of the array must be other elements.
 */
import { carrying } from '../ir/carry.js';
import { regionExits } from '../ir/exits.js';
import {
  type AccumOp,
  BOOLEAN,
  type Func,
  type LoopOp,
  NUMBER,
  type Op,
  type Region,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import { mapRegions, opArgs, opRegions, walkOps } from '../ir/visit.js';
import { Accesses } from './accesses.js';
import { type Memory, slotKey } from './memory.js';

/** More variables would not fit in registers. */
const MOST_SUMS = 6;

/** The function with sums in variables, in loops without loops. */
export function withLocalSums(func: Func, memory: Memory, values: ValueTable): Func {
  const sums = new LocalSums(memory, values, new Accesses(func.body, values));
  return { ...func, body: sums.region(func.body, []) };
}

class LocalSums {
  constructor(
    private readonly memory: Memory,
    private readonly values: ValueTable,
    private readonly accesses: Accesses,
  ) {}

  region(r: Region, loops: readonly LoopOp[]): Region {
    const ops = r.ops.flatMap((op) => {
      if (opRegions(op).length === 0) return [op];
      if (op.kind === 'loop' && isInnermost(op)) return this.loop(op, [...loops, op]);
      const inner = op.kind === 'loop' ? [...loops, op] : loops;
      return [mapRegions(op, (x) => this.region(x, inner))];
    });
    return { ...r, ops };
  }

  private loop(loop: LoopOp, loops: readonly LoopOp[]): Op[] {
    if (loop.body.end.kind !== 'yield' || regionExits(loop.body).length > 0) return [loop];
    const found = loop.body.ops.filter((op) => op.kind === 'accum' && this.isLocal(op, loop, loops));
    const slots = new Map<string, AccumOp[]>();
    for (const op of found as AccumOp[]) {
      const slot = `${op.ref} ${'key' in op.at ? op.at.key : op.at.index} ${op.guarded === true}`;
      slots.set(slot, [...(slots.get(slot) ?? []), op]);
    }
    if (slots.size === 0 || slots.size > MOST_SUMS) return [loop];
    return this.inVariables(loop, [...slots.values()]);
  }

  private isLocal(op: AccumOp, loop: LoopOp, loops: readonly LoopOp[]): boolean {
    const isOutside = (v: ValueId) => !this.accesses.originOf(v)?.loops.includes(loop);
    if (!isOutside(op.ref) || ('index' in op.at && !isOutside(op.at.index))) return false;
    let isFine = true;
    walkOps(loop.body, (other) => void (isFine &&= !this.mayNotice(other, op, loops)));
    return isFine;
  }
  /** Whether an operation may read or replace what is added, so that it matters when that is done. */
  private mayNotice(other: Op, op: AccumOp, loops: readonly LoopOp[]): boolean {
    const c = this.memory.classOf(op.ref);
    switch (other.kind) {
      case 'load':
      case 'store':
        return (
          this.memory.classOf(other.ref) === c &&
          slotKey(other.at) === slotKey(op.at) &&
          !this.accesses.misses(op, other, loops.length - 1)
        );
      case 'resize':
        return this.memory.classOf(other.ref) === c;
      case 'call':
        return true;
      case 'foreign':
      case 'runtime':
        if (other.kind === 'foreign' && !other.pure) return true;
        return opArgs(other).some(
          (v) => isRef(this.values.type(v)) && this.memory.reachable(this.memory.classOf(v)).has(c),
        );
      default:
        return false;
    }
  }
  private inVariables(loop: LoopOp, slots: readonly (readonly AccumOp[])[]): Op[] {
    const number = () => this.values.fresh({ type: NUMBER });
    const [zero, params] = [number(), slots.map(number)];
    const sums = [...params];
    const ops = loop.body.ops.map((op): Op => {
      const k = slots.findIndex((list) => list.includes(op as AccumOp));
      if (k < 0) return op;
      const add: Op = {
        kind: 'scalar',
        fn: 'add',
        args: [sums[k], (op as AccumOp).value],
        results: [number()],
        span: op.span,
      };
      sums[k] = add.results[0];
      return add;
    });
    const results = slots.map(number);
    const summing = carrying(loop, { inits: slots.map(() => zero), params, next: sums, results }, ops);
    const added = slots.flatMap(([first], k) => this.added({ ...first, value: results[k] }, zero));
    return [{ kind: 'const', value: 0, results: [zero] }, summing, ...added];
  }
  /** Adds a sum to its slot: what a loop without trips would not have asked for may not be there. */
  private added(op: AccumOp, zero: ValueId): Op[] {
    const by = this.accesses.originOf(op.ref)?.op;
    const isMade =
      by?.kind === 'alloc' || by?.kind === 'literal' || (by?.kind === 'runtime' && by.effect === 'fresh');
    if (isMade || (by === undefined && this.values.type(op.ref).kind !== 'maybe')) return [op];
    const cond = this.values.fresh({ type: BOOLEAN });
    const arm = (ops: readonly Op[]): Region => ({ params: [], ops, end: { kind: 'yield', args: [] } });
    return [
      { kind: 'scalar', fn: 'ne', args: [op.value, zero], results: [cond] },
      { kind: 'if', cond, then: arm([op]), else: arm([]), results: [] },
    ];
  }
}

function isInnermost(loop: LoopOp): boolean {
  let isIt = true;
  walkOps(loop.body, (op) => void (isIt &&= op.kind !== 'loop'));
  return isIt;
}
