/**
 * State while one function is lowered: the region under construction, the values of the variables in scope, and the
 * constructs that an exit may leave. Variables disappear here: an assignment only changes `env`, and where control
 * flow joins, variables that differ become results of the construct.
 */
import type { Code } from '../diagnostics/catalog.js';
import {
  type AdjointDiagnostic,
  type Diagnostics,
  type Place,
  placeOf,
  placeOfSpan,
} from '../diagnostics/diagnostic.js';
import { packageHostOf } from '../host/packages.js';
import type { FunctionNode, ScopeFacts } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import {
  type ArrayType,
  type At,
  BOOLEAN,
  type ClassTag,
  type ForeignOp,
  type FunctionTag,
  type LabelId,
  NULLISH,
  NUMBER,
  OPAQUE,
  type Op,
  type RecordType,
  type Region,
  type Span,
  type Terminator,
  type Type,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import {
  CELL,
  fieldsNamed,
  holdsFunctions,
  isRef,
  isRemade,
  isSplit,
  nameOfKey,
  present,
  refType,
  slotType,
  withoutObjects,
} from '../ir/types.js';
import { libraryOf } from '../library/library.js';
import { scalarRule } from '../rules/scalar.js';
import { stop } from './expressions.js';
import { isFunctionVal, reify } from './functions.js';
import type { Inference } from './inference.js';
import {
  cellType,
  derivativeKey,
  type Env,
  identity,
  REPORTED,
  type RuleMap,
  type Shape,
  type Val,
} from './shapes.js';
import { raise, refuseAtRunTime } from './try.js';

/** Thrown to give up the expression or statement at hand after a diagnostic; the next statement goes on. */
export class Refused extends Error {}

/** State of one compilation, shared by all functions that are lowered for it. */
export interface LowerState {
  readonly values: ValueTable;
  readonly diagnostics: Diagnostics;
  /** The user's program. */
  readonly host: Host;
  /** The host compiler's view of the file of a node: of the user's program, of a package, or of the library. */
  readonly hostOf: (node: ts.Node) => Host;
  readonly scopesOf: (node: ts.Node) => ScopeFacts;
  readonly inference: Inference;
  /** The marker call that asked, named in every diagnostic. */
  readonly request: Place & { readonly message: string };
  readonly dependencies: Set<string>;
  /** Objects that are seen through `stopGradient`. */
  readonly stopped: Set<ValueId>;
  /** Functions that hand on an iterator which they make. */
  readonly iteratorMakers: Set<ts.Node>;
  /** Adds a place to what is reported of an operation, if anything is. */
  readonly noteAt: (span: Span, note: Place & { readonly message: string }) => void;
  /** Variables of the scopes around the differentiated function: constants at entry. */
  readonly outer: ReadonlySet<ts.Symbol>;
  /** What `sort` compares two elements by, and where it was called. */
  noteComparison(ops: readonly Op[], at: Span): void;
  /** Calls another function specialised for its arguments; gives its results. `rest` is the array of a rest parameter. */
  call(cx: FunctionContext, decl: FunctionNode, captures: Env, args: readonly Val[], at: ts.Node): Val;
  /** A function that calls another one for these arguments (`spread`: the last is a list of them): what a derivative is taken of. */
  target(
    cx: FunctionContext,
    of: Val,
    args: readonly Val[],
    at: ts.Expression,
    spread: boolean,
    givesNumber?: boolean,
  ): DerivativeTarget;
  /** The function that computes what a derivative rule says for these arguments; it is lowered behind all others. */
  ruleMap(
    cx: FunctionContext,
    of: RuleMap,
    args: readonly Val[],
    at: ts.Expression,
  ): { readonly callee: string; readonly ids: readonly ValueId[] };
  /** A name of a class that no other class of the compilation has. */
  classText(tag: ClassTag): string;
  /** The tag of a function value with its captured variables; the same for the same structure. */
  functionSite(structure: string, shape: Shape): FunctionTag;
  /** Whether a file is part of the runtime package, which exports the markers. */
  isRuntime(file: ts.SourceFile): boolean;
  /** As `outerText`, where there may be none. */
  reach(symbol: ts.Symbol): string | undefined;
  /** The method that gives or sets a private static field. */
  privateText(
    cx: FunctionContext,
    owner: ts.Symbol,
    field: string,
    access: 'get' | 'set',
    node: ts.Node,
  ): string;
  /** Writes a variable outside of the differentiated function through, if it is one. */
  writeOuter(cx: FunctionContext, symbol: ts.Symbol, v: Val, node: ts.Node): void;
  /** The table that a variable holds, as one of its parts; elsewhere it is made at the beginning. */
  isTable(symbol: ts.Symbol): boolean;
  tableNow(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): Val | undefined;
  readOuterAgain(cx: FunctionContext, node: ts.Node): void;
  /** The text that reads a module-level variable from generated code, or a refusal. */
  outerText(cx: FunctionContext, symbol: ts.Symbol, at: ts.Node): string;
}

/** What a derivative is taken of, as a function of the module. */
export interface DerivativeTarget {
  readonly callee: string;
  /** What the call passes for what the function captures, and for its arguments. */
  readonly ids: readonly ValueId[];
  /** The position of each argument among them; nothing for arguments that are functions. */
  readonly positions: readonly (number | undefined)[];
  readonly result: Type;
}

/** One way out of a construct: the variables there, and the arguments of the exit, filled in when the construct is closed. */
export interface Incoming {
  readonly env: Env;
  /** Where operations can be added before the way leaves. */
  readonly ops: Op[];
  readonly args: ValueId[];
}
export interface Finalizer {
  /** How many targets there are outside of it. */
  readonly depth: number;
  readonly throwTarget: FunctionContext['throwTarget'];
  readonly run: () => void;
}
export interface Target {
  readonly label: LabelId;
  readonly breaks: boolean;
  readonly continues: boolean;
  readonly userLabels: readonly string[];
  readonly incoming: Incoming[];
}

/** Why a field is not read, and what to do. */
export const severalKinds = (name: string): [message: string, help: string] => [
  `fields named \`${name}\` hold values of different kinds here, and which one is meant is not known`,
  `ask for it where the field is read, by a tag or as in \`typeof o.${name} === 'number'\`, or give the fields different names`,
];

export class FunctionContext {
  env: Env = new Map();
  ops: Op[] = [];
  /** Set once the current region cannot be continued. */
  end: Terminator | undefined;
  targets: Target[] = [];
  /** Tells objects apart that are made at one place for different uses, as by field initialisers. */
  context = '';
  private sites = 0;
  /** The arguments, where the function asks for single ones of them only: `arguments[1]`, `arguments.length`. */
  given: readonly Val[] | undefined;
  /** How `return` leaves. */
  onReturn: (value: Val, at: ts.Node) => void = () => {};
  /** How an exception leaves a function whose callers may catch it. */
  onThrow: (payload: Val, at: ts.Node) => void = () => {};
  /** Where an exception goes: the `catch` around. */
  throwTarget: { readonly target: Target; readonly payload: ts.Symbol } | undefined;
  /** `finally` blocks around, outermost first: every way out runs those that it leaves. */
  finalizers: readonly Finalizer[] = [];

  constructor(
    readonly state: LowerState,
    /** Variables that live in cells. */
    readonly cells: ReadonlySet<ts.Symbol>,
    /** Tells this specialisation of the function from others. */
    readonly key: string,
    public host: Host,
    /** Where the function was called, for code that is not the user's. */
    readonly calledAt: Span | undefined,
    /** The function gives a completion: a caller may catch what it throws. */
    readonly completion: boolean,
  ) {}

  /** Whether something in the differentiated code may catch what is thrown here. */
  get catches(): boolean {
    return this.throwTarget !== undefined || this.completion;
  }
  /** Runs the `finally` blocks from the innermost one out to `depth`; whether the way out goes on. */
  runFinalizers(depth: number): boolean {
    const saved = { finalizers: this.finalizers, throwTarget: this.throwTarget, targets: this.targets };
    const list = [...this.finalizers];
    for (let f = list.pop(); f && f.depth > depth && !this.end; f = list.pop()) {
      this.finalizers = [...list];
      this.throwTarget = f.throwTarget;
      // it stands outside of what is left: its own exits go from there
      this.targets = saved.targets.slice(0, f.depth);
      f.run();
    }
    this.finalizers = saved.finalizers;
    this.throwTarget = saved.throwTarget;
    this.targets = saved.targets;
    return !this.end;
  }

  get ts(): Host['ts'] {
    return this.host.ts;
  }
  /** The code of the compiler's own library. */
  get isLibrary(): boolean {
    return this.host === libraryOf(this.ts).host;
  }
  get values(): ValueTable {
    return this.state.values;
  }

  span(node: ts.Node): Span {
    if (this.calledAt) return this.calledAt;
    const file = node.getSourceFile();
    return { file: file.fileName, start: node.getStart(file), end: node.end };
  }

  /** Reports an offence and gives up what is being lowered. */
  refuse(code: Code, node: ts.Node, message?: string, help?: string): never {
    this.report(code, node, message, help);
    throw new Refused(code);
  }
  /** Refuses the use of a value in conflict, without a word if the user has been told. */
  refuseConflict(why: string, node: ts.Node): never {
    if (why === REPORTED) {
      if (!this.state.diagnostics.hasErrors)
        this.report('AD7001', node, 'what is refused here was not reported');
      throw new Refused(why);
    }
    return this.refuse('AD4003', node, why);
  }
  report(code: Code, node: ts.Node, message?: string, help?: string): void {
    const related = [this.state.request, ...this.insidePackage(node)];
    this.state.diagnostics.report(code, placeOfSpan(this.span(node)), related, message, help);
  }
  /** What is said at the user's call stands in the JavaScript of a package. */
  private insidePackage(node: ts.Node): AdjointDiagnostic['related'] {
    if (!this.calledAt || !packageHostOf(node.getSourceFile())) return [];
    return [{ ...placeOf(node), message: 'in the package' }];
  }

  // ------------------------------------------------------------------ building

  fresh(type: Type, node?: ts.Node, name?: string): ValueId {
    return this.values.fresh({
      type,
      ...(name === undefined ? {} : { name }),
      ...(node ? { span: this.span(node) } : {}),
    });
  }
  type(id: ValueId): Type {
    return this.values.type(id);
  }
  emit(op: Op): void {
    const written = op.kind === 'store' || op.kind === 'resize' ? op.ref : undefined;
    if (written !== undefined && op.span && !this.replaced && isRemade(this.type(written))) {
      const message = 'an object of the module that holds functions is written here';
      const help = 'keep what changes in an object of its own';
      this.state.diagnostics.report('AD4003', placeOfSpan(op.span), [this.state.request], message, help);
      throw new Refused(message);
    }
    this.checkStopped(op);
    if (op.kind === 'literal' || op.kind === 'alloc') this.sure.add(op.results[0]);
    this.ops.push(op);
  }
  /** Objects that are seen through `stopGradient`. */
  isStopped(id: ValueId): boolean {
    return this.state.stopped.has(id);
  }
  setStopped(id: ValueId): void {
    if (isRef(this.type(id))) this.state.stopped.add(id);
  }
  /** Another name of an object: what is read through it has no derivative. */
  stoppedView(id: ValueId, node: ts.Node): ValueId {
    if (this.isStopped(id)) return id;
    const present = (): Val => ({ kind: 'ir', id: this.scalar('unwrap', [id], node) });
    const view =
      this.type(id).kind === 'maybe'
        ? this.branch(this.scalar('isNullish', [id], node), () => ({ kind: 'ir', id }), present, node)
        : present();
    const named = this.ir(view as Val, node);
    for (const known of [this.sure, this.elements]) if (known.has(id)) known.add(named);
    const base = this.bases.get(id);
    if (base !== undefined) this.bases.set(named, base);
    this.setStopped(named);
    return named;
  }
  /** What is seen through `stopGradient` is not written through that name, nor stored where it could be read in another way. */
  private checkStopped(op: Op): void {
    const { stopped } = this.state;
    if (stopped.size === 0) return;
    const isSeen = (id: ValueId | undefined): boolean => id !== undefined && stopped.has(id);
    const isKept =
      op.kind === 'literal'
        ? !(op.type.kind === 'record' && op.type.functions) && op.args.some(isSeen)
        : op.kind === 'store'
          ? isSeen(op.ref) || isSeen(op.value)
          : op.kind === 'resize'
            ? isSeen(op.ref)
            : op.kind === 'alloc' && isSeen(op.fill);
    if (isKept && op.span) {
      this.state.diagnostics.report('AD5002', placeOfSpan(op.span), [this.state.request]);
      throw new Refused('AD5002');
    }
    // a part of it, or another name
    if ((op.kind === 'scalar' || op.kind === 'runtime' || op.kind === 'foreign') && op.args.some(isSeen))
      for (const id of op.results) this.setStopped(id);
  }
  constant(value: number | boolean | string | null | undefined, node?: ts.Node): ValueId {
    const type =
      typeof value === 'number'
        ? NUMBER
        : typeof value === 'boolean'
          ? BOOLEAN
          : value === null || value === undefined
            ? NULLISH
            : OPAQUE;
    const id = this.fresh(type, node);
    // check mode says where it began
    const span = typeof value === 'number' && !Number.isFinite(value) && node ? this.span(node) : undefined;
    this.emit({ kind: 'const', results: [id], value, ...(span && { span }) });
    this.constants.set(id, value);
    return id;
  }
  private readonly constants = new Map<ValueId, unknown>();
  knownNumber(id: ValueId): number | undefined {
    const value = this.constants.get(id);
    return typeof value === 'number' ? value : undefined;
  }
  knownText(id: ValueId): string | undefined {
    const value = this.constants.get(id);
    return typeof value === 'string' ? value : undefined;
  }
  isKnownUndefined(id: ValueId): boolean {
    return this.knownNothing(id) === 'undefined';
  }
  /** Which of the two a value is that is surely missing. */
  knownNothing(id: ValueId): 'undefined' | 'null' | undefined {
    if (!this.constants.has(id)) return undefined;
    const value = this.constants.get(id);
    return value === undefined ? 'undefined' : value === null ? 'null' : undefined;
  }
  /** Lowers code of another file in this function. */
  inHost<T>(host: Host, run: () => T): T {
    const saved = this.host;
    this.host = host;
    try {
      return run();
    } finally {
      this.host = saved;
    }
  }
  /** Calls a function of the compiler's own library. */
  callLibrary(name: string, args: readonly Val[], node: ts.Node): Val {
    return this.state.call(this, this.libraryFunction(name), new Map(), args, node);
  }
  libraryFunction(name: string): FunctionNode {
    const f = libraryOf(this.ts).functions.get(name);
    if (!f) throw new Error(`the library has no function ${name}`);
    return f;
  }
  /** The type of a value is not known (yet): either it will be found out, or this is what stays. */
  giveUp(node: ts.Node): never {
    return this.refuse('AD3001', node, 'the type of this value could not be found out');
  }
  /** Parts of a table that are read from the real object. */
  replaced: ReadonlyMap<ts.Expression, () => Val> | undefined;
  /** Objects from outside whose class was checked on the way here. */
  checkedClasses = new Set<ValueId>();
  /** The arrays that views were made of. */
  readonly bases = new Map<ValueId, ValueId>();
  /** Elements that were read by an index: they may be missing whatever their type says. */
  readonly elements = new Set<ValueId>();
  /** Objects that are surely there. */
  readonly sure = new Set<ValueId>();
  /** Values that `typeof` gave, and what they may be, where that is known. */
  readonly typesAsked = new Map<ValueId, readonly string[]>();
  /** A boolean that is known while lowering: the other arm of its branch is not lowered at all. */
  known(id: ValueId): boolean | undefined {
    const value = this.constants.get(id);
    return typeof value === 'boolean' ? value : undefined;
  }
  scalar(fn: string, args: readonly ValueId[], node?: ts.Node): ValueId {
    const rule = scalarRule(fn);
    const type =
      rule.result === 'number'
        ? NUMBER
        : rule.result === 'boolean'
          ? BOOLEAN
          : present(this.type(args[args.length - 1]));
    const id = this.fresh(type, node);
    this.emit({ kind: 'scalar', fn, args, results: [id], ...(node ? { span: this.span(node) } : {}) });
    return id;
  }
  /** A pure JavaScript expression without derivative. */
  foreign(
    template: readonly string[],
    args: readonly ValueId[],
    type: Type,
    pure: boolean,
    node: ts.Node,
    role?: ForeignOp['role'],
    mayThrow = !pure && role !== 'reads' && role !== 'writes',
  ): ValueId {
    const remade = args.filter((a) => isRemade(this.type(a)));
    const others = args.filter((a) => isRef(this.type(a)) && !isRemade(this.type(a)));
    const seen = role === 'unknown' || role === 'calls' || role === 'writes' || others.length > 0;
    if (seen && remade.length > 0)
      this.refuse(
        'AD4003',
        node,
        'an object of the module that holds functions is handed to code outside here',
        'hand over its name or its numbers',
      );
    if (role === 'unknown' || role === 'calls') for (const a of args) this.handOut(a, node);
    if (mayThrow && this.catches) return this.attempt(template, args, type, node, role);
    const id = this.fresh(type, node);
    const more = role === undefined ? {} : { role };
    this.emit({ kind: 'foreign', template, args, pure, results: [id], span: this.span(node), ...more });
    return id;
  }
  /** Code outside of the program sees a value: its instances are real ones, and there are no functions in it. */
  handOut(id: ValueId, node: ts.Node): void {
    const t = this.type(id);
    if (holdsFunctions(t))
      this.refuse(
        'AD4003',
        node,
        'functions or accessors that are made here are seen by code outside, or made into text',
        'hand over an object without them',
      );
    if (!this.state.inference.makeReal(t))
      this.refuse('AD2013', node, 'an instance that is made here is seen by code outside, or made into text');
  }
  /** The type of what is made at a node: one type for each specialisation of the function around it, or fewer (`Grain`). */
  site<T extends ArrayType | RecordType>(what: string, node: ts.Node, make: () => T): T {
    const remade = (): T => ({ ...make(), remade: true });
    return this.state.inference.site(this.siteKey(what, node), node, this.replaced ? remade : make) as T;
  }
  /** The type of a kind of thing: an instance of a class, a function with what it captures. */
  siteOfKind<T extends ArrayType | RecordType>(kind: string, node: ts.Node, make: () => T): T {
    const { inference } = this.state;
    if (inference.grain === 'specialisation' || this.replaced) return this.site(kind, node, make);
    return inference.site(kind, node, make) as T;
  }
  /** What was found out about what is made at a node. */
  knownSite(what: string, node: ts.Node): ArrayType | RecordType | undefined {
    return this.state.inference.known(this.siteKey(what, node));
  }
  private siteKey(what: string, node: ts.Node): string {
    const place = `${what}|${identity(node)}|${this.context}`;
    return this.state.inference.grain === 'place' && !this.isLibrary ? place : `${place}|${this.key}`;
  }
  joinTypes(a: Type, b: Type): Type | undefined {
    return this.state.inference.join(a, b);
  }
  /** Unknown code where something may catch: what it throws goes the way of all exceptions. */
  private attempt(
    template: readonly string[],
    args: readonly ValueId[],
    type: Type,
    node: ts.Node,
    role: ForeignOp['role'],
  ): ValueId {
    const last = template.length - 1;
    const wrapped = template.map((t, k) => {
      const head = k === 0 ? `((): any => { try { return [true, ${t}` : t;
      return k === last ? `${head}]; } catch (e) { return [false, e]; } })()` : head;
    });
    const outcome = this.fresh(OPAQUE, node);
    const more = role === undefined ? {} : { role };
    this.emit({
      kind: 'foreign',
      template: wrapped,
      args,
      pure: false,
      results: [outcome],
      span: this.span(node),
      ...more,
    });
    const part = (k: number, t: Type, reads: boolean): ValueId => {
      const id = this.fresh(t, node);
      const as = reads ? { role: 'reads' as const } : {};
      this.emit({
        kind: 'foreign',
        template: ['', `[${k}]`],
        args: [outcome],
        pure: false,
        results: [id],
        span: this.span(node),
        ...as,
      });
      return id;
    };
    const failed = this.scalar('not', [part(0, BOOLEAN, true)], node);
    const thrown = (): undefined =>
      raise(this, { kind: 'ir', id: part(1, OPAQUE, false) }, node, true) as undefined;
    this.branch(failed, thrown, () => undefined, node);
    return part(1, type, false);
  }

  load(ref: ValueId, from: At, node: ts.Node): ValueId {
    const at = 'key' in from ? { key: this.keyOf(ref, from.key, node) } : from;
    const type = slotType(this.type(ref), 'key' in at ? at.key : undefined);
    if (!type) this.refuse('AD3002', node, 'this element or field is not known to the type of the object');
    if ('index' in at && isRemade(this.type(at.index)) && !isRemade(this.type(ref)))
      this.refuse(
        'AD4003',
        node,
        'an object of the module that holds functions is used as a key here',
        'use its name',
      );
    const id = this.fresh(type, node);
    this.emit({ kind: 'load', ref, at, results: [id], span: this.span(node) });
    if (!this.isStopped(ref)) return id;
    if (!isRef(type)) return stop(this, id, node);
    this.setStopped(id);
    return id;
  }
  /** What was read of a value of one kind is read again before another is stored: an object has one for good. */
  staysOfKind(ref: ValueId, t: RecordType, key: string, node: ts.Node): void {
    const name = nameOfKey(key);
    for (const other of fieldsNamed(t, name)) {
      if (other.key === key || other.type.kind !== 'maybe') continue;
      const held = this.load(ref, { key: other.key }, node);
      const fails = (): undefined =>
        refuseAtRunTime(this, `\`${name}\` holds a value of another kind than it is given`, node);
      this.branch(this.scalar('isNullish', [held], node), () => undefined, fails, node);
    }
  }
  /** Which of the fields of one name is read, where the place does not say it. */
  private keyOf(ref: ValueId, key: string, node: ts.Node): string {
    const t = refType(this.type(ref));
    if (t?.kind !== 'record' || t.tuple || isSplit(key) || !this.state.inference.splits.has(key)) return key;
    const [one, other] = fieldsNamed(t, key);
    return other === undefined ? (one?.key ?? key) : this.refuse('AD3003', node, ...severalKinds(key));
  }
  store(ref: ValueId, to: At, value: ValueId, node: ts.Node): void {
    const t = refType(this.type(ref));
    const isField = 'key' in to && t?.kind === 'record' && !t.tuple;
    const at =
      isField && !isSplit(to.key) ? { key: this.state.inference.slotKey(to.key, this.type(value)) } : to;
    if (isField && 'key' in at && isSplit(at.key)) this.staysOfKind(ref, t, at.key, node);
    this.emit({ kind: 'store', ref, at, value, results: [], span: this.span(node) });
  }

  // ------------------------------------------------------------------ control flow

  /** Lowers into a region of its own, with a copy of the variables. */
  region(build: () => void): { ops: Op[]; end: Terminator | undefined; env: Env } {
    const saved = { ops: this.ops, end: this.end, env: this.env, checkedClasses: this.checkedClasses };
    this.ops = [];
    this.end = undefined;
    this.env = new Map(saved.env);
    this.checkedClasses = new Set(saved.checkedClasses);
    try {
      build();
      return { ops: this.ops, end: this.end, env: this.env };
    } finally {
      this.ops = saved.ops;
      this.end = saved.end;
      this.env = saved.env;
      this.checkedClasses = saved.checkedClasses;
    }
  }

  /** Goes on in a list of operations that was begun apart; ways out in it may still be given more. */
  private adopt(ops: Op[]): void {
    const all = this.ops.concat(ops);
    ops.length = 0;
    for (const op of all) ops.push(op);
    this.ops = ops;
  }

  nextSite(): number {
    return ++this.sites;
  }

  /** Ends the region with an exit from `target`; its arguments are filled in when the target is closed. */
  leave(target: Target, node: ts.Node, finalize = true): void {
    if (finalize && !this.runFinalizers(this.targets.indexOf(target))) return;
    const args: ValueId[] = [];
    this.end = { kind: 'exit', target: target.label, site: this.nextSite(), args, span: this.span(node) };
    target.incoming.push({ env: new Map(this.env), args, ops: this.ops });
  }

  /**
   * Joins what reaches the end of a construct: variables of `base` on which the ways in differ become its results. Fills
   * in the arguments of each way and gives the results; afterwards `env` is the joined one.
   */
  join(base: Env, incoming: readonly Incoming[], node: ts.Node, only?: readonly ts.Symbol[]): ValueId[] {
    const results: ValueId[] = [];
    const env: Env = new Map();
    for (const [symbol, before] of base) {
      const vals: Val[] = incoming.map((i) => i.env.get(symbol) ?? before);
      const first = vals[0] ?? before;
      if ((!only?.includes(symbol) || first.kind !== 'ir') && vals.every((v) => sameVal(v, first))) {
        env.set(symbol, first);
        continue;
      }
      if (vals.some(isFunctionVal))
        vals.forEach((v, k) => {
          vals[k] = this.asRecord(v, incoming[k], node);
        });
      this.opaqueTogether(vals, incoming, node);
      const joined = this.joinVals(vals);
      if (typeof joined === 'string') {
        env.set(symbol, { kind: 'conflict', why: joined });
        continue;
      }
      const id = this.values.fresh({ type: joined, name: symbol.name, span: this.span(node) });
      if (vals.some((v) => v.kind === 'ir' && this.isStopped(v.id))) this.setStopped(id);
      this.noteElement(id, vals);
      results.push(id);
      incoming.forEach((i, k) => {
        i.args.push((vals[k] as { id: ValueId }).id);
      });
      env.set(symbol, { kind: 'ir', id });
    }
    this.env = env;
    return results;
  }

  /** A function as a value that control flow can choose; what it needs is added to the way. */
  /** A number that shares a name with a string or the like goes the same way: as a value without derivative. */
  private opaqueTogether(
    vals: Val[],
    ways: readonly { readonly ops: Op[]; readonly env: Env }[],
    node: ts.Node,
  ): void {
    const kind = (v: Val) => (v.kind === 'ir' ? present(this.type(v.id)).kind : undefined);
    if (!vals.some((v) => kind(v) === 'opaque') || !vals.some((v) => kind(v) === 'number')) return;
    vals.forEach((v, k) => {
      if (v.kind !== 'ir' || kind(v) !== 'number') return;
      const saved = this.ops;
      this.ops = ways[k].ops;
      vals[k] = { kind: 'ir', id: this.foreign(['(', ')'], [v.id], OPAQUE, true, node, 'encodes') };
      this.ops = saved;
    });
  }

  asRecord(v: Val, way: { readonly ops: Op[]; readonly env: Env }, node: ts.Node): Val {
    if (!isFunctionVal(v) && v.kind !== 'missing') return v;
    const saved = { ops: this.ops, env: this.env };
    this.ops = way.ops;
    this.env = way.env;
    try {
      return { kind: 'ir', id: this.ir(v, node) };
    } finally {
      this.ops = saved.ops;
      this.env = saved.env;
    }
  }

  private isPartlyStopped(vals: readonly Val[]): boolean {
    const objects = vals.flatMap((v) => (v.kind === 'ir' && isRef(this.type(v.id)) ? [v.id] : []));
    return objects.some((id) => this.isStopped(id)) && !objects.every((id) => this.isStopped(id));
  }
  private joinVals(vals: readonly Val[]): Type | string {
    let type: Type | undefined;
    const isMixed = this.isPartlyStopped(vals);
    for (const v of vals) {
      if (v.kind === 'conflict') return v.why;
      if (v.kind !== 'ir') return 'different functions reach this point';
      if (isMixed) return 'a stopGradient view of an array reaches this point on one path only';
      const t = this.type(v.id);
      type = type === undefined ? t : this.joinTypes(type, t);
      if (type === undefined) return 'values of different types reach this point';
    }
    return type ?? 'nothing reaches this point';
  }

  /** One of several values: it may be missing if one of them may. */
  private noteElement(id: ValueId, from: readonly Val[]): void {
    const mayBe = from.some((v) => v.kind === 'ir' && this.elements.has(v.id));
    if (mayBe && isRef(this.type(id))) this.elements.add(id);
  }

  /** Emits an `if` from two lowered arms, and joins their variables; `value` arms give one more result. */
  branch(
    cond: ValueId,
    thenArm: () => Val | undefined,
    elseArm: () => Val | undefined,
    node: ts.Node,
  ): Val | undefined {
    const known = this.known(cond);
    if (known !== undefined) return known ? thenArm() : elseArm();
    const base = this.env;
    let a: Val | undefined;
    let b: Val | undefined;
    const t = this.region(() => {
      a = thenArm();
    });
    const e = this.region(() => {
      b = elseArm();
    });
    const span = this.span(node);
    if (t.end && e.end) {
      const then: Region = { params: [], ops: t.ops, end: t.end };
      this.emit({ kind: 'if', cond, then, else: emptyRegion(), results: [], span });
      this.adopt(e.ops);
      this.end = e.end;
      return undefined;
    }
    if (t.end || e.end) {
      // one arm leaves: it becomes the exit-if, and the other goes on in this region
      const leaves = t.end ? t : e;
      const stays = t.end ? e : t;
      const test = t.end ? cond : this.scalar('not', [cond], node);
      const then: Region = { params: [], ops: leaves.ops, end: leaves.end as Terminator };
      this.emit({ kind: 'if', cond: test, then, else: emptyRegion(), results: [], span });
      this.adopt(stays.ops);
      this.env = new Map([...base.keys()].map((k) => [k, stays.env.get(k) as Val]));
      return t.end ? b : a;
    }
    const ways: Incoming[] = [
      { env: t.env, args: [], ops: t.ops },
      { env: e.env, args: [], ops: e.ops },
    ];
    const results = this.join(base, ways, node);
    let value: Val | undefined;
    if (a && b) {
      if (sameVal(a, b)) value = a;
      else {
        if (isFunctionVal(a) || isFunctionVal(b)) {
          a = this.asRecord(a, t, node);
          b = this.asRecord(b, e, node);
        }
        if (a.kind === 'missing' && b.kind === 'ir') a = this.asRecord(a, t, node);
        if (b.kind === 'missing' && a.kind === 'ir') b = this.asRecord(b, e, node);
        const both: Val[] = [a, b];
        this.opaqueTogether(both, [t, e], node);
        [a, b] = both;
        const joined = this.joinVals(both);
        if (typeof joined === 'string') {
          if (this.isPartlyStopped(both)) this.refuse('AD5002', node, joined);
          if (a.kind !== 'ir' || b.kind !== 'ir') value = { kind: 'conflict', why: joined };
          else this.refuse('AD3003', node);
        } else {
          const id = this.fresh(joined, node);
          if (both.some((v) => v.kind === 'ir' && this.isStopped(v.id))) this.setStopped(id);
          this.noteElement(id, both);
          results.push(id);
          ways[0].args.push((a as { id: ValueId }).id);
          ways[1].args.push((b as { id: ValueId }).id);
          value = { kind: 'ir', id };
        }
      }
    }
    const arm = (ops: readonly Op[], args: readonly ValueId[]): Region => ({
      params: [],
      ops,
      end: { kind: 'yield', args },
    });
    this.emit({
      kind: 'if',
      cond,
      then: arm(t.ops, ways[0].args),
      else: arm(e.ops, ways[1].args),
      results,
      span,
    });
    return value;
  }

  /** Runs `body` in a block that exits may leave; without exits nothing of the block remains. */
  block(
    kind: { breaks: boolean; continues: boolean; userLabels: readonly string[] },
    body: () => void,
    node: ts.Node,
  ): void {
    const base = this.env;
    const target: Target = { label: this.values.freshLabel(), ...kind, incoming: [] };
    this.targets.push(target);
    const r = this.region(body);
    this.targets.pop();
    const keep = (env: Env): Env => new Map([...base.keys()].map((k) => [k, env.get(k) as Val]));
    if (target.incoming.length === 0) {
      this.adopt(r.ops);
      this.end = r.end;
      this.env = keep(r.env);
      return;
    }
    const ways = [...target.incoming];
    const args: ValueId[] = [];
    if (!r.end) ways.push({ env: r.env, args, ops: r.ops });
    // what the block computed is visible outside only as its result, even where all ways agree
    const changed = [...base].flatMap(([s, before]) =>
      ways.some((w) => !sameVal(w.env.get(s) ?? before, before)) ? [s] : [],
    );
    const results = this.join(base, ways, node, changed);
    const end: Terminator = r.end ?? { kind: 'yield', args };
    this.emit({
      kind: 'block',
      label: target.label,
      body: { params: [], ops: r.ops, end },
      results,
      span: this.span(node),
    });
  }

  // ------------------------------------------------------------------ values

  /** The IR value of a lowered expression. */
  ir(v: Val, node: ts.Node): ValueId {
    switch (v.kind) {
      case 'ir':
        return v.id;
      case 'missing':
        return this.constant(undefined, node);
      case 'conflict':
        return this.refuseConflict(v.why, node);
      case 'cell':
        return this.load(v.ref, { key: CELL }, node);
      case 'class':
        if (this.state.scopesOf(v.decl).captured(v.decl as unknown as FunctionNode).size > 0)
          this.refuse('AD4003', node, 'a class that captures variables is used as a value here');
        return reify(this, v, node);
      default:
        return reify(this, v, node);
    }
  }
  /** The number of a lowered expression; `null` and `undefined` are ruled out by use. */
  number(id: ValueId, node: ts.Node): ValueId {
    const t = this.type(id);
    if (t.kind === 'number') return id;
    if (t.kind === 'never') return this.constant(Number.NaN, node);
    if (t.kind === 'boolean') return this.scalar('num', [id], node);
    if (t.kind === 'maybe' && t.of.kind === 'number') return this.scalar('unwrap', [id], node);
    if (t.kind === 'nullish') return this.foreign(['Number(', ')'], [id], NUMBER, true, node);
    if (t.kind === 'opaque') return this.foreign(['Number(', ')'], [id], NUMBER, true, node);
    return this.refuse('AD3002', node, 'an array or object is used as a number here');
  }
  /** A value known not to be missing. */
  present(id: ValueId, node: ts.Node): ValueId {
    return this.type(id).kind === 'maybe' ? this.scalar('unwrap', [id], node) : id;
  }
  /** Moves a variable that functions share into a cell of its declared type, or of what is stored in it. */
  makeCell(init: ValueId, declared: ts.Type | undefined, node: ts.Node): Val & { kind: 'cell' } {
    // without the declarations of the language, types say nothing of arrays
    const lowered = declared && !this.host.untyped ? lowerType(this.host, declared, node) : undefined;
    const known =
      lowered === undefined || lowered instanceof UnsupportedType
        ? undefined
        : this.joinTypes(withoutObjects(lowered), this.type(init));
    const record = this.site('cell', node, () => cellType(known ?? this.type(init)) as RecordType);
    if (!this.state.inference.store(record, CELL, this.type(init)))
      this.refuse('AD3002', node, 'the type of this shared variable cannot be differentiated');
    const type = slotType(record, CELL) as Type;
    const own = cellType(this.type(init)) as RecordType;
    const ref = this.fresh(record, node);
    this.emit({
      kind: 'literal',
      type: own,
      args: [init],
      results: [ref],
      span: this.span(node),
    });
    return { kind: 'cell', ref, type };
  }
  truth(id: ValueId, node: ts.Node): ValueId {
    if (this.type(id).kind === 'nullish') return this.constant(false, node);
    return this.type(id).kind === 'boolean' ? id : this.scalar('truthy', [id], node);
  }
}

export const emptyRegion = (): Region => ({ params: [], ops: [], end: { kind: 'yield', args: [] } });

export function sameVal(a: Val, b: Val): boolean {
  if (a === b) return true;
  if (a.kind === 'ir' && b.kind === 'ir') return a.id === b.id;
  if (a.kind === 'cell' && b.kind === 'cell') return a.ref === b.ref;
  if (a.kind === 'local' && b.kind === 'local') return a.decl === b.decl;
  if (a.kind === 'math' && b.kind === 'math') return a.name === b.name;
  if (a.kind === 'builtin' && b.kind === 'builtin') return a.name === b.name;
  if (a.kind === 'custom' && b.kind === 'custom') return a.symbol === b.symbol;
  if (a.kind === 'ruleMap' && b.kind === 'ruleMap') return a.symbol === b.symbol && a.mode === b.mode;
  if (a.kind === 'class' && b.kind === 'class') return a.decl === b.decl;
  if (a.kind === 'closure' && b.kind === 'closure')
    return (
      a.decl === b.decl &&
      [...a.captures].every(([k, v]) => sameVal(v, b.captures.get(k) ?? v) && b.captures.has(k))
    );
  if (a.kind === 'derivative' && b.kind === 'derivative')
    return (
      derivativeKey(a) === derivativeKey(b) &&
      sameVal(a.of, b.of) &&
      a.args.length === b.args.length &&
      a.args.every((x, k) => sameVal(x, b.args[k]))
    );
  return a.kind === 'missing' && b.kind === 'missing';
}
