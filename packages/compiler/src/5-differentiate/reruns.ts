/**
 * **Question**: may a function run again in the reverse sweep, from the arguments and the memory that it had? **Answer**: not if it has
 * effects that its log cannot note, removes parts of objects outside of itself, reads what may have changed and is not among
 * its arguments, or is given what changes and is frozen then. What may not is recorded as ever: the gradient is the same.
 */
import { lastingOps } from '../3-simplify/logs.js';
import type { Memory, MemoryClass } from '../3-simplify/memory.js';
import { slotKeysOf, visitTypedClasses } from '../3-simplify/typed-classes.js';
import { type Func, type Module, OPAQUE, type Op, type Type, type ValueId } from '../ir/nodes.js';
import { isRef, refType, slotType } from '../ir/types.js';
import { opRegions, walkOps } from '../ir/visit.js';
import type { ReferenceFacts } from './facts.js';

/** `grows`: arrays may get more elements; `moves`: objects are put into others. */
export interface Changes {
  readonly grows: boolean;
  readonly moves: boolean;
}

/** Of the function at hand: the objects that it made itself, and what gives the same whenever it runs. */
interface Facts {
  readonly fresh: ReadonlySet<ValueId>;
  readonly lasting: ReadonlySet<Op>;
}

export class RunsAgain {
  private readonly answers = new Map<string, string | undefined>();
  private readonly structure = new Map<string, Changes>();
  private readonly writes = new Map<string, ReadonlySet<MemoryClass>>();
  private readonly hasEffects: boolean;
  /** Memory of which there are views. */
  private readonly views = new Set<MemoryClass>();
  /** Memory of which objects are frozen somewhere: they do not get the contents again that they had. */
  private readonly frozen = new Set<MemoryClass>();

  constructor(
    readonly module: Module,
    readonly memory: Memory,
    readonly facts: ReferenceFacts,
    /** The caller may change what it can reach before the reverse sweep. */
    readonly pullback: boolean,
  ) {
    let found = false;
    for (const f of module.funcs.values())
      walkOps(f.body, (op) => {
        found ||= isImpure(op);
        if (op.kind === 'runtime' && op.name === 'subarray') this.views.add(memory.classOf(op.results[0]));
        if (op.kind === 'foreign' && op.frozen === 'freezes')
          for (const a of op.args) if (isRef(module.values.type(a))) this.frozen.add(memory.classOf(a));
      });
    this.hasEffects = found;
  }

  /** Why a function does not run again; nothing if it does. */
  why(f: Func): string | undefined {
    if (!this.answers.has(f.key)) this.answers.set(f.key, this.find(f));
    return this.answers.get(f.key);
  }

  /** The memory that a function changes, what it calls included. */
  written(f: Func): ReadonlySet<MemoryClass> {
    const known = this.writes.get(f.key);
    if (known) return known;
    const found = new Set<MemoryClass>();
    this.writes.set(f.key, found);
    this.walk(f, (op) => {
      if (op.kind === 'store' || op.kind === 'resize' || op.kind === 'accum')
        found.add(this.memory.classOf(op.ref));
    });
    return found;
  }

  /** What a function does to the structure of objects outside of it, which their shadows must follow. */
  changes(f: Func): Changes {
    let known = this.structure.get(f.key);
    if (known) return known;
    const outside = this.outsideOf(f);
    let [grows, moves] = [false, false];
    this.walk(f, (op, { fresh }) => {
      if (op.kind !== 'store' || fresh.has(op.ref) || !outside.has(this.memory.classOf(op.ref))) return;
      moves ||= isRef(this.typeOf(op.value));
      grows ||= this.mayGrow(op);
    });
    known = { grows, moves };
    this.structure.set(f.key, known);
    return known;
  }

  /**
   * Whether anybody changes which objects those refer to that a function is given: the reverse sweep stands at the last
   * structure of the shadows, so that they must get the earlier one before the function runs again.
   */
  isRestructured(f: Func): boolean {
    const { memory } = this;
    let found = false;
    for (const p of f.params)
      visitTypedClasses(memory, memory.classOf(p), this.typeOf(p), (c, t) => {
        found ||= slotKeysOf(t).some((key) => c.written.has(key) && isRef(slotType(t, key) ?? OPAQUE));
      });
    return found;
  }

  private outsideOf(f: Func): ReadonlySet<MemoryClass> {
    const outside = new Set<MemoryClass>();
    for (const p of f.params)
      if (isRef(this.typeOf(p))) this.memory.reachable(this.memory.classOf(p), outside);
    return outside;
  }

  private find(f: Func): string | undefined {
    const outside = this.outsideOf(f);
    let why: string | undefined;
    let makes = false;
    this.walk(f, (op, facts) => {
      why ??= this.reason(op, facts, outside);
      makes ||=
        (op.kind === 'alloc' || op.kind === 'literal') && outside.has(this.memory.classOf(op.results[0]));
    });
    if (why === undefined && this.givesViews(f)) return 'it gives or carries views of a buffer';
    if (why === undefined && this.isGivenFrozen(f, outside))
      return 'it is given an object that changes and is frozen';
    if (why === undefined && makes && this.changes(f).moves)
      return 'it makes objects, and changes which objects an object outside of it holds';
    return why;
  }

  /** Whether an object that it is given may be frozen with other contents than it had: not one that it makes and fills itself. */
  private isGivenFrozen(f: Func, outside: ReadonlySet<MemoryClass>): boolean {
    if (![...outside].some((c) => this.frozen.has(c))) return false;
    const filling = new Set<Op>();
    this.walk(f, (op, { fresh }) => {
      if ((op.kind === 'store' || op.kind === 'resize') && fresh.has(op.ref)) filling.add(op);
    });
    let found = false;
    const visit = (op: Op): void => {
      if ((op.kind !== 'store' && op.kind !== 'resize') || filling.has(op)) return;
      const c = this.memory.classOf(op.ref);
      found ||= outside.has(c) && this.frozen.has(c);
    };
    for (const g of this.module.funcs.values()) walkOps(g.body, visit);
    return found;
  }

  /** Whether a result may share memory with other arrays: shadows are found by object. */
  private givesViews(f: Func): boolean {
    const { end } = f.body;
    const results = end.kind === 'yield' ? end.args.filter((v) => isRef(this.typeOf(v))) : [];
    return results.some((v) =>
      [...this.memory.reachable(this.memory.classOf(v))].some((c) => this.views.has(c)),
    );
  }

  private reason(op: Op, { fresh, lasting }: Facts, outside: ReadonlySet<MemoryClass>): string | undefined {
    if (op.kind === 'foreign' && op.noted) return undefined;
    if (isImpure(op)) return 'it gives objects to code outside, which may change them';
    if (op.kind === 'foreign' && !op.makesOnly && !lasting.has(op) && (this.hasEffects || this.pullback))
      return 'it reads something without derivative that may have changed when it runs again';
    if (op.kind === 'outer') return this.outer(op);
    if (op.kind === 'restore' || op.kind === 'save') return 'it takes derivatives itself';
    const ref = op.kind === 'store' || op.kind === 'resize' ? op.ref : undefined;
    if (ref === undefined || fresh.has(ref) || !outside.has(this.memory.classOf(ref))) return undefined;
    const isOptional = op.kind === 'store' && this.mayAppear(op);
    return op.kind === 'resize' || isOptional
      ? 'it removes elements or keys of an object outside of it, or sets an optional field'
      : undefined;
  }
  /** Whether a store may set a field that was not there. */
  private mayAppear(op: Op & { kind: 'store' }): boolean {
    return 'key' in op.at && slotType(this.typeOf(op.ref), op.at.key)?.kind === 'maybe';
  }
  /** Whether a store may add an element to an array. */
  private mayGrow(op: Op & { kind: 'store' }): boolean {
    const t = refType(this.typeOf(op.ref));
    return t?.kind === 'array' && t.storage === 'plain' && this.facts.growable(op.ref);
  }
  private outer(op: Op & { kind: 'outer' }): string | undefined {
    const isObject = isRef(this.typeOf(op.results[0]));
    const changes = isObject
      ? [...this.memory.reachable(this.memory.classOf(op.results[0]))].some((c) => c.written.size > 0)
      : op.changes === true && this.hasEffects;
    return changes || this.pullback
      ? 'it reads a variable outside that may have changed when it runs again'
      : undefined;
  }
  private typeOf(v: ValueId): Type {
    return this.module.values.type(v);
  }

  /** The operations of a function and of what it calls. */
  private walk(f: Func, visit: (op: Op, facts: Facts) => void): void {
    const seen = new Set<string>();
    const inside = (g: Func): void => {
      if (seen.has(g.key)) return;
      seen.add(g.key);
      const fresh = new Set<ValueId>();
      const facts: Facts = { fresh, lasting: lastingOps(this.module, g) };
      const ops = (list: readonly Op[]): void => {
        for (const op of list) {
          if (op.kind === 'alloc' || op.kind === 'literal') fresh.add(op.results[0]);
          visit(op, facts);
          for (const r of opRegions(op)) ops(r.ops);
          const callee = op.kind === 'call' ? this.module.funcs.get(op.callee) : undefined;
          if (callee) inside(callee);
        }
      };
      ops(g.body.ops);
    };
    inside(f);
  }
}

const isImpure = (op: Op): boolean => op.kind === 'foreign' && !op.pure && op.makesOnly !== true;
