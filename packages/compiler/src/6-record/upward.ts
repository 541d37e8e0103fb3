/**
 * **Question**: which reverse loops may run in the order of their loop? **Needs**: trips that only add, to what none of them reads.
 * **Guarantees**: cotangents are the same to the order of sums. **Method**: backwards, a carried value that the reverse of a trip
 * reads must be stored, or known from the number of the trip. In the loop's own order it is computed again as it was, from
 * the same first value: a power of a polynomial, the index of a packed matrix.
 */
import type { Memory } from '../3-simplify/memory.js';
import { carrying } from '../ir/carry.js';
import { Cloner } from '../ir/clone.js';
import { isNeverLeft } from '../ir/exits.js';
import type { LoopOp, Op, ValueId, ValueTable } from '../ir/nodes.js';
import { endArgs, opArgs, valuesRead, walkOps } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import { isSum, isUnchanged } from './carried.js';
import { type BothSweeps, replacePairs } from './pairs.js';
import type { Places } from './places.js';
import type { RunningIndices } from './running.js';
import { renamed } from './surroundings.js';
import { insideOf, Touches } from './touches.js';

export interface UpwardInput extends BothSweeps {
  readonly values: ValueTable;
  /** Of both sweeps. */
  readonly memory: Memory;
  readonly places: Places;
  readonly running: RunningIndices;
  readonly isInteger: (v: ValueId) => boolean;
}

/** Computing more than this again in each trip takes as long as storing one value. */
const MOST_COST = 6;

export const runUpward = (input: UpwardInput): BothSweeps =>
  replacePairs(input, (loop, reversed) => {
    const again = new Attempt(input, loop, reversed).run();
    return again && { reverse: [again] };
  });

const ALLOWED: ReadonlySet<Op['kind']> = new Set(['const', 'scalar', 'load', 'length', 'accum', 'if']);

class Attempt {
  private readonly own: ReadonlySet<ValueId>;
  /** Operations of a trip that are done again, and carried values that are computed again, by position. */
  private readonly ops = new Set<Op>();
  private readonly carried = new Set<number>();
  private cost = 0;

  constructor(
    private readonly o: UpwardInput,
    private readonly loop: LoopOp,
    private readonly reversed: LoopOp,
  ) {
    this.own = insideOf(loop);
  }

  run(): LoopOp | undefined {
    const { loop, o } = this;
    const isPlain = [loop, this.reversed].every(isNeverLeft);
    if (!isPlain || !this.onlyAdds() || !this.read().every((v) => this.isKnownAgain(v))) return undefined;
    const pays = [...this.carried].some((k) => !o.running.of(loop.body.params[k + 1])?.exact);
    return pays && this.cost <= MOST_COST ? this.build() : undefined;
  }

  /** Whether reverse trips leave alone what others read. */
  private onlyAdds(): boolean {
    const { body, extras } = this.reversed;
    let isFine = extras.length === 0;
    walkOps(body, (op) => void (isFine &&= ALLOWED.has(op.kind)));
    isFine &&= body.params.slice(1).every((p, k) => isUnchanged(body, p, k) || isSum(body, p, k));
    if (!isFine) return false;
    const touches = new Touches(this.o.values, this.o.memory, () => undefined).of(body.ops);
    return [...touches.values()].every((done) => done.size === 1 && !done.has('write'));
  }
  /** Values of a trip of the loop that the reverse of the trip reads. */
  private read(): ValueId[] {
    const { ops, end } = this.reversed.body;
    return [...valuesRead(ops), ...endArgs(end)].filter((v) => this.own.has(v));
  }

  private isKnownAgain(v: ValueId): boolean {
    const { loop, o } = this;
    const { params, end } = loop.body;
    if (!this.own.has(v) || v === params[0]) return true;
    const k = params.indexOf(v) - 1;
    if (k >= 0) {
      if (this.carried.has(k)) return true;
      this.carried.add(k);
      return this.isKnownAgain(endArgs(end)[k]);
    }
    const op = loop.body.ops.find((x) => x.results.includes(v));
    if (op === undefined) return false;
    if (this.ops.has(op)) return true;
    this.ops.add(op);
    if (op.kind === 'load' || op.kind === 'length') {
      this.cost += 1;
      if (!o.places.stable(op)) return false;
    } else if (op.kind === 'scalar') this.cost += o.isInteger(v) ? 0.3 : scalarRule(op.fn).cost;
    else if (op.kind !== 'const' || op.poison) return false;
    return opArgs(op).every((a) => this.isKnownAgain(a));
  }

  private build(): LoopOp {
    const { loop, reversed, o } = this;
    const [iv] = reversed.body.params;
    const carried = [...this.carried];
    const [first, ...params] = loop.body.params;
    const again = carried.map((k) => o.values.like(params[k]));
    const cloner = new Cloner(
      o.values,
      new Map([[first, iv], ...carried.map((k, j) => [params[k], again[j]] as const)]),
    );
    const ops = loop.body.ops.filter((op) => this.ops.has(op)).map((op) => cloner.op(op));
    const next = carried.map((k) => cloner.value(endArgs(loop.body.end)[k]));
    const trip = renamed(reversed.body, cloner.map);
    const { lo, hi, step, inclusive } = loop;
    const inOrder = { ...reversed, lo, hi, step, inclusive, body: trip };
    const more = {
      inits: carried.map((k) => loop.inits[k]),
      params: again,
      next,
      results: again.map((v) => o.values.like(v)),
    };
    return carrying(inOrder, more, [...ops, ...trip.ops]);
  }
}
