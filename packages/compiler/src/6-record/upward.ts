/**
 * **Question**: which reverse loops may run in the order of their loop? **Needs**: trips that only add, to what none of them reads.
 * **Guarantees**: cotangents are the same to the order of sums. **Method**: backwards, a carried value that the reverse of a trip
 * reads must be stored, or known from the number of the trip. In the loop's own order it is computed again as it was, from
 * the same first value: a power of a polynomial, the index of a packed matrix.
 */
import type { Memory } from '../3-simplify/memory.js';
import { Cloner } from '../ir/clone.js';
import { regionExits } from '../ir/exits.js';
import type { LabelId, LoopOp, Op, Region, ValueId, ValueTable } from '../ir/nodes.js';
import { endArgs, opArgs, opRegions, walkOps } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import { isSum, isUnchanged } from './carried.js';
import { replaceOps } from './paths.js';
import type { Places } from './places.js';
import type { RunningIndices } from './running.js';
import { renamed } from './surroundings.js';
import { definedBy, regionOf, Touches } from './touches.js';

export interface UpwardInput {
  readonly values: ValueTable;
  /** Of both sweeps. */
  readonly memory: Memory;
  readonly places: Places;
  readonly running: RunningIndices;
  readonly forward: Region;
  readonly reverse: readonly Op[];
  /** Forward loop -> reverse loop. */
  readonly mirror: ReadonlyMap<LabelId, LabelId>;
  readonly isInteger: (v: ValueId) => boolean;
}
export interface Upward {
  readonly reverse: readonly Op[];
  /** The loops whose reverse still runs backwards. */
  readonly mirror: ReadonlyMap<LabelId, LabelId>;
}

/** Computing more than this again in each trip takes as long as storing one value. */
const MOST_COST = 6;

export function runUpward(input: UpwardInput): Upward {
  const [forward, reverse] = [input.forward.ops, input.reverse].map(loopsIn);
  const instead = new Map<Op, readonly Op[]>();
  const mirror = new Map(input.mirror);
  for (const [label, mirrored] of input.mirror) {
    const [loop, reversed] = [forward.get(label), reverse.get(mirrored)];
    const again = loop && reversed && new Attempt(input, loop, reversed).run();
    if (!again) continue;
    instead.set(reversed, [again]);
    mirror.delete(label);
  }
  if (instead.size === 0) return input;
  return { reverse: replaceOps(regionOf(input.reverse), instead).ops, mirror };
}

function loopsIn(ops: readonly Op[]): Map<LabelId, LoopOp> {
  const found = new Map<LabelId, LoopOp>();
  walkOps(regionOf(ops), (op) => void (op.kind === 'loop' && found.set(op.label, op)));
  return found;
}

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
    this.own = new Set([...loop.body.params, ...definedBy(loop.body.ops)]);
  }

  run(): LoopOp | undefined {
    const { loop, o } = this;
    const isPlain = [loop, this.reversed].every(
      ({ body }) => regionExits(body).length === 0 && body.end.kind === 'yield',
    );
    if (!isPlain || !this.onlyAdds() || ![...this.read()].every((v) => this.isKnownAgain(v)))
      return undefined;
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
  private read(): Set<ValueId> {
    const found = new Set<ValueId>();
    const note = (v: ValueId): void => void (this.own.has(v) && found.add(v));
    const visit = (r: Region): void => {
      for (const op of r.ops) {
        opArgs(op).forEach(note);
        opRegions(op).forEach(visit);
      }
      endArgs(r.end).forEach(note);
    };
    visit(this.reversed.body);
    return found;
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
    const [iv, ...state] = reversed.body.params;
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
    return {
      ...reversed,
      lo: loop.lo,
      hi: loop.hi,
      step: loop.step,
      inclusive: loop.inclusive,
      inits: [...reversed.inits, ...carried.map((k) => loop.inits[k])],
      body: {
        params: [iv, ...state, ...again],
        ops: [...ops, ...trip.ops],
        end: { kind: 'yield', args: [...endArgs(trip.end), ...next] },
      },
      results: [...reversed.results, ...again.map((v) => o.values.like(v))],
    };
  }
}
