/** The numbers of a sparse matrix from products with it, one for each colour, and whether they are all there is. */
import { type Colouring, colourColumns, colourStars } from './sparse-colouring.js';
import { longestRow, rowsOfEntries, type SparsePattern, transposed } from './sparse-pattern.js';
import { type LinearMap, products, randomNumber } from './sparse-search.js';

/** By products with the matrix, or with its transpose. */
export type Mode = 'columns' | 'rows';

/** How the entries of a pattern are computed. */
export interface Plan {
  readonly pattern: SparsePattern;
  readonly mode: Mode;
  /** The colours of what a product is taken with: columns, or rows. */
  readonly colours: Colouring;
  /** For each colour the entries that are read from its product, and where in the product each stands. */
  readonly reads: readonly { readonly entries: Int32Array; readonly from: Int32Array }[];
}

/** For a Jacobian: by forward or reverse mode, whichever needs fewer products. */
export function planJacobian(pattern: SparsePattern): Plan {
  const turned = transposed(pattern);
  const byRows = () => readBy(pattern, 'rows', colourColumns(turned));
  const byColumns = () => readBy(pattern, 'columns', colourColumns(pattern));
  // the longest row is the least that columns need: the better bound first, since many colours take long to find
  const [columnBound, rowBound] = [longestRow(pattern), longestRow(turned)];
  const [first, other] = columnBound <= rowBound ? [byColumns, byRows] : [byRows, byColumns];
  const plan = first();
  if (plan.colours.count <= Math.max(columnBound, rowBound)) return plan;
  const second = other();
  return second.colours.count < plan.colours.count ? second : plan;
}

/** For a Hessian, whose pattern is symmetric. */
export function planHessian(pattern: SparsePattern): Plan {
  const colours = colourStars(pattern);
  const columns = pattern.columnIndices;
  const rows = rowsOfEntries(pattern);
  const counts = new Map<number, number>();
  const key = (i: number, colour: number) => i * colours.count + colour;
  columns.forEach((j, e) => {
    const k = key(rows[e]!, colours.of[j]!);
    counts.set(k, (counts.get(k) ?? 0) + 1);
  });
  // an entry is read in its row if it is alone there with its colour, else across the diagonal; both halves alike
  const isAlone = (i: number, j: number) => counts.get(key(i, colours.of[j]!)) === 1;
  const reads = readsOf(colours, columns.length, (e) => {
    const [low, high] = [Math.min(rows[e]!, columns[e]!), Math.max(rows[e]!, columns[e]!)];
    return isAlone(low, high) ? [low, high] : [high, low];
  });
  return { pattern, mode: 'columns', colours, reads };
}

function readBy(pattern: SparsePattern, mode: Mode, colours: Colouring): Plan {
  const rows = rowsOfEntries(pattern);
  const columns = pattern.columnIndices;
  const reads = readsOf(colours, columns.length, (e) =>
    mode === 'columns' ? [rows[e]!, columns[e]!] : [columns[e]!, rows[e]!],
  );
  return { pattern, mode, colours, reads };
}

/** `placeOf`: where an entry stands in a product, and what it is seeded by. */
function readsOf(
  colours: Colouring,
  entries: number,
  placeOf: (entry: number) => readonly [from: number, seeded: number],
): Plan['reads'] {
  const lists = Array.from({ length: colours.count }, () => ({
    entries: [] as number[],
    from: [] as number[],
  }));
  for (let e = 0; e < entries; e++) {
    const [from, seeded] = placeOf(e);
    const list = lists[colours.of[seeded]!]!;
    list.entries.push(e);
    list.from.push(from);
  }
  return lists.map((list) => ({ entries: Int32Array.from(list.entries), from: Int32Array.from(list.from) }));
}

/** The entries, by one product for each colour. */
export function evaluate({ pattern, colours, reads }: Plan, map: LinearMap): Float64Array {
  const values = new Float64Array(pattern.columnIndices.length);
  const seedOf = (colour: number) => {
    const seed = new Float64Array(map.inputs);
    for (let k = 0; k < seed.length; k++) if (colours.of[k] === colour) seed[k] = 1;
    return seed;
  };
  products(map, reads.length, seedOf, (colour, product) => {
    const { entries, from } = reads[colour]!;
    for (let k = 0; k < entries.length; k++) values[entries[k]!] = product[from[k]!]!;
  });
  return values;
}

/** A product with a random vector. */
export interface Sample {
  readonly mode: Mode;
  readonly vector: Float64Array;
  readonly product: Float64Array;
}
export const randomVector = (size: number, salt: number): Float64Array =>
  Float64Array.from({ length: size }, (_, k) => randomNumber(k + Math.imul(salt, 7919)));

/** Two ways to one number by many roundings differ by less, as a part of the terms that it is the sum of. */
const TOLERANCE = 1e-10;

/** Whether the product with a random vector is that of these entries, so that no entry is missing. */
export function agrees(pattern: SparsePattern, values: Float64Array, sample: Sample): boolean {
  const { vector, product } = sample;
  const expected = new Float64Array(product.length);
  const size = new Float64Array(product.length);
  for (let i = 0; i < pattern.rows; i++) {
    for (let e = pattern.rowPointers[i]!; e < pattern.rowPointers[i + 1]!; e++) {
      const j = pattern.columnIndices[e]!;
      const [to, by] = sample.mode === 'columns' ? [i, j] : [j, i];
      const term = values[e]! * vector[by]!;
      expected[to] = expected[to]! + term;
      size[to] = size[to]! + Math.abs(term);
    }
  }
  // where an entry is not finite there is nothing to compare
  return product.every((y, k) => {
    const isComparable = Number.isFinite(size[k]);
    return !isComparable || Math.abs(y - expected[k]!) <= TOLERANCE * size[k]!;
  });
}
