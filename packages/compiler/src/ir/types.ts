/** Questions about IR types, and the join of two types that meet at the end of a branch. */
import { type ArrayType, NUMBER, type RecordType, type Type } from './nodes.js';

/** A type without its `undefined` and `null`. */
export const present = (t: Type): Type => (t.kind === 'maybe' ? t.of : t);

/** Arrays and records: what has a shadow. */
export function refType(t: Type): ArrayType | RecordType | undefined {
  const p = present(t);
  return p.kind === 'array' || p.kind === 'record' ? p : undefined;
}
export const isRef = (t: Type): boolean => refType(t) !== undefined;

/** Numbers, also possibly missing ones: what has a cotangent of its own. */
export const isLeaf = (t: Type): boolean => present(t).kind === 'number';

/** Whether a value of this type can carry a derivative at all. */
export function carriesDerivative(t: Type): boolean {
  const p = present(t);
  if (p.kind === 'number') return true;
  if (p.kind === 'array') return p.storage !== 'int' && carriesDerivative(p.elem);
  if (p.kind === 'record') return p.fields.some((f) => carriesDerivative(f.type));
  return false;
}

/** Stable text of a type, equal for equal types; used in keys and messages. */
export function typeKey(t: Type): string {
  switch (t.kind) {
    case 'maybe':
      return `${typeKey(t.of)}?`;
    case 'array':
      return t.storage === 'plain' ? `${typeKey(t.elem)}[]` : t.ctor;
    case 'record': {
      if (t.tuple) return `[${t.fields.map((f) => typeKey(f.type)).join(', ')}]`;
      const fields = t.fields.map((f) => `${f.key}: ${typeKey(f.type)}`).sort();
      return `{ ${fields.join(', ')} }`;
    }
    case 'opaque':
      return 'other';
    default:
      return t.kind;
  }
}

export const sameType = (a: Type, b: Type): boolean => typeKey(a) === typeKey(b);

/** The type of a value that is one or the other; `undefined` if the two cannot be handled as one value. */
export function joinTypes(a: Type, b: Type): Type | undefined {
  if (sameType(a, b)) return a;
  if (a.kind === 'nullish') return b.kind === 'maybe' ? b : { kind: 'maybe', of: b };
  if (b.kind === 'nullish') return joinTypes(b, a);
  if (a.kind === 'maybe' || b.kind === 'maybe') {
    const of = joinTypes(present(a), present(b));
    return of && { kind: 'maybe', of };
  }
  if (a.kind === 'opaque' && !isRef(b) && b.kind !== 'number') return a;
  if (b.kind === 'opaque' && !isRef(a) && a.kind !== 'number') return b;
  return undefined;
}

/** The constructors of typed arrays, with their storage. */
const TYPED: Readonly<Record<string, ArrayType['storage']>> = {
  Float64Array: 'f64',
  Float32Array: 'f32',
  Int8Array: 'int',
  Uint8Array: 'int',
  Uint8ClampedArray: 'int',
  Int16Array: 'int',
  Uint16Array: 'int',
  Int32Array: 'int',
  Uint32Array: 'int',
};
export function typedArray(ctor: string): ArrayType | undefined {
  const storage = Object.hasOwn(TYPED, ctor) ? TYPED[ctor] : undefined;
  return storage && { kind: 'array', storage, ctor, elem: NUMBER };
}
export const plainArray = (elem: Type): ArrayType => ({
  kind: 'array',
  storage: 'plain',
  ctor: 'Array',
  elem,
});
export const FLOAT64: ArrayType = { kind: 'array', storage: 'f64', ctor: 'Float64Array', elem: NUMBER };

/** The type of a slot. */
export function slotType(t: Type, key: string | undefined): Type | undefined {
  const r = refType(t);
  if (r?.kind === 'array') return r.elem;
  return r?.fields.find((f) => f.key === key)?.type;
}
