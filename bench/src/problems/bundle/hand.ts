/** Gradients for cameras, points and weights. */
type Gradients = readonly [Float64Array, Float64Array, Float64Array];

/** Writes the gradients into `out` and returns the value: each observation forward and at once back, no tape. */
export function bundleByHand(
  [camerasBar, pointsBar, weightsBar]: Gradients,
  cameras: Float64Array,
  points: Float64Array,
  weights: Float64Array,
  seen: Int32Array,
  features: Float64Array,
): number {
  let total = 0;
  camerasBar.fill(0);
  pointsBar.fill(0);
  for (let o = 0; o < weights.length; o++) {
    const c = 11 * seen[2 * o];
    const p = 3 * seen[2 * o + 1];
    const x = points[p] - cameras[c + 3];
    const y = points[p + 1] - cameras[c + 4];
    const z = points[p + 2] - cameras[c + 5];

    const rx = cameras[c];
    const ry = cameras[c + 1];
    const rz = cameras[c + 2];
    const angle2 = rx * rx + ry * ry + rz * rz;
    let u = x + (ry * z - rz * y);
    let v = y + (rz * x - rx * z);
    let w = z + (rx * y - ry * x);
    let angle = 0;
    let cosine = 1;
    let sine = 0;
    let ax = 0;
    let ay = 0;
    let az = 0;
    let dot = 0;
    let crossX = 0;
    let crossY = 0;
    let crossZ = 0;
    if (angle2 > 0) {
      angle = Math.sqrt(angle2);
      cosine = Math.cos(angle);
      sine = Math.sin(angle);
      ax = rx / angle;
      ay = ry / angle;
      az = rz / angle;
      dot = ax * x + ay * y + az * z;
      const along = dot * (1 - cosine);
      crossX = ay * z - az * y;
      crossY = az * x - ax * z;
      crossZ = ax * y - ay * x;
      u = x * cosine + crossX * sine + ax * along;
      v = y * cosine + crossY * sine + ay * along;
      w = z * cosine + crossZ * sine + az * along;
    }

    const px = u / w;
    const py = v / w;
    const r2 = px * px + py * py;
    const focal = cameras[c + 6];
    const k1 = cameras[c + 9];
    const k2 = cameras[c + 10];
    const distortion = 1 + k1 * r2 + k2 * r2 * r2;
    const scale = focal * distortion;
    const weight = weights[o];
    const offX = cameras[c + 7] + scale * px - features[2 * o];
    const offY = cameras[c + 8] + scale * py - features[2 * o + 1];
    const errorX = weight * offX;
    const errorY = weight * offY;
    const errorWeight = 1 - weight * weight;
    total += 0.5 * (errorX * errorX + errorY * errorY + errorWeight * errorWeight);

    weightsBar[o] = errorX * offX + errorY * offY - 2 * errorWeight * weight;
    const offXBar = errorX * weight;
    const offYBar = errorY * weight;
    camerasBar[c + 7] += offXBar;
    camerasBar[c + 8] += offYBar;
    const scaleBar = offXBar * px + offYBar * py;
    camerasBar[c + 6] += scaleBar * distortion;
    const distortionBar = scaleBar * focal;
    camerasBar[c + 9] += distortionBar * r2;
    camerasBar[c + 10] += distortionBar * r2 * r2;
    const r2Bar = 2 * distortionBar * (k1 + 2 * k2 * r2);
    const uBar = (offXBar * scale + r2Bar * px) / w;
    const vBar = (offYBar * scale + r2Bar * py) / w;
    const wBar = -(uBar * px + vBar * py);

    let xBar: number;
    let yBar: number;
    let zBar: number;
    if (angle2 > 0) {
      const rest = 1 - cosine;
      const along = dot * rest;
      const alongBar = uBar * ax + vBar * ay + wBar * az;
      const dotBar = alongBar * rest;
      const uSine = uBar * sine;
      const vSine = vBar * sine;
      const wSine = wBar * sine;
      const cosineBar = uBar * x + vBar * y + wBar * z - alongBar * dot;
      const sineBar = uBar * crossX + vBar * crossY + wBar * crossZ;
      const axBar = uBar * along + dotBar * x + wSine * y - vSine * z;
      const ayBar = vBar * along + dotBar * y + uSine * z - wSine * x;
      const azBar = wBar * along + dotBar * z + vSine * x - uSine * y;
      const angleBar = sineBar * cosine - cosineBar * sine;
      const common = angleBar - (axBar * ax + ayBar * ay + azBar * az) / angle;
      camerasBar[c] += axBar / angle + common * ax;
      camerasBar[c + 1] += ayBar / angle + common * ay;
      camerasBar[c + 2] += azBar / angle + common * az;
      xBar = uBar * cosine + dotBar * ax + vSine * az - wSine * ay;
      yBar = vBar * cosine + dotBar * ay + wSine * ax - uSine * az;
      zBar = wBar * cosine + dotBar * az + uSine * ay - vSine * ax;
    } else {
      camerasBar[c] += wBar * y - vBar * z;
      camerasBar[c + 1] += uBar * z - wBar * x;
      camerasBar[c + 2] += vBar * x - uBar * y;
      xBar = uBar + vBar * rz - wBar * ry;
      yBar = vBar + wBar * rx - uBar * rz;
      zBar = wBar + uBar * ry - vBar * rx;
    }
    pointsBar[p] += xBar;
    pointsBar[p + 1] += yBar;
    pointsBar[p + 2] += zBar;
    camerasBar[c + 3] -= xBar;
    camerasBar[c + 4] -= yBar;
    camerasBar[c + 5] -= zBar;
  }
  return total;
}
