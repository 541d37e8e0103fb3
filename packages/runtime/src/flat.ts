/** The numbers of a tree as one vector, and back: what products of sparse matrices are computed with. */
import { leavesOf, mapLeaves, type Path, readAt } from './tree.js';

/**
 * Where the numbers of values of one shape stand in a vector: in the order of `leavesOf`. A gradient or tangent has them at
 * the same paths, whatever the order of its keys. Lists of numbers are copied as they are, without paths.
 */
export class Layout {
  readonly size: number;
  private readonly paths: readonly Path[] | undefined;

  constructor(private readonly template: unknown) {
    this.paths = isList(template) ? undefined : leavesOf(template).map((leaf) => leaf.path);
    this.size = this.paths?.length ?? (template as ArrayLike<number>).length;
  }

  /** A list of numbers: a tree of this shape holds nothing else. */
  get isList(): boolean {
    return this.paths === undefined;
  }

  /** The numbers of a tree of this shape; what is missing there is zero. */
  vector(tree: unknown): Float64Array {
    if (this.paths === undefined) return new Float64Array(tree as ArrayLike<number>);
    return Float64Array.from(this.paths, (path) => {
      const x = readAt(tree, path);
      return typeof x === 'number' ? x : 0;
    });
  }

  /** A tree of this shape with these numbers. */
  tree(numbers: Float64Array): unknown {
    const { template } = this;
    if (typeof template === 'number') return numbers[0];
    if (template instanceof Float64Array) return numbers.slice();
    if (this.paths === undefined) return Array.from(numbers);
    let k = 0;
    return mapLeaves(template, () => numbers[k++]!);
  }

  /** A tree of this shape with zeros, but for a one at the place of a number. */
  unit(k: number): unknown {
    const numbers = new Float64Array(this.size);
    numbers[k] = 1;
    return this.template instanceof Float64Array ? numbers : this.tree(numbers);
  }
}

/** A tree with zeros in place of its numbers. */
export function zeroTree(tree: unknown): unknown {
  const layout = new Layout(tree);
  return layout.tree(new Float64Array(layout.size));
}

function isList(x: unknown): boolean {
  if (x instanceof Float64Array) return true;
  if (!Array.isArray(x)) return false;
  // holes are no numbers, and `every` does not see them
  for (let k = 0; k < x.length; k++) if (typeof x[k] !== 'number') return false;
  return true;
}
