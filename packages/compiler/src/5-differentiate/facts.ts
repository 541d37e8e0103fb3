/** Facts about references that differentiation asks for: late shadows, arrays that may grow, indices in range. */
import { IntegerFacts, RING, ROUNDING } from '../3-simplify/integers.js';
import type { Memory, MemoryClass } from '../3-simplify/memory.js';
import type { Func, Module, Op, Region, ScalarOp, ValueId } from '../ir/nodes.js';
import { isKeyed, isRef, refType } from '../ir/types.js';
import { opRegions } from '../ir/visit.js';

export interface ReferenceFacts {
  readonly late: (ref: ValueId) => boolean;
  readonly growable: (ref: ValueId) => boolean;
  readonly inRange: (ref: ValueId, index: ValueId) => boolean;
  readonly constantOf: (v: ValueId) => number | undefined;
  readonly integer: (v: ValueId) => boolean;
}

/** The two orders of a pair. */
const withSwapped = ([a, b]: readonly ValueId[]): ValueId[][] =>
  b === undefined
    ? []
    : [
        [a, b],
        [b, a],
      ];

export function analyseReferences(
  module: Module,
  memory: Memory,
  entry: Func,
  lateShadows: boolean,
): ReferenceFacts {
  const constants = new Map<ValueId, number>();
  const integers = new IntegerFacts((v) => constants.get(v));
  /** Integers, or not finite. */
  const rounded = new Set<ValueId>();
  /** Exclusive upper bounds of induction variables. */
  const below = new Map<ValueId, ValueId>();
  const definitions = new Map<ValueId, ScalarOp>();
  /** What a value is at least one below. */
  const lessThan = new Map<ValueId, ValueId>();
  const lengths = new Map<ValueId, Set<ValueId>>();
  const fixedLength = new Map<ValueId, number>();
  const members = new Map<MemoryClass, Set<ValueId>>();
  const fresh = new Set<ValueId>();
  const stores: (Op & { kind: 'store' })[] = [];
  /** Put into another object, passed on or given out: something else refers to it. */
  const shared = new Set<ValueId>();

  const isWhole = (v: ValueId): boolean => integers.has(v) || rounded.has(v);
  const isRounded = ({ fn, args }: ScalarOp): boolean => {
    const parts = fn === 'select' ? args.slice(1) : args;
    return ROUNDING.has(fn) || ((RING.has(fn) || fn === 'select') && parts.every(isWhole));
  };
  const note = (v: ValueId) => {
    if (!isRef(module.values.type(v))) return;
    const c = memory.classOf(v);
    members.set(c, (members.get(c) ?? new Set()).add(v));
  };
  const isLength = (ref: ValueId, v: ValueId) => lengths.set(ref, (lengths.get(ref) ?? new Set()).add(v));

  const visit = (op: Op): void => {
    op.results.forEach(note);
    if (op.kind === 'literal' || op.kind === 'call') for (const a of op.args) shared.add(a);
    if (op.kind === 'store') shared.add(op.value);
    if (op.kind === 'alloc' && op.fill !== undefined) shared.add(op.fill);
    switch (op.kind) {
      case 'const':
        if (typeof op.value === 'number' && !op.poison) constants.set(op.results[0], op.value);
        break;
      case 'length':
        integers.addLength(op.results[0]);
        isLength(op.ref, op.results[0]);
        break;
      case 'alloc':
        fresh.add(op.results[0]);
        // a typed array drops what is behind the point of its length
        if (op.type.storage === 'plain' || isWhole(op.length)) isLength(op.results[0], op.length);
        break;
      case 'literal':
        fresh.add(op.results[0]);
        if (op.type.kind === 'array') fixedLength.set(op.results[0], op.args.length);
        break;
      case 'scalar':
        definitions.set(op.results[0], op);
        integers.scalar(op.results[0], op.fn, op.args);
        if (isRounded(op)) rounded.add(op.results[0]);
        if (op.fn === 'sub' && (constants.get(op.args[1]) ?? 0) >= 1) lessThan.set(op.results[0], op.args[0]);
        break;
      case 'store':
        stores.push(op);
        break;
      case 'loop': {
        const [iv] = op.body.params;
        integers.add(iv);
        integers.variable(op, op.lo, op.hi);
        const bound = op.step > 0 ? (op.inclusive ? undefined : op.hi) : lessThan.get(op.lo);
        if (bound !== undefined && integers.isNatural(iv)) below.set(iv, bound);
        op.body.params.forEach(note);
        break;
      }
      default:
        break;
    }
    opRegions(op).forEach(region);
  };
  const region = (r: Region): void => {
    r.ops.forEach(visit);
  };
  for (const f of module.funcs.values()) {
    f.params.forEach(note);
    region(f.body);
  }
  const factors = (v: ValueId): readonly ValueId[] => {
    const d = definitions.get(v);
    return d?.fn === 'mul' ? d.args : [];
  };
  /** `row * n + column` of an array of `m * n` elements. */
  const inRow = (ref: ValueId, index: ValueId): boolean => {
    const sum = definitions.get(index);
    if (sum?.fn !== 'add') return false;
    return [...(lengths.get(ref) ?? [])].some((l) =>
      withSwapped(factors(l)).some(([m, n]) =>
        withSwapped(sum.args).some(
          ([row, column]) =>
            isWhole(m) &&
            isWhole(n) &&
            below.get(column) === n &&
            withSwapped(factors(row)).some(([r, of]) => of === n && below.get(r) === m),
        ),
      ),
    );
  };
  const inRange = (ref: ValueId, index: ValueId): boolean => {
    const k = constants.get(index);
    const n = fixedLength.get(ref);
    if (k !== undefined) {
      const lengthIsConstant = [...(lengths.get(ref) ?? [])].some((l) => (constants.get(l) ?? -1) > k);
      return Number.isInteger(k) && k >= 0 && ((n !== undefined && k < n) || lengthIsConstant);
    }
    const bound = below.get(index);
    if (bound === undefined) return inRow(ref, index);
    if (lengths.get(ref)?.has(bound)) return true;
    const limit = constants.get(bound);
    return (
      limit !== undefined &&
      ((n !== undefined && limit <= n) ||
        [...(lengths.get(ref) ?? [])].some((l) => (constants.get(l) ?? -1) >= limit))
    );
  };
  const growing = new Set<MemoryClass>();
  for (const op of stores) {
    const t = refType(module.values.type(op.ref));
    if (
      t?.kind === 'array' &&
      t.storage === 'plain' &&
      'index' in op.at &&
      op.inBounds !== true &&
      !inRange(op.ref, op.at.index)
    )
      growing.add(memory.classOf(op.ref));
  }
  for (const c of members.keys()) if (c.growing) growing.add(c);
  const growable = (ref: ValueId) => {
    // one kind of shadow for all arrays that a reference may reach
    return [...memory.reachable(memory.classOf(ref))].some((c) => growing.has(c));
  };
  const params = new Set(entry.params);
  const results = new Set(entry.body.end.kind === 'yield' ? entry.body.end.args : []);
  const late = (ref: ValueId): boolean => {
    const t = refType(module.values.type(ref));
    if (!lateShadows || !t || module.values.type(ref).kind === 'maybe') return false;
    const leafOnly =
      t.kind === 'array'
        ? !isRef(t.elem) && t.elem.kind !== 'maybe'
        : t.fields.every((f) => !isRef(f.type) && f.type.kind !== 'maybe');
    const c = memory.classOf(ref);
    if (isKeyed(t)) return false;
    if (!leafOnly || c.outer || growing.has(c) || results.has(ref) || shared.has(ref)) return false;
    return members.get(c)?.size === 1 && (fresh.has(ref) || params.has(ref));
  };
  return { late, growable, inRange, constantOf: (v) => constants.get(v), integer: (v) => integers.has(v) };
}
