/** What code, and all that it calls, may do to the lists, maps and sets that other code goes through meanwhile. */
import { assignedBy } from './assigned-names.js';
import { isConst, isFunctionNode, skipWrappers, symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
import { walkNodes } from './walk.js';
import { MUTATORS } from './writes.js';

export function usesOf(host: Host, name: ts.Node, inside: ts.Node): ts.Identifier[] {
  const symbol = symbolOf(host, name);
  const uses: ts.Identifier[] = [];
  walkNodes(host.ts, inside, (n) => {
    if (host.ts.isIdentifier(n) && symbolOf(host, n) === symbol) uses.push(n);
  });
  return uses;
}
/** Whether code does more than to compute. */
export function doesAnything(host: Host, n: ts.Node): boolean {
  const { ts } = host;
  const does = (x: ts.Node): boolean =>
    ts.isCallExpression(x) ||
    ts.isNewExpression(x) ||
    ts.isDeleteExpression(x) ||
    assignedBy(ts, x) !== undefined ||
    runsAccessorThatMayChange(host, x);
  return walkNodes(ts, n, (x) => (does(x) ? 'stop' : undefined));
}
export function isOfLanguage(host: Host, e: ts.Expression): boolean {
  const d = symbolOf(host, e)?.declarations?.[0];
  return d !== undefined && host.program.isSourceFileDefaultLibrary(d.getSourceFile());
}

const accessors = perProgram((host) => {
  const found = new Map<string, ts.AccessorDeclaration[]>();
  visitSources(host, (n) => {
    if (!host.ts.isAccessor(n)) return;
    const name = host.ts.isComputedPropertyName(n.name) ? n.name.getText() : n.name.text;
    found.set(name, [...(found.get(name) ?? []), n]);
  });
  return found;
});
/** The getters and setters that a read or write of a member may run: those of its name, whatever object it is of. */
function accessorsBehind(host: Host, n: ts.Node): readonly ts.AccessorDeclaration[] {
  const { ts } = host;
  const name = ts.isPropertyAccessExpression(n)
    ? n.name
    : ts.isBindingElement(n) && ts.isObjectBindingPattern(n.parent)
      ? (n.propertyName ?? n.name)
      : undefined;
  const isName = name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name));
  return (isName && accessors(host).get(name.text)) || [];
}
/** Whether a node reads or writes a member whose getter or setter may change lists, maps or sets. */
export const runsAccessorThatMayChange = (host: Host, n: ts.Node): boolean =>
  accessorsBehind(host, n).some((d) => d.body && mayChange(host, d.body, undefined));

const CHANGERS = new Set(['add', 'clear', 'delete', 'set', ...MUTATORS]);
/**
 * Whether code, or what it calls, may change lists, maps or sets that `of`, which is gone through, may be made of; `unknown`: what is
 * said of functions without a body.
 */
export function mayChange(
  host: Host,
  code: ts.Node,
  of: ts.Expression | undefined,
  unknown = true,
  seen: Set<ts.Node> = new Set(),
): boolean {
  const { ts, checker } = host;
  if (seen.has(code)) return false;
  seen.add(code);
  const body = (f: ts.Node | undefined): boolean =>
    !f || !isFunctionNode(ts, f) || !f.body ? unknown : mayChange(host, f.body, of, unknown, seen);
  // a function that is handed on by its name
  const isHandedOn = (e: ts.Expression): boolean => {
    const x = skipWrappers(ts, e);
    if (isFunctionNode(ts, x) || ts.isSpreadElement(x) || isOfLanguage(host, x)) return false;
    const [signature] = checker.getTypeAtLocation(x).getCallSignatures();
    return signature !== undefined && body(signature.declaration);
  };
  if (ts.isExpression(code) && isHandedOn(code)) return true;
  const isChange = (n: ts.Node): boolean => {
    if (accessorsBehind(host, n).some(body)) return true;
    const target = assignedBy(ts, n);
    if (target && ts.isElementAccessExpression(target)) return !isApart(host, target.expression, of);
    if (target)
      return ts.isPropertyAccessExpression(target) ? target.name.text === 'length' : !ts.isIdentifier(target);
    if (!ts.isCallExpression(n) && !ts.isNewExpression(n)) return ts.isDeleteExpression(n);
    const callee = n.expression;
    if (n.arguments?.some(isHandedOn)) return true;
    if (isOfLanguage(host, callee))
      return (
        ts.isPropertyAccessExpression(callee) &&
        CHANGERS.has(callee.name.text) &&
        !isApart(host, callee.expression, of)
      );
    return body(checker.getResolvedSignature(n)?.declaration);
  };
  return walkNodes(ts, code, (n) => (isChange(n) ? 'stop' : undefined));
}

/** Whether a list or map is known under the name of one variable alone, and is not what is gone through. */
function isApart(host: Host, e: ts.Expression, of: ts.Expression | undefined): boolean {
  const { ts } = host;
  const symbol = ts.isIdentifier(e) ? symbolOf(host, e) : undefined;
  const d = symbol?.valueDeclaration;
  if (!d || !ts.isVariableDeclaration(d) || !isConst(ts, d) || !d.initializer) return false;
  const init = d.initializer;
  const isNew =
    ts.isArrayLiteralExpression(init) || (ts.isNewExpression(init) && isOfLanguage(host, init.expression));
  const scope = d.parent.parent.parent;
  if (!isNew || !ts.isBlock(scope) || !of || usesOf(host, d.name, of).length > 0) return false;
  return usesOf(host, d.name, scope).every((n) => {
    const p = n.parent;
    const isReceiver =
      (ts.isPropertyAccessExpression(p) || ts.isElementAccessExpression(p)) && p.expression === n;
    return (
      n === d.name || isReceiver || ts.isReturnStatement(p) || ts.isForOfStatement(p) || ts.isSpreadElement(p)
    );
  });
}
