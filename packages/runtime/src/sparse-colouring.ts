/**
 * Which columns of a sparse matrix can share one product: a colouring. Greedy, as in Gebremedhin, Manne and Pothen,
 * "What color is your Jacobian?" (SIAM Review 2005): the least colour that is free, vertex by vertex.
 */
import { longestRow, rowOf, type SparsePattern, transposed } from './sparse-pattern.js';

export interface Colouring {
  /** The number of colours. */
  readonly count: number;
  /** The colour of each column; -1 for a column without entries, which needs no product. */
  readonly of: Int32Array;
}

/**
 * No two columns of a colour have entries in one row (distance 1 in the graph of columns that meet in a row). In the order
 * of the columns, which is best for bands, and if a longest row shows that fewer may do, by falling number of entries.
 */
export function colourColumns(pattern: SparsePattern): Colouring {
  const columns = transposed(pattern);
  const natural = greedy(pattern, columns, naturalOrder(columns.rows));
  if (natural.count === longestRow(pattern)) return natural;
  const sorted = greedy(pattern, columns, largestFirst(columns));
  return sorted.count < natural.count ? sorted : natural;
}

function greedy(rows: SparsePattern, columns: SparsePattern, order: readonly number[]): Colouring {
  const colours = new Colours(columns.rows);
  for (const j of order) {
    const [from, to] = [columns.rowPointers[j]!, columns.rowPointers[j + 1]!];
    if (from === to) continue;
    for (let e = from; e < to; e++) {
      const i = columns.columnIndices[e]!;
      const end = rows.rowPointers[i + 1]!;
      for (let k = rows.rowPointers[i]!; k < end; k++) colours.forbid(j, colours.of[rows.columnIndices[k]!]!);
    }
    colours.choose(j);
  }
  return colours;
}

/**
 * For a symmetric matrix: neighbours differ, and a path of four columns has at least three colours, so that the columns of
 * two colours form stars (star colouring). An entry can then be read from the product of its column's colour, or from the
 * entry across the diagonal. Where many columns meet few others (an arrow, bundle adjustment) it needs far fewer colours
 * than `colourColumns`.
 */
export function colourStars(pattern: SparsePattern): Colouring {
  const n = pattern.rows;
  const colours = new Colours(n);
  // the colours that are not allowed next to a column: those of neighbours that see its colour twice
  const forbiddenNextTo: (Set<number> | undefined)[] = new Array(n);
  // for each column the first neighbour of each colour
  const firstOf: (Map<number, number> | undefined)[] = new Array(n);
  const forbidNextTo = (w: number, colour: number) => {
    forbiddenNextTo[w] ??= new Set();
    forbiddenNextTo[w].add(colour);
  };
  for (const v of largestFirst(pattern)) {
    if (rowOf(pattern, v).length === 0) continue;
    for (const w of rowOf(pattern, v)) {
      if (w === v) continue;
      const own = colours.of[w]!;
      colours.forbid(v, own);
      if (own >= 0) for (const c of forbiddenNextTo[w] ?? []) colours.forbid(v, c);
      else for (const x of rowOf(pattern, w)) colours.forbid(v, colours.of[x]!);
    }
    const colour = colours.choose(v);
    for (const w of rowOf(pattern, v)) {
      if (w === v) continue;
      firstOf[w] ??= new Map();
      const first = firstOf[w].get(colour);
      if (first === undefined) firstOf[w].set(colour, v);
      else if (colours.of[w]! >= 0) {
        forbidNextTo(v, colours.of[w]!);
        forbidNextTo(first, colours.of[w]!);
      }
    }
  }
  return colours;
}

/** Colours as they are given out. */
class Colours implements Colouring {
  count = 0;
  readonly of: Int32Array;
  /** For each colour the last vertex that it was forbidden for. */
  private readonly forbiddenFor: number[] = [];

  constructor(size: number) {
    this.of = new Int32Array(size).fill(-1);
  }
  forbid(vertex: number, colour: number): void {
    if (colour >= 0) this.forbiddenFor[colour] = vertex;
  }
  /** Gives a vertex the least colour that is not forbidden for it. */
  choose(vertex: number): number {
    let colour = 0;
    while (colour < this.count && this.forbiddenFor[colour] === vertex) colour++;
    if (colour === this.count) {
      this.count++;
      this.forbiddenFor.push(-1);
    }
    this.of[vertex] = colour;
    return colour;
  }
}

const naturalOrder = (size: number): number[] => Array.from({ length: size }, (_, k) => k);
function largestFirst({ rows, rowPointers }: SparsePattern): number[] {
  const entries = (i: number) => rowPointers[i + 1]! - rowPointers[i]!;
  return naturalOrder(rows).sort((a, b) => entries(b) - entries(a) || a - b);
}
