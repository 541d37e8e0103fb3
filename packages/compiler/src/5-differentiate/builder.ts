/** Builds IR for derivative code: operations are appended to the region that is open. */
import { assertion } from '../ir/assertion.js';
import {
  type ArrayType,
  type At,
  BOOLEAN,
  type LoweredRule,
  NULLISH,
  NUMBER,
  type Op,
  type RecordType,
  type Region,
  type Span,
  type Terminator,
  type Type,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { present, slotType } from '../ir/types.js';
import { type RuleBuilder, scalarRule } from '../rules/scalar.js';
import { Executed } from './executed.js';
import { passesZero } from './guards.js';

export class Builder implements RuleBuilder {
  ops: Op[] = [];
  /** The source of the operation that is being differentiated. */
  span: Span | undefined;
  /** Whether `strong` guards against a zero seed. */
  guard = false;
  /** Values that are zero on some path by structure (LANGUAGE.md R11). */
  readonly maybeZero = new Set<ValueId>();
  /** Of those, the ones that are zero where the primal chose something else: a branch, a condition, an extremum. */
  readonly unchosen = new Set<ValueId>();
  /** What a derivative may use again. */
  readonly executed = new Executed();
  private readonly constants = new Map<ValueId, number>();

  constructor(
    readonly values: ValueTable,
    private readonly constantOf: (v: ValueId) => number | undefined = () => undefined,
  ) {}

  private spanned(): { span?: Span } {
    return this.span ? { span: this.span } : {};
  }
  emit(op: Op): void {
    this.ops.push(op);
  }
  constant(v: ValueId): number | undefined {
    return this.constants.get(v) ?? this.constantOf(v);
  }
  num(value: number): ValueId {
    const id = this.values.fresh({ type: NUMBER });
    this.emit({ kind: 'const', value, results: [id] });
    this.constants.set(id, value);
    return id;
  }
  undefined(): ValueId {
    const id = this.values.fresh({ type: NULLISH });
    this.emit({ kind: 'const', value: undefined, results: [id] });
    return id;
  }
  /** Something of a type that is never read. */
  poison(type: Type): ValueId {
    const id = this.values.fresh({ type });
    this.emit({ kind: 'const', value: undefined, poison: true, results: [id] });
    return id;
  }
  /** A new number with the name of a value's cotangent. */
  cotangentOf(v: ValueId): ValueId {
    const { name } = this.values.get(v);
    return this.values.fresh({ type: NUMBER, ...(name === undefined ? {} : { name: `${name}Bar` }) });
  }
  scalar(fn: string, ...args: ValueId[]): ValueId {
    const before = this.executed.find(fn, args);
    if (before !== undefined) return before;
    const rule = scalarRule(fn);
    const type =
      rule.result === 'number'
        ? NUMBER
        : rule.result === 'boolean'
          ? BOOLEAN
          : present(this.values.type(args[args.length - 1]));
    const id = this.values.fresh({ type });
    this.emit({ kind: 'scalar', fn, args, results: [id], ...this.spanned() });
    if (fn !== 'add' && args.some((a) => this.maybeZero.has(a))) this.maybeZero.add(id);
    if (passesZero(fn, args, this.isUnchosen(fn))) this.unchosen.add(id);
    return id;
  }
  private isUnchosen(fn: string): (v: ValueId) => boolean {
    return (v) => this.unchosen.has(v) || (fn === 'select' && this.constant(v) === 0);
  }
  strong(seed: ValueId, partial: ValueId): ValueId {
    const guard = this.guard && !Number.isFinite(this.constant(partial));
    return this.scalar(guard ? 'strong' : 'mul', seed, partial);
  }
  /** A zero over a constant is zero by itself (its sign may be another), unless the constant is 0 or NaN. */
  strongDiv(seed: ValueId, divisor: ValueId): ValueId {
    const guard = this.guard && !(Math.abs(this.constant(divisor) ?? 0) > 0);
    return this.scalar(guard ? 'strongdiv' : 'div', seed, divisor);
  }
  /** Sum of two cotangents: structurally zero only if both are. */
  sum(a: ValueId, b: ValueId): ValueId {
    const id = this.scalar('add', a, b);
    if (this.maybeZero.has(a) && this.maybeZero.has(b)) this.maybeZero.add(id);
    return id;
  }
  load(ref: ValueId, at: At): ValueId {
    const type = slotType(this.values.type(ref), 'key' in at ? at.key : undefined);
    if (!type) throw new Error(`no slot for a load from %${ref}`);
    const id = this.values.fresh({ type });
    this.emit({ kind: 'load', ref, at, results: [id], ...this.spanned() });
    return id;
  }
  /** A slot of a shadow; a number that may be missing there counts as zero. */
  loadTwin(ref: ValueId, at: At): ValueId {
    const raw = this.load(ref, at);
    const t = this.values.type(raw);
    return t.kind === 'maybe' && t.of.kind === 'number' ? this.scalar('orZero', raw) : raw;
  }
  store(ref: ValueId, at: At, value: ValueId): void {
    this.emit({ kind: 'store', ref, at, value, results: [], ...this.spanned() });
  }
  accum(ref: ValueId, at: At, value: ValueId, guarded: boolean): void {
    this.emit({
      kind: 'accum',
      ref,
      at,
      value,
      results: [],
      ...(guarded ? { guarded } : {}),
      ...this.spanned(),
    });
  }
  literal(type: ArrayType | RecordType, args: readonly ValueId[]): ValueId {
    const id = this.values.fresh({ type });
    this.emit({ kind: 'literal', type, args, results: [id], ...this.spanned() });
    return id;
  }
  alloc(type: ArrayType, length: ValueId): ValueId {
    const id = this.values.fresh({ type });
    this.emit({ kind: 'alloc', type, length, results: [id], ...this.spanned() });
    return id;
  }
  /** A value that is known not to be missing. */
  present(v: ValueId): ValueId {
    return this.values.type(v).kind === 'maybe' ? this.scalar('unwrap', v) : v;
  }
  length(ref: ValueId): ValueId {
    const id = this.values.fresh({ type: NUMBER });
    this.emit({ kind: 'length', ref, results: [id], ...this.spanned() });
    return id;
  }
  /** Runs `body` for each index below `n`. */
  forEach(n: ValueId, body: (index: ValueId) => void): void {
    const index = this.values.fresh({ type: NUMBER, name: 'i' });
    const lo = this.num(0);
    const region = this.region([index], () => {
      body(index);
      return { kind: 'yield', args: [] };
    });
    const label = this.values.freshLabel();
    this.emit({
      kind: 'loop',
      label,
      lo,
      hi: n,
      step: 1,
      inclusive: false,
      inits: [],
      body: region,
      extras: [],
      results: [],
    });
  }
  /** Runs `body` where a condition holds. */
  when(cond: ValueId, body: () => void): void {
    const then = this.region([], () => {
      body();
      return { kind: 'yield', args: [] };
    });
    this.emit({
      kind: 'if',
      cond,
      then,
      else: { params: [], ops: [], end: { kind: 'yield', args: [] } },
      results: [],
    });
  }
  runtime(
    name: string,
    args: readonly ValueId[],
    literals: readonly string[],
    effect: 'pure' | 'fresh' | 'effect',
    type: Type | undefined,
    rule?: LoweredRule,
  ): ValueId {
    const id = type ? this.values.fresh({ type }) : undefined;
    this.emit({
      kind: 'runtime',
      name,
      args,
      literals,
      effect,
      results: id === undefined ? [] : [id],
      ...(rule && { rule }),
      ...this.spanned(),
    });
    return id as ValueId;
  }
  /** An assertion of check mode; the runtime names the place of what is being differentiated. */
  assertion(name: string, args: readonly ValueId[], literals: readonly string[]): void {
    this.emit(assertion(name, args, literals, this.span));
  }
  /** Builds into a region of its own. */
  region(params: readonly ValueId[], build: () => Terminator): Region {
    const saved = this.ops;
    this.ops = [];
    try {
      const end = build();
      return { params, ops: this.ops, end };
    } finally {
      this.ops = saved;
    }
  }
}
