/** `{ ...o, f: x }`: fields in the order of the language, over what may be missing. */
import { skipWrappers } from '../host/scopes.js';
import { mayBeUnset } from '../host/settled-types.js';
import type { ts } from '../host/ts.js';
import { isSurelyThere } from '../host/types.js';
import type { ArrayType, RecordType, ValueId } from '../ir/nodes.js';
import { fieldsNamed, isKeyed, isSplit, refType } from '../ir/types.js';
import { irVal } from './args.js';
import type { FunctionContext } from './context.js';
import { spreadData } from './data-literals.js';
import { lowerCondition, lowerExpression } from './expressions.js';
import { accessorName } from './functions.js';
import { storeAt } from './intrinsics.js';
import { define, replacedBy } from './literal-accessors.js';
import { type KeySource, property, recordOf } from './literals.js';
import {
  copyFields,
  copyKeys,
  fieldsInOrder,
  isLaidOut,
  leadingFields,
  removeField,
} from './object-functions.js';
import { member } from './places.js';
import { perhapsThere } from './presence.js';
import type { Val } from './shapes.js';

export function spreadInto(cx: FunctionContext, out: ValueId, from: ts.Expression): void {
  const part = testedPart(cx, from);
  if (part) {
    const copy = (): undefined => void spreadInto(cx, out, part.right);
    cx.branch(lowerCondition(cx, part.left), copy, () => undefined, from);
    return;
  }
  const of = spreadData(cx, lowerExpression(cx, from), from);
  const id = perhapsThere(cx, cx.ir(of, from), from);
  const t = refType(cx.type(id));
  if (t && isKeyed(t)) copyKeys(cx, out, id, from);
  else
    copyFields(cx, keptLiteral(of, id), (key, v) => storeAt(cx, out, cx.constant(key, from), v, from), from);
}

/** `{ ...a, x: 1 }`: fields that are surely there are part of the literal, others are added where they are. */
export function spreadLiteral(cx: FunctionContext, e: ts.ObjectLiteralExpression): ValueId {
  const { ts } = cx;
  const fields = new Map<string, ValueId>();
  const order: KeySource[] = [];
  let made: ValueId | undefined;
  const put = (key: string, v: ValueId, node: ts.Node): void => {
    if (made === undefined) {
      define(fields, key, v);
      order.push(key);
      return;
    }
    const t = refType(cx.type(made)) as RecordType;
    cx.unfinished.add(made);
    replace(cx, made, t, key, node);
    if (!cx.state.inference.store(t, key, cx.type(v))) cx.refuse('AD3003', node);
    cx.store(made, { key }, v, node);
  };
  for (const p of e.properties) {
    if (!ts.isSpreadAssignment(p)) {
      const one = property(cx, p);
      if ('key' in one) put(one.key, one.v, p);
      else {
        made ??= recordOf(cx, fields, e, 'literal', order);
        const name = p.name as unknown as ts.Expression;
        member(cx, irVal(made), { value: one.computed }, name).set(irVal(one.v));
      }
      continue;
    }
    const of = spreadValue(cx, p.expression);
    const given = perhapsThere(cx, cx.ir(of, p.expression), p.expression);
    const isTold = isSurelyThere(cx.host, skipWrappers(ts, p.expression));
    const isThere = isTold && !testedPart(cx, p.expression) && !mayBeUnset(cx.host, p.expression);
    const id = isThere ? cx.present(given, p.expression) : given;
    const t = refType(cx.type(id));
    if (t && isKeyed(t)) {
      const own = made === undefined ? recordOf(cx, fields, e) : made;
      const type = refType(cx.type(own)) as RecordType;
      if ((t as ArrayType).ctor === 'Object' && cx.state.inference.makeMap(type, (t as ArrayType).elem))
        cx.giveUp(p);
      return cx.refuse(
        'AD2011',
        p,
        'an object used as a map is spread into an object with known fields',
        'give the literal the type of a map, as in `Record<string, number>`',
      );
    }
    const certain =
      t?.kind === 'record' && cx.type(id).kind !== 'maybe' && t.fields.every((f) => f.type.kind !== 'maybe');
    const first = certain || made !== undefined ? [] : leadingFields(cx, id);
    for (const { key } of first) put(key, cx.load(id, { key }, p.expression), p);
    const arranged = certain && made === undefined;
    if (arranged) order.push(...(isLaidOut(t) ? fieldsInOrder(t).map((f) => f.key) : [id]));
    if (!certain) made ??= recordOf(cx, fields, e, 'literal', order);
    const rest = new Set([
      ...first.map((f) => f.key),
      ...(made === undefined ? [] : replacedKinds(cx, t, e, p)),
    ]);
    const putField = (key: string, v: ValueId): void => (arranged ? define(fields, key, v) : put(key, v, p));
    copyFields(cx, keptLiteral(of, id), putField, p.expression, rest, arranged);
  }
  if (made !== undefined) cx.unfinished.delete(made);
  return made ?? recordOf(cx, fields, e, 'literal', order);
}

/** A field takes the place of an accessor of its name, and an accessor that of a field. */
function replace(cx: FunctionContext, made: ValueId, t: RecordType, key: string, node: ts.Node): void {
  const replaced = replacedBy(t, key);
  if (replaced.length > 0 && cx.state.inference.keyOrderMatters)
    cx.refuse(
      'AD2011',
      node,
      `\`${accessorName(key) ?? key}\` is a field and an accessor of one literal whose keys are seen`,
      'leave out the one that does not count',
    );
  for (const other of replaced) removeField(cx, made, t, other, node);
}

/** The fields that are told apart by kinds and given again behind a spread: the object has only the kind that is given last. */
function replacedKinds(
  { ts }: FunctionContext,
  t: ArrayType | RecordType | undefined,
  { properties }: ts.ObjectLiteralExpression,
  spread: ts.ObjectLiteralElementLike,
): readonly string[] {
  if (t?.kind !== 'record') return [];
  return properties.slice(properties.indexOf(spread) + 1).flatMap((p) => {
    const isNamed =
      (ts.isPropertyAssignment(p) || ts.isShorthandPropertyAssignment(p)) &&
      (ts.isIdentifier(p.name) || ts.isStringLiteral(p.name));
    return isNamed && fieldsNamed(t, p.name.text).some((f) => isSplit(f.key)) ? [p.name.text] : [];
  });
}

/** `...(far && { x })`: nothing where the test fails. */
function spreadValue(cx: FunctionContext, e: ts.Expression): Val {
  const part = testedPart(cx, e);
  if (!part) return spreadData(cx, lowerExpression(cx, e), e);
  const nothing = (): Val => irVal(cx.constant(undefined, e));
  return cx.branch(lowerCondition(cx, part.left), () => spreadValue(cx, part.right), nothing, e) ?? nothing();
}
export function testedPart({ ts }: FunctionContext, e: ts.Expression): ts.BinaryExpression | undefined {
  const x = skipWrappers(ts, e);
  const isAnd = ts.isBinaryExpression(x) && x.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken;
  return isAnd ? x : undefined;
}

/** A value that is `id`, with what is known of the literal that made it. */
const keptLiteral = (of: Val, id: ValueId): Val => (of.kind === 'ir' ? { ...of, id } : irVal(id));
