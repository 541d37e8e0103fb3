/**
 * The structure of a shadow at entry, where the function may change it: objects that hold others are copied, leaf arrays and
 * objects without inner ones stand for themselves. The numbers of an object that holds others stay in the shadow (`OWNER`).
 */
import type { ArrayType, RecordType, Type, ValueId } from '../ir/nodes.js';
import { isRef, refType } from '../ir/types.js';
import type { Builder } from './builder.js';
import { OWNER } from './trees.js';

export function frameOf(b: Builder, shadow: ValueId): ValueId {
  const type = b.values.type(shadow);
  const t = refType(type);
  if (!t || !holdsOthers(t)) return shadow;
  if (type.kind === 'maybe') return ifThere(b, shadow);
  return t.kind === 'record' ? recordFrame(b, t, shadow) : arrayFrame(b, t, shadow);
}

const holdsOthers = (t: ArrayType | RecordType): boolean =>
  t.kind === 'array' ? isRef(t.elem) : t.fields.some((f) => isRef(f.type));

function frameType(type: Type): Type {
  const t = refType(type);
  if (!t || !holdsOthers(t)) return type;
  if (type.kind === 'maybe') return { kind: 'maybe', of: frameType(type.of) };
  if (t.kind === 'array') return { ...t, elem: frameType(t.elem) };
  const inner = t.fields.filter((f) => isRef(f.type));
  const fields = inner.map((f) => ({ key: f.key, type: frameType(f.type) }));
  return { kind: 'record', tuple: false, fields: [{ key: OWNER, type }, ...fields] };
}

function recordFrame(b: Builder, t: RecordType, shadow: ValueId): ValueId {
  const inner = t.fields.filter((f) => isRef(f.type));
  const args = inner.map((f) => frameOf(b, b.load(shadow, { key: f.key })));
  return b.literal(frameType(t) as RecordType, [shadow, ...args]);
}
function arrayFrame(b: Builder, t: ArrayType, shadow: ValueId): ValueId {
  const length = b.length(shadow);
  const copy = b.alloc(frameType(t) as ArrayType, length);
  b.forEach(length, (index) => b.store(copy, { index }, frameOf(b, b.load(shadow, { index }))));
  return copy;
}
function ifThere(b: Builder, shadow: ValueId): ValueId {
  const result = b.values.fresh({ type: frameType(b.values.type(shadow)) });
  const arm = (make: () => ValueId) => b.region([], () => ({ kind: 'yield', args: [make()] }));
  b.emit({
    kind: 'if',
    cond: b.scalar('isNullish', shadow),
    then: arm(() => b.undefined()),
    else: arm(() => frameOf(b, b.present(shadow))),
    results: [result],
  });
  return result;
}
