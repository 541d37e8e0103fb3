let tape = new Float64Array(0);

/** Writes the gradient into `out` and returns the value: numbers in locals; keeps position, r2 and pull of each step. */
export function orbitByHand(out: Float64Array, start: Float64Array, steps: number, h: number): number {
  const fieldX = 0.1;
  const fieldY = 0.2;
  const fieldZ = 1;
  if (tape.length < 5 * steps) tape = new Float64Array(5 * steps);
  const kept = tape;
  let x = start[0];
  let y = start[1];
  let z = start[2];
  let u = start[3];
  let v = start[4];
  let w = start[5];
  for (let t = 0; t < steps; t++) {
    const r2 = x * x + y * y + z * z + 0.1;
    const pull = -1 / (r2 * Math.sqrt(r2));
    kept[5 * t] = x;
    kept[5 * t + 1] = y;
    kept[5 * t + 2] = z;
    kept[5 * t + 3] = r2;
    kept[5 * t + 4] = pull;
    const uNew = u + h * (x * pull + (v * fieldZ - w * fieldY));
    const vNew = v + h * (y * pull + (w * fieldX - u * fieldZ));
    const wNew = w + h * (z * pull + (u * fieldY - v * fieldX));
    u = uNew;
    v = vNew;
    w = wNew;
    x += h * u;
    y += h * v;
    z += h * w;
  }

  let xBar = 2 * x;
  let yBar = 2 * y;
  let zBar = 2 * z;
  let uBar = 0;
  let vBar = 0;
  let wBar = 0;
  for (let t = steps - 1; t >= 0; t--) {
    const xt = kept[5 * t];
    const yt = kept[5 * t + 1];
    const zt = kept[5 * t + 2];
    const r2 = kept[5 * t + 3];
    const pull = kept[5 * t + 4];
    uBar += h * xBar;
    vBar += h * yBar;
    wBar += h * zBar;
    const a = h * uBar;
    const b = h * vBar;
    const c = h * wBar;
    const r2Bar = (-3 * (a * xt + b * yt + c * zt) * pull) / r2;
    xBar += a * pull + r2Bar * xt;
    yBar += b * pull + r2Bar * yt;
    zBar += c * pull + r2Bar * zt;
    uBar += c * fieldY - b * fieldZ;
    vBar += a * fieldZ - c * fieldX;
    wBar += b * fieldX - a * fieldY;
  }
  out[0] = xBar;
  out[1] = yBar;
  out[2] = zBar;
  out[3] = uBar;
  out[4] = vBar;
  out[5] = wBar;
  return x * x + y * y + z * z;
}
