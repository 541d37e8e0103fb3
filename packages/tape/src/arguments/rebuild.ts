import { Var } from '../var.js';
import type { NumberContainer, Shape } from './lift.js';

/**
 * Fresh numbers in the structure of a lifted argument: what is not numeric becomes `undefined` in arrays and is left
 * out of objects.
 */
export function rebuild(shape: Shape, read: (variable: Var) => number): unknown {
  if (shape === undefined) return undefined;
  if (shape instanceof Var) return read(shape);
  switch (shape.kind) {
    case 'numbers':
      return fill(emptyContainer(shape.container, shape.variables.length), shape.variables, read);
    case 'array':
      return shape.items.map((item) => rebuild(item, read));
    case 'object': {
      const numeric = shape.fields.filter(([, inner]) => inner !== undefined);
      return Object.fromEntries(numeric.map(([name, inner]) => [name, rebuild(inner, read)]));
    }
  }
}

function emptyContainer(container: NumberContainer, length: number): number[] | Float64Array | Float32Array {
  if (container === 'Float64Array') return new Float64Array(length);
  if (container === 'Float32Array') return new Float32Array(length);
  return new Array<number>(length);
}

/** A plain loop: `Float64Array.from` with a callback takes as long as the sweep. */
function fill<T extends { [index: number]: number }>(
  out: T,
  variables: readonly Var[],
  read: (variable: Var) => number,
): T {
  for (let k = 0; k < variables.length; k++) out[k] = read(variables[k]);
  return out;
}
