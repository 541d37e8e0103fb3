/**
 * Walks a user's object by the schema of its type: shadows, tangents and gradients of arrays, maps, tuples and objects.
 * Schema: `'n'` number, `'f64' 'f32' 'int'` typed arrays, `['a', element]` array, `['m', value]` Map, `['k', value]` object used
 * as a map, `['o', fields]` object, `['t', elements]` tuple, `['?', schema]` possibly missing, `'x'` carries no derivative,
 * `['s', { kind: schema }]` one of several kinds (`isOfKind`), `['r', make]` a type that contains itself: `make` is given the schema
 * that stands for it.
 */
import { mismatch } from './describe.js';

export { mismatch };

export type Schema =
  | 'n'
  | 'f64'
  | 'f32'
  | 'int'
  | 'x'
  | readonly ['a' | '?' | 'm' | 'k', Schema]
  | readonly ['t', readonly Schema[]]
  | readonly ['o', Readonly<Record<string, Schema>>]
  | readonly ['s', Readonly<Partial<Record<SlotKind, Schema>>>]
  | readonly ['r', (self: Schema) => Schema]
  | Recursive;
/** A schema that stands for a type inside itself. */
type Recursive = readonly ['R', Schema];

/** What a field may hold, as far as values can be told apart: lists of objects or lists, other lists, other objects. */
export type SlotKind = 'number' | 'list' | 'lists' | 'object' | 'other';
function isOfKind(x: unknown, kind: SlotKind): boolean {
  switch (kind) {
    case 'number':
      return typeof x === 'number';
    case 'list':
      return ArrayBuffer.isView(x) || (Array.isArray(x) && !isObject(firstIn(x)));
    case 'lists':
      return Array.isArray(x) && (x.length === 0 || isObject(firstIn(x)));
    case 'object':
      return isObject(x) && !Array.isArray(x) && !ArrayBuffer.isView(x);
    case 'other':
      return typeof x !== 'number' && !Array.isArray(x) && !ArrayBuffer.isView(x);
  }
}
/** The first element that is not missing. */
function firstIn(list: readonly unknown[]): unknown {
  for (const x of list) if (!isMissing(x)) return x;
  return undefined;
}
export const isObject = (x: unknown): x is object => typeof x === 'object' && x !== null;
/** What a field holds, if that is of a kind. */
export const ofKind = (x: unknown, kind: SlotKind): any => (isOfKind(x, kind) ? x : undefined);

/** The schema of a value of one of several kinds; of a shadow the same, since it has the kind of its primal. */
export function chosen(
  x: unknown,
  [, kinds]: readonly ['s', Readonly<Partial<Record<SlotKind, Schema>>>],
): Schema {
  for (const kind of Object.keys(kinds) as SlotKind[])
    if (kind !== 'other' && isOfKind(x, kind)) return kinds[kind]!;
  return 'x';
}
export const isOneOf = (
  schema: Schema,
): schema is readonly ['s', Readonly<Partial<Record<SlotKind, Schema>>>] => schema[0] === 's';

type Slots = Record<string, unknown>;
/**
 * Objects met on this walk, where a type contains itself: shared parts and cycles keep their shape. `sharesLeaves`: so do arrays of
 * numbers that two objects refer to.
 */
type Seen = Map<object, unknown> & { readonly sharesLeaves?: boolean };

export function checkArray(x: unknown, path: string): asserts x is readonly unknown[] {
  if (!Array.isArray(x)) mismatch(path, 'an array', x);
}
function checkMap(x: unknown, path: string): asserts x is ReadonlyMap<unknown, unknown> {
  if (!(x instanceof Map)) mismatch(path, 'a Map', x);
}
export function checkTyped(
  x: unknown,
  kind: 'f64' | 'f32',
  path: string,
): asserts x is Float64Array | Float32Array {
  if (!(kind === 'f64' ? x instanceof Float64Array : x instanceof Float32Array))
    mismatch(path, kind === 'f64' ? 'a Float64Array' : 'a Float32Array', x);
}
/** The value of a data property, where that is no method of the object's class; an accessor is refused. */
export function field(x: unknown, key: string, path: string): unknown {
  if (typeof x !== 'object' || x === null) mismatch(path, 'an object', x);
  let d: PropertyDescriptor | undefined;
  for (let o: object | null = x; o !== null && !d; o = Object.getPrototypeOf(o) as object | null)
    d = Object.getOwnPropertyDescriptor(o, key);
  if (d && !('value' in d))
    throw new TypeError(`adjoint: ${path}.${key} is an accessor, but its type says it is a plain field`);
  return isMethod(x, key, d?.value) ? undefined : d?.value;
}
/** Whether what was read of an object is a method of its class: where a literal has a field of that name, an instance has none. */
export const isMethod = (x: object, key: string, value: unknown): boolean =>
  typeof value === 'function' && !Object.hasOwn(x, key);
const isMissing = (x: unknown): x is undefined | null => x === undefined || x === null;

/** The inside of a type that contains itself; made once per schema. */
export function open(schema: readonly ['r' | 'R', unknown]): Schema {
  if (schema[0] === 'R') return schema[1] as Schema;
  const self: [string, Schema] = ['R', 'x'];
  self[1] = (schema[1] as (self: Schema) => Schema)(self as unknown as Schema);
  return self[1];
}
export const isRecursive = (schema: Schema): schema is readonly ['r', (self: Schema) => Schema] | Recursive =>
  schema[0] === 'r' || schema[0] === 'R';

/** A new object for keys of the user's: none of them can be mistaken for something inherited. */
const emptyRecord = (): Slots => Object.create(null) as Slots;

/** A shadow with all leaves zero, of the structure of `x`. `growable`: leaf arrays may get longer. */
export function zeroShadow(
  x: unknown,
  schema: Schema,
  growable: boolean,
  path = 'an argument',
  seen?: Seen,
): any {
  if (seen?.sharesLeaves !== true || typeof x !== 'object' || x === null)
    return makeShadow(x, schema, growable, path, seen);
  const known = seen.get(x);
  if (known !== undefined) return known;
  const shadow = makeShadow(x, schema, growable, path, seen);
  if (shadow !== undefined) seen.set(x, shadow);
  return shadow;
}
function makeShadow(
  x: unknown,
  schema: Schema,
  growable: boolean,
  path: string,
  seen: Seen | undefined,
): any {
  if (schema === 'n') {
    if (typeof x !== 'number') mismatch(path, 'a number', x);
    return 0;
  }
  if (schema === 'f64' || schema === 'f32') {
    checkTyped(x, schema, path);
    return new Float64Array(x.length);
  }
  if (typeof schema === 'string') return undefined;
  if (isRecursive(schema)) return zeroShadow(x, open(schema), growable, path, seen ?? new Map());
  if (isOneOf(schema)) return zeroShadow(x, chosen(x, schema), growable, path, seen);
  const [kind, inner] = schema as readonly [string, unknown];
  const walk = (y: unknown, s: Schema, at: string) => zeroShadow(y, s, growable, at, seen);
  if (kind === '?') return isMissing(x) ? undefined : walk(x, inner as Schema, path);
  if (typeof x === 'object' && x !== null && seen?.has(x)) return seen.get(x);
  if (kind === 'a') {
    checkArray(x, path);
    if (isLeafSchema(inner as Schema)) {
      x.forEach((e, k) => {
        if (typeof e !== 'number' && (inner === 'n' || !isMissing(e)))
          mismatch(`${path}[${k}]`, 'a number', e);
      });
      if (inner !== 'n') return Array.from(x, (e) => (isMissing(e) ? undefined : 0));
      return growable ? new Array<number>(x.length).fill(0) : new Float64Array(x.length);
    }
    const shadow: unknown[] = [];
    seen?.set(x, shadow);
    for (let k = 0; k < x.length; k++) shadow.push(walk(x[k], inner as Schema, `${path}[${k}]`));
    return shadow;
  }
  if (kind === 'm') {
    checkMap(x, path);
    const shadow = new Map<unknown, unknown>();
    seen?.set(x, shadow);
    for (const [k, v] of x) shadow.set(k, walk(v, inner as Schema, `${path}.get(${String(k)})`));
    return shadow;
  }
  if (kind === 't') {
    checkArray(x, path);
    const shadow: unknown[] = [];
    seen?.set(x, shadow);
    (inner as readonly Schema[]).forEach((s, k) => {
      if (k < x.length || !mayBeAbsent(s)) shadow[k] = walk(x[k], s, `${path}[${k}]`);
    });
    return shadow;
  }
  if (kind === 'k') {
    if (typeof x !== 'object' || x === null) mismatch(path, 'an object', x);
    const shadow = emptyRecord();
    seen?.set(x, shadow);
    for (const k of Object.keys(x)) shadow[k] = walk(field(x, k, path), inner as Schema, `${path}.${k}`);
    return shadow;
  }
  if (typeof x !== 'object' || x === null) mismatch(path, 'an object', x);
  const shadow: Slots = {};
  seen?.set(x, shadow);
  const fields = inner as Record<string, Schema>;
  for (const key of keysAsIn(x, Object.keys(fields))) {
    const s = fields[key]!;
    if (s === 'x' || s === 'int') continue;
    const of = walk(field(x, key, path), s, `${path}.${key}`);
    if (of !== undefined || !isOneOf(s)) shadow[key] = of;
  }
  return shadow;
}
/** Keys in the order in which an object has them, whatever the order of its type says; those that it has not come last. */
function keysAsIn(x: object, keys: readonly string[]): readonly string[] {
  let k = 0;
  for (const key in x) {
    if (key === keys[k]) k++;
    else if (keys.includes(key)) {
      const own = Object.keys(x).filter((key) => keys.includes(key));
      return [...own, ...keys.filter((key) => !own.includes(key))];
    }
  }
  return keys;
}
/**
 * Puts the keys of a copy into an order: keys, and numbers of sources whose keys stand here as these have them. What a source
 * has beside the fields of its type is copied as well, except for keys of `without`.
 */
export function arrangeKeys(
  made: Slots,
  ...given: readonly [...sources: Slots[], order: readonly (string | number)[], without: readonly string[]]
): void {
  const sources = given.slice(0, -2) as readonly Slots[];
  const [order, without] = given.slice(-2) as [readonly (string | number)[], readonly string[]];
  const now = Object.keys(made);
  const wanted = new Map<string, unknown>();
  // what stands behind a spread may be an accessor in the place of a field, and a field in that of an accessor
  const keep = (name: string): boolean => {
    const own = [name, `$get_${name}`, `$set_${name}`].filter((key) => Object.hasOwn(made, key));
    for (const key of own) wanted.set(key, made[key]);
    return own.length > 0;
  };
  for (const x of order) {
    if (typeof x === 'string') keep(x.replace(ACCESSOR, ''));
    else
      for (const key of Object.keys(sources[x]!)) {
        const name = key.replace(ACCESSOR, '');
        if (!keep(name) && !HIDDEN.test(name) && !without.includes(name)) wanted.set(name, sources[x]![key]);
      }
  }
  if ([...wanted.keys()].every((key, k) => key === now[k])) return;
  for (const key of now) if (!wanted.has(key)) wanted.set(key, made[key]);
  for (const [key, value] of wanted) {
    delete made[key];
    define(made, key, value);
  }
}
const ACCESSOR = /^\$[gs]et_/;
const HIDDEN = /^[$#]/;
/** A gradient of numbers with its keys in the order of those of its argument. */
export function inKeyOrder(gradient: Slots, x: object): Slots {
  const keys = Object.keys(gradient);
  const order = keysAsIn(x, keys);
  return order === keys ? gradient : Object.fromEntries(order.map((key) => [key, gradient[key]]));
}

const OF_TANGENT = /^the tangent of /;

/** Tangents as the user gives them, copied into the structure of the primal. Where it has a number they must have one. */
export function tangentOf(x: unknown, t: unknown, schema: Schema, path = 'tangent', seen?: Seen): any {
  const ofPrimal = path.replace(OF_TANGENT, '');
  if (schema === 'n') {
    if (typeof x !== 'number') mismatch(ofPrimal, 'a number', x);
    if (typeof t !== 'number') mismatch(path, 'a number', t);
    return t;
  }
  if (schema === 'f64' || schema === 'f32') {
    checkTyped(x, schema, ofPrimal);
    return Float64Array.from(givenLeaves(x, t, path) as ArrayLike<number>);
  }
  if (typeof schema === 'string') return undefined;
  if (isRecursive(schema)) return tangentOf(x, t, open(schema), path, seen ?? new Map());
  if (isOneOf(schema)) return tangentOf(x, t, chosen(x, schema), path, seen);
  const [kind, inner] = schema as readonly [string, unknown];
  const walk = (y: unknown, d: unknown, s: Schema, at: string) => tangentOf(y, d, s, at, seen);
  if (kind === '?') return isMissing(x) ? undefined : walk(x, t, inner as Schema, path);
  if (typeof x === 'object' && x !== null && seen?.has(x)) return seen.get(x);
  if (kind === 'a') {
    checkArray(x, ofPrimal);
    if (isLeafSchema(inner as Schema)) return Array.from(givenLeaves(x as readonly number[], t, path));
    checkParts(x, t, schema, path);
    return x.map((e, k) => walk(e, (t as readonly unknown[])[k], inner as Schema, `${path}[${k}]`));
  }
  if (kind === 'm') {
    checkMap(x, ofPrimal);
    checkParts(x, t, schema, path);
    const given = t as ReadonlyMap<unknown, unknown>;
    return new Map(
      [...x].map(([k, v]) => [k, walk(v, given.get(k), inner as Schema, `${path}.get(${String(k)})`)]),
    );
  }
  if (kind === 't') {
    checkArray(x, ofPrimal);
    checkParts(x, t, schema, path);
    return (inner as readonly Schema[]).map((s, k) =>
      walk(x[k], (t as readonly unknown[] | undefined)?.[k], s, `${path}[${k}]`),
    );
  }
  if (typeof x !== 'object' || x === null) mismatch(ofPrimal, 'an object', x);
  checkParts(x, t, schema, path);
  const given = t as Slots | undefined;
  const out: Slots = kind === 'k' ? emptyRecord() : {};
  seen?.set(x, out);
  const fields =
    kind === 'k'
      ? Object.keys(x).map((k) => [k, inner as Schema] as const)
      : Object.entries(inner as Record<string, Schema>);
  for (const [key, s] of fields)
    if (s !== 'x' && s !== 'int') {
      const d = walk(field(x, key, ofPrimal), given?.[key], s, `${path}.${key}`);
      if (d !== undefined || !isOneOf(s)) out[key] = d;
    }
  return out;
}
/** The numbers that are given for a list of numbers `x`; only where the list itself has none may they be missing. */
function givenLeaves(
  x: ArrayLike<unknown>,
  t: unknown,
  path: string,
  length = x.length,
): ArrayLike<number | undefined> {
  const given = t as ArrayLike<number | undefined>;
  if (typeof t !== 'object' || t === null || typeof given.length !== 'number') mismatch(path, 'an array', t);
  sameLength(given.length, length, path);
  for (let k = 0; k < length; k++) {
    if (typeof given[k] === 'number' || (isMissing(given[k]) && isMissing(x[k]))) continue;
    if (typeof x[k] !== 'number' && !isMissing(x[k]))
      mismatch(`${path.replace(OF_TANGENT, '')}[${k}]`, 'a number', x[k]);
    mismatch(`${path}[${k}]`, 'a number', given[k]);
  }
  return given;
}
/** Throws if what is given for a container, `like` itself or its shadow, is not one of its kind, or has parts that it has not. */
function checkParts(like: object, given: unknown, [kind, inner]: readonly unknown[], path: string): void {
  if (kind === 'a') {
    checkArray(given, path);
    return sameLength(given.length, (like as readonly unknown[]).length, path);
  }
  // what carries no derivative may be missing
  if (given === undefined && (kind === 'o' || kind === 't')) return;
  if (kind === 't') {
    checkArray(given, path);
    const { length } = inner as readonly Schema[];
    return given.length > length ? sameLength(given.length, length, path) : undefined;
  }
  if (kind === 'm') checkMap(given, path);
  else if (typeof given !== 'object' || given === null) mismatch(path, 'an object', given);
  if (kind === 'o') return;
  const has = (key: unknown) => (like instanceof Map ? like.has(key) : Object.hasOwn(like, key as string));
  for (const key of given instanceof Map ? given.keys() : Object.keys(given as object))
    if (!has(key))
      throw new RangeError(`adjoint: ${path} has the key ${String(key)}, which its primal has not`);
}
function sameLength(got: number, want: number, path: string): void {
  if (got !== want)
    throw new RangeError(`adjoint: ${path} has length ${got}, but its primal has length ${want}`);
}

/** Throws if a tangent or cotangent that code inside a differentiated function gives is not as long as its primal. */
export function checkLength(want: number, got: number): void {
  sameLength(got, want, 'a tangent or cotangent');
}

/**
 * A cotangent that the caller gives for a result, added into the result's shadow. It must have a number where the result had one
 * when it was returned: the shadow has kept that structure, `x` may have been changed by the caller.
 */
export function seedShadow(
  shadow: unknown,
  x: unknown,
  c: unknown,
  schema: Schema,
  path = 'cotangent',
  seen?: Map<object, unknown>,
): void {
  if (shadow === undefined || (isMissing(c) && isMissing(x))) return;
  if (
    schema === 'f64' ||
    schema === 'f32' ||
    (Array.isArray(schema) && schema[0] === 'a' && isLeafSchema(schema[1] as Schema))
  ) {
    const to = shadow as number[];
    const given = givenLeaves((x ?? []) as ArrayLike<unknown>, c, path, to.length);
    for (let i = 0; i < given.length; i++) if (!isMissing(given[i])) to[i] = (to[i] ?? 0) + given[i]!;
    return;
  }
  if (typeof schema === 'string') return;
  if (isRecursive(schema)) return seedShadow(shadow, x, c, open(schema), path, seen ?? new Map());
  const [kind, inner] = schema as readonly [string, unknown];
  if (kind === '?') return seedShadow(shadow, x, c, inner as Schema, path, seen);
  // a cotangent in the structure of a result with cycles comes back to where it was
  if (c !== undefined && seen?.get(c as object) === shadow) return;
  seen?.set(c as object, shadow);
  // shadows of maps get their keys only as they are used
  const like = ((kind === 'm' || kind === 'k') && !isMissing(x) ? x : shadow) as object;
  checkParts(like, c, schema, path);
  if (kind === 'm') {
    for (const [key, value] of like as ReadonlyMap<unknown, unknown>) {
      const part = [value, (c as ReadonlyMap<unknown, unknown>).get(key)] as const;
      const at = `${path}.get(${String(key)})`;
      seedMember(shadow as Map<unknown, unknown>, key, part, inner as Schema, at, seen);
    }
    return;
  }
  const fields =
    kind === 'a' || kind === 'k'
      ? Object.keys(like).map((k) => [k, inner as Schema] as const)
      : Object.entries(inner as Record<string, Schema>);
  for (const [key, s] of fields) {
    if (s === 'x' || s === 'int') continue;
    const part = [(x as Slots | undefined)?.[key], (c as Slots | undefined)?.[key]] as const;
    const at = kind === 'a' || kind === 't' ? `${path}[${key}]` : `${path}.${key}`;
    seedMember(shadow as Slots, key, part, s, at, seen);
  }
}
/** A cotangent of one part of a container. */
function seedMember(
  shadow: Map<unknown, unknown> | Slots,
  key: unknown,
  [x, c]: readonly [primal: unknown, cotangent: unknown],
  given: Schema,
  path: string,
  seen: Map<object, unknown> | undefined,
): void {
  const own = shadow instanceof Map ? shadow.get(key) : shadow[key as string];
  const schema = isOneOf(given) ? chosen(own, given) : given;
  if (!isLeafSchema(schema)) return seedShadow(own, x, c, schema, path, seen);
  if (isMissing(x) && isMissing(c)) return;
  if (typeof c !== 'number') mismatch(path, 'a number', c);
  const sum = ((own as number | undefined) ?? 0) + c;
  if (shadow instanceof Map) shadow.set(key, sum);
  else shadow[key as string] = sum;
}

/** A part of a shadow as it was at entry: where its leaves are, and which there were. */
type Entry =
  | { readonly leaf: ArrayLike<number>; readonly length: number }
  | { readonly as: Schema; readonly entry: Entry | undefined }
  | { readonly keyed: Map<unknown, unknown> | Slots; readonly keys: readonly unknown[] }
  | { readonly items: (Entry | undefined)[] }
  | { readonly sparse: readonly (number | undefined)[]; readonly there: readonly boolean[] }
  | { readonly entries: Map<unknown, Entry | undefined>; readonly isMap: boolean }
  | { readonly owner: Slots; readonly fields: Record<string, Entry | undefined>; readonly length: unknown };

/** What is needed of a shadow as it is at entry: leaf shadows with their lengths, in their structure. */
export function entryShadow(shadow: unknown, schema: Schema, seen?: Seen): any {
  if (shadow === undefined) return undefined;
  if (typeof schema === 'string')
    return schema === 'f64' || schema === 'f32'
      ? { leaf: shadow, length: (shadow as Float64Array).length }
      : { slot: shadow };
  if (isRecursive(schema)) return entryShadow(shadow, open(schema), seen ?? new Map());
  if (isOneOf(schema)) {
    const own = chosen(shadow, schema);
    // a number is in the object that holds it
    return { as: own, entry: own === 'n' ? undefined : entryShadow(shadow, own, seen) };
  }
  const [kind, inner] = schema as readonly [string, unknown];
  if (kind === '?') return entryShadow(shadow, inner as Schema, seen);
  if (seen?.has(shadow as object)) return seen.get(shadow as object);
  const note = <T extends Entry>(e: T): T => {
    seen?.set(shadow as object, e);
    return e;
  };
  if (kind === 'a') {
    if (inner === 'n') return { leaf: shadow, length: (shadow as ArrayLike<number>).length };
    if (isMissingNumber(inner as Schema)) {
      const sparse = shadow as (number | undefined)[];
      return { sparse, there: Array.from(sparse, (x) => x !== undefined) };
    }
    const made = note({ items: [] as (Entry | undefined)[] });
    for (const e of shadow as unknown[]) made.items.push(entryShadow(e, inner as Schema, seen));
    return made;
  }
  if (kind === 'm' || kind === 'k') {
    const isMap = kind === 'm';
    const list = isMap ? [...(shadow as Map<unknown, unknown>)] : Object.entries(shadow as Slots);
    if (inner === 'n' || isMissingNumber(inner as Schema))
      return { keyed: shadow as Slots, keys: list.map(([k]) => k) };
    const made = note({ entries: new Map<unknown, Entry | undefined>(), isMap });
    for (const [k, v] of list) made.entries.set(k, entryShadow(v, inner as Schema, seen));
    return made;
  }
  const owner = shadow as Slots;
  const made = note({ owner, fields: {} as Record<string, Entry | undefined>, length: owner.length });
  const schemas = inner as Record<string, Schema>;
  // the keys of numbers too: their order is that of the gradient
  for (const key of keysAsIn(owner, Object.keys(schemas))) {
    const s = schemas[key]!;
    made.fields[key] = s === 'n' ? undefined : entryShadow(owner[key], s, seen);
  }
  return made;
}

/** The gradient in the user's structure, from the shadow as it was at entry (`entryShadow`). */
export function toGradient(entry: unknown, schema: Schema, seen?: Seen): any {
  const e = entry as Entry | undefined;
  if (e === undefined || schema === 'x' || schema === 'int' || schema === 'n') return undefined;
  if (schema === 'f64' || schema === 'f32') {
    const { leaf, length } = e as Entry & { leaf: ArrayLike<number>; length: number };
    const out = schema === 'f64' ? new Float64Array(length) : new Float32Array(length);
    for (let k = 0; k < length; k++) out[k] = leaf[k] ?? 0;
    return out;
  }
  if (isRecursive(schema)) return toGradient(e, open(schema), seen ?? new Map());
  if ('as' in e) return toGradient(e.entry, e.as, seen);
  const [kind, inner] = schema as readonly [string, unknown];
  if (kind === '?') return toGradient(e, inner as Schema, seen);
  if (seen?.has(e)) return seen.get(e);
  const note = <T>(g: T): T => {
    seen?.set(e, g);
    return g;
  };
  if ('leaf' in e) return toNumbers(e.leaf, e.length);
  if ('sparse' in e) return e.there.map((is, k) => (is ? (e.sparse[k] ?? 0) : undefined));
  if ('items' in e) {
    const out = note([] as unknown[]);
    for (const x of e.items) out.push(toGradient(x, inner as Schema, seen));
    return out;
  }
  if ('keyed' in e) {
    if (e.keyed instanceof Map)
      return new Map(e.keys.map((k) => [k, (e.keyed as Map<unknown, unknown>).get(k) ?? 0]));
    const out: Slots = {};
    for (const k of e.keys) define(out, k as string, (e.keyed as Slots)[k as string] ?? 0);
    return out;
  }
  if ('entries' in e) {
    if (e.isMap) {
      const out = note(new Map<unknown, unknown>());
      for (const [k, x] of e.entries) out.set(k, toGradient(x, inner as Schema, seen));
      return out;
    }
    const out = note({} as Slots);
    for (const [k, x] of e.entries) define(out, k as string, toGradient(x, inner as Schema, seen));
    return out;
  }
  const isNumber = (key: string): boolean => (e.fields[key] as { as?: Schema } | undefined)?.as === 'n';
  const value = (key: string, s: Schema): unknown =>
    s === 'n' || (isOneOf(s) && isNumber(key)) || (isMissingNumber(s) && e.fields[key] !== undefined)
      ? e.owner[key]
      : isMissingNumber(s)
        ? undefined
        : toGradient(e.fields[key], s, seen);
  if (kind === 't') {
    const out = note([] as unknown[]);
    (inner as readonly Schema[]).forEach((s, k) => {
      if (k < (e.length as number) || !mayBeAbsent(s)) out[k] = value(String(k), s);
    });
    return out;
  }
  const out = note({} as Slots);
  for (const key of Object.keys(e.fields)) {
    const s = (inner as Record<string, Schema>)[key]!;
    if (s === 'x' || s === 'int') continue;
    const v = value(key, s);
    if (v !== undefined) out[key] = v;
  }
  return out;
}
/** A tangent with the parts of its primal, in the order of its keys: without keys that were deleted, and numbers that are missing. */
export function likePrimal(tangent: unknown, x: unknown, seen = new Map<unknown, unknown>()): unknown {
  if (tangent === undefined || isMissing(x)) return undefined;
  if (typeof tangent !== 'object' || ArrayBuffer.isView(tangent)) return tangent;
  if (seen.has(tangent)) return seen.get(tangent);
  const note = <T>(made: T): T => {
    seen.set(tangent, made);
    return made;
  };
  if (tangent instanceof Map) {
    const out = note(new Map<unknown, unknown>());
    for (const [k, v] of x as ReadonlyMap<unknown, unknown>) out.set(k, likePrimal(tangent.get(k), v, seen));
    return out;
  }
  if (Array.isArray(tangent)) {
    const out = note([] as unknown[]);
    tangent.forEach((t, k) => {
      out[k] = likePrimal(t, (x as readonly unknown[])[k], seen);
    });
    return out;
  }
  const out = note({} as Slots);
  for (const key of keysAsIn(x as Slots, Object.keys(tangent as Slots)))
    if (!isMissing((x as Slots)[key]))
      define(out, key, likePrimal((tangent as Slots)[key], (x as Slots)[key], seen));
  return out;
}

/** Whether a tuple may end before this element. */
const mayBeAbsent = (s: Schema): boolean => s[0] === '?';
/** Numbers, also possibly missing ones: their arrays have flat shadows. */
const isLeafSchema = (s: Schema): boolean => s === 'n' || isMissingNumber(s);
const isMissingNumber = (s: Schema): boolean => Array.isArray(s) && s[0] === '?' && s[1] === 'n';
/** An own property, whatever its name. */
function define(out: Slots, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(out, key, { value, writable: true, enumerable: true, configurable: true });
  else out[key] = value;
}

/** The gradient of a list of numbers. A loop is many times faster than `Array.from`. */
export function toNumbers(shadow: ArrayLike<number | undefined>, length = shadow.length): number[] {
  const out = new Array<number>(length);
  for (let k = 0; k < length; k++) out[k] = shadow[k] ?? 0;
  return out;
}

/** The gradient of an argument without influence: zeros in its structure. */
export function zeroGradient(x: unknown, schema: Schema): any {
  if (schema === 'n') return 0;
  if (isMissing(x)) return undefined;
  return toGradient(entryShadow(zeroShadow(x, schema, false), schema), schema);
}

/** The parts of a gradient at these paths, in objects that hold nothing else. */
export function partsOf(gradient: any, paths: readonly (readonly string[])[]): any {
  const out: any = {};
  for (const path of paths) {
    const last = path.length - 1;
    let to = out;
    for (const key of path.slice(0, last)) to = to[key] ??= {};
    to[path[last]!] = path.reduce((from, key) => from?.[key], gradient);
  }
  return out;
}
