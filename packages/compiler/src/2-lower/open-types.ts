/**
 * **Question**: which type arguments of a call do its arguments not tell? `new Ring<Point>(8)` and `new Ring<number>(8)` are given the same,
 * and fill their lists with different things: their constructor is specialised for each.
 */
import type { FunctionNode } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';

/** The type of what a call gives, as text, where its arguments leave a type parameter open; with those of the call around, which it may stand for. */
export function openTypes(host: Host, decl: FunctionNode, at: ts.Node, around: string): string {
  const { ts, checker } = host;
  if (!(ts.isCallExpression(at) || ts.isNewExpression(at)) || !leavesOpen(ts, decl)) return '';
  const own = checker.typeToString(
    checker.getTypeAtLocation(at),
    undefined,
    ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.UseFullyQualifiedType,
  );
  return around.split('&').includes(own) ? around : `${own}&${around}`;
}

/** Whether a type parameter of a function, or of the class that a constructor belongs to, stands in no type of its parameters. */
function leavesOpen(ts: Host['ts'], decl: FunctionNode): boolean {
  const declared = ts.isConstructorDeclaration(decl) ? decl.parent.typeParameters : decl.typeParameters;
  return (
    declared?.some(({ name }) => !decl.parameters.some((p) => p.type && mentions(ts, p.type, name.text))) ??
    false
  );
}
const mentions = (ts: Host['ts'], n: ts.Node, name: string): boolean =>
  (ts.isTypeReferenceNode(n) && ts.isIdentifier(n.typeName) && n.typeName.text === name) ||
  (ts.forEachChild(n, (c) => mentions(ts, c, name) || undefined) ?? false);
