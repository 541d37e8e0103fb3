/** `structuredClone`, `JSON.parse(JSON.stringify(x))`: a deep copy by the type of the value. */

import type { ts } from '../host/ts.js';
import type { ArrayType, RecordType, Type, ValueId } from '../ir/nodes.js';
import { isKeyed, isRef, refType } from '../ir/types.js';
import { irVal } from './args.js';
import { arrayOf } from './array-literals.js';
import type { FunctionContext } from './context.js';
import { refuseSplit } from './intrinsics.js';
import { recordOf } from './literals.js';
import { isLaidOut } from './object-functions.js';

/** A deep copy by the type of the value; `what` makes it, in messages. */
export function cloneDeep(
  cx: FunctionContext,
  id: ValueId,
  e: ts.Expression,
  what = 'structuredClone copies',
): ValueId {
  const r = refType(cx.type(id));
  if (r && isLinked(r, []))
    return cx.refuse(
      'AD4002',
      e,
      '`structuredClone` of a linked structure is not supported',
      'copy it by a function of your own',
    );
  // a copy by the type would make two objects of one
  if (r && mayShare(r))
    cx.emit({
      kind: 'runtime',
      name: 'checkTree',
      args: [id],
      literals: [JSON.stringify(what)],
      effect: 'effect',
      results: [],
      span: cx.span(e),
    });
  return cloneByType(cx, id, e);
}
const parts = (t: ArrayType | RecordType): readonly (ArrayType | RecordType)[] =>
  (t.kind === 'array' ? [t.elem] : t.fields.map((f) => f.type)).flatMap((x) => refType(x) ?? []);

/** Whether an object of this type may hold one of its own type. */
function isLinked(t: ArrayType | RecordType, above: readonly Type[]): boolean {
  return above.includes(t) || parts(t).some((p) => isLinked(p, [...above, t]));
}
/** Whether two places in an object of this type may hold one object. */
function mayShare(t: ArrayType | RecordType): boolean {
  return parts(t).length > (t.kind === 'array' ? 0 : 1) || parts(t).some(mayShare);
}

function cloneByType(cx: FunctionContext, id: ValueId, e: ts.Expression): ValueId {
  const t = cx.type(id);
  const r = refType(t);
  if (!r) return id;
  if (t.kind === 'maybe') {
    const v = cx.branch(
      cx.scalar('isNullish', [id], e),
      () => irVal(id),
      () => irVal(cloneByType(cx, cx.present(id, e), e)),
      e,
    );
    return cx.ir(v ?? { kind: 'missing' }, e);
  }
  if (r.kind === 'array') {
    if (isKeyed(r)) return cx.refuse('AD4002', e, 'structuredClone of a map is not supported');
    if (cx.state.inference.keysBeside)
      return cx.refuse(
        'AD4002',
        e,
        'a deep copy of an array has what is stored beside its elements, as under `-1`, which is not supported',
        'keep what is no element in an object of its own',
      );
    if (!isRef(r.elem)) return cx.ir(cx.callLibrary('array_slice', [irVal(id)], e), e);
    return cx.ir(
      cx.callLibrary('array_map', [irVal(id), { kind: 'builtin', name: 'structuredClone' }], e),
      e,
    );
  }
  refuseSplit(cx, r, e);
  const fields = r.fields.map((f) => [f.key, cloneByType(cx, cx.load(id, { key: f.key }, e), e)] as const);
  if (r.tuple)
    return arrayOf(
      cx,
      fields.map(([, v]) => v),
      e,
      false,
      'clone',
    );
  return recordOf(cx, new Map(fields), e, 'literal', isLaidOut(r) ? [] : [id]);
}
