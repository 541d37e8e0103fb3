/**
 * **Question**: does code only read an object, and what is in it? **Method**: what a use does with it is known to read, or it counts as
 * a change: members that are not assigned, methods of lists and maps that change nothing, functions of the package whose parameters
 * (and `this`) are only read themselves. **Gives up when** the object goes where its uses cannot be named: a result, a member of
 * something else, an unknown function.
 */
import {
  around,
  elementOf,
  functionsOf,
  type Held,
  isCollection,
  memberOf,
  PRIMITIVE,
  TYPED_ARRAY,
} from './held.js';
import { boundFunction, type FunctionNode, skipWrappers, symbolOf } from './scopes.js';
import type { Host, ts } from './ts.js';
import { walkNodes } from './walk.js';
import { isTarget } from './writes.js';

/** Where a variable is named. */
export type Uses = readonly (ts.Identifier | ts.StringLiteralLike)[];

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));
/** Methods of lists and maps that give numbers and texts. */
const TELLING = words('has hasOwnProperty includes indexOf join keys lastIndexOf toLocaleString toString');
/** Methods that give an element. */
const PICKING = words('at find findLast get reduce reduceRight');
/** Methods that give a list of some elements; of numbers it is a list of its own. */
const COPYING = words('concat filter flat slice toReversed toSorted');
/** Methods that give the object, or a part of it, in another form. */
const VIEWING = words('subarray values');
/** Methods that call a function with each element. */
const CALLING = words(
  'every filter find findIndex findLast findLastIndex flatMap forEach map reduce reduceRight some toSorted',
);
/** Functions that give nothing of what they are given. */
const TELLING_FUNCTIONS = words(
  'Array.isArray Boolean JSON.stringify Number Object.getOwnPropertyNames Object.hasOwn Object.keys String isNaN isFinite structuredClone Object.prototype.hasOwnProperty.call',
);
/** Functions that give a list, or the object itself, of what they are given. */
const LISTING_FUNCTIONS = words('Array.from Object.freeze Object.values');
/** No initialiser is so deep: an object is put into itself again and again. */
const DEEPEST = 20;

export class OnlyRead {
  private readonly asked = new Map<ts.Symbol, number>();
  private readonly methods = new Set<FunctionNode>();

  constructor(
    private readonly host: Host,
    private readonly usesOf: (symbol: ts.Symbol) => Uses,
  ) {}

  /** Whether all uses of a variable only read what it holds. */
  variable(symbol: ts.Symbol, held: Held): boolean {
    if (held.depth <= 0 || (this.asked.get(symbol) ?? 0) >= held.depth) return true;
    this.asked.set(symbol, held.depth);
    return this.conversions(held) && this.usesOf(symbol).every((n) => this.use(n, held));
  }
  /** Whether the methods only read it that are called without being named, where it becomes a text or number. */
  private conversions(held: Held): boolean {
    return ['toString', 'valueOf', 'toJSON'].every((name) =>
      (functionsOf(this.host, held, name) ?? []).every((f) => this.receiver(f, held)),
    );
  }

  private use(n: Uses[number], held: Held): boolean {
    const { ts } = this.host;
    const p = n.parent;
    // `all.table` and `all['table']` of a module
    if (ts.isPropertyAccessExpression(p) && p.name === n) return this.value(p, held);
    if (ts.isElementAccessExpression(p) && p.argumentExpression === n) return this.value(p, held);
    if (ts.isBindingElement(p) && p.propertyName === n) return this.binding(p.name, held);
    return this.value(n, held);
  }

  /** Whether an expression whose value is the object is part of code that only reads it. */
  private value(e: ts.Expression, held: Held): boolean {
    const { ts } = this.host;
    const p = e.parent;
    if (isTarget(ts, e) || (held.depth > DEEPEST && Number.isFinite(held.depth))) return false;
    if (held.depth <= 0) return true;
    if (ts.isExpression(p) && skipWrappers(ts, p) !== p) return this.value(p, held);
    if ((ts.isPropertyAccessExpression(p) || ts.isElementAccessExpression(p)) && p.expression === e)
      return this.member(p, held);
    if (ts.isCallExpression(p)) return p.expression === e || this.argument(p, e, held);
    if (ts.isNewExpression(p)) return p.expression !== e && this.isCopied(p, held);
    if (ts.isVariableDeclaration(p) || ts.isParameter(p) || ts.isBindingElement(p))
      return p.initializer === e && this.binding(p.name, held);
    if (ts.isForOfStatement(p)) return this.loop(p, held);
    return this.part(e, held) ?? (isQuestion(ts, p, e) || this.operand(p, e, held));
  }
  /** `[e]`, `{ a: e }`, `...e`: whether what they make is only read, too. */
  private part(e: ts.Expression, held: Held): boolean | undefined {
    const { ts } = this.host;
    const p = e.parent;
    if (ts.isArrayLiteralExpression(p)) return this.value(p, around(held));
    if (ts.isPropertyAssignment(p) || ts.isShorthandPropertyAssignment(p))
      return this.value(p.parent, around(held));
    if (!ts.isSpreadElement(p) && !ts.isSpreadAssignment(p)) return undefined;
    const of = p.parent;
    const isLiteral = ts.isArrayLiteralExpression(of) || ts.isObjectLiteralExpression(of);
    return held.depth === 1 || (isLiteral && this.value(of, { ...held, made: [] }));
  }
  /** `a || b`, `c ? a : b`, `(a, b)`, `exports.a = a` hand the object on; other operators give numbers and texts. */
  private operand(p: ts.Node, e: ts.Expression, held: Held): boolean {
    const { ts } = this.host;
    if (ts.isConditionalExpression(p)) return p.condition === e || this.value(p, held);
    if (!ts.isBinaryExpression(p)) return false;
    const K = ts.SyntaxKind;
    const { kind } = p.operatorToken;
    if (kind >= K.FirstAssignment && kind <= K.LastAssignment) return isExport(ts, p);
    const handsOn = [K.BarBarToken, K.AmpersandAmpersandToken, K.QuestionQuestionToken, K.CommaToken];
    return !handsOn.includes(kind) || this.value(p, held);
  }

  private member(p: ts.PropertyAccessExpression | ts.ElementAccessExpression, held: Held): boolean {
    const { ts } = this.host;
    const name = ts.isPropertyAccessExpression(p) ? p.name.text : literalKey(ts, p.argumentExpression);
    const call = p.parent;
    if (ts.isCallExpression(call) && call.expression === p) return this.method(call, name, held);
    const accessors = functionsOf(this.host, held, name)?.filter((f) => ts.isAccessor(f)) ?? [];
    return accessors.every((f) => this.receiver(f, held)) && this.value(p, memberOf(this.host, held, name));
  }
  /** A call of a method: of the object's own, or of what lists and maps have. */
  private method(call: ts.CallExpression, name: string | undefined, held: Held): boolean {
    const { host } = this;
    const own = functionsOf(host, held, name);
    if (own) return own.every((f) => this.receiver(f, held));
    if (name === undefined) return isCollection(host, held) && this.value(call, elementOf(host, held));
    const isFunction = held.made.length > 0 && held.made.every((e) => isFunctionExpression(host.ts, e));
    if (isFunction) return /^(apply|bind|call)$/.test(name);
    if (!isCollection(host, held)) return name === 'hasOwnProperty';
    if (TELLING.has(name)) return true;
    if (CALLING.has(name) && !this.isCalledWithElements(call, name, held)) return false;
    if (PICKING.has(name)) {
      const isStarted = name.startsWith('reduce') && call.arguments.length > 1;
      return isStarted || this.value(call, elementOf(host, held));
    }
    if (COPYING.has(name)) return held.depth === 1 || this.value(call, { ...held, made: [] });
    if (VIEWING.has(name)) return this.value(call, held);
    if (name === 'entries') return this.value(call, around(held));
    return CALLING.has(name);
  }
  /** Whether what a method calls for each element only reads it, and the list. */
  private isCalledWithElements(call: ts.CallExpression, name: string, held: Held): boolean {
    const [f] = call.arguments;
    if (!f) return true;
    const element = elementOf(this.host, held);
    if (name === 'toSorted') return this.callback(f, [element, element]);
    if (!name.startsWith('reduce')) return this.callback(f, [element, PRIMITIVE, held]);
    const start = call.arguments.length > 1 ? PRIMITIVE : element;
    return this.callback(f, [start, element, PRIMITIVE, held]);
  }
  private callback(x: ts.Expression, given: readonly Held[]): boolean {
    const { ts } = this.host;
    const e = skipWrappers(ts, x);
    if (/^(Math\.\w+|Number|String|Boolean|Array\.isArray|parseFloat)$/.test(e.getText())) return true;
    const s = ts.isIdentifier(e) ? symbolOf(this.host, e) : undefined;
    const f = isFunctionExpression(ts, e) ? e : s && boundFunction(this.host, s);
    return f !== undefined && this.parameters(f, given);
  }
  /** Whether a function only reads what its parameters are given. */
  private parameters(f: FunctionNode, given: readonly Held[]): boolean {
    if (namesArguments(this.host.ts, f)) return false;
    return given.every((held, k) => {
      const rest = f.parameters.findIndex((p) => p.dotDotDotToken);
      const p = rest >= 0 && rest <= k ? f.parameters[rest] : f.parameters[k];
      return held.depth <= 0 || !p || this.binding(p.name, p.dotDotDotToken ? around(held) : held);
    });
  }
  /** Whether a method only reads its `this`. */
  private receiver(f: FunctionNode, held: Held): boolean {
    const { ts } = this.host;
    if (this.methods.has(f)) return true;
    this.methods.add(f);
    const changes = (n: ts.Node): 'skip' | 'stop' | undefined => {
      const isOther =
        n !== f && (ts.isFunctionDeclaration(n) || ts.isFunctionExpression(n) || ts.isClassLike(n));
      if (isOther) return 'skip';
      if (n.kind === ts.SyntaxKind.SuperKeyword) return 'stop';
      return n.kind === ts.SyntaxKind.ThisKeyword && !this.value(n as ts.ThisExpression, held)
        ? 'stop'
        : undefined;
    };
    return !walkNodes(ts, f, changes);
  }

  /** The object is an argument of a call. */
  private argument(call: ts.CallExpression, e: ts.Expression, held: Held): boolean {
    const { ts } = this.host;
    const callee = skipWrappers(ts, call.expression);
    const name = callee.getText();
    if (TELLING_FUNCTIONS.has(name) || /^Math\.\w+$/.test(name)) return true;
    const k = call.arguments.indexOf(e);
    if (LISTING_FUNCTIONS.has(name) && k === 0) {
      const [, f] = call.arguments;
      if (name === 'Array.from' && f) return this.callback(f, [elementOf(this.host, held)]);
      const isSame = name === 'Object.freeze';
      return (held.depth === 1 && !isSame) || this.value(call, isSame ? held : { ...held, made: [] });
    }
    if (name === 'Object.entries') return held.depth === 1 || this.value(call, around(held));
    if (name.endsWith('.apply') || (name === 'Object.assign' && k > 0)) return k > 0 && held.depth === 1;
    const s = ts.isIdentifier(callee) ? symbolOf(this.host, callee) : undefined;
    const f = isFunctionExpression(ts, callee) ? callee : s && boundFunction(this.host, s);
    if (!f || call.arguments.slice(0, k).some(ts.isSpreadElement)) return false;
    return this.parameters(f, [...call.arguments.slice(0, k).map(() => PRIMITIVE), held]);
  }
  /** `new Float64Array(list)` */
  private isCopied(call: ts.NewExpression, { depth, made }: Held): boolean {
    const name = call.expression.getText();
    if (!(/^(Map|Set)$/.test(name) || TYPED_ARRAY.test(name)) || made.length === 0) return false;
    return depth === 1 || (name === 'Map' && depth === 2);
  }

  private loop(p: ts.ForOfStatement, held: Held): boolean {
    const { ts } = this.host;
    const [d] = ts.isVariableDeclarationList(p.initializer) ? p.initializer.declarations : [];
    return held.depth === 1 || (d !== undefined && this.binding(d.name, elementOf(this.host, held)));
  }
  /** A variable, or a pattern of variables, gets the object. */
  private binding(name: ts.BindingName, held: Held): boolean {
    const { ts } = this.host;
    if (held.depth <= 0) return true;
    if (ts.isIdentifier(name)) {
      const s = symbolOf(this.host, name);
      return s !== undefined && this.variable(s, held);
    }
    return name.elements.every((x) => {
      if (ts.isOmittedExpression(x)) return true;
      if (x.dotDotDotToken) return this.binding(x.name, { ...held, made: [] });
      const key = x.propertyName ?? x.name;
      const isNamed = ts.isObjectBindingPattern(name) && ts.isIdentifier(key);
      return this.binding(x.name, memberOf(this.host, held, isNamed ? key.text : undefined));
    });
  }
}

const isFunctionExpression = (
  ts: Host['ts'],
  e: ts.Expression,
): e is ts.ArrowFunction | ts.FunctionExpression => ts.isArrowFunction(e) || ts.isFunctionExpression(e);
const literalKey = (ts: Host['ts'], e: ts.Expression): string | undefined =>
  ts.isStringLiteralLike(e) ? e.text : undefined;

/** Code that asks whether there is an object, or names it for other modules. */
const isQuestion = (ts: Host['ts'], p: ts.Node, e: ts.Node): boolean =>
  ts.isExportSpecifier(p) ||
  ts.isImportSpecifier(p) ||
  ts.isForInStatement(p) ||
  ts.isTypeOfExpression(p) ||
  ts.isIfStatement(p) ||
  ts.isWhileStatement(p) ||
  ts.isPrefixUnaryExpression(p) ||
  ts.isExpressionStatement(p) ||
  (ts.isTemplateSpan(p) && !ts.isTaggedTemplateExpression(p.parent.parent)) ||
  (ts.isElementAccessExpression(p) && p.argumentExpression === e);

/** `module.exports = a`, `exports.a = a` */
const isExport = (ts: Host['ts'], { left }: ts.BinaryExpression): boolean =>
  ts.isPropertyAccessExpression(left) &&
  ((ts.isIdentifier(left.expression) && left.expression.text === 'exports') ||
    left.getText() === 'module.exports');

function namesArguments(ts: Host['ts'], f: FunctionNode): boolean {
  if (ts.isArrowFunction(f) || !f.body) return false;
  return walkNodes(ts, f.body, (n) => (ts.isIdentifier(n) && n.text === 'arguments' ? 'stop' : undefined));
}
