/** What the emission of a function is told. */
import type { Span, ValueId } from '../ir/nodes.js';

export interface EmitOptions {
  /** Emitted names of the module's functions, and of runtime helpers. */
  readonly functionName: (key: string) => string;
  readonly runtimeName: (name: string) => string;
  readonly workArray: () => string;
  /** The call of the function that the entry hands over to. */
  readonly otherwise?: (name: (v: ValueId) => string) => string;
  /** Names that must not be taken. */
  readonly avoid: Iterable<string>;
  /** Parameters as text, with names of values and of what is in every such function; by default every parameter with its type. */
  readonly parameters?: (
    name: (v: ValueId) => string,
    ownName: (wish: string) => string,
  ) => {
    readonly list: string;
    readonly prologue: readonly string[];
  };
  /** The returned expression made from the texts of the results. */
  readonly result: (texts: readonly string[]) => string | undefined;
  /** The function works on its caller's tapes. */
  readonly callerTape: boolean;
  /** The tapes that a function of the module works on. */
  readonly tapesOf: (key: string) => ReadonlySet<number>;
  /** Those of them that it puts references on. */
  readonly referenceTapesOf: (key: string) => ReadonlySet<number>;
  /** Whether a slot of a record is on the tape of numbers. */
  readonly onNumbers: (pair: string, slot: number) => boolean;
  readonly sourceLine: (span: Span) => string | undefined;
  /** File, line and column. */
  readonly placeOf: (span: Span) => string;
  readonly doc: readonly string[];
  readonly check: boolean;
}
