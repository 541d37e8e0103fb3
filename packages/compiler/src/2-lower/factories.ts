/**
 * Factories: functions that do nothing but make a function, or an object of functions, from what they are given, as `compose` and
 * `rbf` of `const softplus = compose(Math.log1p, Math.exp)`, `const kernel = rbf(0.5)`. What one makes where a module begins is made
 * again where the differentiated function begins: that is the same only if nothing in it has a state of its own.
 */
import { isMemberAssigned } from '../host/member-writes.js';
import { functionOfMember } from '../host/receivers.js';
import {
  boundFunction,
  type FunctionNode,
  isConst,
  isFunctionNode,
  skipWrappers,
  symbolOf,
  typeOfLiteral,
  withoutFreeze,
} from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { isWrittenThrough } from '../host/writes.js';
import type { LowerState } from './state.js';

export class FactoryReader {
  constructor(
    readonly state: LowerState,
    readonly host: Host,
    /** The factories that are being read. */
    private readonly open: ReadonlySet<FunctionNode> = new Set(),
  ) {}

  /** Whether a callee is a factory. */
  isFactory(callee: ts.Expression): boolean {
    const levels = this.levelsOf(callee);
    return levels.length > 0 && levels.every((f, k) => this.isPure(f, levels.slice(0, k)));
  }
  /** `f` alone, or, of `f(0.2)` and of what holds what it gave, `f` and the function that it gives. */
  private levelsOf(callee: ts.Expression): readonly FunctionNode[] {
    const { ts } = this.host;
    const e = skipWrappers(ts, callee);
    if (ts.isCallExpression(e)) {
      const outer = this.levelsOf(e.expression);
      const given = outer.length > 0 ? resultOf(ts, outer[outer.length - 1]) : undefined;
      return given && isFunctionNode(ts, given) ? [...outer, given] : [];
    }
    const s = ts.isIdentifier(e) ? symbolOf(this.host, e) : undefined;
    const f = s && boundFunction(this.host, s);
    if (f) return [f];
    const d = s?.valueDeclaration;
    const made = d && ts.isVariableDeclaration(d) && isConst(ts, d) ? d.initializer : undefined;
    return made && ts.isCallExpression(skipWrappers(ts, made)) ? this.levelsOf(made) : [];
  }
  private isPure(f: FunctionNode, around: readonly FunctionNode[]): boolean {
    if (!f.body || f.asteriskToken || this.open.has(f) || f.getSourceFile().isDeclarationFile) return false;
    const scopes = this.state.scopesOf(f);
    if ((around.length === 0 && scopes.captured(f).size > 0) || scopes.cells(f).size > 0) return false;
    return new FactoryBody(this.state, this.host, [...around, f], new Set([...this.open, f])).hasNoState();
  }

  /** A number, text or truth value that is computed from constants, each time the same. */
  isPrimitive(x: ts.Expression): boolean {
    const { ts } = this.host;
    const e = skipWrappers(ts, x);
    if (isPlainLiteral(ts, e)) return true;
    if (ts.isIdentifier(e)) return e.text === 'undefined' || this.isConstant(e);
    if (ts.isPropertyAccessExpression(e))
      return e.expression.getText() === 'Math' && this.hasPrimitiveType(e);
    if (ts.isPrefixUnaryExpression(e)) return this.isSign(e) && this.isPrimitive(e.operand);
    if (ts.isConditionalExpression(e))
      return [e.condition, e.whenTrue, e.whenFalse].every((y) => this.isPrimitive(y));
    if (ts.isCallExpression(e)) return this.isMathCall(e) && e.arguments.every((y) => this.isPrimitive(y));
    return (
      ts.isBinaryExpression(e) &&
      !isAssignment(ts, e) &&
      this.isPrimitive(e.left) &&
      this.isPrimitive(e.right) &&
      this.hasPrimitiveType(e)
    );
  }
  protected isSign(e: ts.PrefixUnaryExpression): boolean {
    const K = this.host.ts.SyntaxKind;
    return e.operator !== K.PlusPlusToken && e.operator !== K.MinusMinusToken;
  }
  protected isMathCall({ expression: f }: ts.CallExpression): boolean {
    const isMath = this.host.ts.isPropertyAccessExpression(f) && f.expression.getText() === 'Math';
    return isMath && f.name.text !== 'random';
  }
  /** A `const` that holds no object. */
  protected isConstant(e: ts.Identifier): boolean {
    const d = symbolOf(this.host, e)?.valueDeclaration;
    return (
      d !== undefined &&
      this.host.ts.isVariableDeclaration(d) &&
      isConst(this.host.ts, d) &&
      this.hasPrimitiveType(e)
    );
  }
  protected hasPrimitiveType(e: ts.Node): boolean {
    return isPrimitiveType(this.host, this.host.checker.getTypeAtLocation(e));
  }
}

/** What a factory does with its parameters, which nothing assigns to. */
class FactoryBody extends FactoryReader {
  private readonly f: FunctionNode;

  /** `levels`: the function, and before it those that it stands in. */
  constructor(
    state: LowerState,
    host: Host,
    private readonly levels: readonly FunctionNode[],
    private readonly reading: ReadonlySet<FunctionNode>,
  ) {
    super(state, host, reading);
    this.f = levels[levels.length - 1];
  }

  hasNoState(): boolean {
    const { ts } = this.host;
    const { body, parameters } = this.f;
    if (!body || !parameters.every((p) => !p.initializer || this.makes(p.initializer))) return false;
    const result = resultOf(ts, this.f);
    const before = ts.isBlock(body) ? body.statements.slice(0, -1) : [];
    return result !== undefined && before.every((s) => this.declares(s)) && this.makes(result);
  }
  /** `const k = ...;`, or a function. */
  private declares(s: ts.Statement): boolean {
    const { ts } = this.host;
    if (ts.isFunctionDeclaration(s)) return s.body !== undefined && this.leavesAlone(s);
    if (!ts.isVariableStatement(s)) return false;
    return s.declarationList.declarations.every(
      (d) => isConst(ts, d) && d.initializer !== undefined && this.makes(d.initializer),
    );
  }

  /** Whether an expression has no effect, and what it gives no state. */
  private makes(x: ts.Expression): boolean {
    const { ts } = this.host;
    const e = withoutFreeze(this.host, x);
    if (this.isPrimitive(e)) return true;
    if (ts.isIdentifier(e)) return this.isOwn(symbolOf(this.host, e)) || this.isKnown(e);
    if (isFunctionNode(ts, e)) return this.leavesAlone(e);
    if (ts.isPropertyAccessExpression(e)) return this.makes(e.expression);
    if (ts.isElementAccessExpression(e)) return this.makes(e.expression) && this.makes(e.argumentExpression);
    if (ts.isPrefixUnaryExpression(e)) return this.isSign(e) && this.makes(e.operand);
    if (ts.isConditionalExpression(e))
      return [e.condition, e.whenTrue, e.whenFalse].every((y) => this.makes(y));
    if (ts.isBinaryExpression(e)) return !isAssignment(ts, e) && this.makes(e.left) && this.makes(e.right);
    if (ts.isCallExpression(e))
      return (
        (this.isMathCall(e) ||
          new FactoryReader(this.state, this.host, this.reading).isFactory(e.expression)) &&
        e.arguments.every((y) => this.makes(ts.isSpreadElement(y) ? y.expression : y))
      );
    return ts.isObjectLiteralExpression(e) && this.makesObject(e);
  }
  private makesObject(e: ts.ObjectLiteralExpression): boolean {
    const { ts } = this.host;
    const type = typeOfLiteral(this.host, e);
    if (type.getProperties().some((p) => isMemberAssigned(this.host, type, p.name, true))) return false;
    return e.properties.every((p) => {
      if (ts.isMethodDeclaration(p)) return this.leavesAlone(p);
      if (ts.isShorthandPropertyAssignment(p))
        return (
          this.isOwn(this.host.checker.getShorthandAssignmentValueSymbol(p)) ||
          functionOfMember(this.host, p) !== undefined
        );
      return ts.isPropertyAssignment(p) && !ts.isComputedPropertyName(p.name) && this.makes(p.initializer);
    });
  }
  private isKnown(e: ts.Identifier): boolean {
    const s = symbolOf(this.host, e);
    return s !== undefined && boundFunction(this.host, s) !== undefined;
  }
  /** Whether a function captures nothing of the factory but what stays as it is. */
  private leavesAlone(g: FunctionNode): boolean {
    if (g.asteriskToken) return false;
    return [...this.state.scopesOf(g).captured(g)].every((s) => this.isOwn(s));
  }
  /** A parameter or constant of the factory that holds a number, a function, or an object that is only read. */
  private isOwn(symbol: ts.Symbol | undefined): boolean {
    const d = symbol?.valueDeclaration;
    if (!symbol || !d || !this.levels.some((f) => f === this.declarer(d))) return false;
    const type = this.host.checker.getTypeOfSymbol(symbol);
    const isFunction = type.getCallSignatures().length > 0;
    return isFunction || isPrimitiveType(this.host, type) || !isWrittenThrough(this.host, symbol);
  }
  /** The function around a declaration. */
  private declarer(d: ts.Node): ts.Node {
    let n = this.host.ts.isFunctionDeclaration(d) ? d.parent : d;
    while (!this.host.ts.isFunctionLike(n) && !this.host.ts.isSourceFile(n)) n = n.parent;
    return n;
  }
}

/** What a function gives back at its end. */
function resultOf(ts: Host['ts'], { body }: FunctionNode): ts.Expression | undefined {
  if (!body || !ts.isBlock(body)) return body && skipWrappers(ts, body as ts.Expression);
  const last = body.statements.at(-1);
  return last && ts.isReturnStatement(last) && last.expression
    ? skipWrappers(ts, last.expression)
    : undefined;
}

export function isAssignment(ts: Host['ts'], e: ts.BinaryExpression): boolean {
  const { kind } = e.operatorToken;
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isPrimitiveType({ ts }: Host, type: ts.Type): boolean {
  const F = ts.TypeFlags;
  const plain = F.NumberLike | F.StringLike | F.BooleanLike | F.Undefined | F.Null;
  return type.isUnion() ? type.types.every((t) => (t.flags & plain) !== 0) : (type.flags & plain) !== 0;
}

export function isPlainLiteral(ts: Host['ts'], x: ts.Expression): boolean {
  const e = skipWrappers(ts, x);
  const K = ts.SyntaxKind;
  if (ts.isPrefixUnaryExpression(e) && e.operator === K.MinusToken) return ts.isNumericLiteral(e.operand);
  return (
    ts.isNumericLiteral(e) ||
    ts.isStringLiteralLike(e) ||
    e.kind === K.TrueKeyword ||
    e.kind === K.FalseKeyword ||
    e.kind === K.NullKeyword
  );
}
