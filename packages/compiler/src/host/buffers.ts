/** Buffers in variables: while only views of one kind are made of one, it is the array of that kind over all of it. */
import { isConst, skipWrappers, symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';

/** The variables that hold buffers, with the class of the views that are made of each. */
const buffers = perProgram((host) => {
  const { ts } = host;
  const found = new Map<ts.Symbol, string | undefined>();
  visitSources(host, (n) => {
    const isBuffer = ts.isVariableDeclaration(n) && n.initializer && isConst(ts, n) && makesBuffer(host, n);
    const symbol = isBuffer && ts.isIdentifier(n.name) ? symbolOf(host, n.name) : undefined;
    if (symbol) found.set(symbol, undefined);
  });
  const views = new Map<ts.Symbol, Set<string | undefined>>();
  visitSources(host, (n) => {
    const symbol = found.size > 0 && ts.isIdentifier(n) ? symbolOf(host, n) : undefined;
    if (!symbol || !found.has(symbol) || symbol.valueDeclaration === n.parent) return;
    // the array of another buffer may be a part of it only
    if (isSize(host, n) && isMade(host, symbol.valueDeclaration as ts.VariableDeclaration)) return;
    views.set(symbol, (views.get(symbol) ?? new Set()).add(viewClass(host, n as ts.Identifier)));
  });
  for (const [symbol, classes] of views) if (classes.size === 1) found.set(symbol, [...classes][0]);
  return found;
});

function makesBuffer({ ts }: Host, { initializer }: ts.VariableDeclaration): boolean {
  const e = skipWrappers(ts, initializer as ts.Expression);
  if (ts.isPropertyAccessExpression(e)) return e.name.text === 'buffer';
  return ts.isNewExpression(e) && e.expression.getText() === 'ArrayBuffer' && e.arguments?.length === 1;
}
const isMade = ({ ts }: Host, { initializer }: ts.VariableDeclaration): boolean =>
  ts.isNewExpression(skipWrappers(ts, initializer as ts.Expression));
const isSize = ({ ts }: Host, n: ts.Node): boolean =>
  ts.isPropertyAccessExpression(n.parent) && n.parent.expression === n && n.parent.name.text === 'byteLength';
/** `Float64Array` in `new Float64Array(buffer, ...)`. */
function viewClass({ ts }: Host, n: ts.Identifier): string | undefined {
  let e: ts.Expression = n;
  while (skipWrappers(ts, e.parent as ts.Expression) === n) e = e.parent as ts.Expression;
  const p = e.parent;
  return ts.isNewExpression(p) && p.arguments?.[0] === e ? p.expression.getText() : undefined;
}

/** The class of all views of the buffer that an expression names, or that it makes for a variable. */
export function classOfViews(host: Host, e: ts.Expression): string | undefined {
  const { ts } = host;
  let at: ts.Node = e;
  if (!ts.isIdentifier(e)) {
    while (!ts.isVariableDeclaration(at) && ts.isExpression(at)) at = at.parent;
    if (!ts.isVariableDeclaration(at) || skipWrappers(ts, at.initializer as ts.Expression) !== e)
      return undefined;
  }
  const name = ts.isVariableDeclaration(at) ? at.name : at;
  const symbol = symbolOf(host, name);
  return symbol && buffers(host).get(symbol);
}
