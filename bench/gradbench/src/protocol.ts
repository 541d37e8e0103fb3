/**
 * The messages of GradBench's protocol that this tool reads and writes, one a line, as JSON. The names are those of the
 * protocol.
 */

export type Message =
  | { readonly id: number; readonly kind: 'start' | 'analysis' }
  | { readonly id: number; readonly kind: 'define'; readonly module: string }
  | {
      readonly id: number;
      readonly kind: 'evaluate';
      readonly module: string;
      readonly function: string;
      readonly input: unknown;
    };

export interface Timing {
  readonly name: string;
  readonly nanoseconds: number;
}

/** What a function of a module gives: its output and how long it took, once for each time it ran. */
export interface Evaluation {
  readonly output: unknown;
  readonly timings: readonly Timing[];
}

export type Response =
  | { readonly id: number; readonly tool?: string }
  | { readonly id: number; readonly success: boolean; readonly error?: string }
  | ({ readonly id: number; readonly success: true } & Evaluation);

/** How often an evaluation is repeated: at least so many times, and until so much time has passed. */
export interface Runs {
  readonly min_runs: number;
  readonly min_seconds: number;
}

/** The functions of one module, by name. Each takes the `input` of its messages; the eval answers for its type. */
export type Module = Readonly<Record<string, (input: never) => Evaluation>>;
