const INTERVALS = 8;

const decays = new Float64Array(INTERVALS + 1);
const cosines = new Float64Array(INTERVALS + 1);
const sines = new Float64Array(INTERVALS + 1);

/** Writes the gradient into `out` and returns the value: each span forward and at once back. */
export function exposureByHand(
  out: Float64Array,
  p: Float64Array,
  times: Float64Array,
  measured: Float64Array,
): number {
  const amplitude = p[0];
  const decay = p[1];
  const frequency = p[2];
  const phase = p[3];
  let total = 0;
  let amplitudeBar = 0;
  let decayBar = 0;
  let frequencyBar = 0;
  let phaseBar = 0;
  for (let i = 0; i < measured.length; i++) {
    const from = times[i];
    const h = (times[i + 1] - from) / INTERVALS;
    let sum = 0;
    for (let k = 0; k <= INTERVALS; k++) {
      const t = from + k * h;
      const e = Math.exp(-decay * (t - from));
      const angle = frequency * t + phase;
      const cosine = Math.cos(angle);
      decays[k] = e;
      cosines[k] = cosine;
      sines[k] = Math.sin(angle);
      sum += weight(k) * amplitude * e * cosine;
    }
    const error = (sum * h) / 3 - measured[i];
    total += error * error;
    const sumBar = (2 * error * h) / 3;
    for (let k = 0; k <= INTERVALS; k++) {
      const t = from + k * h;
      const bar = sumBar * weight(k) * decays[k];
      const cosineBar = bar * cosines[k];
      const angleBar = -bar * amplitude * sines[k];
      amplitudeBar += cosineBar;
      decayBar -= cosineBar * amplitude * (t - from);
      frequencyBar += angleBar * t;
      phaseBar += angleBar;
    }
  }
  out[0] = amplitudeBar;
  out[1] = decayBar;
  out[2] = frequencyBar;
  out[3] = phaseBar;
  return total;
}

function weight(k: number): number {
  return k === 0 || k === INTERVALS ? 1 : k % 2 === 1 ? 4 : 2;
}
