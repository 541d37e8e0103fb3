/** **Question**: which function does a field of an instance from outside hold? Its initialiser says it, where nothing replaces it. */
import { knownFunction } from '../host/known-functions.js';
import { isMemberAssigned } from '../host/member-writes.js';
import { isFunctionNode, skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { refType } from '../ir/types.js';
import { byClass, checkClass, classesOf } from './class-checks.js';
import { declarationOfClass, findMember } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { lowerExpression } from './expressions.js';
import { THIS, type Val } from './shapes.js';

/** A function that each instance from outside gets by an initialiser, `f = (x) => x * this.k`, and that nothing replaces. */
export function initialFunction(cx: FunctionContext, of: Val, name: string, node: ts.Node): Val | undefined {
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (of.kind !== 'ir' || t?.kind !== 'record' || !t.outside || t.literal) return undefined;
  const classes = classesOf(cx, of);
  const found = classes.map((c) => initialiserOf(cx, declarationOfClass(c), name));
  if (found.length === 0 || found.some((init) => init === undefined)) return undefined;
  checkClass(cx, of, classes, node);
  const value = (init: ts.Expression | undefined): Val => {
    if (init && isFunctionNode(cx.ts, init))
      return { kind: 'closure', decl: init, captures: new Map([[THIS, of]]) };
    return cx.inHost(cx.state.hostOf(init as ts.Expression), () =>
      lowerExpression(cx, init as ts.Expression),
    );
  };
  if (new Set(found).size === 1) return value(found[0]);
  return byClass(cx, of, classes, node, (d) => value(initialiserOf(cx, d, name)));
}
/** The function by which a field of a class is initialised, if all that it needs is at hand. */
function initialiserOf(
  cx: FunctionContext,
  d: ts.ClassLikeDeclaration,
  name: string,
): ts.Expression | undefined {
  const { ts } = cx;
  const field = findMember(cx, d, name, 'field', false);
  if (!field || !ts.isPropertyDeclaration(field) || !field.initializer) return undefined;
  const host = cx.state.hostOf(field);
  const init = skipWrappers(ts, field.initializer);
  const f = knownFunction(host, init);
  if (!f || host.untyped || isMemberAssigned(host, host.checker.getTypeAtLocation(d), name)) return undefined;
  return f === 'known' || cx.state.scopesOf(f).captured(f).size === 0 ? init : undefined;
}
