/**
 * What `this` is in a function that is differentiated: `grad((w) => this.loss(w))` in a method, `grad(model.loss)`. A marker
 * evaluates the receiver where it is called, so `this` is passed to the generated code as a captured variable is.
 */
import { subclassesOf } from './instances.js';
import { isMemberAssigned } from './member-writes.js';
import { isPatched } from './prototypes.js';
import {
  boundFunction,
  type FunctionNode,
  isConst,
  isFunctionNode,
  ScopeFacts,
  skipWrappers,
  symbolOf,
  typeOfLiteral,
  withoutFreeze,
} from './scopes.js';
import type { Host, ts } from './ts.js';
import { walkNodes } from './walk.js';

/** A function, and the expression that its `this` is, if it is known. */
export interface Bound {
  readonly decl: FunctionNode;
  readonly receiver: ts.Expression | undefined;
  /** There is no body to lower: the expression is called, as a function of a package or one with a rule is. */
  readonly callee?: ts.Expression;
  /** It is under `checkpoint`. */
  readonly again?: true;
}

/** The function that a member of an object literal is, or names. */
export function functionOfMember(host: Host, member: ts.ObjectLiteralElementLike): FunctionNode | undefined {
  const { ts } = host;
  const named = (s: ts.Symbol | undefined): FunctionNode | undefined => s && boundFunction(host, s);
  if (ts.isShorthandPropertyAssignment(member))
    return named(host.checker.getShorthandAssignmentValueSymbol(member));
  const value = ts.isPropertyAssignment(member) ? skipWrappers(ts, member.initializer) : member;
  if (ts.isIdentifier(value)) return named(symbolOf(host, value));
  return isFunctionNode(ts, value) || ts.isAccessor(value) ? (value as FunctionNode) : undefined;
}

/** The first `this` of a function itself; arrow functions in it have the same one. */
export function thisIn({ ts }: Host, f: ts.Node): ts.Expression | undefined {
  let found: ts.Expression | undefined;
  walkNodes(ts, f, (n) => {
    if (n.kind === ts.SyntaxKind.ThisKeyword) {
      found = n as ts.Expression;
      return 'stop';
    }
    if (ts.isTypeNode(n) || ts.isClassLike(n)) return 'skip';
    return n !== f && ts.isFunctionLike(n) && !ts.isArrowFunction(n) ? 'skip' : undefined;
  });
  return found;
}

/** The method, accessor, field or file whose `this` a node sees. */
function homeOfThis({ ts }: Host, n: ts.Node): ts.Node {
  let at = n.parent;
  while (
    !ts.isSourceFile(at) &&
    !ts.isPropertyDeclaration(at) &&
    !ts.isClassStaticBlockDeclaration(at) &&
    !(ts.isFunctionLike(at) && !ts.isArrowFunction(at))
  )
    at = at.parent;
  return at;
}

/** Whether `this` is a class there: in a static member. */
export function isStaticThis(host: Host, e: ts.Expression): boolean {
  const { ts } = host;
  if (e.kind !== ts.SyntaxKind.ThisKeyword) return false;
  const home = homeOfThis(host, e);
  return ts.isClassStaticBlockDeclaration(home) || isStatic(host, home);
}
const isStatic = ({ ts }: Host, n: ts.Node): boolean =>
  ts.isClassElement(n) && (ts.getCombinedModifierFlags(n) & ts.ModifierFlags.Static) !== 0;

/** The `this` of an arrow function, or of one that it calls, that stands in the same method as the marker call. */
export function lexicalThis(host: Host, f: FunctionNode, call: ts.Node): ts.Expression | undefined {
  const { ts } = host;
  const home = homeOfThis(host, call);
  if (!ts.isClassElement(home) || ts.isSourceFile(home)) return undefined;
  // `this` of a static member is the class that it is called of
  if (isStatic(host, home) && ts.isClassLike(home.parent) && subclassesOf(host, home.parent).length > 0)
    return undefined;
  const near = [...ScopeFacts.of(host).captured(f)].map((s) => boundFunction(host, s));
  for (const g of [f, ...near]) {
    const self = g && ts.isArrowFunction(g) && homeOfThis(host, g) === home ? thisIn(host, g) : undefined;
    if (self) return self;
  }
  return undefined;
}

/** The function that `receiver.name` surely is, where the receiver is `this` or a `const` variable. */
export function memberFunction(host: Host, e: ts.PropertyAccessExpression): Bound | undefined {
  const { ts } = host;
  const receiver = skipWrappers(ts, e.expression);
  const owner = receiver.kind === ts.SyntaxKind.ThisKeyword ? undefined : constantOf(host, receiver);
  if (receiver.kind !== ts.SyntaxKind.ThisKeyword && !owner) return undefined;
  const member = symbolOf(host, e)?.valueDeclaration ?? memberOfLiteral(host, owner, e.name.text);
  if (!member) return undefined;
  const decl =
    ts.isObjectLiteralElementLike(member) && ts.isObjectLiteralExpression(member.parent)
      ? inLiteral(host, member, owner)
      : inClass(host, member, e.name.text, isMadeAs(host, owner));
  return decl && { decl, receiver: thisIn(host, decl) && receiver };
}

/** The declaration of a class or of a `const` variable. */
function constantOf(host: Host, e: ts.Expression): ts.Declaration | undefined {
  const { ts } = host;
  if (!ts.isIdentifier(e)) return undefined;
  const d = symbolOf(host, e)?.valueDeclaration;
  if (!d) return undefined;
  return ts.isClassLike(d) || (ts.isVariableDeclaration(d) && isConst(ts, d)) ? d : undefined;
}
function literalOfConst(host: Host, d: ts.Declaration | undefined): ts.ObjectLiteralExpression | undefined {
  const { ts } = host;
  const init = d && ts.isVariableDeclaration(d) && d.initializer && withoutFreeze(host, d.initializer);
  return init && ts.isObjectLiteralExpression(init) ? init : undefined;
}
function memberOfLiteral(host: Host, d: ts.Declaration | undefined, name: string) {
  return literalOfConst(host, d)?.properties.find((p) => p.name?.getText() === name);
}
/** A member of the literal that a `const` variable holds, unless something may have replaced it. */
function inLiteral(
  host: Host,
  member: ts.ObjectLiteralElementLike,
  owner: ts.Declaration | undefined,
): FunctionNode | undefined {
  const { ts } = host;
  const literal = literalOfConst(host, owner);
  const name = member.name?.getText();
  if (!literal || name === undefined || isMemberAssigned(host, typeOfLiteral(host, literal), name))
    return undefined;
  const at = literal.properties.indexOf(member);
  const isHidden = literal.properties
    .slice(at + 1)
    .some((p) => ts.isSpreadAssignment(p) || p.name?.getText() === name);
  return at < 0 || isHidden || ts.isAccessor(member) ? undefined : functionOfMember(host, member);
}
/** Whether a variable holds what `new C(...)` gives: an instance of that class itself. */
function isMadeAs({ ts }: Host, d: ts.Declaration | undefined): boolean {
  return (
    d !== undefined &&
    ts.isVariableDeclaration(d) &&
    d.initializer !== undefined &&
    !d.type &&
    ts.isNewExpression(skipWrappers(ts, d.initializer))
  );
}
/** A method or a function in a field of a class, unless the receiver may be of a subclass that has another one. */
function inClass(
  host: Host,
  member: ts.Declaration,
  name: string,
  isExact: boolean,
): FunctionNode | undefined {
  const { ts } = host;
  if (!ts.isClassLike(member.parent)) return undefined;
  const isOverridden =
    !isExact &&
    subclassesOf(host, member.parent).some((c) => c.members.some((m) => m.name?.getText() === name));
  const type = host.checker.getTypeAtLocation(member.parent);
  if (isOverridden || isPatched(host, type, name) || isMemberAssigned(host, type, name)) return undefined;
  if (ts.isMethodDeclaration(member)) return member.body ? member : undefined;
  const init = ts.isPropertyDeclaration(member) && member.initializer && skipWrappers(ts, member.initializer);
  return init && (ts.isArrowFunction(init) || ts.isFunctionExpression(init)) ? init : undefined;
}
