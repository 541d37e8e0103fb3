/**
 * **Question**: which fields of an instance are read, written or counted before they are there? **Method**: the constructors of its class
 * and of those that it extends are followed in their order, into the methods that they call on `this`. **Gives up when** `this` is handed
 * on: what others do with it is not followed.
 */
import { definesFields, keepsFields } from '../host/instances.js';
import { isFunctionNode, skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { baseOf, findMember, hasOther, isMade, isStatic, memberName } from './class-declarations.js';
import type { FunctionContext } from './context.js';
import { isAssignment } from './factories.js';

/** What is known of the instances of a class while they are made. */
export interface Construction {
  /** Fields that are read, perhaps, before they have a value. */
  readonly early: ReadonlySet<string>;
  /** Fields that have a value when the constructor ends, whatever it did. */
  readonly given: ReadonlySet<string>;
  /** Fields without initialiser that have a value already when their class defines them, which makes them `undefined` again. */
  readonly reset: ReadonlySet<string>;
}

const known = new WeakMap<object, Map<ts.ClassLikeDeclaration, Construction>>();

/** How instances of exactly this class are made. */
export function constructionOf(cx: FunctionContext, d: ts.ClassLikeDeclaration): Construction {
  const all = known.get(cx.state) ?? new Map<ts.ClassLikeDeclaration, Construction>();
  known.set(cx.state, all);
  const made = all.get(d) ?? new Follower(cx, d).run();
  all.set(d, made);
  return made;
}
/** Whether a field of this name is read before it has a value in some class whose instances were made so far. */
export const isReadEarly = (cx: FunctionContext, name: string): boolean =>
  [...(known.get(cx.state)?.values() ?? [])].some((c) => c.early.has(name));

/** Follows the constructors of a class; `there` and `given` say what holds at the place that it has come to. */
class Follower {
  private readonly early = new Set<string>();
  private readonly reset = new Set<string>();
  /** Fields that are keys of the object. */
  private readonly there = new Set<string>();
  /** Fields that have got a value. */
  private given = new Set<string>();
  /** Whether this place is reached; and what was given where functions around it are left. */
  private isReached = true;
  private exits: Set<string>[] = [];
  private readonly open = new Set<ts.Node>();
  /** Functions that fields hold: they run where the fields are read. */
  private readonly held = new Map<string, ts.Expression>();
  private readonly chain: ts.ClassLikeDeclaration[] = [];
  private readonly fields = new Set<string>();

  constructor(
    private readonly cx: FunctionContext,
    private readonly exact: ts.ClassLikeDeclaration,
  ) {
    for (let c: ts.ClassLikeDeclaration | undefined = exact; c; c = baseOf(cx, c)) this.chain.push(c);
    for (const c of this.chain) for (const name of this.fieldsOf(c)) this.fields.add(name);
  }

  run(): Construction {
    this.construct(this.exact);
    return { early: this.early, given: this.given, reset: this.reset };
  }

  private fieldsOf(c: ts.ClassLikeDeclaration): string[] {
    const own = c.members.filter((m) => this.isField(m)).map((m) => memberName(this.cx, m) ?? '');
    return [...this.parameterFields(c), ...own];
  }
  private isField(m: ts.ClassElement): m is ts.PropertyDeclaration {
    const { ts } = this.cx;
    return ts.isPropertyDeclaration(m) && !isStatic(ts, m) && isMade(ts, m);
  }
  private parameterFields(c: ts.ClassLikeDeclaration): string[] {
    const own = this.constructorOf(c);
    const isOne = (p: ts.ParameterDeclaration): boolean =>
      own !== undefined && this.cx.ts.isParameterPropertyDeclaration(p, own);
    return own?.parameters.filter(isOne).map((p) => p.name.getText()) ?? [];
  }
  private constructorOf(c: ts.ClassLikeDeclaration): ts.ConstructorDeclaration | undefined {
    const { ts } = this.cx;
    return c.members.find(
      (m): m is ts.ConstructorDeclaration => ts.isConstructorDeclaration(m) && m.body !== undefined,
    );
  }

  private construct(c: ts.ClassLikeDeclaration): void {
    const own = this.constructorOf(c);
    const isDerived = c.heritageClauses?.some((h) => h.token === this.cx.ts.SyntaxKind.ExtendsKeyword);
    const keeps = keepsFields(this.cx.state.hostOf(c));
    if (!own) {
      const base = baseOf(this.cx, c);
      if (base) this.construct(base);
      this.initialise(c);
      return;
    }
    if (!isDerived && keeps) this.initialise(c);
    for (const p of own.parameters) if (p.initializer) this.walk(p.initializer);
    if (!isDerived) this.giveParameters(c);
    if (!isDerived && !keeps) this.initialise(c);
    this.body(own);
  }
  /** Behind `super(...)`. */
  private afterSuper(c: ts.ClassLikeDeclaration): void {
    const base = baseOf(this.cx, c);
    if (base) this.construct(base);
    const keeps = keepsFields(this.cx.state.hostOf(c));
    if (keeps) this.initialise(c);
    this.giveParameters(c);
    if (!keeps) this.initialise(c);
  }
  private giveParameters(c: ts.ClassLikeDeclaration): void {
    for (const name of this.parameterFields(c)) this.give(name);
  }
  private give(name: string): void {
    this.there.add(name);
    this.given.add(name);
  }
  /** The fields of a class, in their order. */
  private initialise(c: ts.ClassLikeDeclaration): void {
    const host = this.cx.state.hostOf(c);
    if (keepsFields(host)) for (const name of this.parameterFields(c)) this.there.add(name);
    for (const m of c.members) {
      if (!this.isField(m)) continue;
      const name = memberName(this.cx, m) ?? '';
      if (m.initializer) {
        this.value(name, m.initializer);
        this.give(name);
      } else if (definesFields(host)) {
        if (this.given.delete(name)) this.reset.add(name);
        this.there.add(name);
      }
    }
  }
  /** The value of a field: a function runs later. */
  private value(name: string, e: ts.Expression): void {
    if (isFunctionNode(this.cx.ts, skipWrappers(this.cx.ts, e))) this.held.set(name, e);
    else this.walk(e);
  }

  /** Runs a function that has the object as its `this`, unless that is under way. */
  private follow(f: ts.Node | undefined): void {
    if (!f || this.open.has(f)) return;
    this.open.add(f);
    for (const p of (f as ts.SignatureDeclaration).parameters) if (p.initializer) this.walk(p.initializer);
    this.body(f as ts.MethodDeclaration);
    this.open.delete(f);
  }
  private body({ body }: { readonly body?: ts.Node | undefined }): void {
    const outer = this.exits;
    this.exits = [];
    if (body) this.walk(body);
    if (this.isReached || this.exits.length === 0) this.exits.push(this.given);
    this.given = this.exits.reduce((a, b) => common(a, b));
    this.isReached = true;
    this.exits = outer;
  }
  /** What may run, or may not, or several times: nothing that it gives is sure. */
  private aside(run: () => void): void {
    const before = [new Set(this.given), this.isReached] as const;
    run();
    [this.given, this.isReached] = before;
  }

  private walk(n: ts.Node): void {
    const { ts } = this.cx;
    if (ts.isTypeNode(n) || ts.isClassLike(n)) return;
    if (ts.isArrowFunction(n)) this.aside(() => this.body(n));
    else if (ts.isFunctionLike(n)) return;
    else if (ts.isIfStatement(n) || ts.isConditionalExpression(n)) this.choice(n);
    else if (this.isUnsure(n)) this.aside(() => ts.forEachChild(n, (x) => this.walk(x)));
    else if (ts.isReturnStatement(n) || ts.isThrowStatement(n)) {
      if (n.expression) this.walk(n.expression);
      if (ts.isReturnStatement(n)) this.exits.push(new Set(this.given));
      this.isReached = false;
    } else if (ts.isCallExpression(n)) this.call(n);
    else if (ts.isBinaryExpression(n)) this.binary(n);
    else if (ts.isPrefixUnaryExpression(n) || ts.isPostfixUnaryExpression(n)) {
      this.walk(n.operand);
      if (n.operator === ts.SyntaxKind.PlusPlusToken || n.operator === ts.SyntaxKind.MinusMinusToken)
        this.assign(n.operand);
    } else this.rest(n);
  }
  private rest(n: ts.Node): void {
    const { ts } = this.cx;
    const name = this.ownName(n);
    if (name !== undefined) this.read(name, n);
    else if (ts.isPropertyAccessExpression(n) && n.expression.kind === ts.SyntaxKind.SuperKeyword)
      this.follow(this.inBase(n, n.name.text, 'get'));
    else if (ts.isVariableDeclaration(n) && n.initializer && this.isThis(n.initializer)) this.takeApart(n);
    else {
      if (
        (ts.isSpreadAssignment(n) && this.isThis(n.expression)) ||
        (ts.isForInStatement(n) && this.isThis(n.expression))
      )
        this.askKeys(n.expression);
      ts.forEachChild(n, (x) => this.walk(x));
    }
  }
  private isUnsure(n: ts.Node): boolean {
    const { ts } = this.cx;
    return (
      ts.isIterationStatement(n, false) ||
      ts.isSwitchStatement(n) ||
      ts.isTryStatement(n) ||
      ts.isLabeledStatement(n)
    );
  }
  private choice(n: ts.IfStatement | ts.ConditionalExpression): void {
    const { ts } = this.cx;
    const [condition, then, other] = ts.isIfStatement(n)
      ? [n.expression, n.thenStatement, n.elseStatement]
      : [n.condition, n.whenTrue, n.whenFalse];
    this.walk(condition);
    const before = new Set(this.given);
    const { isReached } = this;
    this.walk(then);
    const [given, ends] = [this.given, !this.isReached];
    [this.given, this.isReached] = [before, isReached];
    if (other) this.walk(other);
    if (!this.isReached) this.given = given;
    else if (!ends) this.given = common(given, this.given);
    this.isReached = this.isReached || !ends;
  }
  private binary(n: ts.BinaryExpression): void {
    const { ts } = this.cx;
    const K = ts.SyntaxKind;
    const { kind } = n.operatorToken;
    if (kind === K.EqualsToken) {
      const name = this.ownName(n.left);
      if (name === undefined) this.walk(n.right);
      else this.value(name, n.right);
      this.assign(n.left);
      return;
    }
    this.walk(n.left);
    const isShort = [
      K.AmpersandAmpersandToken,
      K.BarBarToken,
      K.QuestionQuestionToken,
      K.AmpersandAmpersandEqualsToken,
      K.BarBarEqualsToken,
      K.QuestionQuestionEqualsToken,
    ].includes(kind);
    if (isShort) this.aside(() => this.walk(n.right));
    else this.walk(n.right);
    if (isAssignment(ts, n)) this.assign(n.left);
    else if (kind === K.InKeyword && this.isThis(n.right))
      this.askKeys(n, ts.isStringLiteralLike(n.left) ? n.left.text : undefined);
  }
  private call(n: ts.CallExpression): void {
    const { ts } = this.cx;
    const { expression: callee } = n;
    if (callee.kind === ts.SyntaxKind.SuperKeyword) {
      n.arguments.forEach((a) => void this.walk(a));
      let c: ts.Node = n;
      while (!ts.isClassLike(c)) c = c.parent;
      this.afterSuper(c);
      return;
    }
    const name = this.ownName(callee);
    const isSuper =
      ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.SuperKeyword;
    if (name === undefined && !isSuper) this.walk(callee);
    n.arguments.forEach((a) => void this.walk(a));
    if (isSuper) this.follow(this.inBase(callee, callee.name.text, 'method'));
    if (name === 'hasOwnProperty') this.askKeys(n, textOf(ts, n.arguments[0]));
    else if (name !== undefined && !this.fields.has(name)) this.follow(this.member(name, 'method'));
    if (name !== undefined) this.read(name, callee, true);
    const asksKeys = /^(Object|Reflect)\.(?!freeze|seal|preventExt|define|set)|^JSON\.|^structuredClone$/;
    const given = n.arguments.find((a, k) => this.isThis(a) && (k > 0 || !/assign$/.test(callee.getText())));
    if (given && asksKeys.test(callee.getText()))
      this.askKeys(n, /\.hasOwn$/.test(callee.getText()) ? textOf(ts, n.arguments[1]) : undefined);
  }

  private isThis(e: ts.Expression): boolean {
    return skipWrappers(this.cx.ts, e).kind === this.cx.ts.SyntaxKind.ThisKeyword;
  }
  /** The name in `this.name`. */
  private ownName(n: ts.Node): string | undefined {
    const { ts } = this.cx;
    if (ts.isParenthesizedExpression(n) || ts.isNonNullExpression(n)) return this.ownName(n.expression);
    if (ts.isPropertyAccessExpression(n) && this.isThis(n.expression)) return n.name.text;
    if (ts.isElementAccessExpression(n) && this.isThis(n.expression)) return textOf(ts, n.argumentExpression);
    return undefined;
  }
  private member(name: string, kind: 'method' | 'get' | 'set'): ts.Node | undefined {
    return findMember(this.cx, this.exact, name, kind, false);
  }
  private inBase(n: ts.Node, name: string, kind: 'method' | 'get'): ts.Node | undefined {
    let c: ts.Node = n;
    while (!this.cx.ts.isClassLike(c)) c = c.parent;
    const base = baseOf(this.cx, c);
    return base && findMember(this.cx, base, name, kind, false);
  }
  private takeApart(n: ts.VariableDeclaration): void {
    if (!this.cx.ts.isObjectBindingPattern(n.name)) return;
    for (const x of n.name.elements) {
      if (x.dotDotDotToken) this.askKeys(n);
      else this.read((x.propertyName ?? x.name).getText(), x);
      if (x.initializer) this.walk(x.initializer);
    }
  }

  private read(name: string, node: ts.Node, isCall = false): void {
    if (!this.fields.has(name)) {
      if (!isCall) this.follow(this.member(name, 'get'));
      return;
    }
    this.refuseHidden(name, node);
    if (!this.given.has(name)) this.early.add(name);
    const f = this.held.get(name);
    if (f) this.aside(() => this.follow(skipWrappers(this.cx.ts, f)));
  }
  /** Assigns what is on the left of an assignment, also the parts of a pattern. */
  private assign(n: ts.Node): void {
    const { ts } = this.cx;
    const name = this.ownName(n);
    if (name === undefined) {
      if (ts.isArrayLiteralExpression(n) || ts.isObjectLiteralExpression(n) || !ts.isExpression(n))
        ts.forEachChild(n, (x) => this.assign(x));
      else this.walk(n);
    } else if (this.fields.has(name)) {
      this.refuseHidden(name, n);
      this.give(name);
    } else this.follow(this.member(name, 'set'));
  }
  /** Until a class defines its field, what the classes that it extends have of the same name is seen; a private one is not there at all. */
  private refuseHidden(name: string, node: ts.Node): void {
    if (this.there.has(name)) return;
    const isSeen = this.chain.some((c) => hasOther(this.cx, c, name));
    if (!isSeen && !name.startsWith('#')) return;
    const of = this.exact.name?.text ?? 'the class';
    this.cx.refuse(
      'AD2013',
      node,
      isSeen
        ? `\`${name}\` is used here while an instance of \`${of}\` is made, before the field of this name is there: a method or accessor of a base class is meant`
        : `\`${name}\` is used here while an instance of \`${of}\` is made, before it is there`,
      isSeen ? 'make a method or accessor of the field too' : 'use it when the constructors have run',
    );
  }
  private askKeys(node: ts.Node, only?: string): void {
    const absent = [...this.fields].filter((f) => !f.startsWith('#') && !this.there.has(f));
    const [first] = only === undefined ? absent : absent.filter((f) => f === only);
    if (first !== undefined)
      this.cx.refuse(
        'AD2013',
        node,
        `the keys of an instance of \`${this.exact.name?.text ?? 'a class'}\` are asked for here while it is made: \`${first}\` is not among them yet`,
        'ask for them when the constructors have run',
      );
  }
}

const common = (a: ReadonlySet<string>, b: ReadonlySet<string>): Set<string> =>
  new Set([...a].filter((x) => b.has(x)));
const textOf = (typescript: typeof ts, e: ts.Expression | undefined): string | undefined =>
  e && typescript.isStringLiteralLike(e) ? e.text : undefined;
