// Derivatives of derivatives, products with Hessians, matrices.
import {
  grad,
  hessian,
  hvp,
  jacfwd,
  jacobian,
  jacrev,
  jvp,
  type SparseMatrix,
  sparseHessian,
  sparseJacobian,
  valueAndGrad,
  vjp,
} from 'adjoint';
import { is } from './equal.js';

declare function scalar(x: number): number;
declare function energy(x: Float64Array, scale: number, names: readonly string[]): number;
declare function model(p: { w: number[]; b: number; name: string }, rate?: number): number;
declare function curve(t: number, v: readonly number[]): { x: number; y: Float64Array; name: string };
declare function pair(a: number, b: number[]): [number, number];

// Markers of markers.
is<number>()(grad(grad(scalar))(1));
is<number>()(grad(grad(grad(scalar)))(1));
is<[value: number, gradient: number]>()(valueAndGrad(grad(scalar))(1));
is<Float64Array>()(jvp(grad(energy))([new Float64Array(2), 1, []], [new Float64Array(2), 0])[0]);
is<Float64Array>()(jvp(grad(energy))([new Float64Array(2), 1, []], [new Float64Array(2), 0])[1]);
is<Float64Array>()(vjp(grad(energy))(new Float64Array(2), 1, [])[0]);

// The first argument, its vector, the others.
is<number>()(hvp(scalar)(1, 2));
is<Float64Array>()(hvp(energy)(new Float64Array(2), Float64Array.of(1, 2), 3, ['a']));
is<{ w: number[]; b: number }>()(hvp(model)({ w: [1], b: 2, name: 'm' }, { w: [1], b: 2 }));
is<{ w: number[]; b: number }>()(hvp(model)({ w: [1], b: 2, name: 'm' }, { w: [1], b: 2 }, 0.1));

// The argument in the argument.
is<number>()(hessian(scalar)(1));
is<Float64Array[]>()(hessian(energy)(new Float64Array(2), 1, []));
is<number>()(hessian(energy, { argnums: 1 })(new Float64Array(2), 1, []));
is<{ w: { w: number[]; b: number }[]; b: { w: number[]; b: number } }>()(
  hessian(model)({ w: [1], b: 2, name: 'm' }),
);

// The argument in the result.
is<{ x: number; y: number[] }>()(jacfwd(curve)(1, [2]));
is<{ x: number[]; y: number[][] }>()(jacrev(curve, { argnums: 1 })(1, [2]));
is<[number, number]>()(jacobian(pair)(1, [2]));
is<[[number, number], [number[], number[]]]>()(jacobian(pair, { argnums: [0, 1] })(1, [2]));
is<Float64Array>()(jacobian(energy)(new Float64Array(2), 1, []));

// Sparse matrices: the arguments of the function, and a pattern that may be an earlier result.
is<SparseMatrix>()(sparseJacobian(curve)(1, [2]));
is<SparseMatrix>()(sparseHessian(energy)(new Float64Array(2), 1, []));
declare const earlier: SparseMatrix;
sparseJacobian(pair, earlier);
sparseHessian(energy, { rows: 1, cols: 1, rowPointers: new Int32Array(2), columnIndices: new Int32Array(0) });
// @ts-expect-error
sparseJacobian(energy);
// @ts-expect-error
sparseHessian(pair);
// @ts-expect-error
sparseJacobian(pair, { argnums: 1 });
// @ts-expect-error
sparseJacobian(pair)(1);

// The gradient of several numbers is not one number.
// @ts-expect-error
grad(grad(energy));
// @ts-expect-error
hvp(curve);
// @ts-expect-error
hessian(curve);
// @ts-expect-error
hessian(energy, { argnums: [0, 1] });
// @ts-expect-error
hessian(energy, { argnums: 3 });
// @ts-expect-error
jacobian(pair, { argnums: 2 });
// @ts-expect-error
hvp(energy)(new Float64Array(2), 3, 3, ['a']);
// @ts-expect-error
hvp(energy)(new Float64Array(2), new Float64Array(2));
// @ts-expect-error
hvp(energy)(new Float64Array(2), [1, 2], 3, []);
