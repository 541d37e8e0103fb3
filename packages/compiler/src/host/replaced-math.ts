/** **Question**: does something in the program give `Math` another function? Then the rule for the one of the language is not its derivative. */
import { isChanger, isMemberAssigned, nameOfAccess } from './member-writes.js';
import { skipWrappers } from './scopes.js';
import { perProgram } from './sources.js';
import type { Host, ts } from './ts.js';
import { walkNodes } from './walk.js';
import { isTarget } from './writes.js';

/** Text that may do so: `Math.sin =`, `(Math as any)['sin'] =`, `Object.assign(Math, ...)`; few files have it. */
const MAY_WRITE = /\bMath\b[^;=]*=(?![=>])|\(\s*\(?\s*Math\b[^.[]/;

/** The same for text that gives `Math` another name. */
const MAY_HAND_ON = /\bMath\b(?!\s*[.[?!])/;

/** The functions that are replaced, with the place of each; `*` for all of them. */
const replaced = perProgram((host): ReadonlyMap<string, ts.Node> => {
  const { ts, program } = host;
  const found = new Map<string, ts.Node>();
  const isMath = (e: ts.Expression | undefined): boolean => {
    const x = e && skipWrappers(ts, e);
    if (!x || !ts.isIdentifier(x)) return false;
    return x.text === 'Math' || host.checker.getTypeAtLocation(x).symbol?.name === 'Math';
  };
  const visit = (n: ts.Node): void => {
    if ((ts.isPropertyAccessExpression(n) || ts.isElementAccessExpression(n)) && isMath(n.expression)) {
      if (isTarget(ts, n)) found.set(nameOfAccess(ts, n) ?? '*', n);
    } else if (ts.isCallExpression(n) && isMath(n.arguments[0]) && isChanger(host, n.expression))
      found.set('*', n);
  };
  for (const f of program.getSourceFiles())
    if (!f.isDeclarationFile && (MAY_WRITE.test(f.text) || MAY_HAND_ON.test(f.text))) walkNodes(ts, f, visit);
  return found;
});
/** `Math` where it becomes something else by its type, as which it may be written: `Math as Table`, `patch(Math)`. */
const handedOn = perProgram((host): ts.Identifier | undefined => {
  const { ts, program } = host;
  let found: ts.Identifier | undefined;
  for (const f of program.getSourceFiles())
    if (!f.isDeclarationFile && MAY_HAND_ON.test(f.text))
      walkNodes(ts, f, (n) => {
        if (ts.isIdentifier(n) && n.text === 'Math' && isHandedOn(ts, n)) found ??= n;
      });
  return found;
});
function isHandedOn(ts: Host['ts'], n: ts.Identifier): boolean {
  let e: ts.Node = n;
  while (ts.isParenthesizedExpression(e.parent) || ts.isAsExpression(e.parent)) e = e.parent;
  const p = e.parent;
  const isAccess = ts.isPropertyAccessExpression(p) || ts.isElementAccessExpression(p);
  // `const M = Math`, `const { sin } = Math`
  const isSame = ts.isVariableDeclaration(p) && !p.type && e === n;
  return ts.isExpression(e) && !isAccess && !isSame && !ts.isSpreadAssignment(p) && !ts.isTypeOfExpression(p);
}
export function isMathReplaced(host: Host, name: string): boolean {
  if (replaced(host).has(name) || replaced(host).has('*')) return true;
  const math = handedOn(host);
  return math !== undefined && isMemberAssigned(host, host.checker.getTypeAtLocation(math), name);
}
/** Why such a function is refused, and what to do. */
export const replacedMath = (name: string): readonly [why: string, help: string] => [
  `\`Math.${name}\` is replaced somewhere in the program: its derivative is not that of the language's function`,
  'give the new function a name of its own',
];
