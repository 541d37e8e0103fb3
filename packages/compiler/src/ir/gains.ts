/**
 * **Question**: which fields may an object from outside have that its type does not name? The program may use it where a wider type is
 * asked for, and write there what another name of the same object reads: then all that look like it have those fields, perhaps.
 */

import { joinTypes } from './join-types.js';
import { type Field, NULLISH, type RecordType, type Type } from './nodes.js';
import { isHiddenKey, nameOfKey, refType } from './types.js';

/** Fields by their keys, for each kind of objects. */
export type Gains = ReadonlyMap<string, ReadonlyMap<string, Type>>;

/** Objects from outside are told apart by the names of the fields that their types have in the source. */
export const kindOfObject = (t: RecordType): string =>
  t.declared ?? [...new Set(t.fields.map((f) => nameOfKey(f.key)))].sort().join();

/** The fields of `to` that an object from outside of type `from` does not have by its own type. */
export function gainedFields(from: RecordType, to: RecordType): readonly Field[] {
  if (from.tuple || to.tuple || from.functions || from.remade) return [];
  return to.fields.filter(({ key }) => {
    const own = from.fields.find((f) => f.key === key)?.type;
    return !isHiddenKey(key) && (own === undefined || own.kind === 'nullish');
  });
}

/** A type from outside, with what its objects may have gained. */
export function withGains(t: Type, gains: Gains | undefined, made = new Map<Type, Type>()): Type {
  if (gains === undefined || gains.size === 0) return t;
  if (t.kind === 'maybe') return { kind: 'maybe', of: withGains(t.of, gains, made) };
  const r = refType(t);
  if (!r) return t;
  const known = made.get(r);
  if (known) return known;
  if (r.kind === 'array') {
    const own = { ...r };
    made.set(r, own);
    return Object.assign(own, { elem: withGains(r.elem, gains, made) });
  }
  const own = { ...r };
  made.set(r, own);
  const fields = new Map(r.fields.map((f) => [f.key, withGains(f.type, gains, made)]));
  const gained = r.tuple ? undefined : gains.get(kindOfObject(r));
  for (const [key, type] of gained ?? [])
    fields.set(key, joinTypes(type, fields.get(key) ?? NULLISH) ?? type);
  return Object.assign(own, {
    fields: Array.from(fields, ([key, type]) => ({ key, type })),
    ...(gained ? { declared: kindOfObject(r) } : {}),
  });
}
