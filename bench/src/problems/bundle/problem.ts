import { gradInto } from 'adjoint';

/**
 * Half the sum of squared weighted reprojection errors (ADBench). `cameras`: 11 numbers each, rotation vector, centre,
 * focal length, principal point, two radial distortions; `points`: 3 each; `weights`: one for each observation.
 * `seen`: camera and point of each observation; `features`: where it was seen.
 */
export function bundle(
  cameras: Float64Array,
  points: Float64Array,
  weights: Float64Array,
  seen: Int32Array,
  features: Float64Array,
): number {
  let total = 0;
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
    if (angle2 > 0) {
      const angle = Math.sqrt(angle2);
      const cosine = Math.cos(angle);
      const sine = Math.sin(angle);
      const ax = rx / angle;
      const ay = ry / angle;
      const az = rz / angle;
      const along = (ax * x + ay * y + az * z) * (1 - cosine);
      u = x * cosine + (ay * z - az * y) * sine + ax * along;
      v = y * cosine + (az * x - ax * z) * sine + ay * along;
      w = z * cosine + (ax * y - ay * x) * sine + az * along;
    }

    const px = u / w;
    const py = v / w;
    const r2 = px * px + py * py;
    const scale = cameras[c + 6] * (1 + cameras[c + 9] * r2 + cameras[c + 10] * r2 * r2);
    const errorX = weights[o] * (cameras[c + 7] + scale * px - features[2 * o]);
    const errorY = weights[o] * (cameras[c + 8] + scale * py - features[2 * o + 1]);
    const errorWeight = 1 - weights[o] * weights[o];
    total += 0.5 * (errorX * errorX + errorY * errorY + errorWeight * errorWeight);
  }
  return total;
}

export const bundleGradient = gradInto(bundle, { argnums: [0, 1, 2] });
