// Functions of real packages, by the JavaScript that is installed: the gradients of programs that call them.
import { checkGrad, grad, valueAndGrad } from 'adjoint';
import { glMatrix } from 'gl-matrix';
import { afterEach, describe, expect, test } from 'vitest';
import { basis, pieces, zoom } from './d3-interpolate.js';
import { invert, multiply, orbit, slerp, squared, transform } from './gl-matrix.js';
import { between, correlation, geometric, slope, spread, tabled } from './simple-statistics.js';

const m = [2, 0.1, 0.3, 0, 0.5, 3, 0.2, 0, 0.7, 0.1, 4, 0, 1, 2, 3, 1];
const n = [1, 0.4, 0.2, 0.1, 0.3, 2, 0.1, 0, 0.2, 0.6, 1, 0.3, 0.5, 1, 2, 1];
const v = [3, 1, 4, 1.5, 9, 2.6, 5];
const w = [2, 7, 1, 8, 2.8, 1.8, 4];

describe('gl-matrix', () => {
  test('mat4.multiply', () => {
    const g = grad(multiply, { argnums: [0, 1] });
    expect(checkGrad(multiply, g, [m, n], { argnums: [0, 1] }).ok).toBe(true);
  });
  test('mat4.multiply in place', () => {
    expect(checkGrad(squared, grad(squared), [m]).ok).toBe(true);
  });
  test('mat4.invert', () => {
    const g = grad(invert);
    expect(checkGrad(invert, g, [m]).ok).toBe(true);
    // a singular matrix has no inverse: the function leaves early
    expect(g(new Array(16).fill(0))).toEqual(new Array(16).fill(0));
  });
  test.each([1, -1])('quat.slerp, %d', (sign) => {
    const g = grad(slerp, { argnums: [0, 1, 2] });
    const b = [0.1, 0.7, 0.5, 0.5].map((x) => sign * x);
    expect(checkGrad(slerp, g, [[0.5, 0.5, 0.5, 0.5], b, 0.3], { argnums: [0, 1, 2] }).ok).toBe(true);
  });
  test('vec3.transformMat4 and vec3.normalize', () => {
    const g = grad(transform, { argnums: [0, 1] });
    expect(checkGrad(transform, g, [[1, 2, 3], m], { argnums: [0, 1] }).ok).toBe(true);
  });
});

describe('gl-matrix, in arrays that it makes', () => {
  const g = valueAndGrad(orbit, { argnums: [0, 1] });
  afterEach(() => glMatrix.setMatrixArrayType(Float32Array));
  test('of single precision', () => {
    const [value, gradient] = g([1, 0.5, 0.2], 0.7);
    expect(value).toBe(orbit([1, 0.5, 0.2], 0.7));
    const estimate = (orbit([1, 0.5, 0.2], 0.71) - orbit([1, 0.5, 0.2], 0.69)) / 0.02;
    expect(gradient[1]).toBeCloseTo(estimate, 2);
  });
  test('of the class that the program sets', () => {
    glMatrix.setMatrixArrayType(Array);
    expect(g([1, 0.5, 0.2], 0.7)[0]).toBe(orbit([1, 0.5, 0.2], 0.7));
    const slopes = (p: number[], angle: number) => g(p, angle)[1];
    expect(checkGrad(orbit, slopes, [[1, 0.5, 0.2], 0.7], { argnums: [0, 1] }).ok).toBe(true);
  });
  test('of a class that the package does not name', () => {
    glMatrix.setMatrixArrayType(Float64Array as never);
    expect(() => g([1, 0.5, 0.2], 0.7)).toThrow(TypeError);
  });
});

describe('simple-statistics', () => {
  test('variance', () => {
    expect(checkGrad(spread, grad(spread), [v]).ok).toBe(true);
  });
  test('sampleCorrelation', () => {
    const g = grad(correlation, { argnums: [0, 1] });
    expect(checkGrad(correlation, g, [v, w], { argnums: [0, 1] }).ok).toBe(true);
  });
  test('quantile', () => {
    expect(checkGrad(between, grad(between), [v]).ok).toBe(true);
  });
  test('linearRegression', () => {
    expect(checkGrad(slope, grad(slope), [v]).ok).toBe(true);
  });
  test('cumulativeStdNormalProbability', () => {
    // from a table that the module fills when it is loaded
    expect(checkGrad(tabled, grad(tabled), [v]).ok).toBe(true);
  });
  test('logAverage', () => {
    expect(checkGrad(geometric, grad(geometric), [v]).ok).toBe(true);
  });
});

describe('d3-interpolate', () => {
  test('interpolateBasis', () => {
    const g = grad(basis, { argnums: [0, 1] });
    expect(checkGrad(basis, g, [[1, 2, 4, 7], 0.4], { argnums: [0, 1] }).ok).toBe(true);
  });
  test('interpolateZoom', () => {
    const g = grad(zoom, { argnums: [0, 1, 2] });
    const a: [number, number, number] = [1, 2, 4];
    expect(checkGrad(zoom, g, [a, [3, 5, 6], 0.4], { argnums: [0, 1, 2] }).ok).toBe(true);
    // from a view to one at the same place: another branch
    const still = grad(zoom, { argnums: 2 });
    expect(checkGrad(zoom, still, [a, [1, 2, 6], 0.4], { argnums: 2 }).ok).toBe(true);
  });
  test('piecewise over interpolateNumber', () => {
    const g = grad(pieces, { argnums: [0, 1] });
    expect(checkGrad(pieces, g, [[1, 2, 4, 7], 0.4], { argnums: [0, 1] }).ok).toBe(true);
  });
});
