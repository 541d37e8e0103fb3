/** Members of objects with known fields: by name, or by a key that is computed. */
import type { ts } from '../host/ts.js';
import type { RecordType, ValueId } from '../ir/nodes.js';
import { fieldsNamed, isFunctionOrObject, isSplit } from '../ir/types.js';
import { irVal } from './args.js';
import {
  byOtherName,
  memberByName,
  namesBesideFields,
  nameTest,
  possibleKeys,
  unknownField,
} from './computed-names.js';
import type { FunctionContext } from './context.js';
import { isNullishType } from './expressions.js';
import { typeOfResult } from './foreign.js';
import { accessorFields } from './functions.js';
import { refuseSplit } from './intrinsics.js';
import { asksForKind, kindRead, splitMember, tellsOtherKind } from './kinds.js';
import { getThroughLiteral, setThroughLiteral } from './literal-accessors.js';
import { literalField, literalFunction } from './literal-members.js';
import { getMember, isMixedMember, isOwnField, membersOf, refuseHidden, setMember } from './members.js';
import { fieldsInOrder } from './object-functions.js';
import { type Key, type Place, slot } from './places.js';
import type { Val } from './shapes.js';

export function recordMember(
  cx: FunctionContext,
  of: Val,
  ref: ValueId,
  type: RecordType,
  key: Key,
  node: ts.Expression,
): Place {
  if (!('name' in key)) {
    const names = namesBesideFields(cx, of, type, node);
    const one = (name: string): Place => recordMember(cx, of, ref, type, { name }, node);
    if (names) return memberByName(cx, key.value, names, node, one, methodsOf(cx, type));
    return anyField(cx, ref, type, key.value, node);
  }
  const { name } = key;
  if (name === '__proto__') cx.refuse('AD3005', node);
  refuseHidden(cx, type, name, node);
  if (isFunctionOrObject(type) && name in Function.prototype)
    cx.refuse(
      'AD3005',
      node,
      `this is a function or another object, and \`${name}\` a member that functions have`,
    );
  const field = (): Place => namedMember(cx, of, ref, type, name, node);
  if (!accessorFields(type).includes(name) || fieldsNamed(type, name).length === 0) return field();
  return {
    get: () => getThroughLiteral(cx, of, name, node, () => field().get()),
    set: (v) => setThroughLiteral(cx, of, name, v, node, () => field().set(v)),
  };
}
function namedMember(
  cx: FunctionContext,
  of: Val,
  ref: ValueId,
  type: RecordType,
  name: string,
  node: ts.Expression,
): Place {
  const kinds = fieldsNamed(type, name).filter((f) => isSplit(f.key));
  const isOnly =
    kinds.length === 1 && !asksForKind(cx, node) && kindRead(cx, kinds, name, node) === undefined;
  const only = isOnly ? kinds[0].key : undefined;
  if (kinds.length > 0 && only === undefined && !isMixedMember(cx, of, name))
    return splitMember(cx, ref, type, name, node);
  if (tellsOtherKind(cx, type, name, node)) {
    cx.state.inference.splits.add(name);
    cx.giveUp(node);
  }
  const isField =
    fieldsNamed(type, name).length > 0 &&
    !(['value', 'get', 'set'] as const).some((kind) => literalFunction(cx, of, name, kind)) &&
    !isMixedMember(cx, of, name);
  if (isField) {
    const field = slot(cx, ref, { key: only ?? name }, node);
    const get = (): Val => literalField(cx, of, name, field.get());
    if (!isOwnField(cx, name, node)) return { ...field, get };
    // each class has its own fields, whatever other classes an object is seen with
    const own = (v: Val): Val => (v.kind === 'ir' ? { ...v, id: cx.present(v.id, node) } : v);
    return { ...field, get: () => own(get()) };
  }
  return {
    get: () => {
      const v = getMember(cx, of, name, node);
      if (v.kind !== 'missing') return v;
      if (name in Object.prototype)
        return cx.refuse('AD3005', node, `\`${name}\` is a member that all objects inherit`);
      // a field of a type that is not made here may be left out of it for what it holds
      if (type.site === undefined && !type.classes && !isKnownAbsent(cx, node))
        return cx.refuse(
          'AD3005',
          node,
          `\`${name}\` is not a field of \`${textOf(node)}\` that can be differentiated`,
        );
      return irVal(cx.constant(undefined, node));
    },
    set: (v) => setMember(cx, of, name, v, node, () => slot(cx, ref, { key: name }, node).set(v)),
  };
}
/** The methods and accessors of the classes that an object may be of. */
const methodsOf = (cx: FunctionContext, type: RecordType): readonly string[] => [
  ...new Set((type.classes ?? []).flatMap((c) => membersOf(cx, c))),
];
const textOf = (node: ts.Expression): string =>
  'expression' in node ? (node.expression as ts.Node).getText() : node.getText();
function isKnownAbsent(cx: FunctionContext, node: ts.Expression): boolean {
  return cx.isLibrary || isNullishType(typeOfResult(cx, node)) || typeOfResult(cx, node).kind === 'maybe';
}

/** A field whose name is computed: one of those that the object has. */
export function anyField(
  cx: FunctionContext,
  ref: ValueId,
  type: RecordType,
  key: ValueId,
  node: ts.Expression,
): Place {
  refuseSplit(cx, type, node);
  const keys = possibleKeys(cx, node);
  const fields = fieldsInOrder(type).filter(
    (f) => !keys || type.classes !== undefined || keys.includes(f.key),
  );
  const mayBeMap = type.site !== undefined && !type.classes;
  if (fields.length === 0 && mayBeMap) {
    cx.state.inference.makeKeyed(type);
    cx.giveUp(node);
  }
  const names = fields.map((f) => f.key);
  const is = nameTest(cx, key, names, node);
  const isSure = (name: string): boolean => fields.some((f) => f.key === name && f.type.kind !== 'maybe');
  const isKnown = (name: string): boolean => fields.some((f) => f.key === name);
  // the write adds no field; fields of different types do not fit in a map
  const staysRecord =
    keys?.every(isKnown) === true && (keys.every(isSure) || !cx.state.inference.isUniform(type));
  let writesField = false;
  const through = (k: number, use: (p: Place) => Val): Val => {
    const f = fields[k];
    if (!f)
      return writesField
        ? unknownField(cx, key, node)
        : byOtherName(cx, key, names, node, methodsOf(cx, type));
    return (
      cx.branch(
        is(f.key),
        () => use(slot(cx, ref, { key: f.key }, node)),
        () => through(k + 1, use),
        node,
      ) ?? { kind: 'missing' }
    );
  };
  return {
    get: () => through(0, (p) => p.get()),
    set: (v) => {
      if (mayBeMap && !staysRecord) {
        // it will be made as a map the next time
        cx.state.inference.makeKeyed(type);
        cx.giveUp(node);
      }
      writesField = true;
      through(0, (p) => {
        p.set(v);
        return irVal(cx.constant(undefined, node));
      });
    },
  };
}
