/**
 * **Question**: what becomes of module-level objects that are written with active values? **Guarantees**: afterwards all module-level
 * objects are parameters of the entry function, as captured variables are: they have shadows, and count as access paths.
 * **Method**: lambda lifting (Johnsson 1985) over the call graph.
 */

import type { Memory } from '../3-simplify/memory.js';
import type { CallOp, Func, Module, Op, OuterOp, Region, Type, ValueId } from '../ir/nodes.js';
import { mapRules } from '../ir/rules.js';
import { isRef, sameType } from '../ir/types.js';
import { mapEnd, mapOp, walkOps } from '../ir/visit.js';
import type { Activity } from './activity.js';

export interface Lifted {
  readonly module: Module;
  readonly entry: Func;
  /** The expressions that give the captured parameters, which stand before the arguments. */
  readonly captured: readonly string[];
}

/** Whether an active value is stored in an object that a module-level variable holds. */
export function storesOutside(module: Module, memory: Memory, activity: Activity): boolean {
  let found = false;
  for (const f of module.funcs.values())
    walkOps(f.body, (op) => {
      if (op.kind !== 'store' || !memory.classOf(op.ref).outer) return;
      found ||= activity.varied(op.value) || activity.variedRef(op.value);
    });
  return found;
}

/** Whether an expression reads a copy that nobody else holds. */
type IsCopy = (text: string) => boolean;
const isObject = (module: Module, op: Op, isCopy: IsCopy): op is OuterOp =>
  op.kind === 'outer' && isRef(module.values.type(op.results[0])) && !isCopy(op.text);

/** Makes parameters of all module-level objects. One that is seen with two types stays as it is. */
export function liftOuterObjects({ module, entry, captured }: Lifted, isCopy: IsCopy): Lifted {
  const types = new Map<string, Type | undefined>();
  const used = new Map<string, Set<string>>();
  for (const f of module.funcs.values()) {
    const mine = new Set<string>();
    used.set(f.key, mine);
    walkOps(f.body, (op) => {
      if (!isObject(module, op, isCopy)) return;
      const type = module.values.type(op.results[0]);
      const before = types.get(op.text);
      types.set(op.text, !types.has(op.text) || (before && sameType(before, type)) ? type : undefined);
      mine.add(op.text);
    });
  }
  throughCalls(module, used);
  const plain = mapRules(module, (rule) => {
    const reads = [rule.pull, rule.push].some((key) => key !== undefined && (used.get(key)?.size ?? 0) > 0);
    return reads
      ? { why: 'the rule reads an object of a module, while the program writes to such objects' }
      : rule;
  });
  const texts = [...types].flatMap(([text, type]) => (type === undefined ? [] : [text]));
  const lifter = new Lifter(module, types, texts, used);
  const funcs = new Map(
    [...plain.funcs].map(([key, f]) => [
      key,
      lifter.func(f, key === entry.key ? captured.length : undefined),
    ]),
  );
  return {
    module: { ...module, funcs },
    entry: funcs.get(entry.key) as Func,
    captured: [...captured, ...lifter.of(entry.key)],
  };
}

/** A function needs what the functions need that it calls. */
function throughCalls(module: Module, used: ReadonlyMap<string, Set<string>>): void {
  for (let changed = true; changed; ) {
    changed = false;
    for (const f of module.funcs.values()) {
      const mine = used.get(f.key) as Set<string>;
      const before = mine.size;
      walkOps(f.body, (op) => {
        if (op.kind === 'call') for (const text of used.get(op.callee) ?? []) mine.add(text);
      });
      changed ||= mine.size > before;
    }
  }
}

class Lifter {
  constructor(
    readonly module: Module,
    readonly types: ReadonlyMap<string, Type | undefined>,
    readonly texts: readonly string[],
    readonly used: ReadonlyMap<string, ReadonlySet<string>>,
  ) {}

  /** What a function is given, in one order for all. */
  of(key: string): readonly string[] {
    return this.texts.filter((text) => this.used.get(key)?.has(text));
  }

  /** `at`: where the new parameters stand, at the end otherwise. */
  func(f: Func, at = f.params.length): Func {
    const texts = this.of(f.key);
    if (texts.length === 0) return f;
    const params = new Map(texts.map((text) => [text, this.param(text)]));
    const own = [...f.params.slice(0, at), ...params.values(), ...f.params.slice(at)];
    return { ...f, params: own, body: this.body(f.body, params) };
  }
  private param(text: string): ValueId {
    const name = /([A-Za-z_$][\w$]*?)(?:\(\))?$/.exec(text)?.[1].replace(/^adjoint_get_/, '') ?? 'outer';
    return this.module.values.fresh({ type: this.types.get(text) as Type, name });
  }

  /** New arguments stand behind those of the callee; a derivative is given more than these. */
  private withMore({ args, callee, derivative }: CallOp, more: readonly ValueId[]): ValueId[] {
    const own = this.module.funcs.get(callee)?.params.length;
    const at = derivative && own !== undefined ? own : args.length;
    return [...args.slice(0, at), ...more, ...args.slice(at)];
  }

  private body(body: Region, params: ReadonlyMap<string, ValueId>): Region {
    const subst = new Map<ValueId, ValueId>();
    const value = (v: ValueId): ValueId => subst.get(v) ?? v;
    const region = (r: Region): Region => {
      const ops = r.ops.flatMap((op): Op[] => {
        const param = op.kind === 'outer' ? params.get(op.text) : undefined;
        if (param !== undefined) {
          subst.set(op.results[0], param);
          return [];
        }
        const mapped = mapOp(op, { value, region });
        if (mapped.kind !== 'call') return [mapped];
        const more = this.of(mapped.callee).map((text) => params.get(text) as ValueId);
        return [more.length === 0 ? mapped : { ...mapped, args: this.withMore(mapped, more) }];
      });
      return { ...r, ops, end: mapEnd(r.end, value) };
    };
    return region(body);
  }
}
