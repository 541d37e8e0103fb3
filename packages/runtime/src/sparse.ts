/**
 * Sparse Jacobians and Hessians at run time. The first call finds the pattern and colours it; every call computes a product
 * for each colour, and one with a random vector, which tells whether the pattern still holds.
 */
import { Layout, zeroTree } from './flat.js';
import { copy } from './internal-compare.js';
import { along, type Forward } from './internal-lanes.js';
import {
  checkedPattern,
  entriesOf,
  missingIn,
  type SparseMatrix,
  type SparsePattern,
  transposed,
  union,
} from './sparse-pattern.js';
import {
  agrees,
  evaluate,
  type Mode,
  type Plan,
  planHessian,
  planJacobian,
  randomVector,
  type Sample,
} from './sparse-products.js';
import { findPattern, type LinearMap, type Probe } from './sparse-search.js';

type Vjp = (...args: unknown[]) => readonly [unknown, (cotangent: unknown) => readonly unknown[]];

/** The generated functions. `keep` notes what they change outside; what it returns puts that back. */
interface Runs {
  readonly forward: Forward;
  readonly vjp: Vjp | undefined;
  readonly keep: () => () => void;
}

/** The matrix of a function in its first argument. Without `vjp` it is symmetric: the Jacobian of a gradient. */
export function sparseMatrixOf(marker: string, runs: Runs, given: unknown) {
  const pattern = given === undefined ? undefined : checkedPattern(given as SparsePattern);
  const derivative = new SparseDerivative(marker, runs.vjp === undefined, pattern);
  return (...args: unknown[]): SparseMatrix => {
    const point = new Point(runs, args);
    const matrix = derivative.at(point);
    point.leave();
    return matrix;
  };
}

/** A function at one point: the products of its derivative there. */
class Point {
  readonly inputs: Layout;
  outputs!: Layout;
  /** The arguments as they were: what runs but the first one is given copies. */
  private readonly before: readonly unknown[];
  /** Tangents of the other arguments. */
  private readonly zeros: readonly unknown[];

  /** What is outside as it was, and as the first run left it. */
  private readonly restore: () => void;
  leave: () => void = () => undefined;

  constructor(
    readonly runs: Runs,
    readonly args: readonly unknown[],
  ) {
    this.restore = runs.keep();
    this.before = copy(args) as unknown[];
    this.inputs = new Layout(this.before[0]);
    this.zeros = this.before.slice(1).map(zeroTree);
  }

  /** The first run, on the arguments themselves: they, and all that is outside, are left as it leaves them. */
  start(mode: Mode, salt: number): { sample: Sample; rows: LinearMap | undefined } {
    const started = this.first(mode, salt);
    this.leave = this.runs.keep();
    return started;
  }
  private first(mode: Mode, salt: number): { sample: Sample; rows: LinearMap | undefined } {
    if (mode === 'rows') {
      const rows = this.transposedMap(this.args);
      const vector = randomVector(rows.inputs, salt);
      return { sample: { mode, vector, product: rows.apply(vector) }, rows };
    }
    const vector = randomVector(this.inputs.size, salt);
    const [value, tangent] = this.runs.forward.jvp(this.args, [this.inputs.tree(vector), ...this.zeros]);
    this.outputs = this.runs.vjp ? new Layout(copy(value)) : this.inputs;
    return { sample: { mode, vector, product: this.outputs.vector(tangent) }, rows: undefined };
  }

  /** Every further run begins as the first one did. */
  private nextArguments(): unknown[] {
    this.restore();
    return copy(this.before) as unknown[];
  }

  /** Products with the matrix, by runs in forward mode. */
  map(): LinearMap {
    const { runs, inputs, outputs, zeros } = this;
    const applyAll = (vectors: readonly Float64Array[]) =>
      along(runs.forward, {
        count: vectors.length,
        tangents: (k) => [inputs.tree(vectors[k]!), ...zeros],
        primals: () => this.nextArguments(),
      }).map((tangent) => outputs.vector(tangent));
    return {
      inputs: inputs.size,
      outputs: outputs.size,
      lanes: runs.forward.vector?.count ?? 1,
      apply: (v) => applyAll([v])[0]!,
      applyAll,
    };
  }
  /** Products with its transpose: one run, and a reverse sweep for each. */
  transposedMap(args: readonly unknown[] = this.nextArguments()): LinearMap {
    const [value, pullback] = this.runs.vjp!(...args);
    const { inputs } = this;
    const outputs = new Layout(copy(value));
    this.outputs = outputs;
    return {
      inputs: outputs.size,
      outputs: inputs.size,
      apply: (v) => inputs.vector(pullback(outputs.tree(v))[0]),
    };
  }
}

/** What is known of the derivative of one function, from call to call. */
class SparseDerivative {
  private plan: Plan | undefined;
  /** The arrays of the pattern that users get: never read again, in case that they are written. */
  private shown: SparsePattern | undefined;
  private calls = 0;

  constructor(
    readonly marker: string,
    readonly symmetric: boolean,
    readonly given: SparsePattern | undefined,
  ) {
    if (given) this.keep(given);
  }

  at(point: Point): SparseMatrix {
    const { sample, rows } = point.start(this.plan?.mode ?? 'columns', this.calls++);
    const [m, n] = [point.outputs.size, point.inputs.size];
    if (this.plan?.pattern.rows !== m || this.plan.pattern.cols !== n) {
      if (this.given) this.refuseSize(m, n);
      this.keep(search(point, 'nan'));
    }
    const compute = (plan: Plan) =>
      evaluate(plan, plan.mode === 'rows' ? (rows ?? point.transposedMap()) : point.map());
    let plan = this.plan!;
    let values = compute(plan);
    while (!agrees(plan.pattern, values, sample) && this.grow(point)) {
      plan = this.plan!;
      values = compute(plan);
    }
    return { ...this.shown!, values };
  }

  /** Looks for more entries; whether there were any. Without any the difference was one of rounding. */
  private grow(point: Point): boolean {
    const { pattern } = this.plan!;
    if (this.given) {
      const missing = missingIn(pattern, search(point, 'numbers'));
      if (missing) this.refuseEntry(missing);
      return false;
    }
    for (const probe of ['nan', 'numbers'] as const) {
      const all = union(pattern, search(point, probe));
      if (entriesOf(all) === entriesOf(pattern)) continue;
      this.keep(all);
      return true;
    }
    return false;
  }

  private keep(found: SparsePattern): void {
    const isSquare = found.rows === found.cols;
    const pattern = this.symmetric && isSquare ? union(found, transposed(found)) : found;
    this.plan = this.symmetric && isSquare ? planHessian(pattern) : planJacobian(pattern);
    const { rows, cols, rowPointers, columnIndices } = pattern;
    this.shown = { rows, cols, rowPointers: rowPointers.slice(), columnIndices: columnIndices.slice() };
  }

  private refuseSize(m: number, n: number): never {
    const { rows, cols } = this.given!;
    throw new RangeError(
      `adjoint: the pattern given to \`${this.marker}\` is ${rows} by ${cols}, and the matrix is ${m} by ${n}`,
    );
  }
  private refuseEntry([i, j]: readonly [number, number]): never {
    throw new RangeError(
      `adjoint: the pattern given to \`${this.marker}\` has no entry at row ${i}, column ${j}, and the matrix has`,
    );
  }
}

/** By the structure of what runs; by numbers where the function or a rule of it cannot take NaN. */
function search(point: Point, probe: Probe): SparsePattern {
  const rows = point.runs.vjp && point.outputs.size > 0 ? point.transposedMap() : undefined;
  if (probe === 'numbers') return findPattern(point.map(), rows, probe);
  try {
    return findPattern(point.map(), rows, probe);
  } catch {
    return findPattern(point.map(), rows, 'numbers');
  }
}
