/** A loop of `n` steps, differentiated in several ways: what is recorded, and what is run again. */
export interface Schemes {
  readonly name: string;
  readonly sizes: readonly number[];
  /** So many steps can be recorded at once. */
  readonly storable: number;
  readonly primal: (n: number) => number;
  readonly gradients: Readonly<Record<string, (n: number) => readonly [value: number, gradient: number]>>;
}

/** What one process measured. */
export interface Measured {
  readonly gradient: number;
  /** Time over that of the function itself. */
  readonly time: number;
  /** The same of the gradient that stores all, of so many steps as it can. */
  readonly adjoint: number;
  /** The highest mark of the process's memory over that before the gradient, in MB. */
  readonly memory: number;
  readonly taped: number;
  readonly advanced: number;
  readonly snapshots: number;
}
export interface Result extends Measured {
  readonly problem: string;
  readonly scheme: string;
  readonly n: number;
  /** The most primal runs that it may take: (r + 1 + a) 1.15, where r is the schedule's number of repetitions; if it has one. */
  readonly bar: number | undefined;
}

/** How often steps are repeated at most, if `n` steps are run backwards with so many snapshots. */
export function repetitions(n: number, snapshots: number): number {
  let r = 0;
  for (let within = 1; within < n; r++) within = (within * (snapshots + r + 1)) / (r + 1);
  return r;
}
