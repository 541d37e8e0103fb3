/**
 * Whether the object that a module of a package makes stays as its initialiser makes it: then it may be made again where it is
 * read. There are no types in that JavaScript, so every use of the name is looked at (`only-read.ts`).
 */

import { type Held, heldBy, UNKNOWN } from './held.js';
import { OnlyRead, type Uses } from './only-read.js';
import { symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';

/** The names in a program by their text, and the keys in `all['key']`; asking the checker what each of them means takes seconds in large packages. */
export const namesOf = perProgram((host) => {
  const { ts } = host;
  const found = new Map<string, Uses[number][]>();
  visitSources(host, (n) => {
    const isKey = ts.isStringLiteralLike(n) && ts.isElementAccessExpression(n.parent);
    if (!isKey && !ts.isIdentifier(n)) return;
    const known = found.get(n.text);
    if (known) known.push(n);
    else found.set(n.text, [n]);
  });
  return found;
});
/** Where a variable is named, also by the other names that imports and exports give it. */
function usesOf(host: Host, symbol: ts.Symbol): Uses {
  const { ts } = host;
  const names = new Set([symbol.name]);
  const uses: Uses[number][] = [];
  for (const name of names)
    for (const n of namesOf(host).get(name) ?? []) {
      if (symbol.valueDeclaration === n.parent || symbolOf(host, n) !== symbol) continue;
      uses.push(n);
      if (ts.isImportSpecifier(n.parent) || ts.isExportSpecifier(n.parent)) names.add(n.parent.name.text);
    }
  return uses;
}

/** The modules that something in the program takes as a whole: `Object.values(all)`, `all[name]`, `const { table } = all`. */
const handledModules = perProgram((host): ReadonlySet<ts.Symbol> => {
  const { ts } = host;
  const found = new Set<ts.Symbol>();
  const names = new Set<string>();
  visitSources(host, (n) => {
    if (ts.isNamespaceImport(n)) names.add(n.name.text);
  });
  const isOneMember = (n: ts.Node): boolean => {
    const p = n.parent;
    if (ts.isElementAccessExpression(p)) return ts.isStringLiteralLike(p.argumentExpression);
    return ts.isPropertyAccessExpression(p) || ts.isNamespaceImport(p) || ts.isExportSpecifier(p);
  };
  for (const name of names)
    for (const n of namesOf(host).get(name) ?? []) {
      const module = isOneMember(n) ? undefined : symbolOf(host, n);
      if (module && module.flags & ts.SymbolFlags.ValueModule) found.add(module);
    }
  return found;
});
const isHandledWithModule = (host: Host, symbol: ts.Symbol): boolean =>
  [...handledModules(host)].some((module) =>
    host.checker
      .getExportsOfModule(module)
      .some(
        (x) =>
          x === symbol ||
          (x.flags & host.ts.SymbolFlags.Alias && host.checker.getAliasedSymbol(x) === symbol),
      ),
  );

/** Whether nothing in the package changes the object of a variable, or what is in it. */
export const isNeverChanged = (host: Host, symbol: ts.Symbol): boolean =>
  isOnlyReadIn(host, symbol, heldByVariable(host, symbol));
/** The same for the program that imports it: `declared` is what its types call the variable. */
export const isNeverChangedBy = (user: Host, declared: ts.Symbol, host: Host, symbol: ts.Symbol): boolean =>
  isOnlyReadIn(user, declared, { ...heldByVariable(host, symbol), made: [] });

function heldByVariable(host: Host, symbol: ts.Symbol): Held {
  const d = symbol.valueDeclaration;
  const init = d && host.ts.isVariableDeclaration(d) ? d.initializer : undefined;
  return init ? heldBy(host, init) : UNKNOWN;
}
const isOnlyReadIn = (host: Host, symbol: ts.Symbol, held: Held): boolean =>
  !isHandledWithModule(host, symbol) && new OnlyRead(host, (s) => usesOf(host, s)).variable(symbol, held);
