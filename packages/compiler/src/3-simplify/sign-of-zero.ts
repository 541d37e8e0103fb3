/**
 * **Question**: does it matter to a region whether a value is 0 or -0? **Needs**: the region that the value is visible in.
 * **Method**: what is made of it by arithmetic is followed to what tells the two apart: a division by it, a power, memory, a function
 * of which nothing is said here. What the region itself yields is not followed: the value is meant to be computed again within one trip.
 */
import type { LoopOp, Op, Region, ScalarOp, ValueId } from '../ir/nodes.js';
import { endArgs, opArgs, opRegions } from '../ir/visit.js';
import { BITWISE, ROUNDING } from './integers.js';

/** The same for both. */
const BLIND: ReadonlySet<string> = new Set([
  ...['lt', 'le', 'gt', 'ge', 'eq', 'ne', 'looseEq', 'looseNe', 'not', 'and', 'or'],
  ...['abs', 'exp', 'cos', 'cosh', ...BITWISE],
]);
/** Something else than a zero is the same for both, and so are the derivatives. */
const HANDS_ON: ReadonlySet<string> = new Set([
  ...['add', 'sub', 'mul', 'neg', 'min', 'max', 'rem', 'select', 'sin', 'tan', ...ROUNDING],
]);

/** `isPlain`: whether a value is surely not -0. */
export function tellsZeros(region: Region, v: ValueId, isPlain: (v: ValueId) => boolean): boolean {
  return new Zeros(v, isPlain).tells(region);
}

class Zeros {
  /** What may be 0 in place of -0. */
  private readonly signed: Set<ValueId>;
  private readonly isSigned = (v: ValueId): boolean => this.signed.has(v);

  constructor(
    v: ValueId,
    private readonly isPlain: (v: ValueId) => boolean,
  ) {
    this.signed = new Set([v]);
  }

  tells({ ops }: Region): boolean {
    return ops.some((op) => this.tellsIn(op));
  }
  private tellsIn(op: Op): boolean {
    if (op.kind === 'scalar') return this.scalar(op);
    if (op.kind === 'loop') return this.loop(op);
    const regions = opRegions(op);
    if (regions.length === 0) return opArgs(op).some((a) => this.isSigned(a) && !isPlace(op, a));
    const inside = regions.some((r) => this.tells(r));
    if (regions.some((r) => this.handsOut(r))) this.mark(op.results);
    return inside;
  }
  private scalar({ fn, args, results }: ScalarOp): boolean {
    if (BLIND.has(fn) || !args.some(this.isSigned)) return false;
    const isDividend = fn === 'div' && !this.isSigned(args[1]);
    if (!isDividend && !HANDS_ON.has(fn)) return true;
    if (!this.isLost(fn, args)) this.mark(results);
    return false;
  }
  /** -0 + x is another number than 0 + x for x = -0 only, x - -0 than x - 0 likewise. */
  private isLost(fn: string, [a, b]: readonly ValueId[]): boolean {
    const isPlain = (v: ValueId): boolean => !this.isSigned(v) && this.isPlain(v);
    return (fn === 'add' && (isPlain(a) || isPlain(b))) || (fn === 'sub' && isPlain(a));
  }
  private loop(op: LoopOp): boolean {
    const [iv, ...carried] = op.body.params;
    if (this.isSigned(op.lo)) this.mark([iv]);
    const markAll = (): void => this.mark([...carried, ...op.results]);
    if (op.inits.some(this.isSigned)) markAll();
    const inside = this.tells(op.body);
    if (inside || !this.handsOut(op.body) || carried.every(this.isSigned)) return inside;
    markAll();
    return this.tells(op.body);
  }
  private handsOut(r: Region): boolean {
    return (
      endArgs(r.end).some(this.isSigned) || r.ops.some((op) => opRegions(op).some((x) => this.handsOut(x)))
    );
  }
  private mark(values: readonly ValueId[]): void {
    for (const v of values) this.signed.add(v);
  }
}
/** Whether a value is only the place of an operation on a slot, or asked for as one. */
const isPlace = (op: Op, v: ValueId): boolean =>
  (op.kind === 'foreign' && op.gapTest === true) ||
  ('at' in op && 'index' in op.at && op.at.index === v && !('value' in op && op.value === v));
