/** Which element of an array a computed key names, if it names one: `a[i]`, `a[k]` with a text `k`. */
import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { BOOLEAN, NUMBER, type ValueId } from '../ir/nodes.js';
import { isText } from './computed-names.js';
import type { FunctionContext } from './context.js';
import { type Place, slot } from './places.js';
import { refuseAtRunTime } from './try.js';

/** Keys of other types than number are names: only those that are whole numbers, as they are written, are elements. */
export function elementAt(cx: FunctionContext, ref: ValueId, key: ValueId, node: ts.Expression): Place {
  const { kind } = cx.type(key);
  if (kind === 'boolean')
    cx.refuse(
      'AD3005',
      node,
      'a boolean is the index of an array here',
      'make it a number: `a[Number(test)]`',
    );
  if (kind === 'nullish') return slot(cx, ref, { index: cx.constant(Number.NaN, node) }, node);
  if (kind !== 'opaque' || !mayBeOtherText(cx, node))
    return notingBeside(cx, slot(cx, ref, { index: cx.number(key, node) }, node), node);
  const template = ['((k: any) => (String(Number(k)) === String(k) ? Number(k) : NaN))(', ')'];
  const index = cx.foreign(template, [key], NUMBER, true, node);
  const place = slot(cx, ref, { index }, node);
  return {
    get: place.get,
    set: (v) => {
      const isName = cx.foreign(['Number.isNaN(', ')'], [index], BOOLEAN, true, node);
      const refuse = (): undefined =>
        refuseAtRunTime(cx, 'a text that is no index names what is written to an array', node);
      cx.branch(isName, refuse, () => undefined, node);
      place.set(v);
    },
  };
}

/** Whether a key is a text that need not be the name of an element, as those are that `for...in` gives. */
function mayBeOtherText(cx: FunctionContext, node: ts.Expression): boolean {
  const { ts, host } = cx;
  if (host.untyped || !ts.isElementAccessExpression(node) || !isText(cx, node)) return false;
  const key = skipWrappers(ts, node.argumentExpression);
  const d = ts.isIdentifier(key) ? symbolOf(host, key)?.valueDeclaration : undefined;
  return !(d && ts.isVariableDeclaration(d) && ts.isForInStatement(d.parent.parent));
}

/** What is stored under a number that is surely no index stands beside the elements. */
function notingBeside(cx: FunctionContext, { get, set }: Place, node: ts.Expression): Place {
  if (!cx.ts.isElementAccessExpression(node)) return { get, set };
  const key = cx.state.hostOf(node).checker.getTypeAtLocation(node.argumentExpression);
  if (!key.isNumberLiteral() || (Number.isInteger(key.value) && key.value >= 0)) return { get, set };
  return {
    get,
    set: (v) => {
      cx.state.inference.noteKeyBeside();
      set(v);
    },
  };
}
