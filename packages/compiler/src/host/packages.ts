/**
 * Functions from packages: their declarations have no bodies, so the JavaScript file that the host would load is read, as a
 * program of its own. Types are not taken from it: they are found from the call inwards.
 */
import { isNamespace, localSymbolOf } from './scopes.js';
import type { Host, TypeScript, ts } from './ts.js';

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
  if (ts.isIdentifier(e)) return importedName(host, e);
  if (!ts.isPropertyAccessExpression(e)) return undefined;
  const of = implementationOf(host, e.expression);
  if (!of || !isNamespace(of.host, of.symbol)) return undefined;
  return exported(of.host, of.symbol, e.name.text);
}

function importedName(host: Host, e: ts.Identifier): Implementation | undefined {
  const { ts, checker } = host;
  const local = localSymbolOf(host, e);
  const d = local?.declarations?.[0];
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
  const found = checker.getExportsOfModule(module).find((s) => s.name === name);
  if (!found) return undefined;
  const symbol = found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found;
  return { host, symbol };
}

/** The module that an import in a file gets, by its JavaScript. */
function moduleOf(host: Host, specifier: string, from: string): Implementation | undefined {
  const file = resolve(host, specifier, from);
  if (file === undefined) return undefined;
  const own = programOf(host.ts, file);
  const source = own.program.getSourceFile(file);
  const symbol = source && own.checker.getSymbolAtLocation(source);
  return symbol && { host: own, symbol };
}

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
