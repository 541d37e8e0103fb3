/** How functions use `arguments`. */
import type { FunctionNode } from './scopes.js';
import type { Host, ts } from './ts.js';
import { type Next, walkNodes } from './walk.js';
import { isTarget } from './writes.js';

const withArguments = new WeakMap<ts.Node, boolean>();
/** Whether a function reads its `arguments`, arrow functions in it included. */
export function usesArguments(ts: Host['ts'], f: FunctionNode): boolean {
  if (ts.isArrowFunction(f)) return false;
  let known = withArguments.get(f);
  if (known === undefined) {
    known = walkNodes(ts, f, (n) => {
      if (ts.isIdentifier(n) && n.text === 'arguments' && !isMemberName(ts, n)) return 'stop';
      return ts.isTypeNode(n) || (n !== f && ts.isFunctionLike(n) && !ts.isArrowFunction(n))
        ? 'skip'
        : undefined;
    });
    withArguments.set(f, known);
  }
  return known;
}

/** Whether a name is that of a member, and not of a variable. */
function isMemberName(ts: Host['ts'], n: ts.Identifier): boolean {
  const { parent } = n;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isBindingElement(parent)) return parent.propertyName === n;
  return (parent as ts.Node & { readonly name?: ts.Node }).name === n;
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
  const isOther = (n: ts.Node): Next => {
    if (ts.isTypeNode(n)) return 'skip';
    if (ts.isIdentifier(n) && n.text === 'arguments' && !isMemberName(ts, n)) {
      const isFixed = fixedArgument(ts, n.parent) !== undefined && !isTarget(ts, n.parent);
      return isFixed ? undefined : 'stop';
    }
    if (n === f || !ts.isFunctionLike(n)) return undefined;
    return ts.isArrowFunction(n) && mentions(ts, n, 'arguments') ? 'stop' : 'skip';
  };
  return !walkNodes(ts, f, isOther);
}
const mentions = (ts: Host['ts'], n: ts.Node, name: string): boolean =>
  walkNodes(ts, n, (x) => (ts.isIdentifier(x) && x.text === name ? 'stop' : undefined));
