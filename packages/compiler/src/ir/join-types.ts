/** The type of a value that is one or the other. */
import { type ArrayType, type Field, OPAQUE, type RecordType, type Type } from './nodes.js';
import {
  asReal,
  isHiddenField,
  isHiddenKey,
  isRef,
  isSplit,
  kindOfSlot,
  present,
  sameType,
} from './types.js';

const union = <T extends { readonly id: number }>(a: readonly T[] = [], b: readonly T[] = []): T[] => [
  ...a,
  ...b.filter((x) => !a.some((y) => y.id === x.id)),
];

/** Called where a type that was made at one place of the program has to become wider; `keys` are those of a map. */
export type Widen = (type: ArrayType | RecordType, to: Type | RecordType, keys?: Type) => void;

/**
 * The type of a value that is one or the other; `undefined` if the two cannot be handled as one value. Two records join to
 * the record of all their fields; those that one of them lacks may be missing.
 */
export function joinTypes(a: Type, b: Type, widen?: Widen, split?: Split): Type | undefined {
  return new Joining(widen, split).join(a, b);
}
/** Called where the fields of this name of two records, which have these types, have different kinds. */
export type Split = (name: string, a: Type, b: Type) => void;

/** Whether one of two types was made at a place of the program: inside itself it stands for what it becomes there. */
const isOfPlace = (a: ArrayType | RecordType, b: ArrayType | RecordType): boolean =>
  a.site !== undefined || b.site !== undefined;

/** Keys are numbers where both maps have such keys, or no keys yet. */
function joinedKeys(a: ArrayType, b: ArrayType): Type | undefined {
  if (!a.keys || !b.keys) return a.keys ?? b.keys;
  return a.keys.kind === b.keys.kind ? a.keys : OPAQUE;
}

/** What an object with known fields is made as where it holds what a map of such elements does; nothing if it cannot be one. */
export function asKeyed(
  record: RecordType,
  elem: Type,
  join: (a: Type, b: Type) => Type | undefined,
): ArrayType | undefined {
  const { site, classes, functions, tuple, fields } = record;
  if (site === undefined || classes || functions || tuple) return undefined;
  if (fields.some((f) => isHiddenField(f.key, record))) return undefined;
  const all = fields.reduce((t: Type | undefined, f) => t && join(t, f.type), elem);
  return all && { kind: 'array', storage: 'keyed', ctor: 'Object', elem: all };
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
          this.split?.(key, x, y);
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
    const joined = asKeyed(record, map.elem, (a, b) => this.join(a, b));
    if (!joined) return undefined;
    this.widen(record, joined);
    return this.join(map, joined);
  }
}

/** Whether a field may be told apart by the kinds of what it holds. */
export const isSplittable = (t: RecordType, key: string): boolean =>
  !t.tuple && !t.functions && !isHiddenKey(key) && !isSplit(key);
