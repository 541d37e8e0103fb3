/** The memory classes that a reference reaches, each with the types by which it is reached. */
import type { ArrayType, RecordType, Type } from '../ir/nodes.js';
import { isRef, refType, slotType } from '../ir/types.js';
import type { Memory, MemoryClass } from './memory.js';

/**
 * Visits what a reference of a type reaches, from the outside in. Objects of one class may have several types (members of a
 * union), and are visited once with each. A type that contains itself has no end of classes below: where no reference denotes
 * them, and so nothing is known of them, it is entered twice.
 */
export function visitTypedClasses(
  memory: Memory,
  root: MemoryClass,
  type: Type,
  visit: (of: MemoryClass, type: ArrayType | RecordType) => void,
): void {
  const seen = new Map<MemoryClass, Set<object>>();
  const open: object[] = [];
  const walk = (c: MemoryClass, t: ArrayType | RecordType | undefined): void => {
    const x = c.find();
    if (!t || seen.get(x)?.has(t)) return;
    if (!x.denoted && open.filter((o) => o === t).length > 1) return;
    seen.set(x, (seen.get(x) ?? new Set()).add(t));
    open.push(t);
    visit(x, t);
    for (const key of slotKeysOf(t)) {
      const inner = slotType(t, key);
      if (inner && isRef(inner)) walk(memory.slot(x, key), refType(inner));
    }
    open.pop();
  };
  walk(root, refType(type));
}

/** The keys of the slots of a type; `[]` for the elements of an array. */
export const slotKeysOf = (t: ArrayType | RecordType): readonly string[] =>
  t.kind === 'array' ? ['[]'] : t.fields.map((f) => f.key);
