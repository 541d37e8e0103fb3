/**
 * **Question**: what is computed once, and where? **Needs**: a function and the memory classes of its module.
 * **Guarantees**: the same bits and effects; common subexpressions shared, loads too while their memory is unchanged;
 * invariant pure work before its loop; counted loops recognised; invariant carried values gone.
 * **Method**: the function is rebuilt operation by operation in a stack of scopes. A pure operation is looked up in all open
 * scopes and placed in the outermost one that only loop bodies separate from here; loads carry the version of their slot.
 */
import { regionExits, targets } from '../ir/exits.js';
import {
  BOOLEAN,
  type Func,
  type IfOp,
  type LoadOp,
  type LoopOp,
  type Module,
  NULLISH,
  NUMBER,
  OPAQUE,
  type Op,
  type Region,
  type ScalarOp,
  type Span,
  type Terminator,
  type ValueId,
} from '../ir/nodes.js';
import { CHECK_THERE, isRef, isTypedArray } from '../ir/types.js';
import { loadLike, mapCheckpoint, mapEnd, mapOp, mapRegions, scalarLike } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';
import { recogniseCountedLoop } from './counted.js';
import { removeDeadCode } from './deadcode.js';
import { type Constant, fold, type Known } from './fold.js';
import { IntegerFacts } from './integers.js';
import { LENGTH_SLOT, type Memory, slotKey } from './memory.js';
import {
  type ModuleWrites,
  moduleWrites,
  type SlotNames,
  type WriteSummaries,
  type Writes,
} from './slot-writes.js';

interface Scope {
  readonly ops: Op[];
  readonly table: Map<string, ValueId>;
  readonly isLoop: boolean;
  readonly depth: number;
  /** Slots written in this loop; all of them for `undefined`. */
  readonly writes: ReadonlySet<string>;
}

export class Simplifier {
  private readonly subst = new Map<ValueId, ValueId>();
  private readonly depthOf = new Map<ValueId, number>();
  private readonly constants = new Map<ValueId, Constant>();
  private readonly poisons = new Set<ValueId>();
  private readonly constantIds = new Map<string, ValueId>();
  private readonly definitions = new Map<ValueId, ScalarOp>();
  /** Lengths of typed arrays that are made here. */
  private readonly lengths = new Map<ValueId, ValueId>();
  /** Values that are surely objects: their slots may be read at any time. */
  private readonly objects = new Set<ValueId>();
  /** Objects that were made here: they are there, whatever their type admits. */
  private readonly made = new Set<ValueId>();
  /** Texts of which one is chosen. */
  private readonly chosenTexts = new Map<ValueId, readonly string[]>();
  private readonly versions = new Map<string, number>();
  private readonly scopes: Scope[] = [];
  private readonly names: SlotNames;
  private readonly writes: Writes;
  private readonly integers = new IntegerFacts((v) => this.constants.get(v));

  constructor(
    readonly module: Module,
    readonly memory: Memory,
    { names, writes }: ModuleWrites,
    private readonly options: SimplifyOptions,
  ) {
    this.names = names;
    this.writes = writes;
  }

  run(func: Func): Func {
    for (const p of func.params) {
      this.depthOf.set(p, 0);
      if (this.module.values.type(p).kind !== 'maybe') this.objects.add(p);
    }
    const body = this.region(func.body, false, new Set());
    return { ...func, body };
  }

  private get top(): Scope {
    return this.scopes[this.scopes.length - 1];
  }
  readonly value = (v: ValueId): ValueId => {
    let x = v;
    for (let next = this.subst.get(x); next !== undefined; next = this.subst.get(x)) x = next;
    return x;
  };
  private replace(from: ValueId, to: ValueId): void {
    this.subst.set(from, to);
    const name = this.module.values.get(from).name;
    if (name !== undefined && !this.constants.has(to)) this.module.values.setName(to, name);
  }

  private region(r: Region, isLoop: boolean, writes: ReadonlySet<string>): Region {
    const scope: Scope = { ops: [], table: new Map(), isLoop, depth: this.scopes.length, writes };
    this.scopes.push(scope);
    for (const p of r.params) this.depthOf.set(p, scope.depth);
    let end: Terminator | undefined;
    for (const op of r.ops) {
      end = this.op(op);
      if (end) break;
    }
    const done = end ?? mapEnd(r.end, this.value);
    this.scopes.pop();
    return { params: r.params, ops: scope.ops, end: done };
  }

  // ------------------------------------------------------------------ placing

  private place(op: Op, scope: Scope): void {
    scope.ops.push(op);
    for (const r of op.results) this.depthOf.set(r, scope.depth);
  }
  private lookup(key: string): ValueId | undefined {
    for (let k = this.scopes.length - 1; k >= 0; k--) {
      const v = this.scopes[k].table.get(key);
      if (v !== undefined) return v;
    }
    return undefined;
  }
  /** The outermost scope in which an operation with these arguments may stand instead of here. */
  private hoistScope(args: readonly ValueId[], mayCross: (s: Scope) => boolean): Scope {
    let k = this.scopes.length - 1;
    const needed = Math.max(0, ...args.map((a) => this.depthOf.get(a) ?? 0));
    while (k > needed && this.scopes[k].isLoop && mayCross(this.scopes[k])) k--;
    return this.scopes[k];
  }

  /** `span`: where a number that is not finite comes from. */
  constant(value: Constant, span?: Span): ValueId {
    const from = typeof value === 'number' && !Number.isFinite(value) ? span : undefined;
    const at = from && ` of ${from.file}:${from.start}`;
    const key = `${typeof value}:${Object.is(value, -0) ? '-0' : String(value)}${at ?? ''}`;
    const known = this.constantIds.get(key);
    if (known !== undefined) return known;
    const type =
      typeof value === 'number'
        ? NUMBER
        : typeof value === 'boolean'
          ? BOOLEAN
          : value == null
            ? NULLISH
            : OPAQUE;
    const id = this.module.values.fresh({ type });
    this.constantIds.set(key, id);
    this.constants.set(id, value);
    this.place({ kind: 'const', value, results: [id], ...(from && { span: from }) }, this.scopes[0]);
    return id;
  }

  // ------------------------------------------------------------------ operations

  /** Rebuilds one operation; gives the end of the region if nothing after it can run. */
  private op(op: Op): Terminator | undefined {
    switch (op.kind) {
      case 'const':
        if (op.poison) {
          this.poisons.add(op.results[0]);
          this.place(op, this.top);
        } else this.replace(op.results[0], this.constant(op.value, op.span));
        return undefined;
      case 'scalar':
        this.replaceOrKeep(op.results[0], this.scalar(op.fn, op.args.map(this.value), op));
        return undefined;
      case 'load':
        this.load(op);
        return undefined;
      case 'length':
        this.length(op.results[0], this.value(op.ref), op);
        return undefined;
      case 'store':
      case 'accum':
      case 'resize':
        this.store(op);
        return undefined;
      case 'if':
        return this.if(op);
      case 'loop':
        this.loop(op);
        return undefined;
      case 'block': {
        if (!op.checkpoint && !targets(op.body, op.label)) return this.spliceRegion(op.body, op.results);
        const body = this.region(op.body, false, new Set());
        this.place({ ...op, body }, this.top);
        this.bump(this.writes(op));
        return undefined;
      }
      case 'outer': {
        const key = `outer|${op.text}`;
        const known = this.lookup(key);
        if (known !== undefined) this.replace(op.results[0], known);
        else {
          this.place(op, this.scopes[0]);
          this.scopes[0].table.set(key, op.results[0]);
          this.objects.add(op.results[0]);
        }
        return undefined;
      }
      default: {
        const mapped = mapOp(op, { value: this.value, region: (r) => r });
        if (mapped.kind === 'runtime' && mapped.name === CHECK_THERE && this.isChecked(mapped.args[0]))
          return undefined;
        this.place(mapped, this.top);
        if (op.kind === 'alloc' || op.kind === 'literal') {
          this.objects.add(op.results[0]);
          this.made.add(op.results[0]);
        }
        if (op.kind === 'alloc' && isTypedArray(op.type))
          this.lengths.set(op.results[0], this.value(op.length));
        if (op.kind === 'call' || op.kind === 'runtime' || op.kind === 'foreign') this.bump(this.writes(op));
        return undefined;
      }
    }
  }

  private readonly known: Known = {
    constant: (v) => (this.constants.has(v) ? { value: this.constants.get(v) } : undefined),
    isNumber: (v) => this.module.values.type(v).kind === 'number',
    isObject: (v) => ['array', 'record'].includes(this.module.values.type(v).kind),
    isPresent: (v) => this.options.nothingMissing || this.known.isThere(v),
    isThere: (v) => this.integers.has(v) || this.made.has(v) || this.isResultOfArithmetic(v),
    integers: this.integers,
    definition: (v) => this.definitions.get(v),
    texts: (v) => {
      const text = this.constants.get(v);
      return typeof text === 'string' ? [text] : this.chosenTexts.get(v);
    },
  };
  private isResultOfArithmetic(v: ValueId): boolean {
    const d = this.definitions.get(v);
    return d !== undefined && scalarRule(d.fn).result === 'number';
  }

  private replaceOrKeep(result: ValueId, v: ValueId): void {
    if (v !== result) this.replace(result, v);
  }

  /** A scalar operation, folded or shared; gives the value that holds the result. */
  scalar(fn: string, args: readonly ValueId[], op?: ScalarOp): ValueId {
    const folded = fold(fn, args, this.known);
    if (folded) {
      if ('constant' in folded) return this.constant(folded.constant, op?.span);
      if ('value' in folded) return folded.value;
      return this.scalar(folded.fn, folded.args, op);
    }
    const key = `${fn}|${this.inOrder(fn, args).join(',')}`;
    const known = this.lookup(key);
    if (known !== undefined) return known;
    const result = op
      ? op.results[0]
      : this.module.values.fresh({ type: scalarRule(fn).result === 'boolean' ? BOOLEAN : NUMBER });
    const placed: ScalarOp = op
      ? scalarLike(op, fn, args, op.results)
      : { kind: 'scalar', fn, args, results: [result] };
    const scope = this.hoistScope(args, () => true);
    this.place(placed, scope);
    scope.table.set(key, result);
    this.definitions.set(result, placed);
    this.integers.scalar(result, fn, args);
    if (fn === 'unwrap')
      for (const known of [this.objects, this.made]) if (known.has(args[0])) known.add(result);
    return result;
  }

  /**
   * Sums and products of numbers are the same, to the bit, either way round. Not so in code that will be differentiated: what is
   * one value there has one cotangent, a sum, where two values would have had two.
   */
  private inOrder(fn: string, args: readonly ValueId[]): readonly ValueId[] {
    const commutes = this.options.nothingMissing && (fn === 'add' || fn === 'mul');
    return commutes && args.every((a) => this.known.isNumber(a)) ? [...args].sort((a, b) => a - b) : args;
  }

  private version(slot: string): number {
    return this.versions.get(slot) ?? 0;
  }
  private bump(slots: Iterable<string>): void {
    for (const s of slots) this.versions.set(s, this.version(s) + 1);
  }

  private load(op: LoadOp): void {
    const ref = this.value(op.ref);
    const at = 'index' in op.at ? { index: this.value(op.at.index) } : op.at;
    const slot = this.names.of(this.memory.classOf(op.ref), slotKey(op.at));
    const key = `load|${ref}|${'index' in at ? at.index : at.key}|${this.version(slot)}`;
    const known = this.lookup(key);
    if (known !== undefined) {
      this.replace(op.results[0], known);
      return;
    }
    const args = 'index' in at ? [ref, at.index] : [ref];
    const safe = this.objects.has(ref);
    const scope = this.hoistScope(args, (s) => safe && !s.writes.has(slot));
    this.place(loadLike(op, ref, at, op.results), scope);
    scope.table.set(key, op.results[0]);
  }

  private length(result: ValueId, ref: ValueId, op: Op): void {
    const typed = isTypedArray(this.module.values.type(ref));
    const made = this.lengths.get(ref);
    if (made !== undefined && this.integers.isNatural(made)) {
      this.replace(result, made);
      return;
    }
    const slot = this.names.of(this.memory.classOf((op as Op & { kind: 'length' }).ref), LENGTH_SLOT);
    const key = `length|${ref}|${typed ? 0 : this.version(slot)}`;
    const known = this.lookup(key);
    if (known !== undefined) {
      this.replace(result, known);
      return;
    }
    const safe = this.objects.has(ref);
    const scope = this.hoistScope([ref], (s) => safe && (typed || !s.writes.has(slot)));
    this.place({ ...(op as Op & { kind: 'length' }), ref }, scope);
    scope.table.set(key, result);
    this.integers.addLength(result);
  }

  /** Whether an object is known to be there, or was found to be; if not, it will be now. */
  private isChecked(v: ValueId): boolean {
    const key = `${CHECK_THERE}|${v}`;
    if (this.made.has(v) || this.lookup(key) !== undefined) return true;
    this.top.table.set(key, v);
    return false;
  }

  private store(op: Op & { kind: 'store' | 'accum' | 'resize' }): void {
    const mapped = mapOp(op, { value: this.value, region: (r) => r });
    this.place(mapped, this.top);
    this.bump(this.writes(op));
  }

  // ------------------------------------------------------------------ structure

  /** Puts the operations of a region here; its yields become the results. */
  private spliceRegion(r: Region, results: readonly ValueId[]): Terminator | undefined {
    for (const op of r.ops) {
      const end = this.op(op);
      if (end) return end;
    }
    const end = mapEnd(r.end, this.value);
    if (end.kind !== 'yield') return end;
    results.forEach((v, k) => {
      this.replace(v, end.args[k]);
    });
    return undefined;
  }

  private if(op: IfOp): Terminator | undefined {
    const cond = this.value(op.cond);
    if (this.constants.has(cond))
      return this.spliceRegion(this.constants.get(cond) ? op.then : op.else, op.results);
    if (this.cheapBoolean(op)) {
      this.spliceRegion(op.then, []);
      this.spliceRegion(op.else, []);
      const [t, e] = [op.then, op.else].map((r) =>
        r.end.kind === 'yield' ? r.end.args.map(this.value) : [],
      );
      op.results.forEach((v, k) => {
        this.replace(v, this.booleanSelect(cond, t[k], e[k]));
      });
      return undefined;
    }
    const then = this.region(op.then, false, new Set());
    const els = this.region(op.else, false, new Set());
    this.bump(this.writes(op));
    const same = (k: number): ValueId | undefined => {
      if (then.end.kind !== 'yield' || els.end.kind !== 'yield') return undefined;
      return then.end.args[k] === els.end.args[k] ? then.end.args[k] : undefined;
    };
    const keep = op.results.map((v, k) => {
      const s = same(k) ?? this.orZero(cond, then, els, k);
      if (s !== undefined) this.replace(v, s);
      return s === undefined;
    });
    const pick = (r: Region): Region =>
      r.end.kind === 'yield' ? { ...r, end: { ...r.end, args: r.end.args.filter((_, k) => keep[k]) } } : r;
    const result: IfOp = {
      ...op,
      cond,
      then: pick(then),
      else: pick(els),
      results: op.results.filter((_, k) => keep[k]),
    };
    const gone = (r: Region) => r.ops.length === 0 && r.end.kind === 'yield';
    if (gone(result.then) && gone(result.else) && result.results.length === 0) return undefined;
    this.place(result, this.top);
    result.results.forEach((v, k) => {
      const args = [result.then, result.else].flatMap((r) => (r.end.kind === 'yield' ? [r.end.args[k]] : []));
      this.integers.oneOf(v, args);
      for (const known of [this.objects, this.made])
        if (args.length > 0 && args.every((a) => known.has(a))) known.add(v);
      const texts = args.map((a) => this.known.texts(a));
      if (texts.every((t) => t !== undefined)) this.chosenTexts.set(v, texts.flat());
    });
    return undefined;
  }

  /** `n ? n : 0` and `!n ? 0 : n` of an integer. */
  private orZero(cond: ValueId, then: Region, els: Region, k: number): ValueId | undefined {
    const d = this.definitions.get(cond);
    if ((d?.fn !== 'truthy' && d?.fn !== 'not') || then.end.kind !== 'yield' || els.end.kind !== 'yield')
      return undefined;
    const [yes, no] = d.fn === 'truthy' ? [then, els] : [els, then];
    const [n, zero] = [yes, no].map((r) => (r.end.kind === 'yield' ? r.end.args[k] : undefined));
    const isIt = n === d.args[0] && this.integers.isPlain(n) && Object.is(this.constants.get(zero!), 0);
    return isIt ? n : undefined;
  }

  /** Whether an `if` only chooses booleans that cost next to nothing and cannot fail. */
  private cheapBoolean(op: IfOp): boolean {
    if (op.results.length === 0 || !op.results.every((v) => this.module.values.type(v).kind === 'boolean'))
      return false;
    const cheap = (r: Region) =>
      r.end.kind === 'yield' &&
      r.ops.length <= 4 &&
      r.ops.every(
        (o) =>
          o.kind === 'const' ||
          (o.kind === 'scalar' &&
            scalarRule(o.fn).cost <= 1 &&
            o.args.every((a) => !isRef(this.module.values.type(a)))),
      );
    return cheap(op.then) && cheap(op.else);
  }
  private booleanSelect(cond: ValueId, t: ValueId, e: ValueId): ValueId {
    const ct = this.constants.get(t);
    const ce = this.constants.get(e);
    // what is not available on a path may be anything there
    if (t === e || this.poisons.has(e)) return t;
    if (this.poisons.has(t)) return e;
    if (ct === true && ce === false) return cond;
    if (ct === false && ce === true) return this.scalar('not', [cond]);
    if (ce === false) return this.scalar('and', [cond, t]);
    if (ct === true) return this.scalar('or', [cond, e]);
    return this.scalar('or', [
      this.scalar('and', [cond, t]),
      this.scalar('and', [this.scalar('not', [cond]), e]),
    ]);
  }

  private loop(given: LoopOp): void {
    const counted = this.options.countedLoops
      ? recogniseCountedLoop(given, this.integers, this.value, (v) => this.invariantHere(v))
      : undefined;
    const op = this.dropInvariantCarries(counted ?? given);
    const writes = this.writes(given);
    this.bump(writes);
    const mapped = { ...op, lo: this.value(op.lo), hi: this.value(op.hi), inits: op.inits.map(this.value) };
    const extras = op.extras.map((e) => (e === 'lastIv' ? e : this.value(e)));
    this.integers.variable(op, mapped.lo, mapped.hi);
    const carried = this.integers.assumeCarried(op, mapped.inits, this.value);
    const body = this.region(op.body, true, writes);
    this.place({ ...mapped, extras, body, ...mapCheckpoint(op, this.value) }, this.top);
    this.bump(writes);
    carried.forEach((isInt, k) => {
      if (isInt && this.exitsAreIntegers(op, body, k)) this.integers.addUnbounded(op.results[k]);
    });
  }
  private exitsAreIntegers(op: LoopOp, body: Region, k: number): boolean {
    return regionExits(body).every((e) => e.target !== op.label || this.integers.has(e.args[k]));
  }
  /** Whether a value is defined outside the loop that is about to be rebuilt. */
  private invariantHere(v: ValueId): boolean {
    return this.depthOf.has(this.value(v));
  }

  /** Carried values that every trip hands on unchanged are values from before the loop. */
  private dropInvariantCarries(op: LoopOp): LoopOp {
    const { end } = op.body;
    if (op.inits.length === 0) return op;
    const exits = regionExits(op.body).filter((e) => e.target === op.label);
    const keep = op.inits.map((init, k) => {
      const param = op.body.params[k + 1];
      if (end.kind === 'yield' && end.args[k] !== param && this.value(end.args[k]) !== this.value(init))
        return true;
      this.replace(param, this.value(init));
      if (exits.every((e) => e.args[k] === param || this.value(e.args[k]) === this.value(init))) {
        this.replace(op.results[k], this.value(init));
        return false;
      }
      return true;
    });
    if (keep.every(Boolean)) return op;
    const n = op.inits.length;
    const all = [...keep, ...op.extras.map(() => true)];
    const pick = <T>(xs: readonly T[], by: readonly boolean[]): T[] => xs.filter((_, k) => by[k]);
    const fix = (r: Region): Region => ({
      ...r,
      ops: r.ops.map((o) => mapRegions(o, fix)),
      end:
        r.end.kind === 'exit' && r.end.target === op.label
          ? { ...r.end, args: pick(r.end.args, all) }
          : r.end,
    });
    const body = fix(op.body);
    return {
      ...op,
      inits: pick(op.inits, keep),
      results: pick(op.results, all),
      body: {
        params: [body.params[0], ...pick(body.params.slice(1), keep)],
        ops: body.ops,
        end:
          body.end.kind === 'yield' ? { ...body.end, args: pick(body.end.args, keep.slice(0, n)) } : body.end,
      },
    };
  }
}

/** Whether a function does anything that its caller can notice besides its results. */
function callEffects(module: Module, summary: WriteSummaries): (callee: string) => boolean {
  const effect = new Map<string, boolean>();
  const visit = (key: string): boolean => {
    const known = effect.get(key);
    if (known !== undefined) return known;
    effect.set(key, true); // recursion: a cycle that may not end stays
    const f = module.funcs.get(key);
    let any = (summary.get(key)?.size ?? 1) > 0;
    const scan = (r: Region): void => {
      if (r.end.kind === 'throw') any = true;
      for (const op of r.ops) {
        if (op.kind === 'call' && op.callee !== key && visit(op.callee)) any = true;
        if ((op.kind === 'foreign' && !op.pure) || op.kind === 'save' || op.kind === 'restore') any = true;
        if (op.kind === 'runtime' && op.effect === 'effect') any = true;
        if (op.kind === 'if') [op.then, op.else].forEach(scan);
        if (op.kind === 'loop' || op.kind === 'block') scan(op.body);
      }
    };
    if (f) scan(f.body);
    effect.set(key, any);
    return any;
  };
  return visit;
}

export interface SimplifyOptions {
  /** Loops that count get their bound and step. */
  readonly countedLoops: boolean;
  /** Arithmetic that a missing element would turn to NaN is in the code already: no unary plus need replace it. */
  readonly nothingMissing: boolean;
  /** What nothing reads stays. */
  readonly keepsDead: boolean;
}

/** Simplifies the functions of a module once. */
export function simplify(module: Module, memory: Memory, options: SimplifyOptions): Module {
  const known = moduleWrites(module, memory);
  const callHasEffect = callEffects(module, known.summary);
  const one = (f: Func): Func => {
    const simpler = new Simplifier(module, memory, known, options).run(f);
    return options.keepsDead ? simpler : removeDeadCode(simpler, memory, { callHasEffect });
  };
  return { ...module, funcs: new Map([...module.funcs.values()].map((f) => [f.key, one(f)])) };
}
