/**
 * **Question**: what does code that runs while an object is made do with it? **Method**: a walk in the order in which the code runs, into
 * what has the object as its `this` or is given it, and, where others may have it, into all that they run.
 */
import { askedKeys, calleesOf, handedFunctions, keepsOnly, placesThatAsk } from '../host/callees.js';
import { isFunctionNode, skipWrappers } from '../host/scopes.js';
import type { ts } from '../host/ts.js';
import { baseOf } from './class-declarations.js';
import { isAssignment } from './factories.js';
import { constructorOf, isField, UnfinishedObject } from './unfinished-object.js';

export abstract class ConstructionWalk extends UnfinishedObject {
  private readonly open = new Set<ts.Node>();
  /** Whether nobody looks at what the function gives that is followed. */
  private isDropped = false;
  /** Code of others that was followed already, and what held then. */
  private readonly followed = new Set<string>();
  /** Functions that fields hold: they run where the fields are read. */
  private readonly held = new Map<string, ts.Expression>();

  /** What runs behind `super(...)` in the constructor of a class. */
  protected abstract afterSuper(c: ts.ClassLikeDeclaration): void;

  /** The value of a field: a function runs later. */
  protected value(name: string, e: ts.Expression): void {
    if (isFunctionNode(this.cx.ts, skipWrappers(this.cx.ts, e))) this.held.set(name, e);
    else this.walk(e);
  }
  /** Runs a function that has the object as its `this`, unless that is under way. */
  private follow(f: ts.Node | undefined, given: readonly boolean[] = [], isDropped = false): void {
    if (!f || this.open.has(f)) return;
    this.open.add(f);
    const before = this.isDropped;
    this.isDropped = isDropped;
    const of = f as ts.FunctionLikeDeclaration;
    this.takeArguments(of, given);
    for (const p of of.parameters) if (p.initializer) this.walk(p.initializer);
    this.body(of);
    this.isDropped = before;
    this.open.delete(f);
  }
  protected body({ body }: { readonly body?: ts.Node | undefined }): void {
    this.flow.body(() => body && this.walk(body));
  }
  /** The parameters that are given the object are names of it. */
  private takeArguments(f: ts.FunctionLikeDeclaration, given: readonly boolean[]): void {
    const { ts } = this.cx;
    const parameters = f.parameters.filter((p) => p.name.getText() !== 'this');
    given.forEach((isIt, k) => {
      if (!isIt) return;
      const p = parameters[k];
      if (p && ts.isParameterPropertyDeclaration(p, f)) this.names.isKept = true;
      if (p && !p.dotDotDotToken) this.bind(p);
      else this.names.isKept = true;
    });
  }
  /** A variable or parameter stands for the object, or takes it apart. */
  private bind(p: ts.ParameterDeclaration | ts.VariableDeclaration): void {
    const { ts } = this.cx;
    if (this.names.bind(p)) return;
    if (ts.isObjectBindingPattern(p.name)) this.takeApart(p.name);
    else this.names.isKept = true;
  }

  /** A call that may see the object: it is given it, or it is kept where others find it. */
  private handOn(n: ts.CallExpression | ts.NewExpression): void {
    const host = this.cx.state.hostOf(n);
    const given = this.givenOf(n);
    const isGiven = given.includes(true);
    const { functions, isSure, made, isOutside } = calleesOf(host, n);
    if (isOutside && isGiven) {
      this.names.isKept = true;
      if (!keepsOnly(host, n)) this.others(n, () => this.readAll(n));
    }
    this.others(n, () => {
      if (made) this.makeOther(made, given);
      for (const f of functions)
        if (isSure) this.followOther(f, given, true);
        else this.flow.aside(() => this.followOther(f, given));
      for (const f of handedFunctions(host, n)) this.flow.aside(() => this.followOther(f, []));
      // it is under way, and what it has done already is not looked at again
      if (functions.some((f) => this.open.has(f) && !this.isGivenAlready(f, given))) this.callUnknown(n);
    });
  }
  /** Whether the parameters that are given the object are names of it. */
  private isGivenAlready(f: ts.Node, given: readonly boolean[]): boolean {
    const { parameters } = f as ts.FunctionLikeDeclaration;
    return given.every((isIt, k) => !isIt || (parameters[k] && this.names.isThis(parameters[k].name)));
  }
  /** Which arguments of a call are the object. */
  private givenOf(n: ts.CallExpression | ts.NewExpression): readonly boolean[] {
    return (n.arguments ?? []).map((a) => this.names.isThis(a));
  }
  private followOther(f: ts.Node, given: readonly boolean[], isSure = false): void {
    const { given: values, there } = this.flow;
    const state = [[...values].join(), [...there].join(), given.join(), this.names.isKept];
    const key = `${f.getSourceFile().fileName}:${f.pos} ${state.join(' ')}`;
    if (!isSure && this.followed.has(key)) return;
    this.followed.add(key);
    this.follow(f, given);
  }
  /** Another object is made, which may be of the same class. */
  private makeOther(c: ts.ClassLikeDeclaration, given: readonly boolean[]): void {
    if (this.open.has(c)) return;
    this.open.add(c);
    for (const m of c.members) if (isField(this.cx, m) && m.initializer) this.walk(m.initializer);
    const own = constructorOf(this.cx, c);
    const base = baseOf(this.cx, c);
    if (own) this.followOther(own, given, true);
    else if (base) this.makeOther(base, given);
    this.open.delete(c);
  }
  /** A function that is not known may read all fields, and ask for the keys or freeze things wherever the program does. */
  private callUnknown(n: ts.Node): void {
    this.readAllFields();
    this.names.isKept = true;
    for (const place of placesThatAsk(this.cx.state.hostOf(n))) this.asked(place);
  }

  protected walk(n: ts.Node): void {
    const { ts } = this.cx;
    if (ts.isTypeNode(n) || ts.isClassLike(n)) return;
    if (ts.isArrowFunction(n)) this.flow.aside(() => this.body(n));
    else if (ts.isFunctionLike(n)) this.withoutThis(n);
    else if (ts.isIfStatement(n) || ts.isConditionalExpression(n)) this.choice(n);
    else if (this.isUnsure(n)) {
      this.asked(n);
      this.flow.aside(() => ts.forEachChild(n, (x) => this.walk(x)), ts.isIterationStatement(n, false));
    } else if (ts.isReturnStatement(n) || ts.isThrowStatement(n)) {
      if (n.expression && !(this.isDropped && this.names.isThis(n.expression))) this.walk(n.expression);
      this.flow.leave(ts.isReturnStatement(n));
    } else if (ts.isCallExpression(n) || ts.isNewExpression(n)) {
      this.call(n);
      if (this.isFrozen) this.freezing.add(n);
    } else if (ts.isBinaryExpression(n)) this.binary(n);
    else if (ts.isPrefixUnaryExpression(n) || ts.isPostfixUnaryExpression(n)) {
      this.walk(n.operand);
      if (n.operator === ts.SyntaxKind.PlusPlusToken || n.operator === ts.SyntaxKind.MinusMinusToken)
        this.assign(n.operand);
    } else this.rest(n);
  }
  /** A function with a `this` of its own: where it is called is not known. */
  private withoutThis(n: ts.SignatureDeclaration): void {
    if (this.names.hasNames || this.names.isKept)
      this.flow.aside(() => this.others(n, () => this.body(n as ts.FunctionLikeDeclaration)));
  }
  private rest(n: ts.Node): void {
    const { ts } = this.cx;
    const name = this.names.nameOf(n);
    if (name !== undefined) this.readOwn(n as ts.PropertyAccessExpression, name);
    else if (ts.isPropertyAccessExpression(n) && n.expression.kind === ts.SyntaxKind.SuperKeyword)
      this.follow(this.inBase(n, n.name.text, 'get'));
    else if (ts.isVariableDeclaration(n) && n.initializer && this.names.mayBeThis(n.initializer)) {
      this.asked(n);
      if (this.names.isThis(n.initializer)) this.bind(n);
      else {
        this.walk(n.initializer);
        if (ts.isObjectBindingPattern(n.name)) this.takeApart(n.name);
      }
    } else if (ts.isExpression(n) && this.names.isThis(n)) this.names.isKept ||= !this.isOnlyRead(n.parent);
    else {
      this.asked(n);
      ts.forEachChild(n, (x) => this.walk(x));
    }
  }
  /** Whether what stands in such a place is kept by nobody. */
  private isOnlyRead(n: ts.Node): boolean {
    const { ts } = this.cx;
    return (
      ts.isSpreadAssignment(n) ||
      ts.isForInStatement(n) ||
      ts.isTypeOfExpression(n) ||
      ts.isExpressionStatement(n)
    );
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
    this.flow.choice(
      () => this.walk(then),
      () => other && this.walk(other),
    );
  }
  private binary(n: ts.BinaryExpression): void {
    const { ts } = this.cx;
    const K = ts.SyntaxKind;
    const { kind } = n.operatorToken;
    if (kind === K.EqualsToken) {
      const name = this.names.nameOf(n.left);
      if (name === undefined || !this.names.isOwn(n.left)) this.walk(n.right);
      else this.value(name, n.right);
      this.assign(n.left);
      return;
    }
    const isShort = [
      K.AmpersandAmpersandToken,
      K.BarBarToken,
      K.QuestionQuestionToken,
      K.AmpersandAmpersandEqualsToken,
      K.BarBarEqualsToken,
      K.QuestionQuestionEqualsToken,
    ].includes(kind);
    // `this === o` keeps nothing
    if (isShort || !this.names.isThis(n.left)) this.walk(n.left);
    if (isShort) this.flow.aside(() => this.walk(n.right));
    else if (!this.names.isThis(n.right)) this.walk(n.right);
    if (isAssignment(ts, n)) this.assign(n.left);
    else this.asked(n);
  }
  private call(n: ts.CallExpression | ts.NewExpression): void {
    const { ts } = this.cx;
    const { expression: callee } = n;
    const given = this.givenOf(n);
    const walkArguments = () => {
      n.arguments?.forEach((a, k) => void (given[k] || this.walk(a)));
    };
    if (callee.kind === ts.SyntaxKind.SuperKeyword) {
      walkArguments();
      let c: ts.Node = n;
      while (!ts.isClassLike(c)) c = c.parent;
      const base = baseOf(this.cx, c);
      if (this.names.isOwnCode) this.afterSuper(c);
      else if (base) this.makeOther(base, this.givenOf(n));
      return;
    }
    const isSuper =
      ts.isPropertyAccessExpression(callee) && callee.expression.kind === ts.SyntaxKind.SuperKeyword;
    const isMember = ts.isPropertyAccessExpression(callee) && !isSuper;
    if (isMember && !this.names.isOwn(callee)) this.walk(callee.expression);
    const name = this.names.nameOf(callee);
    if (name === undefined && !isSuper && !isMember) this.walk(callee);
    walkArguments();
    this.asked(n);
    if (isSuper) this.follow(this.inBase(callee, callee.name.text, 'method'), given);
    const isField = name !== undefined && this.fields.has(name);
    if (name !== undefined && !isField)
      this.runOwn(callee, this.member(name, 'method'), given, ts.isExpressionStatement(n.parent));
    if (name !== undefined) this.readOwn(callee as ts.PropertyAccessExpression, name, true);
    const isAsking = askedKeys(this.cx.state.hostOf(n), n).length > 0;
    const isSeen = this.names.isKept || this.names.hasNames || given.includes(true);
    if (isSeen && !isAsking && !isSuper && (name === undefined || isField)) this.handOn(n);
  }

  private takeApart(pattern: ts.ObjectBindingPattern): void {
    for (const x of pattern.elements) {
      if (!x.dotDotDotToken) this.read((x.propertyName ?? x.name).getText(), x);
      if (x.initializer) this.walk(x.initializer);
    }
  }
  /** Runs a member of the object: of what only may be it, perhaps. */
  private runOwn(
    access: ts.Node,
    f: ts.Node | undefined,
    given: readonly boolean[] = [],
    isDropped = false,
  ): void {
    const run = () => {
      const before = this.names.isOwnCode;
      this.names.isOwnCode = true;
      this.follow(f, given, isDropped);
      this.names.isOwnCode = before;
    };
    if (this.names.isOwn(access)) run();
    else this.flow.aside(run);
  }

  private readOwn(n: ts.PropertyAccessExpression, name: string, isCall = false): void {
    if (!this.names.isOwn(n) && !isCall) this.walk(n.expression);
    this.read(name, n, isCall);
  }
  private read(name: string, node: ts.Node, isCall = false): void {
    if (!this.fields.has(name)) {
      if (!isCall) this.runOwn(node, this.member(name, 'get'));
      return;
    }
    this.readField(name, node);
    const f = this.held.get(name);
    if (f) this.flow.aside(() => this.runOwn(node, skipWrappers(this.cx.ts, f)));
  }
  /** Assigns what is on the left of an assignment, also the parts of a pattern. */
  private assign(n: ts.Node): void {
    const { ts } = this.cx;
    const name = this.names.nameOf(n);
    if (name === undefined) {
      if (ts.isArrayLiteralExpression(n) || ts.isObjectLiteralExpression(n) || !ts.isExpression(n))
        ts.forEachChild(n, (x) => this.assign(x));
      else if (!ts.isIdentifier(n)) this.walk(n);
      return;
    }
    const setter = this.fields.has(name) ? undefined : this.member(name, 'set');
    if (this.fields.has(name)) this.refuseHidden(name, n);
    if (setter) this.runOwn(n, setter);
    else if (this.names.isOwn(n)) this.flow.give(name);
    else this.flow.aside(() => this.flow.define(name));
  }
}
