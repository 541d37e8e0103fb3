import {
  cumulativeStdNormalProbability,
  linearRegression,
  logAverage,
  quantile,
  sampleCorrelation,
  variance,
} from 'simple-statistics';

export function spread(v: number[]): number {
  return variance(v) + Math.sqrt(variance(v.map((x) => x * x)));
}
export function correlation(a: number[], b: number[]): number {
  return sampleCorrelation(a, b);
}
export function between(v: number[]): number {
  return quantile(v, 0.3) * quantile(v, 0.5) + quantile(v, 1);
}
export function slope(v: number[]): number {
  const line = linearRegression(v.map((y, i) => [i, y]));
  return line.m * 2 + line.b;
}
export function geometric(v: number[]): number {
  return logAverage(v);
}
export function tabled(v: number[]): number {
  return v.reduce((s, x, k) => s + x * cumulativeStdNormalProbability(k - 3), 0);
}
