/** Operators: assignment, arithmetic, comparison, short circuits, increments. */

import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { BOOLEAN, OPAQUE, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { fieldsNamed, isFunctionOrObject, isKeyed, isRef, refType, typedArray } from '../ir/types.js';
import { irVal, toArray } from './args.js';
import { asText, instanceOf, instanceOfPlatform } from './class-checks.js';
import { classOfExpression } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { knownDefault } from './default-functions.js';
import { equal, lowerCondition, lowerExpression, lowerValue, not, type Use } from './expressions.js';
import { accessorFields, areClasses, dispatch } from './functions.js';
import { checkKeys, hasKey, refuseSplit } from './intrinsics.js';
import { keyedLiteral } from './literals.js';
import { inClasses } from './members.js';
import { assign, lowerPlace } from './places.js';
import type { Val } from './shapes.js';

export function lowerBinary(cx: FunctionContext, e: ts.BinaryExpression, use: Use): Val {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  const op = e.operatorToken.kind;
  if (op === K.CommaToken) {
    lowerExpression(cx, e.left, 'unused');
    return lowerExpression(cx, e.right, use);
  }
  if (op === K.EqualsToken) return lowerAssignment(cx, e);
  if (op === K.InstanceOfKeyword) return irVal(lowerInstanceOf(cx, e));
  if (op === K.InKeyword) return irVal(lowerIn(cx, e));
  if (op === K.BarBarToken && isChoice(cx, e.left)) return chosen(cx, e.left, e.right, e, use);
  if (op === K.AmpersandAmpersandToken || op === K.BarBarToken || op === K.QuestionQuestionToken)
    return shortCircuit(cx, op, lowerExpression(cx, e.left), rightOf(cx, e, use), e, use);
  if (
    op === K.AmpersandAmpersandEqualsToken ||
    op === K.BarBarEqualsToken ||
    op === K.QuestionQuestionEqualsToken
  ) {
    const place = lowerPlace(cx, e.left);
    const plain =
      op === K.AmpersandAmpersandEqualsToken
        ? K.AmpersandAmpersandToken
        : op === K.BarBarEqualsToken
          ? K.BarBarToken
          : K.QuestionQuestionToken;
    return shortCircuit(
      cx,
      plain,
      place.get(),
      (empty) => {
        const v = rightOf(cx, e, 'value')(empty);
        place.set(v);
        return v;
      },
      e,
      use,
    );
  }
  if (op >= K.FirstCompoundAssignment && op <= K.LastCompoundAssignment) {
    const place = lowerPlace(cx, e.left);
    const old = cx.ir(place.get(), e.left);
    const right = lowerValue(cx, e.right);
    const v: Val = { kind: 'ir', id: arithmetic(cx, operation(cx, op), old, right, e) };
    place.set(v);
    return v;
  }
  return { kind: 'ir', id: lowerOperations(cx, e) };
}

/** Operators in a row, from the left end: sums in generated code have tens of thousands of terms. */
function lowerOperations(cx: FunctionContext, e: ts.BinaryExpression): ValueId {
  const row = [e];
  let left = skipWrappers(cx.ts, e.left);
  for (; isOperation(cx, left); left = skipWrappers(cx.ts, left.left)) row.push(left);
  let value = lowerValue(cx, left);
  for (const each of row.reverse()) {
    const fn = operation(cx, each.operatorToken.kind);
    value = arithmetic(cx, fn, value, lowerValue(cx, each.right), each);
  }
  return value;
}
function isOperation(cx: FunctionContext, e: ts.Expression): e is ts.BinaryExpression {
  if (!cx.ts.isBinaryExpression(e) || cx.replaced?.has(e)) return false;
  const op = e.operatorToken.kind;
  return op < cx.ts.SyntaxKind.FirstAssignment && operation(cx, op) !== undefined;
}

function lowerAssignment(cx: FunctionContext, e: ts.BinaryExpression): Val {
  const left = skipWrappers(cx.ts, e.left);
  if (cx.ts.isArrayLiteralExpression(left) && isSwap(cx, left, e)) return lowerArrayAssignment(cx, left, e);
  if (cx.ts.isArrayLiteralExpression(left) || cx.ts.isObjectLiteralExpression(left)) {
    const v = lowerExpression(cx, e.right);
    assign(cx, left, v);
    return v;
  }
  const place = lowerPlace(cx, e.left);
  const v = lowerExpression(cx, e.right);
  place.set(v);
  return v;
}

/** `[a[i], a[j]] = [a[j], a[i]]`: from a literal, which is never built; all loads first, then the stores. */
function lowerArrayAssignment(
  cx: FunctionContext,
  left: ts.ArrayLiteralExpression,
  e: ts.BinaryExpression,
): Val {
  const right = skipWrappers(cx.ts, e.right) as ts.ArrayLiteralExpression;
  const values = right.elements.map((x) => lowerExpression(cx, x));
  left.elements.forEach((x, k) => {
    assign(cx, x, values[k]);
  });
  return { kind: 'missing' };
}

/** As many elements on both sides, and neither holes, spreads nor defaults: a swap, whose value nobody uses. */
function isSwap(cx: FunctionContext, left: ts.ArrayLiteralExpression, e: ts.BinaryExpression): boolean {
  const { ts } = cx;
  const right = skipWrappers(ts, e.right);
  const plain = (x: ts.Expression) => !ts.isSpreadElement(x) && !ts.isOmittedExpression(x);
  return (
    ts.isArrayLiteralExpression(right) &&
    ts.isExpressionStatement(e.parent) &&
    left.elements.length === right.elements.length &&
    left.elements.every((x) => plain(x) && !ts.isBinaryExpression(x)) &&
    right.elements.every(plain)
  );
}

/** `(rules.get(name) ?? fallback)(x)`: the function of a table of the module is known as well; the program is lowered again. */
function fromTable(cx: FunctionContext, e: ts.Expression): void {
  const { ts } = cx;
  let root = skipWrappers(ts, e);
  while (
    ts.isPropertyAccessExpression(root) ||
    ts.isElementAccessExpression(root) ||
    ts.isCallExpression(root)
  )
    root = skipWrappers(ts, root.expression);
  const symbol = ts.isIdentifier(root) ? symbolOf(cx.host, root) : undefined;
  if (!symbol || cx.env.has(symbol) || !cx.state.outside.isTable(symbol)) return;
  if (cx.state.inference.readTables()) cx.giveUp(e);
  cx.state.outside.tableNow(cx, symbol, e);
}

/** The right side of `a && b`, `a || b`, `a ?? b`; `empty` makes what an empty literal there is beside the left side. */
type RightSide = (empty?: () => Val) => Val;
const sideOf =
  (make: () => Val): RightSide =>
  (empty) =>
    (empty ?? make)();
const rightOf = (cx: FunctionContext, e: ts.BinaryExpression, use: Use): RightSide =>
  sideOf(() => lowerExpression(cx, e.right, use));

/** `a && b`, `a || b`, `a ?? b` with `b` evaluated only where needed; as a statement it has no value, of whatever types. */
function shortCircuit(
  cx: FunctionContext,
  op: ts.SyntaxKind,
  left: Val,
  right: RightSide,
  e: ts.BinaryExpression,
  use: Use,
): Val {
  const K = cx.ts.SyntaxKind;
  const id = cx.ir(left, e.left);
  const choose = (cond: ValueId, then: () => Val, otherwise: () => Val): Val =>
    cx.branch(cond, usedAs(use, then), usedAs(use, otherwise), e) ?? { kind: 'missing' };
  if (op === K.QuestionQuestionToken) {
    const isStored = e.operatorToken.kind === K.QuestionQuestionEqualsToken;
    const known = use === 'value' && !isStored ? knownDefault(cx, id, e.right, 'isNullish') : undefined;
    if (known) fromTable(cx, e.left);
    if (known) return known;
    const t = cx.type(id);
    const missing = cx.scalar('isNullish', [id], e);
    const otherwise = (): Val => right(emptyFor(cx, t, e));
    // loads may be out of range whatever the type says
    if (t.kind !== 'maybe') return choose(missing, otherwise, () => asListed(cx, left, e));
    return choose(missing, otherwise, () => asListed(cx, { kind: 'ir', id: cx.present(id, e) }, e));
  }
  const truth = cx.truth(id, e.left);
  const isAnd = op === K.AmpersandAmpersandToken;
  // where the left side is true it is not missing either
  const same = (): Val => ({ kind: 'ir', id: isAnd ? id : cx.present(id, e.left) });
  if (isAnd)
    return choose(truth, () => right(), isOtherObject(cx, id, e) ? () => whichNothing(cx, id, e) : same);
  return choose(
    truth,
    () => asListed(cx, same(), e),
    () => right(emptyFor(cx, cx.type(id), e)),
  );
}

/** `o && o.x`: an object that need not have the type of what comes behind it; where it is the value, it is `undefined` or `null`. */
function isOtherObject(cx: FunctionContext, id: ValueId, e: ts.BinaryExpression): boolean {
  const { checker, untyped } = cx.host;
  if (!isRef(cx.type(id))) return false;
  if (untyped) return true;
  const declared = (x: ts.Expression): ts.Type => checker.getNonNullableType(checker.getTypeAtLocation(x));
  return declared(e.left) !== declared(e.right);
}
function whichNothing(cx: FunctionContext, id: ValueId, e: ts.BinaryExpression): Val {
  const nothing =
    (value: null | undefined): (() => Val) =>
    () =>
      irVal(cx.constant(value, e));
  const isNull = cx.scalar('eq', [id, cx.constant(null, e)], e);
  return cx.branch(isNull, nothing(null), nothing(undefined), e)!;
}

/** `test && x` with a test that is a truth value and an `x` that is none: its value may be either. */
function isChoice(cx: FunctionContext, x: ts.Expression): boolean {
  const { ts } = cx;
  const e = skipWrappers(ts, x);
  if (!ts.isBinaryExpression(e) || cx.host.untyped) return false;
  const op = e.operatorToken.kind;
  if (op === ts.SyntaxKind.BarBarToken) return isChoice(cx, e.left) || isChoice(cx, e.right);
  const flags = (y: ts.Expression) => cx.host.checker.getTypeAtLocation(y).flags;
  return (
    op === ts.SyntaxKind.AmpersandAmpersandToken &&
    (flags(e.left) & ts.TypeFlags.BooleanLike) !== 0 &&
    (flags(e.right) & ts.TypeFlags.NumberLike) !== 0
  );
}
/** `(test && x) || y` is `test ? x || y : y`, of one type. */
function chosen(
  cx: FunctionContext,
  first: ts.Expression,
  rest: ts.Expression | (() => Val),
  e: ts.BinaryExpression,
  use: Use,
): Val {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  const x = skipWrappers(ts, first);
  const otherwise = typeof rest === 'function' ? rest : () => orElse(cx, rest, undefined, e, use);
  if (ts.isBinaryExpression(x) && x.operatorToken.kind === K.BarBarToken)
    return chosen(cx, x.left, () => orElse(cx, x.right, otherwise, e, use), e, use);
  if (!ts.isBinaryExpression(x) || !isChoice(cx, x)) return orElse(cx, x, otherwise, e, use);
  const yes = (): Val =>
    shortCircuit(cx, K.BarBarToken, lowerExpression(cx, x.right), sideOf(otherwise), e, use);
  const v = cx.branch(lowerCondition(cx, x.left), usedAs(use, yes), usedAs(use, otherwise), e);
  return v ?? { kind: 'missing' };
}
/** A value, or another where it is false. */
function orElse(
  cx: FunctionContext,
  x: ts.Expression,
  rest: (() => Val) | undefined,
  e: ts.BinaryExpression,
  use: Use,
): Val {
  if (rest === undefined) return lowerExpression(cx, x, use);
  if (isChoice(cx, x)) return chosen(cx, x, rest, e, use);
  return shortCircuit(cx, cx.ts.SyntaxKind.BarBarToken, lowerExpression(cx, x), sideOf(rest), e, use);
}

/** `table[key] ?? {}`: beside an object used as a map the empty literal is one too. */
function emptyFor(cx: FunctionContext, t: Type, { right }: ts.BinaryExpression): (() => Val) | undefined {
  const literal = skipWrappers(cx.ts, right);
  const r = refType(t);
  if (!cx.ts.isObjectLiteralExpression(literal) || literal.properties.length > 0) return undefined;
  if (r?.kind !== 'array' || !isKeyed(r) || r.ctor !== 'Object') return undefined;
  return () => irVal(keyedLiteral(cx, literal, undefined));
}
/** `[...(map.get(key) ?? [])]`: what is gone through in the place of an empty list is a list of what a map or set has. */
function asListed(cx: FunctionContext, v: Val, e: ts.BinaryExpression): Val {
  const { ts } = cx;
  const literal = skipWrappers(ts, e.right);
  const t = v.kind === 'ir' ? refType(cx.type(v.id)) : undefined;
  const isEmpty = ts.isArrayLiteralExpression(literal) && literal.elements.length === 0;
  return t && isKeyed(t) && isEmpty && isGoneThrough(ts, e) ? toArray(cx, v, e) : v;
}
function isGoneThrough(ts: FunctionContext['ts'], e: ts.Expression): boolean {
  const { parent } = e;
  if (ts.isParenthesizedExpression(parent)) return isGoneThrough(ts, parent);
  return ts.isSpreadElement(parent) || (ts.isForOfStatement(parent) && parent.expression === e);
}

/** An arm of a choice: run for its effects only if nobody uses its value. */
export const usedAs = (use: Use, arm: () => Val) => (): Val | undefined => {
  if (use === 'value') return arm();
  arm();
  return undefined;
};

/** The scalar operation of a binary operator or of its compound assignment; `undefined` if it has none. */
function operation(cx: FunctionContext, op: ts.SyntaxKind): string | undefined {
  const K = cx.ts.SyntaxKind;
  switch (op) {
    case K.PlusToken:
    case K.PlusEqualsToken:
      return 'add';
    case K.MinusToken:
    case K.MinusEqualsToken:
      return 'sub';
    case K.AsteriskToken:
    case K.AsteriskEqualsToken:
      return 'mul';
    case K.SlashToken:
    case K.SlashEqualsToken:
      return 'div';
    case K.PercentToken:
    case K.PercentEqualsToken:
      return 'rem';
    case K.AsteriskAsteriskToken:
    case K.AsteriskAsteriskEqualsToken:
      return 'pow';
    case K.LessThanToken:
      return 'lt';
    case K.LessThanEqualsToken:
      return 'le';
    case K.GreaterThanToken:
      return 'gt';
    case K.GreaterThanEqualsToken:
      return 'ge';
    case K.EqualsEqualsEqualsToken:
      return 'eq';
    case K.ExclamationEqualsEqualsToken:
      return 'ne';
    case K.EqualsEqualsToken:
      return 'looseEq';
    case K.ExclamationEqualsToken:
      return 'looseNe';
    case K.AmpersandToken:
    case K.AmpersandEqualsToken:
      return 'bitand';
    case K.BarToken:
    case K.BarEqualsToken:
      return 'bitor';
    case K.CaretToken:
    case K.CaretEqualsToken:
      return 'bitxor';
    case K.LessThanLessThanToken:
    case K.LessThanLessThanEqualsToken:
      return 'shl';
    case K.GreaterThanGreaterThanToken:
    case K.GreaterThanGreaterThanEqualsToken:
      return 'shr';
    case K.GreaterThanGreaterThanGreaterThanToken:
    case K.GreaterThanGreaterThanGreaterThanEqualsToken:
      return 'ushr';
    default:
      return undefined;
  }
}
const ANY_OPERANDS = new Set(['eq', 'ne', 'looseEq', 'looseNe']);
const ORDER = new Set(['lt', 'le', 'gt', 'ge']);

export function arithmetic(
  cx: FunctionContext,
  fn: string | undefined,
  a: ValueId,
  b: ValueId,
  node: ts.Node,
): ValueId {
  if (fn === undefined) return cx.refuse('AD2000', node, 'this operator cannot be differentiated');
  if (ANY_OPERANDS.has(fn)) {
    const nullish = (x: ValueId) => cx.type(x).kind === 'nullish';
    if (fn.startsWith('loose') && !nullish(a) && !nullish(b) && cx.type(a).kind !== cx.type(b).kind)
      return cx.foreign(['', fn === 'looseEq' ? ' == ' : ' != ', ''], [a, b], BOOLEAN, true, node);
    return equal(cx, fn, a, b, node);
  }
  const text = (x: ValueId): boolean => cx.type(x).kind === 'opaque';
  if (isBigInt(cx, a, node)) return bigIntOperation(cx, fn, [a, b], node);
  if (fn === 'add' && (text(a) || text(b)))
    return cx.foreign(['', ' + ', ''], [asText(cx, a, node), asText(cx, b, node)], OPAQUE, true, node);
  if (ORDER.has(fn) && (text(a) || text(b))) {
    const sign = { lt: ' < ', le: ' <= ', gt: ' > ', ge: ' >= ' }[fn] as string;
    return cx.foreign(['', sign, ''], [a, b], BOOLEAN, true, node);
  }
  return cx.scalar(fn, [cx.number(a, node), cx.number(b, node)], node);
}

/** Whether an operation on a value gives a big integer. Asked of values without derivative only: the checker is slow. */
const isBigInt = (cx: FunctionContext, operand: ValueId, node: ts.Node): boolean =>
  cx.type(operand).kind === 'opaque' &&
  (cx.host.checker.getTypeAtLocation(node).flags & cx.ts.TypeFlags.BigIntLike) !== 0;

const SIGNS: Readonly<Record<string, string>> = {
  ...{ add: '+', sub: '-', mul: '*', div: '/', rem: '%', pow: '**' },
  ...{ bitand: '&', bitor: '|', bitxor: '^', shl: '<<', shr: '>>' },
};
/** Big integers have no derivative: their arithmetic stays as it is, and may throw. */
function bigIntOperation(cx: FunctionContext, fn: string, args: readonly ValueId[], node: ts.Node): ValueId {
  const [sign, unary] = [SIGNS[fn], { neg: '-', bitnot: '~' }[fn]];
  if (args.length === 1 && unary !== undefined)
    return cx.foreign([`(${unary}(`, '))'], args, OPAQUE, true, node);
  if (sign === undefined) return cx.refuse('AD2000', node);
  const pure = ['add', 'sub', 'mul', 'bitand', 'bitor', 'bitxor'].includes(fn);
  return cx.foreign(['((', `) ${sign} (`, '))'], args, OPAQUE, pure, node);
}

export function lowerPrefix(cx: FunctionContext, e: ts.PrefixUnaryExpression): Val {
  const K = cx.ts.SyntaxKind;
  const value = (fn: string): Val => {
    const id = lowerValue(cx, e.operand);
    if (isBigInt(cx, id, e)) return { kind: 'ir', id: bigIntOperation(cx, fn, [id], e) };
    if (fn === 'plus' && cx.type(id).kind !== 'number') return { kind: 'ir', id: cx.number(id, e) };
    return { kind: 'ir', id: cx.scalar(fn, [cx.number(id, e)], e) };
  };
  switch (e.operator) {
    case K.MinusToken:
      return value('neg');
    case K.PlusToken:
      return value('plus');
    case K.TildeToken:
      return value('bitnot');
    case K.ExclamationToken:
      return { kind: 'ir', id: not(cx, lowerCondition(cx, e.operand), e) };
    default:
      return update(cx, e.operand, e.operator, 'new', e);
  }
}

/** `++` and `--`: the value is the number before (postfix) or after (prefix). */
export function update(
  cx: FunctionContext,
  operand: ts.Expression,
  op: ts.SyntaxKind,
  gives: 'old' | 'new',
  e: ts.Node,
): Val {
  const place = lowerPlace(cx, operand);
  const before = cx.ir(place.get(), operand);
  const fn = op === cx.ts.SyntaxKind.PlusPlusToken ? 'add' : 'sub';
  const big = isBigInt(cx, before, e);
  const old = big ? before : cx.number(before, e);
  const next: Val = {
    kind: 'ir',
    id: big
      ? bigIntOperation(cx, fn, [old, cx.foreign(['1n'], [], OPAQUE, true, e)], e)
      : cx.scalar(fn, [old, cx.constant(1, e)], e),
  };
  place.set(next);
  return gives === 'old' ? { kind: 'ir', id: old } : next;
}

function isThere(cx: FunctionContext, id: ValueId, node: ts.Expression): ValueId {
  const answer = (is: boolean) => (): Val => irVal(cx.constant(is, node));
  const there = cx.branch(cx.scalar('isNullish', [id], node), answer(false), answer(true), node);
  return cx.ir(there ?? { kind: 'missing' }, node);
}
function lowerInstanceOf(cx: FunctionContext, e: ts.BinaryExpression): ValueId {
  const of = lowerExpression(cx, e.left);
  const known = classOfExpression(cx, e.right);
  if (known) return instanceOf(cx, of, known, e);
  const id = cx.ir(of, e.left);
  const declared = symbolOf(cx.host, e.right)?.declarations ?? [];
  const isPlatform =
    cx.host.untyped || (declared.length > 0 && declared.every((d) => d.getSourceFile().isDeclarationFile));
  if (!isPlatform) {
    const c = lowerExpression(cx, e.right);
    if (c.kind === 'class') return instanceOf(cx, of, c.decl, e);
    if (!areClasses(cx, c))
      return cx.refuse('AD2013', e, 'the class that `instanceof` asks for is not statically known');
    const asked = dispatch(cx, c.id, e, (k) =>
      irVal(instanceOf(cx, of, (k as Val & { kind: 'class' }).decl, e)),
    );
    return cx.ir(asked, e);
  }
  const asked = instanceOfPlatform(cx, of, e.right.getText(), e);
  if (asked !== undefined) return asked;
  const r = refType(cx.type(id));
  if (r?.kind === 'record' && r.functions && e.right.getText() !== 'Object') {
    if (e.right.getText() === 'Function' && !isFunctionOrObject(r)) return isThere(cx, id, e);
    return cx.refuse('AD2013', e, 'functions are not told apart by `instanceof` here');
  }
  const isKind = isOfTypedArrays(cx.type(id), e.right.getText());
  if (isKind === false) return cx.constant(false, e);
  if (isKind && cx.type(id).kind !== 'maybe') return cx.constant(true, e);
  if (isRef(cx.type(id)))
    return cx.foreign(['', ` instanceof ${e.right.getText()}`], [id], BOOLEAN, false, e, 'reads');
  return cx.foreign(['', ` instanceof ${e.right.getText()}`], [id], BOOLEAN, true, e);
}

/** `x instanceof Float64Array`, where the type says which kind of list it is. */
function isOfTypedArrays(t: Type, name: string): boolean | undefined {
  const r = refType(t);
  if (typedArray(name) === undefined || r?.kind !== 'array' || r.storage === 'keyed' || r.either)
    return undefined;
  return r.ctor === name;
}

/** Whether an object from outside may have a member that is no field with a value: a method, an accessor, `toString`. */
function mayHaveMember(
  { host, ts }: FunctionContext,
  t: RecordType,
  name: string,
  of: ts.Expression,
): boolean {
  if (accessorFields(t).includes(name) || name in Object.prototype) return true;
  if (host.untyped) return false;
  const type = host.checker.getTypeAtLocation(of);
  const isOpen = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) !== 0;
  const parts = type.isUnion() ? type.types : [type];
  return isOpen || parts.some((p) => host.checker.getPropertyOfType(p, name) !== undefined);
}

function lowerIn(cx: FunctionContext, e: ts.BinaryExpression): ValueId {
  const key = lowerValue(cx, e.left);
  const of = lowerValue(cx, e.right);
  const t = refType(cx.type(of));
  const name = cx.knownText(key);
  if (t?.kind === 'record' && t.classes && name !== undefined) {
    const has = inClasses(cx, of, name);
    if (has === undefined)
      return cx.refuse('AD2013', e, `only some of the classes here have \`${name}\``, 'use `instanceof`');
    if (has) return cx.constant(true, e);
  }
  if (t?.kind === 'record' && !t.tuple && name !== undefined) {
    const [field, other] = fieldsNamed(t, name);
    if (other) refuseSplit(cx, t, e);
    if (!field && t.site === undefined && !mayHaveMember(cx, t, name, e.right)) {
      checkKeys(cx, of, e);
      return cx.constant(false, e);
    }
    if (field && field.type.kind !== 'maybe' && t.site === undefined) return cx.constant(true, e);
  }
  return hasKey(cx, of, key, e);
}
