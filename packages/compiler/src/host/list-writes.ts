/** **Question**: may something in the program change which members a list, map or dictionary of this type has? */
import { castFrom, isCast, isOpenType, isSeenAs, mayBe } from './casts.js';
import { changedNames, isChanger, nameOfAccess, type Write } from './member-writes.js';
import { symbolOf, typeOfLiteral, withoutFreeze } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
import { isTarget, isWrittenThrough, MUTATORS } from './writes.js';

const MAP_MUTATORS = new Set('add clear delete set'.split(' '));
/** The types of the elements of lists, maps and dictionaries whose members something in the program changes. */
const mutatedLists = perProgram((host): readonly Write[] => {
  const { ts, checker } = host;
  const writes: Write[] = [];
  const put = (of: ts.Expression, at: ts.Node): void => {
    const type = isCast(host, of) ? checker.getAnyType() : checker.getTypeAtLocation(of);
    for (const t of [type, ...castFrom(host, type)]) writes.push({ type: t, at });
  };
  visitSources(host, (n) => {
    if (isChanger(host, n)) {
      const call = ts.isCallExpression(n.parent) && n.parent.expression === n ? n.parent : undefined;
      const [target] = call?.arguments ?? [];
      if (call && target && changedNames(host, call).length > 0) put(target, n);
    }
    if (ts.isBindingElement(n)) {
      const of = ts.isVariableDeclaration(n.parent.parent) ? n.parent.parent.initializer : undefined;
      if (of && changesByName((n.propertyName ?? n.name).getText())) put(of, n);
    }
    const isAccess = ts.isPropertyAccessExpression(n) || ts.isElementAccessExpression(n);
    if (!isAccess) return;
    const name = nameOfAccess(ts, n);
    // a method that is only named may be called elsewhere
    const changes =
      (name !== undefined && changesByName(name)) ||
      isMethodByKey(host, n, name) ||
      ((name === undefined || isIndex(name) || name === 'length') && isTarget(ts, n));
    if (!changes) return;
    // a number that is put into something unknown is data
    if (!(isOpenType(host, checker.getTypeAtLocation(n.expression)) && isGivenNumber(host, n)))
      put(n.expression, n);
  });
  return writes;
});
const isIndex = (name: string): boolean => /^\d+$/.test(name);
const changesByName = (name: string): boolean => MUTATORS.has(name) || MAP_MUTATORS.has(name);
/** `list[method](...)` with a name that is not known here. */
function isMethodByKey(
  { ts, checker }: Host,
  n: ts.PropertyAccessExpression | ts.ElementAccessExpression,
  name: string | undefined,
): boolean {
  if (name !== undefined || !ts.isElementAccessExpression(n) || !ts.isCallExpression(n.parent)) return false;
  const of = checker.getTypeAtLocation(n.expression);
  const isList = checker.isArrayType(of) || /^(Map|Set)$/.test(of.symbol?.name ?? '');
  return isList && (checker.getTypeAtLocation(n.argumentExpression).flags & ts.TypeFlags.NumberLike) === 0;
}
function isGivenNumber({ ts, checker }: Host, target: ts.Node): boolean {
  const p = target.parent;
  if (!ts.isBinaryExpression(p) || p.left !== target)
    return ts.isPostfixUnaryExpression(p) || ts.isPrefixUnaryExpression(p);
  return (
    (checker.getTypeAtLocation(p.right).flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.StringLike)) !== 0
  );
}
/** Where the members of some list, map or dictionary of this type may be changed in the program. */
export function listWrite(host: Host, type: ts.Type): ts.Node | undefined {
  const { checker } = host;
  const elementsOf = (t: ts.Type): readonly ts.Type[] => {
    const index = t.getNumberIndexType() ?? t.getStringIndexType();
    return index ? [index] : checker.getTypeArguments(t as ts.TypeReference).slice(-1);
  };
  const isOpen = (t: ts.Type): boolean =>
    isOpenType(host, t) || elementsOf(t).some((a) => isOpenType(host, a));
  const meets = (t: ts.Type): boolean =>
    elementsOf(type).some((a) => elementsOf(t).some((b) => mayBe(host, a, b)));
  return mutatedLists(host).find(({ type: t }) => isOpen(t) || isSeenAs(host, type, t) || meets(t))?.at;
}

/** Where the members may be changed of what a literal or `new Map(...)` makes: a constant that is nowhere handed on is asked by itself. */
export function changeOfList(host: Host, e: ts.Expression): ts.Node | undefined {
  const constant = madeConstant(host, e);
  if (constant && !isWrittenThrough(host, constant)) return undefined;
  return listWrite(host, typeOfLiteral(host, e));
}
/** The variable that an expression is the whole initialiser of, also as `Object.freeze(...)`. */
export function madeConstant(host: Host, e: ts.Expression): ts.Symbol | undefined {
  const { ts } = host;
  const d = ts.findAncestor(e, (n) => ts.isVariableDeclaration(n) || ts.isStatement(n));
  if (!d || !ts.isVariableDeclaration(d) || !d.initializer) return undefined;
  return withoutFreeze(host, d.initializer) === e ? symbolOf(host, d.name) : undefined;
}
