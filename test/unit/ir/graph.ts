/** A graph of table entries with their values: evaluates what derivative forms build, and differentiates it again. */
import type { ValueId } from '../../../packages/compiler/src/ir/nodes.js';
import { type RuleBuilder, scalarRule } from '../../../packages/compiler/src/rules/scalar.js';

interface Node {
  readonly value: unknown;
  readonly fn?: string;
  readonly args: readonly ValueId[];
  readonly known?: boolean;
}

/** Whether forms get guarded products, plain ones, or guarded ones without the separate quotient. */
export type Policy = 'strong' | 'plain' | 'no quotient';

export class Graph implements RuleBuilder {
  private readonly nodes: Node[] = [];
  readonly strongDiv?: (seed: ValueId, divisor: ValueId) => ValueId;

  constructor(private readonly policy: Policy = 'strong') {
    if (policy !== 'no quotient')
      this.strongDiv = (s, d) => this.scalar(policy === 'plain' ? 'div' : 'strongdiv', s, d);
  }

  private add(node: Node): ValueId {
    this.nodes.push(node);
    return (this.nodes.length - 1) as ValueId;
  }
  input(value: unknown): ValueId {
    return this.add({ value, args: [] });
  }
  num(value: number): ValueId {
    return this.add({ value, args: [], known: true });
  }
  constant(v: ValueId): number | undefined {
    const node = this.nodes[v];
    return node.known && typeof node.value === 'number' ? node.value : undefined;
  }
  scalar(fn: string, ...args: ValueId[]): ValueId {
    return this.add({ value: scalarRule(fn).evaluate(...args.map((a) => this.value(a))), fn, args });
  }
  strong(seed: ValueId, partial: ValueId): ValueId {
    return this.scalar(this.policy === 'plain' ? 'mul' : 'strong', seed, partial);
  }
  value(v: ValueId): unknown {
    return this.nodes[v].value;
  }
  number(v: ValueId): number {
    return this.value(v) as number;
  }
  /** The entries that a value is built from. */
  entries(v: ValueId, found = new Set<string>()): Set<string> {
    const { fn, args } = this.nodes[v];
    if (fn !== undefined) found.add(fn);
    for (const a of args) this.entries(a, found);
    return found;
  }

  /** The derivative of `y` in the direction that `seeds` gives its inputs, by the rules; undefined if it is zero. */
  tangent(y: ValueId, seeds: ReadonlyMap<ValueId, ValueId>, memo = new Map<ValueId, ValueId | undefined>()) {
    if (memo.has(y)) return memo.get(y);
    const { fn, args } = this.nodes[y];
    let sum: ValueId | undefined = seeds.get(y);
    const rule = fn === undefined ? undefined : scalarRule(fn);
    if (rule !== undefined && typeof rule.derivative === 'function')
      for (const [k, a] of args.entries()) {
        const seed: ValueId | undefined = this.tangent(a, seeds, memo);
        if (seed === undefined) continue;
        const term = rule.derivative({ b: this, x: args, y }, k, seed);
        sum = sum === undefined ? term : this.scalar('add', sum, term);
      }
    memo.set(y, sum);
    return sum;
  }
}

/** The derivative of an entry in operand `k` at `xs`, by its form. */
export function partial(
  fn: string,
  xs: readonly number[],
  k: number,
  options: { seed?: number; policy?: Policy; known?: boolean } = {},
): number {
  const g = new Graph(options.policy);
  const x = xs.map((v, i) => (options.known && i !== k ? g.num(v) : g.input(v)));
  const y = g.scalar(fn, ...x);
  const { derivative } = scalarRule(fn);
  if (typeof derivative !== 'function') throw new Error(`${fn} has no derivative`);
  return g.number(derivative({ b: g, x, y }, k, g.input(options.seed ?? 1)));
}
