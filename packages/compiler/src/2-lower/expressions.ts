/** Lowers expressions, strictly left to right: one case per kind. */
import { fixedArgument } from '../host/arguments.js';
import { isFunctionNode, skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { OPAQUE, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { carriesDerivative, isFunctionOrObject, isRef, isRemade, present, refType } from '../ir/types.js';
import { lowerArrayLiteral } from './array-literals.js';
import { lowerCall, unlessMissing } from './calls.js';
import { asText } from './class-checks.js';
import { newTarget } from './class-values.js';
import { nameTest, possibleKeys, unknownField } from './computed-names.js';
import { noteFreezing } from './constructors.js';
import type { FunctionContext } from './context.js';
import { closure, functionsOf, isFunctionVal, sameFunction } from './functions.js';
import { lowerEnumMember, lowerNamespaceConstant } from './globals.js';
import { deleteSlot, refuseSplit } from './intrinsics.js';
import { typeOfKinds } from './kinds.js';
import { replacedBy } from './literal-accessors.js';
import { lowerObjectLiteral } from './literals.js';
import { callMethod } from './method-calls.js';
import { lowerIdentifier } from './names.js';
import { lowerNew } from './new.js';
import { removeField } from './object-functions.js';
import { lowerBinary, lowerPrefix, update } from './operators.js';
import { type Access, elementKey, lowerPlace, member, type Place, throwIfMissing } from './places.js';
import { believe, presence } from './presence.js';
import { THIS, type Val } from './shapes.js';
import { usedAs } from './short-circuit.js';

export type Use = 'value' | 'unused';

export function lowerExpression(cx: FunctionContext, e: ts.Expression, use: Use = 'value'): Val {
  const { ts } = cx;
  const value = (id: ValueId): Val => ({ kind: 'ir', id });
  e = skipWrappers(ts, e);
  const real = cx.replaced?.get(e);
  if (real) return real();
  if (ts.isNumericLiteral(e)) return value(cx.constant(Number(e.text), e));
  if (ts.isStringLiteral(e) || ts.isNoSubstitutionTemplateLiteral(e)) return value(cx.constant(e.text, e));
  if (e.kind === ts.SyntaxKind.TrueKeyword) return value(cx.constant(true, e));
  if (e.kind === ts.SyntaxKind.FalseKeyword) return value(cx.constant(false, e));
  if (e.kind === ts.SyntaxKind.NullKeyword) return value(cx.constant(null, e));
  if (ts.isIdentifier(e)) return lowerIdentifier(cx, e);
  if (isFunctionNode(ts, e)) return closure(cx, e);
  if (ts.isPropertyAccessExpression(e)) return lowerNamespaceConstant(cx, e) ?? lowerAccess(cx, e);
  if (ts.isElementAccessExpression(e)) return lowerEnumMember(cx, e) ?? lowerAccess(cx, e);
  if (e.kind === ts.SyntaxKind.ThisKeyword)
    return cx.env.get(THIS) ?? cx.refuse('AD2013', e, '`this` is not known here');
  if (ts.isMetaProperty(e) && e.keywordToken === ts.SyntaxKind.NewKeyword) return newTarget(cx, e);
  if (ts.isRegularExpressionLiteral(e)) return value(cx.foreign([e.text], [], OPAQUE, true, e));
  if (ts.isBigIntLiteral(e)) return value(cx.foreign([e.text], [], OPAQUE, true, e));
  if (ts.isDeleteExpression(e)) return value(lowerDelete(cx, e));
  if (ts.isCallExpression(e) || ts.isNewExpression(e)) {
    const v = ts.isCallExpression(e) ? lowerCall(cx, e, use) : lowerNew(cx, e);
    noteFreezing(cx, e);
    return v;
  }
  if (ts.isClassExpression(e)) return { kind: 'class', decl: e, captures: new Map() };
  if (ts.isArrayLiteralExpression(e)) return value(lowerArrayLiteral(cx, e));
  if (ts.isObjectLiteralExpression(e)) return value(lowerObjectLiteral(cx, e));
  if (ts.isBinaryExpression(e)) return lowerBinary(cx, e, use);
  if (ts.isPrefixUnaryExpression(e)) return lowerPrefix(cx, e);
  if (ts.isPostfixUnaryExpression(e)) return update(cx, e.operand, e.operator, 'old', e);
  if (ts.isConditionalExpression(e)) {
    const cond = lowerCondition(cx, e.condition);
    const v = cx.branch(
      cond,
      usedAs(cx, use, () => lowerExpression(cx, e.whenTrue, use), e.whenTrue),
      usedAs(cx, use, () => lowerExpression(cx, e.whenFalse, use), e.whenFalse),
      e,
    );
    return v ?? { kind: 'missing' };
  }
  if (ts.isVoidExpression(e)) {
    lowerExpression(cx, e.expression, 'unused');
    return value(cx.constant(undefined, e));
  }
  if (ts.isTemplateExpression(e)) return value(lowerTemplate(cx, e));
  if (ts.isTypeOfExpression(e)) return value(lowerTypeOf(cx, e));
  return refuseExpression(cx, e);
}

function refuseExpression(cx: FunctionContext, e: ts.Expression): never {
  const { ts } = cx;
  if (ts.isAwaitExpression(e)) cx.refuse('AD2001', e);
  if (ts.isYieldExpression(e)) cx.refuse('AD2002', e);
  if (e.kind === ts.SyntaxKind.SuperKeyword) cx.refuse('AD2013', e);
  if (ts.isSpreadElement(e)) cx.refuse('AD2011', e);
  return cx.refuse('AD2000', e, `\`${ts.SyntaxKind[e.kind]}\` cannot be differentiated`);
}

/** The IR value of an expression. */
export const lowerValue = (cx: FunctionContext, e: ts.Expression): ValueId =>
  cx.ir(lowerExpression(cx, e), e);
export const lowerNumber = (cx: FunctionContext, e: ts.Expression): ValueId =>
  cx.number(lowerValue(cx, e), e);

/** `a.b`, `a[b]`, also in an optional chain. */
function lowerAccess(cx: FunctionContext, e: ts.PropertyAccessExpression | ts.ElementAccessExpression): Val {
  const { ts } = cx;
  const which = cx.given && fixedArgument(ts, e);
  if (which === 'length') return { kind: 'ir', id: cx.constant(cx.given?.length, e) };
  if (which !== undefined) return cx.given?.[which] ?? { kind: 'ir', id: cx.constant(undefined, e) };
  if (!ts.isOptionalChain(e)) return lowerPlace(cx, e).get();
  return lowerLink(cx, e, (v) => v);
}

/** A link of an optional chain, with the rest of the chain, which is skipped where something before a `?.` is missing. */
function lowerLink(
  cx: FunctionContext,
  e: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  rest: (v: Val) => Val,
): Val {
  const one = (of: Val): Val => {
    const next = (): Val => rest(memberOf(cx, of, e).get());
    return e.questionDotToken ? unlessMissing(cx, of, next, e) : next();
  };
  return behindChain(cx, e.expression, one);
}
/** What is done with the value of an expression: nothing, where that is an optional chain which ends early. */
export function behindChain(cx: FunctionContext, e: ts.Expression, rest: (v: Val) => Val): Val {
  const { ts } = cx;
  if (!ts.isOptionalChain(e)) return rest(lowerExpression(cx, e));
  if (ts.isNonNullExpression(e)) return behindChain(cx, e.expression, rest);
  if (ts.isPropertyAccessExpression(e) || ts.isElementAccessExpression(e)) return lowerLink(cx, e, rest);
  const callee = ts.isCallExpression(e) && !e.questionDotToken ? e.expression : e;
  if (ts.isCallExpression(e) && ts.isPropertyAccessExpression(callee))
    return behindChain(cx, callee.expression, (of) => {
      const next = (): Val => rest(callMethod(cx, of, callee.name.text, e, callee, 'value'));
      return callee.questionDotToken ? unlessMissing(cx, of, next, e) : next();
    });
  // another call gives nothing where it is skipped
  const v = lowerExpression(cx, e);
  return unlessMissing(cx, v, () => rest(v), e);
}

function memberOf(
  cx: FunctionContext,
  of: Val,
  e: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): Place {
  return member(cx, of, cx.ts.isPropertyAccessExpression(e) ? { name: e.name.text } : elementKey(cx, e), e);
}

function lowerTypeOf(cx: FunctionContext, e: ts.TypeOfExpression): ValueId {
  const apart = typeOfKinds(cx, skipWrappers(cx.ts, e.expression));
  if (apart !== undefined) return apart;
  const v = lowerExpression(cx, e.expression);
  if (isFunctionVal(v)) return cx.constant('function', e);
  const id = cx.ir(v, e);
  const t = cx.type(id);
  if (t.kind === 'never') {
    if (cx.state.inference.deadEnds) return cx.constant('undefined', e);
    cx.state.inference.meetsDeadEnd = true;
    cx.giveUp(e);
  }
  const r = refType(t);
  if (r?.kind === 'record' && isFunctionOrObject(r))
    return cx.refuse(
      'AD3003',
      e,
      'this is a function or another object, which `typeof` does not tell apart here',
      'tell them apart by a tag, or by two fields',
    );
  if (r?.kind === 'record' && r.functions) {
    if (isBelieved(cx, id, e.expression)) return cx.constant('function', e);
    const gone = cx.scalar('isNullish', [id], e);
    const ofNothing = (): Val => ({ kind: 'ir', id: cx.foreign(['typeof ', ''], [id], OPAQUE, true, e) });
    const ofFunction = (): Val => ({ kind: 'ir', id: cx.constant('function', e) });
    return cx.ir(cx.branch(gone, ofNothing, ofFunction, e) ?? { kind: 'missing' }, e);
  }
  if (r && isBelieved(cx, id, e.expression)) return cx.constant('object', e);
  // where the program tells numbers from objects by it, the answer is known from the types
  if (t.kind === 'number' && mayBeObject(cx, e.expression)) return cx.constant('number', e);
  const text = cx.foreign(['typeof ', ''], [id], OPAQUE, true, e);
  if (present(t).kind === 'number') cx.typesAsked.set(text, TYPES_OF_NUMBERS);
  else if (r) cx.typesAsked.set(text, TYPES_OF_OBJECTS);
  return text;
}
/** Whether an object is there, or said to be: it is checked. */
function isBelieved(cx: FunctionContext, id: ValueId, e: ts.Expression): boolean {
  const known = presence(cx, id, e);
  if (known === 'claimed') believe(cx, id, e);
  return known !== 'maybe';
}
/** What `typeof` may say of a number: an element of an array may be missing. */
const TYPES_OF_NUMBERS: readonly string[] = ['number', 'undefined', 'object'];
const TYPES_OF_OBJECTS: readonly string[] = ['object', 'undefined'];
function mayBeObject(cx: FunctionContext, e: ts.Expression): boolean {
  const F = cx.ts.TypeFlags;
  const s = cx.ts.isIdentifier(e) ? cx.host.checker.getSymbolAtLocation(e) : undefined;
  const t = s ? cx.host.checker.getTypeOfSymbol(s) : cx.host.checker.getTypeAtLocation(e);
  if (t.flags & (F.Any | F.Unknown | F.TypeParameter)) return true;
  return t.isUnion() && t.types.some((x) => x.flags & (F.Object | F.Any));
}

function lowerDelete(cx: FunctionContext, e: ts.DeleteExpression): ValueId {
  const { ts } = cx;
  const x = skipWrappers(ts, e.expression);
  if (!ts.isPropertyAccessExpression(x) && !ts.isElementAccessExpression(x)) return cx.refuse('AD2000', e);
  behindChain(cx, x.expression, (of) => {
    const run = (): Val => {
      deleteMember(cx, cx.ir(of, x.expression), x, e);
      return { kind: 'missing' };
    };
    return x.questionDotToken ? unlessMissing(cx, of, run, x) : run();
  });
  return cx.constant(true, e);
}

function deleteMember(cx: FunctionContext, ref: ValueId, x: Access, e: ts.DeleteExpression): void {
  const t = refType(cx.type(ref));
  const key = cx.ts.isPropertyAccessExpression(x)
    ? cx.constant(x.name.text, x)
    : lowerValue(cx, x.argumentExpression);
  const name = cx.knownText(key);
  throwIfMissing(cx, ref, name === undefined ? { value: key } : { name }, e);
  if (!t) cx.foreign(['delete ', '[', ']'], [ref, key], OPAQUE, false, e);
  else if (t.kind === 'record') {
    refuseSplit(cx, t, e);
    if (name !== undefined) deleteField(cx, ref, t, name, e);
    else {
      const names = possibleKeys(cx, x) ?? cx.refuse('AD3005', e);
      deleteOneOf(cx, ref, t, key, names, nameTest(cx, key, names, x), e);
    }
  } else deleteSlot(cx, ref, key, e);
}

function deleteField(cx: FunctionContext, ref: ValueId, t: RecordType, name: string, e: ts.Node): void {
  for (const key of [name, ...replacedBy(t, name)]) removeField(cx, ref, t, key, e);
}
/** `delete o[side]` with `side` one of a few names. */
function deleteOneOf(
  cx: FunctionContext,
  ref: ValueId,
  t: RecordType,
  key: ValueId,
  [name, ...others]: readonly string[],
  is: (name: string) => ValueId,
  e: ts.Node,
): void {
  if (name === undefined) {
    unknownField(cx, key, e);
    return;
  }
  const one = (): undefined => void deleteField(cx, ref, t, name, e);
  cx.branch(is(name), one, () => void deleteOneOf(cx, ref, t, key, others, is, e), e);
}

/** Whether a value of this type is surely missing. */
export const isNullishType = (t: Type): boolean => t.kind === 'nullish';

export function stop(cx: FunctionContext, id: ValueId, node: ts.Node): ValueId {
  return carriesDerivative(cx.type(id)) && !isRef(cx.type(id)) ? cx.scalar('stop', [id], node) : id;
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
    return not(cx, lowerCondition(cx, e.operand), e);
  return cx.truth(lowerValue(cx, e), e);
}

/** The opposite of a condition, known if that is known. */
export function not(cx: FunctionContext, id: ValueId, node: ts.Node): ValueId {
  const known = cx.known(id);
  return known === undefined ? cx.scalar('not', [id], node) : cx.constant(!known, node);
}

/** `===` and its kin: numbers by value, objects by identity; a possibly missing number compares as it is. */
export function equal(cx: FunctionContext, fn: string, a: ValueId, b: ValueId, node: ts.Node): ValueId {
  const [f, g] = [functionsOf(cx, a), functionsOf(cx, b)];
  if (f && g) {
    const same = sameFunction(cx, a, b, node);
    return fn === 'eq' || fn === 'looseEq' ? same : not(cx, same, node);
  }
  const other = f ? b : a;
  if ((f || g) && present(cx.type(other)).kind === 'opaque' && cx.knownText(other) === undefined)
    return cx.refuse(
      'AD4003',
      node,
      'a function is compared with one that is not known here',
      'compare names of the functions',
    );
  const [p, q] = [cx.type(a), cx.type(b)];
  if (isRemade(p) !== isRemade(q) && !isNullishType(p) && !isNullishType(q))
    return cx.refuse(
      'AD4003',
      node,
      'an object of the module that holds functions is compared here with one that may be the same',
      'compare names or numbers that they hold',
    );
  const never = (x: ValueId, y: ValueId) => isNullishType(cx.type(x)) && cx.sure.has(y);
  if (never(a, b) || never(b, a)) return cx.constant(fn === 'ne' || fn === 'looseNe', node);
  if (f || g) return cx.scalar(fn, [a, b], node);
  const [s, t] = [cx.knownText(a), cx.knownText(b)];
  if (s !== undefined && t !== undefined)
    return cx.constant((s === t) === (fn === 'eq' || fn === 'looseEq'), node);
  const isOther = (x: ValueId, text: string | undefined) =>
    text !== undefined && cx.typesAsked.get(x)?.includes(text) === false;
  if (isOther(a, t) || isOther(b, s)) return cx.constant(fn === 'ne' || fn === 'looseNe', node);
  const nothing = [cx.knownNothing(a), cx.knownNothing(b)];
  if (nothing[0] && nothing[1])
    return cx.constant(
      (nothing[0] === nothing[1] || fn.startsWith('loose')) === (fn === 'eq' || fn === 'looseEq'),
      node,
    );
  return cx.scalar(fn, [a, b], node);
}

function lowerTemplate(cx: FunctionContext, e: ts.TemplateExpression): ValueId {
  const args: ValueId[] = [];
  const text = [`\`${e.head.rawText ?? e.head.text}\${`];
  e.templateSpans.forEach((s, k) => {
    args.push(asText(cx, lowerValue(cx, s.expression), s.expression));
    const raw = s.literal.rawText ?? s.literal.text;
    text.push(k + 1 < e.templateSpans.length ? `}${raw}\${` : `}${raw}\``);
  });
  return cx.foreign(text, args, OPAQUE, true, e);
}
