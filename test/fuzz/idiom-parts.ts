/** What the parts of a program in `render-idioms*.ts` are made of. */
import type { ValueType } from './ast.js';
import type * as x from './render-expression.js';

export interface Idiom {
  readonly lines: readonly string[];
  readonly variables?: readonly x.Variable[];
  readonly callable?: x.Callable;
}
/** What an idiom is printed with: fresh names, a test, three numbers, and things in scope by type. */
export interface Parts {
  readonly scope: x.Scope;
  readonly name: (prefix: string) => string;
  readonly test: () => string;
  readonly e: (k: number) => string;
  /** A number for what is assigned again and again. */
  readonly small: (k: number) => string;
  /** An expression that sees further numbers. */
  readonly seeing: (k: number, ...numbers: string[]) => string;
  readonly some: (...types: ValueType[]) => string | undefined;
}
export const variable = (name: string, type: ValueType, assignable = true): x.Variable => ({
  name,
  type,
  assignable,
});

/** Undefined where nothing in scope fits. */
export type Make = (p: Parts) => Idiom | undefined;
export type Idioms = Readonly<Record<string, Make>>;
