/** f = p + e^p with p = x y: df/dp = 1 + e^p. */
export function scalarByHand(x: number, y: number): [number, number] {
  const pBar = 1 + Math.exp(x * y);
  return [pBar * y, pBar * x];
}
