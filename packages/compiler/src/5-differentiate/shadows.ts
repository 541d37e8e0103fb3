/** Types of shadows. A shadow of a leaf array is a `Float64Array`, or a plain array if stores may lengthen the primal. */
import { NUMBER, type Type } from '../ir/nodes.js';
import { carriesDerivative, FLOAT64, isLeaf, isRef, plainArray, refType } from '../ir/types.js';

export interface ShadowOptions {
  /** Stores may lengthen the arrays. */
  readonly growable: boolean;
  /** The shadow is differentiated itself: its type says where numbers may be missing. */
  readonly nested?: boolean | undefined;
}

/** The type of the twin of a value: of its tangent, or of its shadow. */
export function shadowType(t: Type, o: ShadowOptions, open: ReadonlyMap<Type, Type> = new Map()): Type {
  if (isLeaf(t)) return NUMBER;
  if (t.kind === 'maybe') return { kind: 'maybe', of: shadowType(t.of, o, open) };
  const r = refType(t);
  if (!r) return t;
  const before = open.get(r);
  if (before) return before;
  const slot = (s: Type, inner: ReadonlyMap<Type, Type>): Type =>
    o.nested && isLeaf(s) && s.kind === 'maybe' ? s : shadowType(s, o, inner);
  if (r.kind === 'array') {
    if (r.storage === 'keyed' || isRef(r.elem)) {
      const storage = r.storage === 'keyed' ? 'keyed' : 'plain';
      const result = {
        kind: 'array' as const,
        storage,
        ctor: r.storage !== 'keyed' ? 'Array' : r.ctor === 'Object' ? 'NullObject' : r.ctor,
        elem: NUMBER,
      };
      result.elem = slot(r.elem, new Map(open).set(r, result as Type)) as typeof NUMBER;
      return result as Type;
    }
    // slots without a number are missing in the shadow as well
    if (r.elem.kind === 'maybe') return plainArray(slot(r.elem, open));
    return r.storage === 'plain' && o.growable ? plainArray(NUMBER) : FLOAT64;
  }
  const fields: { key: string; type: Type }[] = [];
  const result: Type = { kind: 'record', fields, tuple: r.tuple };
  const inner = new Map(open).set(r, result);
  for (const f of r.fields)
    if (carriesDerivative(f.type)) fields.push({ key: f.key, type: slot(f.type, inner) });
  return result;
}
