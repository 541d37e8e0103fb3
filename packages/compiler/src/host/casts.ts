/** **Question**: under which types may an object be seen? Casts by way of `unknown` say anything of it. */
import { skipWrappers } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';

/** `x as unknown as T`: what `T` says of `x` means nothing. */
export function isCast(host: Host, e: ts.Expression): boolean {
  const { ts, checker } = host;
  let x = e;
  while (ts.isParenthesizedExpression(x) || ts.isNonNullExpression(x) || ts.isPropertyAccessExpression(x))
    x = x.expression;
  if (!ts.isAsExpression(x)) return false;
  return isOpenType(host, checker.getTypeAtLocation(x.expression)) || isCast(host, x.expression);
}
/** What `s as unknown as T` makes a `T` of, and the parts of the one that are seen as the parts of the other. */
interface Cast {
  readonly from: ts.Type;
  readonly to: ts.Type;
}
const casts = perProgram((host): readonly Cast[] => {
  const { ts, checker } = host;
  const found: Cast[] = [];
  const note = (from: ts.Type, to: ts.Type, depth: number): void => {
    if (from === to || isOpenType(host, from) || depth > DEEPEST) return;
    found.push({ from, to });
    for (const p of to.getProperties()) {
      const own = from.getProperty(p.name);
      if (own && own !== p) note(checker.getTypeOfSymbol(own), checker.getTypeOfSymbol(p), depth + 1);
    }
    const [a, b] = [from, to].map((t) => t.getNumberIndexType() ?? t.getStringIndexType());
    if (a && b) note(a, b, depth + 1);
  };
  visitSources(host, (n) => {
    if (ts.isAsExpression(n) && isCast(host, n))
      note(checker.getTypeAtLocation(skipWrappers(ts, n)), checker.getTypeAtLocation(n), 0);
  });
  return found;
});
const DEEPEST = 3;
/** Types that do not say so, of objects which are seen as this one all the same. */
export const castFrom = (host: Host, type: ts.Type): readonly ts.Type[] =>
  casts(host)
    .filter(({ to }) => !isOpenType(host, to) && isSeenAs(host, to, type))
    .map(({ from }) => from);

/** Whether an object of the one type may be seen as one of the other. */
export const mayBe = (host: Host, a: ts.Type, b: ts.Type): boolean =>
  isOpenType(host, b) || isSeenAs(host, a, b) || isSeenAs(host, b, a);
/** The type of a literal itself is asked as that of a variable that holds it: behind it, more members than those of `b` are no error. */
export function isSeenAs({ checker }: Host, a: ts.Type, b: ts.Type): boolean {
  return checker.isTypeAssignableTo(checker.getWidenedType(a), b);
}
/** A type that says nothing of what it stands for: `unknown`, `T`, `T[K]`, `Record<K, ...>` with a parameter `K`. */
export function isOpenType({ ts, checker }: Host, t: ts.Type): boolean {
  const F = ts.TypeFlags;
  if (t.flags & (F.Any | F.Unknown | F.NonPrimitive | F.Instantiable)) return true;
  if (!(t.flags & F.Object) || !((t as ts.ObjectType).objectFlags & ts.ObjectFlags.Mapped)) return false;
  if (t.aliasTypeArguments) return t.aliasTypeArguments.some((a) => (a.flags & F.Instantiable) !== 0);
  const keys = t.symbol?.declarations?.find(ts.isMappedTypeNode)?.typeParameter.constraint;
  return keys !== undefined && (checker.getTypeFromTypeNode(keys).flags & F.Instantiable) !== 0;
}
