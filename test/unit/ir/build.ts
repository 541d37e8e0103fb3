/** Hand-built modules: values by type, operations in a line each. */
import {
  type ArrayType,
  BOOLEAN,
  type Func,
  type LabelId,
  type LoopOp,
  type Module,
  NUMBER,
  type Op,
  type RecordType,
  type Region,
  type Terminator,
  type Type,
  type ValueId,
  ValueTable,
} from '../../../packages/compiler/src/ir/nodes.js';
import { verifyModule } from '../../../packages/compiler/src/ir/verify.js';
import { scalarRule } from '../../../packages/compiler/src/rules/scalar.js';

export const F64: ArrayType = { kind: 'array', storage: 'f64', ctor: 'Float64Array', elem: NUMBER };
export const NUMBERS: ArrayType = { kind: 'array', storage: 'plain', ctor: 'Array', elem: NUMBER };

export const POINT: RecordType = { kind: 'record', tuple: false, fields: [{ key: 'x', type: NUMBER }] };
export const MAYBE: Type = { kind: 'maybe', of: NUMBER };

export class Build {
  readonly values = new ValueTable();
  readonly funcs = new Map<string, Func>();
  private ops: Op[] = [];
  private sites = 0;

  get module(): Module {
    return { funcs: this.funcs, values: this.values };
  }
  fresh(type: Type = NUMBER, name?: string): ValueId {
    return this.values.fresh(name === undefined ? { type } : { type, name });
  }
  label(): LabelId {
    return this.values.freshLabel();
  }
  push(op: Op): void {
    this.ops.push(op);
  }
  constant(value: number | boolean): ValueId {
    const id = this.fresh(typeof value === 'number' ? NUMBER : BOOLEAN);
    this.push({ kind: 'const', results: [id], value });
    return id;
  }
  poison(type: Type = NUMBER): ValueId {
    const id = this.fresh(type);
    this.push({ kind: 'const', results: [id], value: undefined, poison: true });
    return id;
  }
  scalar(fn: string, ...args: ValueId[]): ValueId {
    const { result } = scalarRule(fn);
    const id = this.fresh(
      result === 'number' ? NUMBER : result === 'boolean' ? BOOLEAN : this.values.type(args.at(-1)!),
    );
    this.push({ kind: 'scalar', fn, args, results: [id] });
    return id;
  }
  load(ref: ValueId, index: ValueId): ValueId {
    const id = this.fresh();
    this.push({ kind: 'load', ref, at: { index }, results: [id] });
    return id;
  }
  region(build: () => Terminator, params: readonly ValueId[] = []): Region {
    const outer = this.ops;
    this.ops = [];
    const end = build();
    const region = { params, ops: this.ops, end };
    this.ops = outer;
    return region;
  }
  exit(target: LabelId, ...args: ValueId[]): Terminator {
    return { kind: 'exit', target, site: ++this.sites, args };
  }
  if(cond: ValueId, then: () => Terminator, other: () => Terminator, types: readonly Type[] = []): ValueId[] {
    const results = types.map((t) => this.fresh(t));
    this.push({ kind: 'if', cond, then: this.region(then), else: this.region(other), results });
    return results;
  }
  /** `if (cond) leave`, the exit-if. */
  exitIf(cond: ValueId, target: LabelId, ...args: ValueId[]): void {
    this.if(
      cond,
      () => this.exit(target, ...args),
      () => give(),
    );
  }
  loop(
    options: { lo: ValueId; hi: ValueId; inits?: readonly ValueId[]; label?: LabelId } & Partial<
      Pick<LoopOp, 'step' | 'inclusive' | 'extras'>
    >,
    body: (iv: ValueId, ...carried: ValueId[]) => Terminator,
  ): ValueId[] {
    const { inits = [], extras = [], step = 1, inclusive = false, label = this.label() } = options;
    const params = [this.fresh(NUMBER, 'i'), ...inits.map((v) => this.values.like(v))] as [
      ValueId,
      ...ValueId[],
    ];
    const results = [...inits.map((v) => this.values.like(v)), ...extras.map(() => this.fresh())];
    const region = this.region(() => body(...params), params);
    const { lo, hi } = options;
    this.push({ kind: 'loop', label, lo, hi, step, inclusive, inits, extras, body: region, results });
    return results;
  }
  block(label: LabelId, types: readonly Type[], body: () => Terminator): ValueId[] {
    const results = types.map((t) => this.fresh(t));
    this.push({ kind: 'block', label, body: this.region(body), results });
    return results;
  }
  /** Adds a function; its parameters get the given types. */
  func(
    key: string,
    params: Readonly<Record<string, Type>>,
    body: (label: LabelId, ...params: ValueId[]) => Terminator,
  ): Func {
    const label = this.label();
    const ids = Object.entries(params).map(([name, type]) => this.fresh(type, name));
    this.sites = 0;
    const f: Func = { key, name: key, label, params: ids, body: this.region(() => body(label, ...ids)) };
    this.funcs.set(key, f);
    return f;
  }
}

export const give = (...args: ValueId[]): Terminator => ({ kind: 'yield', args });

/** Builds the body of `f(n: number, c: boolean, a: Float64Array, p: { x: number })`. */
export type Body = (
  b: Build,
  f: { label: LabelId; n: ValueId; c: ValueId; a: ValueId; p: ValueId },
) => Terminator;

/** What the verifier has to say about that function. */
export function messages(body: Body): string[] {
  const b = new Build();
  b.func('f', { n: NUMBER, c: BOOLEAN, a: F64, p: POINT }, (label, n, c, a, p) =>
    body(b, { label, n, c, a, p }),
  );
  return verifyModule(b.module);
}
