/** How a quantity grows with the size of a program. */

export interface Sample {
  readonly size: number;
  readonly value: number;
}

/** The `p` of `value = c * size ** p`, by least squares of the logarithms: 1 is linear. */
export function exponent(samples: readonly Sample[]): number {
  const points = samples.map(({ size, value }) => [Math.log(size), Math.log(value)] as const);
  const mean = (k: 0 | 1) => points.reduce((sum, point) => sum + point[k], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return covariance / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

/** What one more unit of size adds, between neighbouring sizes. */
export function increments(samples: readonly Sample[]): number[] {
  return samples.slice(1).map(({ size, value }, k) => (value - samples[k].value) / (size - samples[k].size));
}
