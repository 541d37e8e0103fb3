/**
 * Function values. While it is known which function a name stands for, a call of it is direct and nothing is built. A function
 * that is stored, returned, or chosen by a branch becomes a record: its site, and what it captures as fields. A call of such
 * a record branches on the site over the functions that may be there.
 */
import { type FunctionNode, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { walkNodes } from '../host/walk.js';
import { type FunctionTag, OPAQUE, type RecordType, type ValueId } from '../ir/nodes.js';
import { GETTER, refType, SETTER, SITE } from '../ir/types.js';
import type { FunctionContext } from './context.js';
import {
  ARGUMENTS,
  derivativeKey,
  type Env,
  flatten,
  identity,
  REPORTED,
  type Shape,
  THIS,
  unflatten,
  usesRefused,
  type Val,
} from './shapes.js';

/** What a function captures of the variables in scope here. */
export function capturesNow(cx: FunctionContext, decl: FunctionNode): Env {
  const captures: Env = new Map();
  for (const s of cx.state.scopesOf(decl).captured(decl)) {
    const v = cx.env.get(s);
    // a variable outside that is assigned is handed to all functions anyway
    if (v && !cx.state.inference.outerWrites.has(s)) captures.set(s, unnested(cx, v, decl));
  }
  const self = cx.env.get(THIS);
  if (self && cx.ts.isArrowFunction(decl) && namesThis(cx.ts, decl)) captures.set(THIS, self);
  const given = cx.env.get(ARGUMENTS);
  if (given && cx.ts.isArrowFunction(decl)) captures.set(ARGUMENTS, given);
  return captures;
}

/**
 * What a function captures, where types are told apart by classes only: a function made at the same place, `s => k(s + x)` with the `k` of
 * the call before, becomes a value like any other, or functions would be nested without end.
 */
function unnested(cx: FunctionContext, v: Val, decl: FunctionNode): Val {
  if (cx.state.inference.grain === 'specialisation' || !captures(v, decl)) return v;
  return { kind: 'ir', id: reify(cx, v, decl) };
}
function captures(v: Val, decl: FunctionNode): boolean {
  const holds = (x: Val): boolean => captures(x, decl);
  if (v.kind === 'closure') return v.decl === decl || [...v.captures.values()].some(holds);
  if (v.kind === 'bound') return [v.of, ...v.args].some(holds);
  return v.kind === 'derivative' && [v.of, ...v.args].some(holds);
}

/** An arrow function without `this` in it is the same function whatever the object around it is. */
function namesThis(ts: FunctionContext['ts'], n: ts.Node): boolean {
  const { ThisKeyword, SuperKeyword } = ts.SyntaxKind;
  return walkNodes(ts, n, ({ kind }) => (kind === ThisKeyword || kind === SuperKeyword ? 'stop' : undefined));
}

/** A function expression with what it captures now. */
export function closure(cx: FunctionContext, decl: FunctionNode): Val {
  if (decl.asteriskToken) cx.refuse('AD2002', decl);
  return asObject(cx, { kind: 'closure', decl, captures: capturesNow(cx, decl) }, decl);
}

/** A function under the name of a `const`. */
export function named(cx: FunctionContext, decl: FunctionNode): Val {
  const isObject = cx.state.inference.comparesFunctions && !namesItself(cx, decl);
  return isObject ? closure(cx, decl) : { kind: 'local', decl };
}

/** `const step = (n) => ... step(n - 1)`: what it captures is there only once it is made. */
function namesItself(cx: FunctionContext, decl: FunctionNode): boolean {
  const { name } = cx.ts.isVariableDeclaration(decl.parent) ? decl.parent : decl;
  const symbol = name && symbolOf(cx.host, name);
  return symbol !== undefined && cx.state.scopesOf(decl).captured(decl).has(symbol);
}

/** A function that was just made: an object of its own if the program compares functions. */
export function asObject(cx: FunctionContext, made: Val, node: ts.Node): Val {
  if (cx.isLibrary || !cx.state.inference.comparesFunctions) return made;
  return { kind: 'ir', id: reify(cx, made, node) };
}

/** A function that may leave the scope which declares it. */
export function settled(cx: FunctionContext, v: Val): Val {
  if (v.kind === 'local') return { kind: 'closure', decl: v.decl, captures: capturesNow(cx, v.decl) };
  return v.kind === 'derivative' ? { ...v, of: settled(cx, v.of) } : v;
}

export const isFunctionVal = (v: Val): boolean =>
  v.kind === 'local' ||
  v.kind === 'closure' ||
  v.kind === 'math' ||
  v.kind === 'builtin' ||
  v.kind === 'custom' ||
  v.kind === 'ruleMap' ||
  v.kind === 'class' ||
  v.kind === 'bound' ||
  v.kind === 'derivative';

/** The name of the accessor that a hidden field holds. */
export function accessorName(key: string): string | undefined {
  const prefix = [GETTER, SETTER].find((p) => key.startsWith(p));
  return prefix && key.slice(prefix.length);
}
/** The names of the accessors of an object literal made here. */
export const accessorFields = (t: RecordType): readonly string[] =>
  t.fields.flatMap((f) => accessorName(f.key) ?? []);

export interface Site extends FunctionTag {
  readonly shape: Shape;
}

/** The classes that a value may be; nothing if functions are among them. */
export function areClasses(cx: FunctionContext, v: Val): v is Val & { kind: 'ir' } {
  const sites = v.kind === 'ir' ? functionsOf(cx, v.id) : undefined;
  return sites?.every((s) => (s as Site).shape.kind === 'class') ?? false;
}

/** The record of a function value. One that uses what was refused would still be among those of its type when the next attempt does not. */
export function reify(cx: FunctionContext, v: Val, node: ts.Node): ValueId {
  const f = settled(cx, v);
  if (usesRefused(f)) cx.refuseConflict(REPORTED, node);
  const { shape, ids } = flatten(f, cx);
  const site = cx.state.functionSite(structure(shape), shape) as Site;
  const fields = ids.map((id, k) => ({ key: `$${site.id}_${k}`, type: cx.type(id) }));
  const own: RecordType = {
    kind: 'record',
    fields: [{ key: SITE, type: OPAQUE }, ...fields],
    tuple: false,
    functions: [site],
  };
  const type = cx.siteOfKind(`function ${site.id}`, node, () => own);
  fields.forEach((f) => void cx.state.inference.store(type, f.key, f.type));
  const name = cx.constant(site.name, node);
  const id = cx.fresh(type, node);
  cx.emit({ kind: 'literal', type: own, args: [name, ...ids], results: [id], span: cx.span(node) });
  return id;
}

/** The functions that a value may be; nothing if it is none. */
export function functionsOf(cx: FunctionContext, id: ValueId): readonly FunctionTag[] | undefined {
  const t = refType(cx.type(id));
  return t?.kind === 'record' ? t.functions : undefined;
}

/** Calls `run` with the function that a record holds. */
export function dispatch(cx: FunctionContext, id: ValueId, node: ts.Node, run: (f: Val) => Val): Val {
  const sites = functionsOf(cx, id) as readonly Site[];
  const from = (k: number): Val => {
    const site = sites[k];
    const arm = (): Val => run(rebuild(cx, id, site, node));
    if (k === sites.length - 1) return arm();
    const name = cx.constant(site.name, node);
    const here = cx.scalar('eq', [cx.load(id, { key: SITE }, node), name], node);
    return cx.branch(here, arm, () => from(k + 1), node) ?? { kind: 'missing' };
  };
  return from(0);
}

function rebuild(cx: FunctionContext, id: ValueId, site: Site, node: ts.Node): Val {
  let k = 0;
  return unflatten(site.shape, (_type, _sure, stopped) => {
    const key = `$${site.id}_${k++}`;
    const captured = cx.present(cx.load(id, { key }, node), node);
    if (stopped) cx.setStopped(captured);
    return captured;
  });
}

/** Whether two function values, of which one may be missing, are one function. */
export function sameFunction(cx: FunctionContext, a: ValueId, b: ValueId, node: ts.Node): ValueId {
  const [f, g] = [functionsOf(cx, a), functionsOf(cx, b)] as (readonly Site[])[];
  const isOnce = (x: Site): boolean => isOnlyOne(cx, x);
  if (![...f, ...g].every(isOnce)) refuseUnlessObjects(cx, [...f, ...g], node);
  const same = cx.scalar('eq', [a, b], node);
  // those that are there once are made into an object wherever they are named
  const once = f.filter((x) => g.includes(x) && isOnce(x));
  if (once.length === 0) return same;
  const value = (id: ValueId) => (): Val => ({ kind: 'ir', id });
  const site = (x: ValueId): ValueId => cx.load(x, { key: SITE }, node);
  const byName = (): Val => {
    const names = once.map((x) => cx.constant(x.name, node));
    const alike = cx.scalar('eq', [site(a), site(b)], node);
    if ([...f, ...g].every(isOnce)) return value(alike)();
    const among = names.reduceRight<() => Val>(
      (rest, name) => () =>
        choose(cx.scalar('eq', [site(a), name], node), value(cx.constant(true, node)), rest),
      value(cx.constant(false, node)),
    );
    return choose(alike, among, value(cx.constant(false, node)));
  };
  const choose = (cond: ValueId, then: () => Val, otherwise: () => Val): Val =>
    cx.branch(cond, then, otherwise, node) as Val;
  const unlessNullish = (x: ValueId, rest: () => Val) => (): Val =>
    cx.sure.has(x) ? rest() : choose(cx.scalar('isNullish', [x], node), value(same), rest);
  const v = choose(same, value(cx.constant(true, node)), unlessNullish(a, unlessNullish(b, byName)));
  return cx.ir(v, node);
}

/** Function values that are looked for in a map or set: each must be one object. */
export function refuseFunctionKey(cx: FunctionContext, key: ValueId, node: ts.Node): void {
  const sites = functionsOf(cx, key) as readonly Site[] | undefined;
  if (!sites) return;
  refuseUnlessObjects(cx, sites, node);
  if (sites.some((s) => isOnlyOne(cx, s)))
    cx.refuse('AD4003', node, 'a function of the module is used as a key here', 'use its name');
}

/** Function values are objects from where they are made; the program is lowered once more if they were not yet. */
function refuseUnlessObjects(cx: FunctionContext, sites: readonly Site[], node: ts.Node): void {
  if (sites.some((s) => !isOnlyOne(cx, s) && !isMadeByExpression(cx, s)))
    cx.refuse(
      'AD4003',
      node,
      'functions that capture variables are compared here',
      'compare what they were made from, or keep them in a `const`',
    );
  if (cx.state.inference.comparesFunctions) return;
  cx.state.inference.noteComparison();
  cx.giveUp(node);
}

/** A function of the language or of a module: there is one of it, whoever names it. */
function isOnlyOne(cx: FunctionContext, { shape }: Site): boolean {
  if (shape.kind === 'bound' || shape.kind === 'derivative' || shape.kind === 'ruleMap') return false;
  if (shape.kind !== 'closure' && shape.kind !== 'class') return true;
  const { ts } = cx;
  for (let at: ts.Node = shape.decl.parent; !ts.isSourceFile(at); at = at.parent)
    if (ts.isFunctionLike(at) || ts.isPropertyDeclaration(at) || ts.isIterationStatement(at, true))
      return false;
  return true;
}
/** `(x) => ...`, `f.bind(...)`: evaluated, each time it is, to a new function. */
function isMadeByExpression(cx: FunctionContext, { shape }: Site): boolean {
  const { ts } = cx;
  if (shape.kind !== 'closure') return shape.kind === 'bound';
  const isExpression = ts.isArrowFunction(shape.decl) || ts.isFunctionExpression(shape.decl);
  return isExpression && !namesItself(cx, shape.decl);
}

/** A shape without its types, as text: one function with one set of captured variables. */
function structure(s: Shape): string {
  switch (s.kind) {
    case 'closure':
      return `fn#${identity(s.decl)}(${s.captures.map(([y, c]) => `${identity(y)}=${structure(c)}`).join(',')})`;
    case 'class':
      return `class#${identity(s.decl)}`;
    case 'local':
      return `local#${identity(s.decl)}`;
    case 'math':
    case 'builtin':
      return `${s.kind}.${s.name}`;
    case 'custom':
      return `custom#${identity(s.symbol)}`;
    case 'ruleMap':
      return `${s.mode}#${identity(s.symbol)}`;
    case 'derivative':
      return `${derivativeKey(s)}(${structure(s.of)};${s.args.map(structure).join(',')})`;
    case 'bound':
      return `bound(${structure(s.of)};${s.self ? structure(s.self) : ''};${s.args.map(structure).join(',')})`;
    default:
      return s.kind === 'ir' && s.stopped ? 'ir!' : s.kind;
  }
}
