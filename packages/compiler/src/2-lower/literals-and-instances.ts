/**
 * **Question**: which member does an object have that may be an instance of a class or an object literal, as where a class and a literal
 * implement one interface? What a literal has is in its fields, what an instance has under the name of a method or accessor is found by
 * its class. Which of the two it is, the field says by which instances know their class: literals have none.
 */
import type { ts } from '../host/ts.js';
import { CLASS_FIELD, fieldsNamed, refType } from '../ir/types.js';
import { type Arg, irVal } from './args.js';
import { callValue } from './call-values.js';
import { unlessMissing } from './calls.js';
import { byClass, checkClass, classesOf } from './class-checks.js';
import { declarationOfClass, findMember } from './class-declarations.js';
import { type FunctionContext, severalKinds } from './context.js';
import { isNullishType } from './expressions.js';
import { calledKind } from './kinds.js';
import { getThroughLiteral } from './literal-accessors.js';
import { accessorsOf, isMemberOf, isMethodOf } from './members.js';
import type { Val } from './shapes.js';
import { raiseTypeError } from './try.js';

/**
 * Whether an object may be a literal or an instance, where classes have a method or an accessor of this name. A field that another class
 * has would stand before its method.
 */
export function isOfBoth(cx: FunctionContext, of: Val, name: string, node: ts.Node): boolean {
  const t = of.kind === 'ir' ? refType(cx.type(of.id)) : undefined;
  if (t?.kind !== 'record' || !t.literal || !t.classes) return false;
  if (!t.classes.some((c) => isMemberOf(cx, c, name))) return false;
  if (t.outside && cx.state.inference.readTables()) cx.giveUp(node);
  const mayBeField = (d: ts.ClassLikeDeclaration): boolean =>
    cx.state.hostOf(d).untyped === true || findMember(cx, d, name, 'field', false) !== undefined;
  const mayBeShadowed =
    isMethodOf(cx, of, name) && classesOf(cx, of).map(declarationOfClass).some(mayBeField);
  // a real instance has no field to mirror where a literal has one
  const isComputed = t.outside === true && accessorsOf(cx, of).includes(name);
  if (mayBeShadowed || isComputed) refuseOfBoth(cx, name, node);
  return true;
}
export function refuseOfBoth(cx: FunctionContext, name: string, node: ts.Node): never {
  return cx.refuse(
    'AD2013',
    node,
    `\`${name}\` is used here of an object that may be an instance of a class or an object literal`,
    'make instances of classes in both places',
  );
}

/** Does one thing with a literal, another with an instance, each of which may have a member of this name. */
export function whetherLiteral(
  cx: FunctionContext,
  of: Val,
  name: string,
  node: ts.Node,
  ofLiteral: () => Val,
  ofInstance: () => Val,
): Val {
  const id = cx.ir(of, node);
  const t = refType(cx.type(id));
  if (t?.kind === 'record' && t.outside) {
    const classes = classesOf(cx, of);
    checkClass(cx, of, classes, node, name);
    const ofKnown = (): Val => {
      cx.checkedClasses.add(id);
      return ofInstance();
    };
    return byClass(cx, { kind: 'ir', id }, classes, node, ofKnown, ofLiteral);
  }
  const ownClass = cx.load(id, { key: CLASS_FIELD }, node);
  const isLiteral = cx.scalar('isNullish', [ownClass], node);
  return cx.branch(isLiteral, ofLiteral, ofInstance, node) ?? { kind: 'missing' };
}

/** What a literal has under a name; nothing of an instance. */
export function ownOfLiteral(cx: FunctionContext, of: Val, name: string, node: ts.Node): Val {
  const id = cx.ir(of, node);
  const type = refType(cx.type(id));
  const fields = type?.kind === 'record' ? fieldsNamed(type, name) : [];
  return getThroughLiteral(cx, of, name, node, () => {
    if (type?.kind !== 'record' || fields.length === 0) return { kind: 'missing' };
    const called = calledKind(cx, id, type, name, node);
    if (called) return called;
    if (fields.length > 1) return cx.refuse('AD3003', node, ...severalKinds(name, fields));
    return irVal(cx.load(id, { key: name }, node));
  });
}

/** Calls what a literal has under the name of a method. */
export function callOwn(
  cx: FunctionContext,
  of: Val,
  name: string,
  own: Val,
  args: readonly Arg[],
  e: ts.Expression,
): Val {
  const isOptional = cx.ts.isCallExpression(e) && e.questionDotToken !== undefined;
  if (own.kind === 'missing' || (own.kind === 'ir' && isNullishType(cx.type(own.id)))) {
    if (!isOptional) raiseTypeError(cx, `${name} is not a function`, e);
    return { kind: 'missing' };
  }
  const run = (): Val => callValue(cx, own, args, e, of);
  return isOptional ? unlessMissing(cx, own, run, e) : run();
}
