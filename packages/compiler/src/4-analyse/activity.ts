/**
 * **Question**: which values depend on a differentiated argument and matter to the result? **Guarantees**: what is not
 * active has derivative zero. **Method**: varied forwards, useful backwards, over values and over the slots of memory
 * classes (weak updates), to a fixpoint over all functions (Hascoet, Pascual 2013, section 4).
 */
import { type Memory, type MemoryClass, slotKey } from '../3-simplify/memory.js';
import { SlotNames } from '../3-simplify/slot-writes.js';
import { slotKeysOf, visitTypedClasses } from '../3-simplify/typed-classes.js';
import {
  BOUNDS,
  type Func,
  type Module,
  type Op,
  type Region,
  type Terminator,
  type Type,
  type ValueId,
} from '../ir/nodes.js';
import { tapeRecords } from '../ir/tape.js';
import { carriesDerivative, isLeaf, isRef, slotType } from '../ir/types.js';
import { opRegions } from '../ir/visit.js';
import { scalarRule } from '../rules/scalar.js';

export interface Activity {
  /** A number that is varied and useful. */
  readonly active: (v: ValueId) => boolean;
  readonly varied: (v: ValueId) => boolean;
  /** Whether some leaf of the objects of this reference, or of objects reached from it, is varied. */
  readonly variedRef: (v: ValueId) => boolean;
  /** Whether some leaf slot of the objects of this reference, or of objects reached from it, is active. */
  readonly activeRef: (v: ValueId) => boolean;
  /** Whether the slot `key` of the objects of this reference is active. */
  readonly activeSlot: (ref: ValueId, key: string) => boolean;
}

class Flow {
  readonly values = new Set<ValueId>();
  readonly slots = new Set<string>();
  changed = false;

  addValue(v: ValueId): void {
    if (!this.values.has(v)) {
      this.values.add(v);
      this.changed = true;
    }
  }
  addSlot(s: string): void {
    if (!this.slots.has(s)) {
      this.slots.add(s);
      this.changed = true;
    }
  }
}

/** What is differentiated: arguments, or only the parts at these paths of the one argument. */
export interface Wanted {
  readonly values: readonly ValueId[];
  readonly paths: readonly (readonly string[])[] | undefined;
}

/** In place of arguments: all numbers are varied. */
export const EVERYTHING = 'everything';
const NOTHING: Wanted = { values: [], paths: undefined };

/**
 * What values are followed through: operations with a derivative, those whose derivative is zero by convention as well (`steps`), or
 * all, `stopGradient` too.
 */
export type Follows = 'derivatives' | 'steps' | 'all';

export function analyseActivity(
  module: Module,
  memory: Memory,
  entry: Func,
  from: Wanted | typeof EVERYTHING,
  follows: Follows = 'derivatives',
): Activity {
  const names = new SlotNames();
  const records = tapeRecords(module);
  const typeOf = (v: ValueId) => module.values.type(v);
  const slotOf = (ref: ValueId, key: string) => names.of(memory.classOf(ref), key);
  /** All leaf slots of what a reference of this type reaches. */
  const leafSlots = (ref: ValueId, visit: (s: string) => void): void =>
    leafSlotsOf(memory.classOf(ref), typeOf(ref), visit);
  const leafSlotsOf = (of: MemoryClass, type: Type, visit: (s: string) => void): void =>
    visitTypedClasses(memory, of, type, (c, t) => {
      if (!carriesDerivative(t)) return;
      for (const key of slotKeysOf(t)) {
        const inner = slotType(t, key);
        if (inner && isLeaf(inner)) visit(names.of(c, key));
      }
    });
  /** The leaf slots of a part of an object. */
  const slotsUnder = (ref: ValueId, path: readonly string[], visit: (s: string) => void): void => {
    let c = memory.classOf(ref);
    let t: Type | undefined = typeOf(ref);
    path.forEach((key, k) => {
      const inner = t && slotType(t, key);
      if (inner && isLeaf(inner) && k === path.length - 1) visit(names.of(c, key));
      c = memory.slot(c, key);
      t = inner;
    });
    if (t && isRef(t)) leafSlotsOf(c, t, visit);
  };
  const isFollowed = (op: Op): boolean =>
    op.kind === 'scalar' &&
    (follows === 'all' ||
      (follows === 'steps' && op.fn !== 'stop') ||
      typeof scalarRule(op.fn).derivative === 'function');

  const varied = new Flow();
  const { values: wanted, paths } = from === EVERYTHING ? NOTHING : from;
  for (const v of wanted) {
    if (isLeaf(typeOf(v))) varied.addValue(v);
    else if (isRef(typeOf(v)) && !paths) leafSlots(v, (s) => varied.addSlot(s));
    for (const path of paths ?? []) slotsUnder(v, path, (s) => varied.addSlot(s));
  }
  const useful = new Flow();
  if (entry.body.end.kind === 'yield')
    for (const v of entry.body.end.args) {
      if (isLeaf(typeOf(v))) useful.addValue(v);
      else if (isRef(typeOf(v))) leafSlots(v, (s) => useful.addSlot(s));
    }

  /** One sweep over a function; `flow(from, to)` connects leaf values, `load`/`store` connect them with slots. */
  const sweep = (
    f: Func,
    move: (from: ValueId, to: ValueId) => void,
    load: (slot: string, to: ValueId) => void,
    store: (from: ValueId, slot: string) => void,
    pass: (from: string, to: string) => void,
    /** Against the order of the text, so that a chain is followed in one sweep. */
    backwards: boolean,
  ): void => {
    const exits = new Map<number, readonly ValueId[]>();
    if (f.body.end.kind === 'yield') exits.set(f.label, f.body.end.args);
    const leaf = (v: ValueId) => isLeaf(typeOf(v));
    const moves = (from: readonly ValueId[], to: readonly ValueId[]) => {
      from.forEach((a, k) => {
        if (to[k] !== undefined && leaf(a) && leaf(to[k])) move(a, to[k]);
      });
    };
    const ending = (end: Terminator): void => {
      if (end.kind === 'exit') moves(end.args, exits.get(end.target) ?? []);
    };
    const region = (r: Region): void => {
      if (backwards) {
        ending(r.end);
        for (let k = r.ops.length - 1; k >= 0; k--) visit(r.ops[k]);
        return;
      }
      for (const op of r.ops) visit(op);
      ending(r.end);
    };
    const visit = (op: Op): void => {
      flow(op);
      const regions = opRegions(op);
      if (regions.length === 0) return;
      for (const r of regions) region(r);
      flow(op);
    };
    const flow = (op: Op): void => {
      switch (op.kind) {
        case 'scalar':
          if (isFollowed(op)) for (const a of op.args) if (leaf(a)) move(a, op.results[0]);
          break;
        case 'load':
          if (leaf(op.results[0])) load(slotOf(op.ref, slotKey(op.at)), op.results[0]);
          break;
        case 'store':
        case 'accum':
          if (leaf(op.value) && carriesDerivative(typeOf(op.ref)))
            store(op.value, slotOf(op.ref, slotKey(op.at)));
          break;
        case 'alloc':
          if (op.fill !== undefined && leaf(op.fill) && carriesDerivative(op.type))
            store(op.fill, slotOf(op.results[0], '[]'));
          break;
        case 'literal': {
          const { type } = op;
          op.args.forEach((a, k) => {
            if (leaf(a)) store(a, slotOf(op.results[0], type.kind === 'array' ? '[]' : type.fields[k].key));
          });
          break;
        }
        case 'runtime':
          if (op.name === 'sum') load(slotOf(op.args[0], '[]'), op.results[0]);
          // a rule of the user's stands between the two lists
          if (op.name === 'ruleValues') pass(slotOf(op.args[1], '[]'), slotOf(op.results[0], '[]'));
          break;
        case 'save':
          for (const to of records.restores(op.pair)) moves(op.args, to.results);
          break;
        case 'restore':
          for (const from of records.saves(op.pair)) moves(from.args, op.results);
          break;
        case 'if':
          for (const r of [op.then, op.else]) if (r.end.kind === 'yield') moves(r.end.args, op.results);
          break;
        case 'loop': {
          exits.set(op.label, op.results);
          const params = op.body.params.slice(1);
          moves(op.inits, params);
          if (op.body.end.kind === 'yield') moves(op.body.end.args, params);
          moves(params, op.results);
          break;
        }
        case 'block':
          exits.set(op.label, op.results);
          if (op.body.end.kind === 'yield') moves(op.body.end.args, op.results);
          break;
        case 'call': {
          const g = module.funcs.get(op.callee);
          if (!g) break;
          moves(op.args, g.params);
          if (g.body.end.kind === 'yield') moves(g.body.end.args, op.results);
          // what a step of a loop gives, the next one is given
          if (op.checkpoint?.kind === 'steps')
            moves(op.results.slice(0, op.checkpoint.state), g.params.slice(BOUNDS));
          break;
        }
        default:
          break;
      }
    };
    region(f.body);
  };

  const fixpoint = (flow: Flow, step: (f: Func) => void): void => {
    do {
      flow.changed = false;
      for (const f of module.funcs.values()) step(f);
    } while (flow.changed);
  };
  fixpoint(varied, (f) =>
    sweep(
      f,
      (from, to) => varied.values.has(from) && varied.addValue(to),
      (slot, to) => varied.slots.has(slot) && varied.addValue(to),
      (from, slot) => varied.values.has(from) && varied.addSlot(slot),
      (from, to) => varied.slots.has(from) && varied.addSlot(to),
      false,
    ),
  );
  fixpoint(useful, (f) =>
    sweep(
      f,
      (from, to) => useful.values.has(to) && useful.addValue(from),
      (slot, to) => useful.values.has(to) && useful.addSlot(slot),
      (from, slot) => useful.slots.has(slot) && useful.addValue(from),
      (from, to) => useful.slots.has(to) && useful.addSlot(from),
      true,
    ),
  );

  const isVaried = (v: ValueId) => from === EVERYTHING || varied.values.has(v);
  const isVariedSlot = (s: string) => from === EVERYTHING || varied.slots.has(s);
  const both = (s: string) => isVariedSlot(s) && useful.slots.has(s);
  return {
    varied: isVaried,
    active: (v) => isVaried(v) && useful.values.has(v),
    activeRef: (v) => {
      let any = false;
      leafSlots(v, (s) => {
        any ||= both(s);
      });
      return any;
    },
    variedRef: (v) => {
      let any = false;
      leafSlots(v, (s) => {
        any ||= isVariedSlot(s);
      });
      return any;
    },
    activeSlot: (ref, key) => both(slotOf(ref, key)),
  };
}
