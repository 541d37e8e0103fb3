/**
 * **Question**: whose arrays may change their length? **Guarantees**: an array of a class that is not `growing` keeps the length
 * it was made with. **Method**: a store is in bounds if its index is below the array's own length on every path to it: bounds
 * of loops and tests that were passed, carried through sums with constants. One store that is not proven makes its class grow.
 */
import type { Module, Op, Region, ValueId } from '../ir/nodes.js';
import { refType } from '../ir/types.js';
import { opRegions } from '../ir/visit.js';
import { IntegerFacts } from './integers.js';
import type { Memory } from './memory.js';

/**
 * `value <= length(ref) + offset`, or `value <= offset` without a reference. Strictly less is a little less (`LESS`): of an index
 * and a length, which are integers, it means at least one less, however many such steps there were.
 */
interface Bound {
  readonly ref: ValueId | undefined;
  readonly offset: number;
}

const MAX_DEPTH = 8;
const LESS = 2 ** -20;

export function markGrowing(module: Module, memory: Memory): void {
  for (const f of module.funcs.values()) new Prover(module, memory).region(f.body);
}

class Prover {
  private readonly definitions = new Map<ValueId, Op>();
  /** What is known to be above a value here: `value <= above + offset`. */
  private readonly above = new Map<ValueId, { readonly than: ValueId; readonly offset: number }[]>();
  private readonly nonNegative = new Set<ValueId>();
  private readonly integers = new IntegerFacts((v) => this.constant(v));
  /** Lengths that arrays were made with: values, and numbers of elements of literals. */
  private readonly made = new Map<ValueId, ValueId>();
  private readonly elements = new Map<ValueId, number>();

  constructor(
    readonly module: Module,
    readonly memory: Memory,
  ) {}

  region(r: Region): void {
    const added: ValueId[] = [];
    for (const op of r.ops) {
      for (const v of op.results) this.definitions.set(v, op);
      this.op(op);
      if (op.kind !== 'if' || op.then.end.kind === 'yield') continue;
      // what comes behind an exit is run where its condition does not hold
      this.assume(op.cond, false, added);
    }
    this.forget(added);
  }
  private forget(added: readonly ValueId[]): void {
    for (const v of [...added].reverse()) this.above.get(v)?.pop();
  }

  private op(op: Op): void {
    switch (op.kind) {
      case 'length':
        this.nonNegative.add(op.results[0]);
        this.integers.add(op.results[0]);
        break;
      case 'alloc':
        this.made.set(op.results[0], op.length);
        break;
      case 'literal':
        if (op.type.kind === 'array') this.elements.set(op.results[0], op.args.length);
        break;
      case 'scalar':
        if ((op.fn === 'add' || op.fn === 'mul') && op.args.every((a) => this.isNonNegative(a)))
          this.nonNegative.add(op.results[0]);
        if (op.fn === 'ushr' || op.fn === 'abs') this.nonNegative.add(op.results[0]);
        this.integers.scalar(op.results[0], op.fn, op.args);
        break;
      case 'resize':
        this.grows(op.ref);
        break;
      case 'store': {
        const t = refType(this.module.values.type(op.ref));
        const plain = t?.kind === 'array' && t.storage === 'plain';
        if (!plain || !('index' in op.at) || op.inBounds === true) break;
        if (this.inBounds(op.ref, op.at.index)) this.memory.inBounds.add(op);
        else this.grows(op.ref);
        break;
      }
      case 'if': {
        for (const [arm, holds] of [
          [op.then, true],
          [op.else, false],
        ] as const) {
          const added: ValueId[] = [];
          this.assume(op.cond, holds, added);
          this.region(arm);
          this.forget(added);
        }
        return;
      }
      case 'loop': {
        const [iv] = op.body.params;
        const added: ValueId[] = [];
        this.integers.add(iv);
        this.integers.assumeCarried(op, op.inits, (v) => v);
        if (op.step > 0) {
          if (this.isNonNegative(op.lo)) this.nonNegative.add(iv);
          this.push(iv, op.hi, op.inclusive ? 0 : -LESS, added);
        } else this.push(iv, op.lo, 0, added);
        this.region(op.body);
        this.forget(added);
        return;
      }
      default:
        break;
    }
    for (const r of opRegions(op)) this.region(r);
  }

  private grows(ref: ValueId): void {
    this.memory.classOf(ref).growing = true;
  }
  private push(v: ValueId, than: ValueId, offset: number, added: ValueId[]): void {
    const list = this.above.get(v) ?? [];
    list.push({ than, offset });
    this.above.set(v, list);
    added.push(v);
  }

  /** Takes a condition for true or false. */
  private assume(cond: ValueId, holds: boolean, added: ValueId[]): void {
    const d = this.definitions.get(cond);
    if (d?.kind !== 'scalar') return;
    const [a, b] = d.args;
    if (d.fn === 'not') this.assume(a, !holds, added);
    else if ((d.fn === 'and' && holds) || (d.fn === 'or' && !holds)) {
      this.assume(a, holds, added);
      this.assume(b, holds, added);
    } else if (holds && d.fn === 'lt') this.push(a, b, -LESS, added);
    else if (holds && d.fn === 'le') this.push(a, b, 0, added);
    else if (holds && d.fn === 'gt') this.push(b, a, -LESS, added);
    else if (holds && d.fn === 'ge') this.push(b, a, 0, added);
  }

  private constant(v: ValueId): number | undefined {
    const d = this.definitions.get(v);
    return d?.kind === 'const' && typeof d.value === 'number' && !d.poison ? d.value : undefined;
  }
  private isNonNegative(v: ValueId): boolean {
    return this.nonNegative.has(v) || (this.constant(v) ?? -1) >= 0;
  }

  /** Upper bounds of an index; an index that is no integer never makes an array grow. */
  private bounds(v: ValueId, depth = 0): Bound[] {
    if (depth > MAX_DEPTH) return [];
    const found: Bound[] = [];
    const k = this.constant(v);
    if (k !== undefined) found.push({ ref: undefined, offset: k });
    const atMost = (of: ValueId, by: number) => {
      for (const b of this.bounds(of, depth + 1)) found.push({ ...b, offset: b.offset + by });
    };
    const shifted = (of: ValueId, by: number) => {
      // a fraction below an integer may be rounded to it
      const round = this.integers.has(of) ? (offset: number) => offset : Math.ceil;
      for (const b of this.bounds(of, depth + 1)) found.push({ ...b, offset: round(b.offset) + by });
    };
    const d = this.definitions.get(v);
    if (d?.kind === 'length') found.push({ ref: d.ref, offset: 0 });
    if (d?.kind === 'scalar') {
      const [a, b] = d.args;
      const [ca, cb] = [this.constant(a), b === undefined ? undefined : this.constant(b)];
      if (d.fn === 'add' && cb !== undefined) shifted(a, cb);
      if (d.fn === 'add' && ca !== undefined) shifted(b, ca);
      if (d.fn === 'sub' && cb !== undefined) shifted(a, -cb);
      else if (d.fn === 'sub' && this.isNonNegative(b)) atMost(a, 0);
      if ((d.fn === 'rem' || d.fn === 'min') && cb !== undefined)
        found.push({ ref: undefined, offset: d.fn === 'rem' ? Math.abs(cb) - LESS : cb });
    }
    for (const { than, offset } of this.above.get(v) ?? []) atMost(than, offset);
    return found;
  }

  private inBounds(ref: ValueId, index: ValueId): boolean {
    const made = this.made.get(ref);
    if (made !== undefined && this.below(index, made)) return true;
    const length = made === undefined ? this.elements.get(ref) : this.constant(made);
    return this.bounds(index).some((b) => {
      if (b.ref === ref) return b.offset < 0;
      return b.ref === undefined && length !== undefined && b.offset < length;
    });
  }

  /** Whether an index is below a value, by what was passed on the way. */
  private below(index: ValueId, limit: ValueId, depth = 0): boolean {
    if (depth > MAX_DEPTH) return false;
    return (this.above.get(index) ?? []).some(
      ({ than, offset }) =>
        (than === limit && offset < 0) || (offset <= 0 && this.below(than, limit, depth + 1)),
    );
  }
}
