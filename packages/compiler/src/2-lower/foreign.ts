/** Code that carries no derivative: it runs once, in the forward sweep. Active values that reach it are found by `check-flow`. */
import type { ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { BOOLEAN, NUMBER, OPAQUE, type Type, type ValueId } from '../ir/nodes.js';
import { plainArray, present, refType } from '../ir/types.js';
import { type Arg, elementType, irVal, lowerArgs } from './args.js';
import { asInstance, asText } from './class-checks.js';
import type { FunctionContext } from './context.js';
import { cloneDeep } from './deep-copies.js';
import type { Use } from './expressions.js';
import { isFunctionVal } from './functions.js';
import { mustBeArray } from './intrinsics.js';
import { callArrayMethod } from './methods.js';
import { whereThere } from './presence.js';
import type { Val } from './shapes.js';

/** The type of what unknown code gives, as TypeScript has it. */
export function typeOfResult(cx: FunctionContext, e: ts.Expression): Type {
  const { ts } = cx;
  const { checker } = cx.host;
  const isUntyped = (t: ts.Type) => (t.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0;
  // `JSON.parse(text) as Settings`, `const s: Settings = JSON.parse(text)`, `row[1] as number`
  let outer: ts.Node = e;
  for (;;) {
    let type = checker.getTypeAtLocation(outer);
    const context = isUntyped(type) && ts.isExpression(outer) ? checker.getContextualType(outer) : undefined;
    if (context && !isUntyped(context)) type = context;
    const t = outsideType(cx.host, type, e);
    if (!(t instanceof UnsupportedType)) return t.kind === 'never' ? OPAQUE : t;
    outer = outer.parent;
    if (!ts.isAsExpression(outer) && !ts.isParenthesizedExpression(outer) && !ts.isNonNullExpression(outer))
      return OPAQUE;
  }
}

/** JavaScript made of the template and the arguments; `undefined` results are of no interest. */
export function foreignFunction(
  cx: FunctionContext,
  template: readonly string[],
  args: readonly Val[],
  e: ts.Expression,
  type: Type = typeOfResult(cx, e),
): Val {
  const ids = args.map((a) => cx.ir(a, e));
  return irVal(cx.foreign(template, ids, type, false, e));
}

/** Methods that write a number as text, or compare. */
const NUMBER_TEXTS = new Set(['toFixed', 'toPrecision', 'toExponential', 'toString', 'toLocaleString']);

/** A method of a number, a string, a date, or of any other object without derivatives. */
export function foreignMethod(
  cx: FunctionContext,
  id: ValueId,
  name: string,
  e: ts.CallExpression,
  callee: ts.Expression,
): Val {
  const { kind } = present(cx.type(id));
  const isNumber = kind === 'number';
  if (isNumber && name === 'valueOf') return irVal(cx.number(id, e));
  if (isNumber && !NUMBER_TEXTS.has(name))
    cx.refuse('AD4002', callee, `no derivative rule for \`${callee.getText()}\``);
  if (kind === 'opaque' && isOfDictionary(cx, callee, name) && cx.state.inference.readTables()) cx.giveUp(e);
  const args = lowerArgs(cx, e.arguments);
  if (args.some((a) => isFunctionVal(a.v)) && kind === 'opaque' && GO_THROUGH.has(name))
    return callArrayMethod(cx, listOfData(cx, id, name, callee), name, args, e, callee);
  if (args.some((a) => isFunctionVal(a.v)))
    return cx.refuse('AD4003', callee, `\`${callee.getText()}\` is unknown code that is given a function`);
  if (args.some((a) => a.spread)) cx.refuse('AD2011', e);
  const ids = [id, ...args.map((a) => cx.ir(a.v, a.node))];
  const template = ['(', `).${name}(`, ...ids.slice(2).map(() => ', '), ...(ids.length > 1 ? [')'] : [])];
  if (ids.length === 1) template[1] = `).${name}()`;
  const gives = isNumber ? OPAQUE : typeOfResult(cx, e);
  const role = isNumber ? 'encodes' : 'unknown';
  const isOfTexts =
    (isNumber || isText(cx, (callee as ts.PropertyAccessExpression).expression)) &&
    e.arguments.every((a) => isScalar(cx, a) || cx.ts.isRegularExpressionLiteral(a));
  return irVal((isOfTexts ? doesNothingElse : doesAnything)(cx, template, ids, gives, e, role));
}
/** `rules.relu(x)`, where `rules` has functions under any name by its type. */
function isOfDictionary({ ts, host }: FunctionContext, callee: ts.Expression, name: string): boolean {
  const isAccess = ts.isPropertyAccessExpression(callee) || ts.isElementAccessExpression(callee);
  if (!isAccess || host.untyped) return false;
  const { checker } = host;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(callee.expression));
  const held = type.getProperty(name) ? undefined : type.getStringIndexType();
  return held !== undefined && checker.getNonNullableType(held).getCallSignatures().length > 0;
}
const doesAnything: typeof doesNothingElse = (cx, template, args, type, e, role) =>
  cx.foreign(template, args, type, false, e, role);

/** Code without derivative that only makes its result, the same from the same arguments, or throws: it may run more than once. */
export function doesNothingElse(
  cx: FunctionContext,
  template: readonly string[],
  args: readonly ValueId[],
  type: Type,
  e: ts.Node,
  role: 'encodes' | 'unknown',
): ValueId {
  if (cx.catches) return cx.foreign(template, args, type, false, e, role);
  const id = cx.fresh(type, e);
  cx.emit({
    kind: 'foreign',
    template,
    args,
    pure: false,
    role,
    makesOnly: true,
    results: [id],
    span: cx.span(e),
  });
  return id;
}

/** Whether an expression is a text by its type. */
export const isText = (cx: FunctionContext, e: ts.Expression): boolean =>
  isOfKind(cx, e, cx.ts.TypeFlags.StringLike);
/** Whether an expression has no state: a text, a number or a flag, by its type. */
const isScalar = (cx: FunctionContext, e: ts.Expression): boolean => {
  const { StringLike, NumberLike, BooleanLike } = cx.ts.TypeFlags;
  return isOfKind(cx, e, StringLike | NumberLike | BooleanLike);
};
const isOfKind = (cx: FunctionContext, e: ts.Expression, flags: ts.TypeFlags): boolean => {
  const type = cx.host.checker.getTypeAtLocation(e);
  const parts = type.isUnion() ? type.types : [type];
  return parts.every((t) => (t.flags & flags) !== 0);
};

/** Methods of arrays that call a function for the elements. */
const GO_THROUGH = new Set(
  'every filter find findIndex findLast findLastIndex flatMap forEach map reduce reduceRight some'.split(' '),
);

/** Data without derivatives whose method of this name is that of arrays: what its callback is given is known then. */
function listOfData(cx: FunctionContext, id: ValueId, name: string, callee: ts.Expression): Val {
  mustBeArray(cx, id, `\`${name}\` is called here on something that is not an array`, callee);
  const of = (callee as ts.PropertyAccessExpression).expression;
  return foreignFunction(cx, ['', '.slice()'], [irVal(id)], of, plainArray(elementType(cx, of)));
}

/** `Number(x)`, `String(x)`, `Boolean(x)` and their kin, called directly or handed to an array method. */
export function builtinCall(cx: FunctionContext, name: string, args: readonly Arg[], e: ts.Expression): Val {
  if (args.some((a) => a.spread)) cx.refuse('AD2011', e);
  const [first] = args;
  const id = first ? cx.ir(first.v, first.node) : cx.constant(undefined, e);
  switch (name) {
    case 'Number':
      if (!first) return irVal(cx.constant(0, e));
      return irVal(cx.type(id).kind === 'number' ? cx.scalar('plus', [id], e) : cx.number(id, e));
    case 'Boolean':
      return irVal(cx.truth(id, e));
    case 'String':
      return irVal(cx.foreign(['String(', ')'], [asText(cx, id, e)], OPAQUE, true, e));
    case 'isNaN':
    case 'isFinite':
    case 'Number.isNaN':
    case 'Number.isFinite':
    case 'Number.isInteger':
    case 'Number.isSafeInteger':
      return irVal(cx.foreign([`${name}(`, ')'], [id], BOOLEAN, true, e));
    case 'parseFloat':
    case 'parseInt':
      if (cx.type(id).kind === 'number') return cx.refuse('AD4006', e);
      if (name === 'parseInt' && args.length > 1) {
        const radix = cx.ir(args[1].v, args[1].node);
        return irVal(cx.foreign(['parseInt(', ', ', ')'], [id, radix], NUMBER, true, e));
      }
      return irVal(cx.foreign([`${name}(`, ')'], [id], NUMBER, true, e));
    case 'structuredClone':
      return irVal(cloneDeep(cx, id, e));
    case 'Array.isArray':
      return irVal(isArray(cx, id, e, first?.node ?? e));
    default:
      return cx.refuse('AD4002', e, `no derivative rule for \`${name}\``);
  }
}
export const BUILTINS: ReadonlySet<string> = new Set([
  'Number',
  'Boolean',
  'String',
  'isNaN',
  'isFinite',
  'parseFloat',
  'parseInt',
  'structuredClone',
]);

/** Known while lowering, except where it is not known whether there is a value (`asked`: the expression that gives it). */
function isArray(cx: FunctionContext, id: ValueId, e: ts.Node, asked: ts.Node): ValueId {
  const t = cx.type(id);
  const r = refType(t);
  if (t.kind === 'never') {
    // nothing, or `undefined`
    if (cx.state.inference.deadEnds) return cx.constant(false, e);
    cx.state.inference.meetsDeadEnd = true;
    cx.giveUp(e);
  }
  if (t.kind === 'opaque') return cx.foreign(['Array.isArray(', ')'], [id], BOOLEAN, true, e);
  if (r?.kind === 'array' && r.either)
    return cx.foreign(['Array.isArray(', ')'], [id], BOOLEAN, true, e, 'reads');
  const yes = r !== undefined && (r.kind === 'array' ? r.storage === 'plain' : r.tuple);
  return yes ? whereThere(cx, id, e, asked) : cx.constant(false, e);
}

/** Logging runs once, in the forward sweep; what it is given carries no derivative on. */
export function lowerLog(cx: FunctionContext, name: string, e: ts.CallExpression, use: Use): Val {
  if (use !== 'unused') cx.refuse('AD4005', e, `the result of \`${name}\` is used`, 'call it as a statement');
  const args = lowerArgs(cx, e.arguments);
  const ids = args.map((a) =>
    isFunctionVal(a.v) ? cx.constant('[Function]', e) : asInstance(cx, cx.ir(a.v, a.node), e),
  );
  const dots = (k: number) => (args[k]?.spread ? '...' : '');
  const template =
    ids.length === 0
      ? [`${name}()`]
      : [`${name}(${dots(0)}`, ...ids.slice(1).map((_, k) => `, ${dots(k + 1)}`), ')'];
  cx.foreign(template, ids, OPAQUE, false, e, 'reads');
  return { kind: 'missing' };
}

/** A function without source: run as it is, if nothing active reaches it. */
export function callUnknown(cx: FunctionContext, text: string, e: ts.CallExpression): Val {
  const args = lowerArgs(cx, e.arguments);
  if (args.some((a) => isFunctionVal(a.v)))
    return cx.refuse('AD4003', e.expression, `\`${text}\` is unknown code that is given a function`);
  const ids = args.map((a) => cx.ir(a.v, a.node));
  const dots = (k: number) => (args[k]?.spread ? '...' : '');
  const template =
    ids.length === 0
      ? [`${text}()`]
      : [`${text}(${dots(0)}`, ...ids.slice(1).map((_, k) => `, ${dots(k + 1)}`), ')'];
  return irVal(cx.foreign(template, ids, typeOfResult(cx, e), false, e, 'unknown'));
}
