/** All numbers of a matrix, row by row. */
export function flat(matrix: readonly (readonly number[])[]): Float64Array {
  return Float64Array.from(matrix.flat());
}

/** A matrix of so many rows and columns from its numbers, row by row. */
export function rows(numbers: Float64Array, height: number, width: number): number[][] {
  return Array.from({ length: height }, (_, i) => [...numbers.subarray(i * width, (i + 1) * width)]);
}
