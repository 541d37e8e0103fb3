import { grad } from 'adjoint';

/** Squared distance from the origin at time 2 along the Lorenz equations, by Runge-Kutta steps. */
export function lorenz(x: number, y: number, z: number, steps: number): number {
  const sigma = 10;
  const rho = 28;
  const beta = 8 / 3;
  const h = 2 / steps;
  for (let t = 0; t < steps; t++) {
    const x1 = sigma * (y - x);
    const y1 = x * (rho - z) - y;
    const z1 = x * y - beta * z;

    const xa = x + 0.5 * h * x1;
    const ya = y + 0.5 * h * y1;
    const za = z + 0.5 * h * z1;
    const x2 = sigma * (ya - xa);
    const y2 = xa * (rho - za) - ya;
    const z2 = xa * ya - beta * za;

    const xb = x + 0.5 * h * x2;
    const yb = y + 0.5 * h * y2;
    const zb = z + 0.5 * h * z2;
    const x3 = sigma * (yb - xb);
    const y3 = xb * (rho - zb) - yb;
    const z3 = xb * yb - beta * zb;

    const xc = x + h * x3;
    const yc = y + h * y3;
    const zc = z + h * z3;
    const x4 = sigma * (yc - xc);
    const y4 = xc * (rho - zc) - yc;
    const z4 = xc * yc - beta * zc;

    x += (h / 6) * (x1 + 2 * x2 + 2 * x3 + x4);
    y += (h / 6) * (y1 + 2 * y2 + 2 * y3 + y4);
    z += (h / 6) * (z1 + 2 * z2 + 2 * z3 + z4);
  }
  return x * x + y * y + z * z;
}

export const lorenzGradient = grad(lorenz, { argnums: [0, 1, 2] });
