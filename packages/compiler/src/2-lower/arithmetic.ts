/** Operators on numbers, comparisons, and integers of any size, which have no derivative. */
import type { ts } from '../host/ts.js';
import { BOOLEAN, OPAQUE, type ValueId } from '../ir/nodes.js';
import { asText } from './class-checks.js';
import type { FunctionContext } from './context.js';
import { equal } from './expressions.js';

/** The scalar operation of a binary operator or of its compound assignment; `undefined` if it has none. */
export function operation(cx: FunctionContext, op: ts.SyntaxKind): string | undefined {
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
export const isBigInt = (cx: FunctionContext, operand: ValueId, node: ts.Node): boolean =>
  cx.type(operand).kind === 'opaque' &&
  (cx.host.checker.getTypeAtLocation(node).flags & cx.ts.TypeFlags.BigIntLike) !== 0;

const SIGNS: Readonly<Record<string, string>> = {
  ...{ add: '+', sub: '-', mul: '*', div: '/', rem: '%', pow: '**' },
  ...{ bitand: '&', bitor: '|', bitxor: '^', shl: '<<', shr: '>>' },
};
/** Big integers have no derivative: their arithmetic stays as it is, and may throw. */
export function bigIntOperation(
  cx: FunctionContext,
  fn: string,
  args: readonly ValueId[],
  node: ts.Node,
): ValueId {
  const [sign, unary] = [SIGNS[fn], { neg: '-', bitnot: '~' }[fn]];
  if (args.length === 1 && unary !== undefined)
    return cx.foreign([`(${unary}(`, '))'], args, OPAQUE, true, node);
  if (sign === undefined) return cx.refuse('AD2000', node);
  const pure = ['add', 'sub', 'mul', 'bitand', 'bitor', 'bitxor'].includes(fn);
  return cx.foreign(['((', `) ${sign} (`, '))'], args, OPAQUE, pure, node);
}
