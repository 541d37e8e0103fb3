import { jvp } from 'adjoint';
import { flat } from '../matrix.js';
import type { Module, Runs } from '../protocol.js';
import { repeat } from '../repeat.js';

interface Input extends Runs {
  readonly theta: readonly number[];
  readonly us: readonly number[][];
  readonly data: {
    readonly model: {
      readonly parents: readonly number[];
      readonly base_relatives: readonly number[][][];
      readonly inverse_base_absolutes: readonly number[][][];
      readonly base_positions: readonly number[][];
      readonly weights: readonly number[][];
      readonly triangles: readonly number[][];
      readonly is_mirrored: boolean;
    };
    readonly correspondences: readonly number[];
    readonly points: readonly number[][];
  };
}

/** A model of the hand and measured points. All arrays of matrices and vectors are flat, row by row. */
export interface Hand {
  /** The parent of each bone, -1 for none; a parent stands before its children. */
  readonly parents: Int32Array;
  /** 4 by 4, for each bone: its place in its parent at rest, and the inverse of its place in the hand at rest. */
  readonly relatives: Float64Array;
  readonly inverses: Float64Array;
  /** Homogeneous coordinates of the vertices at rest, four each, and their weights, one for each bone. */
  readonly vertices: Float64Array;
  readonly weights: Float64Array;
  /** Three vertices each. */
  readonly triangles: Int32Array;
  readonly mirrored: boolean;
  /** Where each measured point lies: on a vertex, or in a triangle if the place in it is given. */
  readonly correspondences: Int32Array;
  readonly points: Float64Array;
}

/** Writes the product of two 4 by 4 matrices, which begin at `i` and `j`, to `out` from `o` on. */
function multiply(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  out: Float64Array,
  o: number,
): void {
  for (let row = 0; row < 4; row++) {
    for (let column = 0; column < 4; column++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[i + 4 * row + k] * b[j + 4 * k + column];
      out[o + 4 * row + column] = sum;
    }
  }
}

/** Writes the rotation by `z` after `y` after `x` (about these axes) to a 4 by 4 matrix. */
function eulerRotation(x: number, y: number, z: number, out: Float64Array): void {
  const cx = Math.cos(x);
  const cy = Math.cos(y);
  const cz = Math.cos(z);
  const sx = Math.sin(x);
  const sy = Math.sin(y);
  const sz = Math.sin(z);
  out[0] = cz * cy;
  out[1] = cz * sy * sx - sz * cx;
  out[2] = cz * sy * cx + sz * sx;
  out[4] = sz * cy;
  out[5] = sz * sy * sx + cz * cx;
  out[6] = sz * sy * cx - cz * sx;
  out[8] = -sy;
  out[9] = cy * sx;
  out[10] = cy * cx;
  out[15] = 1;
}

/** The rotation about the first three numbers of `theta` by their length, 3 by 3. */
function axisRotation(theta: Float64Array): Float64Array {
  const norm = Math.sqrt(theta[0] * theta[0] + theta[1] * theta[1] + theta[2] * theta[2]);
  if (norm < 1e-4) return Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  const x = theta[0] / norm;
  const y = theta[1] / norm;
  const z = theta[2] / norm;
  const s = Math.sin(norm);
  const c = Math.cos(norm);
  const rest = 1 - c;
  return Float64Array.of(
    x * x + (1 - x * x) * c,
    x * y * rest - z * s,
    x * z * rest + y * s,
    x * y * rest + z * s,
    y * y + (1 - y * y) * c,
    y * z * rest - x * s,
    x * z * rest - y * s,
    y * z * rest + x * s,
    z * z + (1 - z * z) * c,
  );
}

/**
 * The angles of every bone, three each (about x, z, y). `theta` has, from 6 on, four for each of five fingers: two for its
 * second bone (the wrist is bone 0), one each for the next two.
 */
function boneAngles(theta: Float64Array, bones: number): Float64Array {
  const angles = new Float64Array(3 * bones);
  for (let finger = 0; finger < 5; finger++) {
    const from = 6 + 4 * finger;
    const bone = 2 + 4 * finger;
    angles[3 * bone] = theta[from];
    angles[3 * bone + 1] = theta[from + 1];
    angles[3 * bone + 3] = theta[from + 2];
    angles[3 * bone + 6] = theta[from + 3];
  }
  return angles;
}

/** For each bone the 4 by 4 matrix that carries its vertices from rest to where the angles put them. */
function boneTransforms(theta: Float64Array, { parents, relatives, inverses }: Hand): Float64Array {
  const bones = parents.length;
  const angles = boneAngles(theta, bones);
  const rotation = new Float64Array(16);
  const posed = new Float64Array(16);
  const absolutes = new Float64Array(16 * bones);
  const transforms = new Float64Array(16 * bones);
  for (let b = 0; b < bones; b++) {
    const at = 16 * b;
    eulerRotation(angles[3 * b], angles[3 * b + 2], angles[3 * b + 1], rotation);
    if (parents[b] === -1) {
      multiply(relatives, at, rotation, 0, absolutes, at);
    } else {
      multiply(relatives, at, rotation, 0, posed, 0);
      multiply(absolutes, 16 * parents[b], posed, 0, absolutes, at);
    }
    multiply(absolutes, at, inverses, at, transforms, at);
  }
  return transforms;
}

/** Where the vertices are, three coordinates each: blended over the bones, then turned and moved as a whole. */
function vertexPositions(theta: Float64Array, hand: Hand): Float64Array {
  const { vertices, weights, mirrored } = hand;
  const transforms = boneTransforms(theta, hand);
  const rotation = axisRotation(theta);
  const bones = hand.parents.length;
  const count = vertices.length / 4;
  const positions = new Float64Array(3 * count);
  for (let v = 0; v < count; v++) {
    const v0 = vertices[4 * v];
    const v1 = vertices[4 * v + 1];
    const v2 = vertices[4 * v + 2];
    const v3 = vertices[4 * v + 3];
    let x = 0;
    let y = 0;
    let z = 0;
    for (let b = 0; b < bones; b++) {
      const weight = weights[v * bones + b];
      if (weight === 0) continue;
      const t = 16 * b;
      x +=
        weight *
        (transforms[t] * v0 + transforms[t + 1] * v1 + transforms[t + 2] * v2 + transforms[t + 3] * v3);
      y +=
        weight *
        (transforms[t + 4] * v0 + transforms[t + 5] * v1 + transforms[t + 6] * v2 + transforms[t + 7] * v3);
      z +=
        weight *
        (transforms[t + 8] * v0 + transforms[t + 9] * v1 + transforms[t + 10] * v2 + transforms[t + 11] * v3);
    }
    if (mirrored) x = -x;
    for (let i = 0; i < 3; i++) {
      positions[3 * v + i] =
        rotation[3 * i] * x + rotation[3 * i + 1] * y + rotation[3 * i + 2] * z + theta[3 + i];
    }
  }
  return positions;
}

/**
 * The measured points less where the hand has them, three coordinates each. `theta`: rotation and translation of the
 * hand, angles of the fingers. `us`: two barycentric coordinates for each point; empty if the points are on vertices.
 */
export function residuals(theta: Float64Array, us: Float64Array, hand: Hand): Float64Array {
  const { correspondences, points, triangles } = hand;
  const positions = vertexPositions(theta, hand);
  const out = new Float64Array(points.length);
  for (let p = 0; p < correspondences.length; p++) {
    if (us.length === 0) {
      const v = 3 * correspondences[p];
      for (let i = 0; i < 3; i++) out[3 * p + i] = points[3 * p + i] - positions[v + i];
    } else {
      const corners = 3 * correspondences[p];
      const a = 3 * triangles[corners];
      const b = 3 * triangles[corners + 1];
      const c = 3 * triangles[corners + 2];
      const u = us[2 * p];
      const v = us[2 * p + 1];
      for (let i = 0; i < 3; i++) {
        const place = u * positions[a + i] + v * positions[b + i] + (1 - u - v) * positions[c + i];
        out[3 * p + i] = points[3 * p + i] - place;
      }
    }
  }
  return out;
}

/**
 * The columns of the Jacobian: first, if there are any `us`, one for all first barycentric coordinates and one for all
 * second ones (a row depends on those of its own point only), then one for each number of `theta`.
 */
export function jacobianColumns(theta: Float64Array, us: Float64Array, hand: Hand): Float64Array[] {
  const derivative = jvp((t: Float64Array, u: Float64Array) => residuals(t, u, hand));
  const columns: Float64Array[] = [];
  const thetaDirection = new Float64Array(theta.length);
  const usDirection = new Float64Array(us.length);
  if (us.length > 0) {
    for (let which = 0; which < 2; which++) {
      for (let i = 0; i < us.length; i++) usDirection[i] = i % 2 === which ? 1 : 0;
      columns.push(derivative([theta, us], [thetaDirection, usDirection])[1]);
    }
    usDirection.fill(0);
  }
  for (let i = 0; i < theta.length; i++) {
    thetaDirection[i] = 1;
    columns.push(derivative([theta, us], [thetaDirection, usDirection])[1]);
    thetaDirection[i] = 0;
  }
  return columns;
}

function handOf({ model, correspondences, points }: Input['data']): Hand {
  return {
    parents: Int32Array.from(model.parents),
    relatives: flat(model.base_relatives.flat()),
    inverses: flat(model.inverse_base_absolutes.flat()),
    vertices: flat(model.base_positions),
    weights: flat(model.weights),
    triangles: Int32Array.from(model.triangles.flat()),
    mirrored: model.is_mirrored,
    correspondences: Int32Array.from(correspondences),
    points: flat(points),
  };
}

export const ht: Module = {
  objective(input: Input) {
    const [theta, us, hand] = [Float64Array.from(input.theta), flat(input.us), handOf(input.data)];
    return repeat(
      input,
      () => residuals(theta, us, hand),
      (result) => [...result],
    );
  },
  jacobian(input: Input) {
    const [theta, us, hand] = [Float64Array.from(input.theta), flat(input.us), handOf(input.data)];
    return repeat(
      input,
      () => jacobianColumns(theta, us, hand),
      (columns) => [...columns[0].keys()].map((row) => columns.map((column) => column[row])),
    );
  },
};
