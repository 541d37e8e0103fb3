/** Questions about all parts of a type: which of them carry derivatives, hold functions, may be empty. */
import { type ArrayType, NULLISH, NUMBER, type Type } from './nodes.js';
import {
  carriesDerivative,
  GETTER,
  isKeyed,
  isSplit,
  NONE,
  plainArray,
  present,
  refType,
  SETTER,
  typedArray,
} from './types.js';

/** The type of the gradient of a value: its shape, with only what carries a derivative. */
export function gradientType(t: Type): Type {
  if (!carriesDerivative(t)) return NULLISH;
  if (t.kind === 'maybe') return { kind: 'maybe', of: gradientType(t.of) };
  const r = refType(t);
  if (!r) return NUMBER;
  if (r.kind === 'record')
    return {
      kind: 'record',
      tuple: r.tuple,
      fields: r.fields
        .filter((f) => r.tuple || carriesDerivative(f.type))
        .map((f) => ({ key: f.key, type: gradientType(f.type) })),
    };
  return r.storage === 'plain' ? plainArray(gradientType(r.elem)) : (typedArray(r.ctor) as Type);
}

/** Whether the leaves of a value can be visited by code that is made for its type: no maps, nothing inside itself or of several kinds. */
export function isPlainTree(t: Type, open: ReadonlySet<Type> = NONE): boolean {
  const r = refType(t);
  if (!r || !carriesDerivative(r)) return true;
  if (open.has(r)) return false;
  const inner = new Set(open).add(r);
  if (r.kind === 'record') return r.fields.every((f) => !isSplit(f.key) && isPlainTree(f.type, inner));
  return r.storage !== 'keyed' && isPlainTree(r.elem, inner);
}

/** Whether the objects in a value have their keys in the order of its type. */
export function isOrdered(t: Type, open: ReadonlySet<Type> = NONE): boolean {
  const r = refType(t);
  if (!r || open.has(r)) return true;
  const inner = new Set(open).add(r);
  if (r.kind === 'array') return isOrdered(r.elem, inner);
  const isKnown = r.ordered === true || r.tuple || r.fields.length < 2;
  return isKnown && r.fields.every((f) => isOrdered(f.type, inner));
}

/** Whether a slot below may be empty. */
export function holdsOptional(t: Type, open: ReadonlySet<Type> = NONE): boolean {
  const r = refType(t);
  if (!r || open.has(r)) return false;
  const inner = new Set(open).add(r);
  const slots = r.kind === 'array' ? [r.elem] : r.fields.map((f) => f.type);
  return slots.some((s) => s.kind === 'maybe' || holdsOptional(s, inner));
}

/** Whether a tangent may have parts that its primal has lost, or never had: deleted keys, numbers that are missing. */
export function mayLoseParts(t: Type, open: ReadonlySet<Type> = NONE): boolean {
  const r = refType(t);
  if (!r || open.has(r)) return false;
  if (isKeyed(r)) return true;
  const inner = new Set(open).add(r);
  const slots = r.kind === 'array' ? [r.elem] : r.fields.map((f) => f.type);
  return slots.some((s) => (s.kind === 'maybe' && s.of.kind === 'number') || mayLoseParts(s, inner));
}

/** Whether instances of classes are among the parts of a value. */
export function holdsInstances(t: Type, open: readonly Type[] = []): boolean {
  const x = refType(t);
  if (!x || open.includes(x)) return false;
  const parts = x.kind === 'array' ? [x.elem] : x.fields.map((f) => f.type);
  return (
    (x.kind === 'record' && x.classes !== undefined) || parts.some((p) => holdsInstances(p, [...open, x]))
  );
}

/** Whether objects with known fields, which are no instances and no tuples, are among the parts of a value. */
export function holdsRecords(t: Type, open: readonly Type[] = []): boolean {
  const x = refType(t);
  if (!x || open.includes(x)) return false;
  if (x.kind === 'array') return holdsRecords(x.elem, [...open, x]);
  return !x.tuple || x.fields.some((f) => holdsRecords(f.type, [...open, x]));
}

/** Whether data without derivatives, of which the type says no more, are among the parts of a value. */
export function holdsData(t: Type, open: readonly Type[] = []): boolean {
  const x = refType(t);
  if (!x) return present(t).kind === 'opaque';
  if (open.includes(x)) return false;
  const parts = x.kind === 'array' ? [x.elem] : x.fields.map((f) => f.type);
  return parts.some((p) => holdsData(p, [...open, x]));
}

/** Whether functions or accessors are among the parts of a value: they are records, which other code cannot call. */
export function holdsFunctions(t: Type, open: readonly Type[] = []): boolean {
  const x = refType(t);
  if (!x || open.includes(x)) return false;
  const inner = [...open, x];
  if (x.kind === 'array') return holdsFunctions(x.elem, inner);
  const isAccessor = (key: string): boolean => key.startsWith(GETTER) || key.startsWith(SETTER);
  return (
    x.functions !== undefined || x.fields.some((f) => isAccessor(f.key) || holdsFunctions(f.type, inner))
  );
}

/** Whether functions or accessors that the program makes are among the parts of a value; those of an object from outside are real. */
export function makesFunctions(t: Type, open: readonly Type[] = []): boolean {
  const x = refType(t);
  if (!x || open.includes(x)) return false;
  if (x.kind === 'record' && x.functions !== undefined) return true;
  const parts = x.kind === 'array' ? [x.elem] : x.fields.map((f) => f.type);
  return parts.some((part) => makesFunctions(part, [...open, x]));
}

/** Whether a typed array may be reached: it may share memory with another one. */
export const mayHoldView = (t: Type): boolean => mayHold(t, (a) => a.either === true);
/** Whether a list of numbers may be reached. */
export const mayHoldNumbers = (t: Type): boolean => mayHold(t, (a) => refType(a.elem) === undefined);

/** Whether a typed array, or a list of which `counts` holds, may be reached. */
function mayHold(t: Type, counts: (a: ArrayType) => boolean, open: ReadonlySet<Type> = NONE): boolean {
  const r = refType(t);
  if (!r || open.has(r)) return false;
  const inner = new Set(open).add(r);
  if (r.kind === 'record') return r.fields.some((f) => mayHold(f.type, counts, inner));
  if (r.storage === 'plain' || r.storage === 'keyed') return counts(r) || mayHold(r.elem, counts, inner);
  return true;
}
