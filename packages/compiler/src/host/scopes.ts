/**
 * Facts about names that lowering needs before it meets them: which variables a piece of code assigns, what a function
 * captures, and which captured variables are assigned and hence live in a cell.
 */
import { assignedNames } from './assigned-names.js';
import { MARKERS } from './marker.js';
import type { Host, ts } from './ts.js';
import { beginsAtDeclaration, isVar, listOf } from './variables.js';
import { type Next, walkNodes } from './walk.js';
import { isAssignedAgain } from './writes.js';

export type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.ConstructorDeclaration
  | ts.GetAccessorDeclaration
  | ts.SetAccessorDeclaration;

const symbols = new WeakMap<ts.TypeChecker, WeakMap<ts.Node, ts.Symbol | null>>();
/** The symbol an identifier refers to, imports and shorthand properties resolved. */
export function symbolOf(host: Host, node: ts.Node): ts.Symbol | undefined {
  const local = localSymbolOf(host, node);
  return local && local.flags & host.ts.SymbolFlags.Alias ? host.checker.getAliasedSymbol(local) : local;
}
/** `N.area` of a module or namespace, even one beside a class or function of its name; `Vec.of` of the class is none. */
export function isOfNamespace(
  host: Host,
  e: ts.PropertyAccessExpression | ts.ElementAccessExpression,
): boolean {
  const { ts } = host;
  const of = e.expression.kind === ts.SyntaxKind.ThisKeyword ? undefined : symbolOf(host, e.expression);
  if (!of || !isNamespace(host, of)) return false;
  const d = symbolOf(host, e)?.valueDeclaration;
  return !d || !ts.isClassElement(d);
}
/** A module, or a namespace that is written as one: not what properties are assigned to. */
export const isNamespace = ({ ts }: Host, symbol: ts.Symbol): boolean =>
  (symbol.flags & ts.SymbolFlags.ValueModule) !== 0 &&
  (symbol.declarations ?? []).some((d) => ts.isModuleDeclaration(d) || ts.isSourceFile(d));
/** `symbolOf` without imports resolved. */
export function localSymbolOf(host: Host, node: ts.Node): ts.Symbol | undefined {
  let known = symbols.get(host.checker);
  if (!known) symbols.set(host.checker, (known = new WeakMap()));
  let found = known.get(node);
  if (found === undefined) known.set(node, (found = findSymbol(host, node) ?? null));
  return found ?? undefined;
}
function findSymbol({ ts, checker }: Host, node: ts.Node): ts.Symbol | undefined {
  const isShorthand =
    ts.isIdentifier(node) &&
    node.parent &&
    ts.isShorthandPropertyAssignment(node.parent) &&
    node.parent.name === node;
  return isShorthand
    ? checker.getShorthandAssignmentValueSymbol(node.parent)
    : checker.getSymbolAtLocation(node);
}

export const isFunctionNode = (ts: Host['ts'], n: ts.Node): n is FunctionNode =>
  ts.isFunctionDeclaration(n) ||
  ts.isFunctionExpression(n) ||
  ts.isArrowFunction(n) ||
  ts.isMethodDeclaration(n);

/** The parameters that a call gives values to: not a declared `this`. */
export const parametersOf = (ts: Host['ts'], f: FunctionNode): ts.ParameterDeclaration[] =>
  f.parameters.filter((p) => !ts.isIdentifier(p.name) || p.name.text !== 'this');

/** The function a name is bound to for ever: a declaration with a body, or a `const` with a function as its value. */
export function boundFunction(host: Host, symbol: ts.Symbol, depth = 0): FunctionNode | undefined {
  const { ts } = host;
  const named = (e: ts.Expression): FunctionNode | undefined => {
    const s = ts.isIdentifier(e) && depth < MOST_NAMES ? symbolOf(host, e) : undefined;
    return s && boundFunction(host, s, depth + 1);
  };
  // no types keep JavaScript from assigning to the name of a function
  if (host.untyped && isAssignedAgain(host, symbol)) return undefined;
  const declared = symbol.declarations ?? [];
  // of several functions of one name JavaScript has the last
  const last = declared.filter((d) => ts.isFunctionDeclaration(d) && d.body !== undefined).pop();
  if (last) return last as ts.FunctionDeclaration;
  for (const d of declared) {
    if (ts.isVariableDeclaration(d) && d.initializer && isConst(ts, d)) {
      const init = skipWrappers(ts, d.initializer);
      if (ts.isArrowFunction(init) || ts.isFunctionExpression(init)) return init;
      // another name of a function of the module
      const other = ts.isSourceFile(d.parent.parent.parent) ? named(init) : undefined;
      if (other) return other;
    }
    if ((ts.isFunctionExpression(d) || ts.isArrowFunction(d)) && d.body) return d;
    if (host.untyped && ts.isVariableDeclaration(d) && d.initializer) {
      const init = skipWrappers(ts, d.initializer);
      if (ts.isArrowFunction(init) || ts.isFunctionExpression(init)) return init;
    }
    // `export default function`
    if (ts.isExportAssignment(d)) {
      const x = skipWrappers(ts, d.expression);
      if (ts.isArrowFunction(x) || ts.isFunctionExpression(x)) return x;
    }
  }
  return undefined;
}
/** Names that a function may have one after the other: they may also be declared in a circle. */
const MOST_NAMES = 20;

export function isConst(ts: Host['ts'], d: ts.VariableDeclaration): boolean {
  return ts.isVariableDeclarationList(d.parent) && (d.parent.flags & ts.NodeFlags.Const) !== 0;
}

/** What a `const`, or the default export of a module, holds for ever. */
export function constantInitializer(
  ts: Host['ts'],
  d: ts.Declaration | undefined,
): ts.Expression | undefined {
  if (d && ts.isExportAssignment(d)) return d.isExportEquals ? undefined : d.expression;
  return d && ts.isVariableDeclaration(d) && isConst(ts, d) ? d.initializer : undefined;
}

/** The name by which a class is known outside of itself: its own, or that of the `const` which holds it. */
export function nameOfClass(ts: Host['ts'], d: ts.ClassLikeDeclaration): ts.Identifier | undefined {
  if (!ts.isClassExpression(d)) return d.name;
  let e: ts.Node = d;
  while (ts.isParenthesizedExpression(e.parent) || ts.isAsExpression(e.parent)) e = e.parent;
  const holder = e.parent;
  const isHeld = ts.isVariableDeclaration(holder) && holder.initializer === e && isConst(ts, holder);
  return isHeld && ts.isIdentifier(holder.name) ? holder.name : undefined;
}

/** The class that a declaration names: its own, or the class expression that a `const` holds. */
export function declaredClass(ts: Host['ts'], d: ts.Node | undefined): ts.ClassLikeDeclaration | undefined {
  if (!d || ts.isClassLike(d)) return d;
  const isHolder = ts.isVariableDeclaration(d) && d.initializer !== undefined && isConst(ts, d);
  const held = isHolder ? skipWrappers(ts, d.initializer as ts.Expression) : undefined;
  return held && ts.isClassExpression(held) ? held : undefined;
}

/** All names that occur in a file: generated names keep clear of them. */
export function namesIn(host: Host, file: ts.SourceFile): Set<string> {
  const found = new Set<string>();
  walkNodes(host.ts, file, (n) => {
    if (host.ts.isIdentifier(n)) found.add(n.text);
  });
  return found;
}

/** An expression without parentheses, casts, `satisfies` and `!`. */
export function skipWrappers(ts: Host['ts'], e: ts.Expression): ts.Expression {
  while (
    ts.isParenthesizedExpression(e) ||
    ts.isAsExpression(e) ||
    ts.isTypeAssertionExpression(e) ||
    ts.isSatisfiesExpression(e) ||
    ts.isNonNullExpression(e)
  )
    e = e.expression;
  return e;
}

/** The type that an object literal is declared with, or its own. */
export const typeOfLiteral = ({ checker }: Host, e: ts.Expression): ts.Type =>
  checker.getContextualType(e) ?? checker.getTypeAtLocation(e);

/** What `Object.freeze` is called with; other expressions as they are. */
export function withoutFreeze({ ts }: Host, e: ts.Expression): ts.Expression {
  const x = skipWrappers(ts, e);
  const isFreeze =
    ts.isCallExpression(x) && x.expression.getText() === 'Object.freeze' && x.arguments.length === 1;
  return isFreeze ? skipWrappers(ts, x.arguments[0]) : x;
}

/** `const g = grad(f)`, `const h = checkpoint(f)`, by the marker's name alone. */
function isConstMarkerCall(ts: Host['ts'], d: ts.Declaration): d is ts.VariableDeclaration {
  if (!ts.isVariableDeclaration(d) || !d.initializer || !isConst(ts, d)) return false;
  const call = skipWrappers(ts, d.initializer);
  if (!ts.isCallExpression(call)) return false;
  const name = ts.isPropertyAccessExpression(call.expression) ? call.expression.name : call.expression;
  return ts.isIdentifier(name) && (MARKERS.has(name.text) || name.text === 'checkpoint');
}

/** Whether what is declared is seen in a block only: code at the end of the file cannot use it. */
export function isInBlock(ts: Host['ts'], declaration: ts.Node): boolean {
  if (isVar(ts, declaration)) return false;
  for (let n = declaration.parent; n && !ts.isSourceFile(n) && !ts.isModuleBlock(n); n = n.parent)
    if (ts.isBlock(n) || ts.isCaseBlock(n) || ts.isCatchClause(n) || ts.isIterationStatement(n, false))
      return true;
  return false;
}

export class ScopeFacts {
  private static readonly known = new WeakMap<ts.TypeChecker, ScopeFacts>();
  /** What is known of the programs of a host. */
  static of(host: Host): ScopeFacts {
    let facts = ScopeFacts.known.get(host.checker);
    if (!facts) ScopeFacts.known.set(host.checker, (facts = new ScopeFacts(host)));
    return facts;
  }

  private readonly freeCache = new Map<FunctionNode, ReadonlySet<ts.Symbol>>();
  private readonly cellCache = new Map<ts.Node, ReadonlySet<ts.Symbol>>();
  private readonly beginCache = new Map<ts.Symbol, boolean>();

  private constructor(private readonly host: Host) {}

  /** The function (or file) whose scope holds the symbol's declaration. */
  private home(symbol: ts.Symbol): ts.Node | undefined {
    const { ts } = this.host;
    let n: ts.Node | undefined = symbol.valueDeclaration ?? symbol.declarations?.[0];
    if (n && ts.isParameter(n)) return n.parent;
    // the name of a function declaration belongs to the scope around it, that of a function expression to itself
    if (n && ts.isFunctionExpression(n)) return n;
    n = n?.parent;
    while (n && !ts.isFunctionLike(n) && !ts.isSourceFile(n)) n = n.parent;
    return n;
  }

  /** Whether the symbol is a variable or function of some function's or block's scope (not of a module or a library). */
  isLocal(symbol: ts.Symbol): boolean {
    const { ts } = this.host;
    const F = ts.SymbolFlags;
    if (!(symbol.flags & (F.Variable | F.Function | F.Class))) return false;
    const home = this.home(symbol);
    const d = symbol.valueDeclaration ?? symbol.declarations?.[0];
    return home !== undefined && d !== undefined && (ts.isFunctionLike(home) || isInBlock(ts, d));
  }
  /** Variables and functions of enclosing functions that `decl` uses, also through functions that it names. */
  captured(decl: FunctionNode): ReadonlySet<ts.Symbol> {
    const known = this.freeCache.get(decl);
    if (known) return known;
    const { ts } = this.host;
    const found = new Set<ts.Symbol>();
    this.freeCache.set(decl, found);
    const within = (home: ts.Node | undefined, f: ts.Node): boolean => {
      for (let n = home; n; n = n.parent) if (n === f) return true;
      return false;
    };
    const queue: FunctionNode[] = [decl];
    const seen = new Set<FunctionNode>(queue);
    const seenCalls = new Set<ts.Node>();
    for (const d of queue) {
      const visit = (n: ts.Node, scope: ts.Node): Next => {
        if (ts.isTypeNode(n)) return 'skip';
        if (ts.isIdentifier(n)) {
          const s = symbolOf(this.host, n);
          if (s && this.isLocal(s) && !within(this.home(s), scope)) {
            found.add(s);
            const c = s.valueDeclaration;
            const f =
              boundFunction(this.host, s) ??
              (c && ts.isClassLike(c) ? (c as unknown as FunctionNode) : undefined);
            if (f && !seen.has(f)) {
              seen.add(f);
              queue.push(f);
            }
            // a derivative captures what its function captures
            if (c && !seenCalls.has(c) && isConstMarkerCall(ts, c)) {
              seenCalls.add(c);
              walk(c.initializer as ts.Expression, c);
            }
          }
        }
        return undefined;
      };
      const walk = (root: ts.Node, scope: ts.Node): boolean => walkNodes(ts, root, (n) => visit(n, scope));
      walk(d, d);
    }
    return found;
  }

  /** Whether a function assigns a variable that it does not declare. */
  hasEffects(decl: FunctionNode): boolean {
    const { ts } = this.host;
    return walkNodes(ts, decl, (n) => {
      for (const name of assignedNames(ts, n)) {
        const s = symbolOf(this.host, name);
        let home = s && (s.valueDeclaration as ts.Node | undefined);
        while (home && home !== decl) home = home.parent;
        if (home === undefined) return 'stop';
      }
      return undefined;
    });
  }

  /** Variables of `root` (and of the functions in it) that a function captures and that are assigned after their declaration. */
  cells(root: ts.Node): ReadonlySet<ts.Symbol> {
    const known = this.cellCache.get(root);
    if (known) return known;
    const { ts } = this.host;
    const captured = new Map<ts.Symbol, ts.Node[]>();
    const assigned = new Map<ts.Symbol, ts.Node[]>();
    const put = (m: Map<ts.Symbol, ts.Node[]>, s: ts.Symbol, n: ts.Node) => {
      const known = m.get(s);
      if (known) known.push(n);
      else m.set(s, [n]);
    };
    const visit = (n: ts.Node, here: ts.Node): Next => {
      if (n !== here && ts.isFunctionLike(n)) {
        walk(n);
        return 'skip';
      }
      for (const name of assignedNames(ts, n)) {
        const s = symbolOf(this.host, name);
        if (s && this.isLocal(s)) put(assigned, s, n);
      }
      if (ts.isIdentifier(n) && !ts.isTypeNode(n.parent)) {
        const s = symbolOf(this.host, n);
        if (s && s.flags & ts.SymbolFlags.Variable && this.isLocal(s) && this.home(s) !== here)
          put(captured, s, n);
      }
      return undefined;
    };
    const walk = (here: ts.Node): boolean => walkNodes(ts, here, (n) => visit(n, here));
    walk(root);
    const cells = new Set<ts.Symbol>();
    for (const [s, uses] of captured) {
      const writes = assigned.get(s);
      if (writes && !this.freshPerTrip(s, uses, writes) && !this.isAssignedOnce(s, writes)) cells.add(s);
    }
    this.cellCache.set(root, cells);
    return cells;
  }
  /** Whether a variable of `var` may begin where it is declared. */
  beginsAtDeclaration(symbol: ts.Symbol): boolean {
    let begins = this.beginCache.get(symbol);
    if (begins === undefined) {
      begins = beginsAtDeclaration(this.host, symbol, (decl) => this.captured(decl));
      this.beginCache.set(symbol, begins);
    }
    return begins;
  }
  /** A variable of `var` that its declaration alone assigns, before anything sees it. */
  private isAssignedOnce(s: ts.Symbol, writes: readonly ts.Node[]): boolean {
    return (
      writes.length === 1 &&
      this.host.ts.isVariableDeclaration(writes[0]) &&
      writes[0].initializer !== undefined &&
      this.beginsAtDeclaration(s)
    );
  }

  /** A `for (let i ...)` variable that only the update changes is a new constant in each trip of the body. */
  private freshPerTrip(s: ts.Symbol, uses: readonly ts.Node[], writes: readonly ts.Node[]): boolean {
    const { ts } = this.host;
    const list = s.valueDeclaration && listOf(ts, s.valueDeclaration);
    const loop = list?.parent;
    if (!loop || !ts.isForStatement(loop) || isVar(ts, list.declarations[0])) return false;
    const inside = (n: ts.Node, part: ts.Node | undefined) =>
      part !== undefined && n.pos >= part.pos && n.end <= part.end;
    return writes.every((w) => inside(w, loop.incrementor)) && uses.every((u) => inside(u, loop.statement));
  }
}
