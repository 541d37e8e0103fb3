/** Assignments to names, members and patterns. */
import { skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { CELL } from '../ir/types.js';
import { irVal } from './args.js';
import { destructureArray, destructureObject, type Part } from './bindings.js';
import type { FunctionContext } from './context.js';
import { fitting } from './fit.js';
import { lowerPlace, type Place } from './places.js';
import { sameVal, type Val } from './shapes.js';

export function assignName(cx: FunctionContext, name: ts.Identifier, v: Val): void {
  const symbol = symbolOf(cx.host, name);
  const before = symbol && cx.env.get(symbol);
  if (symbol && before?.kind !== 'cell' && isOutside(cx, symbol)) {
    // it will live in a cell the next time
    cx.state.inference.noteOuterWrite(symbol, name);
    return cx.giveUp(name);
  }
  if (!symbol || !before) cx.refuse('AD5003', name, `\`${name.text}\` is written here before it is declared`);
  if (before.kind === 'cell') {
    cx.state.outside.write(cx, symbol, v, name);
    const id =
      fitting(cx, before.ref, CELL, cx.ir(v, name), name) ??
      cx.refuse('AD3003', name, 'the assigned value does not have the type of this variable');
    cx.store(before.ref, { key: CELL }, id, name);
    return;
  }
  if (v.kind === 'ir') cx.values.setName(v.id, name.text);
  if (v.kind !== 'local' || !sameVal(before, v))
    cx.env.set(symbol, v.kind === 'missing' ? irVal(cx.constant(undefined, name)) : v);
}

/** A variable of the scopes around the differentiated function, or of a module. */
function isOutside(cx: FunctionContext, symbol: ts.Symbol): boolean {
  if (cx.state.outer.has(symbol)) return true;
  const d = symbol.valueDeclaration;
  return (
    !cx.env.has(symbol) &&
    d !== undefined &&
    cx.ts.isVariableDeclaration(d) &&
    !cx.state.scopesOf(d).isLocal(symbol)
  );
}

// ------------------------------------------------------------------ patterns

/** `target = v`; the target may be a pattern. */
export function assign(cx: FunctionContext, target: ts.Expression, v: Val): void {
  const { ts } = cx;
  const e = skipWrappers(ts, target);
  if (ts.isArrayLiteralExpression(e)) {
    const parts = e.elements.map((x) => {
      if (ts.isOmittedExpression(x)) return undefined;
      return part(cx, ts.isSpreadElement(x) ? x.expression : x, ts.isSpreadElement(x));
    });
    destructureArray(cx, v, parts, e);
    return;
  }
  if (!ts.isObjectLiteralExpression(e)) {
    lowerPlace(cx, e).set(v);
    return;
  }
  const parts = e.properties.map((p) => {
    if (ts.isShorthandPropertyAssignment(p)) {
      const set = (x: Val) => assignName(cx, p.name, x);
      return {
        name: p.name as ts.PropertyName,
        set,
        initializer: p.objectAssignmentInitializer,
        rest: false,
      };
    }
    if (ts.isPropertyAssignment(p)) return { name: p.name, ...part(cx, p.initializer, false) };
    if (ts.isSpreadAssignment(p)) return { name: undefined, ...part(cx, p.expression, true) };
    return cx.refuse('AD2000', p);
  });
  destructureObject(cx, v, parts, e);
}
function part(cx: FunctionContext, x: ts.Expression, rest: boolean): Part {
  const hasDefault = cx.ts.isBinaryExpression(x) && x.operatorToken.kind === cx.ts.SyntaxKind.EqualsToken;
  const target = hasDefault ? x.left : x;
  const initializer = hasDefault ? x.right : undefined;
  const e = skipWrappers(cx.ts, target);
  if (!cx.ts.isPropertyAccessExpression(e) && !cx.ts.isElementAccessExpression(e))
    return { set: (v) => assign(cx, target, v), initializer, rest };
  let place: Place | undefined;
  const begin = (): void => void (place = lowerPlace(cx, e));
  return { begin, set: (v) => place?.set(v), initializer, rest };
}
