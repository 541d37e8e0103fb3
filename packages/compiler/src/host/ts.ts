/** The only place that names the TypeScript package. The module itself is handed in by the host compiler. */
import type ts from 'typescript';
import type { Gains } from '../ir/gains.js';

export type { ts };
export type TypeScript = typeof ts;

/** What passes need of the host compiler. */
export interface Host {
  readonly ts: TypeScript;
  readonly program: ts.Program;
  readonly checker: ts.TypeChecker;
  /** JavaScript that is read without the declarations of the language: its globals have no symbols. */
  readonly untyped?: boolean;
  /** Names of fields that are told apart by the kinds of what they hold (`splitKey`). */
  readonly splits?: ReadonlySet<string>;
  /** Gains such names, where types could not be handled without. */
  readonly newSplits?: Set<string>;
  /** What objects from outside may have gained. */
  readonly gains?: Gains;
}
