/** `throw` as a guard: it leaves the generated function as it leaves the user's, and no gradient is returned. */

import { skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { OPAQUE } from '../ir/nodes.js';
import type { FunctionContext } from './context.js';
import { lowerExpression } from './expressions.js';

const ERRORS = ['Error', 'RangeError', 'TypeError', 'EvalError', 'SyntaxError', 'ReferenceError', 'URIError'];

export function lowerThrow(cx: FunctionContext, s: ts.ThrowStatement): void {
  const { ts } = cx;
  const e = skipWrappers(ts, s.expression);
  if (
    !ts.isNewExpression(e) ||
    !ts.isIdentifier(e.expression) ||
    !ERRORS.includes(e.expression.text) ||
    (e.arguments?.length ?? 0) > 1
  )
    cx.refuse(
      'AD2010',
      s.expression,
      'only `throw new Error(message)` with a built-in error class is supported yet',
    );
  const message = e.arguments?.[0];
  const name = e.expression.text;
  const arg = message
    ? cx.foreign([`new ${name}(`, ')'], [cx.ir(lowerExpression(cx, message), message)], OPAQUE, true, e)
    : cx.foreign([`new ${name}()`], [], OPAQUE, true, e);
  cx.end = { kind: 'throw', arg, span: cx.span(s) };
}
