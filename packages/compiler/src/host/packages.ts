/**
 * Functions from packages: their declarations have no bodies, so the JavaScript file that the host would load is read, as a
 * program of its own. Types are not taken from it: they are found from the call inwards.
 */
import { isNeverChanged } from './kept-data.js';
import { isNamespace, localSymbolOf, skipWrappers, symbolOf } from './scopes.js';
import type { Host, TypeScript, ts } from './ts.js';
import { walkNodes } from './walk.js';
import { isTarget } from './writes.js';

/** A name as its package implements it. */
export interface Implementation {
  readonly host: Host;
  readonly symbol: ts.Symbol;
}

/**
 * The name by which the user's program declares what an implementation file exports: in the declaration file beside it.
 * `undefined` if the program does not have that file.
 */
export function declarationOf(host: Host, symbol: ts.Symbol): ts.Symbol | undefined {
  const home = symbol.valueDeclaration?.getSourceFile();
  const file = home && host.program.getSourceFile(home.fileName.replace(/\.([cm]?)js$/, '.d.$1ts'));
  const module = file && host.checker.getSymbolAtLocation(file);
  return module && exported(host, module, symbol.name)?.symbol;
}

/** The file of the program that declares a module as imported from another file. */
export function declarationsOf(
  { ts, program }: Host,
  specifier: string,
  from: string,
): ts.SourceFile | undefined {
  if (!ts.sys) return undefined;
  const found = ts.resolveModuleName(specifier, from, program.getCompilerOptions(), ts.sys).resolvedModule;
  return found && program.getSourceFile(found.resolvedFileName);
}

const names = new Map<string, string | undefined>();
/** The name of the package that a file belongs to, by the nearest package.json. */
export function packageNameOf(ts: TypeScript, file: string): string | undefined {
  let directory = file.split('/').slice(0, -1).join('/');
  const visited: string[] = [];
  let name: string | undefined;
  for (; directory !== ''; directory = directory.split('/').slice(0, -1).join('/')) {
    const known = names.has(directory);
    const manifest = known ? undefined : ts.sys?.readFile(`${directory}/package.json`);
    if (!known) visited.push(directory);
    if (!known && manifest === undefined) continue;
    name = manifest === undefined ? names.get(directory) : nameIn(manifest);
    break;
  }
  for (const d of visited) names.set(d, name);
  return name;
}
function nameIn(manifest: string): string | undefined {
  try {
    return (JSON.parse(manifest) as { name?: string }).name;
  } catch {
    return undefined;
  }
}

const programs = new WeakMap<TypeScript, Map<string, Host>>();
const hosts = new WeakMap<ts.SourceFile, Host>();

/** The host of a file that belongs to a package's implementation. */
export const packageHostOf = (file: ts.SourceFile): Host | undefined => hosts.get(file);

/** What an expression names in the implementation of a package; `undefined` if it names nothing imported from one. */
export function implementationOf(host: Host, e: ts.Expression): Implementation | undefined {
  const { ts } = host;
  const own = ownExports(host, e);
  if (own) return own;
  if (ts.isIdentifier(e)) return importedName(host, e);
  if (!ts.isPropertyAccessExpression(e)) return undefined;
  const of = implementationOf(host, e.expression);
  if (!of) return undefined;
  if (isNamespace(of.host, of.symbol)) return exported(of.host, of.symbol, e.name.text);
  const parts = partsOf(of);
  return parts && partOf(of.host, parts, e.name.text);
}

function importedName(host: Host, e: ts.Identifier): Implementation | undefined {
  const { ts, checker } = host;
  const local = localSymbolOf(host, e);
  const d = local?.declarations?.[0];
  if (host.untyped && local) {
    const required = requiredBy(host, local);
    if (required) return required;
  }
  if (!local || !d || !(local.flags & ts.SymbolFlags.Alias)) return undefined;
  const clause = ts.isImportSpecifier(d) ? d.parent.parent : ts.isNamespaceImport(d) ? d.parent : d;
  if (!ts.isImportClause(clause)) return undefined;
  const specifier = clause.parent.moduleSpecifier;
  if (!ts.isStringLiteral(specifier)) return undefined;
  const target = checker.getAliasedSymbol(local);
  const decls = target.declarations ?? [];
  const hasSource = decls.some((x) => !x.getSourceFile().isDeclarationFile);
  if (hasSource) return undefined;
  const module = moduleOf(host, specifier.text, e.getSourceFile().fileName);
  if (!module) return undefined;
  if (ts.isNamespaceImport(d)) return module;
  const name = ts.isImportSpecifier(d) ? (d.propertyName ?? d.name).text : 'default';
  return exported(module.host, module.symbol, name);
}

function exported(host: Host, module: ts.Symbol, name: string): Implementation | undefined {
  const { ts, checker } = host;
  if (isCommonJs(module)) return exportedByCommonJs(host, module, name);
  const found = checker.getExportsOfModule(module).find((s) => s.name === name);
  if (!found) return undefined;
  const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  return { host, symbol };
}

const isCommonJs = (module: ts.Symbol): boolean =>
  (module.valueDeclaration as { readonly commonJsModuleIndicator?: unknown } | undefined)
    ?.commonJsModuleIndicator !== undefined;

/**
 * What a module of the older kind exports: `module.exports = f`, `module.exports = { f, g: h }`, `exports.f = ...`, each once and at
 * the top of the file. Nothing is known of others, such as those that look for the kind of module they are.
 */
function exportedByCommonJs(host: Host, module: ts.Symbol, name: string): Implementation | undefined {
  const written = exportsOf(host, module);
  if (!written) return undefined;
  const { whole, members } = written;
  const member = members.get(name);
  if (member && name !== 'default') return meantBy(host, member);
  const literal = whole && skipWrappers(host.ts, whole);
  // what is imported by default depends on who loads a module that was compiled from the newer kind
  if (name === 'default' && members.has('__esModule')) return undefined;
  if (!literal || host.ts.isObjectLiteralExpression(literal)) {
    if (name === 'default') return { host, symbol: module };
    return literal && partOf(host, literal, name);
  }
  const value = meantBy(host, literal);
  if (name === 'default' || !value) return value;
  if (isNamespace(value.host, value.symbol)) return exported(value.host, value.symbol, name);
  const parts = partsOf(value);
  return parts && partOf(value.host, parts, name);
}

interface Written {
  readonly whole: ts.Expression | undefined;
  readonly members: ReadonlyMap<string, ts.Expression>;
}
const writtenBy = new WeakMap<ts.Symbol, { readonly found: Written | undefined }>();
function exportsOf(host: Host, module: ts.Symbol): Written | undefined {
  let known = writtenBy.get(module);
  if (!known) writtenBy.set(module, (known = { found: findExports(host, module) }));
  return known.found;
}
function findExports(host: Host, module: ts.Symbol): Written | undefined {
  const { ts } = host;
  const file = module.valueDeclaration as ts.SourceFile;
  const isModuleExports = (e: ts.Node): boolean =>
    ts.isPropertyAccessExpression(e) &&
    ts.isIdentifier(e.expression) &&
    e.expression.text === 'module' &&
    e.name.text === 'exports';
  const isExports = (e: ts.Node): boolean =>
    isModuleExports(e) || (ts.isIdentifier(e) && e.text === 'exports' && !isModuleExports(e.parent));
  let whole: ts.Expression | undefined;
  const members = new Map<string, ts.Expression>();
  const taken = new Set<ts.Node>();
  const take = (e: ts.Expression): ts.Expression | undefined => {
    if (!ts.isBinaryExpression(e) || e.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return e;
    // `exports.a = exports.b = f`
    const right = take(e.right);
    const { left } = e;
    if (right && isModuleExports(left)) {
      if (whole || members.size > 0) return undefined;
      taken.add(left);
      return (whole = right);
    }
    if (!right || !ts.isPropertyAccessExpression(left) || !isExports(left.expression)) return undefined;
    const isFirstSet = members.get(left.name.text)?.kind === ts.SyntaxKind.VoidExpression;
    if (members.has(left.name.text) && !isFirstSet) return undefined;
    taken.add(left.expression);
    members.set(left.name.text, right);
    return right;
  };
  for (const s of file.statements) if (ts.isExpressionStatement(s)) take(s.expression);
  // `Object.defineProperty(exports, '__esModule', { value: true })`
  const isMark = (e: ts.Node): boolean =>
    ts.isCallExpression(e.parent) &&
    e.parent.expression.getText() === 'Object.defineProperty' &&
    e.parent.arguments[1]?.getText().slice(1, -1) === '__esModule';
  let isUnknown = false;
  walkNodes(ts, file, (n) => {
    if (!isExports(n) || taken.has(n) || (ts.isIdentifier(n) && isVariable(host, n))) return;
    const isRead =
      ts.isPropertyAccessExpression(n.parent) && n.parent.expression === n && !isTarget(ts, n.parent);
    if (isMark(n)) members.set('__esModule', n as ts.Expression);
    else isUnknown ||= !isRead;
  });
  return isUnknown || (!whole && members.size === 0) ? undefined : { whole, members };
}

/** What an expression at the top of a module names or is. */
function meantBy(host: Host, e: ts.Expression): Implementation | undefined {
  const { ts, checker } = host;
  const x = skipWrappers(ts, e);
  if (ts.isIdentifier(x)) return namedBy(host, x);
  if (ts.isPropertyAccessExpression(x)) return implementationOf(host, x);
  const required = requiredModule(host, x);
  if (required) return required;
  if (!ts.isFunctionExpression(x) && !ts.isArrowFunction(x) && !ts.isClassExpression(x)) return undefined;
  const symbol = checker.getSymbolAtLocation(x.name ?? x) ?? (x as { readonly symbol?: ts.Symbol }).symbol;
  return symbol && { host, symbol };
}
function namedBy(host: Host, name: ts.Identifier): Implementation | undefined {
  const local = localSymbolOf(host, name);
  const symbol = symbolOf(host, name);
  return (local && requiredBy(host, local)) ?? (symbol && { host, symbol });
}
/** `const f = require('./f')`, `const { f } = require('./f')` */
function requiredBy(host: Host, symbol: ts.Symbol): Implementation | undefined {
  const { ts } = host;
  const d = symbol.declarations?.[0];
  const holder = d && ts.isBindingElement(d) ? d.parent.parent : d;
  if (!d || !holder || !ts.isVariableDeclaration(holder) || !holder.initializer) return undefined;
  if (d === holder)
    return ts.isIdentifier(holder.name) ? requiredModule(host, holder.initializer) : undefined;
  const module = moduleRequired(host, holder.initializer);
  const { propertyName, name } = d as ts.BindingElement;
  const of = propertyName ?? name;
  return module && ts.isIdentifier(of) ? exported(module.host, module.symbol, of.text) : undefined;
}
function requiredModule(host: Host, e: ts.Expression): Implementation | undefined {
  const module = moduleRequired(host, e);
  const hasWhole = module && exportsOf(module.host, module.symbol)?.whole !== undefined;
  return hasWhole ? exported(module.host, module.symbol, 'default') : module;
}
function moduleRequired(host: Host, e: ts.Expression): Implementation | undefined {
  const { ts } = host;
  if (!ts.isCallExpression(e) || e.expression.getText() !== 'require') return undefined;
  const [specifier] = e.arguments;
  if (!specifier || !ts.isStringLiteral(specifier)) return undefined;
  const module = moduleOf(host, specifier.text, e.getSourceFile().fileName);
  return module && isCommonJs(module.symbol) ? module : undefined;
}
function isVariable(host: Host, name: ts.Node): boolean {
  const { ts } = host;
  const d = localSymbolOf(host, name)?.valueDeclaration;
  return d !== undefined && (ts.isParameter(d) || ts.isVariableDeclaration(d) || ts.isBindingElement(d));
}
/** `exports` and `module.exports` in a module that adds to them. */
function ownExports(host: Host, e: ts.Expression): Implementation | undefined {
  const { ts } = host;
  if (!host.untyped || (e.getText() !== 'exports' && e.getText() !== 'module.exports')) return undefined;
  if (isVariable(host, ts.isPropertyAccessExpression(e) ? e.expression : e)) return undefined;
  const module = moduleSymbol(host, e.getSourceFile());
  return module && isCommonJs(module) && !exportsOf(host, module)?.whole
    ? { host, symbol: module }
    : undefined;
}

/** The object literal that a module exports, or holds in a variable that nothing changes, as `{ f, g: h }`. */
function partsOf({ host, symbol }: Implementation): ts.ObjectLiteralExpression | undefined {
  const { ts } = host;
  const d = symbol.valueDeclaration;
  const init = d && ts.isVariableDeclaration(d) && isNeverChanged(host, symbol) ? d.initializer : undefined;
  const literal = init && skipWrappers(ts, init);
  return literal && ts.isObjectLiteralExpression(literal) ? literal : undefined;
}
function partOf(host: Host, literal: ts.ObjectLiteralExpression, name: string): Implementation | undefined {
  const { ts } = host;
  const p = literal.properties.find((x) => x.name && ts.isIdentifier(x.name) && x.name.text === name);
  if (!p) return undefined;
  if (ts.isShorthandPropertyAssignment(p)) return namedBy(host, p.name);
  return ts.isPropertyAssignment(p) ? meantBy(host, p.initializer) : undefined;
}

/** The module that an import in a file gets, by its JavaScript. */
function moduleOf(host: Host, specifier: string, from: string): Implementation | undefined {
  const file = resolve(host, specifier, from);
  if (file === undefined) return undefined;
  const isOfSameProgram = host.untyped && host.program.getSourceFile(file) !== undefined;
  const own = isOfSameProgram ? host : programOf(host.ts, file);
  const source = own.program.getSourceFile(file);
  const symbol = source && moduleSymbol(own, source);
  return symbol && { host: own, symbol };
}
/** The checker has no name for modules of the older kind. */
const moduleSymbol = ({ checker }: Host, file: ts.SourceFile): ts.Symbol | undefined =>
  checker.getSymbolAtLocation(file) ?? (file as { readonly symbol?: ts.Symbol }).symbol;

/**
 * The names by which a file gets what an implementation file declares, from the package or from what it imports of it already:
 * `gl-matrix`, `glMatrix`, `ARRAY_TYPE`.
 */
export function wayToImplementation(
  host: Host,
  file: ts.SourceFile,
  symbol: ts.Symbol,
): { readonly specifier: string; readonly names: readonly string[] } | undefined {
  const { ts } = host;
  const home = symbol.valueDeclaration?.getSourceFile();
  const own = home && packageNameOf(ts, home.fileName);
  if (own === undefined) return undefined;
  const imported = file.statements.flatMap((s) =>
    ts.isImportDeclaration(s) && ts.isStringLiteral(s.moduleSpecifier) ? [s.moduleSpecifier.text] : [],
  );
  const isOwn = (specifier: string): boolean => specifier === own || specifier.startsWith(`${own}/`);
  for (const specifier of [...imported.filter(isOwn), own]) {
    const module = moduleOf(host, specifier, file.fileName);
    const names = module && namesFrom(module, symbol);
    if (names) return { specifier, names };
  }
  return undefined;
}
/** How a module exports a symbol: by its name, or in a namespace. */
function namesFrom({ host, symbol: module }: Implementation, symbol: ts.Symbol): string[] | undefined {
  const { ts, checker } = host;
  // one file may belong to several programs
  const place = (s: ts.Symbol): string =>
    `${s.name} ${s.valueDeclaration?.getSourceFile().fileName} ${s.valueDeclaration?.pos}`;
  for (const e of checker.getExportsOfModule(module)) {
    const target = e.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(e) : e;
    if (place(target) === place(symbol)) return [e.name];
    const isNamespace = (target.flags & ts.SymbolFlags.ValueModule) !== 0;
    const member = isNamespace && checker.getExportsOfModule(target).find((s) => place(s) === place(symbol));
    if (member) return [e.name, member.name];
  }
  return undefined;
}

/** Modules are resolved to what is loaded: `noDtsResolution` (the editor's "go to source definition") passes by declarations. */
const resolution = (ts: TypeScript): ts.CompilerOptions => ({
  allowJs: true,
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  noDtsResolution: true,
});

const isTypeScript = (file: string): boolean => /\.[cm]?tsx?$/.test(file);

function resolve(host: Host, specifier: string, from: string): string | undefined {
  const { ts } = host;
  const { sys } = ts;
  if (!sys) return undefined;
  const options = resolution(ts);
  const found = ts.resolveModuleName(specifier, from, options, {
    ...sys,
    fileExists: (f) => sys.fileExists(f),
    readFile: (f) => sys.readFile(f),
  }).resolvedModule;
  if (!found || isTypeScript(found.resolvedFileName)) return undefined;
  return moduleField(ts, found) ?? found.resolvedFileName;
}

/** Bundlers prefer the file of the field `module` where a package has no `exports`. */
function moduleField(ts: TypeScript, found: ts.ResolvedModuleFull): string | undefined {
  const name = found.packageId?.name;
  if (name === undefined) return undefined;
  const at = found.resolvedFileName.lastIndexOf(`/node_modules/${name}/`);
  if (at < 0) return undefined;
  const folder = found.resolvedFileName.slice(0, at + `/node_modules/${name}`.length);
  const manifest = ts.sys.readFile(`${folder}/package.json`);
  if (manifest === undefined) return undefined;
  try {
    const { module, exports, main } = JSON.parse(manifest) as Record<string, unknown>;
    const isMain = typeof main === 'string' && found.resolvedFileName.endsWith(main.replace(/^\.\//, ''));
    if (exports !== undefined || typeof module !== 'string' || !isMain) return undefined;
    const file = `${folder}/${module.replace(/^\.\//, '')}`;
    return ts.sys.fileExists(file) ? file : undefined;
  } catch {
    return undefined;
  }
}

function programOf(ts: TypeScript, file: string): Host {
  let known = programs.get(ts);
  if (!known) programs.set(ts, (known = new Map()));
  const stamp = `${file}|${ts.sys.getModifiedTime?.(file)?.getTime() ?? ''}`;
  let own = known.get(stamp);
  if (own) return own;
  const program = ts.createProgram({
    rootNames: [file],
    options: {
      ...resolution(ts),
      noLib: true,
      types: [],
      maxNodeModuleJsDepth: 20,
      target: ts.ScriptTarget.ESNext,
    },
  });
  own = { ts, program, checker: program.getTypeChecker(), untyped: true };
  for (const f of program.getSourceFiles()) hosts.set(f, own);
  known.set(stamp, own);
  return own;
}
