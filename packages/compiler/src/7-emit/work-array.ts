/**
 * **Question**: which arrays can lie in one array that is there already? **Needs**: the code of one derivative, ready to be emitted.
 * **Guarantees**: the same numbers. **Method**: arrays of doubles that the function makes once, and only reads and writes at indices
 * that are surely theirs, become ranges of the work array of the module, which the engine knows as a constant: no array to make, and
 * neither its kind nor its place is looked up in a loop. What must hold for that, if it cannot be told before, is asked for when
 * the function begins; where it does not hold, the code with arrays of their own runs.
 */
import { Builder } from '../5-differentiate/builder.js';
import {
  type AccessOp,
  type AllocOp,
  type Func,
  type Module,
  NUMBER,
  type Op,
  type Region,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { isTypedArray, typedArray } from '../ir/types.js';
import { endArgs, isAccess, mapEnd, mapOp, opArgs, opRegions, someOp, walkOps } from '../ir/visit.js';
import { withForwarding } from './forwarding.js';
import { withKeptRecords } from './kept-records.js';
import { countersOf, withNarrowed } from './narrowed.js';
import { type Bound, type Condition, keyOf, Ranges, ZERO } from './ranges.js';
import { withRebasedLoops } from './rebased.js';

/** Fewer arrays are not worth it. */
const FEWEST = 2;
/** More conditions are not worth it. */
const MOST_CONDITIONS = 16;

/** Longer arrays of records are not made for a call: the tape is there already. */
const LONGEST_KEPT: Bound = { kind: 'constant', value: 2 ** 16 };

/** Helpers that call no function of the user's. */
const CLOSED = new Set([
  'advance',
  'checkApart',
  'checkKind',
  'checkNumber',
  'checkOut',
  'inKeyOrder',
  'reverseOfTrip',
  'reverseSweep',
  'slotShadow',
  'toNumbers',
  'writeGradient',
  'writeGradients',
  'zeroOut',
]);
/** Of these, what may be done again by the other code. */
const CHECKS = new Set(['checkApart', 'checkKind', 'checkNumber', 'checkOut', 'zeroOut']);

/** Of these, what reads nothing that the caller has given but typed arrays. */
const SILENT = new Set(['advance', 'checkOut', 'reverseOfTrip', 'reverseSweep', 'toNumbers', 'zeroOut']);

/** An array that nothing but reads and writes of its elements knows. */
interface Candidate {
  readonly alloc: AllocOp;
  readonly accesses: readonly AccessOp[];
  /** It is accessed in a loop in a loop. */
  readonly isInner: boolean;
}
interface Needs {
  readonly whole: ReadonlySet<ValueId>;
  readonly conditions: readonly Condition[];
}

/** The code with a work array; `asks`: where its conditions do not hold, it hands over to that with arrays of their own. */
export interface WithWorkArray {
  readonly module: Module;
  readonly entry: Func;
  readonly asks: boolean;
}

/** `simplified`: the module with another entry. */
export function withWorkArray(
  module: Module,
  entry: Func,
  simplified: (entry: Func) => Module,
): WithWorkArray | undefined {
  const funcs = [...module.funcs.values()];
  // a function that calls itself calls another copy of it
  if (!funcs.every(isClosed)) return undefined;
  const kept = withKeptRecords(entry, module.values, rangesOf(entry, module.values));
  if (kept && areWorthIt(candidatesOf(kept.entry))) {
    const simpler = simplified(kept.entry);
    const packed = packedInto(simpler, simpler.funcs.get(entry.key)!, kept.arrays);
    if (packed) return packed;
  }
  return packedInto(module, entry, new Set());
}
const rangesOf = (entry: Func, values: ValueTable, filled?: ReadonlySet<ValueId>): Ranges =>
  new Ranges(entry, values, (ref) => entry.params.includes(ref) && isTypedArray(values.type(ref)), filled);

/** `kept`: arrays that have to be in the work array, and need not be cleared. */
function packedInto(module: Module, entry: Func, kept: ReadonlySet<ValueId>): WithWorkArray | undefined {
  const { values } = module;
  const funcs = [...module.funcs.values()];
  const candidates = candidatesOf(entry);
  if (!areWorthIt(candidates)) return undefined;
  const ranges = rangesOf(entry, values, kept);
  const isKept = ({ alloc }: Candidate) => kept.has(alloc.results[0]);
  const fitting = new Map<Candidate, Needs>();
  for (const c of candidates) {
    const needs = needsOf(c, ranges, isKept(c));
    if (needs) fitting.set(c, needs);
    else if (isKept(c)) return undefined;
  }
  if (!areWorthIt([...fitting.keys()])) return undefined;
  const needs: Needs = {
    whole: new Set([...fitting.values()].flatMap((n) => [...n.whole])),
    conditions: distinct([...fitting.values()].flatMap((n) => n.conditions)),
  };
  if (countOf(needs) > MOST_CONDITIONS) return undefined;
  const counters = withCounters(entry, ranges, needs);
  const others = funcs.filter((f) => f !== entry);
  const isLoud = (list: readonly Op[]): boolean =>
    mayRunAccessors(list, values) || others.some((f) => mayRunAccessors(f.body.ops, values));
  const list = [...fitting.keys()];
  const cleared = list.filter((c) => !isKept(c));
  const layout = new Layout(values, ranges, [...cleared, ...list.filter(isKept)], cleared.length, isLoud);
  const narrowed = withNarrowed(entry, counters.params, ranges, values);
  const changed = withRebasedLoops(layout.entry(narrowed, counters.needs), layout.starts(), ranges, values);
  const all = new Map([...module.funcs, [entry.key, changed]]);
  return { module: { ...module, funcs: all }, entry: changed, asks: countOf(counters.needs) > 0 };
}

const countOf = ({ whole, conditions }: Needs): number => whole.size + conditions.length;

/** The counters that are asked for too, as long as there are not too many conditions. */
function withCounters(
  entry: Func,
  ranges: Ranges,
  needs: Needs,
): { readonly params: ReadonlySet<ValueId>; readonly needs: Needs } {
  const params = new Set<ValueId>();
  for (const { param, whole, conditions } of countersOf(entry, ranges)) {
    const open = openOf(conditions, ranges);
    const more = open && {
      whole: new Set([...needs.whole, ...whole]),
      conditions: distinct([...needs.conditions, ...open]),
    };
    if (!more || countOf(more) > MOST_CONDITIONS) continue;
    params.add(param);
    needs = more;
  }
  return { params, needs };
}

const areWorthIt = (list: readonly Candidate[]): boolean => list.filter((c) => c.isInner).length >= FEWEST;

function isClosed(f: Func): boolean {
  let is = true;
  walkOps(f.body, (op) => {
    if (op.kind === 'runtime') is &&= CLOSED.has(op.name);
    // a field may have a getter
    else if (op.kind === 'load') is &&= 'index' in op.at;
    else is &&= op.kind !== 'foreign';
  });
  return is;
}
/** Elements of plain arrays that were given may have getters, or come of a `Proxy`: they may run derivatives. */
function mayRunAccessors(ops: readonly Op[], values: ValueTable): boolean {
  const own = new Set<ValueId>();
  const may = (op: Op): boolean => {
    if (op.kind === 'alloc' || op.kind === 'literal') own.add(op.results[0]);
    const isLoud =
      op.kind === 'runtime'
        ? !SILENT.has(op.name)
        : 'ref' in op && !own.has(op.ref) && !isTypedArray(values.type(op.ref));
    return isLoud || opRegions(op).some((r) => r.ops.some(may));
  };
  return ops.some(may);
}

/** Arrays that are made once, when the function is called. */
function candidatesOf(entry: Func): Candidate[] {
  const isDoubles = (op: Op): op is AllocOp =>
    op.kind === 'alloc' && op.fill === undefined && op.type.storage === 'f64';
  const allocs = entry.body.ops.filter(isDoubles);
  const accesses = new Map(allocs.map((op) => [op.results[0], [] as AccessOp[]]));
  const inner = new Set<ValueId>();
  const visit = ({ ops, end }: Region, depth: number): void => {
    for (const op of ops) {
      if (isAccess(op)) accesses.get(op.ref)?.push(op);
      if (isAccess(op) && depth > 1) inner.add(op.ref);
      const others = isAccess(op) ? opArgs(op).slice(1) : op.kind === 'length' ? [] : opArgs(op);
      for (const v of others) accesses.delete(v);
      for (const r of opRegions(op)) visit(r, op.kind === 'loop' ? depth + 1 : depth);
    }
    for (const v of endArgs(end)) accesses.delete(v);
  };
  visit(entry.body, 0);
  return allocs.flatMap((alloc) => {
    const [ref] = alloc.results;
    const found = accesses.get(ref);
    return found ? [{ alloc, accesses: found, isInner: inner.has(ref) }] : [];
  });
}

/** What must hold so that all indices are within the array, if that can be told. */
function needsOf({ alloc, accesses }: Candidate, ranges: Ranges, isKept: boolean): Needs | undefined {
  const length = ranges.earlyBounds(alloc.length);
  if (!length) return undefined;
  const whole = new Set(length.whole);
  const conditions: Condition[] = [{ fn: 'le', args: [ZERO, length.lo] }];
  if (isKept) conditions.push({ fn: 'le', args: [length.hi, LONGEST_KEPT] });
  for (const { at } of accesses) {
    const range = 'index' in at ? ranges.of(at.index) : undefined;
    if (!range) return undefined;
    for (const v of range.whole) whole.add(v);
    conditions.push(...range.conditions, { fn: 'le', args: [ZERO, range.lo] });
    conditions.push({ fn: 'lt', args: [range.hi, length.lo] });
  }
  const open = openOf(conditions, ranges);
  return open && { whole, conditions: open };
}
/** What has to be asked of some conditions; nothing if it never holds. */
function openOf(conditions: readonly Condition[], ranges: Ranges): readonly Condition[] | undefined {
  const open = conditions.filter((c) => !ranges.holds(c));
  return open.some(({ args }) => args.every((a) => a.kind === 'constant')) ? undefined : open;
}
function distinct(conditions: readonly Condition[]): readonly Condition[] {
  return [...new Map(conditions.map((c) => [`${c.fn} ${c.args.map(keyOf)}`, c])).values()];
}

class Layout {
  private readonly refs: ReadonlySet<ValueId>;
  /** Where each array begins; nothing for the first. */
  private readonly begins = new Map<ValueId, ValueId | undefined>();
  private readonly lengths = new Map<ValueId, ValueId>();
  private readonly work: ValueId;
  private readonly renamed = new Map<ValueId, ValueId>();
  /** What was read of the work array. */
  private readonly read = new Set<ValueId>();
  /** What is computed first. */
  private readonly b: Builder;
  private readonly shared = new Map<string, ValueId>();
  private readonly numbers = new Map<ValueId, number>();

  constructor(
    private readonly values: ValueTable,
    private readonly ranges: Ranges,
    private readonly all: readonly Candidate[],
    /** So many of them, the first, have to be cleared. */
    private readonly cleared: number,
    /** Whether another derivative may work in the array while these operations run. */
    private readonly isLoud: (ops: readonly Op[]) => boolean,
  ) {
    this.b = new Builder(values);
    this.refs = new Set(this.all.map(({ alloc }) => alloc.results[0]));
    this.work = values.fresh({ type: typedArray('Float64Array')!, name: 'work' });
  }

  entry(f: Func, { whole, conditions }: Needs): Func {
    const { ops, end: result } = withForwarding(f.body, this.refs, this.values);
    const first = ops.findIndex((op) => !isBefore(op));
    const sizes = this.all.map(({ alloc }) => alloc.length);
    const early = this.ranges.slice([
      ...sizes,
      ...whole,
      ...conditions.flatMap((c) => c.args.flatMap(valuesOf)),
    ]);
    const tests = [...[...whole].map((v) => this.isInt32(v)), ...conditions.map((c) => this.condition(c))];
    if (tests.length > 0) this.b.runtime('unless', tests, [], 'effect', undefined);
    const isMoved = (op: Op, k: number): boolean => k >= first && early.has(op);
    const rest = ops.filter((op, k) => k >= first && !isMoved(op, k));
    const end = 1 + Math.max(...rest.map((op, k) => (this.touches(op) ? k : -1)));
    const [during, after] = [rest.slice(0, end), rest.slice(end)];
    const isWatched = this.isLoud(during);
    const { cleared, size } = this.place(isWatched ? this.constant(1) : undefined);
    this.b.emit({
      kind: 'runtime',
      name: 'workArray',
      args: cleared === undefined ? [size] : [size, cleared],
      literals: [],
      effect: 'fresh',
      results: [this.work],
    });
    const checks = isWatched ? this.watch() : [];
    const body: Region = {
      ...f.body,
      ops: [
        ...[...ops.slice(0, first), ...ops.filter(isMoved), ...this.b.ops],
        ...[...this.ops(during), ...checks, ...this.ops(after)],
      ],
      end: mapEnd(result, this.value),
    };
    return { ...f, body };
  }

  /** Where arrays begin that do not begin at the very beginning. */
  starts(): ReadonlySet<ValueId> {
    return new Set([...this.begins.values()].filter((v) => v !== undefined));
  }

  private touches(op: Op): boolean {
    return someOp(op, (o) => isAccess(o) && this.refs.has(o.ref));
  }
  /** The first slot says who works in the array: another derivative that does so sets it to something else. */
  private watch(): Op[] {
    const turn = this.b.runtime('claimWork', [this.work], [], 'effect', NUMBER);
    this.values.setName(turn, 'turn');
    const check = {
      name: 'checkWork',
      args: [this.work, turn],
      literals: [],
      effect: 'effect',
      results: [],
    } as const;
    return [{ kind: 'runtime', ...check }];
  }

  /** Lays the arrays out one behind the other; gives where those end that have to be cleared, and the length of all. */
  private place(begin: ValueId | undefined): { cleared: ValueId | undefined; size: ValueId } {
    const ends = [begin];
    for (const [k, { alloc }] of this.all.entries()) {
      const [ref] = alloc.results;
      const end = ends[k];
      this.begins.set(ref, end);
      this.lengths.set(ref, alloc.length);
      const next = this.all[k + 1]?.alloc.results[0];
      ends.push(end === undefined ? alloc.length : this.sum(end, alloc.length, next));
    }
    return { cleared: ends[this.cleared], size: ends[this.all.length]! };
  }
  /** `of`: the array that begins there, after which it is named; none behind the last. */
  private sum(a: ValueId, b: ValueId, of: ValueId | undefined): ValueId {
    const [x, y] = [a, b].map((v) => this.ranges.constantOf(v) ?? this.numbers.get(v));
    if (x !== undefined && y !== undefined) return this.constant(x + y);
    const result = this.b.scalar('add', a, b);
    const name = of === undefined ? 'size' : this.values.get(of).name;
    if (name !== undefined) this.values.setName(result, name);
    return result;
  }

  // ------------------------------------------------------------------ conditions

  private once(key: string, make: () => ValueId): ValueId {
    const known = this.shared.get(key) ?? make();
    this.shared.set(key, known);
    return known;
  }
  private scalar(fn: string, ...args: ValueId[]): ValueId {
    return this.once(`${fn} ${args}`, () => this.b.scalar(fn, ...args));
  }
  private constant(value: number): ValueId {
    const id = this.once(String(value), () => this.b.num(value));
    this.numbers.set(id, value);
    return id;
  }
  private bound(b: Bound): ValueId {
    if (b.kind === 'constant') return this.constant(b.value);
    if (b.kind === 'value') return b.of;
    const [first, last] = b.args;
    const isLess = b.fn === 'add' && last.kind === 'constant' && last.value < 0;
    if (isLess) return this.scalar('sub', this.bound(first), this.constant(-last.value));
    return this.scalar(b.fn, this.bound(first), this.bound(last));
  }
  private condition({ fn, args }: Condition): ValueId {
    return this.scalar(fn, ...args.map((a) => this.bound(a)));
  }
  private isInt32(v: ValueId): ValueId {
    return this.scalar('eq', this.scalar('bitor', v, this.constant(0)), v);
  }

  // ------------------------------------------------------------------ code

  private readonly value = (v: ValueId): ValueId => this.renamed.get(v) ?? v;
  private readonly region = (r: Region): Region => ({
    ...r,
    ops: this.ops(r.ops),
    end: mapEnd(r.end, this.value),
  });
  private ops(ops: readonly Op[]): Op[] {
    return ops.flatMap((op) => this.op(op));
  }
  private op(op: Op): Op[] {
    const [result] = op.results;
    if (op.kind === 'alloc' && this.begins.has(result)) return [];
    if (op.kind === 'length' && this.begins.has(op.ref))
      return this.length(result, this.lengths.get(op.ref)!);
    // what is there is no zero in its place
    if (op.kind === 'scalar' && op.fn === 'orZero' && this.read.has(this.value(op.args[0]))) {
      this.renamed.set(result, this.value(op.args[0]));
      return [];
    }
    const mapped = mapOp(op, { value: this.value, region: this.region });
    return isAccess(mapped) && this.begins.has(mapped.ref) ? this.access(mapped) : [mapped];
  }
  private length(result: ValueId, given: ValueId): Op[] {
    if (!this.ranges.isNatural(given)) {
      // an array of length -0 has length 0
      const zero = this.values.fresh({ type: NUMBER });
      return [
        { kind: 'const', value: 0, results: [zero] },
        { kind: 'scalar', fn: 'add', args: [given, zero], results: [result] },
      ];
    }
    this.renamed.set(result, given);
    return [];
  }
  private access(op: AccessOp): Op[] {
    if (!('index' in op.at)) return [op];
    const begin = this.begins.get(op.ref);
    const index = begin === undefined ? op.at.index : this.values.fresh({ type: NUMBER });
    const sum: Op[] =
      begin === undefined
        ? []
        : [{ kind: 'scalar', fn: 'add', args: [begin, op.at.index], results: [index] }];
    const place = { ref: this.work, at: { index } };
    if (op.kind === 'accum') {
      const { guarded: _, ...rest } = op;
      return [...sum, { ...rest, ...place }];
    }
    if (op.kind === 'store') return [...sum, { ...op, ...place }];
    const { name } = this.values.get(op.results[0]);
    const result = this.values.fresh({ type: NUMBER, ...(name === undefined ? {} : { name }) });
    this.renamed.set(op.results[0], result);
    this.read.add(result);
    return [...sum, { ...op, ...place, results: [result] }];
  }
}

const isBefore = (op: Op): boolean =>
  op.kind === 'const' ||
  op.kind === 'scalar' ||
  op.kind === 'length' ||
  (op.kind === 'runtime' && CHECKS.has(op.name));
function valuesOf(b: Bound): ValueId[] {
  if (b.kind === 'value') return [b.of];
  return b.kind === 'scalar' ? b.args.flatMap(valuesOf) : [];
}
