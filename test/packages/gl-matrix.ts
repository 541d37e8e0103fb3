import { mat4, quat, vec3 } from 'gl-matrix';

type M = mat4;
const filled = (n: number): number[] => new Array<number>(n).fill(0);

export function multiply(a: number[], b: number[]): number {
  const out = filled(16);
  mat4.multiply(out as unknown as M, a as unknown as M, b as unknown as M);
  return out[0]! + 2 * out[5]! + 3 * out[10]! - out[12]! * out[3]!;
}
export function squared(a: number[]): number {
  // in place: the matrix is an argument and the result
  const m = [...a];
  for (let i = 0; i < 2; i++) mat4.multiply(m as unknown as M, m as unknown as M, a as unknown as M);
  return m[0]! + 2 * m[5]!;
}
export function invert(a: number[]): number {
  const out = filled(16);
  const done = mat4.invert(out as unknown as M, a as unknown as M);
  return done === null ? 0 : out[0]! + 2 * out[5]! + 3 * out[10]!;
}
export function slerp(a: number[], b: number[], t: number): number {
  const out = filled(4);
  quat.slerp(out as unknown as quat, a as unknown as quat, b as unknown as quat, t);
  return out[0]! + 2 * out[1]! + 3 * out[2]! + 4 * out[3]!;
}
export function transform(v: number[], m: number[]): number {
  const out = filled(3);
  vec3.transformMat4(out as unknown as vec3, v as unknown as vec3, m as unknown as M);
  vec3.normalize(out as unknown as vec3, out as unknown as vec3);
  return out[0]! + 2 * out[1]! + 3 * out[2]!;
}
/** With matrices and vectors that the package makes, in arrays of its `ARRAY_TYPE`. */
export function orbit(at: number[], angle: number): number {
  const m = mat4.create();
  const turn = quat.create();
  const v = vec3.fromValues(at[0]!, at[1]!, at[2]!);
  let s = 0;
  for (let k = 0; k < 3; k++) {
    quat.setAxisAngle(turn, [0, 1, 0], angle * k);
    mat4.fromRotationTranslation(m, turn, v);
    vec3.transformMat4(v, v, m);
    if (vec3.length(v) > 60) break;
    s += vec3.dot(v, [1, 2, 3]);
  }
  return s + mat4.determinant(m) + quat.dot(turn, quat.fromEuler(quat.create(), 10, 20, angle));
}
