/** Builds IR for derivative code: operations are appended to the region that is open. */
import { assertion } from '../ir/assertion.js';
import {
  type At,
  BOOLEAN,
  NULLISH,
  NUMBER,
  type Op,
  type Region,
  type Span,
  type Terminator,
  type Type,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { present, slotType } from '../ir/types.js';
import { type RuleBuilder, scalarRule } from '../rules/scalar.js';

export class Builder implements RuleBuilder {
  ops: Op[] = [];
  /** The source of the operation that is being differentiated. */
  span: Span | undefined;
  /** Whether `strong` guards against a zero seed. */
  guard = false;
  /** Values that are zero on some path by structure (LANGUAGE.md R11). */
  readonly maybeZero = new Set<ValueId>();
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
  poison(type: Type): ValueId {
    const id = this.values.fresh({ type });
    this.emit({ kind: 'const', value: undefined, poison: true, results: [id] });
    return id;
  }
  scalar(fn: string, ...args: ValueId[]): ValueId {
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
    return id;
  }
  strong(seed: ValueId, partial: ValueId): ValueId {
    return this.scalar(this.guard ? 'strong' : 'mul', seed, partial);
  }
  strongDiv(seed: ValueId, divisor: ValueId): ValueId {
    return this.scalar(this.guard ? 'strongdiv' : 'div', seed, divisor);
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
  runtime(
    name: string,
    args: readonly ValueId[],
    literals: readonly string[],
    effect: 'pure' | 'fresh' | 'effect',
    type: Type | undefined,
  ): ValueId {
    const id = type ? this.values.fresh({ type }) : undefined;
    this.emit({
      kind: 'runtime',
      name,
      args,
      literals,
      effect,
      results: id === undefined ? [] : [id],
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
