/** **Question**: does the program freeze objects anywhere? Most do not, and need no test before a write to what comes from outside. */
import type { Host, ts } from './ts.js';

const known = new WeakMap<ts.Program, boolean>();

/** Whether a source file of the program calls `Object.freeze` or its like. */
export function freezesObjects({ program }: Host): boolean {
  const before = known.get(program);
  if (before !== undefined) return before;
  const found = program
    .getSourceFiles()
    .some((f) => !f.isDeclarationFile && /\b(freeze|seal|preventExtensions)\b/.test(f.text));
  known.set(program, found);
  return found;
}
