/**
 * Instances that constants of modules hold: `const layers = [new Layer(2, Math.tanh), new Layer(3, relu)]`. The functions that such an object holds come from
 * the arguments of its constructor, or from initialisers of fields. It is made again of these, and of what the real object holds.
 */
import { fieldKey, isOnPrototype, propertiesInOrder } from './instances.js';
import { knownFunction } from './known-functions.js';
import { isReplacedLater } from './member-writes.js';
import { skipWrappers, symbolOf } from './scopes.js';
import type { Host, ts } from './ts.js';
import { isAssignedAgain } from './writes.js';

/** A field of an instance: what holds functions has the expression that made it, the others are read from the real object. */
export interface PlannedField {
  readonly key: string;
  readonly type: ts.Type;
  readonly made: ts.Expression | undefined;
}
export interface InstancePlan {
  readonly decl: ts.ClassDeclaration;
  readonly fields: readonly PlannedField[];
}

/** What something in a constructor is: an expression of the module, nothing, or not known. */
type Source = ts.Expression | 'absent' | 'unknown';
type Given = ReadonlyMap<ts.Symbol, Source>;

/** The plan for `new C(...)`; nothing if some function in it is not known, or may be replaced. */
export function planInstance(host: Host, e: ts.NewExpression): InstancePlan | undefined {
  const { ts, checker } = host;
  const decl = symbolOf(host, e.expression)?.valueDeclaration;
  if (!decl || !ts.isClassDeclaration(decl) || !ts.isSourceFile(decl.parent)) return undefined;
  const type = checker.getTypeAtLocation(e);
  const made = new Construction(host);
  if (!made.run(decl, [...(e.arguments ?? [])])) return undefined;
  const fields: PlannedField[] = [];
  for (const p of propertiesInOrder(host, type)) {
    const key = fieldKey(ts, p);
    if (key.startsWith('#') || isReplacedLater(host, type, p.name)) return undefined;
    if (isOnPrototype(ts, p)) continue;
    const own = checker.getTypeOfSymbolAtLocation(p, e);
    const source = holdsFunctions(host, own) ? made.fields.get(key) : undefined;
    if (holdsFunctions(host, own) && (source === undefined || source === 'unknown')) return undefined;
    if (source !== 'absent') fields.push({ key, type: own, made: source as ts.Expression | undefined });
  }
  return fields.some((f) => f.made) ? { decl, fields } : undefined;
}

/** Whether functions are among the parts of a value of this type; `inFields`: also in fields of instances. */
export function holdsFunctions(host: Host, type: ts.Type, inFields = true): boolean {
  const { checker, ts } = host;
  const seen = new Set<ts.Type>();
  const visit = (t: ts.Type): boolean => {
    if (seen.has(t)) return false;
    seen.add(t);
    if (t.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return true;
    if (t.isUnionOrIntersection()) return t.types.some(visit);
    if (!(t.flags & ts.TypeFlags.Object)) return false;
    if (t.getCallSignatures().length + t.getConstructSignatures().length > 0) return true;
    const d = t.symbol?.valueDeclaration;
    const isList =
      checker.isArrayType(t) || checker.isTupleType(t) || ['Map', 'Set'].includes(t.symbol?.name ?? '');
    if (isList) return checker.getTypeArguments(t as ts.TypeReference).some(visit);
    if (d && host.program.isSourceFileDefaultLibrary(d.getSourceFile())) return false;
    // methods of instances are on their prototypes
    const isInstance = d !== undefined && ts.isClassLike(d);
    if (isInstance && !inFields) return false;
    const properties = t.getProperties().filter((p) => !isInstance || !isOnPrototype(ts, p));
    const index = t.getStringIndexType();
    return (index !== undefined && visit(index)) || properties.some((p) => visit(checker.getTypeOfSymbol(p)));
  };
  return visit(type);
}

/** Follows constructors in the order in which they run. */
class Construction {
  readonly fields = new Map<string, Source>();

  constructor(readonly host: Host) {}

  /** Whether the constructors of a class, and of those that it extends, are known. */
  run(d: ts.ClassDeclaration, args: readonly Source[]): boolean {
    const { ts } = this.host;
    const own = d.members.find(
      (m): m is ts.ConstructorDeclaration => ts.isConstructorDeclaration(m) && m.body !== undefined,
    );
    const given = own && this.parameters(own, args);
    if (own && (!given || returns(ts, own))) return false;
    const clause = d.heritageClauses?.find((h) => h.token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    if (clause) {
      const base = symbolOf(this.host, clause.expression)?.valueDeclaration;
      const up = own ? this.superArguments(own, given as Given) : args;
      if (!base || !ts.isClassDeclaration(base) || !up || !this.run(base, up)) return false;
    }
    for (const m of d.members) if (ts.isPropertyDeclaration(m)) this.initialise(m);
    if (own) this.assign(own, given as Given);
    return true;
  }

  private initialise(m: ts.PropertyDeclaration): void {
    const { ts } = this.host;
    const flags = ts.getCombinedModifierFlags(m);
    if (flags & (ts.ModifierFlags.Static | ts.ModifierFlags.Ambient | ts.ModifierFlags.Abstract)) return;
    const key = m.name.getText();
    if (m.initializer) this.fields.set(key, m.initializer);
    else if (this.fields.has(key)) this.fields.set(key, 'unknown');
  }
  /** Parameter properties, and `this.act = act;`. */
  private assign(own: ts.ConstructorDeclaration, given: Given): void {
    const { ts } = this.host;
    for (const p of own.parameters)
      if (ts.isParameterPropertyDeclaration(p, own))
        this.fields.set(p.name.getText(), this.source(p.name, given));
    for (const s of own.body?.statements ?? []) {
      if (!ts.isExpressionStatement(s) || !ts.isBinaryExpression(s.expression)) continue;
      const { left, right, operatorToken } = s.expression;
      const isField =
        ts.isPropertyAccessExpression(left) && left.expression.kind === ts.SyntaxKind.ThisKeyword;
      if (isField && operatorToken.kind === ts.SyntaxKind.EqualsToken)
        this.fields.set(left.name.text, this.source(right, given));
    }
  }
  private parameters(own: ts.ConstructorDeclaration, args: readonly Source[]): Given | undefined {
    const { ts } = this.host;
    const isSpread = args.some((a) => typeof a !== 'string' && ts.isSpreadElement(a));
    if (isSpread || own.parameters.some((p) => p.dotDotDotToken)) return undefined;
    const given = new Map<ts.Symbol, Source>();
    own.parameters.forEach((p, k) => {
      const symbol = symbolOf(this.host, p.name);
      const arg = args[k] ?? 'absent';
      const isAbsent = arg === 'absent' || (arg !== 'unknown' && arg.getText() === 'undefined');
      const value = isAbsent && p.initializer ? this.source(p.initializer, given) : isAbsent ? 'absent' : arg;
      if (symbol) given.set(symbol, isAssignedAgain(this.host, symbol) ? 'unknown' : value);
    });
    return given;
  }
  private superArguments(own: ts.ConstructorDeclaration, given: Given): readonly Source[] | undefined {
    const { ts } = this.host;
    for (const s of own.body?.statements ?? []) {
      const e = ts.isExpressionStatement(s) ? s.expression : undefined;
      if (e && ts.isCallExpression(e) && e.expression.kind === ts.SyntaxKind.SuperKeyword)
        return e.arguments.map((a) => (ts.isSpreadElement(a) ? a : this.source(a, given)));
    }
    return undefined;
  }

  /** What an expression in a constructor is. */
  private source(x: ts.Expression | ts.BindingName, given: Given): Source {
    const { ts } = this.host;
    const K = ts.SyntaxKind;
    const e = skipWrappers(ts, x as ts.Expression);
    const symbol = ts.isIdentifier(e) ? symbolOf(this.host, e) : undefined;
    const known = symbol && given.get(symbol);
    if (known !== undefined) return known;
    if (
      ts.isBinaryExpression(e) &&
      [K.QuestionQuestionToken, K.BarBarToken].includes(e.operatorToken.kind as never)
    ) {
      const left = this.source(e.left, given);
      if (left === 'absent') return this.source(e.right, given);
      return left !== 'unknown' && knownFunction(this.host, left) !== undefined ? left : 'unknown';
    }
    return this.mentions(e, given) ? 'unknown' : e;
  }
  private mentions(n: ts.Node, given: Given): boolean {
    const { ts } = this.host;
    if (n.kind === ts.SyntaxKind.ThisKeyword) return true;
    const symbol = ts.isIdentifier(n) ? symbolOf(this.host, n) : undefined;
    if (symbol && given.has(symbol)) return true;
    return ts.forEachChild(n, (child) => this.mentions(child, given)) ?? false;
  }
}

/** Whether a constructor may end before its end. */
function returns(ts: Host['ts'], n: ts.Node): boolean {
  if (ts.isReturnStatement(n)) return true;
  return ts.forEachChild(n, (c) => !ts.isFunctionLike(c) && returns(ts, c)) ?? false;
}
