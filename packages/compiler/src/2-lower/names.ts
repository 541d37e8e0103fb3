/** What a name stands for: a variable in scope, a known function, a constant of the language, or an outer constant. */

import { isNeverChanged } from '../host/kept-data.js';
import { declarationOf, type Implementation, implementationOf } from '../host/packages.js';
import {
  boundFunction,
  constantInitializer,
  isConst,
  isFunctionNode,
  isOfNamespace,
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
import { BOOLEAN, MIXED, NUMBER, OPAQUE, type Type, type ValueId } from '../ir/nodes.js';
import { CELL, isArrayClass, isRef, present, refType, slotType, typedArray } from '../ir/types.js';
import { classOfExpression } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { namedInOwnRule, ruleFunction } from './custom.js';
import { isMarkerCall } from './derivatives.js';
import { lowerExpression } from './expressions.js';
import { BUILTINS } from './foreign.js';
import type { Site } from './functions.js';
import { literalOf } from './literal-members.js';
import { ARGUMENTS, flatten, type Shape, type Val } from './shapes.js';
import { refuseAtRunTime } from './try.js';

const MATH_CONSTANTS = new Set(['E', 'LN10', 'LN2', 'LOG10E', 'LOG2E', 'PI', 'SQRT1_2', 'SQRT2']);
const NUMBER_CONSTANTS = new Set([
  'EPSILON',
  'MAX_SAFE_INTEGER',
  'MAX_VALUE',
  'MIN_SAFE_INTEGER',
  'MIN_VALUE',
  'NaN',
  'NEGATIVE_INFINITY',
  'POSITIVE_INFINITY',
]);

/** Functions of `Math` with an entry in the table of scalar operations. */
export const MATH_FUNCTIONS: ReadonlySet<string> = new Set(
  'abs acos acosh asin asinh atan atan2 atanh cbrt ceil clz32 cos cosh exp expm1 floor fround hypot imul log log10 log1p log2 max min pow round sign sin sinh sqrt tan tanh trunc'.split(
    ' ',
  ),
);

/** Globals that the declarations of a platform (`@types/node`) declare again. */
const HOST_GLOBALS = new Set(['console', 'performance', 'structuredClone']);

/** Functions of the language, and its classes of arrays: what these make has a type. */
const isBuiltin = (name: string): boolean => BUILTINS.has(name) || isArrayClass(name);

export const NUMBER_TESTS = new Set(['isFinite', 'isInteger', 'isNaN', 'isSafeInteger']);

/** Whether an expression names the library's own global of that name. */
export function isGlobal(cx: FunctionContext, e: ts.Expression, name: string): boolean {
  if (!cx.ts.isIdentifier(e)) return false;
  const s = symbolOf(cx.host, e);
  // code of the library and of packages is read without the declarations of the language
  if (!s || (s.declarations ?? []).length === 0) return e.text === name && cx.host.untyped === true;
  const d = s?.valueDeclaration;
  if (d && cx.ts.isVariableDeclaration(d) && d.initializer && isConst(cx.ts, d)) {
    const init = skipWrappers(cx.ts, d.initializer);
    return init !== e && cx.ts.isIdentifier(init) && isGlobal(cx, init, name);
  }
  if (e.text !== name || !d) return false;
  // platforms declare more members of some of them again, as interfaces
  if (cx.host.program.isSourceFileDefaultLibrary(d.getSourceFile())) return true;
  return HOST_GLOBALS.has(name) && (s.declarations ?? []).every((x) => x.getSourceFile().isDeclarationFile);
}

/** `Math.PI`, `Math.sin`, `Number.EPSILON`, enum members. */
export function lowerNamespaceConstant(cx: FunctionContext, e: ts.PropertyAccessExpression): Val | undefined {
  const name = e.name.text;
  if (isGlobal(cx, e.expression, 'Math')) return lowerMathMember(cx, name, e);
  if (isGlobal(cx, e.expression, 'Number') && NUMBER_CONSTANTS.has(name))
    return { kind: 'ir', id: cx.constant(Number[name as 'EPSILON'], e) };
  if (name === 'BYTES_PER_ELEMENT' && cx.ts.isIdentifier(e.expression)) {
    const { text } = e.expression;
    if (typedArray(text) && isGlobal(cx, e.expression, text))
      return { kind: 'ir', id: cx.foreign([e.getText()], [], NUMBER, true, e) };
  }
  const handed = builtinMember(cx, e);
  if (handed) return handed;
  const outside = implementationOf(cx.host, e);
  if (outside) return lowerOutside(cx, outside, e);
  const member = lowerEnumMember(cx, e);
  if (member) return member;
  const symbol = symbolOf(cx.host, e);
  // a member of an imported namespace, or a function in a record that never changes
  return symbol && isOfNamespace(cx.host, e) ? lowerSymbol(cx, symbol, e) : undefined;
}

/** `Kind.Linear`, `Kind['Linear']` */
export function lowerEnumMember(
  cx: FunctionContext,
  e: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): Val | undefined {
  const name = cx.ts.isPropertyAccessExpression(e) ? e : e.argumentExpression;
  const d = symbolOf(cx.host, name)?.valueDeclaration;
  const member = d && cx.ts.isEnumMember(d) ? cx.host.checker.getConstantValue(d) : undefined;
  // `a[Kind.Linear]` is no member of the enum
  const isMember = cx.ts.isPropertyAccessExpression(e) || cx.ts.isStringLiteralLike(name);
  return member !== undefined && isMember ? { kind: 'ir', id: cx.constant(member, e) } : undefined;
}

/** `xs.filter(Number.isFinite)`, `parts.map(Number.parseFloat)`, `xs.every(Array.isArray)` */
function builtinMember(cx: FunctionContext, e: ts.PropertyAccessExpression): Val | undefined {
  const name = e.name.text;
  if (isGlobal(cx, e.expression, 'Array'))
    return name === 'isArray' ? { kind: 'builtin', name: 'Array.isArray' } : undefined;
  if (!isGlobal(cx, e.expression, 'Number')) return undefined;
  if (NUMBER_TESTS.has(name)) return { kind: 'builtin', name: `Number.${name}` };
  return name === 'parseFloat' || name === 'parseInt' ? { kind: 'builtin', name } : undefined;
}

export function lowerMathMember(cx: FunctionContext, name: string, node: ts.Node): Val {
  if (MATH_CONSTANTS.has(name)) return { kind: 'ir', id: cx.constant(Math[name as 'PI'], node) };
  if (MATH_FUNCTIONS.has(name) || name === 'random') return { kind: 'math', name };
  return cx.refuse('AD4002', node, `no derivative rule for \`Math.${name}\``);
}

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
function lowerOutside(cx: FunctionContext, { host, symbol }: Implementation, e: ts.Node): Val {
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
  const isWritten = declared !== undefined && isWrittenThrough(cx.state.host, declared);
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

function lowerSymbol(cx: FunctionContext, symbol: ts.Symbol, e: ts.Node): Val {
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
  if (d && ts.isVariableDeclaration(d) && d.initializer && isConst(ts, d) && isMarkerCall(cx, d.initializer))
    return cx.inHost(cx.state.hostOf(d), () => lowerExpression(cx, d.initializer as ts.Expression));
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
  const held = constantInitializer(ts, d);
  if (held) {
    const number = constantNumber(cx, held);
    if (number !== undefined) return { kind: 'ir', id: cx.constant(number, e) };
    const init = skipWrappers(ts, held);
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
        ts.isPropertyAssignment(p) ? p.initializer : isPlainMethod(p) ? undefined : null,
      )
    : ts.isArrayLiteralExpression(init)
      ? init.elements
      : [];
  if (parts.length === 0 || parts.some((p) => p === null || (p !== undefined && !isFunction(p))))
    return undefined;
  const host = cx.state.hostOf(d);
  return isWrittenThrough(host, symbol) || !readsThisOnly(host, init) ? undefined : init;
}
/** Whether the functions of a table leave the table alone. */
function readsThisOnly(host: Host, table: ts.Node): boolean {
  const { ThisKeyword } = host.ts.SyntaxKind;
  return !walkNodes(host.ts, table, (n) =>
    n.kind === ThisKeyword && !isReadOf(host, n) ? 'stop' : undefined,
  );
}

/** Constants that are made from constants are followed this far: two that need each other have no value. */
const MOST_STEPS = 20;

/** The value of number literals, `const` variables that hold such, and arithmetic on them that every engine rounds alike. */
export function constantNumber(cx: FunctionContext, e: ts.Expression, steps = 0): number | undefined {
  const { ts } = cx;
  const x = skipWrappers(ts, e);
  if (ts.isNumericLiteral(x)) return Number(x.text);
  if (ts.isPrefixUnaryExpression(x) && x.operator === ts.SyntaxKind.MinusToken) {
    const v = constantNumber(cx, x.operand, steps);
    return v === undefined ? undefined : -v;
  }
  if (ts.isBinaryExpression(x)) return constantRow(cx, x, steps);
  if (ts.isIdentifier(x) && steps < MOST_STEPS) {
    const d = symbolOf(cx.state.hostOf(x), x)?.valueDeclaration;
    if (d && ts.isVariableDeclaration(d) && d.initializer && isConst(ts, d))
      return constantNumber(cx, d.initializer, steps + 1);
  }
  return undefined;
}
/** Operators in a row, from the left end: there may be tens of thousands. */
function constantRow(cx: FunctionContext, x: ts.BinaryExpression, steps: number): number | undefined {
  const row = [x];
  let left = skipWrappers(cx.ts, x.left);
  for (; cx.ts.isBinaryExpression(left); left = skipWrappers(cx.ts, left.left)) row.push(left);
  let value = constantNumber(cx, left, steps);
  for (const { operatorToken, right } of row.reverse()) {
    const b = value === undefined ? undefined : constantNumber(cx, right, steps);
    if (value === undefined || b === undefined) return undefined;
    value = folded(cx.ts, operatorToken.kind, value, b);
  }
  return value;
}
function folded(ts: FunctionContext['ts'], op: ts.SyntaxKind, a: number, b: number): number | undefined {
  const K = ts.SyntaxKind;
  if (op === K.PlusToken) return a + b;
  if (op === K.MinusToken) return a - b;
  if (op === K.AsteriskToken) return a * b;
  return op === K.SlashToken ? a / b : undefined;
}
