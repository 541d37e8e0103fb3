/**
 * Object literals that are maps of texts, flags and other data: `{}` of a `Record<string, string>`. A declared type of that kind is data
 * without derivatives (`host/list-types`), as it is where the caller gives it: so is what a literal makes, and the two may meet.
 */
import type { ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { OPAQUE, type Type, type ValueId } from '../ir/nodes.js';
import { present } from '../ir/types.js';
import { irVal } from './args.js';
import type { FunctionContext } from './context.js';
import { lowerValue } from './expressions.js';
import { property } from './literals.js';
import type { Val } from './shapes.js';

/** Whether a literal makes a map whose declared type says that no number, list or object of the program's can be in it. */
export function isDataMap(
  cx: FunctionContext,
  e: ts.ObjectLiteralExpression,
  declared: Type | undefined,
): boolean {
  const { ts } = cx;
  if (cx.isLibrary || cx.host.untyped || declared === undefined) return false;
  const wanted = present(declared);
  if (wanted.kind !== 'opaque' || wanted.mixed) return false;
  const { checker } = cx.host;
  const type = checker.getNonNullableType(checker.getContextualType(e) ?? checker.getTypeAtLocation(e));
  return isMapOfData(cx, type) && !e.properties.some(ts.isAccessor);
}
function isMapOfData(cx: FunctionContext, type: ts.Type): boolean {
  const index = cx.host.checker.getIndexInfosOfType(type);
  return index.length > 0 && index.every((i) => isData(cx, i.type));
}
function isData(cx: FunctionContext, type: ts.Type): boolean {
  if (type.isUnion()) return type.types.every((t) => isData(cx, t));
  const { StringLike, BooleanLike, BigIntLike, ESSymbolLike, Undefined, Null } = cx.ts.TypeFlags;
  const primitive = StringLike | BooleanLike | BigIntLike | ESSymbolLike | Undefined | Null;
  return (type.flags & primitive) !== 0 || isMapOfData(cx, type);
}

/** The literal as JavaScript has it. */
export function dataMap(cx: FunctionContext, e: ts.ObjectLiteralExpression): ValueId {
  const { ts } = cx;
  const template = ['{'];
  const args: ValueId[] = [];
  const write = (text: string): void => void template.push(`${template.pop()}${text}`);
  const add = (id: ValueId): void => {
    args.push(id);
    template.push('');
  };
  for (const p of e.properties) {
    write(args.length === 0 ? ' ' : ', ');
    if (ts.isSpreadAssignment(p)) {
      write('...');
      add(lowerValue(cx, p.expression));
      continue;
    }
    const one = property(cx, p);
    if ('key' in one) write(`${JSON.stringify(one.key)}: `);
    else {
      write('[');
      add(one.computed);
      write(']: ');
    }
    add(one.v);
  }
  write(`${args.length === 0 ? '' : ' '}} as any`);
  return cx.foreign(template, args, OPAQUE, false, e, 'unknown');
}

/** Where a map of data is spread or assigned: a copy of it, of which it is known that its keys are not. */
export function spreadData(cx: FunctionContext, of: Val, e: ts.Expression): Val {
  if (of.kind !== 'ir' || cx.isLibrary || cx.host.untyped) return of;
  const t = present(cx.type(of.id));
  if (t.kind !== 'opaque' || t.mixed) return of;
  const { checker } = cx.host;
  const type = checker.getNonNullableType(checker.getTypeAtLocation(e));
  if (!isMapOfData(cx, type)) return of;
  const elem = outsideType(cx.host, checker.getIndexInfosOfType(type)[0].type, e);
  if (elem instanceof UnsupportedType) return of;
  const copy: Type = { kind: 'array', storage: 'keyed', ctor: 'Object', elem };
  return irVal(cx.foreign(['{ ...', ' } as any'], [of.id], copy, false, e, 'reads'));
}
