/**
 * `opts.loss ?? mse`, `(x, loss = mse) => ...`: a function from outside may stand in the place of the known one. Which it is, is
 * not known; so where one is given that is not the known function itself, a `TypeError` says so.
 */
import { knownFunction } from '../host/known-functions.js';
import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { BOOLEAN, OPAQUE, type ValueId } from '../ir/nodes.js';
import { present } from '../ir/types.js';
import type { FunctionContext } from './context.js';
import { lowerExpression } from './expressions.js';
import type { Val } from './shapes.js';
import { refuseAtRunTime } from './try.js';

/** The known function, where `given` comes from outside and is a function or missing; nothing for other defaults. */
export function knownDefault(
  cx: FunctionContext,
  given: ValueId,
  fallback: ts.Expression,
  isMissing: 'isNullish' | 'isUndefined',
): Val | undefined {
  const kind = cx.type(given).kind;
  const isOutside = kind === 'opaque' || (kind === 'maybe' && present(cx.type(given)).kind === 'opaque');
  if (!isOutside || cx.host.untyped || knownFunction(cx.host, fallback) === undefined) return undefined;
  if (doesNothing(cx, fallback)) {
    const test = isMissing === 'isNullish' ? ' ?? (() => {}))' : ' === undefined ? () => {} : ';
    const template = isMissing === 'isNullish' ? ['(', test] : ['(', test, ')'];
    const args = isMissing === 'isNullish' ? [given] : [given, given];
    return { kind: 'ir', id: cx.foreign(template, args, OPAQUE, true, fallback, 'reads') };
  }
  const known = lowerExpression(cx, fallback);
  const refuse = (): undefined =>
    refuseAtRunTime(
      cx,
      `AD4003: a function from outside is given here, and only \`${shortText(fallback)}\` is known`,
      fallback,
    );
  const otherwise = (): undefined => {
    const same = isItself(cx, given, fallback);
    if (same === undefined) return refuse();
    cx.branch(same, () => undefined, refuse, fallback);
    return undefined;
  };
  cx.branch(cx.scalar(isMissing, [given], fallback), () => undefined, otherwise, fallback);
  return known;
}

/** `() => {}`: what is called is one from outside then, or nothing. */
function doesNothing({ ts }: FunctionContext, fallback: ts.Expression): boolean {
  const f = skipWrappers(ts, fallback);
  const isFunction = ts.isArrowFunction(f) || ts.isFunctionExpression(f);
  return isFunction && ts.isBlock(f.body) && f.body.statements.length === 0 && !f.asteriskToken;
}

/** Whether it is the very function that the default names, if that can be asked. */
function isItself(cx: FunctionContext, given: ValueId, fallback: ts.Expression): ValueId | undefined {
  const e = skipWrappers(cx.ts, fallback);
  const symbol = cx.ts.isIdentifier(e) ? symbolOf(cx.host, e) : undefined;
  const text = symbol && !cx.state.scopesOf(e).isLocal(symbol) ? cx.state.outside.reach(symbol) : undefined;
  return text === undefined
    ? undefined
    : cx.foreign(['', ` === ${text}`], [given], BOOLEAN, true, fallback, 'reads');
}
const shortText = (e: ts.Expression): string => e.getText().replace(/\s+/g, ' ').slice(0, 40);
