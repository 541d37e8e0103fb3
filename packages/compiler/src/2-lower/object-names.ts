/**
 * **Question**: which expressions denote the object whose constructors are followed? `this` in its own code, the variables and parameters
 * that it was given to, and, where others may have it, whatever may be it by its type.
 */
import { isConst, skipWrappers, symbolOf } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import type { FunctionContext } from './context.js';

export class ObjectNames {
  private readonly names = new Set<ts.Symbol>();
  private readonly members: ReadonlySet<string>;
  /** Whether `this` is the object here. */
  isOwnCode = true;
  /** Whether others may have the object. */
  isKept = false;

  constructor(
    private readonly cx: FunctionContext,
    d: ts.ClassLikeDeclaration,
  ) {
    const { checker } = cx.state.hostOf(d);
    this.members = new Set(
      checker
        .getTypeAtLocation(d)
        .getProperties()
        .map((p) => p.name),
    );
  }

  get hasNames(): boolean {
    return this.names.size > 0;
  }
  /** A variable or parameter is given the object: whether that makes it a name of it. */
  bind(p: ts.ParameterDeclaration | ts.VariableDeclaration): boolean {
    const { ts } = this.cx;
    if (!ts.isIdentifier(p.name) || !(ts.isParameter(p) || isConst(ts, p))) return false;
    const s = symbolOf(this.cx.state.hostOf(p), p.name);
    if (s) this.names.add(s);
    return s !== undefined;
  }

  /** Whether an expression surely is the object. */
  isThis(e: ts.Node): boolean {
    const { ts } = this.cx;
    const x = skipWrappers(ts, e as ts.Expression);
    if (x.kind === ts.SyntaxKind.ThisKeyword) return this.isOwnCode;
    if (this.names.size === 0 || !ts.isIdentifier(x)) return false;
    const s = symbolOf(this.cx.state.hostOf(x), x);
    return s !== undefined && this.names.has(s);
  }
  /** Whether an expression is the object, or may be it by its type where others may have it. */
  mayBeThis(e: ts.Expression): boolean {
    if (this.isThis(e)) return true;
    const x = skipWrappers(this.cx.ts, e);
    if (!this.isKept || x.kind === this.cx.ts.SyntaxKind.SuperKeyword) return false;
    return this.hasItsMembers(this.cx.state.hostOf(x), x);
  }
  private hasItsMembers({ checker, ts }: ReturnType<typeof this.cx.state.hostOf>, x: ts.Expression): boolean {
    const F = ts.TypeFlags;
    const isAnything = (t: ts.Type): boolean =>
      (t.flags & (F.Any | F.Unknown | F.NonPrimitive | F.TypeParameter | F.IndexedAccess)) !== 0;
    const fits = (t: ts.Type): boolean => {
      if (isAnything(t)) return true;
      if (t.isUnion()) return t.types.some(fits);
      if (!(t.flags & (F.Object | F.Intersection)) || t.getCallSignatures().length > 0) return false;
      if (checker.getIndexInfosOfType(t).some((i) => !isAnything(i.type))) return false;
      const properties = t.getProperties();
      const others = properties.filter((p) => !this.members.has(p.name));
      const isNear = properties.length === 0 || others.length < properties.length;
      return isNear && others.every((p) => (p.flags & ts.SymbolFlags.Optional) !== 0);
    };
    return fits(checker.getTypeAtLocation(x));
  }

  /** Whether `o.name` is of the object itself. */
  isOwn(n: ts.Node): boolean {
    const { ts } = this.cx;
    if (ts.isParenthesizedExpression(n) || ts.isNonNullExpression(n)) return this.isOwn(n.expression);
    return (ts.isPropertyAccessExpression(n) || ts.isElementAccessExpression(n)) && this.isThis(n.expression);
  }
  /** The name in `this.name`, or in `o.name` of what may be the object. */
  nameOf(n: ts.Node): string | undefined {
    const { ts } = this.cx;
    if (ts.isParenthesizedExpression(n) || ts.isNonNullExpression(n)) return this.nameOf(n.expression);
    const isAccess = ts.isPropertyAccessExpression(n) || ts.isElementAccessExpression(n);
    if (!isAccess || !this.mayBeThis(n.expression)) return undefined;
    if (ts.isPropertyAccessExpression(n)) return n.name.text;
    return ts.isStringLiteralLike(n.argumentExpression) ? n.argumentExpression.text : undefined;
  }
}
