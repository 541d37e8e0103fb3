/** Views: typed arrays over the memory of another one, or of a buffer. */
import { classOfViews } from '../host/buffers.js';
import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { type ArrayType, BOOLEAN, NUMBER, type ValueId } from '../ir/nodes.js';
import { isKeyed, refType, typedArray } from '../ir/types.js';
import { irVal } from './args.js';
import { constantNumber } from './constant-numbers.js';
import type { FunctionContext } from './context.js';
import { lowerValue } from './expressions.js';
import { alloc } from './intrinsics.js';
import { bound, subarrayOf } from './methods.js';
import type { Val } from './shapes.js';
import { refuseAtRunTime } from './try.js';

/** `new ArrayBuffer(bytes)` for a variable of which only views of one kind are made: the array of that kind. */
export function newBuffer(cx: FunctionContext, e: ts.NewExpression): Val | undefined {
  const type = typedArray(classOfViews(cx.host, e) ?? '');
  if (!type || type.storage === 'int') return undefined;
  const bytes = cx.number(lowerValue(cx, e.arguments?.[0] as ts.Expression), e);
  const size = type.storage === 'f64' ? 8 : 4;
  const length = cx.scalar('div', [bytes, cx.constant(size, e)], e);
  const message = `a buffer does not have a whole number of elements of ${size} bytes`;
  const known = cx.knownNumber(bytes) ?? constantNumber(cx, e.arguments?.[0] as ts.Expression);
  if (known !== undefined && known % size !== 0) cx.refuse('AD3004', e, message);
  if (known === undefined) {
    const isWhole = cx.foreign(['Number.isInteger(', ')'], [length], BOOLEAN, true, e);
    cx.branch(
      isWhole,
      () => undefined,
      () => refuseAtRunTime(cx, message, e),
      e,
    );
  }
  return irVal(alloc(cx, type, length, e));
}

/** `a.buffer` for such a variable: `a`, or the array that `a` is a part of. */
export function bufferOf(cx: FunctionContext, of: ValueId, e: ts.Expression): ValueId | undefined {
  const t = refType(cx.type(of));
  const isView = t?.kind === 'array' && t.ctor === classOfViews(cx.host, e);
  return isView ? (cx.bases.get(of) ?? of) : undefined;
}

/** The array over whose memory `new K(first, ...)` makes a view; nothing if it is no view. */
export function baseOfView(cx: FunctionContext, type: ArrayType, first: ts.Expression): ValueId | undefined {
  const x = skipWrappers(cx.ts, first);
  if (cx.ts.isIdentifier(x)) return classOfViews(cx.host, x) === type.ctor ? heldBuffer(cx, x) : undefined;
  if (!cx.ts.isPropertyAccessExpression(x) || x.name.text !== 'buffer') return undefined;
  const base = lowerValue(cx, x.expression);
  const t = refType(cx.type(base));
  if (cx.type(base).kind === 'never') cx.giveUp(x);
  if (t?.kind !== 'array' || t.storage === 'plain' || isKeyed(t)) return undefined;
  return t.ctor === type.ctor ? (cx.bases.get(base) ?? base) : cx.refuse('AD3004', x);
}
/** A buffer of inactive code is an object like any other. */
function heldBuffer(cx: FunctionContext, x: ts.Identifier): ValueId | undefined {
  const id = lowerValue(cx, x);
  return refType(cx.type(id)) ? id : undefined;
}

/** `new Float64Array(base.buffer, offset, length)`: a part of the base, as `subarray` gives it. */
export function viewOf(cx: FunctionContext, base: ValueId, e: ts.NewExpression): Val {
  const type = refType(cx.type(base)) as ArrayType;
  const [, offset, length] = e.arguments ?? [];
  const number = (x: ts.Expression): ValueId => bound(cx, lowerValue(cx, x), x);
  const place = (name: string, ...args: ValueId[]): ValueId => {
    const id = cx.fresh(NUMBER, e);
    const span = cx.span(e);
    cx.emit({ kind: 'runtime', name, args, literals: [], effect: 'effect', results: [id], span });
    return id;
  };
  const from = place('viewStart', base, offset ? number(offset) : cx.constant(0, e));
  const to = length ? place('viewEnd', base, from, number(length)) : place('viewEnd', base, from);
  return irVal(subarrayOf(cx, type, [base, from, to], e));
}
