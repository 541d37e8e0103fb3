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

/** Marks a generated function that carries `count` tangents; `single` does the same for one. */
export const inLanes = (generated: Fn, count: number, single?: Fn): Fn =>
  Object.assign(generated, { [LANES]: { count, single } });

/** The derivative of a function along tangents, for one of them or for several in one run. */
export interface Forward {
  readonly jvp: Jvp;
  readonly vector: { readonly jvps: Jvps; readonly count: number } | undefined;
}

/** What a marker call was handed over, bound to the user's function in check mode. */
export function forwardOf(name: string, marker: Fn, generated: Fn | undefined, f: unknown): Forward {
  const bound = requireCompiled(name, marker, generated, f);
  const lanes = (generated as { [LANES]?: { count: number; single: Fn | undefined } } | undefined)?.[LANES];
  if (lanes === undefined) return { jvp: bound as never, vector: undefined };
  const { count, single } = lanes;
  const jvps = bound as unknown as Jvps;
  if (single) return { jvp: requireCompiled(name, marker, single, f) as never, vector: { jvps, count } };
  // all lanes carry the same
  const alone: Jvp = (primals, tangents) => {
    const [value, [derivative]] = jvps(
      primals,
      Array.from({ length: count }, () => tangents),
    );
    return [value, derivative];
  };
  return { jvp: alone, vector: { jvps, count } };
}

/** How many runs a number of tangents takes: what is left over goes one by one. */
export function runsFor({ vector }: Forward, tangents: number): number {
  const { count } = vector ?? { count: 1 };
  return Math.floor(tangents / count) + (tangents % count);
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
    const first = derivatives.length;
    const own = Array.from({ length: vector.count }, (_, lane) => tangents(first + lane));
    derivatives.push(...vector.jvps(primals(), own)[1]);
  }
  while (derivatives.length < count) derivatives.push(jvp(primals(), tangents(derivatives.length))[1]);
  return derivatives;
}
