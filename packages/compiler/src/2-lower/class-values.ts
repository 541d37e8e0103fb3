/** Classes as values that instances give: `this.constructor`, `new.target`, and the name of a class. */
import type { FunctionNode } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { OPAQUE } from '../ir/nodes.js';
import { irVal } from './args.js';
import { byClass, checkClass, classesOf } from './class-checks.js';
import { declarationOfClass, symbolOfClass } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { THIS, type Val } from './shapes.js';

/** `new this.constructor(...)`: a class as a value. */
export function classOfInstance(cx: FunctionContext, of: Val, node: ts.Node): Val {
  const classes = classesOf(cx, of);
  checkClass(cx, of, classes, node);
  const one = (decl: ts.ClassLikeDeclaration): Val =>
    cx.state.scopesOf(decl).captured(decl as unknown as FunctionNode).size > 0
      ? cx.refuse('AD2013', node, '`constructor` of a class that captures variables is not supported')
      : { kind: 'class', decl, captures: new Map() };
  return classes.length === 1
    ? one(declarationOfClass(classes[0]))
    : byClass(cx, of as Val & { kind: 'ir' }, classes, node, one);
}

/** `new.target` in a constructor: the class of the instance that is being made. */
export function newTarget(cx: FunctionContext, e: ts.MetaProperty): Val {
  const { ts } = cx;
  let at: ts.Node = e.parent;
  while (!ts.isFunctionLike(at) && !ts.isClassElement(at) && !ts.isSourceFile(at)) at = at.parent;
  const self = cx.env.get(THIS);
  if (!ts.isConstructorDeclaration(at) || self?.kind !== 'ir')
    return cx.refuse(
      'AD2000',
      e,
      '`new.target` is supported in the body of a constructor only',
      'keep what it gives there in a variable',
    );
  return classOfInstance(cx, self, e);
}

/** `C.name`, as the program has it when it runs: tools that shorten names change it. */
export function nameOfClassValue(cx: FunctionContext, d: ts.ClassLikeDeclaration, node: ts.Node): Val {
  const symbol = symbolOfClass(cx, d);
  if (!symbol || cx.state.scopesOf(d).isLocal(symbol))
    return cx.refuse('AD3005', node, 'the name of a class that a function declares is not known here');
  return irVal(cx.foreign([`${cx.state.outside.text(cx, symbol, node)}.name`], [], OPAQUE, true, node));
}
