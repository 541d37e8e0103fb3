/** What all functions that are lowered for one compilation share. */
import type { Diagnostics, Place } from '../diagnostics/diagnostic.js';
import type { FunctionNode, ScopeFacts } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import type { ClassTag, Func, FunctionTag, Op, Span, ValueId, ValueTable } from '../ir/nodes.js';
import type { FunctionContext } from './context.js';
import type { Inference } from './inference.js';
import type { Outside } from './outside.js';
import type { Return } from './returns.js';
import type { RuleMaps } from './rule-maps.js';
import type { Env, flatten, Shape, Val } from './shapes.js';

/** State of one compilation, shared by all functions that are lowered for it. */
export interface LowerState {
  readonly values: ValueTable;
  readonly diagnostics: Diagnostics;
  /** The user's program. */
  readonly host: Host;
  /** The host compiler's view of the file of a node: of the user's program, of a package, or of the library. */
  readonly hostOf: (node: ts.Node) => Host;
  readonly scopesOf: (node: ts.Node) => ScopeFacts;
  readonly inference: Inference;
  /** The marker call that asked, named in every diagnostic. */
  readonly request: Place & { readonly message: string };
  readonly dependencies: Set<string>;
  /** Objects that are seen through `stopGradient`. */
  readonly stopped: Set<ValueId>;
  /** Functions that hand on an iterator which they make. */
  readonly iteratorMakers: Set<ts.Node>;
  /** Adds a place to what is reported of an operation, if anything is. */
  readonly noteAt: (span: Span, note: Place & { readonly message: string }) => void;
  /** Variables of the scopes around the differentiated function: constants at entry. */
  readonly outer: ReadonlySet<ts.Symbol>;
  /** Variables and tables outside of the program. */
  readonly outside: Outside;
  /** What `sort` compares two elements by, and where it was called. */
  noteComparison(ops: readonly Op[], at: Span): void;
  /** Calls another function specialised for its arguments; gives its results. `rest` is the array of a rest parameter. */
  call(cx: FunctionContext, decl: FunctionNode, captures: Env, args: readonly Val[], at: ts.Node): Val;
  /** What is handed on with a call of a function that captures this. */
  handed(cx: FunctionContext, captures: Env, given: readonly Flat[]): Handed;
  /** The function of this specification, which is lowered if it was not yet. */
  specialise(
    what: { readonly spec: string; readonly name: () => string; readonly completion: boolean },
    lowerIt: (f: Specialised) => void,
  ): Specialised;
  /** Lowers a function; `body` says what it does. */
  build(
    f: Specialised,
    built: Built,
    body: (cx: FunctionContext, given: readonly Val[], returns: Return[]) => void,
  ): Func;
  /** A name like this that no other function of the program has. */
  freshKey(base: string): string;
  /** The functions that compute derivative rules. */
  readonly rules: RuleMaps;
  /** A name of a class that no other class of the compilation has. */
  classText(tag: ClassTag): string;
  /** The tag of a function value with its captured variables; the same for the same structure. */
  functionSite(structure: string, shape: Shape): FunctionTag;
  /** Whether a file is part of the runtime package, which exports the markers. */
  isRuntime(file: ts.SourceFile): boolean;
}

/** A function that was lowered, or is being lowered, for certain captures and arguments. */
export interface Specialised {
  readonly key: string;
  /** Function, captures and argument types as text. */
  readonly spec: string;
  result: Shape | undefined;
  done: boolean;
  /** Gives a completion: whether it threw, what, and then its results. */
  readonly completion: boolean;
  /** The shape that recursive calls took for granted. */
  assumed: Shape | undefined;
  /** What was said of it. */
  reported?: Diagnostics;
}
export const newSpecialised = (key: string, spec: string, completion = false): Specialised => ({
  key,
  spec,
  completion,
  result: undefined,
  done: false,
  assumed: undefined,
});

/** A value taken apart. */
export type Flat = ReturnType<typeof flatten>;
/** What a function is given: captured variables and arguments. */
export interface Given {
  readonly captures: readonly (readonly [ts.Symbol, Shape])[];
  readonly shapes: readonly Shape[];
}
/** What is handed on with a call. */
export interface Handed extends Given {
  readonly ids: readonly ValueId[];
  /** Tells apart calls that need different functions. */
  readonly text: string;
}
/** What is to be built. */
export interface Built extends Given {
  readonly decl: ts.Node;
  /** Of the arguments. */
  readonly names: readonly string[];
  /** Where it is called, if its code is not the user's. */
  readonly calledAt?: Span | undefined;
}
