/** Lowers expressions, strictly left to right. Calls are in a file of their own. */

import { type FunctionNode, isFunctionNode, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { lowerType, tupleType, UnsupportedType } from '../host/types.js';
import { type At, BOOLEAN, OPAQUE, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { carriesDerivative, isRef, joinTypes, plainArray, refType, sameType } from '../ir/types.js';
import { lowerCall, lowerNew } from './calls.js';
import { type FunctionContext, sameVal } from './context.js';
import { lowerIdentifier, lowerNamespaceConstant } from './names.js';
import { refuseClass } from './refuse-class.js';
import type { Val } from './shapes.js';

type Use = 'value' | 'unused';

export function lowerExpression(cx: FunctionContext, e: ts.Expression, use: Use = 'value'): Val {
  const { ts } = cx;
  const value = (id: ValueId): Val => ({ kind: 'ir', id });
  e = skipWrappers(ts, e);
  if (ts.isNumericLiteral(e)) return value(cx.constant(Number(e.text), e));
  if (ts.isStringLiteral(e) || ts.isNoSubstitutionTemplateLiteral(e)) return value(cx.constant(e.text, e));
  if (e.kind === ts.SyntaxKind.TrueKeyword) return value(cx.constant(true, e));
  if (e.kind === ts.SyntaxKind.FalseKeyword) return value(cx.constant(false, e));
  if (e.kind === ts.SyntaxKind.NullKeyword) return value(cx.constant(null, e));
  if (ts.isIdentifier(e)) return lowerIdentifier(cx, e);
  if (isFunctionNode(ts, e)) return closure(cx, e);
  if (ts.isPropertyAccessExpression(e)) return lowerProperty(cx, e);
  if (ts.isElementAccessExpression(e)) return lowerPlace(cx, e).get();
  if (ts.isCallExpression(e)) return lowerCall(cx, e, use);
  if (ts.isNewExpression(e)) return lowerNew(cx, e);
  if (ts.isArrayLiteralExpression(e)) return value(lowerArrayLiteral(cx, e));
  if (ts.isObjectLiteralExpression(e)) return value(lowerObjectLiteral(cx, e));
  if (ts.isBinaryExpression(e)) return lowerBinary(cx, e, use);
  if (ts.isPrefixUnaryExpression(e)) return lowerPrefix(cx, e);
  if (ts.isPostfixUnaryExpression(e)) return update(cx, e.operand, e.operator, 'old', e);
  if (ts.isConditionalExpression(e)) {
    const cond = lowerCondition(cx, e.condition);
    const v = cx.branch(
      cond,
      () => lowerExpression(cx, e.whenTrue),
      () => lowerExpression(cx, e.whenFalse),
      e,
    );
    return v ?? { kind: 'missing' };
  }
  if (ts.isVoidExpression(e)) {
    lowerExpression(cx, e.expression, 'unused');
    return value(cx.constant(undefined, e));
  }
  if (ts.isTemplateExpression(e)) return value(lowerTemplate(cx, e));
  if (ts.isTypeOfExpression(e))
    return value(cx.foreign(['typeof ', ''], [cx.ir(lowerExpression(cx, e.expression), e)], OPAQUE, true, e));
  return refuseExpression(cx, e);
}

function refuseExpression(cx: FunctionContext, e: ts.Expression): never {
  const { ts } = cx;
  if (ts.isAwaitExpression(e)) cx.refuse('AD2001', e);
  if (ts.isYieldExpression(e)) cx.refuse('AD2002', e);
  if (ts.isClassExpression(e)) refuseClass(cx, e, e);
  if (e.kind === ts.SyntaxKind.ThisKeyword || e.kind === ts.SyntaxKind.SuperKeyword) cx.refuse('AD2013', e);
  if (ts.isSpreadElement(e)) cx.refuse('AD2011', e);
  return cx.refuse('AD2000', e, `\`${ts.SyntaxKind[e.kind]}\` cannot be differentiated`);
}

/** The IR value of an expression. */
export const lowerValue = (cx: FunctionContext, e: ts.Expression): ValueId =>
  cx.ir(lowerExpression(cx, e), e);
export const lowerNumber = (cx: FunctionContext, e: ts.Expression): ValueId =>
  cx.number(lowerValue(cx, e), e);

/** A function expression with what it captures now. */
export function closure(cx: FunctionContext, decl: FunctionNode): Val {
  if (decl.asteriskToken) cx.refuse('AD2002', decl);
  const captures = new Map<ts.Symbol, Val>();
  for (const s of cx.state.scopes.captured(decl)) {
    const v = cx.env.get(s);
    if (v) captures.set(s, v);
  }
  return { kind: 'closure', decl, captures };
}

// ------------------------------------------------------------------ conditions

/** A condition as a boolean value; `&&`, `||` and `!` of conditions stay conditions. */
export function lowerCondition(cx: FunctionContext, e: ts.Expression): ValueId {
  const { ts } = cx;
  e = skipWrappers(ts, e);
  if (ts.isBinaryExpression(e)) {
    const op = e.operatorToken.kind;
    if (op === ts.SyntaxKind.AmpersandAmpersandToken || op === ts.SyntaxKind.BarBarToken) {
      const { left, right } = e;
      const isAnd = op === ts.SyntaxKind.AmpersandAmpersandToken;
      const cond = lowerCondition(cx, left);
      const rest = (): Val => ({ kind: 'ir', id: lowerCondition(cx, right) });
      const short = (): Val => ({ kind: 'ir', id: cx.constant(!isAnd, left) });
      const v = isAnd ? cx.branch(cond, rest, short, e) : cx.branch(cond, short, rest, e);
      return cx.ir(v!, e);
    }
  }
  if (ts.isPrefixUnaryExpression(e) && e.operator === ts.SyntaxKind.ExclamationToken)
    return cx.scalar('not', [lowerCondition(cx, e.operand)], e);
  return cx.truth(lowerValue(cx, e), e);
}

/** `===` and its kin: numbers by value, objects by identity; a possibly missing number compares as it is. */
export function equal(cx: FunctionContext, fn: string, a: ValueId, b: ValueId, node: ts.Node): ValueId {
  return cx.scalar(fn, [a, b], node);
}

// ------------------------------------------------------------------ places

interface Place {
  get(): Val;
  set(v: Val): void;
}

/** An assignable expression: its object and key are evaluated once, now. */
export function lowerPlace(cx: FunctionContext, target: ts.Expression): Place {
  const { ts } = cx;
  const e = skipWrappers(ts, target);
  if (ts.isIdentifier(e)) return { get: () => lowerIdentifier(cx, e), set: (v) => assignName(cx, e, v) };
  if (ts.isPropertyAccessExpression(e)) {
    if (e.questionDotToken) cx.refuse('AD2000', e, 'optional chaining is not supported yet');
    const ref = lowerExpression(cx, e.expression);
    if (e.name.text === 'length' && refType(cx.type(cx.ir(ref, e.expression)))?.kind === 'array')
      cx.refuse('AD3005', e, 'writing `length` is not supported yet');
    return slot(cx, ref, { key: e.name.text }, e);
  }
  if (ts.isElementAccessExpression(e)) {
    if (e.questionDotToken) cx.refuse('AD2000', e, 'optional chaining is not supported yet');
    const ref = lowerExpression(cx, e.expression);
    return slot(cx, ref, elementKey(cx, cx.ir(ref, e.expression), e), e);
  }
  return cx.refuse('AD2012', e);
}

function elementKey(cx: FunctionContext, ref: ValueId, e: ts.ElementAccessExpression): At {
  const type = refType(cx.type(ref));
  const arg = skipWrappers(cx.ts, e.argumentExpression);
  if (type?.kind === 'record') {
    if (cx.ts.isStringLiteral(arg) || cx.ts.isNumericLiteral(arg)) return { key: arg.text };
    return cx.refuse('AD3005', arg, 'only constant keys are supported here yet');
  }
  const index = lowerValue(cx, e.argumentExpression);
  if (cx.type(index).kind !== 'number') cx.refuse('AD3005', arg, 'only numbers index an array here');
  return { index };
}

function slot(
  cx: FunctionContext,
  of: Val,
  at: At,
  node: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): Place {
  const ref = cx.ir(of, node.expression);
  const type = refType(cx.type(ref));
  const stopped = of.kind === 'ir' && of.stopped === true;
  if (!type) {
    if (cx.type(ref).kind === 'opaque') cx.refuse('AD3005', node);
    cx.refuse('AD3002', node.expression, 'this is not an array or an object that can be differentiated');
  }
  if (type.kind === 'array' && 'key' in at)
    cx.refuse('AD3005', node, `the array property \`${at.key}\` is not supported here yet`);
  if (type.kind === 'record' && 'key' in at && !type.fields.some((f) => f.key === at.key))
    cx.refuse(
      'AD3005',
      node,
      `\`${at.key}\` is not a field of \`${node.expression.getText()}\` that can be differentiated`,
    );
  return {
    get: () => {
      const id = cx.load(ref, at, node);
      if (!stopped) return { kind: 'ir', id };
      return isRef(cx.type(id)) ? { kind: 'ir', id, stopped } : { kind: 'ir', id: stop(cx, id, node) };
    },
    set: (v) => {
      if (stopped || (v.kind === 'ir' && v.stopped)) cx.refuse('AD5002', node);
      const id = cx.ir(v, node);
      checkSlotType(cx, type, at, id, node);
      cx.store(ref, at, id, node);
    },
  };
}

function checkSlotType(
  cx: FunctionContext,
  type: Exclude<ReturnType<typeof refType>, undefined>,
  at: At,
  id: ValueId,
  node: ts.Node,
): void {
  const want =
    type.kind === 'array' ? type.elem : type.fields.find((f) => f.key === (at as { key: string }).key)?.type;
  const joined = want && joinTypes(want, cx.type(id));
  if (!want || !joined || !sameType(joined, want))
    cx.refuse('AD3003', node, 'the stored value does not have the type of this element or field');
}

export function stop(cx: FunctionContext, id: ValueId, node: ts.Node): ValueId {
  return carriesDerivative(cx.type(id)) && !isRef(cx.type(id)) ? cx.scalar('stop', [id], node) : id;
}

function assignName(cx: FunctionContext, name: ts.Identifier, v: Val): void {
  const symbol = symbolOf(cx.host, name);
  const before = symbol && cx.env.get(symbol);
  if (!symbol || !before || cx.state.outer.has(symbol))
    cx.refuse('AD5005', name, `\`${name.text}\` belongs to an outer scope and is written here`);
  if (before.kind === 'cell') {
    cx.store(before.ref, { key: 'v' }, cx.ir(v, name), name);
    return;
  }
  if (v.kind === 'ir') {
    cx.values.setName(v.id, name.text);
    cx.env.set(symbol, v);
    return;
  }
  if (!sameVal(before, v)) cx.refuse('AD4003', name, 'a variable that holds a function is reassigned');
}

/** `target = v`. */
export function assign(cx: FunctionContext, target: ts.Expression, v: Val): void {
  lowerPlace(cx, target).set(v);
}

function lowerProperty(cx: FunctionContext, e: ts.PropertyAccessExpression): Val {
  const constant = lowerNamespaceConstant(cx, e);
  if (constant) return constant;
  if (e.questionDotToken) cx.refuse('AD2000', e, 'optional chaining is not supported yet');
  const ref = lowerExpression(cx, e.expression);
  const id = cx.ir(ref, e.expression);
  if (e.name.text === 'length' && refType(cx.type(id))?.kind === 'array') {
    const result = cx.fresh({ kind: 'number' }, e);
    cx.emit({ kind: 'length', ref: id, results: [result], span: cx.span(e) });
    return { kind: 'ir', id: result };
  }
  return slot(cx, ref, { key: e.name.text }, e).get();
}

// ------------------------------------------------------------------ operators

function lowerBinary(cx: FunctionContext, e: ts.BinaryExpression, use: Use): Val {
  const { ts } = cx;
  const K = ts.SyntaxKind;
  const op = e.operatorToken.kind;
  if (op === K.CommaToken) {
    lowerExpression(cx, e.left, 'unused');
    return lowerExpression(cx, e.right, use);
  }
  if (op === K.EqualsToken) return lowerAssignment(cx, e);
  if (op === K.AmpersandAmpersandToken || op === K.BarBarToken || op === K.QuestionQuestionToken)
    return shortCircuit(cx, op, lowerExpression(cx, e.left), () => lowerExpression(cx, e.right), e);
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
      () => {
        const v = lowerExpression(cx, e.right);
        place.set(v);
        return v;
      },
      e,
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
  const left = lowerValue(cx, e.left);
  const right = lowerValue(cx, e.right);
  return { kind: 'ir', id: arithmetic(cx, operation(cx, op), left, right, e) };
}

function lowerAssignment(cx: FunctionContext, e: ts.BinaryExpression): Val {
  const left = skipWrappers(cx.ts, e.left);
  if (cx.ts.isArrayLiteralExpression(left)) return lowerArrayAssignment(cx, left, e);
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
  const { ts } = cx;
  const right = skipWrappers(ts, e.right);
  const plain = (x: ts.Expression) => !ts.isSpreadElement(x) && !ts.isOmittedExpression(x);
  if (
    !ts.isArrayLiteralExpression(right) ||
    left.elements.length !== right.elements.length ||
    !left.elements.every(plain) ||
    !right.elements.every(plain)
  )
    cx.refuse('AD2012', left);
  const values = right.elements.map((x) => lowerExpression(cx, x));
  left.elements.forEach((x, k) => {
    if (ts.isBinaryExpression(x)) cx.refuse('AD2012', x);
    assign(cx, x, values[k]);
  });
  return { kind: 'missing' };
}

/** `a && b`, `a || b`, `a ?? b` with `b` evaluated only where needed. */
function shortCircuit(
  cx: FunctionContext,
  op: ts.SyntaxKind,
  left: Val,
  right: () => Val,
  e: ts.BinaryExpression,
): Val {
  const K = cx.ts.SyntaxKind;
  const id = cx.ir(left, e.left);
  if (op === K.QuestionQuestionToken) {
    const t = cx.type(id);
    if (t.kind !== 'maybe' && t.kind !== 'nullish') {
      // loads may be out of range whatever the type says
      const missing = cx.scalar('isNullish', [id], e);
      return cx.branch(missing, right, () => left, e) ?? { kind: 'missing' };
    }
    const missing = cx.scalar('isNullish', [id], e);
    const kept = (): Val => (t.kind === 'nullish' ? left : { kind: 'ir', id: cx.present(id, e) });
    return cx.branch(missing, right, kept, e) ?? { kind: 'missing' };
  }
  const truth = cx.truth(id, e.left);
  const isAnd = op === K.AmpersandAmpersandToken;
  // where the left side is true it is not missing either
  const same = (): Val => ({ kind: 'ir', id: isAnd ? id : cx.present(id, e.left) });
  return (isAnd ? cx.branch(truth, right, same, e) : cx.branch(truth, same, right, e)) ?? { kind: 'missing' };
}

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

function arithmetic(
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
  if (fn === 'add' && (text(a) || text(b))) return cx.foreign(['', ' + ', ''], [a, b], OPAQUE, true, node);
  if (ORDER.has(fn) && (text(a) || text(b))) {
    const sign = { lt: ' < ', le: ' <= ', gt: ' > ', ge: ' >= ' }[fn] as string;
    return cx.foreign(['', sign, ''], [a, b], BOOLEAN, true, node);
  }
  return cx.scalar(fn, [cx.number(a, node), cx.number(b, node)], node);
}

function lowerPrefix(cx: FunctionContext, e: ts.PrefixUnaryExpression): Val {
  const K = cx.ts.SyntaxKind;
  const value = (fn: string): Val => {
    const id = lowerValue(cx, e.operand);
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
      return { kind: 'ir', id: cx.scalar('not', [lowerCondition(cx, e.operand)], e) };
    default:
      return update(cx, e.operand, e.operator, 'new', e);
  }
}

/** `++` and `--`: the value is the number before (postfix) or after (prefix). */
function update(
  cx: FunctionContext,
  operand: ts.Expression,
  op: ts.SyntaxKind,
  gives: 'old' | 'new',
  e: ts.Node,
): Val {
  const place = lowerPlace(cx, operand);
  const old = cx.number(cx.ir(place.get(), operand), e);
  const one = cx.constant(1, e);
  const next: Val = {
    kind: 'ir',
    id: cx.scalar(op === cx.ts.SyntaxKind.PlusPlusToken ? 'add' : 'sub', [old, one], e),
  };
  place.set(next);
  return gives === 'old' ? { kind: 'ir', id: old } : next;
}

// ------------------------------------------------------------------ literals

function lowerArrayLiteral(cx: FunctionContext, e: ts.ArrayLiteralExpression): ValueId {
  for (const x of e.elements) {
    if (cx.ts.isSpreadElement(x)) cx.refuse('AD2011', x);
    if (cx.ts.isOmittedExpression(x)) cx.refuse('AD2000', e, 'holes in array literals are not supported yet');
  }
  const args = e.elements.map((x) => storable(cx, x));
  const contextual = cx.host.checker.getContextualType(e) ?? cx.host.checker.getTypeAtLocation(e);
  const declared = lowerType(cx.host, contextual, e);
  let type: Type = tupleType(args.map((a) => cx.type(a)));
  const known = declared instanceof UnsupportedType ? undefined : refType(declared);
  if (args.length === 0) type = known ?? cx.refuse('AD3001', e, 'the type of the elements is not known');
  else if (known) {
    const fits =
      known.kind === 'array'
        ? args.every((a) => fitsSlot(cx, known.elem, a))
        : known.tuple &&
          known.fields.length === args.length &&
          known.fields.every((f, k) => fitsSlot(cx, f.type, args[k]));
    if (fits) type = known;
  }
  if (type.kind === 'array' && type.storage !== 'plain') type = plainArray(type.elem);
  const id = cx.fresh(type, e);
  cx.emit({ kind: 'literal', type: type as RecordType, args, results: [id], span: cx.span(e) });
  return id;
}

function fitsSlot(cx: FunctionContext, slotType: Type, arg: ValueId): boolean {
  const joined = joinTypes(slotType, cx.type(arg));
  return joined !== undefined && sameType(joined, slotType);
}

function storable(cx: FunctionContext, e: ts.Expression): ValueId {
  const v = lowerExpression(cx, e);
  if (v.kind === 'ir' && v.stopped) cx.refuse('AD5002', e);
  return cx.ir(v, e);
}

function lowerObjectLiteral(cx: FunctionContext, e: ts.ObjectLiteralExpression): ValueId {
  const { ts } = cx;
  const fields = new Map<string, ValueId>();
  for (const p of e.properties) {
    if (ts.isShorthandPropertyAssignment(p)) fields.set(p.name.text, cx.ir(lowerIdentifier(cx, p.name), p));
    else if (ts.isPropertyAssignment(p)) {
      if (!ts.isIdentifier(p.name) && !ts.isStringLiteral(p.name) && !ts.isNumericLiteral(p.name))
        cx.refuse('AD3005', p.name, 'only constant keys are supported here yet');
      if (p.name.text === '__proto__') cx.refuse('AD3005', p.name);
      fields.set(p.name.text, storable(cx, p.initializer));
    } else if (ts.isSpreadAssignment(p)) cx.refuse('AD2011', p);
    else cx.refuse('AD2013', p, 'methods and accessors of objects are not supported yet');
  }
  const contextual = cx.host.checker.getContextualType(e);
  const declared = contextual && lowerType(cx.host, contextual, e);
  const wanted = declared && !(declared instanceof UnsupportedType) ? refType(declared) : undefined;
  const of = (key: string, id: ValueId): Type => {
    const want = wanted?.kind === 'record' ? wanted.fields.find((f) => f.key === key)?.type : undefined;
    return want && fitsSlot(cx, want, id) ? want : cx.type(id);
  };
  const type: RecordType = {
    kind: 'record',
    fields: [...fields].map(([key, id]) => ({ key, type: of(key, id) })),
    tuple: false,
  };
  const id = cx.fresh(type, e);
  cx.emit({ kind: 'literal', type, args: [...fields.values()], results: [id], span: cx.span(e) });
  return id;
}

function lowerTemplate(cx: FunctionContext, e: ts.TemplateExpression): ValueId {
  const args: ValueId[] = [];
  const text = [`\`${e.head.rawText ?? e.head.text}\${`];
  e.templateSpans.forEach((s, k) => {
    args.push(lowerValue(cx, s.expression));
    const raw = s.literal.rawText ?? s.literal.text;
    text.push(k + 1 < e.templateSpans.length ? `}${raw}\${` : `}${raw}\``);
  });
  return cx.foreign(text, args, OPAQUE, true, e);
}
