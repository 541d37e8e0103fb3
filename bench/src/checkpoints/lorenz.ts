import { checkpoint, checkpointed, valueAndGrad } from 'adjoint';
import type { Schemes } from './schemes.js';

const H = 1e-4;
/** The time span stays the same from some number of steps on: values neither grow nor become periodic. */
const START = [1, 1, 20] as const;

class Orbit {
  constructor(
    public x: number,
    public y: number,
    public z: number,
  ) {}
}

/** A step of the Lorenz equations by the classical method of Runge and Kutta. */
function step(o: Orbit, rho: number): void {
  const { x, y, z } = o;
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
  o.x = x + (H / 6) * (k1x + 2 * k2x + 2 * k3x + 10 * (y4 - x4));
  o.y = y + (H / 6) * (k1y + 2 * k2y + 2 * k3y + x4 * (rho - z4) - y4);
  o.z = z + (H / 6) * (k1z + 2 * k2z + 2 * k3z + x4 * y4 - (8 / 3) * z4);
}
const size = (o: Orbit): number => o.x * o.x + o.y * o.y + o.z * o.z;

/** As one writes it. */
function orbit(rho: number, n: number): number {
  const o = new Orbit(...START);
  for (let t = 0; t < n; t++) step(o, rho);
  return size(o);
}
function inChunks(rho: number, n: number): number {
  const o = new Orbit(...START);
  const length = Math.ceil(Math.sqrt(n));
  const chunk = checkpoint((from: number) => {
    const to = Math.min(n, from + length);
    for (let t = from; t < to; t++) step(o, rho);
  });
  for (let from = 0; from < n; from += length) chunk(from);
  return size(o);
}
function planned(rho: number, n: number, snapshots: number): number {
  const o = new Orbit(...START);
  for (const _ of checkpointed(n, { snapshots })) step(o, rho);
  return size(o);
}
function byDefault(rho: number, n: number): number {
  const o = new Orbit(...START);
  for (const _ of checkpointed(n)) step(o, rho);
  return size(o);
}
function online(rho: number, n: number): number {
  const o = new Orbit(...START);
  for (const t of checkpointed()) {
    if (t >= n) break;
    step(o, rho);
  }
  return size(o);
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
