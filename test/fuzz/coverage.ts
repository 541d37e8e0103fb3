/** What the IR of accepted programs consists of: operations, derivative rules and library functions, and where they stand. */
import ts from 'typescript';
import { analyseMemory } from '../../packages/compiler/src/3-simplify/memory.js';
import type { Known, Observer } from '../../packages/compiler/src/compile.js';
import { leavingExits } from '../../packages/compiler/src/ir/exits.js';
import type {
  Func,
  LoopOp,
  Module,
  Op,
  Region,
  Terminator,
  ValueId,
} from '../../packages/compiler/src/ir/nodes.js';
import { isRef } from '../../packages/compiler/src/ir/types.js';
import { opRegions, walkOps, walkRegions } from '../../packages/compiler/src/ir/visit.js';
import { libraryOf } from '../../packages/compiler/src/library/library.js';
import { SCALAR_RULES } from '../../packages/compiler/src/rules/scalar.js';
import { generalOf } from './forms.js';

/** Where something is met, as bits; 0 is met anywhere. */
const PLACES = { 'in a loop': 1, 'under a branch': 2, 'after an exit': 4, aliased: 8 } as const;
const [LOOP, BRANCH, EXIT, ALIASED] = Object.values(PLACES);

const KINDS: Readonly<Record<Op['kind'] | Terminator['kind'], 'memory' | 'other'>> = {
  const: 'other',
  scalar: 'other',
  alloc: 'memory',
  literal: 'memory',
  load: 'memory',
  store: 'memory',
  accum: 'memory',
  length: 'memory',
  resize: 'memory',
  if: 'other',
  loop: 'other',
  block: 'other',
  call: 'other',
  outer: 'other',
  foreign: 'other',
  runtime: 'other',
  save: 'other',
  restore: 'other',
  yield: 'other',
  exit: 'other',
  throw: 'other',
};
const library = new Set([...libraryOf(ts).functions.keys()].filter((name) => !name.startsWith('__')));

/** Everything that can be met, with whether it can be aliased. */
const ALL: ReadonlyMap<string, boolean> = new Map([
  ...Object.entries(KINDS).flatMap(([kind, of]) =>
    ['differentiated', 'derivative'].map((side) => [`${side} ${kind}`, of === 'memory'] as const),
  ),
  ...[...SCALAR_RULES.keys()].map((name) => [`rule ${name}`, false] as const),
  ...[...library].map((name) => [`library ${name}`, true] as const),
]);

/** What one program is seen to consist of. */
export class Sighting {
  /** Name -> the places where it was met. */
  readonly met = new Map<string, number>();

  readonly observe: Observer = (pass, module, known, call) => {
    // what is met without the cheap forms says nothing of the usual code
    if (call && generalOf(call) !== undefined) return;
    if (pass === 'lower') this.library(module);
    else if (pass === 'analyse' && known) this.differentiated(module, known);
    else if (pass === 'simplify again' && known) this.operations('derivative', module, known);
  };

  private note(what: string, places: number): void {
    this.met.set(what, (this.met.get(what) ?? 0) | places);
  }

  private library(module: Module): void {
    const [entry] = module.funcs.values();
    const memory = analyseMemory(module, entry);
    const origins = originsOf(module, entry, memory);
    for (const f of module.funcs.values())
      new Walk(module, f).run((op, places) => {
        if (op.kind !== 'call') return;
        const name = module.funcs.get(op.callee)?.name;
        const aliased = (origins.get(memory.classOf(op.args[0])) ?? 0) > 1;
        if (name !== undefined && library.has(name))
          this.note(`library ${name}`, places | (aliased ? ALIASED : 0));
      });
  }

  private differentiated(module: Module, known: Known): void {
    this.operations('differentiated', module, known);
    new Walk(module, known.entry).run((op, places) => {
      if (op.kind !== 'scalar') return;
      const differentiable = typeof SCALAR_RULES.get(op.fn)?.derivative === 'function';
      if (!differentiable || known.activity?.active(op.results[0])) this.note(`rule ${op.fn}`, places);
    });
  }

  private operations(side: string, module: Module, { entry, memory }: Known): void {
    if (memory === undefined) return;
    const origins = originsOf(module, entry, memory);
    const aliased = (op: Op): boolean => {
      const ref =
        'ref' in op ? op.ref : op.kind === 'alloc' || op.kind === 'literal' ? op.results[0] : undefined;
      return ref !== undefined && (origins.get(memory.classOf(ref)) ?? 0) > 1;
    };
    new Walk(module, entry).run((op, places) =>
      this.note(
        `${side} ${op.kind}`,
        KINDS[op.kind] === 'memory' && aliased(op as Op) ? places | ALIASED : places,
      ),
    );
  }
}

/** How many operations and arguments give a reference of each class of memory: of several, each may be an alias of another. */
function originsOf(module: Module, entry: Func, memory: NonNullable<Known['memory']>): Map<unknown, number> {
  const found = new Map<unknown, number>();
  const note = (v: ValueId): void => {
    if (!isRef(module.values.type(v))) return;
    const of = memory.classOf(v);
    found.set(of, (found.get(of) ?? 0) + 1);
  };
  entry.params.forEach(note);
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (opRegions(op).length === 0) op.results.forEach(note);
    });
  return found;
}

type Visit = (what: Op | Terminator, places: number) => void;

/** Goes through the functions of a module from its entry; what is called stands where it is called. */
class Walk {
  private readonly places = new Map<string, number>();
  private readonly infinite = new Set<ValueId>();

  constructor(
    private readonly module: Module,
    private readonly entry: Func,
  ) {
    for (const f of module.funcs.values())
      walkOps(f.body, (op) => {
        if (op.kind === 'const' && op.value === Number.POSITIVE_INFINITY) this.infinite.add(op.results[0]);
      });
  }

  run(visit: Visit): void {
    const queue = [{ f: this.entry, places: 0 }];
    for (const { f, places } of queue) {
      const before = this.places.get(f.key);
      const all = (before ?? 0) | places;
      if (before === all) continue;
      this.places.set(f.key, all);
      this.region(f.body, all, undefined, (what, at) => {
        visit(what, at);
        const callee = what.kind === 'call' ? this.module.funcs.get(what.callee) : undefined;
        if (callee) queue.push({ f: callee, places: at });
      });
    }
  }

  private region(r: Region, places: number, loop: LoopOp | undefined, visit: Visit): void {
    let at = places;
    for (const op of r.ops) {
      visit(op, at);
      const inside = op.kind === 'loop' ? LOOP : op.kind === 'if' ? BRANCH : 0;
      for (const inner of opRegions(op))
        this.region(inner, at | inside, op.kind === 'loop' ? op : undefined, visit);
      if (this.mayLeave(op) && !this.isTest(op, loop, at === places)) at |= EXIT;
    }
    visit(r.end, at);
  }
  private mayLeave(op: Op): boolean {
    if (leavingExits(op).length > 0) return true;
    let throws = false;
    for (const inner of opRegions(op))
      walkRegions(inner, (r) => {
        throws ||= r.end.kind === 'throw';
      });
    return throws;
  }
  /** The condition of a loop is no exit in the words of the user. */
  private isTest(op: Op, loop: LoopOp | undefined, first: boolean): boolean {
    if (!first || loop === undefined || !this.infinite.has(loop.hi)) return false;
    const exits = leavingExits(op);
    return exits.length === 1 && exits[0].target === loop.label;
  }
}

/** Over many programs: how many have met each thing, anywhere and in each place. */
export class Tally {
  private programs = 0;
  private readonly counts = new Map<string, number[]>();

  add({ met }: Sighting): void {
    this.programs++;
    for (const [what, places] of met) {
      const counts = this.counts.get(what) ?? [0, 0, 0, 0, 0];
      this.counts.set(what, counts);
      counts[0]++;
      Object.values(PLACES).forEach((bit, k) => {
        if (places & bit) counts[k + 1]++;
      });
    }
  }

  /** Those of another thread: its counts only. */
  addAll(other: Tally): void {
    this.programs += other.programs;
    for (const [what, counts] of other.counts) {
      const sum = this.counts.get(what) ?? counts.map(() => 0);
      this.counts.set(
        what,
        sum.map((n, k) => n + counts[k]),
      );
    }
  }

  /** A table of what fewer than `threshold` programs have met, by the rarest place first. */
  table(threshold = Math.max(1, Math.min(1000, Math.floor(this.programs / 20)))): string {
    const rows = [...ALL].flatMap(([what, canAlias]) => {
      const [met, ...places] = this.counts.get(what) ?? [0, 0, 0, 0, 0];
      const cells = [met, ...places.slice(0, 3), ...(canAlias ? [places[3]] : [])];
      return cells.some((n) => n < threshold) ? [{ what, cells }] : [];
    });
    rows.sort((a, b) => a.cells[0] - b.cells[0] || (a.what < b.what ? -1 : 1));
    const line = (what: string, cells: readonly (number | string)[]): string =>
      what.padEnd(28) + cells.map((c) => String(c).padStart(16)).join('');
    const head = `met by fewer than ${threshold} of ${this.programs} accepted programs, or in one of these places (${ALL.size - rows.length} of ${ALL.size} things are met often everywhere):`;
    return [
      head,
      line('', ['anywhere', ...Object.keys(PLACES)]),
      ...rows.map((r) => line(r.what, r.cells)),
    ].join('\n');
  }
}
