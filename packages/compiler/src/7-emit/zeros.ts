/**
 * **Question**: may a value be -0, and does it matter whether it is? **Guarantees**: where the answer is no, 0 can stand for it.
 * **Method**: a sum is -0 only where both its terms are; a value is followed to where it is read. As an index, in comparisons and in
 * operations on bits both zeros are one.
 */
import type { Func, LabelId, Op, Region, ScalarOp, ValueId } from '../ir/nodes.js';
import { endArgs, opArgs, opRegions } from '../ir/visit.js';

/** Operations that take both zeros for one. */
const ALIKE = new Set(
  `lt le gt ge eq ne looseEq looseNe isNullish truthy not bitand bitor bitxor bitnot shl shr ushr imul clz32`.split(
    ' ',
  ),
);
/** Operations whose result is never -0. */
const NEVER_NEGATIVE = new Set('bitand bitor bitxor bitnot shl shr ushr imul clz32 abs'.split(' '));
/** Operations whose result tells the zeros apart at most as their arguments do. */
const FOLLOWED = new Set('add sub mul neg plus'.split(' '));

export class Zeros {
  /** What a value is read by: an operation, or where it goes on under another name. */
  private readonly readers = new Map<ValueId, Op[]>();
  private readonly names = new Map<ValueId, ValueId[]>();
  /** Values that leave the function, or go somewhere else. */
  private readonly lost = new Set<ValueId>();
  private readonly definitions = new Map<ValueId, Op>();
  /** What comes to the results of operations with regions, and to the parameters of loops. */
  private readonly sources = new Map<ValueId, ValueId[]>();
  private readonly results = new Map<LabelId, readonly ValueId[]>();

  constructor(func: Func) {
    this.region(func.body);
    for (const v of endArgs(func.body.end)) this.lost.add(v);
  }

  private region({ ops }: Region): void {
    for (const op of ops) this.note(op);
  }
  private note(op: Op): void {
    for (const r of op.results) this.definitions.set(r, op);
    for (const v of opArgs(op)) this.readers.set(v, [...(this.readers.get(v) ?? []), op]);
    if (op.kind === 'loop' || op.kind === 'block') this.results.set(op.label, op.results);
    if (op.kind === 'loop') {
      const [iv, ...params] = op.body.params;
      this.rename(op.lo, iv);
      op.inits.forEach((init, k) => {
        this.rename(init, params[k]);
        this.rename(init, op.results[k]);
      });
      op.extras.forEach((v, k) => void this.rename(v === 'lastIv' ? iv : v, op.results[op.inits.length + k]));
    }
    for (const r of opRegions(op)) {
      this.region(r);
      const { end } = r;
      if (end.kind === 'yield') {
        const params = op.kind === 'loop' ? op.body.params.slice(1) : [];
        end.args.forEach((v, k) => {
          for (const to of [op.results[k], params[k]]) if (to !== undefined) this.rename(v, to);
        });
      } else if (end.kind === 'exit') {
        const to = this.results.get(end.target) ?? [];
        end.args.forEach((v, k) => {
          if (to[k] === undefined) this.lost.add(v);
          else this.rename(v, to[k]);
        });
      } else for (const v of endArgs(end)) this.lost.add(v);
    }
  }
  private rename(from: ValueId, to: ValueId): void {
    this.names.set(from, [...(this.names.get(from) ?? []), to]);
    this.sources.set(to, [...(this.sources.get(to) ?? []), from]);
  }

  mayBeNegative(v: ValueId): boolean {
    this.negative ??= this.findNegative();
    return this.negative.has(v) || !this.isKnown(v);
  }
  private negative: ReadonlySet<ValueId> | undefined;
  /** The least set that the rules are true of: what a loop carries is -0 only if it begins so, or a trip makes it so. */
  private findNegative(): ReadonlySet<ValueId> {
    const found = new Set<ValueId>();
    const may = (v: ValueId): boolean => found.has(v) || !this.isKnown(v);
    const all = new Set([...this.definitions.keys(), ...this.sources.keys()]);
    for (let before = -1; before !== found.size; ) {
      before = found.size;
      for (const v of all) if (!found.has(v) && this.comesOf(v, may)) found.add(v);
    }
    return found;
  }
  private comesOf(v: ValueId, may: (x: ValueId) => boolean): boolean {
    const sources = this.sources.get(v);
    if (sources) return sources.some(may);
    const op = this.definitions.get(v);
    if (op?.kind === 'const') return Object.is(op.value, -0);
    if (op?.kind === 'length') return false;
    if (op?.kind !== 'scalar') return true;
    if (NEVER_NEGATIVE.has(op.fn)) return false;
    return op.fn === 'add' ? op.args.every(may) : true;
  }
  private isKnown(v: ValueId): boolean {
    return this.definitions.has(v) || this.sources.has(v);
  }

  /** Whether it shows somewhere which zero a value is. */
  shows(v: ValueId): boolean {
    const seen = new Set<ValueId>();
    const open = [v];
    for (let x = open.pop(); x !== undefined; x = open.pop()) {
      if (seen.has(x)) continue;
      seen.add(x);
      if (this.lost.has(x)) return true;
      open.push(...(this.names.get(x) ?? []));
      for (const op of this.readers.get(x) ?? [])
        if (op.kind === 'scalar' && FOLLOWED.has(op.fn)) {
          if (!this.isAbsorbed(op, x)) open.push(op.results[0]);
        } else if (op.kind === 'store' && op.value === x) {
          const loaded = this.loadsOf(op.ref);
          if (!loaded) return true;
          open.push(...loaded);
        } else if (!isAlike(op, x)) return true;
    }
    return false;
  }
  /** What is read of an array of numbers that is made here and given to nobody. */
  private loadsOf(ref: ValueId): readonly ValueId[] | undefined {
    if (this.definitions.get(ref)?.kind !== 'alloc' || this.names.has(ref) || this.lost.has(ref))
      return undefined;
    const found: ValueId[] = [];
    for (const op of this.readers.get(ref) ?? []) {
      if (op.kind === 'load') found.push(...op.results);
      else if (op.kind !== 'store' || op.value === ref) return undefined;
    }
    return found;
  }
  /** A sum with what is not zero, or not -0, is the same with both zeros. */
  private isAbsorbed({ fn, args: [a, b] }: ScalarOp, v: ValueId): boolean {
    const isOther = (x: ValueId): boolean => x !== v && !this.mayBeNegative(x);
    if (fn === 'add') return isOther(a === v ? b : a);
    if (fn !== 'sub') return false;
    const c = this.definitions.get(b);
    return b === v ? isOther(a) : c?.kind === 'const' && typeof c.value === 'number' && c.value !== 0;
  }
}

/** Whether an operation that reads a value does the same with both zeros, but for what is another name of it. */
function isAlike(op: Op, v: ValueId): boolean {
  switch (op.kind) {
    case 'scalar':
      return ALIKE.has(op.fn);
    case 'load':
      return true;
    case 'store':
      return true;
    case 'accum':
      return op.value !== v;
    case 'alloc':
      return op.fill !== v;
    case 'resize':
    case 'if':
      return true;
    case 'loop':
      return op.checkpoint === undefined;
    default:
      return false;
  }
}
