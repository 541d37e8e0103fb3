/** What the benchmark and its test need to know of a problem. */

/** A problem of one size with its data, ready to run. */
export interface Instance {
  readonly label: string;
  /** The marker that makes the generated adjoint; the hand-written one has the same signature. */
  readonly marker: 'grad' | 'gradInto';
  /** Where the gradient is taken. */
  readonly point: Float64Array;
  readonly valueAt: (point: Float64Array) => number;
  /** The calls that are timed. `i` counts them; the result goes into a sum that keeps it alive. */
  readonly primal: (i: number) => number;
  readonly generated: (i: number) => number;
  readonly hand: (i: number) => number;
  /** Absent where the tape would need gigabytes. */
  readonly tape?: (i: number) => number;
  /** The other arguments by name, for peers that write the function anew. */
  readonly data?: Readonly<Record<string, Float64Array | number>>;
  /** Where generated, hand-written and taped code leave the gradient: that at `point` for `i = 0`. */
  readonly out: Float64Array;
}

/** For `--memory`: two instances that differ only in the number of items. */
export interface MemoryMeasure {
  /** What an item is. */
  readonly unit: string;
  readonly sizes: readonly [number, number];
  readonly instance: (size: number) => Instance;
  /** The number of items of a size; the size itself by default. */
  readonly items?: (size: number) => number;
  /** The most bytes of tape that an item may take. */
  readonly bar: number;
}

export interface Problem {
  readonly name: string;
  /** Timed sizes; their meaning is the problem's own (unknowns, points, steps, rows). `--quick` takes the first. */
  readonly sizes: readonly number[];
  /** Sizes small enough to be verified by differences in a unit test. */
  readonly tests: readonly number[];
  readonly instance: (size: number) => Instance;
  readonly memory?: MemoryMeasure;
}

/** The gradient that one of the calls of an instance gives at its point, in a vector of its own. */
export function gradientBy(instance: Instance, method: 'generated' | 'hand' | 'tape'): Float64Array {
  instance.out.fill(Number.NaN);
  instance[method]?.(0);
  return instance.out.slice();
}
