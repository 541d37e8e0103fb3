import { checkpoint, checkpointed, valueAndGrad } from 'adjoint';
import type { Schemes } from './schemes.js';

const H = 1e-4;
const START: Point = [1, 1, 20];

type Point = readonly [x: number, y: number, z: number];

/** A step of the Lorenz equations by the classical method of Runge and Kutta. */
function step(x: number, y: number, z: number, rho: number): Point {
  const k1x = 10 * (y - x);
  const k1y = x * (rho - z) - y;
  const k1z = x * y - (8 / 3) * z;
  const [x2, y2, z2] = [x + (H / 2) * k1x, y + (H / 2) * k1y, z + (H / 2) * k1z];
  const k2x = 10 * (y2 - x2);
  const k2y = x2 * (rho - z2) - y2;
  const k2z = x2 * y2 - (8 / 3) * z2;
  const [x3, y3, z3] = [x + (H / 2) * k2x, y + (H / 2) * k2y, z + (H / 2) * k2z];
  const k3x = 10 * (y3 - x3);
  const k3y = x3 * (rho - z3) - y3;
  const k3z = x3 * y3 - (8 / 3) * z3;
  const [x4, y4, z4] = [x + H * k3x, y + H * k3y, z + H * k3z];
  return [
    x + (H / 6) * (k1x + 2 * k2x + 2 * k3x + 10 * (y4 - x4)),
    y + (H / 6) * (k1y + 2 * k2y + 2 * k3y + x4 * (rho - z4) - y4),
    z + (H / 6) * (k1z + 2 * k2z + 2 * k3z + x4 * y4 - (8 / 3) * z4),
  ];
}
const size = (x: number, y: number, z: number): number => x * x + y * y + z * z;

/** As one writes it. */
function orbit(rho: number, n: number): number {
  let [x, y, z] = START;
  for (let t = 0; t < n; t++) [x, y, z] = step(x, y, z, rho);
  return size(x, y, z);
}
function inChunks(rho: number, n: number): number {
  let [x, y, z] = START;
  const length = Math.ceil(Math.sqrt(n));
  const chunk = checkpoint((from: number) => {
    const to = Math.min(n, from + length);
    for (let t = from; t < to; t++) [x, y, z] = step(x, y, z, rho);
  });
  for (let from = 0; from < n; from += length) chunk(from);
  return size(x, y, z);
}
function planned(rho: number, n: number, snapshots: number): number {
  let [x, y, z] = START;
  for (const _ of checkpointed(n, { snapshots })) [x, y, z] = step(x, y, z, rho);
  return size(x, y, z);
}
function byDefault(rho: number, n: number): number {
  let [x, y, z] = START;
  for (const _ of checkpointed(n)) [x, y, z] = step(x, y, z, rho);
  return size(x, y, z);
}
function online(rho: number, n: number): number {
  let [x, y, z] = START;
  for (const t of checkpointed()) {
    if (t >= n) break;
    [x, y, z] = step(x, y, z, rho);
  }
  return size(x, y, z);
}
const storeAllGradient = valueAndGrad(orbit);
const chunksGradient = valueAndGrad(inChunks);
const plannedGradient = valueAndGrad(planned);
const defaultGradient = valueAndGrad(byDefault);
const onlineGradient = valueAndGrad(online);

const RHO = 28;
export const lorenz: Schemes = {
  name: 'Lorenz, Runge-Kutta',
  sizes: [1_000, 10_000, 100_000, 1_000_000, 10_000_000],
  storable: 1_000_000,
  primal: (n) => orbit(RHO, n),
  gradients: {
    'store all': (n) => storeAllGradient(RHO, n),
    checkpoint: (n) => chunksGradient(RHO, n),
    'Revolve, 24': (n) => plannedGradient(RHO, n, 24),
    Revolve: (n) => defaultGradient(RHO, n),
    online: (n) => onlineGradient(RHO, n),
  },
};
