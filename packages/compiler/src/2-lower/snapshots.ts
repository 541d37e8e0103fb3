/** Copies of what a pullback will be evaluated at: the caller may change its arrays and objects before. */
import type { ts } from '../host/ts.js';
import type { RecordType, Type } from '../ir/nodes.js';
import { isPlainTree } from '../ir/type-questions.js';
import { CELL, isRef, refType } from '../ir/types.js';
import { irVal } from './args.js';
import type { FunctionContext } from './context.js';
import { cloneDeep } from './deep-copies.js';
import { cellType, type Val } from './shapes.js';

/** What needs a copy, in messages. */
const KEEPS = 'a pullback in differentiated code keeps a copy of';

/** A value as it is now. */
export function snapshot(cx: FunctionContext, v: Val, e: ts.Expression): Val {
  if (v.kind !== 'ir') return snapshotOf(cx, v, e);
  const type = cx.type(v.id);
  if (!isRef(type)) return v;
  if (!isPlain(type)) return cx.refuse('AD1010', e, 'what this derivative is taken at cannot be copied');
  return { ...v, id: cloneDeep(cx, v.id, e, KEEPS) };
}

/** Whether a copy of its parts is as good as a value of this type. */
export const isPlain = (type: Type): boolean => isPlainTree(type) && !holdsIdentity(type);

/** A function with what it captures, as that is now. */
export function snapshotOf(cx: FunctionContext, v: Val, e: ts.Expression): Val {
  const inner = (x: Val): Val => snapshot(cx, x, e);
  switch (v.kind) {
    case 'closure':
    case 'class':
      return { ...v, captures: new Map([...v.captures].map(([s, x]) => [s, inner(x)])) };
    case 'bound':
      return { ...v, of: inner(v.of), self: v.self && inner(v.self), args: v.args.map(inner) };
    case 'derivative':
      return { ...v, of: inner(v.of), args: v.args.map(inner) };
    case 'cell': {
      const held = inner(irVal(cx.load(v.ref, { key: CELL }, e)));
      const id = cx.ir(held, e);
      const ref = cx.fresh(cellType(v.type), e);
      cx.emit({
        kind: 'literal',
        type: cellType(v.type) as RecordType,
        args: [id],
        results: [ref],
        span: cx.span(e),
      });
      return { kind: 'cell', ref, type: v.type };
    }
    default:
      return v;
  }
}

/** Instances of classes, and functions that were stored, are more than their fields. */
function holdsIdentity(t: Type): boolean {
  const r = refType(t);
  if (!r) return false;
  if (r.kind === 'array') return holdsIdentity(r.elem);
  return r.classes !== undefined || r.functions !== undefined || r.fields.some((f) => holdsIdentity(f.type));
}
