/**
 * **Question**: which references may denote the same object, which memory is written, and may a load be repeated later?
 * **Needs**: a module. **Guarantees**: references in different classes never alias; a class that is not written here keeps
 * its content. **Method**: unification of points-to classes with fields (Steensgaard 1996), context-insensitive over calls;
 * arguments on different access paths are assumed distinct, which the emitted entry check enforces where it matters.
 */

import { someResults } from '../ir/exits.js';
import type { At, ForeignOp, Func, Module, Op, Region, ValueId } from '../ir/nodes.js';
import { functionsOfRule } from '../ir/rules.js';
import { isRef, refType } from '../ir/types.js';
import { opRegions, walkOps } from '../ir/visit.js';
import { markGrowing } from './growth.js';
import { changesStructure, isUnknownCode } from './slot-writes.js';

/** A points-to class: the objects that a set of references may denote. Fields of the elements hang below. */
export class MemoryClass {
  parent: MemoryClass | undefined;
  readonly slots = new Map<string, MemoryClass>();
  /** Reachable by the caller: an argument, an outer object, a result, what was given away. */
  external = false;
  /** Passed between functions: no single one of them sees all its uses. */
  shared = false;
  /** Comes from a module-level variable. */
  outer = false;
  /** The length of its arrays may change. */
  growing = false;
  /** Some store may change a slot, by key (`[]` for array elements). */
  readonly written = new Set<string>();
  /** The same, but for stores into an object by the very reference that its making gave: such an object is nobody else's. */
  readonly changed = new Set<string>();
  /** Slots that some operation names. */
  readonly touched = new Set<string>();
  /** Given to unknown code, which may keep it and change it whenever it runs again. */
  leaked = false;
  /** Some reference denotes it: it is more than what a slot would hold. */
  denoted = false;

  find(): MemoryClass {
    let c: MemoryClass = this;
    for (let next = c.parent; next; next = c.parent) {
      // the way is shorter the next time
      if (next.parent) c.parent = next.parent;
      c = next;
    }
    return c;
  }
}

/** The slot that holds an array's length. */
export const LENGTH_SLOT = '[]#';
export const NONE: readonly string[] = [];

export const slotKey = (at: At): string => ('key' in at ? at.key : '[]');

export class Memory {
  private readonly classes = new Map<ValueId, MemoryClass>();
  private readonly byOuter = new Map<string, MemoryClass>();
  /** Stores whose index is below the length that the array has been made with, or that was read before. */
  readonly inBounds = new Set<Op>();

  constructor(readonly module: Module) {}

  /** What the caller can reach when the function begins: arguments, and objects of modules. */
  given: ReadonlySet<MemoryClass> = new Set();

  /**
   * What unknown code may change: all that such code was ever given; a function from outside, also the contents of what the
   * caller can reach.
   */
  writtenOutside(op: ForeignOp): readonly (readonly [MemoryClass, string])[] {
    if (!isUnknownCode(op)) return [];
    const all = new Set([...this.classes.values()].map((c) => c.find()));
    return [...all].flatMap((c) => {
      if (c.leaked) return [...c.touched].map((key) => [c, key] as const);
      if (op.role !== 'calls' || !this.given.has(c)) return [];
      return [...c.touched].filter((key) => key !== LENGTH_SLOT).map((key) => [c, key] as const);
    });
  }
  /** Slots that hold references, and lengths: the structure of all objects. */
  structure(): (readonly [MemoryClass, string])[] {
    const all = new Set([...this.classes.values()].map((c) => c.find()));
    return [...all].flatMap((c) =>
      [...c.touched].flatMap((key) => (c.slots.has(key) || key === LENGTH_SLOT ? [[c, key] as const] : [])),
    );
  }
  classOf(ref: ValueId): MemoryClass {
    let c = this.classes.get(ref);
    if (!c) {
      this.classes.set(ref, (c = new MemoryClass()));
      c.denoted = true;
    }
    return c.find();
  }
  /** Another name of an object: what is known of its class stays known by it. */
  named(name: ValueId, known: ValueId): void {
    this.classes.set(name, this.classOf(known));
  }
  /** A reference denotes what is in a class. */
  private put(ref: ValueId, to: MemoryClass): void {
    const known = this.classes.get(ref);
    if (known) this.unify(known, to);
    else this.classes.set(ref, to.find());
    to.find().denoted = true;
  }
  /** Two references may denote one object. */
  unifyRefs(a: ValueId, b: ValueId): void {
    if (this.classes.has(a)) this.put(b, this.classOf(a));
    else this.put(a, this.classOf(b));
  }
  /** A reference may denote what a slot of an object holds. */
  unifySlot(ref: ValueId, of: ValueId, key: string): void {
    this.put(ref, this.slot(this.classOf(of), key));
  }
  slot(of: MemoryClass, key: string): MemoryClass {
    const c = of.find();
    let s = c.slots.get(key);
    if (!s) {
      s = new MemoryClass();
      s.external = c.external;
      s.shared = c.shared;
      s.outer = c.outer;
      c.slots.set(key, s);
    }
    return s.find();
  }
  unify(a: MemoryClass, b: MemoryClass): void {
    const x = a.find();
    const y = b.find();
    if (x === y) return;
    // while both still stand for themselves: each has slots that the other may lack
    if (y.outer) this.markOuter(x);
    if (x.outer) this.markOuter(y);
    if (y.external || x.external) {
      this.markExternal(x);
      this.markExternal(y);
    }
    if (y.shared || x.shared) {
      this.markShared(x);
      this.markShared(y);
    }
    y.parent = x;
    x.growing ||= y.growing;
    x.leaked ||= y.leaked;
    x.denoted ||= y.denoted;
    for (const k of y.written) x.written.add(k);
    for (const k of y.changed) x.changed.add(k);
    for (const k of y.touched) x.touched.add(k);
    for (const [k, s] of y.slots) {
      // where objects refer to their own kind, unifying one slot may give the whole another name
      const whole = x.find();
      const mine = whole.slots.get(k);
      if (mine) this.unify(mine, s);
      else whole.slots.set(k, s);
    }
  }
  outerClass(text: string): MemoryClass {
    let c = this.byOuter.get(text);
    if (!c) {
      c = new MemoryClass();
      this.byOuter.set(text, c);
    }
    return c.find();
  }
  markExternal(c: MemoryClass, seen = new Set<MemoryClass>()): void {
    const x = c.find();
    if (seen.has(x)) return;
    seen.add(x);
    x.external = true;
    for (const s of x.slots.values()) this.markExternal(s, seen);
  }
  markShared(c: MemoryClass, seen = new Set<MemoryClass>()): void {
    const x = c.find();
    if (seen.has(x)) return;
    seen.add(x);
    x.shared = true;
    for (const s of x.slots.values()) this.markShared(s, seen);
  }
  markOuter(c: MemoryClass, seen = new Set<MemoryClass>()): void {
    const x = c.find();
    if (seen.has(x)) return;
    seen.add(x);
    x.outer = true;
    x.external = true;
    for (const s of x.slots.values()) this.markOuter(s, seen);
  }
  /** All classes reachable from one, itself included. */
  reachable(c: MemoryClass, seen = new Set<MemoryClass>()): Set<MemoryClass> {
    const x = c.find();
    if (seen.has(x)) return seen;
    seen.add(x);
    for (const s of x.slots.values()) this.reachable(s, seen);
    return seen;
  }
}

/** Computes the classes of all references of a module; `entry` is the function the user differentiates. */
export function analyseMemory(module: Module, entry: Func): Memory {
  const m = new Memory(module);
  const ref = (v: ValueId) => isRef(module.values.type(v));
  const same = (a: ValueId, b: ValueId) => {
    if (ref(a) && ref(b)) m.unifyRefs(a, b);
  };
  const all = (as: readonly ValueId[], bs: readonly ValueId[]) => {
    as.forEach((a, k) => {
      if (bs[k] !== undefined) same(a, bs[k]);
    });
  };
  const made = new Set<ValueId>();
  const write = (to: ValueId, ...keys: readonly string[]): void => {
    const c = m.classOf(to);
    for (const key of keys) {
      c.touched.add(key);
      c.written.add(key);
      if (!made.has(to)) c.changed.add(key);
    }
  };
  const exits = new Map<number, readonly ValueId[]>();
  const results = new Map([...module.funcs.values()].map((f) => [f, someResults(f)]));
  const records = new Map<string, readonly ValueId[]>();
  const visitRegion = (r: Region): void => {
    if (r.end.kind === 'exit') {
      const to = exits.get(r.end.target);
      if (to) all(to, r.end.args);
    }
    for (const op of r.ops) visit(op);
  };
  const visit = (op: Op): void => {
    switch (op.kind) {
      case 'length':
        m.classOf(op.ref).touched.add(LENGTH_SLOT);
        break;
      case 'load':
        m.classOf(op.ref).touched.add(slotKey(op.at));
        if (ref(op.results[0])) m.unifySlot(op.results[0], op.ref, slotKey(op.at));
        break;
      case 'store':
        write(op.ref, slotKey(op.at));
        if (ref(op.value)) m.unifySlot(op.value, op.ref, slotKey(op.at));
        break;
      case 'accum':
        write(op.ref, slotKey(op.at));
        break;
      case 'resize':
        write(op.ref, '[]', LENGTH_SLOT);
        break;
      case 'alloc':
        made.add(op.results[0]);
        break;
      case 'literal': {
        made.add(op.results[0]);
        const { type } = op;
        op.args.forEach((a, k) => {
          if (ref(a)) m.unifySlot(a, op.results[0], type.kind === 'array' ? '[]' : type.fields[k].key);
        });
        break;
      }
      case 'scalar':
        if (op.fn === 'unwrap' || op.fn === 'select') for (const a of op.args) same(a, op.results[0]);
        break;
      case 'outer':
        if (ref(op.results[0])) {
          m.unify(m.outerClass(op.text), m.classOf(op.results[0]));
          m.markOuter(m.classOf(op.results[0]));
        }
        break;
      case 'save':
      case 'restore': {
        const values = op.kind === 'save' ? op.args : op.results;
        // a twinned form of a function has longer records than the function itself
        const before = records.get(op.pair) ?? [];
        all(before, values);
        records.set(op.pair, [...before, ...values.slice(before.length)]);
        // what is pushed in one function is popped in another
        for (const v of values) if (ref(v)) m.markShared(m.classOf(v));
        break;
      }
      case 'foreign':
        // unknown code may give the same object again
        for (const r of op.results)
          if (ref(r)) {
            m.unify(m.outerClass(`foreign ${refType(module.values.type(r))?.kind}`), m.classOf(r));
            m.markOuter(m.classOf(r));
          }
        break;
      case 'runtime':
        if (op.name === 'subarray') same(op.args[0], op.results[0]);
        // one shadow takes the place of the other
        if (op.name === 'addShadows')
          for (let k = 0; k < op.args.length; k += 2) same(op.args[k], op.args[k + 1]);
        // a derivative of it will call them with the further arguments
        for (const key of functionsOfRule(op)) all(module.funcs.get(key)?.params ?? [], op.args.slice(2));
        // memory that the caller gave
        if (op.effect === 'effect') for (const r of op.results) if (ref(r)) m.markExternal(m.classOf(r));
        break;
      case 'if':
        for (const arm of [op.then, op.else]) if (arm.end.kind === 'yield') all(op.results, arm.end.args);
        break;
      case 'loop':
        exits.set(op.label, op.results);
        all(op.body.params.slice(1), op.inits);
        all(op.results, op.inits);
        if (op.body.end.kind === 'yield') all(op.body.params.slice(1), op.body.end.args);
        all(op.results, op.body.params.slice(1));
        break;
      case 'block':
        exits.set(op.label, op.results);
        if (op.body.end.kind === 'yield') all(op.results, op.body.end.args);
        break;
      case 'call': {
        const f = module.funcs.get(op.callee);
        if (!f) break;
        all(f.params, op.args);
        all(results.get(f) ?? [], op.results);
        break;
      }
      default:
        break;
    }
    for (const r of opRegions(op)) visitRegion(r);
  };
  for (const f of module.funcs.values()) {
    const given = results.get(f) ?? [];
    exits.set(f.label, given);
    if (f.body.end.kind === 'yield') all(given, f.body.end.args);
    visitRegion(f.body);
  }
  for (const f of module.funcs.values()) {
    if (f.key === entry.key) continue;
    for (const v of [...f.params, ...(results.get(f) ?? [])]) if (ref(v)) m.markShared(m.classOf(v));
  }
  for (const p of entry.params) if (ref(p)) m.markExternal(m.classOf(p));
  for (const v of someResults(entry) ?? []) if (ref(v)) m.markExternal(m.classOf(v));
  const ops = opsOf(module);
  // what is put into a variable outside, or given to unknown code, is no longer the function's own
  for (const op of ops)
    if (op.kind === 'foreign' && (op.role === 'writes' || isUnknownCode(op)))
      for (const a of op.args) if (ref(a)) m.markExternal(m.classOf(a));
  const given = new Set<MemoryClass>();
  for (const p of entry.params) if (ref(p)) for (const c of m.reachable(m.classOf(p))) given.add(c);
  for (const op of ops)
    if (op.kind === 'outer' && ref(op.results[0]))
      for (const c of m.reachable(m.classOf(op.results[0]))) given.add(c);
  m.given = given;
  markLeaked(module, m, ops.filter(isUnknownCode));
  if (ops.some(changesStructure)) markRestructured(m);
  markGrowing(module, m);
  checkKinds(module, m, ops);
  return m;
}

/** All operations of a module. */
function opsOf(module: Module): Op[] {
  const all: Op[] = [];
  for (const f of module.funcs.values()) walkOps(f.body, (op) => void all.push(op));
  return all;
}

/** What unknown code is given, it may keep and change: its slots count as written. */
function markLeaked(module: Module, m: Memory, calls: readonly ForeignOp[]): void {
  for (const op of calls)
    for (const a of op.args)
      if (isRef(module.values.type(a)))
        for (const c of m.reachable(m.classOf(a))) {
          c.leaked = true;
          c.growing = true;
        }
  for (const op of calls)
    for (const [c, key] of m.writtenOutside(op)) {
      c.written.add(key);
      c.changed.add(key);
    }
}

/** Where shadows follow their objects, their structure counts as written. */
function markRestructured(m: Memory): void {
  for (const [c, key] of m.structure()) {
    c.written.add(key);
    c.changed.add(key);
  }
}

/** An object that is a record for one reference and an array for another would have two sets of slots. */
function checkKinds(module: Module, m: Memory, ops: readonly Op[]): void {
  const kinds = new Map<MemoryClass, 'array' | 'record'>();
  const note = (v: ValueId): void => {
    const t = refType(module.values.type(v));
    if (!t) return;
    const c = m.classOf(v);
    const before = kinds.get(c);
    if (before !== undefined && before !== t.kind) throw new Error('an array and an object with fields meet');
    kinds.set(c, t.kind);
  };
  for (const f of module.funcs.values()) f.params.forEach(note);
  for (const op of ops) {
    op.results.forEach(note);
    for (const r of opRegions(op)) r.params.forEach(note);
  }
}
