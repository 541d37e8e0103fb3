/** What lowering is asked for, and what it gives. */
import type { Diagnostics, Place } from '../diagnostics/diagnostic.js';
import type { MarkerStep } from '../host/marker.js';
import type { FunctionNode } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import type { Func, Module, Span, Type, ValueId, ValueTable } from '../ir/nodes.js';
import type { Inference } from './inference.js';

export interface LowerRequest {
  readonly host: Host;
  readonly values: ValueTable;
  readonly diagnostics: Diagnostics;
  readonly request: Place & { readonly message: string };
  readonly isRuntime: (file: ts.SourceFile) => boolean;
  /** The expression that reads a module-level variable from the generated code, or `undefined` if it cannot be reached. */
  readonly reach: (symbol: ts.Symbol) => string | undefined;
  /** The method that gives or sets a private static field of a class, if there is a way to it. */
  readonly privateStatic: (owner: ts.Symbol, field: string, access: 'get' | 'set') => string | undefined;
  /** Whether such an expression reads a copy that nobody else holds. */
  readonly isCopy: (text: string) => boolean;
  /** The pieces of text around the value by which generated code writes a module-level variable, if there are such. */
  readonly write: (symbol: ts.Symbol) => readonly [string, string] | undefined;
  readonly target: FunctionNode;
  /** What is known of the types of the target for such arguments, if it was lowered before. */
  readonly inference: Inference;
  /** What `this` is in the target, as an expression at the marker call. */
  readonly receiver: ts.Expression | undefined;
  /** What is called in place of the target, which only says how. */
  readonly callee: ts.Expression | undefined;
  /** Markers around the target: their result is what is lowered. */
  readonly chain: readonly MarkerStep[];
  /** The target returns `[loss, extra]`, and the loss is what is lowered. */
  readonly aux: boolean;
  /** The marker call. */
  readonly call: ts.CallExpression;
  /** Position of the rest parameter of what is lowered. */
  readonly rest: number | undefined;
  readonly argTypes: readonly Type[];
  /** The file of the marker call, where the generated code stands. */
  readonly at: ts.SourceFile;
  /** Gains the files whose functions were read. */
  readonly dependencies: Set<string>;
  /** Gains what is to be said with what is reported of an operation, by its place. */
  readonly notes: Map<string, Place & { readonly message: string }>;
}

export interface Lowered {
  readonly module: Module;
  readonly entry: Func;
  /** Outer variables that the function reads, in the order of the entry's parameters behind the arguments. */
  readonly captured: readonly string[];
  /** Variables outside that the function assigns. */
  readonly assigned: readonly OuterVariable[];
  /** What the target returned, if that is more than what is differentiated. */
  readonly returned: ValueId | undefined;
  /** The functions that `sort` calls, by key, with the place of such a call of `sort`. */
  readonly comparators: ReadonlyMap<string, Span>;
}

/** How a variable outside is read, and written: the text around the value. */
export interface OuterVariable {
  readonly read: string;
  readonly write: readonly string[];
}
