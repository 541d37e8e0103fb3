import { grad, gradInto } from 'adjoint';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly n: number;
  readonly m: number;
  readonly p: number;
  readonly cam: readonly number[];
  readonly x: readonly number[];
  readonly w: number;
  readonly feat: readonly number[];
}

/** Numbers of a camera: rotation (3), centre (3), focal length, principal point (2), radial distortion (2). */
export const CAMERA = 11;
/** Numbers that one observation depends on: its camera, its point (3), its weight. */
const BLOCK = CAMERA + 3 + 1;

/** The problem: cameras, points and weights, and for each observation its camera, its point and what was measured. */
export interface Problem {
  readonly cameras: Float64Array;
  readonly points: Float64Array;
  readonly weights: Float64Array;
  readonly cameraOf: Int32Array;
  readonly pointOf: Int32Array;
  readonly features: Float64Array;
}

/** Weighted distance of a point's image from the measured one; `c` and `p`: where camera and point begin in the arrays. */
export function reprojectionError(
  cameras: Float64Array,
  c: number,
  points: Float64Array,
  p: number,
  weight: number,
  featureX: number,
  featureY: number,
): [number, number] {
  const x = points[p] - cameras[c + 3];
  const y = points[p + 1] - cameras[c + 4];
  const z = points[p + 2] - cameras[c + 5];

  // rotation about the axis r by its length (Rodrigues)
  const r0 = cameras[c];
  const r1 = cameras[c + 1];
  const r2 = cameras[c + 2];
  const square = r0 * r0 + r1 * r1 + r2 * r2;
  let u: number;
  let v: number;
  let depth: number;
  if (square === 0) {
    u = x + r1 * z - r2 * y;
    v = y + r2 * x - r0 * z;
    depth = z + r0 * y - r1 * x;
  } else {
    const angle = Math.sqrt(square);
    const cos = Math.cos(angle);
    const sin = Math.sin(angle);
    const a = r0 / angle;
    const b = r1 / angle;
    const e = r2 / angle;
    const along = (a * x + b * y + e * z) * (1 - cos);
    u = x * cos + (b * z - e * y) * sin + a * along;
    v = y * cos + (e * x - a * z) * sin + b * along;
    depth = z * cos + (a * y - b * x) * sin + e * along;
  }

  const px = u / depth;
  const py = v / depth;
  const radius = px * px + py * py;
  const distortion = 1 + cameras[c + 9] * radius + cameras[c + 10] * radius * radius;
  const focal = cameras[c + 6] * distortion;
  return [
    weight * (px * focal + cameras[c + 7] - featureX),
    weight * (py * focal + cameras[c + 8] - featureY),
  ];
}

/** Pushes weights towards 1. */
export function weightError(weight: number): number {
  return 1 - weight * weight;
}

interface Errors {
  readonly reprojection: Float64Array;
  readonly weight: Float64Array;
}

export function errors({ cameras, points, weights, cameraOf, pointOf, features }: Problem): Errors {
  const count = weights.length;
  const reprojection = new Float64Array(2 * count);
  const weight = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    const [x, y] = reprojectionError(
      cameras,
      CAMERA * cameraOf[i],
      points,
      3 * pointOf[i],
      weights[i],
      features[2 * i],
      features[2 * i + 1],
    );
    reprojection[2 * i] = x;
    reprojection[2 * i + 1] = y;
    weight[i] = weightError(weights[i]);
  }
  return { reprojection, weight };
}

/** The two errors of one observation as functions of its camera, point and weight, one after the other in `block`. */
function errorX(block: Float64Array, featureX: number, featureY: number): number {
  return reprojectionError(block, 0, block, CAMERA, block[CAMERA + 3], featureX, featureY)[0];
}

function errorY(block: Float64Array, featureX: number, featureY: number): number {
  return reprojectionError(block, 0, block, CAMERA, block[CAMERA + 3], featureX, featureY)[1];
}

const errorXGradient = gradInto(errorX);
const errorYGradient = gradInto(errorY);
const weightErrorSlope = grad(weightError);

/** A sparse matrix: the entries of row r are those from rows[r] to rows[r + 1] - 1 in `cols` and `vals`. */
interface SparseMatrix {
  readonly rows: Int32Array;
  readonly cols: Int32Array;
  readonly vals: Float64Array;
}

/**
 * The Jacobian of all errors: two rows for each observation, then one for each weight. Columns: cameras, points, weights.
 * The entries of a row are a gradient of `errorX` or `errorY` as it is.
 */
export function jacobian(problem: Problem): SparseMatrix {
  const { cameras, points, weights, cameraOf, pointOf, features } = problem;
  const count = weights.length;
  const rows = new Int32Array(3 * count + 1);
  const cols = new Int32Array((2 * BLOCK + 1) * count);
  const vals = new Float64Array(cols.length);
  const firstPoint = cameras.length;
  const firstWeight = firstPoint + points.length;
  const block = new Float64Array(BLOCK);
  for (let i = 0; i < count; i++) {
    const c = CAMERA * cameraOf[i];
    const p = 3 * pointOf[i];
    const at = 2 * BLOCK * i;
    for (let k = 0; k < CAMERA; k++) {
      block[k] = cameras[c + k];
      cols[at + k] = c + k;
    }
    for (let k = 0; k < 3; k++) {
      block[CAMERA + k] = points[p + k];
      cols[at + CAMERA + k] = firstPoint + p + k;
    }
    block[CAMERA + 3] = weights[i];
    cols[at + CAMERA + 3] = firstWeight + i;
    cols.copyWithin(at + BLOCK, at, at + BLOCK);
    errorXGradient(vals.subarray(at, at + BLOCK), block, features[2 * i], features[2 * i + 1]);
    errorYGradient(vals.subarray(at + BLOCK, at + 2 * BLOCK), block, features[2 * i], features[2 * i + 1]);
    rows[2 * i + 1] = at + BLOCK;
    rows[2 * i + 2] = at + 2 * BLOCK;
  }
  for (let i = 0; i < count; i++) {
    const at = 2 * BLOCK * count + i;
    cols[at] = firstWeight + i;
    vals[at] = weightErrorSlope(weights[i]);
    rows[2 * count + i + 1] = at + 1;
  }
  return { rows, cols, vals };
}

/** The message holds one camera, point, weight and feature; all are that one. Observations go through them in turn. */
function problemOf({ n, m, p, cam, x, w, feat }: Input): Problem {
  return {
    cameras: repeated(cam, n),
    points: repeated(x, m),
    weights: new Float64Array(p).fill(w),
    cameraOf: Int32Array.from({ length: p }, (_, i) => i % n),
    pointOf: Int32Array.from({ length: p }, (_, i) => i % m),
    features: repeated(feat, p),
  };
}

function repeated(numbers: readonly number[], times: number): Float64Array {
  return Float64Array.from({ length: numbers.length * times }, (_, i) => numbers[i % numbers.length]);
}

/** What is sent of a long array: the entries of the first observation, and the last one. */
function excerpt(array: Int32Array | Float64Array): number[] {
  return [...array.subarray(0, 2 * BLOCK), array[array.length - 1]];
}

export const ba: Module = {
  objective(input: Input) {
    const problem = problemOf(input);
    return repeat(
      input,
      () => errors(problem),
      ({ reprojection, weight }) => ({
        reproj_error: { elements: [reprojection[0], reprojection[1]], repeated: input.p },
        w_err: { element: weight[0], repeated: input.p },
      }),
    );
  },
  jacobian(input: Input) {
    const problem = problemOf(input);
    return repeat(
      input,
      () => jacobian(problem),
      ({ rows, cols, vals }) => ({ rows: excerpt(rows), cols: excerpt(cols), vals: excerpt(vals) }),
    );
  },
};
