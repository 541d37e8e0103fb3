/** Facts about the sources of a whole program, each found out once. */
import type { Host, ts } from './ts.js';
import { walkNodes } from './walk.js';

/** What `find` gives for a program, kept as long as the program is. */
export function perProgram<T>(find: (host: Host) => T): (host: Host) => T {
  const known = new WeakMap<ts.Program, { readonly fact: T }>();
  return (host) => {
    let found = known.get(host.program);
    if (!found) known.set(host.program, (found = { fact: find(host) }));
    return found.fact;
  };
}

/** Visits every node of the program's own sources. */
export function visitSources({ program, ts }: Host, visit: (n: ts.Node) => void): void {
  for (const f of program.getSourceFiles()) if (!f.isDeclarationFile) walkNodes(ts, f, visit);
}
