import { type Grid, record, type Shot } from './wave.js';

const SOURCE_DEPTH = 3;
const RECEIVERS_APART = 3;
/** Near the sides and the bottom waves die out, and tell nothing. */
export const SPONGE_CELLS = 12;
const SPONGE_STRENGTH = 0.0025;

/** A square section whose sides and bottom let waves out. */
export function makeGrid(size: number, steps: number): Grid {
  const loss = (k: number): number => Math.max(0, SPONGE_CELLS - k) ** 2;
  const sponge = Float64Array.from({ length: size * size }, (_, i) => {
    const [x, z] = [i % size, Math.floor(i / size)];
    return Math.exp(-SPONGE_STRENGTH * (loss(Math.min(x, size - 1 - x)) + loss(size - 1 - z)));
  });
  return { nx: size, nz: size, steps, sponge };
}

/** Four layers, the third one slower than the one above it; speeds in m/s. */
export function layers(depth: number): Float64Array {
  const speeds = [1500, 2200, 1900, 2800];
  return Float64Array.from({ length: depth }, (_, z) => speeds[Math.floor((4 * z) / depth)]);
}
/** What one would guess without any measurement: faster the deeper. */
export const guess = (depth: number): Float64Array =>
  Float64Array.from({ length: depth }, (_, z) => 1500 + (1100 * z) / depth);

/** Shots along the surface, with receivers over its whole width. */
export function shoot(grid: Grid, count: number, speed: Float64Array): readonly Shot[] {
  const { nx } = grid;
  const length = Math.floor((nx - 2) / RECEIVERS_APART);
  const receivers = Int32Array.from(
    { length },
    (_, k) => SOURCE_DEPTH * nx + 1 + Math.floor(RECEIVERS_APART * (k + 0.5)),
  );
  return Array.from({ length: count }, (_, k) => {
    const source = SOURCE_DEPTH * nx + Math.floor(((k + 0.5) * nx) / count);
    return record(speed, grid, source, receivers);
  });
}
