/**
 * **Question**: which function does a call of a derivative in differentiated code call? **Guarantees**: a module without such
 * calls: each is an ordinary call of a function that computes the derivative, made of copies, so that no value is shared with the
 * function itself. **Method**: innermost first; the derivative of a function that is on its way to be differentiated itself is
 * refused (AD1009), since it would have no end.
 */
import { analyseMemory } from './3-simplify/memory.js';
import { type Diagnostics, type Place, placeOfSpan } from './diagnostics/diagnostic.js';
import { Cloner } from './ir/clone.js';
import type {
  CallOp,
  Func,
  LoweredRule,
  Module,
  NestedDerivative,
  Op,
  Region,
  Type,
  ValueId,
  ValueTable,
} from './ir/nodes.js';
import { calledFrom, reachableByRules, reachableFrom } from './ir/reach.js';
import { functionsOfRule, mapRules } from './ir/rules.js';
import { typeKey } from './ir/types.js';
import { mapEnd, mapOp, mapRegions, opArgs, walkOps } from './ir/visit.js';

type Compile = (
  module: Module,
  entry: Func,
  spec: NestedDerivative,
  given: readonly Type[],
) => { readonly module: Module; readonly entry: Func };

export function expandDerivatives(
  { module, entry }: { readonly module: Module; readonly entry: Func },
  session: { readonly diagnostics: Diagnostics; readonly request: Place & { readonly message: string } },
  compile: Compile,
): { module: Module; entry: Func } {
  const repeatable = withRepeatableRules(module, entry);
  const expansion = new Expansion(repeatable, session, compile);
  expansion.checkRepeated(entry);
  const expanded = expansion.func(repeatable.funcs.get(entry.key)!);
  return { module: { values: module.values, funcs: expansion.reachable(expanded) }, entry: expanded };
}

class Expansion {
  private readonly funcs = new Map<string, Func>();
  private readonly derivatives = new Map<string, string>();
  /** Functions whose derivatives are looked for. */
  private readonly open = new Set<string>();
  private readonly keys: Set<string>;

  constructor(
    readonly module: Module,
    readonly session: {
      readonly diagnostics: Diagnostics;
      readonly request: Place & { readonly message: string };
    },
    readonly compile: Compile,
  ) {
    this.keys = new Set(module.funcs.keys());
    const targets = [...module.funcs.values()].flatMap((f) =>
      derivedIn(f).map((key) => module.funcs.get(key)!),
    );
    const inner = targets.flatMap((f) => [...reachableFrom(f, module.funcs).keys()]);
    this.inner = new Set([...inner, ...reachableByRules(module.funcs.values(), module.funcs).keys()]);
  }
  /** Functions whose derivatives are differentiated again by more than the outermost derivative. */
  private readonly inner: ReadonlySet<string>;

  /** Functions that run again for a derivative must do nothing outside, and find all as it was. */
  checkRepeated(entry: Func): void {
    const { funcs } = this.module;
    const calls: CallOp[] = [];
    for (const f of funcs.values())
      walkOps(f.body, (op) => {
        if (op.kind === 'call' && op.derivative?.repeated) calls.push(op);
      });
    if (calls.length === 0) return;
    const effects = effectsIn(this.module, entry);
    for (const op of calls) {
      if (effects(op.callee))
        this.refuse('AD1010', op, 'a function with effects would run more than once for this derivative');
    }
  }

  /** The function with plain calls only. */
  func(f: Func): Func {
    const known = this.funcs.get(f.key);
    if (known) return known;
    this.funcs.set(f.key, f); // recursion: replaced below
    this.open.add(f.key);
    const saved = this.again;
    this.again = this.inner.has(f.key);
    const expanded = { ...f, body: this.region(f.body) };
    this.again = saved;
    this.open.delete(f.key);
    this.funcs.set(f.key, expanded);
    return expanded;
  }
  /** Whether the function at hand is one of them. */
  private again = false;
  private region(r: Region): Region {
    const ops = r.ops.map((op) => this.op(op));
    return { ...r, ops };
  }
  private op(op: Op): Op {
    for (const key of functionsOfRule(op)) this.func(this.module.funcs.get(key)!);
    if (op.kind !== 'call') return mapRegions(op, (r) => this.region(r));
    const callee = this.module.funcs.get(op.callee);
    if (!op.derivative) {
      if (callee) this.func(callee);
      return op;
    }
    const { derivative: _, ...call } = op;
    return { ...call, callee: this.derivative(op, op.derivative) };
  }

  /** All functions that are called from one. */
  reachable(f: Func): Map<string, Func> {
    return reachableFrom(f, this.funcs);
  }

  private derivative(op: CallOp, spec: NestedDerivative): string {
    const target = this.module.funcs.get(op.callee)!;
    const given = op.args.slice(target.params.length).map((a) => this.module.values.type(a));
    const key = `${op.callee}|${JSON.stringify(spec)}|${given.map((t) => typeKey(t))}|${this.again}`;
    const known = this.derivatives.get(key);
    if (known !== undefined) return known;
    const f = this.func(target);
    const reached = this.reachable(f);
    if ([...reached.keys()].some((k) => this.open.has(k))) return this.refuse('AD1009', op);
    if (this.session.diagnostics.hasErrors) return op.callee;
    const { values } = this.module;
    const suffix = spec.mode === 'forward' ? 'jvp' : 'vjp';
    // what a rule is computed by is not differentiated where it is only referred to: it is apart from what is called
    const { called, byRules } = this.again
      ? this.withRules(calledFrom(f, this.funcs))
      : this.withRulesOf(calledFrom(f, this.funcs), spec.mode === 'forward' ? 'push' : 'pull');
    const rules = copyFunctions(byRules, values, this.keys, 'rule');
    const copies = copyFunctions(called, values, this.keys, suffix, rules.keyOf);
    const made = this.compile(
      { values, funcs: new Map([...copies.funcs, ...rules.funcs]) },
      copies.funcs.get(copies.keyOf(f.key))!,
      spec,
      given,
    );
    for (const g of made.module.funcs.values()) {
      this.keys.add(g.key);
      this.funcs.set(g.key, g);
    }
    this.derivatives.set(key, made.entry.key);
    return made.entry.key;
  }

  /** Functions, and those that derivatives of them will call. */
  private withRules(called: ReadonlyMap<string, Func>): CalledByRules {
    return { called, byRules: reachableByRules(called.values(), this.funcs) };
  }
  /** Only what is called for one mode, and not differentiated again. */
  private withRulesOf(called: ReadonlyMap<string, Func>, mode: 'pull' | 'push'): CalledByRules {
    const { values } = this.module;
    const why = (rule: LoweredRule) => (rule.why === undefined ? {} : { why: rule.why });
    const one = mapRules({ funcs: called, values }, (rule) => {
      const key = rule[mode];
      return { ...why(rule), ...(key === undefined ? {} : { [mode]: key }) };
    });
    const ofRules = mapRules({ funcs: this.funcs, values }, why);
    return { called: one.funcs, byRules: reachableByRules(one.funcs.values(), ofRules.funcs) };
  }

  private refuse(code: 'AD1009' | 'AD1010', op: CallOp, message?: string): string {
    const { diagnostics, request } = this.session;
    if (op.span) diagnostics.report(code, placeOfSpan(op.span), [request], message);
    return op.callee;
  }
}

interface CalledByRules {
  readonly called: ReadonlyMap<string, Func>;
  readonly byRules: ReadonlyMap<string, Func>;
}
/** The functions that a function calls derivatives of. */
function derivedIn(f: Func): string[] {
  const keys: string[] = [];
  walkOps(f.body, (op) => {
    if (op.kind === 'call' && op.derivative) keys.push(op.callee);
  });
  return keys;
}

/** A rule is run by its value and once more for each derivative: what has effects is followed once. */
function withRepeatableRules(module: Module, entry: Func): Module {
  const refers = (f: Func): boolean => {
    let any = false;
    walkOps(f.body, (op) => {
      any ||= functionsOfRule(op).length > 0;
    });
    return any;
  };
  if (![...module.funcs.values()].some(refers)) return module;
  const effects = effectsIn(module, entry);
  const why = 'the rule has effects, or reads what the program writes, and would run more than once';
  return mapRules(module, (rule) =>
    [rule.pull, rule.push].some((key) => key !== undefined && effects(key)) ? { why } : rule,
  );
}

/** Which functions of a module have effects, with what they call. */
function effectsIn(module: Module, entry: Func): (key: string) => boolean {
  const memory = analyseMemory(module, entry);
  const isWritten = (v: ValueId) => [...memory.reachable(memory.classOf(v))].some((c) => c.written.size > 0);
  return (key) => {
    const reached = [...reachableFrom(module.funcs.get(key)!, module.funcs).values()];
    return reached.some((f) => hasEffects(f, isWritten));
  };
}

/** Whether a function does something outside of the memory that it is given, or may do or find something else each time. */
function hasEffects(f: Func, isWritten: (ref: ValueId) => boolean): boolean {
  let any = false;
  const used = new Set<ValueId>();
  walkOps(f.body, (op) => {
    for (const a of opArgs(op)) used.add(a);
  });
  // what reads memory is not pure; a log is only looked at for what it does
  const reads = (op: Op & { kind: 'foreign' }) =>
    op.gapTest === true || (op.role === 'reads' && op.results.some((v) => used.has(v)));
  walkOps(f.body, (op) => {
    any ||= op.kind === 'foreign' && !op.pure && !op.makesOnly && !reads(op);
    any ||= op.kind === 'outer' && isWritten(op.results[0]);
  });
  return any;
}

/** Copies with values, labels, names and tape records of their own. */
function copyFunctions(
  funcs: ReadonlyMap<string, Func>,
  values: ValueTable,
  taken: Set<string>,
  suffix: string,
  keyOfRule?: (key: string) => string,
): { funcs: Map<string, Func>; keyOf: (key: string) => string } {
  const keys = new Map<string, string>();
  // what is made of a function has a longer key
  const isFree = (key: string) => ![...taken].some((other) => other === key || other.startsWith(`${key}_`));
  for (const key of funcs.keys()) {
    let fresh = `${key}_${suffix}`;
    for (let k = 2; !isFree(fresh); k++) fresh = `${key}_${suffix}${k}`;
    taken.add(fresh);
    keys.set(key, fresh);
  }
  const keyOf = (key: string) => keys.get(key) ?? key;
  const [mark] = keys.values();
  const out = new Map<string, Func>();
  for (const f of funcs.values()) {
    const params = f.params.map((p) => values.like(p));
    const cloner = new Cloner(values, new Map(f.params.map((p, k) => [p, params[k]])));
    const label = values.freshLabel();
    cloner.retarget(f.label, label);
    const names = { keyOf, keyOfRule: keyOfRule ?? keyOf, pairOf: (pair: string) => `${pair}'${mark}` };
    const body = renamed(cloner.region(f.body), names);
    out.set(keyOf(f.key), { ...f, key: keyOf(f.key), label, params, body });
  }
  return { funcs: out, keyOf };
}
interface Names {
  readonly keyOf: (key: string) => string;
  readonly keyOfRule: (key: string) => string;
  readonly pairOf: (pair: string) => string;
}
function renamed(r: Region, { keyOf, keyOfRule, pairOf }: Names): Region {
  const op = (o: Op): Op => {
    if (o.kind === 'call') return { ...o, callee: keyOf(o.callee) };
    if (o.kind === 'runtime' && o.rule) return { ...o, rule: renamedRule(o.rule, keyOfRule) };
    if (o.kind === 'save' || o.kind === 'restore') return { ...o, pair: pairOf(o.pair) };
    return mapOp(o, { value: (v) => v, region });
  };
  const region = (x: Region): Region => ({ ...x, ops: x.ops.map(op), end: mapEnd(x.end, (v) => v) });
  return region(r);
}
const renamedRule = ({ pull, push, ...rest }: LoweredRule, keyOf: (key: string) => string): LoweredRule => ({
  ...rest,
  ...(pull !== undefined && { pull: keyOf(pull) }),
  ...(push !== undefined && { push: keyOf(push) }),
});
