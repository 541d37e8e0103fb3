/**
 * **Question**: which functions compute what the derivative rules say? **Method**: they are lowered behind all others, as a rule may call
 * the function that it belongs to. Nobody is told of what is wrong with a rule that is not needed.
 */
import { Diagnostics } from '../diagnostics/diagnostic.js';
import type { ts } from '../host/ts.js';
import type { ValueId } from '../ir/nodes.js';
import { mapRules } from '../ir/rules.js';
import { asArgs } from './args.js';
import { callValue } from './call-values.js';
import type { FunctionContext } from './context.js';
import { flatten, type RuleMap, type Shape, shapeKey, type Val } from './shapes.js';
import type { Lowering } from './specialise.js';
import { newSpecialised } from './state.js';

export class RuleMaps {
  private readonly promised: { readonly key: string; readonly lower: () => void }[] = [];
  constructor(private readonly state: Lowering) {}

  /** The function that computes what a rule says for these arguments, and what it is called with. */
  promise(
    cx: FunctionContext,
    of: RuleMap,
    args: readonly Val[],
    at: ts.Expression,
  ): { readonly callee: string; readonly ids: readonly ValueId[] } {
    const { state } = this;
    const given = args.map((v) => flatten(v, state, (id) => cx.sure.has(id)));
    const handed = state.handed(cx, new Map(), given);
    const { ids } = handed;
    const spec = `rule|${shapeKey(of)}|${handed.text}`;
    const known = state.specialised.get(spec);
    if (known) return { callee: known.key, ids };
    const key = state.freshKey(`${of.symbol.name}_${of.mode}`);
    const f = newSpecialised(key, spec);
    state.specialised.set(spec, f);
    const names = [...given.slice(0, -2).map((_, k) => `x${k}`), 'numbers', 'count'];
    const built = { ...handed, decl: at, names, calledAt: cx.span(at) };
    const lower = (): void => {
      state.build(f, built, (inner, values) =>
        inner.onReturn(callValue(inner, of, asArgs(values, at), at, undefined), at),
      );
      if (!isNumbers(f.result)) cx.report('AD4007', at, 'it gives no list of numbers');
    };
    this.promised.push({ key, lower });
    return { callee: key, ids };
  }

  /** Lowers what was promised; operations learn of rules that could not be lowered. */
  lower(): void {
    const { funcs, values } = this.state;
    const failed = new Map<string, string>();
    for (const { key, lower } of this.promised) {
      const why = this.try(lower);
      if (why !== undefined) failed.set(key, why);
    }
    if (failed.size === 0) return;
    const changed = mapRules({ funcs, values }, (rule) => {
      const { pull = '', push = '' } = rule;
      const why = failed.get(pull) ?? failed.get(push);
      if (why === undefined) return rule;
      const isThere = (key: string) => key !== '' && !failed.has(key);
      return { why, ...(isThere(pull) && { pull }), ...(isThere(push) && { push }) };
    });
    for (const [key, f] of changed.funcs) funcs.set(key, f);
  }
  /** Why a rule cannot be lowered; the attempt leaves no trace then. */
  private try(lowerIt: () => void): string | undefined {
    const { state } = this;
    if (state.inference.outerWrites.size > 0)
      return 'the program assigns a variable outside, which may have changed when the rule runs again';
    const maps = [state.specialised, state.funcs];
    const before = maps.map((map) => new Set(map.keys()));
    const { diagnostics } = state;
    state.diagnostics = new Diagnostics();
    lowerIt();
    const problem = state.diagnostics.sorted().find((d) => d.severity === 'error');
    if (!problem) diagnostics.addAll(state.diagnostics);
    else
      maps.forEach((map, k) => {
        for (const name of map.keys()) if (!before[k].has(name)) map.delete(name);
      });
    state.diagnostics = diagnostics;
    return problem && `${problem.message} (${problem.code})`;
  }
}

/** A plain list of numbers. */
const isNumbers = (s: Shape | undefined): boolean =>
  s?.kind === 'ir' && s.type.kind === 'array' && s.type.storage === 'plain' && s.type.elem.kind === 'number';
