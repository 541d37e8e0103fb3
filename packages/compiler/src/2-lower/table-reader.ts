/** **Question**: what does the source say of an object of a module: which functions it holds, and whether anything changes it? */
import { holdsFunctions, type InstancePlan, type PlannedField, planInstance } from '../host/constructed.js';
import { knownByName, knownFunction } from '../host/known-functions.js';
import { changeOfList, madeConstant } from '../host/list-writes.js';
import { isMemberAssigned, memberWrite } from '../host/member-writes.js';
import { thisIn } from '../host/receivers.js';
import { type Registration, registrationsOf } from '../host/registrations.js';
import {
  constantInitializer,
  type FunctionNode,
  skipWrappers,
  symbolOf,
  typeOfLiteral,
  withoutFreeze,
} from '../host/scopes.js';
import { settledName } from '../host/settled-types.js';
import type { Host, ts } from '../host/ts.js';
import { outsideType, UnsupportedType } from '../host/types.js';
import { isWrittenThrough } from '../host/writes.js';
import { FactoryReader, isPlainLiteral } from './factories.js';
import type { LowerState } from './state.js';
import { type Table, tableOf } from './tables.js';

/** Reads the source of a table; gives up where something is not known for certain. */
export class TableReader {
  private readonly data = new Map<ts.Expression, string>();
  private readonly instances = new Map<ts.Expression, readonly [InstancePlan, string]>();
  private functions = 0;
  private readonly registered: readonly Registration[];
  /** The first place that may change what was read. */
  changed: ts.Node | undefined;

  constructor(
    readonly state: LowerState,
    readonly host: Host,
    readonly symbol: ts.Symbol,
  ) {
    this.registered = registrationsOf(host, symbol);
  }

  read(initializer: ts.Expression): Table | undefined {
    const init = withoutFreeze(this.host, initializer);
    const { registered, host, data, instances } = this;
    const added = registered.flatMap((r) => r.values);
    const fine =
      this.isContainer(init) &&
      added.every((f) => this.isFunction(withoutFreeze(host, f))) &&
      (added.length > 0 ? this.made(init, '') : this.part(init, '')) &&
      this.functions > 0;
    return fine ? { init, registered, host, data, instances } : undefined;
  }

  private isContainer(e: ts.Expression): boolean {
    const { ts } = this.host;
    const isLiteral = ts.isObjectLiteralExpression(e) || ts.isArrayLiteralExpression(e);
    return isLiteral || ts.isNewExpression(e) || ts.isCallExpression(e);
  }

  /** Whether a part is known; `path` is the way to it, or nothing inside of a map. */
  private part(x: ts.Expression, path: string | undefined): boolean {
    const { ts } = this.host;
    const e = withoutFreeze(this.host, x);
    if (this.isFunction(e)) return true;
    if (this.isClass(e)) return this.count(true);
    if (ts.isIdentifier(e)) return this.name(e, path);
    if (!this.holdsFunctions(e)) return this.staysWithout(e) && this.datum(e, path);
    if (this.made(e, path)) return true;
    // instances whose functions are not known are data
    return !this.holdsFunctions(e, false) && this.datum(e, path);
  }
  /** What is made anew, with the functions in it. */
  private made(e: ts.Expression, path: string | undefined): boolean {
    const { ts } = this.host;
    if (ts.isObjectLiteralExpression(e)) return this.object(e, path);
    if (ts.isArrayLiteralExpression(e))
      return this.list(e) && e.elements.every((y, k) => this.part(y, under(path, `[${k}]`)));
    if (ts.isNewExpression(e))
      return e.expression.getText() === 'Map' ? this.map(e, path) : this.instance(e, path);
    if (ts.isPropertyAccessExpression(e)) return this.isOtherTable(e);
    return ts.isCallExpression(e) && this.factory(e);
  }

  private isChanged(at: ts.Node | undefined): boolean {
    this.changed ??= at;
    return at !== undefined;
  }
  private isFunction(e: ts.Expression): boolean {
    const f = knownFunction(this.host, e);
    return f !== undefined && this.count(f === 'known' || this.isFree(f));
  }
  private isClass(e: ts.Expression): boolean {
    const d = this.host.ts.isIdentifier(e) ? symbolOf(this.host, e)?.valueDeclaration : undefined;
    return d !== undefined && this.host.ts.isClassDeclaration(d) && this.host.ts.isSourceFile(d.parent);
  }
  private count(yes: boolean): boolean {
    if (yes) this.functions++;
    return yes;
  }
  /** Whether all that a function needs is at hand wherever it is called. */
  private isFree(f: FunctionNode): boolean {
    if (f.asteriskToken) return false;
    if (this.state.scopesOf(f).captured(f).size > 0) return false;
    return !this.host.ts.isArrowFunction(f) || thisIn(this.host, f) === undefined;
  }

  /** Another constant: data, or a table of its own. */
  private name(e: ts.Identifier, path: string | undefined): boolean {
    const s = symbolOf(this.host, e);
    if (e.text === 'undefined' || e.text === 'NaN' || e.text === 'Infinity') return true;
    if (!s) return false;
    if (!this.holdsFunctions(e)) return this.datum(e, path);
    if (this.count(tableOf(this.state, s) !== undefined)) return true;
    return !this.holdsFunctions(this.constantInstance(s) ?? e, false) && this.datum(e, path);
  }
  /** `new Circle(2)` of a variable that is declared as an interface, whose methods are functions of literals only. */
  private constantInstance(s: ts.Symbol): ts.Expression | undefined {
    const { ts } = this.host;
    const init = constantInitializer(ts, s.valueDeclaration);
    return init && ts.isNewExpression(init) ? init : undefined;
  }

  private datum(e: ts.Expression, path: string | undefined): boolean {
    if (path === undefined) return false;
    this.data.set(e, path);
    return true;
  }

  private object(e: ts.ObjectLiteralExpression, path: string | undefined): boolean {
    const type = typeOfLiteral(this.host, e);
    if (type.getStringIndexType() && !this.list(e)) return false;
    const names = [
      ...type.getProperties().map((p) => p.name),
      ...e.properties.map((p) => p.name?.getText() ?? ''),
    ];
    const isRoot = path === '' && this.registered.length > 0;
    if (
      isRoot ? !this.isOnlyRegistered() : names.some((n) => this.isChanged(memberWrite(this.host, type, n)))
    )
      return false;
    return e.properties.every((p) => this.member(p, path));
  }
  private member(p: ts.ObjectLiteralElementLike, path: string | undefined): boolean {
    const { ts } = this.host;
    if (ts.isSpreadAssignment(p)) return this.isOtherTable(p.expression) && this.isCopied(p.expression);
    if (ts.isAccessor(p)) return false;
    const { name } = p;
    if (ts.isComputedPropertyName(name) && settledName(this.host, name.expression) === undefined)
      return false;
    if (ts.isShorthandPropertyAssignment(p)) return this.shorthand(p, under(path, `.${p.name.text}`));
    if (ts.isMethodDeclaration(p)) return this.count(this.isFree(p));
    const key = ts.isIdentifier(name)
      ? `.${name.text}`
      : ts.isComputedPropertyName(name)
        ? undefined
        : `[${name.getText()}]`;
    return this.part(p.initializer, key === undefined ? undefined : under(path, key));
  }
  /** `{ sin }`: the lowering reads the name itself. */
  private shorthand(p: ts.ShorthandPropertyAssignment, path: string | undefined): boolean {
    const s = this.host.checker.getShorthandAssignmentValueSymbol(p);
    const f = s && knownByName(this.host, s);
    if (f) return this.count(f === 'known' || this.isFree(f));
    if (!this.holdsFunctions(p.name)) return this.datum(p.name, path);
    return s !== undefined && this.count(tableOf(this.state, s) !== undefined);
  }
  /** A table of its own, by its name, or a part of one: `operations`, `operations.add`. */
  private isOtherTable(x: ts.Expression): boolean {
    const e = skipWrappers(this.host.ts, x);
    if (this.host.ts.isPropertyAccessExpression(e)) return this.isOtherTable(e.expression);
    const s = this.host.ts.isIdentifier(e) ? symbolOf(this.host, e) : undefined;
    return s !== undefined && this.count(tableOf(this.state, s) !== undefined);
  }

  /** Whether a table has what it had when it was spread: its parts are read from it. */
  private isCopied(e: ts.Expression): boolean {
    const type = this.host.checker.getTypeAtLocation(e);
    return type.getProperties().every((p) => !isMemberAssigned(this.host, type, p.name, true));
  }

  /** Whether the members of a list, map or dictionary stay the same. */
  private list(e: ts.Expression): boolean {
    const isRoot = madeConstant(this.host, e) === this.symbol;
    if (isRoot && this.registered.length > 0) return this.isOnlyRegistered();
    return !this.isChanged(changeOfList(this.host, e));
  }

  /** Whether nothing but the registrations changes the table, or gives it another name. */
  private isOnlyRegistered(): boolean {
    return !isWrittenThrough(this.host, this.symbol, new Set(this.registered.map((r) => r.table)));
  }

  /** `new Layer(2, Math.tanh)` */
  private instance(e: ts.NewExpression, path: string | undefined): boolean {
    const { host } = this;
    const plan = path === undefined ? undefined : planInstance(host, e);
    if (!plan || path === undefined) return false;
    const isKnown = ({ key, type, made }: PlannedField): boolean => {
      if (!made) return !(outsideType(host, type, e) instanceof UnsupportedType);
      const f = skipWrappers(host.ts, made);
      // an initialiser has the instance for its `this`
      if (host.ts.isArrowFunction(f)) return this.count(this.state.scopesOf(f).captured(f).size === 0);
      return this.part(made, `${path}[${JSON.stringify(key)}]`);
    };
    const before = this.functions;
    const fine = plan.fields.every(isKnown);
    if (fine) this.instances.set(e, [plan, path]);
    else this.functions = before;
    return this.count(fine);
  }

  /** `new Map([[key, part], ...])` */
  private map(e: ts.NewExpression, path: string | undefined): boolean {
    const { ts } = this.host;
    const [first, more] = e.arguments ?? [];
    if (!first && this.registered.length > 0) return e.expression.getText() === 'Map' && this.list(e);
    if (e.expression.getText() !== 'Map' || !first || more || !ts.isArrayLiteralExpression(first))
      return false;
    if (!this.list(e)) return false;
    return first.elements.every(
      (pair) =>
        ts.isArrayLiteralExpression(pair) &&
        pair.elements.length === 2 &&
        isPlainLiteral(ts, pair.elements[0]) &&
        this.part(pair.elements[1], under(path, `.get(${pair.elements[0].getText()})!`)),
    );
  }

  /** A call of a function that does nothing but make such a part from what it is given. */
  private factory(e: ts.CallExpression): boolean {
    const reader = new FactoryReader(this.state, this.host);
    return this.count(reader.isFactory(e.expression) && e.arguments.every((a) => this.given(reader, a)));
  }
  private given(reader: FactoryReader, a: ts.Expression): boolean {
    const { ts } = this.host;
    const e = withoutFreeze(this.host, a);
    if (reader.isPrimitive(e) || this.isFunction(e)) return true;
    if (ts.isCallExpression(e)) return this.factory(e);
    if (ts.isArrayLiteralExpression(e)) return e.elements.every((x) => this.given(reader, x));
    if (!ts.isObjectLiteralExpression(e)) return this.isOtherTable(e);
    const type = typeOfLiteral(this.host, e);
    if (type.getProperties().some((p) => isMemberAssigned(this.host, type, p.name, true))) return false;
    return e.properties.every(
      (p) =>
        ts.isPropertyAssignment(p) && !ts.isComputedPropertyName(p.name) && this.given(reader, p.initializer),
    );
  }

  /**
   * Whether functions are among the parts of a value, by its type; `inFields`: also in fields of instances. A list of instances and
   * of literals that fit their class is one of instances by its type.
   */
  private holdsFunctions(e: ts.Expression, inFields = true): boolean {
    const { ts, checker } = this.host;
    if (holdsFunctions(this.host, checker.getTypeAtLocation(e), inFields)) return true;
    return ts.isArrayLiteralExpression(e) && e.elements.some((x) => this.holdsFunctions(x, inFields));
  }
  /** Whether what is made without functions gets none later, where its declared type lets it: `hooks: Hook[] = []`. */
  private staysWithout(x: ts.Expression): boolean {
    const { ts, checker } = this.host;
    const e = withoutFreeze(this.host, x);
    const type = typeOfLiteral(this.host, e);
    const isMade = ts.isObjectLiteralExpression(e) || ts.isArrayLiteralExpression(e) || ts.isNewExpression(e);
    if (!isMade || !holdsFunctions(this.host, type)) return true;
    if (ts.isArrayLiteralExpression(e)) return this.list(e) && e.elements.every((y) => this.staysWithout(y));
    if (type.getStringIndexType()) return this.list(e);
    const mayHold = (p: ts.Symbol): boolean => holdsFunctions(this.host, checker.getTypeOfSymbol(p));
    const open = type.getProperties().filter(mayHold);
    if (open.some((p) => this.isChanged(memberWrite(this.host, type, p.name)))) return false;
    const parts = ts.isObjectLiteralExpression(e) ? e.properties : [];
    return parts.every((p) => !ts.isPropertyAssignment(p) || this.staysWithout(p.initializer));
  }
}

const under = (path: string | undefined, key: string): string | undefined =>
  path === undefined ? undefined : path + key;
