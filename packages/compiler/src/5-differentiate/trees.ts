/**
 * Copies the leaves of arrays and objects by code that is made for their types: shadows to gradients, given tangents to tangents.
 * It takes the place of the helpers of the runtime where the result is differentiated again.
 */
import type { ArrayType, At, RecordType, ValueId } from '../ir/nodes.js';
import { isLeaf, isRef, refType } from '../ir/types.js';
import type { Builder } from './builder.js';

/**
 * `set`: `to = from`, `add`: `to += from`, of what the user gives, which has to have the same lengths; `move`: `to = from` of a
 * shadow, which may have become longer. The structure is that of `to`; what `from` lacks is zero.
 */
export type How = 'set' | 'add' | 'move';

export function copyLeaves(b: Builder, to: ValueId, from: ValueId, how: How): void {
  const t = refType(b.values.type(to));
  const f = refType(b.values.type(from));
  if (!t || !f) return;
  if (t.kind === 'record') return copyFields(b, t, to, from, how);
  if (f.kind === 'record') return copyTuple(b, f, to, from, how);
  const length = b.length(to);
  if (how !== 'move') b.runtime('checkLength', [length, b.length(from)], [], 'effect', undefined);
  b.forEach(length, (index) => copySlot(b, to, from, { index }, { index }, how));
}

/** The field of a frame that holds the shadow whose own numbers are meant. */
export const OWNER = '$owner';

function copyFields(b: Builder, t: RecordType, to: ValueId, from: ValueId, how: How): void {
  const f = refType(b.values.type(from));
  if (f?.kind === 'record' && f.fields.some((x) => x.key === OWNER)) {
    const numbers = t.fields.filter((x) => isLeaf(x.type));
    const owner = b.load(from, { key: OWNER });
    for (const { key } of numbers) copySlot(b, to, owner, { key }, { key }, how);
  }
  for (const { key } of t.fields) {
    const index = () => ({ index: b.num(Number(key)) });
    if (f?.kind === 'array') copySlot(b, to, from, { key }, index(), how);
    else if (f?.fields.some((x) => x.key === key)) copySlot(b, to, from, { key }, { key }, how);
  }
}
/** The elements of a tuple go to those of an array. */
function copyTuple(b: Builder, f: RecordType, to: ValueId, from: ValueId, how: How): void {
  if (how !== 'move')
    b.runtime('checkLength', [b.length(to), b.num(f.fields.length)], [], 'effect', undefined);
  for (const { key } of f.fields) copySlot(b, to, from, { index: b.num(Number(key)) }, { key }, how);
}

function copySlot(b: Builder, to: ValueId, from: ValueId, at: At, source: At, how: How): void {
  const slot = slotOf(refType(b.values.type(to)) as ArrayType | RecordType, at);
  const given = slotOf(refType(b.values.type(from)) as ArrayType | RecordType, source);
  if (!slot || !given) return;
  const copy = (): void => {
    if (isLeaf(slot)) {
      if (!isLeaf(given)) return;
      const value = b.scalar('orZero', b.load(from, source));
      if (how !== 'add') b.store(to, at, value);
      else b.accum(to, at, value, slot.kind === 'maybe');
    } else if (isRef(slot) && isRef(given)) {
      const inner = b.load(to, at);
      const source_ = b.load(from, source);
      const both = () => copyLeaves(b, b.present(inner), b.present(source_), how);
      if (given.kind !== 'maybe') return both();
      b.when(b.scalar('not', b.scalar('isNullish', source_)), both);
    }
  };
  // what is missing has no gradient
  if (slot.kind === 'maybe') b.when(b.scalar('not', b.scalar('isNullish', b.load(to, at))), copy);
  else copy();
}
function slotOf(t: ArrayType | RecordType, at: At) {
  if (t.kind === 'array') return t.elem;
  return t.fields.find((f) => 'key' in at && f.key === at.key)?.type;
}
