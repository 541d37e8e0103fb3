/** How functions use `arguments`. */
import type { FunctionNode } from './scopes.js';
import type { Host, ts } from './ts.js';
import { isTarget } from './writes.js';

const withArguments = new WeakMap<ts.Node, boolean>();
/** Whether a function reads its `arguments`, arrow functions in it included. */
export function usesArguments(ts: Host['ts'], f: FunctionNode): boolean {
  if (ts.isArrowFunction(f)) return false;
  let known = withArguments.get(f);
  if (known === undefined) {
    const visit = (n: ts.Node): boolean => {
      if (
        ts.isIdentifier(n) &&
        n.text === 'arguments' &&
        !(ts.isPropertyAccessExpression(n.parent) && n.parent.name === n)
      )
        return true;
      if (n !== f && ts.isFunctionLike(n) && !ts.isArrowFunction(n)) return false;
      return ts.forEachChild(n, visit) ?? false;
    };
    known = visit(f);
    withArguments.set(f, known);
  }
  return known;
}

/** `arguments.length`, and `arguments[1]` as number 1; nothing for other uses of `arguments`. */
export function fixedArgument(ts: Host['ts'], e: ts.Node): number | 'length' | undefined {
  const of = (e as Partial<ts.PropertyAccessExpression>).expression;
  if (!of || !ts.isIdentifier(of) || of.text !== 'arguments') return undefined;
  if (ts.isPropertyAccessExpression(e)) return e.name.text === 'length' ? 'length' : undefined;
  const isIndex = ts.isElementAccessExpression(e) && ts.isNumericLiteral(e.argumentExpression);
  return isIndex ? Number((e.argumentExpression as ts.NumericLiteral).text) : undefined;
}
/** Whether a function asks for single arguments only, by their numbers, as defaults of parameters do in older JavaScript. */
export function readsFixedArguments(ts: Host['ts'], f: FunctionNode): boolean {
  const isFixed = (n: ts.Node): boolean => {
    if (ts.isIdentifier(n) && n.text === 'arguments')
      return fixedArgument(ts, n.parent) !== undefined && !isTarget(ts, n.parent);
    if (n !== f && ts.isFunctionLike(n)) return !ts.isArrowFunction(n) || !mentions(ts, n, 'arguments');
    return !ts.forEachChild(n, (child) => !isFixed(child));
  };
  return isFixed(f);
}
const mentions = (ts: Host['ts'], n: ts.Node, name: string): boolean =>
  (ts.isIdentifier(n) && n.text === name) || (ts.forEachChild(n, (c) => mentions(ts, c, name)) ?? false);
