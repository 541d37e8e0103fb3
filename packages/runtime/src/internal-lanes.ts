/**
 * Runs in forward mode, for the columns of a matrix. Beside the generated function for one tangent there may be one that
 * carries several of them along with one evaluation (vector forward mode).
 */
import { requireCompiled } from './not-compiled.js';

type Fn = (...args: never[]) => unknown;
type Jvp = (primals: readonly unknown[], tangents: readonly unknown[]) => readonly [unknown, unknown];
type Jvps = (
  primals: readonly unknown[],
  tangents: readonly (readonly unknown[])[],
) => readonly [unknown, readonly unknown[]];

const LANES = Symbol.for('adjoint.lanes');

/** Marks a generated function: `vector` does the same for `count` tangents in one run. */
export const inLanes = (generated: Fn, vector: Fn, count: number): Fn =>
  Object.assign(generated, { [LANES]: { vector, count } });

/** The derivative of a function along tangents. */
export interface Forward {
  readonly jvp: Jvp;
  readonly vector: { readonly jvps: Jvps; readonly count: number } | undefined;
}

/** What a marker call was handed over, bound to the user's function in check mode. */
export function forwardOf(
  name: string,
  marker: Fn,
  generated: Fn | undefined,
  f: unknown,
): Forward {
  const jvp = requireCompiled(name, marker, generated, f) as never;
  const lanes = (generated as { [LANES]?: { vector: Fn; count: number } } | undefined)?.[LANES];
  if (lanes === undefined) return { jvp, vector: undefined };
  const jvps = requireCompiled(name, marker, lanes.vector, f) as never;
  return { jvp, vector: { jvps, count: lanes.count } };
}

/** How many runs a number of tangents takes. */
export function runsFor({ vector }: Forward, tangents: number): number {
  if (vector === undefined) return tangents;
  return Math.floor(tangents / vector.count) + (tangents % vector.count);
}

/** What is differentiated along: the tangents of all arguments by number, and the arguments, asked for before each run. */
interface Directions {
  readonly count: number;
  readonly tangents: (k: number) => readonly unknown[];
  readonly primals: () => readonly unknown[];
}

/** The derivatives of the result along each of the tangents. */
export function along({ jvp, vector }: Forward, { count, tangents, primals }: Directions): unknown[] {
  const derivatives: unknown[] = [];
  while (vector !== undefined && derivatives.length + vector.count <= count) {
    const own = Array.from({ length: vector.count }, (_, lane) => tangents(derivatives.length + lane));
    derivatives.push(...vector.jvps(primals(), own)[1]);
  }
  while (derivatives.length < count) derivatives.push(jvp(primals(), tangents(derivatives.length))[1]);
  return derivatives;
}
