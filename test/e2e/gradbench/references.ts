/** The functions of GradBench's evals, straight from their definitions: slow, and independent of the tool. */

type Vector = readonly number[];
type Matrix = readonly Vector[];

const sum = (v: Vector): number => v.reduce((s, x) => s + x, 0);
const dot = (a: Vector, b: Vector): number => sum(a.map((x, i) => x * b[i]));
const times = (A: Matrix, v: Vector): number[] => A.map((row) => dot(row, v));
const plus = (a: Vector, b: Vector): number[] => a.map((x, i) => x + b[i]);
const minus = (a: Vector, b: Vector): number[] => a.map((x, i) => x - b[i]);

export function determinant(A: Matrix): number {
  if (A.length === 1) return A[0][0];
  return sum(A[0].map((x, j) => (-1) ** j * x * determinant(without(A, 0, j))));
}

/** The derivative of the determinant in each entry. */
export function cofactors(A: Matrix): number[] {
  return A.flatMap((row, i) => row.map((_, j) => (-1) ** (i + j) * determinant(without(A, i, j))));
}

function without(A: Matrix, i: number, j: number): Matrix {
  return A.filter((_, k) => k !== i).map((row) => row.filter((_, k) => k !== j));
}

/** Log posterior of a Gaussian mixture in 3 dimensions from the densities, for m = 1 (5 degrees of freedom). */
export function logPosterior(alpha: Vector, mu: Matrix, q: Matrix, l: Matrix, x: Matrix, gamma: number) {
  const weights = alpha.map(Math.exp);
  const precisions = q.map((d, k) => {
    const [a, b, c] = l[k];
    const Q = [
      [Math.exp(d[0]), 0, 0],
      [a, Math.exp(d[1]), 0],
      [b, c, Math.exp(d[2])],
    ];
    return [0, 1, 2].map((i) => [0, 1, 2].map((j) => sum(Q.map((row) => row[i] * row[j]))));
  });
  const density = (point: Vector, k: number): number => {
    const off = minus(point, mu[k]);
    const norm = Math.sqrt((2 * Math.PI) ** 3 / determinant(precisions[k]));
    return Math.exp(-dot(off, times(precisions[k], off)) / 2) / norm;
  };
  // the multivariate gamma function of dimension 3 at 5/2
  const gamma3 = Math.PI ** 1.5 * ((3 * Math.sqrt(Math.PI)) / 4) * 1 * (Math.sqrt(Math.PI) / 2);
  const prior = (P: Matrix): number =>
    (Math.sqrt(determinant(P)) * Math.exp((-(gamma ** 2) * sum(P.map((row, i) => row[i]))) / 2)) /
    (2 ** 7.5 * gamma ** -15 * gamma3);
  const likelihood = x.map((point) => sum(weights.map((w, k) => w * density(point, k))) / sum(weights));
  return sum(likelihood.map(Math.log)) + sum(precisions.map((P) => Math.log(prior(P))));
}

/** Mean loss of a network of LSTM layers with diagonal weights. */
export function lstmLoss(main: Matrix, extra: Matrix, state: Matrix, sequence: Matrix): number {
  const width = sequence[0].length;
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  const gate = (v: Vector, k: number, which: number, i: number): number =>
    v[i] * main[2 * k][which * width + i] + main[2 * k + 1][which * width + i];
  const now = state.map((row) => [...row]);
  let total = 0;
  for (let t = 0; t + 1 < sequence.length; t++) {
    let value = sequence[t].map((x, i) => x * extra[0][i]);
    for (let k = 0; 2 * k < now.length; k++) {
      const [hidden, cells] = [now[2 * k], now[2 * k + 1]];
      now[2 * k + 1] = cells.map(
        (c, i) =>
          c * sigmoid(gate(value, k, 0, i)) +
          sigmoid(gate(hidden, k, 1, i)) * Math.tanh(gate(hidden, k, 3, i)),
      );
      now[2 * k] = now[2 * k + 1].map((c, i) => sigmoid(gate(value, k, 2, i)) * Math.tanh(c));
      value = now[2 * k];
    }
    const prediction = value.map((x, i) => x * extra[1][i] + extra[2][i]);
    const logSum = Math.log(2 + sum(prediction.map(Math.exp)));
    total += dot(
      sequence[t + 1],
      prediction.map((y) => y - logSum),
    );
  }
  return -total / ((sequence.length - 1) * width);
}

/** `v` turned about `axis` by an angle: parallel part stays, the rest turns in its plane. */
export function turned(v: Vector, axis: Vector, angle: number): number[] {
  const length = Math.hypot(...axis);
  const unit = axis.map((x) => x / length);
  const parallel = unit.map((x) => x * dot(unit, v));
  const off = minus(v, parallel);
  const across = [
    unit[1] * v[2] - unit[2] * v[1],
    unit[2] * v[0] - unit[0] * v[2],
    unit[0] * v[1] - unit[1] * v[0],
  ];
  return parallel.map((x, i) => x + off[i] * Math.cos(angle) + across[i] * Math.sin(angle));
}

/** Weighted distance of the image of a point from a feature. Camera: rotation, centre, focal length, ... */
export function reprojection(cam: Vector, point: Vector, w: number, feature: Vector): number[] {
  const angle = Math.hypot(cam[0], cam[1], cam[2]);
  const off = minus(point, cam.slice(3, 6));
  const [x, y, z] = angle === 0 ? off : turned(off, cam.slice(0, 3), angle);
  const r = (x * x + y * y) / (z * z);
  const scale = cam[6] * (1 + cam[9] * r + cam[10] * r * r);
  return [w * ((x / z) * scale + cam[7] - feature[0]), w * ((y / z) * scale + cam[8] - feature[1])];
}

/** A joint of a hand at rest: where it is, and the angles (about x, z, y) by which it turns what hangs on it. */
export interface Joint {
  readonly at: Vector;
  readonly angles: Vector;
}

/** Where a vertex comes to when the joints of its bone turn it, the outermost first, and then the hand as a whole. */
export function posed(vertex: Vector, joints: readonly Joint[], theta: Vector): number[] {
  let v = [...vertex];
  for (const { at, angles } of joints) {
    const inJoint = turned(minus(v, at), [1, 0, 0], angles[0]);
    v = plus(at, turned(turned(inJoint, [0, 1, 0], angles[2]), [0, 0, 1], angles[1]));
  }
  const axis = theta.slice(0, 3);
  return plus(turned(v, axis, Math.hypot(...axis)), theta.slice(3, 6));
}

/** Square of where the particle of the eval `particle` crosses the axis, with the force written out. */
export function squareAtAxis(w: number): number {
  let [x, y, vx, vy] = [0, 8, 0.75, 0];
  for (;;) {
    const near = [x - 10, y - (10 - w)];
    const far = [x - 10, y];
    const pull = (v: Vector, i: number): number => v[i] / Math.hypot(...v) ** 3;
    const force = [0, 1].map((i) => pull(near, i) + pull(far, i));
    x += 0.1 * vx;
    y += 0.1 * vy;
    if (y <= 0) return (x - (y * vx) / vy) ** 2;
    vx += 0.1 * force[0];
    vy += 0.1 * force[1];
  }
}
