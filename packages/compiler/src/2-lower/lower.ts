/**
 * **Question**: what does the differentiated function compute, in structured SSA?
 * **Needs**: the function, the IR types of its arguments. **Guarantees**: a verified module of functions specialised for
 * their arguments, or diagnostics for every offence. Types are assigned from the call inwards (LANGUAGE.md R12).
 */
import { readOptions } from '../1-discover/options.js';
import { Diagnostics, type Place, placeKey, placeOf } from '../diagnostics/diagnostic.js';
import { readsFixedArguments, usesArguments } from '../host/arguments.js';
import { MARKERS, type MarkerName, type MarkerStep, PLAIN } from '../host/marker.js';
import { packageHostOf } from '../host/packages.js';
import { isStaticThis } from '../host/receivers.js';
import {
  boundFunction,
  type FunctionNode,
  isConst,
  isFunctionNode,
  parametersOf,
  ScopeFacts,
  skipWrappers,
  symbolOf,
} from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { lowerType, outsideType, UnsupportedType } from '../host/types.js';
import { walkNodes } from '../host/walk.js';
import { isAssignedAgain } from '../host/writes.js';
import {
  BOOLEAN,
  type ClassTag,
  type Func,
  type FunctionTag,
  MIXED,
  type Module,
  NEVER,
  NULLISH,
  NUMBER,
  OPAQUE,
  type Op,
  type Region,
  type Span,
  type Terminator,
  type Type,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { mapRules } from '../ir/rules.js';
import { CELL, EndlessType, isLeaf, isRef, isRemade, present, refType, withSplits } from '../ir/types.js';
import { walkOp } from '../ir/visit.js';
import { libraryOf } from '../library/library.js';
import { asArgs } from './args.js';
import { bindPattern, orDefault } from './bindings.js';
import { callValue } from './calls.js';
import { beginConstructor, symbolOfClass } from './classes.js';
import { type DerivativeTarget, FunctionContext, type LowerState, Refused } from './context.js';
import { arrayOf, lowerExpression } from './expressions.js';
import { capturesNow, isFunctionVal, settled } from './functions.js';
import type { Inference } from './inference.js';
import { literalOf } from './literal-members.js';
import {
  ARGUMENTS,
  type Env,
  flatten,
  identity,
  REPORTED,
  type RuleMap,
  type Shape,
  shapeKey,
  THIS,
  unflatten,
  type Val,
} from './shapes.js';
import { declare, lowerStatements } from './statements.js';
import { lowerTable, tableOf } from './tables.js';
import { raise } from './try.js';

export interface LowerRequest {
  readonly host: Host;
  readonly values: ValueTable;
  readonly diagnostics: Diagnostics;
  readonly request: Place & { readonly message: string };
  readonly isRuntime: (file: ts.SourceFile) => boolean;
  /** The expression that reads a module-level variable from the generated code, or `undefined` if it cannot be reached. */
  readonly reach: (symbol: ts.Symbol) => string | undefined;
  /** The method that gives or sets a private static field of a class, if there is a way to it. */
  readonly privateStatic: (owner: ts.Symbol, field: string, access: 'get' | 'set') => string | undefined;
  /** Whether such an expression reads a copy that nobody else holds. */
  readonly isCopy: (text: string) => boolean;
  /** The pieces of text around the value by which generated code writes a module-level variable, if there are such. */
  readonly write: (symbol: ts.Symbol) => readonly [string, string] | undefined;
  readonly target: FunctionNode;
  /** What is known of the types of the target for such arguments, if it was lowered before. */
  readonly inference: Inference;
  /** What `this` is in the target, as an expression at the marker call. */
  readonly receiver: ts.Expression | undefined;
  /** What is called in place of the target, which only says how. */
  readonly callee: ts.Expression | undefined;
  /** Markers around the target: their result is what is lowered. */
  readonly chain: readonly MarkerStep[];
  /** The target returns `[loss, extra]`, and the loss is what is lowered. */
  readonly aux: boolean;
  /** The marker call. */
  readonly call: ts.CallExpression;
  /** Position of the rest parameter of what is lowered. */
  readonly rest: number | undefined;
  readonly argTypes: readonly Type[];
  /** The file of the marker call, where the generated code stands. */
  readonly at: ts.SourceFile;
  /** Gains the files whose functions were read. */
  readonly dependencies: Set<string>;
  /** Gains what is to be said with what is reported of an operation, by its place. */
  readonly notes: Map<string, Place & { readonly message: string }>;
}

export interface Lowered {
  readonly module: Module;
  readonly entry: Func;
  /** Outer variables that the function reads, in the order of the entry's parameters behind the arguments. */
  readonly captured: readonly string[];
  /** Variables outside that the function assigns. */
  readonly assigned: readonly OuterVariable[];
  /** What the target returned, if that is more than what is differentiated. */
  readonly returned: ValueId | undefined;
  /** The functions that `sort` calls, by key, with the place of such a call of `sort`. */
  readonly comparators: ReadonlyMap<string, Span>;
}

/** How a variable outside is read, and written: the text around the value. */
export interface OuterVariable {
  readonly read: string;
  readonly write: readonly string[];
}

interface Return {
  readonly args: ValueId[];
  readonly value: Val;
  readonly node: ts.Node;
  /** `undefined`, where other returns give a value. */
  readonly missing: ValueId;
  /** Where operations can be added before it leaves. */
  readonly ops: Op[];
  readonly env: Env;
}

interface Thrown {
  readonly args: ValueId[];
  readonly payload: ValueId;
  readonly ops: Op[];
  readonly node: ts.Node;
}

interface Specialised {
  readonly key: string;
  /** Function, captures and argument types as text. */
  readonly spec: string;
  result: Shape | undefined;
  done: boolean;
  /** Gives a completion: whether it threw, what, and then its results. */
  readonly completion: boolean;
  /** The shape that recursive calls took for granted. */
  assumed: Shape | undefined;
  /** What was said of it. */
  reported?: Diagnostics;
}

class Lowering implements LowerState {
  readonly iteratorMakers = new Set<ts.Node>();
  readonly stopped = new Set<ValueId>();
  type(id: ValueId): Type {
    return this.values.type(id);
  }
  isStopped(id: ValueId): boolean {
    return this.stopped.has(id);
  }
  readonly funcs = new Map<string, Func>();
  private readonly specialised = new Map<string, Specialised>();
  private readonly names = new Set<string>();
  /** Variables of the scopes around the target: constants at entry. */
  outer: ReadonlySet<ts.Symbol> = new Set();

  constructor(
    readonly r: LowerRequest,
    readonly inference: Inference,
    public diagnostics: Diagnostics,
  ) {
    this.host = { ...r.host, splits: inference.splits };
  }
  readonly host: Host;
  readonly hostOf = (node: ts.Node): Host => {
    const library = libraryOf(this.r.host.ts);
    const file = node.getSourceFile();
    return file === library.file ? library.host : (packageHostOf(file) ?? this.host);
  };
  readonly scopesOf = (node: ts.Node): ScopeFacts => ScopeFacts.of(this.hostOf(node));
  noteAt(span: Span, note: Place & { readonly message: string }): void {
    this.r.notes.set(placeKey(span), note);
  }
  get dependencies(): Set<string> {
    return this.r.dependencies;
  }
  get values(): ValueTable {
    return this.r.values;
  }
  get request() {
    return this.r.request;
  }
  private readonly classTexts = new Map<string, ClassTag>();
  classText(tag: ClassTag): string {
    for (let k = 1; ; k++) {
      const text = k === 1 ? tag.name : `${tag.name}#${k}`;
      const owner = this.classTexts.get(text);
      if (owner && owner.id !== tag.id) continue;
      this.classTexts.set(text, tag);
      return text;
    }
  }
  functionSite(structure: string, shape: Shape): FunctionTag {
    return this.inference.functionSite(structure, shape);
  }
  isRuntime(file: ts.SourceFile): boolean {
    return this.r.isRuntime(file);
  }
  reach(symbol: ts.Symbol): string | undefined {
    return this.r.reach(symbol);
  }
  outerText(cx: FunctionContext, symbol: ts.Symbol, at: ts.Node): string {
    const text = this.r.reach(symbol);
    return (
      text ??
      cx.refuse(
        'AD5007',
        at,
        isInNamespace(this.host.ts, symbol)
          ? `\`${symbol.name}\` belongs to a namespace, which does not export it`
          : `\`${symbol.name}\` belongs to a module of another package, which does not export it`,
        isInNamespace(this.host.ts, symbol) ? 'export it from the namespace' : undefined,
      )
    );
  }

  /** How the primal variables are written: captured ones through a function that is passed with them. */
  private readonly setters = new Map<ts.Symbol, ts.Symbol>();

  /** Cells for the variables outside that the program writes; `captured` gains what the marker call has to pass. */
  makeOuterCells(cx: FunctionContext, at: ts.Node): void {
    for (const [symbol, node] of this.inference.outerWrites) {
      const known = cx.env.get(symbol);
      this.assigned.push(
        known
          ? { read: symbol.name, write: [`${symbol.name} = `, ''] }
          : { read: this.placeText(cx, symbol, node), write: this.writing(cx, symbol, node) },
      );
      const declared = this.hostOf(at).checker.getTypeOfSymbolAtLocation(symbol, at);
      const v = known && known.kind !== 'conflict' ? known : this.readOuter(cx, symbol, declared, node);
      cx.env.set(symbol, cx.makeCell(cx.ir(v, node), declared, symbol.valueDeclaration ?? node));
    }
  }
  readonly assigned: OuterVariable[] = [];
  /** The tables that the program uses, in the place of the variables that hold them. */
  makeTables(cx: FunctionContext): void {
    for (const [symbol, node] of this.inference.tables) this.makeTable(cx, symbol, node);
  }
  /** `grad(net.forward)`, where `net` is a table. */
  private remakeReceiver(cx: FunctionContext): void {
    const { ts } = this.r.host;
    const e = this.r.receiver && skipWrappers(ts, this.r.receiver);
    const symbol = e && ts.isIdentifier(e) ? symbolOf(this.r.host, e) : undefined;
    if (!e || !symbol || !this.inference.readsTables || this.scopesOf(e).isLocal(symbol)) return;
    const made = cx.env.get(symbol) ?? this.tableNow(cx, symbol, e);
    if (made) cx.env.set(THIS, made);
  }
  private makeTable(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): Val | undefined {
    const table = tableOf(this, symbol);
    if (!table || this.madeTables.has(symbol)) return cx.env.get(symbol);
    this.madeTables.add(symbol);
    const root = cx.env.has(symbol) ? () => undefined : () => this.placeText(cx, symbol, node);
    const made: Val = { kind: 'ir', id: cx.ir(lowerTable(cx, table, root), node) };
    cx.env.set(symbol, made);
    return made;
  }
  private readonly madeTables = new Set<ts.Symbol>();
  isTable(symbol: ts.Symbol): boolean {
    return tableOf(this, symbol) !== undefined;
  }
  tableNow(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): Val | undefined {
    if (!this.isTable(symbol)) return undefined;
    if (cx.replaced) return this.makeTable(cx, symbol, node);
    this.inference.noteTable(symbol, node);
    return cx.giveUp(node);
  }
  /** Variables that the function assigns, and that code from outside may have assigned too. */
  readOuterAgain(cx: FunctionContext, node: ts.Node): void {
    for (const symbol of this.inference.outerWrites.keys()) {
      const cell = cx.env.get(symbol);
      if (cell?.kind !== 'cell') continue;
      if (isRef(cell.type) || this.setters.has(symbol))
        cx.refuse(
          'AD4003',
          node,
          `a function that comes from outside may assign \`${symbol.name}\`, which is assigned here too`,
          'pass it as an argument',
        );
      const now = cx.foreign([this.placeText(cx, symbol, node)], [], cell.type, false, node, 'reads');
      const before = cx.load(cell.ref, { key: CELL }, node);
      // what was not assigned keeps its derivative
      const assign = (): undefined => {
        cx.store(cell.ref, { key: CELL }, now, node);
        return undefined;
      };
      cx.branch(cx.scalar('ne', [now, before], node), assign, () => undefined, node);
    }
  }
  private readOuter(cx: FunctionContext, symbol: ts.Symbol, declared: ts.Type, node: ts.Node): Val {
    const type = outsideType(this.host, declared, node);
    if (type instanceof UnsupportedType) return cx.refuse(type.code, node, type.why);
    const id = cx.fresh(type, node, symbol.name);
    const text = this.placeText(cx, symbol, node);
    cx.emit({ kind: 'outer', text, changes: true, results: [id], span: cx.span(node) });
    return { kind: 'ir', id };
  }
  /** The text of a variable outside, or of a static field. */
  private placeText(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): string {
    return this.staticText(cx, symbol, node) ?? this.outerText(cx, symbol, node);
  }
  private staticText(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): string | undefined {
    const d = symbol.valueDeclaration;
    const { ts } = this.host;
    if (!d || !ts.isPropertyDeclaration(d)) return undefined;
    const owner = ts.isClassLike(d.parent) ? symbolOfClass(cx, d.parent) : undefined;
    if (!owner) return cx.refuse('AD5007', node);
    if (ts.isPrivateIdentifier(d.name)) return `${this.privateText(cx, owner, d.name.text, 'get', node)}()`;
    return `${this.outerText(cx, owner, node)}.${symbol.name}`;
  }
  privateText(
    cx: FunctionContext,
    owner: ts.Symbol,
    field: string,
    access: 'get' | 'set',
    node: ts.Node,
  ): string {
    const text = this.r.privateStatic(owner, field, access);
    return (
      text ?? cx.refuse('AD5007', node, `the private static field \`${field}\` cannot be reached from here`)
    );
  }
  /** The pieces of text around the value that is stored in a variable outside, or in a static field. */
  private writing(cx: FunctionContext, symbol: ts.Symbol, node: ts.Node): readonly string[] {
    const d = symbol.valueDeclaration;
    const { ts } = this.host;
    if (d && ts.isPropertyDeclaration(d) && ts.isPrivateIdentifier(d.name) && ts.isClassLike(d.parent)) {
      const owner = symbolOfClass(cx, d.parent);
      if (!owner) return cx.refuse('AD5007', node);
      return [`${this.privateText(cx, owner, d.name.text, 'set', node)}(`, ')'];
    }
    const place = this.staticText(cx, symbol, node);
    return (
      (place === undefined ? this.r.write(symbol) : [`${place} = `, '']) ??
      cx.refuse(
        'AD5007',
        node,
        isInNamespace(this.host.ts, symbol)
          ? `\`${symbol.name}\` belongs to a namespace, which does not export it, and is written here`
          : `\`${symbol.name}\` belongs to another package, and is written here`,
        isInNamespace(this.host.ts, symbol) ? 'export it from the namespace' : undefined,
      )
    );
  }
  writeOuter(cx: FunctionContext, symbol: ts.Symbol, v: Val, node: ts.Node): void {
    if (!this.inference.outerWrites.has(symbol)) return;
    const id = cx.ir(v, node);
    const setter = this.setters.get(symbol);
    const set = setter && cx.env.get(setter);
    if (set) cx.foreign(['', '(', ')'], [cx.ir(set, node), id], OPAQUE, false, node, 'writes');
    else cx.foreign(this.writing(cx, symbol, node), [id], OPAQUE, false, node, 'writes');
  }
  /** The variable that holds the function which writes a captured variable. */
  setterOf(symbol: ts.Symbol): ts.Symbol {
    let s = this.setters.get(symbol);
    if (!s) this.setters.set(symbol, (s = { name: `set_${symbol.name}` } as ts.Symbol));
    return s;
  }
  private withOuter(cx: FunctionContext, captures: Env): Env {
    const { outerWrites, tables } = this.inference;
    if (outerWrites.size + tables.size === 0) return captures;
    const all: Env = new Map(captures);
    for (const symbol of [...outerWrites.keys(), ...tables.keys()])
      for (const s of [symbol, this.setters.get(symbol)]) {
        const v = s && cx.env.get(s);
        if (s && v) all.set(s, v);
      }
    return all;
  }

  readonly comparators = new Map<string, Span>();
  noteComparison(ops: readonly Op[], at: Span): void {
    for (const of of ops)
      walkOp(of, (op) => {
        if (op.kind === 'call' && !this.comparators.has(op.callee)) this.comparators.set(op.callee, at);
      });
  }

  call(cx: FunctionContext, decl: FunctionNode, captures: Env, args: readonly Val[], at: ts.Node): Val {
    const caps = [...this.withOuter(cx, captures)].map(([s, v]) => [s, flatten(v, this)] as const);
    const completion = cx.catches;
    const isSure = (id: ValueId): boolean => cx.sure.has(id);
    const isElement = (id: ValueId): boolean => completion && isRef(this.type(id)) && cx.elements.has(id);
    const given = args.map((v) => flatten(v, this, isSure, isElement));
    const key = `${completion ? 'completion|' : ''}${identity(decl)}|${caps.map(([s, c]) => `${identity(s)}=${shapeKey(c.shape)}`).join(';')}|${given.map((g) => shapeKey(g.shape)).join(';')}`;
    let f = this.specialised.get(key);
    if (!f) {
      f = {
        key: this.freshName(decl),
        spec: key,
        result: undefined,
        done: false,
        assumed: undefined,
        completion,
      };
      const own = f;
      this.specialised.set(key, f);
      this.enter(decl);
      this.telling(f, () => {
        this.lowerFunction(
          own,
          decl,
          caps.map(([s, c]) => [s, c.shape]),
          given.map((g) => g.shape),
          this.hostOf(decl) === this.host ? undefined : cx.span(at),
        );
      });
      this.leave(decl);
    } else this.tellAgain(f);
    if (!f.done) f.assumed ??= this.recursiveResult(f, decl, at);
    const shape = (f.done ? f.result : f.assumed) ?? { kind: 'missing' as const };
    const results: ValueId[] = [];
    const thrown = this.inference.thrown(f.spec);
    const threw = thrown && cx.fresh(BOOLEAN, at);
    const payload = thrown && cx.fresh(thrown, at);
    if (threw !== undefined && payload !== undefined) results.push(threw, payload);
    const value = unflatten(shape, (type, _sure, stopped, element) => {
      const id = cx.fresh(type, at);
      if (element) cx.elements.add(id);
      if (stopped) cx.setStopped(id);
      results.push(id);
      return id;
    });
    const ids = [...caps.flatMap(([, c]) => c.ids), ...given.flatMap((g) => g.ids)];
    cx.emit({ kind: 'call', callee: f.key, args: ids, results, span: cx.span(at) });
    if (threw !== undefined && payload !== undefined)
      cx.branch(
        threw,
        () => void raise(cx, { kind: 'ir', id: payload }, at) as undefined,
        () => undefined,
        at,
      );
    return value;
  }

  private readonly open: Specialised[] = [];
  private readonly around = new Map<Specialised, Set<Specialised>>();
  /** Keeps what is said of a function that is lowered once, however often it is called. */
  private telling(f: Specialised, lowerIt: () => void): void {
    const outer = this.diagnostics;
    const own = new Diagnostics(outer);
    this.diagnostics = own;
    this.open.push(f);
    try {
      lowerIt();
    } finally {
      this.open.pop();
      this.diagnostics = outer;
      f.reported = own;
      outer.addAll(own);
    }
  }
  /** Where the body of a loop is lowered again, what was said of it is forgotten; what it calls is not lowered again. */
  private tellAgain(f: Specialised, seen = new Set<Specialised>()): void {
    if (seen.has(f)) return;
    seen.add(f);
    if (f.reported) this.diagnostics.addAll(f.reported);
    else
      for (const x of this.open.slice(this.open.indexOf(f) + 1))
        this.around.set(x, (this.around.get(x) ?? new Set()).add(f));
    for (const x of this.around.get(f) ?? []) this.tellAgain(x, seen);
  }

  /** How many specialisations of a function are being lowered, each called by the one before. */
  private readonly nesting = new Map<FunctionNode, number>();
  private enter(decl: FunctionNode): void {
    const depth = (this.nesting.get(decl) ?? 0) + 1;
    this.nesting.set(decl, depth);
    if (depth > MAX_NESTING[this.inference.grain])
      throw new EndlessType('a function calls itself with new kinds of arguments without end');
  }
  private leave(decl: FunctionNode): void {
    this.nesting.set(decl, (this.nesting.get(decl) ?? 0) - 1);
  }

  /** What a recursive call gives: what was found before, or its declared type. */
  private recursiveResult(f: Specialised, decl: FunctionNode, at: ts.Node): Shape {
    const { checker, ts } = this.hostOf(decl);
    const known = this.inference.result(f.spec);
    if (known.kind !== 'never') return resultShape(known);
    const signature =
      (ts.isCallExpression(at) && this.hostOf(at) === this.hostOf(decl)
        ? checker.getResolvedSignature(at)
        : undefined) ?? checker.getSignatureFromDeclaration(decl);
    const type = signature && lowerType(this.hostOf(decl), checker.getReturnTypeOfSignature(signature), decl);
    // objects are known better by where they are made, and what a type parameter stands for by the call
    const isOpen = !type || type instanceof UnsupportedType || isRef(type) || present(type).kind === 'opaque';
    if (isOpen) return resultShape(NEVER);
    return resultShape(this.inference.noteResult(f.spec, type));
  }

  lowerFunction(
    f: Specialised,
    decl: FunctionNode,
    caps: readonly (readonly [ts.Symbol, Shape])[],
    args: readonly Shape[],
    calledAt?: Span,
  ): Func {
    const host = this.hostOf(decl);
    if (host !== libraryOf(host.ts).host) this.dependencies.add(decl.getSourceFile().fileName);
    const names = args.map((_, k) => parameterName(this.host.ts, decl, k));
    return this.build(f, decl, caps, { shapes: args, names }, calledAt, (cx, given, returns) => {
      bindParameters(cx, decl, given);
      hoistVar(cx, decl);
      if (this.host.ts.isConstructorDeclaration(decl)) beginConstructor(cx, decl);
      const body = decl.body ?? cx.refuse('AD4002', decl);
      if (this.host.ts.isBlock(body)) lowerStatements(cx, body.statements);
      else cx.onReturn(lowerExpression(cx, body), body);
      if (!cx.end) fallOff(cx, decl, returns);
    });
  }

  /** A function with these captured variables and parameters; `body` lowers what it does. */
  private build(
    f: Specialised,
    decl: ts.Node,
    caps: readonly (readonly [ts.Symbol, Shape])[],
    args: { readonly shapes: readonly Shape[]; readonly names: readonly string[] },
    calledAt: Span | undefined,
    body: (cx: FunctionContext, given: readonly Val[], returns: Return[]) => void,
  ): Func {
    const host = this.hostOf(decl);
    const cells = this.scopesOf(decl).cells(outermost(host.ts, decl));
    const cx = new FunctionContext(this, cells, f.spec, host, calledAt, f.completion);
    const params: ValueId[] = [];
    const fresh = (name: string) => (type: Type, sure: boolean, stopped: boolean, element: boolean) => {
      const id = cx.fresh(type, decl, name);
      if (element) cx.elements.add(id);
      if (stopped) cx.setStopped(id);
      if (sure) cx.sure.add(id);
      params.push(id);
      return id;
    };
    for (const [symbol, shape] of caps) cx.env.set(symbol, unflatten(shape, fresh(symbol.name)));
    const given = args.shapes.map((shape, k) => unflatten(shape, fresh(args.names[k])));
    const label = this.values.freshLabel();
    const returns: Return[] = [];
    cx.onReturn = (value, node) => {
      const exitArgs: ValueId[] = [];
      const settledValue = settled(cx, value);
      if (!cx.runFinalizers(-1)) return;
      returns.push({
        args: exitArgs,
        value: settledValue,
        node,
        missing: cx.constant(undefined, node),
        ops: cx.ops,
        env: cx.env,
      });
      cx.end = { kind: 'exit', target: label, site: cx.nextSite(), args: exitArgs, span: cx.span(node) };
    };
    const throws: Thrown[] = [];
    cx.onThrow = (payload, node) => {
      const args: ValueId[] = [];
      throws.push({ args, payload: cx.ir(payload, node), ops: cx.ops, node });
      cx.end = { kind: 'exit', target: label, site: cx.nextSite(), args, span: cx.span(node) };
    };
    const r = cx.region(() => {
      try {
        if (f.spec === 'entry') {
          this.makeOuterCells(cx, decl);
          this.makeTables(cx);
          this.remakeReceiver(cx);
        }
        body(cx, given, returns);
      } catch (e) {
        if (!(e instanceof Refused)) throw e;
        f.result = { kind: 'conflict', why: REPORTED };
      }
    });
    f.done = true;
    if (f.result === undefined) f.result = this.joinReturns(cx, returns, decl, f);
    this.joinThrows(cx, returns, throws, f);
    const func = finish(f.key, label, params, r.ops, r.end, returns, cx, decl);
    this.funcs.set(f.key, func);
    return func;
  }

  /** The function that calls the target, or what the markers of the request give for it. */
  lowerCall(f: Specialised, caps: readonly (readonly [ts.Symbol, Shape])[], shapes: readonly Shape[]): Func {
    const { target, callee, chain, call, rest, aux } = this.r;
    this.dependencies.add(target.getSourceFile().fileName);
    const names = shapes.map((_, k) => parameterName(this.host.ts, target, k));
    return this.build(f, call, caps, { shapes, names }, undefined, (cx, given) => {
      const own: Val = callee
        ? lowerExpression(cx, callee)
        : { kind: 'closure', decl: target, captures: withThis(cx, capturesNow(cx, target)) };
      const of = chain.reduce(
        (of: Val, { marker, options }): Val => ({ kind: 'derivative', of, what: marker, options, args: [] }),
        own,
      );
      const result = callValue(cx, of, asArgs(given, call, rest !== undefined), call, undefined);
      cx.onReturn(aux ? this.lossOf(cx, result) : result, call);
    });
  }
  /** The first element of what the target returned; all of it is `returned`. */
  private lossOf(cx: FunctionContext, result: Val): Val {
    const { call } = this.r;
    const id = cx.ir(result, call);
    const type = refType(cx.type(id));
    if (!type) return cx.refuse('AD1004', call, '`aux` needs a function that returns `[loss, extra]`');
    const at = type.kind === 'array' ? { index: cx.constant(0, call) } : { key: '0' };
    const loss = cx.number(cx.load(id, at, call), call);
    if (!this.inference.makeReal(type))
      cx.refuse('AD2013', call, 'the function returns an instance of a class that it makes');
    this.returned = cx.foreign(['', ''], [id], OPAQUE, false, call, 'reads');
    return { kind: 'ir', id: loss };
  }
  returned: ValueId | undefined;

  /** The function that calls `of` for arguments of these shapes: a derivative is taken of it. */
  target(
    cx: FunctionContext,
    of: Val,
    args: readonly Val[],
    at: ts.Expression,
    spread: boolean,
    /** A number is asked for: one that may be missing, as far as is known, is taken for it. */
    givesNumber = false,
  ): DerivativeTarget {
    const caps = [...this.withOuter(cx, new Map())].map(([s, v]) => [s, flatten(v, this)] as const);
    const parts = [of, ...args].map((v) => flatten(settled(cx, v), this, (id) => cx.sure.has(id)));
    const spec = `target|${cx.catches}|${spread}|${givesNumber}|${caps.map(([s, c]) => `${identity(s)}=${shapeKey(c.shape)}`).join(';')}|${parts.map((p) => shapeKey(p.shape)).join(';')}`;
    let f = this.specialised.get(spec);
    if (!f) {
      const key = this.freshKey(nameOfTarget(this.host.ts, parts[0].shape));
      f = { key, spec, result: undefined, done: false, assumed: undefined, completion: cx.catches };
      this.specialised.set(spec, f);
      const shapes = parts.map((p) => p.shape);
      const names = ['f', ...args.map((_, k) => argumentName(this.host.ts, parts[0].shape, k))];
      const own = caps.map(([s, c]) => [s, c.shape] as const);
      const made = f;
      this.telling(f, () => {
        this.build(made, at, own, { shapes, names }, cx.calledAt, (inner, [target, ...given]) => {
          const v = callValue(inner, target, asArgs(given, at, spread), at, undefined);
          const isNumber = givesNumber && v.kind === 'ir' && isLeaf(inner.type(v.id));
          inner.onReturn(isNumber ? { kind: 'ir', id: inner.number(v.id, at) } : v, at);
        });
      });
    } else this.tellAgain(f);
    if (!f.done) cx.refuse('AD1009', at);
    if (this.inference.thrown(f.spec))
      cx.refuse('AD1010', at, 'an exception of a function whose derivative is taken here may be caught');
    if (f.result?.kind === 'conflict') cx.refuseConflict(f.result.why, at);
    if (f.result?.kind === 'missing' && this.diagnostics.hasErrors) cx.refuseConflict(REPORTED, at);
    if (f.result?.kind !== 'ir')
      cx.refuse('AD1004', at, 'the function whose derivative is taken here returns nothing, or a function');
    const ids = [...caps.flatMap(([, c]) => c.ids), ...parts.flatMap((p) => p.ids)];
    let next = ids.length - parts.slice(1).reduce((n, p) => n + p.ids.length, 0);
    const positions = parts.slice(1).map((p) => {
      const at = p.shape.kind === 'ir' ? next : undefined;
      next += p.ids.length;
      return at;
    });
    const result = f.result?.kind === 'ir' ? f.result.type : NUMBER;
    return { callee: f.key, ids, positions, result };
  }

  /** Functions of derivative rules that are still to be lowered: a rule may call the function that it belongs to. */
  private readonly ruleMaps: { readonly key: string; readonly lower: () => void }[] = [];
  ruleMap(
    cx: FunctionContext,
    of: RuleMap,
    args: readonly Val[],
    at: ts.Expression,
  ): { readonly callee: string; readonly ids: readonly ValueId[] } {
    const caps = [...this.withOuter(cx, new Map())].map(([s, v]) => [s, flatten(v, this)] as const);
    const given = args.map((v) => flatten(v, this, (id) => cx.sure.has(id)));
    const ids = [...caps.flatMap(([, c]) => c.ids), ...given.flatMap((g) => g.ids)];
    const spec = `rule|${shapeKey(of)}|${caps.map(([s, c]) => `${identity(s)}=${shapeKey(c.shape)}`).join(';')}|${given.map((g) => shapeKey(g.shape)).join(';')}`;
    const known = this.specialised.get(spec);
    if (known) return { callee: known.key, ids };
    const key = this.freshKey(`${of.symbol.name}_${of.mode}`);
    const f = { key, spec, result: undefined, done: false, assumed: undefined, completion: false };
    this.specialised.set(spec, f);
    const names = [...given.slice(0, -2).map((_, k) => `x${k}`), 'numbers', 'count'];
    const own = caps.map(([s, c]) => [s, c.shape] as const);
    const span = cx.span(at);
    this.ruleMaps.push({
      key,
      lower: () => {
        this.build(f, at, own, { shapes: given.map((g) => g.shape), names }, span, (inner, values) =>
          inner.onReturn(callValue(inner, of, asArgs(values, at), at, undefined), at),
        );
        if (!isNumbers(f.result)) cx.report('AD4007', at, 'it gives no list of numbers');
      },
    });
    return { callee: key, ids };
  }
  /** Lowers what `ruleMap` promised; operations learn of rules that could not be lowered. */
  lowerRules(): void {
    const failed = new Map<string, string>();
    for (const { key, lower } of this.ruleMaps) {
      const why = this.tryRule(lower);
      if (why !== undefined) failed.set(key, why);
    }
    if (failed.size === 0) return;
    const { funcs } = mapRules({ funcs: this.funcs, values: this.values }, (rule) => {
      const { pull = '', push = '' } = rule;
      const why = failed.get(pull) ?? failed.get(push);
      if (why === undefined) return rule;
      const isThere = (key: string) => key !== '' && !failed.has(key);
      return { why, ...(isThere(pull) && { pull }), ...(isThere(push) && { push }) };
    });
    for (const [key, f] of funcs) this.funcs.set(key, f);
  }
  /** Nobody is told of what is wrong with a rule that is not needed: the attempt leaves no trace then. */
  private tryRule(lowerIt: () => void): string | undefined {
    if (this.inference.outerWrites.size > 0)
      return 'the program assigns a variable outside, which may have changed when the rule runs again';
    const before = [new Set(this.specialised.keys()), new Set(this.funcs.keys())];
    const { diagnostics } = this;
    this.diagnostics = new Diagnostics();
    lowerIt();
    const problem = this.diagnostics.sorted().find((d) => d.severity === 'error');
    if (!problem) diagnostics.addAll(this.diagnostics);
    else
      [this.specialised, this.funcs].forEach((map, k) => {
        for (const name of map.keys()) if (!before[k].has(name)) map.delete(name);
      });
    this.diagnostics = diagnostics;
    return problem && `${problem.message} (${problem.code})`;
  }

  /** One shape for all returns; fills in the arguments of the exits. */
  private joinReturns(cx: FunctionContext, returns: readonly Return[], decl: ts.Node, f: Specialised): Shape {
    returns = functionsAsRecords(cx, returns);
    const some = returns.some((r) => r.value.kind !== 'missing');
    if (!some) return { kind: 'missing' };
    let shape: Shape | undefined;
    for (const r of returns) {
      const value: Val = r.value.kind === 'missing' ? { kind: 'ir', id: r.missing } : r.value;
      const flat = flatten(value, this);
      r.args.push(...flat.ids);
      if (!shape) shape = flat.shape;
      else if (shape.kind === 'ir' && flat.shape.kind === 'ir') {
        const given = [shape, flat.shape].filter((x) => isRef(x.type));
        const stopped = given.some((x) => x.stopped);
        if (stopped && !given.every((x) => x.stopped)) return this.refused(cx, r.node, 'AD5002');
        const type = this.inference.join(shape.type, flat.shape.type);
        if (!type) return this.refused(cx, r.node, 'AD3003');
        // what is one object on every way stays that
        const { literal, ...known } = shape;
        shape = {
          ...known,
          type,
          stopped,
          ...(literal && literal === flat.shape.literal ? { literal } : {}),
        };
      } else if (shapeKey(shape) !== shapeKey(flat.shape)) return this.refused(cx, r.node, 'AD4003');
    }
    if (f.assumed && shape?.kind === 'ir') {
      if (shape.stopped) return this.refused(cx, decl, 'AD5002');
      const before = f.assumed.kind === 'ir' ? f.assumed.type : NULLISH;
      const joined = this.inference.join(before, shape.type);
      if (!joined) return this.refused(cx, decl, 'AD3003');
      shape = { ...shape, type: this.inference.noteResult(f.spec, joined) };
    } else if (f.assumed && shape && shapeKey(f.assumed) !== shapeKey(shape))
      return this.refused(cx, decl, 'AD3003');
    const mayBeElement = returns.some((r) => r.value.kind === 'ir' && cx.elements.has(r.value.id));
    if (cx.completion && shape?.kind === 'ir' && isRef(shape.type) && mayBeElement)
      return { ...shape, element: true };
    return shape ?? { kind: 'missing' };
  }

  /** Completions: returns say that nothing was thrown, throws have no results. */
  private joinThrows(
    cx: FunctionContext,
    returns: readonly Return[],
    throws: readonly Thrown[],
    f: Specialised,
  ): void {
    let type = this.inference.thrown(f.spec);
    for (const t of throws) {
      const joined: Type | undefined = type
        ? this.inference.join(type, this.values.type(t.payload))
        : this.values.type(t.payload);
      if (!joined)
        return void cx.report('AD2010', t.node, 'exceptions of different types leave this function');
      type = joined;
    }
    if (!type) return;
    this.inference.noteThrown(f.spec, type);
    const constant = (ops: Op[], value: boolean | undefined, as: Type, poison: boolean): ValueId => {
      const id = this.values.fresh({ type: as });
      ops.push({ kind: 'const', value, results: [id], ...(poison ? { poison } : {}) });
      return id;
    };
    const results = f.result ? flattenShape(f.result) : [];
    for (const r of returns)
      r.args.unshift(constant(r.ops, false, BOOLEAN, false), constant(r.ops, undefined, type, true));
    for (const t of throws)
      t.args.push(
        constant(t.ops, true, BOOLEAN, false),
        t.payload,
        ...results.map((as) => constant(t.ops, undefined, as, true)),
      );
  }

  private refused(cx: FunctionContext, node: ts.Node, code: keyof typeof REFUSED_RETURNS): Shape {
    cx.report(code, node, REFUSED_RETURNS[code]);
    return { kind: 'conflict', why: REPORTED };
  }

  freshName(decl: FunctionNode): string {
    const { ts } = this.host;
    const parent = decl.parent;
    const named = decl.name ?? (parent && ts.isVariableDeclaration(parent) ? parent.name : undefined);
    return this.freshKey(named && ts.isIdentifier(named) ? named.text : 'f');
  }
  private freshKey(base: string): string {
    let name = base;
    for (let k = 2; this.names.has(name); k++) name = `${base}_${k}`;
    this.names.add(name);
    return name;
  }
}

const REFUSED_RETURNS = {
  AD3003: 'the returns of this function give values of different types',
  AD4003: 'the returns of this function give different functions',
  AD5002:
    'this function returns what is seen through `stopGradient`, and other memory too or by calling itself',
} as const;

/** The function inside of derivatives and bound arguments. */
function innermost(s: Shape): FunctionNode | undefined {
  if (s.kind === 'derivative' || s.kind === 'bound') return innermost(s.of);
  return s.kind === 'closure' || s.kind === 'local' ? s.decl : undefined;
}
function nameOfTarget(ts: Host['ts'], s: Shape): string {
  const decl = innermost(s);
  const named = decl?.name ?? (decl && ts.isVariableDeclaration(decl.parent) ? decl.parent.name : undefined);
  return named && ts.isIdentifier(named) ? named.text : 'f';
}
function argumentName(ts: Host['ts'], s: Shape, k: number): string {
  const decl = s.kind === 'closure' ? s.decl : innermost(s);
  return decl ? parameterName(ts, decl, k) : `arg${k}`;
}

/** Different functions that are returned become records. */
function functionsAsRecords(cx: FunctionContext, returns: readonly Return[]): readonly Return[] {
  const functions = returns.filter((r) => isFunctionVal(r.value));
  if (functions.length === 0) return returns;
  const keys = new Set(returns.map((r) => shapeKey(flatten(r.value, cx).shape)));
  if (keys.size === 1) return returns;
  return returns.map((r) => (isFunctionVal(r.value) ? { ...r, value: cx.asRecord(r.value, r, r.node) } : r));
}
/** A plain list of numbers. */
const isNumbers = (s: Shape | undefined): boolean =>
  s?.kind === 'ir' && s.type.kind === 'array' && s.type.storage === 'plain' && s.type.elem.kind === 'number';
const flattenShape = (s: Shape): Type[] => {
  const types: Type[] = [];
  unflatten(s, (t) => {
    types.push(t);
    return 0 as ValueId;
  });
  return types;
};

const resultShape = (type: Type): Shape =>
  type.kind === 'nullish' ? { kind: 'missing' } : { kind: 'ir', type, stopped: false };

/** The end of the body: a result of `undefined`, or, behind returns with values, a place that the types rule out. */
function fallOff(cx: FunctionContext, decl: FunctionNode, returns: Return[]): void {
  if (returns.every((r) => r.value.kind === 'missing') || mayReturnUndefined(cx, decl)) {
    returns.push({
      args: [],
      value: { kind: 'missing' },
      node: decl,
      missing: cx.constant(undefined, decl),
      ops: cx.ops,
      env: cx.env,
    });
    return;
  }
  const message = cx.constant('adjoint: the function ended without a result', decl);
  cx.end = {
    kind: 'throw',
    arg: cx.foreign(['new TypeError(', ')'], [message], OPAQUE, true, decl),
    span: cx.span(decl),
  };
}

function mayReturnUndefined(cx: FunctionContext, decl: FunctionNode): boolean {
  const { checker, ts } = cx.host;
  const F = ts.TypeFlags;
  const signature = checker.getSignatureFromDeclaration(decl);
  const type = signature && checker.getReturnTypeOfSignature(signature);
  if (!type) return true;
  const parts = type.isUnion() ? type.types : [type];
  return parts.some((t) => t.flags & (F.Undefined | F.Void | F.Any | F.Unknown));
}

function finish(
  key: string,
  label: Func['label'],
  params: readonly ValueId[],
  ops: Func['body']['ops'],
  end: Terminator | undefined,
  returns: readonly { args: ValueId[] }[],
  cx: FunctionContext,
  decl: ts.Node,
): Func {
  // a return at the very end is where the function goes anyway
  const last: Terminator =
    end?.kind === 'exit' && end.target === label
      ? { kind: 'yield', args: end.args }
      : (end ?? { kind: 'yield', args: returns[returns.length - 1]?.args ?? [] });
  const body: Region = { params: [], ops, end: last };
  return { key, name: key, label, params, body, span: cx.span(decl) };
}

function parameterName(ts: Host['ts'], decl: FunctionNode, k: number): string {
  const p = parametersOf(ts, decl)[k];
  return p && ts.isIdentifier(p.name) ? p.name.text : `arg${k}`;
}

function bindParameters(cx: FunctionContext, decl: FunctionNode, given: readonly Val[]): void {
  const { ts } = cx;
  const usesThem = usesArguments(ts, decl) && !decl.parameters.some((p) => p.dotDotDotToken);
  if (usesThem && readsFixedArguments(ts, decl)) cx.given = given;
  else if (usesThem) {
    const values = given.map((v) => cx.ir(v, decl));
    cx.env.set(ARGUMENTS, {
      kind: 'ir',
      id: arrayOf(cx, values, decl as unknown as ts.Expression, true, 'arguments'),
    });
  }
  parametersOf(ts, decl).forEach((p, k) => {
    const v = orDefault(cx, given[k] ?? { kind: 'missing' }, p.initializer);
    if (!ts.isIdentifier(p.name)) bindPattern(cx, p.name, v, (n, x) => declare(cx, n, x));
    else declare(cx, p.name, v.kind === 'missing' ? { kind: 'ir', id: cx.constant(undefined, p) } : v);
  });
}

/** `var` variables exist from the start of the function. */
function hoistVar(cx: FunctionContext, decl: FunctionNode): void {
  const { ts } = cx;
  if (!decl.body) return;
  walkNodes(ts, decl.body, (n) => {
    if (n !== decl.body && ts.isFunctionLike(n)) return 'skip';
    if (
      ts.isVariableDeclaration(n) &&
      ts.isIdentifier(n.name) &&
      ts.isVariableDeclarationList(n.parent) &&
      !(n.parent.flags & ts.NodeFlags.BlockScoped)
    ) {
      const s = symbolOf(cx.host, n.name);
      if (s && !cx.env.has(s)) declare(cx, n.name, { kind: 'ir', id: cx.constant(undefined, n) });
    }
    return undefined;
  });
}

function outermost(ts: Host['ts'], decl: ts.Node): ts.Node {
  let top = decl;
  for (let n: ts.Node | undefined = decl; n; n = n.parent) if (ts.isFunctionLike(n)) top = n;
  return top;
}

/** Each attempt finds out at least one fact; there are never many more facts than places. */
const MAX_ATTEMPTS = 200;
/** So often a function is specialised inside its own specialisations, at most; types may widen on the way. */
const MAX_NESTING = { specialisation: 16, class: 80, place: 80 } as const;

/** Objects that hold functions which capture such objects, and the like: their type would be described without end. */
function refuseEndless(r: LowerRequest, inference: Inference): void {
  r.diagnostics.report(
    'AD3003',
    placeOf(inference.lastWidened ?? r.target),
    [r.request],
    'what is made here holds objects or functions that hold such objects in turn, and its type has no end',
    'give the objects a declared type without functions, and do by a function with arguments what a captured object is for',
  );
}

/** Lowers the target of a request, with all it calls: again, as long as more is found out about its types. */
export function lower(r: LowerRequest): Lowered {
  const { inference } = r;
  for (let k = 0; ; k++) {
    inference.begin();
    const diagnostics = new Diagnostics();
    const lowered = lowerOrRefuse(r, inference, diagnostics);
    if (lowered === undefined) continue;
    const isLast = k % MAX_ATTEMPTS === MAX_ATTEMPTS - 1;
    if (inference.changed && (!isLast || inference.coarsen())) continue;
    if (inference.changed) refuseEndless(r, inference);
    else if (inference.meetsDeadEnd && !inference.deadEnds) {
      inference.deadEnds = true;
      continue;
    }
    r.diagnostics.addAll(diagnostics);
    return lowered;
  }
}

/** Nothing if types without end were met, of which fewer will be told apart. */
function lowerOrRefuse(r: LowerRequest, inference: Inference, diagnostics: Diagnostics): Lowered | undefined {
  try {
    return lowerOnce(r, inference, diagnostics);
  } catch (e) {
    if (!(e instanceof EndlessType)) throw e;
    if (inference.coarsen()) return undefined;
    refuseEndless(r, inference);
    throw e;
  }
}

function lowerOnce(r: LowerRequest, inference: Inference, diagnostics: Diagnostics): Lowered {
  const state = new Lowering(r, inference, diagnostics);
  const f: Specialised = {
    key: state.freshName(r.target),
    spec: 'entry',
    completion: false,
    result: undefined,
    done: false,
    assumed: undefined,
  };
  const caps: [ts.Symbol, Shape][] = [];
  const captured: string[] = [];
  state.outer = state.scopesOf(r.target).captured(r.target);
  for (const symbol of state.scopesOf(r.target).captured(r.target)) {
    const shape = outerShape(state, symbol, r.target);
    if (!shape) continue;
    caps.push([symbol, shape]);
    if (shape.kind === 'ir') captured.push(symbol.name);
    if (!inference.outerWrites.has(symbol)) continue;
    caps.push([state.setterOf(symbol), { kind: 'ir', type: OPAQUE, stopped: false }]);
    captured.push(`(v: any) => void (${symbol.name} = v)`);
  }
  const self = r.receiver && receiverShape(state, r.receiver);
  if (self && r.receiver) {
    caps.push([THIS, self]);
    if (self.kind === 'ir') captured.push(skipWrappers(r.host.ts, r.receiver).getText());
  }
  const splits = new Map<Type, Type>();
  const argTypes = r.argTypes.map((t) => withSplits(t, inference.splits, splits));
  const args = argTypes.map(
    (type): Shape => ({ kind: 'ir', type, stopped: false, sure: isRef(type) && type.kind !== 'maybe' }),
  );
  const isPlain = r.chain.length === 0 && !r.aux && !r.callee;
  const entry = isPlain ? state.lowerFunction(f, r.target, caps, args) : state.lowerCall(f, caps, args);
  // an attempt that will be repeated needs none
  if (!inference.changed) state.lowerRules();
  const result = entry.body.end.kind === 'yield' ? entry.body.end.args[0] : undefined;
  if (result !== undefined && !inference.makeReal(r.values.type(result)))
    diagnostics.report(
      'AD2013',
      placeOf(r.target),
      [r.request],
      'the function returns an instance of a class that it makes',
      'return the numbers that it holds',
    );
  if (result !== undefined && isRemade(r.values.type(result)))
    diagnostics.report(
      'AD4003',
      placeOf(r.target),
      [r.request],
      'the function returns an object of the module that holds functions',
    );
  if (inference.callsOutside)
    for (const [symbol, shape] of caps)
      if (
        shape.kind === 'ir' &&
        symbol.valueDeclaration &&
        isAssignedAgain(r.host, symbol) &&
        !inference.outerWrites.has(symbol)
      )
        diagnostics.report(
          'AD4003',
          placeOf(r.target),
          [r.request],
          `a function that comes from outside is called here, and may assign \`${symbol.name}\``,
          'pass it as an argument',
        );
  return {
    module: { funcs: state.funcs, values: r.values },
    entry: state.funcs.get(entry.key)!,
    captured,
    assigned: state.assigned,
    returned: state.returned,
    comparators: state.comparators,
  };
}

/** What `this` is in the differentiated function: an object from outside, or a class. */
function receiverShape(state: Lowering, e: ts.Expression): Shape {
  const { host } = state;
  const { ts } = host;
  const x = skipWrappers(ts, e);
  const symbol = ts.isIdentifier(x) ? symbolOf(host, x) : undefined;
  const d = symbol?.valueDeclaration ?? (isStaticThis(host, x) ? classAround(ts, x) : undefined);
  if (d && ts.isClassLike(d)) return { kind: 'class', decl: d, captures: [] };
  const type = outsideType(host, host.checker.getTypeAtLocation(x), x);
  const literal = literalOf(host, d);
  const known = type instanceof UnsupportedType ? MIXED : type;
  return { kind: 'ir', type: known, stopped: false, sure: true, ...(literal ? { literal } : {}) };
}
function classAround(ts: Host['ts'], n: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let at = n.parent; at; at = at.parent) if (ts.isClassLike(at)) return at;
  return undefined;
}
function withThis(cx: FunctionContext, captures: Env): Env {
  const self = cx.env.get(THIS);
  return self ? new Map([...captures, [THIS, self]]) : captures;
}

/** The shape of `grad(f)` or `checkpoint(f)` in a scope around the target, if `f` is a function that is known there. */
function derivativeShape(state: Lowering, e: ts.Expression): Shape | undefined {
  const { host } = state;
  const { ts } = host;
  const x = skipWrappers(ts, e);
  if (isFunctionNode(ts, x)) return { kind: 'local', decl: x };
  if (ts.isIdentifier(x)) {
    const symbol = symbolOf(host, x);
    const decl = symbol && boundFunction(host, symbol);
    if (decl) return { kind: 'local', decl };
    const d = symbol?.valueDeclaration;
    const init = d && ts.isVariableDeclaration(d) && isConst(ts, d) ? d.initializer : undefined;
    return init && ts.isCallExpression(skipWrappers(ts, init)) ? derivativeShape(state, init) : undefined;
  }
  if (!ts.isCallExpression(x)) return undefined;
  const marker = symbolOf(host, skipWrappers(ts, x.expression));
  const isOurs = marker?.declarations?.some((d) => state.isRuntime(d.getSourceFile()));
  if (!marker || !isOurs || !x.arguments[0]) return undefined;
  const isAgain = marker.name === 'checkpoint';
  if (!isAgain && !MARKERS.has(marker.name)) return undefined;
  const of = derivativeShape(state, x.arguments[0]);
  if (isAgain) return of && { kind: 'derivative', of, what: 'checkpoint', options: PLAIN, args: [] };
  const what = marker.name as MarkerName;
  const options = readOptions(host, what, x.arguments[1]);
  const isOurForm = !('code' in options) && options.backend === 'adjoint';
  return of && isOurForm ? { kind: 'derivative', of, what, options, args: [] } : undefined;
}

/** How a variable of a scope around the target reaches it: as a constant at entry, or as a function. */
function outerShape(state: Lowering, symbol: ts.Symbol, target: FunctionNode): Shape | undefined {
  const { host } = state;
  const local = [...(symbol.declarations ?? [])].find(
    (d): d is ts.FunctionDeclaration => host.ts.isFunctionDeclaration(d) && !!d.body,
  );
  if (local) return { kind: 'local', decl: local };
  const d = symbol.valueDeclaration;
  if (d && host.ts.isVariableDeclaration(d) && d.initializer) {
    const init = d.initializer;
    if (
      (host.ts.isArrowFunction(init) || host.ts.isFunctionExpression(init)) &&
      d.parent.flags & host.ts.NodeFlags.Const
    )
      return { kind: 'local', decl: init };
    const derivative =
      isConst(host.ts, d) && host.ts.isCallExpression(skipWrappers(host.ts, init))
        ? derivativeShape(state, init)
        : undefined;
    if (derivative) return derivative;
  }
  const type = outsideType(host, host.checker.getTypeOfSymbolAtLocation(symbol, target), target);
  const literal = literalOf(host, d);
  const known = type instanceof UnsupportedType ? MIXED : type;
  return { kind: 'ir', type: known, stopped: false, ...(literal ? { literal } : {}) };
}

/** Whether a variable is declared in the block of a namespace. */
function isInNamespace(ts: Host['ts'], symbol: ts.Symbol): boolean {
  const list = symbol.valueDeclaration?.parent;
  return list !== undefined && ts.isVariableDeclarationList(list) && ts.isModuleBlock(list.parent.parent);
}
