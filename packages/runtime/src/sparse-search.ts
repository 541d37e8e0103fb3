/**
 * Finds where a linear map can be different from zero, by products with it.
 *
 * The columns are halved into ever smaller blocks (Griewank and Mitev, "Detecting Jacobian sparsity patterns by Bayesian
 * probing", 2002). Blocks that meet in no row share a product, so that with `c` colours and `n` columns about `c log n`
 * products are enough. A product with NaN in a block gives NaN in each row that the block reaches, also where a factor is
 * zero at this point: NaN follows the structure of the code that ran, not its numbers. Random numbers only see entries that
 * are not zero; they are for maps that do not carry NaN, such as rules of the user's own.
 */
import { type Colouring, colourColumns } from './sparse-colouring.js';
import { longestRow, patternOf, rowsOfEntries, type SparsePattern, transposed } from './sparse-pattern.js';

/** A matrix that is known by its products. */
export interface LinearMap {
  readonly inputs: number;
  readonly outputs: number;
  apply(vector: Float64Array): Float64Array;
  /** As many products as this cost less together. */
  readonly lanes?: number;
  applyAll?(vectors: readonly Float64Array[]): readonly Float64Array[];
}

/** Products with vectors that are asked for in order; they are kept as long as those that they are computed with. */
export function products(
  map: LinearMap,
  count: number,
  vector: (k: number) => Float64Array,
  use: (k: number, product: Float64Array) => void,
): void {
  const { lanes = 1 } = map;
  for (let first = 0; first < count; first += lanes) {
    const vectors = Array.from({ length: Math.min(lanes, count - first) }, (_, k) => vector(first + k));
    const found = map.applyAll?.(vectors) ?? vectors.map((v) => map.apply(v));
    found.forEach((product, k) => {
      use(first + k, product);
    });
  }
}

/** What a product is taken with. */
export type Probe = 'nan' | 'numbers';

/** The pattern of `columns`, or by whichever needs fewer products if the transposed map is there too. */
export function findPattern(columns: LinearMap, rows: LinearMap | undefined, probe: Probe): SparsePattern {
  const byColumns = new Search(columns, probe);
  const byRows = rows && new Search(rows, probe);
  for (;;) {
    if (byColumns.isDone) return byColumns.found;
    if (byRows?.isDone) return transposed(byRows.found);
    if (byRows && byRows.cost < byColumns.cost) byRows.advance();
    else byColumns.advance();
  }
}

class Search {
  /** Columns of a block. */
  private width: number;
  /** The blocks that each output may depend on; the next products tell. */
  private candidates: SparsePattern;
  private products = 0;
  private done = false;

  constructor(
    readonly map: LinearMap,
    readonly probe: Probe,
  ) {
    this.width = 2 ** Math.ceil(Math.log2(Math.max(1, map.inputs)));
    const first = map.inputs > 0 ? [0] : [];
    this.candidates = patternOf(
      Array.from({ length: map.outputs }, () => first),
      first.length,
    );
  }

  get isDone(): boolean {
    return this.done;
  }
  get found(): SparsePattern {
    return this.candidates;
  }
  /** Products so far and, at least, those of the next step. */
  get cost(): number {
    return this.products + longestRow(this.candidates);
  }

  /** Finds out which candidates are there, and halves them. */
  advance(): void {
    const isThere = this.probed();
    const isLast = this.width === 1;
    if (!isLast) this.width /= 2;
    const blocks = Math.ceil(this.map.inputs / this.width);
    const { candidates } = this;
    const lists = Array.from({ length: candidates.rows }, (_, i) => {
      const list: number[] = [];
      for (let e = candidates.rowPointers[i]!; e < candidates.rowPointers[i + 1]!; e++) {
        if (isThere[e] === 0) continue;
        const b = candidates.columnIndices[e]!;
        if (isLast) list.push(b);
        else list.push(2 * b);
        if (!isLast && 2 * b + 1 < blocks) list.push(2 * b + 1);
      }
      return list;
    });
    this.candidates = patternOf(lists, blocks);
    this.done = isLast;
  }

  /** For each candidate whether the output depends on the block: by a product for each colour. */
  private probed(): Uint8Array {
    const { map, candidates } = this;
    const colours = colourColumns(candidates);
    const rows = rowsOfEntries(candidates);
    const isThere = new Uint8Array(rows.length);
    this.products += colours.count;
    const entries = entriesByColour(candidates, colours);
    const use = (colour: number, product: Float64Array) => {
      for (const e of entries[colour]!) isThere[e] = product[rows[e]!] === 0 ? 0 : 1;
    };
    products(map, colours.count, (colour) => this.seed(colours.of, colour), use);
    return isThere;
  }

  private seed(colours: Int32Array, colour: number): Float64Array {
    const seed = new Float64Array(this.map.inputs);
    for (let j = 0; j < seed.length; j++)
      if (colours[Math.floor(j / this.width)] === colour)
        seed[j] = this.probe === 'nan' ? Number.NaN : randomNumber(j + this.products);
    return seed;
  }
}

/** The entries of a pattern whose column has each colour. */
function entriesByColour({ columnIndices }: SparsePattern, colours: Colouring): number[][] {
  const lists = Array.from({ length: colours.count }, (): number[] => []);
  for (let e = 0; e < columnIndices.length; e++) lists[colours.of[columnIndices[e]!]!]!.push(e);
  return lists;
}

/** A number of size 1 to 2 with a sign, the same for the same `k`: results can be repeated. */
export function randomNumber(k: number): number {
  let h = Math.imul(k + 1, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  const u = ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
  return u < 0.5 ? -1 - 2 * u : 2 * u;
}
