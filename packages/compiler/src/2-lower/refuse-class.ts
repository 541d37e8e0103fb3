import { symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import type { FunctionContext } from './context.js';

/** Refuses the use of a class at `node`: of any class yet, and for ever of one that decorators may have changed. */
export function refuseClass(
  cx: FunctionContext,
  node: ts.Node,
  c: ts.ClassLikeDeclaration | undefined,
): never {
  const decorated = c && [c, ...c.members].find((m) => cx.ts.canHaveDecorators(m) && cx.ts.getDecorators(m));
  if (!decorated) return cx.refuse('AD2013', node);
  const name = decorated.name?.getText() ?? c.name?.text;
  return cx.refuse('AD2006', node, name === undefined ? undefined : `\`${name}\` is decorated`);
}

/** The class that an expression names, if the program declares it. */
export function namedClass(cx: FunctionContext, e: ts.Expression): ts.ClassLikeDeclaration | undefined {
  const d = symbolOf(cx.host, e)?.valueDeclaration;
  return d && cx.ts.isClassLike(d) ? d : undefined;
}
