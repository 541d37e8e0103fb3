let tape = new Float64Array(0);

/** Writes the gradient into `out` and returns the value; keeps the density of each place and step. */
export function reactionByHand(
  out: Float64Array,
  start: Float64Array,
  target: Float64Array,
  steps: number,
  h: number,
): number {
  const n = start.length;
  if (tape.length < n * steps) tape = new Float64Array(n * steps);
  const kept = tape;
  let now = start.slice();
  let next = new Float64Array(n);
  for (let t = 0; t < steps; t++) {
    for (let i = 0; i < n; i++) {
      const left = now[i === 0 ? n - 1 : i - 1];
      const right = now[i === n - 1 ? 0 : i + 1];
      const here = now[i];
      kept[t * n + i] = here;
      next[i] = here + h * (left - 2 * here + right + here * (1 - here));
    }
    const other = now;
    now = next;
    next = other;
  }
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const off = now[i] - target[i];
    sum += off * off;
    now[i] = 2 * off;
  }
  // the step is symmetric but for the reaction, so each place gathers from its neighbours
  for (let t = steps - 1; t >= 0; t--) {
    for (let i = 0; i < n; i++) {
      const left = now[i === 0 ? n - 1 : i - 1];
      const right = now[i === n - 1 ? 0 : i + 1];
      const here = now[i];
      next[i] = here + h * (left - 2 * here + right + here * (1 - 2 * kept[t * n + i]));
    }
    const other = now;
    now = next;
    next = other;
  }
  out.set(now);
  return sum;
}
