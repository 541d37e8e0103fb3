/**
 * What is found out about types while a program is lowered: the elements of an array that was empty where it was made, a field
 * that an object gains later, the result of a recursive function. Each fact belongs to one place of the program and only ever
 * becomes wider; when one does, the program is lowered again (a fixpoint over allocation sites, as in Shivers' 0CFA).
 */
import type { ts } from '../host/ts.js';
import { gainedFields, kindOfObject } from '../ir/gains.js';
import { asKeyed, joinTypes, type Widen } from '../ir/join-types.js';
import { type ArrayType, type FunctionTag, NEVER, OPAQUE, type RecordType, type Type } from '../ir/nodes.js';
import { holdsData, holdsRecords } from '../ir/type-questions.js';
import { asReal, kindOfSlot, present, refType, sameType, splitKey } from '../ir/types.js';
import { NotedSet } from './noted-set.js';
import { ProgramFacts } from './program-facts.js';
import type { Shape } from './shapes.js';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * What tells apart the objects that one place of the program makes: each specialisation of the function around it (`specialisation`),
 * which has no end where objects are made of objects that were made in the same way; nothing for instances and functions (`class`); or
 * nothing at all (`place`).
 */
const GRAINS = ['specialisation', 'class', 'place'] as const;
export type Grain = (typeof GRAINS)[number];

/** Two objects that may be one have a kind in common; an object may have no fields when it is frozen. */
const kindsOf = (t: ArrayType | RecordType): readonly string[] =>
  t.kind === 'array'
    ? [`[${t.storage}]`]
    : ['{}', ...t.fields.map((f) => f.key)].slice(t.fields.length > 0 ? 1 : 0);

export class Inference extends ProgramFacts {
  private readonly sites = new Map<string, ArrayType | RecordType>();
  private readonly results = new Map<string, Type>();
  /** How finely types are told apart. */
  grain: Grain = GRAINS[0];
  /** Forgets what was found out of types, to tell fewer of them apart; whether that can be. */
  coarsen(): boolean {
    const next = GRAINS[GRAINS.indexOf(this.grain) + 1];
    if (next === undefined) return false;
    this.grain = next;
    for (const facts of [this.sites, this.results, this.payloads]) facts.clear();
    return true;
  }

  private readonly functions = new Map<string, FunctionTag & { shape: Shape }>();

  /** The tag of a function value; its shape is that of this attempt. */
  functionSite(structure: string, shape: Shape): FunctionTag {
    const known = this.functions.get(structure);
    if (known) {
      known.shape = shape;
      return known;
    }
    const id = this.functions.size;
    const tag = { id, name: `f${id}`, shape };
    this.functions.set(structure, tag);
    return tag;
  }

  begin(): void {
    if (this.isStale) for (const found of [this.sites, this.results, this.payloads]) found.clear();
    this.isStale = false;
    this.changed = false;
    this.meetsDeadEnd = false;
  }

  /** Members of values were asked for of which nothing is known but that they may be missing. */
  meetsDeadEnd = false;
  /** Nothing more will be found out of them: they are never there, and their members are a `TypeError`, as in JavaScript. */
  deadEnds = false;

  private readonly nodes = new Map<string, ts.Node>();
  /** Where something is made whose type was widened last. */
  lastWidened: ts.Node | undefined;

  /** The type of what is made at a place; `make` says what is known of it at first. */
  site(key: string, node: ts.Node, make: () => ArrayType | RecordType): ArrayType | RecordType {
    let t = this.sites.get(key);
    this.nodes.set(key, node);
    if (!t) {
      t = { ...make(), site: key };
      this.sites.set(key, t);
    }
    return t;
  }

  readonly join = (a: Type, b: Type): Type | undefined => joinTypes(a, b, this.widen, this.tellApart);
  /** Fields of this name have different kinds: because of what is not known yet of the objects that meet, or by what they are. */
  private readonly tellApart = (name: string, a: Type, b: Type): void => {
    if (!this.noteFunction(a, b) && !this.noteData(a, b)) this.splits.add(name);
  };

  /** Names of fields that hold values of different kinds in objects that meet: from then on each kind is a field of its own. */
  readonly splits = new NotedSet(() => {
    this.changed = true;
    this.forgetTypes();
  });
  /** The elements of a tuple are gone through, as those of an array: makes it one, or finds out what keeps it from being one. Whether anything is news. */
  makeList(tuple: RecordType): boolean {
    const before = this.changed;
    this.changed = false;
    const join = (t: Type | undefined, f: { readonly type: Type }) => t && this.join(t, f.type);
    const elem = tuple.fields.reduce(join, NEVER as Type | undefined);
    if (elem) this.widen(tuple, { kind: 'array', storage: 'plain', ctor: 'Array', elem });
    const found = this.changed;
    this.changed ||= before;
    return found;
  }
  /** The key of a field that is given a value of this type. */
  slotKey(name: string, value: Type): string {
    const kind = this.splits.has(name) ? (kindOfSlot(value) ?? 'other') : undefined;
    return kind === undefined ? name : splitKey(name, kind);
  }

  /** `to` is the new element type of an array, or a record with the new fields. */
  private readonly widen: Widen = (type, to, keys) => {
    if (type.site === undefined) {
      if (type.kind === 'record' && to.kind === 'record') this.noteGain(type, to);
      return;
    }
    this.changed = true;
    this.lastWidened = this.nodes.get(type.site) ?? this.lastWidened;
    if (type.kind === 'record' && to.kind === 'array') this.sites.set(type.site, { ...to, site: type.site });
    else if (type.kind === 'array') {
      (type as Mutable<ArrayType>).elem = to;
      if (keys) (type as Mutable<ArrayType>).keys = keys;
    } else if (to.kind === 'record') {
      const t = type as Mutable<RecordType>;
      t.fields = [...to.fields];
      if (to.classes) t.classes = to.classes;
      if (to.functions) t.functions = to.functions;
      if (to.outside) t.outside = to.outside;
      if (to.literal) t.literal = to.literal;
      if (to.remade) t.remade = to.remade;
      if (!to.ordered && t.ordered !== undefined) t.ordered = false;
    }
  };

  /** Fields that the program may have given to objects from outside, by the kinds of those objects. */
  readonly gains = new Map<string, Map<string, Type>>();
  /** Whether an object from outside may have gained a field of this name. */
  isGained(key: string): boolean {
    return [...this.gains.values()].some((fields) => fields.has(key));
  }
  /** An object from outside is used as one of the type `to`. */
  private noteGain(from: RecordType, to: RecordType): void {
    for (const { key, type } of gainedFields(from, to)) {
      if (!this.makeReal(type)) continue;
      const kind = kindOfObject(from);
      const known = this.gains.get(kind) ?? new Map<string, Type>();
      const before = known.get(key);
      const joined = this.join(before ?? { kind: 'nullish' }, type);
      if (joined === undefined || (before && sameType(before, joined))) continue;
      known.set(key, joined);
      this.gains.set(kind, known);
      this.changed = true;
    }
  }

  /** The caller sees a value of this type: what it holds of instances is real ones. Whether all of them can be. */
  makeReal(t: Type, open: readonly Type[] = []): boolean {
    const x = refType(t);
    if (!x || open.includes(x)) return true;
    const inner = [...open, x];
    if (x.kind === 'array') return this.makeReal(x.elem, inner);
    if (!x.tuple && x.fields.length > 1) this.noteKeyOrder();
    if (x.classes !== undefined && !x.outside) {
      if (x.site === undefined) return false;
      this.widen(x, asReal(x));
    }
    return x.fields.every((f) => this.makeReal(f.type, inner));
  }

  /** What tells kinds of objects apart that are frozen somewhere: names of their fields, how a list keeps its elements. */
  private readonly frozenKinds = new NotedSet(() => {
    this.changed = true;
  });
  /** Objects of this type are frozen somewhere. */
  noteFrozen(type: ArrayType | RecordType): void {
    for (const kind of kindsOf(type)) this.frozenKinds.add(kind);
  }
  /** Whether an object of this type may be one that is frozen somewhere, by whatever name. */
  mayBeFrozen(type: ArrayType | RecordType): boolean {
    return this.frozenKinds.size > 0 && kindsOf(type).some((kind) => this.frozenKinds.has(kind));
  }
  /** Whether what the fields of an object hold has one type, as that of the members of a map. */
  isUniform({ fields }: RecordType): boolean {
    const join = (t: Type | undefined, f: { readonly type: Type }) => t && joinTypes(t, f.type, this.widen);
    return fields.reduce(join, NEVER as Type | undefined) !== undefined;
  }
  /** An object that is written by computed keys was made as a map. */
  makeKeyed(type: RecordType): void {
    const elem = type.fields.reduce((t: Type, f) => this.join(t, f.type) ?? t, NEVER as Type);
    this.widen(type, { kind: 'array', storage: 'keyed', ctor: 'Object', elem });
  }
  /** The same of one that is given what a map holds; whether it can be one. */
  makeMap(type: RecordType, elem: Type): boolean {
    if (!asKeyed(type, elem, (a, b) => joinTypes(a, b, this.widen))) return false;
    // what the other map holds comes with the next attempt, when it may be known better
    this.makeKeyed(type);
    return true;
  }
  /** A map was to be put where a declared type says that an object has certain fields: what is put there tells more. */
  private holdsMaps = false;
  private noteHeldMap(declared: Type, value: Type): void {
    const [to, from] = [refType(declared), refType(value)];
    if (this.noteData(present(declared), value)) return;
    if (this.holdsMaps || !to || from?.kind !== 'array') return;
    if (to.kind === 'array') {
      this.noteHeldMap(to.elem, from.elem);
      return;
    }
    if (from.storage !== 'keyed' || to.site !== undefined || to.tuple) return;
    this.holdsMaps = true;
    this.changed = true;
    this.forgetTypes();
  }
  /** Whether what will be put in a list, map or field may be something else than its declared type says. */
  mayBeMap(declared: Type): boolean {
    return (this.holdsMaps && holdsRecords(declared)) || (this.holdsData && holdsData(declared));
  }
  /** The type that an object has since it was found to be a map. */
  private current(type: Type): Type {
    if (type.kind === 'maybe') return { ...type, of: this.current(type.of) as typeof type.of };
    const now = type.kind === 'record' && type.site !== undefined ? this.sites.get(type.site) : undefined;
    return now?.kind === 'array' ? now : type;
  }
  /** The type of what is made at a place, if it is known already. */
  known(key: string): ArrayType | RecordType | undefined {
    return this.sites.get(key);
  }

  /** Somewhere the program, or who calls it, sees in which order the fields of an object came. */
  keyOrderMatters = false;
  noteKeyOrder(): void {
    if (this.keyOrderMatters) return;
    this.keyOrderMatters = true;
    this.changed = true;
    // what was sure to be in a literal may come later now
    this.forgetTypes();
  }

  /** Objects of this type are made with these keys, in this order if it is known. */
  laidOut(type: ArrayType | RecordType, keys: readonly string[] | undefined): void {
    if (type.kind !== 'record' || type.tuple || !this.keyOrderMatters || type.ordered === false) return;
    const known = keys?.join() === type.fields.map((f) => f.key).join();
    if (type.ordered === known) return;
    if (type.ordered) this.changed = true;
    (type as Mutable<RecordType>).ordered = known;
  }

  /** A key of this type is used: numbers stay numbers as long as all keys are. */
  noteKey(type: ArrayType, key: Type): void {
    if (type.site === undefined || type.ctor !== 'Map') return;
    const kind: Type = key.kind === 'number' ? key : OPAQUE;
    const next = type.keys === undefined || type.keys.kind === kind.kind ? kind : OPAQUE;
    if (type.keys?.kind === next.kind) return;
    (type as Mutable<ArrayType>).keys = next;
    this.changed = true;
  }

  /** Stores a value of type `value` in a slot; whether the slot can take it. */
  store(type: ArrayType | RecordType, name: string | undefined, value: Type): boolean {
    if (type.kind === 'array') {
      const elem = this.join(this.current(type.elem), value);
      if (!elem) {
        this.noteHeldMap(type.elem, value);
        return false;
      }
      if (!sameType(elem, type.elem)) {
        if (type.site === undefined) return false;
        this.widen(type, elem);
      }
      return true;
    }
    if (name === undefined) return false;
    const key = type.tuple ? name : this.slotKey(name, value);
    const field = type.fields.find((f) => f.key === key);
    if (!field && type.site === undefined) {
      this.noteGain(type, { ...type, fields: [{ key, type: value }] });
      return false;
    }
    const joined = field ? this.join(this.current(field.type), value) : joinTypes(value, { kind: 'nullish' });
    if (!joined) {
      if (field) this.noteHeldMap(field.type, value);
      return false;
    }
    if (!field) this.widen(type, { ...type, fields: [...type.fields, { key, type: joined }] });
    else if (!sameType(joined, field.type)) {
      if (type.site === undefined) return false;
      const fields = type.fields.map((f) => (f === field ? { key, type: joined } : f));
      this.widen(type, { ...type, fields });
    }
    return true;
  }

  /** Variables outside of the differentiated function that it writes: they live in cells while it runs. */
  readonly outerWrites = new Map<ts.Symbol, ts.Node>();
  noteOuterWrite(symbol: ts.Symbol, node: ts.Node): void {
    if (this.outerWrites.has(symbol)) return;
    this.outerWrites.set(symbol, node);
    this.changed = true;
  }

  /** Tables that the program uses as values: each is made once, at the beginning. */
  readonly tables = new Map<ts.Symbol, ts.Node>();
  noteTable(symbol: ts.Symbol, node: ts.Node): void {
    if (this.tables.has(symbol)) return;
    this.tables.set(symbol, node);
    this.changed = true;
  }

  /** Instances are thrown to where something catches: errors of the engine are made into instances as well. */
  throwsInstances = false;
  noteThrownInstance(): void {
    if (this.throwsInstances) return;
    this.throwsInstances = true;
    this.changed = true;
    this.payloads.clear();
  }

  private readonly payloads = new Map<string, Type>();
  /** What a function throws to its callers, if anything was found so far. */
  thrown(key: string): Type | undefined {
    return this.payloads.get(key);
  }
  noteThrown(key: string, type: Type): void {
    const before = this.payloads.get(key);
    if (before && sameType(before, type)) return;
    this.payloads.set(key, type);
    this.changed = true;
  }

  /** The result of a function as far as it is known; NEVER at first. */
  result(key: string): Type {
    return this.results.get(key) ?? NEVER;
  }
  /** Notes what a function was found to return; gives what is now taken for granted. */
  noteResult(key: string, type: Type): Type {
    const before = this.result(key);
    const joined = this.join(before, type) ?? type;
    if (!sameType(joined, before)) {
      this.results.set(key, joined);
      this.changed = true;
    }
    return joined;
  }
}
