/** What is known without running: which expressions can be numbers with a derivative, and which are plain numbers. */
import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { walkNodes } from '../host/walk.js';
import type { Context } from './context.js';

/** Whether a value of the type may be a number. Types are believed where they say text, boolean or object. */
export function mayBeNumber(host: Host, type: ts.Type): boolean {
  const F = host.ts.TypeFlags;
  if (type.flags & (F.Any | F.Unknown | F.NumberLike | F.Never)) return true;
  if (type.flags & (F.StringLike | F.BooleanLike | F.BigIntLike | F.ESSymbolLike | F.VoidLike | F.Null))
    return false;
  if (type.isUnion() || type.isIntersection()) return type.types.some((t) => mayBeNumber(host, t));
  if (type.flags & F.Instantiable) {
    const constraint = host.checker.getBaseConstraintOfType(type);
    return constraint === undefined || constraint === type || mayBeNumber(host, constraint);
  }
  // `{}` takes numbers too
  return (
    (type.flags & F.Object) !== 0 &&
    host.checker.getPropertiesOfType(type).length === 0 &&
    host.checker.getIndexInfosOfType(type).length === 0 &&
    type.getCallSignatures().length === 0 &&
    type.getConstructSignatures().length === 0 &&
    !type.isClass()
  );
}

/** Whether the value of an expression may be a variable of the tape. */
export function isActive(cx: Context, e: ts.Expression): boolean {
  const x = skipWrappers(cx.ts, e);
  if (isPlain(cx, x)) return false;
  if (cx.host.untyped) return !isNeverNumber(cx, x);
  return mayBeNumber(cx.host, cx.host.checker.getTypeAtLocation(x));
}
/** In code without types only what is written as something else is known not to be a number. */
function isNeverNumber(cx: Context, e: ts.Expression): boolean {
  const { ts } = cx;
  return (
    ts.isStringLiteralLike(e) ||
    ts.isTemplateExpression(e) ||
    ts.isArrayLiteralExpression(e) ||
    ts.isObjectLiteralExpression(e) ||
    ts.isFunctionLike(e) ||
    ts.isClassExpression(e) ||
    ts.isTypeOfExpression(e)
  );
}

/** Whether the value may be an object, so that identity matters. */
export function mayBeObject(cx: Context, e: ts.Expression): boolean {
  const F = cx.ts.TypeFlags;
  if (cx.host.untyped) return !isPlain(cx, e) && !cx.ts.isStringLiteralLike(e);
  const visit = (t: ts.Type): boolean =>
    t.isUnion()
      ? t.types.some(visit)
      : (t.flags & (F.Any | F.Unknown | F.Object | F.NonPrimitive | F.Instantiable | F.Intersection)) !== 0;
  return visit(cx.host.checker.getTypeAtLocation(skipWrappers(cx.ts, e)));
}

const STEPS = new Set(['floor', 'ceil', 'round', 'trunc', 'sign', 'clz32', 'imul', 'random']);

/** Whether an expression surely has no derivative: literals, lengths, counters, steps, and what is computed from them. */
export function isPlain(cx: Context, expression: ts.Expression, open = new Set<ts.Symbol>()): boolean {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  const e = skipWrappers(ts, expression);
  const plain = (x: ts.Expression) => isPlain(cx, x, open);
  if (ts.isNumericLiteral(e) || ts.isBigIntLiteral(e) || ts.isStringLiteralLike(e)) return true;
  if ([K.TrueKeyword, K.FalseKeyword, K.NullKeyword, K.TypeOfExpression].includes(e.kind)) return true;
  if (ts.isPrefixUnaryExpression(e))
    return e.operator === K.ExclamationToken || e.operator === K.TildeToken || plain(e.operand);
  if (ts.isPostfixUnaryExpression(e)) return plain(e.operand);
  if (ts.isConditionalExpression(e)) return plain(e.whenTrue) && plain(e.whenFalse);
  if (ts.isBinaryExpression(e)) return isPlainBinary(cx, e, plain);
  if (ts.isIdentifier(e)) return isPlainName(cx, e, open);
  if (ts.isPropertyAccessExpression(e)) return isPlainProperty(cx, e);
  if (ts.isCallExpression(e) && ts.isPropertyAccessExpression(e.expression))
    return isGlobalName(cx, e.expression.expression, 'Math') && STEPS.has(e.expression.name.text);
  return false;
}

function isPlainBinary(cx: Context, e: ts.BinaryExpression, plain: (e: ts.Expression) => boolean): boolean {
  const K = cx.ts.SyntaxKind;
  const op = e.operatorToken.kind;
  if (isComparison(cx, op) || isBits(cx, op)) return true;
  if (op === K.EqualsToken || op === K.CommaToken) return plain(e.right);
  return plain(e.left) && plain(e.right);
}

function isComparison(cx: Context, op: ts.SyntaxKind): boolean {
  const K = cx.ts.SyntaxKind;
  return (
    isEquality(cx, op) ||
    [K.LessThanToken, K.LessThanEqualsToken, K.GreaterThanToken, K.GreaterThanEqualsToken].includes(op) ||
    op === K.InKeyword ||
    op === K.InstanceOfKeyword
  );
}
export function isEquality(cx: Context, op: ts.SyntaxKind): boolean {
  const K = cx.ts.SyntaxKind;
  return [
    K.EqualsEqualsToken,
    K.EqualsEqualsEqualsToken,
    K.ExclamationEqualsToken,
    K.ExclamationEqualsEqualsToken,
  ].includes(op);
}
export function isBits(cx: Context, op: ts.SyntaxKind): boolean {
  const K = cx.ts.SyntaxKind;
  return [
    ...[K.AmpersandToken, K.BarToken, K.CaretToken],
    ...[K.LessThanLessThanToken, K.GreaterThanGreaterThanToken, K.GreaterThanGreaterThanGreaterThanToken],
  ].includes(op);
}

function isPlainProperty(cx: Context, e: ts.PropertyAccessExpression): boolean {
  const { checker, untyped, ts } = cx.host;
  if (isGlobalName(cx, e.expression, 'Math') || isGlobalName(cx, e.expression, 'Number')) return true;
  if (!untyped) {
    const member = symbolOf(cx.host, e)?.valueDeclaration;
    if (member && ts.isEnumMember(member)) return true;
  }
  if (e.name.text !== 'length' && e.name.text !== 'size') return false;
  if (untyped) return true;
  // an array, a text, a map: its declaration is one of the language
  const declarations = checker.getSymbolAtLocation(e.name)?.declarations ?? [];
  return (
    declarations.length > 0 &&
    declarations.every((d) => cx.host.program.isSourceFileDefaultLibrary(d.getSourceFile())) &&
    !checker.typeToString(checker.getTypeAtLocation(e.expression)).startsWith('ArrayLike')
  );
}

/** A variable that only ever gets plain values. */
function isPlainName(cx: Context, e: ts.Identifier, open: Set<ts.Symbol>): boolean {
  const { ts } = cx;
  if (e.text === 'undefined' || isGlobalName(cx, e, 'NaN') || isGlobalName(cx, e, 'Infinity')) return true;
  const symbol = symbolOf(cx.host, e);
  const d = symbol?.valueDeclaration;
  if (!symbol || !d || !ts.isVariableDeclaration(d) || !ts.isIdentifier(d.name)) return false;
  if (open.has(symbol)) return true;
  const list = d.parent;
  if (!ts.isVariableDeclarationList(list) || ts.isForOfStatement(list.parent)) return false;
  if (ts.isForInStatement(list.parent)) return true;
  const isModule = ts.isVariableStatement(list.parent) && ts.isSourceFile(list.parent.parent);
  if (isModule && !(list.flags & ts.NodeFlags.Const)) return false;
  if (isModule && (!d.initializer || !ts.isNumericLiteral(skipWrappers(ts, d.initializer)))) return false;
  open.add(symbol);
  const values = assignmentsIn(cx.host, d.getSourceFile()).get(symbol) ?? [];
  const plain =
    values.every((v) => v !== undefined && isPlain(cx, v, open)) &&
    (d.initializer === undefined || isPlain(cx, d.initializer, open));
  open.delete(symbol);
  return plain;
}

type Assigned = ReadonlyMap<ts.Symbol, readonly (ts.Expression | undefined)[]>;
const assignments = new WeakMap<ts.SourceFile, Assigned>();
/** What each variable of a file is assigned after its declaration; `undefined` for what a pattern or loop gives it. */
export function assignmentsIn(host: Host, file: ts.SourceFile): Assigned {
  const known = assignments.get(file);
  if (known) return known;
  const { ts } = host;
  const K = ts.SyntaxKind;
  const found = new Map<ts.Symbol, (ts.Expression | undefined)[]>();
  const note = (target: ts.Expression, value: ts.Expression | undefined): void => {
    const e = skipWrappers(ts, target);
    if (ts.isIdentifier(e)) {
      const s = symbolOf(host, e);
      if (s) found.set(s, [...(found.get(s) ?? []), value]);
    } else if (ts.isArrayLiteralExpression(e))
      for (const x of e.elements) note(ts.isSpreadElement(x) ? x.expression : x, undefined);
    else if (ts.isObjectLiteralExpression(e))
      for (const p of e.properties) {
        if (ts.isShorthandPropertyAssignment(p)) note(p.name, undefined);
        else if (ts.isPropertyAssignment(p)) note(p.initializer, undefined);
        else if (ts.isSpreadAssignment(p)) note(p.expression, undefined);
      }
    else if (ts.isBinaryExpression(e)) note(e.left, undefined);
  };
  walkNodes(ts, file, (n) => {
    if (ts.isBinaryExpression(n)) {
      const op = n.operatorToken.kind;
      if (op >= K.FirstAssignment && op <= K.LastAssignment) note(n.left, n.right);
    } else if (ts.isPrefixUnaryExpression(n) || ts.isPostfixUnaryExpression(n)) {
      // the variable itself: counting up keeps it as plain as it is
      if (n.operator === K.PlusPlusToken || n.operator === K.MinusMinusToken) note(n.operand, n.operand);
    } else if (
      (ts.isForOfStatement(n) || ts.isForInStatement(n)) &&
      !ts.isVariableDeclarationList(n.initializer)
    )
      note(n.initializer, undefined);
  });
  assignments.set(file, found);
  return found;
}

/** Whether an expression names the language's own global of that name. */
export function isGlobalName(cx: Context, e: ts.Expression, name: string): boolean {
  return cx.ts.isIdentifier(e) && e.text === name && isGlobal(cx, e);
}
export function isGlobal(cx: Context, e: ts.Identifier): boolean {
  const s = symbolOf(cx.host, e);
  const declarations = s?.declarations ?? [];
  if (declarations.length === 0) return true;
  return declarations.every(
    (d) => cx.host.program.isSourceFileDefaultLibrary(d.getSourceFile()) || isAmbient(cx, d),
  );
}
/** A global that a platform declares (`@types/node`), or a script file. */
function isAmbient(cx: Context, d: ts.Declaration): boolean {
  const { ts } = cx;
  const file = d.getSourceFile();
  if (!file.isDeclarationFile) return false;
  let n: ts.Node = d;
  while (!ts.isSourceFile(n.parent)) {
    n = n.parent;
    if (ts.isModuleDeclaration(n) && n.name.text === 'global') return true;
  }
  return !ts.isExternalModule(file);
}
