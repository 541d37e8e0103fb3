/** Which methods and accessors a program replaces on the prototypes of its classes. */
import { mayBe } from './casts.js';
import { definesFields } from './instances.js';
import { ANY_MEMBER, changedNames, isChanger } from './member-writes.js';
import { symbolOf } from './scopes.js';
import { perProgram, visitSources } from './sources.js';
import type { Host, ts } from './ts.js';
import { walkNodes } from './walk.js';
import { isTarget } from './writes.js';

/** Names of methods and accessors with the classes that have them replaced: `C.prototype.m = ...`; `*` for any name. */
type Patches = ReadonlyMap<string, readonly Patch[]>;
interface Patch {
  readonly type: ts.Type;
  readonly at: ts.Node;
}
const patches = perProgram((host): Patches => {
  const uses = new PrototypeUses(host);
  visitSources(host, (n) => {
    if (isPrototype(host.ts, n)) uses.follow(n, host.checker.getTypeAtLocation(n));
    else if (takesPrototype(host.ts, n)) uses.note(ANY_MEMBER, host.checker.getAnyType(), n);
  });
  return uses.patches;
});
/** Whether something in the program replaces a method or an accessor for objects of a type, or of a class that extends it. */
export const isPatched = (host: Host, type: ts.Type, name: string): boolean =>
  [name, ANY_MEMBER].some((key) =>
    patches(host)
      .get(key)
      ?.some((p) => mayBe(host, type, p.type)),
  );

/** The same, unless each object has a field of its own of that name. */
export function isSeenOnPrototype(host: Host, type: ts.Type, name: string): boolean {
  if (!isPatched(host, type, name)) return false;
  const { ts } = host;
  const d = type.getProperty(name)?.valueDeclaration;
  const isField =
    d !== undefined &&
    (ts.isPropertyDeclaration(d)
      ? (ts.getCombinedModifierFlags(d) & (ts.ModifierFlags.Ambient | ts.ModifierFlags.Abstract)) === 0
      : ts.isParameter(d));
  return !isField || !definesFields(host);
}
/** Why that is refused, and what to do. */
export const onPrototype = (name: string): readonly [why: string, help: string] => [
  `\`${name}\` is put on a prototype somewhere in the program`,
  'declare it in the class: as a field, a getter or a method',
];
/** A name under which something outside of a class puts something on its prototype, or on that of one it extends; `*` for any. */
export function patchedName(host: Host, d: ts.ClassLikeDeclaration): string | undefined {
  const { ts, checker } = host;
  const own = checker.getTypeAtLocation(d);
  const isMeant = ({ at, type }: Patch): boolean => {
    const of = type.symbol?.valueDeclaration;
    const isOfClass = of && ts.isClassLike(of) ? extendsClass(host, d, of) : mayBe(host, own, type);
    return isOfClass && ts.findAncestor(at, (n) => n === d) === undefined;
  };
  return [...patches(host)].find(([, all]) => all.some(isMeant))?.[0];
}
function extendsClass(host: Host, d: ts.ClassLikeDeclaration, of: ts.Node): boolean {
  if (d === of) return true;
  const [base] = d.heritageClauses?.find((h) => h.token === host.ts.SyntaxKind.ExtendsKeyword)?.types ?? [];
  const up = base && symbolOf(host, base.expression)?.valueDeclaration;
  return up !== undefined && host.ts.isClassLike(up) && extendsClass(host, up, of);
}

/** Whether something in the program may give all numbers more members. */
export const extendsNumbers = perProgram(({ program }) =>
  program
    .getSourceFiles()
    .some((f) => /\bNumber\.prototype\b|\binterface Number\b/.test(f.text) && !isLibrary(f)),
);
const isLibrary = (f: ts.SourceFile): boolean => /\/lib\.[^/]*\.d\.ts$/.test(f.fileName);

/** `C.prototype`, `C['prototype']`, `Object.getPrototypeOf(x)` */
function isPrototype(ts: Host['ts'], n: ts.Node): boolean {
  if (ts.isPropertyAccessExpression(n)) return NAMES.has(n.name.text);
  if (ts.isElementAccessExpression(n))
    return ts.isStringLiteralLike(n.argumentExpression) && NAMES.has(n.argumentExpression.text);
  return ts.isCallExpression(n) && /^(Object|Reflect)\.getPrototypeOf$/.test(n.expression.getText());
}
/** A pattern that takes a prototype out of a class or an object. */
function takesPrototype(ts: Host['ts'], n: ts.Node): boolean {
  if (ts.isBindingElement(n)) return NAMES.has((n.propertyName ?? n.name).getText());
  const isPart = ts.isPropertyAssignment(n) || ts.isShorthandPropertyAssignment(n);
  return isPart && NAMES.has(n.name.getText()) && isTarget(ts, n);
}
const NAMES = new Set(['prototype', '__proto__']);

/** `x = n`, whose own value is not used. */
const isAssignmentOf = (ts: Host['ts'], p: ts.Node, n: ts.Node): p is ts.BinaryExpression =>
  ts.isBinaryExpression(p) &&
  p.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
  p.right === n &&
  (ts.isExpressionStatement(p.parent) || ts.isForStatement(p.parent));

/** Functions of `Object` and `Reflect` that read what they are given. */
const READERS = new Set(
  `create entries getOwnPropertyDescriptor getOwnPropertyDescriptors getOwnPropertyNames getOwnPropertySymbols getPrototypeOf has
  hasOwn is isFrozen keys ownKeys values`.split(/\s+/),
);
/** Methods of lists and objects that compare. */
const COMPARERS = new Set(['includes', 'indexOf', 'isPrototypeOf']);
/** Methods that tell something of an object they are called on: `Object.prototype.toString.call(x)`. */
const TELLERS = new Set(['hasOwnProperty', 'isPrototypeOf', 'propertyIsEnumerable', 'toString']);

function onlyReads(ts: Host['ts'], callee: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(callee)) return false;
  const { expression, name } = callee;
  if (name.text === 'call')
    return ts.isPropertyAccessExpression(expression) && TELLERS.has(expression.name.text);
  const isGlobal =
    ts.isIdentifier(expression) && (expression.text === 'Object' || expression.text === 'Reflect');
  return COMPARERS.has(name.text) || (isGlobal && READERS.has(name.text));
}

function isExported(ts: Host['ts'], d: ts.VariableDeclaration): boolean {
  const s = d.parent.parent;
  return (
    ts.isVariableStatement(s) && (s.modifiers?.some((m) => m.kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

/** Where the prototypes of a program go to. */
class PrototypeUses {
  readonly patches = new Map<string, Patch[]>();
  private readonly variables = new Map<ts.Symbol, Set<ts.Type>>();

  constructor(private readonly host: Host) {}

  note(name: string, type: ts.Type, at: ts.Node): void {
    this.patches.set(name, [...(this.patches.get(name) ?? []), { type, at }]);
  }

  /** An expression that stands for a prototype of a class; `isName`: a variable that holds it, which may itself be assigned. */
  follow(n: ts.Node, type: ts.Type, isName = false): void {
    const { host } = this;
    const { ts } = host;
    const p = n.parent;
    if (isName && isTarget(ts, n)) return;
    if (ts.isPropertyAccessExpression(p)) {
      if (isTarget(ts, p)) this.note(p.name.text, type, p);
    } else if (ts.isElementAccessExpression(p) && p.expression === n) {
      const key = p.argumentExpression;
      if (isTarget(ts, p)) this.note(this.nameOfKey(key), type, p);
    } else if (this.passesOn(p, n)) this.follow(p, type);
    else if (ts.isCallExpression(p) && isChanger(host, p.expression) && p.arguments[0] !== undefined)
      for (const { name } of changedNames(host, p)) this.note(name, type, p);
    else if (ts.isVariableDeclaration(p) && ts.isIdentifier(p.name)) this.followVariable(p.name, p, type);
    else if (isAssignmentOf(ts, p, n) && ts.isIdentifier(p.left))
      this.followVariable(p.left, symbolOf(host, p.left)?.valueDeclaration, type);
    else if (!this.isRead(p)) this.note(ANY_MEMBER, type, p);
  }

  /** A symbol is the name of no other member, as in `C.prototype[Symbol.iterator] = ...`. */
  private nameOfKey(key: ts.Expression): string {
    const { ts, checker } = this.host;
    if (ts.isStringLiteralLike(key)) return key.text;
    const isSymbol = (checker.getTypeAtLocation(key).flags & ts.TypeFlags.ESSymbolLike) !== 0;
    return isSymbol ? `[${key.getText()}]` : ANY_MEMBER;
  }

  /** Whether the value of an expression is, perhaps, that of one of its parts. */
  private passesOn(p: ts.Node, n: ts.Node): boolean {
    const { ts } = this.host;
    const K = ts.SyntaxKind;
    if (ts.isBinaryExpression(p))
      return [K.AmpersandAmpersandToken, K.BarBarToken, K.QuestionQuestionToken].includes(
        p.operatorToken.kind,
      );
    if (ts.isConditionalExpression(p)) return p.condition !== n;
    return ts.isParenthesizedExpression(p) || ts.isAsExpression(p) || ts.isNonNullExpression(p);
  }

  /** Whether all that is done with it here is to look at it. */
  private isRead(p: ts.Node): boolean {
    const { ts } = this.host;
    const K = ts.SyntaxKind;
    if (ts.isBinaryExpression(p)) {
      const op = p.operatorToken.kind;
      return op !== K.CommaToken && !(op >= K.FirstAssignment && op <= K.LastAssignment);
    }
    if (ts.isArrayLiteralExpression(p)) return onlyReads(ts, p.parent);
    if (ts.isCallExpression(p)) return onlyReads(ts, p.expression);
    return [
      K.IfStatement,
      K.WhileStatement,
      K.DoStatement,
      K.ForStatement,
      K.ConditionalExpression,
      K.PrefixUnaryExpression,
      K.TypeOfExpression,
      K.TypeQuery,
      K.ExpressionStatement,
    ].includes(p.kind);
  }

  private followVariable(name: ts.Identifier, d: ts.Declaration | undefined, type: ts.Type): void {
    const { host } = this;
    const { ts } = host;
    const symbol = symbolOf(host, name);
    if (!symbol || !d || !ts.isVariableDeclaration(d) || isExported(ts, d)) {
      this.note(ANY_MEMBER, type, name);
      return;
    }
    const known = this.variables.get(symbol) ?? new Set();
    if (known.has(type)) return;
    this.variables.set(symbol, known.add(type));
    walkNodes(ts, d.getSourceFile(), (n) => {
      if (ts.isIdentifier(n) && n.text === name.text && n !== d.name && symbolOf(host, n) === symbol)
        this.follow(n, type, true);
    });
  }
}
