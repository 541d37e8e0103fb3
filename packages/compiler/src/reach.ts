/** How generated code in one file reaches variables of other modules: by their own name, or by an added import. */

import type { Names } from './7-emit/names.js';
import { type Access, accessorName, memberAccessorName, ofClass, takesAccessors } from './accessors.js';
import { declarationsOf, packageHostOf, packageNameOf, wayToImplementation } from './host/packages.js';
import { isConst, symbolOf } from './host/scopes.js';
import type { Host, TypeScript, ts } from './host/ts.js';
import { walkNodes } from './host/walk.js';

export class Reach {
  private readonly imports = new Map<string, Map<string, string>>();
  /** Declarations of copied constants. */
  readonly copies: string[] = [];
  private readonly copied = new Set<string>();
  private readonly known = new Map<ts.Symbol, string | undefined>();
  private readonly accessors = new Map<string, Set<string>>();

  constructor(
    private readonly host: Host,
    private readonly file: ts.SourceFile,
    private readonly names: Names,
  ) {}

  /** The accessors that other files have to give. */
  get needed(): ReadonlyMap<string, ReadonlySet<string>> {
    return this.accessors;
  }

  /** The expression that reads a module-level variable from this file; `undefined` if there is no way to it. */
  readonly text = (symbol: ts.Symbol): string | undefined => {
    if (!this.known.has(symbol)) this.known.set(symbol, this.find(symbol));
    return this.known.get(symbol);
  };

  private find(symbol: ts.Symbol): string | undefined {
    const home = symbol.valueDeclaration?.getSourceFile();
    if (!home) return undefined;
    const around = namespaceOf(this.host, symbol);
    if (around) return this.inNamespace(symbol, around);
    if (home === this.file) return symbol.name;
    if (this.host.program.isSourceFileDefaultLibrary(home)) return symbol.name;
    if (packageHostOf(home)) return this.ofImplementation(symbol);
    const way = this.throughPackage(symbol, home);
    if (way) return this.import(way.specifier, way.name, symbol.name);
    const exported = this.exportedName(this.host.checker.getSymbolAtLocation(home), symbol);
    if (exported !== undefined) return this.import(this.specifier(home), exported, symbol.name);
    const reader = this.copy(symbol) ?? this.accessor(symbol, home, 'get');
    return reader === undefined ? undefined : `${reader}()`;
  }
  /** A variable of a package's JavaScript: only what the package exports can be named. */
  private ofImplementation(symbol: ts.Symbol): string | undefined {
    const way = wayToImplementation(this.host, this.file, symbol);
    if (!way) return undefined;
    const [name, ...members] = way.names;
    return [this.import(way.specifier, name, name), ...members].join('.');
  }
  /** `Geometry.scale`: only what a namespace exports can be named from outside of it. */
  private inNamespace(symbol: ts.Symbol, around: ts.Symbol): string | undefined {
    if (around.exports?.get(symbol.escapedName) !== symbol) return undefined;
    const text = this.text(around);
    return text && `${text}.${symbol.name}`;
  }
  /** The name under which a module exports a symbol, perhaps one of another module. */
  private exportedName(module: ts.Symbol | undefined, symbol: ts.Symbol): string | undefined {
    const { ts, checker } = this.host;
    const isSymbol = (e: ts.Symbol) =>
      (e.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(e) : e) === symbol;
    return module && checker.getExportsOfModule(module).find(isSymbol)?.name;
  }

  /** How this file imports what a declaration file of a package declares: as it does already, or from the package itself. */
  private throughPackage(
    symbol: ts.Symbol,
    home: ts.SourceFile,
  ): { readonly specifier: string; readonly name: string } | undefined {
    if (!home.isDeclarationFile) return undefined;
    const { ts, checker } = this.host;
    for (const s of this.file.statements)
      if (ts.isImportDeclaration(s) && ts.isStringLiteral(s.moduleSpecifier)) {
        const name = this.exportedName(checker.getSymbolAtLocation(s.moduleSpecifier), symbol);
        if (name !== undefined) return { specifier: s.moduleSpecifier.text, name };
      }
    const specifier = packageNameOf(ts, home.fileName);
    const entry = specifier && declarationsOf(this.host, specifier, this.file.fileName);
    const name = entry && this.exportedName(checker.getSymbolAtLocation(entry), symbol);
    return name === undefined ? undefined : { specifier: specifier as string, name };
  }

  private import(specifier: string, exported: string, wanted: string): string {
    const of = this.imports.get(specifier) ?? new Map<string, string>();
    this.imports.set(specifier, of);
    const local = of.get(exported) ?? this.names.fresh(wanted);
    of.set(exported, local);
    return local;
  }

  /** The pieces of text around the value by which a module-level variable is written from this file. */
  readonly write = (symbol: ts.Symbol): readonly [string, string] | undefined => {
    const home = symbol.valueDeclaration?.getSourceFile();
    if (namespaceOf(this.host, symbol)) {
      const text = this.text(symbol);
      return text === undefined ? undefined : [`${text} = `, ''];
    }
    if (home === this.file) return [`${symbol.name} = `, ''];
    const setter = home && this.accessor(symbol, home, 'set');
    return setter === undefined ? undefined : [`${setter}(`, ')'];
  };

  /** A function of the variable's own module, to be added there. */
  private accessor(symbol: ts.Symbol, home: ts.SourceFile, access: Access): string | undefined {
    if (!takesAccessors(this.host, home) || !isTopLevel(this.host, symbol)) return undefined;
    const name = accessorName(access, symbol.name);
    const needed = this.accessors.get(home.fileName) ?? new Set<string>();
    this.accessors.set(home.fileName, needed);
    needed.add(name);
    return this.import(this.specifier(home), name, name);
  }

  /** A static method of the class of a private static field, to be added there: `field` begins with `#`. */
  readonly privateStatic = (owner: ts.Symbol, field: string, access: Access): string | undefined => {
    const d = owner.valueDeclaration;
    const home = d?.getSourceFile();
    const text = this.text(owner);
    if (!home || text === undefined || !this.host.ts.isClassDeclaration(d!) || !d.name) return undefined;
    const isHere = home === this.file && this.host.ts.isSourceFile(d!.parent);
    if (!isHere && !(takesAccessors(this.host, home) && isTopLevel(this.host, owner))) return undefined;
    const name = memberAccessorName(access, field);
    const needed = this.accessors.get(home.fileName) ?? new Set<string>();
    this.accessors.set(home.fileName, needed);
    needed.add(ofClass(d.name.text, name));
    return `(${text} as any).${name}`;
  };

  /** A constant of another module that nothing changes: its literal initialiser, evaluated once here too. */
  private copy(symbol: ts.Symbol): string | undefined {
    const { ts } = this.host;
    const d = symbol.valueDeclaration;
    if (!d || !ts.isVariableDeclaration(d) || !d.initializer || !isConst(ts, d)) return undefined;
    if (!isPureLiteral(ts, d.initializer) || !this.onlyRead(symbol, d.getSourceFile())) return undefined;
    const cache = this.names.fresh(`${symbol.name}Copy`);
    const read = this.names.fresh(`${symbol.name}Of`);
    const literal = d.initializer.getText().replace(/\s+/g, ' ');
    this.copies.push(`var ${cache}: any;\nfunction ${read}(): any {\n  return (${cache} ??= ${literal});\n}`);
    this.copied.add(`${read}()`);
    return read;
  }
  /** Whether every use of the name in its file only reads: nobody can have changed what it holds. */
  private onlyRead(symbol: ts.Symbol, file: ts.SourceFile): boolean {
    const { ts } = this.host;
    const isUse = (n: ts.Node): n is ts.Identifier =>
      ts.isIdentifier(n) &&
      n.text === symbol.name &&
      n.parent !== symbol.valueDeclaration &&
      symbolOf(this.host, n) === symbol;
    return !walkNodes(ts, file, (n) => (isUse(n) && !this.isRead(n) ? 'stop' : undefined));
  }
  private isRead(n: ts.Expression): boolean {
    const { ts } = this.host;
    let e: ts.Expression = n;
    while (
      (ts.isElementAccessExpression(e.parent) || ts.isPropertyAccessExpression(e.parent)) &&
      e.parent.expression === e
    )
      e = e.parent;
    const p = e.parent;
    if (!this.isNumber(e)) return ts.isForOfStatement(p) && p.expression === e && this.loopOnlyReads(p);
    if (ts.isBinaryExpression(p) && p.left === e) {
      const k = p.operatorToken.kind;
      return !(k >= ts.SyntaxKind.FirstAssignment && k <= ts.SyntaxKind.LastAssignment);
    }
    return !ts.isPrefixUnaryExpression(p) ||
      (p.operator !== ts.SyntaxKind.PlusPlusToken && p.operator !== ts.SyntaxKind.MinusMinusToken)
      ? !ts.isPostfixUnaryExpression(p) && !ts.isDeleteExpression(p)
      : false;
  }

  private isNumber(n: ts.Node): boolean {
    return (this.host.checker.getTypeAtLocation(n).flags & this.host.ts.TypeFlags.NumberLike) !== 0;
  }
  /** Whether the elements that a loop visits are numbers, or only read. */
  private loopOnlyReads({ initializer }: ts.ForOfStatement): boolean {
    const { ts } = this.host;
    if (!ts.isVariableDeclarationList(initializer)) return this.isNumber(initializer);
    return initializer.declarations.every(({ name }) => {
      if (!ts.isIdentifier(name))
        return name.elements.every((x) => ts.isBindingElement(x) && this.isNumber(x.name));
      const symbol = symbolOf(this.host, name);
      return this.isNumber(name) || (symbol !== undefined && this.onlyRead(symbol, name.getSourceFile()));
    });
  }

  /** The specifier by which this file imports the module already, or a relative path. */
  private specifier(home: ts.SourceFile): string {
    const { ts } = this.host;
    for (const s of this.file.statements)
      if (ts.isImportDeclaration(s) && ts.isStringLiteral(s.moduleSpecifier)) {
        const m = this.host.checker.getSymbolAtLocation(s.moduleSpecifier);
        if (m?.valueDeclaration === home) return s.moduleSpecifier.text;
      }
    const from = this.file.fileName.split('/').slice(0, -1);
    const to = home.fileName.split('/');
    let common = 0;
    while (common < from.length && from[common] === to[common]) common++;
    const up = from.length - common;
    const path = [...(up === 0 ? ['.'] : Array.from({ length: up }, () => '..')), ...to.slice(common)].join(
      '/',
    );
    return path.replace(/\.([cm]?)tsx?$/, '.$1js');
  }

  /** Whether a text that `text` gave reads a copy of this file's own, which nobody else holds. */
  readonly isCopy = (text: string): boolean => this.copied.has(text);

  /** The names by which generated code reads outer variables. */
  used(): string[] {
    return [...this.known.values()].filter((t) => t !== undefined);
  }

  /** The added imports, as one line of text. */
  lines(): string {
    return [...this.imports]
      .map(
        ([from, names]) =>
          `import { ${[...names].map(([a, b]) => (a === b ? a : `${a} as ${b}`)).join(', ')} } from ${JSON.stringify(from)};`,
      )
      .join(' ');
  }
}

function isTopLevel({ ts }: Host, symbol: ts.Symbol): boolean {
  let d: ts.Node | undefined = symbol.valueDeclaration;
  // `const [a, { b }] = ...`
  while (d && ts.isBindingElement(d)) d = d.parent.parent;
  if (!d) return false;
  const statement = ts.isVariableDeclaration(d) ? d.parent.parent : d;
  return ts.isSourceFile(statement.parent);
}

/** Numbers, arithmetic on numbers, and arrays and objects of such. */
function isPureLiteral(ts: TypeScript, e: ts.Expression): boolean {
  const pure = (x: ts.Expression) => isPureLiteral(ts, x);
  if (ts.isNumericLiteral(e)) return true;
  if (ts.isParenthesizedExpression(e)) return pure(e.expression);
  if (ts.isPrefixUnaryExpression(e))
    return e.operator === ts.SyntaxKind.MinusToken && isArithmetic(ts, e.operand);
  if (ts.isBinaryExpression(e)) return isArithmetic(ts, e);
  if (ts.isArrayLiteralExpression(e)) return e.elements.every(pure);
  if (ts.isObjectLiteralExpression(e))
    return e.properties.every(
      (p) => ts.isPropertyAssignment(p) && ts.isIdentifier(p.name) && pure(p.initializer),
    );
  return false;
}
/** `24 * (60 * 60)`: operators on literal numbers. */
function isArithmetic(ts: TypeScript, e: ts.Expression): boolean {
  if (ts.isBinaryExpression(e)) {
    const { AsteriskToken, AsteriskAsteriskToken, SlashToken, PercentToken, PlusToken, MinusToken } =
      ts.SyntaxKind;
    const operators: readonly ts.SyntaxKind[] = [
      ...[AsteriskToken, AsteriskAsteriskToken, SlashToken],
      ...[PercentToken, PlusToken, MinusToken],
    ];
    return operators.includes(e.operatorToken.kind) && isArithmetic(ts, e.left) && isArithmetic(ts, e.right);
  }
  if (ts.isParenthesizedExpression(e)) return isArithmetic(ts, e.expression);
  return ts.isNumericLiteral(e) || (ts.isPrefixUnaryExpression(e) && isPureLiteral(ts, e));
}

/** The namespace in whose block a variable, function or class is declared. */
function namespaceOf({ ts, checker }: Host, symbol: ts.Symbol): ts.Symbol | undefined {
  let d: ts.Node | undefined = symbol.valueDeclaration;
  if (d && ts.isVariableDeclaration(d)) d = d.parent.parent;
  const block = d?.parent;
  if (!block || !ts.isModuleBlock(block) || !ts.isIdentifier(block.parent.name)) return undefined;
  return checker.getSymbolAtLocation(block.parent.name);
}
