let tape = new Float64Array(3072);

/**
 * Keeps the three state variables of every step and recomputes the stages of a step in reverse.
 * The Jacobian of the right-hand side at (x, y, z) is [[-s, s, 0], [r - z, -1, -x], [y, x, -b]].
 */
export function lorenzByHand(x: number, y: number, z: number, steps: number): [number, number, number] {
  const sigma = 10;
  const rho = 28;
  const beta = 8 / 3;
  const h = 2 / steps;
  const half = 0.5 * h;
  const sixth = h / 6;
  if (tape.length < 3 * steps) tape = new Float64Array(3 * steps);
  const states = tape;
  for (let t = 0; t < steps; t++) {
    states[3 * t] = x;
    states[3 * t + 1] = y;
    states[3 * t + 2] = z;
    const x1 = sigma * (y - x);
    const y1 = x * (rho - z) - y;
    const z1 = x * y - beta * z;
    const xa = x + half * x1;
    const ya = y + half * y1;
    const za = z + half * z1;
    const x2 = sigma * (ya - xa);
    const y2 = xa * (rho - za) - ya;
    const z2 = xa * ya - beta * za;
    const xb = x + half * x2;
    const yb = y + half * y2;
    const zb = z + half * z2;
    const x3 = sigma * (yb - xb);
    const y3 = xb * (rho - zb) - yb;
    const z3 = xb * yb - beta * zb;
    const xc = x + h * x3;
    const yc = y + h * y3;
    const zc = z + h * z3;
    const x4 = sigma * (yc - xc);
    const y4 = xc * (rho - zc) - yc;
    const z4 = xc * yc - beta * zc;
    x += sixth * (x1 + 2 * x2 + 2 * x3 + x4);
    y += sixth * (y1 + 2 * y2 + 2 * y3 + y4);
    z += sixth * (z1 + 2 * z2 + 2 * z3 + z4);
  }

  let xBar = 2 * x;
  let yBar = 2 * y;
  let zBar = 2 * z;
  for (let t = steps - 1; t >= 0; t--) {
    x = states[3 * t];
    y = states[3 * t + 1];
    z = states[3 * t + 2];
    const xa = x + half * (sigma * (y - x));
    const ya = y + half * (x * (rho - z) - y);
    const za = z + half * (x * y - beta * z);
    const xb = x + half * (sigma * (ya - xa));
    const yb = y + half * (xa * (rho - za) - ya);
    const zb = z + half * (xa * ya - beta * za);
    const xc = x + h * (sigma * (yb - xb));
    const yc = y + h * (xb * (rho - zb) - yb);
    const zc = z + h * (xb * yb - beta * zb);

    // stage 4: slopes weigh h / 6, their point is (xc, yc, zc)
    let u = sixth * xBar;
    let v = sixth * yBar;
    let w = sixth * zBar;
    let p = (rho - zc) * v - sigma * u + yc * w;
    let q = sigma * u - v + xc * w;
    let r = -xc * v - beta * w;
    let xNew = xBar + p;
    let yNew = yBar + q;
    let zNew = zBar + r;

    // stage 3: h / 3 directly and h through stage 4
    u = 2 * sixth * xBar + h * p;
    v = 2 * sixth * yBar + h * q;
    w = 2 * sixth * zBar + h * r;
    p = (rho - zb) * v - sigma * u + yb * w;
    q = sigma * u - v + xb * w;
    r = -xb * v - beta * w;
    xNew += p;
    yNew += q;
    zNew += r;

    // stage 2
    u = 2 * sixth * xBar + half * p;
    v = 2 * sixth * yBar + half * q;
    w = 2 * sixth * zBar + half * r;
    p = (rho - za) * v - sigma * u + ya * w;
    q = sigma * u - v + xa * w;
    r = -xa * v - beta * w;
    xNew += p;
    yNew += q;
    zNew += r;

    // stage 1
    u = sixth * xBar + half * p;
    v = sixth * yBar + half * q;
    w = sixth * zBar + half * r;
    xBar = xNew + (rho - z) * v - sigma * u + y * w;
    yBar = yNew + sigma * u - v + x * w;
    zBar = zNew - x * v - beta * w;
  }
  return [xBar, yBar, zBar];
}
