/**
 * When does a variable begin? One of `var` is there, once, from the start of its function, whatever loop or branch declares it; most
 * are nobody's business before their declaration and may begin there.
 */
import { type FunctionNode, symbolOf } from './scopes.js';
import type { Host, ts } from './ts.js';
import { type Next, walkNodes } from './walk.js';

/** The names that a pattern binds, or the one that stands in its place. */
export function boundNames(ts: Host['ts'], name: ts.BindingName): ts.Identifier[] {
  if (ts.isIdentifier(name)) return [name];
  return name.elements.flatMap((e) => (ts.isOmittedExpression(e) ? [] : boundNames(ts, e.name)));
}

/** The declaration that a name or a part of a pattern belongs to. */
function wholeDeclaration(ts: Host['ts'], d: ts.Node): ts.Node {
  let n = d;
  while (ts.isBindingElement(n) || ts.isArrayBindingPattern(n) || ts.isObjectBindingPattern(n)) n = n.parent;
  return n;
}
/** The list of declarations in which a variable or a part of a pattern is declared: none for parameters and caught values. */
export function listOf(ts: Host['ts'], d: ts.Node): ts.VariableDeclarationList | undefined {
  const { parent } = wholeDeclaration(ts, d);
  return parent && ts.isVariableDeclarationList(parent) ? parent : undefined;
}
/** Whether a variable or a part of a pattern is declared by `var`. */
export function isVar(ts: Host['ts'], d: ts.Node): boolean {
  const list = listOf(ts, d);
  return list !== undefined && !(list.flags & ts.NodeFlags.BlockScoped);
}
/** Whether a `catch (e)` around `var e` takes its place: what such a declaration assigns is the caught value. */
export function standsForCaught(ts: Host['ts'], name: ts.Identifier): boolean {
  for (let n: ts.Node = name; n && !ts.isFunctionLike(n); n = n.parent) {
    const caught = ts.isCatchClause(n) ? n.variableDeclaration?.name : undefined;
    if (caught && caught !== name && boundNames(ts, caught).some((x) => x.text === name.text)) return true;
  }
  return false;
}

/**
 * Whether a variable of `var` may begin at its declaration: there is one, it runs once, and nothing that runs before it names the variable
 * or a function declaration that captures it.
 */
export function beginsAtDeclaration(
  host: Host,
  symbol: ts.Symbol,
  captured: (decl: FunctionNode) => ReadonlySet<ts.Symbol>,
): boolean {
  const { ts } = host;
  const [d, ...others] = symbol.declarations ?? [];
  const list = d && others.length === 0 && isVar(ts, d) ? listOf(ts, d) : undefined;
  const place = list?.parent;
  if (!d || !place || !(ts.isVariableStatement(place) || ts.isForStatement(place))) return false;
  const body = place.parent;
  if (!ts.isBlock(body) || !ts.isFunctionLike(body.parent)) return false;
  const declared = wholeDeclaration(ts, d) as ts.VariableDeclaration;
  const isHoisted = (n: ts.Node): n is ts.FunctionDeclaration =>
    ts.isFunctionDeclaration(n) && n.parent === body;
  const users = body.statements
    .filter(isHoisted)
    .flatMap((s) => (captured(s).has(symbol) ? [s.name?.text] : []));
  const visit = (n: ts.Node, inOwnFunction: boolean): Next => {
    if (n.pos >= declared.end || isHoisted(n)) return 'skip';
    if (!inOwnFunction && ts.isFunctionLike(n) && n.pos > declared.pos) {
      return walkNodes(ts, n, (x) => (x === n ? undefined : visit(x, true))) ? 'stop' : 'skip';
    }
    if (!ts.isIdentifier(n)) return undefined;
    if (users.includes(n.text)) return 'stop';
    const isName = n === declared.name || (ts.isBindingElement(n.parent) && n.parent.name === n);
    const isOwn = inOwnFunction || (isName && n.pos >= declared.pos);
    return !isOwn && n.text === symbol.name && symbolOf(host, n) === symbol ? 'stop' : undefined;
  };
  return !walkNodes(ts, body, (n) => visit(n, false));
}
