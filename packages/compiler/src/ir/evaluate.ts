/**
 * The reference interpreter: runs IR directly, so that a failing fixture says at once whether lowering, a pass or emission is
 * wrong. Arrays, typed arrays and records are JavaScript's own (tuples are arrays); control flow is a completion value.
 */
import { scalarRule } from '../rules/scalar.js';
import {
  type AllocOp,
  type At,
  assertNever,
  type Func,
  type LabelId,
  type LiteralOp,
  type LoopOp,
  type Module,
  type Op,
  type Region,
  type ResizeOp,
  type ValueId,
} from './nodes.js';

type Callable = (...args: unknown[]) => unknown;

export interface EvaluateOptions {
  /** Gives what `outer` operations read; by default their text is evaluated in the global scope. */
  readonly outer?: (text: string) => unknown;
  /** The helpers that `runtime` operations name. */
  // biome-ignore lint/complexity/noBannedTypes: any function of the runtime package
  readonly runtime?: Readonly<Record<string, Function>>;
  /** Operations to run before giving up; 10 million by default. */
  readonly maxSteps?: number;
}

/** How a region ended: with values for its owner, or on its way to an enclosing construct. */
interface Completion {
  /** Undefined for a `yield`. */
  readonly target: LabelId | undefined;
  readonly values: readonly unknown[];
}
type Slots = Record<string | number, unknown>;
type Frame = Map<ValueId, unknown>;

const compiled = new Map<string, Callable>();
/** A JavaScript expression with the given parameters, compiled once per text. */
function compile(text: string, params: readonly string[]): Callable {
  const key = `${params.length}:${text}`;
  let f = compiled.get(key);
  if (f === undefined) {
    f = new Function(...params, `return (${text});`) as Callable;
    compiled.set(key, f);
  }
  return f;
}

function foreign(template: readonly string[], args: readonly unknown[]): unknown {
  const params = args.map((_, k) => `$${k}`);
  const text = params.reduce((t, p, k) => t + p + template[k + 1], template[0] ?? '');
  return compile(text, params)(...args);
}

type ArrayCtor = new (length: number) => { fill(value: unknown): object };
function allocate(op: AllocOp, length: number, fill: unknown): object {
  const ctor = (globalThis as unknown as Record<string, ArrayCtor>)[op.type.ctor]!;
  const array = new ctor(length);
  return op.fill === undefined ? array : array.fill(fill);
}

function resize(op: ResizeOp, ref: unknown, by: unknown): void {
  if (op.how === 'clear') (ref as Map<unknown, unknown>).clear();
  else if (op.how !== 'delete') (ref as { length: unknown }).length = by;
  else if (ref instanceof Map) ref.delete(by);
  else delete (ref as Record<string, unknown>)[by as string];
}

function literal({ type }: LiteralOp, args: readonly unknown[]): object {
  if (type.kind === 'record' && !type.tuple)
    return Object.fromEntries(type.fields.map((f, k) => [f.key, args[k]]));
  if (type.kind === 'record' || type.ctor === 'Array') return [...args];
  const ctor = (globalThis as unknown as Record<string, { from(xs: readonly unknown[]): object }>)[
    type.ctor
  ]!;
  return ctor.from(args);
}

class Interpreter {
  private steps = 0;
  private readonly tapes = new Map<number, (readonly unknown[])[]>();
  private readonly maxSteps: number;

  constructor(
    private readonly module: Module,
    private readonly options: EvaluateOptions,
  ) {
    this.maxSteps = options.maxSteps ?? 1e7;
  }

  call(key: string, args: readonly unknown[]): readonly unknown[] {
    const f: Func | undefined = this.module.funcs.get(key);
    if (f === undefined) throw new Error(`no function '${key}'`);
    const frame: Frame = new Map();
    f.params.forEach((p, k) => void frame.set(p, args[k]));
    const { target, values } = this.region(f.body, frame);
    if (target !== undefined && target !== f.label) throw new Error(`exit L${target} has left '${key}'`);
    return values;
  }

  private read(frame: Frame, v: ValueId): unknown {
    if (!frame.has(v)) throw new Error(`%${v} has no value`);
    return frame.get(v);
  }
  private readAll(frame: Frame, vs: readonly ValueId[]): unknown[] {
    return vs.map((v) => this.read(frame, v));
  }

  private region(r: Region, frame: Frame): Completion {
    for (const op of r.ops) {
      if (++this.steps > this.maxSteps) throw new Error(`more than ${this.maxSteps} steps`);
      const left = this.op(op, frame);
      if (left !== undefined) return left;
    }
    const { end } = r;
    if (end.kind === 'throw') throw this.read(frame, end.arg);
    return { target: end.kind === 'exit' ? end.target : undefined, values: this.readAll(frame, end.args) };
  }

  /** Runs one operation; gives a completion if control leaves the region. */
  private op(op: Op, frame: Frame): Completion | undefined {
    switch (op.kind) {
      case 'if': {
        const arm = this.read(frame, op.cond) ? op.then : op.else;
        return this.finish(op, this.region(arm, frame), frame);
      }
      case 'block': {
        const done = this.region(op.body, frame);
        return this.finish(op, done.target === op.label ? { ...done, target: undefined } : done, frame);
      }
      case 'loop':
        return this.finish(op, this.loop(op, frame), frame);
      default:
        return this.finish(op, { target: undefined, values: this.simple(op, frame) }, frame);
    }
  }

  private finish(op: Op, done: Completion, frame: Frame): Completion | undefined {
    if (done.target !== undefined) return done;
    if (done.values.length !== op.results.length)
      throw new Error(`${op.kind} gives ${done.values.length} values for ${op.results.length} results`);
    op.results.forEach((v, k) => void frame.set(v, done.values[k]));
    return undefined;
  }

  private loop(op: LoopOp, frame: Frame): Completion {
    const lo = this.read(frame, op.lo) as number;
    const hi = this.read(frame, op.hi) as number;
    const { step } = op;
    const goesOn = (iv: number) => {
      if (op.inclusive && iv === hi) return true;
      return step > 0 ? iv < hi : iv > hi;
    };
    let carried: readonly unknown[] = this.readAll(frame, op.inits);
    const extras = op.extras.map((e) => (e === 'lastIv' ? undefined : this.read(frame, e)));
    let iv = lo;
    for (; goesOn(iv); iv += step) {
      if (++this.steps > this.maxSteps) throw new Error(`more than ${this.maxSteps} steps`);
      const [index, ...params] = op.body.params as readonly [ValueId, ...ValueId[]];
      frame.set(index, iv);
      params.forEach((p, k) => void frame.set(p, carried[k]));
      const done = this.region(op.body, frame);
      if (done.target === op.label) return { ...done, target: undefined };
      if (done.target !== undefined) return done;
      carried = done.values;
    }
    const ends = op.extras.map((e, k) => (e === 'lastIv' ? iv - step : extras[k]));
    return { target: undefined, values: [...carried, ...ends] };
  }

  /** The results of an operation without regions. */
  private simple(op: Exclude<Op, { kind: 'if' | 'block' | 'loop' }>, frame: Frame): readonly unknown[] {
    const get = (v: ValueId): unknown => this.read(frame, v);
    switch (op.kind) {
      case 'const':
        return [op.poison ? undefined : op.value];
      case 'scalar':
        return [scalarRule(op.fn).evaluate(...op.args.map(get))];
      case 'alloc':
        return [allocate(op, get(op.length) as number, op.fill === undefined ? undefined : get(op.fill))];
      case 'literal':
        return [literal(op, op.args.map(get))];
      case 'load':
        return [(get(op.ref) as Slots)[this.key(op.at, frame)]];
      case 'store':
      case 'accum':
        this.write(op.kind, get(op.ref) as Slots, this.key(op.at, frame), get(op.value));
        return [];
      case 'length':
        return [(get(op.ref) as { length: number }).length];
      case 'resize':
        resize(op, get(op.ref), get(op.length));
        return [];
      case 'call':
        if (op.derivative) throw new Error('a derivative has no meaning yet');
        return this.call(op.callee, op.args.map(get));
      case 'outer':
        return [this.options.outer ? this.options.outer(op.text) : compile(op.text, [])()];
      case 'foreign': {
        const value = foreign(op.template, op.args.map(get));
        return op.results.length === 0 ? [] : [value];
      }
      case 'runtime': {
        const value = this.runtime(op.name, op.args.map(get), op.literals);
        if (op.results.length > 1) return value as readonly unknown[];
        return op.results.length === 0 ? [] : [value];
      }
      case 'save':
        this.tape(op.tape).push(op.args.map(get));
        return [];
      case 'restore':
        return this.restore(op.tape);
      default:
        return assertNever(op);
    }
  }

  private key(at: At, frame: Frame): string | number {
    return 'key' in at ? at.key : (this.read(frame, at.index) as number);
  }

  private write(kind: 'store' | 'accum', ref: Slots, key: string | number, value: unknown): void {
    if (kind === 'store') ref[key] = value;
    else if (ref[key] !== undefined) ref[key] = (ref[key] as number) + (value as number);
  }

  private runtime(name: string, args: readonly unknown[], literals: readonly string[]): unknown {
    const helper = this.options.runtime?.[name];
    if (helper === undefined) throw new Error(`no runtime helper '${name}'`);
    return helper(...args, ...literals.map((text) => compile(text, [])()));
  }

  private tape(id: number): (readonly unknown[])[] {
    let tape = this.tapes.get(id);
    if (tape === undefined) {
      tape = [];
      this.tapes.set(id, tape);
    }
    return tape;
  }
  private restore(id: number): readonly unknown[] {
    const record = this.tape(id).pop();
    if (record === undefined) throw new Error(`tape T${id} is empty`);
    return record;
  }
}

/**
 * Runs a function of a module; gives its results. Arguments that are objects may be written. A thrown value is thrown; a value
 * read before it is defined, or a number of values that does not match, is an `Error`.
 */
export function evaluate(
  module: Module,
  key: string,
  args: readonly unknown[],
  options: EvaluateOptions = {},
): unknown[] {
  return [...new Interpreter(module, options).call(key, args)];
}
