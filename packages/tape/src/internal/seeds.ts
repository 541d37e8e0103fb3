/** The variables of a result, and the cotangents that a caller gives for them. */
import { Var } from '../var.js';
import { isContainer, ownValues } from './plain.js';
import { currentRun } from './run.js';
import { isTyped, variableAt } from './typed.js';

/** A number that does not depend on an argument is `'constant'`. */
export type Output =
  | Var
  | 'constant'
  | undefined
  | { readonly length: number | undefined; readonly parts: readonly [key: any, part: Output][] };

export function outputShape(x: unknown, seen = new Map<object, Output>()): Output {
  if (x instanceof Var) return x;
  if (typeof x === 'number') return 'constant';
  const run = currentRun();
  if (isTyped(x) && run !== undefined)
    return {
      length: x.length,
      parts: Array.from(x, (_, k) => [k, variableAt(run, x, k) ?? ('constant' as const)]),
    };
  if (!isContainer(x)) return undefined;
  const known = seen.get(x);
  if (known !== undefined) return known;
  const parts: [any, Output][] = [];
  const shape = { length: Array.isArray(x) ? x.length : undefined, parts };
  seen.set(x, shape);
  for (const [key, value] of ownValues(x)) parts.push([key, outputShape(value, seen)]);
  return shape;
}

/** Outputs with a seed each; parts of the cotangent that are missing count as zero. */
export function seedsOf(shape: Output, cotangent: unknown): { outputs: Var[]; seeds: number[] } {
  const outputs: Var[] = [];
  const seeds: number[] = [];
  const visit = (part: Output, c: any, path: string): void => {
    if (part === undefined || part === 'constant' || c === undefined || c === null) return;
    if (part instanceof Var) {
      outputs.push(part);
      seeds.push(c);
      return;
    }
    if (part.length !== undefined && c.length !== part.length)
      throw new RangeError(
        `adjoint: ${path} has length ${c.length}, but its primal has length ${part.length}`,
      );
    for (const [key, inner] of part.parts)
      visit(inner, c instanceof Map ? c.get(key) : c[key], `${path}[${String(key)}]`);
  };
  visit(shape, cotangent, 'cotangent');
  return { outputs, seeds };
}
