/** Questions about IR types, and the join of two types that meet at the end of a branch. */
import {
  type ArrayType,
  type Field,
  NEVER,
  NULLISH,
  NUMBER,
  OPAQUE,
  type RecordType,
  type Type,
} from './nodes.js';

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
const NONE: ReadonlySet<Type> = new Set();

const union = <T extends { readonly id: number }>(a: readonly T[] = [], b: readonly T[] = []): T[] => [
  ...a,
  ...b.filter((x) => !a.some((y) => y.id === x.id)),
];

/** Thrown for a type whose text would be too long to be written: many types that hold each other in many ways. */
export class EndlessType extends Error {}
const MAX_PARTS = 50_000;
let parts = 0;

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

/** Called where a type that was made at one place of the program has to become wider; `keys` are those of a map. */
export type Widen = (type: ArrayType | RecordType, to: Type | RecordType, keys?: Type) => void;

/**
 * The type of a value that is one or the other; `undefined` if the two cannot be handled as one value. Two records join to
 * the record of all their fields; those that one of them lacks may be missing.
 */
export function joinTypes(a: Type, b: Type, widen?: Widen, split?: Split): Type | undefined {
  return new Joining(widen, split).join(a, b);
}
/** Called where the fields of this name of two records have different kinds. */
export type Split = (name: string) => void;

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

/** Whether one of two types was made at a place of the program: inside itself it stands for what it becomes there. */
const isOfPlace = (a: ArrayType | RecordType, b: ArrayType | RecordType): boolean =>
  a.site !== undefined || b.site !== undefined;

/** Keys are numbers where both maps have such keys, or no keys yet. */
function joinedKeys(a: ArrayType, b: ArrayType): Type | undefined {
  if (!a.keys || !b.keys) return a.keys ?? b.keys;
  return a.keys.kind === b.keys.kind ? a.keys : OPAQUE;
}

class Joining {
  private readonly open: { readonly a: Type; readonly b: Type; readonly result: Type }[] = [];
  constructor(
    readonly widen: Widen | undefined,
    readonly split: Split | undefined,
  ) {}

  join(a: Type, b: Type): Type | undefined {
    if (a === b) return a;
    if (a.kind === 'never') return b;
    if (b.kind === 'never') return a;
    if (a.kind === 'nullish')
      return b.kind === 'maybe' || b.kind === 'nullish' ? b : { kind: 'maybe', of: b };
    if (b.kind === 'nullish') return this.join(b, a);
    if (a.kind === 'maybe' || b.kind === 'maybe') {
      const of = this.join(present(a), present(b));
      if (of && a.kind === 'maybe' && of === a.of) return a;
      if (of && b.kind === 'maybe' && of === b.of) return b;
      return of && { kind: 'maybe', of };
    }
    if (a.kind === 'opaque' && b.kind === 'opaque') return b.mixed ? b : a;
    if (a.kind === 'opaque' && !isRef(b) && b.kind !== 'number') return a;
    if (b.kind === 'opaque' && !isRef(a) && a.kind !== 'number') return b;
    if (a.kind === 'array' && b.kind === 'array') return this.arrays(a, b);
    if (a.kind === 'record' && b.kind === 'record') return this.records(a, b);
    if (a.kind === 'record' && a.tuple && b.kind === 'array') return this.tupleAndArray(a, b);
    if (b.kind === 'record' && b.tuple && a.kind === 'array') return this.tupleAndArray(b, a);
    if (a.kind === 'record' && b.kind === 'array') return this.recordAndMap(a, b);
    if (b.kind === 'record' && a.kind === 'array') return this.recordAndMap(b, a);
    return a.kind === b.kind ? a : undefined;
  }

  private arrays(a: ArrayType, b: ArrayType): Type | undefined {
    if ((a.storage === 'keyed' || b.storage === 'keyed') && a.ctor !== b.ctor) return undefined;
    const before = this.open.find((o) => o.a === a && o.b === b);
    if (before) return before.result;
    const sameStorage = a.storage === b.storage;
    const remade = a.remade || b.remade ? { remade: true as const } : {};
    const keys = joinedKeys(a, b);
    const either = !sameStorage || a.either || b.either;
    // integers have no shadow: they meet others only where the caller says so
    if (!sameStorage && this.widen && (a.storage === 'int' || b.storage === 'int')) return undefined;
    const result: { elem: Type } & ArrayType = {
      kind: 'array',
      storage: sameStorage ? a.storage : 'plain',
      ctor: sameStorage ? a.ctor : 'Array',
      elem: a.elem,
      ...(keys ? { keys } : {}),
      ...(either ? { either: true } : {}),
      ...remade,
    };
    this.open.push({ a, b, result: sameStorage && isOfPlace(a, b) ? a : result });
    const elem = this.join(a.elem, b.elem);
    if (elem === undefined) return undefined;
    result.elem = elem;
    for (const x of [a, b])
      if (!sameType(x.elem, elem) || x.keys?.kind !== keys?.kind) this.widen?.(x, elem as Type, keys);
    if (!sameStorage) return result;
    const equals = (x: ArrayType): boolean =>
      sameType(x.elem, elem) &&
      x.remade === result.remade &&
      x.either === result.either &&
      x.keys?.kind === keys?.kind;
    if (equals(a)) return a;
    return equals(b) ? b : result;
  }

  private records(a: RecordType, b: RecordType): Type | undefined {
    if (a.tuple !== b.tuple) return undefined;
    if (a.classes && b.classes && a.outside !== b.outside) return this.realInstances(a, b);
    const before = this.open.find((o) => o.a === a && o.b === b);
    if (before) return before.result;
    const fields: Field[] = [];
    const classes = union(a.classes, b.classes);
    const functions = union(a.functions, b.functions);
    const sameOrder =
      a.ordered && b.ordered && a.fields.map((f) => f.key).join() === b.fields.map((f) => f.key).join();
    const result: RecordType = {
      kind: 'record',
      fields,
      tuple: a.tuple,
      ...(classes.length > 0 ? { classes } : {}),
      ...(functions.length > 0 ? { functions } : {}),
      ...(a.outside || b.outside ? { outside: true } : {}),
      ...(a.literal || b.literal ? { literal: true } : {}),
      ...(a.remade || b.remade ? { remade: true } : {}),
      ...(sameOrder ? { ordered: true } : {}),
    };
    this.open.push({ a, b, result: isOfPlace(a, b) ? a : result });
    for (const key of new Set([...a.fields, ...b.fields].map((f) => f.key))) {
      const x = a.fields.find((f) => f.key === key)?.type;
      const y = b.fields.find((f) => f.key === key)?.type;
      const type = x && y ? this.join(x, y) : this.join((x ?? y) as Type, { kind: 'nullish' });
      if (type === undefined) {
        if (x && y && isSplittable(a, key) && isSplittable(b, key) && kindOfSlot(x) !== kindOfSlot(y))
          this.split?.(key);
        return undefined;
      }
      fields.push({ key, type });
    }
    const equals = (r: RecordType): boolean =>
      r.fields.length === fields.length &&
      (r.classes?.length ?? 0) === classes.length &&
      (r.functions?.length ?? 0) === functions.length &&
      r.outside === result.outside &&
      (classes.length === 0 || r.literal === result.literal) &&
      r.remade === result.remade &&
      !r.ordered === !result.ordered &&
      fields.every((f) => {
        const mine = r.fields.find((g) => g.key === f.key)?.type;
        return mine !== undefined && sameType(mine, f.type);
      });
    // that a literal came there counts as soon as an instance does
    const isNews = (x: RecordType): boolean => x.site !== undefined && result.literal === true && !x.literal;
    for (const x of [a, b]) if (!equals(x) || isNews(x)) this.widen?.(x, result);
    if (equals(a)) return a;
    return equals(b) ? b : result;
  }

  /** Where an object of the program meets one of the caller's, it becomes a real instance of its class. */
  private realInstances(a: RecordType, b: RecordType): Type | undefined {
    const [made, real] = b.outside ? [a, b] : [b, a];
    if (made.site === undefined || this.widen === undefined) return undefined;
    // nodes of lists and trees meet themselves again in their fields
    const before = this.open.find((o) => o.a === made && o.b === real);
    if (before) return before.result;
    this.open.push({ a: made, b: real, result: real });
    const joined = this.records(asReal(made), real);
    if (joined?.kind === 'record') this.widen(made, joined);
    return joined;
  }

  /** A tuple that is used as an array. */
  private tupleAndArray(tuple: RecordType, array: ArrayType): Type | undefined {
    // the two have different slots: where the tuple is made, it has to become an array
    if (array.storage !== 'plain' || tuple.site === undefined || !this.widen) return undefined;
    let elem: Type | undefined = array.elem;
    for (const f of tuple.fields) elem = elem && this.join(elem, f.type);
    if (!elem) return undefined;
    const joined: ArrayType = { kind: 'array', storage: 'plain', ctor: 'Array', elem };
    this.widen(tuple, joined);
    return this.join(array, joined);
  }

  /** An object that meets one whose keys are computed: it has to become such a one where it is made. */
  private recordAndMap(record: RecordType, map: ArrayType): Type | undefined {
    if (map.storage !== 'keyed' || map.ctor !== 'Object' || !this.widen) return undefined;
    if (record.site === undefined || record.classes || record.functions) return undefined;
    if (record.fields.some((f) => isHiddenField(f.key, record))) return undefined;
    let elem: Type | undefined = map.elem;
    for (const f of record.fields) elem = elem && this.join(elem, f.type);
    if (!elem) return undefined;
    const joined: ArrayType = { kind: 'array', storage: 'keyed', ctor: 'Object', elem };
    this.widen(record, joined);
    return this.join(map, joined);
  }
}

/** Whether a field may be told apart by the kinds of what it holds. */
export const isSplittable = (t: RecordType, key: string): boolean =>
  !t.tuple && !t.functions && !isHiddenKey(key) && !isSplit(key);

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

/** The type of a slot. */
export function slotType(t: Type, key: string | undefined): Type | undefined {
  const r = refType(t);
  if (r?.kind === 'array') return r.elem;
  return r?.fields.find((f) => f.key === key)?.type;
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

/** Whether a value may be a part of a table that was made again. */
export const isRemade = (t: Type): boolean => refType(t)?.remade === true;

/** Whether a typed array may be reached: it may share memory with another one. */
export function mayHoldView(t: Type, open: ReadonlySet<Type> = NONE): boolean {
  const r = refType(t);
  if (!r || open.has(r)) return false;
  const inner = new Set(open).add(r);
  if (r.kind === 'record') return r.fields.some((f) => mayHoldView(f.type, inner));
  if (r.storage === 'plain' || r.storage === 'keyed') return r.either === true || mayHoldView(r.elem, inner);
  return true;
}

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
