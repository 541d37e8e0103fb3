/**
 * **Question**: which records of a trip could lie in arrays, where a place is reached without a tape? **Needs**: a function whose
 * loops run each trip forward and at once back. **Guarantees**: the reverse reads what was stored in the same trips. **Method**: loops
 * in the trip that run from a constant to a bound known before it, and are never left, push one record in each trip, and the loops
 * that mirror them pop it where their variables have the same values. So each value of a record gets an array by the
 * numbers of these trips. Whether the arrays are long enough, and short enough to be worth it, is asked with all others (`work-array.ts`).
 */
import { Builder } from '../5-differentiate/builder.js';
import { isNeverLeft } from '../ir/exits.js';
import type { Func, LoopOp, Op, Region, RestoreOp, SaveOp, ValueId, ValueTable } from '../ir/nodes.js';
import { typedArray } from '../ir/types.js';
import { mapRegions, walkOps } from '../ir/visit.js';
import type { Ranges } from './ranges.js';

/** A record that is pushed in one place, and popped in one, both in the trips of one loop. */
interface Pair {
  readonly save: SaveOp;
  readonly restore: RestoreOp;
  /** The loops around each, in the trip, from the outermost. */
  readonly loops: readonly LoopOp[];
  readonly reversed: readonly LoopOp[];
}
interface Found<T extends Op> {
  readonly op: T;
  readonly loops: readonly LoopOp[];
}

/** The function with arrays in the place of records, and these arrays; nothing if there is no such record. */
export function withKeptRecords(
  entry: Func,
  values: ValueTable,
  ranges: Ranges,
): { readonly entry: Func; readonly arrays: ReadonlySet<ValueId> } | undefined {
  const keeper = new Keeper(entry, values, ranges);
  const ops = entry.body.ops.flatMap((op) => keeper.root(op));
  if (keeper.arrays.size === 0) return undefined;
  return { entry: { ...entry, body: { ...entry.body, ops } }, arrays: keeper.arrays };
}

class Keeper {
  readonly arrays = new Set<ValueId>();
  private readonly counts = new Map<string, number>();

  constructor(
    entry: Func,
    private readonly values: ValueTable,
    private readonly ranges: Ranges,
  ) {
    walkOps(entry.body, (op) => {
      if (op.kind !== 'save' && op.kind !== 'restore') return;
      const key = keyOf(op);
      this.counts.set(key, (this.counts.get(key) ?? 0) + 1);
    });
  }

  /** An operation of the body, with the arrays that are made before it. */
  root(op: Op): readonly Op[] {
    const pairs = op.kind === 'loop' ? this.pairsOf(op) : [];
    if (pairs.length === 0) return [op];
    const b = new Builder(this.values);
    const instead = new Map<Op, readonly Op[]>();
    for (const pair of pairs) this.keep(pair, b, instead);
    const region = (r: Region): Region => ({
      ...r,
      ops: r.ops.flatMap((o) => instead.get(o) ?? [mapRegions(o, region)]),
    });
    return [...b.ops, mapRegions(op, region)];
  }

  private pairsOf(trip: LoopOp): Pair[] {
    const saves = new Map<string, Found<SaveOp>>();
    const restores = new Map<string, Found<RestoreOp>>();
    const scan = ({ ops }: Region, loops: readonly LoopOp[]): void => {
      for (const op of ops) {
        if (op.kind === 'save') saves.set(op.pair, { op, loops });
        if (op.kind === 'restore') restores.set(op.pair, { op, loops });
        if (op.kind === 'loop') scan(op.body, [...loops, op]);
      }
    };
    scan(trip.body, []);
    return [...saves].flatMap(([pair, { op: save, loops }]) => {
      const found = restores.get(pair);
      if (!found) return [];
      const { op: restore } = found;
      // a loop around both is one more whose trips run forward and at once back
      const shared = loops.filter((l, k) => found.loops[k] === l).length;
      const one = { save, restore, loops: loops.slice(shared), reversed: found.loops.slice(shared) };
      return this.isKept(one) ? [one] : [];
    });
  }
  private isKept({ save, restore, loops, reversed }: Pair): boolean {
    return (
      [save, restore].every((op) => this.counts.get(keyOf(op)) === 1) &&
      [...save.args, ...restore.results].every((v) => this.isPlain(v)) &&
      loops.length > 0 &&
      loops.length === reversed.length &&
      loops.every((l, k) => this.isCounted(l) && this.isMirror(reversed[k], l))
    );
  }
  private isPlain(v: ValueId): boolean {
    const { kind } = this.values.type(v);
    return kind === 'number' || kind === 'boolean';
  }
  private isCounted(loop: LoopOp): boolean {
    const { lo, hi, step, inclusive, checkpoint } = loop;
    const isKnown = this.constant(hi) !== undefined || this.ranges.earlyBounds(hi) !== undefined;
    const isFull = step === 1 && !inclusive && !checkpoint && isNeverLeft(loop);
    return Number.isSafeInteger(this.constant(lo)) && isKnown && isFull;
  }
  /** A loop down to where the other one begins: as many trips are popped as were pushed. */
  private isMirror(reversed: LoopOp, loop: LoopOp): boolean {
    const { hi, step, inclusive } = reversed;
    const isFull = step === -1 && inclusive && isNeverLeft(reversed);
    return isFull && this.constant(hi) === this.constant(loop.lo);
  }
  private constant(v: ValueId): number | undefined {
    return this.ranges.constantOf(v);
  }

  private keep({ save, restore, loops, reversed }: Pair, b: Builder, instead: Map<Op, readonly Op[]>): void {
    const sizes = loops.map((l) => this.tripsOf(l, b));
    const length = sizes.reduce((x, y) => b.scalar('mul', x, y));
    const arrays = save.args.map((v) => {
      const array = b.alloc(typedArray('Float64Array')!, length);
      const { name } = this.values.get(v);
      this.values.setName(array, name === undefined ? 'kept' : `${name}Kept`);
      this.arrays.add(array);
      return array;
    });
    const ahead = new Builder(this.values);
    const at = this.place(loops, sizes, ahead);
    save.args.forEach((v, k) => void ahead.store(arrays[k], { index: at }, this.asNumber(v, ahead)));
    instead.set(save, ahead.ops);
    const back = new Builder(this.values);
    const there = this.place(reversed, sizes, back);
    restore.results.forEach((v, k) => void this.read(v, arrays[k], there, back));
    instead.set(restore, back.ops);
  }

  private tripsOf({ lo, hi }: LoopOp, b: Builder): ValueId {
    const [from, to] = [lo, hi].map((v) => this.constant(v));
    if (to !== undefined) return b.num(Math.max(0, Math.ceil(to - from!)) || 0);
    return from === 0 ? hi : b.scalar('sub', hi, b.num(from!));
  }
  /** The number of a trip among those of all loops. */
  private place(loops: readonly LoopOp[], sizes: readonly ValueId[], b: Builder): ValueId {
    const numbers = loops.map(({ lo, hi, step, body }) => {
      const from = this.constant(step > 0 ? lo : hi)!;
      const [iv] = body.params;
      return from === 0 ? iv : b.scalar('sub', iv, b.num(from));
    });
    return numbers.reduce((row, column, k) => b.scalar('add', b.scalar('mul', row, sizes[k]), column));
  }

  private asNumber(v: ValueId, b: Builder): ValueId {
    return this.values.type(v).kind === 'number' ? v : b.scalar('select', v, b.num(1), b.num(0));
  }
  /** Defines `v` by what is there. */
  private read(v: ValueId, array: ValueId, index: ValueId, b: Builder): void {
    const isNumber = this.values.type(v).kind === 'number';
    const result = isNumber ? v : this.values.fresh({ type: { kind: 'number' } });
    b.emit({ kind: 'load', ref: array, at: { index }, results: [result] });
    if (!isNumber) b.emit({ kind: 'scalar', fn: 'ne', args: [result, b.num(0)], results: [v] });
  }
}

const keyOf = (op: SaveOp | RestoreOp): string => `${op.kind} ${op.tape} ${op.pair}`;
