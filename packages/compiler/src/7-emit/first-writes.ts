/**
 * **Question**: which sums are added to an element that nothing has been added to yet? **Needs**: the code of one derivative, ready to
 * be emitted. **Guarantees**: the same numbers, up to the sign of zero. **Method**: a loop that goes through a new array in one
 * direction meets each element first by the access that is ahead of all others in it, at `i + c` with the greatest `c` (the least, if
 * it goes down). Where that adds, it may as well store. If it comes to all elements but a few, the array that the caller gives
 * need not be set to zero before, but for those.
 */
import { Builder } from '../5-differentiate/builder.js';
import { isNeverLeft, leavingExits } from '../ir/exits.js';
import type {
  AccessOp,
  Func,
  LoopOp,
  Op,
  Region,
  RuntimeOp,
  ScalarOp,
  ValueId,
  ValueTable,
} from '../ir/nodes.js';
import { endArgs, isAccess, mapRegions, mentions, opArgs, opRegions, walkOps } from '../ir/visit.js';

/** So many elements may be left to be set to zero one by one. */
const FEW = 2;

export function withFirstWrites(func: Func, values: ValueTable): Func {
  return new FirstWrites(func, values).func();
}

/** `base + offset`, where `base` is a value or zero. */
interface Sum {
  readonly base: ValueId | undefined;
  readonly offset: number;
}
/** A loop of which one addition became a store: at `i + offset`. */
interface Written {
  readonly loop: LoopOp;
  readonly offset: number;
}

class FirstWrites {
  private readonly constants = new Map<ValueId, number>();
  private readonly sums = new Map<ValueId, ScalarOp>();
  /** The array of which a value is the length. */
  private readonly lengths = new Map<ValueId, ValueId>();

  constructor(
    private readonly f: Func,
    private readonly values: ValueTable,
  ) {
    walkOps(f.body, (op) => {
      const [result] = op.results;
      if (op.kind === 'const' && typeof op.value === 'number' && !op.poison)
        this.constants.set(result, op.value);
      if (op.kind === 'scalar' && (op.fn === 'add' || op.fn === 'sub')) this.sums.set(result, op);
      if (op.kind === 'length') this.lengths.set(result, op.ref);
    });
  }
  func(): Func {
    return { ...this.f, body: this.region(this.f.body) };
  }

  private readonly region = (r: Region): Region => {
    const ops = r.ops.map((op) => mapRegions(op, this.region));
    for (let at = 0; at < ops.length; at++) {
      const ref = clearedBy(ops[at]);
      const next = ref === undefined ? -1 : ops.findIndex((op, k) => k > at && mentions(op, ref, isLength));
      const loop = ops[next];
      const written = loop?.kind === 'loop' ? this.written(loop, ref!) : undefined;
      if (!written) continue;
      ops[next] = written.loop;
      const rest = this.elementsLeft(ops[at], written);
      if (!rest || ops.slice(at, next).some((op) => leavingExits(op).length > 0)) continue;
      ops[at] = { ...(ops[at] as RuntimeOp), name: 'checkOut' };
      ops.splice(next, 0, ...this.zeros(ref!, rest));
    }
    return { ...r, ops };
  };

  /** The loop with the first write to each element as a store, if it has one. */
  private written(loop: LoopOp, ref: ValueId): Written | undefined {
    if (!isNeverLeft(loop)) return undefined;
    const found: { readonly op: AccessOp; readonly offset: number }[] = [];
    const [iv] = loop.body.params;
    const visit = ({ ops, end }: Region): boolean =>
      !endArgs(end).includes(ref) &&
      ops.every((op) => {
        if (!isAccess(op) || op.ref !== ref) return !opArgs(op).includes(ref) && opRegions(op).every(visit);
        const at = 'index' in op.at ? this.sum(op.at.index, iv) : undefined;
        if (at?.base !== iv || (op.kind !== 'load' && op.value === ref)) return false;
        found.push({ op, offset: at.offset });
        return true;
      });
    if (!visit(loop.body) || found.length === 0) return undefined;
    const offsets = found.map((a) => a.offset);
    const offset = loop.step > 0 ? Math.max(...offsets) : Math.min(...offsets);
    const first = found.find((a) => a.offset === offset)!.op;
    const k = loop.body.ops.indexOf(first);
    if (k < 0 || first.kind !== 'accum' || first.guarded) return undefined;
    const ops = loop.body.ops.with(k, { ...first, kind: 'store' });
    return { loop: { ...loop, body: { ...loop.body, ops } }, offset };
  }

  /** Which elements such a loop never stores first: so many at the beginning of the array that the caller gives, and at its end. */
  private elementsLeft(clears: Op, { loop, offset }: Written): { first: number; last: number } | undefined {
    if (clears.kind !== 'runtime' || clears.name !== 'zeroOut' || Math.abs(loop.step) !== 1) return undefined;
    const bound = loop.inclusive ? 0 : -loop.step;
    const [lo, hi] = [this.sum(loop.lo), this.sum(loop.hi)];
    const [low, high] = loop.step > 0 ? [lo, hi] : [hi, lo];
    const isLength = high.base !== undefined && clears.args.includes(this.lengths.get(high.base)!);
    if (low.base !== undefined || !Number.isInteger(low.offset) || !isLength) return undefined;
    const first = Math.max(0, low.offset + offset + (loop.step > 0 ? 0 : bound));
    const last = Math.max(0, -1 - (high.offset + offset + (loop.step > 0 ? bound : 0)));
    return first + last <= FEW ? { first, last } : undefined;
  }
  private zeros(ref: ValueId, { first, last }: { first: number; last: number }): Op[] {
    if (first + last === 0) return [];
    const b = new Builder(this.values);
    const value = b.num(0);
    const store = (index: ValueId): void => b.emit({ kind: 'store', ref, at: { index }, value, results: [] });
    for (let k = 0; k < first; k++) store(k === 0 ? value : b.num(k));
    const length = last > 0 ? b.length(ref) : undefined;
    for (let k = 1; k <= last; k++) store(b.scalar('sub', length!, b.num(k)));
    return b.ops;
  }

  /** A value as another one and a whole number; `stop` is not taken apart. */
  private sum(v: ValueId, stop?: ValueId): Sum {
    const constant = this.constants.get(v);
    if (constant !== undefined) return { base: undefined, offset: constant };
    const op = v === stop ? undefined : this.sums.get(v);
    if (!op) return { base: v, offset: 0 };
    const [a, b] = op.args;
    const [x, y] = [a, b].map((arg) => this.constants.get(arg));
    if (Number.isInteger(y)) return { base: a, offset: op.fn === 'add' ? y! : -y! };
    if (Number.isInteger(x) && op.fn === 'add') return { base: b, offset: x! };
    return { base: v, offset: 0 };
  }
}

const isLength = (op: Op): boolean => op.kind === 'length';

/** An array that is zero behind an operation, and has no other name. */
function clearedBy(op: Op): ValueId | undefined {
  if (op.kind === 'alloc' && op.type.storage === 'f64' && op.fill === undefined) return op.results[0];
  if (op.kind !== 'runtime') return undefined;
  return op.name === 'zeroOut' ? op.args[0] : op.name === 'slotShadow' ? op.results[0] : undefined;
}
