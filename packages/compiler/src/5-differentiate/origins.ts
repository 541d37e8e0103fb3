/**
 * Check mode: where a value became what it is, if it is not finite. Beside each number goes its origin, as a tangent would: the
 * number of a place that the runtime knows, 0 for a finite number and for what came from outside as it is. What is made and
 * dropped, or handled, has an origin too, but not one that reaches the result.
 */
import { analyseActivity, EVERYTHING } from '../4-analyse/activity.js';
import { NUMBER, type ValueId } from '../ir/nodes.js';
import { isLeaf } from '../ir/types.js';
import type { Builder } from './builder.js';
import { Derivation, type Derived, resultOf } from './derivation.js';
import { type NumberTwins, Twinner } from './twin.js';

export class Origins extends Derivation {
  /** The function gives the origin of its result. */
  run(): Derived {
    const { r } = this;
    const { module, entry, memory } = r;
    const twinner = new Twinner(module, {
      mode: 'tangent',
      activity: analyseActivity(module, memory, entry, EVERYTHING, 'all'),
      late: () => false,
      growable: () => true,
      rename: (key) => this.keys.of(key, 'tangent'),
      constantOf: r.facts.constantOf,
      numbers: this.numbers,
    });
    const twinned = twinner.func(entry, {
      parameter: (b, p) =>
        isLeaf(this.typeOf(p)) ? b.num(0) : this.zeroShadow(b, p, true, twinner.twinType(p)),
      prologue: () => undefined,
    });
    const { end } = twinned.body;
    const origins = end.kind === 'yield' && resultOf(entry) !== undefined ? end.args.slice(1) : [];
    const body = { ...twinned.body, end: end.kind === 'yield' ? { ...end, args: origins } : end };
    const touched = this.reachable.filter((f) => twinner.touches(f));
    return {
      entry: { ...twinned, body },
      pairs: [],
      funcs: [...this.plain(), ...touched.map((f) => twinner.func(f))],
      extraParams: [],
      withoutInfluence: [],
    };
  }

  private readonly numbers: NumberTwins = {
    suffix: 'Origin',
    scalar: (b, op, originOf) => {
      if (op.fn === 'select')
        return b.scalar('select', op.args[0], originOf(op.args[1]), originOf(op.args[2]));
      const from = op.args.filter((a) => isLeaf(this.typeOf(a)));
      return this.ask(b, 'originOf', [op.results[0], ...from.flatMap((a) => [a, originOf(a)])]);
    },
    made: (b, v) => this.ask(b, 'originOf', [v]),
    list: (b, values, of) => this.ask(b, 'originsIn', [values, ...of]),
  };

  /** What the runtime says of a value, from what it is computed of. */
  private ask(b: Builder, name: string, args: readonly ValueId[]): ValueId {
    const [v] = args;
    const { values } = this.r.module;
    const type = isLeaf(this.typeOf(v)) ? NUMBER : this.typeOf(v);
    const result = values.fresh({ type });
    const named = values.get(v).name;
    const literals = [JSON.stringify(named === undefined ? 'a value' : `\`${named}\``)];
    const effect = type === NUMBER ? 'pure' : 'fresh';
    b.emit({
      kind: 'runtime',
      name,
      args,
      literals,
      effect,
      placed: true,
      results: [result],
      ...(b.span && { span: b.span }),
    });
    return result;
  }
}
