/** What a name stands for: a variable in scope, a known function, a constant of the language, or an outer constant. */

import { boundFunction, isConst, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { lowerType, UnsupportedType } from '../host/types.js';
import type { FunctionContext } from './context.js';
import { BUILTINS } from './foreign.js';
import type { Val } from './shapes.js';

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
  if (e.text !== name) return false;
  return (
    s?.declarations?.every(
      (d) =>
        cx.host.program.isSourceFileDefaultLibrary(d.getSourceFile()) ||
        (HOST_GLOBALS.has(name) && d.getSourceFile().isDeclarationFile),
    ) ?? false
  );
}

/** `Math.PI`, `Math.sin`, `Number.EPSILON`, enum members. */
export function lowerNamespaceConstant(cx: FunctionContext, e: ts.PropertyAccessExpression): Val | undefined {
  const name = e.name.text;
  if (isGlobal(cx, e.expression, 'Math')) return lowerMathMember(cx, name, e);
  if (isGlobal(cx, e.expression, 'Number') && NUMBER_CONSTANTS.has(name))
    return { kind: 'ir', id: cx.constant(Number[name as 'EPSILON'], e) };
  const symbol = symbolOf(cx.host, e);
  const d = symbol?.valueDeclaration;
  const member = d && cx.ts.isEnumMember(d) ? cx.host.checker.getConstantValue(d) : undefined;
  if (member !== undefined) return { kind: 'ir', id: cx.constant(member, e) };
  // a member of an imported namespace, or a function in a record that never changes
  const qualifier = symbolOf(cx.host, e.expression);
  if (symbol && qualifier && qualifier.flags & cx.ts.SymbolFlags.ValueModule)
    return lowerSymbol(cx, symbol, e);
  return undefined;
}

function lowerMathMember(cx: FunctionContext, name: string, node: ts.Node): Val {
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
  const symbol = symbolOf(cx.host, e);
  if (!symbol && cx.host.untyped && e.text === 'undefined')
    return { kind: 'ir', id: cx.constant(undefined, e) };
  if (!symbol && cx.host.untyped && BUILTINS.has(e.text)) return { kind: 'builtin', name: e.text };
  if (!symbol) return cx.refuse('AD4001', e, `\`${e.text}\` is not known`);
  return lowerSymbol(cx, symbol, e);
}

function lowerSymbol(cx: FunctionContext, symbol: ts.Symbol, e: ts.Node): Val {
  const known = cx.env.get(symbol);
  if (known) {
    if (known.kind === 'cell') return { kind: 'ir', id: cx.load(known.ref, { key: 'v' }, e) };
    return known;
  }
  const decl = boundFunction(cx.host, symbol);
  if (decl && !cx.state.scopesOf(e).isLocal(symbol)) return { kind: 'closure', decl, captures: new Map() };
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
  if (d && ts.isVariableDeclaration(d) && d.initializer && isConst(ts, d)) {
    const number = constantNumber(cx, d.initializer);
    if (number !== undefined) return { kind: 'ir', id: cx.constant(number, e) };
    const text = skipWrappers(ts, d.initializer);
    if (ts.isStringLiteralLike(text)) return { kind: 'ir', id: cx.constant(text.text, e) };
    const init = skipWrappers(ts, d.initializer);
    if (ts.isPropertyAccessExpression(init) && isGlobal(cx, init.expression, 'Math'))
      return lowerMathMember(cx, init.name.text, e);
  }
  if (BUILTINS.has(symbol.name) && ts.isIdentifier(e) && isGlobal(cx, e, symbol.name))
    return { kind: 'builtin', name: symbol.name };
  if (!d || !(symbol.flags & ts.SymbolFlags.Variable)) {
    if (d && ts.isClassLike(d) && !d.getSourceFile().isDeclarationFile)
      return { kind: 'class', decl: d, captures: new Map() };
    return cx.refuse('AD4002', e, `\`${symbol.name}\` has no source and no derivative rule`);
  }
  const type = lowerType(cx.host, cx.host.checker.getTypeOfSymbolAtLocation(symbol, e), e);
  if (type instanceof UnsupportedType)
    return cx.refuse(type.code, e, `\`${symbol.name}\` cannot be read here: ${type.why}`);
  const text = cx.state.outerText(cx, symbol, e);
  const id = cx.fresh(type, e, symbol.name);
  cx.emit({ kind: 'outer', text, results: [id], span: cx.span(e) });
  return { kind: 'ir', id };
}

/** The value of a number literal, with a sign perhaps. */
export function constantNumber(cx: FunctionContext, e: ts.Expression): number | undefined {
  const { ts } = cx;
  const x = skipWrappers(ts, e);
  if (ts.isNumericLiteral(x)) return Number(x.text);
  if (ts.isPrefixUnaryExpression(x) && x.operator === ts.SyntaxKind.MinusToken) {
    const v = constantNumber(cx, x.operand);
    return v === undefined ? undefined : -v;
  }
  return undefined;
}
