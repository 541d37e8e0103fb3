import { readFileSync } from 'node:fs';

export interface Distances {
  readonly cities: readonly string[];
  /** Road distances in km, n by n, row by row. */
  readonly km: Float64Array;
}

/** Reads a table whose first row and first column are the names of the cities. */
export function readDistances(file: URL): Distances {
  const [header, ...rows] = readFileSync(file, 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  const cities = header.slice(1);
  const km = Float64Array.from(rows.flatMap((row) => row.slice(1).map(Number)));
  if (km.length !== cities.length ** 2) throw new Error(`${file.pathname} is not a square table`);
  return { cities, km };
}
