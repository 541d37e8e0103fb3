/** **Question**: are there object literals beside the classes that implement an interface? */
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';

/** The interfaces that an object literal is written for somewhere in the program. */
const writtenFor = perProgram((host) => {
  const found = new Set<ts.Symbol>();
  visitSources(host, (n) => {
    if (!host.ts.isObjectLiteralExpression(n)) return;
    const type = host.checker.getContextualType(n);
    for (const t of type?.isUnion() ? type.types : type ? [type] : []) if (t.symbol) found.add(t.symbol);
  });
  return found;
});

/** Whether an expression is of an interface that literals implement. */
export function isInterfaceOfLiterals(host: Host, e: ts.Expression): boolean {
  if (host.untyped) return false;
  const type = host.checker.getApparentType(
    host.checker.getNonNullableType(host.checker.getTypeAtLocation(e)),
  );
  const { Interface, TypeLiteral } = host.ts.SymbolFlags;
  const isInterface = (type.symbol?.flags & (Interface | TypeLiteral)) !== 0;
  return isInterface && writtenFor(host).has(type.symbol);
}
