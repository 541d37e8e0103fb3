/**
 * Derivative by central differences with two Richardson steps: error O(step^6), about 1e-10 relative at ordinary
 * points. `f` must be smooth within `step` of `x`.
 */
export function extrapolatedDifference(f: (x: number) => number, x: number, step = 1e-2): number {
  const central = (h: number) => (f(x + h) - f(x - h)) / (2 * h);
  const [coarse, middle, fine] = [central(step), central(step / 2), central(step / 4)];
  const first = (4 * middle - coarse) / 3;
  const second = (4 * fine - middle) / 3;
  return (16 * second - first) / 15;
}
