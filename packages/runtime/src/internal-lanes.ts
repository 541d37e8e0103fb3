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
  const alone: Jvp = (primals, tangents) => {
    const [value, [derivative]] = jvps(
      primals,
      Array.from({ length: count }, () => tangents),
    );
    return [value, derivative];
  };
  return { jvp: alone, vector: { jvps, count } };
}

/** How many tangents each run carries. A run of several costs about as much as two runs of one. */
export function runsFor({ vector }: Forward, tangents: number): number[] {
  const count = vector?.count ?? 1;
  const runs: number[] = [];
  for (let left = tangents; left > 0; left -= runs[runs.length - 1]!)
    runs.push(left > 2 ? Math.min(left, count) : left === count ? count : 1);
  return runs;
}

/** What is differentiated along: the tangents of all arguments by number, and the arguments, asked for before each run. */
interface Directions {
  readonly count: number;
  readonly tangents: (k: number) => readonly unknown[];
  readonly primals: () => readonly unknown[];
}

/** The derivatives of the result along each of the tangents. */
export function along(forward: Forward, { count, tangents, primals }: Directions): unknown[] {
  const { jvp, vector } = forward;
  const derivatives: unknown[] = [];
  for (const size of runsFor(forward, count)) {
    const first = derivatives.length;
    if (vector === undefined || size === 1) {
      derivatives.push(jvp(primals(), tangents(first))[1]);
      continue;
    }
    const own = Array.from({ length: size }, (_, lane) => tangents(first + lane));
    // lanes that are left over repeat the last tangent
    while (own.length < vector.count) own.push(own[size - 1]!);
    derivatives.push(...vector.jvps(primals(), own)[1].slice(0, size));
  }
  return derivatives;
}
