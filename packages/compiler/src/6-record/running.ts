/**
 * **Question**: which carried values of a loop are known from their first value and the number of trips? **Guarantees**: the
 * same bits. **Method**: a value that each trip changes by one integer constant is `first + trips * step`, which is what
 * repeated addition gives as long as all sums are safe integers: no rounding. Where the first value is a small constant or a
 * length they are, since no loop runs long enough for others; elsewhere the helper `advance` asks, and else adds again and
 * again. That could take long for a start like 0.1, so that only what looks like an index is found this way.
 */

import { Builder } from '../5-differentiate/builder.js';
import { targets } from '../ir/exits.js';
import type { LoopOp, Op, Region, ValueId, ValueTable } from '../ir/nodes.js';
import { NUMBER } from '../ir/nodes.js';
import { walkOps } from '../ir/visit.js';
import type { Places } from './places.js';

/** A carried value that each trip changes by `step`. */
export interface Running {
  readonly loop: LoopOp;
  readonly first: ValueId;
  readonly step: number;
  /** All its values are surely safe integers. */
  readonly exact: boolean;
}

/** Steps by which no loop comes to an integer that is not safe. */
const LARGEST_STEP = 256;
const LARGEST_START = 2 ** 31;
const LARGEST_SUM = 2 ** 52;

/** How the value of a trip is computed again. */
export class RunningIndices {
  private readonly found = new Map<ValueId, Running>();

  constructor(
    private readonly places: Places,
    private readonly values: ValueTable,
    forward: Region,
    /** Helpers of the runtime may be called: nothing differentiates the code again. */
    helpers: boolean,
  ) {
    const indices = this.indices(forward);
    walkOps(forward, (op) => {
      if (op.kind !== 'loop') return;
      op.inits.forEach((_, k) => {
        const running = this.running(op, k);
        if (running && (running.exact || (helpers && indices.has(op.body.params[k + 1]))))
          this.found.set(op.body.params[k + 1], running);
      });
    });
  }

  of(v: ValueId): Running | undefined {
    return this.found.get(v);
  }
  /** What computing the value of a trip again reads; the induction variable is at hand. */
  args({ loop, first }: Running): readonly ValueId[] {
    return [first, loop.lo];
  }
  cost({ exact }: Running): number {
    return exact ? 0.6 : 2;
  }

  /** The operations that compute it, and their result; `value` tells under which name a value is visible. */
  again(v: ValueId, value: (v: ValueId) => ValueId): { ops: Op[]; result: ValueId } {
    const { loop, first, step, exact } = this.found.get(v)!;
    const b = new Builder(this.values);
    const start = value(first);
    const distance = b.scalar('sub', value(loop.body.params[0]), value(loop.lo));
    const sum = () => b.scalar('add', start, changeAfter(b, distance, loop.step, step));
    const result = exact ? sum() : this.values.like(v);
    if (!exact) {
      const cond = isSafeStart(b, start);
      const slow = () => {
        const times = changeAfter(b, distance, loop.step, 1);
        return b.runtime('advance', [start, times], [String(step)], 'pure', NUMBER);
      };
      b.emit({ kind: 'if', cond, then: arm(b, sum), else: arm(b, slow), results: [result] });
    }
    const { name } = this.values.get(v);
    if (name !== undefined) this.values.setName(result, name);
    return { ops: b.ops, result };
  }

  private running(loop: LoopOp, k: number): Running | undefined {
    const { end } = loop.body;
    const by = end.kind === 'yield' ? this.places.originOf(end.args[k])?.op : undefined;
    if (by?.kind !== 'scalar' || (by.fn !== 'add' && by.fn !== 'sub')) return undefined;
    const param = loop.body.params[k + 1];
    const [a, b] = by.args;
    const other = a === param ? b : by.fn === 'add' && b === param ? a : undefined;
    const step = other === undefined ? undefined : this.constant(other);
    if (step === undefined || !Number.isInteger(step) || Math.abs(step) > LARGEST_STEP) return undefined;
    const first = loop.inits[k];
    return { loop, first, step: by.fn === 'sub' ? -step : step, exact: this.isSmall(first) };
  }
  private constant(v: ValueId): number | undefined {
    const op = this.places.originOf(v)?.op;
    return op?.kind === 'const' && typeof op.value === 'number' && !op.poison ? op.value : undefined;
  }
  /** Whether a value starts from a small one, and only small steps and sums of trips are added to it. */
  private isSmall(v: ValueId, assumed: ReadonlySet<ValueId> = new Set()): boolean {
    if (assumed.has(v)) return true;
    const d = this.places.originOf(v);
    if (d?.op?.kind === 'loop' && !d.isIv) {
      const { body, inits, results, label } = d.op;
      const k = Math.max(body.params.indexOf(v) - 1, results.indexOf(v));
      if (k >= inits.length || targets(body, label) || body.end.kind !== 'yield') return false;
      const inside = new Set([...assumed, v, body.params[k + 1]]);
      return this.isSmall(inits[k], assumed) && this.isSmall(body.end.args[k], inside);
    }
    if (d?.op?.kind === 'scalar' && (d.op.fn === 'add' || d.op.fn === 'sub')) {
      const [a, b] = d.op.args;
      const isStep = (x: ValueId) =>
        Number.isInteger(this.constant(x)) && Math.abs(this.constant(x)!) <= LARGEST_STEP;
      return (
        (isStep(b) && this.isSmall(a, assumed)) ||
        (d.op.fn === 'add' && isStep(a) && this.isSmall(b, assumed))
      );
    }
    const c = this.constant(v);
    if (c !== undefined) return Number.isInteger(c) && Math.abs(c) <= LARGEST_START && !Object.is(c, -0);
    return this.places.originOf(v)?.op?.kind === 'length';
  }

  /** Values of which the places of elements are made. */
  private indices(forward: Region): ReadonlySet<ValueId> {
    const found = new Set<ValueId>();
    const queue: ValueId[] = [];
    const note = (v: ValueId) => {
      if (!found.has(v)) queue.push(v);
      found.add(v);
    };
    walkOps(forward, (op) => {
      if ((op.kind === 'load' || op.kind === 'store') && 'index' in op.at) note(op.at.index);
    });
    for (const v of queue) {
      const op = this.places.originOf(v)?.op;
      if (op?.kind === 'scalar' && (op.fn === 'add' || op.fn === 'sub')) op.args.forEach(note);
    }
    return found;
  }
}

/** What `step` in each trip comes to where the induction variable, which changes by `by`, is so far from its start. */
function changeAfter(b: Builder, distance: ValueId, by: number, step: number): ValueId {
  if (step === by) return distance;
  if (step === -by) return b.scalar('neg', distance);
  if (step % by === 0) return b.scalar('mul', distance, b.num(step / by));
  const trips = b.scalar('div', distance, b.num(by));
  return step === 1 ? trips : b.scalar('mul', trips, b.num(step));
}

/** An integer from which no loop comes to one that is not safe. Steps of zero would make zero of its negative. */
function isSafeStart(b: Builder, start: ValueId): ValueId {
  const whole = b.scalar('eq', b.scalar('floor', start), start);
  const small = b.scalar('lt', b.scalar('abs', start), b.num(LARGEST_SUM));
  const infinite = b.num(Number.NEGATIVE_INFINITY);
  const notMinusZero = b.scalar('ne', b.scalar('div', b.num(1), start), infinite);
  return b.scalar('and', b.scalar('and', whole, small), notMinusZero);
}

const arm = (b: Builder, make: () => ValueId): Region =>
  b.region([], () => ({ kind: 'yield', args: [make()] }));
