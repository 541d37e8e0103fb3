/** Sparse matrices in compressed sparse rows (CSR), and patterns: where entries may differ from zero. */

/** Where a matrix may have entries that are not zero; columns ascend within a row. */
export interface SparsePattern {
  readonly rows: number;
  readonly cols: number;
  /** The entries of row `i` are those from `rowPointers[i]` to `rowPointers[i + 1] - 1`. */
  readonly rowPointers: Int32Array;
  readonly columnIndices: Int32Array;
}

/** A sparse matrix. Results with the same pattern share the arrays of the pattern, which must not be written. */
export interface SparseMatrix extends SparsePattern {
  readonly values: Float64Array;
}

/** The pattern whose row `i` has its entries in the columns `lists[i]`, which ascend. */
export function patternOf(lists: readonly (readonly number[])[], cols: number): SparsePattern {
  const rowPointers = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    rowPointers[i + 1] = rowPointers[i]! + list.length;
  });
  const columnIndices = new Int32Array(rowPointers[lists.length]!);
  lists.forEach((list, i) => {
    columnIndices.set(list, rowPointers[i]);
  });
  return { rows: lists.length, cols, rowPointers, columnIndices };
}

/** The columns of one row. */
export const rowOf = ({ rowPointers, columnIndices }: SparsePattern, i: number): Int32Array =>
  columnIndices.subarray(rowPointers[i], rowPointers[i + 1]);

export const entriesOf = ({ columnIndices }: SparsePattern): number => columnIndices.length;

/** For each entry its row. */
export function rowsOfEntries(pattern: SparsePattern): Int32Array {
  const rows = new Int32Array(entriesOf(pattern));
  for (let i = 0; i < pattern.rows; i++) rows.fill(i, pattern.rowPointers[i], pattern.rowPointers[i + 1]);
  return rows;
}

export function transposed(pattern: SparsePattern): SparsePattern {
  const { rows, cols, columnIndices } = pattern;
  const rowPointers = new Int32Array(cols + 1);
  for (const j of columnIndices) rowPointers[j + 1] = rowPointers[j + 1]! + 1;
  for (let j = 0; j < cols; j++) rowPointers[j + 1] = rowPointers[j + 1]! + rowPointers[j]!;
  const next = rowPointers.slice();
  const turned = new Int32Array(columnIndices.length);
  for (let i = 0; i < rows; i++) {
    for (let e = pattern.rowPointers[i]!; e < pattern.rowPointers[i + 1]!; e++) {
      const j = columnIndices[e]!;
      turned[next[j]!] = i;
      next[j] = next[j]! + 1;
    }
  }
  return { rows: cols, cols: rows, rowPointers, columnIndices: turned };
}

/** All entries of two patterns of the same size. */
export function union(a: SparsePattern, b: SparsePattern): SparsePattern {
  const lists = Array.from({ length: a.rows }, (_, i) => {
    const all = new Set<number>([...rowOf(a, i), ...rowOf(b, i)]);
    return [...all].sort((x, y) => x - y);
  });
  return patternOf(lists, a.cols);
}

/** An entry of `b` that `a` does not have. */
export function missingIn(a: SparsePattern, b: SparsePattern): readonly [number, number] | undefined {
  for (let i = 0; i < b.rows; i++) {
    const own = new Set(rowOf(a, i));
    const j = rowOf(b, i).find((k) => !own.has(k));
    if (j !== undefined) return [i, j];
  }
  return undefined;
}

/** The most entries of a row. */
export function longestRow({ rows, rowPointers }: SparsePattern): number {
  let most = 0;
  for (let i = 0; i < rows; i++) most = Math.max(most, rowPointers[i + 1]! - rowPointers[i]!);
  return most;
}

/** A copy of a pattern that a user gave. Throws if it is none. */
export function checkedPattern(given: SparsePattern): SparsePattern {
  const { rows, cols, rowPointers, columnIndices } = given;
  const fail = (why: string): never => {
    throw new RangeError(`adjoint: the given pattern is not in compressed sparse rows: ${why}`);
  };
  if (!isCount(rows) || !isCount(cols)) fail('`rows` and `cols` must be sizes');
  if (rowPointers?.length !== rows + 1)
    fail(`\`rowPointers\` must have ${rows + 1} numbers, one more than rows`);
  if (columnIndices === undefined || rowPointers[0] !== 0 || rowPointers[rows] !== columnIndices.length)
    fail('`rowPointers` must begin with 0 and end with the length of `columnIndices`');
  for (let i = 0; i < rows; i++) {
    const [from, to] = [rowPointers[i]!, rowPointers[i + 1]!];
    if (!(from <= to)) fail(`\`rowPointers\` descend behind row ${i}`);
    for (let e = from; e < to; e++) {
      const j = columnIndices[e]!;
      if (!isCount(j) || j >= cols)
        fail(`row ${i} has an entry in column ${j}, and there are ${cols} columns`);
      if (e > from && j <= columnIndices[e - 1]!) fail(`the columns of row ${i} do not ascend`);
    }
  }
  return {
    rows,
    cols,
    rowPointers: Int32Array.from(rowPointers),
    columnIndices: Int32Array.from(columnIndices),
  };
}

const isCount = (x: unknown): boolean => Number.isInteger(x) && (x as number) >= 0;
