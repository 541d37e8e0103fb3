/**
 * **Question**: what is the readable JavaScript of an IR function? **Guarantees**: the operations in their order and with
 * their bits. **Method**: values used once become part of the expression that uses them, as long as nothing in between
 * changes what they read; results of branches and carried values become `let` variables, shared along chains of single use.
 */
import type {
  Func,
  IfOp,
  LoopOp,
  Module,
  Op,
  Region,
  RestoreOp,
  SaveOp,
  Span,
  Terminator,
  Type,
  ValueId,
} from '../ir/nodes.js';
import { holdsInstances, isKeyed, isRef, isSplit, kindOfKey, nameOfKey, refType } from '../ir/types.js';
import { opRegions } from '../ir/visit.js';
import { PREC } from '../rules/define.js';
import { scalarRule } from '../rules/scalar.js';
import { assignment, atom, combine, constantText, parenthesised, type Text } from './expression.js';
import { findHomes } from './homes.js';
import { Names } from './names.js';
import { Reservations } from './reserve.js';
import { typeText } from './types.js';
import { needsLabel, Uses } from './uses.js';

type TapeOp = SaveOp | RestoreOp;

export interface EmitOptions {
  /** Emitted names of the module's functions, and of runtime helpers. */
  readonly functionName: (key: string) => string;
  readonly runtimeName: (name: string) => string;
  readonly workArray: () => string;
  /** The call of the function that the entry hands over to. */
  readonly otherwise?: (name: (v: ValueId) => string) => string;
  /** Names that must not be taken. */
  readonly avoid: Iterable<string>;
  /** Parameters as text; by default every parameter with its type. */
  readonly parameters?: (name: (v: ValueId) => string) => {
    readonly list: string;
    readonly prologue: readonly string[];
  };
  /** The returned expression made from the texts of the results. */
  readonly result: (texts: readonly string[]) => string | undefined;
  /** The function works on its caller's tapes. */
  readonly callerTape: boolean;
  /** The tapes that a function of the module works on. */
  readonly tapesOf: (key: string) => ReadonlySet<number>;
  /** Those of them that it puts references on. */
  readonly referenceTapesOf: (key: string) => ReadonlySet<number>;
  /** Whether a slot of a record is on the tape of numbers. */
  readonly onNumbers: (pair: string, slot: number) => boolean;
  readonly sourceLine: (span: Span) => string | undefined;
  /** File, line and column. */
  readonly placeOf: (span: Span) => string;
  readonly doc: readonly string[];
  readonly check: boolean;
}

const MAX_WIDTH = 100;
/** An array of references that grows much further ends the whole process: no engine throws there. */
const MAX_REFERENCES = 5e7;

/** Maps, and sets, which are maps from their elements to themselves. */
const isMap = (t: Type): boolean => {
  const r = refType(t);
  return r?.kind === 'array' && (r.ctor === 'Map' || r.ctor === 'Set');
};

/** The variables of one tape. */
interface TapeNames {
  readonly level: number;
  readonly tape: string;
  readonly data: string;
  readonly top: string;
  readonly refs: string;
  readonly refTop: string;
  readonly topEnd: string;
  readonly refTopEnd: string;
  readonly owner: string;
  readonly all: readonly string[];
  readonly refsUsed: boolean;
}
/** Taken whether there is a tape or not, so that names do not depend on it. */
const TAPE_NAMES = {
  tape: 'tape',
  data: 'data',
  top: 'top',
  refs: 'refs',
  refTop: 'refTop',
  topEnd: 'topEnd',
  refTopEnd: 'refTopEnd',
} as const;

interface Pending {
  readonly text: Text;
  readonly value: ValueId;
}

export class FunctionEmitter {
  private lines: string[] = [];
  private indent = 1;
  private readonly names: Names;
  private readonly uses: Uses;
  /** Values that are computed in the variable of a result, and the variables once they are declared. */
  private readonly homes: ReadonlyMap<ValueId, ValueId>;
  private readonly residents = new Map<ValueId, string>();
  private readonly variable = new Map<ValueId, string>();
  private readonly texts = new Map<ValueId, Text>();
  private readonly mutable = new Set<string>();
  private pending: Pending[] = [];
  /** Innermost loop (or pullback) around: a variable may only be taken over in the same one. */
  private loopNow: object | undefined;
  private readonly loopOf = new Map<ValueId, object | undefined>();
  /** Inside a conditional expression nothing may become a statement. */
  private wide = false;
  private readonly labels = new Map<
    number,
    { readonly name: string | undefined; readonly op: Op; readonly results: readonly (string | undefined)[] }
  >();
  /** The tapes that this function works on, innermost derivative first. */
  private tapes: readonly TapeNames[] = [];
  private readonly reservations: Reservations;
  /** Tapes that have room for all that is pushed in the loop around. */
  private reserved: ReadonlySet<number> = new Set();
  private inReverse = false;
  private pullback: { readonly at: number; readonly params: string } | undefined;
  private lastQuoted: string | undefined;

  constructor(
    readonly module: Module,
    readonly func: Func,
    readonly o: EmitOptions,
  ) {
    this.names = new Names(o.avoid);
    this.uses = new Uses(func.body);
    this.homes = findHomes(func.body, this.uses);
    this.reservations = new Reservations(func.body, module, o);
  }

  // ------------------------------------------------------------------ text

  emit(name: string): string {
    this.tapes = [...this.o.tapesOf(this.func.key)].sort((x, y) => x - y).map((k) => this.tapeNames(k));
    const reserved = ['pullback', 'primals', 'tangents'];
    for (const n of [...Object.values(TAPE_NAMES), ...(this.o.check ? ['owner'] : []), ...reserved])
      this.names.reserve(n);
    for (const t of this.tapes) for (const n of t.all) this.names.reserve(n);
    const parameterNames = this.func.params.map((p) => {
      const n = this.names.fresh(this.module.values.get(p).name ?? 'x');
      this.texts.set(p, atom(n));
      return n;
    });
    const ops = this.func.body;
    this.region(ops);
    const body = this.lines;
    this.lines = [];
    const nameOf = (v: ValueId) => this.texts.get(v)!.code;
    const given = this.o.parameters?.(nameOf);
    const list =
      given?.list ??
      this.func.params
        .map((p, k) => `${parameterNames[k]}: ${typeText(this.module.values.type(p))}`)
        .join(', ');
    const tapeParam = this.o.callerTape
      ? this.tapes.map((t, k) => `${list || k > 0 ? ', ' : ''}${t.tape}: any`).join('')
      : '';
    const out: string[] = [];
    if (this.o.doc.length > 0)
      out.push(
        ...(this.o.doc.length === 1
          ? [`/** ${this.o.doc[0]} */`]
          : ['/**', ...this.o.doc.map((d) => ` * ${d}`), ' */']),
      );
    out.push(`function ${name}(${list}${tapeParam}): any {`);
    for (const p of given?.prologue ?? []) out.push(`  ${p}`);
    // bodies may be too long for the arguments of a call
    return [...out, ...this.tapePrologue(), ...body, '}'].join('\n');
  }

  private tapePrologue(): string[] {
    const own = !this.o.callerTape;
    return this.tapes.flatMap((t) => [
      ...(own ? [`  const ${t.tape} = ${this.o.runtimeName('acquireTape')}();`] : []),
      ...(this.o.check && own ? [`  const ${t.owner}: number = ${t.tape}.owner;`] : []),
      `  let ${t.data}: Float64Array = ${t.tape}.data;`,
      `  let ${t.top}: number = ${t.tape}.top;`,
      ...(t.refsUsed
        ? [`  const ${t.refs}: any[] = ${t.tape}.refs;`, `  let ${t.refTop}: number = ${t.tape}.refTop;`]
        : []),
    ]);
  }
  private tapeNames(level: number): TapeNames {
    const suffix = level === 0 ? '' : `_${level}`;
    const name = (n: string) => n + suffix;
    const names = {
      tape: name('tape'),
      data: name('data'),
      top: name('top'),
      refs: name('refs'),
      refTop: name('refTop'),
      topEnd: name('topEnd'),
      refTopEnd: name('refTopEnd'),
      owner: name('owner'),
    };
    return { level, ...names, all: Object.values(names), refsUsed: this.usesRefs(this.func.body, level) };
  }
  /** Whether references are on the tape, here or in what is called. */
  private usesRefs(r: Region, level: number): boolean {
    return r.ops.some((op) => {
      if (op.kind === 'save' || op.kind === 'restore') {
        const vs = op.kind === 'save' ? op.args : op.results;
        return op.tape === level && vs.some((_, k) => !this.o.onNumbers(op.pair, k));
      }
      if (op.kind === 'call')
        return op.tape?.level !== level && this.o.referenceTapesOf(op.callee).has(level);
      return opRegions(op).some((x) => this.usesRefs(x, level));
    });
  }

  private line(text: string, span?: Span): void {
    let quote = '';
    if (this.inReverse && span) {
      const source = this.o.sourceLine(span);
      if (source !== undefined && source !== this.lastQuoted) {
        this.lastQuoted = source;
        quote = ` // ${source}`;
      }
    }
    this.lines.push(`${'  '.repeat(this.indent)}${text}${quote}`);
  }

  private type(v: ValueId): Type {
    return this.module.values.type(v);
  }
  private nameFor(v: ValueId): string {
    return this.names.fresh(this.module.values.get(v).name ?? (isRef(this.type(v)) ? 'o' : 't'));
  }

  // ------------------------------------------------------------------ values

  /** The text of a value where it is used; takes it from the pending ones. */
  private text(v: ValueId): Text {
    const at = this.pending.findIndex((p) => p.value === v);
    if (at >= 0) return this.pending.splice(at, 1)[0].text;
    const t = this.texts.get(v);
    if (!t) throw new Error(`value %${v} is used before it is defined`);
    return t;
  }
  private operand(v: ValueId, prec: number): string {
    return parenthesised(this.text(v), prec);
  }

  /** Holds an expression back if it is used once in this region, else gives it a name. */
  private define(v: ValueId, text: Text, region: Region, span?: Span): void {
    if (this.uses.count(v) === 0 && !text.readsMemory) return;
    const named = this.module.values.get(v).name !== undefined;
    const short = this.wide || text.code.length <= (named ? 30 : MAX_WIDTH);
    if (this.uses.onceIn(v, region) && short) this.pending.push({ value: v, text });
    else if (text.prec === 18 && text.reads.size === 0 && !text.readsMemory) this.texts.set(v, text);
    else this.name(v, text, span);
  }
  private name(v: ValueId, text: Text, span?: Span, type = ''): void {
    const variable = this.residence(v);
    const n = variable ?? this.nameFor(v);
    this.line(`${variable === undefined ? `const ${n}${type}` : n} = ${text.code};`, span);
    this.texts.set(v, variable === undefined ? atom(n) : { ...atom(n), reads: new Set([n]) });
  }
  /** Gives names to held expressions that the next statement would change. */
  private flush(which: (t: Text) => boolean): void {
    const keep: Pending[] = [];
    const list = this.pending;
    this.pending = [];
    for (const p of list) {
      if (which(p.text)) this.name(p.value, p.text);
      else keep.push(p);
    }
    this.pending = keep;
  }
  private readonly all = () => true;
  private readonly memory = (t: Text) => t.readsMemory;

  private declare(name: string, v: ValueId, init?: Text): void {
    const t = this.type(v);
    const plain = t.kind === 'number' || t.kind === 'boolean';
    const type = plain ? typeText(t) : t.kind === 'array' ? typeText(t) : 'any';
    const start = init?.code ?? (t.kind === 'number' ? '0' : t.kind === 'boolean' ? 'false' : undefined);
    if (start === undefined) this.line(`let ${name}: any;`);
    else this.line(`let ${name}: ${init === undefined || plain ? type : 'any'} = ${start};`);
    this.mutable.add(name);
  }
  /** The variable of the result that a value lives in. */
  private residence(v: ValueId): string | undefined {
    const result = this.homes.get(v);
    return result === undefined ? undefined : this.residents.get(result);
  }
  private asVariable(v: ValueId, name: string): void {
    this.variable.set(v, name);
    this.loopOf.set(v, this.loopNow);
    this.texts.set(v, { code: name, prec: 18, reads: new Set([name]), readsMemory: false });
  }

  // ------------------------------------------------------------------ regions

  private region(r: Region): void {
    const outer = this.pending;
    this.pending = [];
    r.ops.forEach((op) => {
      this.op(op, r);
    });
    if (r === this.func.body) this.finish(r.end);
    this.pending = this.pending.length > 0 && r !== this.func.body ? this.pending : [];
    if (r === this.func.body) this.pending = outer;
    else {
      this.leftOver = this.pending;
      this.pending = outer;
    }
  }
  private leftOver: Pending[] = [];

  /** An inner region with its end; `assign` writes what it yields. */
  private inner(r: Region, assign: (args: readonly ValueId[]) => void): void {
    this.indent++;
    this.region(r);
    const outer = this.pending;
    this.pending = this.leftOver;
    if (r.end.kind === 'yield') assign(r.end.args);
    else this.leave(r.end);
    this.pending = outer;
    this.indent--;
  }

  private leave(end: Terminator): void {
    if (end.kind === 'throw') {
      const t = this.text(end.arg);
      this.line(t.code === '"unreachable"' ? "throw new Error('unreachable');" : `throw ${t.code};`);
      return;
    }
    if (end.kind !== 'exit') return;
    const target = this.labels.get(end.target);
    if (!target) throw new Error('an exit leaves the function');
    this.assignAll(target.results, end.args);
    this.line(target.name === undefined ? 'break;' : `break ${target.name};`);
  }

  /** Assigns several variables at once: those whose old value another still reads come later, cycles get a copy. */
  private assignAll(targets: readonly (string | undefined)[], args: readonly ValueId[]): void {
    let list = targets.flatMap((name, k) => {
      if (name === undefined) return [];
      const d = this.poisons.has(args[k]) ? undefined : this.text(args[k]);
      return d === undefined || d.code === name ? [] : [{ name, text: d }];
    });
    while (list.length > 0) {
      const free = list.find((x) => list.every((y) => y === x || !y.text.reads.has(x.name)));
      if (free) {
        this.line(assignment(free.name, free.text));
        list = list.filter((x) => x !== free);
        continue;
      }
      const [first, ...rest] = list;
      const copy = this.names.fresh(`${first.name}Next`);
      this.line(`const ${copy} = ${first.text.code};`);
      list = [...rest, { name: first.name, text: atom(copy) }];
    }
  }
  private readonly poisons = new Set<ValueId>();

  private finish(end: Terminator): void {
    if (end.kind === 'throw') return this.leave(end);
    if (end.kind !== 'yield') throw new Error('the body of a function ends in an exit');
    const texts = end.args.map((a) => this.text(a).code);
    if (this.pullback) return this.finishPullback(texts);
    // a result may read memory or variables: it has a name before the tape is handed back
    for (const t of this.tapes) {
      if (this.o.callerTape) this.handBack(t);
      else
        this.line(
          `${this.o.runtimeName('releaseTape')}(${t.tape}, ${t.top}${t.refsUsed ? `, ${t.refTop}` : ''});`,
        );
    }
    const result = this.o.result(texts);
    if (result !== undefined) this.line(`return ${result};`);
  }
  private finishPullback(texts: readonly string[]): void {
    const result = this.o.result(texts);
    for (const t of this.tapes)
      this.line(`${this.o.runtimeName('checkTape')}(${t.top}${t.refsUsed ? `, ${t.refTop}` : ''});`);
    this.line(`return ${result?.split('\0')[1] ?? 'undefined'};`);
    this.indent--;
    this.line('};');
    this.line(`return [${result?.split('\0')[0] ?? 'undefined'}, pullback];`);
  }

  // ------------------------------------------------------------------ operations

  private op(op: Op, r: Region): void {
    const { results, span } = op;
    switch (op.kind) {
      case 'const':
        if (op.poison) this.poisons.add(results[0]);
        this.texts.set(
          results[0],
          op.poison
            ? atom({ number: '0', boolean: 'false' }[this.type(results[0]).kind as string] ?? 'undefined')
            : constantText(op.value),
        );
        return;
      case 'scalar': {
        const rule = scalarRule(op.fn);
        for (const k of rule.repeats ?? []) this.nameIfComplex(op.args[k]);
        // TypeScript refuses `??` behind what is written as a number
        if (op.fn === 'orZero') this.nameIfComplex(op.args[0], 17);
        const parts = op.args.map((a) => this.text(a));
        const code = rule.emit((i, prec) => parenthesised(parts[i], prec), parts.length);
        // one arm may be `undefined`, which the types of its uses rule out
        if (op.fn === 'select' && op.args.slice(1).some((v) => this.mayBeMissing(v)))
          return this.define(results[0], combine(`(${code}) as any`, 10, parts), r, span);
        const prec = rule.transparent ? Math.min(rule.prec, parts[0].prec) : rule.prec;
        return this.define(results[0], combine(code, prec, parts), r, span);
      }
      case 'load':
      case 'length': {
        const ref = this.text(op.ref);
        const keyed = op.kind === 'load' && isMap(this.type(op.ref));
        const slot = op.kind === 'length' ? '.length' : keyed ? this.keySlot(op.at) : this.slot(op.at);
        const parts = op.kind === 'load' && 'index' in op.at ? [ref, this.lastIndex!] : [ref];
        const typed =
          op.kind === 'length' &&
          refType(this.type(op.ref))?.kind === 'array' &&
          (refType(this.type(op.ref)) as { storage: string }).storage !== 'plain';
        return this.define(
          results[0],
          combine(this.ofKind(op, `${parenthesised(ref, 17)}${slot}`), 17, parts, !typed),
          r,
          span,
        );
      }
      case 'outer':
        return this.define(
          results[0],
          { ...this.asKnown(atom(op.text), results[0]), readsMemory: op.changes === true },
          r,
          span,
        );
      case 'store':
      case 'accum':
        return this.store(op);
      case 'resize': {
        const ref = this.operand(op.ref, 17);
        const length = this.text(op.length);
        this.flush(this.memory);
        if (op.how === 'clear') this.line(`${ref}.clear();`, span);
        else if (op.how === 'delete')
          this.line(
            isMap(this.type(op.ref)) ? `${ref}.delete(${length.code});` : `delete ${ref}[${length.code}];`,
            span,
          );
        else this.line(`${ref}.length = ${length.code};`, span);
        return;
      }
      case 'alloc':
      case 'literal':
        this.flush(this.memory);
        this.name(results[0], op.kind === 'alloc' ? this.allocText(op) : this.literalText(op), span);
        return;
      case 'foreign':
        return this.foreign(op, r);
      case 'runtime':
        return this.runtime(op, r);
      case 'call':
        return this.call(op);
      case 'save':
        return this.save(op);
      case 'restore':
        return this.restore(op);
      case 'if':
        return this.if(op, r);
      case 'block':
        return this.block(op);
      case 'loop':
        return this.loop(op);
    }
  }
  private nameIfComplex(v: ValueId, prec = 18): void {
    const at = this.pending.findIndex((p) => p.value === v);
    if (at < 0 || (prec < 18 && this.pending[at].text.prec >= prec)) return;
    const [p] = this.pending.splice(at, 1);
    if (p.text.prec === 18) this.texts.set(v, p.text);
    else this.name(v, p.text);
  }

  private lastIndex: Text | undefined;
  private slot(at: { readonly index: ValueId } | { readonly key: string }): string {
    if ('key' in at) {
      const name = nameOfKey(at.key);
      if (/^[A-Za-z_$][\w$]*$/.test(name)) return `.${name}`;
      return String(Number.parseInt(name, 10)) === name ? `[${name}]` : `[${JSON.stringify(name)}]`;
    }
    this.lastIndex = this.text(at.index);
    return `[${this.lastIndex.code}]`;
  }

  /** A field that may hold a value of another kind in this object, which is nothing then. */
  private ofKind(op: Op, text: string): string {
    const kind = op.kind === 'load' && 'key' in op.at ? kindOfKey(op.at.key) : undefined;
    if (kind === undefined || this.type(op.results[0]).kind !== 'maybe') return text;
    return `${this.o.runtimeName('ofKind')}(${text}, '${kind}')`;
  }

  private keySlot(at: { readonly index: ValueId } | { readonly key: string }): string {
    if (!('index' in at)) throw new Error('a map has no fields');
    this.lastIndex = this.text(at.index);
    return `.get(${this.lastIndex.code})`;
  }

  /** TypeScript may know an instance as one of its interface only, and keeps private fields from others. */
  private asKnown(text: Text, v: ValueId): Text {
    return holdsInstances(this.type(v)) ? { ...text, code: `(${text.code} as any)`, prec: 18 } : text;
  }
  private store(op: Op & { kind: 'store' | 'accum' }): void {
    const ref = this.operand(op.ref, 17);
    const keyed = isMap(this.type(op.ref));
    const slot = `${ref}${keyed ? this.keySlot(op.at) : this.slot(op.at)}`;
    const key = keyed ? this.lastIndex?.code : undefined;
    const value = this.text(op.value);
    this.flush(this.memory);
    if (keyed || isKeyed(this.type(op.ref))) {
      const sum = `(${slot} ?? 0) + ${parenthesised(value, 12)}`;
      const next = op.kind === 'store' ? value.code : sum;
      this.line(keyed ? `${ref}.set(${key}, ${next});` : `${slot} = ${next};`, op.span);
      return;
    }
    if (op.kind === 'store') this.line(`${slot} = ${value.code};`, op.span);
    else {
      const negated = value.prec === 14 && value.code.startsWith('-') && !value.code.startsWith('--');
      const t = refType(this.type(op.ref));
      const isOther = 'key' in op.at && isSplit(op.at.key);
      if (isOther) return this.line(`if (typeof ${slot} === 'number') ${slot} += ${value.code};`, op.span);
      const guarded = op.guarded === true || (t?.kind === 'array' && t.storage === 'plain');
      const update = negated ? `${slot} -= ${value.code.slice(1)};` : `${slot} += ${value.code};`;
      this.line(guarded ? `if (${slot} !== undefined) ${update}` : update, op.span);
    }
  }

  private allocText(op: Op & { kind: 'alloc' }): Text {
    if (op.type.storage === 'keyed') {
      this.text(op.length);
      return atom(
        op.type.ctor === 'Object'
          ? '{} as any'
          : op.type.ctor === 'NullObject'
            ? '{ __proto__: null } as any'
            : 'new Map<any, any>()',
      );
    }
    const length = this.text(op.length).code;
    const fill = op.fill === undefined ? '' : `.fill(${this.text(op.fill).code})`;
    // rows of a shadow may be typed arrays or plain ones
    const elem = isRef(op.type.elem) ? 'any' : typeText(op.type.elem);
    const generic = op.type.storage === 'plain' ? `<${elem}>` : '';
    return { ...atom(`new ${op.type.ctor}${generic}(${length})${fill}`), prec: 17 };
  }
  private mayBeMissing(v: ValueId): boolean {
    const { kind } = this.type(v);
    return kind === 'maybe' || kind === 'nullish';
  }
  private literalText(op: Op & { kind: 'literal' }): Text {
    const args = op.args.map((a) => this.operand(a, 2));
    const { type } = op;
    // strict checking would want each element tested
    const missing = op.args.some((v) => this.mayBeMissing(v));
    if (type.kind === 'array' && args.length > 0 && (missing || type.elem.kind === 'maybe'))
      return { ...atom(`[${args.join(', ')}] as any[]`), prec: 10 };
    if (type.kind === 'array')
      return {
        ...atom(`[${args.join(', ')}]${args.length === 0 ? ` as ${typeText(type)}` : ''}`),
        prec: args.length === 0 ? 10 : 18,
      };
    if (type.tuple) {
      // a shadow has only the positions that carry a derivative
      const last = Number(type.fields[type.fields.length - 1]?.key ?? -1);
      const slots = Array.from(
        { length: last + 1 },
        (_, k) => args[type.fields.findIndex((f) => f.key === String(k))] ?? 'undefined',
      );
      return atom(`[${slots.join(', ')}] as any`);
    }
    const key = (k: string) => (/^[A-Za-z_$][\w$]*$/.test(k) ? k : JSON.stringify(k));
    const texts = new Map<string, string>();
    for (const [k, f] of type.fields.entries()) {
      const name = nameOfKey(f.key);
      const other = texts.get(name) ?? 'undefined';
      // of a field that is told apart by kinds an object has one
      if (other !== 'undefined' && args[k] !== 'undefined')
        throw new Error(`an object has \`${name}\` twice`);
      texts.set(name, other === 'undefined' ? args[k] : other);
    }
    const fields = [...texts].map(([name, text]) =>
      text === name && key(name) === name ? name : `${key(name)}: ${text}`,
    );
    const object = fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
    if (op.instanceOf !== undefined)
      return atom(`Object.assign(Object.create(${op.instanceOf}.prototype), ${object})`);
    return atom(`${object} as any`);
  }

  private foreign(op: Op & { kind: 'foreign' }, r: Region): void {
    const parts = op.args.map((a) => this.text(a));
    let code = op.template[0];
    op.args.forEach((_, k) => {
      code += `${parenthesised(parts[k], op.template.length === 3 && op.template[0] === '' ? 14 : 2)}${op.template[k + 1]}`;
    });
    const own = combine(code, op.template[0] === '' ? 8 : 17, parts, true);
    const text = this.asKnown(own, op.results[0]);
    if (op.pure) return this.define(op.results[0], text, r, op.span);
    this.flush(this.memory);
    if (this.uses.count(op.results[0]) === 0) this.line(`${code};`, op.span);
    else this.name(op.results[0], text, op.span);
  }

  private runtime(op: Op & { kind: 'runtime' }, r: Region): void {
    if (op.name === 'reverseSweep') {
      this.flush(this.all);
      this.line('// reverse sweep');
      this.ownTape();
      this.inReverse = true;
      return;
    }
    if (op.name === 'reverseOfTrip') {
      this.flush(this.all);
      this.line('// reverse of the trip');
      this.inReverse = true;
      return;
    }
    if (op.name === 'pullback') return this.startPullback(op);
    if (op.name === 'unless') return this.unless(op);
    if (op.name === 'workArray') return this.workArray(op);
    const parts = op.args.map((a) => this.text(a));
    const entries = (op.entries ?? []).map(
      (e) => `[${JSON.stringify(e.name)}, ${this.text(e.value).code}, ${e.written}]`,
    );
    const place = op.placed ? [JSON.stringify(op.span ? this.o.placeOf(op.span) : '')] : [];
    const list = [...parts.map((p) => p.code), ...op.literals, ...place, ...entries];
    const code = `${this.o.runtimeName(op.name)}(${list.join(', ')})`;
    const text = combine(code, 17, parts, true);
    if (op.effect === 'pure') return this.define(op.results[0], text, r, op.span);
    this.flush(this.memory);
    if (op.results.length === 0) this.line(`${code};`, op.span);
    else this.name(op.results[0], text, op.span, this.type(op.results[0]).kind === 'number' ? '' : ': any');
  }

  /** Hands over to other code unless all of this holds. */
  private unless({ args }: Op & { kind: 'runtime' }): void {
    const tests = args.map((v) => this.operand(v, PREC.equality));
    this.flush(this.all);
    const released = this.tapes.map((t) => `${this.o.runtimeName('releaseTape')}(${t.tape}, ${t.top}); `);
    const nameOf = (v: ValueId) => this.texts.get(v)!.code;
    const call = `return ${this.o.otherwise?.(nameOf)};`;
    const all = tests.join(' && ');
    this.line(`if (!(${all})) ${released.length > 0 ? `{ ${released.join('')}${call} }` : call}`);
  }
  /** A range of the work array, or one of its own, if that is too short. */
  private workArray({ args: [length, cleared], results: [work] }: Op & { kind: 'runtime' }): void {
    const size = this.text(length);
    const { code } = size.prec === 18 ? size : { code: this.named('size', size) };
    const shared = this.o.workArray();
    const choice = `${code} <= ${shared}.length ? ${shared} : new Float64Array(${code})`;
    this.name(work, { ...atom(choice), prec: 3 });
    if (cleared === undefined) return;
    const end = cleared === length ? code : this.text(cleared).code;
    this.line(`${this.text(work).code}.fill(0, 0, ${end});`);
  }
  private named(name: string, text: Text): string {
    const n = this.names.fresh(name);
    this.line(`const ${n} = ${text.code};`);
    return n;
  }

  private ownTape(): void {
    if (!this.o.check || this.o.callerTape) return;
    for (const t of this.tapes) this.line(`${this.o.runtimeName('checkOwner')}(${t.tape}, ${t.owner});`);
  }

  private startPullback(op: Op & { kind: 'runtime' }): void {
    this.flush(this.all);
    const params = op.results.map((v) => {
      const n = this.nameFor(v);
      this.texts.set(v, atom(n));
      return `${n}: any`;
    });
    this.pullback = { at: this.lines.length, params: params.join(', ') };
    for (const t of this.tapes) {
      this.line(`const ${t.topEnd} = ${t.top};`);
      if (t.refsUsed) this.line(`const ${t.refTopEnd} = ${t.refTop};`);
    }
    this.line(`const pullback = (${params.join(', ')}): any => {`);
    this.indent++;
    for (const t of this.tapes) {
      this.line(`let ${t.top} = ${t.topEnd};`);
      if (t.refsUsed) this.line(`let ${t.refTop} = ${t.refTopEnd};`);
    }
    this.ownTape();
    this.inReverse = true;
    this.loopNow = op;
  }

  private call(op: Op & { kind: 'call' }): void {
    const args = op.args.map((a) => this.text(a).code);
    this.flush(this.memory);
    const levels = [...this.o.tapesOf(op.callee)].sort((x, y) => x - y);
    const own = op.tape && { level: op.tape.level, code: this.text(op.tape.value).code };
    const passed = this.tapes.filter((t) => levels.includes(t.level) && t.level !== own?.level);
    for (const t of passed) this.handBack(t);
    for (const level of levels)
      args.push(level === own?.level ? own.code : this.tapes.find((t) => t.level === level)!.tape);
    const code = `${this.o.functionName(op.callee)}(${args.join(', ')})`;
    const used = op.results.filter((v) => this.uses.count(v) > 0);
    if (used.length === 0) this.line(`${code};`, op.span);
    else if (op.results.length === 1) this.name(op.results[0], { ...atom(code), prec: 17 }, op.span);
    else {
      const r = this.names.fresh('r');
      this.line(`const ${r} = ${code};`, op.span);
      op.results.forEach((v, k) => {
        if (this.uses.count(v) > 0) this.name(v, atom(`${r}[${k}]`));
      });
    }
    for (const t of passed) {
      this.line(`${t.data} = ${t.tape}.data;`);
      this.line(`${t.top} = ${t.tape}.top;`);
      if (t.refsUsed) this.line(`${t.refTop} = ${t.tape}.refTop;`);
    }
  }

  // ------------------------------------------------------------------ tape

  private tapeOf(op: TapeOp): TapeNames {
    return this.tapes.find((t) => t.level === op.tape)!;
  }
  /** Writes the cursors where another function finds them. */
  private handBack(t: TapeNames): void {
    this.line(`${t.tape}.top = ${t.top};`);
    if (t.refsUsed) this.line(`${t.tape}.refTop = ${t.refTop};`);
  }

  /** Check mode: what the slots of a record are said to hold (`tagTape`), or must hold (`checkTags`). */
  private tagged(t: TapeNames, helper: string, op: TapeOp): void {
    const { tags } = op;
    if (tags === undefined) return;
    const of = (numbers: boolean) =>
      tags.flatMap(({ text, span }, k) => {
        if (this.o.onNumbers(op.pair, k) !== numbers) return [];
        return [JSON.stringify(span ? `${text} at ${this.o.placeOf(span)}` : text)];
      });
    const cursors = `${t.top}, ${t.refsUsed ? t.refTop : '0'}`;
    const lists = `[${of(true).join(', ')}], [${of(false).join(', ')}]`;
    this.line(`${this.o.runtimeName(helper)}(${t.tape}, ${cursors}, ${lists});`);
  }

  /** The values of a record that go on the tape of numbers, and those on that of references. */
  private byTape(pair: string, values: readonly ValueId[]): [numbers: ValueId[], others: ValueId[]] {
    const on = (numbers: boolean) => values.filter((_, k) => this.o.onNumbers(pair, k) === numbers);
    return [on(true), on(false)];
  }
  private save(op: SaveOp): void {
    const tape = this.tapeOf(op);
    this.tagged(tape, 'tagTape', op);
    const { top, data } = tape;
    const [numbers, others] = this.byTape(op.pair, op.args);
    if (numbers.length > 0) {
      if (!this.reserved.has(op.tape)) this.makeRoom(tape, String(numbers.length));
      for (const v of numbers) {
        const t = this.text(v);
        this.line(
          `${data}[${top}++] = ${this.poisons.has(v) ? '0' : this.type(v).kind === 'boolean' ? `${parenthesised(t, 5)} ? 1 : 0` : t.code};`,
        );
      }
    }
    if (others.length === 0) return;
    for (const v of others) this.line(`${tape.refs}[${tape.refTop}++] = ${this.text(v).code};`);
    this.line(
      `if (${tape.refTop} > ${MAX_REFERENCES}) ${this.o.runtimeName('tooManyReferences')}(${tape.refTop});`,
    );
  }
  private makeRoom({ tape, top, data }: TapeNames, slots: string): void {
    const need = `${top} + ${slots}`;
    this.line(`if (${need} > ${data}.length) ${data} = ${this.o.runtimeName('growTape')}(${tape}, ${need});`);
  }
  /** Makes room for all that a loop pushes, where that is known before it; gives the tapes that it is done for. */
  private reserve(op: LoopOp, bounds: ReadonlyMap<ValueId, Text>): TapeNames[] {
    const known = (v: ValueId) => bounds.get(v) ?? this.texts.get(v);
    return this.tapes.filter((t) => {
      if (this.reserved.has(t.level)) return false;
      const room = this.reservations.room(op, t.level, known);
      if (room === undefined) return false;
      let slots = parenthesised(room, 12);
      if (/[^\w$.* ]/.test(slots)) {
        slots = this.names.fresh('room');
        this.line(`const ${slots} = ${room.code};`);
      }
      this.makeRoom(t, slots);
      return true;
    });
  }
  private restore(op: RestoreOp): void {
    const tape = this.tapeOf(op);
    this.tagged(tape, 'checkTags', op);
    const { top, data } = tape;
    const [numbers, others] = this.byTape(op.pair, op.results);
    for (const v of [...others].reverse())
      this.name(v, { ...atom(`${tape.refs}[--${tape.refTop}]`), readsMemory: true });
    if (numbers.length === 0) return;
    this.line(`${top} -= ${numbers.length};`);
    numbers.forEach((v, k) => {
      const slot = k === 0 ? `${data}[${top}]` : `${data}[${top} + ${k}]`;
      this.name(v, { ...atom(this.type(v).kind === 'boolean' ? `${slot} !== 0` : slot), readsMemory: true });
    });
  }

  // ------------------------------------------------------------------ control flow

  private if(op: IfOp, r: Region): void {
    if (this.conditional(op, r)) return;
    const cond = this.text(op.cond);
    this.flush(this.all);
    const targets = op.results.map((v, k) => this.variableFor(v, k, op));
    const hasElse =
      op.else.ops.length > 0 ||
      op.else.end.kind !== 'yield' ||
      op.else.end.args.some((a, k) => !this.isVariable(a, targets[k]));
    const thenEmpty =
      op.then.ops.length === 0 &&
      op.then.end.kind === 'yield' &&
      op.then.end.args.every((a, k) => this.isVariable(a, targets[k]));
    const assign = (args: readonly ValueId[]) => this.assignAll(targets, args);
    if (thenEmpty && hasElse) {
      this.line(`if (!${parenthesised(cond, 15)}) {`, op.span);
      this.inner(op.else, assign);
      this.line('}');
      return;
    }
    this.line(`if (${cond.code}) {`, op.span);
    this.inner(op.then, assign);
    if (hasElse) {
      this.line('} else {');
      this.inner(op.else, assign);
    }
    this.line('}');
  }
  private isVariable(v: ValueId, name: string | undefined): boolean {
    return name === undefined || this.variable.get(v) === name || this.poisons.has(v);
  }

  /** The variable that a result of an `if` lives in: that of a value which an arm hands on for the last time, or a new one. */
  private variableFor(v: ValueId, k: number, op: IfOp): string | undefined {
    if (this.uses.count(v) === 0) return undefined;
    const shared = this.residence(v);
    if (shared !== undefined) {
      this.residents.set(v, shared);
      this.asVariable(v, shared);
      return shared;
    }
    for (const arm of [op.else, op.then]) {
      const a = arm.end.kind === 'yield' ? arm.end.args[k] : undefined;
      const name = a === undefined ? undefined : this.variable.get(a);
      if (
        a !== undefined &&
        name !== undefined &&
        this.uses.count(a) === 1 &&
        this.loopOf.get(a) === this.loopNow
      ) {
        this.asVariable(v, name);
        return name;
      }
    }
    const name = this.nameFor(v);
    this.declare(name, v);
    this.residents.set(v, name);
    this.asVariable(v, name);
    return name;
  }

  /** `c ? a : b`, `a && b`, `a || b` where the arms are mere expressions. */
  private conditional(op: IfOp, r: Region): boolean {
    if (op.results.length !== 1 || op.then.end.kind !== 'yield' || op.else.end.kind !== 'yield') return false;
    if (![op.then, op.else].every((x) => x.ops.every((o) => this.isExpression(o, x)))) return false;
    const cond = this.text(op.cond);
    const wasWide = this.wide;
    this.wide = true;
    const arms = [op.then, op.else].map((x) => {
      let text: Text | undefined;
      this.inner(x, (args) => {
        text = this.text(args[0]);
      });
      return text as Text;
    });
    this.wide = wasWide;
    const [t, e] = arms;
    const code =
      e.code === 'false'
        ? { code: `${parenthesised(cond, 4)} && ${parenthesised(t, 5)}`, prec: 4 }
        : t.code === 'true'
          ? { code: `${parenthesised(cond, 3)} || ${parenthesised(e, 4)}`, prec: 3 }
          : { code: `${parenthesised(cond, 3)} ? ${parenthesised(t, 3)} : ${parenthesised(e, 2)}`, prec: 2 };
    if (t.code === 'undefined' || e.code === 'undefined') {
      code.code = `(${code.code}) as any`;
      code.prec = 10;
    }
    this.define(op.results[0], combine(code.code, code.prec, [cond, t, e]), r, op.span);
    return true;
  }
  /** Operations that surely become part of the arm's expression. */
  private isExpression(o: Op, region: Region): boolean {
    if (o.kind === 'const') return true;
    if (o.kind !== 'scalar' && o.kind !== 'load' && o.kind !== 'length') return false;
    if (o.kind === 'scalar' && scalarRule(o.fn).repeats) return false;
    return (
      this.uses.onceIn(o.results[0], region) &&
      this.module.values.get(o.results[0]).name === undefined &&
      region.ops.length <= 6
    );
  }

  private block(op: Op & { kind: 'block' }): void {
    this.flush(this.all);
    const results = op.results.map((v) => {
      if (this.uses.count(v) === 0) return undefined;
      const shared = this.residence(v);
      const name = shared ?? this.nameFor(v);
      if (shared === undefined) this.declare(name, v);
      this.residents.set(v, name);
      return name;
    });
    const label = this.names.fresh('done');
    this.labels.set(op.label, { name: label, op, results });
    this.line(`${label}: {`, op.span);
    this.inner(op.body, (args) => this.assignAll(results, args));
    this.line('}');
    op.results.forEach((v, k) => {
      if (results[k] !== undefined) this.asVariable(v, results[k]);
    });
  }

  private loop(op: LoopOp): void {
    const n = op.inits.length;
    const [iv, ...params] = op.body.params;
    const lo = this.text(op.lo);
    const hi = this.text(op.hi);
    const inits = op.inits.map((v) => ({ v, text: this.text(v) }));
    this.flush(this.all);
    const hiText = this.stableText(hi, op);
    const carried = params.map((p, k) => this.carriedVariable(p, inits[k], op, k));
    const extras = op.extras.map((e, k) => {
      const v = op.results[n + k];
      if (this.uses.count(v) === 0) return undefined;
      const name = this.nameFor(v);
      this.declare(name, v, e === 'lastIv' || this.poisons.has(e) ? undefined : this.text(e));
      return name;
    });
    const reserved = this.reserve(
      op,
      new Map([
        [op.lo, lo],
        [op.hi, hiText],
      ]),
    );
    const label = needsLabel(op) ? this.names.fresh('loop') : undefined;
    this.labels.set(op.label, { name: label, op, results: [...carried, ...extras] });
    const i = this.names.fresh(this.module.values.get(iv).name ?? 'i');
    // a derivative of a derivative asks for it once more
    const last = extras.filter((name, k): name is string => name !== undefined && op.extras[k] === 'lastIv');
    const outside = last.length > 0;
    const up = op.step > 0;
    const infinite = hi.code === 'Infinity';
    const test = infinite
      ? ''
      : ` ${i} ${up ? '<' : '>'}${op.inclusive ? '=' : ''} ${parenthesised(hiText, 10)}`;
    const step =
      op.step === 1
        ? `${i}++`
        : op.step === -1
          ? `${i}--`
          : up
            ? `${i} += ${op.step}`
            : `${i} -= ${-op.step}`;
    if (outside) {
      this.line(`let ${i}: number = ${lo.code};`);
      this.mutable.add(i);
    }
    this.texts.set(iv, { code: i, prec: 18, reads: new Set([i]), readsMemory: false });
    const outerLoop = this.loopNow;
    this.loopNow = op;
    params.forEach((p, k) => {
      const name = carried[k];
      if (name !== undefined) this.asVariable(p, name);
    });
    const head = outside ? '' : `let ${i} = ${lo.code}`;
    const prefix = label === undefined ? '' : `${label}: `;
    const unused = infinite && !outside && this.uses.count(iv) === 0;
    this.line(unused ? `${prefix}for (;;) {` : `${prefix}for (${head};${test}; ${step}) {`, op.span);
    const outerReserved = this.reserved;
    const wasInReverse = this.inReverse;
    this.reserved = new Set([...outerReserved, ...reserved.map((t) => t.level)]);
    this.inner(op.body, (args) => this.assignAll(carried, args));
    this.reserved = outerReserved;
    this.inReverse = wasInReverse;
    this.loopNow = outerLoop;
    this.line('}');
    if (this.o.check)
      for (const t of reserved) this.line(`${this.o.runtimeName('checkRoom')}(${t.data}, ${t.top});`);
    if (outside && !infinite) {
      // an exit gave its own; the normal end leaves the trip before the bound
      for (const name of last) this.normalEnd(op, i, name);
    }
    op.results.forEach((v, k) => {
      const name = k < n ? carried[k] : extras[k - n];
      if (name !== undefined) this.asVariable(v, name);
    });
  }

  /** After a counted loop with exits: `lastIv` if no exit was taken. */
  private normalEnd(op: LoopOp, i: string, name: string): void {
    const inc = op.inclusive ? '=' : '';
    const bound = this.boundText.get(op)!;
    const over = op.step > 0 ? `${i} <${inc} ${bound}` : `${i} >${inc} ${bound}`;
    this.line(`if (!(${over})) ${name} = ${i} ${op.step > 0 ? '-' : '+'} ${Math.abs(op.step)};`);
  }
  private readonly boundText = new Map<LoopOp, string>();

  /** The bound is evaluated once. */
  private stableText(hi: Text, op: LoopOp): Text {
    let t = hi;
    if (hi.prec < 17 || hi.reads.size > 0 || (hi.readsMemory && !hi.code.endsWith('.length'))) {
      if (!/^-?[\d.]+$/.test(hi.code)) {
        const n = this.names.fresh('n');
        this.line(`const ${n} = ${hi.code};`);
        t = atom(n);
      }
    } else if (hi.readsMemory) {
      const n = this.names.fresh('n');
      this.line(`const ${n} = ${hi.code};`);
      t = atom(n);
    }
    this.boundText.set(op, parenthesised(t, 10));
    return t;
  }

  private carriedVariable(
    p: ValueId,
    init: { v: ValueId; text: Text },
    op: LoopOp,
    k: number,
  ): string | undefined {
    if (this.uses.count(p) === 0 && this.uses.count(op.results[k]) === 0) return undefined;
    const chained = this.variable.get(init.v);
    if (
      chained !== undefined &&
      this.uses.count(init.v) === 1 &&
      this.loopOf.get(init.v) === this.loopNow &&
      !op.inits.some((v, j) => j !== k && this.variable.get(v) === chained)
    )
      return chained;
    const name = this.nameFor(p);
    this.declare(name, p, this.poisons.has(init.v) ? undefined : init.text);
    return name;
  }
}
