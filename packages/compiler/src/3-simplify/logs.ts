/**
 * **Question**: how do the effects of a part that runs again happen once? **Guarantees**: what the platform, the clock or a random number
 * gives is the same in each run; logging and assignments outside happen in the first one only. **Method**: the part is given a
 * log; each such operation is run through it, which notes what it gave, and gives that when the part runs again.
 */
import { cloneFunc } from '../ir/clone.js';
import {
  type CallOp,
  type ForeignOp,
  type Func,
  type Module,
  OPAQUE,
  type Op,
  type Region,
  type ValueId,
} from '../ir/nodes.js';
import { isRef } from '../ir/types.js';
import { mapRegions, opArgs, opRegions, walkOps } from '../ir/visit.js';

/**
 * The module with logs: a function with effects has one as its last parameter. `parts`: the functions that run again; `pullback`: the caller may change what it can reach before. Where anything may change,
 * what only reads from outside is noted as well.
 */
export function logEffects(module: Module, parts: ReadonlySet<string>, pullback: boolean): Module {
  let changes = pullback;
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => void (changes ||= op.kind === 'foreign' && !op.pure && !op.makesOnly));
  return new Logger(module, parts, changes).run();
}

/** What can be noted: not what may change objects of the program. */
function canBeNoted(module: Module, op: ForeignOp): boolean {
  if (op.makesOnly || op.role === 'calls') return false;
  return op.role !== 'unknown' || op.args.every((a) => !isRef(module.values.type(a)));
}

/** Operations of a function that give the same whenever they run: they read nothing but numbers, text, and what such give. */
export function lastingOps(module: Module, f: Func): ReadonlySet<Op> {
  const lasting = new Set<Op>();
  const values = new Set<ValueId>();
  const isLasting = (v: ValueId): boolean =>
    values.has(v) || ['number', 'boolean', 'nullish'].includes(module.values.type(v).kind);
  walkOps(f.body, (op) => {
    const isPure = op.kind === 'const' || (op.kind === 'foreign' && op.pure) || op.kind === 'scalar';
    if (!isPure || !opArgs(op).every(isLasting)) return;
    lasting.add(op);
    for (const v of op.results) values.add(v);
  });
  return lasting;
}

class Logger {
  private lasting: ReadonlySet<Op> = new Set();
  private readonly out = new Map<string, Func>();
  private readonly effects = new Map<string, boolean>();

  constructor(
    readonly module: Module,
    readonly parts: ReadonlySet<string>,
    readonly all: boolean,
  ) {}

  run(): Module {
    if (![...this.parts].some((key) => this.hasEffects(key))) return this.module;
    for (const f of this.module.funcs.values())
      if (!this.out.has(f.key)) this.out.set(f.key, this.parts.has(f.key) ? this.part(f) : this.outer(f));
    return { ...this.module, funcs: this.out };
  }

  private isNoted(op: Op): op is ForeignOp {
    const isNeeded = op.kind === 'foreign' && (!op.pure || (this.all && !this.lasting.has(op)));
    return isNeeded && canBeNoted(this.module, op as ForeignOp);
  }
  private hasEffects(key: string, seen = new Set<string>()): boolean {
    const known = this.effects.get(key);
    if (known !== undefined || seen.has(key)) return known ?? false;
    seen.add(key);
    let found = false;
    const f = this.module.funcs.get(key);
    if (f) {
      this.lasting = lastingOps(this.module, f);
      walkOps(f.body, (op) => void (found ||= this.isNoted(op)));
      walkOps(f.body, (op) => {
        found ||= op.kind === 'call' && this.hasEffects(op.callee, seen);
      });
    }
    this.effects.set(key, found);
    return found;
  }

  /** Code around parts: each part gets a log of its own. */
  private outer(f: Func): Func {
    return { ...f, body: this.region(f.body, undefined, new Map()) };
  }
  private part(f: Func): Func {
    return this.hasEffects(f.key) ? this.withLog(f, f.key) : this.outer(f);
  }
  private withLog(f: Func, key: string): Func {
    const log = this.module.values.fresh({ type: OPAQUE, name: 'log' });
    const around = this.lasting;
    this.lasting = lastingOps(this.module, f);
    const body = this.region(f.body, log, new Map());
    this.lasting = around;
    return { ...f, key, params: [...f.params, log], body };
  }

  /** `given`: the logs of parts that are called here, by their key: a loop and its last step have one. */
  private region(r: Region, log: ValueId | undefined, given: Map<string, ValueId>): Region {
    const ops = r.ops.flatMap((op): Op[] => {
      if (log !== undefined && this.isNoted(op)) return [this.noted(op, log)];
      if (op.kind === 'call') return this.call(op, log, given);
      if (opRegions(op).length === 0) return [op];
      return [mapRegions(op, (x) => this.region(x, log, new Map(given)))];
    });
    return { ...r, ops };
  }
  private noted(op: ForeignOp, log: ValueId): ForeignOp {
    const [first, ...rest] = op.template;
    const method = op.results.length === 0 ? 'effect' : 'recall';
    const template = ['', `.${method}(() => (${first}`, ...rest];
    template[template.length - 1] += '))';
    return { ...op, template, args: [log, ...op.args], pure: false, noted: true };
  }
  private call(op: CallOp, log: ValueId | undefined, given: Map<string, ValueId>): Op[] {
    if (!this.hasEffects(op.callee)) return [op];
    if (this.parts.has(op.callee)) {
      const known = given.get(op.callee);
      if (known !== undefined) return [withArgument(op, known)];
      const own = this.module.values.fresh({ type: OPAQUE, name: 'log' });
      given.set(op.callee, own);
      const args = log === undefined ? [] : [log];
      const results = [own];
      return [
        { kind: 'runtime', name: 'makeLog', args, literals: [], effect: 'effect', results },
        withArgument(op, own),
      ];
    }
    if (log === undefined) return [op];
    const key = `${op.callee}_noted`;
    const callee = this.module.funcs.get(op.callee);
    if (callee && !this.out.has(key)) {
      this.out.set(key, callee); // recursion comes back here
      this.out.set(key, this.withLog(cloneFunc(callee, this.module.values), key));
    }
    return [{ ...op, callee: key, args: [...op.args, log] }];
  }
}

function withArgument(op: CallOp, log: ValueId): CallOp {
  const { checkpoint } = op;
  return {
    ...op,
    args: [...op.args, log],
    ...(checkpoint && { checkpoint: { ...checkpoint, hasLog: true } }),
  };
}
