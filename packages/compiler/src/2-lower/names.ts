/** What a name stands for: a variable in scope, a known function, a constant of the language, or an outer constant. */
import { isNeverChanged, isNeverChangedBy } from '../host/kept-data.js';
import { declarationOf, type Implementation, implementationOf } from '../host/packages.js';
import {
  boundFunction,
  constantInitializer,
  isConst,
  isFunctionNode,
  skipWrappers,
  symbolOf,
} from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { walkNodes } from '../host/walk.js';
import {
  assigningFunctions,
  isAssignedAgain,
  isAssignedInside,
  isReadOf,
  isWrittenThrough,
  mayBeCalled,
} from '../host/writes.js';
import { BOOLEAN, MIXED, OPAQUE, type Type, type ValueId } from '../ir/nodes.js';
import { CELL, isArrayClass, isRef, present, refType, slotType } from '../ir/types.js';
import { classOfExpression } from './class-declarations.js';
import { constantNumber } from './constant-numbers.js';
import type { FunctionContext } from './context.js';
import { namedInOwnRule, ruleFunction } from './custom.js';
import { isMarkerCall } from './derivatives.js';
import { lowerExpression } from './expressions.js';
import type { Site } from './functions.js';
import { isBuiltin, isGlobal, lowerMathMember } from './globals.js';
import { literalOf } from './literal-members.js';
import { ARGUMENTS, flatten, type Shape, type Val } from './shapes.js';
import { refuseAtRunTime } from './try.js';

export function lowerIdentifier(cx: FunctionContext, e: ts.Identifier): Val {
  if (
    e.text === 'undefined' &&
    cx.host.checker.getTypeAtLocation(e).flags & cx.ts.TypeFlags.Undefined &&
    !symbolOf(cx.host, e)?.valueDeclaration
  )
    return { kind: 'ir', id: cx.constant(undefined, e) };
  if (isGlobal(cx, e, 'NaN')) return { kind: 'ir', id: cx.constant(Number.NaN, e) };
  if (isGlobal(cx, e, 'Infinity')) return { kind: 'ir', id: cx.constant(Number.POSITIVE_INFINITY, e) };
  if (e.text === 'arguments' && !symbolOf(cx.host, e)?.valueDeclaration) {
    const given = cx.env.get(ARGUMENTS);
    if (given) return given;
  }
  const outside = implementationOf(cx.host, e);
  if (outside) return lowerOutside(cx, outside, e);
  const symbol = symbolOf(cx.host, e);
  if (!symbol && cx.host.untyped && e.text === 'undefined')
    return { kind: 'ir', id: cx.constant(undefined, e) };
  if (!symbol && cx.host.untyped && isBuiltin(e.text)) return { kind: 'builtin', name: e.text };
  if (!symbol) return cx.refuse('AD4001', e, `\`${e.text}\` is not known`);
  return asTested(cx, lowerSymbol(cx, symbol, e), e);
}

/** A value without derivative behind a test of its type: the number or array that it was found to be. */
function asTested(cx: FunctionContext, v: Val, e: ts.Identifier): Val {
  if (v.kind !== 'ir' || cx.host.untyped || present(cx.type(v.id)).kind !== 'opaque') return v;
  const t = outsideType(cx.host, cx.host.checker.getTypeAtLocation(e), e);
  if (t instanceof UnsupportedType) return v;
  if (t.kind === 'number') return { kind: 'ir', id: cx.number(v.id, e) };
  return isRef(t) ? { kind: 'ir', id: cx.foreign(['(', ')'], [v.id], t, false, e, 'unknown') } : v;
}

/** What a package exports, by its implementation. */
export function lowerOutside(cx: FunctionContext, { host, symbol }: Implementation, e: ts.Node): Val {
  const { ts } = cx;
  const f = boundFunction(host, symbol);
  if (f) return { kind: 'closure', decl: f, captures: new Map() };
  const d = symbol.valueDeclaration;
  if (d && ts.isClassLike(d)) return { kind: 'class', decl: d, captures: new Map() };
  const found =
    (d && ruleFunction(cx, d, symbolOf(cx.host, e))) ??
    lowerConstant(cx, host, symbol, e) ??
    heldArrayClass(cx, host, symbol, e);
  return (
    found ?? cx.refuse('AD4002', e, `\`${symbol.name}\` of this package is not a function that can be read`)
  );
}

/** A variable of a module that never changes, by what it is initialised with: a number, a function made once, a list. */
function lowerConstant(cx: FunctionContext, host: Host, symbol: ts.Symbol, e: ts.Node): Val | undefined {
  const d = symbol.valueDeclaration;
  if (!d || !cx.ts.isVariableDeclaration(d) || !d.initializer || isAssignedAgain(host, symbol))
    return undefined;
  const number = constantNumber(cx, d.initializer);
  if (number !== undefined) return { kind: 'ir', id: cx.constant(number, d) };
  const v = cx.inHost(host, () => lowerExpression(cx, d.initializer as ts.Expression));
  if (keepsState(cx, host, flatten(v, cx).shape))
    return cx.refuse('AD5007', e, `\`${symbol.name}\` of a package keeps what it changes from call to call`);
  if (v.kind !== 'ir' || !isRef(cx.type(v.id))) return v;
  return exportedData(cx, symbol, e) ?? (mayChange(cx, host, symbol) ? undefined : v);
}
/** What a package exports, as the user's program declares it. */
function exportedData(cx: FunctionContext, symbol: ts.Symbol, e: ts.Node): Val | undefined {
  const { host } = cx.state;
  const declared = declarationOf(host, symbol);
  const type = declared && outsideType(host, host.checker.getTypeOfSymbol(declared), e);
  const text = type && !(type instanceof UnsupportedType) ? cx.state.outside.reach(symbol) : undefined;
  if (!type || type instanceof UnsupportedType || text === undefined) return undefined;
  const id = cx.fresh(type, e, symbol.name);
  cx.emit({ kind: 'outer', text, changes: true, results: [id], span: cx.span(e) });
  return { kind: 'ir', id };
}
function mayChange(cx: FunctionContext, host: Host, symbol: ts.Symbol): boolean {
  const declared = declarationOf(cx.state.host, symbol);
  const isWritten = declared !== undefined && !isNeverChangedBy(cx.state.host, declared, host, symbol);
  return isWritten || !isNeverChanged(host, symbol);
}

/** Whether functions carry something from call to call: variables that they assign, objects that they change. */
function keepsState(cx: FunctionContext, host: Host, s: Shape, open: readonly Type[] = []): boolean {
  if (s.kind === 'bound') return [s.of, ...s.args].some((x) => keepsState(cx, host, x, open));
  if (s.kind === 'closure' || s.kind === 'class')
    return s.captures.some(([of, x]) => {
      if (x.kind === 'cell' && isAssignedInside(host, of)) return true;
      const held = x.kind === 'cell' ? slotType(x.record, CELL) : x.kind === 'ir' ? x.type : undefined;
      return (held && isRef(held) && !isNeverChanged(host, of)) || keepsState(cx, host, x, open);
    });
  const r = s.kind === 'ir' ? refType(s.type) : undefined;
  if (r?.kind !== 'record' || open.includes(r)) return false;
  const functions = r.functions?.map((f) => (f as Site).shape) ?? [];
  const fields = r.fields.map((f): Shape => ({ kind: 'ir', type: f.type, stopped: false }));
  return [...functions, ...fields].some((x) => keepsState(cx, host, x, [...open, r]));
}

/**
 * The class of arrays in a variable of a package that its functions may assign, as `ARRAY_TYPE` of gl-matrix: one of those that
 * its initialiser names, the others only where the program calls such a function. What it holds is compared at run time.
 */
function heldArrayClass(cx: FunctionContext, host: Host, symbol: ts.Symbol, e: ts.Node): Val | undefined {
  const d = symbol.valueDeclaration;
  const init = d && cx.ts.isVariableDeclaration(d) ? d.initializer : undefined;
  const named = init && cx.inHost(host, () => arrayClassesIn(cx, init));
  if (!init || !named?.length) return undefined;
  const first = cx.inHost(host, () => lowerExpression(cx, init));
  if (first.kind !== 'builtin') return undefined;
  const others = mayBeCalled(cx.state.host, assigningFunctions(host, symbol))
    ? named.filter((name) => name !== first.name)
    : [];
  const held = cx.fresh(OPAQUE, e, symbol.name);
  const text = cx.state.outside.text(cx, symbol, e);
  cx.emit({ kind: 'outer', text, changes: true, results: [held], span: cx.span(e) });
  const among = (name: string, rest: readonly string[]): Val => {
    const is = cx.foreign(['', ` === ${name}`], [held], BOOLEAN, false, e, 'reads');
    const one = (): Val => ({ kind: 'builtin', name });
    const [next, ...more] = rest;
    if (next !== undefined) return cx.branch(is, one, () => among(next, more), e) as Val;
    const refuse = (): undefined =>
      refuseAtRunTime(cx, `\`${symbol.name}\` was given a class that the compiler does not know of`, e);
    cx.branch(is, () => undefined, refuse, e);
    return one();
  };
  return among(first.name, others);
}
/** `Float32Array`, `typeof Float32Array !== 'undefined' ? Float32Array : Array` */
function arrayClassesIn(cx: FunctionContext, e: ts.Expression): readonly string[] {
  const x = skipWrappers(cx.ts, e);
  if (cx.ts.isConditionalExpression(x))
    return [...arrayClassesIn(cx, x.whenTrue), ...arrayClassesIn(cx, x.whenFalse)];
  return cx.ts.isIdentifier(x) && isArrayClass(x.text) && isGlobal(cx, x, x.text) ? [x.text] : [];
}

export function lowerSymbol(cx: FunctionContext, symbol: ts.Symbol, e: ts.Node): Val {
  const known = cx.env.get(symbol);
  const d = symbol.valueDeclaration;
  const isRefused = known?.kind === 'conflict';
  if (d && !isRefused && cx.state.scopesOf(e).isLocal(symbol) && ruleFunction(cx, d))
    return cx.refuse(
      'AD4007',
      e,
      `\`${symbol.name}\`, a function with a derivative rule, is made inside a function`,
      'make it in a `const` of the module, and pass what it reads of the function as arguments',
    );
  if (known) {
    if (known.kind === 'cell') return { kind: 'ir', id: cx.load(known.ref, { key: CELL }, e) };
    return known;
  }
  const decl = boundFunction(cx.host, symbol);
  if (decl && !cx.state.scopesOf(e).isLocal(symbol)) return { kind: 'closure', decl, captures: new Map() };
  // its own name is known inside of a function expression only, where all that it captures is at hand
  if (decl && cx.ts.isFunctionExpression(decl) && symbol.valueDeclaration === decl)
    return { kind: 'local', decl };
  if (cx.state.scopesOf(e).isLocal(symbol)) {
    if (symbol.name === 'arguments') return cx.refuse('AD2008', e);
    return cx.refuse(
      'AD5003',
      e,
      `\`${symbol.name}\` is used here before it is initialised, or from a place where its value is not known`,
    );
  }
  return lowerModuleName(cx, symbol, e);
}

/** A module-level name that is not a function: a number constant, `Math`'s functions under another name, or an outer constant. */
function lowerModuleName(cx: FunctionContext, symbol: ts.Symbol, e: ts.Node): Val {
  const { ts } = cx;
  if (symbol.name === 'arguments' && !symbol.valueDeclaration) return cx.refuse('AD2008', e);
  const d = symbol.valueDeclaration;
  if (isBuiltin(symbol.name) && ts.isIdentifier(e) && isGlobal(cx, e, symbol.name))
    return { kind: 'builtin', name: symbol.name };
  const kept = constantInitializer(ts, d);
  if (d && kept && isMarkerCall(cx, kept))
    return cx.inHost(cx.state.hostOf(d), () => lowerExpression(cx, kept));
  const withRule = (d && ruleFunction(cx, d)) ?? namedInOwnRule(cx, symbol, e);
  if (withRule) return withRule;
  const named = d && ts.isVariableDeclaration(d) && ts.isIdentifier(e) ? classOfExpression(cx, e) : undefined;
  if (named) return { kind: 'class', decl: named, captures: new Map() };
  const table = d && functionTable(cx, symbol, d);
  if (table) return cx.inHost(cx.state.hostOf(table), () => lowerExpression(cx, table));
  if (d && ts.isEnumMember(d)) {
    const value = cx.host.checker.getConstantValue(d);
    if (value !== undefined) return { kind: 'ir', id: cx.constant(value, e) };
  }
  if (
    d &&
    ts.isBindingElement(d) &&
    ts.isObjectBindingPattern(d.parent) &&
    ts.isVariableDeclaration(d.parent.parent)
  ) {
    const v = d.parent.parent;
    const name = d.propertyName ?? d.name;
    if (
      v.initializer &&
      isConst(ts, v) &&
      isGlobal(cx, skipWrappers(ts, v.initializer), 'Math') &&
      ts.isIdentifier(name) &&
      !d.initializer
    )
      return lowerMathMember(cx, name.text, e);
  }
  if (kept) {
    const number = constantNumber(cx, kept);
    if (number !== undefined) return { kind: 'ir', id: cx.constant(number, e) };
    const init = skipWrappers(ts, kept);
    if (ts.isStringLiteralLike(init)) return { kind: 'ir', id: cx.constant(init.text, e) };
    if (ts.isPropertyAccessExpression(init) && isGlobal(cx, init.expression, 'Math'))
      return lowerMathMember(cx, init.name.text, e);
  }
  if (symbol.flags & ts.SymbolFlags.RegularEnum) {
    const id = cx.fresh(OPAQUE, e);
    cx.emit({ kind: 'outer', text: cx.state.outside.text(cx, symbol, e), results: [id], span: cx.span(e) });
    return { kind: 'ir', id };
  }
  if (!d || !(symbol.flags & ts.SymbolFlags.Variable || ts.isExportAssignment(d))) {
    if (d && ts.isClassLike(d) && !d.getSourceFile().isDeclarationFile)
      return { kind: 'class', decl: d, captures: new Map() };
    // the checker has no name for what it cannot find
    const name = ts.isIdentifier(e) ? e.text : symbol.name;
    return cx.refuse('AD4002', e, `\`${name}\` has no source and no derivative rule`);
  }
  if (cx.host.untyped) {
    const constant = lowerConstant(cx, cx.host, symbol, e) ?? heldArrayClass(cx, cx.host, symbol, e);
    if (constant) return constant;
  }
  const readsTables = cx.state.inference.readsTables || isMadeFunction(cx, symbol, d);
  const made = readsTables ? cx.state.outside.tableNow(cx, symbol, e) : undefined;
  if (made) return made;
  // as declared: what a test found is true behind the test only
  const known = outsideType(cx.host, cx.host.checker.getTypeOfSymbol(symbol), e);
  const type = known instanceof UnsupportedType ? MIXED : known;
  const text = cx.state.outside.text(cx, symbol, e);
  const id = cx.fresh(type, e, symbol.name);
  const changes = isAssignedAgain(cx.state.hostOf(d), symbol);
  if (changes && cx.state.inference.callsOutside)
    return { kind: 'ir', id: readChanging(cx, text, type, symbol.name, e) };
  cx.emit({ kind: 'outer', text, changes, results: [id], span: cx.span(e) });
  const literal = literalOf(cx.host, d);
  return literal ? { kind: 'ir', id, literal } : { kind: 'ir', id };
}

/** `const softplus = compose(Math.log1p, Math.exp)`: a function that gives more than text and truth values. */
function isMadeFunction({ ts, host }: FunctionContext, symbol: ts.Symbol, d: ts.Declaration): boolean {
  const init = ts.isVariableDeclaration(d) && isConst(ts, d) ? d.initializer : undefined;
  if (!init || !ts.isCallExpression(skipWrappers(ts, init))) return false;
  const F = ts.TypeFlags;
  const plain = F.StringLike | F.BooleanLike | F.Undefined | F.Void | F.Null;
  const [signature] = host.checker.getTypeOfSymbol(symbol).getCallSignatures();
  return signature !== undefined && (signature.getReturnType().flags & plain) === 0;
}

/** What a function from outside may assign at any time. */
export function readChanging(
  cx: FunctionContext,
  text: string,
  type: Type,
  name: string,
  e: ts.Node,
): ValueId {
  if (isRef(type))
    return cx.refuse(
      'AD4003',
      e,
      `a function that comes from outside is called, and may give \`${name}\` another object`,
      'pass the object as an argument',
    );
  return cx.foreign([text], [], type, false, e, 'reads');
}

/** The initialiser of a module-level object or array of functions that nothing assigns to: it is as good as its parts. */
function functionTable(cx: FunctionContext, symbol: ts.Symbol, d: ts.Declaration): ts.Expression | undefined {
  const { ts } = cx;
  const held = constantInitializer(ts, d);
  if (!held || cx.state.scopesOf(d).isLocal(symbol)) return undefined;
  const init = skipWrappers(ts, held);
  const isFunction = (x: ts.Expression): boolean => {
    const e = skipWrappers(ts, x);
    if (isFunctionNode(ts, e)) return true;
    if (ts.isPropertyAccessExpression(e))
      return cx.state.hostOf(e).checker.getTypeAtLocation(e).getCallSignatures().length > 0;
    const s = ts.isIdentifier(e) ? symbolOf(cx.state.hostOf(e), e) : undefined;
    return s !== undefined && boundFunction(cx.state.hostOf(e), s) !== undefined;
  };
  const isPlainMethod = (p: ts.ObjectLiteralElementLike): boolean =>
    ts.isMethodDeclaration(p) && p.asteriskToken === undefined && ts.isIdentifier(p.name);
  const parts = ts.isObjectLiteralExpression(init)
    ? init.properties.map((p) =>
        ts.isPropertyAssignment(p)
          ? p.initializer
          : ts.isShorthandPropertyAssignment(p)
            ? p.name
            : isPlainMethod(p)
              ? undefined
              : null,
      )
    : ts.isArrayLiteralExpression(init)
      ? init.elements
      : [];
  if (parts.length === 0 || parts.some((p) => p === null || (p !== undefined && !isFunction(p))))
    return undefined;
  const host = cx.state.hostOf(d);
  // there are no types in JavaScript that say which calls are those of a list
  const stays = host.untyped ? isNeverChanged(host, symbol) : !isWrittenThrough(host, symbol);
  return stays && readsThisOnly(host, init) ? init : undefined;
}
/** Whether the functions of a table leave the table alone. */
function readsThisOnly(host: Host, table: ts.Node): boolean {
  const { ThisKeyword } = host.ts.SyntaxKind;
  return !walkNodes(host.ts, table, (n) =>
    n.kind === ThisKeyword && !isReadOf(host, n) ? 'stop' : undefined,
  );
}
