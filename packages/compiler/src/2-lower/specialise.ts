/**
 * **Question**: which functions does the program need, specialised for what they are given? **Method**: a call is taken apart into
 * shapes; each combination of a function with shapes is lowered once, and calls itself where it is recursive.
 */

import { Diagnostics, type Place, placeKey } from '../diagnostics/diagnostic.js';
import { packageHostOf } from '../host/packages.js';
import { type FunctionNode, ScopeFacts } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import {
  BOOLEAN,
  type ClassTag,
  type Func,
  type FunctionTag,
  NEVER,
  type Op,
  type Region,
  type Span,
  type Terminator,
  type Type,
  type ValueId,
  type ValueTable,
} from '../ir/nodes.js';
import { EndlessType, isRef, present } from '../ir/types.js';
import { walkOp } from '../ir/visit.js';
import { libraryOf } from '../library/library.js';
import { beginConstructor, enterConstructor } from './constructors.js';
import { FunctionContext } from './context.js';
import { Refused } from './emission.js';
import { lowerExpression } from './expressions.js';
import { settled } from './functions.js';
import type { Inference } from './inference.js';
import { openTypes } from './open-types.js';
import { Outside } from './outside.js';
import { bindParameters, hoistVar, parameterName } from './parameters.js';
import type { LowerRequest } from './request.js';
import { fallOff, joinReturns, joinThrows, type Return, type Thrown } from './returns.js';
import { RuleMaps } from './rule-maps.js';
import {
  type Env,
  flatten,
  identity,
  REPORTED,
  type Shape,
  shapeKey,
  unflatten,
  type Val,
} from './shapes.js';
import {
  type Built,
  type Flat,
  type Given,
  type Handed,
  type LowerState,
  newSpecialised,
  type Specialised,
} from './state.js';
import { lowerStatements } from './statements.js';
import { raise } from './try.js';

/** So often a function is specialised inside its own specialisations, at most; types may widen on the way. */
const MAX_NESTING = { specialisation: 16, class: 80, place: 80 } as const;

export class Lowering implements LowerState {
  readonly iteratorMakers = new Set<ts.Node>();
  readonly stopped = new Set<ValueId>();
  type(id: ValueId): Type {
    return this.values.type(id);
  }
  isStopped(id: ValueId): boolean {
    return this.stopped.has(id);
  }
  readonly funcs = new Map<string, Func>();
  readonly specialised = new Map<string, Specialised>();
  private readonly names = new Set<string>();
  /** Variables of the scopes around the target: constants at entry. */
  outer: ReadonlySet<ts.Symbol> = new Set();

  constructor(
    readonly r: LowerRequest,
    readonly inference: Inference,
    public diagnostics: Diagnostics,
  ) {
    this.host = { ...r.host, splits: inference.splits, gains: inference.gains };
    this.outside = new Outside(this, r);
  }
  readonly host: Host;
  readonly outside: Outside;
  readonly rules = new RuleMaps(this);
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

  readonly comparators = new Map<string, Span>();
  noteComparison(ops: readonly Op[], at: Span): void {
    for (const of of ops)
      walkOp(of, (op) => {
        if (op.kind === 'call' && !this.comparators.has(op.callee)) this.comparators.set(op.callee, at);
      });
  }

  call(cx: FunctionContext, decl: FunctionNode, captures: Env, args: readonly Val[], at: ts.Node): Val {
    const completion = cx.catches;
    const isSure = (id: ValueId): boolean => cx.sure.has(id);
    const isElement = (id: ValueId): boolean => completion && isRef(this.type(id)) && cx.elements.has(id);
    const given = args.map((v) => flatten(v, this, isSure, isElement));
    const handed = this.handed(cx, captures, given);
    const open = this.openTypes(cx, decl, at);
    const spec = `${completion ? 'completion|' : ''}${identity(decl)}${open}|${handed.text}`;
    if (open !== '') this.openTypesOf.set(spec, open);
    const name = () => this.nameFor(decl);
    const f = this.specialise({ spec, name, completion }, (own) => {
      this.enter(decl);
      this.lowerFunction(own, decl, handed, this.hostOf(decl) === this.host ? undefined : cx.span(at));
      this.leave(decl);
    });
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
    cx.emit({ kind: 'call', callee: f.key, args: handed.ids, results, span: cx.span(at) });
    if (threw !== undefined && payload !== undefined)
      cx.branch(
        threw,
        () => void raise(cx, { kind: 'ir', id: payload }, at) as undefined,
        () => undefined,
        at,
      );
    return value;
  }
  private readonly openTypesOf = new Map<string, string>();
  private openTypes(cx: FunctionContext, decl: FunctionNode, at: ts.Node): string {
    const host = this.hostOf(decl);
    return this.hostOf(at) === host ? openTypes(host, decl, at, this.openTypesOf.get(cx.key) ?? '') : '';
  }
  /** What is handed on with a call: the captured variables, the cells and tables of the program, and the arguments. */
  handed(cx: FunctionContext, captures: Env, given: readonly Flat[]): Handed {
    const caps = [...this.outside.handedOn(cx, captures)].map(([s, v]) => [s, flatten(v, this)] as const);
    const names = caps.map(([s, c]) => `${identity(s)}=${shapeKey(c.shape)}`);
    return {
      captures: caps.map(([s, c]) => [s, c.shape]),
      shapes: given.map((g) => g.shape),
      ids: [...caps.flatMap(([, c]) => c.ids), ...given.flatMap((g) => g.ids)],
      text: `${names.join(';')}|${given.map((g) => shapeKey(g.shape)).join(';')}`,
    };
  }

  /** The function of this specification, which is lowered if it was not yet. */
  specialise(
    { spec, name, completion }: { spec: string; name: () => string; completion: boolean },
    lowerIt: (f: Specialised) => void,
  ): Specialised {
    const known = this.specialised.get(spec);
    if (known) {
      this.tellAgain(known);
      return known;
    }
    const f = newSpecialised(name(), spec, completion);
    this.specialised.set(spec, f);
    this.telling(f, () => lowerIt(f));
    return f;
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
    // what its signature gives is the object that it is handed
    if (ts.isConstructorDeclaration(decl)) return { kind: 'missing' };
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

  lowerFunction(f: Specialised, decl: FunctionNode, { captures, shapes }: Given, calledAt?: Span): Func {
    const host = this.hostOf(decl);
    if (host !== libraryOf(host.ts).host) this.dependencies.add(decl.getSourceFile().fileName);
    const names = shapes.map((_, k) => parameterName(this.host.ts, decl, k));
    return this.build(f, { decl, captures, shapes, names, calledAt }, (cx, given, returns) => {
      const constructs = this.host.ts.isConstructorDeclaration(decl) ? decl : undefined;
      if (constructs) enterConstructor(cx, constructs);
      bindParameters(cx, decl, given);
      hoistVar(cx, decl);
      if (constructs) beginConstructor(cx, constructs);
      const body = decl.body ?? cx.refuse('AD4002', decl);
      if (this.host.ts.isBlock(body)) lowerStatements(cx, body.statements);
      else cx.onReturn(lowerExpression(cx, body), body);
      if (!cx.end) fallOff(cx, decl, returns);
    });
  }

  /** A function with these captured variables and parameters; `body` lowers what it does. */
  build(
    f: Specialised,
    { decl, captures, shapes, names, calledAt }: Built,
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
    for (const [symbol, shape] of captures) cx.env.set(symbol, unflatten(shape, fresh(symbol.name)));
    const given = shapes.map((shape, k) => unflatten(shape, fresh(names[k])));
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
          this.outside.makeCells(cx, decl);
          this.outside.makeTables(cx);
          this.outside.remakeReceiver(cx);
        }
        body(cx, given, returns);
      } catch (e) {
        if (!(e instanceof Refused)) throw e;
        f.result = { kind: 'conflict', why: REPORTED };
      }
    });
    f.done = true;
    if (f.result === undefined) f.result = joinReturns(cx, returns, decl, f);
    joinThrows(cx, returns, throws, f);
    const func = finish(f.key, label, params, r.ops, r.end, returns, cx, decl);
    this.funcs.set(f.key, func);
    return func;
  }

  nameFor(decl: FunctionNode): string {
    const { ts } = this.host;
    const parent = decl.parent;
    const named = decl.name ?? (parent && ts.isVariableDeclaration(parent) ? parent.name : undefined);
    return this.freshKey(named && ts.isIdentifier(named) ? named.text : 'f');
  }
  freshKey(base: string): string {
    let name = base;
    for (let k = 2; this.names.has(name); k++) name = `${base}_${k}`;
    this.names.add(name);
    return name;
  }
}

const resultShape = (type: Type): Shape =>
  type.kind === 'nullish' ? { kind: 'missing' } : { kind: 'ir', type, stopped: false };

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

function outermost(ts: Host['ts'], decl: ts.Node): ts.Node {
  let top = decl;
  for (let n: ts.Node | undefined = decl; n; n = n.parent) if (ts.isFunctionLike(n)) top = n;
  return top;
}
