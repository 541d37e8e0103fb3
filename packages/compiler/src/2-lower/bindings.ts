/** Destructuring: all loads in the order of the pattern, defaults only on `undefined`. */
import type { ts } from '../host/ts.js';
import type { ValueId } from '../ir/nodes.js';
import { refType } from '../ir/types.js';
import type { FunctionContext } from './context.js';
import { lowerExpression } from './expressions.js';
import type { Val } from './shapes.js';

export function bindPattern(
  cx: FunctionContext,
  pattern: ts.BindingPattern,
  from: ValueId,
  bind: (name: ts.Identifier, v: Val) => void,
): void {
  const { ts } = cx;
  const type = refType(cx.type(from));
  if (!type) cx.refuse('AD2012', pattern);
  pattern.elements.forEach((e, k) => {
    if (ts.isOmittedExpression(e)) return;
    if (e.dotDotDotToken) cx.refuse('AD2011', e);
    const at = ts.isArrayBindingPattern(pattern) ? elementAt(cx, type.kind, k, e) : fieldAt(cx, e);
    let value = cx.load(from, at, e);
    if (e.initializer) {
      const init = e.initializer;
      const missing = cx.scalar('isUndefined', [value], e);
      const joined = cx.branch(
        missing,
        () => lowerExpression(cx, init),
        () => ({ kind: 'ir', id: cx.present(value, e) }),
        e,
      );
      value = cx.ir(joined ?? { kind: 'missing' }, e);
    }
    if (ts.isIdentifier(e.name)) bind(e.name, { kind: 'ir', id: value });
    else bindPattern(cx, e.name, value, bind);
  });
}

function elementAt(cx: FunctionContext, kind: 'array' | 'record', k: number, e: ts.Node) {
  return kind === 'array' ? { index: cx.constant(k, e) } : { key: String(k) };
}

function fieldAt(cx: FunctionContext, e: ts.BindingElement) {
  const { ts } = cx;
  const name = e.propertyName ?? e.name;
  if (ts.isIdentifier(name) || ts.isStringLiteral(name)) return { key: name.text };
  return cx.refuse('AD2012', e);
}
