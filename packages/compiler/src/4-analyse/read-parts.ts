/** **Question**: which parts of an object does a function read? **Method**: the slots that its operations name, by type. */
import type { Memory, MemoryClass } from '../3-simplify/memory.js';
import type { Type } from '../ir/nodes.js';
import { isMixed, isSplit, nameOfKey, refType } from '../ir/types.js';

/** What the parts are asked for. */
export interface Asked {
  readonly memory: Memory;
  /** Whether a value of this type, or what it holds, counts. */
  readonly counts: (t: Type) => boolean;
}

/** The parts as JavaScript: all (`true`), or some fields (`{ "w": true }`); nothing if none is read. */
export function readParts(
  asked: Asked,
  of: MemoryClass,
  type: Type,
  open: readonly Type[] = [],
): string | undefined {
  const { memory, counts } = asked;
  const t = refType(type);
  if (!t) return isMixed(type) ? 'true' : undefined;
  if (!counts(t)) return undefined;
  const c = of.find();
  if (t.kind === 'array' || t.tuple || c.leaked || open.includes(t))
    return [...memory.reachable(c)].some((x) => x.touched.size > 0 || x.leaked) ? 'true' : undefined;
  const parts = t.fields.flatMap((f) => {
    if (!c.touched.has(f.key) || !counts(f.type)) return [];
    const part = refType(f.type) ? readParts(asked, memory.slot(c, f.key), f.type, [...open, t]) : 'true';
    // which kind it is, the object says
    if (part !== undefined && isSplit(f.key)) return [`${JSON.stringify(nameOfKey(f.key))}: true`];
    return part === undefined ? [] : [`${JSON.stringify(f.key)}: ${part}`];
  });
  return parts.length > 0 ? `{ ${parts.join(', ')} }` : undefined;
}
