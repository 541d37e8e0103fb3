/** Questions about IR types, and the join of two types that meet at the end of a branch. */
import { isSplittable } from './join-types.js';
import { type ArrayType, type Field, NEVER, NULLISH, NUMBER, type RecordType, type Type } from './nodes.js';

/** A type without its `undefined` and `null`. */
export const present = (t: Type): Type => (t.kind === 'maybe' ? t.of : t);

/** What a declared type surely says of a slot: objects are known better by what is stored there. */
export const withoutObjects = (t: Type): Type => (!isRef(t) ? t : t.kind === 'maybe' ? NULLISH : NEVER);

/** Arrays and records: what has a shadow. */
export function refType(t: Type): ArrayType | RecordType | undefined {
  const p = present(t);
  return p.kind === 'array' || p.kind === 'record' ? p : undefined;
}
export const isRef = (t: Type): boolean => refType(t) !== undefined;

/** Maps and objects used as maps. */
export function isKeyed(t: Type): boolean {
  const r = refType(t);
  return r?.kind === 'array' && r.storage === 'keyed';
}

/** Typed arrays: their lengths never change. */
export function isTypedArray(t: Type): boolean {
  const r = refType(t);
  return r?.kind === 'array' && r.storage !== 'plain' && r.storage !== 'keyed';
}

/** Numbers, also possibly missing ones: what has a cotangent of its own. */
export const isLeaf = (t: Type): boolean => present(t).kind === 'number';

/** Whether a value of this type can carry a derivative at all. */
export function carriesDerivative(t: Type, open: ReadonlySet<Type> = NONE): boolean {
  const p = present(t);
  if (p.kind === 'number') return true;
  if (p.kind !== 'array' && p.kind !== 'record') return false;
  if (open.has(p)) return false;
  const inner = new Set(open).add(p);
  if (p.kind === 'array') return p.storage !== 'int' && carriesDerivative(p.elem, inner);
  return p.fields.some((f) => carriesDerivative(f.type, inner));
}
export const NONE: ReadonlySet<Type> = new Set();

/** Thrown for a type whose text would be too long to be written: many types that hold each other in many ways. */
export class EndlessType extends Error {}
const MAX_PARTS = 50_000;
export let parts = 0;

/** Stable text of a type, equal for equal types; a type inside itself is named by its distance. */
export function typeKey(t: Type, open: readonly Type[] = []): string {
  parts = open.length === 0 ? 0 : parts + 1;
  if (parts > MAX_PARTS) throw new EndlessType('the text of a type is too long');
  switch (t.kind) {
    case 'maybe':
      return `${typeKey(t.of, open)}?`;
    case 'array': {
      if (t.storage !== 'plain' && t.storage !== 'keyed') return t.ctor;
      const elem = within(t, open, (o) => typeKey(t.elem, o));
      const keys = t.keys ? `${t.keys.kind}, ` : '';
      const either = t.either ? '|typed' : '';
      return `${t.remade ? '~' : ''}${t.storage === 'keyed' ? `${t.ctor}<${keys}${elem}>` : `${elem}[]${either}`}`;
    }
    case 'record':
      return within(t, open, (o) => {
        if (t.tuple) return `[${t.fields.map((f) => typeKey(f.type, o)).join(', ')}]`;
        const fields = t.fields.map((f) => `${f.key}: ${typeKey(f.type, o)}`);
        if (!t.ordered) fields.sort();
        const classes = t.classes?.map((c) => `${c.name}#${c.id}`).sort() ?? [];
        const functions = t.functions?.map((f) => f.name).sort() ?? [];
        return `${t.outside ? '!' : ''}${t.ordered ? '<' : ''}${t.literal && t.classes ? '=' : ''}${t.remade ? '~' : ''}${[...classes, ...functions].join('|')}{ ${fields.join(', ')} }`;
      });
    case 'opaque':
      return t.mixed ? 'mixed' : 'other';
    default:
      return t.kind;
  }
}
function within(t: Type, open: readonly Type[], text: (open: readonly Type[]) => string): string {
  const at = open.lastIndexOf(t);
  return at >= 0 ? `^${open.length - at}` : text([...open, t]);
}

export const sameType = (a: Type, b: Type): boolean => a === b || typeKey(a) === typeKey(b);

/** What a field holds, as far as values of it can be told apart when the program runs. */
export type SlotKind = 'number' | 'list' | 'lists' | 'object' | 'other';
export const fieldsNamed = (t: RecordType, name: string): readonly Field[] =>
  t.fields.filter((f) => nameOfKey(f.key) === name);
/** The kind of a value; nothing if it is not known yet. */
export function kindOfSlot(t: Type): SlotKind | undefined {
  const p = present(t);
  switch (p.kind) {
    case 'never':
      return undefined;
    case 'number':
      return 'number';
    case 'array':
      if (p.storage === 'keyed') return 'object';
      return isRef(p.elem) ? 'lists' : 'list';
    case 'record':
      if (!p.tuple) return 'object';
      return p.fields.some((f) => isRef(f.type)) ? 'lists' : 'list';
    default:
      return 'other';
  }
}
/**
 * A field of one name may hold values of different kinds in different objects, as in `{ kind: 'circle'; size: number } | { kind: 'box';
 * size: [number, number] }`. In the type of all of them each kind is a field of its own, whose key is the name with the kind behind
 * it; of these an object has one. A load of one that may be missing gives nothing where the object has another.
 */
const SPLIT = '\0';
export const splitKey = (name: string, kind: SlotKind): string => `${name}${SPLIT}${kind}`;
export const isSplit = (key: string): boolean => key.includes(SPLIT);
/** The name of a field as the program has it. */
export const nameOfKey = (key: string): string => key.split(SPLIT)[0];
export const kindOfKey = (key: string): SlotKind | undefined => key.split(SPLIT)[1] as SlotKind | undefined;

/** A type with these names of fields told apart by kinds. */
export function withSplits(t: Type, splits: ReadonlySet<string>, made = new Map<Type, Type>()): Type {
  if (splits.size === 0) return t;
  if (t.kind === 'maybe') return { kind: 'maybe', of: withSplits(t.of, splits, made) };
  const r = refType(t);
  if (!r) return t;
  const known = made.get(r);
  if (known) return known;
  const own = { ...r } as
    | { -readonly [K in keyof ArrayType]: ArrayType[K] }
    | { -readonly [K in keyof RecordType]: RecordType[K] };
  made.set(r, own as Type);
  if (own.kind === 'array') own.elem = withSplits(own.elem, splits, made);
  else
    own.fields = own.fields.map(({ key, type }) => {
      const kind = splits.has(key) && isSplittable(r as RecordType, key) ? kindOfSlot(type) : undefined;
      return { key: kind === undefined ? key : splitKey(key, kind), type: withSplits(type, splits, made) };
    });
  return own as Type;
}

/** Whether a key is that of an element: such keys come first, in ascending order, where the keys of an object are gone through. */
export const isArrayIndex = (key: string): boolean => /^(0|[1-9]\d*)$/.test(key) && Number(key) < 2 ** 32 - 1;

/** The field of a variable that lives in an object. */
export const CELL = '$v';
/** The field by which objects that the program makes know their class. */
export const CLASS_FIELD = '$class';
/** Hidden fields of an object literal that hold its accessors. */
export const GETTER = '$get_';
export const SETTER = '$set_';
/** Hidden fields of an instance that hold what its class captures, and of a record that stands for a function its tag. */
export const HELD_VALUE = '$v_';
export const HELD_CELL = '$c_';
export const SITE = '$site';
/** Keys that are left out where the keys of an object are seen: hidden fields, and private ones. */
export const isHiddenKey = (key: string): boolean => key.startsWith('$') || key.startsWith('#');
/** Whether a field is one of those: a field of the user's may have a name that begins like theirs. */
export const isHiddenField = (key: string, t: RecordType): boolean =>
  key === CLASS_FIELD ||
  key === SITE ||
  [GETTER, SETTER, HELD_VALUE, HELD_CELL].some((prefix) => key.startsWith(prefix)) ||
  (key.startsWith('#') && t.classes !== undefined);
/** The call of the runtime that throws where an object is missing. */
export const CHECK_THERE = 'checkThere';

/** Whether a value may be a function or another object: both are objects where the program runs. */
export const isFunctionOrObject = (t: RecordType): boolean =>
  t.functions !== undefined && (t.literal === true || t.fields.some((f) => !isHiddenKey(f.key)));
/** The type of an object that the program makes, as a real instance. */
export const asReal = (t: RecordType): RecordType => ({
  ...t,
  fields: t.fields.filter((f) => f.key !== CLASS_FIELD),
  outside: true,
  ordered: false,
});

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
/** The constructors of arrays of any kind. */
export const isArrayClass = (name: string): boolean => name === 'Array' || Object.hasOwn(TYPED, name);
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

/** Whether a value may be a part of a table that was made again. */
export const isRemade = (t: Type): boolean => refType(t)?.remade === true;

/** Data that may hold anything, the objects of other arguments too. */
export const isMixed = (t: Type): boolean => {
  const p = present(t);
  return p.kind === 'opaque' && p.mixed === true;
};

/** An array without objects in it. */
export const isFlat = (t: Type): boolean => {
  const r = refType(t);
  return r?.kind === 'array' && !isRef(r.elem);
};
