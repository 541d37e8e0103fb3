/** The derivative at 0 of what `f` gives, by central differences: one number for each of the result. */
export function slopes(f: (h: number) => readonly number[], h = 1e-5): number[] {
  const [above, below] = [f(h), f(-h)];
  return above.map((y, i) => (y - below[i]) / (2 * h));
}

/** The gradient of `f` by central differences. */
export function differences(f: (x: readonly number[]) => number, x: readonly number[]): number[] {
  return x.map((_, i) => slopes((h) => [f(moved(x, i, h))])[0]);
}

/** A copy of numbers in which the one at `i` is larger by `h`. */
export function moved(numbers: readonly number[], i: number, h: number): number[] {
  return numbers.map((x, k) => (k === i ? x + h : x));
}

/** The largest distance of two lists of numbers, relative to 1 or to their size. */
export function distance(a: readonly number[], b: readonly number[]): number {
  if (a.length !== b.length) return Number.NaN;
  return Math.max(...a.map((x, i) => Math.abs(x - b[i]) / Math.max(1, Math.abs(x), Math.abs(b[i]))));
}

/** Numbers between -1 and 1 that look random, always the same. */
export function numbers(count: number, seed: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed));
}

export function matrix(height: number, width: number, seed: number): number[][] {
  return Array.from({ length: height }, (_, i) => numbers(width, seed + i / 7));
}

/** A matrix from its numbers, row by row. */
export function split(flat: readonly number[], width: number): number[][] {
  return Array.from({ length: flat.length / width }, (_, i) => flat.slice(i * width, (i + 1) * width));
}
