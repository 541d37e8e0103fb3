/** **Question**: does something in the program give `Math` another function? Then the rule for the one of the language is not its derivative. */
import { isChanger, nameOfAccess } from './member-writes.js';
import { skipWrappers, symbolOf } from './scopes.js';
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
  const given = new Set<ts.Declaration>();
  const isMath = (e: ts.Expression | undefined): boolean => {
    const x = e && skipWrappers(ts, e);
    if (!x || !ts.isIdentifier(x)) return false;
    const d = x.text === 'Math' ? undefined : symbolOf(host, x)?.valueDeclaration;
    return x.text === 'Math' || (d !== undefined && (given.has(d) || isNameOfMath(ts, d)));
  };
  /** The function that is given `Math` may write to it. */
  const follow = (call: ts.CallExpression | ts.NewExpression, k: number): void => {
    const callee = host.checker.getResolvedSignature(call)?.declaration;
    const parameter = callee?.parameters[k];
    if (!parameter || given.has(parameter as ts.Declaration)) return;
    given.add(parameter as ts.Declaration);
    if ('body' in callee && callee.body) walkNodes(ts, callee.body, visit);
  };
  const visit = (n: ts.Node): void => {
    if ((ts.isPropertyAccessExpression(n) || ts.isElementAccessExpression(n)) && isMath(n.expression)) {
      if (isTarget(ts, n)) found.set(nameOfAccess(ts, n) ?? '*', n);
    } else if (ts.isCallExpression(n) || ts.isNewExpression(n)) {
      if (isMath(n.arguments?.[0]) && isChanger(host, n.expression)) found.set('*', n);
      for (const [k, a] of (n.arguments ?? []).entries()) if (isMath(a)) follow(n, k);
    }
  };
  for (const f of program.getSourceFiles())
    if (!f.isDeclarationFile && (MAY_WRITE.test(f.text) || MAY_HAND_ON.test(f.text))) walkNodes(ts, f, visit);
  return found;
});
export const isMathReplaced = (host: Host, name: string): boolean =>
  replaced(host).has(name) || replaced(host).has('*');
/** `const M = Math`, `const table = Math as Table` */
function isNameOfMath(ts: Host['ts'], d: ts.Declaration): boolean {
  const of = ts.isVariableDeclaration(d) && d.initializer ? skipWrappers(ts, d.initializer) : undefined;
  return of !== undefined && ts.isIdentifier(of) && of.text === 'Math';
}
/** Why such a function is refused, and what to do. */
export const replacedMath = (name: string): readonly [why: string, help: string] => [
  `\`Math.${name}\` is replaced somewhere in the program: its derivative is not that of the language's function`,
  'give the new function a name of its own',
];
