/** What the rewriter knows at a place: the declaration that is being copied, and where to report. */
import type { Code } from '../diagnostics/catalog.js';
import { type Diagnostics, placeOf } from '../diagnostics/diagnostic.js';
import { packageHostOf } from '../host/packages.js';
import type { Host, ts } from '../host/ts.js';
import type { Copies, Unit } from './copies.js';

export interface Context {
  /** The host of the file that is being copied from: packages have programs of their own. */
  readonly host: Host;
  readonly ts: Host['ts'];
  readonly copies: Copies;
  /** What is being copied; references are noted in it. */
  readonly unit: Unit;
  readonly diagnostics: Diagnostics;
  /** Inside of functions that are copied as a whole: names of their own keep their names. */
  readonly roots: readonly ts.Node[];
}

/** Where code cannot be rewritten: nothing is emitted then, so the text does not matter. */
export function refuse(cx: Context, code: Code, node: ts.Node, message?: string, help?: string): string {
  cx.diagnostics.report(code, placeOf(node), [cx.copies.request], message, help);
  return 'undefined';
}

export const hostOf = (host: Host, node: ts.Node): Host => packageHostOf(node.getSourceFile()) ?? host;

export function isInside(node: ts.Node | undefined, roots: readonly ts.Node[]): boolean {
  for (let n = node; n; n = n.parent) if (roots.includes(n)) return true;
  return false;
}

/** A call of a helper of `@adjoint/tape`. */
export const helper = (cx: Context, name: string, ...args: readonly string[]): string =>
  `${cx.copies.helper}.${name}(${args.join(', ')})`;

/** An arrow function that gives the value of an expression. */
export const arrow = (parameters: string, text: string): string =>
  `(${parameters}) => ${text.startsWith('{') ? `(${text})` : text}`;

/** A name that no code uses, for a variable beside the user's. */
export const freshName = (cx: Context, wish: string): string => cx.copies.fresh(wish);
