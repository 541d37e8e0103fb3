/** The same array is passed twice: the derivative treats it as two arrays of equal content, or throws. */

import { cloneTree } from '../../support/tree.js';
import type { Adapt, Program, Transformation } from '../program.js';

export const sameTwice: Transformation = { name: 'pass the same array twice', floor: 10, apply };

const ARRAY = /^((readonly )?number\[\]|Float64Array)$/;

function apply(p: Program) {
  const pairs = new Map<string, readonly [number, number]>();
  for (const f of p.functions()) {
    const types = f.parameters.map((x) => x.type?.getText().replace('readonly ', '') ?? '');
    const first = types.findIndex((t, k) => ARRAY.test(t) && types.indexOf(t, k + 1) > k);
    if (first >= 0) pairs.set(f.name.text, [first, types.indexOf(types[first], first + 1)]);
  }
  if (pairs.size === 0) return undefined;
  const withSecond =
    (copy: (x: unknown) => unknown): Adapt =>
    (fn, args) => {
      const [from, to] = pairs.get(fn) ?? [0, 0];
      const same = length(args[from]) === length(args[to]);
      return args.map((a, k) => (k === to && to !== from && same ? copy(args[from]) : a));
    };
  return { edits: [], adapt: withSecond((x) => x), baseline: withSecond(cloneTree), mayThrow: /AD5001/ };
}
const length = (x: unknown): number => (x as ArrayLike<number> | undefined)?.length ?? -1;
