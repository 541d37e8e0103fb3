import { interpolateBasis, interpolateNumber, interpolateZoom, piecewise } from 'd3-interpolate';

export function basis(v: number[], t: number): number {
  const at = interpolateBasis(v);
  let s = 0;
  for (let k = 0; k < 3; k++) s += at(t * k);
  return s;
}
export function zoom(a: [number, number, number], b: [number, number, number], t: number): number {
  const [x, y, w] = interpolateZoom(a, b)(t);
  return x + 2 * y + 3 * w;
}
export function pieces(v: number[], t: number): number {
  return piecewise(interpolateNumber, v)(t) ** 2;
}
