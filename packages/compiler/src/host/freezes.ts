/** **Question**: does the program freeze objects anywhere? Most do not, and need no test before a write to what comes from outside. */
import { perProgram } from './sources.js';

/** Whether a source file of the program names `Object.freeze` or its like. */
export const freezesObjects = perProgram(({ program }) =>
  program
    .getSourceFiles()
    .some((f) => !f.isDeclarationFile && /\b(freeze|seal|preventExtensions)\b/.test(f.text)),
);
