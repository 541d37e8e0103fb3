/** `instanceof` and `in`. */
import { classTag } from '../host/class-types.js';
import { symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { BOOLEAN, type RecordType, type Type, type ValueId } from '../ir/nodes.js';
import { fieldsNamed, isFunctionOrObject, isRef, refType, typedArray } from '../ir/types.js';
import { irVal } from './args.js';
import { byClass, checkClass, classesOf, instanceOf, instanceOfPlatform } from './class-checks.js';
import { classOfExpression } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { lowerExpression, lowerValue } from './expressions.js';
import { accessorFields, areClasses, dispatch } from './functions.js';
import { checkKeys, hasKey, refuseSplit } from './intrinsics.js';
import { isOfBoth, whetherLiteral } from './literals-and-instances.js';
import { inClasses, isMemberOf, membersOf } from './members.js';
import { raiseIfMissing, throwIfMissing } from './places.js';
import { checkThere, whereFound, whereThere } from './presence.js';
import type { Val } from './shapes.js';

export function lowerInstanceOf(cx: FunctionContext, e: ts.BinaryExpression): ValueId {
  const of = lowerExpression(cx, e.left);
  const known = classOfExpression(cx, e.right);
  if (known) return instanceOf(cx, of, known, e);
  const id = cx.ir(of, e.left);
  const declared = symbolOf(cx.host, e.right)?.declarations ?? [];
  const isPlatform =
    cx.host.untyped || (declared.length > 0 && declared.every((d) => d.getSourceFile().isDeclarationFile));
  if (!isPlatform) {
    const c = lowerExpression(cx, e.right);
    if (c.kind === 'class') return instanceOf(cx, of, c.decl, e);
    if (!areClasses(cx, c))
      return cx.refuse('AD2013', e, 'the class that `instanceof` asks for is not statically known');
    raiseIfMissing(cx, c.id, { name: 'prototype' }, e.right);
    const asked = dispatch(cx, c.id, e, (k) =>
      irVal(instanceOf(cx, of, (k as Val & { kind: 'class' }).decl, e)),
    );
    return cx.ir(asked, e);
  }
  const platform = instanceOfPlatform(cx, of, e.right.getText(), e);
  if (platform !== undefined) return platform;
  const r = refType(cx.type(id));
  if (r?.kind === 'record' && r.functions && e.right.getText() !== 'Object') {
    if (e.right.getText() === 'Function' && !isFunctionOrObject(r)) return whereThere(cx, id, e, e.left);
    return cx.refuse('AD2013', e, 'functions are not told apart by `instanceof` here');
  }
  const isKind = isOfTypedArrays(cx.type(id), e.right.getText());
  if (isKind === false) return cx.constant(false, e);
  if (isKind) return whereThere(cx, id, e, e.left);
  if (isRef(cx.type(id)))
    return cx.foreign(['', ` instanceof ${e.right.getText()}`], [id], BOOLEAN, false, e, 'reads');
  return cx.foreign(['', ` instanceof ${e.right.getText()}`], [id], BOOLEAN, true, e);
}

/** `x instanceof Float64Array`, where the type says which kind of list it is. */
function isOfTypedArrays(t: Type, name: string): boolean | undefined {
  const r = refType(t);
  if (typedArray(name) === undefined || r?.kind !== 'array' || r.storage === 'keyed' || r.either)
    return undefined;
  return r.ctor === name;
}

/** Whether an object from outside may have a member that is no field with a value: a method, an accessor, `toString`. */
function mayHaveMember(
  { host, ts }: FunctionContext,
  t: RecordType,
  name: string,
  of: ts.Expression,
): boolean {
  if (accessorFields(t).includes(name) || name in Object.prototype) return true;
  if (host.untyped) return false;
  const type = host.checker.getTypeAtLocation(of);
  const isOpen = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) !== 0;
  const parts = type.isUnion() ? type.types : [type];
  return isOpen || parts.some((p) => host.checker.getPropertyOfType(p, name) !== undefined);
}

/** `#x in o`: whether the constructor of the class that has the private field made the object. */
function hasPrivate(cx: FunctionContext, name: ts.PrivateIdentifier, e: ts.BinaryExpression): ValueId {
  const d = symbolOf(cx.host, name)?.valueDeclaration?.parent;
  const of = lowerExpression(cx, e.right);
  const t = refType(cx.type(cx.ir(of, e.right)));
  // `instanceof` asks for the prototype, and others than the constructor may give that to an object
  if (
    !d ||
    !cx.ts.isClassLike(d) ||
    t?.kind !== 'record' ||
    t.outside ||
    (t.site === undefined && !t.classes)
  )
    return cx.refuse(
      'AD2013',
      e,
      `\`${name.text} in ...\` is asked here of what does not surely come from a constructor of the program`,
      'use `instanceof`',
    );
  const id = cx.ir(of, e.right);
  if (cx.catches) raiseIfMissing(cx, id, { name: name.text }, e);
  else if (!cx.sure.has(id)) checkThere(cx, id, `\`${name.text} in ...\` is asked of what is missing`, e);
  return cx.ir(whereFound(cx, id, () => irVal(instanceOf(cx, of, d, e)))(), e);
}

export function lowerIn(cx: FunctionContext, e: ts.BinaryExpression): ValueId {
  if (cx.ts.isPrivateIdentifier(e.left)) return hasPrivate(cx, e.left, e);
  const key = lowerValue(cx, e.left);
  const of = lowerValue(cx, e.right);
  const t = refType(cx.type(of));
  const name = cx.knownText(key);
  if (t) throwIfMissing(cx, of, name === undefined ? { value: key } : { name }, e);
  if (t?.kind === 'record' && t.classes && name !== undefined) {
    const has = inClasses(cx, of, name);
    if (has === undefined) return hasByClass(cx, of, t, name, e);
    if (has) return cx.constant(true, e);
  }
  if (t?.kind === 'record' && !t.tuple && name !== undefined) {
    const [field, other] = fieldsNamed(t, name);
    if (other) refuseSplit(cx, t, e);
    if (!field && t.site === undefined && !mayHaveMember(cx, t, name, e.right)) {
      checkKeys(cx, of, e);
      return cx.constant(false, e);
    }
    if (field && field.type.kind !== 'maybe' && t.site === undefined) return cx.constant(true, e);
  }
  if (t?.kind === 'record' && t.functions)
    cx.refuse('AD3005', e, 'the members of a function or a class are asked for here by `in`');
  const own = hasKey(cx, of, key, e);
  const members = t?.kind === 'record' && name === undefined && !t.outside ? inheritedNames(cx, t, e) : [];
  if (members.length === 0) return own;
  const text = [`(${JSON.stringify(members)} as any[]).includes(`, ')'];
  return cx.scalar('or', [cx.foreign(text, [key], BOOLEAN, true, e, 'reads'), own], e);
}
/**
 * `'name' in o` where only some of the classes that the object may be of have a method or accessor of this name; others, and literals, may
 * have a field.
 */
function hasByClass(cx: FunctionContext, of: ValueId, t: RecordType, name: string, e: ts.Node): ValueId {
  const self = { kind: 'ir', id: of } as const;
  const classes = classesOf(cx, self);
  const [field, other] = fieldsNamed(t, name);
  if (other) refuseSplit(cx, t, e);
  const own = (): Val => irVal(field ? hasKey(cx, of, cx.constant(name, e), e) : cx.constant(false, e));
  const has = (d: ts.ClassLikeDeclaration): Val =>
    isMemberOf(cx, classTag(d), name) ? irVal(cx.constant(true, e)) : own();
  const ofInstance = (): Val => byClass(cx, self, classes, e, has);
  if (isOfBoth(cx, self, name, e)) return cx.ir(whetherLiteral(cx, self, name, e, own, ofInstance), e);
  checkClass(cx, self, classes, e);
  return cx.ir(ofInstance(), e);
}
/** The methods and accessors that an object of this type has from its class. */
function inheritedNames(cx: FunctionContext, t: RecordType, e: ts.Node): readonly string[] {
  const [first = [], ...others] = (t.classes ?? []).map((c) => membersOf(cx, c));
  if (t.literal && first.length > 0) others.push([]);
  if (others.some((names) => names.join() !== first.join()))
    cx.refuse('AD2013', e, 'the classes here have different methods and accessors', 'use `instanceof`');
  return first;
}
