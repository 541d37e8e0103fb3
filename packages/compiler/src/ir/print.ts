/** Dumps: one line per operation, inner regions indented, equal text for equal IR. */
import {
  type At,
  assertNever,
  type ConstOp,
  type Func,
  type LoopOp,
  type Module,
  type Op,
  type Region,
  type Terminator,
  type ValueId,
  type ValueTable,
} from './nodes.js';
import { typeKey } from './types.js';

export interface PrintOptions {
  /** Facts to show behind an operation: `%3 = mul %1, %2   ; x, active`. */
  readonly annotate?: (op: Op) => string | undefined;
}

const ref = (v: ValueId): string => `%${v}`;
const list = (vs: readonly ValueId[]): string => vs.map(ref).join(', ');
const slot = (of: ValueId, at: At): string =>
  'index' in at ? `${ref(of)}[${ref(at.index)}]` : `${ref(of)}.${at.key}`;

function constText({ poison, value }: ConstOp): string {
  if (poison) return 'poison';
  if (typeof value === 'string') return JSON.stringify(value);
  return Object.is(value, -0) ? '-0' : String(value);
}

const oneLine = (text: string): string => text.replaceAll('\n', '\\n');

/** The holes of a foreign template filled with values. */
function templateText(template: readonly string[], args: readonly ValueId[]): string {
  const holes = template.slice(1).map((piece, k) => (args[k] === undefined ? '?' : ref(args[k])) + piece);
  return oneLine((template[0] ?? '') + holes.join(''));
}

function loopText(op: LoopOp): string {
  const order = `${op.step < 0 ? '>' : '<'}${op.inclusive ? '=' : ''}`;
  const head = `loop L${op.label} from ${ref(op.lo)} while ${order} ${ref(op.hi)} step ${op.step}`;
  const inits = op.inits.length > 0 ? ` carry ${list(op.inits)}` : '';
  const extras = op.extras.map((e) => (e === 'lastIv' ? e : ref(e))).join(', ');
  return head + inits + (extras === '' ? '' : ` extra ${extras}`);
}

/** What stands to the right of the results, without inner regions. */
function opText(op: Op): string {
  switch (op.kind) {
    case 'const':
      return `const ${constText(op)}`;
    case 'scalar':
      return `${op.fn} ${list(op.args)}`.trimEnd();
    case 'alloc':
      return `alloc ${typeKey(op.type)} ${ref(op.length)}${op.fill === undefined ? '' : ` fill ${ref(op.fill)}`}`;
    case 'literal':
      return `literal ${typeKey(op.type)} ${list(op.args)}`.trimEnd();
    case 'load':
      return `load ${slot(op.ref, op.at)}`;
    case 'store':
    case 'accum':
      return `${op.kind} ${slot(op.ref, op.at)}, ${ref(op.value)}`;
    case 'length':
      return `length ${ref(op.ref)}`;
    case 'resize':
      return `resize ${ref(op.ref)} ${ref(op.length)}`;
    case 'if':
      return `if ${ref(op.cond)}`;
    case 'loop':
      return loopText(op);
    case 'block':
      return `block L${op.label}${op.checkpoint ? ' run again' : ''}`;
    case 'call':
      return `call ${op.checkpoint ? 'and run again ' : ''}${op.derivative ? `${op.derivative.mode} derivative of ` : ''}${op.callee}(${list(op.args)})`;
    case 'outer':
      return `outer ${oneLine(op.text)}`;
    case 'foreign':
      return `foreign ${op.pure ? 'pure ' : ''}${templateText(op.template, op.args)}`;
    case 'runtime':
      return `runtime ${op.effect} ${op.name}(${[...op.args.map(ref), ...op.literals].join(', ')})`;
    case 'save':
      return `save T${op.tape} ${list(op.args)}`.trimEnd();
    case 'restore':
      return `restore T${op.tape}`;
    default:
      return assertNever(op);
  }
}

/** A terminator as its line in a dump. */
export function endText(end: Terminator): string {
  switch (end.kind) {
    case 'yield':
      return `yield ${list(end.args)}`.trimEnd();
    case 'exit':
      return `exit L${end.target} #${end.site} ${list(end.args)}`.trimEnd();
    case 'throw':
      return `throw ${ref(end.arg)}`;
    default:
      return assertNever(end);
  }
}

/** One operation as its line in a dump, for messages. */
export function opLine(op: Op): string {
  return (op.results.length > 0 ? `${list(op.results)} = ` : '') + opText(op);
}

class Printer {
  readonly lines: string[] = [];

  constructor(
    private readonly values: ValueTable,
    private readonly options: PrintOptions,
  ) {}

  private names(ids: readonly ValueId[]): string[] {
    return ids.flatMap((v) => this.values.get(v).name ?? []);
  }
  private line(depth: number, text: string, comments: readonly string[] = []): void {
    const comment = comments.length > 0 ? `   ; ${comments.join(', ')}` : '';
    this.lines.push('  '.repeat(depth) + text + comment);
  }

  func(f: Func): void {
    const param = (v: ValueId) => {
      const { name, type } = this.values.get(v);
      return `${ref(v)}${name === undefined ? '' : ` ${name}`}: ${typeKey(type)}`;
    };
    this.line(0, `func ${f.key}(${f.params.map(param).join(', ')}) L${f.label}`);
    this.region(f.body, 1);
  }

  private region(r: Region, depth: number): void {
    if (r.params.length > 0) this.line(depth, `params ${list(r.params)}`, this.names(r.params));
    for (const op of r.ops) this.op(op, depth);
    this.line(depth, endText(r.end));
  }

  private op(op: Op, depth: number): void {
    const fact = this.options.annotate?.(op);
    const comments = fact === undefined ? [] : [fact];
    this.line(depth, opLine(op), [...this.names(op.results), ...comments]);
    if (op.kind === 'if') {
      this.region(op.then, depth + 1);
      this.line(depth, 'else');
      this.region(op.else, depth + 1);
    } else if (op.kind === 'loop' || op.kind === 'block') this.region(op.body, depth + 1);
  }
}

/** The text of one function; without a line end at the end. */
export function printFunc(func: Func, values: ValueTable, options: PrintOptions = {}): string {
  const printer = new Printer(values, options);
  printer.func(func);
  return printer.lines.join('\n');
}

/** All functions in the order of the module, an empty line between them. */
export function printModule(module: Module, options: PrintOptions = {}): string {
  return [...module.funcs.values()].map((f) => printFunc(f, module.values, options)).join('\n\n');
}
