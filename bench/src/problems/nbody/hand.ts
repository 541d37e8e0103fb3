const SOFTENING = 0.01;

let tape = new Float64Array(0);

/** Writes the gradient into `out` and returns the value; keeps the differences and the pull of each pair and step. */
export function nbodyByHand(
  out: Float64Array,
  start: Float64Array,
  masses: Float64Array,
  target: Float64Array,
  steps: number,
  h: number,
): number {
  const n = masses.length;
  const position = start.slice(0, 3 * n);
  const velocity = start.slice(3 * n);
  const size = (5 * steps * n * (n - 1)) / 2;
  if (tape.length < size) tape = new Float64Array(size);
  const kept = tape;
  let top = 0;
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < n; i++) {
      for (let j = i + 1; j < n; j++) {
        const dx = position[3 * j] - position[3 * i];
        const dy = position[3 * j + 1] - position[3 * i + 1];
        const dz = position[3 * j + 2] - position[3 * i + 2];
        const r2 = dx * dx + dy * dy + dz * dz + SOFTENING;
        const pull = h / (r2 * Math.sqrt(r2));
        kept[top] = dx;
        kept[top + 1] = dy;
        kept[top + 2] = dz;
        kept[top + 3] = r2;
        kept[top + 4] = pull;
        top += 5;
        velocity[3 * i] += masses[j] * pull * dx;
        velocity[3 * i + 1] += masses[j] * pull * dy;
        velocity[3 * i + 2] += masses[j] * pull * dz;
        velocity[3 * j] -= masses[i] * pull * dx;
        velocity[3 * j + 1] -= masses[i] * pull * dy;
        velocity[3 * j + 2] -= masses[i] * pull * dz;
      }
    }
    for (let k = 0; k < 3 * n; k++) position[k] += h * velocity[k];
  }
  let sum = 0;
  out.fill(0);
  for (let k = 0; k < 3 * n; k++) {
    const off = position[k] - target[k];
    sum += off * off;
    out[k] = 2 * off;
  }
  const speed = 3 * n;
  for (let t = steps - 1; t >= 0; t--) {
    for (let k = 0; k < 3 * n; k++) out[speed + k] += h * out[k];
    for (let i = n - 1; i >= 0; i--) {
      for (let j = n - 1; j > i; j--) {
        top -= 5;
        const dx = kept[top];
        const dy = kept[top + 1];
        const dz = kept[top + 2];
        const r2 = kept[top + 3];
        const pull = kept[top + 4];
        const vx = masses[j] * out[speed + 3 * i] - masses[i] * out[speed + 3 * j];
        const vy = masses[j] * out[speed + 3 * i + 1] - masses[i] * out[speed + 3 * j + 1];
        const vz = masses[j] * out[speed + 3 * i + 2] - masses[i] * out[speed + 3 * j + 2];
        const r2Bar = (-3 * (vx * dx + vy * dy + vz * dz) * pull) / r2;
        const dxBar = vx * pull + r2Bar * dx;
        const dyBar = vy * pull + r2Bar * dy;
        const dzBar = vz * pull + r2Bar * dz;
        out[3 * j] += dxBar;
        out[3 * j + 1] += dyBar;
        out[3 * j + 2] += dzBar;
        out[3 * i] -= dxBar;
        out[3 * i + 1] -= dyBar;
        out[3 * i + 2] -= dzBar;
      }
    }
  }
  return sum;
}
