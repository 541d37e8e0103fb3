/**
 * The declarations that are copied and rewritten for the tape: functions, classes and constants of modules, found from the
 * differentiated functions by their references. Each is copied once per file with marker calls.
 */
import { Diagnostics } from '../diagnostics/diagnostic.js';
import { type FunctionNode, namesIn } from '../host/scopes.js';
import type { Host, ts } from '../host/ts.js';
import { classText, refuseStatics, type Statics } from './classes.js';
import { type Context, hostOf } from './context.js';
import { rewrite } from './expressions.js';
import { functionDeclaration } from './functions.js';
import { type FunctionPlace, twinText } from './outside.js';
import type { Scope } from './scope.js';

/** A variable of a module that copied code reads: how to read it, and to write it if the code does. */
export interface StateVariable {
  readonly read: string;
  /** The statement that gives it the value `value`. */
  write?: string;
}

/** A variable of the scope around the marker call; `text` is what it is where it is not a variable of its own name. */
export interface CapturedVariable {
  assigned: boolean;
  readonly text?: string;
}
/** One copied declaration. */
export interface Unit {
  readonly name: string;
  /** Other declarations that it refers to. */
  readonly uses: Set<Unit>;
  readonly state: Map<ts.Symbol | string, StateVariable>;
  text: string;
  /** Variables of enclosing functions, which the marker call passes along (units of a marker call only). */
  readonly captured: Map<ts.Symbol, CapturedVariable>;
}

export interface CopyRequest {
  readonly host: Host;
  readonly file: ts.SourceFile;
  /** Names in the file with the marker call. */
  readonly names: { fresh(wish: string): string; reserve(name: string): void };
  /** How that file reads and writes variables of modules; `undefined` if there is no way to one. */
  readonly reach: {
    readonly privateStatic: (owner: ts.Symbol, field: string, access: 'get' | 'set') => string | undefined;
    readonly text: (symbol: ts.Symbol) => string | undefined;
    readonly write: (symbol: ts.Symbol) => readonly [before: string, after: string] | undefined;
  };
  readonly isRuntime: (file: ts.SourceFile) => boolean;
  readonly dependencies: Set<string>;
}

/** Characters that no program text has. */
const OPEN = '\uE000';
const CLOSE = '\uE001';
const PLACEHOLDER = /\uE000(\d+)\uE001/g;

export class Copies {
  private readonly wishes: string[] = [];
  private readonly chosen: string[] = [];
  private readonly units = new Map<ts.Node, Unit>();
  private readonly order: Unit[] = [];
  private readonly pairs = new Map<string, string>();
  private readonly parts = new Map<string, Unit>();
  private readonly filesRead = new Set<ts.SourceFile>();
  private pending: (() => void)[] = [];
  /** Names of properties that copied code mentions: only methods that can be called must be rewritten. */
  readonly mentioned = new Set<string>();
  /** The marker call at hand, for diagnostics. */
  request: { file: string; start: number; length: number; message: string } = {
    file: '',
    start: 0,
    length: 0,
    message: '',
  };
  diagnostics: Diagnostics = new Diagnostics();
  /** The scope of the marker call at hand, if it is inside a function. */
  scope: Scope | undefined;
  private readonly unreported: { name: string; own: Diagnostics; to: Diagnostics }[] = [];

  constructor(readonly given: CopyRequest) {}

  /** The imported helpers. */
  readonly helper = this.fresh('tape');
  private readonly twinsName = this.fresh('tapeTwins');
  /** Parameters of small functions around a part of an expression, which may be nested: they never see each other. */
  readonly oldValue = this.fresh('old');
  readonly object = this.fresh('o');

  /**
   * A new name that no code that is copied uses. Which code that is turns out later: until `resolve` it is a placeholder.
   */
  fresh(wish: string): string {
    this.wishes.push(wish);
    return `${OPEN}${this.wishes.length - 1}${CLOSE}`;
  }
  /** Puts names in place of placeholders, when all is copied. */
  resolve(text: string): string {
    return text.replace(PLACEHOLDER, (_, k: string) => {
      const index = Number(k);
      return (this.chosen[index] ??= this.given.names.fresh(this.wishes[index]));
    });
  }

  /** The context in which a declaration is rewritten. */
  context(unit: Unit, node: ts.Node, roots: readonly ts.Node[]): Context {
    const host = hostOf(this.given.host, node);
    this.noteFile(node.getSourceFile(), host);
    return { host, ts: host.ts, copies: this, unit, diagnostics: this.diagnostics, roots };
  }
  private noteFile(file: ts.SourceFile, host: Host): void {
    if (this.filesRead.has(file)) return;
    this.filesRead.add(file);
    this.given.dependencies.add(file.fileName);
    for (const name of namesIn(host, file)) this.given.names.reserve(name);
  }

  newUnit(wish: string): Unit {
    return { name: this.fresh(wish), uses: new Set(), state: new Map(), text: '', captured: new Map() };
  }

  private unit(node: ts.Node, wish: string, fill: (unit: Unit) => string): Unit {
    const known = this.units.get(node);
    if (known) return known;
    const unit = this.newUnit(wish);
    this.units.set(node, unit);
    this.order.push(unit);
    this.pending.push(() => {
      unit.text = fill(unit);
    });
    return unit;
  }

  /** A function of a module. */
  functionUnit(node: FunctionNode, name: string): Unit {
    return this.unit(node, `${name}_tape`, (unit) =>
      functionDeclaration(this.context(unit, node, [node]), node, unit.name),
    );
  }

  /** A function that calls one which has no body here: it has a rule, or belongs to a package. */
  callingUnit(callee: ts.Expression, name: string): Unit {
    return this.unit(callee, `${name}_tape`, (unit) => {
      const cx = this.context(unit, callee, [callee]);
      const call = `${this.helper}.call(${rewrite(cx, callee)}, ...args)`;
      return `function ${unit.name}(...args: any[]): any {\n  return ${call};\n}`;
    });
  }

  /** A class of a module; the copy is made when it is first used, since the marker may be called before. */
  classUnit(node: ts.ClassLikeDeclaration, name: string, original: string | undefined): Unit {
    return this.unit(node, `${name}_tape`, (unit) => {
      const cx = this.context(unit, node, [node]);
      const owner = this.fresh(`${name}Original`);
      const statics: Statics = { shared: [], owner, hasPrivate: false };
      if (original === undefined) refuseStatics(cx, node);
      const text = classText(cx, node, original, statics);
      const { shared } = statics;
      for (const { read, write } of shared)
        unit.state.set(read, { read, write: write ? `${read} = value` : undefined });
      const cache = this.fresh(`${name}Class`);
      const made =
        shared.length === 0
          ? text
          : `${this.helper}.shareStatics(${text}, () => ${original}, [${shared.map((s) => JSON.stringify(s.name)).join(', ')}])`;
      const named = statics.hasPrivate ? `function ${owner}(): any {\n  return ${original};\n}\n` : '';
      return `${named}var ${cache}: any;\nfunction ${unit.name}(): any {\n  return (${cache} ??= ${made});\n}`;
    });
  }

  /** A constant of a package: made again when it is first used. */
  constantUnit(e: ts.Expression, name: string): Unit {
    return this.unit(e, `${name}_tape`, (unit) => {
      const text = rewrite(this.context(unit, e, [e]), e);
      const cache = this.fresh(`${name}Copy`);
      return `var ${cache}: any;\nfunction ${unit.name}(): any {\n  return (${cache} ??= ${text});\n}`;
    });
  }

  /** The name under which a function is copied as a declaration. */
  nameOfRoot(node: ts.Node): string | undefined {
    return this.units.get(node)?.name ?? this.scope?.names.get(node);
  }

  /** Notes that what `original` reads has `twin` as its rewritten form. */
  pair(original: string, twin: string): void {
    this.pairs.set(original, twin);
  }
  isPaired(original: string): boolean {
    return this.pairs.has(original);
  }
  /** A part of a constant of a module that is a function: rewritten beside the original, for all that may call it there. */
  pairExpression({ path, part: e, member }: FunctionPlace, caller: Unit): void {
    const known = this.parts.get(path);
    if (known) caller.uses.add(known);
    if (this.pairs.has(path)) return;
    const unit = this.newUnit('part');
    this.parts.set(path, unit);
    caller.uses.add(unit);
    this.pairs.set(path, '');
    this.pending.push(() => {
      const text = rewrite(this.context(unit, e, [e]), e);
      const made = twinText(this.given.host, e, text);
      this.pairs.set(path, member === undefined ? made : `(${made}).${member}`);
    });
  }

  /** Rewrites all that was referred to; what that refers to in turn, too. */
  finish(): void {
    while (this.pending.length > 0) {
      const list = this.pending;
      this.pending = [];
      for (const run of list) run();
    }
    for (const { name, own, to } of this.unreported) if (this.mentioned.has(name)) to.addAll(own);
  }
  /** What is wrong in a method counts if the copied code mentions its name. */
  reportIfMentioned(name: string, own: Diagnostics): void {
    if (own.size > 0) this.unreported.push({ name, own, to: this.diagnostics });
  }

  /** A declaration with all that it refers to. */
  reachable(unit: Unit): Set<Unit> {
    const found = new Set([unit]);
    for (const u of found) for (const v of u.uses) found.add(v);
    return found;
  }

  /** The function that lists the twins; `undefined` if there are none. */
  get twins(): string | undefined {
    return this.pairs.size > 0 ? this.twinsName : undefined;
  }
  /** Declarations in the order in which they were met, and the list of twins. */
  texts(): string[] {
    const list = [...this.pairs].map(
      ([original, twin]) => `    [() => ${original}, () => ${arrowBody(twin)}],`,
    );
    const twins = `function ${this.twinsName}(): any {\n  return [\n${list.join('\n')}\n  ];\n}`;
    return [...this.order.map((unit) => unit.text), ...this.objects, ...(this.twins ? [twins] : [])];
  }

  /** The text that reads a variable of a module from the file with the marker call; `undefined` if it is not exported. */
  reachText(symbol: ts.Symbol): string | undefined {
    return this.given.reach.text(symbol);
  }
  /** An object whose `value` is a variable of another module, so that it can stand wherever something is assigned. */
  variable(symbol: ts.Symbol, read: string): { readonly text: string; readonly write: string } | undefined {
    const write = this.given.reach.write(symbol);
    if (!write) return undefined;
    const statement = `${write[0]}value${write[1]}`;
    let name = this.variables.get(symbol);
    if (name === undefined) {
      this.variables.set(symbol, (name = this.fresh(`${symbol.name}_variable`)));
      const object = `{ get value(): any { return ${read}; }, set value(value: any) { ${statement}; } }`;
      this.objects.push(`function ${name}(): any {\n  return ${object};\n}`);
    }
    return { text: `${name}().value`, write: statement };
  }
  private readonly variables = new Map<ts.Symbol, string>();
  private readonly objects: string[] = [];

  /** The same for a class; one of a block or function has no name at the end of the file. */
  classText(symbol: ts.Symbol): string | undefined {
    const { ts } = this.given.host;
    const d = symbol.valueDeclaration;
    const statement = d && ts.isVariableDeclaration(d) ? d.parent.parent : d;
    return statement && ts.isSourceFile(statement.parent) ? this.given.reach.text(symbol) : undefined;
  }

  /** Whether the file with the marker call declares a name itself. */
  isDeclaredInFile(name: string): boolean {
    this.declared ??= declaredNames(this.given.host, this.given.file);
    return this.declared.has(name);
  }
  private declared: ReadonlySet<string> | undefined;

  /** Whether a name means the same variable where the marker is called. */
  isVisibleAtMarker(symbol: ts.Symbol): boolean {
    const { checker, ts } = this.given.host;
    if (!this.scope) return false;
    const visible = checker.getSymbolsInScope(this.scope.marker, ts.SymbolFlags.Value);
    return visible.find((s) => s.name === symbol.name) === symbol;
  }
}

/** Names that a file declares or imports at its top level. */
function declaredNames({ ts }: Host, file: ts.SourceFile): Set<string> {
  const found = new Set<string>();
  const visit = (n: ts.Node): void => {
    if (ts.isIdentifier(n) && isDeclaredName(n)) found.add(n.text);
    if (!ts.isFunctionLike(n) && !ts.isClassLike(n)) ts.forEachChild(n, visit);
    else if (n.name && ts.isIdentifier(n.name)) found.add(n.name.text);
  };
  const isDeclaredName = (n: ts.Identifier): boolean => {
    const p: ts.Node & { readonly name?: ts.Node } = n.parent;
    const declares =
      ts.isVariableDeclaration(p) ||
      ts.isBindingElement(p) ||
      ts.isImportSpecifier(p) ||
      ts.isImportClause(p) ||
      ts.isNamespaceImport(p) ||
      ts.isEnumDeclaration(p);
    return declares && p.name === n;
  };
  visit(file);
  return found;
}

const arrowBody = (text: string): string => (text.startsWith('{') ? `(${text})` : text);
